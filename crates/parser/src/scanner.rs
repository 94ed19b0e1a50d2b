//! One pass over the bytes of a file to its outline. Knows Python's lexical rules and the heads of its
//! statements, not its grammar.
//!
//! The work is split by what is read: [`tokens`] holds the one loop that passes over code, [`strings`]
//! the literals with their replacement fields, [`statements`] what begins a statement, [`headers`] the
//! signatures of definitions, [`imports`] the import statements, [`blocks`] how lines belong together,
//! [`signs`] what no line of Python begins or ends with. This file holds the logical lines.

mod blocks;
mod bytes;
mod headers;
mod imports;
mod signs;
mod spaces;
mod statements;
mod strings;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

use memchr::{memchr, memchr2};

use crate::{
    DefinitionId, Flaw, FlawKind, LogicalLine, Outline, Span,
    scanner::{
        blocks::Block,
        tokens::{Bracket, Previous},
        words::spaces_end,
    },
};

/// Scans the text of a file. Never fails: what is not Python is said in [`Outline::flaw`].
pub fn scan(text: &str) -> Outline {
    let mut scanner = Scanner::new(text.as_bytes());
    while let Some(indent) = scanner.line_start() {
        scanner.logical_line(indent);
    }
    let mut outline = scanner.finish();
    if let Some(space) = spaces::unknown(text, &outline)
        && outline.flaw.is_none_or(|flaw| space.offset <= flaw.offset)
    {
        outline.flaw = Some(space);
    }
    outline
}

/// What is known at one place of the text: the outline so far and what is still open.
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
struct Scanner<'t> {
    bytes: &'t [u8],
    /// Offset of the next byte.
    at: usize,
    outline: Outline,
    /// The open brackets, replacement fields included.
    brackets: Vec<Bracket>,
    /// What the token before is, as far as calls depend on it.
    previous: Previous,
    /// The last name read.
    name: Span,
    /// Where the dotted name begins whose last part is [`Self::name`].
    dotted_start: u32,
    /// Whether that dotted name is joined by a dot to something without a name.
    attached: bool,
    /// Whether `await` stands before that dotted name.
    awaited: bool,
    /// The definitions around the current line.
    open: Vec<OpenDefinition>,
    /// The blocks around the current line, the module's first.
    blocks: Vec<Block>,
    /// Where the decorators begin that no definition has taken yet, and the index of the first.
    decorated: Option<(u32, u32)>,
    /// The indentation of the outermost `if TYPE_CHECKING:` around the current line.
    type_checking: Option<u32>,
    /// Whether the current line begins with an `if TYPE_CHECKING:`.
    type_checking_line: bool,
    /// Whether the last main guard is still open.
    guarded: bool,
    /// End of the last logical line.
    line_end: u32,
    /// How many interpolated literals are open, format specifications with fields of their own included.
    interpolations: u32,
    /// Whether replacement fields are passed over as text, because one of them made no sense.
    plain: bool,
    /// Whether the text holds carriage returns at all.
    carriage_returns: bool,
}

/// A definition whose body may go on.
struct OpenDefinition {
    id: DefinitionId,
    /// Indentation of the header.
    indent: u32,
    /// Whether the first token of the body was seen.
    begun: bool,
    /// Whether the body stands on the line of the header.
    inline: bool,
}

