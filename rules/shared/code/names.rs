//! The names that an expression is made of, replacement fields of f-strings included. Knows spelling, not meaning; needs no
//! tree and knows no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::Span;

/// A dotted name in an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Used<'a> {
    /// The name as written: `self.path`.
    pub(crate) name: &'a str,
    /// Where it stands.
    pub(crate) at: u32,
    /// Whether it is called.
    pub(crate) called: bool,
}

/// Words that are no names.
const KEYWORDS: [&str; 14] = [
    "False", "None", "True", "and", "async", "await", "else", "for", "if", "in", "is", "lambda",
    "not", "or",
];

/// The names of an expression. Where `enters` says of a called one that its arguments do not count, they are left out.
pub(crate) fn names_in<'a>(
    file: &FileContext<'a>,
    range: Span,
    enters: impl Fn(&str) -> bool,
) -> Vec<Used<'a>> {
    let text = file.source.text();
    let bytes = text.as_bytes();
    let end = range.end.min(text.len() as u32);
    let mut found = Vec::new();
    let mut at = range.start;
    while at < end {
        if let Some(next) = skip_literal(file, at, end) {
            at = next;
            continue;
        }
        let byte = bytes[at as usize];
        if !(byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80) {
            at += 1;
            continue;
        }
        let length = bytes[at as usize..end as usize].iter().take_while(|it| is_of_name(**it));
        let stop = at + length.count() as u32;
        let name = &text[at as usize..stop as usize];
        let attached = at > range.start && bytes[at as usize - 1] == b'.';
        let is_number = at > 0 && bytes[at as usize - 1].is_ascii_digit();
        let behind = text[stop as usize..end as usize].trim_start();
        let is_keyword = behind.starts_with('=') && !behind.starts_with("==");
        let called = behind.starts_with('(');
        let counts = !attached && !is_number && !is_keyword && !KEYWORDS.contains(&name);
        at = stop;
        if !counts {
            continue;
        }
        found.push(Used { name: name.trim_end_matches('.'), at: stop - name.len() as u32, called });
        if called && !enters(name) {
            let open = stop + (end - stop) - behind.len() as u32;
            at = closing(file, open, end);
        }
    }
    found
}

/// Where a reader goes on at a literal: inside an f-string's next replacement field, or behind the literal.
fn skip_literal(file: &FileContext<'_>, at: u32, end: u32) -> Option<u32> {
    let outline = file.outline;
    if let Ok(index) = outline.comments.binary_search_by_key(&at, |comment| comment.start) {
        return Some(outline.comments[index].end.max(at + 1));
    }
    if let Ok(index) = outline.strings.binary_search_by_key(&at, |string| string.span.start) {
        let string = &outline.strings[index];
        let content = string.content();
        let next =
            if string.interpolated { field_from(file, content.start, content.end) } else { None };
        return Some(next.unwrap_or(string.span.end).max(at + 1).min(end));
    }
    // The end of a replacement field: on to the next one.
    let bytes = file.source.text().as_bytes();
    let string = (bytes[at as usize] == b'}').then(|| outline.string_at(at))??;
    let inside = string.interpolated && is_field_end(file, at);
    let next = field_from(file, at + 1, string.content().end);
    inside.then(|| next.unwrap_or(string.span.end).max(at + 1).min(end))
}

/// Whether a closing brace ends a replacement field: no mapping inside of one is open.
fn is_field_end(file: &FileContext<'_>, at: u32) -> bool {
    let bytes = file.source.text().as_bytes();
    let mut depth = 0_u32;
    for byte in bytes[..at as usize].iter().rev().take(400) {
        match byte {
            b'}' => depth += 1,
            b'{' if depth == 0 => return true,
            b'{' => depth -= 1,
            _ => {}
        }
    }
    false
}

/// The begin of the expression in the next replacement field of a range of an f-string.
fn field_from(file: &FileContext<'_>, start: u32, end: u32) -> Option<u32> {
    let bytes = file.source.text().as_bytes();
    let mut at = start;
    while at < end {
        if bytes[at as usize] == b'{' {
            if bytes.get(at as usize + 1) != Some(&b'{') {
                return Some(at + 1);
            }
            at += 1;
        }
        at += 1;
    }
    None
}

/// The offset behind the bracket that closes the one at an offset.
fn closing(file: &FileContext<'_>, open: u32, end: u32) -> u32 {
    let calls = &file.outline.calls;
    let near = calls.partition_point(|call| call.name.start < open);
    let own = calls[..near].iter().rev().take(8).find(|call| call.arguments.start == open);
    own.map_or(open + 1, |call| call.arguments.end).min(end).max(open + 1)
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn names_of_strings_calls_and_fields() {
        let text = "x = f'a {b.c} d {e(f)} {{g}}' + h % ('i', j[0], k(l=m)) + 'n'.format(o) if p else 1e5\n";
        let found = with_file("app/main.py", text, |file| {
            let range = Span::new(4, text.len() as u32);
            let used = names_in(file, range, |name| name == "k");
            used.iter().map(|it| it.name.to_owned()).collect::<Vec<_>>()
        });
        assert_eq!(found, ["b.c", "e", "h", "j", "k", "m", "o", "p"]);
    }
}
