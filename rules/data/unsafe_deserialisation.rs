//! See `unsafe-deserialisation.toml`. Knows loaders (the facts are data: `unsafe_deserialisation/loaders.toml`) and where
//! their data comes from within one function; nothing of who may write a file.

use std::borrow::Cow;
use std::sync::LazyLock;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Span};
use serde::Deserialize;

use crate::shared::code::calls;
use crate::shared::code::words::last_part;
use crate::shared::frameworks::entry_points::{EntryPoint, entry_point};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        out.judged_if(|| reads(file, call));
        let last = last_part(file.slice(call.name)).trim();
        if !matches!(
            last,
            "load" | "loads" | "decode" | "unsafe_load" | "load_all" | "Unpickler" | "read_pickle"
        ) {
            continue;
        }
        let Some(callee) = calls::callee(file, call) else { continue };
        match callee.as_str() {
            "yaml.load" | "yaml.load_all" | "yaml.unsafe_load" | "yaml.unsafe_load_all" => {
                yaml(file, call, &callee, out);
            }
            "torch.load" => torch(file, call, out),
            name if TABLE.loader.iter().any(|row| row.names.iter().any(|it| it == name)) => {
                any(file, call, &callee, out);
            }
            _ => {}
        }
    }
}

/// Whether a call reads data by something that could run code in it.
fn reads(file: &FileContext<'_>, call: &Call) -> bool {
    calls::callee(file, call).is_some_and(|it| match it.strip_prefix("yaml.") {
        Some(name) => name.contains("load"),
        None => it == "torch.load" || TABLE.loader.iter().any(|row| row.names.contains(&it)),
    })
}

