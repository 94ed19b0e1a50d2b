//! See `configured-check-never-runs.toml`: which tools have a configuration of their own, against those that jobs and hooks
//! run.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_parser::Span;
use roadworthy_project::facts::ci::{CiModel, Step, Tool, ToolKind, tools};
use roadworthy_project::{Facts, Place};

use crate::shared::delivery::manifest_places::{folders, key};
use crate::shared::delivery::pipelines::works;

/// Where hooks of pre-commit are configured.
const HOOKS: &str = ".pre-commit-config.yaml";

/// Where environments of tox are configured.
const TOX: &str = "tox.ini";

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let ci = facts.ci();
    if !ci.unknown.is_empty() || !works(ci) || runs_many(ci) {
        return;
    }
    let kinds = [ToolKind::Linter, ToolKind::Types, ToolKind::Security, ToolKind::Audit];
    let judging =
        tools().iter().filter(|tool| kinds.iter().any(|kind| tool.is(*kind)) && !tool.quiet);
    let folders = folders(facts);
    for tool in judging.filter(|tool| !runs(facts, ci, tool)) {
        let Some(place) = folders.iter().find_map(|folder| configured(facts, folder, tool)) else {
            continue;
        };
        let hooked = ci.hooks.iter().any(|hook| is_of(&hook.tools(), tool));
        let message = if hooked {
            // Who else runs the hooks is configured on a server.
            format!("{} runs in the hooks of those who installed them, and in no job", tool.name)
        } else if is_left_out_of_tox(facts, tool) {
            format!(
                "{} is configured, and its environment is switched off in {TOX}: no job runs it either",
                tool.name
            )
        } else if is_switched_off(facts, tool) {
            format!(
                "{} is configured, and its hook is switched off in {HOOKS}: no job runs it either",
                tool.name
            )
        } else {
            format!("{} is configured, and no job and no hook runs it", tool.name)
        };
        out.report(&place.path, Report::at(place.span).message(message));
    }
}

/// Whether somebody took the hook of a tool out by comment signs, which was a decision.
fn is_switched_off(facts: &Facts<'_>, tool: &Tool) -> bool {
    let hooks = facts.text(Utf8Path::new(HOOKS)).whole();
    let hooked = |line: &str| {
        let comment = line.trim_start().strip_prefix('#').map(str::trim_start);
        let id = comment.and_then(|it| it.trim_start_matches('-').trim_start().strip_prefix("id:"));
        id.is_some_and(|it| it.split_whitespace().next() == Some(tool.name.as_str()))
    };
    hooks.is_some_and(|it| it.text().lines().any(hooked))
}

/// Whether somebody took the environment of tox that runs a tool out of the list by a comment sign: `# type` in `envlist`.
fn is_left_out_of_tox(facts: &Facts<'_>, tool: &Tool) -> bool {
    let Some(document) = facts.text(Utf8Path::new(TOX)).whole() else { return false };
    let text = document.text();
    let runs = |environment: &str| {
        let head = format!("[testenv:{environment}]");
        text.split_once(&head).is_some_and(|(_, rest)| {
            let section = rest.split("\n[").next().unwrap_or_default();
            section.split_whitespace().any(|word| word == tool.name)
        })
    };
    let mut comments = text.lines().filter_map(|line| line.trim().strip_prefix('#'));
    comments.any(|it| runs(it.trim().trim_end_matches(',')))
}

fn is_of(found: &[&'static Tool], tool: &Tool) -> bool {
    found.iter().any(|it| it.name == tool.name)
}

/// Whether something runs that has a list of tools of its own.
fn runs_many(ci: &CiModel) -> bool {
    let steps = ci.pipelines.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    steps.flat_map(Step::tools).any(|tool| tool.is(ToolKind::Many))
}

/// Whether a job or a hosted hook runs a tool, or a file that decides what runs at least names it.
fn runs(facts: &Facts<'_>, ci: &CiModel, tool: &Tool) -> bool {
    let steps = ci.pipelines.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    let by_hook = ci.hooks_run && ci.hooks.iter().any(|it| !it.skipped && is_of(&it.tools(), tool));
    by_hook
        || steps.flat_map(Step::tools).any(|it| it.name == tool.name)
        || ci.mentions(facts, &tool.name)
        || ci.commands().any(|it| it.words.iter().any(|word| word.contains(&tool.name)))
        || tool.programs.iter().any(|words| words.len() == 1 && ci.mentions(facts, &words[0]))
        || by_pytest(facts, tool)
        || is_hosted(facts, tool)
}

/// Whether a service that looks at every change by itself is told of a tool, or of its configuration.
fn is_hosted(facts: &Facts<'_>, tool: &Tool) -> bool {
    const SERVICES: [&str; 9] = [
        ".codacy.yaml",
        ".codacy.yml",
        ".codeclimate.json",
        ".codeclimate.yml",
        ".deepsource.toml",
        ".hound.yml",
        ".landscape.yml",
        ".sider.yml",
        "sider.yml",
    ];
    SERVICES.iter().filter_map(|it| facts.text(Utf8Path::new(it)).whole()).any(|document| {
        let text = document.text();
        let names = |it: &String| text.contains(it.as_str());
        text.contains(&tool.name) || tool.files.iter().any(names)
    })
}

/// Whether pytest runs it as a plug-in: `--mypy`, `--ruff`, `--flake8`.
fn by_pytest(facts: &Facts<'_>, tool: &Tool) -> bool {
    let option = format!("--{}", tool.name);
    let manifests = facts.project().components.iter().map(|it| it.path.clone());
    manifests.into_iter().any(|folder| {
        let manifest = facts.toml(&folder.join("pyproject.toml")).whole();
        let inis = ["pytest.ini", "setup.cfg", "tox.ini"]
            .map(|name| facts.ini(&folder.join(name)).whole());
        manifest.into_iter().chain(inis.into_iter().flatten()).any(|it| it.text().contains(&option))
    })
}

/// Where a tool is configured: a table, a section, or a file of its own.
fn configured(facts: &Facts<'_>, folder: &Utf8Path, tool: &Tool) -> Option<Place> {
    let manifest = facts.toml(&folder.join("pyproject.toml")).whole();
    if let Some(document) = manifest
        && let Some(value) = document.value()
    {
        let found =
            tool.sections.iter().find_map(|it| key(value, &it.split('.').collect::<Vec<_>>()));
        if let Some(span) = found {
            return Some(Place::new(document.path.clone(), span));
        }
    }
    for name in ["setup.cfg", "tox.ini"] {
        if let Some(document) = facts.ini(&folder.join(name)).whole()
            && let Some(value) = document.value()
            && let Some(section) = tool.ini.iter().find_map(|it| value.key(it))
        {
            return Some(Place::new(document.path.clone(), section.span));
        }
    }
    let mut files = tool.files.iter().map(|name| folder.join(name));
    let path: Utf8PathBuf = files.find(|path| facts.tree().is_file(path))?;
    Some(Place::new(path, Span::empty(0)))
}
