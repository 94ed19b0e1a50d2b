//! What the command line says, as a table that is laid over every file: it extends them all. Knows the
//! arguments that have a key of the same meaning.

use std::sync::Arc;

use camino::Utf8Path;
use clap::ValueEnum;

use crate::args::CheckArguments;
use crate::config::keys::{self, Key};
use crate::config::value::{At, Data, Located, Table, Value, Written};

/// The table that stands above every file. Patterns are relative to the working directory.
pub(crate) fn command_line(arguments: &CheckArguments, working_directory: &Utf8Path) -> Table {
    let at = |option: &str| At {
        file: Arc::new(Written {
            shown: option.into(),
            root: working_directory.to_owned(),
            folder: working_directory.to_owned(),
            extended_by: None,
        }),
        place: None,
    };
    let mut entries = Vec::new();
    let mut add = |key: &Key, option: &str, data: &dyn Fn(&At) -> Data| {
        let at = at(option);
        let data = data(&at);
        let name = Located { text: key.name.to_owned(), at: at.clone() };
        entries.push((name, Value { at, data }));
    };
    for (key, option, words) in [
        (&keys::SELECT, "--select", arguments.select.as_deref()),
        (&keys::EXTEND_SELECT, "--extend-select", given(&arguments.extend_select)),
        (&keys::IGNORE, "--ignore", given(&arguments.ignore)),
        (&keys::EXCLUDE, "--exclude", arguments.exclude.as_deref()),
        (&keys::EXTEND_EXCLUDE, "--extend-exclude", given(&arguments.extend_exclude)),
    ] {
        let Some(words) = words else { continue };
        add(key, option, &|at| {
            let words = words.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
            Data::List(
                words.map(|word| Located { text: word.to_owned(), at: at.clone() }).collect(),
            )
        });
    }
    for (key, option, word) in [
        (&keys::FAIL_ON, "--fail-on", arguments.fail_on.as_ref().and_then(name)),
        (&keys::MIN_SEVERITY, "--min-severity", arguments.min_severity.as_ref().and_then(name)),
    ] {
        if let Some(word) = word {
            add(key, option, &|_| Data::Text(word.clone()));
        }
    }
    if arguments.no_respect_gitignore {
        add(&keys::RESPECT_GITIGNORE, "--no-respect-gitignore", &|_| Data::Flag(false));
    }
    Table { entries }
}

fn given(words: &[String]) -> Option<&[String]> {
    (!words.is_empty()).then_some(words)
}

fn name(value: &impl ValueEnum) -> Option<String> {
    Some(value.to_possible_value()?.get_name().to_owned())
}
