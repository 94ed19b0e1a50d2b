//! The replacement fields of an f-string. Knows the text between its quotes, no file.

/// A part of a literal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text as written: braces of an f-string doubled.
    Text(&'t str),
    Field(Field<'t>),
}

impl<'t> Piece<'t> {
    pub(super) fn field(&self) -> Option<&Field<'t>> {
        match self {
            Self::Text(_) => None,
            Self::Field(field) => Some(field),
        }
    }
}

/// `{value!r:>10}`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field<'t> {
    /// With its braces.
    pub(super) written: &'t str,
    /// The expression without white space around it.
    expression: &'t str,
    /// What `{value=}` shows of itself.
    pub(super) shown: &'t str,
    conversion: Option<char>,
    pub(super) spec: &'t str,
}

impl Field<'_> {
    /// The mark of the same meaning for the operator `%`, where there is one.
    pub(super) fn percent(&self) -> Option<String> {
        let conversion = self.conversion.or((!self.shown.is_empty()).then_some('r'));
        if self.spec.is_empty() {
            return match conversion {
                None | Some('s') => Some("%s".to_owned()),
                Some(letter @ ('r' | 'a')) => Some(format!("%{letter}")),
                Some(_) => None,
            };
        }
        if self.conversion.is_some() {
            return None;
        }
        // A number's width, precision and kind are written alike; all else differs or depends on what is formatted.
        let (size, kind) = self.spec.split_at(self.spec.len() - 1);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (width, precision) = size.split_once('.').unwrap_or((size, ""));
        let fits = match kind {
            "d" | "x" | "X" | "o" => !size.contains('.'),
            "f" | "F" | "e" | "E" | "g" | "G" => true,
            _ => false,
        };
        (fits && digits(width) && digits(precision) && self.spec.is_ascii())
            .then(|| format!("%{}", self.spec))
    }

    /// The mark of the same meaning for `str.format`.
    pub(super) fn braces(&self) -> String {
        let own = (!self.shown.is_empty() && self.spec.is_empty()).then_some('r');
        let conversion =
            self.conversion.or(own).map_or(String::new(), |letter| format!("!{letter}"));
        let colon = if self.spec.is_empty() { "" } else { ":" };
        format!("{{{conversion}{colon}{}}}", self.spec)
    }

    /// The expression as an argument of a call.
    pub(super) fn argument(&self) -> String {
        let mut scan = Scan::new(self.expression);
        let mut several = false;
        while let Some(c) = scan.next() {
            several |= c == ',' && scan.depth == 0;
        }
        let bare = several
            || self.expression.starts_with("yield")
            || self.expression.starts_with("lambda");
        if bare { format!("({})", self.expression) } else { self.expression.to_owned() }
    }
}

/// The parts of a literal's content; `None` where it is not understood.
pub(super) fn pieces(content: &str, interpolated: bool, raw: bool) -> Option<Vec<Piece<'_>>> {
    if !interpolated {
        return Some(vec![Piece::Text(content)]);
    }
    let bytes = content.as_bytes();
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !raw => {
                if bytes.get(at + 1) == Some(&b'N') && bytes.get(at + 2) == Some(&b'{') {
                    at += content[at..].find('}')?;
                } else if matches!(bytes.get(at + 1), Some(b'{' | b'}')) {
                    return None;
                } else {
                    at += 1;
                }
                at += 1;
            }
            b'{' | b'}' if bytes.get(at + 1) == Some(&bytes[at]) => at += 2,
            b'{' => {
                if at > from {
                    pieces.push(Piece::Text(&content[from..at]));
                }
                let field = field(&content[at..])?;
                at += field.written.len();
                from = at;
                pieces.push(Piece::Field(field));
            }
            b'}' => return None,
            _ => at += 1,
        }
    }
    if content.len() > from {
        pieces.push(Piece::Text(&content[from..]));
    }
    Some(pieces)
}

