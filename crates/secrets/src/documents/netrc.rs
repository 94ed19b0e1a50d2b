//! `.netrc`: words in threes, `machine …`, `login …`, `password …`. Knows nothing of values.

use std::ops::Range;

use super::judge::{Entry, Form, Judge};
use super::lines::{self, Lines, trim};

pub(super) fn read(judge: &mut Judge<'_>, range: Range<usize>) {
    let text = judge.text;
    let bytes = &text.as_bytes()[..range.end];
    let mut host = "";
    let mut in_macro = false;
    let mut asked = "";
    for line in Lines::new(text, range) {
        let line = trim(bytes, line);
        // A macro's text ends at an empty line.
        in_macro &= !line.is_empty();
        if in_macro || bytes[line.clone()].starts_with(b"#") {
            continue;
        }
        let mut at = line.start;
        while let Some(word) = next_word(bytes, at, line.end) {
            let content = &text[word.clone()];
            at = word.end + 1;
            match asked {
                "machine" => host = content,
                "password" | "passwd" if !is_documentation(host) => {
                    let key = "password";
                    judge.entry(Entry { parent: "", key, value: word, form: Form::Quoted });
                }
                "" => {
                    in_macro |= content == "macdef";
                    asked = match content {
                        "machine" | "login" | "account" | "password" | "passwd" => content,
                        _ => "",
                    };
                    continue;
                }
                _ => {}
            }
            asked = "";
        }
    }
}

/// The next word between blanks, without the quotes that may stand around it.
fn next_word(bytes: &[u8], at: usize, end: usize) -> Option<Range<usize>> {
    let start = lines::skip_blanks(&bytes[..end], at.min(end));
    if *bytes[..end].get(start)? == b'"'
        && let Some((content, _)) = lines::quoted(bytes, start, end)
    {
        return Some(content);
    }
    let length = bytes[start..end].iter().position(|it| matches!(it, b' ' | b'\t'));
    Some(start..length.map_or(end, |it| start + it))
}

/// Hosts that are reserved for examples (RFC 2606).
fn is_documentation(host: &str) -> bool {
    ["example.com", "example.org", "example.net", ".example", ".test", ".invalid"]
        .iter()
        .any(|it| host.ends_with(it))
}
