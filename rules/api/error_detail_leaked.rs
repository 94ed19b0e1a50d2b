//! See `error-detail-leaked.toml`. Knows responders and errors of libraries (`error_detail_leaked/responses.toml`) and one handler; not what
//! a function of the project makes of an error.

use std::sync::LazyLock;

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Definition, Keyword, LogicalLine, Span};
use serde::Deserialize;

use crate::shared::code::arguments::{call_around, is_below};
use crate::shared::code::names::{Used, names_in};
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{blocks, calls, choice};
use crate::shared::frameworks::entry_points::{self, EntryPoint};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if !TABLE.frameworks.iter().any(|module| file.names().imports_module(module))
        && !file.source.text().contains("def lambda_handler(")
    {
        return;
    }
    let handlers = file.outline.lines.iter().filter(|line| line.keyword == Keyword::Except);
    let clauses = handlers.filter_map(|line| Caught::of_clause(file, line));
    let functions = file.outline.definitions.iter().filter(|it| it.is_function());
    let registered = functions.filter_map(|function| Caught::of_function(file, function));
    for caught in clauses.chain(registered) {
        let ranges = answers(file, &caught);
        let Some(first) = ranges.first() else { continue };
        if !file.pedantic() && reports_health(file, first.start) {
            continue;
        }
        // Handlers that answer without the text are sites, too: the share of the others decides whether findings fold.
        out.judged();
        let Some(leak) = leak(file, &caught, &ranges) else { continue };
        let is_traceback = file.slice(leak).contains("format_exc");
        let what = if is_traceback {
            "the traceback of an error".to_owned()
        } else if caught.of_database {
            format!("the text of a database error, {},", caught.what)
        } else {
            format!("the text of {}", caught.what)
        };
        out.report(Report::at(leak).message(format!("{what} goes to the client")));
    }
}

/// An error that nobody expected, and where it is handled.
struct Caught<'a> {
    /// The name it is bound to; empty without one.
    name: &'a str,
    /// The code that handles it.
    range: Span,
    /// What it is, as a message names it.
    what: String,
    /// Whether it is a database's, whose text holds statements, names of tables and values.
    of_database: bool,
}

impl<'a> Caught<'a> {
    /// `except Exception as e:`
    fn of_clause(file: &FileContext<'a>, line: &LogicalLine) -> Option<Self> {
        let header = file.slice(line.span).strip_prefix("except")?;
        let header = header.split(':').next()?.trim_start_matches('*').trim();
        let (types, name) = header.split_once(" as ").unwrap_or((header, ""));
        let (what, of_database) = unexpected(file, types, line.span.start)?;
        Some(Self { name: name.trim(), range: blocks::block_of(file, line), what, of_database })
    }

    /// `@app.exception_handler(Exception)` and `@app.errorhandler(500)`
    fn of_function(file: &FileContext<'a>, function: &Definition) -> Option<Self> {
        let decorators = file.outline.decorators(function).iter().map(|&it| file.slice(it));
        let mut handled = decorators.filter_map(|text| {
            let (name, arguments) = text.split_once('(')?;
            let registers = matches!(last_part(name.trim()), "exception_handler" | "errorhandler");
            registers.then(|| arguments.trim_end().trim_end_matches(')'))
        });
        let types = handled.next()?;
        let (what, of_database) = match types.trim() {
            "500" => ("any error".to_owned(), false),
            types => unexpected(file, types, function.header.start)?,
        };
        let parameter = file.outline.signature(function).parameters.last()?;
        Some(Self { name: file.slice(parameter.name), range: function.body, what, of_database })
    }
}

/// Whether what answers is there to tell operators how the service does.
fn reports_health(file: &FileContext<'_>, offset: u32) -> bool {
    const HEALTH: [&str; 9] = [
        "health",
        "healthcheck",
        "healthz",
        "live",
        "liveness",
        "ping",
        "readiness",
        "ready",
        "readyz",
    ];
    let tells = |name: &str| words(name).iter().any(|it| HEALTH.contains(&it.as_str()));
    let mut functions = file.outline.enclosing(offset);
    tells(file.path_inside()) || functions.any(|it| tells(file.slice(it.name)))
}

/// What a handler catches that has no text for clients, and whether it is a database's.
fn unexpected(file: &FileContext<'_>, types: &str, offset: u32) -> Option<(String, bool)> {
    let types = types.trim().trim_start_matches('(').trim_end_matches(')');
    let found = types.split(',').map(str::trim).find_map(|name| match last_part(name) {
        "" if types.len() < 24 => Some(("any error".to_owned(), false)),
        "Exception" | "BaseException" => Some(("any error".to_owned(), false)),
        _ => {
            let resolved = file.names().resolve(name, offset)?;
            let of_database = is_below(&resolved, &TABLE.databases);
            let known = of_database || is_below(&resolved, &TABLE.errors);
            known.then(|| (format!("`{}`", last_part(&resolved)), of_database))
        }
    })?;
    Some(found)
}

