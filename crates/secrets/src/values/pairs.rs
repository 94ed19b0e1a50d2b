//! Names and values inside a text: JSON in a string, a connection string, a header, a command line, a commented-out
//! assignment. Works on raw source, where a quote may be `\"` and a line may end in the two characters `\n`; knows
//! neither syntax nor files.

mod commands;

use std::ops::Range;

use super::{is_expression, judge_named};
use crate::names::{NameClass, ends_with, name_class};
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

/// No pair is shorter than `pw=abcd`.
const SHORTEST_PAIR: usize = 7;
/// No statement is shorter than `identified by 'abcd'`.
const SHORTEST_STATEMENT: usize = 20;
/// No name is longer.
const LONGEST_NAME: usize = 96;
/// No value is longer; what is, is a document.
const LONGEST_VALUE: usize = 512;
/// No token or key without quotes is shorter.
const SHORTEST_BARE: usize = 20;
/// How often a quote may be escaped: JSON within JSON within a literal.
const MOST_ESCAPES: usize = 7;

/// How cookies end that log in whoever bears them; these names promise nothing elsewhere.
const SESSION_COOKIES: &[&str] =
    &[".sid", "_sid", "-sid", "phpsessid", "sessionid", "session_id", "_session"];

/// Every value in `text` that is a secret by the name before it, in the order of their places:
/// `"password": "…"`, `token = '…'`, `host=db password=…`, `?api_key=…&`, `X-API-Key: …`, `curl -u name:…`.
///
/// A value without quotes counts only where it looks made at random: an unquoted word after a colon is mostly prose.
pub(crate) fn judge_pairs(text: &str, place: Pairs) -> Vec<Secret> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    if bytes.len() < SHORTEST_PAIR {
        return found;
    }
    let mut taken = 0;
    for sign in memchr::memchr2_iter(b'=', b':', bytes) {
        if sign < taken {
            continue;
        }
        let Some(name) = name_before(text, sign) else { continue };
        if let Some(secret) = pair_at(text, name, sign, place) {
            taken = secret.span.end;
            found.push(secret);
        } else if let Some((class, singular)) = promised_by_items(name) {
            for span in list_after(bytes, sign + 1) {
                taken = span.end;
                let value = &text[span.clone()];
                found
                    .extend(judge_named(class, singular, value, span).filter(|_| is_opaque(value)));
            }
        }
    }
    if place == Pairs::InText {
        judge_statements(text, &mut found);
        judge_commands(text, 0..text.len(), &mut |secret| {
            if secret.confidence > Confidence::Low {
                found.push(secret);
            }
        });
    }
    // Asked last, as most texts hold nothing.
    if !found.is_empty() && is_documentation(bytes) {
        for secret in &mut found {
            secret.confidence = Confidence::Low;
        }
    }
    found.sort_by_key(|it| it.span.start);
    found.dedup_by(|next, it| crate::overlap(&next.span, &it.span));
    found
}

/// Prose that shows code; what it shows is mostly invented, or has a format and was found by it.
fn is_documentation(bytes: &[u8]) -> bool {
    [&b"```"[..], b">>> ", b":param ", b"Args:", b".. code", b"e.g. "]
        .iter()
        .any(|it| memchr::memmem::find(bytes, it).is_some())
}

/// The secret of the pair of `name` and what follows the sign at `sign`.
fn pair_at(text: &str, name: &str, sign: usize, place: Pairs) -> Option<Secret> {
    let bytes = text.as_bytes();
    if let Some(class) = name_class(name) {
        // `pass` is an English word.
        if name.eq_ignore_ascii_case("pass") && name != "PASS" {
            return None;
        }
        if let Some(span) = quoted_after(bytes, sign + 1) {
            let value = &text[span.clone()];
            let telling = value.bytes().any(|it| !it.is_ascii_alphabetic());
            let mut secret = judge_named(class, name, value, span)?;
            let sure = secret.confidence > Confidence::Low;
            if place == Pairs::InComment && !telling {
                secret.confidence = Confidence::Low;
            }
            return (telling || sure).then_some(secret);
        }
        let span = bare_after(bytes, name, sign)?;
        let value = &text[span.clone()];
        let mut secret = judge_named(class, name, value, span)?;
        if !is_telling(value) {
            return None;
        }
        let short = value.len() < if class == NameClass::Password { 6 } else { SHORTEST_BARE };
        let encoded = value.contains('%');
        if short || encoded || is_in_example_url(&bytes[..secret.span.start]) {
            secret.confidence = Confidence::Low;
        }
        return Some(secret);
    }
    let cookie = bytes[sign] == b'='
        && SESSION_COOKIES.iter().any(|it| ends_with(name, it))
        && place == Pairs::InText;
    if !cookie {
        return None;
    }
    let span = bare_after(bytes, name, sign)?;
    let value = &text[span.clone()];
    let digit = value.bytes().any(|it| it.is_ascii_digit());
    (value.len() >= 16 && digit && entropy(value.as_bytes()) >= 3.0)
        .then(|| judge_named(NameClass::Token, name, value, span))
        .flatten()
}