/// Where data comes from, by how many may write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// The code's own files and bytes.
    Own,
    /// Nothing tells.
    Unknown,
    /// A cache that several programs share.
    Store(&'static str),
    /// A request, a queue, a download.
    Outside(&'static str),
}

fn any(file: &FileContext<'_>, call: &Call, callee: &str, out: &mut Reporter<'_>) {
    let source = source_of(file, call);
    let report = Report::at(calls::span(call));
    let report = match source {
        Source::Own => return,
        Source::Unknown if !has_travelled(file, call) => return,
        Source::Unknown => report
            .message(format!(
                "`{callee}` runs code that its data names; who writes it, runs it here"
            ))
            .severity(Severity::Info),
        Source::Store(what) => {
            report.message(format!("`{callee}` runs code in what {what}")).severity(Severity::Info)
        }
        Source::Outside(what) => report
            .message(format!("`{callee}` runs code in what {what}"))
            .severity(level_outside(what)),
    };
    out.report(report);
}

/// How bad it is that data comes from outside: anybody writes a request. Queues and sockets are mostly filled by the project
/// itself, and most of what it downloads is its own.
fn level_outside(what: &str) -> Severity {
    if what == IN_REQUEST { Severity::Error } else { Severity::Warning }
}

/// Whether bytes were text on their way here: in a column, a cookie, a message. Of others nothing tells that anybody else
/// writes them.
fn has_travelled(file: &FileContext<'_>, call: &Call) -> bool {
    let text = file.slice(call.arguments);
    ["b64decode(", "fromhex(", "unhexlify("].iter().any(|it| text.contains(it))
}

/// Whether the module writes such data itself: a file that it reads is most likely what it kept.
fn writes_such(file: &FileContext<'_>) -> bool {
    file.outline.calls.iter().any(|call| match last_part(file.slice(call.name)) {
        "to_pickle" => true,
        "dump" | "dumps" | "save" | "Pickler" => calls::callee(file, call).is_some_and(|callee| {
            let library = callee.split('.').next().unwrap_or_default();
            let mut names = TABLE.loader.iter().flat_map(|row| &row.names);
            library == "torch" || names.any(|it| it.split('.').next() == Some(library))
        }),
        _ => false,
    })
}

/// YAML is safe by its loader.
fn yaml(file: &FileContext<'_>, call: &Call, callee: &str, out: &mut Reporter<'_>) {
    let arguments = calls::arguments(file, call);
    let by_keyword = arguments.iter().find(|it| it.keyword == Some("Loader"));
    let loader = by_keyword.or_else(|| arguments.get(1).filter(|it| it.keyword.is_none()));
    let says_unsafe = callee.starts_with("yaml.unsafe");
    if !says_unsafe && arguments.iter().any(|it| it.value.starts_with('*')) {
        return;
    }
    let builds_all = match loader {
        _ if says_unsafe => true,
        None => true,
        Some(loader) => file.names().resolve(loader.value, call.name.start).is_some_and(|it| {
            matches!(
                it.as_ref(),
                "yaml.Loader"
                    | "yaml.UnsafeLoader"
                    | "yaml.CLoader"
                    | "yaml.loader.Loader"
                    | "yaml.loader.UnsafeLoader"
            )
        }),
    };
    if !builds_all {
        return;
    }
    let source = source_of(file, call);
    let (level, message) = match source {
        Source::Outside(what) => {
            (level_outside(what), format!("`{callee}` runs code in what {what}"))
        }
        _ if loader.is_none() && !says_unsafe => (
            Severity::Info,
            format!(
                "`{callee}` without a loader is an error since PyYAML 6, and builds any object before"
            ),
        ),
        _ => (Severity::Info, format!("`{callee}` builds any object that the document names")),
    };
    let mut report = Report::at(calls::span(call)).message(message).severity(level);
    if let Some(edits) = safe_yaml(file, call, loader.is_some()) {
        report = report.fix(Fix::to_look_at(edits));
    }
    out.report(report);
}

/// `yaml.load(text, Loader=…)` as `yaml.safe_load(text)`; for calls of the module only, as it is imported then.
fn safe_yaml(file: &FileContext<'_>, call: &Call, has_loader: bool) -> Option<Vec<Edit>> {
    let written = file.slice(call.name);
    let (module, name) = written.split_once('.')?;
    let safe = if name.ends_with("load_all") { "safe_load_all" } else { "safe_load" };
    let renamed = Edit { span: call.name, text: format!("{module}.{safe}") };
    if !has_loader {
        return Some(vec![renamed]);
    }
    let arguments = calls::arguments(file, call);
    let [data, _] = arguments.as_slice() else { return None };
    if data.keyword.is_some_and(|it| it != "stream") {
        return None;
    }
    let inside = calls::inside(call);
    let start =
        inside.start + file.slice(inside).find(data.value)? as u32 + data.value.len() as u32;
    let behind = Span::new(start, inside.end);
    // A comment between the arguments is somebody's word.
    (!file.slice(behind).contains('#')).then(|| vec![renamed, Edit::delete(behind)])
}

/// `PyTorch` reads weights only where it is told to, and by itself since 2.6.
fn torch(file: &FileContext<'_>, call: &Call, out: &mut Reporter<'_>) {
    let Some(word) = calls::keyword(file, call, "weights_only") else { return };
    if word != "False" {
        return;
    }
    let source = source_of(file, call);
    let level = match source {
        Source::Own => return,
        Source::Unknown if writes_such(file) => return,
        Source::Outside(what) => level_outside(what),
        Source::Store(_) | Source::Unknown => Severity::Info,
    };
    let inside = file.slice(calls::inside(call));
    let mut report = Report::at(calls::span(call))
        .message("`torch.load` with `weights_only=False` runs code that the file names")
        .severity(level);
    if let Some(at) = inside.find("weights_only=False") {
        let start = calls::inside(call).start + (at + "weights_only=".len()) as u32;
        let edits = vec![Edit { span: Span::new(start, start + 5), text: "True".to_owned() }];
        report = report.fix(Fix::to_look_at(edits));
    }
    out.report(report);
}

/// Names that stand for others are followed so far.
const DEEPEST: u32 = 4;
/// Expressions that are looked at for one call.
const MOST: u32 = 60;

/// Where the data of a call comes from.
fn source_of(file: &FileContext<'_>, call: &Call) -> Source {
    let function = file.function_at(call.name.start);
    if function.is_some_and(|it| checks_signature(file, it)) {
        return Source::Own;
    }
    let inside = calls::inside(call);
    let first = calls::arguments(file, call).first().map(|it| it.value.len() as u32);
    let Some(length) = first else { return Source::Own };
    let skipped = file.slice(inside).len() - file.slice(inside).trim_start().len();
    let start = inside.start + skipped as u32;
    let data = Span::new(start, (start + length).min(inside.end));
    if function.is_some_and(|it| is_handed_to_task(file, call, it, data)) {
        return Source::Outside(BY_WORKER);
    }
    let mut open = vec![(data, 0)];
    let mut found = Source::Own;
    let mut looked_at = 0;
    let mentions_store = function.is_some_and(|it| speaks_of_store(file, it));
    while let Some((span, depth)) = open.pop() {
        looked_at += 1;
        if depth > DEEPEST || looked_at > MOST {
            continue;
        }
        let (source, bound) = look(file, span, function);
        found = found.max(source);
        if matches!(source, Source::Outside(_)) {
            break;
        }
        open.extend(bound.into_iter().map(|it| (it, depth + 1)));
    }
    if found == Source::Unknown && mentions_store { Source::Store(IN_CACHE) } else { found }
}

const IN_REQUEST: &str = "a request holds";
const BY_QUEUE: &str = "a queue brings";
const BY_WORKER: &str = "a worker hands its task";
const IN_CACHE: &str = "a cache holds";
const IN_SHARED_FOLDER: &str = "a file in the shared folder for temporary files holds";

/// Whether a function, or the class it is a method of, speaks of a store that several programs share.
fn speaks_of_store(file: &FileContext<'_>, function: &Definition) -> bool {
    let class = file.outline.enclosing(function.name.start).find(|it| it.is_class());
    let text = file.slice(class.unwrap_or(function).span).to_ascii_lowercase();
    ["redis", "memcache"].iter().any(|it| text.contains(it))
}

fn checks_signature(file: &FileContext<'_>, function: &Definition) -> bool {
    let text = file.slice(function.body);
    ["compare_digest", "hmac.", "signer", "Signer", "unsign", "verify("]
        .iter()
        .any(|it| text.contains(it))
}

/// What an expression says of itself, and what its names are bound to.
fn look(file: &FileContext<'_>, span: Span, function: Option<&Definition>) -> (Source, Vec<Span>) {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.name.start < span.start);
    let mut found = Source::Own;
    for call in calls[first..].iter().take_while(|it| it.name.start < span.end) {
        if matches!(last_part(file.slice(call.name)), "dumps" | "dump") {
            return (Source::Own, Vec::new());
        }
        let Some(callee) = file.called(call) else { continue };
        if callee.starts_with("subprocess.") {
            return (Source::Own, Vec::new());
        }
        found = found.max(of_callee(&callee));
    }
    let text = file.slice(span);
    if ["gettempdir(", "\"/tmp/", "'/tmp/", "/dev/shm/"].iter().any(|it| text.contains(it)) {
        found = found.max(Source::Store(IN_SHARED_FOLDER));
    }
    let mut bound = Vec::new();
    for (name, offset) in names_in(file, span) {
        found = found.max(of_name(file, name, offset, function, &mut bound));
    }
    (found, bound)
}

fn of_callee(callee: &str) -> Source {
    let is_of = |row: &&SourceRow| {
        row.names.iter().any(|it| {
            if it.ends_with('.') { callee.starts_with(it.as_str()) } else { callee == it }
        })
    };
    if let Some(row) = TABLE.outside.iter().find(is_of) {
        return Source::Outside(&row.what);
    }
    TABLE.store.iter().find(is_of).map_or(Source::Own, |row| Source::Store(&row.what))
}

/// What a request offers.
const OF_REQUEST: [&str; 16] = [
    "body", "data", "files", "form", "args", "GET", "POST", "FILES", "COOKIES", "cookies", "json",
    "get_data", "content", "stream", "headers", "values",
];

/// What messages of a queue offer.
const OF_MESSAGE: [&str; 5] = ["body", "data", "value", "payload", "get_body"];

/// What gives values of Redis and memcached: <https://redis.readthedocs.io/en/stable/commands.html>.
const OF_STORE: [&str; 16] = [
    "get",
    "getdel",
    "getex",
    "getset",
    "mget",
    "hget",
    "hmget",
    "hgetall",
    "hvals",
    "lindex",
    "lrange",
    "lpop",
    "rpop",
    "blpop",
    "brpop",
    "get_multi",
];

fn of_name(
    file: &FileContext<'_>,
    dotted: &str,
    offset: u32,
    function: Option<&Definition>,
    bound: &mut Vec<Span>,
) -> Source {
    let mut parts = dotted.split('.');
    let first = parts.next().unwrap_or_default();
    let first = if first == "self" { parts.next().unwrap_or_default() } else { first };
    let second = parts.next().unwrap_or_default();
    if matches!(first, "request" | "req") && OF_REQUEST.contains(&second) {
        return Source::Outside(IN_REQUEST);
    }
    if matches!(first, "message" | "msg" | "event")
        && OF_MESSAGE.contains(&second)
        && dotted.split('.').count() == 2
    {
        return Source::Outside(BY_QUEUE);
    }
    let named_store =
        ["redis", "memcache"].iter().any(|it| first.to_ascii_lowercase().contains(it));
    if named_store && OF_STORE.contains(&second) {
        return Source::Store(IN_CACHE);
    }
    if dotted.starts_with("self.") || first.is_empty() || matches!(first, "True" | "False" | "None")
    {
        return if first.is_empty() { Source::Own } else { Source::Unknown };
    }
    let scope = file.outline.line_at(offset).and_then(|it| it.scope);
    let bindings = file.values().bindings(first);
    // `data = decode(data)`: what is asked for is what stood there before.
    let is_itself = |value: Option<Span>| value.is_some_and(|it| it.contains(offset));
    let local = bindings.iter().filter(|it| it.scope == scope && it.at < offset);
    let mut is_local = false;
    let mut is_unknown = false;
    for binding in local.filter(|it| !is_itself(it.value)) {
        is_local = true;
        match binding.value.or_else(|| iterated(file, binding.at, first)) {
            Some(value) => bound.push(value),
            None => is_unknown = true,
        }
    }
    if is_local {
        return if is_unknown { Source::Unknown } else { Source::Own };
    }
    if let Some(value) = iterated(file, offset, first) {
        bound.push(value);
        return Source::Own;
    }
    let parameter = function.and_then(|it| {
        let parameters = file.outline.signature(it).parameters;
        parameters.iter().find(|it| file.slice(it.name) == first)
    });
    if let (Some(function), Some(_)) = (function, parameter) {
        return of_parameter(file, function, first);
    }
    // A constant of the module, a builtin, a module.
    let of_module = bindings.iter().any(|it| it.scope.is_none());
    let is_constant = first.bytes().all(|it| !it.is_ascii_lowercase());
    let is_imported = matches!(file.names().resolve(first, offset), Some(Cow::Owned(_)));
    let is_builtin = matches!(
        first,
        "open" | "bytes" | "bytearray" | "memoryview" | "str" | "int" | "len" | "next" | "await"
    );
    if of_module || is_constant || is_imported || is_builtin {
        Source::Own
    } else {
        Source::Unknown
    }
}

/// What a loop, or a comprehension on the line at an offset, takes the values of a name from.
fn iterated(file: &FileContext<'_>, offset: u32, name: &str) -> Option<Span> {
    let line = file.outline.line_at(offset)?.span;
    let text = file.slice(line);
    let mut clauses = text.match_indices("for ").filter_map(|(at, _)| {
        let (targets, _) = text[at + 4..].split_once(" in ")?;
        let mut targets_of = targets.split(|it: char| !(it.is_alphanumeric() || it == '_'));
        targets_of.any(|it| it == name).then_some(at + 4 + targets.len() + 4)
    });
    let start = line.start + clauses.next()? as u32;
    Some(Span::new(start, line.end))
}

fn of_parameter(file: &FileContext<'_>, function: &Definition, name: &str) -> Source {
    let parameters = file.outline.signature(function).parameters;
    let has = |other: &str| parameters.iter().any(|it| file.slice(it.name) == other);
    if name == "body" && (has("channel") || has("ch")) && (has("properties") || has("method")) {
        return Source::Outside(BY_QUEUE);
    }
    let is_route = entry_point(file, function) == Some(EntryPoint::Route);
    let is_upload = parameters.iter().any(|it| {
        file.slice(it.name) == name
            && it.annotation.is_some_and(|it| {
                ["UploadFile", "bytes"].iter().any(|word| file.slice(it).contains(word))
            })
    });
    if is_route && is_upload { Source::Outside(IN_REQUEST) } else { Source::Unknown }
}

/// Whether data is what the worker of a queue hands its task, as it is or decoded from text. What a pipeline hands its steps
/// they gave it themselves, and of a file it is the path.
fn is_handed_to_task(
    file: &FileContext<'_>,
    call: &Call,
    function: &Definition,
    data: Span,
) -> bool {
    const PIPELINES: [&str; 3] = ["airflow", "dagster", "prefect"];
    const DECODERS: [&str; 4] = ["b64decode", "decompress", "fromhex", "unhexlify"];
    if !matches!(last_part(file.slice(call.name)), "loads" | "decode")
        || entry_point(file, function) != Some(EntryPoint::Task)
        || PIPELINES.iter().any(|it| file.names().imports_module(it))
    {
        return false;
    }
    let parameters = file.outline.signature(function).parameters;
    let is_parameter = |it: &str| {
        let name = it.strip_suffix(".encode").unwrap_or(it);
        parameters.iter().any(|it| file.slice(it.name) == name)
    };
    let names = names_in(file, data);
    names.iter().any(|(it, _)| is_parameter(it))
        && names.iter().all(|(it, _)| is_parameter(it) || DECODERS.contains(&last_part(it)))
}

/// The dotted names of an expression, outside of its strings, keywords of calls left out.
fn names_in<'a>(file: &FileContext<'a>, span: Span) -> Vec<(&'a str, u32)> {
    let bytes = file.source.text().as_bytes();
    let is_of_name = |it: u8| it.is_ascii_alphanumeric() || it == b'_' || it == b'.' || it >= 0x80;
    let mut found = Vec::new();
    let mut at = span.start;
    while at < span.end {
        if let Ok(index) = file.outline.strings.binary_search_by_key(&at, |it| it.span.start) {
            at = file.outline.strings[index].span.end.max(at + 1);
            continue;
        }
        if !is_of_name(bytes[at as usize]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < span.end && is_of_name(bytes[at as usize]) {
            at += 1;
        }
        let name = file.slice(Span::new(start, at));
        let behind = &bytes[at as usize..span.end as usize];
        let is_keyword = behind.first() == Some(&b'=') && behind.get(1) != Some(&b'=');
        let begins = name.bytes().next().is_some_and(|it| it.is_ascii_alphabetic() || it == b'_');
        if begins && !is_keyword {
            found.push((name, start));
        }
    }
    found
}

#[derive(Deserialize)]
struct Table {
    loader: Vec<LoaderRow>,
    outside: Vec<SourceRow>,
    store: Vec<SourceRow>,
}

#[derive(Deserialize)]
struct LoaderRow {
    names: Vec<String>,
}

#[derive(Deserialize)]
struct SourceRow {
    what: String,
    names: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("unsafe_deserialisation/loaders.toml"))
        .expect("a test reads the table")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callees_are_told_by_the_table() {
        assert_eq!(of_callee("requests.Session.get"), Source::Outside("a download holds"));
        assert_eq!(of_callee("redis.Redis.get"), Source::Store("a cache holds"));
        assert_eq!(of_callee("open"), Source::Own);
    }
}
