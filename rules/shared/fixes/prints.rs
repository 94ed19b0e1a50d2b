//! A print as a record of the module's logger. Knows prints, handlers and loggers, no rule.

use std::cell::OnceCell;

use roadworthy_engine::{Edit, FileContext, Fix};
use roadworthy_parser::{Call, Keyword};
use roadworthy_project::Role;

use crate::shared::code::{blocks, loggers};
use crate::shared::fixes;
use crate::shared::fixes::loggers::ModuleLogger;

/// The loggers of a file that prints may go to, each looked for once.
#[derive(Default)]
pub(crate) struct Hands {
    own: OnceCell<Option<ModuleLogger>>,
    new: OnceCell<Option<ModuleLogger>>,
}

impl Hands {
    /// The call of a logger in place of a print. `shows`: it shows the error that is caught around it; `logs`: that handler
    /// has told of the error.
    pub(crate) fn fix(
        &self,
        file: &FileContext<'_>,
        call: &Call,
        shows: bool,
        logs: bool,
    ) -> Option<Fix> {
        if file.role == Role::Settings {
            return None;
        }
        let offset = call.name.start;
        let own = self.own.get_or_init(|| ModuleLogger::of_module(file)).as_ref();
        let logger = own.or_else(|| self.new.get_or_init(|| ModuleLogger::new(file)).as_ref())?;
        if !logger.is_known_at(file, offset) {
            return None;
        }
        let mut edits = fixes::messages::arguments(file, call, logger.kind)?;
        let method = format!("{}.{}", logger.name, level(file, call, shows, logs));
        edits.push(Edit { span: call.name, text: method });
        edits.extend_from_slice(&logger.edits);
        Some(Fix::to_look_at(edits))
    }
}

/// The method of a logger for what a print says.
fn level(file: &FileContext<'_>, call: &Call, shows: bool, logs: bool) -> &'static str {
    let first = fixes::messages::first_words(file, call);
    let says = first.trim_start_matches(|c: char| !c.is_alphabetic()).to_ascii_lowercase();
    let value = fixes::messages::only_name(file, call).to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| says.starts_with(word));
    if first.contains('\u{26a0}')
        || begins(&["warn", "caution", "deprecat"])
        || value.contains("warning")
    {
        return "warning";
    }
    let offset = call.name.start;
    // Behind an `else` or `finally` come the handlers above it as well.
    let handler = blocks::headers_around(file, offset).find(|line| {
        line.keyword == Keyword::Except && blocks::block_of(file, line).contains(offset)
    });
    let stops = |header: &str| STOPPING.iter().any(|word| header.contains(word));
    let handler = handler.filter(|handler| !stops(file.slice(handler.span)));
    if let Some(handler) = handler {
        let header = file.slice(handler.span);
        let lost = shows || !header.contains(" as ") && is_broad(header);
        return if lost && !logs && !blocks::raises(file, handler) { "exception" } else { "error" };
    }
    if first.contains('\u{274c}')
        || begins(&FAILURES)
        || says.contains("failed")
        || value.contains("error")
        || loggers::tells_traceback(file.slice(call.arguments))
    {
        return "error";
    }
    if begins(&["debug"]) { "debug" } else { "info" }
}

/// What messages about failures begin with.
const FAILURES: [&str; 11] = [
    "error",
    "err:",
    "exception",
    "fail",
    "fatal",
    "critical",
    "could not",
    "couldn't",
    "cannot",
    "can't",
    "unable",
];

/// Exceptions that end a program or a task because somebody wants it.
const STOPPING: [&str; 5] =
    ["KeyboardInterrupt", "SystemExit", "CancelledError", "GeneratorExit", "StopIteration"];

/// Whether the header of a handler catches everything.
fn is_broad(header: &str) -> bool {
    let types = header.trim_start_matches("except").split(':').next().unwrap_or_default().trim();
    types.is_empty() || matches!(types, "Exception" | "BaseException")
}
