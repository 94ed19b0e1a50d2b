//! Finds hardcoded credentials (CWE-798, CWE-259, CWE-321) in bytes and in what syntax knows about a string literal.
//!
//! The crate knows nothing of Python, of rules or of files: it is given text, and where there is one the name that the
//! text is bound to. It never hands back a value, only kinds, confidence and spans, so that nothing built on it can
//! print a secret by accident.

mod certificates;
mod decode;
mod documents;
mod formats;
mod formats_table;
mod letter_bigrams;
mod names;
mod scan;
mod structures;
mod value;
mod values;
mod words;

use std::ops::Range;

pub use certificates::{is_self_signed, is_self_signed_for, last_day};
pub use documents::{DocumentKind, scan_document};
pub use formats::{FORMAT_TRIGGERS, Format, formats};
pub use names::{NAME_TRIGGERS, NameClass, name_class};
pub use scan::scan;
pub use value::{Fingerprint, Salt, Value};
pub use values::{Rejection, is_working_default, rejects};

/// What syntax knows of the place of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// The literal is the value of something with a name.
    Bound {
        /// The name as written: `db_password`, `X-API-Key`, `clientSecret`.
        name: &'a str,
        /// How the name and the literal meet.
        binding: Binding,
    },
    /// A key and its value in a configuration file.
    Entry {
        /// The key as written, or the path of keys to it joined by dots: `spring.datasource.password`.
        key: &'a str,
        /// Whether the value stands in quotes; without them it may be code, a number or a reference.
        quoted: bool,
    },
    /// A literal without a name: an item of a list, a positional argument.
    Unbound,
    /// The text of a comment; only formats and quoted pairs such as `# password = "…"` are looked for.
    Comment,
}

/// How a name and a literal meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// `name = "v"`, `x.name = "v"`, `x["name"] = "v"`, `(name := "v")`, annotated or not.
    Assignment,
    /// `f(name="v")`.
    Argument,
    /// `def f(name="v")`.
    Default,
    /// `{"name": "v"}` and the pair `("name", "v")`.
    DictEntry,
    /// `name == "v"`.
    Comparison,
    /// `b64encode(b"user:v")`: a user and a password, before they are encoded for a header.
    Encoded,
    /// `os.getenv("NAME", "v")`, `os.environ.get("NAME") or "v"`.
    EnvironmentDefault,
    /// The default of a field of a settings class, or of a command-line option.
    SettingDefault,
}

/// What a secret was recognised by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The published format of a provider's credential.
    ProviderFormat(&'static Format),
    /// A private key block (RFC 7468, OpenSSH, PGP, `PuTTY`).
    PrivateKey,
    /// The password of a URL's user-info (RFC 3986, section 3.2.1).
    UrlPassword,
    /// The credential of an `Authorization` header (RFC 7617, RFC 6750).
    AuthorizationHeader,
    /// A signed JSON Web Token (RFC 7519).
    JsonWebToken,
    /// A literal that looks like a credential, bound to a name that says it is one.
    NamedValue(NameClass),
}

impl Kind {
    /// What a report calls it, as a noun phrase.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::ProviderFormat(format) => format.name,
            Self::PrivateKey => "private key",
            Self::UrlPassword => "password in a URL",
            Self::AuthorizationHeader => "credential of an Authorization header",
            Self::JsonWebToken => "JSON Web Token",
            Self::NamedValue(NameClass::Password) => "password",
            Self::NamedValue(NameClass::Token) => "token",
            Self::NamedValue(NameClass::Key) => "key",
        }
    }
}

/// How sure a recognition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Plausible, and too often wrong to be shown unless asked for: a word as a password, a local database's URL.
    Low,
    /// Looks like a credential and its name says so.
    Medium,
    /// A checksum or a structure holds, or a provider's prefix with the full length.
    High,
}

/// A credential found. It holds no part of the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// What it was recognised by.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
    /// Where it stands, in bytes of the text that was given.
    pub span: Range<usize>,
}

/// Judges one literal: `value` is the raw source text between its quotes. Of several secrets in it the surest counts.
///
/// Formats that need no name come first; a text that has a provider's form but fails its checksum is a fabricated
/// sample and is not judged by its name again.
pub fn judge(place: &Place<'_>, value: &str) -> Option<Secret> {
    judge_all(place, value)
        .into_iter()
        .reduce(|best, next| if next.confidence > best.confidence { next } else { best })
}

/// All secrets of one literal, in the order of their spans, which do not overlap: a text may be a command, a
/// connection string or JSON, and hold several.
pub fn judge_all(place: &Place<'_>, value: &str) -> Vec<Secret> {
    let outcomes = scan::outcomes(value.as_bytes(), place);
    let named = if outcomes.is_empty() { judge_by_name(place, value) } else { None };
    if let Some(secret) = named {
        return vec![secret];
    }
    let pairs = match *place {
        Place::Comment => values::Pairs::InComment,
        _ => values::Pairs::InText,
    };
    let mut found = values::judge_pairs(value, pairs);
    found.retain(|it| !outcomes.iter().any(|other| overlap(&other.secret.span, &it.span)));
    found.extend(outcomes.into_iter().filter(|it| it.accepted).map(|it| it.secret));
    found.sort_by_key(|it| it.span.start);
    found
}

/// The literal as a whole, by the name that it is bound to.
fn judge_by_name(place: &Place<'_>, value: &str) -> Option<Secret> {
    match *place {
        Place::Bound { binding: Binding::Encoded, .. } => values::judge_login(value),
        Place::Bound { name, .. } => {
            values::judge_named(name_class(name)?, name, value, 0..value.len())
        }
        Place::Entry { key, quoted } => documents::judge_entry(key, quoted, value),
        Place::Unbound | Place::Comment => None,
    }
}

pub(crate) fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}
