//! Functions that are handed to a framework, which then decides what they take. Knows where their names stand, not what they
//! do. Costs a look at the calls of a file, and is asked for only where something is missing.

use std::cell::OnceCell;

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, LogicalLine, Outline, Parameter};
use roadworthy_project::File;
use rustc_hash::FxHashSet;

use super::body;
use crate::shared::code::blocks;
use crate::shared::code::calls;
use crate::shared::code::text::{is_of_name, places_of};

/// Methods of the application of Slack's Bolt whose result is called with a listener.
const OF_LISTENERS: [&str; 10] = [
    "action",
    "command",
    "event",
    "function",
    "message",
    "middleware",
    "options",
    "shortcut",
    "step",
    "view",
];

/// Methods of `PyYAML` that take what reads or writes one kind of value.
const OF_YAML: [&str; 4] =
    ["add_constructor", "add_multi_constructor", "add_multi_representer", "add_representer"];

/// What runs a function with the arguments behind it: that function has the signature that its author wanted.
const RUNNERS: [&str; 14] = [
    "Process",
    "Thread",
    "Timer",
    "apply_async",
    "isinstance",
    "map",
    "partial",
    "run_in_executor",
    "run_in_threadpool",
    "run_sync",
    "starmap",
    "submit",
    "sync_to_async",
    "to_thread",
];

/// Names under which the class of a worker of arq holds what it runs.
const OF_WORKERS: [&str; 4] = ["cron_jobs", "functions", "on_shutdown", "on_startup"];

/// What is handed to frameworks, each part looked for once.
#[derive(Default)]
pub(super) struct Registered {
    here: OnceCell<FxHashSet<String>>,
    jobs: OnceCell<FxHashSet<String>>,
}

impl Registered {
    /// Whether a framework decides what a function takes.
    pub(super) fn dictates(
        &self,
        file: &FileContext<'_>,
        function: &Definition,
        is_method: bool,
    ) -> bool {
        let parameters = file.outline.signature(function).parameters;
        let name = file.slice(function.name);
        let takes = |wanted: &str| {
            let untyped = |it: &&Parameter| it.annotation.is_none();
            parameters.iter().filter(untyped).any(|it| file.slice(it.name) == wanted)
        };
        if is_kept_as_attribute(file, function, is_method) {
            return true;
        }
        let is_plain = !is_method || file.outline.decorators(function).is_empty();
        self.here.get_or_init(|| handed_over(file)).contains(name)
            || is_plain && is_called_back(file, function, is_method)
            || !is_method && is_operation(file, name)
            || takes("ack") && uses(file, "slack-bolt", "slack_bolt")
            || parameters.first().is_some_and(|it| file.slice(it.name) == "ctx")
                && uses(file, "arq", "arq")
                && (matches!(name, "startup" | "shutdown")
                    || self.jobs.get_or_init(|| jobs_of_workers(file)).contains(name))
            || matches!(parameters, [app] if file.slice(app.name) == "app")
                && only_sets_up(file, function)
    }
}

/// The names in a file that are handed over where a framework is known to take functions.
fn handed_over(file: &FileContext<'_>) -> FxHashSet<String> {
    let text = file.source.text();
    let mut names = FxHashSet::default();
    let uploads = text.contains("upload_to=");
    for call in &file.outline.calls {
        let last = call.last_name(text);
        if OF_LISTENERS.contains(&last) && !call.attached {
            let behind = text[call.arguments.end as usize..].strip_prefix('(');
            names.extend(behind.and_then(|it| it.split_once(')')).map(|(it, _)| last_of(it)));
        } else if OF_YAML.contains(&last) {
            names.extend(calls::arguments(file, call).iter().map(|it| last_of(it.value)));
        } else if uploads && file.slice(call.arguments).contains("upload_to=") {
            names.extend(calls::keyword(file, call, "upload_to").map(last_of));
        }
    }
    names
}

/// Whether a function stands by itself among the arguments of a call, or a method of the same object does: whoever takes it
/// says what it is called with.
fn is_called_back(file: &FileContext<'_>, function: &Definition, is_method: bool) -> bool {
    let text = file.source.text();
    let name = file.slice(function.name);
    places_of(text, name).any(|at| {
        let offset = at as u32;
        let mut before = text[..at].trim_end();
        if is_method {
            let object = before.strip_suffix("self.").or_else(|| before.strip_suffix("cls."));
            let Some(rest) = object else { return false };
            before = rest.trim_end();
        }
        offset != function.name.start
            && file.outline.string_at(offset).is_none()
            && file.outline.comment_at(offset).is_none()
            && (before.ends_with(['(', ',', '='])
                && text[at + name.len()..].trim_start().starts_with([',', ')'])
                && takes_functions(file, offset)
                || is_for_filter(before))
    })
}

