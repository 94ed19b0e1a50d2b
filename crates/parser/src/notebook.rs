//! The text of a Jupyter notebook to the code of its cells, each byte of which knows its place in the file. Knows JSON
//! as far as it takes and what `IPython` adds to Python, nothing of files or rules. Broken JSON gives fewer cells.

use std::ops::Range;

use crate::Span;

/// The code cells of a notebook.
#[derive(Debug, Default)]
pub struct Notebook {
    /// In the order of the file.
    cells: Vec<Cell>,
}

/// One code cell.
#[derive(Debug, Default)]
pub struct Cell {
    /// Its code as Python: what only `IPython` understands has become comments.
    code: String,
    /// Where its texts stand in the file, without their quotes, by offset; there is one at least.
    written: Vec<Span>,
    /// Stretches of `code` and where they were read, by their place in `code`.
    pieces: Vec<Piece>,
}

/// A stretch that stands in the file as it is, or one character written as an escape.
#[derive(Clone, Copy, Debug)]
struct Piece {
    code: u32,
    file: u32,
    /// Bytes in the file; where it is an escape, they all are one character.
    length: u32,
    escape: bool,
}

impl Notebook {
    /// Reads the text of a notebook. Of one in another language than Python there are no cells.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader { text, stack: Vec::new(), cells: Vec::new(), foreign: false };
        reader.read();
        if reader.foreign {
            return Self::default();
        }
        reader.cells.sort_by_key(|strings| strings[0].start);
        let cells = reader.cells.iter().filter_map(|strings| Cell::new(text, strings));
        Self { cells: cells.collect() }
    }

    /// The code cells, in the order of the file.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Whether a range of the file lies in the code of a cell.
    pub fn is_code(&self, span: Span) -> bool {
        // Neither cells nor their texts overlap, and both are in order.
        let after = self.cells.partition_point(|cell| cell.written[0].start < span.end);
        let Some(cell) = after.checked_sub(1).map(|at| &self.cells[at]) else { return false };
        let texts = &cell.written;
        let after = texts.partition_point(|text| text.start < span.end);
        after.checked_sub(1).is_some_and(|at| texts[at].end > span.start)
    }
}

/// The text of a notebook in which line ends, tabs and quotes inside of strings are themselves, without a byte changing
/// its place: an escape is two bytes, of which one becomes a blank.
pub fn without_escapes(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        at += found;
        match bytes.get(at + 1) {
            Some(b'n' | b'r' | b't' | b'b' | b'f') => bytes[at..at + 2].copy_from_slice(b"\n "),
            Some(b'"') => bytes[at] = b' ',
            _ => {}
        }
        at = (at + 2).min(bytes.len());
    }
    String::from_utf8(bytes).expect("only ASCII was replaced, by ASCII")
}

impl Cell {
    /// The code as Python: what only `IPython` understands has become comments.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// `None` where the cell is for another program: `%%bash`.
    fn new(text: &str, strings: &[Range<usize>]) -> Option<Self> {
        let mut cell = Self::default();
        for string in strings {
            cell.written.push(Span::new(string.start as u32, string.end as u32));
            cell.decode(text, string.clone());
        }
        let first = cell.code.trim_start().lines().next().unwrap_or_default();
        let of_ipython = ["%%time", "%%capture", "%%prun", "%%memit", "%%skip", "%%python"];
        if first.starts_with("%%") && !of_ipython.iter().any(|it| first.starts_with(it)) {
            return None;
        }
        cell.comment_magics();
        Some(cell)
    }

    /// Adds the text of one JSON string.
    fn decode(&mut self, text: &str, string: Range<usize>) {
        let mut at = string.start;
        while at < string.end {
            let rest = &text[at..string.end];
            let plain = rest.find('\\').unwrap_or(rest.len());
            if plain > 0 {
                self.piece(at, plain, false);
                self.code.push_str(&rest[..plain]);
            }
            at += plain;
            if at < string.end {
                let (character, length) = escape(&text[at..string.end]);
                self.piece(at, length, true);
                self.code.push(character);
                at += length;
            }
        }
    }

    fn piece(&mut self, file: usize, length: usize, escape: bool) {
        let (code, file, length) = (self.code.len() as u32, file as u32, length as u32);
        self.pieces.push(Piece { code, file, length, escape });
    }

    /// Makes comments of the lines that only `IPython` understands. What they say is kept: `%env TOKEN=...`.
    fn comment_magics(&mut self) {
        let mut inserted = Vec::new();
        let mut start = 0;
        for line in self.code.split_inclusive('\n') {
            inserted.extend(magic(line).map(|(at, text)| (start + at, text)));
            start += line.len();
        }
        if inserted.is_empty() {
            return;
        }
        let (code, pieces) = (std::mem::take(&mut self.code), std::mem::take(&mut self.pieces));
        let mut pieces = pieces.into_iter().peekable();
        let mut done = 0;
        for (at, text) in inserted.into_iter().chain([(code.len(), "")]) {
            self.take_up_to(&code, &mut pieces, done..at);
            self.code.push_str(text);
            done = at;
        }
    }

