//! What no line of Python begins or ends with, whatever its version. Knows single signs and words, no
//! statements.

use crate::{
    FlawKind, Span,
    scanner::{
        Scanner,
        bytes::{Class, class},
        strings::is_prefix,
        tokens::{Previous, is_keyword},
        words::{name_end, spaces_end},
    },
};

/// Words that are no keywords and begin statements all the same: those of Python 2, and those that are
/// keywords only where they begin a statement (from 3.12 and 3.15 on).
const FIRST_WORDS: [&[u8]; 4] = [b"print", b"exec", b"type", b"lazy"];

/// Whether a text begins with one of the marks that git puts around the sides of a conflict.
#[inline]
pub(super) fn is_conflict_mark(text: &[u8]) -> bool {
    match text {
        [sign @ (b'<' | b'>' | b'|'), rest @ ..] => {
            rest.len() >= 7 && rest[..6].iter().all(|byte| byte == sign) && rest[6] == b' '
        }
        _ => false,
    }
}

impl Scanner<'_> {
    /// Notes a line whose first sign begins no statement. Signs that begin the commands of notebooks
    /// are left out.
    pub(super) fn first_sign(&mut self) {
        let rest = &self.bytes[self.at..];
        let is_wrong = match class(rest[0]) {
            Class::Compare => rest[0] != b'!',
            Class::Operator => matches!(rest[0], b'$' | b'&' | b'/' | b'^' | b'|'),
            Class::Equal | Class::Comma | Class::Colon | Class::Semicolon => true,
            Class::Dot => !matches!(rest, [_, b'0'..=b'9', ..] | [_, b'.', b'.', ..]),
            _ => false,
        };
        if is_wrong {
            let kind = if is_conflict_mark(rest) {
                FlawKind::MergeConflict
            } else {
                FlawKind::UnexpectedSign
            };
            self.flaw(kind, self.at);
        }
    }

    /// Notes a line that ends in an operator. A star may end an import.
    pub(super) fn last_sign(&mut self) {
        let Some(last) = (self.line_end as usize).checked_sub(1) else { return };
        let is_operator = match self.bytes[last] {
            b'=' | b'<' | b'>' | b'+' | b'-' | b'/' | b'%' | b'&' | b'|' | b'^' | b'~' | b'@' => {
                true
            }
            b'.' => self.previous == Previous::NameDot,
            _ => false,
        };
        if is_operator {
            self.flaw(FlawKind::UnfinishedLine, last);
        }
    }

    /// Notes a name behind the one that a statement begins with.
    pub(super) fn second_word(&mut self, first: Span) {
        let end = first.end as usize;
        if self.bytes.get(end) != Some(&b' ') {
            return;
        }
        let start = spaces_end(self.bytes, end);
        if self.bytes.get(start).is_none_or(|&byte| class(byte) != Class::Name) {
            return;
        }
        let end = name_end(self.bytes, start);
        let (first, second) = (&self.bytes[first.range()], &self.bytes[start..end]);
        let is_literal = matches!(self.bytes.get(end), Some(b'\'' | b'"')) && is_prefix(second);
        if !is_literal && !is_keyword(second) && !is_keyword(first) && !FIRST_WORDS.contains(&first)
        {
            self.flaw(FlawKind::AdjacentNames, start);
        }
    }
}
