//! What a value's own form says of it: that it is an identifier, a path, a network, a public key. Knows no files.

use roadworthy_secrets::Kind;

use super::names_what_opens;

/// Whether a value is an UUID, and its name does not say that it lets anybody in: `cart_token`.
pub(super) fn is_identifier(kind: Kind, name: &str, value: &str) -> bool {
    const PARTS: [usize; 5] = [8, 4, 4, 4, 12];
    value.split('-').map(str::len).eq(PARTS)
        && value.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
        && !names_what_opens(kind, name)
}

/// Whether a value is long and has characters of three classes.
pub(super) fn is_mixed(value: &str) -> bool {
    let has = |class: fn(&u8) -> bool| usize::from(value.bytes().any(|it| class(&it)));
    value.len() >= 16
        && has(u8::is_ascii_lowercase)
            + has(u8::is_ascii_uppercase)
            + has(u8::is_ascii_digit)
            + has(u8::is_ascii_punctuation)
            >= 3
}

/// Values with digits and odd letters that are something else: dotted paths, networks, public keys, migrations.
pub(super) fn is_something_else(value: &str) -> bool {
    let part = |it: &str| {
        it.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
            && it.bytes().filter(u8::is_ascii_digit).count() <= 5
    };
    let identifiers = value.matches('.').count() >= 2 && value.split('.').all(part);
    let network = value.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'.' | b'/' | b':'));
    let public = ["MIIBIjAN", "MIICIjAN", "MIGfMA0G", "MFkwEwYH", "MCowBQYD"]
        .iter()
        .any(|it| value.starts_with(it));
    let migration = value.len() > 5
        && value.as_bytes()[..4].iter().all(u8::is_ascii_digit)
        && value.as_bytes()[4] == b'_';
    // `provider=acme`: a condition on another setting.
    let word =
        |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
    let condition = value.split_once('=').is_some_and(|(name, of)| word(name) && word(of));
    identifiers || network && value.contains('.') || public || migration || condition
}
