//! What the line-based syntaxes share: lines, quoted values, commented-out entries. Knows no syntax of its own.

use std::ops::Range;

use super::judge::{Entry, Form};

/// A quoted value that is longer is a quote without its fellow.
pub(super) const LONGEST_QUOTED: usize = 64 * 1024;

/// The lines of a part of a text, without what ends them.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str, range: Range<usize>) -> Self {
        Self { bytes: &text.as_bytes()[..range.end], at: range.start }
    }

    /// Goes on behind the line that `at` stands on.
    pub(super) fn skip_line_of(&mut self, at: usize) {
        if at >= self.at {
            self.at = at;
            self.next();
        }
    }

    /// Where the next line begins.
    pub(super) fn next_start(&self) -> usize {
        self.at
    }

    /// Goes on at `at`, the beginning of a line.
    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at;
    }
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if start >= self.bytes.len() {
            return None;
        }
        let rest = &self.bytes[start..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        self.at = start + length + 1;
        let carriage = length > 0 && rest[length - 1] == b'\r';
        Some(start..start + length - usize::from(carriage))
    }
}

/// The offset of the first byte from `at` that is no blank.
pub(super) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|it| matches!(it, b' ' | b'\t')).count()
}

/// The range without blanks at both ends.
pub(super) fn trim(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let text = &bytes[range.clone()];
    let Some(first) = text.iter().position(|it| !it.is_ascii_whitespace()) else {
        return range.start..range.start;
    };
    let last = text.iter().rposition(|it| !it.is_ascii_whitespace()).unwrap_or(first);
    range.start + first..range.start + last + 1
}

/// The content of the text in quotes that opens at `open`, and where what follows begins. In double quotes a
/// backslash escapes.
pub(super) fn quoted(bytes: &[u8], open: usize, end: usize) -> Option<(Range<usize>, usize)> {
    let next = end_of_quoted(&bytes[..end.min(open + LONGEST_QUOTED)], open)?;
    Some((open + 1..next - 1, next))
}

/// Behind the text in quotes that opens at `open`, however long it is.
pub(super) fn end_of_quoted(bytes: &[u8], open: usize) -> Option<usize> {
    let quote = *bytes.get(open)?;
    let mut at = open + 1;
    loop {
        at += memchr::memchr2(quote, b'\\', bytes.get(at..)?)?;
        if bytes[at] == quote {
            return Some(at + 1);
        }
        at += if quote == b'"' { 2 } else { 1 };
    }
}

/// The value of a line that begins at `start`: in quotes, or up to the end or a comment.
pub(super) fn value(
    bytes: &[u8],
    start: usize,
    end: usize,
    comments: &[u8],
) -> (Range<usize>, Form) {
    let start = skip_blanks(&bytes[..end], start);
    if matches!(bytes[..end].get(start), Some(b'"' | b'\''))
        && let Some((content, after)) = quoted(bytes, start, end)
    {
        let after = skip_blanks(&bytes[..end], after);
        let ends = |it: &u8| matches!(it, b',' | b';') || comments.contains(it);
        if bytes[..end].get(after).is_none_or(ends) {
            return (content, Form::Quoted);
        }
    }
    let rest = &bytes[start..end];
    let comment = rest
        .windows(2)
        .position(|it| matches!(it[0], b' ' | b'\t') && comments.contains(&it[1]))
        .unwrap_or(rest.len());
    let mut range = trim(bytes, start..start + comment);
    while range.end > range.start && matches!(bytes[range.end - 1], b',' | b';') {
        range.end -= 1;
    }
    (range, Form::Bare)
}

/// `NAME=value` and `--name=value`, where nothing stands around it.
pub(super) fn assignment(text: &str, range: Range<usize>) -> Option<(&str, Range<usize>)> {
    let bytes = &text.as_bytes()[range.clone()];
    let sign = memchr::memchr(b'=', bytes)?;
    let name = bytes[..sign].iter().all(|it| it.is_ascii_alphanumeric() || b"_-.".contains(it));
    if !name || sign == 0 {
        return None;
    }
    let start = range.start + sign + 1;
    let key = &text[range.start..start - 1];
    let quoted = bytes.len() > sign + 2
        && matches!(bytes[sign + 1], b'"' | b'\'')
        && bytes[bytes.len() - 1] == bytes[sign + 1];
    Some((key, if quoted { start + 1..range.end - 1 } else { start..range.end }))
}

/// The entry that a comment holds, where it holds nothing else: `# DB_PASSWORD=…`, `#  token: "…"`.
pub(super) fn commented_entry(text: &str, range: Range<usize>) -> Option<Entry<'_>> {
    let bytes = &text.as_bytes()[..range.end];
    let sign = range.start + memchr::memchr2(b'=', b':', &bytes[range.start..])?;
    let lead = |it: &u8| matches!(it, b'#' | b';' | b'!' | b'/' | b'*' | b' ' | b'\t' | b'-');
    let mut start = range.start + bytes[range.start..sign].iter().take_while(|it| lead(it)).count();
    for word in [&b"export "[..], b"ENV ", b"ARG "] {
        if bytes[start..sign].starts_with(word) {
            start += word.len();
        }
    }
    let quote = |it: &u8| matches!(it, b'"' | b'\'');
    let key = trim(bytes, start..sign);
    let key = key.start + usize::from(bytes.get(key.start).is_some_and(quote))
        ..key.end - usize::from(!key.is_empty() && quote(&bytes[key.end - 1]));
    let plain = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    if key.start >= key.end || !bytes[key.clone()].iter().all(plain) {
        return None;
    }
    let (value, form) = value(bytes, sign + 1, range.end, b"#");
    (!value.is_empty()).then(|| Entry { parent: "", key: &text[key], value, form })
}
