//! Text to syntax trees by tree-sitter. Knows regions, not why they were chosen.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Point, Range};

use crate::{Outline, Region};

/// Bytes handed to the parser at a time: few, so that reading again and again shows.
const CHUNK: usize = 1024;
/// Bytes that any parse may read: some 50 KB of comments in a row.
const READ_ALWAYS: usize = 32 << 20;
/// Bytes that a parse may read for each byte of its text; honest code reads about two.
const READ_PER_BYTE: usize = 16;
/// Bytes of comments behind a region that are parsed with it: more are data, and cost their square.
const COMMENTS_BEHIND: u32 = 16 << 10;

/// A parser with its buffers, one for each thread.
pub struct Parser {
    inner: tree_sitter::Parser,
    /// Whether the inner parser still holds the range of a region.
    narrowed: bool,
}

/// The tree of a whole file or of one region of it; byte offsets are those of the file either way.
///
/// Rows and columns (`Node::start_position`) of a region's tree are counted from the region's start:
/// use byte offsets, and [`SourceFile::position`](crate::SourceFile::position) to show them.
pub struct SyntaxTree {
    tree: tree_sitter::Tree,
}

impl SyntaxTree {
    /// The `module` node.
    pub fn root(&self) -> tree_sitter::Node<'_> {
        self.tree.root_node()
    }

    /// Whether some part did not match the grammar. That is no proof of a syntax error: the grammar
    /// does not know all of Python.
    pub fn has_error(&self) -> bool {
        self.root().has_error()
    }
}

impl Parser {
    /// A parser for Python.
    pub fn new() -> Self {
        let mut inner = tree_sitter::Parser::new();
        inner
            .set_language(&tree_sitter_python::LANGUAGE.into())
            .expect("the grammar and the library are of versions that fit");
        Self { inner, narrowed: false }
    }

    /// Parses the whole text. `None` where that would take out of all proportion to its length.
    pub fn parse(&mut self, text: &str) -> Option<SyntaxTree> {
        if self.narrowed {
            self.inner.set_included_ranges(&[]).expect("no ranges do not overlap");
            self.narrowed = false;
        }
        self.run(text, 0, text.len())
    }

    /// Parses one region of the text. `None` where that would take out of all proportion to its length.
    ///
    /// Comments between the region and the next logical line are parsed with it, because the grammar
    /// takes those that are indented as deep as a block for its last part: so nodes end where they
    /// end in the tree of the whole file (but where 16 KiB of comments follow).
    pub fn parse_region(
        &mut self,
        text: &str,
        outline: &Outline,
        region: Region,
    ) -> Option<SyntaxTree> {
        let start = region.span.start as usize;
        let mut end = end_with_comments(outline, region) as usize;
        if end > region.span.end as usize && text.as_bytes()[end..].starts_with(b"\r\n") {
            // The grammar takes the first half of a CRLF for the end of a comment.
            end += 2;
        }
        let range = Range {
            start_byte: start,
            end_byte: end,
            start_point: Point::new(0, 0),
            end_point: Point::new(0, 0),
        };
        self.inner.set_included_ranges(&[range]).expect("one range does not overlap");
        self.narrowed = true;
        self.run(text, start, end)
    }

    /// Parses `text[start..end]`, which is what the inner parser was narrowed to.
    fn run(&mut self, text: &str, start: usize, end: usize) -> Option<SyntaxTree> {
        let part = with_line_feeds(text.get(start..end)?);
        let part = part.as_bytes();
        // Counts, unlike a clock, make the result the same on every machine. The parser calls back
        // after each hundred steps; a byte costs well below ten in honest code.
        let mut steps_left = 1_000 + part.len() / 4;
        // The grammar's scanner looks ahead over all comments, blanks and line joins that follow, once
        // for each of them, without a step: that shows in what it reads.
        let read_left = Cell::new(READ_ALWAYS + part.len() * READ_PER_BYTE);
        let mut progress = |_: &ParseState| {
            steps_left = steps_left.saturating_sub(1);
            if steps_left == 0 || read_left.get() == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let mut read = |at: usize, _: Point| {
            let from = at.saturating_sub(start).min(part.len());
            let chunk = &part[from..part.len().min(from + CHUNK)];
            read_left.set(read_left.get().saturating_sub(chunk.len()));
            // Nothing more to read ends the scanner's loop, the next step ends the parse.
            if read_left.get() == 0 { &[] } else { chunk }
        };
        let options = ParseOptions::new().progress_callback(&mut progress);
        let tree = self.inner.parse_with_options(&mut read, None, Some(options));
        if tree.is_none() {
            // Else the next call would resume this parse.
            self.inner.reset();
        }
        tree.filter(|_| read_left.get() > 0).map(|tree| SyntaxTree { tree })
    }
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

/// The end of the last comment between a region and the next logical line, or of the region itself.
fn end_with_comments(outline: &Outline, region: Region) -> u32 {
    let end = region.span.end;
    let after = outline.definitions.partition_point(|other| other.header.start < end);
    let last = after.checked_sub(1).map(|index| &outline.definitions[index]);
    // A region that ends at a class's colon is its header: what follows belongs to its body.
    if last.is_some_and(|last| last.is_class() && last.header.end == end) {
        return end;
    }
    let next = outline.lines.partition_point(|line| line.span.start < end);
    let next = outline.lines.get(next).map_or(u32::MAX, |line| line.span.start);
    let next = next.min(end.saturating_add(COMMENTS_BEHIND));
    let after = outline.comments.partition_point(|comment| comment.start < next);
    outline.comments[..after].last().map_or(end, |comment| comment.end.max(end))
}

/// The text with a line feed for each lone carriage return, which the grammar does not take for the
/// line end that Python makes of it. The length stays the same, and so do all offsets.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let lone = |&at: &usize| bytes.get(at + 1) != Some(&b'\n');
    let Some(first) = memchr::memchr_iter(b'\r', bytes).find(lone) else {
        return Cow::Borrowed(text);
    };
    let mut changed = String::with_capacity(text.len());
    let mut done = 0;
    for at in memchr::memchr_iter(b'\r', &bytes[first..]).map(|at| at + first).filter(lone) {
        changed.push_str(&text[done..at]);
        changed.push('\n');
        done = at + 1;
    }
    changed.push_str(&text[done..]);
    Cow::Owned(changed)
}
