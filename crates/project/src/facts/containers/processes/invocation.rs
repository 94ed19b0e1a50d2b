//! The program that a command starts in the end, behind what only prepares it: `tini --`, `uv run`, `python -m`. Knows
//! programs that start others, from a table.

use std::sync::LazyLock;

use camino::Utf8Path;
use serde::Deserialize;

/// What a command starts in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation<'w> {
    /// The program without its folder, or the module behind `python -m`.
    pub program: &'w str,
    /// Its arguments.
    pub arguments: &'w [String],
    /// Whether it is a module that Python runs.
    pub is_module: bool,
    /// The programs that start it.
    pub through: Vec<&'w str>,
}

#[derive(Deserialize)]
struct Table {
    wrapper: Vec<Wrapper>,
}

/// A program that starts another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Wrapper {
    /// Its names.
    programs: Vec<String>,
    /// The word behind it without which it does something else.
    #[serde(default)]
    subcommand: Option<String>,
    /// Options that take the next word.
    #[serde(default)]
    valued: Vec<String>,
    /// Words of its own before the command.
    #[serde(default)]
    positionals: usize,
    /// Whether the command stands behind `--` only.
    #[serde(default)]
    needs_dashes: bool,
    /// What it does for the command.
    #[serde(default)]
    does: Option<Does>,
    #[expect(dead_code, reason = "for those who keep the table")]
    source: String,
}

/// What a program does for the one it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// Passes signals on and buries its children.
    Init,
    /// Starts it anew when files change.
    Reload,
    /// Waits for a debugger.
    Debug,
}

static WRAPPERS: LazyLock<Vec<Wrapper>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("wrappers.toml")).expect("the table is sound");
    table.wrapper
});

/// What a command starts in the end; `None` where it is empty, or a variable decides.
pub fn invocation(words: &[String]) -> Option<Invocation<'_>> {
    let mut rest = words;
    let mut through = Vec::new();
    loop {
        let program = base_name(rest.first()?);
        if program.contains('$') {
            return None;
        }
        if let Some(behind) = behind_wrapper(program, &rest[1..]) {
            through.push(program);
            rest = behind;
            continue;
        }
        if !is_python(program) {
            return Some(Invocation { program, arguments: &rest[1..], is_module: false, through });
        }
        let Some(at) = module_flag(&rest[1..]) else {
            return Some(Invocation { program, arguments: &rest[1..], is_module: false, through });
        };
        let behind = &rest[at + 2..];
        let module = behind.first()?;
        if let Some(inner) = behind_wrapper(module, &behind[1..]) {
            through.push(module);
            // `debugpy --listen 5678 -m uvicorn …`, `debugpy … manage.py runserver`.
            if inner.first().is_some_and(|word| word == "-m") {
                let module = inner.get(1)?;
                let arguments = &inner[2..];
                return Some(Invocation { program: module, arguments, is_module: true, through });
            }
            if inner.first().is_some_and(|word| has_extension(word, "py")) {
                let program = "python";
                return Some(Invocation { program, arguments: inner, is_module: false, through });
            }
            rest = inner;
            continue;
        }
        return Some(Invocation {
            program: module,
            arguments: &behind[1..],
            is_module: true,
            through,
        });
    }
}

impl Invocation<'_> {
    /// Whether one of the programs before it does something for it.
    pub fn is_helped(&self, by: Does) -> bool {
        self.through.iter().any(|program| does(program) == Some(by))
    }
}

/// What a program does for the one it starts.
pub(super) fn does(program: &str) -> Option<Does> {
    WRAPPERS
        .iter()
        .filter(|it| it.programs.iter().any(|name| name == program))
        .find_map(|it| it.does)
}

/// Whether a program is Python.
pub(super) fn is_python(program: &str) -> bool {
    let rest = program.strip_prefix("python").or_else(|| program.strip_prefix("pypy"));
    rest.is_some_and(|rest| rest.bytes().all(|it| it.is_ascii_digit() || it == b'.'))
}

/// Whether a word is a file of a language.
pub(super) fn has_extension(word: &str, extension: &str) -> bool {
    Utf8Path::new(word).extension() == Some(extension)
}

