//! The loop that passes over code: names, numbers, brackets, and the calls among them. Knows no
//! statements.

use crate::{
    Call, FlawKind, Span,
    scanner::{
        Scanner,
        bytes::{Class, class, is_name_byte},
        signs::is_conflict_mark,
        strings::is_prefix,
        words::{name_end, spaces_end},
    },
};

/// Brackets that CPython nests at most.
const MAX_BRACKETS: usize = 200;

/// In place of a call's index: the bracket opens none.
const NO_CALL: u32 = u32::MAX;

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bracket {
    /// Where it stands.
    offset: u32,
    /// The call whose arguments it opens, or [`NO_CALL`].
    call: u32,
    /// The byte that closes it.
    closer: u8,
}

/// The token before, as far as calls depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Previous {
    /// A name, keywords included.
    Name,
    /// A dot behind a name.
    NameDot,
    /// What may end an expression but is no name: a closing bracket, a literal.
    End,
    /// A dot behind such an end.
    EndDot,
    /// Anything else.
    Other,
}

/// At which tokens, outside of further brackets, [`Scanner::run`] stops.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stops(u8);

impl Stops {
    const COMMA: u8 = 1;
    const COLON: u8 = 2;
    const EQUAL: u8 = 4;
    const LAMBDA: u8 = 8;
    const IF: u8 = 16;
    const WALRUS: u8 = 32;

    /// A simple statement: to the semicolon.
    pub(super) const STATEMENT: Self = Self(0);
    /// The header of a compound statement: to the colon that is no lambda's.
    pub(super) const HEADER: Self = Self(Self::COLON | Self::LAMBDA | Self::WALRUS);
    /// The pattern behind `case`: to the colon or the guard.
    pub(super) const PATTERN: Self = Self(Self::COLON | Self::IF);
    /// An annotation within brackets: to the comma or the equals sign.
    pub(super) const ANNOTATION: Self = Self(Self::COMMA | Self::EQUAL | Self::LAMBDA);
    /// A value within brackets: to the comma.
    pub(super) const VALUE: Self = Self(Self::COMMA | Self::LAMBDA);
    /// A replacement field, where every colon begins the format specification.
    pub(super) const FIELD: Self = Self(Self::COLON);

    #[inline]
    const fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }
}

/// Where [`Scanner::run`] stopped; the byte is not yet passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Colon,
    Comma,
    Equal,
    /// The keyword `if`.
    If,
    Semicolon,
    /// A closing bracket that was not opened since.
    Close,
    LineEnd,
    /// The end of the text.
    TextEnd,
    /// A literal within a replacement field that makes no sense.
    Nonsense,
}

