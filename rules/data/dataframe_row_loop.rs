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
        out.judged_if(|| {
            matches!(last_part(file.slice(call.name)).trim(), "iterrows" | "apply" | "concat")
        });
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

/// `for _, row in frame.iterrows():` whose body writes cells back, or only computes: what columns do at once.
fn row_by_row(file: &FileContext<'_>, call: &Call) -> Option<String> {
    let header = file.outline.line_at(call.name.start)?;
    if header.keyword != Keyword::For || is_part(file, call) {
        return None;
    }
    let body = Span::new(header.span.end, block_of(file, header).end);
    let vectorises =
        writes_cells(file, body) && !reaches_out(file, body) || only_computes(file, body);
    vectorises
        .then(|| "`iterrows` makes a Series of each row, for what columns do at once".to_owned())
}

/// Whether only some of the rows are gone through: `frame.head(5).iterrows()`.
fn is_part(file: &FileContext<'_>, call: &Call) -> bool {
    call.attached
        && calls::receiver(file, call)
            .is_some_and(|it| matches!(last_part(file.slice(it.name)), "head" | "tail" | "sample"))
}

/// Whether the lines of a range write single cells: `frame.at[index, "total"] = …`
fn writes_cells(file: &FileContext<'_>, range: Span) -> bool {
    lines_in(file, range).any(|line| {
        let Some((target, rest)) = file.slice(line.span).split_once('=') else { return false };
        !rest.starts_with('=')
            && [".at[", ".iat[", ".loc[", ".iloc["].iter().any(|it| target.contains(it))
    })
}

/// Whether a range waits for others, beside which the price of a row is small.
fn reaches_out(file: &FileContext<'_>, range: Span) -> bool {
    lines_in(file, range).any(|it| file.slice(it.span).contains("await "))
        || calls_in(file, range).any(|it| {
            let name = file.slice(it.name);
            ["requests.", "httpx.", "session.", "client.", "db.", "cursor.", "self."]
                .iter()
                .any(|start| name.starts_with(start))
        })
}

/// Whether nothing in a range calls anything but what makes a number or a text, and nothing waits, ends or is handed on.
fn only_computes(file: &FileContext<'_>, range: Span) -> bool {
    let ends = |it: &LogicalLine| {
        let text = file.slice(it.span);
        matches!(it.keyword, Keyword::Break | Keyword::Return | Keyword::Raise)
            || text.contains("await ")
            || text.contains("yield ")
    };
    !lines_in(file, range).any(ends)
        && calls_in(file, range).all(|it| PLAIN.contains(&last_part(file.slice(it.name))))
}

/// What a column does to all its values at once as well.
const PLAIN: [&str; 12] = [
    "abs", "bool", "float", "int", "isna", "isnull", "max", "min", "notna", "notnull", "round",
    "str",
];

fn lines_in<'a>(file: &FileContext<'a>, range: Span) -> impl Iterator<Item = &'a LogicalLine> {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < range.start);
    lines[first..].iter().take_while(move |it| it.span.start < range.end)
}

fn calls_in<'a>(file: &FileContext<'a>, range: Span) -> impl Iterator<Item = &'a Call> {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.name.start < range.start);
    calls[first..].iter().take_while(move |it| it.name.start < range.end)
}

/// `frame.apply(lambda row: …, axis=1)` that only computes.
fn function_by_row(file: &FileContext<'_>, call: &Call) -> Option<String> {
    let axis = calls::keyword(file, call, "axis")?;
    let arguments = calls::arguments(file, call);
    let by = arguments.first()?.value;
    let is_told = matches!(axis, "1" | "\"columns\"" | "'columns'")
        && by.starts_with("lambda")
        && only_computes(file, call.arguments);
    is_told.then(|| {
        "`apply` with `axis=1` calls a function for each row, for what columns do at once"
            .to_owned()
    })
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
    let mut headers = headers_around(file, line.span.start);
    let header = headers.find(|it| matches!(it.keyword, Keyword::For | Keyword::While))?;
    let grows = grows
        && is_long(file.slice(header.span))
        && !is_made_anew(file, header, target)
        && !is_columns(file, call);
    grows.then(|| format!("`{target}` is copied whole for each part that is added to it"))
}

/// Whether a loop goes through files, pages or days, of which there will be more.
fn is_long(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    header.starts_with("while")
        || ["file", "path", "glob", "listdir", "chunk", "page", "batch", "date", "day", "month"]
            .iter()
            .any(|it| header.contains(it))
}

/// Whether each turn of a loop begins with a frame of its own.
fn is_made_anew(file: &FileContext<'_>, header: &LogicalLine, target: &str) -> bool {
    let body = Span::new(header.span.start, block_of(file, header).end);
    let bindings = file.values().bindings(target).iter();
    bindings
        .filter(|it| it.at >= body.start && it.at < body.end)
        .any(|it| it.value.is_none_or(|value| !file.slice(value).contains("concat(")))
}

fn is_columns(file: &FileContext<'_>, call: &Call) -> bool {
    calls::keyword(file, call, "axis").is_some_and(|it| it.contains('1') || it.contains("columns"))
}
