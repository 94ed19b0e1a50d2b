//! Keys, URLs, headers and web tokens: real ones and samples.

use crate::{Binding, Confidence, Kind, Place, judge, scan};

fn found(text: &str) -> Option<(Kind, Confidence, &str)> {
    scan(text.as_bytes()).into_iter().next().map(|it| (it.kind, it.confidence, &text[it.span]))
}

fn body() -> String {
    "MIIEowIBAAKCAQEAx7Kq9vZtW3sRpLm2YdFhBn8uJcQe5gTiOa1oXkHwEzVrPb4NyUjD6".to_owned()
}

#[test]
fn key_blocks_with_newlines_or_escapes() {
    let head = "-----BEGIN RSA PRIVATE KEY-----";
    let tail = "-----END RSA PRIVATE KEY-----";
    for joint in ["\n", "\\n", "\\n\"\n    \"", "\r\n"] {
        let text = format!("{head}{joint}{}{joint}{}{joint}{tail}", body(), &body()[..30]);
        assert_eq!(
            found(&text),
            Some((Kind::PrivateKey, Confidence::High, text.as_str())),
            "{joint:?}"
        );
    }
    let encrypted =
        format!("{head}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n{}\n{tail}", body());
    assert_eq!(found(&encrypted).map(|it| it.1), Some(Confidence::Medium));
    let pkcs8 = format!("-----BEGIN ENCRYPTED PRIVATE KEY-----\n{}\n", body());
    assert_eq!(found(&pkcs8).map(|it| it.1), Some(Confidence::Medium));
    let pgp = format!("-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n{}\n", body());
    assert_eq!(found(&pgp).map(|it| it.0), Some(Kind::PrivateKey));
}

#[test]
fn mentions_of_key_blocks_are_none() {
    for text in [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\\n...\\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nYOUR KEY HERE\n-----END PRIVATE KEY-----",
        "if text.startswith('-----BEGIN PRIVATE KEY-----'):",
    ] {
        assert_eq!(found(text), None, "{text}");
    }
    assert_eq!(found(&format!("-----BEGIN PRIVATE KEY-----\n{}\n", "x".repeat(64))), None);
    // The sample of jwt.io.
    let sample = "MIIEvwIBADANBgkqhkiG9w0BAQEFAASCBKkwggSlAgEAAoIBAQC7VJTUt9Us8cKj";
    assert_eq!(found(&format!("-----BEGIN PRIVATE KEY-----\n{sample}\nMzEfYyjiWA4R4\n")), None);
    let other = sample.replace("7VJT", "7VJS");
    assert!(found(&format!("-----BEGIN PRIVATE KEY-----\n{other}\nMzEfYyjiWA4R4\n")).is_some());
    assert_eq!(found(&format!("-----BEGIN CERTIFICATE-----\n{}\n", body())), None);
    assert_eq!(found(&format!("-----BEGIN PUBLIC KEY-----\n{}\n", body())), None);
}

#[test]
fn putty_keys() {
    let text = format!(
        "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n{}\n",
        body()
    );
    assert_eq!(found(&text).map(|it| (it.0, it.1)), Some((Kind::PrivateKey, Confidence::High)));
}

#[test]
fn passwords_in_urls() {
    let (kind, confidence, span) =
        found("postgresql://app:Panther2017@db.acme.io:5432/main").unwrap();
    assert_eq!((kind, confidence, span), (Kind::UrlPassword, Confidence::Medium, "Panther2017"));
    assert_eq!(found("redis://:q8Zk2vLp@{host}/0").map(|it| it.1), Some(Confidence::Medium));
    assert_eq!(found("amqp://app:Panther2017@localhost/").map(|it| it.1), Some(Confidence::Low));
    assert_eq!(found("mysql://scott:tiger@db.acme.io/").map(|it| it.1), Some(Confidence::Low));
}

