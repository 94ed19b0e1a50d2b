//! See `metric-label-unbounded.toml`. Knows names of what has a value for each user, request or error.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Span};

use crate::shared::code::calls;
use crate::shared::code::words::{last_part, words};
use crate::shared::frameworks::metrics;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        if !calls::written(file, call).ends_with(".labels") {
            continue;
        }
        out.judged_if(|| metrics::is_labelled(file, call));
        let arguments = calls::arguments(file, call);
        let mut found =
            arguments.iter().filter_map(|it| Some((it, unbounded(file, call, it.value)?)));
        let Some(first) = found.next() else { continue };
        if !metrics::is_labelled(file, call) {
            continue;
        }
        for (argument, what) in std::iter::once(first).chain(found) {
            let message = format!("{what} becomes a label: each is a time series of its own");
            let place = span_of(file, argument.keyword, argument.value);
            out.report(Report::at(place).message(message));
        }
    }
}

/// What a value is, where it has no end of values.
fn unbounded(file: &FileContext<'_>, call: &Call, value: &str) -> Option<&'static str> {
    if let Some(what) = of_text(value) {
        return Some(what);
    }
    if !is_name(value) {
        return None;
    }
    let function = file.function_at(call.name.start)?;
    let inside = |at: u32| function.span.contains(at);
    let mut bindings = file.values().bindings(value).iter().filter(|it| inside(it.at));
    // Of a name that is bound again, one of the values may be one for all others.
    let binding = bindings.next().filter(|_| bindings.next().is_none())?;
    of_text(file.slice(binding.value?))
}

/// How frameworks call the path that was asked for.
const PATHS: [&str; 6] = [
    "request.path",
    "request.url",
    "request.url.path",
    "request.rel_url.path",
    "request.full_path",
    "request.path_info",
];

fn of_text(value: &str) -> Option<&'static str> {
    let value = value.trim();
    if let Some(inner) = ["str(", "repr("].iter().find_map(|it| value.strip_prefix(it)) {
        let inner = inner.strip_suffix(')')?;
        return if is_error(inner) { Some("the text of an error") } else { of_text(inner) };
    }
    if value.starts_with("f\"") || value.starts_with("f'") {
        return fields(value)
            .find_map(|it| if is_error(it) { Some("the text of an error") } else { of_text(it) });
    }
    if !value.split('.').all(is_name) {
        return None;
    }
    let own = value.strip_prefix("self.").unwrap_or(value);
    if PATHS.contains(&own) {
        return Some("the raw path of the request");
    }
    of_name(value)
}

/// The replacement fields of an f-string that are plain.
fn fields(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|it| it.split_once('}'))
        .map(|(field, _)| field.split(['!', ':']).next().unwrap_or_default().trim())
}

fn is_error(name: &str) -> bool {
    matches!(name, "e" | "ex" | "exc" | "err" | "error" | "exception")
}

/// Things of which there is one for each user, request or message.
const MANY: [&str; 14] = [
    "account",
    "conversation",
    "customer",
    "email",
    "event",
    "message",
    "order",
    "request",
    "session",
    "span",
    "trace",
    "transaction",
    "user",
    "visitor",
];

fn of_name(dotted: &str) -> Option<&'static str> {
    let last = last_part(dotted);
    let parts = words(last);
    let owner = dotted.rsplit('.').nth(1).map(words).unwrap_or_default();
    let many = |words: &[String]| words.last().is_some_and(|it| MANY.contains(&it.as_str()));
    match parts.last().map(String::as_str) {
        Some("email") => Some("an e-mail address"),
        Some("uuid") => Some("a unique id"),
        Some("id" | "pk") if many(&parts[..parts.len() - 1]) => Some("an id"),
        Some("id" | "pk") if parts.len() == 1 && many(&owner) => Some("an id"),
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// An argument with its keyword.
fn span_of(file: &FileContext<'_>, keyword: Option<&str>, value: &str) -> Span {
    let text = file.source.text();
    let start = value.as_ptr() as usize - text.as_ptr() as usize;
    let from = keyword.and_then(|it| text[..start].rfind(it)).unwrap_or(start);
    Span::new(from as u32, (start + value.len()) as u32)
}
