//! What the rules about secrets share on files that are not Python. Knows kinds and names of files, no rule.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::Span;
use roadworthy_project::{Facts, FileKind};
use roadworthy_secrets::{
    Confidence, DocumentKind, Kind, Secret, is_self_signed, is_self_signed_for, last_day,
    name_class, scan_document,
};

use super::hosts;
use crate::shared::delivery::gitignore::is_ignored_by_git;

/// The syntax in which a file's keys and values are written; `None` where there is no text.
pub(crate) fn syntax(kind: FileKind) -> Option<DocumentKind> {
    Some(match kind {
        FileKind::Env => DocumentKind::Env,
        FileKind::Yaml => DocumentKind::Yaml,
        FileKind::Toml => DocumentKind::Toml,
        FileKind::Json => DocumentKind::Json,
        FileKind::Ini => DocumentKind::Ini,
        FileKind::Properties => DocumentKind::Properties,
        FileKind::Dockerfile => DocumentKind::Dockerfile,
        FileKind::Shell => DocumentKind::Shell,
        FileKind::Netrc => DocumentKind::Netrc,
        FileKind::Python | FileKind::Notebook | FileKind::Key | FileKind::Text => {
            DocumentKind::Text
        }
        FileKind::Keystore => return None,
    })
}

/// A file that is itself what must be kept secret.
pub(crate) struct SecretFile {
    /// What it is, as the subject of a sentence.
    pub(crate) what: &'static str,
    /// The first secret in it; empty for a file that is not read.
    pub(crate) span: Span,
    /// How many there are.
    pub(crate) count: usize,
    /// Whether what it holds opens something by itself: no pass phrase guards it, it is not for development.
    pub(crate) sure: bool,
    /// Whether one of them has the form that its maker gives it.
    pub(crate) holds_format: bool,
    /// Whether one of them opens a service on a host that anybody can ask for.
    pub(crate) opens_elsewhere: bool,
}

/// Names of what front ends show to everybody who loads them.
const PUBLIC: [&str; 8] = [
    "EXPO_PUBLIC_",
    "GATSBY_",
    "NEXT_PUBLIC_",
    "NUXT_PUBLIC_",
    "NX_PUBLIC_",
    "PUBLIC_",
    "REACT_APP_",
    "VITE_",
];

/// Words in the name of a key that says that it guards nothing.
const HARMLESS: [&str; 11] = [
    "cacerts",
    "debug",
    "demo",
    "dev",
    "dummy",
    "localhost",
    "selfsigned",
    "snakeoil",
    "test",
    "trust",
    "truststore",
];

/// Words in the name of an environment's file that say that it is for one's own machine.
const LOCAL: [&str; 6] = ["ci", "dev", "development", "docker", "local", "localhost"];

/// What a file is, where it should not be in a repository for what it is and holds.
pub(crate) fn secret_file(file: &FileContext<'_>) -> Option<SecretFile> {
    let name = file.file.path.file_name()?.to_ascii_lowercase();
    let says = |words: &[&str]| name.split(['.', '_', '-']).any(|word| words.contains(&word));
    let text = file.source.text();
    match file.kind {
        FileKind::Keystore => (!says(&HARMLESS)).then(|| SecretFile {
            what: "a store of keys or passwords",
            span: Span::empty(0),
            count: 1,
            sure: false,
            holds_format: false,
            opens_elsewhere: false,
        }),
        FileKind::Key if !says(&HARMLESS) => {
            let is_key = |secret: &Secret| secret.kind == Kind::PrivateKey;
            holding(file, "a private key", is_key, true)
        }
        FileKind::Env => {
            let shown = |secret: &Secret| {
                key_before(text, secret.span.start).is_some_and(|it| is_shown_by_page(file, it))
            };
            let own = |secret: &Secret| !is_public(text, secret) && !shown(secret);
            holding(file, "a file with the secrets of an environment", own, !says(&LOCAL))
        }
        FileKind::Netrc => holding(file, "a file with log-ins", |_| true, true),
        FileKind::Ini
            if matches!(&*name, ".pypirc" | "pip.conf" | ".s3cfg" | ".boto" | "credentials") =>
        {
            holding(file, "a file with log-ins", |_| true, true)
        }
        FileKind::Properties if matches!(&*name, ".npmrc" | ".yarnrc") => {
            holding(file, "a file with log-ins", |_| true, true)
        }
        FileKind::Json
            if text.contains("\"service_account\"") && text.contains("\"private_key\"") =>
        {
            let is_key = |secret: &Secret| secret.kind == Kind::PrivateKey || is_account(secret);
            holding(file, "the key of a service account", is_key, true)
        }
        FileKind::Yaml if text.contains("kind: Config") && text.contains("clusters:") => {
            cluster_access(text).or_else(|| holding(file, "access to a cluster", |_| true, true))
        }
        _ => None,
    }
}

