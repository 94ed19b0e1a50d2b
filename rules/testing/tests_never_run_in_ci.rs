//! See `tests-never-run-in-ci.toml`: which files hold tests, and which of them a run of some job reaches.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::facts::ci::{CiModel, Command, Pipeline, Scope};
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Facts, File};
use rustc_hash::FxHashSet;

use crate::shared::code::text::has_name;
use crate::shared::delivery::manifest_places::head;
use crate::shared::delivery::pipelines::{
    are_elsewhere, is_repository, serve_others, unchecked, works,
};
use crate::shared::delivery::test_runs::{holds_tests, reaches, test_files, usual};
use crate::shared::delivery::workflow::{Job, Workflow, workflows};

/// How many folders are named one by one.
const MOST_FOLDERS: usize = 5;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let ci = facts.ci();
    if !ci.unknown.is_empty() {
        return;
    }
    let files = test_files(facts);
    let reaches = reaches(facts, ci);
    if !reaches.is_empty() {
        let missed: Vec<&File> = files
            .iter()
            .filter(|file| !reaches.iter().any(|it| it.covers(&file.path)))
            .copied()
            .collect();
        return report_folders(facts, ci, (&files, &missed), out);
    }
    let works = works(ci);
    let elsewhere = are_elsewhere(facts);
    if may_test(facts, ci)
        || ci.pipelines.is_empty() && !is_repository(facts)
        || !works && elsewhere
        || serve_others(facts)
        // Then `no-pipeline` says so.
        || !unchecked(facts).is_empty()
    {
        return;
    }
    let collected = usual(facts, Utf8Path::new(""));
    let files: Vec<&File> = files
        .into_iter()
        .filter(|file| collected.iter().any(|folder| file.path.starts_with(folder)))
        .filter(|file| holds_tests(facts, &file.path))
        .collect();
    let Some(first) = files.first() else { return };
    let component = facts.project().component(first);
    let place = head(facts, component, &[&["tool", "pytest"]]);
    let place =
        place.unwrap_or_else(|| roadworthy_project::Place::new(first.path.clone(), Span::empty(0)));
    let tests = counted(files.len(), "file with tests", "files with tests");
    let jobs: usize = ci.pipelines.iter().map(|it| it.jobs.len()).sum();
    let (message, severity) = if works {
        let jobs = counted(jobs, "job", "jobs");
        // One file may need what no pipeline has, and what is not brought out from here may be tested elsewhere.
        let is_lost = files.len() > 1 && brings_out(ci) && !has_other_pipeline(facts, ci);
        let severity = if is_lost { Severity::Warning } else { Severity::Info };
        (format!("{tests}, and none of {jobs} in the pipelines runs them"), severity)
    } else {
        // A pipeline that is configured on a server leaves no file.
        (format!("{tests}, and no pipeline at all that could run them"), Severity::Info)
    };
    out.report(&place.path, Report::at(place.span).severity(severity).message(message));
}

/// Whether a pipeline that runs tests lies beside those that run, under another name: `.gitlab-ci.full.yml`. Somebody chose which.
fn has_other_pipeline(facts: &Facts<'_>, ci: &CiModel) -> bool {
    const RUNNERS: [&str; 4] = ["pytest", "unittest", "tox", "nox"];
    let is_other = |path: &Utf8Path| {
        let name = path.file_name().unwrap_or_default();
        let is_beside = || ci.pipelines.iter().any(|it| it.path.parent() == path.parent());
        let is_pipeline = name.starts_with(".gitlab-ci") && is_beside()
            || path.starts_with(".github/workflows")
                && (name.contains(".yml") || name.contains(".yaml"));
        is_pipeline && !ci.pipelines.iter().any(|it| it.path == path)
    };
    facts.tree().files().filter(|it| is_other(it)).any(|it| {
        let document = facts.text(it).whole();
        let runs = |line: &str| {
            !line.trim_start().starts_with('#')
                && RUNNERS.iter().any(|runner| has_name(line, runner))
        };
        document.is_some_and(|it| it.text().lines().any(runs))
    })
}

/// Whether people alone start a pipeline: what they bring out they may have tested before.
fn is_started_by_hand(pipeline: &Pipeline) -> bool {
    let mut triggers = pipeline.triggers.iter().peekable();
    triggers.peek().is_some() && triggers.all(|it| it.value == "workflow_dispatch")
}

/// Whether a command or an action of a pipeline that starts by itself builds, publishes or deploys something other than pages.
fn brings_out(ci: &CiModel) -> bool {
    const ACTIONS: [&str; 6] =
        ["build-push", "deploy", "publish", "semantic-release", "ssh-action", "vercel"];
    let pipelines =
        ci.pipelines.iter().filter(|it| !is_of_pages(&it.path) && !is_started_by_hand(it));
    pipelines.flat_map(|it| &it.jobs).flat_map(|it| &it.steps).any(|step| {
        let action = step.uses.as_ref().map_or("", |it| &it.value).to_ascii_lowercase();
        ACTIONS.iter().any(|it| action.contains(it)) && !is_about_pages(&action)
            || step.commands.iter().any(does_bring_out)
    })
}

