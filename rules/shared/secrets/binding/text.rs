//! Reading source text backwards and between brackets, with the outline's help over strings and comments. Knows tokens,
//! and no statement but by its logical line.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Definition, Keyword, Outline, Span, StringLiteral};

/// How far a search goes before it gives up: what binds a literal stands near it.
const REACH: u32 = 600;

/// Text and outline of a file.
pub(super) struct Text<'f, 'a> {
    file: &'f FileContext<'a>,
    bytes: &'a [u8],
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The last name of a dotted one.
pub(crate) fn last_part(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted).trim()
}

impl<'f, 'a> Text<'f, 'a> {
    pub(super) fn new(file: &'f FileContext<'a>) -> Self {
        Self { file, bytes: file.source.text().as_bytes() }
    }

    pub(super) fn outline(&self) -> &'a Outline {
        self.file.outline
    }

    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.file.slice(span)
    }

    pub(super) fn byte_before(&self, at: u32) -> Option<u8> {
        at.checked_sub(1).map(|it| self.bytes[it as usize])
    }

    /// The end of the token before `at`: white space, line joins and comments are passed over.
    pub(super) fn skip_back(&self, mut at: u32) -> u32 {
        loop {
            let mut newline = false;
            while let Some(byte) = self.byte_before(at) {
                newline |= byte == b'\n';
                if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\\' | 0x0C) {
                    break;
                }
                at -= 1;
            }
            match at.checked_sub(1).filter(|_| newline).and_then(|it| self.outline().comment_at(it))
            {
                Some(comment) => at = comment.start,
                None => return at,
            }
        }
    }

    /// The first byte of the next token.
    pub(super) fn byte_after(&self, end: u32) -> Option<u8> {
        self.after(end).map(|at| self.bytes[at as usize])
    }

    /// Where the next token of the logical line begins.
    fn after(&self, end: u32) -> Option<u32> {
        let mut at = end;
        let line = self.outline().line_at(end.saturating_sub(1))?;
        while at < line.span.end {
            match self.bytes[at as usize] {
                b' ' | b'\t' | b'\n' | b'\r' | b'\\' | 0x0C => at += 1,
                b'#' => at = self.outline().comment_at(at)?.end,
                _ => return Some(at),
            }
        }
        None
    }

    /// Whether only blanks lie between two literals of one logical line.
    pub(super) fn joins(&self, end: u32, start: u32) -> bool {
        self.after(end) == Some(start)
    }

    /// Whether the expression that ends in a literal at `end` is that literal.
    pub(super) fn ends_value(&self, end: u32) -> bool {
        let Some(at) = self.after(end) else { return true };
        let rest = &self.bytes[at as usize..];
        match rest[0] {
            b',' | b')' | b']' | b'}' | b';' | b':' => true,
            b'.' => {
                [&b".encode("[..], b".strip(", b".decode("].iter().any(|it| rest.starts_with(it))
            }
            b'o' | b'a' | b'i' | b'e' => [&b"or"[..], b"and", b"if", b"else"].iter().any(|it| {
                rest.starts_with(it) && !rest.get(it.len()).is_some_and(|&it| is_name_byte(it))
            }),
            _ => false,
        }
    }

    /// The name that ends at `end`; empty where there is none.
    pub(super) fn name_back(&self, end: u32) -> Span {
        let mut start = end;
        while self.byte_before(start).is_some_and(is_name_byte) {
            start -= 1;
        }
        Span::new(start, end)
    }

    pub(super) fn word_back(&self, end: u32) -> &'a str {
        self.slice(self.name_back(end))
    }

    /// The dotted name that ends at `end`; empty where there is none, or a keyword that no name can be.
    pub(super) fn dotted_back(&self, end: u32) -> Span {
        let mut start = end;
        while self.byte_before(start).is_some_and(|it| is_name_byte(it) || it == b'.') {
            start -= 1;
        }
        let span = Span::new(start, end);
        let keyword = [
            "return", "or", "and", "not", "in", "if", "else", "await", "yield", "is", "assert",
            "for",
        ];
        if keyword.contains(&self.slice(span)) { Span::empty(end) } else { span }
    }

    /// The literal before the one at `index` that ends at `end`.
    pub(super) fn string_ending(&self, end: u32, index: usize) -> Option<&'a StringLiteral> {
        if !matches!(self.byte_before(end), Some(b'"' | b'\'')) {
            return None;
        }
        let before = &self.outline().strings[..index];
        before.iter().rev().take(8).find(|it| it.span.end == end && !it.interpolated)
    }

    fn string_ending_at(&self, end: u32) -> Option<&'a StringLiteral> {
        let before = self.outline().strings.partition_point(|it| it.span.start < end);
        self.string_ending(end, before)
    }

    /// The key of `x["key"]` that ends at `end`, and where `x` begins.
    pub(super) fn subscript_back(&self, end: u32) -> Option<(Span, u32)> {
        let key = self.string_ending_at(self.skip_back(end - 1))?;
        let open = self.skip_back(key.span.start);
        if self.byte_before(open) != Some(b'[') {
            return None;
        }
        let object = self.dotted_back(open - 1);
        let indexed = matches!(self.byte_before(open - 1), Some(b')' | b']'));
        (indexed || !object.is_empty()).then(|| (key.content(), object.start))
    }

    /// The first argument of a call, if it is a plain literal.
    pub(super) fn first_string(&self, call: &Call) -> Option<Span> {
        let strings = &self.outline().strings;
        let first = strings.partition_point(|it| it.span.start <= call.arguments.start);
        let literal = strings.get(first).filter(|it| it.span.end <= call.arguments.end)?;
        let alone = self.skip_back(literal.span.start) == call.arguments.start + 1;
        let ended = matches!(self.byte_after(literal.span.end), Some(b',' | b')'));
        (alone && ended && !literal.interpolated).then(|| literal.content())
    }

    /// The last of the arguments at the beginning of a call that are plain literals: the option of
    /// `settings.get("section", "option", …)`.
    pub(super) fn last_leading_string(&self, call: &Call) -> Option<Span> {
        let mut found = self.first_string(call)?;
        let strings = &self.outline().strings;
        let first = strings.partition_point(|it| it.span.start <= call.arguments.start);
        for pair in strings[first..].windows(2) {
            let (one, next) = (&pair[0], &pair[1]);
            let separated = self.byte_after(one.span.end) == Some(b',')
                && self.skip_back(next.span.start)
                    == self.after(one.span.end).map_or(0, |at| at + 1);
            if next.span.end > call.arguments.end || !separated || next.interpolated {
                break;
            }
            found = next.content();
        }
        Some(found)
    }

    /// The name that a literal which ends at `end` is compared with from the left: `"v" == x.name`.
    pub(super) fn compared_after(&self, end: u32) -> Option<Span> {
        let sign = self.after(end)?;
        let rest = self.bytes.get(sign as usize..sign as usize + 2)?;
        let name = self.after(sign + 2).filter(|_| matches!(rest, b"==" | b"!="))?;
        let length = self.bytes[name as usize..]
            .iter()
            .take_while(|&&it| is_name_byte(it) || it == b'.')
            .count() as u32;
        (length > 0).then(|| Span::new(name, name + length))
    }

    /// The innermost call in whose arguments an offset lies.
    pub(super) fn call_around(&self, offset: u32) -> Option<&'a Call> {
        let calls = &self.outline().calls;
        let before = calls.partition_point(|it| it.name.start < offset);
        calls[..before]
            .iter()
            .rev()
            .take(64)
            .find(|it| it.arguments.start < offset && offset < it.arguments.end)
    }

    /// The call whose closing parenthesis is the byte before `end`.
    pub(super) fn call_ending(&self, end: u32) -> Option<&'a Call> {
        let calls = &self.outline().calls;
        let before = calls.partition_point(|it| it.name.start < end);
        calls[..before].iter().rev().take(16).find(|it| it.arguments.end == end)
    }

    /// The function in whose header an offset lies.
    fn header_around(&self, offset: u32) -> Option<&'a Definition> {
        let definitions = &self.outline().definitions;
        let before = definitions.partition_point(|it| it.header.start <= offset);
        definitions[..before].last().filter(|it| it.is_function() && it.header.contains(offset))
    }

    /// The name of the parameter that an offset belongs to (its own name, annotation or default, or the sign between
    /// them), unless the offset lies in a call.
    pub(super) fn parameter(&self, offset: u32) -> Option<Span> {
        let function = self.header_around(offset)?;
        let parameters = self.outline().signature(function).parameters;
        let after = parameters.partition_point(|it| it.name.start <= offset);
        let parameter = parameters[..after].last()?;
        let default = parameter.default?;
        (offset < default.start).then_some(parameter.name)
    }

    /// Whether the logical line begins a compound statement, whose colon is no annotation's.
    pub(super) fn heads_statement(&self, offset: u32) -> bool {
        if self.header_around(offset).is_some() {
            return false;
        }
        self.outline().line_at(offset).is_none_or(|it| it.keyword != Keyword::Other)
    }

    pub(super) fn begins_line(&self, offset: u32) -> bool {
        self.outline().line_at(offset).is_some_and(|it| it.span.start == offset)
    }

    /// The `=` that gives what ends at `end` its name, on the way back through one expression.
    pub(super) fn equals_back(&self, end: u32) -> Option<u32> {
        let floor = self
            .outline()
            .line_at(end.saturating_sub(1))?
            .span
            .start
            .max(end.saturating_sub(REACH));
        let mut at = end;
        let mut depth = 0u32;
        while at > floor {
            at -= 1;
            match self.bytes[at as usize] {
                b'"' | b'\'' => at = self.string_ending_at(at + 1)?.span.start,
                b')' | b']' | b'}' => depth += 1,
                b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
                b'(' | b'[' | b'{' | b',' | b';' | b':' if depth == 0 => return None,
                b'=' if depth == 0 => {
                    if matches!(self.byte_before(at), Some(b'=' | b'!' | b'<' | b'>')) {
                        at -= 1;
                    } else {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Calls `visit` with the bytes from `from` to `to` that lie outside of strings, and their depth in brackets.
    fn walk(&self, from: u32, to: u32, mut visit: impl FnMut(u32, u8, u32) -> bool) {
        let strings = &self.outline().strings;
        let mut string = strings.partition_point(|it| it.span.start < from);
        let (mut at, mut depth) = (from, 0u32);
        while at < to.min(from + REACH) {
            if let Some(literal) = strings.get(string).filter(|it| it.span.start == at) {
                at = literal.span.end;
                while strings.get(string).is_some_and(|it| it.span.start < at) {
                    string += 1;
                }
                continue;
            }
            let byte = self.bytes[at as usize];
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if visit(at, byte, depth) {
                return;
            }
            at += 1;
        }
    }

    /// The depth in brackets of an offset within its logical line.
    pub(super) fn depth(&self, offset: u32) -> u32 {
        let Some(line) = self.outline().line_at(offset) else { return 0 };
        let mut found = 0;
        self.walk(line.span.start, offset, |_, _, depth| {
            found = depth;
            false
        });
        found
    }

    /// The first colon outside of brackets.
    pub(super) fn colon(&self, from: u32, to: u32) -> Option<u32> {
        let mut found = None;
        self.walk(from, to, |at, byte, depth| {
            found = (byte == b':' && depth == 0).then_some(at);
            found.is_some()
        });
        found
    }

    /// In `a, b = "u", "v"` the target that belongs to the value at `value`.
    pub(super) fn paired(&self, value: u32) -> Option<Span> {
        let line = self.outline().line_at(value)?;
        if line.keyword != Keyword::Other || value - line.span.start > REACH {
            return None;
        }
        let mut sign = None;
        let mut commas = 0usize;
        let mut targets = Vec::new();
        let mut nested = false;
        self.walk(line.span.start, value, |at, byte, depth| {
            if depth == 0 && byte == b',' {
                if sign.is_some() { commas += 1 } else { targets.push(at) }
            } else if depth == 0 && byte == b'=' && sign.is_none() {
                sign = Some(at);
                targets.push(at);
            }
            nested = depth > 0;
            false
        });
        sign?;
        let end = *targets.get(commas).filter(|_| targets.len() > 1 && !nested)?;
        let name = self.name_back(self.skip_back(end));
        (!name.is_empty()).then_some(name)
    }
}
