//! Whether a value bound to a secret-like name is a credential; names are looked at only to compare with the value.

mod defaults;
mod pairs;
mod placeholders;

use std::ops::Range;

use crate::formats::format_of_name;
use crate::names::{NameClass, name_class};
use crate::words::{distinct, entropy, is_word_like, pieces, reads_like_words};
use crate::{Confidence, Kind, Secret};

pub use defaults::is_working_default;
pub(crate) use pairs::{Pairs, is_opaque, judge_commands, judge_pairs, promised_by_items};
pub(crate) use placeholders::{is_invented_password, is_placeholder, is_template};

/// Longer texts are documents or data, which only the formats are looked for in.
const LONGEST: usize = 512;

/// Why a value is not taken for a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rejection {
    /// Fewer than 4 bytes (passwords) or 8 (tokens, keys).
    TooShort,
    /// A document or data.
    TooLong,
    /// A sentence, a label.
    WhiteSpace,
    /// Filled in elsewhere.
    Template,
    /// What is stored instead of a password.
    StoredHash,
    /// Meant to be known to all.
    PublicByDesign,
    /// Three or fewer different characters.
    FewCharacters,
    /// Digits, dots and dashes, or a UUID under a key's name.
    Number,
    /// `DATABASE_PASSWORD`.
    EnvironmentName,
    /// A regular expression, a selector, markup or a call.
    Code,
    /// A path, a URL or the name of a file.
    Path,
    /// Only words such as `token`, `basic`, `user`.
    Keywords,
    /// `changeme`, `xxx`, `your-key-here`.
    Placeholder,
    /// The value repeats its name.
    SameAsName,
    /// `x-vendor-api-key`: a header, a field, an option that would hold a secret.
    NameOfSecret,
    /// Words, identifiers, members of an enumeration.
    WordLike,
    /// Too little information for a token or a key.
    LowEntropy,
}

impl Rejection {
    /// The reason in plain English, to be put after "not a secret: ".
    pub fn phrase(self) -> &'static str {
        match self {
            Self::TooShort => "too short",
            Self::TooLong => "too long for a credential",
            Self::WhiteSpace => "contains white space",
            Self::Template => "a template that is filled in elsewhere",
            Self::StoredHash => "the stored hash of a password",
            Self::PublicByDesign => "public by design",
            Self::FewCharacters => "three or fewer different characters",
            Self::Number => "a number or an identifier",
            Self::EnvironmentName => "the name of an environment variable",
            Self::Code => "code, markup or a pattern",
            Self::Path => "a path, a URL or a file name",
            Self::Keywords => "made only of words about credentials",
            Self::Placeholder => "a placeholder",
            Self::SameAsName => "the same as its name",
            Self::NameOfSecret => "the name of something that holds a credential",
            Self::WordLike => "words or an identifier",
            Self::LowEntropy => "too regular for a generated value",
        }
    }
}

/// Why `value` is not taken for a secret although `name` would hold one; `None` where it is.
///
/// A name that promises nothing is judged like a token's. [`judge`](crate::judge) still reports, with low confidence,
/// a single word ([`Rejection::WordLike`]) under a password's name.
pub fn rejects(value: &str, name: &str) -> Option<Rejection> {
    rejection(name_class(name).unwrap_or(NameClass::Token), name, value)
}

/// The conditions in the order of their cost.
fn rejection(class: NameClass, name: &str, value: &str) -> Option<Rejection> {
    let bytes = value.as_bytes();
    let password = class == NameClass::Password;
    let chosen = password && placeholders::is_chosen(value);
    let fails = |holds: bool, reason: Rejection| holds.then_some(reason);
    None.or_else(|| fails(bytes.len() < if password { 4 } else { 8 }, Rejection::TooShort))
        .or_else(|| fails(bytes.len() > LONGEST, Rejection::TooLong))
        .or_else(|| fails(has_white_space(bytes) && !is_phrase(name, value), Rejection::WhiteSpace))
        .or_else(|| fails(is_template(value), Rejection::Template))
        .or_else(|| fails(is_stored_hash(value), Rejection::StoredHash))
        .or_else(|| fails(is_public(value), Rejection::PublicByDesign))
        .or_else(|| fails(distinct(bytes) <= 3, Rejection::FewCharacters))
        .or_else(|| fails(is_number(class, name, bytes), Rejection::Number))
        .or_else(|| fails(is_environment_name(value), Rejection::EnvironmentName))
        .or_else(|| fails(is_code(value), Rejection::Code))
        .or_else(|| fails(!chosen && placeholders::is_keywords(value), Rejection::Keywords))
        .or_else(|| fails(!chosen && is_placeholder(value), Rejection::Placeholder))
        .or_else(|| fails(repeats_name(name, value), Rejection::SameAsName))
        .or_else(|| fails(is_name_of_secret(class, value), Rejection::NameOfSecret))
        .or_else(|| fails(is_path(value), Rejection::Path))
        .or_else(|| fails(is_identifier(class, value), Rejection::WordLike))
        .or_else(|| fails(!password && is_regular(bytes), Rejection::LowEntropy))
}