impl Scanner<'_> {
    /// Passes over code until one of the stops outside of brackets opened since, a semicolon or line
    /// end outside of all brackets, or the end of the text.
    #[expect(
        clippy::too_many_lines,
        reason = "one match over all classes of bytes is the hot loop"
    )]
    pub(super) fn run(&mut self, stops: Stops) -> Stop {
        let bytes = self.bytes;
        let base = self.brackets.len();
        // Colons to come that belong to lambdas; until they came, commas separate the parameters.
        let mut lambdas = 0u32;
        let mut at = self.at;
        let stop = loop {
            let Some(&byte) = bytes.get(at) else { break self.text_end(base) };
            match class(byte) {
                Class::Space => at += 1,
                Class::Name => {
                    let start = at;
                    at = name_end(bytes, at + 1);
                    if at - start <= 2
                        && matches!(bytes.get(at), Some(b'\'' | b'"'))
                        && is_prefix(&bytes[start..at])
                    {
                        self.at = at;
                        if !self.string(start) {
                            break Stop::Nonsense;
                        }
                        at = self.at;
                        self.previous = Previous::End;
                        continue;
                    }
                    self.name(Span::new(start as u32, at as u32));
                    at = behind_space(bytes, at);
                    if stops.has(Stops::LAMBDA | Stops::IF) && self.brackets.len() == base {
                        match &bytes[self.name.range()] {
                            b"lambda" if stops.has(Stops::LAMBDA) => lambdas += 1,
                            b"if" if stops.has(Stops::IF) => {
                                at = start;
                                break Stop::If;
                            }
                            _ => {}
                        }
                    }
                }
                Class::Dot => at = self.dot(at),
                Class::Open => {
                    self.open_bracket(at, byte);
                    at += 1;
                }
                Class::Close => {
                    if self.brackets.len() > base {
                        self.close_bracket(at, byte);
                    } else if base > 0 {
                        break Stop::Close;
                    } else {
                        self.flaw(FlawKind::StrayBracket, at);
                        self.previous = Previous::End;
                    }
                    at += 1;
                }
                Class::Comma => {
                    if stops.has(Stops::COMMA) && lambdas == 0 && self.brackets.len() == base {
                        break Stop::Comma;
                    }
                    self.previous = Previous::Other;
                    at = behind_space(bytes, at + 1);
                }
                Class::Quote => {
                    self.at = at;
                    if !self.string(at) {
                        break Stop::Nonsense;
                    }
                    at = self.at;
                    self.previous = Previous::End;
                }
                Class::LineEnd => {
                    if self.brackets.is_empty() {
                        break Stop::LineEnd;
                    }
                    at = spaces_end(bytes, at + 1);
                }
                Class::Hash => {
                    self.at = at;
                    self.comment();
                    at = self.at;
                }
                Class::Equal => {
                    if bytes.get(at + 1) == Some(&b'=') {
                        at += 1;
                    } else if stops.has(Stops::EQUAL) && lambdas == 0 && self.brackets.len() == base
                    {
                        break Stop::Equal;
                    }
                    self.previous = Previous::Other;
                    at = behind_space(bytes, at + 1);
                }
                Class::Operator => {
                    self.previous = Previous::Other;
                    at = behind_space(bytes, at + 1);
                }
                Class::Compare => {
                    if bytes.get(at + 1) == Some(&byte) && is_conflict_mark(&bytes[at..]) {
                        self.flaw(FlawKind::MergeConflict, at);
                    }
                    self.previous = Previous::Other;
                    at += 1 + usize::from(bytes.get(at + 1) == Some(&b'='));
                }
                Class::Digit => {
                    at = number_end(bytes, at);
                    self.previous = Previous::End;
                }
                Class::Colon => {
                    if self.brackets.len() == base {
                        if stops.has(Stops::WALRUS) && bytes.get(at + 1) == Some(&b'=') {
                            at += 1;
                        } else if lambdas > 0 {
                            lambdas -= 1;
                        } else if stops.has(Stops::COLON) {
                            break Stop::Colon;
                        }
                    }
                    self.previous = Previous::Other;
                    at += 1;
                }
                Class::Semicolon => {
                    if self.brackets.is_empty() {
                        break Stop::Semicolon;
                    }
                    self.previous = Previous::Other;
                    at += 1;
                }
                Class::Backslash => {
                    self.at = at;
                    at = self.line_join().unwrap_or_else(|| {
                        self.flaw(FlawKind::StrayBackslash, at);
                        self.previous = Previous::Other;
                        at + 1
                    });
                }
            }
        };
        self.at = at;
        stop
    }

    /// Passes over white space, line joins and, within brackets, line ends and comments.
    pub(super) fn skip_trivia(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match class(byte) {
                Class::Space => self.at += 1,
                Class::LineEnd if !self.brackets.is_empty() => self.at += 1,
                Class::Hash if !self.brackets.is_empty() => self.comment(),
                Class::Backslash => match self.line_join() {
                    Some(behind) => self.at = behind,
                    None => return,
                },
                _ => return,
            }
        }
    }

    /// The byte here.
    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Where the next line begins, if here is a backslash that joins it to this one.
    pub(super) fn line_join(&self) -> Option<usize> {
        match self.bytes[self.at + 1..] {
            [b'\r', b'\n', ..] => Some(self.at + 3),
            [b'\n' | b'\r', ..] => Some(self.at + 2),
            _ => None,
        }
    }

    /// Passes over the name that begins here, if one does.
    pub(super) fn take_name(&mut self) -> Option<Span> {
        let start = self.at;
        if class(self.byte()?) != Class::Name {
            return None;
        }
        self.at = name_end(self.bytes, start + 1);
        Some(Span::new(start as u32, self.at as u32))
    }

    /// Passes over a keyword and returns whether it stood here.
    pub(super) fn take_keyword(&mut self, keyword: &[u8]) -> bool {
        let end = self.at + keyword.len();
        let stands = self.bytes[self.at..].starts_with(keyword)
            && !self.bytes.get(end).is_some_and(|&byte| is_name_byte(byte));
        if stands {
            self.at = end;
        }
        stands
    }

    /// Notes a name for the call that it may turn out to be the callee of.
    #[inline]
    pub(super) fn name(&mut self, name: Span) {
        match self.previous {
            Previous::NameDot => {}
            Previous::EndDot => {
                self.dotted_start = name.start;
                self.attached = true;
                self.awaited = false;
            }
            Previous::Name => {
                self.awaited = self.name.start == self.dotted_start
                    && &self.bytes[self.name.range()] == b"await";
                self.dotted_start = name.start;
                self.attached = false;
            }
            Previous::End | Previous::Other => {
                self.dotted_start = name.start;
                self.attached = false;
                self.awaited = false;
            }
        }
        self.name = name;
        self.previous = Previous::Name;
    }

    /// Opens a bracket, and a call where a name stands before it.
    #[inline]
    pub(super) fn open_bracket(&mut self, at: usize, byte: u8) {
        let mut call = NO_CALL;
        if byte == b'(' && self.previous == Previous::Name && !self.is_keyword() {
            call = self.outline.calls.len() as u32;
            self.outline.calls.push(Call {
                name: Span::new(self.dotted_start, self.name.end),
                arguments: Span::empty(at as u32),
                attached: self.attached,
                awaited: self.awaited,
            });
        }
        let closer = match byte {
            b'(' => b')',
            b'[' => b']',
            _ => b'}',
        };
        if self.brackets.len() == MAX_BRACKETS {
            self.flaw(FlawKind::TooDeep, at);
        }
        self.brackets.push(Bracket { offset: at as u32, call, closer });
        self.previous = Previous::Other;
    }

    /// Closes the innermost bracket. A closing bracket of another kind closes it too: to look for the
    /// right one would take time without bound.
    #[inline]
    pub(super) fn close_bracket(&mut self, at: usize, byte: u8) {
        match self.brackets.pop() {
            Some(bracket) => {
                if bracket.closer != byte {
                    self.flaw(FlawKind::StrayBracket, at);
                }
                if bracket.call != NO_CALL {
                    self.outline.calls[bracket.call as usize].arguments.end = at as u32 + 1;
                }
            }
            None => self.flaw(FlawKind::StrayBracket, at),
        }
        self.previous = Previous::End;
    }

    /// What the text's end means to code within `base` brackets; those opened since are closed.
    fn text_end(&mut self, base: usize) -> Stop {
        if let Some(innermost) = self.brackets.last() {
            self.flaw(FlawKind::UnclosedBracket, innermost.offset as usize);
        }
        self.drop_brackets(base);
        Stop::TextEnd
    }

    /// Forgets the brackets beyond the first `kept`, whose calls reach to the end of the text.
    pub(super) fn drop_brackets(&mut self, kept: usize) {
        let end = self.bytes.len() as u32;
        for bracket in self.brackets.drain(kept..) {
            if let Some(call) = self.outline.calls.get_mut(bracket.call as usize) {
                call.arguments.end = end;
            }
        }
    }

    /// Where code ended that goes up to here: trailing white space, line joins, comments excluded.
    pub(super) fn end_of_last_token(&self) -> usize {
        let mut end = self.at;
        let mut comments = self.outline.comments.iter().rev();
        let mut comment = comments.next();
        loop {
            while let Some(found) = comment
                && found.end as usize > end
            {
                comment = comments.next();
            }
            match self.bytes[..end] {
                _ if comment.is_some_and(|comment| comment.end as usize == end) => {
                    end = comment.map_or(end, |comment| comment.start as usize);
                }
                [.., b' ' | b'\t' | b'\x0c' | b'\n' | b'\r'] => end -= 1,
                // Before a line end it can only be the one of a line join.
                [.., b'\\'] if end < self.at && matches!(self.bytes[end], b'\n' | b'\r') => {
                    end -= 1;
                }
                _ => return end,
            }
        }
    }

    /// Passes over a dot and returns where to go on.
    fn dot(&mut self, at: usize) -> usize {
        match self.bytes[at + 1..] {
            [b'.', b'.', ..] => {
                self.previous = Previous::End;
                at + 3
            }
            [b'0'..=b'9', ..] => {
                self.previous = Previous::End;
                number_end(self.bytes, at)
            }
            _ => {
                self.previous = match self.previous {
                    Previous::Name => Previous::NameDot,
                    Previous::End => Previous::EndDot,
                    _ => Previous::Other,
                };
                at + 1
            }
        }
    }

    /// Whether the dotted name last read is a single word that cannot be called.
    fn is_keyword(&self) -> bool {
        self.name.start == self.dotted_start
            && !self.attached
            && is_keyword(&self.bytes[self.name.range()])
    }
}

