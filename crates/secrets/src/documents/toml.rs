//! TOML: tables, dotted keys, strings of all four kinds, inline tables and arrays. Knows nothing of values.

use std::ops::Range;

use super::flow;
use super::judge::{Entry, Form, Judge, split_path};
use super::lines::{self, Lines, skip_blanks};

pub(super) fn read(judge: &mut Judge<'_>, range: Range<usize>) {
    let text = judge.text;
    let bytes = &text.as_bytes()[..range.end];
    let mut lines = Lines::new(text, range);
    let mut table = "";
    // Where one bracket is never closed, every later one would be read to the end again.
    let mut unclosed = false;
    while let Some(line) = lines.next() {
        let start = skip_blanks(&bytes[..line.end], line.start);
        let content = &bytes[start..line.end];
        match content.first() {
            None => continue,
            Some(b'#') => {
                judge.comment(start..line.end);
                continue;
            }
            Some(b'[') => {
                let inner = text[start..line.end].trim_start_matches('[');
                let path = inner.split(']').next().unwrap_or("");
                table = split_path(path).1.trim_matches([' ', '"', '\'']);
                continue;
            }
            Some(_) => {}
        }
        let Some(sign) = memchr::memchr(b'=', content) else { continue };
        let path = text[start..start + sign].trim();
        let (parent, key) = split_path(path);
        let parent = if parent.is_empty() { table } else { parent };
        let key = key.trim_matches([' ', '"', '\'']);
        let value = skip_blanks(&bytes[..line.end], start + sign + 1);
        let next = match bytes[..line.end].get(value) {
            Some(b'"' | b'\'') => string(bytes, value).map(|(content, next)| {
                judge.entry(Entry { parent, key, value: content, form: Form::Quoted });
                next
            }),
            Some(b'{' | b'[') => {
                let end = if unclosed { line.end } else { bytes.len() };
                let next = flow::read(judge, value..end, flow::TOML, key, false);
                unclosed |= next.is_none();
                next
            }
            _ => None,
        };
        if let Some(next) = next {
            lines.skip_line_of(next);
        }
    }
}

/// The string that opens at `open`, and where what follows begins.
pub(super) fn string(bytes: &[u8], open: usize) -> Option<(Range<usize>, usize)> {
    let quote = bytes[open];
    let triple = [quote; 3];
    if bytes[open..].starts_with(&triple) {
        let start = open + 3;
        let end = start + memchr::memmem::find(&bytes[start..], &triple)?;
        return Some((lines::trim(bytes, start..end), end + 3));
    }
    let line = memchr::memchr(b'\n', &bytes[open..]).map_or(bytes.len(), |it| open + it);
    lines::quoted(bytes, open, line)
}
