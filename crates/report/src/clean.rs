//! Text of files and paths to text that a terminal may be given. Knows characters, not what they mean.

use std::borrow::Cow;

/// Replaces what would move the cursor, change colours or reorder text by a visible character, one
/// for one. A line end counts as such: names and messages are one line.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| visible(character) == character) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(visible).collect())
}

/// The character itself, or what stands for it.
pub(crate) fn visible(character: char) -> char {
    match character {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_reordering_become_visible() {
        assert_eq!(clean("a\u{1b}[31mb\n"), "a␛[31mb␊");
        assert_eq!(clean("x\u{202e}y\u{9b}z"), "x\u{fffd}y\u{fffd}z");
        assert!(matches!(clean("plain ünïcode"), Cow::Borrowed(_)));
    }
}
