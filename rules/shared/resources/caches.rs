//! Caches of the standard library as decorators. Knows names and their arguments, no rule.

use std::borrow::Cow;

use roadworthy_engine::FileContext;
use roadworthy_parser::Span;

use crate::shared::code::calls;

/// A decorator that keeps results.
pub(crate) struct Cache<'a> {
    /// The name as written.
    pub(crate) written: Cow<'a, str>,
    /// What it is.
    pub(crate) kind: CacheKind,
}

/// How many results a cache keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheKind {
    /// One, with the object.
    Property,
    /// A number of them.
    Bounded,
    /// All.
    Unbounded,
}

/// The cache that a decorator is: `@cache`, `@lru_cache`, `@functools.lru_cache(maxsize=None)`, `@cached_property`.
pub(crate) fn cache<'a>(file: &FileContext<'a>, decorator: Span) -> Option<Cache<'a>> {
    let text = file.slice(decorator);
    let end = text.find('(').map_or(decorator.end, |at| decorator.start + at as u32);
    let name = Span::new(decorator.start, end);
    let written = roadworthy_parser::dotted_text(file.source.text(), name);
    let resolved = file.names().resolve(&written, decorator.start)?;
    let kind = match &*resolved {
        "functools.cache" => CacheKind::Unbounded,
        "functools.lru_cache" if keeps_all(file, decorator) => CacheKind::Unbounded,
        "functools.lru_cache" => CacheKind::Bounded,
        "functools.cached_property" | "django.utils.functional.cached_property" => {
            CacheKind::Property
        }
        _ => return None,
    };
    Some(Cache { written, kind })
}

/// Whether `maxsize` is `None`.
fn keeps_all(file: &FileContext<'_>, decorator: Span) -> bool {
    let calls = &file.outline.calls;
    let Ok(index) = calls.binary_search_by_key(&decorator.start, |call| call.name.start) else {
        return false;
    };
    let arguments = calls::arguments(file, &calls[index]);
    let first = arguments.first().filter(|it| it.keyword.is_none());
    let named = arguments.iter().find(|it| it.keyword == Some("maxsize"));
    first.or(named).is_some_and(|it| it.value == "None")
}
