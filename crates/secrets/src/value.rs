//! A secret's text, for the few uses that need it; knows no format, and cannot be printed.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Secret;
use crate::words::{entropy, is_word_like, pieces};

/// The text of a secret. It can be measured, compared and hashed, and nothing else: no `Debug`, no `Display`, no
/// `Serialize`, no `Deref`, so that no message, log, panic or cache can hold it by accident.
///
/// ```
/// fn measured(value: roadworthy_secrets::Value<'_>) -> usize { value.len() }
/// ```
/// ```compile_fail
/// fn shown(value: roadworthy_secrets::Value<'_>) -> String { format!("{value:?}") }
/// ```
/// ```compile_fail
/// fn shown(value: roadworthy_secrets::Value<'_>) -> String { format!("{value}") }
/// ```
/// ```compile_fail
/// fn shown(value: roadworthy_secrets::Value<'_>) -> usize { value.chars().count() }
/// ```
/// ```compile_fail
/// fn shown<'a>(value: &'a roadworthy_secrets::Value<'_>) -> &'a [u8] { value.as_ref() }
/// ```
/// ```compile_fail
/// #[derive(Debug)]
/// struct Holder<'a> { value: roadworthy_secrets::Value<'a> }
/// ```
#[derive(Clone, Copy)]
pub struct Value<'t> {
    bytes: &'t [u8],
}

/// Values of fewer bits could be guessed from their fingerprint, which stands in public beside its salt.
const GUESSABLE: f64 = 64.0;
/// What a word adds, however long: it is one of some thousand.
const WORD: f64 = 12.0;

impl Secret {
    /// The secret's text, from the text that it was found in. Empty where that is another text, too short for the span.
    pub fn value<'t>(&self, text: &'t [u8]) -> Value<'t> {
        Value { bytes: text.get(self.span.clone()).unwrap_or_default() }
    }
}

impl<'t> Value<'t> {
    /// A text that is known for a secret already.
    pub fn of(text: &'t str) -> Self {
        Self { bytes: text.as_bytes() }
    }
}

impl Value<'_> {
    /// The length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether both are the same text.
    pub fn same_as(&self, other: &Value<'_>) -> bool {
        self.bytes == other.bytes
    }

    /// How many bits a guesser lacks, at least: characters count by the alphabet they are drawn from, words as one
    /// choice among thousands, runs such as `1234` and `aaaa` hardly, and repetition not at all.
    pub fn strength_bits(&self) -> f64 {
        let used = |class: fn(&u8) -> bool, size: f64| {
            if self.bytes.iter().any(class) { size } else { 0.0 }
        };
        let hex = |case: fn(&u8) -> bool| {
            self.bytes.iter().all(|it| it.is_ascii_digit() || it.is_ascii_hexdigit() && case(it))
        };
        let digits = self.bytes.iter().all(u8::is_ascii_digit);
        let alphabet = if !digits && (hex(u8::is_ascii_lowercase) || hex(u8::is_ascii_uppercase)) {
            16.0
        } else {
            used(u8::is_ascii_lowercase, 26.0)
                + used(u8::is_ascii_uppercase, 26.0)
                + used(u8::is_ascii_digit, 10.0)
                + used(|it| !it.is_ascii_alphanumeric(), 16.0)
        };
        let each = f64::max(alphabet, 2.0).log2();
        let text = std::str::from_utf8(self.bytes).unwrap_or_default();
        let saved: f64 = pieces(text)
            .filter(|it| it.len() >= 4 && is_word_like(it))
            .map(|it| f64::max(length(it.len()) * each - WORD, 0.0))
            .sum();
        // A character that goes on as the one before it did is no choice.
        let step = |pair: &[u8]| i16::from(pair[1]) - i16::from(pair[0]);
        let continued = self
            .bytes
            .windows(3)
            .filter(|it| step(&it[..2]) == step(&it[1..]) && step(&it[..2]).abs() <= 1)
            .count();
        let chosen = length(self.bytes.len() - continued) * each - saved;
        f64::max(chosen, 0.0).min(entropy(self.bytes) * length(self.bytes.len()))
    }

    /// Whether so few bits are lacking that nothing may be written down of which the value could be found by trying.
    pub fn is_guessable(&self) -> bool {
        self.strength_bits() < GUESSABLE
    }

    /// What a baseline may hold instead of the value: HMAC-SHA-256 of `rule`, a zero byte and the value, under the
    /// baseline's salt, cut to 16 bytes. `None` for values below 64 bits of [strength](Self::strength_bits), since who
    /// has the baseline could find those by trying.
    pub fn fingerprint(&self, salt: &Salt, rule: &str) -> Option<Fingerprint> {
        (!self.is_guessable()).then(|| Fingerprint::of(salt, &[rule.as_bytes(), self.bytes]))
    }
}

fn length(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX))
}