/// Whether text ends before what a filter of Django's set-up of the log calls with each record.
fn is_for_filter(before: &str) -> bool {
    let before = before.strip_suffix(':').map_or("", str::trim_end);
    let is_key = ["\"callback\"", "'callback'"].iter().any(|it| before.ends_with(it));
    is_key && before.contains("django.utils.log.CallbackFilter")
}

/// Whether a description of the interface names a function, by which Connexion calls it with what the description says.
fn is_operation(file: &FileContext<'_>, name: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    if !uses(file, "connexion", "connexion") {
        return false;
    }
    let is_named = |text: &str| {
        text.lines().filter_map(|it| it.split_once("operationId")).any(|(_, it)| {
            let operation = it.trim_matches(|it: char| !is_of_name(it));
            last_of(operation) == name
        })
    };
    facts.answer(known.component, format!("an interface names {name}"), || {
        let is_document = |it: &&Utf8Path| matches!(it.extension(), Some("json" | "yaml" | "yml"));
        let mut documents = facts.tree().files().filter(is_document);
        documents.any(|it| facts.text(it).whole().is_some_and(|it| is_named(it.text())))
    })
}

/// Whether a function is put where an object looks for what to call: `client.on_message = on_message`.
fn is_kept_as_attribute(file: &FileContext<'_>, function: &Definition, is_method: bool) -> bool {
    let text = file.source.text();
    let name = file.slice(function.name);
    places_of(text, name).any(|at| {
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        let value = if is_method { line.strip_suffix("self.") } else { Some(line) };
        let target = value.and_then(|it| it.trim_end().strip_suffix('=')).map(str::trim);
        let is_field =
            |it: &str| it.contains('.') && it.chars().all(|it| is_of_name(it) || it == '.');
        target.is_some_and(is_field) && text[at + name.len()..].starts_with(['\n', '\r'])
    })
}

/// Whether an offset lies in the arguments of a call, and not of one that runs what it is given.
fn takes_functions(file: &FileContext<'_>, offset: u32) -> bool {
    let calls = &file.outline.calls;
    let before = calls.partition_point(|it| it.name.start < offset);
    let around = calls[..before].iter().rev().find(|it| it.arguments.contains(offset));
    around.is_some_and(|it| !RUNNERS.contains(&it.last_name(file.source.text())))
}

/// The last part of a dotted name; of anything else nothing that is a name.
fn last_of(value: &str) -> String {
    value.trim().rsplit('.').next().unwrap_or_default().to_owned()
}

/// The names of the jobs of all workers of arq in the project.
fn jobs_of_workers(file: &FileContext<'_>) -> FxHashSet<String> {
    let mut names = FxHashSet::default();
    take_jobs(file.source.text(), file.outline, &mut names);
    if let Some((facts, known)) = file.in_facts() {
        let files = &facts.project().files;
        let names_jobs = |text: &str| OF_WORKERS.iter().any(|it| text.contains(it));
        let is_of_worker = |it: &&File| {
            it.kind.is_python() && facts.source(it).is_some_and(|it| names_jobs(it.text()))
        };
        let question = "a worker has a list of jobs".to_owned();
        if !facts.answer(known.component, question, || files.iter().any(|it| is_of_worker(&it))) {
            return names;
        }
        let others = files.iter().filter(|it| it.path != known.path && is_of_worker(it));
        for other in others.filter_map(|it| facts.python(&it.path)) {
            take_jobs(other.source.text(), &other.outline, &mut names);
        }
    }
    names
}

fn take_jobs(text: &str, outline: &Outline, names: &mut FxHashSet<String>) {
    for line in outline.lines.iter().filter(|it| it.keyword == Keyword::Other) {
        let statement = line.span.of_text(text);
        let Some((target, value)) = statement.split_once('=') else { continue };
        let target = target.split(':').next().unwrap_or_default().trim();
        if OF_WORKERS.contains(&target) && line.indent > 0 {
            let words = value.split(|it| !is_of_name(it)).filter(|it| !it.is_empty());
            names.extend(words.map(str::to_owned));
        }
    }
}

/// Whether the file imports a module, or its component declares the distribution that gives it.
fn uses(file: &FileContext<'_>, distribution: &str, module: &str) -> bool {
    let declares = || {
        let (facts, known) = file.in_facts()?;
        let own = facts.dependencies().components.get(known.component)?;
        Some(own.declared().any(|it| it.name.as_str() == distribution))
    };
    file.names().imports_module(module) || declares() == Some(true)
}

/// Whether all that a function does is to register something on the application that it takes: a step of the set-up.
fn only_sets_up(file: &FileContext<'_>, function: &Definition) -> bool {
    let registers = |line: &LogicalLine| {
        let text = file.slice(line.span);
        text.strip_prefix("app").is_some_and(|it| it.starts_with(['.', '[']))
    };
    let lines = blocks::own_lines(file, function);
    let mut lines = lines.filter(|it| !body::is_filler(file, function, it)).peekable();
    lines.peek().is_some() && lines.all(registers)
}
