//! The words of names that say that output for a person is the purpose, or that a log gets it. Knows spelling, nothing of what
//! stands behind a name.

use roadworthy_engine::FileContext;
use roadworthy_parser::Call;

use crate::shared::code::calls::{self, LOG_METHODS};

/// Words that say, anywhere in a name, that output for a person is the purpose.
const OUTPUT_WORDS: [&str; 25] = [
    "banner",
    "cli",
    "cmd",
    "command",
    "commands",
    "console",
    "debug",
    "demo",
    "dry",
    "interactive",
    "pprint",
    "pretty",
    "print",
    "printer",
    "printing",
    "prints",
    "progress",
    "prompt",
    "repl",
    "shell",
    "spinner",
    "stdout",
    "terminal",
    "usage",
    "verbose",
];

/// Verbs that say so at the beginning of a name.
const OUTPUT_VERBS: [&str; 8] =
    ["describe", "display", "draw", "dump", "echo", "help", "report", "show"];

/// Nouns that say so at the end of a name.
const OUTPUT_NOUNS: [&str; 7] =
    ["display", "help", "menu", "report", "reporter", "summary", "table"];

/// Whether the words that a name is made of are about output.
pub(super) fn says_output(name: &str) -> bool {
    let words: Vec<String> = words(name).collect();
    let is = |word: Option<&String>, list: &[&str]| {
        word.is_some_and(|word| list.contains(&word.as_str()))
    };
    words.iter().any(|word| OUTPUT_WORDS.contains(&word.as_str()))
        || is(words.first(), &OUTPUT_VERBS)
        || is(words.last(), &OUTPUT_NOUNS)
        || name == "main"
}

/// Whether a name is that of a stand-in, which shows what the service would have got: `FakeBot`.
pub(super) fn stands_in(name: &str) -> bool {
    words(name).next().is_some_and(|it| matches!(it.as_str(), "dummy" | "fake" | "mock"))
}

/// The words of a name in snake case or camel case, in lower case.
pub(super) fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(|part| {
        let mut found: Vec<String> = Vec::new();
        let mut lower_before = false;
        for c in part.chars() {
            if found.is_empty() || (c.is_uppercase() && lower_before) {
                found.push(String::new());
            }
            lower_before = c.is_lowercase() || c.is_numeric();
            if let Some(word) = found.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        found
    })
}

/// Whether a call writes to a logger, by its names.
pub(super) fn writes_record(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    // A function of the project's own: `logger(f"failed: {error}", "warning")`.
    written == "logger"
        || written.rsplit_once('.').is_some_and(|(object, method)| {
            LOG_METHODS.contains(&method) && object.to_ascii_lowercase().contains("log")
        })
}

/// `log_exception(error)`: a function of the project's own that logs.
pub(super) fn hands_to_log(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    let name = written.rsplit('.').next().unwrap_or_default();
    matches!(name, "log_exception" | "log_error" | "capture_exception" | "captureException")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_word_by_word() {
        assert_eq!(words("HTTPServer_runAll").collect::<Vec<_>>(), ["httpserver", "run", "all"]);
        assert!(
            says_output("_printSummary")
                && says_output("ProgressBar")
                && !says_output("fingerprint")
        );
        assert!(stands_in("FakeBot") && stands_in("mock_send") && !stands_in("remock"));
        assert!(says_output("show_all") && !says_output("get_show") && says_output("order_table"));
    }
}
