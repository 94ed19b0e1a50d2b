//! Whether weaker protection is somebody's choice: a condition around a place or the name of the function says so. Knows
//! words and the headers of one file, no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Keyword, Span};

use crate::shared::code::blocks;
use crate::shared::code::words::words;

/// Words of switches that turn protection off, or name a place where it is not needed.
const SWITCHES: [&str; 27] = [
    "allow",
    "check",
    "debug",
    "dev",
    "development",
    "disable",
    "emulator",
    "ignore",
    "insecure",
    "local",
    "localhost",
    "mock",
    "noverify",
    "selfsigned",
    "signed",
    "skip",
    "strict",
    "test",
    "testing",
    "trust",
    "unsafe",
    "unverified",
    "validate",
    "validation",
    "verification",
    "verified",
    "verify",
];

/// Words of functions whose callers ask for less than protection.
const CHOSEN: [&str; 9] = [
    "dummy",
    "null",
    "insecure",
    "noverify",
    "selfsigned",
    "unsafe",
    "unsecure",
    "untrusted",
    "unverified",
];

/// Whether a condition around an offset is a switch for protection, or the function is named after going without.
pub(crate) fn is_chosen(file: &FileContext<'_>, offset: u32) -> bool {
    is_switched(file, offset) || is_named_so(file, offset)
}

fn is_switched(file: &FileContext<'_>, offset: u32) -> bool {
    let mut conditions = blocks::headers_around(file, offset)
        .filter(|line| matches!(line.keyword, Keyword::If | Keyword::Elif))
        .map(|line| file.slice(line.span));
    conditions.any(says_switch) || of_expression(file, offset).is_some_and(says_switch)
}

/// What stands behind `if` in the expression that holds an offset: `ctx = unverified() if insecure else None`.
fn of_expression<'a>(file: &FileContext<'a>, offset: u32) -> Option<&'a str> {
    let line = file.outline.line_at(offset)?;
    if line.keyword == Keyword::If {
        return None;
    }
    let text = file.slice(Span::new(line.span.start, line.span.end));
    text.split_once(" if ").map(|(_, condition)| condition)
}

fn says_switch(condition: &str) -> bool {
    let text = condition.split('"').step_by(2).collect::<String>();
    words(&text).iter().any(|word| SWITCHES.contains(&word.as_str()))
}

fn is_named_so(file: &FileContext<'_>, offset: u32) -> bool {
    file.outline.enclosing(offset).any(|around| {
        let name = file.slice(around.name);
        let lower = name.to_ascii_lowercase();
        words(name).iter().any(|word| CHOSEN.contains(&word.as_str()))
            || ["no_verif", "noverif", "self_signed", "without_verif", "skip_verif"]
                .iter()
                .any(|part| lower.contains(part))
    })
}
