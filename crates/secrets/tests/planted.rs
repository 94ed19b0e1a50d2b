//! Precision and recall on planted literals: credentials made at random, and texts that only look or sound like them.

use roadworthy_secrets::{Binding, Confidence, Place, judge, scan};
use serde::Deserialize;

const HEX: &str = "0123456789abcdef";
const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE64: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/";
const TYPED: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!@#%&*-_";

/// A generator by a seed, so that every run judges the same texts (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        (0..length).map(|_| char::from(alphabet.as_bytes()[self.below(alphabet.len())])).collect()
    }
}

const PASSWORD_NAMES: &[&str] = &[
    "password",
    "DB_PASSWORD",
    "passwd",
    "smtp_pass",
    "user-password",
    "adminPassword",
    "root_pwd",
];
const TOKEN_NAMES: &[&str] = &[
    "token",
    "access_token",
    "clientSecret",
    "AUTH_TOKEN",
    "app_secret",
    "bot_token",
    "credentials",
];
const KEY_NAMES: &[&str] =
    &["api_key", "SECRET_KEY", "X-API-Key", "signing_key", "encryptionKey", "OPENAI_API_KEY"];

fn named(name: &str, value: &str) -> Option<Confidence> {
    judge(&Place::Bound { name, binding: Binding::Assignment }, value).map(|it| it.confidence)
}

#[test]
fn planted_credentials_are_found() {
    let mut random = Random(0x5EED_0001);
    let (mut planted, mut found, mut missed) = (0u32, 0u32, Vec::new());
    for _ in 0..500 {
        let (name, value) = match random.below(6) {
            0 => {
                let length = 8 + random.below(12);
                (random.pick(PASSWORD_NAMES), random.text(TYPED, length))
            }
            1 => {
                let word =
                    random.pick(&["Panther", "Winter", "Chelsea", "Berlin", "dragon", "Falcon"]);
                let sign = random.pick(&["!", "#", "@", ""]);
                (random.pick(PASSWORD_NAMES), format!("{word}{}{sign}", 1960 + random.below(65)))
            }
            2 => (random.pick(TOKEN_NAMES), random.text(HEX, 40)),
            3 => (random.pick(TOKEN_NAMES), random.text(BASE64, 44)),
            4 => (random.pick(KEY_NAMES), random.text(HEX, 32)),
            _ => (random.pick(KEY_NAMES), random.text(ALPHANUMERIC, 32)),
        };
        planted += 1;
        if named(name, &value) >= Some(Confidence::Medium) {
            found += 1;
        } else {
            missed.push(format!("{name} = {value}"));
        }
    }
    for _ in 0..100 {
        let password = random.text(ALPHANUMERIC, 14);
        let text = match random.below(3) {
            0 => format!("postgresql://app:{password}@db.acme.io:5432/main"),
            1 => format!("amqps://worker:{password}@{{host}}/"),
            _ => format!("Bearer {}", random.text(ALPHANUMERIC, 40)),
        };
        planted += 1;
        if judge(&Place::Unbound, &text).is_some_and(|it| it.confidence >= Confidence::Medium) {
            found += 1;
        } else {
            missed.push(text);
        }
    }
    let recall = f64::from(found) / f64::from(planted);
    assert!(recall >= 0.98, "recall {recall:.3}; missed:\n{}", missed.join("\n"));
}

#[derive(Deserialize)]
struct Formats {
    format: Vec<Format>,
}

#[derive(Deserialize)]
struct Format {
    name: String,
    valid: Vec<Vec<String>>,
}

