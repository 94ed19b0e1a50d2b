//! Functions that are handed to a framework, which then decides what they take. Knows where their names stand, not what they
//! do. Costs a look at the calls of a file, and is asked for only where something is missing.

use std::cell::OnceCell;

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, LogicalLine, Outline, Parameter};
use rustc_hash::FxHashSet;

use super::body;
use crate::shared::code::blocks;
use crate::shared::code::calls;
use crate::shared::code::text::is_of_name;

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
    here: OnceCell<Handed>,
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
        let here = self.here.get_or_init(|| Handed::of(file));
        let is_called_back = || {
            if is_method {
                here.bound.contains(name) && file.outline.decorators(function).is_empty()
            } else {
                here.bare.contains(name)
            }
        };
        here.known.contains(name)
            || is_called_back()
            || takes("ack") && uses(file, "slack-bolt", "slack_bolt")
            || parameters.first().is_some_and(|it| file.slice(it.name) == "ctx")
                && uses(file, "arq", "arq")
                && (matches!(name, "startup" | "shutdown")
                    || self.jobs.get_or_init(|| jobs_of_workers(file)).contains(name))
            || matches!(parameters, [app] if file.slice(app.name) == "app")
                && only_sets_up(file, function)
    }
}

/// The names in a file that stand among the arguments of its calls.
#[derive(Default)]
struct Handed {
    /// Where a framework is known to take functions.
    known: FxHashSet<String>,
    /// By themselves, wherever it is.
    bare: FxHashSet<String>,
    /// Of the object or its class: `self.on_change`.
    bound: FxHashSet<String>,
}

impl Handed {
    fn of(file: &FileContext<'_>) -> Self {
        let text = file.source.text();
        let mut handed = Self::default();
        let uploads = text.contains("upload_to=");
        for call in &file.outline.calls {
            let last = call.last_name(text);
            if OF_LISTENERS.contains(&last) && !call.attached {
                let behind = text[call.arguments.end as usize..].strip_prefix('(');
                let listener = behind.and_then(|it| it.split_once(')'));
                handed.known.extend(listener.map(|(it, _)| last_of(it)));
            }
            if OF_YAML.contains(&last) {
                let arguments = calls::arguments(file, call);
                handed.known.extend(arguments.iter().map(|it| last_of(it.value)));
            } else if uploads && file.slice(call.arguments).contains("upload_to=") {
                handed.known.extend(calls::keyword(file, call, "upload_to").map(last_of));
            }
            if !RUNNERS.contains(&last) {
                for argument in calls::arguments(file, call) {
                    handed.take(argument.value.trim());
                }
            }
        }
        handed
    }

    fn take(&mut self, value: &str) {
        let of_object = value.strip_prefix("self.").or_else(|| value.strip_prefix("cls."));
        let name = of_object.unwrap_or(value);
        if !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
            let names = if of_object.is_some() { &mut self.bound } else { &mut self.bare };
            names.insert(name.to_owned());
        }
    }
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
        let others = files.iter().filter(|it| {
            it.kind.is_python()
                && it.path != known.path
                && facts.project().read(it).is_ok_and(|it| names_jobs(it.text()))
        });
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