/// Whether a command builds, publishes or deploys something, and does not only say so.
fn does_bring_out(command: &Command) -> bool {
    const PROGRAMS: [&str; 8] =
        ["ansible-playbook", "helm", "kubectl", "pm2", "rsync", "semantic-release", "ssh", "twine"];
    const MARKS: [&str; 9] = [
        "aws ecs",
        "aws elasticbeanstalk",
        "aws lambda",
        "docker build",
        "docker buildx build",
        "docker push",
        "poetry build",
        "python -m build",
        "uv build",
    ];
    const SILENT: [&str; 8] = ["cat", "cd", "chmod", "echo", "git", "ls", "mkdir", "printf"];
    let program = command.program();
    // A text of several words is a message, and so is what is posted somewhere.
    let is_told = |it: &&str| {
        !it.contains([' ', '\n', '='])
            && (program != "curl" || it.contains("//") || it.starts_with('$'))
    };
    let words = command.words.iter().map(String::as_str).filter(is_told);
    let around = |names: &[String]| names.join(" ");
    let text =
        [around(&command.runners), words.collect::<Vec<_>>().join(" "), around(&command.through)];
    let text = text.join(" ").to_ascii_lowercase();
    let mut words = text.split(|it: char| !it.is_ascii_alphanumeric());
    !SILENT.contains(&program)
        && !is_about_pages(&text)
        && (PROGRAMS.contains(&program)
            || MARKS.iter().any(|it| text.contains(it))
            || words.any(|it| it.starts_with("deploy") || it == "publish" || it == "vercel"))
}

/// Whether a text is about pages, which nobody runs.
fn is_about_pages(text: &str) -> bool {
    ["docs", "gh-deploy", "mkdocs", "pages"].iter().any(|it| text.contains(it))
}

