//! Bytes of a Python file to text, as the language defines it. Knows nothing of paths or files.

use std::fmt;
use std::sync::OnceLock;

use encoding_rs::Encoding;

use crate::codecs::{Codec, codec};
use crate::{LineIndex, Position, Span, codecs};

/// The decoded text of one Python file, with the lines found at the first question.
#[derive(Debug)]
pub struct SourceFile {
    text: String,
    lines: OnceLock<LineIndex>,
}

/// Why bytes are not the text of a Python file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The bytes are not valid in the encoding that the file declares (or UTF-8).
    Invalid {
        /// Name of the encoding, as declared.
        encoding: String,
        /// The line of the first invalid byte, from 1.
        line: u32,
    },
    /// The declared encoding is not known.
    Unknown {
        /// Name of the encoding, as declared.
        encoding: String,
    },
    /// The file is larger than offsets can tell.
    TooLarge,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { encoding, line } => {
                write!(out, "line {line} holds a byte that is not valid {encoding}")
            }
            Self::Unknown { encoding } => {
                write!(out, "declares the unknown encoding {}", crate::quoted(encoding))
            }
            Self::TooLarge => write!(out, "is larger than 4 GiB"),
        }
    }
}

impl SourceFile {
    /// Takes text that is decoded already.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: text.into(), lines: OnceLock::new() }
    }

    /// Decodes the bytes of a file: UTF-8, with or without a byte-order mark, or what a comment in
    /// the first two lines declares (PEP 263).
    ///
    /// # Errors
    /// When the bytes are not valid in that encoding, or the encoding is unknown.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, DecodeError> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(DecodeError::TooLarge);
        }
        let declared =
            declared_encoding(&bytes).map(|it| String::from_utf8_lossy(&it).into_owned());
        let Some(name) = declared.filter(|name| !matches!(codec(name), Some(Codec::Utf8))) else {
            return match String::from_utf8(bytes) {
                Ok(text) => Ok(Self::from_text(text)),
                Err(error) => {
                    let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                    Err(invalid("UTF-8", valid))
                }
            };
        };
        match codecs::decode(&name, &bytes) {
            Some(Ok(text)) if u32::try_from(text.len()).is_err() => Err(DecodeError::TooLarge),
            Some(Ok(text)) => Ok(Self::from_text(text.into_owned())),
            Some(Err(valid)) => Err(invalid(&name, &bytes[..valid])),
            None => Err(DecodeError::Unknown { encoding: name }),
        }
    }

    /// Takes the bytes of a file that need not be Python: UTF-8, UTF-16 with a byte-order mark, else Latin-1, in which
    /// every byte is a character.
    pub fn decode_any(bytes: Vec<u8>) -> Self {
        if let Some((encoding, mark)) = Encoding::for_bom(&bytes)
            && encoding != encoding_rs::UTF_8
        {
            return Self::from_text(encoding.decode_without_bom_handling(&bytes[mark..]).0);
        }
        match String::from_utf8(bytes) {
            Ok(text) => Self::from_text(text),
            Err(error) => {
                let text: String = error.as_bytes().iter().map(|&byte| char::from(byte)).collect();
                Self::from_text(text)
            }
        }
    }

    /// The whole text; a byte-order mark, where there is one, is its first character.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a range.
    pub fn slice(&self, span: Span) -> &str {
        span.of_text(&self.text)
    }

    /// The lines of the text.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }
}

/// Lines and columns of offsets that come in order, or nearly so: a column is counted on from the one before it, as a
/// line may be as long as the file and hold thousands of them.
#[derive(Debug)]
pub struct Positions<'s> {
    source: &'s SourceFile,
    last: Option<(u32, Position)>,
}

impl<'s> Positions<'s> {
    /// Of one file.
    pub fn new(source: &'s SourceFile) -> Self {
        Self { source, last: None }
    }

    /// Line and column of a byte offset, as [`SourceFile::position`] gives them.
    pub fn at(&mut self, offset: u32) -> Position {
        let line = self.source.lines().line(offset);
        let offset = offset.min(self.source.text.len() as u32);
        let position = match self.last {
            // At the very beginning a byte-order mark may stand, which is no column.
            Some((last, known)) if known.line == line && 0 < last && last <= offset => {
                let between = &self.source.text.as_bytes()[last as usize..offset as usize];
                let more = between.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
                Position { line, column: known.column + more as u32 }
            }
            _ => self.source.position(offset),
        };
        self.last = Some((offset, position));
        position
    }
}

fn invalid(encoding: &str, valid: &[u8]) -> DecodeError {
    let line = memchr::memchr_iter(b'\n', valid).count() as u32 + 1;
    DecodeError::Invalid { encoding: encoding.to_owned(), line }
}

/// The encoding named by `coding[:=]\s*([-\w.]+)` in a comment of the first two lines (PEP 263).
pub(crate) fn declared_encoding(bytes: &[u8]) -> Option<Vec<u8>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rest = bytes;
    for _ in 0..2 {
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line = rest[..end].trim_ascii_start();
        let behind = &rest[end..];
        rest = behind.strip_prefix(b"\r\n").or_else(|| behind.get(1..)).unwrap_or_default();
        if line.is_empty() {
            continue;
        }
        // A second line counts only behind a blank line or a comment.
        let comment = line.strip_prefix(b"#")?;
        if let Some(name) = coding_name(comment) {
            return Some(name);
        }
    }
    None
}

fn coding_name(comment: &[u8]) -> Option<Vec<u8>> {
    let at = memchr::memmem::find_iter(comment, b"coding")
        .map(|at| at + b"coding".len())
        .find(|&at| matches!(comment.get(at), Some(b':' | b'=')))?;
    let value = comment[at + 1..].trim_ascii_start();
    let length = value
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        .count();
    (length > 0).then(|| value[..length].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
        SourceFile::decode(bytes.to_vec()).map(|source| source.text().to_owned())
    }

    #[test]
    fn a_declared_encoding_decides_in_the_first_two_lines_only() {
        assert_eq!(
            decode(b"# -*- coding: latin-1 -*-\n'\xe9'"),
            Ok("# -*- coding: latin-1 -*-\n'é'".into())
        );
        assert_eq!(
            decode(b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'")
                .map(|text| text.contains('€')),
            Ok(true)
        );
        assert!(decode(b"x = 1\n# coding: latin-1\n'\xe9'").is_err());
        assert!(decode(b"\n\n# coding: latin-1\n'\xe9'").is_err());
    }

    #[test]
    fn positions_in_order_are_those_of_each_alone() {
        let source = SourceFile::from_text("\u{feff}añ\nb😀c\r\n\nd");
        let mut positions = Positions::new(&source);
        let ends = source.text().char_indices().map(|(at, _)| at as u32);
        for offset in ends.clone().chain(ends.rev()).chain([99]) {
            assert_eq!(positions.at(offset), source.position(offset), "{offset}");
        }
    }

    #[test]
    fn what_cannot_be_decoded_says_where() {
        assert_eq!(
            decode(b"a = 1\nb = '\xff'"),
            Err(DecodeError::Invalid { encoding: "UTF-8".into(), line: 2 })
        );
        assert_eq!(
            decode(b"# coding: klingon\n"),
            Err(DecodeError::Unknown { encoding: "klingon".into() })
        );
        assert_eq!(
            decode(b"# coding: ascii\n\n'\xe9'"),
            Err(DecodeError::Invalid { encoding: "ascii".into(), line: 3 })
        );
    }
}