/// The offset behind the space at `at`, or else `at`.
#[inline]
fn behind_space(bytes: &[u8], at: usize) -> usize {
    at + usize::from(bytes.get(at) == Some(&b' '))
}

/// Whether a word is one of Python's keywords.
pub(super) fn is_keyword(word: &[u8]) -> bool {
    if !matches!(word.len(), 2..=8) {
        return false;
    }
    matches!(
        word,
        b"False"
            | b"None"
            | b"True"
            | b"and"
            | b"as"
            | b"assert"
            | b"async"
            | b"await"
            | b"break"
            | b"class"
            | b"continue"
            | b"def"
            | b"del"
            | b"elif"
            | b"else"
            | b"except"
            | b"finally"
            | b"for"
            | b"from"
            | b"global"
            | b"if"
            | b"import"
            | b"in"
            | b"is"
            | b"lambda"
            | b"nonlocal"
            | b"not"
            | b"or"
            | b"pass"
            | b"raise"
            | b"return"
            | b"try"
            | b"while"
            | b"with"
            | b"yield"
    )
}

/// Where the number ends that begins at `at`, with a digit or a dot before one.
fn number_end(bytes: &[u8], mut at: usize) -> usize {
    let digits = |mut at: usize| {
        while let Some(b'0'..=b'9' | b'_') = bytes.get(at) {
            at += 1;
        }
        at
    };
    if bytes[at] == b'0' {
        match bytes.get(at + 1) {
            Some(b'x' | b'X') => {
                at += 2;
                while let Some(b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'_') = bytes.get(at) {
                    at += 1;
                }
                return at;
            }
            Some(b'b' | b'B' | b'o' | b'O') => return digits(at + 2),
            _ => {}
        }
    }
    at = digits(at);
    if bytes.get(at) == Some(&b'.') {
        at = digits(at + 1);
    }
    match bytes[at..] {
        [b'e' | b'E', b'0'..=b'9', ..] => at = digits(at + 1),
        [b'e' | b'E', b'+' | b'-', b'0'..=b'9', ..] => at = digits(at + 2),
        _ => {}
    }
    at + usize::from(matches!(bytes.get(at), Some(b'j' | b'J')))
}
