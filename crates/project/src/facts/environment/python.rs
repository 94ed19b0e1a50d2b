//! Where Python reads environment variables: `os.environ`, `os.getenv`, and the libraries decouple, environs,
//! django-environ and Starlette. Knows their calls, by text and outline, without a tree.

use memchr::memmem;
use roadworthy_parser::{Call, Keyword, Span, StringLiteral};

use super::{Environment, Read};
use crate::facts::{Located, Place, PythonFile};

/// Whether a file may read variables at all.
pub(super) fn may_read(bytes: &[u8]) -> bool {
    ["environ", "getenv", "BaseSettings", "decouple", "starlette.config"]
        .iter()
        .any(|it| memmem::find(bytes, it.as_bytes()).is_some())
}

/// Libraries whose objects are called with the name of a variable: the module that a file imports, and how the call
/// names that object.
const LIBRARIES: [(&str, &str); 4] = [
    ("decouple", "config"),
    ("starlette.config", "config"),
    ("environs", "env"),
    ("environ", "env"),
];

/// Takes what a file reads.
pub(super) fn read(file: &PythonFile, environment: &mut Environment) {
    let first = environment.reads.len();
    read_environ(file, environment);
    let callers = callers(file);
    let mut with_default = Vec::new();
    let mut scheme_is_open = false;
    for call in &file.outline.calls {
        let name = file.source.slice(call.name);
        let last = name.rsplit('.').next().unwrap_or_default();
        if last == "getenv" {
            take_call(file, call, false, environment);
        } else if callers.iter().any(|it| name == *it || is_method(name, it)) {
            take_call(file, call, !has_default(file, call), environment);
        } else if matches!(last, "Env" | "FileAwareEnv") && callers.contains(&"env") {
            let scheme = file.source.slice(call.arguments);
            with_default.extend(keywords(scheme));
            scheme_is_open |= scheme.contains("**");
        }
    }
    // What is asked for elsewhere in the file, or looked for first, is not required where it is taken.
    let reads = &mut environment.reads[first..];
    let optional: Vec<String> =
        reads.iter().filter(|it| !it.required).map(|it| it.name.value.clone()).collect();
    for read in reads {
        let name = &read.name.value;
        read.required &=
            !scheme_is_open && !optional.contains(name) && !with_default.contains(&name.as_str());
    }
}

/// The names before `=(` in the scheme that django-environ is given: types with defaults
/// (<https://django-environ.readthedocs.io/en/latest/quickstart.html>).
fn keywords(arguments: &str) -> impl Iterator<Item = &str> {
    let before = |at: usize| {
        let text = arguments[..at].trim_end();
        let start = text.rfind(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        &text[start.map_or(0, |it| it + 1)..]
    };
    arguments.match_indices('=').map(move |(at, _)| before(at))
}

/// How the objects are called that read variables in this file.
fn callers(file: &PythonFile) -> Vec<&'static str> {
    let imports = |module: &str| {
        file.outline
            .imports
            .iter()
            .any(|it| it.level == 0 && file.source.slice(it.module) == module)
    };
    let known = LIBRARIES.iter().filter(|(module, _)| imports(module));
    let text = file.source.text();
    // A prefix that is set for a while changes the names.
    let callers = known.map(|(_, caller)| *caller);
    callers.filter(|_| !text.contains(".prefixed(")).collect()
}

/// `env.str("X")`, `env.bool("X", default=False)`.
fn is_method(name: &str, caller: &str) -> bool {
    const METHODS: [&str; 16] = [
        "str",
        "bool",
        "int",
        "float",
        "decimal",
        "list",
        "tuple",
        "dict",
        "json",
        "url",
        "path",
        "db",
        "db_url",
        "cache",
        "cache_url",
        "log_level",
    ];
    let method = name.strip_prefix(caller).and_then(|it| it.strip_prefix('.'));
    method.is_some_and(|it| METHODS.contains(&it))
}

fn take_call(file: &PythonFile, call: &Call, required: bool, environment: &mut Environment) {
    match name_argument(file, call.arguments.start + 1) {
        Some(literal) => take(file, literal, required, environment),
        None => not_literal(environment),
    }
}

fn not_literal(environment: &mut Environment) {
    let reason = "names are put together at run time";
    if environment.unknown.is_empty() {
        environment.unknown.push(reason.to_owned());
    }
}

/// Whether a call has a second argument that stands in.
fn has_default(file: &PythonFile, call: &Call) -> bool {
    let text = file.source.slice(call.arguments);
    if memmem::find(text.as_bytes(), b"default").is_some() {
        return true;
    }
    let Some(literal) = argument(file, call.arguments.start + 1) else { return true };
    let rest = &file.source.text()[literal.span.end as usize..call.arguments.end as usize];
    let second = rest.trim_start().strip_prefix(',').unwrap_or_default().trim_start();
    // A keyword such as `cast=int` stands in for nothing.
    let word = second.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(0);
    let is_keyword = second[word..].trim_start().starts_with('=');
    !second.is_empty() && !second.starts_with(')') && !is_keyword
}

/// The string literal that an argument begins with, white space left out, if it is plain.
pub(super) fn argument(file: &PythonFile, from: u32) -> Option<&StringLiteral> {
    let text = file.source.text().get(from as usize..)?;
    let at = from + (text.len() - text.trim_start().len()) as u32;
    let strings = &file.outline.strings;
    let index = strings.binary_search_by_key(&at, |it| it.span.start).ok()?;
    Some(&strings[index]).filter(|it| !it.interpolated && !it.bytes)
}

