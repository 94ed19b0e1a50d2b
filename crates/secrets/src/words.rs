//! Whether letters read like a word, and how much information a text holds; must not know what a secret is.

use crate::letter_bigrams::LETTER_BIGRAMS;

const EDGE: usize = 26;

/// Read as words by every programmer, though their letters follow one another as in none.
const ABBREVIATIONS: &[&str] = &[
    "api", "aws", "cfg", "css", "csv", "ctx", "dns", "ftp", "gcp", "html", "http", "https", "jwt",
    "kwargs", "ldap", "llm", "mfa", "mqtt", "oauth", "pdf", "pkg", "pwd", "rpc", "rsa", "sdk",
    "smtp", "sql", "src", "ssh", "ssl", "sso", "svc", "tls", "tmp", "uri", "url", "uuid", "vpn",
    "xml", "yaml", "yml",
];

/// Whether the letters of one piece (no separators) follow one another as in the words of programmers.
///
/// The limits are ten times −4.7 and −4.9 (short words are scored by few pairs): the 5th percentile of words of eight
/// letters lies at −4.3, the 95th of random letters at −5.0.
pub(crate) fn is_word_like(piece: &str) -> bool {
    if ABBREVIATIONS.iter().any(|it| it.eq_ignore_ascii_case(piece)) {
        return true;
    }
    let (mut sum, mut pairs) = (0i32, 1i32);
    let mut previous = EDGE;
    for byte in piece.bytes() {
        if !byte.is_ascii_alphabetic() {
            return false;
        }
        let letter = usize::from(byte.to_ascii_lowercase() - b'a');
        sum += i32::from(LETTER_BIGRAMS[previous][letter]);
        pairs += 1;
        previous = letter;
    }
    sum += i32::from(LETTER_BIGRAMS[previous][EDGE]);
    let limit = if piece.len() < 6 { -49 } else { -47 };
    !piece.is_empty() && sum >= limit * pairs
}

/// Shannon entropy in bits per byte.
pub(crate) fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let total = f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX).max(1));
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| {
            let share = f64::from(count) / total;
            -share * share.log2()
        })
        .sum()
}

/// How many different bytes there are.
pub(crate) fn distinct(bytes: &[u8]) -> u32 {
    let mut seen = [0u64; 4];
    for &byte in bytes {
        seen[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }
    seen.iter().map(|it| it.count_ones()).sum()
}

/// The pieces of a text that are runs of letters, split where lower case turns to upper: `myAPIKey` is `my`, `API`,
/// `Key`.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !bytes[at].is_ascii_alphabetic() {
            at += 1;
        }
        if at == bytes.len() {
            return None;
        }
        let start = at;
        let upper = |it: usize| bytes.get(it).is_some_and(u8::is_ascii_uppercase);
        let lower = |it: usize| bytes.get(it).is_some_and(u8::is_ascii_lowercase);
        if upper(at) && upper(at + 1) {
            while upper(at) && !(at > start && lower(at + 1)) {
                at += 1;
            }
        } else {
            at += 1;
            while lower(at) {
                at += 1;
            }
        }
        Some(&text[start..at])
    })
}

/// Whether every run of letters reads like a word, and not because it was cut into crumbs.
pub(crate) fn reads_like_words(text: &str) -> bool {
    let mut letters = 0;
    let mut crumbs = 0;
    for piece in pieces(text) {
        letters += piece.len();
        if piece.len() <= 2 {
            crumbs += piece.len();
        } else if !is_word_like(piece) && !is_acronym(piece) {
            return false;
        }
    }
    letters > 0 && (crumbs * 3 <= letters || letters <= 4)
}

fn is_acronym(piece: &str) -> bool {
    piece.len() <= 4 && piece.bytes().all(|it| it.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_noise_differ() {
        for word in ["password", "mailbox", "helloworld", "letmein", "authentication", "user"] {
            assert!(is_word_like(word), "{word}");
        }
        for noise in ["xkqzvbtw", "hgfqpwzr", "mzxqkjvw"] {
            assert!(!is_word_like(noise), "{noise}");
        }
    }

    #[test]
    fn pieces_follow_the_case() {
        let split = |text| pieces(text).collect::<Vec<_>>();
        assert_eq!(split("myAPIKey"), ["my", "API", "Key"]);
        assert_eq!(split("X-API-Key2b"), ["X", "API", "Key", "b"]);
        assert_eq!(split("snake_case"), ["snake", "case"]);
        assert!(split("123").is_empty());
    }

    #[test]
    fn entropy_counts_bits() {
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-9);
        assert!(entropy(b"") < 1e-9);
        assert_eq!(distinct(b"aabz"), 3);
    }
}
