//! A range of a file to the few lines that are shown of it: long lines cut, secrets replaced, control
//! characters made visible. Knows text and ranges, no finding.

pub(crate) mod residue;
#[cfg(test)]
mod tests;

use roadworthy_parser::{SourceFile, Span};
use roadworthy_secrets::scan;

use crate::clean::{REDACTED, visible};
use residue::{repetitions, unjudged};

/// The most characters shown of one line.
const LINE_WIDTH: usize = 120;
/// The most bytes shown before a range that begins far in a long line.
const LEAD: u32 = 40;
/// How far around what is shown of a line its neighbourhood is looked at, in bytes.
const MARGIN: usize = 4096;
/// A range over more lines than this is shown by its first line.
const MOST_LINES: u32 = 4;

/// The lines to show around a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The lines, joined by line feeds.
    pub(crate) text: String,
    /// The number of the first of them, from 1.
    pub(crate) first_line: u32,
    /// Where the range begins in `text`.
    pub(crate) start: usize,
    /// Where it ends in `text`, exclusive.
    pub(crate) end: usize,
}

/// Cuts out the lines around `span`. `hidden` are the ranges that are replaced, in any order.
/// `None` when the range is not one of the text, which has changed since it was judged.
pub(crate) fn frame(source: &SourceFile, span: Span, hidden: &[Span]) -> Option<Frame> {
    let text = source.text();
    text.get(span.range())?;
    let lines = source.lines();
    let first = lines.line(span.start);
    let mut last = lines.line(span.end.saturating_sub(1).max(span.start));
    let mut span = span;
    let line_end = |line: u32| lines.start(line) + lines.line_text(text, line).len() as u32;
    if last - first >= MOST_LINES {
        last = first;
        span.end = line_end(first);
    }
    let is_blank = |line: u32| {
        let line = lines.line_text(text, line);
        line.len() < 1000 && line.trim().is_empty()
    };
    let above = if first > 1 && !is_blank(first - 1) { first - 1 } else { first };
    let below = if last < lines.count() && !is_blank(last + 1) { last + 1 } else { last };

    let mut builder =
        Builder { text, hidden: hidden.to_vec(), span, out: String::new(), start: None, end: None };
    for line in above..=below {
        builder.hide_more(lines.start(line), line_end(line));
    }
    for line in above..=below {
        if line > above {
            builder.out.push('\n');
        }
        builder.line(lines.start(line), line_end(line));
    }
    let length = builder.out.len();
    let start = builder.start.unwrap_or(length);
    let end = builder.end.unwrap_or(length).max(start);
    Some(Frame { text: builder.out, first_line: above, start, end })
}

struct Builder<'b> {
    text: &'b str,
    hidden: Vec<Span>,
    span: Span,
    out: String,
    start: Option<usize>,
    end: Option<usize>,
}

impl Builder<'_> {
    /// Hides what the rules had no reason to point at, in what is shown of a line: what reads as a credential however
    /// the text around it reads, and what repeats the value of another.
    fn hide_more(&mut self, from: u32, to: u32) {
        let at = self.cut_start(from, to) as usize;
        let text = self.text.as_bytes();
        // Far enough to both sides that nothing that begins or ends in sight is cut.
        let start = at.saturating_sub(MARGIN);
        let window = &text[start..(at + 4 * LINE_WIDTH + MARGIN).min(text.len())];
        let span = |range: std::ops::Range<usize>| {
            Span::new((start + range.start) as u32, (start + range.end) as u32)
        };
        self.hidden.extend(scan(window).into_iter().map(|secret| span(secret.span)));
        let boundary = |at: usize| (0..=at).rev().find(|&it| self.text.is_char_boundary(it));
        let end = boundary((at + 4 * LINE_WIDTH).min(to as usize)).unwrap_or_default();
        let window_start = boundary((from as usize).max(start)).unwrap_or_default();
        let line = self.text.get(window_start..end).unwrap_or_default();
        let place = |range: std::ops::Range<usize>| {
            Span::new((window_start + range.start) as u32, (window_start + range.end) as u32)
        };
        self.hidden.extend(unjudged(line).into_iter().map(place));
        let repeated: Vec<_> =
            repetitions(self.text, &self.hidden, window).into_iter().map(span).collect();
        self.hidden.extend(repeated);
    }

    /// Adds the line from one offset to another, without its line end.
    fn line(&mut self, from: u32, to: u32) {
        let mut at = self.cut_start(from, to);
        if at > from {
            self.out.push('…');
        }
        let mut width = 0;
        while at < to && width < LINE_WIDTH {
            let before = self.out.len();
            let next = if let Some(next) = self.hidden_until(at) {
                self.out.push_str(REDACTED);
                width += REDACTED.len();
                next.min(to)
            } else {
                let Some(character) = self.text[at as usize..].chars().next() else { break };
                let shown = if character == '\t' { '\t' } else { visible(character) };
                // A byte-order mark is no column.
                if !(character == '\u{feff}' && at == 0) {
                    self.out.push(shown);
                    width += 1;
                }
                at + character.len_utf8() as u32
            };
            self.mark(at, next, before);
            at = next;
        }
        let end = self.out.len();
        if at < to {
            self.out.push('…');
            if self.end.is_none() && self.span.end <= to {
                self.end = Some(end);
            }
        } else {
            self.mark(to, to + 1, end);
        }
    }

    /// Notes where the range begins and ends, once a piece of the text is written.
    fn mark(&mut self, from: u32, to: u32, before: usize) {
        if self.start.is_none() && self.span.start < to {
            self.start = Some(before);
        }
        if self.end.is_none() && self.span.end <= from {
            self.end = Some(before);
        } else if self.end.is_none() && self.span.end <= to {
            self.end = Some(self.out.len());
        }
    }

    /// The end of the hidden ranges that begin at or before an offset and reach beyond it.
    fn hidden_until(&self, at: u32) -> Option<u32> {
        let around = |at: u32| self.hidden.iter().filter(move |span| span.contains(at));
        let mut end = around(at).map(|span| span.end).max()?;
        while let Some(further) = around(end).map(|span| span.end).max() {
            end = further;
        }
        // Never into the middle of a character, whatever the range.
        while !self.text.is_char_boundary(end as usize) {
            end += 1;
        }
        Some(end)
    }

    /// Where a long line is shown from: shortly before the range that is looked at.
    fn cut_start(&self, from: u32, to: u32) -> u32 {
        let inside = from <= self.span.start && self.span.start < to;
        if !inside || self.span.start - from <= LINE_WIDTH as u32 / 2 {
            return from;
        }
        let short = self.text[from as usize..to as usize].char_indices().nth(LINE_WIDTH).is_none();
        if short {
            return from;
        }
        let mut start = self.span.start.saturating_sub(LEAD).max(from);
        if let Some(covering) = self.hidden.iter().find(|hidden| hidden.contains(start)) {
            start = covering.start.max(from);
        }
        while !self.text.is_char_boundary(start as usize) {
            start -= 1;
        }
        start
    }
}
