//! The words that a container is started with, as files write them. Knows no program.

use crate::facts::shell;
use crate::facts::value::{Data, Value};
use roadworthy_parser::Span;

/// A command as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Its words.
    Words(Vec<String>),
    /// A text for a shell, behind the words of that.
    Shell(Vec<String>, String),
}

impl Line {
    /// The words that are started, those of the shell among them.
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Self::Words(words) => words.clone(),
            Self::Shell(shell, text) => {
                shell.iter().cloned().chain(std::iter::once(text.clone())).collect()
            }
        }
    }
}

/// The words of a value that is a list, or a text that is split like a shell would, without one: `None` where operators or
/// assignments would need one.
pub(super) fn of_value(value: &Value) -> Option<Vec<String>> {
    match &value.data {
        Data::List(items) => items.iter().map(|item| item.scalar().map(str::to_owned)).collect(),
        Data::Text(text) => {
            let commands = shell::commands(&text.replace('\n', " "));
            match commands.as_slice() {
                [] => Some(Vec::new()),
                [command] if command.assignments.is_empty() => {
                    Some(command.texts().map(str::to_owned).collect())
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// From the first to behind the last word of a value.
pub(super) fn span_of(value: &Value) -> Span {
    match &value.data {
        Data::List(items) => match (items.first(), items.last()) {
            (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
            _ => value.span,
        },
        _ => value.span,
    }
}