/// The field that a text begins with.
fn field(text: &str) -> Option<Field<'_>> {
    let mut scan = Scan::new(text);
    scan.next();
    scan.depth = 0;
    let (mut end, mut equals) = (None, None);
    let mut last = '{';
    while let Some(c) = scan.next() {
        let at = scan.at - c.len_utf8();
        let next = text[scan.at..].chars().next();
        if scan.depth == 0 {
            match c {
                '!' if next != Some('=') => end = Some(at),
                ':' => end = Some(at),
                '=' if next != Some('=') && !matches!(last, '=' | '!' | '<' | '>' | ':') => {
                    equals = Some(at);
                }
                c if !c.is_whitespace() && c != '}' => equals = None,
                _ => {}
            }
        }
        if c == '}' && scan.is_closed {
            end = Some(at);
        }
        if !c.is_whitespace() {
            last = c;
        }
        if end.is_some() {
            break;
        }
    }
    let end = end?;
    let inside = &text[1..end];
    let (expression, shown) = match equals {
        Some(at) => (&text[1..at], inside),
        None => (inside, ""),
    };
    let expression = expression.trim();
    let rest = &text[end..];
    let (conversion, rest) = match rest.strip_prefix('!') {
        Some(rest) => (rest.chars().next(), rest.get(1..)?),
        None => (None, rest),
    };
    let (spec, rest) = match rest.strip_prefix(':') {
        Some(spec) => {
            // A field within the specification is closed before it.
            let mut depth = 0;
            let close = spec.char_indices().find(|(_, c)| {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                depth < 0
            })?;
            spec.split_at(close.0)
        }
        None => ("", rest),
    };
    if !rest.starts_with('}') || expression.is_empty() || expression.contains(['#', '\\']) {
        return None;
    }
    let written = &text[..=text.len() - rest.len()];
    Some(Field { written, expression, shown, conversion, spec })
}

/// Goes through an expression, over the texts in it.
struct Scan<'t> {
    text: &'t str,
    at: usize,
    /// Open brackets.
    depth: u32,
    /// Whether the last character closed more than was opened.
    is_closed: bool,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0, depth: 0, is_closed: false }
    }

    fn next(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        let c = rest.chars().next()?;
        if matches!(c, '"' | '\'') {
            let triple: String = [c; 3].iter().collect();
            let quote = if rest.starts_with(&triple) { &rest[..3] } else { &rest[..1] };
            let inside = &rest[quote.len()..];
            let length = inside.find(quote)?;
            self.at += quote.len() * 2 + length;
            return Some(c);
        }
        self.at += c.len_utf8();
        match c {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => {
                self.is_closed = self.depth == 0;
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
        Some(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(content: &str) -> Option<(String, Vec<String>)> {
        let mut format = String::new();
        let mut arguments = Vec::new();
        for piece in pieces(content, true, false)? {
            match piece {
                Piece::Text(text) => format.push_str(text),
                Piece::Field(field) => {
                    format.push_str(field.shown);
                    format.push_str(&field.percent()?);
                    arguments.push(field.argument());
                }
            }
        }
        Some((format, arguments))
    }

    #[test]
    fn fields_become_marks_of_the_same_meaning_or_none() {
        let same = |content: &str, format: &str, arguments: &[&str]| {
            let expected = arguments.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(percent(content), Some((format.to_owned(), expected)), "{content}");
        };
        same("a {b} c", "a %s c", &["b"]);
        same("{a.b['}'][0]!r}: {c:.2f} {d:5d}", "%r: %.2f %5d", &["a.b['}'][0]", "c", "d"]);
        same("{x=} {y = }", "x=%r y = %r", &["x", "y"]);
        same("{a == b} {f(c=1)} {a != b}", "%s %s %s", &["a == b", "f(c=1)", "a != b"]);
        same("{a, b} { {1: 2}[1] }", "%s %s", &["(a, b)", "{1: 2}[1]"]);
        same("\\N{BULLET} {a}", "\\N{BULLET} %s", &["a"]);
        same("{d[':']} {s[1:2]}", "%s %s", &["d[':']", "s[1:2]"]);
        for content in
            ["{a:>10}", "{a:,}", "{a:.1%}", "{a:{width}}", "{a!r:>5}", "{when:%H}", "{a:.2}"]
        {
            assert_eq!(percent(content), None, "{content}");
        }
        assert_eq!(pieces("{", true, false), None);
        assert_eq!(pieces("}", true, false), None);
    }
}
