//! The arguments of `print` as those of a logger. Knows literals and their replacement fields, no rule.

mod fields;
mod several;

use roadworthy_engine::{Edit, FileContext};
use roadworthy_parser::{Call, Span, StringLiteral};

use crate::shared::code::calls;
use crate::shared::fixes::imports::{line_end, line_start};
use crate::shared::fixes::loggers::LoggerKind;
use fields::{Field, Piece};
use several::{Several, marks_in};

/// One argument without the white space around it.
struct Argument<'a> {
    span: Span,
    text: &'a str,
    /// The string literals that it is made of, if it is nothing else.
    literals: Vec<&'a StringLiteral>,
}

/// The changes that make the arguments of a `print` those of a logger's method; `None` where that would lose something, or
/// where nothing would be said.
pub(crate) fn arguments(
    file: &FileContext<'_>,
    call: &Call,
    kind: LoggerKind,
) -> Option<Vec<Edit>> {
    let parts = calls::argument_parts(file, call);
    let mut edits = Vec::new();
    let mut values: Vec<Argument<'_>> = Vec::new();
    let mut separator = " ";
    for part in parts {
        let argument = Argument::read(file, part);
        let Some((keyword, value)) = keyword(&argument) else {
            let open = argument.text.starts_with('*') || argument.text.starts_with("lambda");
            if open || is_generator(file, &argument) {
                return None;
            }
            values.push(argument);
            continue;
        };
        match keyword {
            "sep" => separator = calls::literal(value)?,
            "end" if matches!(value, "\"\\n\"" | "'\\n'") => {}
            "flush" if matches!(value, "True" | "False") => {}
            "file" if matches!(value, "sys.stdout" | "None") => {}
            _ => return None,
        }
        let gone = Span::new(values.last()?.span.end, argument.span.end);
        let told = file.outline.comments.iter().any(|it| gone.contains(it.start));
        if told {
            return None;
        }
        edits.push(Edit::delete(gone));
    }
    // Each of several deletions begins where the last value ends.
    if let [first, .., last] = edits.as_slice() {
        edits = vec![Edit::delete(Span::new(first.span.start, last.span.end))];
    }
    let message = match values.as_slice() {
        [] => return None,
        [one] => single(file, one, kind)?,
        several => Several { file, call, kind, separator, arguments: several }.edits()?,
    };
    edits.extend(message);
    edits.sort();
    Some(edits)
}

/// What a call says first, where that is a literal.
pub(crate) fn first_words<'a>(file: &FileContext<'a>, call: &Call) -> &'a str {
    let start = calls::without_blanks(file, calls::inside(call)).start;
    let strings = &file.outline.strings;
    let found = strings.binary_search_by_key(&start, |string| string.span.start);
    found.map_or("", |index| file.slice(strings[index].content()))
}

/// The name or dotted name that is all that a call is given.
pub(crate) fn only_name<'a>(file: &FileContext<'a>, call: &Call) -> &'a str {
    let text = file.slice(calls::without_blanks(file, calls::inside(call)));
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    if text.chars().all(is_name) { text } else { "" }
}

impl<'a> Argument<'a> {
    fn read(file: &FileContext<'a>, part: Span) -> Self {
        let span = calls::without_blanks(file, part);
        Self { span, text: file.slice(span), literals: literals(file, span) }
    }

    /// The one plain literal that it is, which may become part of a message.
    fn plain(&self) -> Option<&'a StringLiteral> {
        let [literal] = self.literals.as_slice() else { return None };
        let simple = literal.prefix == 0 && literal.quotes == 1;
        simple.then_some(*literal)
    }
}

/// The literals that a range holds and nothing else but white space and comments.
fn literals<'a>(file: &FileContext<'a>, span: Span) -> Vec<&'a StringLiteral> {
    let (found, end) = leading_literals(file, span);
    if end < span.end { Vec::new() } else { found }
}

/// The literals that a range begins with, and where the next token is.
fn leading_literals<'a>(file: &FileContext<'a>, span: Span) -> (Vec<&'a StringLiteral>, u32) {
    let strings = &file.outline.strings;
    let mut found = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let index = strings.binary_search_by_key(&at, |string| string.span.start);
        let literal = index.ok().map(|index| &strings[index]);
        let Some(literal) = literal.filter(|it| it.quotes > 0 && !it.bytes) else { break };
        found.push(literal);
        at = calls::without_blanks(file, Span::new(literal.span.end, span.end)).start;
    }
    (found, at)
}

/// `"%s of %s" % (one, all)` as a message and its values; the values of anything but a tuple may be one.
fn unfilled(file: &FileContext<'_>, span: Span) -> Option<Vec<Edit>> {
    let (literals, at) = leading_literals(file, span);
    let last = literals.last()?;
    let text = file.slice(Span::new(at, span.end));
    let tuple = text.strip_prefix('%')?.trim_start();
    let inside = tuple.strip_prefix('(')?.strip_suffix(')')?;
    let marks = literals.iter().try_fold(0, |sum, literal| {
        let content = file.slice(literal.content());
        let told = !literal.interpolated && !content.contains("%%");
        told.then(|| if content.contains('%') { marks_in(content) } else { Some(0) })?
            .map(|count| sum + count)
    })?;
    (values_in(inside)? == marks).then(|| {
        let open = span.end - tuple.len() as u32 + 1;
        let comma = Edit { span: Span::new(last.span.end, open), text: ", ".to_owned() };
        vec![comma, Edit::delete(Span::new(span.end - 1, span.end))]
    })
}

