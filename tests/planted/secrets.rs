//! Credentials made at random: what they are called, what shape they have, how they are made.

use super::encodings::{base36, base62, base64, base64_url, bech32, crc32};
use super::random::{BASE62, DIGITS, HEX, Random, SERVICES, URL64};
use super::template::random_text;

/// Where a value can be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    /// Letters, digits, `_ - . ~`: in a URL as well.
    Word,
    /// And `+ / = :`.
    Token,
    /// Typed by a person, with signs of the keyboard.
    Typed,
    /// A URL or a connection string, which speaks for itself.
    Whole,
    /// The value of an `Authorization` header.
    Header,
    /// Several lines.
    Block,
}

/// A kind of credential.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What it is bound to; the formats of providers need no name that says so.
    pub(crate) names: &'static [&'static str],
    pub(crate) shape: Shape,
    make: Make,
}

enum Make {
    Template(&'static str),
    With(fn(&mut Random) -> String),
}

impl Kind {
    pub(crate) fn make(&self, random: &mut Random) -> String {
        match self.make {
            Make::Template(template) => random_text(template, random),
            Make::With(make) => make(random),
        }
    }
}

const PASSWORD: &[&str] = &[
    "password",
    "db_password",
    "smtp_pass",
    "admin_password",
    "ftp_passwd",
    "root_pwd",
    "mqtt_password",
    "ldap_password",
    "keystore_password",
    "sudo_pass",
    "rabbitmq_password",
    "login_password",
];
const TOKEN: &[&str] = &[
    "token",
    "access_token",
    "auth_token",
    "bot_token",
    "refresh_token",
    "client_secret",
    "webhook_secret",
    "jwt_secret",
    "consumer_secret",
    "deploy_token",
    "app_secret",
    "service_token",
    "personal_access_token",
];
const KEY: &[&str] = &[
    "api_key",
    "secret_key",
    "signing_key",
    "encryption_key",
    "access_key",
    "hmac_key",
    "session_key",
    "master_key",
    "aes_key",
    "shared_key",
    "license_key",
    "private_key",
];
/// Names that promise nothing: a format must be known by itself.
const ANY: &[&str] = &[
    "api_token",
    "remote",
    "upstream",
    "access_token",
    "identity",
    "publish_token",
    "login",
    "endpoint_auth",
    "api_key",
];
const HOOK: &[&str] = &["webhook_url", "notify_url", "channel", "incident_hook"];
const URL: &[&str] = &["database_url", "broker_url", "cache_url", "connection", "dsn", "upstream"];

const fn known(name: &'static str, template: &'static str) -> Kind {
    Kind { name, names: ANY, shape: Shape::Word, make: Make::Template(template) }
}

const fn summed(name: &'static str, shape: Shape, make: fn(&mut Random) -> String) -> Kind {
    Kind { name, names: ANY, shape, make: Make::With(make) }
}

const fn named(
    name: &'static str,
    names: &'static [&'static str],
    shape: Shape,
    template: &'static str,
) -> Kind {
    Kind { name, names, shape, make: Make::Template(template) }
}

