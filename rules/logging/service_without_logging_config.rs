//! See `service-without-logging-config.toml`. Follows the imports from where a service starts until something may configure
//! logging. Where it cannot follow all of them, it is silent.

use std::collections::VecDeque;
use std::sync::Arc;

use camino::Utf8PathBuf;
use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_parser::{Call, Import, ImportKind, Span};
use roadworthy_project::Facts;
use roadworthy_project::facts::PythonFile;
use roadworthy_project::facts::containers::{Origin, Process};
use roadworthy_project::facts::profile::Profile;
use rustc_hash::FxHashSet;

use crate::shared::code::calls;
use crate::shared::code::words::{last_part, words};
use crate::shared::frameworks::django;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    for (component, profiles) in facts.profiles().iter().enumerate() {
        if !profiles.is(Profile::Service) || is_set_up_outside(facts, component) {
            continue;
        }
        let Some(found) = unseen(facts, component) else { continue };
        let lost = match found.count {
            1 => "this message goes nowhere".to_owned(),
            2 => "this message and another one go nowhere".to_owned(),
            count => format!("this message and {} others go nowhere", count - 1),
        };
        let message = format!("nothing configures logging where the service starts: {lost}");
        out.report(&found.path, Report::at(found.span).message(message));
    }
}

/// Programs that configure logging for what they start.
const PROGRAMS: [&str; 16] = [
    "airflow",
    "celery",
    "chainlit",
    "dagster",
    "ddtrace-run",
    "func",
    "functions-framework",
    "gunicorn.conf.py",
    "jupyter",
    "langgraph",
    "newrelic-admin",
    "opentelemetry-instrument",
    "prefect",
    "scrapy",
    "streamlit",
    "supervisord",
];

/// Whether a server, a wrapper or a platform may configure logging.
fn is_set_up_outside(facts: &Facts<'_>, component: usize) -> bool {
    let processes = facts.containers().processes.iter();
    processes.filter(|it| it.component == Some(component)).any(|process| {
        let words = process.command.known().map(Vec::as_slice).unwrap_or_default();
        process.origin == Origin::Serverless
            || words.iter().any(|word| {
                let name = word.rsplit('/').next().unwrap_or_default();
                PROGRAMS.contains(&name)
                    || ["--log-config", "--logger-class", "--config", "-c"]
                        .iter()
                        .any(|it| name.starts_with(it))
            })
            || process.environment.iter().any(|(name, _)| {
                matches!(name.as_str(), "GUNICORN_CMD_ARGS" | "UVICORN_LOG_CONFIG" | "LOG_CONFIG")
            })
    })
}

/// The first message that nobody sees, and how many there are.
struct Unseen {
    path: Utf8PathBuf,
    span: Span,
    count: usize,
}

/// More modules than this are not followed: what they do is unknown.
const MOST: usize = 80;

fn unseen(facts: &Facts<'_>, component: usize) -> Option<Unseen> {
    let settings = django::production(facts, component);
    let is_django = !settings.is_empty();
    if settings.iter().any(|it| it.effective("LOGGING").is_some()) {
        return None;
    }
    let starts = starts(facts, component, is_django);
    let mut open: VecDeque<Utf8PathBuf> = starts.into();
    open.extend(settings.iter().filter_map(|it| it.path().map(ToOwned::to_owned)));
    let mut seen: FxHashSet<Utf8PathBuf> = open.iter().cloned().collect();
    let mut found: Option<Unseen> = None;
    while let Some(path) = open.pop_front() {
        if seen.len() > MOST {
            return None;
        }
        let file = facts.python(&path)?;
        if configures(&file) {
            return None;
        }
        if let Some((span, count)) = messages(&file) {
            match &mut found {
                Some(found) => found.count += count,
                None => found = Some(Unseen { path: path.clone(), span, count }),
            }
        }
        for import in &file.outline.imports {
            for imported in imported(facts, component, &file, import)? {
                if seen.insert(imported.clone()) {
                    open.push_back(imported);
                }
            }
        }
    }
    found
}

