//! See `dataframe-row-loop.toml`. Knows the methods of pandas by name; nothing of how long a frame is.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Keyword, LogicalLine, Span};

use crate::shared::code::blocks::{block_of, headers_around};
use crate::shared::code::calls;
use crate::shared::code::words::last_part;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if !file.names().imports_module("pandas") {
        return;
    }
    for call in &file.outline.calls {
        if calls::runs_at_import(file, call.name.start)
            || file.outline.under_main_guard(call.name.start)
        {
            continue;
        }
        let message = match last_part(file.slice(call.name)).trim() {
            "iterrows" => row_by_row(file, call),
            "apply" => function_by_row(file, call),
            "concat" => growing(file, call),
            _ => None,
        };
        if let Some(message) = message {
            out.report(Report::at(calls::span(call)).message(message));
        }
    }
}

/// `for _, row in frame.iterrows():` whose body only computes.
fn row_by_row(file: &FileContext<'_>, call: &Call) -> Option<String> {
    let header = file.outline.line_at(call.name.start)?;
    if header.keyword != Keyword::For || reaches_out(file, block_of(file, header)) {
        return None;
    }
    Some("`iterrows` makes a Series of each row".to_owned())
}

/// `frame.apply(…, axis=1)`
fn function_by_row(file: &FileContext<'_>, call: &Call) -> Option<String> {
    let axis = calls::keyword(file, call, "axis")?;
    if !matches!(axis, "1" | "\"columns\"" | "'columns'") || reaches_out(file, call.arguments) {
        return None;
    }
    // Only what is no name may be a frame for certain; a lambda of a row tells it.
    let arguments = calls::arguments(file, call);
    let by = arguments.first()?.value;
    let of_rows = by.starts_with("lambda")
        || by.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'));
    let first = file.slice(call.name).split('.').next().unwrap_or_default();
    (of_rows && first != "np")
        .then(|| "`apply` with `axis=1` calls a function for each row".to_owned())
}

/// `whole = pd.concat([whole, part])` in a loop.
fn growing(file: &FileContext<'_>, call: &Call) -> Option<String> {
    if calls::callee(file, call)? != "pandas.concat" {
        return None;
    }
    let line = file.outline.line_at(call.name.start)?;
    let text = file.slice(line.span);
    let (target, _) = text.split_once('=')?;
    let target = target.trim();
    let is_name = !target.is_empty()
        && target.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'));
    let given = file.slice(calls::inside(call)).trim_start();
    let list = given.strip_prefix(['[', '(']).and_then(|it| it.split([']', ')']).next())?;
    let grows = is_name && list.split(',').any(|it| it.trim() == target);
    let in_loop = headers_around(file, line.span.start)
        .any(|it| matches!(it.keyword, Keyword::For | Keyword::While));
    (grows && in_loop && !is_columns(file, call))
        .then(|| format!("`{target}` is copied whole for each part that is added to it"))
}

fn is_columns(file: &FileContext<'_>, call: &Call) -> bool {
    calls::keyword(file, call, "axis").is_some_and(|it| it.contains('1') || it.contains("columns"))
}

/// Words of calls beside which the price of a row is small.
const SLOWER: [&str; 30] = [
    "post",
    "put",
    "request",
    "execute",
    "executemany",
    "commit",
    "add",
    "save",
    "create",
    "insert",
    "insert_one",
    "send",
    "write",
    "open",
    "upload",
    "fetch",
    "print",
    "sleep",
    "get_or_create",
    "update_or_create",
    "submit",
    "publish",
    "run",
    "invoke",
    "generate",
    "embed",
    "download",
    "upsert",
    "scatter",
    "text",
];

/// Whether a range waits for something, hands rows on, ends early or reaches out of the program, as methods of the
/// object itself may.
fn reaches_out(file: &FileContext<'_>, range: Span) -> bool {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < range.start);
    let mut inside = lines[first..].iter().take_while(|it| it.span.start < range.end);
    let waits = |it: &LogicalLine| {
        let text = file.slice(it.span);
        let ends = matches!(it.keyword, Keyword::Break | Keyword::Return);
        ends || text.contains("await ") || text.contains("yield ")
    };
    if inside.any(waits) {
        return true;
    }
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.name.start < range.start);
    calls[first..].iter().take_while(|it| it.name.start < range.end).any(|it| {
        let name = file.slice(it.name);
        SLOWER.contains(&last_part(name))
            || [
                "self.",
                "requests.",
                "httpx.",
                "session.",
                "client.",
                "db.",
                "cursor.",
                "plt.",
                "ax.",
                "st.",
                "log",
            ]
            .iter()
            .any(|start| name.starts_with(start))
    })
}