    /// Adds a stretch of other code, with the pieces that it has there.
    fn take_up_to(
        &mut self,
        code: &str,
        pieces: &mut std::iter::Peekable<impl Iterator<Item = Piece>>,
        stretch: Range<usize>,
    ) {
        let moved = (self.code.len() - stretch.start) as u32;
        let end = stretch.end as u32;
        self.code.push_str(&code[stretch]);
        while let Some(piece) = pieces.peek_mut().filter(|piece| piece.code < end) {
            let here = Piece { code: piece.code + moved, ..*piece };
            // A piece around the end becomes two.
            let before = end - piece.code;
            if !piece.escape && before < piece.length {
                self.pieces.push(Piece { length: before, ..here });
                (piece.code, piece.file) = (end, piece.file + before);
                piece.length -= before;
                return;
            }
            self.pieces.push(here);
            pieces.next();
        }
    }

    /// Where a range of the code stands in the file.
    pub fn in_file(&self, span: Span) -> Span {
        let start = self.offset(span.start, false);
        let end = if span.is_empty() { start } else { self.offset(span.end, true) };
        Span::new(start, end.max(start))
    }

    /// The place of an offset; as an end it is that behind the character before it.
    fn offset(&self, at: u32, end: bool) -> u32 {
        let within = |piece: &Piece| if end { piece.code < at } else { piece.code <= at };
        let index = self.pieces.partition_point(within);
        let Some(piece) = index.checked_sub(1).map(|index| self.pieces[index]) else {
            return self.pieces.first().map_or(0, |piece| piece.file);
        };
        let inside = at - piece.code;
        match (piece.escape, end) {
            (true, false) if inside == 0 => piece.file,
            (true, _) => piece.file + piece.length,
            (false, _) => piece.file + inside.min(piece.length),
        }
    }
}

/// Where in a line something begins that Python does not know, and what makes a comment of it.
fn magic(line: &str) -> Option<(usize, &'static str)> {
    let code = line.trim_start();
    let indent = line.len() - code.len();
    let is_magic = |text: &str| {
        let named = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
        text.strip_prefix('%').is_some_and(|rest| named(rest.trim_start_matches('%')))
            || text.strip_prefix('!').is_some_and(|rest| !rest.starts_with('='))
    };
    if is_magic(code) || code.starts_with('?') {
        return Some((indent, "pass #"));
    }
    // `files = !ls`
    let at = code.find("= ")? + 2;
    let name = code[..at - 2].trim_end();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ',' | ' ' | '.');
    (name.chars().all(is_name) && is_magic(&code[at..])).then_some((indent + at, "None #"))
}

/// The character that an escape at the beginning of a text stands for, and its length.
fn escape(text: &str) -> (char, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut after = text[1..].chars();
    match after.next() {
        Some('n') => ('\n', 2),
        Some('t') => ('\t', 2),
        Some('r') => ('\r', 2),
        Some('b') => ('\u{8}', 2),
        Some('f') => ('\u{c}', 2),
        Some('u') => match (unit(0), unit(6)) {
            (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                let joined = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                (char::from_u32(joined).unwrap_or('\u{fffd}'), 12)
            }
            (Some(one), _) => (char::from_u32(one).unwrap_or('\u{fffd}'), 6),
            (None, _) => ('\\', 1),
        },
        Some(other @ ('"' | '\\' | '/')) => (other, 2),
        _ => ('\\', 1),
    }
}

/// An object or a list that is open.
#[derive(Default)]
struct Frame {
    is_object: bool,
    /// The last key of an object, and whether its value is next.
    key: Range<usize>,
    expects_value: bool,
    is_code: bool,
    /// The strings under `source`, `input` in notebooks before version 4.
    source: Vec<Range<usize>>,
}

struct Reader<'t> {
    text: &'t str,
    stack: Vec<Frame>,
    cells: Vec<Vec<Range<usize>>>,
    /// Whether the notebook names a language other than Python.
    foreign: bool,
}

