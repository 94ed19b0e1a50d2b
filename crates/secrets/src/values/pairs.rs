//! Names and values inside a text: JSON in a string, a connection string, a header, a command line, a commented-out
//! assignment. Works on raw source, where a quote may be `\"` and a line may end in the two characters `\n`; knows
//! neither syntax nor files.

mod commands;

use std::ops::Range;

use super::{is_expression, judge_named};
use crate::names::{NameClass, name_class};
use crate::words::entropy;
use crate::{Confidence, Secret};

pub(crate) use commands::judge_commands;

/// Where the pairs stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pairs {
    /// Within a literal.
    InText,
    /// Within a comment.
    InComment,
}

/// No name is longer.
const LONGEST_NAME: usize = 96;
/// No value is longer; what is, is a document.
const LONGEST_VALUE: usize = 512;
/// How often a quote may be escaped: JSON within JSON within a literal.
const MOST_ESCAPES: usize = 7;

/// Cookies that log in whoever bears them; their names promise nothing elsewhere.
const SESSION_COOKIES: &[&str] = &["connect.sid", "jsessionid", "phpsessid", "sessionid"];

/// Every value in `text` that is a secret by the name before it, in the order of their places:
/// `"password": "…"`, `token = '…'`, `host=db password=…`, `?api_key=…&`, `X-API-Key: …`, `curl -u name:…`.
///
/// A value without quotes counts only where it looks made at random: an unquoted word after a colon is mostly prose.
pub(crate) fn judge_pairs(text: &str, place: Pairs) -> Vec<Secret> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut signs = memchr::memchr2_iter(b'=', b':', bytes).peekable();
    let command = place == Pairs::InText && memchr::memmem::find(bytes, b" -").is_some();
    if signs.peek().is_none() && !command {
        return found;
    }
    let mut taken = 0;
    for sign in signs.filter(|it| *it > 0) {
        if sign < taken {
            continue;
        }
        let Some(pair) = pair_at(text, sign, place) else { continue };
        taken = pair.span.end;
        found.push(pair);
    }
    if command {
        for line in text.split('\n') {
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            judge_commands(text, start..start + line.len(), &mut |secret| {
                let shown = secret.confidence > Confidence::Low;
                if shown && !found.iter().any(|it| crate::overlap(&it.span, &secret.span)) {
                    found.push(secret);
                }
            });
        }
        found.sort_by_key(|it| it.span.start);
    }
    // Asked last, as most texts hold nothing.
    if !found.is_empty() && is_documentation(bytes) {
        found.clear();
    }
    found
}

/// Prose that shows code; what it shows is invented, or has a format and was found by it.
fn is_documentation(bytes: &[u8]) -> bool {
    [&b"```"[..], b">>> ", b":param ", b"Args:", b".. code"]
        .iter()
        .any(|it| memchr::memmem::find(bytes, it).is_some())
}

/// The secret of the pair around the sign at `sign`.
fn pair_at(text: &str, sign: usize, place: Pairs) -> Option<Secret> {
    let bytes = text.as_bytes();
    let name = name_before(text, sign)?;
    if let Some(class) = name_class(name) {
        // `pass` is an English word; without plain quotes around it no trigger of names covers it either.
        if name.eq_ignore_ascii_case("pass") {
            return None;
        }
        if let Some(span) = quoted_after(bytes, sign + 1) {
            let value = &text[span.clone()];
            let telling = value.bytes().any(|it| !it.is_ascii_alphabetic());
            return judge_named(class, name, value, span).filter(|secret| {
                telling && (place == Pairs::InText || secret.confidence > Confidence::Low)
            });
        }
        let span = bare_after(bytes, name, sign)?;
        let value = &text[span.clone()];
        return judge_named(class, name, value, span)
            .filter(|secret| is_telling(value) && secret.confidence > Confidence::Low);
    }
    let cookie = bytes[sign] == b'='
        && SESSION_COOKIES.iter().any(|it| it.eq_ignore_ascii_case(name))
        && place == Pairs::InText;
    if !cookie {
        return None;
    }
    let span = bare_after(bytes, name, sign)?;
    let value = &text[span.clone()];
    (value.len() >= 16 && is_telling(value) && entropy(value.as_bytes()) >= 3.0)
        .then(|| judge_named(NameClass::Token, name, value, span))
        .flatten()
}

