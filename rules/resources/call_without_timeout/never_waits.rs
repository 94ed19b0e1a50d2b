//! Calls that are over before they could wait: they open no connection, are refused, or start what ends by itself. Knows arguments,
//! what names in the file stand for, and the imports of programs of the project.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::Call;

use crate::shared::code::calls::{self, CallArgument};
use crate::shared::code::text::is_of_name;
use crate::shared::code::words::last_part;

/// `urlopen("file:///etc/…")`, `urlopen("data:…")`, and a program whose place nobody has filled in yet.
pub(super) fn opens_no_connection(arguments: &[CallArgument<'_>]) -> bool {
    let first = arguments.first().map_or("", |it| it.value.trim_start_matches(['f', 'r']));
    let first = first.trim_start_matches(['[', '(', '"', '\'']);
    ["file:", "data:", "/path/to/"].iter().any(|it| first.starts_with(it))
}

/// Whether the address is a text without a scheme, or what is sent a text and no bytes: that is refused before anything is opened.
pub(super) fn fails_at_once(
    file: &FileContext<'_>,
    called: &str,
    arguments: &[CallArgument<'_>],
) -> bool {
    if called == "urllib.request.urlopen" {
        return sends_text(file, arguments);
    }
    if !called.starts_with("requests.") || called.contains("ession") {
        return false;
    }
    let is_url = |it: &&CallArgument<'_>| it.keyword.is_none_or(|keyword| keyword == "url");
    let Some(url) = arguments.iter().find(is_url) else { return false };
    let lacks_scheme = |value: &str| {
        let text = value.trim_start_matches(['f', 'r']);
        let begin = text.strip_prefix(['"', '\'']).and_then(|it| it.split_once('/'));
        begin.is_some_and(|(host, _)| {
            let is_of_host = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.');
            host.chars().all(is_of_host)
        })
    };
    if lacks_scheme(url.value) {
        return true;
    }
    let mut bound = file.values().bindings(url.value).iter().peekable();
    bound.peek().is_some()
        && bound.all(|it| it.value.is_some_and(|value| lacks_scheme(file.slice(value))))
}

/// Whether `urlopen` is given a body that is a text: it takes bytes alone
/// (<https://docs.python.org/3/library/urllib.request.html#urllib.request.Request>).
fn sends_text(file: &FileContext<'_>, arguments: &[CallArgument<'_>]) -> bool {
    if body(arguments).is_some_and(|it| is_text(file, it)) {
        return true;
    }
    // What is opened may be a request that was made above.
    let Some(first) = arguments.first().filter(|it| it.keyword.is_none()) else { return false };
    let mut bound = file.values().bindings(first.value).iter().peekable();
    bound.peek().is_some()
        && bound.all(|it| {
            let request = it.value.and_then(|value| {
                file.outline.calls.iter().find(|it| it.name.start == value.start)
            });
            request.is_some_and(|it| {
                last_part(&calls::written(file, it)) == "Request"
                    && body(&calls::arguments(file, it)).is_some_and(|it| is_text(file, it))
            })
        })
}

/// The body among the arguments of `urlopen` and `Request`.
fn body<'a>(arguments: &[CallArgument<'a>]) -> Option<&'a str> {
    let named = arguments.iter().find(|it| it.keyword == Some("data"));
    let second = || arguments.get(1).filter(|it| it.keyword.is_none());
    named.or_else(second).map(|it| it.value)
}

/// Whether a value is a text that is written out, or a name that stands for such texts alone.
fn is_text(file: &FileContext<'_>, value: &str) -> bool {
    let is_written = |it: &str| calls::literal(it).is_some() && it.starts_with(['"', '\'']);
    if is_written(value) {
        return true;
    }
    let mut bound = file.values().bindings(value).iter().peekable();
    value.chars().all(is_of_name)
        && bound.peek().is_some()
        && bound.all(|it| it.value.is_some_and(|it| is_written(file.slice(it))))
}

/// Whether Python is started with a program of the project that asks nobody: all that it imports computes, or handles files here.
pub(super) fn runs_own_program(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(command) = calls::arguments(file, call).into_iter().next() else { return false };
    if !calls::written(file, call).starts_with("subprocess.")
        || !command.value.contains("sys.executable")
    {
        return false;
    }
    let is_of_value = |it: char| is_of_name(it) || it == '.';
    let mut names = command.value.split(|it| !is_of_value(it)).filter(|it| !it.is_empty());
    let written = program_in(command.value);
    let program = written.or_else(|| {
        names.find_map(|name| {
            let mut bound = file.values().bindings(name).iter();
            bound.find_map(|it| program_in(file.slice(it.value?)))
        })
    });
    let Some((facts, _)) = file.in_facts() else { return false };
    program.is_some_and(|name| {
        let mut programs =
            facts.project().files.iter().filter(|it| it.path.file_name() == Some(name)).peekable();
        programs.peek().is_some()
            && programs.all(|it| {
                facts.python(&it.path).is_some_and(|python| {
                    let text = python.source.text();
                    let mut imports = python.outline.imports.iter();
                    imports.all(|it| {
                        let name = it.module.of_text(text);
                        let first = name.split('.').next().unwrap_or_default();
                        it.level == 0 && COMPUTES.contains(&first)
                    }) && !WAITS.iter().any(|it| text.contains(it))
                })
            })
    })
}

/// The name of the program of Python that a text in code names.
fn program_in(code: &str) -> Option<&str> {
    let mut parts = code.split(['"', '\'', '/', ' ']);
    parts.find(|it| Utf8Path::new(it).extension() == Some("py"))
}

/// What asks somebody, starts another program or goes on for ever, by modules that else only compute.
const WAITS: [&str; 7] =
    ["input(", "os.exec", "os.system(", "popen(", "sys.stdin", "while 1", "while True"];

/// Modules that compute, or handle files of the same machine.
const COMPUTES: [&str; 33] = [
    "PIL",
    "__future__",
    "argparse",
    "base64",
    "collections",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "glob",
    "hashlib",
    "io",
    "itertools",
    "json",
    "logging",
    "math",
    "numpy",
    "os",
    "pathlib",
    "random",
    "re",
    "shutil",
    "statistics",
    "string",
    "sys",
    "tempfile",
    "textwrap",
    "time",
    "typing",
    "uuid",
    "yaml",
];