/// What the items of a list are, by the list's name in the plural: `tokens`, `api_keys`.
pub(crate) fn promised_by_items(name: &str) -> Option<(NameClass, &str)> {
    let singular = name.strip_suffix(['s', 'S'])?;
    Some((name_class(singular)?, singular))
}

/// Whether an item of such a list is no token of a grammar: long, with several digits.
pub(crate) fn is_opaque(value: &str) -> bool {
    value.len() >= 16 && value.bytes().filter(u8::is_ascii_digit).count() >= 3
}

/// The quoted items of a list that begins after a sign, as many as a person would write.
fn list_after(bytes: &[u8], sign: usize) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut at = sign + blanks(&bytes[sign..]);
    if bytes.get(at) != Some(&b'[') {
        return items;
    }
    while items.len() < 16
        && let Some(item) = quoted_after(bytes, at + 1)
    {
        let close = memchr::memchr2(b'"', b'\'', &bytes[item.end..]).unwrap_or(0);
        at = item.end + close + 1;
        items.push(item);
        if bytes.get(at) != Some(&b',') {
            break;
        }
    }
    items
}

/// Statements of SQL that set a password: `CREATE USER a WITH PASSWORD '…'`, `IDENTIFIED BY '…'`.
fn judge_statements(text: &str, found: &mut Vec<Secret>) {
    const BEFORE: &[&str] = &["with password ", "encrypted password ", "identified by "];
    let bytes = text.as_bytes();
    if bytes.len() < SHORTEST_STATEMENT {
        return;
    }
    for quote in memchr::memchr2_iter(b'"', b'\'', bytes) {
        // Nearly every other quote is preceded by something else.
        if quote == 0 || !matches!(bytes[quote - 1], b' ' | b'\\') {
            continue;
        }
        let open = quote - escapes_before(bytes, quote);
        let before = &bytes[open.saturating_sub(20)..open];
        let ends = |it: &str| {
            before.len() >= it.len()
                && before[before.len() - it.len()..].eq_ignore_ascii_case(it.as_bytes())
        };
        let statement = &bytes[open.saturating_sub(128)..open];
        let defines = || {
            [&b"alter role "[..], b"alter user ", b"create role ", b"create user "]
                .iter()
                .any(|it| crate::formats::contains_ignoring_case(statement, it))
        };
        let sets = BEFORE.iter().any(|it| ends(it)) || ends("password ") && defines();
        if sets && let Some(span) = quoted_after(bytes, open) {
            let value = &text[span.clone()];
            found.extend(
                judge_named(NameClass::Password, "password", value, span)
                    .filter(|it| it.confidence > Confidence::Low),
            );
        }
    }
}

/// Whether a value without quotes has what prose lacks: a digit, or capitals in its midst.
fn is_telling(value: &str) -> bool {
    let digit = value.bytes().any(|it| it.is_ascii_digit());
    let lower = value.bytes().any(|it| it.is_ascii_lowercase());
    let inner_upper = value.bytes().skip(1).any(|it| it.is_ascii_uppercase());
    let assigns = value.trim_end_matches('=').contains('=');
    (digit || lower && inner_upper) && !assigns && !is_expression(value)
}

/// Whether what ends here belongs to a URL of a host that is reserved for examples (RFC 2606).
fn is_in_example_url(before: &[u8]) -> bool {
    let before = &before[before.len().saturating_sub(LONGEST_VALUE)..];
    let space = before.iter().rposition(u8::is_ascii_whitespace).map_or(0, |it| it + 1);
    let word = &before[space..];
    memchr::memmem::find(word, b"://")
        .is_some_and(|it| memchr::memmem::find(&word[it..], b"example.").is_some())
}

/// The name directly before a sign, with or without quotes and the bracket of a subscript.
fn name_before(text: &str, sign: usize) -> Option<&str> {
    // Most signs stand in URLs and times.
    let last = *text.as_bytes().get(sign.checked_sub(1)?)?;
    if !last.is_ascii_alphanumeric() && !b"\"'\\] \t_-.".contains(&last) {
        return None;
    }
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
    // A part of something longer: `arn:aws:secretsmanager:*:*:secret:billing`, data in base85.
    if start > 0 && b":/>|~^*@+<}=!`".contains(&bytes[start - 1]) {
        return None;
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
        (escapes_before(window, end) == escapes).then(|| start..start + end - escapes)
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

/// How many backslashes stand directly before an offset.
fn escapes_before(bytes: &[u8], at: usize) -> usize {
    let most = at.min(MOST_ESCAPES + 1);
    bytes[at - most..at].iter().rev().take_while(|it| **it == b'\\').count()
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|it| matches!(it, b' ' | b'\t')).count()
}