/// Whether a value without quotes has what prose lacks: a digit, or capitals in its midst.
fn is_telling(value: &str) -> bool {
    let digit = value.bytes().any(|it| it.is_ascii_digit());
    let lower = value.bytes().any(|it| it.is_ascii_lowercase());
    let inner_upper = value.bytes().skip(1).any(|it| it.is_ascii_uppercase());
    (digit || lower && inner_upper) && !is_expression(value)
}

/// The name directly before a sign, with or without quotes and the bracket of a subscript.
fn name_before(text: &str, sign: usize) -> Option<&str> {
    let bytes = &text.as_bytes()[sign.saturating_sub(LONGEST_NAME)..sign];
    let trimmed = |bytes: &[u8], drop: &[u8]| {
        bytes.iter().rposition(|it| !drop.contains(it)).map_or(0, |it| it + 1)
    };
    let end = trimmed(bytes, b" \t");
    let end = trimmed(&bytes[..end], b"\"'\\]");
    let part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    let mut start = bytes[..end].iter().rposition(|it| !part(it)).map_or(0, |it| it + 1);
    // In raw source the letter may be that of an escape: `\npassword=`.
    if start > 0
        && bytes[start - 1] == b'\\'
        && bytes.get(start).is_some_and(|it| matches!(it, b'n' | b'r' | b't'))
    {
        start += 1;
    }
    let offset = sign - bytes.len();
    text.get(offset + start..offset + end).filter(|it| !it.is_empty())
}

/// The content of the quoted value after a sign. A quote that is escaped `n` times ends at one escaped as often.
fn quoted_after(bytes: &[u8], sign: usize) -> Option<Range<usize>> {
    let at = sign + blanks(&bytes[sign..]);
    let escapes = bytes[at..].iter().take(MOST_ESCAPES + 1).take_while(|it| **it == b'\\').count();
    let quote = *bytes.get(at + escapes).filter(|it| matches!(it, b'"' | b'\''))?;
    let start = at + escapes + 1;
    let window = &bytes[start..bytes.len().min(start + LONGEST_VALUE + MOST_ESCAPES + 1)];
    let line = memchr::memchr(b'\n', window).unwrap_or(window.len());
    memchr::memchr_iter(quote, &window[..line]).find_map(|end| {
        let before = window[..end].iter().rev().take_while(|it| **it == b'\\').count();
        (before == escapes).then(|| start..start + end - escapes)
    })
}

/// The value without quotes after a sign: up to a delimiter where it touches the sign (`a=b&`, `a=b;`), else the only
/// word up to the end of the line (`X-API-Key: b`, `a = b`).
fn bare_after(bytes: &[u8], name: &str, sign: usize) -> Option<Range<usize>> {
    let start = sign + 1 + blanks(&bytes[sign + 1..]);
    let window = &bytes[start..bytes.len().min(start + LONGEST_VALUE + 1)];
    let length = window
        .iter()
        .position(|it| it.is_ascii_whitespace() || b"&;,\"'`<>()[]{}|\\$".contains(it))
        .unwrap_or(window.len());
    let rest = &window[length..];
    let touches = bytes[sign] == b'='
        && start == sign + 1
        && bytes[..sign].ends_with(name.as_bytes())
        && !bytes[sign..].starts_with(b"==");
    let after = rest.first();
    let ended = if touches {
        !matches!(after, Some(b'(' | b'[' | b'{' | b'$' | b'<'))
    } else {
        let blank = blanks(rest);
        matches!(rest.get(blank), None | Some(b'\n' | b'\r' | b'"' | b'\''))
            || matches!(rest.get(blank..blank + 2), Some(b"\\n" | b"\\r" | b"\\\"" | b"\\'"))
    };
    let mut end = start + length;
    while end > start && matches!(bytes[end - 1], b'.' | b':' | b'!' | b'?') {
        end -= 1;
    }
    (ended && end > start && end - start <= LONGEST_VALUE).then_some(start..end)
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|it| matches!(it, b' ' | b'\t')).count()
}
