//! Byte offsets to the lines and columns that people count. Knows nothing of Python.

use memchr::memchr2_iter;

/// A place as people name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters (Unicode scalar values), from 1. A byte-order mark is not counted.
    pub column: u32,
}

/// The starts of all lines of a text, with LF, CRLF and CR as line ends, as Python reads them.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
        starts.push(0);
        for at in memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        Self { starts }
    }

    /// Number of lines; a text that ends in a line end has an empty last one.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// Where a line (from 1) begins; the last line's begin for numbers beyond it.
    pub fn start(&self, line: u32) -> u32 {
        let index = (line.max(1) as usize - 1).min(self.starts.len() - 1);
        self.starts[index]
    }

    /// Line and column of a byte offset into `text`, the text that the index was made of.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.start(line) as usize;
        let before = &text.as_bytes()[start..(offset as usize).min(text.len())];
        let before = before.strip_prefix(b"\xef\xbb\xbf").filter(|_| start == 0).unwrap_or(before);
        // Every character has exactly one byte that is not a continuation byte.
        let characters = before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        Position { line, column: characters as u32 + 1 }
    }

    /// The text of a line (from 1), without its line end.
    pub fn line_text<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let start = self.start(line) as usize;
        let end = self.starts.get(line as usize).map_or(text.len(), |&next| next as usize);
        text[start..end].trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_line_ends_count_once() {
        let index = LineIndex::new("a\nb\r\nc\rd");
        assert_eq!(index.count(), 4);
        assert_eq!([0, 2, 5, 7].map(|offset| index.line(offset)), [1, 2, 3, 4]);
        assert_eq!(index.line_text("a\nb\r\nc\rd", 2), "b");
    }

    #[test]
    fn columns_are_characters_and_a_mark_at_the_start_is_none() {
        let text = "\u{feff}é = 1\nß = 2";
        let index = LineIndex::new(text);
        let at = |needle: &str| index.position(text, text.find(needle).expect("is there") as u32);
        assert_eq!(at("é"), Position { line: 1, column: 1 });
        assert_eq!(at("= 1"), Position { line: 1, column: 3 });
        assert_eq!(at("= 2"), Position { line: 2, column: 3 });
    }
}