/// The files where a service starts.
fn starts(facts: &Facts<'_>, component: usize, is_django: bool) -> Vec<Utf8PathBuf> {
    let files = facts
        .project()
        .files
        .iter()
        .filter(|it| it.component == component && it.kind.is_python() && !django::is_aside(it));
    if is_django {
        // Django finds its applications by their names in the settings.
        return files.map(|it| it.path.clone()).collect();
    }
    let of_process = |process: &Process| -> Vec<Utf8PathBuf> {
        process.target().map(|it| it.files(facts, process)).unwrap_or_default()
    };
    let processes = facts.containers().processes.iter();
    let mut starts: Vec<Utf8PathBuf> = processes
        .filter(|it| it.component == Some(component) && it.development.is_none())
        .flat_map(of_process)
        .collect();
    starts.sort();
    starts.dedup();
    if starts.is_empty() {
        const NAMES: [&str; 6] = ["main.py", "app.py", "asgi.py", "wsgi.py", "server.py", "run.py"];
        starts = files
            .filter(|it| it.path.file_name().is_some_and(|name| NAMES.contains(&name)))
            .map(|it| it.path.clone())
            .collect();
    }
    starts
}

/// Words of code that configures logging, or takes a library that does.
const CONFIGURING: [&str; 31] = [
    "basicConfig",
    "dictConfig",
    "fileConfig",
    "logging.config",
    "addHandler",
    "StreamHandler",
    "setup_logging",
    "configure_logging",
    "init_logging",
    "setup_logger",
    "structlog",
    "loguru",
    "logfire",
    "logbook",
    "coloredlogs",
    "opentelemetry",
    "log_config",
    "logconfig",
    "LOGGING",
    "app.logger",
    "getLogger(\"uvicorn",
    "getLogger('uvicorn",
    "gunicorn.error",
    "parse_command_line",
    "streamlit",
    "azure.functions",
    "aws_lambda_powertools",
    "google.appengine",
    "functions_framework",
    "absl",
    "tensorflow",
];

fn configures(file: &PythonFile) -> bool {
    let text = file.source.text();
    CONFIGURING.iter().any(|it| text.contains(it))
}

/// The first message below a warning, and how many there are in a file.
fn messages(file: &PythonFile) -> Option<(Span, usize)> {
    let text = file.source.text();
    let is_record = |call: &&Call| {
        let written = roadworthy_parser::dotted_text(text, call.name);
        written.split_once('.').is_some_and(|(object, method)| {
            method == "info"
                && matches!(
                    object,
                    "logger" | "log" | "LOG" | "LOGGER" | "_logger" | "_LOGGER" | "logging"
                )
        })
    };
    if !text.contains("logging.getLogger(") && !text.contains("import logging") {
        return None;
    }
    let mut records = file.outline.calls.iter().filter(is_record);
    let first = calls::span(records.next()?);
    Some((first, 1 + records.count()))
}

/// The files of the project that an import runs; `None` where it may configure logging and cannot be followed.
fn imported(
    facts: &Facts<'_>,
    component: usize,
    file: &Arc<PythonFile>,
    import: &Import,
) -> Option<Vec<Utf8PathBuf>> {
    let written = roadworthy_parser::dotted_text(file.source.text(), import.module);
    let module = absolute(facts, file, &written, import.level as usize)?;
    let name = file.source.slice(import.name);
    let files = |module: &str| -> Vec<Utf8PathBuf> {
        let found = facts.modules().of_name(module).iter().map(|&it| &facts.project().files[it]);
        let (own, others): (Vec<_>, Vec<_>) = found.partition(|it| it.component == component);
        let chosen = if own.is_empty() { others } else { own };
        chosen.into_iter().map(|it| it.path.clone()).collect()
    };
    let mut found = Vec::new();
    let mut prefix = String::new();
    for part in module.split('.') {
        if !prefix.is_empty() {
            prefix.push('.');
        }
        prefix.push_str(part);
        found.extend(files(&prefix));
    }
    if import.kind == ImportKind::From {
        found.extend(files(&format!("{module}.{name}")));
    }
    let top = module.split('.').next().unwrap_or_default();
    let is_own = import.level > 0 || facts.modules().is_first_party(top);
    let says_log = [last_part(&module), name].iter().any(|it| {
        words(it).iter().any(|it| {
            matches!(
                it.as_str(),
                "log" | "logs" | "logger" | "logging" | "telemetry" | "observability"
            )
        })
    });
    let is_standard = module == "logging" || module == "math";
    if found.is_empty() && (is_own || says_log) && !is_standard {
        return None;
    }
    Some(found)
}

/// The absolute name of a module that a file imports.
fn absolute(facts: &Facts<'_>, file: &PythonFile, name: &str, level: usize) -> Option<String> {
    if level == 0 {
        return Some(name.to_owned());
    }
    let own = facts.project().files.iter().find(|it| it.path == file.path)?;
    let mut around: Vec<&str> = own.module.split('.').collect();
    let up = if file.path.file_stem() == Some("__init__") { level - 1 } else { level };
    around.truncate(around.len().checked_sub(up)?);
    if !name.is_empty() {
        around.push(name);
    }
    Some(around.join("."))
}