/// How many values the inside of a tuple has; `None` where it is no tuple, or its parentheses do not belong together.
fn values_in(inside: &str) -> Option<usize> {
    let (mut depth, mut commas) = (0_u32, 0);
    if inside.contains(['"', '\'', '#', '*']) || inside.contains("lambda") {
        return None;
    }
    for c in inside.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => commas += 1,
            _ => {}
        }
    }
    let trailing = usize::from(inside.trim_end().ends_with(','));
    (commas > 0).then_some(commas + 1 - trailing)
}

fn keyword<'a>(argument: &Argument<'a>) -> Option<(&'a str, &'a str)> {
    let (name, value) = argument.text.split_once('=')?;
    let name = name.trim();
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_name && !name.is_empty() && !value.starts_with('=')).then(|| (name, value.trim()))
}

/// `print(x for x in rows)`: its parentheses are those of the call. Words of a message are none of its code.
fn is_generator(file: &FileContext<'_>, argument: &Argument<'_>) -> bool {
    let strings = &file.outline.strings;
    let (mut depth, mut before, mut words_end) = (0_u32, ' ', 0);
    for (at, c) in argument.text.char_indices() {
        let offset = argument.span.start + u32::try_from(at).unwrap_or(u32::MAX);
        if offset < words_end {
            continue;
        }
        if let Ok(index) = strings.binary_search_by_key(&offset, |it| it.span.start) {
            words_end = strings[index].span.end;
            before = ' ';
            continue;
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            'f' if depth == 0
                && before.is_whitespace()
                && argument.text[at..].starts_with("for ") =>
            {
                return true;
            }
            _ => {}
        }
        before = c;
    }
    false
}

/// One argument: a message, or a value without words.
fn single(file: &FileContext<'_>, argument: &Argument<'_>, kind: LoggerKind) -> Option<Vec<Edit>> {
    let text = argument.text;
    if !argument.literals.is_empty() {
        return message(file, &argument.literals, kind);
    }
    if starts_with_literal(text) {
        if kind == LoggerKind::Standard
            && let Some(edits) = unfilled(file, argument.span)
        {
            return Some(edits);
        }
        // `"-" * 80` draws a line.
        let line = text.split('*').next().is_some_and(|it| it.len() < text.len())
            && !text.contains(['+', '%', ',']);
        return (!line && text.contains(char::is_alphanumeric)).then(Vec::new);
    }
    let format = match kind {
        LoggerKind::Standard => "\"%s\",",
        LoggerKind::Loguru => "\"{}\",",
        LoggerKind::Structlog | LoggerKind::Unknown => return Some(Vec::new()),
    };
    let space = space_before(file, argument.span.start);
    Some(vec![Edit::insert(argument.span.start, format!("{format}{space}"))])
}

/// What stands between an argument and the next one put in behind it: a line end where each has a line of its own.
fn space_before(file: &FileContext<'_>, start: u32) -> String {
    let line = file.slice(Span::new(line_start(file, start), start));
    if line.trim().is_empty() { format!("{}{line}", line_end(file)) } else { " ".to_owned() }
}

fn starts_with_literal(text: &str) -> bool {
    text.trim_start_matches(|c: char| "rRfFbBuU".contains(c)).starts_with(['"', '\''])
}