impl<'t> Scanner<'t> {
    fn new(bytes: &'t [u8]) -> Self {
        let mut outline = Outline::default();
        // Typical code has a logical line in 40 bytes and a call or a string in 70; too little costs
        // a copy, too much costs page faults.
        outline.lines.reserve(bytes.len() / 48);
        outline.strings.reserve(bytes.len() / 96);
        outline.calls.reserve(bytes.len() / 96);
        Self {
            bytes,
            at: if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 },
            outline,
            brackets: Vec::with_capacity(16),
            previous: Previous::Other,
            name: Span::default(),
            dotted_start: 0,
            attached: false,
            awaited: false,
            open: Vec::with_capacity(8),
            blocks: Block::of_module(),
            decorated: None,
            type_checking: None,
            type_checking_line: false,
            guarded: false,
            line_end: 0,
            interpolations: 0,
            plain: false,
            carriage_returns: memchr(b'\r', bytes).is_some(),
        }
    }

    /// Passes over blank lines and comments to the first token of the next logical line, whose
    /// indentation it returns; `None` at the end of the text.
    fn line_start(&mut self) -> Option<u32> {
        let mut column = 0;
        // CPython takes the indentation of a line that begins with a line join from the part before
        // the join, unless there is none.
        let mut joined = 0;
        loop {
            match self.bytes.get(self.at)? {
                b' ' => {
                    let end = spaces_end(self.bytes, self.at);
                    column += (end - self.at) as u32;
                    self.at = end;
                    continue;
                }
                b'\t' => column = (column / 8 + 1) * 8,
                b'\x0c' => column = 0,
                b'\n' | b'\r' => (column, joined) = (0, 0),
                b'#' => {
                    self.comment();
                    continue;
                }
                b'\\' => match self.line_join() {
                    Some(behind) => {
                        joined = if joined == 0 { column } else { joined };
                        self.at = behind;
                        continue;
                    }
                    None => return Some(if joined == 0 { column } else { joined }),
                },
                _ => return Some(if joined == 0 { column } else { joined }),
            }
            self.at += 1;
        }
    }

    /// Reads one logical line, up to its line end.
    fn logical_line(&mut self, indent: u32) {
        let start = self.at as u32;
        self.first_sign();
        self.follow_indentation(indent);
        self.close_blocks(indent);
        let scope = self.scope();
        if let Some(open) = self.open.last_mut().filter(|open| !open.begun) {
            open.begun = true;
            self.outline.definitions[open.id as usize].body.start = start;
        }
        self.type_checking_line = false;
        let keyword = self.first_statement(indent);
        self.follow_statement(keyword, start);
        self.further_statements(indent);
        self.line_end = self.end_of_last_token() as u32;
        self.last_sign();
        self.outline.lines.push(LogicalLine {
            span: Span::new(start, self.line_end),
            indent,
            keyword,
            scope,
        });
        if self.open.last().is_some_and(|open| open.inline) {
            self.close_definition();
        }
        if let Some(&byte) = self.bytes.get(self.at)
            && byte == b'#'
        {
            self.comment();
        }
    }

    /// The innermost definition in whose body the current statement lies.
    fn scope(&self) -> Option<DefinitionId> {
        self.open.last().map(|open| open.id)
    }

    /// Ends the blocks that a line of this indentation does not belong to.
    fn close_blocks(&mut self, indent: u32) {
        while self.open.last().is_some_and(|open| open.indent >= indent) {
            self.close_definition();
        }
        if self.type_checking.is_some_and(|block| block >= indent) {
            self.type_checking = None;
        }
        if self.guarded && indent == 0 {
            self.close_guard();
        }
    }

    fn close_definition(&mut self) {
        if let Some(open) = self.open.pop() {
            let definition = &mut self.outline.definitions[open.id as usize];
            if open.begun {
                definition.body.end = self.line_end;
                definition.span.end = self.line_end;
            }
        }
    }

    fn close_guard(&mut self) {
        self.guarded = false;
        if let Some(guard) = self.outline.main_guards.last_mut() {
            guard.end = self.line_end;
        }
    }

    fn finish(mut self) -> Outline {
        self.close_blocks(0);
        self.end_blocks();
        if let Some(at) = memchr(0, self.bytes) {
            let offset = at as u32;
            if self.outline.flaw.is_none_or(|flaw| offset < flaw.offset) {
                self.outline.flaw = Some(Flaw { kind: FlawKind::NulByte, offset });
            }
        }
        self.outline
    }

    /// Notes what shows that this is not Python; the first thing counts.
    fn flaw(&mut self, kind: FlawKind, offset: usize) {
        self.outline.flaw.get_or_insert(Flaw { kind, offset: offset as u32 });
    }

    /// Records the comment that begins here and stops at its line end.
    fn comment(&mut self) {
        let rest = &self.bytes[self.at..];
        let length =
            if self.carriage_returns { memchr2(b'\n', b'\r', rest) } else { memchr(b'\n', rest) };
        let end = self.at + length.unwrap_or(rest.len());
        self.outline.comments.push(Span::new(self.at as u32, end as u32));
        self.at = end;
    }
}
