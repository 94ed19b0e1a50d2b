//! The words that names are made of. Knows spelling, not Python.

/// The words of a name in lower case: `_sendAll_rows` is `send`, `all`, `rows`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut lower_before = false;
    let mut open = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            open = false;
            lower_before = false;
            continue;
        }
        let begins = !open || (letter.is_uppercase() && lower_before);
        match words.last_mut() {
            Some(word) if !begins => word.extend(letter.to_lowercase()),
            _ => words.push(letter.to_lowercase().collect()),
        }
        open = true;
        lower_before = letter.is_lowercase() || letter.is_ascii_digit();
    }
    words
}

/// The part behind the last dot.
pub(crate) fn last_part(dotted: &str) -> &str {
    split_last(dotted).1
}

/// What stands before the last dot, and the part behind it. Names are short: looking at each byte takes less time than a
/// search that is made for long texts, and rules ask it of every call.
pub(crate) fn split_last(dotted: &str) -> (&str, &str) {
    match dotted.bytes().rposition(|it| it == b'.') {
        Some(at) => (&dotted[..at], &dotted[at + 1..]),
        None => ("", dotted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("_send_all2_rows"), ["send", "all2", "rows"]);
        assert_eq!(words("sendAllRows"), ["send", "all", "rows"]);
        assert_eq!(words("LOGGER"), ["logger"]);
        assert_eq!(words("__"), Vec::<String>::new());
    }

    #[test]
    fn the_last_part_of_a_dotted_name() {
        assert_eq!(last_part("a.b.c"), "c");
        assert_eq!(last_part("c"), "c");
    }
}
