//! Shell scripts: assignments, options and the credentials that known commands take. Knows words and quotes, and
//! what a shell fills in; nothing of values.

use std::ops::Range;

use super::DocumentKind;
use super::judge::{Entry, Form, Judge};
use super::lines::{self, Lines, skip_blanks};
use crate::values::judge_commands;

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
        command_line(judge, start..line.end);
        if let Some((kind, marker)) = heredoc(&text[start..line.end]) {
            let body = heredoc_body(text, &mut lines, bytes.len(), marker);
            judge.nested(body, kind);
        }
    }
}

/// Judges the words of one line.
pub(super) fn command_line(judge: &mut Judge<'_>, line: Range<usize>) {
    let text = judge.text;
    let bytes = &text.as_bytes()[..line.end];
    let mut assigned = line.start;
    for sign in memchr::memchr_iter(b'=', &bytes[line.start..]) {
        let sign = line.start + sign;
        if sign < assigned {
            continue;
        }
        let Some(start) = name_start(&bytes[line.start..sign]) else { continue };
        let key = &text[line.start + start..sign];
        let (value, form, end) = word(bytes, sign + 1);
        assigned = end;
        if !is_filled_in(bytes, &value) || text[value.clone()].starts_with("${") {
            judge.entry(Entry { parent: "", key, value, form });
        }
    }
    judge_commands(text, line.clone(), &mut |secret| judge.keep(secret));
    // Headers and bodies: `-H "X-API-Key: …"`, `-d '{"password": "…"}'`.
    if memchr::memchr2(b'"', b'\'', &bytes[line.start..]).is_some() {
        let mut at = line.start;
        while let Some(open) = memchr::memchr2(b'"', b'\'', &bytes[at..]) {
            let Some((content, next)) = lines::quoted(bytes, at + open, bytes.len()) else { break };
            if !is_filled_in(bytes, &content) {
                judge.pairs(content);
            }
            at = next;
        }
    }
}

/// Where the name before a sign begins; it must begin a word.
fn name_start(before: &[u8]) -> Option<usize> {
    let part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    let start = before.iter().rposition(|it| !part(it)).map_or(0, |it| it + 1);
    let bounds = |it: u8| it.is_ascii_whitespace() || b";|&(\"'`{?".contains(&it);
    (start < before.len() && (start == 0 || bounds(before[start - 1]))).then_some(start)
}

/// The word after a sign, without the quotes that may stand around it, and where it ends.
fn word(bytes: &[u8], start: usize) -> (Range<usize>, Form, usize) {
    if matches!(bytes.get(start), Some(b'"' | b'\''))
        && let Some((content, next)) = lines::quoted(bytes, start, bytes.len())
    {
        return (content, Form::Quoted, next);
    }
    let length = bytes[start..]
        .iter()
        .position(|it| it.is_ascii_whitespace() || b";|&)\"'`".contains(it))
        .unwrap_or(bytes.len() - start);
    (start..start + length, Form::Bare, start + length)
}

/// Whether a shell puts something in: a variable or the output of a command. Single quotes keep it from that.
fn is_filled_in(bytes: &[u8], value: &Range<usize>) -> bool {
    let single = value.start > 0 && bytes[value.start - 1] == b'\'';
    let content = &bytes[value.clone()];
    let variable = |at: usize| {
        content.get(at + 1).is_some_and(|it| it.is_ascii_alphanumeric() || b"_{(*@#?$".contains(it))
    };
    !single
        && (content.contains(&b'`')
            || memchr::memchr_iter(b'$', content)
                .any(|at| variable(at) && (at == 0 || content[at - 1] != b'\\')))
}

/// The kind and the marker of the document that follows a line: `cat > .env <<EOF`.
pub(super) fn heredoc(line: &str) -> Option<(DocumentKind, &str)> {
    let at = line.find("<<")?;
    let rest = line[at + 2..].trim_start_matches(['-', ' ']).trim_start_matches(['"', '\'', '\\']);
    let length = rest.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
    let marker = &rest[..length];
    if marker.is_empty() || marker.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    let command = line[..at].trim_start();
    let written = ["cat", "tee", "COPY", "ADD", "copy", "add"];
    let file = line.contains('>') || written.iter().any(|it| command.starts_with(it));
    Some((if file { DocumentKind::Ini } else { DocumentKind::Shell }, marker))
}

/// The lines up to the marker; without one, the document is the rest.
pub(super) fn heredoc_body(
    text: &str,
    lines: &mut Lines<'_>,
    end: usize,
    marker: &str,
) -> Range<usize> {
    let start = lines.next_start().min(end);
    for line in lines.by_ref() {
        if text[line.clone()].trim() == marker {
            return start..line.start;
        }
    }
    start..end
}
