//! See `configured-check-never-runs.toml`: which tools have a configuration of their own, against those that jobs and hooks
//! run.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::facts::ci::{CiModel, Command, Hook, Step, Tool, ToolKind, tools};
use roadworthy_project::facts::value::Value;
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
        let (message, severity) = if hooked {
            // Who else runs the hooks is configured on a server.
            let message = format!(
                "{} runs in the hooks of those who installed them, and in no job",
                tool.name
            );
            (message, Severity::Info)
        } else if is_left_out_of_tox(facts, tool) {
            let message = format!(
                "{} is configured, and its environment is switched off in {TOX}: no job runs it either",
                tool.name
            );
            (message, Severity::Info)
        } else if is_switched_off(facts, tool) {
            let message = format!(
                "{} is configured, and its hook is switched off in {HOOKS}: no job runs it either",
                tool.name
            );
            (message, Severity::Info)
        } else {
            // Where another tool of the kind runs, this one was mostly replaced by it; where nothing judges Python at all,
            // there is more to do first.
            let is_replaced = kinds.iter().any(|kind| {
                tool.is(*kind)
                    && (judging_tools(ci).any(|other| other.is(*kind))
                        || mentions(facts, ci, tool, *kind))
            });
            let is_replaced = is_replaced
                || tool.name == "bandit"
                    && folders.iter().any(|it| ruff_judges_security(facts, ci, it));
            let is_wanted = is_declared(facts, &place, tool) && !says_little(facts, &place, tool)
                || tool.name == "osv-scanner";
            let severity =
                if is_replaced || !is_wanted || tool.name == "pydocstyle" || !is_judged(ci) {
                    Severity::Info
                } else {
                    Severity::Warning
                };
            (format!("{} is configured, and no job and no hook runs it", tool.name), severity)
        };
        out.report(&place.path, Report::at(place.span).severity(severity).message(message));
    }
}

/// Whether a manifest or a lock of the project names a tool: what nobody installs was mostly left over.
fn is_declared(facts: &Facts<'_>, place: &Place, tool: &Tool) -> bool {
    let folder = place.path.parent().unwrap_or(Utf8Path::new(""));
    // Beside the configuration, above it, or in a folder of requirements.
    let is_near = |path: &&Utf8Path| {
        let own = path.parent().unwrap_or(Utf8Path::new(""));
        let of_lists = own.file_name() == Some("requirements");
        folder.starts_with(if of_lists { own.parent().unwrap_or(own) } else { own })
    };
    let is_manifest = |path: &&Utf8Path| {
        let name = path.file_name().unwrap_or_default();
        matches!(name, "Pipfile" | "pyproject.toml" | "setup.cfg" | "setup.py" | "environment.yml")
            || name.contains("requirements")
            || path.extension() == Some("lock")
            || path.parent().and_then(Utf8Path::file_name) == Some("requirements")
    };
    let names = |line: &str| {
        let line = line.trim_start_matches([' ', '-', '"', '\'']);
        let rest = line.strip_prefix(tool.name.as_str());
        rest.is_some_and(|it| {
            !it.starts_with(|it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | ']'))
        })
    };
    facts.tree().files().filter(is_manifest).filter(is_near).any(|path| {
        facts.text(path).whole().is_some_and(|document| {
            let text = document.text();
            let quoted = |quote| text.contains(&format!("{quote}{}", tool.name));
            text.lines().any(names) || quoted('"') || quoted('\'')
        })
    })
}

/// Whether a table only says for which files and lines, and nothing of what is to be found: `line-length = 100`.
fn says_little(facts: &Facts<'_>, place: &Place, tool: &Tool) -> bool {
    const PLAIN: [&str; 12] = [
        "cache-dir",
        "cache_dir",
        "exclude",
        "exclude_dirs",
        "extend-exclude",
        "include",
        "line-length",
        "line_length",
        "max-line-length",
        "python_version",
        "src",
        "target-version",
    ];
    if place.path.extension() != Some("toml") {
        return false;
    }
    let document = facts.toml(&place.path).whole();
    let Some(value) = document.as_ref().and_then(|it| it.value()) else { return false };
    let table = value.at(&["tool", tool.name.as_str()]);
    table.is_some_and(|table| {
        let mut entries = table.entries().peekable();
        entries.peek().is_some() && entries.all(|(key, _)| PLAIN.contains(&key.name.as_str()))
    })
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

/// Whether ruff runs and is told to do what bandit does: `select = ["S"]` (<https://docs.astral.sh/ruff/rules/#flake8-bandit-s>).
fn ruff_judges_security(facts: &Facts<'_>, ci: &CiModel, folder: &Utf8Path) -> bool {
    let runs = judging_tools(ci).any(|it| it.name == "ruff") || ci.mentions(facts, "ruff");
    let selects = |name: &str| {
        let document = facts.toml(&folder.join(name)).whole();
        let lists = [
            ["tool", "ruff", "lint", "select"].as_slice(),
            &["tool", "ruff", "lint", "extend-select"],
            &["tool", "ruff", "select"],
            &["tool", "ruff", "extend-select"],
            &["lint", "select"],
            &["lint", "extend-select"],
            &["select"],
            &["extend-select"],
        ];
        let judges = |code: &str| {
            let number = code.strip_prefix('S');
            code == "ALL" || number.is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()))
        };
        document.as_ref().and_then(|it| it.value()).is_some_and(|value| {
            let mut lists = lists.iter().filter_map(|path| value.at(path));
            lists.any(|list| list.items().filter_map(Value::text).any(judges))
        })
    };
    runs && ["pyproject.toml", "ruff.toml", ".ruff.toml"].into_iter().any(selects)
}

/// Whether what jobs run names another tool of a kind, through whatever starts it: `npx pyright`.
fn mentions(facts: &Facts<'_>, ci: &CiModel, tool: &Tool, kind: ToolKind) -> bool {
    let mut others = tools().iter().filter(|it| it.is(kind) && it.name != tool.name);
    others.any(|it| ci.mentions(facts, &it.name))
}

/// What jobs and hooks run.
fn judging_tools(ci: &CiModel) -> impl Iterator<Item = &'static Tool> {
    let steps = ci.pipelines.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    steps.flat_map(Step::tools).chain(ci.hooks.iter().flat_map(Hook::tools))
}

/// Whether some job runs tests or a tool that judges Python.
fn is_judged(ci: &CiModel) -> bool {
    ci.commands().any(Command::runs_tests) || judging_tools(ci).next().is_some()
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
