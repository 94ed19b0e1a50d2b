//! Texts of configuration files to values with places: one module a language, each around a parser that others keep. Knows
//! no meaning.

pub(crate) mod ini;
pub(crate) mod json;
pub mod toml;
pub(crate) mod yaml;

use roadworthy_parser::Span;

/// What keeps a file from being understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFault {
    /// Where; the beginning of the file where nothing better is known.
    pub span: Span,
    /// What, as a predicate without its subject: "is not valid YAML: …". It quotes no value of the file.
    pub sentence: String,
}

impl SyntaxFault {
    /// Whether only the letter of YAML 1.2 forbids it: libyaml, and with it most readers, does not ask how far the lines of a quoted
    /// scalar are indented.
    pub fn is_tolerated(&self) -> bool {
        self.sentence.ends_with("invalid indentation in multiline quoted scalar")
    }

    /// A fault at an offset of a text.
    pub(crate) fn at(text: &str, offset: usize, sentence: impl Into<String>) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        Self { span: Span::empty(offset as u32), sentence: sentence.into() }
    }
}

pub(crate) fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end.max(start) as u32)
}