/// What goes to the client while an error is handled.
fn answers(file: &FileContext<'_>, caught: &Caught<'_>) -> Vec<Span> {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|line| line.span.start < caught.range.start);
    let inside = lines[first..].iter().take_while(|line| line.span.start < caught.range.end);
    inside.filter_map(|line| sent(file, line)).collect()
}

/// Where the text of an error is put into a response.
fn leak(file: &FileContext<'_>, caught: &Caught<'_>, answers: &[Span]) -> Option<Span> {
    answers.iter().find_map(|&range| {
        let found = text_of(file, range, caught)?;
        let chosen = || {
            let offset = found.start;
            let line = file.outline.line_at(offset).map_or("", |line| file.slice(line.span));
            line.contains("isinstance(")
                || choice::is_chosen(file, offset)
                || blocks::headers_around(file, offset)
                    .take_while(|line| line.span.start > caught.range.start)
                    .any(|line| file.slice(line.span).contains("isinstance("))
        };
        // Django REST framework's `Response(exception=e)` is a flag.
        let flag = file.source.text()[..found.start as usize].ends_with("exception=");
        (!flag && (file.pedantic() || !chosen())).then_some(found)
    })
}

/// The part of a line that goes to the client.
fn sent(file: &FileContext<'_>, line: &LogicalLine) -> Option<Span> {
    if !matches!(line.keyword, Keyword::Raise | Keyword::Return | Keyword::Other) {
        return None;
    }
    let calls = &file.outline.calls;
    let first = calls.partition_point(|call| call.name.start < line.span.start);
    let mut inside = calls[first..].iter().take_while(|call| call.name.start < line.span.end);
    if let Some(call) = inside.find(|call| responds(file, call, line.keyword)) {
        return Some(call.arguments);
    }
    if line.keyword != Keyword::Return {
        return None;
    }
    let text = file.slice(line.span);
    let value = text["return".len()..].trim_start();
    let display = value.starts_with(['{', '(', '"', '\'']) || value.starts_with("f\"");
    let start = line.span.end - value.len() as u32;
    let is_route = || entry_points::around(file, start) == Some(EntryPoint::Route);
    (display && is_route()).then(|| Span::new(start, line.span.end))
}

fn responds(file: &FileContext<'_>, call: &Call, keyword: Keyword) -> bool {
    let written = calls::written(file, call);
    let last = last_part(&written);
    if !TABLE.responders.iter().any(|it| it == last) {
        return false;
    }
    // What is neither raised nor returned is sent only by what raises itself.
    if keyword == Keyword::Other && last != "abort" {
        return false;
    }
    let called = calls::callee(file, call);
    called.is_some_and(|called| is_below(&called, &TABLE.frameworks))
}

/// Where a range shows the text of an error: by its name, by a name that was made of it, or as a traceback.
fn text_of(file: &FileContext<'_>, range: Span, caught: &Caught<'_>) -> Option<Span> {
    shown(file, range, caught).or_else(|| {
        let used = names_in(file, range, shows);
        used.into_iter().find(|it| is_made_of(file, it, caught)).map(span_of)
    })
}

fn shown(file: &FileContext<'_>, range: Span, caught: &Caught<'_>) -> Option<Span> {
    let used = names_in(file, range, shows);
    let found = used.into_iter().find(|it| {
        let (first, rest) = it.name.split_once('.').unwrap_or((it.name, ""));
        let is_error = !caught.name.is_empty() && first == caught.name;
        (is_error && matches!(rest, "" | "args" | "message" | "msg" | "orig") && !it.called)
            || (it.called && last_part(it.name) == "format_exc")
    })?;
    if found.called {
        let calls = &file.outline.calls;
        return calls
            .binary_search_by_key(&found.at, |call| call.name.start)
            .ok()
            .map(|index| calls::span(&calls[index]));
    }
    let around = call_around(file, found.at)
        .filter(|call| matches!(&*calls::written(file, call), "str" | "repr"));
    Some(around.map_or(span_of(found), calls::span))
}

fn span_of(used: Used<'_>) -> Span {
    Span::new(used.at, used.at + used.name.len() as u32)
}

/// `message = f"failed: {e}"` in the same handler.
fn is_made_of(file: &FileContext<'_>, used: &Used<'_>, caught: &Caught<'_>) -> bool {
    let mut bindings = file.values().bindings(used.name).iter();
    let binding = bindings.rfind(|it| caught.range.contains(it.at) && it.at < used.at);
    let value = binding.and_then(|it| it.value);
    value.is_some_and(|value| {
        !file.slice(value).contains("isinstance(") && shown(file, value, caught).is_some()
    })
}

/// Calls that keep the text of what they are given: those of texts, and classes of responses.
fn shows(name: &str) -> bool {
    let last = last_part(name);
    matches!(last, "str" | "repr" | "format" | "dict" | "dumps" | "jsonify" | "list" | "json")
        || last.starts_with(|letter: char| letter.is_ascii_uppercase())
}

#[derive(Deserialize)]
struct Table {
    frameworks: Vec<String>,
    responders: Vec<String>,
    databases: Vec<String>,
    errors: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("error_detail_leaked/responses.toml"))
        .expect("a test reads the table")
});