/// Whether a pipeline is called after pages.
fn is_of_pages(path: &Utf8Path) -> bool {
    const WORDS: [&str; 8] =
        ["doc", "docs", "documentation", "mkdocs", "page", "pages", "site", "website"];
    let name = path.file_stem().unwrap_or_default().to_ascii_lowercase();
    name.split(|it: char| !it.is_ascii_alphabetic()).any(|word| WORDS.contains(&word))
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Whether a job runs something that may come to tests after all: a script called `run_tests.py`, `./check`.
fn may_test(facts: &Facts<'_>, ci: &CiModel) -> bool {
    /// Programs whose tests are not those of Python, and those that test nothing.
    const OTHERS: [&str; 26] = [
        "npm",
        "npx",
        "yarn",
        "pnpm",
        "bun",
        "cargo",
        "go",
        "dotnet",
        "helm",
        "flutter",
        "terraform",
        "jest",
        "vitest",
        "test",
        "[",
        "[[",
        "echo",
        "git",
        "docker",
        "mkdir",
        "cp",
        "rm",
        "curl",
        "cat",
        "pip",
        "gh",
    ];
    // What a script takes from elsewhere may be anything.
    let is_open = |command: &Command| command.words.first().is_some_and(|it| it.starts_with('$'));
    let suspicious = |command: &Command| {
        let words = command.words.iter().take(3);
        let mut parts = words.flat_map(|word| word.split(|it: char| !it.is_ascii_alphabetic()));
        !OTHERS.contains(&command.program())
            && command.install().is_none()
            && command.tools().next().is_none()
            && parts
                .any(|it| matches!(it, "test" | "tests" | "testing" | "runtests" | "check" | "ci"))
    };
    let names = ["pytest", "unittest", "nosetests", "runtests", "py.test", "manage.py test"];
    ci.commands().any(|it| is_open(it) || suspicious(it))
        || is_called_tests(facts)
        || names.iter().any(|name| ci.mentions(facts, name) && !is_only_said(ci, name))
}

/// Whether a step is called after tests, and what it runs is none of another language.
fn is_called_tests(facts: &Facts<'_>) -> bool {
    const OTHERS: [&str; 11] =
        ["bun", "cargo", "curl", "dotnet", "echo", "flutter", "go", "helm", "npm", "pnpm", "yarn"];
    workflows(facts).iter().flat_map(Workflow::jobs).flat_map(Job::steps).any(|step| {
        let name = step.value.get("name").and_then(Value::text).unwrap_or_default();
        let mut words = name.split(|it: char| !it.is_ascii_alphabetic());
        let is_called = words.any(|it| matches!(&*it.to_ascii_lowercase(), "tests" | "unittests"));
        let script = step.run().and_then(Value::text).unwrap_or_default();
        let mut words = script.split_whitespace();
        is_called && !script.is_empty() && !words.any(|it| OTHERS.contains(&it))
    })
}

/// Whether the commands that name a program all just print it.
fn is_only_said(ci: &CiModel, name: &str) -> bool {
    let mut naming =
        ci.commands().filter(|it| it.words.iter().any(|word| word.contains(name))).peekable();
    naming.peek().is_some() && naming.all(|it| matches!(it.program(), "echo" | "printf"))
}

/// One finding for each outermost folder of which no test runs.
/// Reports tests where all runs are told to look elsewhere, in folders that hold none. What runs that are told nothing reach
/// is not understood.
fn report_elsewhere(
    facts: &Facts<'_>,
    ci: &CiModel,
    files: &[&File],
    out: &mut ProjectReporter<'_>,
) {
    let runs = || ci.commands().filter(|it| it.runs_tests());
    // Guides and notebooks may be tests by an option.
    let is_plain = |it: &Command| {
        matches!(it.test_paths(), Scope::Paths(_))
            && !it.words.iter().any(|word| word.starts_with('-'))
    };
    let files: Vec<&&File> = files.iter().filter(|it| holds_tests(facts, &it.path)).collect();
    let Some(first) = files.first() else { return };
    if !runs().all(is_plain) {
        return;
    }
    let component = facts.project().component(first);
    let place = head(facts, component, &[&["tool", "pytest"]]);
    let place =
        place.unwrap_or_else(|| roadworthy_project::Place::new(first.path.clone(), Span::empty(0)));
    let tests = counted(files.len(), "file with tests", "files with tests");
    let message = format!("{tests}, and the pipelines look for tests where there are none");
    out.report(&place.path, Report::at(place.span).severity(Severity::Info).message(message));
}

fn report_folders(
    facts: &Facts<'_>,
    ci: &CiModel,
    (files, missed): (&[&File], &[&File]),
    out: &mut ProjectReporter<'_>,
) {
    let run: Vec<&Utf8Path> = files
        .iter()
        .filter(|it| !missed.iter().any(|other| other.path == it.path))
        .map(|it| it.path.as_path())
        .collect();
    let mut reached: FxHashSet<&Utf8Path> = FxHashSet::default();
    for path in &run {
        reached.extend(path.ancestors().skip(1));
    }
    if run.is_empty() {
        return report_elsewhere(facts, ci, files, out);
    }
    let mut folders: Vec<(Utf8PathBuf, Vec<&File>)> = Vec::new();
    for file in missed.iter().filter(|file| !is_deliberate(&file.path)) {
        let above: Vec<&Utf8Path> = file.path.ancestors().skip(1).collect();
        let outermost = above.iter().rev().find(|it| !reached.contains(**it)).copied();
        let folder = outermost.unwrap_or(&file.path).to_owned();
        match folders.iter_mut().find(|(other, _)| *other == folder) {
            Some((_, files)) => files.push(file),
            None => folders.push((folder, vec![file])),
        }
    }
    let mut reported = 0;
    for (folder, files) in folders {
        if is_named(facts, ci, &folder) {
            continue;
        }
        let Some(first) = files.iter().find(|file| holds_tests(facts, &file.path)) else {
            continue;
        };
        // One file outside of a folder for tests is mostly a script that is called so.
        let kept = |it: camino::Utf8Component<'_>| matches!(it.as_str(), "test" | "tests");
        if files.len() == 1 && !first.path.parent().is_some_and(|it| it.components().any(kept)) {
            continue;
        }
        reported += 1;
        if reported > MOST_FOLDERS {
            return;
        }
        let message = if folder == first.path {
            "no job runs the tests of this file: no run of pytest reaches it".to_owned()
        } else {
            let tests = counted(files.len(), "file", "files");
            format!("no job runs the tests below {folder} ({tests}): no run of pytest reaches them")
        };
        out.report(
            &first.path,
            Report::at(first_line(facts, &first.path)).severity(Severity::Info).message(message),
        );
    }
}

fn first_line(facts: &Facts<'_>, path: &Utf8Path) -> Span {
    let file = facts.python(path);
    file.and_then(|it| it.outline.lines.first().map(|line| line.span)).unwrap_or_default()
}

/// Tests that need more than a pipeline has, by the names of their folders and files.
fn is_deliberate(path: &Utf8Path) -> bool {
    const WORDS: [&str; 28] = [
        "contract",
        "integration",
        "integrations",
        "e2e",
        "end",
        "functional",
        "system",
        "benchmark",
        "benchmarks",
        "bench",
        "perf",
        "performance",
        "load",
        "stress",
        "manual",
        "live",
        "smoke",
        "eval",
        "evals",
        "evaluation",
        "gpu",
        "acceptance",
        "slow",
        "fuzz",
        "browser",
        "playwright",
        "selenium",
        "experimental",
    ];
    let text = path.as_str().to_ascii_lowercase();
    text.split(|it: char| !it.is_ascii_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// Whether a file that decides what runs names the folder, or one around it below the first.
fn is_named(facts: &Facts<'_>, ci: &CiModel, folder: &Utf8Path) -> bool {
    let parts: Vec<&str> = folder.components().map(|it| it.as_str()).collect();
    let generic = ["tests", "test", "src", "unit", "app", "backend", "api", "python"];
    let names = parts.iter().copied().filter(|it| !generic.contains(it) && !it.contains('.'));
    let whole = [folder.as_str()].into_iter().filter(|_| parts.len() > 1);
    names.chain(whole).any(|name| ci.mentions(facts, name))
}
