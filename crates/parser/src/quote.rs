//! What a message may repeat of a text that was read: names, and nothing that may be a secret's value. Knows characters
//! only.

use std::borrow::Cow;

/// A word in backquotes for a message, where it reads like a name; else an ellipsis in its place, as the message says
/// where the word stands.
pub fn quoted(word: &str) -> String {
    if is_plain(word) { format!("`{word}`") } else { "`…`".to_owned() }
}

/// A message of a library, with what it quotes replaced where that does not read like a name.
pub fn without_values(message: &str) -> String {
    let mut shown = String::new();
    let mut rest = message;
    while let Some(start) = rest.find(['`', '"', '\'']) {
        let mark = rest.as_bytes()[start];
        let (before, behind) = rest.split_at(start + 1);
        shown.push_str(before);
        let Some(end) = behind.find(char::from(mark)) else {
            rest = behind;
            break;
        };
        shown.push_str(if is_plain(&behind[..end]) { &behind[..end] } else { "…" });
        shown.push(char::from(mark));
        rest = &behind[end + 1..];
    }
    // A mark that nothing closes, or a library that quotes without marks.
    let words = rest.split_inclusive(char::is_whitespace);
    shown.extend(words.map(|word| if is_plain(word) { word } else { "… " }));
    shown
}

/// A text with an ellipsis for each word in it that nobody would choose as a name: long, and going from letters to digits
/// and back. Milder than [`quoted`], for sentences about what a project itself names: modules, images, commands.
pub fn without_random(text: &str) -> Cow<'_, str> {
    let is_word = |character: char| character.is_alphanumeric();
    if !text.split(|character| !is_word(character)).any(is_random) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        let end = rest[start..].find(|it| !is_word(it)).map_or(rest.len(), |length| start + length);
        shown.push_str(&rest[..start]);
        shown.push_str(if is_random(&rest[start..end]) { "…" } else { &rest[start..end] });
        rest = &rest[end..];
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// Whether a word looks drawn by lot: `oauth2client` and `20240115T103000` do not.
fn is_random(word: &str) -> bool {
    if word.len() < SHORTEST_RANDOM {
        return false;
    }
    let mut changes = 0;
    let mut behind_digits = false;
    for pair in word.as_bytes().windows(2) {
        let (one, other) = (pair[0], pair[1]);
        let digits = (one.is_ascii_digit(), other.is_ascii_digit());
        changes += usize::from(digits.0 != digits.1);
        changes += usize::from(one.is_ascii_lowercase() && other.is_ascii_uppercase());
        behind_digits |= digits == (true, false);
    }
    behind_digits && changes >= 4
}

/// A random word that can be told from a name has so many bytes.
const SHORTEST_RANDOM: usize = 12;

/// Whether a text is made of words as names are: letters in few changes of case, digits at most at their end.
fn is_plain(text: &str) -> bool {
    text.split(|character: char| !character.is_alphanumeric()).all(|part| {
        let letters = part.trim_end_matches(|character: char| character.is_ascii_digit());
        let humps = letters.as_bytes().windows(2);
        let humps = humps.filter(|it| it[0].is_ascii_lowercase() && it[1].is_ascii_uppercase());
        part.len() <= 32
            && part.len() - letters.len() <= 4
            && !letters.bytes().any(|byte| byte.is_ascii_digit())
            && humps.count() * 4 <= letters.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_drawn_by_lot_is_left_out_of_a_sentence() {
        for name in [
            "`shop/main.py` defines no `gone`",
            "oauth2client and base64encode are not declared, nor is google-cloud-storage2",
            "python:3.13.1-slim-bookworm runs Python 3.13, since 2024-10-07T10:30:00",
            "test_i18n_e2e_k8s, HTTPServerRequestHandlerFactory",
        ] {
            assert_eq!(without_random(name), name);
        }
        assert_eq!(without_random("`make q4g7ioqSb7TpZKB8723z`"), "`make …`");
        assert_eq!(without_random("ünï-qjNiEDBpn7T73LRTpeGz"), "ünï-…");
        assert_eq!(without_random("x@5f2ad9c0b1e34d7788990011223344556677aabb!"), "x@…!");
    }

    #[test]
    fn names_are_repeated_and_values_are_not() {
        for name in
            ["silent-excpt", "S105", "fail_on", "src/*.py", "a[b", "camelCase", "utf8", "größe", ""]
        {
            assert_eq!(quoted(name), format!("`{name}`"));
        }
        let value = ["gh", "p_Xq4kT9bLm2ZpR7wVn8sJ"].concat();
        for value in
            [&value, "q7Tz9", "XkQpZrTw", "20240502123", "0xdeadbeefdeadbeefdeadbeefdeadbeefff"]
        {
            assert_eq!(quoted(value), "`…`");
        }
        assert_eq!(
            without_values("unknown variant `q7Tz9`, expected one of `info`, `error`"),
            "unknown variant `…`, expected one of `info`, `error`"
        );
        assert_eq!(without_values("invalid type: string \"q7Tz9\""), "invalid type: string \"…\"");
        assert_eq!(without_values("glob '[z-q7Tz9'; it isn't"), "glob '…'; it isn't");
    }
}