/// Judges a value whose name has a class; `span` is the value's place in the text that was given.
pub(crate) fn judge_named(
    class: NameClass,
    name: &str,
    value: &str,
    span: Range<usize>,
) -> Option<Secret> {
    if let Some(format) = format_of_name(name, value) {
        let kind = Kind::ProviderFormat(format);
        return Some(Secret { kind, confidence: format.confidence, span });
    }
    let confidence = match rejection(class, name, value) {
        None => confidence(class, value),
        Some(Rejection::WordLike)
            if class == NameClass::Password && value.bytes().all(|it| it.is_ascii_alphabetic()) =>
        {
            Confidence::Low
        }
        // A token that a person made up for a local service.
        Some(Rejection::TooShort) if is_short_token(class, name, value) => Confidence::Low,
        Some(_) => return None,
    };
    Some(Secret { kind: Kind::NamedValue(class), confidence, span })
}

/// Whether a token of six or seven characters would be rejected for nothing but its length.
fn is_short_token(class: NameClass, name: &str, value: &str) -> bool {
    class == NameClass::Token
        && value.len() >= 6
        && !reads_like_words(value)
        && rejection(NameClass::Password, name, value).is_none()
}

/// Judges `user:password`, as it is written before it is encoded for an `Authorization` header.
pub(crate) fn judge_login(value: &str) -> Option<Secret> {
    let (user, password) = value.split_once(':')?;
    let start = user.len() + 1;
    let plain = !user.is_empty() && !has_white_space(value.as_bytes());
    plain.then(|| judge_named(NameClass::Password, user, password, start..value.len())).flatten()
}

fn confidence(class: NameClass, value: &str) -> Confidence {
    let digit = value.bytes().any(|it| it.is_ascii_digit());
    let rich = digit && entropy(value.as_bytes()) >= 3.0;
    let opaque = value.len() >= 8 && !reads_like_words(value);
    if rich || opaque || class != NameClass::Password {
        Confidence::Medium
    } else {
        Confidence::Low
    }
}

/// An escape counts as what it stands for.
fn has_white_space(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_whitespace)
        || bytes.windows(2).any(|it| it[0] == b'\\' && matches!(it[1], b'n' | b'r' | b't'))
}

/// Whether a value may be a phrase that opens something: its name says so, and it has no marks between its words, as a sentence
/// has for those who are told that one is missing.
fn is_phrase(name: &str, value: &str) -> bool {
    const WORDS: usize = 5;
    let words = value.split_ascii_whitespace();
    let ends_part = |it: &str| it.len() > 1 && it.ends_with(['.', ',', ':', ';', '?', '!', ')']);
    let is_sentence =
        words.clone().count() >= WORDS && words.filter(|it| ends_part(it)).count() >= 2;
    crate::formats::contains_ignoring_case(name.as_bytes(), b"passphrase") && !is_sentence
}

fn is_stored_hash(value: &str) -> bool {
    [
        "$2a$",
        "$2b$",
        "$2y$",
        "$1$",
        "$5$",
        "$6$",
        "$argon2",
        "$apr1$",
        "$scrypt$",
        "pbkdf2",
        "scrypt:",
        "argon2",
        "bcrypt",
        "md5$",
        "sha1$",
        "sha256$",
        "{SSHA}",
        "{SHA}",
        "SCRAM-SHA-",
    ]
    .iter()
    .any(|it| value.starts_with(it))
}

/// How the only key of Microsoft's emulator of its storage begins.
pub(crate) const AZURITE: &str = "Eby8vdM02xNOcqFl";

/// Publishable keys, public keys, certificates.
fn is_public(value: &str) -> bool {
    [
        "pk_live_",
        "pk_test_",
        "phc_",
        // The public token of Mapbox: https://docs.mapbox.com/help/dive-deeper/access-tokens/
        "pk.eyJ",
        "sb_publishable_",
        "pubkey-",
        // The key of Azurite, the same for everybody:
        // https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
        AZURITE,
        "ssh-rsa ",
        "ssh-ed25519 ",
        // Identifiers of roles, users and groups, not keys (AWS IAM, "unique identifiers").
        "AGPA",
        "AIDA",
        "AIPA",
        "ANPA",
        "ANVA",
        "APKA",
        "AROA",
        "ASCA",
        "AAAAB3Nza",
        "age1",
        "-----BEGIN CERT",
        "-----BEGIN PUBLIC",
    ]
    .iter()
    .any(|it| value.starts_with(it))
}