pub(crate) const KINDS: &[Kind] = &[
    summed("github classic", Shape::Word, |random| {
        let prefix = random.pick(&["ghp_", "gho_", "ghu_", "ghr_", "ghs_"]);
        with_base62_sum(prefix, random)
    }),
    known("github fine-grained", "github_pat_«b62 22»_«b62 59»"),
    known("gitlab", "glpat-«url 20»"),
    summed("gitlab routable", Shape::Word, gitlab_routable),
    known("gitlab runner", "GR1348941«url 20»"),
    summed("npm", Shape::Word, |random| with_base62_sum("npm_", random)),
    summed("pypi", Shape::Word, |random| {
        // A macaroon: version 2, the site's name, then an identifier and a signature.
        let identifier = random_text("\u{2}\u{2c}[1,null,{\"version\":1}]«uuid»«b62 40»", random);
        format!("pypi-AgEIcHlwaS5vcmc{}", base64_url(identifier.as_bytes()))
    }),
    known("rubygems", "rubygems_«hex 48»"),
    known("docker hub", "dckr_pat_«url 27»"),
    summed("atlassian", Shape::Token, |random| {
        let text = random_text("ATATT3xFfGF0«url 150..170»=", random);
        format!("{text}{:08X}", crc32(text.as_bytes()))
    }),
    summed("bitbucket", Shape::Word, |random| {
        let text = random_text("ATBB«b62 24»", random);
        format!("{text}{:08X}", crc32(text.as_bytes()))
    }),
    known("aws key id", "AKIA«b32 16»"),
    named(
        "aws secret key",
        &["aws_secret_access_key", "aws_secret_key", "s3_secret_key"],
        Shape::Token,
        "«b64 40»",
    ),
    known("google api key", "AIza«url 35»"),
    known("google oauth secret", "GOCSPX-«url 28»"),
    named(
        "azure storage",
        &["storage_connection", "blob_connection", "azure_storage"],
        Shape::Whole,
        "DefaultEndpointsProtocol=https;AccountName=«service»store;AccountKey=«b64 86»==;EndpointSuffix=core.windows.net",
    ),
    named(
        "azure ad secret",
        &["client_secret", "azure_client_secret"],
        Shape::Word,
        "«b62 3»8Q~«url 34»",
    ),
    known("digitalocean", "dop_v1_«hex 64»"),
    known("heroku", "HRKU-AA«url 58»"),
    known("databricks", "dapi«hex 32»"),
    known("openai", "sk-proj-«url 74»T3BlbkFJ«url 74»"),
    known("openai legacy", "sk-«b62 20»T3BlbkFJ«b62 20»"),
    known("anthropic", "sk-ant-api03-«url 93»AA"),
    known("hugging face", "hf_«letters 34»"),
    known("groq", "gsk_«b62 52»"),
    known("replicate", "r8_«b62 37»"),
    known("nvidia", "nvapi-«url 64»"),
    known("openrouter", "sk-or-v1-«hex 64»"),
    known("slack bot", "xoxb-«digits 12»-«digits 13»-«b62 24»"),
    known("slack app", "xapp-1-A«upper 10»-«digits 13»-«hex 64»"),
    named(
        "slack webhook",
        HOOK,
        Shape::Whole,
        "https://hooks.slack.com/services/T«upper 10»/B«upper 10»/«b62 24»",
    ),
    named(
        "discord webhook",
        HOOK,
        Shape::Whole,
        "https://discord.com/api/webhooks/1«digits 18»/«url 68»",
    ),
    named(
        "teams webhook",
        HOOK,
        Shape::Whole,
        "https://acme.webhook.office.com/webhookb2/«uuid»@«uuid»/IncomingWebhook/«hex 32»/«uuid»",
    ),
    named("telegram", ANY, Shape::Token, "«digits 10»:AA«url 33»"),
    known("sendgrid", "SG.«url 22».«url 43»"),
    known("mailgun", "key-«hex 32»"),
    known("stripe", "sk_live_«b62 99»"),
    known("shopify", "shpat_«hex 32»"),
    known("buildkite", "bkua_«b36 40»"),
    known("vault", "hvs.CAESI«url 90»"),
    known("terraform", "«b62 14».atlasv1.«url 67»"),
    known("pulumi", "pul-«hex 40»"),
    known("doppler", "dp.pt.«b62 43»"),
    known("tailscale", "tskey-auth-k«b62 11»CNTRL-«b62 32»"),
    summed("grafana", Shape::Word, |random| {
        let text = random_text("glsa_«b62 32»", random);
        format!("{text}_{:08x}", crc32(text.as_bytes()).swap_bytes())
    }),
    known("sentry", "sntryu_«hex 64»"),
    known("new relic", "NRAK-«upper 27»"),
    known("sonarqube", "sqp_«hex 40»"),
    known("linear", "lin_api_«b62 40»"),
    known("notion", "ntn_«digits 11»«b62 35»"),
    known("figma", "figd_«url 40»"),
    known("postman", "PMAK-«hex 24»-«hex 34»"),
    known("plaid", "access-production-«uuid»"),
    summed("age", Shape::Word, |random| {
        let data: Vec<u8> = (0..52).map(|_| random.below(32) as u8).collect();
        bech32("age-secret-key-", &data)
    }),
    named("django", &["secret_key"], Shape::Typed, "django-insecure-«b36 24»#«b36 12»@«b36 12»"),
    summed("jwt", Shape::Word, json_web_token),
    named("human password", PASSWORD, Shape::Typed, ""),
    named("typed password", PASSWORD, Shape::Typed, ""),
    named("short password", PASSWORD, Shape::Word, "«b62 10»"),
    named("passphrase", &["passphrase", "key_passphrase", "gpg_passphrase"], Shape::Word, ""),
    named("hex key", KEY, Shape::Word, "«hex 32»"),
    named("long hex key", KEY, Shape::Word, "«hex 64»"),
    named("hex token", TOKEN, Shape::Word, "«hex 40»"),
    named("base64 key", KEY, Shape::Token, "«b64 43»="),
    named("url-safe token", TOKEN, Shape::Word, "«url 43»"),
    named("base62 key", KEY, Shape::Word, "«b62 32»"),
    named("base62 token", TOKEN, Shape::Word, "«b62 24»"),
    named("letters", TOKEN, Shape::Word, "«letters 22»"),
    named(
        "uuid secret",
        &["client_secret", "app_secret", "webhook_secret", "auth_token"],
        Shape::Word,
        "«uuid»",
    ),
    named(
        "database url",
        URL,
        Shape::Whole,
        "postgresql://«service»:«b62 14»@db.acme-retail.io:5432/«service»",
    ),
    named("redis url", URL, Shape::Whole, "redis://:«b62 24»@cache.acme-retail.io:6379/0"),
    named(
        "git url",
        URL,
        Shape::Whole,
        "https://deploy:«b62 18»@git.acme-retail.io/«service»/core.git",
    ),
    named("bearer header", &["authorization"], Shape::Header, "Bearer «b62 40»"),
    summed("basic header", Shape::Header, |random| {
        let pair = format!("{}:{}", random.pick(SERVICES), random.text(BASE62, 14));
        format!("Basic {}", base64(pair.as_bytes()))
    }),
    summed("rsa key", Shape::Block, |random| pem(random, "RSA PRIVATE KEY", 1192)),
    summed("ec key", Shape::Block, |random| pem(random, "EC PRIVATE KEY", 121)),
    summed("pkcs8 key", Shape::Block, |random| pem(random, "PRIVATE KEY", 1218)),
    summed("openssh key", Shape::Block, |random| pem(random, "OPENSSH PRIVATE KEY", 387)),
];

