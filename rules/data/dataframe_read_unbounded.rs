//! See `dataframe-read-unbounded.toml`. Knows readers of pandas and which functions a framework calls; nothing of how large
//! a file is.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::Call;
use roadworthy_project::Role;
use roadworthy_project::facts::profile::Profile;

use crate::shared::code::calls::{self, CallArgument};
use crate::shared::code::words::last_part;
use crate::shared::frameworks::entry_points::{self, EntryPoint};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if !file.names().imports_module("pandas") {
        return;
    }
    for call in &file.outline.calls {
        let name = last_part(file.slice(call.name)).trim();
        out.judged_if(|| {
            calls::callee(file, call).is_some_and(|it| it.starts_with("pandas.read_"))
        });
        if !name.starts_with("read_") || !is_whole(file, call, name) {
            continue;
        }
        let place = match called_for(file, call.name.start) {
            Some(EntryPoint::Route) => "for each request",
            // A sheet has an end that people can scroll to.
            Some(EntryPoint::Task) if name != "read_excel" => "for each run",
            None if names_foreign_file(file, call) && is_service(file) => "in a service",
            _ => continue,
        };
        if asks_size(file, call) {
            continue;
        }
        let message = format!("`{name}` reads its source into memory whole, {place}");
        out.report(Report::at(calls::span(call)).message(message));
    }
}

/// Whether a reader is given the name of a file that is not part of the project, as the code runs and not when it is loaded.
fn names_foreign_file(file: &FileContext<'_>, call: &Call) -> bool {
    let arguments = calls::arguments(file, call);
    let path = arguments.first().and_then(|it| calls::literal(it.value));
    path.is_some()
        && file.role == Role::Application
        && !calls::runs_at_import(file, call.name.start)
}

fn is_service(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        let profiles = facts.profiles().get(known.component);
        profiles.is_some_and(|it| it.is(Profile::Service))
    })
}

/// What the function around an offset is called for, by a framework or by a function of the file that a framework calls.
fn called_for(file: &FileContext<'_>, offset: u32) -> Option<EntryPoint> {
    entry_points::around(file, offset).or_else(|| {
        let function = file.function_at(offset)?;
        let name = file.slice(function.name);
        let mut callers = file.outline.calls.iter().filter(|it| file.slice(it.name) == name);
        callers.find_map(|it| entry_points::around(file, it.name.start))
    })
}

/// Whether a reader of pandas takes all there is, from a place that is not written here.
fn is_whole(file: &FileContext<'_>, call: &Call, name: &str) -> bool {
    if calls::callee(file, call).is_none_or(|it| it != format!("pandas.{name}")) {
        return false;
    }
    let arguments = calls::arguments(file, call);
    let limits =
        ["usecols", "columns", "nrows", "chunksize", "iterator", "filters", "params", "dtype"];
    let is_limited = arguments
        .iter()
        .any(|it| it.keyword.is_some_and(|it| limits.contains(&it)) || it.value.starts_with('*'));
    let Some(source) = arguments.iter().find(|it| it.keyword.is_none()) else { return false };
    match name {
        _ if is_limited => false,
        "read_sql" | "read_sql_query" => takes_whole_table(source),
        "read_sql_table" => true,
        "read_csv" | "read_parquet" | "read_excel" | "read_json" => !is_own(file, source),
        _ => false,
    }
}

/// `SELECT * FROM table`, and nothing behind it.
fn takes_whole_table(query: &CallArgument<'_>) -> bool {
    let Some(text) = calls::literal(query.value) else { return false };
    let text = text.to_ascii_lowercase();
    text.trim_start().starts_with("select")
        && text.contains(" from ")
        && !["where", "limit", "group by", "count(", "sum(", "max(", "top ", "fetch first", "join"]
            .iter()
            .any(|it| text.contains(it))
}

/// A file that the code names, or text in hand.
fn is_own(file: &FileContext<'_>, source: &CallArgument<'_>) -> bool {
    let text = source.value;
    if let Some(path) = calls::literal(text) {
        return path.contains("://") || lies_in_project(file, path);
    }
    let first = text.split(['.', '[', '(']).next().unwrap_or_default();
    text.contains("StringIO")
        || text.contains("__file__")
        || first.bytes().all(|it| !it.is_ascii_lowercase())
        || file.values().constant(first).is_some()
}

/// Whether a file of that name is part of the project, and so no larger than what people keep there. Of one that comes from
/// elsewhere nobody knows how it grows.
fn lies_in_project(file: &FileContext<'_>, path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let Some((facts, _)) = file.in_facts() else { return true };
    facts.tree().files().any(|it| it.file_name() == Some(name))
}

/// Whether the function around a call asks for a size.
fn asks_size(file: &FileContext<'_>, call: &Call) -> bool {
    file.function_at(call.name.start).is_some_and(|function| {
        let text = file.slice(function.body).to_ascii_lowercase();
        ["size", "content_length", "content-length", "max_bytes", "limit"]
            .iter()
            .any(|it| text.contains(it))
    })
}
