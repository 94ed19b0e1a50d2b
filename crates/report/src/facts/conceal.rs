//! What may be shown of the words of a project: names and commands, without what looks like a secret. Knows words, no facts.

use roadworthy_parser::without_random;
use roadworthy_secrets::name_class;

use crate::clean::REDACTED;
use crate::redacted;

/// A name, path or sentence.
pub(super) fn shown(text: &str) -> String {
    let without_users = without_users(text);
    without_random(&redacted(&without_users)).into_owned()
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

/// The words of a command, without the values of options and variables whose names promise a secret.
pub(super) fn command(words: &[String]) -> String {
    let mut told = Vec::with_capacity(words.len());
    let mut promised = false;
    for word in words {
        let is_option = word.starts_with('-');
        if promised && !is_option {
            told.push(REDACTED.to_owned());
            promised = false;
            continue;
        }
        match word.split_once(['=', ':']).filter(|(name, _)| promises(name)) {
            Some((name, _)) => {
                let separator = &word[name.len()..=name.len()];
                told.push(format!("{}{separator}{REDACTED}", shown(name)));
            }
            None => told.push(shown(word)),
        }
        // `-u jo:word` of curl: a name and a password.
        promised = is_option && (word == "-u" || !word.contains('=') && promises(word));
    }
    told.join(" ")
}

/// A command of which only the text is known.
pub(super) fn line(text: &str) -> String {
    command(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
}

/// Whether an option or variable of this name has a secret for its value.
fn promises(name: &str) -> bool {
    name_class(name.trim_start_matches('-')).is_some()
}

/// A text without the users of its URLs and images, who may come with a password: `https://jo:word@acme.io`.
fn without_users(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let start = word.find("://").map_or(0, |at| at + 3);
        let rest = &word[start..];
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let user = rest[..end]
            .rfind('@')
            .filter(|&at| rest[..at].contains(':') && !rest[at + 1..].starts_with("sha256:"));
        shown.push_str(&word[..start]);
        match user {
            Some(at) => {
                shown.push_str(REDACTED);
                shown.push_str(&rest[at..]);
            }
            None => shown.push_str(rest),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_lose_what_their_names_promise() {
        for (written, told) in [
            ("uvicorn shop.main:app --host 0.0.0.0", "uvicorn shop.main:app --host 0.0.0.0"),
            ("login --password summer --now", "login --password [redacted] --now"),
            ("login --password=summer", "login --password=[redacted]"),
            ("DB_PASSWORD=summer pytest -k token", "DB_PASSWORD=[redacted] pytest -k token"),
            ("docker build --build-arg TOKEN=x .", "docker build --build-arg TOKEN=[redacted] ."),
            ("curl -u jo:summer https://acme.io", "curl -u [redacted] https://acme.io"),
            (
                "pip install -i https://jo:a@acme.io/x",
                "pip install -i https://[redacted]@acme.io/x",
            ),
            ("scp a jo@acme.io:b", "scp a jo@acme.io:b"),
            ("pytest tests/e2e -n4", "pytest tests/e2e -n4"),
            ("login qkkSya3Sx7Tgg7YDJbVz", "login …"),
        ] {
            assert_eq!(line(written), told);
        }
    }

    #[test]
    fn pins_are_shown_and_tokens_are_not() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(
            pinned(&format!("actions/checkout@{commit}")),
            format!("actions/checkout@{commit}")
        );
        assert_eq!(pinned("actions/checkout@v5"), "actions/checkout@v5");
        assert_eq!(pinned("jo:summer@acme.io/base"), "[redacted]@acme.io/base");
        assert_eq!(shown("jo:summer@acme.io/base"), "[redacted]@acme.io/base");
        assert_eq!(pinned(&format!("python:3.13@sha256:{}", "0a".repeat(32))).len(), 83);
    }
}