fn is_number(class: NameClass, name: &str, bytes: &[u8]) -> bool {
    // What an application signs with may be any text; a key that is looked up is often named so.
    let looked_up = class == NameClass::Key && !name.to_ascii_lowercase().ends_with("secret_key");
    class != NameClass::Password
        && (bytes.iter().all(|it| it.is_ascii_digit() || b".-:_,+TZ ".contains(it))
            || looked_up && is_uuid(bytes))
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, it)| match at {
            8 | 13 | 18 | 23 => *it == b'-',
            _ => it.is_ascii_hexdigit(),
        })
}

fn is_environment_name(value: &str) -> bool {
    value.contains('_')
        && value.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
        && value.bytes().any(|it| it.is_ascii_uppercase())
}

/// Regular expressions, `XPath`, selectors, markup, calls, lists.
fn is_code(value: &str) -> bool {
    let starts = ["<", "//*", "(?", "^", "[", "{", "#{", "lambda ", "b'", "re:", "css=", "xpath="];
    let contains = [
        "\\d", "\\w", "\\s", "\\b", "[^", "[a-z", "[A-Z", "[0-9", "(?:", ".*", ".+", "()", "](",
        "=\\\"", "='", "=\"", "</", "/>", "::", "->",
    ];
    starts.iter().any(|it| value.starts_with(it))
        || contains.iter().any(|it| value.contains(it))
        || value.ends_with('$') && value.contains('[')
        || is_type(value)
        // Several names with values, each judged by its own.
        || is_list_of_pairs(value)
        || value.contains(',')
            && reads_like_words(value)
            && !value.bytes().any(|it| it.is_ascii_digit())
}

/// `user=jo&password=..`, `token=..; Secure`: each part is a name with a value, or a word. Keys of Django's hold the same marks,
/// between what is neither.
fn is_list_of_pairs(value: &str) -> bool {
    let is_name = |it: &str| {
        it.starts_with(|c: char| c.is_ascii_alphabetic())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-. ".contains(&it))
    };
    let is_word = |it: &str| it.bytes().all(|it| it.is_ascii_alphabetic() || b"/-_ ".contains(&it));
    let is_part =
        |it: &str| it.split_once('=').map_or(is_word(it), |(name, _)| is_name(name.trim()));
    value.contains([';', '&', ','])
        && value.trim_end_matches('=').contains('=')
        && value.split([';', '&', ',']).map(str::trim).all(is_part)
}

/// An unquoted value that is code in some configuration language (`f(x)`, `a.b.c`, `x -> y`), a reference (`$name`).
pub(crate) fn is_expression(value: &str) -> bool {
    let name = |it: u8| it.is_ascii_alphabetic() || it == b'_';
    let call = value.find('(').is_some_and(|at| {
        at > 0 && value.ends_with(')') && value[..at].bytes().all(|it| name(it) || it == b'.')
    });
    let dotted = value.contains('.') && value.bytes().all(|it| name(it) || it == b'.');
    let reference = value.strip_prefix('$').is_some_and(|it| {
        it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') && !it.is_empty()
    });
    call || dotted
        || reference
        || value.contains("->")
        || value.starts_with(['[', '{', '>', '|', '&', '*'])
}

/// `string(64)`, `varchar[0..32]`, `Optional[str]`, `vec3<f32>`.
fn is_type(value: &str) -> bool {
    let name = value.find(['(', '[', '<']).filter(|it| *it > 0).map(|it| &value[..it]);
    name.is_some_and(|it| it.bytes().all(|it| it.is_ascii_alphanumeric() || b"_.".contains(&it)))
        && value.ends_with([')', ']', '>'])
}

/// A path whose segments are words; a base64 text with `/` in it is not one.
fn is_path(value: &str) -> bool {
    if value.contains("://") {
        return true;
    }
    let extension = value.rsplit_once('.').is_some_and(|(stem, it)| {
        (2..=5).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_lowercase())
            && reads_like_words(stem)
    });
    let rooted = ["/", "./", "../", "~/", "C:\\"].iter().any(|it| value.starts_with(it));
    extension
        || rooted && value.rsplit('/').next().is_some_and(|it| it.contains('.') && it.len() <= 32)
        || (rooted || value.contains('/'))
            && value.split('/').all(|it| it.len() <= 2 || reads_like_words(it))
}