impl Reader<'_> {
    fn read(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => {
                    let end = string_end(bytes, at + 1);
                    self.string(at + 1..end);
                    at = end;
                }
                open @ (b'{' | b'[') => {
                    self.stack.push(Frame { is_object: open == b'{', ..Frame::default() });
                }
                b'}' | b']' => self.close(),
                b':' => {
                    if let Some(frame) = self.stack.last_mut() {
                        frame.expects_value = true;
                    }
                }
                b',' => {
                    if let Some(frame) = self.stack.last_mut() {
                        frame.expects_value = false;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        while !self.stack.is_empty() {
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some(frame) = self.stack.pop()
            && frame.is_code
            && !frame.source.is_empty()
        {
            self.cells.push(frame.source);
        }
    }

    fn string(&mut self, string: Range<usize>) {
        let depth = self.stack.len();
        let Some(frame) = self.stack.last_mut() else { return };
        if frame.is_object && !frame.expects_value {
            frame.key = string;
            return;
        }
        if !frame.is_object {
            // An item of a list that is the value of a key.
            if let Some(parent) = depth.checked_sub(2).map(|at| &mut self.stack[at])
                && is_source(&self.text[parent.key.clone()])
            {
                parent.source.push(string);
            }
            return;
        }
        let (key, value) = (&self.text[frame.key.clone()], &self.text[string.clone()]);
        let in_language = |stack: &[Frame]| {
            let parent = depth.checked_sub(2).map(|at| &self.text[stack[at].key.clone()]);
            parent == Some("language_info")
        };
        match key {
            "cell_type" => frame.is_code = value == "code",
            "source" | "input" => frame.source.push(string),
            "language" => self.foreign |= !is_python(value),
            "name" if in_language(&self.stack) => self.foreign |= !is_python(value),
            _ => {}
        }
    }
}

fn is_source(key: &str) -> bool {
    matches!(key, "source" | "input")
}

fn is_python(language: &str) -> bool {
    language.to_ascii_lowercase().contains("python")
}

/// The place of the quote that ends a string; the end of the text where there is none.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
        at += found;
        if bytes[at] == b'"' {
            return at;
        }
        at = (at + 2).min(bytes.len());
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Vec<String> {
        Notebook::read(text).cells.into_iter().map(|cell| cell.code).collect()
    }

    const SAMPLE: &str = r##"{
 "cells": [
  {"cell_type": "markdown", "source": ["# not code\n"]},
  {"cell_type": "code", "outputs": [{"text": ["source\n"]}], "source": ["a = \"\u00e9\ud83d\ude00\"\n", "b = 'tok'"]},
  {"source": "c = 1\n%env A=b\n!ls\nd = !ls\n", "cell_type": "code", "metadata": {"source": "x"}}
 ],
 "metadata": {"kernelspec": {"language": "python"}, "language_info": {"name": "python"}}
}"##;

    #[test]
    fn code_cells_are_read_in_order() {
        assert_eq!(
            code(SAMPLE),
            ["a = \"é😀\"\nb = 'tok'", "c = 1\npass #%env A=b\npass #!ls\nd = None #!ls\n"]
        );
        assert_eq!(code(&SAMPLE.replace("\"python\"", "\"R\"")), [""; 0]);
    }

    #[test]
    fn every_range_is_found_again_in_the_file() {
        let notebook = Notebook::read(SAMPLE);
        let place = |cell: usize, text: &str| {
            let cell = &notebook.cells[cell];
            let start = cell.code.find(text).expect("is in the cell") as u32;
            let span = cell.in_file(Span::new(start, start + text.len() as u32));
            assert!(notebook.is_code(span));
            span.of_text(SAMPLE)
        };
        assert_eq!(place(0, "tok"), "tok");
        assert_eq!(place(0, "é😀"), r"\u00e9\ud83d\ude00");
        assert_eq!(place(0, "\"é"), r#"\"\u00e9"#);
        assert_eq!(place(1, "%env A=b\n"), r"%env A=b\n");
        assert_eq!(place(1, "A=b"), "A=b");
        assert_eq!(place(1, "d ="), "d =");
        assert!(!notebook.is_code(Span::new(0, 3)));
    }

    #[test]
    fn broken_json_ends_and_cells_of_other_programs_are_none() {
        for end in 0..SAMPLE.len() {
            if let Some(text) = SAMPLE.get(..end) {
                for cell in Notebook::read(text).cells {
                    for at in 0..cell.code.len() as u32 {
                        let span = cell.in_file(Span::new(at, at + 1));
                        assert!(span.end as usize <= text.len());
                    }
                }
            }
        }
        assert_eq!(code(r#"{"cell_type": "code", "source": "%%bash\nls"}"#), [""; 0]);
        assert_eq!(
            code(r#"{"cell_type": "code", "source": "%%time\nf()"}"#),
            ["pass #%%time\nf()"]
        );
        assert_eq!(code(&"[".repeat(100_000)), [""; 0]);
    }

    #[test]
    fn escapes_go_and_places_stay() {
        let text = r#"["a\nAKIA\"b\"", "é\\n\u0041"]"#;
        let plain = without_escapes(text);
        assert_eq!(plain.len(), text.len());
        assert_eq!(plain.find("AKIA"), text.find("AKIA"));
        assert_eq!(plain, "[\"a\n AKIA \"b \"\", \"é\\\\n\\u0041\"]");
    }
}