/// Whether the key of a file is that of a certificate beside it that nobody vouches for, be it but its maker or no more, or of a
/// sample.
pub(crate) fn is_for_own_certificate(file: &FileContext<'_>) -> bool {
    const SAMPLES: [&str; 5] = ["default", "dist", "example", "sample", "template"];
    file.in_facts().is_some_and(|(facts, known)| {
        let path = &known.path;
        let is_sample =
            |ending: &&str| facts.tree().is_file(Utf8Path::new(&format!("{path}.{ending}")));
        let stem = path.file_stem().unwrap_or_default();
        let stems = partners(stem).into_iter().chain([stem.to_owned()]);
        let mut certificates = stems
            .flat_map(|stem| {
                ["crt", "cert", "pem", "cer"].map(|it| path.with_file_name(format!("{stem}.{it}")))
            })
            .filter(|it| it != path && facts.tree().is_file(it));
        let today = facts.as_of().map(|it| (it.year(), it.month(), it.day()));
        let has_ended = |text: &str| last_day(text).zip(today).is_some_and(|(end, day)| end < day);
        let is_own = |path: &Utf8Path| {
            let text = facts.text(path).whole();
            text.is_some_and(|it| is_self_signed(it.text()) || has_ended(it.text()))
        };
        // Where nobody vouches for any certificate of the folder, its maker is all there is.
        let mut beside = facts.tree().files().filter(|it| {
            it.parent() == path.parent() && matches!(it.extension(), Some("crt" | "cert" | "cer"))
        });
        SAMPLES.iter().any(is_sample)
            || certificates.any(|it| is_own(&it))
            || beside.next().is_some_and(is_own) && beside.all(is_own)
    })
}

/// Whether a text holds the certificate of a key that nobody but its maker vouches for, and says so, or is for the machine that
/// it lies on: the pair stands for nobody.
pub(crate) fn is_throw_away_pair(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["self-signed", "self signed", "selfsigned", "throwaway", "throw-away"]
        .iter()
        .any(|it| lower.contains(it))
        && is_self_signed(text)
        || is_self_signed_for(text, "localhost")
}

/// Whether the name of a key says that it is for the machine that it lies on: `localhost.key`, `localhost+2-key.pem`.
pub(crate) fn is_called_localhost(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
    name.split(|it: char| !it.is_ascii_alphanumeric()).any(|word| word == "localhost")
}

/// Whether everybody makes a key for himself: git ignores it, and a script of the project writes it.
pub(crate) fn is_made_by_each(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    const MAKERS: [&str; 2] = ["openssl", "mkcert"];
    const OUTPUTS: [&str; 3] = ["-out", "-keyout", "-key-file"];
    let is_script = |path: &&Utf8Path| {
        matches!(path.extension(), Some("sh" | "bash" | "mk"))
            || matches!(path.file_name(), Some("Makefile" | "justfile"))
    };
    let writes = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        MAKERS.iter().any(|it| text.contains(it))
            && words.windows(2).any(|pair| {
                let written = Utf8Path::new(pair[1].trim_matches(['"', '\'', ';']));
                OUTPUTS.contains(&pair[0]) && written.file_name() == path.file_name()
            })
    };
    is_ignored_by_git(facts, path)
        && facts
            .tree()
            .files()
            .filter(is_script)
            .any(|it| facts.text(it).whole().is_some_and(|it| writes(it.text())))
}

/// What the certificate of a key is called by those who do not call it as the key: `fullchain.pem` beside `privkey.pem`,
/// `server-cert.pem` beside `server-key.pem`.
fn partners(stem: &str) -> Vec<String> {
    const NAMES: [(&str, &[&str]); 3] = [
        ("privkey", &["fullchain", "cert", "chain"]),
        ("private", &["public", "cert", "certificate"]),
        ("key", &["cert", "crt", "certificate", "public"]),
    ];
    let lower = stem.to_ascii_lowercase();
    let named = NAMES.iter().filter_map(|(key, names)| Some((lower.strip_suffix(key)?, names)));
    named.flat_map(|(before, names)| names.iter().map(move |it| format!("{before}{it}"))).collect()
}

fn is_account(secret: &Secret) -> bool {
    matches!(secret.kind, Kind::ProviderFormat(format) if format.name.contains("service-account"))
}

