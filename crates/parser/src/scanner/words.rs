//! Eight bytes at a time: how far a name, white space or the text of a literal goes on. Branches on
//! single bytes are what a scanner spends its time on, as their number is hard to foresee.

use super::bytes::is_name_byte;

/// Bytes looked at together.
const WIDTH: usize = 8;

/// In each byte the given one.
const fn all(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; WIDTH])
}

/// In each byte the highest bit.
const HIGH: u64 = all(0x80);

/// The eight bytes at `at`, the first one lowest.
#[inline]
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk::<WIDTH>().map(|chunk| u64::from_le_bytes(*chunk))
}

/// Goes on from `at` over eight bytes at a time until `stops` sets the highest bit of a byte, and
/// byte by byte at the end of the text until `is_stop` says so.
#[inline]
fn find(
    bytes: &[u8],
    mut at: usize,
    stops: impl Fn(u64) -> u64,
    is_stop: impl Fn(u8) -> bool,
) -> usize {
    while let Some(word) = word_at(bytes, at) {
        let found = stops(word);
        if found != 0 {
            return at + found.trailing_zeros() as usize / WIDTH;
        }
        at += WIDTH;
    }
    while let Some(&byte) = bytes.get(at)
        && !is_stop(byte)
    {
        at += 1;
    }
    at
}

/// Where the name ends that goes on at `at`.
#[inline]
pub(super) fn name_end(bytes: &[u8], at: usize) -> usize {
    find(bytes, at, |word| !name_bytes(word) & HIGH, |byte| !is_name_byte(byte))
}

/// Where the spaces end that go on at `at`.
#[inline]
pub(super) fn spaces_end(bytes: &[u8], at: usize) -> usize {
    // What is no space has a bit set here; all of them are moved to the highest one.
    let others = |word: u64| {
        let bits = word ^ all(b' ');
        (((bits & !HIGH) + all(0x7F)) | bits) & HIGH
    };
    find(bytes, at, others, |byte| byte != b' ')
}

/// The next byte of a literal that is the quote, a backslash or a control character.
#[inline]
pub(super) fn literal_stop(bytes: &[u8], at: usize, quote: u8) -> usize {
    let stops = |word: u64| zeros(word ^ all(quote)) | zeros(word ^ all(b'\\')) | below(word, b' ');
    find(bytes, at, stops, |byte| byte == quote || byte == b'\\' || byte < b' ')
}

/// The next byte of an interpolated literal that is the quote, a backslash, a brace or a control
/// character.
#[inline]
pub(super) fn interpolated_stop(bytes: &[u8], at: usize, quote: u8) -> usize {
    let stops = |word: u64| {
        zeros(word ^ all(quote))
            | zeros(word ^ all(b'\\'))
            | zeros(word ^ all(b'{'))
            | zeros(word ^ all(b'}'))
            | below(word, b' ')
    };
    let is_stop = |byte| byte == quote || matches!(byte, b'\\' | b'{' | b'}') || byte < b' ';
    find(bytes, at, stops, is_stop)
}

/// The highest bit of each byte that is zero. Bytes above the lowest such one may be wrong: a borrow
/// goes upwards.
#[inline]
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(all(1)) & !word & HIGH
}

/// The highest bit of each byte that is less than `limit`, as reliable as [`zeros`].
#[inline]
const fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(all(limit)) & !word & HIGH
}

/// The highest bit of each byte that can go on a name.
#[inline]
const fn name_bytes(word: u64) -> u64 {
    // A sum of two values below 0x80 reaches the highest bit and never the next byte.
    let low = word & !HIGH;
    let folded = low | all(0x20);
    let letters = (folded + all(0x80 - b'a')) & !(folded + all(0x80 - (b'z' + 1)));
    let digits = (low + all(0x80 - b'0')) & !(low + all(0x80 - (b'9' + 1)));
    let underscores = !((low ^ all(b'_')) + all(0x7F));
    letters | digits | underscores | word
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte at every place of a word, and at the end of the text, stops what it should.
    #[test]
    fn words_and_bytes_agree() {
        for byte in 0..=u8::MAX {
            for place in 0..20 {
                let is_name = is_name_byte(byte);
                let mut text = [b'x'; 20];
                text[place] = byte;
                assert_eq!(name_end(&text, 0), if is_name { 20 } else { place }, "{byte}");
                let is_stop = byte < b' ' || byte == b'"' || byte == b'\\';
                assert_eq!(literal_stop(&text, 0, b'"'), if is_stop { place } else { 20 });
                let is_stop = is_stop || byte == b'{' || byte == b'}';
                assert_eq!(interpolated_stop(&text, 0, b'"'), if is_stop { place } else { 20 });
                let mut text = [b' '; 20];
                text[place] = byte;
                assert_eq!(spaces_end(&text, 0), if byte == b' ' { 20 } else { place }, "{byte}");
            }
        }
    }
}
