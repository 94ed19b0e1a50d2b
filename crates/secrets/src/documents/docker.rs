//! Dockerfiles: `ENV`, `ARG` and `LABEL` with their values, commands, heredocs. Knows nothing of values.

use std::ops::Range;

use super::judge::{Entry, Judge};
use super::lines::{self, Lines, skip_blanks, trim};
use super::shell;

pub(super) fn read(judge: &mut Judge<'_>, range: Range<usize>) {
    let text = judge.text;
    let bytes = &text.as_bytes()[..range.end];
    let mut lines = Lines::new(text, range);
    let mut continued = false;
    let mut settings = false;
    while let Some(line) = lines.next() {
        let line = trim(bytes, line);
        // Neither an empty line nor a comment ends an instruction.
        if line.is_empty() {
            continue;
        }
        if bytes[line.clone()].first() == Some(&b'#') {
            judge.comment(line);
            continue;
        }
        let mut content = line.clone();
        let goes_on = bytes[line.clone()].ends_with(b"\\");
        if goes_on {
            content = trim(bytes, line.start..line.end - 1);
        }
        if !continued {
            let (instruction, rest) = first_word(text, content.clone());
            settings =
                ["ENV", "ARG", "LABEL"].iter().any(|it| it.eq_ignore_ascii_case(instruction));
            if settings {
                content = rest;
            }
        }
        if settings {
            self::settings(judge, content, !continued);
        } else {
            shell::command_line(judge, content);
        }
        continued = goes_on;
        if let Some((kind, marker)) = shell::heredoc(&text[line.clone()]).filter(|_| !settings) {
            let body = shell::heredoc_body(text, &mut lines, bytes.len(), marker);
            judge.nested(body, kind);
        }
    }
}

fn first_word(text: &str, line: Range<usize>) -> (&str, Range<usize>) {
    let content = &text[line.clone()];
    let length = content.find([' ', '\t']).unwrap_or(content.len());
    let rest = skip_blanks(&text.as_bytes()[..line.end], line.start + length);
    (&content[..length], rest..line.end)
}

/// `K=V K2="V2"`, or the old `K V`, which only an instruction's first line can be.
fn settings(judge: &mut Judge<'_>, line: Range<usize>, first: bool) {
    let text = judge.text;
    let bytes = &text.as_bytes()[..line.end];
    let (word, rest) = first_word(text, line.clone());
    if first && !word.contains('=') {
        let (value, form) = lines::value(bytes, rest.start, line.end, b"");
        judge.entry(Entry { parent: "", key: word, value, form });
    } else {
        shell::command_line(judge, line);
    }
}