#[test]
fn planted_formats_are_found_among_other_text() {
    let mut random = Random(0x5EED_0002);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("formats");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "toml") {
            continue;
        }
        let file: Formats = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for format in file.format {
            for sample in format.valid.iter().map(|it| it.concat()) {
                let (before, after) = (random.below(200), random.below(200));
                let text = format!(
                    "{} = '{sample}'  # {}",
                    random.text("abcdefg hij\n\"", before),
                    random.text("abcdefg hij\n\"", after)
                );
                let found = scan(text.as_bytes());
                assert_eq!(found.len(), 1, "{}", format.name);
                assert_eq!(&text[found[0].span.clone()], sample, "{}", format.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen}");
}

/// Words that texts about credentials are made of.
const WORDS: &[&str] = &[
    "user", "access", "refresh", "login", "service", "account", "email", "reset", "verify",
    "client", "mailbox", "session", "provider", "device", "grant", "remote", "storage", "signin",
    "profile", "oauth", "bearer", "expired", "missing", "rotate", "header", "cookie", "settings",
    "backend", "manager", "default",
];

/// One text that sounds like a credential and is none.
fn hard_negative(random: &mut Random) -> String {
    let (a, b, c) = (random.pick(WORDS), random.pick(WORDS), random.pick(WORDS));
    let secret = random.pick(&["password", "token", "secret", "api_key", "key"]);
    match random.below(24) {
        0 => format!("{a}_{b}_{secret}"),
        1 => format!("{a}-{b}-{c}"),
        2 => format!("{}_{}_{}", a.to_uppercase(), b.to_uppercase(), secret.to_uppercase()),
        3 => format!("X-{}-{}", capital(a), capital(&secret.replace('_', "-"))),
        4 => format!("{a}{}{}", capital(b), capital(c)),
        5 => format!("{a}.{b}.{c}"),
        6 => format!("{}. Please {b} your {secret}", capital(a)),
        7 => random
            .pick(&["</s>", "<pad>", "[MASK]", "<|endoftext|>", "<unk>", "[CLS]", "\u{2581}"])
            .to_owned(),
        8 => format!("//input[@name='{a}_{secret}']"),
        9 => format!("#{a}-form input[type=\"{secret}\"]"),
        10 => format!("https://{a}.acme.io/{b}/{secret}?id=7"),
        11 => format!("/{a}/{b}/{secret}.json"),
        12 => format!("${{{}_{}}}", a.to_uppercase(), secret.to_uppercase()),
        13 => format!("{{{{ {a}.{secret} }}}}"),
        14 => format!("{{{a}_{secret}}}"),
        15 => format!("%({a}_{secret})s"),
        16 => random
            .pick(&["********", "xxxxxxxxxxxx", "............", "--------", "XXXX-XXXX-XXXX"])
            .to_owned(),
        17 => format!("<your-{a}-{secret}>"),
        18 => format!("your_{a}_{secret}_here"),
        19 => random
            .pick(&[
                "changeme",
                "CHANGE_ME",
                "test1234",
                "abcd1234efgh",
                "fake-token",
                "not-a-real-key",
            ])
            .to_owned(),
        20 => format!("component.{a}.config.error.{b}_{c}"),
        21 => format!("$2b$12${}", random.text(ALPHANUMERIC, 53)),
        22 => format!("urn:ietf:params:oauth:{a}-type:{b}"),
        _ => format!("{a}:{b}:{c}"),
    }
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

#[test]
fn hard_negatives_stay_silent() {
    let mut random = Random(0x5EED_0003);
    let (mut alarms, mut all) = (Vec::new(), 0u32);
    let names = [PASSWORD_NAMES, TOKEN_NAMES, KEY_NAMES].concat();
    for _ in 0..4000 {
        let name = random.pick(&names);
        let value = hard_negative(&mut random);
        all += 1;
        if named(name, &value) >= Some(Confidence::Medium) {
            alarms.push(format!("{name} = {value}"));
        }
    }
    // Names that only mention a credential, or hold a checksum, hold none whatever the value.
    for _ in 0..1000 {
        let name = random.pick(&[
            "password_url",
            "token_type",
            "secret_name",
            "sha256",
            "checksum",
            "etag",
            "commit",
            "next_page_token",
            "pad_token",
            "sort_key",
            "cache_key",
            "public_key",
            "fingerprint",
            "api_keys_path",
        ]);
        let value = random.text(HEX, 40);
        all += 1;
        if named(name, &value).is_some() {
            alarms.push(format!("{name} = {value}"));
        }
    }
    let rate = f64::from(u32::try_from(alarms.len()).unwrap()) / f64::from(all);
    assert!(rate <= 0.002, "{rate:.4} of {all}:\n{}", alarms.join("\n"));
}

#[test]
fn texts_without_names_stay_silent() {
    let mut random = Random(0x5EED_0004);
    for _ in 0..2000 {
        let text = match random.below(4) {
            0 => random.text(HEX, 64),
            1 => random.text(BASE64, 88),
            2 => hard_negative(&mut random),
            _ => random.text(TYPED, 30),
        };
        assert!(judge(&Place::Unbound, &text).is_none(), "{text}");
        assert!(scan(text.as_bytes()).is_empty(), "{text}");
    }
}