/// The value of a kind; those of people are made here.
pub(crate) fn make(kind: &Kind, random: &mut Random) -> String {
    match kind.name {
        "human password" => human_password(random),
        "typed password" => typed_password(random),
        "passphrase" => {
            let mut word = || random.pick(PASSWORD_WORDS).to_lowercase();
            let (a, b, c) = (word(), word(), word());
            format!("{a}-{b}-{}-{c}", random.between(12, 98))
        }
        _ => kind.make(random),
    }
}

/// What a kind is called in one place; header values stand under the header's own name.
pub(crate) fn name_for(kind: &Kind, random: &mut Random) -> &'static str {
    match kind.shape {
        Shape::Header => "authorization",
        Shape::Block => random.pick(&["private_key", "tls_key", "deploy_identity"]),
        _ => random.pick(kind.names),
    }
}

/// The JSON file of a service account of Google's cloud.
pub(crate) fn service_account(random: &mut Random) -> String {
    let key = pem(random, "PRIVATE KEY", 1218).replace('\n', "\\n");
    let project = random_text("acme-«service»", random);
    format!(
        "{{\n  \"type\": \"service_account\",\n  \"project_id\": \"{project}\",\n  \"private_key_id\": \"{}\",\n  \
         \"private_key\": \"{key}\\n\",\n  \"client_email\": \"etl@{project}.iam.gserviceaccount.com\",\n  \
         \"client_id\": \"{}\",\n  \"token_uri\": \"https://oauth2.googleapis.com/token\"\n}}",
        random.text(HEX, 40),
        random.text(DIGITS, 21)
    )
}

