//! Java properties and `.npmrc`: `key=value`, `key: value`. Of a value that goes on behind a backslash the first line is
//! read. Knows which entries of `.npmrc` are in base64.

use std::ops::Range;

use super::judge::{Entry, Form, Judge, split_path};
use super::lines::{self, Lines, skip_blanks};

pub(super) fn read(judge: &mut Judge<'_>, range: Range<usize>) {
    let text = judge.text;
    let bytes = &text.as_bytes()[..range.end];
    for line in Lines::new(text, range) {
        let start = skip_blanks(&bytes[..line.end], line.start);
        let content = &bytes[start..line.end];
        // A registry's entry begins with its URL, which has colons.
        let registry = content.starts_with(b"//");
        let sign = match content.first() {
            None => continue,
            Some(b'#' | b'!' | b';') => {
                judge.comment(start..line.end);
                continue;
            }
            _ if registry => memchr::memchr(b'=', content),
            _ => memchr::memchr2(b'=', b':', content),
        };
        let Some(sign) = sign else {
            judge.pairs(start..line.end);
            continue;
        };
        let path = text[start..start + sign].trim();
        let (mut value, form) = lines::value(bytes, start + sign + 1, line.end, b"");
        if bytes[value.clone()].ends_with(b"\\") {
            value.end -= 1;
        }
        let name = path.rsplit(':').next().unwrap_or(path);
        if name == "_password" {
            judge.entry(Entry { parent: "", key: "password", value, form: Form::Base64 });
        } else {
            let (parent, key) = if registry { ("", name) } else { split_path(path) };
            judge.entry(Entry { parent, key, value, form });
        }
    }
}
