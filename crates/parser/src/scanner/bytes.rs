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

/// Whether a byte within a literal in single quotes needs a look.
static LITERAL_STOPS: [bool; 256] = literal_stops(b"'\"\\\n\r");

/// The same for literals with replacement fields.
static INTERPOLATED_STOPS: [bool; 256] = literal_stops(b"'\"\\\n\r{}");

#[inline]
pub(super) fn class(byte: u8) -> Class {
    CLASSES[byte as usize]
}

#[inline]
pub(super) fn is_name_byte(byte: u8) -> bool {
    NAME_BYTES[byte as usize]
}

/// Where the name ends that goes on at `at`.
#[inline]
pub(super) fn name_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at)
        && is_name_byte(byte)
    {
        at += 1;
    }
    at
}

/// The next byte of a literal that is a quote, a backslash or a line end.
#[inline]
pub(super) fn literal_stop(bytes: &[u8], at: usize) -> usize {
    stop(bytes, at, &LITERAL_STOPS)
}

/// The next byte of an interpolated literal that is a quote, a backslash, a line end or a brace.
#[inline]
pub(super) fn interpolated_stop(bytes: &[u8], at: usize) -> usize {
    stop(bytes, at, &INTERPOLATED_STOPS)
}

#[inline]
fn stop(bytes: &[u8], mut at: usize, stops: &[bool; 256]) -> usize {
    while let Some(&byte) = bytes.get(at)
        && !stops[byte as usize]
    {
        at += 1;
    }
    at
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

const fn literal_stops(stops: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < stops.len() {
        table[stops[index] as usize] = true;
        index += 1;
    }
    table
}
