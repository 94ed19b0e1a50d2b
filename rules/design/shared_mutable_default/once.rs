//! Changes of a default that do not add up: what a loop over the default itself does, and what is added where it is not there yet.
//! Knows the words of headers and lines, no types.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, Span};

use crate::shared::code::blocks;
use crate::shared::code::calls::literal;
use crate::shared::code::text::has_name;

/// `for order in orders:`, `for key, order in orders.items():`: whether a loop goes through the object of a name alone.
pub(super) fn goes_through(header: &str, name: &str) -> bool {
    let Some((_, through)) = header.split_once(" in ") else { return false };
    let through = through.trim().trim_end_matches(':').trim();
    let is_call = |made: &str| {
        let inner = through.strip_prefix(made).and_then(|it| it.strip_prefix('('));
        inner.and_then(|it| it.strip_suffix(')')).is_some_and(|it| it.trim() == name)
    };
    let behind = through.strip_prefix(name);
    behind.is_some_and(|it| {
        matches!(it, "" | "[:]" | ".copy()" | ".items()" | ".keys()" | ".values()")
    }) || ["enumerate", "list", "reversed", "set", "sorted", "tuple"].iter().any(|it| is_call(it))
}

/// `if FLAG not in flags: flags.append(FLAG)`: whether a constant is added where it is not there yet, so that all calls but the
/// first find the same.
pub(super) fn is_added_once(
    file: &FileContext<'_>,
    function: &Definition,
    offset: u32,
    name: &str,
) -> bool {
    let Some(line) = file.outline.line_at(offset) else { return false };
    let behind = file.slice(Span::new(offset + name.len() as u32, line.span.end.max(offset)));
    let added = [".append(", ".add("].iter().find_map(|it| behind.strip_prefix(it));
    let Some(added) = added.and_then(|it| it.split_once(')')).map(|it| it.0.trim()) else {
        return false;
    };
    let questions = [format!("{added} not in {name}"), format!("{added} not in self.{name}")];
    let is_asked = blocks::headers_around(file, offset)
        .take_while(|it| it.span.start > function.header.start)
        .filter(|it| it.keyword == Keyword::If && blocks::block_of(file, it).contains(offset))
        .any(|it| {
            let condition =
                file.slice(it.span).trim_start_matches("if ").trim_end_matches([':', ' ']);
            condition
                .split(" and ")
                .any(|it| questions.iter().any(|question| it.trim() == question))
        });
    is_asked && (literal(added).is_some() || is_constant(file, function, added))
}

/// `if "size" not in options:` around a change, where the literal of the default has that key: it is never missing there.
pub(super) fn is_there_already(
    file: &FileContext<'_>,
    function: &Definition,
    offset: u32,
    (name, default): (&str, Span),
) -> bool {
    let default = file.slice(default);
    default.starts_with('{')
        && blocks::headers_around(file, offset)
            .take_while(|it| it.span.start > function.header.start)
            .filter(|it| it.keyword == Keyword::If && blocks::block_of(file, it).contains(offset))
            .filter_map(|it| file.slice(it.span).strip_prefix("if ")?.split_once(" not in "))
            .any(|(key, object)| {
                key.starts_with(['"', '\''])
                    && object.trim_end_matches([':', ' ']) == name
                    && default
                        .match_indices(key)
                        .any(|(at, _)| default[at + key.len()..].trim_start().starts_with(':'))
            })
}

/// `if key not in options: raise Missing(key)` above a change: whether an object that holds nothing never gets there.
pub(super) fn is_refused_before(
    file: &FileContext<'_>,
    function: &Definition,
    offset: u32,
    name: &str,
) -> bool {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < function.body.start);
    let indent = lines.get(first).map(|it| it.indent);
    lines[first..].iter().take_while(|it| it.span.end <= offset).any(|it| {
        let text = file.slice(it.span);
        let asks = text.strip_prefix("if ").and_then(|it| it.split_once(" not in "));
        let asks = asks.filter(|(key, _)| !key.contains(" and ") && !key.contains(" or "));
        // Only what stands in the function itself is passed by every change.
        it.keyword == Keyword::If
            && Some(it.indent) == indent
            && !blocks::block_of(file, it).contains(offset)
            && asks.is_some_and(|(_, object)| object.trim_end_matches([':', ' ']) == name)
            && blocks::leaves_at_once(file, it)
    })
}

/// Whether a name stands for one value in all calls of a function: by its letters, or as all that binds it are texts and numbers.
fn is_constant(file: &FileContext<'_>, function: &Definition, name: &str) -> bool {
    if !name.contains(|it: char| it.is_ascii_lowercase()) {
        return true;
    }
    let mut parameters = file.outline.signature(function).parameters.iter();
    let mut bound = file.values().bindings(name).iter().peekable();
    !parameters.any(|it| has_name(file.slice(it.name), name))
        && bound.peek().is_some()
        && bound.all(|it| it.value.is_some_and(|it| literal(file.slice(it)).is_some()))
}

#[cfg(test)]
mod tests {
    use super::goes_through;

    #[test]
    fn loops_go_through_what_stands_alone_behind_in() {
        for header in [
            "for a in them:",
            "for i, a in enumerate(them):",
            "for a, b in them.items():",
            "for a in list( them ) :",
        ] {
            assert!(goes_through(header, "them"), "{header}");
        }
        for header in [
            "for a in them + more:",
            "for a in load(them):",
            "for them in all:",
            "for a in themes:",
        ] {
            assert!(!goes_through(header, "them"), "{header}");
        }
    }
}