/// What a file holds of those secrets that look real.
fn holding(
    file: &FileContext<'_>,
    what: &'static str,
    counts: impl Fn(&Secret) -> bool,
    live: bool,
) -> Option<SecretFile> {
    let secrets = scan_document(file.source.text(), syntax(file.kind)?);
    let real = |it: &&Secret| it.confidence >= Confidence::Medium && counts(it);
    let real: Vec<_> = secrets.iter().filter(real).collect();
    let first = real.first()?;
    let open =
        real.iter().any(|it| it.confidence == Confidence::High || it.kind != Kind::PrivateKey);
    let span = Span::new(first.span.start as u32, first.span.end as u32);
    let text = file.source.text();
    let holds_format = real.iter().any(|it| has_certain_form(file, it));
    let opens_elsewhere = real.iter().any(|it| hosts::opens_elsewhere(text, it));
    let sure = live && open;
    Some(SecretFile { what, span, count: real.len(), sure, holds_format, opens_elsewhere })
}

/// Whether the form of a secret says for certain that its maker handed it out. A key of Google's may be made for pages: what the
/// settings of a front end hold, or call one of maps, is shown to everybody.
fn has_certain_form(file: &FileContext<'_>, secret: &Secret) -> bool {
    const SHOWN: [&str; 5] = ["analytics", "firebase", "maps", "public", "web"];
    let is_shown = || {
        let name = word_before(file.source.text(), secret.span.start).unwrap_or_default();
        let name = name.to_ascii_lowercase();
        let of_front_end = file.in_facts().is_some_and(|(facts, known)| {
            facts.tree().is_file(&known.path.with_file_name("package.json"))
        });
        of_front_end || name.split('_').any(|it| SHOWN.contains(&it))
    };
    match secret.kind {
        Kind::ProviderFormat(format) if format.name == "google-api-key" => !is_shown(),
        Kind::ProviderFormat(_) | Kind::PrivateKey | Kind::JsonWebToken => {
            secret.confidence == Confidence::High
        }
        _ => false,
    }
}

/// The key of a user in the configuration of `kubectl`: a private key in base64.
fn cluster_access(text: &str) -> Option<SecretFile> {
    let key = "client-key-data:";
    let at = text.find(key)? + key.len();
    let line = text[at..].lines().next()?;
    let value = line.trim();
    // `-----BEGIN` in base64.
    if !value.starts_with("LS0tLS1CRUdJTi") || value.len() < 200 {
        return None;
    }
    let start = at + (line.len() - line.trim_start().len());
    let span = Span::new(start as u32, (start + value.len()) as u32);
    Some(SecretFile {
        what: "access to a cluster",
        span,
        count: 1,
        sure: true,
        holds_format: true,
        opens_elsewhere: true,
    })
}

/// Whether a front end hands a value out by design. A provider's credential is none of its business all the same, but for the
/// keys of Google's, which are made for pages, too.
pub(crate) fn is_public(text: &str, secret: &Secret) -> bool {
    secret.confidence < Confidence::High
        && word_before(text, secret.span.start).is_some_and(is_public_name)
        || is_of_firebase(text, secret.kind, secret.span.start)
}

/// Whether a key of Google's stands in the configuration of Firebase, which every page shows:
/// <https://firebase.google.com/docs/projects/api-keys>.
pub(crate) fn is_of_firebase(text: &str, kind: Kind, at: usize) -> bool {
    const REACH: usize = 400;
    let near = &text.as_bytes()[at.saturating_sub(REACH)..(at + REACH).min(text.len())];
    let says = |word: &str| near.windows(word.len()).any(|it| it == word.as_bytes());
    // What its console hands out for programs of Android and iOS: `google-services.json`, `GoogleService-Info.plist`.
    let of_program = || says("\"current_key\"") || text.contains("<key>GCM_SENDER_ID</key>");
    matches!(kind, Kind::ProviderFormat(format) if format.name == "google-api-key")
        && (says("authDomain") || says("messagingSenderId") || of_program())
}

