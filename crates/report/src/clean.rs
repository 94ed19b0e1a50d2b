//! Text of files and paths to text that a terminal may be given. Knows characters, not what they mean.

use std::borrow::Cow;

use roadworthy_secrets::scan;

/// What stands for text that no output may hold.
pub(crate) const REDACTED: &str = "[redacted]";

/// What has the form of a credential replaced, wherever a name, path or message has it from.
pub fn redacted(text: &str) -> Cow<'_, str> {
    let found = scan(text.as_bytes());
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    let mut end = 0;
    for secret in found {
        if let Some(before) = text.get(end..secret.span.start) {
            shown.push_str(before);
            shown.push_str(REDACTED);
        }
        end = secret.span.end.max(end);
    }
    shown.push_str(text.get(end..).unwrap_or_default());
    Cow::Owned(shown)
}

/// A text that a run has from outside, as a terminal may be given it: credentials replaced, control characters visible.
pub fn clean(text: &str) -> Cow<'_, str> {
    match redacted(text) {
        Cow::Borrowed(text) => printable(text),
        Cow::Owned(text) => Cow::Owned(printable(&text).into_owned()),
    }
}

/// Replaces what would move the cursor, change colours or reorder text by a visible character, one
/// for one. A line end counts as such: names and messages are one line.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
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
