//! Byte ranges. Knows nothing of lines, columns or Python.

use std::ops::Range;

/// A half-open range of byte offsets into the text of one file.
///
/// Offsets are 32 bits wide: a file larger than 4 GiB is refused before it gets here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    #[inline]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The empty range at `offset`.
    #[inline]
    pub const fn empty(offset: u32) -> Self {
        Self::new(offset, offset)
    }

    /// The range that a syntax node covers.
    pub fn of(node: tree_sitter::Node<'_>) -> Self {
        Self::new(node.start_byte() as u32, node.end_byte() as u32)
    }

    /// Length in bytes.
    #[inline]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` lies inside.
    #[inline]
    pub const fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether `other` lies wholly inside.
    #[inline]
    pub const fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The same range as an index into a `str`.
    #[inline]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text of the range.
    ///
    /// # Panics
    /// When the range is not one of `text`: spans come from scanning the same text.
    #[inline]
    pub fn of_text(self, text: &str) -> &str {
        &text[self.range()]
    }
}
