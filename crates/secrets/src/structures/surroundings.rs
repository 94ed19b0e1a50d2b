//! Credentials told by what stands around them: the key of a service account by the JSON it is in, the secret of an AWS
//! key by the id beside it. Knows no names.

use std::ops::Range;

use crate::Kind;
use crate::formats::structured;
use crate::scan::{Outcome, count_work};

/// How far from a service account's key its type stands; the other fields come to about 900 bytes.
const ACCOUNT: usize = 2048;
/// How many lines from an access key id its secret stands at most.
const LINES: usize = 5;
/// How many bytes from it, as lines may be long.
const NEAR: usize = 1024;
/// The length of an AWS secret access key.
const SECRET: usize = 40;

/// Whether the key block in `block` is the `private_key` of a service account's JSON, which may stand within a JSON
/// string, with every quote escaped.
pub(super) fn in_service_account(bytes: &[u8], block: &Range<usize>) -> bool {
    let before = &bytes[block.start.saturating_sub(ACCOUNT)..block.start];
    let after = &bytes[block.end..bytes.len().min(block.end + ACCOUNT)];
    count_work(before.len() + after.len());
    let key = trimmed(before).strip_suffix(b":").map(trimmed);
    key.is_some_and(|it| it.ends_with(b"private_key"))
        && [before, after].iter().any(|it| says_service_account(it))
}

/// Without the punctuation of JSON at the end.
fn trimmed(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|it| !matches!(it, b'"' | b'\'' | b'\\' | b' ' | b'\t'));
    &text[..end.map_or(0, |it| it + 1)]
}

fn says_service_account(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"service_account").any(|at| {
        trimmed(&text[..at]).strip_suffix(b":").is_some_and(|it| trimmed(it).ends_with(b"type"))
    })
}

/// The secrets of the AWS access key ids among `found`: 40 characters of mixed base64 within five lines of one.
pub(crate) fn aws_secrets(bytes: &[u8], found: &[Outcome]) -> Vec<Outcome> {
    let mut secrets = Vec::new();
    // Where ids stand close together, what lies between them is searched once.
    let mut searched = 0;
    for id in found {
        let Kind::ProviderFormat(format) = id.secret.kind else { continue };
        if format.name != "aws-access-key-id" || !id.accepted {
            continue;
        }
        let window = window(bytes, &id.secret.span);
        let window = window.start.max(searched)..window.end.max(searched);
        searched = window.end;
        count_work(window.len());
        let mut at = window.start;
        while at < window.end {
            let run = bytes[at..].iter().take(4 * SECRET).take_while(|it| is_base64(**it)).count();
            secrets.extend(secret(bytes, at..at + run));
            at += run + 1;
        }
    }
    secrets
}

/// Five lines before and behind, from the end of a run of base64 to the end of the last line.
fn window(bytes: &[u8], id: &Range<usize>) -> Range<usize> {
    let floor = id.start.saturating_sub(NEAR);
    let start = memchr::memrchr_iter(b'\n', &bytes[floor..id.start])
        .nth(LINES)
        .map_or(floor, |it| floor + it + 1);
    let cut = bytes[start..id.start].iter().take_while(|it| is_base64(**it)).count();
    let start = if start == floor && floor > 0 { start + cut } else { start };
    let ceiling = bytes.len().min(id.end + NEAR);
    let end = memchr::memchr_iter(b'\n', &bytes[id.end..ceiling])
        .nth(LINES)
        .map_or(ceiling, |it| id.end + it);
    start..end
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

fn secret(bytes: &[u8], run: Range<usize>) -> Option<Outcome> {
    // The letter of an escape is no part of it: `\nwJal…`.
    let escape = run.len() == SECRET + 1 && run.start > 0 && bytes[run.start - 1] == b'\\';
    let span = run.start + usize::from(escape)..run.end;
    let joins = |it: Option<&u8>| it.is_some_and(|it| matches!(it, b'_' | b'-' | b'.' | b'%'));
    if span.len() != SECRET
        || joins(run.start.checked_sub(1).map(|it| &bytes[it]))
        || joins(bytes.get(run.end))
        || bytes.get(run.end) == Some(&b'=')
    {
        return None;
    }
    let text = &bytes[span.clone()];
    let format = structured("aws-secret-access-key");
    format
        .is_genuine(text)
        .then(|| Outcome::new(Kind::ProviderFormat(format), Some(format.confidence), span))
}
