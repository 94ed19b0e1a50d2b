//! Texts of a project as they may be shown: without credentials, whether their form tells or what stands before them. Knows
//! how options and variables are written, no program.

use roadworthy_parser::without_random;
use roadworthy_secrets::name_class;

use crate::clean::REDACTED;
use crate::redacted;

/// A text.
pub(super) fn shown(text: &str) -> String {
    // A shell, and a sentence about one, part words by spaces.
    let words: Vec<&str> = text.split(' ').collect();
    without_secrets(&hidden(&words).join(" "))
}

/// What names a commit or a digest: these are drawn by lot, and are no secret.
pub(super) fn pinned(text: &str) -> String {
    match text.rsplit_once('@').filter(|(_, pin)| is_digest(pin)) {
        Some((name, pin)) => format!("{}@{pin}", shown(name)),
        None => revision(text),
    }
}

/// A commit or tag, or a digest.
pub(super) fn revision(text: &str) -> String {
    if is_digest(text) { text.to_owned() } else { shown(text) }
}

fn is_digest(text: &str) -> bool {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    [40, 64].contains(&digits.len()) && digits.bytes().all(is_digit)
}

/// The words of a command, each as a program is given it.
pub(super) fn command<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    // A word may be a script of its own.
    let words = hidden(&words);
    let words: Vec<String> =
        words.iter().map(|it| if it.contains(' ') { shown(it) } else { it.clone() }).collect();
    without_secrets(&words.join(" "))
}

/// A text without what its own form tells: log-ins of addresses, formats of secrets, words drawn by lot.
fn without_secrets(text: &str) -> String {
    let parts: Vec<String> = text.split(' ').map(without_owner).collect();
    without_random(&redacted(&without_log_ins(&parts.join(" ")))).into_owned()
}

/// A word without the user and password before the host of an address that has no scheme: `jo:word@acme.io/base`.
fn without_owner(word: &str) -> String {
    let end = word.find(['/', '?', '#']).unwrap_or(word.len());
    let owner = word[..end].rfind('@').filter(|&at| {
        let (user, password) = word[..at].split_once(':').unwrap_or_default();
        let is_pin = word[at + 1..].starts_with("sha256:");
        !is_pin && !word.contains("://") && !user.is_empty() && is_value(password)
    });
    owner.map_or_else(|| word.to_owned(), |at| format!("{REDACTED}{}", &word[at..]))
}

/// A text with something else for the password of each address, however easily it is guessed, and for a token in its place.
fn without_log_ins(text: &str) -> String {
    const SIGN: &str = "://";
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(SIGN) {
        let (before, behind) = rest.split_at(at + SIGN.len());
        shown.push_str(before);
        rest = behind;
        let ends =
            |it: char| it.is_whitespace() || matches!(it, '/' | '?' | '#' | '"' | '\'' | '`');
        let end = behind.find(ends).unwrap_or(behind.len());
        let Some(end) = behind[..end].rfind('@') else { continue };
        let of_web = before[..at].ends_with("http") || before[..at].ends_with("https");
        let user = match behind[..end].split_once(':') {
            Some((user, password)) if is_value(password) => format!("{user}:{REDACTED}"),
            None if of_web && is_value(behind) && !behind.starts_with("git@") => {
                REDACTED.to_owned()
            }
            _ => continue,
        };
        shown.push_str(&user);
        rest = &behind[end..];
    }
    shown.push_str(rest);
    shown
}

/// Words, with something else for each that is said to be a credential: `--password X`, `TOKEN=X`, `user:X` behind `-u`.
fn hidden(words: &[&str]) -> Vec<String> {
    let mut before = "";
    let mut shown = Vec::with_capacity(words.len());
    for word in words {
        shown.push(in_place_of(before, word));
        before = word;
    }
    shown
}