/// The same, where nothing is joined to it: a name that is put together is not known.
fn name_argument(file: &PythonFile, from: u32) -> Option<&StringLiteral> {
    let behind = |it: &StringLiteral| file.source.text()[it.span.end as usize..].trim_start();
    argument(file, from).filter(|it| behind(it).starts_with([',', ')', ']']))
}

/// Whether a text can be the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
        && !text.starts_with(|it: char| it.is_ascii_digit())
}

fn take(file: &PythonFile, literal: &StringLiteral, required: bool, environment: &mut Environment) {
    let span = literal.content();
    let name = file.source.slice(span);
    if is_name(name) {
        let place = Place::new(file.path.clone(), span);
        let required = required && !is_guarded(file, span.start);
        let name = Located { value: name.to_owned(), place };
        environment.reads.push(Read { name, required });
    }
}

/// `os.environ["X"]`, `os.environ.get("X")`, `"X" in os.environ`.
fn read_environ(file: &PythonFile, environment: &mut Environment) {
    let text = file.source.text();
    // WSGI calls its requests so as well.
    let imported =
        file.outline.imports.iter().any(|it| {
            file.source.slice(it.module) == "os" && file.source.slice(it.name) == "environ"
        });
    for at in memmem::find_iter(text.as_bytes(), b"environ") {
        let end = at + b"environ".len();
        let is_word = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
        let bytes = text.as_bytes();
        let inside =
            at > 0 && is_word(bytes[at - 1]) || bytes.get(end).copied().is_some_and(is_word);
        let is_os = text[..at].ends_with("os.") || imported;
        if inside || !is_os || in_text(file, at as u32) {
            continue;
        }
        let rest = &text[end..];
        if rest.starts_with('[') {
            read_subscript(file, at, end, environment);
        } else if let Some(method) = rest.strip_prefix('.') {
            let length = method.find('(').unwrap_or(0);
            let from = (end + 1 + length + 1) as u32;
            match (&method[..length], name_argument(file, from)) {
                ("get" | "pop" | "setdefault", Some(literal)) => {
                    take(file, literal, false, environment);
                }
                ("get" | "pop", None) => not_literal(environment),
                _ => {}
            }
        } else if let Some(literal) = looked_for(file, at) {
            take(file, literal, false, environment);
        }
    }
}

fn read_subscript(file: &PythonFile, at: usize, end: usize, environment: &mut Environment) {
    let text = file.source.text();
    let Some(literal) = name_argument(file, end as u32 + 1) else {
        return not_literal(environment);
    };
    let behind = &text[literal.span.end as usize..];
    let Some(behind) = behind.trim_start().strip_prefix(']') else { return };
    let behind = behind.trim_start();
    let is_set = behind.starts_with('=') && !behind.starts_with("==");
    let line = file.outline.line_at(at as u32);
    let is_deleted = line.is_some_and(|it| it.keyword == Keyword::Del);
    if !is_set && !is_deleted {
        take(file, literal, true, environment);
    }
}

/// The literal of `"X" in os.environ`, with the offset of `environ`.
fn looked_for(file: &PythonFile, at: usize) -> Option<&StringLiteral> {
    let before = file.source.text()[..at].trim_end_matches("os.").trim_end();
    let before = before.strip_suffix("in")?.trim_end();
    let before = before.strip_suffix("not").unwrap_or(before).trim_end();
    let end = before.len() as u32;
    let strings = &file.outline.strings;
    let last = strings.partition_point(|it| it.span.start < end).checked_sub(1)?;
    Some(&strings[last]).filter(|it| it.span.end == end && !it.interpolated)
}

fn in_text(file: &PythonFile, at: u32) -> bool {
    let comments = &file.outline.comments;
    let last = comments.partition_point(|it| it.start <= at).checked_sub(1);
    let in_comment = last.is_some_and(|it| comments[it].contains(at));
    let string = file.outline.string_at(at);
    in_comment || string.is_some_and(|it| !it.interpolated)
}

/// Whether a `try` or a condition is around a place, so that what is missing there is taken care of, or needed by some only.
fn is_guarded(file: &PythonFile, at: u32) -> bool {
    let lines = &file.outline.lines;
    let Some(last) = lines.partition_point(|it| it.span.start <= at).checked_sub(1) else {
        return false;
    };
    let (mut indent, scope) = (lines[last].indent, lines[last].scope);
    let around = lines[..last].iter().rev().take_while(|it| it.scope == scope || it.indent > 0);
    for line in around.filter(|it| it.scope == scope) {
        if line.indent < indent {
            indent = line.indent;
            let guards = [Keyword::Try, Keyword::If, Keyword::Elif, Keyword::Else, Keyword::Except];
            if guards.contains(&line.keyword) {
                return true;
            }
        }
        if indent == 0 {
            break;
        }
    }
    // `X if "X" in os.environ else None` stands on the line itself.
    let line = file.source.slice(lines[last].span);
    lines[last].keyword == Keyword::If || line.contains(" if ") && line.contains(" else ")
}

/// What stands in a span, for tests and settings.
pub(super) fn slice(file: &PythonFile, span: Span) -> &str {
    file.source.slice(span)
}