/// Whether a page writes the key that a setting holds into the attribute of an element, for a script that its visitors load:
/// `data-api-key="{{ SHOP_API_KEY }}"`. Reads the templates of the project until one does, so it is asked for last.
pub(crate) fn is_shown_by_page(file: &FileContext<'_>, name: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let name = name.to_ascii_lowercase();
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
    // What the environment calls `ACME_SHOP_API_KEY` may be `SHOP_API_KEY` in the settings.
    let is_name = |word: &str| {
        let word = word.to_ascii_lowercase();
        name_class(&word).is_some()
            && name.strip_suffix(word.as_str()).is_some_and(|it| it.is_empty() || it.ends_with('_'))
    };
    // The address of a script is asked for by the browser, with what stands in it.
    let loads = |line: &str| {
        let scripts = line.split("<script").skip(1).filter_map(|it| it.split('>').next());
        scripts.flat_map(|it| it.split("{{").skip(1)).any(|it| {
            let inside = it.split("}}").next().unwrap_or_default();
            inside.split(|it| !is_part(it)).any(is_name)
        })
    };
    let shows = |line: &str| {
        loads(line)
            || line.split(" data-").skip(1).any(|attribute| {
                let value = attribute.split_once('=').and_then(|(_, it)| it.split_once("{{"));
                let value = value.filter(|(before, _)| before.trim_matches(['"', '\'']).is_empty());
                let value = value.and_then(|(_, it)| it.split_once("}}"));
                value.is_some_and(|(inside, _)| inside.split(|it| !is_part(it)).any(is_name))
            })
    };
    facts.answer(known.component, format!("a page shows {name}"), || {
        let mut pages = facts.tree().files().filter(|it| {
            matches!(it.extension(), Some("html" | "htm" | "jinja" | "jinja2" | "j2"))
        });
        pages.any(|it| facts.text(it).whole().is_some_and(|it| it.text().lines().any(shows)))
    })
}

/// Whether a front end shows what a variable of this name holds.
pub(crate) fn is_public_name(name: &str) -> bool {
    PUBLIC.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether a place is within a URL: a token there was signed for this one address.
pub(crate) fn is_in_address(text: &str, at: u32) -> bool {
    let before = &text[..at as usize];
    let start = before.rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '('));
    before[start.map_or(0, |it| it + 1)..].starts_with("http")
}

/// Whether a credential of a cloud is for a program that stands in for it on one's own machine.
pub(crate) fn is_of_emulator(text: &str, kind: Kind, at: usize) -> bool {
    const REACH: usize = 300;
    let near = &text.as_bytes()[at.saturating_sub(REACH)..(at + REACH).min(text.len())];
    let near = String::from_utf8_lossy(near).to_ascii_lowercase();
    let is_here = |host: &str| {
        let host = host.split([':', '/', '"', '\'', ' ']).next().unwrap_or_default();
        !host.is_empty() && !host.contains(['.', '{', '$', '<', '%'])
            || host.starts_with("127.")
            || host == "host.docker.internal"
    };
    let is_of_cloud =
        matches!(kind, Kind::ProviderFormat(format) if matches!(format.maker, "AWS" | "Microsoft"));
    let names = ["minio", "localstack", "azurite", "devstoreaccount", "dynamodb-local"];
    is_of_cloud
        && (names.iter().any(|it| near.contains(it)) || near.split("http://").skip(1).any(is_here))
}

/// The key on the line of a value, where one stands directly before it and promises a secret.
pub(crate) fn key_before(text: &str, at: usize) -> Option<&str> {
    word_before(text, at).filter(|it| name_class(it).is_some())
}

/// The word on the line of a value that stands directly before it.
fn word_before(text: &str, at: usize) -> Option<&str> {
    const FARTHEST: usize = 200;
    let from = at.saturating_sub(FARTHEST);
    let line = text.as_bytes()[from..at].iter().rposition(|&byte| byte == b'\n');
    let start = from + line.map_or(0, |line| line + 1);
    // A cut inside a character is inside no key either.
    let before = text.get(start..at)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let key = before.trim_end_matches(|c: char| !is_part(c));
    let first = key.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
    // After a character of several bytes the key does not begin at the next.
    key.get(first..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_named_like_their_keys() {
        assert_eq!(partners("privkey")[..2], ["fullchain", "cert"]);
        assert!(partners("server-key").contains(&"server-cert".to_owned()));
        assert!(partners("server").is_empty());
    }

    #[test]
    fn the_key_is_what_stands_before_the_value() {
        let key = |line: &str| {
            let at = line.find("VALUE").expect("has a value");
            key_before(line, at).map(str::to_owned)
        };
        assert_eq!(key("API_TOKEN=VALUE").as_deref(), Some("API_TOKEN"));
        assert_eq!(key("a: 1\n  db_password: \"VALUE\"").as_deref(), Some("db_password"));
        assert_eq!(key("{\"clientSecret\" : \"VALUE\"}").as_deref(), Some("clientSecret"));
        assert_eq!(key("ümläut password = VALUE").as_deref(), Some("password"));
        assert_eq!(key("VALUE"), None);
        assert_eq!(key("name=VALUE"), None);
        assert_eq!(key(&format!("{}é: VALUE", "é".repeat(200))), None);
    }
}