#[test]
fn urls_without_a_secret() {
    for text in [
        "https://acme.io/path:with@sign",
        "https://acme.io:8080/a@b",
        "postgresql://app:app@db.acme.io/main",
        "postgresql://user:password@db.acme.io/main",
        "postgresql://user:pass@db.acme.io/main",
        "postgresql://user:abc@db.acme.io/main",
        "postgresql://user:Panther2017@example.com/main",
        "postgresql://user:Panther2017@db.example.org/main",
        "postgresql://{user}:{password}@{host}/main",
        "postgresql://${USER}:${PASSWORD}@db.acme.io/main",
        "postgresql://user:%(password)s@db.acme.io/main",
        "postgresql://user:<password>@db.acme.io/main",
        "postgresql://user:***@db.acme.io/main",
        "postgresql://user:changeme@db.acme.io/main",
        "https://user@acme.io/",
    ] {
        assert_eq!(found(text), None, "{text}");
    }
}

#[test]
fn percent_encoded_passwords_are_judged_decoded() {
    assert_eq!(
        found("postgresql://app:Pan%40ther2017@db.acme.io/").map(|it| (it.1, it.2)),
        Some((Confidence::Medium, "Pan%40ther2017"))
    );
    for text in [
        // `password`, `<secret>`, and the user name over again.
        "postgresql://app:p%61ssword@db.acme.io/",
        "postgresql://app:%3Csecret%3E@db.acme.io/",
        "postgresql://app%2Dadmin:app-admin@db.acme.io/",
        "postgresql://app:%s@db.acme.io/",
    ] {
        assert_eq!(found(text), None, "{text}");
    }
}

#[test]
fn a_key_block_has_few_headers() {
    let key = |headers: usize| {
        let headers = "Comment: x\n".repeat(headers);
        format!("-----BEGIN PRIVATE KEY-----\n{headers}\n{}\n", body())
    };
    assert!(found(&key(4)).is_some());
    assert!(found(&key(400)).is_none());
}

#[test]
fn the_key_of_a_service_account_is_told_by_its_json() {
    let key = format!("-----BEGIN PRIVATE KEY-----\\n{}\\n-----END PRIVATE KEY-----\\n", body());
    let account = |kind: &str| {
        format!("{{\"type\": \"{kind}\", \"private_key\": \"{key}\", \"client_id\": \"1\"}}")
    };
    let phrase = |text: &str| found(text).map(|it| it.0.phrase());
    assert_eq!(phrase(&account("service_account")), Some("google-service-account"));
    let within = account("service_account").replace('\\', "\\\\").replace('"', "\\\"");
    assert_eq!(phrase(&within), Some("google-service-account"));
    let behind = format!("{{'private_key': '{key}', 'type' : 'service_account'}}");
    assert_eq!(phrase(&behind), Some("google-service-account"));
    assert_eq!(phrase(&account("authorized_user")), Some("private key"));
    assert_eq!(phrase(&format!("type: service_account\n{key}")), Some("private key"));
}

/// An access key id.
fn key_id() -> String {
    ["AK", "IAQ7ZK2VLP4SRT3WXY"].concat()
}

#[test]
fn an_aws_secret_is_told_by_the_key_id_beside_it() {
    let secret = "q8Zk2vLp9sRt4wXy7bNc/1mHd3fGj5kT6uVaEoI+";
    let phrases = |text: &str| -> Vec<_> {
        let found = scan(text.as_bytes());
        found.iter().map(|it| (it.kind.phrase(), text[it.span.clone()].len())).collect()
    };
    let (id, both) = (("aws-access-key-id", 20), ("aws-secret-access-key", 40));
    for (before, between, after) in [
        ("", "\n", "\n"),
        ("id=", "\nsecret=", ""),
        ("[", "\", \"", "\"]"),
        ("", "\n1\n2\n3\n4\n", ""),
        ("x\\n", "\\n", "\\n"),
    ] {
        let text = format!("{before}{}{between}{secret}{after}", key_id());
        assert_eq!(phrases(&text), [id, both], "{between:?}");
        let text = format!("{before}{secret}{between}{}{after}", key_id());
        assert_eq!(phrases(&text), [both, id], "{between:?}");
    }
    for between in ["\n1\n2\n3\n4\n5\n6\n", " commit-", " x", "\n_"] {
        let text = format!("{}{between}{secret}", key_id());
        assert_eq!(phrases(&text), [id], "{between:?}");
    }
    for other in [
        "9f86d081884c7d659a2feaa0c55ad0159f86d081",
        "src/components/Account/Settings/Page2/in",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ] {
        assert_eq!(phrases(&format!("{} {other}", key_id())), [id], "{other}");
    }
    // The sample of AWS's documentation has no secret worth reporting.
    let sample = ["AK", "IAIOSFODNN7EXAMPLE"].concat();
    assert!(phrases(&format!("{sample}\n{secret}")).is_empty());
    assert!(phrases(secret).is_empty());
}

