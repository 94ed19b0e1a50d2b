//! White space that Python does not know: it looks like indentation and is none. Knows the outline, no
//! tokens.

use memchr::{memchr, memchr3_iter};

use crate::{Flaw, FlawKind, Outline};

/// The first character between tokens that is white space to a reader, and to the grammar of trees, but
/// not to Python: a no-break space, a byte-order mark inside the text.
pub(super) fn unknown(text: &str, outline: &Outline) -> Option<Flaw> {
    let bytes = text.as_bytes();
    if text.is_ascii() {
        // The vertical tab is the only one of them.
        memchr(b'\x0b', bytes)?;
    }
    // The bytes that such characters begin with in UTF-8.
    let common = memchr3_iter(b'\x0b', 0xC2, 0xE2, bytes);
    let others = memchr3_iter(0xE1, 0xE3, 0xEF, bytes);
    let first = |mut places: memchr::Memchr3<'_>| {
        places.find(|&at| text[at..].starts_with(is_unknown_space) && is_code(outline, at))
    };
    let offset = match (first(common), first(others)) {
        (Some(one), Some(other)) => one.min(other),
        (one, other) => one.or(other)?,
    };
    Some(Flaw { kind: FlawKind::InvalidCharacter, offset: offset as u32 })
}

fn is_unknown_space(c: char) -> bool {
    let known = matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
    !known && (c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}'))
}

fn is_code(outline: &Outline, at: usize) -> bool {
    let offset = at as u32;
    // A byte-order mark may begin the text.
    at > 0 && outline.comment_at(offset).is_none() && outline.string_at(offset).is_none()
}
