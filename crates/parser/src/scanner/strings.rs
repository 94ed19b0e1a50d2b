//! String literals with their replacement fields. Knows nothing of what surrounds them.

use memchr::memchr2;

use crate::{
    FlawKind, Span, StringLiteral,
    scanner::{
        Scanner,
        tokens::{Previous, Stop, Stops},
        words::{interpolated_stop, literal_stop},
    },
};

/// Interpolated literals and format specifications that may be nested.
const MAX_INTERPOLATIONS: u32 = 150;

/// How an interpolated literal is written.
#[derive(Clone, Copy)]
struct Delimiters {
    quote: u8,
    triple: bool,
    raw: bool,
}

/// Where the text of an interpolated literal stopped.
enum Middle {
    /// Behind the closing quotes.
    Quotes,
    /// At the brace that opens a replacement field.
    Field,
    /// At the brace that ends a format specification.
    FieldEnd,
    /// At the line end that ends a format specification.
    LineEnd,
    /// At a line end, or the text's, before the closing quotes.
    Unterminated,
}

/// Whether a word before a quote is a prefix of the literal.
pub(super) fn is_prefix(word: &[u8]) -> bool {
    let fold = |byte: u8| byte | 0x20;
    match *word {
        [byte] => matches!(fold(byte), b'r' | b'b' | b'u' | b'f' | b't'),
        [first, second] => matches!(
            (fold(first), fold(second)),
            (b'r', b'b' | b'f' | b't') | (b'b' | b'f' | b't', b'r')
        ),
        _ => false,
    }
}