/// Made with a baseline and stored in it, so that equal secrets of two projects have different fingerprints. Public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Salt([u8; 16]);

impl Salt {
    /// A new salt, from the operating system's source of randomness; an error where that has none.
    pub fn random() -> std::io::Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(Self(bytes))
    }

    /// The salt that a baseline holds.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// What a baseline holds of it.
    pub fn bytes(&self) -> [u8; 16] {
        self.0
    }

    /// The salt that 32 hexadecimal digits stand for.
    pub fn from_hex(text: &str) -> Option<Self> {
        bytes_of_hex(text).map(Self)
    }
}

impl fmt::Display for Salt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// 16 bytes that are equal for equal secrets under one salt, and say nothing else about them. Shown as 32 lower-case
/// hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The fingerprint of public facts, such as a path, a rule, a name and a count, for secrets whose value may not be
    /// hashed.
    pub fn of_place(salt: &Salt, facts: &[&str]) -> Self {
        let facts: Vec<&[u8]> = facts.iter().map(|it| it.as_bytes()).collect();
        Self::of(salt, &facts)
    }

    /// Of parts with a zero byte between them.
    fn of(salt: &Salt, parts: &[&[u8]]) -> Self {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&salt.0).expect("HMAC takes keys of every length");
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                mac.update(&[0]);
            }
            mac.update(part);
        }
        let mut cut = [0; 16];
        cut.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        Self(cut)
    }

    /// The fingerprint that 32 hexadecimal digits stand for.
    pub fn from_hex(text: &str) -> Option<Self> {
        bytes_of_hex(text).map(Self)
    }
}

fn bytes_of_hex(text: &str) -> Option<[u8; 16]> {
    let is_hex = text.len() == 32 && text.bytes().all(|it| it.is_ascii_hexdigit());
    let number = is_hex.then(|| u128::from_str_radix(text, 16).ok()).flatten()?;
    Some(number.to_be_bytes())
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Value<'_> {
        Value::of(text)
    }

    #[test]
    fn the_mac_is_that_of_rfc_4231() {
        // Test case 4 with a key of 16 bytes is not there, so: the definition by hand, for the parts "a" and "b".
        let salt = Salt::from_bytes([7; 16]);
        let mut mac = Hmac::<Sha256>::new_from_slice(&[7; 16]).unwrap();
        mac.update(b"a\0b");
        let whole = mac.finalize().into_bytes();
        assert_eq!(Fingerprint::of_place(&salt, &["a", "b"]).0, whole[..16]);
    }

    #[test]
    fn equal_values_are_equal_under_one_salt_and_rule_only() {
        let value = of("q8Zk2vLp9sRt4wXy7bNc");
        let (salt, other) = (Salt::from_bytes([1; 16]), Salt::from_bytes([2; 16]));
        let fingerprint = value.fingerprint(&salt, "r").unwrap();
        assert_eq!(of("q8Zk2vLp9sRt4wXy7bNc").fingerprint(&salt, "r"), Some(fingerprint));
        assert_ne!(of("q8Zk2vLp9sRt4wXy7bNd").fingerprint(&salt, "r"), Some(fingerprint));
        assert_ne!(value.fingerprint(&salt, "s"), Some(fingerprint));
        assert_ne!(value.fingerprint(&other, "r"), Some(fingerprint));
        assert_eq!(Fingerprint::from_hex(&fingerprint.to_string()), Some(fingerprint));
        assert_eq!(Fingerprint::from_hex("+1"), None);
        assert_eq!(Salt::from_hex(&salt.to_string()), Some(salt));
        assert_ne!(Salt::random().unwrap().bytes(), Salt::random().unwrap().bytes());
    }

    #[test]
    fn what_can_be_guessed_has_no_fingerprint() {
        let salt = Salt::from_bytes([1; 16]);
        for weak in [
            "",
            "tiger",
            "Summer2024!",
            "correcthorsebatterystaple",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "0123456789abcdefghijklmnop",
            "abababababababababababababababab",
            "1029384756102938",
        ] {
            assert!(of(weak).fingerprint(&salt, "r").is_none(), "{weak}");
        }
        for strong in
            ["q8Zk2vLp9sRt4wXy7bNc", "9f86d081884c7d659a2feaa0c55ad015", "xK3!pQ9#vL2$mN7&"]
        {
            assert!(of(strong).fingerprint(&salt, "r").is_some(), "{strong}");
        }
    }

    #[test]
    fn a_span_beyond_the_text_is_an_empty_value() {
        let kind = crate::Kind::UrlPassword;
        let secret = Secret { kind, confidence: crate::Confidence::Low, span: 2..5 };
        assert_eq!(secret.value(b"abcdef").len(), 3);
        assert!(secret.value(b"abcdef").same_as(&of("cde")));
        assert!(secret.value(b"abc").is_empty());
    }
}