/// The last part of a path.
pub(super) fn base_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or_default()
}

/// Where `-m` stands, if before the script: `-u`, `-X dev`, `-W ignore` may come first.
fn module_flag(arguments: &[String]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = arguments.get(at) {
        match word.as_str() {
            "-m" => return Some(at),
            "-X" | "-W" => at += 2,
            _ if word.starts_with('-') && word.len() > 1 && word != "-c" => at += 1,
            _ => return None,
        }
    }
    None
}

/// The command behind a program that starts others.
fn behind_wrapper<'w>(program: &str, arguments: &'w [String]) -> Option<&'w [String]> {
    let named = WRAPPERS.iter().filter(|it| it.programs.iter().any(|name| name == program));
    named.into_iter().find_map(|wrapper| wrapper.behind(arguments))
}

impl Wrapper {
    fn behind<'w>(&self, arguments: &'w [String]) -> Option<&'w [String]> {
        let mut rest = arguments;
        if self.needs_dashes {
            let at = rest.iter().position(|word| word == "--")?;
            return (at + 1 < rest.len()).then(|| &rest[at + 1..]);
        }
        if let Some(subcommand) = &self.subcommand {
            rest = self.without_options(rest);
            rest = rest.split_first().filter(|(word, _)| *word == subcommand)?.1;
        }
        rest = self.without_options(rest);
        rest = rest.get(self.positionals..)?;
        rest = self.without_options(rest);
        (!rest.is_empty()).then_some(rest)
    }

    /// What stands behind options and `NAME=value`.
    fn without_options<'w>(&self, mut words: &'w [String]) -> &'w [String] {
        while let Some((word, rest)) = words.split_first() {
            if word == "--" {
                return rest;
            }
            // What Python runs belongs to the command.
            if word == "-m" && !self.valued.iter().any(|option| option == "-m") {
                return words;
            }
            let is_assignment = word.split_once('=').is_some_and(|(name, _)| {
                name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
            });
            if self.valued.contains(word) {
                words = rest.get(1..).unwrap_or_default();
            } else if word.starts_with('-') || is_assignment {
                words = rest;
            } else {
                break;
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(command: &str) -> (String, String, String) {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        invocation(&words).map_or_else(Default::default, |it| {
            (it.program.to_owned(), it.arguments.join(" "), it.through.join(" "))
        })
    }

    #[test]
    fn what_only_prepares_is_no_program() {
        for (command, program, arguments, through) in [
            ("/usr/bin/tini -g -- uvicorn app:app", "uvicorn", "app:app", "tini"),
            ("uv run --no-dev --env-file .env flask run", "flask", "run", "uv"),
            ("python3.12 -u -m gunicorn -b :80 a:b", "gunicorn", "-b :80 a:b", ""),
            (
                "gosu app env A=b python manage.py runserver",
                "python",
                "manage.py runserver",
                "gosu env",
            ),
            ("poetry -C /app run uvicorn a:b", "uvicorn", "a:b", "poetry"),
            ("poetry install", "poetry", "install", ""),
            (
                "./wait-for-it.sh db:5432 -t 30 -- celery -A x worker",
                "celery",
                "-A x worker",
                "wait-for-it.sh",
            ),
            ("python -m debugpy --listen 0.0.0.0:5678 -m uvicorn a:b", "uvicorn", "a:b", "debugpy"),
            (
                "python -m debugpy --listen 5678 manage.py runserver",
                "python",
                "manage.py runserver",
                "debugpy",
            ),
            ("newrelic-admin run-program gunicorn a:b", "gunicorn", "a:b", "newrelic-admin"),
            (
                "opentelemetry-instrument --traces_exporter console uvicorn a:b",
                "uvicorn",
                "a:b",
                "opentelemetry-instrument",
            ),
            ("dumb-init -- poetry run python -m app.main", "app.main", "", "dumb-init poetry"),
            ("$SERVER a:b", "", "", ""),
        ] {
            let expected = (program.to_owned(), arguments.to_owned(), through.to_owned());
            assert_eq!(of(command), expected, "{command}");
        }
    }
}
