//! Several arguments of `print` as a message and its values. Knows literals, no logger's name.

use roadworthy_engine::{Edit, FileContext};
use roadworthy_parser::{Call, Span, StringLiteral};

use super::fields::{self, Piece};
use super::{Argument, Style, space_before};
use crate::shared::code::calls;
use crate::shared::fixes::loggers::LoggerKind;

/// Several arguments, which `print` joins.
pub(super) struct Several<'a, 'f> {
    pub(super) file: &'a FileContext<'f>,
    pub(super) call: &'a Call,
    pub(super) kind: LoggerKind,
    pub(super) separator: &'a str,
    pub(super) arguments: &'a [Argument<'f>],
}

impl Several<'_, '_> {
    /// The changes; `None` where they would lose something.
    pub(super) fn edits(&self) -> Option<Vec<Edit>> {
        let (first, rest) = self.arguments.split_first()?;
        let Some(style) = Style::of(self.kind) else { return self.as_one_text() };
        let mark = style.empty_mark();
        let separator = style.escaped(self.separator);
        let is_value = |argument: &&Argument<'_>| argument.literals.is_empty();
        let texts = self.arguments.iter().filter(|it| !it.literals.is_empty());
        if texts.clone().any(|it| self.file.slice(it.span).contains("\\r")) {
            return None;
        }
        if rest.iter().all(|it| is_value(&it)) {
            let marks = format!("{separator}{mark}").repeat(rest.len());
            if let Some(literal) = first.plain() {
                let written = self.file.slice(literal.content());
                if style == Style::Percent && marks_in(written) == Some(rest.len()) {
                    // Somebody took `print` for a logger.
                    return Some(Vec::new());
                }
                let content = style.escaped(self.content(literal)?);
                let content = content.trim_start_matches("\\n");
                let blank = content.trim().is_empty();
                let marks = if blank { &marks[separator.len()..] } else { &*marks };
                let content = if blank { "" } else { content };
                let quote = quote_of(self.file, literal);
                let text = format!("{quote}{content}{marks}{quote}");
                return Some(vec![Edit { span: literal.span, text }]);
            }
            if is_value(&first) {
                let space = space_before(self.file, first.span.start);
                let text = format!("\"{mark}{marks}\",{space}");
                return Some(vec![Edit::insert(first.span.start, text)]);
            }
        }
        let inside = self.file.slice(calls::inside(self.call));
        let marks = [mark].repeat(self.arguments.len()).join(&separator);
        if inside.contains(['\n', '\r', '#']) {
            let space = space_before(self.file, first.span.start);
            let text = format!("\"{marks}\",{space}");
            return Some(vec![Edit::insert(first.span.start, text)]);
        }
        self.rebuilt(style)
    }

    /// One message out of all literals, and the values behind it.
    fn rebuilt(&self, style: Style) -> Option<Vec<Edit>> {
        let quote = self.quote();
        let plain: Option<Vec<_>> = self.arguments.iter().map(Argument::plain).collect();
        if let Some(literals) = plain {
            return self.all_words(&literals);
        }
        let mut format = String::new();
        let mut values: Vec<String> = Vec::new();
        for (index, argument) in self.arguments.iter().enumerate() {
            if index > 0 {
                format.push_str(&style.escaped(self.separator));
            }
            if let Some(literal) = argument.plain() {
                let content = style.escaped(self.content(literal)?);
                format.push_str(&requoted(&content, quote_of(self.file, literal), quote));
                continue;
            }
            let Some(pieces) = self.fields(argument, style) else {
                format.push_str(style.empty_mark());
                values.push(argument.text.to_owned());
                continue;
            };
            let own_quote = argument.literals.first().map_or(quote, |it| quote_of(self.file, it));
            for piece in pieces {
                match piece {
                    Piece::Text(text) => {
                        let text = text.replace("{{", "{").replace("}}", "}");
                        format.push_str(&requoted(&style.escaped(&text), own_quote, quote));
                    }
                    Piece::Field(field) => {
                        format.push_str(&style.escaped(field.shown));
                        format.push_str(&style.mark(&field));
                        values.push(field.argument());
                    }
                }
            }
        }
        let format = without_line_feeds(&format);
        if values.is_empty() {
            return None;
        }
        let text = format!("{quote}{format}{quote}, {}", values.join(", "));
        Some(vec![Edit { span: self.span()?, text }])
    }

