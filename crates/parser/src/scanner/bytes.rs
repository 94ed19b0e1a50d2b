//! What each byte can begin. Knows no state.

/// What a byte begins outside of strings and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// An operator that tells the scanner nothing, or a byte that Python does not know.
    Operator,
    /// Space, tab, form feed.
    Space,
    /// A letter, an underscore, any byte of a character beyond ASCII.
    Name,
    Digit,
    Quote,
    Open,
    Close,
    /// Line feed, carriage return.
    LineEnd,
    Hash,
    Backslash,
    Dot,
    Colon,
    Semicolon,
    Comma,
    Equal,
    /// `<`, `>` and `!`, which an equals sign may follow.
    Compare,
}

/// The class of every byte.
static CLASSES: [Class; 256] = classes();

/// Whether a byte can go on a name.
static NAME_BYTES: [bool; 256] = name_bytes();

#[inline]
pub(super) fn class(byte: u8) -> Class {
    CLASSES[byte as usize]
}

#[inline]
pub(super) fn is_name_byte(byte: u8) -> bool {
    NAME_BYTES[byte as usize]
}

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Operator; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\x0c' => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => Class::Name,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'"' => Class::Quote,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            b'\n' | b'\r' => Class::LineEnd,
            b'#' => Class::Hash,
            b'\\' => Class::Backslash,
            b'.' => Class::Dot,
            b':' => Class::Colon,
            b';' => Class::Semicolon,
            b',' => Class::Comma,
            b'=' => Class::Equal,
            b'<' | b'>' | b'!' => Class::Compare,
            _ => Class::Operator,
        };
        byte += 1;
    }
    classes
}

const fn name_bytes() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(CLASSES[byte], Class::Name | Class::Digit);
        byte += 1;
    }
    table
}
