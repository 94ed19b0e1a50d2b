//! INI, `.cfg` and `.conf` files: sections, `key = value`, `key: value`, `key value`. Knows nothing of values.

use std::ops::Range;

use super::flow;
use super::judge::{Entry, Form, Judge};
use super::lines::{self, Lines, skip_blanks, trim};

pub(super) fn read(judge: &mut Judge<'_>, range: Range<usize>) {
    let text = judge.text;
    let bytes = &text.as_bytes()[..range.end];
    let mut section = "";
    for line in Lines::new(text, range) {
        let start = skip_blanks(&bytes[..line.end], line.start);
        let content = &bytes[start..line.end];
        match content.first() {
            None => {}
            Some(b'#' | b';') => judge.comment(start..line.end),
            Some(b'[') if content.contains(&b']') => {
                let inner = &text[start + 1..line.end];
                section = inner.split(']').next().unwrap_or("").trim();
            }
            Some(_) => match memchr::memchr2(b'=', b':', content) {
                // NATS, HOCON: a mapping on one line.
                Some(sign) if content[..sign].contains(&b'{') => {
                    let open = start + memchr::memchr(b'{', content).unwrap_or(0);
                    flow::read(judge, open..line.end, flow::YAML, "", false);
                }
                // A sentence is no key.
                Some(sign) if text[start..start + sign].trim().matches(' ').count() > 1 => {
                    judge.pairs(start..line.end);
                }
                Some(sign) => {
                    let key = text[start..start + sign].trim().trim_matches(['"', '\'']);
                    let (value, form) = lines::value(bytes, start + sign + 1, line.end, b"#;");
                    judge.entry(Entry { parent: section, key, value, form });
                }
                None => two_words(judge, start..line.end),
            },
        }
    }
}

/// `requirepass …`, as in the files of Redis and Mosquitto: two words and nothing else, the second no mere word.
fn two_words(judge: &mut Judge<'_>, line: Range<usize>) {
    let text = judge.text;
    let line = trim(text.as_bytes(), line);
    let Some((key, rest)) = text[line.clone()].split_once([' ', '\t']) else { return };
    let value = trim(text.as_bytes(), line.end - rest.len()..line.end);
    let inner = &text[value.clone()];
    let key = match key {
        "requirepass" | "masterauth" | "bindpw" => "password",
        _ => key,
    };
    if !inner.contains([' ', '\t']) && inner.bytes().any(|it| !it.is_ascii_alphabetic()) {
        let quoted = inner.len() > 2 && inner.starts_with('"') && inner.ends_with('"');
        let (value, form) = if quoted {
            (value.start + 1..value.end - 1, Form::Quoted)
        } else {
            (value, Form::Bare)
        };
        judge.entry(Entry { parent: "", key, value, form });
    } else {
        judge.pairs(line);
    }
}