    /// One message out of literals alone.
    fn all_words(&self, literals: &[&StringLiteral]) -> Option<Vec<Edit>> {
        let quote = self.quote();
        let mut words = Vec::new();
        for literal in literals {
            words.push(requoted(self.content(literal)?, quote_of(self.file, literal), quote));
        }
        let text = words.join(self.separator);
        let text = without_line_feeds(&text);
        let says = text.contains(char::is_alphanumeric);
        let edit = || Some(Edit { span: self.span()?, text: format!("{quote}{text}{quote}") });
        edit().filter(|_| says).map(|edit| vec![edit])
    }

    /// The pieces of an f-string whose fields can be marks.
    fn fields(&self, argument: &Argument<'_>, style: Style) -> Option<Vec<Piece<'_>>> {
        let [literal] = argument.literals.as_slice() else { return None };
        if !literal.interpolated || literal.raw || literal.quotes != 1 {
            return None;
        }
        let pieces = fields::pieces(self.file.slice(literal.content()), true, false)?;
        let shown =
            |piece: &Piece<'_>| piece.field().is_some_and(|it| it.shown.contains(['"', '\'']));
        let fits = pieces.iter().filter_map(Piece::field).all(|field| style.takes(field));
        (fits && !pieces.iter().any(shown)).then_some(pieces)
    }

    /// One f-string, for a logger of which only that is known that it takes a text.
    fn as_one_text(&self) -> Option<Vec<Edit>> {
        let quote = self.quote();
        let mut text = String::new();
        for (index, argument) in self.arguments.iter().enumerate() {
            if index > 0 {
                text.push_str(&Style::Braces.escaped(self.separator));
            }
            if let Some(literal) = argument.plain() {
                let content = Style::Braces.escaped(self.content(literal)?);
                text.push_str(&requoted(&content, quote_of(self.file, literal), quote));
                continue;
            }
            // Before Python 3.12 no field may hold quotes of its text, a backslash or a comment.
            let unfit = ["\\", "\"", "'", "\n", "\r", "#", "{", "}", "lambda", "!", ":="];
            if unfit.iter().any(|it| argument.text.contains(it)) {
                return None;
            }
            text.push('{');
            text.push_str(argument.text);
            text.push('}');
        }
        let prefix = if text.contains('{') { "f" } else { "" };
        let text = text.trim_start_matches("\\n");
        Some(vec![Edit { span: self.span()?, text: format!("{prefix}{quote}{text}{quote}") }])
    }

    fn span(&self) -> Option<Span> {
        Some(Span::new(self.arguments.first()?.span.start, self.arguments.last()?.span.end))
    }

    /// The quotes of the first literal.
    fn quote(&self) -> char {
        let literal = self.arguments.iter().find_map(|it| it.literals.first());
        literal.map_or('"', |literal| quote_of(self.file, literal))
    }

    /// What a plain literal says; `None` where it holds what would have to be understood first.
    fn content(&self, literal: &StringLiteral) -> Option<&str> {
        let content = self.file.slice(literal.content());
        (!content.contains("\\N{") && !content.contains('\n')).then_some(content)
    }
}

/// How many marks of the operator `%` a text has; `None` where it has none, or a sign that is no mark.
pub(super) fn marks_in(text: &str) -> Option<usize> {
    let mut count = 0;
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let behind = &rest[at + 1..];
        let kind = behind.trim_start_matches(|c: char| c.is_ascii_digit() || "+-. ".contains(c));
        if !kind.starts_with(['s', 'd', 'r', 'f', 'i', 'x', 'g', 'e']) {
            return None;
        }
        count += 1;
        rest = kind;
    }
    (count > 0).then_some(count)
}

/// A message without the line feeds at its ends, and without blanks before those.
fn without_line_feeds(text: &str) -> &str {
    let mut text = text.trim_start_matches("\\n");
    while let Some(rest) = text.strip_suffix("\\n").filter(|rest| !rest.ends_with('\\')) {
        text = rest.trim_end_matches(' ');
    }
    text
}

fn quote_of(file: &FileContext<'_>, literal: &StringLiteral) -> char {
    if file.slice(literal.span).ends_with('\'') { '\'' } else { '"' }
}

/// The content of a literal between other quotes.
fn requoted(content: &str, from: char, to: char) -> String {
    if from == to || !content.contains(to) {
        return content.to_owned();
    }
    let mut out = String::with_capacity(content.len());
    let mut escaped = false;
    for c in content.chars() {
        if c == to && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    out
}
