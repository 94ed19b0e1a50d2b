//! What a comment speaks for, by where it stands. Knows lines and statements, not what the comment says.

use roadworthy_parser::{Keyword, LogicalLine, Outline, SourceFile, Span};
use roadworthy_project::FileKind;

use crate::document_comments;

/// What a comment speaks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach {
    File,
    /// Every finding whose extent touches a line (from 1).
    Line(u32),
    /// Every finding that begins in a range.
    Range(Span),
}

/// The file around comments that are asked for in their order.
pub(super) struct Around<'a> {
    pub(super) source: &'a SourceFile,
    pub(super) outline: &'a Outline,
    /// Decides how comments are found and what they speak for: outlines know those of Python.
    pub(super) kind: FileKind,
    /// Indentation and end of the block in which the last comment of pylint stood.
    pub(super) last_block: (u32, u32),
}

impl Around<'_> {
    /// The line of an offset, and what stands before it there.
    fn before(&self, offset: u32) -> (u32, &str) {
        let line = self.source.lines().line(offset);
        let before = Span::new(self.source.lines().start(line), offset);
        let mut before = self.source.slice(before).trim().trim_start_matches('\u{feff}');
        if self.kind == FileKind::Notebook {
            before = before.trim_start_matches('"').trim_start();
        }
        (line, before)
    }

    /// A comment beside code speaks for its line, one alone on its line for the next logical line.
    pub(super) fn of(&self, comment: Span) -> Reach {
        let (line, before) = self.before(comment.start);
        if !before.is_empty() {
            return Reach::Line(line);
        }
        if !self.kind.is_python() {
            return Reach::Line(self.next_line(line));
        }
        let lines = &self.outline.lines;
        let next = lines.partition_point(|other| other.span.start < comment.start);
        // Inside a statement over several lines there is no next one to speak for.
        let inside = next.checked_sub(1).is_some_and(|at| lines[at].span.end > comment.end);
        match lines.get(next) {
            Some(_) if inside => Reach::Line(line),
            Some(first) => Reach::Range(Span::new(first.span.start, self.statement_end(next))),
            None => Reach::Line(line),
        }
    }

    /// One of our comments inside another speaks for the text before it, too.
    pub(super) fn beside_text(&self, comment: Span, own: Span) -> Option<Reach> {
        let line = self.source.lines().line(own.start);
        (comment.start < own.start).then_some(Reach::Line(line))
    }

    /// The line that a comment of another tool speaks for, in a file that is not Python: where a line cannot end in a
    /// comment, one stands before it.
    pub(super) fn line_of(&self, comment: Span) -> u32 {
        match self.of(comment) {
            Reach::Line(line) => line,
            _ => self.source.lines().line(comment.start),
        }
    }

    /// The comment alone on the line above.
    pub(super) fn comment_above(&self, line: u32) -> Option<&str> {
        let above = line.checked_sub(1).filter(|&above| above > 0)?;
        let text = self.source.lines().line_text(self.source.text(), above).trim();
        text.starts_with('#').then_some(text)
    }

    /// The next line of a file that is not Python on which more than a comment stands.
    fn next_line(&self, line: u32) -> u32 {
        const FARTHEST: u32 = 20;
        let lines = self.source.lines();
        let text = |line| lines.line_text(self.source.text(), line).trim();
        let mut behind = line + 1..=lines.count().min(line + FARTHEST);
        let speaks = |text: &str| !text.is_empty() && !document_comments::is_comment_line(text);
        behind.find(|&line| speaks(text(line))).unwrap_or(line)
    }

    /// The end of a logical line, or of the header that decorators lead to.
    fn statement_end(&self, mut index: usize) -> u32 {
        let lines: &[LogicalLine] = &self.outline.lines;
        while lines[index].keyword == Keyword::Decorator && index + 1 < lines.len() {
            index += 1;
        }
        lines[index].span.end
    }

    /// pylint's comments alone on a line hold to the end of the block they stand in.
    pub(super) fn of_pylint(&mut self, comment: Span) -> Reach {
        let line = self.source.lines().line(comment.start);
        let start = self.source.lines().start(line);
        let before = self.source.slice(Span::new(start, comment.start));
        if !before.trim().is_empty() {
            return Reach::Line(line);
        }
        // As logical lines count it: a tab leads to the next multiple of eight.
        let indent = before.bytes().fold(0, |column, byte| match byte {
            b'\t' => (column / 8 + 1) * 8,
            _ => column + 1,
        });
        // Comments come in order: until that block ends, one as far in stands in the same.
        if self.last_block.0 == indent && comment.start < self.last_block.1 {
            return Reach::Range(Span::new(comment.start, self.last_block.1));
        }
        let lines = &self.outline.lines;
        let next = lines.partition_point(|other| other.span.start <= comment.end);
        // Nothing lies further out than the module: there is no need to look.
        let behind = if indent == 0 { &[] } else { &lines[next..] };
        let outside = behind.iter().find(|other| other.indent < indent);
        let end = outside.map_or(self.source.text().len() as u32, |other| other.span.start);
        self.last_block = (indent, end);
        Reach::Range(Span::new(comment.start, end))
    }
}