const PASSWORD_WORDS: &[&str] = &[
    "Winter", "Kayak", "Lantern", "Panther", "Chelsea", "Marigold", "Thunder", "Berlin", "Saturn",
    "Walnut", "Copper", "Maverick", "Dolphin", "Falcon", "Juniper", "Orbit", "Pepper", "Rocket",
    "Sierra", "Tiger", "Velvet", "Zephyr",
];

/// As people make them: words, a year, a sign, digits for letters.
fn human_password(random: &mut Random) -> String {
    let (first, second) = (random.pick(PASSWORD_WORDS), random.pick(PASSWORD_WORDS));
    let sign = random.pick(&["!", "#", "@", "*", "&", "+"]);
    let year = random.between(1961, 2024);
    let number = random.between(13, 98);
    match random.below(6) {
        0 => format!("{first}{sign}{second}{number}"),
        1 => format!("{first}{year}{sign}"),
        2 => format!("{}{year}", first.to_lowercase()),
        3 => format!("{}{sign}{number}", leet(&format!("{first}{second}"))),
        4 => format!("{number}{}{sign}{}", first.to_lowercase(), second.to_lowercase()),
        _ => format!("{first}{second}{number}{sign}"),
    }
}

fn leet(text: &str) -> String {
    text.chars()
        .map(|it| match it {
            'a' => '4',
            'e' => '3',
            'i' => '1',
            'o' => '0',
            other => other,
        })
        .collect()
}

fn typed_password(random: &mut Random) -> String {
    const SIGNS: &str = "!@#*&+-_^~?";
    let length = random.between(10, 20);
    let mut letters: Vec<String> = (0..length - 2).map(|_| random.text(BASE62, 1)).collect();
    for _ in 0..2 {
        // Not at the ends: there some syntaxes give signs a meaning of their own.
        let at = random.between(1, letters.len() - 1);
        letters.insert(at, random.text(SIGNS, 1));
    }
    letters.concat()
}

fn with_base62_sum(prefix: &str, random: &mut Random) -> String {
    let text = random.text(BASE62, 30);
    format!("{prefix}{text}{}", base62(crc32(text.as_bytes()), 6))
}

/// `glpat-`, a payload of lines with the cell, the group and the owner, its length in base 36, a CRC-32 in base 36.
fn gitlab_routable(random: &mut Random) -> String {
    let bytes = random_text("c:1\no:«digits 4»\nu:«b36 3»\n«b62 16»\u{10}", random);
    let payload = base64_url(bytes.as_bytes());
    let length = base36(payload.len() as u32, 2);
    let text = format!("glpat-{payload}.{length}");
    format!("{text}{}", base36(crc32(text.as_bytes()), 7))
}

fn json_web_token(random: &mut Random) -> String {
    let header = random.pick(&[r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"typ":"JWT","alg":"RS256"}"#]);
    let claims =
        random_text(r#"{"sub":"svc-«service»","scope":"read write","jti":"«uuid»"}"#, random);
    let signature = random.text(URL64, if header.contains("HS") { 43 } else { 342 });
    format!("{}.{}.{signature}", base64_url(header.as_bytes()), base64_url(claims.as_bytes()))
}

/// A block as RFC 7468 writes it: random bytes that begin like a DER sequence or an OpenSSH key.
fn pem(random: &mut Random, label: &str, length: usize) -> String {
    let mut bytes: Vec<u8> = if label.starts_with("OPENSSH") {
        b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01".to_vec()
    } else if length < 130 {
        // The length of a sequence does not count the bytes that say so.
        vec![0x30, (length - 2) as u8, 2, 1, 1]
    } else {
        vec![0x30, 0x82, ((length - 4) >> 8) as u8, ((length - 4) & 255) as u8, 2, 1, 0]
    };
    while bytes.len() < length {
        bytes.push(random.below(256) as u8);
    }
    let text = base64(&bytes);
    let width = if label.starts_with("OPENSSH") { 70 } else { 64 };
    let lines: Vec<&str> =
        text.as_bytes().chunks(width).filter_map(|it| std::str::from_utf8(it).ok()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", lines.join("\n"))
}
