//! What a message may repeat of a text that was read: names, and nothing that may be a secret's value. Knows characters
//! only.

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