/// A text of literals, whose fields become arguments where the logger fills them in itself.
fn message(
    file: &FileContext<'_>,
    literals: &[&StringLiteral],
    kind: LoggerKind,
) -> Option<Vec<Edit>> {
    let mut parts: Vec<(&StringLiteral, Vec<Piece<'_>>)> = Vec::new();
    for literal in literals {
        let content = file.slice(literal.content());
        parts.push((literal, fields::pieces(content, literal.interpolated, literal.raw)?));
    }
    trim(&mut parts);
    let filled = parts.iter().flat_map(|(_, pieces)| pieces);
    let fields: Vec<&Field<'_>> = filled.filter_map(Piece::field).collect();
    let style = Style::of(kind).filter(|style| fields.iter().all(|field| style.takes(field)));
    let says = parts.iter().flat_map(|(_, pieces)| pieces).any(|piece| match piece {
        Piece::Text(text) => text.contains(char::is_alphanumeric),
        Piece::Field(_) => true,
    });
    if !says || parts.iter().any(|(_, pieces)| carries_on(pieces)) {
        return None;
    }
    let arguments: Vec<String> = fields.iter().map(|field| field.argument()).collect();
    let mut edits = Vec::new();
    for (index, (literal, pieces)) in parts.iter().enumerate() {
        let before = file.slice(literal.span);
        let mut text = match style {
            Some(style) => rewritten(before, literal, pieces, style, !arguments.is_empty()),
            None if fields.is_empty() => plain(before, literal, pieces),
            None => as_it_was(before, literal, pieces),
        };
        if index + 1 == parts.len() && style.is_some() && !arguments.is_empty() {
            let comma = format!(",{}", space_before(file, literal.span.start));
            text.push_str(&comma);
            text.push_str(&arguments.join(&comma));
        }
        if text != before {
            edits.push(Edit { span: literal.span, text });
        }
    }
    Some(edits)
}

/// Takes line feeds off at both ends: a record has its own.
fn trim(parts: &mut [(&StringLiteral, Vec<Piece<'_>>)]) {
    if let Some((literal, pieces)) = parts.first_mut()
        && let Some(Piece::Text(text)) = pieces.first_mut()
    {
        loop {
            let escape = if literal.raw { "\n" } else { "\\n" };
            let Some(rest) = text.strip_prefix(escape).or_else(|| text.strip_prefix('\n')) else {
                break;
            };
            *text = rest;
        }
    }
    if let Some((literal, pieces)) = parts.last_mut()
        && let Some(Piece::Text(text)) = pieces.last_mut()
    {
        loop {
            let escape = text.strip_suffix("\\n").filter(|rest| {
                let slashes = rest.len() - rest.trim_end_matches('\\').len();
                !literal.raw && slashes % 2 == 0
            });
            let Some(rest) = escape.or_else(|| text.strip_suffix('\n')) else { break };
            *text = rest;
        }
    }
}

/// Whether a text goes back to the beginning of a line on the terminal, or colours it, by signs or by the marks of Rich.
fn carries_on(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Text(text) => {
            ["\\r", "\\b", "\\033", "\\x1b", "\\e[", "[/"].iter().any(|it| text.contains(it))
        }
        Piece::Field(_) => false,
    })
}

/// How a logger marks where a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Percent,
    Braces,
}

impl Style {
    fn of(kind: LoggerKind) -> Option<Self> {
        match kind {
            LoggerKind::Standard => Some(Self::Percent),
            LoggerKind::Loguru => Some(Self::Braces),
            LoggerKind::Structlog | LoggerKind::Unknown => None,
        }
    }

    fn takes(self, field: &Field<'_>) -> bool {
        match self {
            Self::Percent => field.percent().is_some(),
            Self::Braces => !field.spec.contains(['{', '}']),
        }
    }

    fn mark(self, field: &Field<'_>) -> String {
        match self {
            Self::Percent => field.percent().unwrap_or_default(),
            Self::Braces => field.braces(),
        }
    }

    fn empty_mark(self) -> &'static str {
        match self {
            Self::Percent => "%s",
            Self::Braces => "{}",
        }
    }

    /// The text of a literal, with what would be a mark doubled.
    fn escaped(self, text: &str) -> String {
        match self {
            Self::Percent => text.replace('%', "%%"),
            Self::Braces => text.replace('{', "{{").replace('}', "}}"),
        }
    }
}

/// Prefix and quotes of a literal, the prefix without `f` where asked for.
fn ends<'t>(before: &'t str, literal: &StringLiteral, formatted: bool) -> (String, &'t str) {
    let (prefix, quotes) = (literal.prefix as usize, literal.quotes as usize);
    let kept = before[..prefix].chars().filter(|c| formatted || !matches!(c, 'f' | 'F'));
    (kept.collect(), &before[prefix..prefix + quotes])
}

/// A literal for a logger that fills in marks where there are arguments.
fn rewritten(
    before: &str,
    literal: &StringLiteral,
    pieces: &[Piece<'_>],
    style: Style,
    filled: bool,
) -> String {
    let (prefix, quotes) = ends(before, literal, false);
    let mut text = format!("{prefix}{quotes}");
    for piece in pieces {
        match piece {
            Piece::Text(part) => {
                let single = unescaped(part, literal);
                text.push_str(&if filled { style.escaped(&single) } else { single });
            }
            Piece::Field(field) => {
                text.push_str(&style.escaped(field.shown));
                text.push_str(&style.mark(field));
            }
        }
    }
    text + quotes
}

/// A literal without fields as one that has no use for `f`.
fn plain(before: &str, literal: &StringLiteral, pieces: &[Piece<'_>]) -> String {
    let (prefix, quotes) = ends(before, literal, false);
    let texts: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(part) => unescaped(part, literal),
            Piece::Field(_) => String::new(),
        })
        .collect();
    format!("{prefix}{quotes}{texts}{quotes}")
}

/// A literal as it is written, but for what was taken off its ends.
fn as_it_was(before: &str, literal: &StringLiteral, pieces: &[Piece<'_>]) -> String {
    let (prefix, quotes) = ends(before, literal, true);
    let texts: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(part) => part,
            Piece::Field(field) => field.written,
        })
        .collect();
    format!("{prefix}{quotes}{texts}{quotes}")
}

/// The text of a literal in which braces stand for themselves.
fn unescaped(part: &str, literal: &StringLiteral) -> String {
    if literal.interpolated { part.replace("{{", "{").replace("}}", "}") } else { part.to_owned() }
}