impl Scanner<'_> {
    /// Passes over the literal whose prefix begins at `start` and whose opening quote is here.
    ///
    /// Returns false if it cannot be the literal that it seems within a replacement field: then all
    /// literals around it are given up, and the outermost is passed over as plain text.
    pub(super) fn string(&mut self, start: usize) -> bool {
        let opening = self.at;
        let quote = self.bytes[opening];
        let triple = self.bytes[opening + 1..].starts_with(&[quote, quote]);
        let prefix = &self.bytes[start..opening];
        let has = |letter: u8| prefix.iter().any(|byte| byte | 0x20 == letter);
        let interpolated = !prefix.is_empty() && (has(b'f') || has(b't'));
        let raw = !prefix.is_empty() && has(b'r');
        let index = self.outline.strings.len();
        self.outline.strings.push(StringLiteral {
            span: Span::empty(start as u32),
            prefix: (opening - start) as u8,
            quotes: if triple { 3 } else { 1 },
            bytes: !prefix.is_empty() && has(b'b'),
            interpolated,
            raw,
            statement: false,
        });
        self.at = opening + if triple { 3 } else { 1 };
        let complete = if interpolated && !self.plain {
            self.interpolated(opening, Delimiters { quote, triple, raw })
        } else {
            self.plain(opening, quote, triple)
        };
        let literal = &mut self.outline.strings[index];
        literal.span.end = self.at as u32;
        let quotes = if triple { 3 } else { 1 };
        let closed = self.at >= opening + 2 * quotes
            && self.bytes[self.at - quotes..self.at].iter().all(|&byte| byte == quote);
        if !closed {
            literal.quotes = 0;
        }
        complete
    }

    /// Passes over the text and the closing quotes of a literal without replacement fields.
    fn plain(&mut self, opening: usize, quote: u8, triple: bool) -> bool {
        let end = if triple {
            triple_end(self.bytes, self.at, quote)
        } else {
            single_end(self.bytes, self.at, quote)
        };
        match end {
            Ok(end) => {
                self.at = end;
                true
            }
            Err(end) => {
                self.flaw(FlawKind::UnterminatedString, opening);
                self.at = end;
                self.interpolations == 0
            }
        }
    }

    /// Passes over the text, the fields and the closing quotes of an interpolated literal.
    fn interpolated(&mut self, opening: usize, delimiters: Delimiters) -> bool {
        let text = self.at;
        let brackets = self.brackets.len();
        let counts =
            (self.outline.strings.len(), self.outline.comments.len(), self.outline.calls.len());
        self.interpolations += 1;
        let complete = self.middles(opening, delimiters);
        self.interpolations -= 1;
        if complete || self.interpolations > 0 {
            return complete;
        }
        // What was found inside is as doubtful as the literal. To try once is enough: each further
        // attempt might read to the end of the text in vain.
        self.plain = true;
        self.brackets.truncate(brackets);
        self.outline.strings.truncate(counts.0);
        self.outline.comments.truncate(counts.1);
        self.outline.calls.truncate(counts.2);
        self.at = text;
        self.plain(opening, delimiters.quote, delimiters.triple)
    }

    fn middles(&mut self, opening: usize, delimiters: Delimiters) -> bool {
        if self.interpolations > MAX_INTERPOLATIONS {
            self.flaw(FlawKind::TooDeep, opening);
            return false;
        }
        loop {
            match self.middle(delimiters, false) {
                Middle::Quotes => return true,
                Middle::Field => {
                    if !self.field(delimiters) {
                        return false;
                    }
                }
                Middle::FieldEnd => {
                    self.flaw(FlawKind::StrayBracket, self.at);
                    return false;
                }
                Middle::LineEnd | Middle::Unterminated => {
                    self.flaw(FlawKind::UnterminatedString, opening);
                    return false;
                }
            }
        }
    }

    /// Passes over the text of an interpolated literal, or of a format specification in it.
    #[expect(clippy::match_same_arms, reason = "the order of the cases tells them apart")]
    fn middle(&mut self, delimiters: Delimiters, specification: bool) -> Middle {
        let Delimiters { quote, triple, raw } = delimiters;
        let bytes = self.bytes;
        let mut at = self.at;
        let middle = loop {
            at = interpolated_stop(bytes, at, quote);
            match bytes[at..] {
                [] => break Middle::Unterminated,
                [b'\\', b'N', b'{', ..] if !raw => {
                    // The name of a character; its end, if it has one, is on the same line.
                    at += 3;
                    while let Some(byte) = bytes.get(at)
                        && !matches!(byte, b'}' | b'\n' | b'\r' | b'\'' | b'"' | b'{')
                    {
                        at += 1;
                    }
                    at += usize::from(bytes.get(at) == Some(&b'}'));
                }
                // A brace behind a backslash is a brace all the same.
                [b'\\', b'{' | b'}', ..] => at += 1,
                [b'\\', b'\r', b'\n', ..] => at += 3,
                [b'\\', ..] => at = (at + 2).min(bytes.len()),
                [b'\n' | b'\r', ..] if triple => at += 1,
                [b'\n' | b'\r', ..] if specification => break Middle::LineEnd,
                [b'\n' | b'\r', ..] => break Middle::Unterminated,
                [b'{', b'{', ..] | [b'}', b'}', ..] if !specification => at += 2,
                [b'{', ..] => break Middle::Field,
                [b'}', ..] => break Middle::FieldEnd,
                // Any other control character.
                [byte, ..] if byte != quote => at += 1,
                [_, second, third, ..] if triple && (second, third) == (quote, quote) => {
                    at += 3;
                    break Middle::Quotes;
                }
                _ if triple => at += 1,
                _ => {
                    at += 1;
                    break Middle::Quotes;
                }
            }
        };
        self.at = at;
        middle
    }

    /// Passes over the replacement field that opens here.
    fn field(&mut self, delimiters: Delimiters) -> bool {
        let opening = self.at;
        self.previous = Previous::Other;
        self.open_bracket(opening, b'{');
        self.at += 1;
        loop {
            match self.run(Stops::FIELD) {
                Stop::Close if self.byte() == Some(b'}') => return self.close_field(),
                Stop::Colon => {
                    self.at += 1;
                    match self.specification(opening, delimiters) {
                        Some(true) => return self.close_field(),
                        // Behind a line end the field goes on as code.
                        Some(false) => {}
                        None => return false,
                    }
                }
                Stop::Close => {
                    self.flaw(FlawKind::StrayBracket, self.at);
                    return false;
                }
                _ => return false,
            }
        }
    }

    fn close_field(&mut self) -> bool {
        self.close_bracket(self.at, b'}');
        self.at += 1;
        true
    }

    /// Passes over a format specification; returns whether it ended at the field's brace (or else at
    /// a line end), nothing if it is none.
    fn specification(&mut self, opening: usize, delimiters: Delimiters) -> Option<bool> {
        loop {
            match self.middle(delimiters, true) {
                Middle::FieldEnd => return Some(true),
                Middle::LineEnd => return Some(false),
                Middle::Field => {
                    self.interpolations += 1;
                    let complete = if self.interpolations > MAX_INTERPOLATIONS {
                        self.flaw(FlawKind::TooDeep, self.at);
                        false
                    } else {
                        self.field(delimiters)
                    };
                    self.interpolations -= 1;
                    if !complete {
                        return None;
                    }
                }
                Middle::Quotes | Middle::Unterminated => {
                    self.flaw(FlawKind::UnclosedBracket, opening);
                    return None;
                }
            }
        }
    }
}

/// The end of a literal in single quotes, behind the closing one; else where its line ends.
#[inline]
fn single_end(bytes: &[u8], mut at: usize, quote: u8) -> Result<usize, usize> {
    loop {
        at = literal_stop(bytes, at, quote);
        match bytes[at..] {
            [byte, ..] if byte == quote => return Ok(at + 1),
            [b'\\', b'\r', b'\n', ..] => at += 3,
            [b'\\', _, ..] => at += 2,
            [b'\n' | b'\r', ..] | [] => return Err(at),
            [b'\\'] => return Err(bytes.len()),
            // Any other control character.
            _ => at += 1,
        }
    }
}

/// The end of a literal in triple quotes, behind the closing ones; else that of the text.
fn triple_end(bytes: &[u8], mut at: usize, quote: u8) -> Result<usize, usize> {
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(quote, b'\\', rest)) {
        at += found;
        if bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at + 1..].starts_with(&[quote, quote]) {
            return Ok(at + 3);
        } else {
            at += 1;
        }
    }
    Err(bytes.len())
}
