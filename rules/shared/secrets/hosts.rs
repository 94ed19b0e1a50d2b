//! What a secret of an environment opens, by the addresses beside it: something of others, or a service that developers start
//! on their own machines. Knows names and addresses, no rule and no level.

use roadworthy_secrets::{Kind, Secret};

use super::documents::key_before;

/// Names under which settings keep where something is.
const PLACES: [&str; 9] =
    ["addr", "address", "broker", "domain", "dsn", "endpoint", "host", "server", "url"];

/// Words for the same kind of service: `POSTGRES_PASSWORD` belongs to `DB_HOST`.
const ALIKE: [&[&str]; 2] = [
    &["database", "db", "mariadb", "mongo", "mongodb", "mssql", "mysql", "pg", "postgres", "sql"],
    &["email", "mail", "smtp"],
];

/// Whether a secret opens a service on a host that anybody can ask for: the host stands behind the password of an address, or
/// in a setting whose name begins as that of the secret does.
pub(crate) fn opens_elsewhere(text: &str, secret: &Secret) -> bool {
    if secret.kind == Kind::UrlPassword {
        let behind = &text[secret.span.end..];
        return behind.strip_prefix('@').is_some_and(|it| is_remote(host_of(it)));
    }
    let name = key_before(text, secret.span.start).unwrap_or_default();
    let Some(of) = first_word(name) else { return false };
    text.lines().flat_map(settings_of).any(|(name, value)| {
        let value = value.trim().trim_matches(['"', '\'']);
        let is_named = name
            .trim()
            .to_ascii_lowercase()
            .split(['_', '-', '.'])
            .any(|it| PLACES.contains(&it) || it == "uri");
        let host = match value.split_once("://") {
            Some((_, rest)) => host_of(rest.rsplit_once('@').map_or(rest, |(_, rest)| rest)),
            None if is_named => host_of(value),
            None => return false,
        };
        first_word(name.trim()).is_some_and(|it| is_alike(&it, &of)) && is_remote(host)
    })
}

/// The settings that a line makes, with their values; an instruction of a Dockerfile makes several, or one without a sign
/// (<https://docs.docker.com/reference/dockerfile/#env>).
fn settings_of(line: &str) -> Vec<(&str, &str)> {
    let line = line.trim_start();
    let Some(set) = ["ENV ", "ARG "].iter().find_map(|it| line.strip_prefix(it)) else {
        let line = line.strip_prefix("export ").unwrap_or(line);
        return line.split_once('=').into_iter().collect();
    };
    let set = set.trim_start();
    match set.split_once(char::is_whitespace) {
        Some((name, value)) if !name.contains('=') => vec![(name, value)],
        _ => set.split_whitespace().filter_map(|it| it.split_once('=')).collect(),
    }
}

/// The first word of a setting's name, in lower case.
fn first_word(name: &str) -> Option<String> {
    let word = name.split(['_', '-', '.']).next()?;
    (!word.is_empty() && !word.starts_with('#')).then(|| word.to_ascii_lowercase())
}

fn is_alike(one: &str, other: &str) -> bool {
    one == other || ALIKE.iter().any(|it| it.contains(&one) && it.contains(&other))
}

/// The host at the beginning of an address, without its port.
fn host_of(address: &str) -> &str {
    address
        .split(|it: char| it.is_whitespace() || matches!(it, '/' | ':' | '"' | '\'' | '?' | '#'))
        .next()
        .unwrap_or_default()
}

/// Whether a host is one of the public network: it has a domain, which is none of one's own machine or of an example.
fn is_remote(host: &str) -> bool {
    const OWN: [&str; 9] = [
        "example",
        "home",
        "internal",
        "invalid",
        "lan",
        "local",
        "localhost",
        "localdomain",
        "test",
    ];
    let host = host.to_ascii_lowercase();
    let Some((before, end)) = host.rsplit_once('.') else { return false };
    let is_name =
        |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it));
    let is_number = end.bytes().all(|it| it.is_ascii_digit());
    let least = if is_number { 1 } else { 2 };
    let private = ["10.", "127.", "172.", "192.168.", "0.", "169.254."];
    let is_private = is_number && private.iter().any(|it| host.starts_with(it));
    let invented = ["example", "your", "placeholder", "changeme"];
    let is_invented = invented.iter().any(|it| host.contains(it));
    let is_own = OWN.contains(&end) || is_private || is_invented;
    is_name(&host) && !before.is_empty() && end.len() >= least && !is_own
}

#[cfg(test)]
mod tests {
    use super::{is_remote, settings_of};

    #[test]
    fn an_instruction_makes_several_settings() {
        let both = [("SMTP_PASSWORD", "x"), ("SMTP_HOST", "smtp.acme.io")];
        assert_eq!(settings_of("ENV SMTP_PASSWORD=x SMTP_HOST=smtp.acme.io"), both);
        assert_eq!(settings_of("ENV SMTP_HOST smtp.acme.io"), both[1..]);
        assert_eq!(settings_of("export SMTP_HOST=smtp.acme.io"), both[1..]);
    }

    #[test]
    fn hosts_of_the_public_network_have_a_domain() {
        for host in
            ["db.acme.io", "smtp.gmail.com", "52.18.3.4", "shop.eu-west-1.rds.amazonaws.com"]
        {
            assert!(is_remote(host), "{host}");
        }
        for host in [
            "db",
            "localhost",
            "192.168.1.7",
            "host.docker.internal",
            "homeassistant.local",
            "your-host.com",
            "api.example.com",
            "${HOST}.acme.io",
            "",
        ] {
            assert!(!is_remote(host), "{host}");
        }
    }
}
