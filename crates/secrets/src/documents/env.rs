//! `.env` files: `NAME=value`, with `export`, quotes that may span lines, and comments. Knows nothing of values.

use std::ops::Range;

use super::judge::{Entry, Form, Judge};
use super::lines::{self, Lines, skip_blanks};

pub(super) fn read(judge: &mut Judge<'_>, range: Range<usize>) {
    let text = judge.text;
    let bytes = &text.as_bytes()[..range.end];
    let mut lines = Lines::new(text, range);
    while let Some(line) = lines.next() {
        let start = skip_blanks(&bytes[..line.end], line.start);
        if bytes[..line.end].get(start) == Some(&b'#') {
            judge.comment(start..line.end);
            continue;
        }
        let Some(sign) = memchr::memchr(b'=', &bytes[start..line.end]) else { continue };
        let key = text[start..start + sign].trim();
        let key = key.strip_prefix("export ").map_or(key, str::trim);
        let after = skip_blanks(&bytes[..line.end], start + sign + 1);
        let (value, form) = lines::value(bytes, after, line.end, b"#");
        let mut entry = Entry { parent: "", key, value, form };
        // A value in quotes may go on for lines.
        if form == Form::Bare
            && matches!(bytes[..line.end].get(after), Some(b'"' | b'\''))
            && let Some((content, next)) = lines::quoted(bytes, after, bytes.len())
            && next > line.end
        {
            lines.skip_line_of(next);
            entry = Entry { value: content, form: Form::Quoted, ..entry };
        }
        judge.entry(entry);
    }
}
