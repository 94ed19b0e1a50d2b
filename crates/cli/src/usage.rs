//! Wrong arguments to an answer that leads on: what was probably meant. Knows the words of the command line, not what
//! they do.

use std::ffi::OsString;

use camino::Utf8Path;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, CommandFactory as _};

use crate::args::Arguments;

/// Puts what was probably meant where clap knows no better than to take an option for a value, and a path for a command.
/// `words` are the arguments that it was given.
pub(crate) fn improved(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    let given = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let Some(option) = given(ContextKind::InvalidArg) else { return error };
            error.remove(ContextKind::Suggested);
            if let Some(meant) = option.strip_prefix("--").and_then(|it| meant(it, words)) {
                let meant = ContextValue::String(format!("--{meant}"));
                error.insert(ContextKind::SuggestedArg, meant);
            }
        }
        ErrorKind::InvalidSubcommand => {
            let Some(word) = given(ContextKind::InvalidSubcommand) else { return error };
            if Utf8Path::new(&word).exists() {
                error.remove(ContextKind::SuggestedSubcommand);
                let check = ContextValue::String(format!("check {word}"));
                error.insert(ContextKind::SuggestedSubcommand, check);
            }
        }
        _ => {}
    }
    error
}

/// The option that was probably meant: one that contains the word or nearly so, else the one most like it.
fn meant(word: &str, words: &[OsString]) -> Option<String> {
    let word = word.split('=').next().unwrap_or(word).to_ascii_lowercase();
    let all = Arguments::command();
    let command = words.iter().filter_map(|it| it.to_str()).find_map(|it| all.find_subcommand(it));
    let visible = command.unwrap_or(&all).get_arguments().filter(|it| !it.is_hide_set());
    let options: Vec<&str> = visible.filter_map(Arg::get_long).collect();
    let part = |option: &&&str| {
        let like = |part: &str| part.len() > 3 && strsim::damerau_levenshtein(part, &word) <= 1;
        option.starts_with(word.as_str()) || option.split('-').any(like)
    };
    let likeness = |option: &&str| strsim::jaro_winkler(option, &word);
    let found = options.iter().find(part).or_else(|| {
        let best = options.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        (likeness(best) > 0.75).then_some(best)
    });
    found.map(ToString::to_string)
}