/// Whether the value is itself a name that promises a secret, for passwords only where it is written like one.
fn is_name_of_secret(class: NameClass, value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    digits <= 2
        && (class != NameClass::Password || value.contains(['_', '-', '.', ':']))
        && value.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-.:/".contains(&it))
        && name_class(value).is_some()
}

/// Words joined by punctuation; in a token or a key with a separator a few digits too: `oauth2.client`, `x-auth-2`.
///
/// What is generated as a token or a key has digits, or is long: eight letters such as `epvToday` are an identifier
/// in camel case even where the bigrams of its abbreviations are rare.
fn is_identifier(class: NameClass, value: &str) -> bool {
    let value = value.trim_start_matches(['#', '@', '$', '%', '.', '!']).trim_end_matches('#');
    // A label in a language with other letters, or a sentence in one that has no blanks.
    let label = value.chars().all(|it| it.is_alphabetic() || matches!(it, ' ' | '-' | '_'));
    let foreign = value.chars().filter(|it| !it.is_ascii()).count();
    if foreign > 0 && (label || 2 * foreign >= value.chars().count()) {
        return true;
    }
    if is_choice(value) {
        return true;
    }
    if !value.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-.:/@ +|;,".contains(&it)) {
        return false;
    }
    let separated = value.contains(['_', '-', '.', ':', '/', '+', '|']);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if class == NameClass::Password {
        // `repmgrpassword`: whose it is, and what.
        let told = ["password", "passwd", "secret"].iter().any(|it| value.ends_with(it));
        return digits == 0 && (told || reads_like_words(value) || is_object(value))
            || value.contains('|') && is_numbered(value);
    }
    let plain = value.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
    digits <= if separated { 2 } else { 0 } && reads_like_words(value)
        || plain && separated && value.split('-').all(|it| it.len() <= 12)
        || value.matches(',').count() >= 2
        || digits < 2 && value.len() < 16
        || digits <= 2 && mostly_words(value)
        || separated && is_numbered(value)
}

/// A condition or an option in words: `provider=ovh`.
fn is_choice(value: &str) -> bool {
    let word = |it: &str| {
        !it.is_empty()
            && it.len() <= 20
            && it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_')
    };
    value.split_once('=').is_some_and(|(name, choice)| word(name) && word(choice))
}

/// `package.module:Class`.
fn is_object(value: &str) -> bool {
    let dotted = |it: &str| it.bytes().all(|it| it.is_ascii_alphabetic() || b"._".contains(&it));
    value.split_once(':').is_some_and(|(module, name)| {
        module.contains('.') && dotted(module) && dotted(name) && !name.is_empty()
    })
}

/// Words and numbers side by side: `aes-256-gcm`, `color.primary.500`, `vault.svc.cluster.local:8200`.
fn is_numbered(value: &str) -> bool {
    value.split(['_', '-', '.', ':', '/', '+', '|', ' ']).all(|segment| {
        let digits = segment.bytes().filter(u8::is_ascii_digit).count();
        digits == segment.len() && digits <= 4
            || digits == 0 && segment.len() <= 3
            || digits <= 1 && segment.len() <= 16 && reads_like_words(segment)
    })
}

/// Whether at least half of the letters belong to words of four letters or more.
fn mostly_words(value: &str) -> bool {
    let (mut letters, mut in_words) = (0, 0);
    for piece in pieces(value) {
        letters += piece.len();
        if piece.len() >= 4 && is_word_like(piece) {
            in_words += piece.len();
        }
    }
    2 * in_words >= letters
}

/// Whether the value is its name over again, contains it, or is part of it, punctuation and case aside.
fn repeats_name(name: &str, value: &str) -> bool {
    let bare = |text: &str| -> String {
        text.bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|it| it.to_ascii_lowercase() as char)
            .collect()
    };
    let (name, value_bare) = (bare(name), bare(value));
    if value_bare.is_empty() || name.is_empty() {
        return false;
    }
    // A short name within a long random text is an accident, and so is a name that ends in its own suffix.
    let contains =
        name.len() >= 4 && value_bare.contains(&name) && value_bare.len() <= 2 * name.len() + 8;
    name == value_bare || contains || name.contains(&value_bare)
}

/// Hexadecimal below 2.5 bits a character, anything else below 2.8.
fn is_regular(bytes: &[u8]) -> bool {
    let limit = if bytes.iter().all(u8::is_ascii_hexdigit) { 2.5 } else { 2.8 };
    entropy(bytes) < limit
}

#[cfg(test)]
mod tests;
