//! What a value's own form says of it: that it is an identifier, a path, a network, a public key. Knows no files.

use roadworthy_secrets::{Kind, NameClass, name_class};

use crate::shared::secrets::binding::Form;

/// Whether a name tells a credential from the tokens that mark versions, steps and answers.
pub(super) fn names_what_opens(kind: Kind, name: &str) -> bool {
    const WORDS: [&str; 6] = ["access", "api", "auth", "client", "private", "secret"];
    let lower = name.to_ascii_lowercase();
    kind != Kind::NamedValue(NameClass::Token) || WORDS.iter().any(|it| lower.contains(it))
}

/// Whether a name and a value do not say that they let anybody in: a token of whatever kind (`cart_token`), a password that is an
/// UUID, as ids of templates are.
pub(super) fn is_vague(kind: Kind, name: &str, value: &str) -> bool {
    !names_what_opens(kind, name) || kind == Kind::NamedValue(NameClass::Password) && is_uuid(value)
}

fn is_uuid(value: &str) -> bool {
    const PARTS: [usize; 5] = [8, 4, 4, 4, 12];
    value.split('-').map(str::len).eq(PARTS)
        && value.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
}

/// Whether a name is compared with words that stand for a state, as no password reads: `if password != "given_by_oauth"`.
pub(super) fn is_compared_mark(form: Form<'_>, value: &str) -> bool {
    const LEAST: usize = 3;
    let is_word = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
    matches!(form, Form::Comparison)
        && value.split('_').count() >= LEAST
        && value.split('_').all(is_word)
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

/// How much of a text before and behind a value is near it, in bytes.
const NEAR: usize = 400;

/// Whether a named value is that of a thing and not of who holds it: a token that is traded, by its address or beside its number of
/// decimals, or a document that is called a token.
pub(super) fn names_thing(kind: Kind, name: &str, value: &str, text: &str, at: usize) -> bool {
    let Kind::NamedValue(class) = kind else { return false };
    let bare = |it: &str| it.to_ascii_lowercase().replace(['_', '-'], "");
    is_address_of_chain(value)
        || class == NameClass::Key && is_place_in_store(&bare(name), value)
        || class == NameClass::Token && {
            let near = near(text, at).to_ascii_lowercase();
            is_document(&bare(name), &near)
                || is_asset(&bare(name))
                || is_traded(&bare(name), &bare(&near))
        }
}

fn near(text: &str, at: usize) -> &str {
    let (mut start, mut end) = (at.saturating_sub(NEAR), text.len().min(at + NEAR));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    &text[start..end]
}

/// Whether a value is an address of a chain: `0x` and 40 digits, or bech32
/// (<https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki>).
fn is_address_of_chain(value: &str) -> bool {
    const ALPHABET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    // With its symbol and decimals behind: `0x…_BNB_18`.
    let is_hex = |it: &str| {
        let (digits, rest) = it.split_at(it.find('_').unwrap_or(it.len()));
        digits.len() == 40
            && digits.bytes().all(|it| it.is_ascii_hexdigit())
            && rest.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    let is_bech = |(prefix, data): (&str, &str)| {
        (2..=12).contains(&prefix.len())
            && prefix.bytes().all(|it| it.is_ascii_lowercase())
            && (38..=70).contains(&data.len())
            && data.chars().all(|it| ALPHABET.contains(it))
    };
    value.strip_prefix("0x").is_some_and(is_hex) || value.split_once('1').is_some_and(is_bech)
}

/// Whether a name is that of a document's address in an office of the web
/// (<https://open.feishu.cn/document/server-docs/docs/faq>): what opens it is another token.
fn is_document(name: &str, near: &str) -> bool {
    const DOCUMENTS: [&str; 7] = [
        "wikitoken",
        "doctoken",
        "documenttoken",
        "spreadsheettoken",
        "objtoken",
        "nodetoken",
        "foldertoken",
    ];
    let of_office = || ["bitable", "feishu", "lark"].iter().any(|it| near.contains(it));
    DOCUMENTS.iter().any(|it| name.ends_with(it))
        || (name.ends_with("apptoken") || name.ends_with("filetoken")) && of_office()
}

/// Whether a value is put together from words of its own name, or from those that every password may be made of:
/// `shop_database_password = "shopdbpassword"` stands for one that is still to be thought of.
pub(super) fn is_made_of_name(name: &str, value: &str) -> bool {
    const USUAL: [&str; 13] = [
        "admin", "database", "db", "key", "my", "pass", "passwd", "password", "pwd", "root",
        "secret", "token", "user",
    ];
    let name = name.to_ascii_lowercase();
    let own = name.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| it.len() > 1);
    let mut words: Vec<&str> = own.chain(USUAL).collect();
    // The longest first, so that none is cut.
    words.sort_by_key(|it| std::cmp::Reverse(it.len()));
    let value = value.to_ascii_lowercase();
    let mut rest = value.as_str();
    let mut taken = 0;
    while !rest.is_empty() {
        let trimmed = rest.trim_start_matches(['-', '_', '.']);
        let Some(next) = words.iter().find_map(|it| trimmed.strip_prefix(it)) else {
            return trimmed.is_empty() && taken > 1;
        };
        taken += 1;
        rest = next;
    }
    taken > 1
}

/// Whether a key says under which a store of files keeps one: `artists/a/photo.jpg`.
fn is_place_in_store(name: &str, value: &str) -> bool {
    const STORES: [&str; 7] =
        ["blobkey", "bucketkey", "filekey", "imagekey", "objectkey", "s3key", "storagekey"];
    STORES.iter().any(|it| name.ends_with(it)) && value.contains('/')
}

/// Whether a name is that of a token that is traded, and of nothing that lets anybody in.
fn is_asset(name: &str) -> bool {
    const ASSETS: [&str; 9] = [
        "deposittoken",
        "earningtoken",
        "governancetoken",
        "lptoken",
        "nativetoken",
        "rewardtoken",
        "stakingtoken",
        "wanttoken",
        "wrappedtoken",
    ];
    ASSETS.iter().any(|it| name.ends_with(it))
}

/// Whether what stands near says what a token of that name is worth: `tokenDecimals`, `reward_symbol`.
fn is_traded(name: &str, near: &str) -> bool {
    ["address", "decimal", "symbol"].iter().any(|it| near.contains(&format!("{name}{it}")))
}

/// The names that other linters take for those of secrets.
pub(super) fn speaks_of_secrets(name: &str) -> bool {
    name_class(name).is_some()
        || name.to_ascii_lowercase().split('_').any(|word| {
            matches!(
                word,
                "pass" | "password" | "passwd" | "passphrase" | "pwd" | "token" | "secret"
            )
        })
}
