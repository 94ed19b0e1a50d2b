//! Names and values inside a text: a commented-out assignment, JSON in a string, a command line. Only quoted values
//! count, as an unquoted word after a colon is mostly prose.

use super::judge_named;
use crate::names::name_class;
use crate::{Confidence, Secret};

/// Where the pairs stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pairs {
    /// Within a literal.
    InText,
    /// Within a comment.
    InComment,
}

/// The first quoted value in `text` that is a secret by the name before it: `"password": "…"`, `token = '…'`.
pub(crate) fn judge_pairs(text: &str, place: Pairs) -> Option<Secret> {
    let bytes = text.as_bytes();
    // Without a sign and a quote there is no pair; most literals end here.
    memchr::memchr2(b'=', b':', bytes)?;
    memchr::memchr2(b'"', b'\'', bytes)?;
    if is_documentation(bytes) {
        return None;
    }
    memchr::memchr2_iter(b'=', b':', bytes).find_map(|sign| {
        let (start, end) = quoted_after(bytes, sign + 1)?;
        let value = &text[start..end];
        let name = name_before(text, sign)?;
        // Without plain quotes around it no trigger of names covers this one.
        let class = name_class(name).filter(|_| !name.eq_ignore_ascii_case("pass"))?;
        let secret = judge_named(class, name, value, start..end)?;
        let telling = value.bytes().any(|it| !it.is_ascii_alphabetic());
        (telling && (place == Pairs::InText || secret.confidence > Confidence::Low))
            .then_some(secret)
    })
}

/// Prose that shows code; what it shows is invented, or has a format and was found by it.
fn is_documentation(bytes: &[u8]) -> bool {
    [&b"```"[..], b">>> ", b":param ", b"Args:", b".. code"]
        .iter()
        .any(|it| memchr::memmem::find(bytes, it).is_some())
}

/// The content of the quoted value after a sign; the quotes may be escaped, as the text is raw source.
fn quoted_after(bytes: &[u8], sign: usize) -> Option<(usize, usize)> {
    let mut at = sign;
    while matches!(bytes.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    if bytes.get(at) == Some(&b'\\') {
        at += 1;
    }
    let quote = *bytes.get(at).filter(|it| matches!(it, b'"' | b'\''))?;
    let start = at + 1;
    let line = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |it| start + it);
    let mut end = start + memchr::memchr(quote, &bytes[start..line])?;
    if end > start && bytes[end - 1] == b'\\' {
        end -= 1;
    }
    Some((start, end))
}

/// The name directly before a sign, with or without quotes.
fn name_before(text: &str, sign: usize) -> Option<&str> {
    let before = text[..sign].trim_end().trim_end_matches(['"', '\'', '\\']);
    let start = before
        .bytes()
        .rposition(|it| !it.is_ascii_alphanumeric() && !matches!(it, b'_' | b'-' | b'.'))
        .map_or(0, |it| it + 1);
    (start < before.len()).then(|| &before[start..])
}
