//! Keys of which it is not seen that they open much, as what stands in and beside them shows: half of a key, one of a service on the
//! same machine, a key or a token of whatever kind. Knows one file.

use roadworthy_engine::{FileContext, Severity};
use roadworthy_project::FileKind;
use roadworthy_secrets::Kind;

use crate::shared::secrets::documents::is_of_emulator;

/// How many lines before and behind a value speak of it.
const REACH: usize = 4;

/// How many characters the secret of a key of AWS has.
const SECRET: usize = 40;

/// The most that a key which shows itself by its form is worth; `None` where nothing beside it takes from that.
///
/// A key for an emulator is advice, and so are a private key and a JSON Web Token of which nothing says what they open. The id of a key of AWS opens nothing without its secret
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html>): it is advice where a line near it takes the
/// secret from somewhere else, and a warning where the file holds nothing of its form.
pub(super) fn most(file: &FileContext<'_>, kind: Kind, at: usize) -> Option<Severity> {
    let text = file.source.text();
    if is_of_emulator(text, kind, at) {
        return Some(Severity::Info);
    }
    let is_known = match kind {
        // One in a manifest of a cluster guards its front; another may have been left by whoever tried something out.
        Kind::PrivateKey => file.kind == FileKind::Yaml && is_in_manifest(text, at),
        Kind::JsonWebToken => is_of_service(&text[at..]),
        _ => true,
    };
    if !is_known {
        return Some(Severity::Info);
    }
    if !matches!(kind, Kind::ProviderFormat(format) if format.name == "aws-access-key-id") {
        return None;
    }
    let is_base64 = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '/');
    let has_secret = text.split(|it| !is_base64(it)).any(|run| {
        let has = |of: fn(&u8) -> bool| run.as_bytes().iter().any(of);
        run.len() == SECRET && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
    });
    match has_secret {
        true => None,
        false if is_taken_from_elsewhere(text, at) => Some(Severity::Info),
        false => Some(Severity::Warning),
    }
}

/// Whether the document around a place is the manifest of a secret, or holds one.
fn is_in_manifest(text: &str, at: usize) -> bool {
    let start = text[..at].rfind("\n---").unwrap_or(0);
    let end = text[at..].find("\n---").map_or(text.len(), |it| at + it);
    let mut lines = text[start..end].lines().map(str::trim);
    lines.any(|it| it.strip_prefix("- ").unwrap_or(it) == "kind: Secret")
}

/// Whether a token says of itself that it is the key of a service, which no rule of a database holds for
/// (<https://supabase.com/docs/guides/api/api-keys>): another may be a visitor's, and is mostly over.
fn is_of_service(token: &str) -> bool {
    // One of these stands at each of the three places that a text may have in base64.
    const ROLES: [&str; 3] = ["c2VydmljZV9yb2xl", "NlcnZpY2Vfcm9sZ", "zZXJ2aWNlX3JvbG"];
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    let token = token.split(|it| !is_part(it)).next().unwrap_or_default();
    token.split('.').nth(1).is_some_and(|claims| ROLES.iter().any(|it| claims.contains(it)))
}

/// Whether a line near an id takes the secret that belongs to it from the environment, a store of secrets or whoever is asked.
fn is_taken_from_elsewhere(text: &str, at: usize) -> bool {
    const READS: [&str; 8] =
        ["environ", "getenv(", "env(", "env.", "config(", "${", "read -", "input("];
    let (before, behind) = text.split_at(at);
    let near = before.lines().rev().take(REACH).chain(behind.lines().take(REACH));
    near.map(str::to_ascii_lowercase).any(|line| {
        ["secret", "password"].iter().any(|it| line.contains(it))
            && READS.iter().any(|it| line.contains(it))
    })
}