#[test]
fn authorization_headers() {
    let (kind, confidence, span) = found("Authorization: Bearer q8Zk2vLp9sRt4wXy7bNc").unwrap();
    assert_eq!((kind, confidence), (Kind::AuthorizationHeader, Confidence::Medium));
    assert_eq!(span, "q8Zk2vLp9sRt4wXy7bNc");
    // anna:Panther2017
    assert!(found("Basic YW5uYTpQYW50aGVyMjAxNw==").is_some());
    assert!(found("Authorization: token q8Zk2vLp9sRt4wXy7bNc").is_some());
    let header = Place::Bound { name: "Authorization", binding: Binding::DictEntry };
    assert!(judge(&header, "token q8Zk2vLp9sRt4wXy7bNc").is_some());
    for text in [
        "Bearer {token}",
        "Bearer authentication-is-required",
        "Bearer your-token-goes-here-1",
        "Bearer xxxxxxxxxxxxxxxxxxxx1",
        "basic authentication",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "Basic dXNlcjpwYXNzd29yZA==",
        "a token q8Zk2vLp9sRt4wXy7bNc in prose",
    ] {
        assert_eq!(found(text), None, "{text}");
    }
}

#[test]
fn web_tokens() {
    let sample = [
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        ".eyJzdWIiOiI0MiIsInJvbGUiOiJhZG1pbiJ9.",
        "q8Zk2vLp9sRt4wXy7bNcQ1mHd3fGj5kT6uVaEoIzWx0",
    ]
    .concat();
    assert_eq!(found(&sample), Some((Kind::JsonWebToken, Confidence::High, sample.as_str())));
    // The sample of jwt.io, and one whose payload is no JSON.
    let public = [
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.",
        "q8Zk2vLp9sRt4wXy7bNcQ1mHd3fGj5kT6uVaEoIzWx0",
    ]
    .concat();
    assert_eq!(found(&public), None);
    let broken = [
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        ".aaaaaaaaaaaaaaaa.",
        "q8Zk2vLp9sRt4wXy7bNcQ1mHd3fGj5kT6uVaEoIzWx0",
    ]
    .concat();
    assert_eq!(found(&broken), None);
}

#[test]
fn web_tokens_that_open_nothing_are_low() {
    let (signed, none) = ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJhbGciOiJub25lIn0");
    // `{"sub":"42","exp":…}` with 1500000000, 4000000000, and no number.
    let past = "eyJzdWIiOiI0MiIsImV4cCI6MTUwMDAwMDAwMH0";
    let future = "eyJzdWIiOiI0MiIsImV4cCI6NDAwMDAwMDAwMH0";
    // The same, and made some hours before.
    let short = "eyJzdWIiOiI0MiIsImlhdCI6Mzk5OTk5MDAwMCwiZXhwIjo0MDAwMDAwMDAwfQ";
    let never = "eyJzdWIiOiI0MiIsImV4cCI6bnVsbH0";
    for (header, payload, expected) in [
        (signed, past, Confidence::Low),
        (signed, future, Confidence::Medium),
        (signed, short, Confidence::Low),
        (signed, never, Confidence::High),
        (none, never, Confidence::Low),
    ] {
        let text = format!("{header}.{payload}.q8Zk2vLp9sRt4wXy7bNcQ1mHd3fGj5kT6uVaEoIzWx0");
        assert_eq!(found(&text).map(|it| it.1), Some(expected), "{payload}");
    }
}

#[test]
fn a_bearer_token_that_nobody_signed_is_none() {
    // {"alg":"none","typ":"JWT"} and {"user":"jo"}.
    let unsigned = "Authorization: Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ1c2VyIjoiam8ifQ.";
    assert!(crate::scan(unsigned.as_bytes()).is_empty());
    let opaque = "Authorization: Bearer q8Zt4mWx7RkP2vLsq8Zt4mWx";
    assert_eq!(crate::scan(opaque.as_bytes()).len(), 1);
}