fn in_place_of(before: &str, word: &str) -> String {
    let option = before.trim_start_matches(['"', '\'']);
    let is_option = option.starts_with('-') && !option.contains('=');
    if is_option && promises(option.trim_start_matches('-')) && is_value(word) {
        return REDACTED.to_owned();
    }
    if matches!(option, "-u" | "--user")
        && let Some((user, password)) = word.split_once(':')
        && is_value(password)
        && !password.bytes().all(|it| it.is_ascii_digit())
    {
        return format!("{user}:{REDACTED}");
    }
    // `TOKEN=X`, `--token=X`, and `X-Api-Key: X` of a header.
    for sign in ['=', ':'] {
        if let Some((name, value)) = word.split_once(sign)
            && promises(name.trim_start_matches(['-', '"', '\'', '(', '`']))
            && is_value(value.trim())
        {
            return format!("{name}{sign}{REDACTED}");
        }
    }
    (*word).to_owned()
}

/// Whether what bears a name is a credential. What is hidden for nothing costs less than what is shown.
fn promises(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let ends = ["pass", "pwd", "passwd", "password", "passphrase", "secret"];
    let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.');
    name.chars().all(is_name)
        && (name_class(name).is_some() || ends.iter().any(|end| lower.ends_with(end)))
}

/// Whether a word is a value itself: no other option, and no variable that holds it.
fn is_value(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'']);
    let is_variable = word.starts_with('$') && !word.contains(":-");
    !(word.is_empty() || word.starts_with('-') || is_variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_be_a_credential_is_hidden() {
        for (words, expected) in [
            (&["shop", "--password", "x y", "-v"][..], "shop --password [redacted] -v"),
            (
                &["shop", "--token=abc", "DB_PASSWORD=abc"],
                "shop --token=[redacted] DB_PASSWORD=[redacted]",
            ),
            (&["redis-server", "--requirepass", "abc"], "redis-server --requirepass [redacted]"),
            (
                &["curl", "-u", "jo:abc", "-H", "X-Api-Key: abc"],
                "curl -u jo:[redacted] -H X-Api-Key:[redacted]",
            ),
            (&["sh", "-c", "exec shop --secret abc"], "sh -c exec shop --secret [redacted]"),
            (&["a", "--password=${P:-abc}"], "a --password=[redacted]"),
            (&["a", "x=https://jo:abc@h.io", "y"], "a x=https://jo:[redacted]@h.io y"),
            (&["redis://:abc@h/0"], "redis://:[redacted]@h/0"),
            (
                &["git+https://abc@h.io/x", "s://a:b@c@h"],
                "git+https://[redacted]@h.io/x s://a:[redacted]@h",
            ),
        ] {
            assert_eq!(command(words), expected);
        }
    }

    #[test]
    fn pins_are_shown_and_tokens_are_not() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let action = format!("actions/checkout@{commit}");
        assert_eq!(pinned(&action), action);
        assert_eq!(pinned("actions/checkout@v5"), "actions/checkout@v5");
        assert_eq!(pinned("jo:summer@acme.io/base"), "[redacted]@acme.io/base");
        assert_eq!(shown("jo:summer@acme.io/base"), "[redacted]@acme.io/base");
        assert_eq!(pinned(&format!("python:3.13@sha256:{}", "0a".repeat(32))).len(), 83);
        assert_eq!(shown("login qkkSya3Sx7Tgg7YDJbVz"), "login …");
    }

    #[test]
    fn the_rest_stays() {
        for text in [
            "twine upload --password $TOKEN",
            "shop --token=${{ secrets.TOKEN }} --password --verbose",
            "pytest -k test_password --cov=shop -u all",
            "uvicorn shop.main:app --host 0.0.0.0",
            "docker run -u 1000:1000 shop",
            "migrate -database postgres://$USER:$PASSWORD@db/shop https://h.io/@jo ssh://git@h.io/x",
        ] {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(command(&words), text);
            assert_eq!(shown(text), text);
        }
    }
}
