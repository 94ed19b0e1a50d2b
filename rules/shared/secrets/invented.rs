//! Values that were made up, or are for everybody: baits of a honeypot, labels of a page, samples that their file calls so, addresses
//! that a server sends all its visitors to, and what a search for secrets is tried with. Knows words of names, paths and lines, no rule.

use camino::Utf8Path;

use crate::shared::code::words::words;

/// Whether a name, or the path of its file, says that whoever takes the value walks into a trap.
pub(crate) fn is_bait(path: &str, name: &str) -> bool {
    const NAMES: [&str; 4] = ["bait", "decoy", "honeypot", "honeytoken"];
    words(name).iter().any(|it| NAMES.contains(&it.as_str()))
        || words(path).iter().any(|it| it == "honeypot")
}

/// Whether a file holds what a page says, in one language of several: `messages_es.properties`, `locales/de.json`.
pub(crate) fn is_catalogue(path: &Utf8Path) -> bool {
    const FOLDERS: [&str; 5] = ["i18n", "l10n", "locale", "locales", "translations"];
    let is_of_messages = path.extension() == Some("properties")
        && path.file_stem().is_some_and(|it| it.starts_with("messages"));
    let mut folders = path.ancestors().skip(1).filter_map(Utf8Path::file_name);
    is_of_messages || folders.any(|it| FOLDERS.contains(&it.to_ascii_lowercase().as_str()))
}

/// Whether the line of a place sends whoever asks to an address: all of it is public.
/// Source: <https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return>
pub(crate) fn is_sent_to_all(text: &str, at: usize) -> bool {
    /// So far before a value the line is looked at: some files are one line.
    const REACH: usize = 300;
    let mut start = at.saturating_sub(REACH);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let before = text[start..at].rsplit('\n').next().unwrap_or_default();
    let codes = ["301", "302", "303", "307", "308"];
    let returns = before.split("return ").skip(1).any(|it| {
        let mut rest = it.split_whitespace();
        rest.next().is_some_and(|code| codes.contains(&code))
            && rest.next().is_some_and(|it| it.trim_start_matches(['"', '\'']).starts_with("http"))
    });
    returns || ["Redirect ", "rewrite "].iter().any(|it| before.trim_start().starts_with(it))
}

/// Whether a file says at its head, or in what is near a value, that the secrets in it are samples.
pub(crate) fn says_samples(text: &str, at: usize) -> bool {
    /// How much of a file is its head, and how much is near.
    const NEAR: usize = 2000;
    let part = |from: usize, to: usize| {
        let cut = |mut it: usize| {
            while !text.is_char_boundary(it) {
                it -= 1;
            }
            it
        };
        &text[cut(from)..cut(to.min(text.len()))]
    };
    calls_samples(part(0, NEAR)) || calls_samples(part(at.saturating_sub(NEAR), at + NEAR))
}

fn calls_samples(text: &str) -> bool {
    const SAMPLES: [&str; 4] = ["dummy", "fake", "made-up", "sample"];
    const WHAT: [&str; 3] = ["credential", "secret", "token"];
    let text = text.to_ascii_lowercase();
    SAMPLES.iter().any(|sample| {
        text.split(sample).skip(1).any(|rest| {
            rest.strip_prefix(' ').is_some_and(|it| WHAT.iter().any(|what| it.starts_with(what)))
        })
    })
}

/// Whether a file is called as what looks for secrets, or hides them: `test_secret_scanner.py`. What its tests hold is made for that.
pub(crate) fn is_of_search(path: &Utf8Path) -> bool {
    const WHAT: [&str; 5] = ["credential", "credentials", "secret", "secrets", "secretscanner"];
    const DOES: [&str; 12] = [
        "censor",
        "detect",
        "detection",
        "detector",
        "filter",
        "leak",
        "leaks",
        "mask",
        "redact",
        "redaction",
        "scan",
        "scanner",
    ];
    let words = words(path.file_stem().unwrap_or_default());
    let has = |listed: &[&str]| words.iter().any(|word| listed.contains(&word.as_str()));
    // `rbsecretscanner` is one word.
    has(&WHAT) && has(&DOES)
        || words.iter().any(|it| it.contains("secretscan") || it.contains("redact"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traps_are_called_so() {
        assert!(is_bait("shop/db.py", "_DECOY_PASSWORD"));
        assert!(!is_bait("shop/db.py", "_CANARY_PASSWORD"));
        assert!(is_bait("sensors/web-honeypot/shared.py", "password"));
        assert!(!is_bait("shop/allure/db.py", "PASSWORD"));
    }

    #[test]
    fn catalogues_lie_in_folders_of_languages() {
        for (path, expected) in [
            ("theme/messages/messages_es.properties", true),
            ("messages_hu.properties", true),
            ("web/locales/de.json", true),
            ("config/database.properties", false),
            ("languages.yaml", false),
        ] {
            assert_eq!(is_catalogue(Utf8Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn what_all_are_sent_to_is_public() {
        for (line, expected) in [
            ("location /call { return 301 https://zoom.us/j/1?pwd=", true),
            ("rewrite ^/call https://zoom.us/j/1?pwd=", true),
            ("return 301 token=", false),
            ("return call(password=", false),
        ] {
            let text = format!("server {{\n  {line}x");
            assert_eq!(is_sent_to_all(&text, text.len() - 1), expected, "{line}");
        }
    }

    #[test]
    fn samples_are_called_so() {
        assert!(says_samples("// creates an app with Dummy secrets", 3));
        assert!(!says_samples("// a sample of what the secret opens", 3));
        let far = format!("key: x\n{}// dummy secrets\n{}", "é".repeat(4000), "é".repeat(4000));
        assert!(!says_samples(&far, far.len()) && says_samples(&far, 8100));
    }

    #[test]
    fn a_search_for_secrets_is_called_so() {
        for (path, expected) in [
            ("tests/test_secret_scanner.py", true),
            ("tests/test_rbsecretscanner.py", true),
            ("tests/test_log_redaction.py", true),
            ("tests/test_secrets.py", false),
            ("tests/test_scanner.py", false),
        ] {
            assert_eq!(is_of_search(Utf8Path::new(path)), expected, "{path}");
        }
    }
}
