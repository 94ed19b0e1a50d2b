//! What a function does with a local name that holds something open: whether it closes it, and whether anybody else may.
//! Knows lines and calls of one function, no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Definition, Keyword, LogicalLine, Span};

use crate::shared::code::calls;
use crate::shared::code::words::last_part;
use crate::shared::resources::openers::Opener;

/// How a name is used at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It is closed.
    Close,
    /// Something is done with it that leaves it to the function.
    Here,
    /// Somebody else may close it, or a statement does.
    Elsewhere,
}

/// One use, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Where the name stands.
    pub(crate) offset: u32,
    /// How it is used.
    pub(crate) used: Use,
}

/// The uses of a name in a function behind an offset. `None` where a part of the function runs at another time.
pub(crate) fn uses(
    file: &FileContext<'_>,
    function: &Definition,
    name: &str,
    behind: u32,
    opener: &Opener,
) -> Option<Vec<Place>> {
    let mut places = Vec::new();
    for offset in mentions(file, Span::new(function.body.start, function.body.end), name) {
        let innermost = file.function_at(offset)?;
        if innermost.header != function.header {
            return None;
        }
        if offset >= behind {
            places.push(Place { offset, used: use_at(file, function, name, offset, opener) });
        }
    }
    Some(places)
}

/// Where a name stands in the code of a range, by itself: no attribute, no keyword of a call.
pub(crate) fn mentions(file: &FileContext<'_>, range: Span, name: &str) -> Vec<u32> {
    let outline = file.outline;
    let all = file.source.text();
    let places = file.slice(range).match_indices(name).filter_map(|(at, _)| {
        let offset = range.start + at as u32;
        let (before, after) = (&all[..offset as usize], &all[offset as usize + name.len()..]);
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let told = outline.comment_at(offset).is_some() || is_text(file, offset);
        let after = after.trim_start_matches([' ', '\t']);
        let keyword = after.starts_with('=')
            && !after.starts_with("==")
            && before.trim_end().ends_with(['(', ',']);
        let whole =
            !before.ends_with(is_part) && !all[offset as usize + name.len()..].starts_with(is_part);
        (whole && !told && !keyword && !before.trim_end().ends_with('.')).then_some(offset)
    });
    places.collect()
}

/// Whether an offset lies in the text of a literal, or in its prefix, and not in a replacement field.
fn is_text(file: &FileContext<'_>, offset: u32) -> bool {
    let strings = &file.outline.strings;
    if strings.binary_search_by_key(&offset, |string| string.span.start).is_ok() {
        return true;
    }
    let Some(string) = file.outline.string_at(offset) else { return false };
    if !string.interpolated {
        return true;
    }
    let before = file.slice(Span::new(string.content().start.min(offset), offset));
    before.matches('{').count() <= before.matches('}').count()
}

fn use_at(
    file: &FileContext<'_>,
    function: &Definition,
    name: &str,
    offset: u32,
    opener: &Opener,
) -> Use {
    let Some(line) = file.outline.line_at(offset) else { return Use::Elsewhere };
    let before = file.slice(Span::new(line.span.start, offset)).trim_end();
    let end = offset + name.len() as u32;
    let after = file.slice(Span::new(end, line.span.end.max(end))).trim_start();
    if before.contains("lambda")
        || line.keyword == Keyword::Global
        || line.keyword == Keyword::Nonlocal
    {
        return Use::Elsewhere;
    }
    if let Some(rest) = after.strip_prefix('.') {
        return of_attribute(file, function, line, rest, opener);
    }
    if line.keyword == Keyword::With && !before.contains(':') {
        return Use::Elsewhere;
    }
    if line.keyword == Keyword::For && before.ends_with(" in") && after.starts_with(':') {
        return Use::Here;
    }
    let asks = ["if", "elif", "not", "and", "or", "while", "assert"];
    let tested = asks.iter().any(|word| last_word(before) == *word)
        || after.starts_with("is ")
        || after.starts_with("== ");
    if tested {
        return Use::Here;
    }
    match innermost_call(file, line, offset) {
        Some(call) => of_argument(file, function, line, call),
        None => Use::Elsewhere,
    }
}

fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()
}

/// What `name.attribute` does.
fn of_attribute(
    file: &FileContext<'_>,
    function: &Definition,
    line: &LogicalLine,
    rest: &str,
    opener: &Opener,
) -> Use {
    let rest = rest.trim_start();
    let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let (attribute, behind) = rest.split_at(length);
    let called = behind.trim_start().starts_with('(');
    let closes = opener.closers.iter().any(|it| it == attribute) || attribute == "__exit__";
    match (called, closes) {
        (true, true) => Use::Close,
        // `stack.callback(file.close)`
        (false, true) => Use::Elsewhere,
        (true, false) if opener.dependents.iter().any(|it| it == attribute) => {
            of_dependent(file, function, line)
        }
        _ => Use::Here,
    }
}

/// Calls that are done with what they are handed when they return.
const EAGER: [&str; 33] = [
    "load",
    "safe_load",
    "full_load",
    "loads",
    "dump",
    "safe_dump",
    "copyfileobj",
    "len",
    "print",
    "list",
    "tuple",
    "set",
    "sorted",
    "sum",
    "dict",
    "isinstance",
    "hasattr",
    "getattr",
    "str",
    "repr",
    "type",
    "bool",
    "id",
    "read_csv",
    "read_parquet",
    "read_excel",
    "read_json",
    "next",
    "file_digest",
    "fromfile",
    "readlines",
    "join",
    "exec",
];

/// Calls whose results read from what they are handed.
const LAZY: [&str; 11] = [
    "DictReader",
    "DictWriter",
    "enumerate",
    "filter",
    "iter",
    "iterdecode",
    "map",
    "reader",
    "reversed",
    "writer",
    "zip",
];

/// What a call does with a name that it is handed.
fn of_argument(
    file: &FileContext<'_>,
    function: &Definition,
    line: &LogicalLine,
    call: &Call,
) -> Use {
    let written = calls::written(file, call);
    let name = last_part(&written);
    if EAGER.contains(&name) {
        Use::Here
    } else if LAZY.contains(&name) {
        of_dependent(file, function, line)
    } else {
        Use::Elsewhere
    }
}

/// What happens to something that needs what is open.
fn of_dependent(file: &FileContext<'_>, function: &Definition, line: &LogicalLine) -> Use {
    let text = file.slice(line.span);
    if line.keyword == Keyword::Return || text.contains("yield") {
        return Use::Elsewhere;
    }
    let Some((target, _)) = text.split_once('=') else { return Use::Here };
    let target = target.split(':').next().unwrap_or_default().trim();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    if target.is_empty() || !target.chars().all(is_name) {
        // An attribute or several names: it may live on.
        return if target.contains(is_name)
            && line.keyword == Keyword::Other
            && !target.contains('(')
        {
            Use::Elsewhere
        } else {
            Use::Here
        };
    }
    let behind = Span::new(line.span.end, function.body.end.max(line.span.end));
    for offset in mentions(file, behind, target) {
        let Some(line) = file.outline.line_at(offset) else { continue };
        let end = offset + target.len() as u32;
        let after = file.slice(Span::new(end, line.span.end.max(end))).trim_start();
        let text = file.slice(line.span);
        let whole = !after.starts_with(['.', '[']);
        let leaves = line.keyword == Keyword::Return
            || text.contains("yield")
            || text.ends_with(&format!("= {target}"));
        let handed = innermost_call(file, line, offset).is_some_and(|call| {
            let written = calls::written(file, call);
            !EAGER.contains(&last_part(&written)) && !LAZY.contains(&last_part(&written))
        });
        if whole && (leaves || handed) {
            return Use::Elsewhere;
        }
    }
    Use::Here
}

/// The call of a line in whose parentheses an offset lies, the innermost.
pub(crate) fn innermost_call<'o>(
    file: &FileContext<'o>,
    line: &LogicalLine,
    offset: u32,
) -> Option<&'o Call> {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|call| call.name.start < line.span.start);
    let end = calls.partition_point(|call| call.name.start < offset);
    calls[first.min(end)..end].iter().rev().find(|call| call.arguments.contains(offset))
}
