//! What a name says about its value; must not look at the value.

/// The kind of credential a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameClass {
    /// A person or a service logs in with it: `password`, `db_pass`.
    Password,
    /// Whoever bears it is let in: `token`, `client_secret`, `credentials`.
    Token,
    /// It signs, encrypts or identifies: `api_key`, `signing_key`.
    Key,
}

/// Words after the one that decides and that change nothing: `password_default`, `token_v2`.
const TRAILING: &[&str] =
    &["base", "default", "value", "raw", "plain", "new", "old", "confirm", "str", "bytes", "v"];

/// First words that say the name is about the word, not about a value: `ATTR_API_KEY`, `HEADER_TOKEN`.
const SPEAKS_ABOUT: &[&str] = &[
    "attr",
    "attribute",
    "column",
    "conf",
    "err",
    "error",
    "errors",
    "event",
    "field",
    "header",
    "label",
    "message",
    "msg",
    "pattern",
    "re",
    "regex",
    "title",
    "tooltip",
];

/// Words anywhere in a name that say its value is known to all, or made up: `publicKeyToken`, `billing_dummy_secret`.
const HARMLESS: &[&str] = &[
    "dummy",
    "example",
    "fake",
    "invalid",
    "mock",
    "mocked",
    "placeholder",
    "public",
    "publickey",
    "publishable",
    "sample",
];

const PASSWORD: &[&str] = &["passcode", "passphrase", "passwd", "password", "pw", "pwd"];

const TOKEN: &[&str] = &[
    "accesskey",
    "apikey",
    "authtoken",
    "credential",
    "credentials",
    "creds",
    "privatekey",
    "secret",
    "secretkey",
    "secrets",
    "token",
];

/// Glued to `pass`, where it is no word of English: `dbpass`, not `compass`.
const BEFORE_PASS: &[&str] = &[
    "account", "admin", "auth", "database", "db", "email", "ftp", "ldap", "login", "mail",
    "master", "mongo", "mysql", "pg", "postgres", "proxy", "redis", "root", "smtp", "ssh", "sudo",
    "user",
];

/// Before `pass` as a word of its own: stages of a program, filters, what is passed by, directives of nginx.
const NOT_A_PASSWORD_AFTER: &[&str] = &[
    "all",
    "analysis",
    "back",
    "backward",
    "band",
    "by",
    "compiler",
    "did",
    "fast",
    "fastcgi",
    "final",
    "first",
    "forward",
    "graph",
    "high",
    "initial",
    "last",
    "low",
    "multi",
    "next",
    "no",
    "one",
    "optimization",
    "or",
    "per",
    "post",
    "pre",
    "render",
    "second",
    "shader",
    "should",
    "single",
    "slow",
    "test",
    "tests",
    "third",
    "to",
    "transform",
    "two",
    "will",
    "xfail",
    "proxy",
    "scgi",
    "uwsgi",
];

/// Before `key`: alone it is a key of a mapping.
const BEFORE_KEY: &[&str] = &[
    "access",
    "account",
    "aes",
    "algolia",
    "anthropic",
    "api",
    "app",
    "auth",
    "azure",
    "certificate",
    "client",
    "cloudflare",
    "cohere",
    "consumer",
    "cookie",
    "crypto",
    "datadog",
    "deploy",
    "encryption",
    "fernet",
    "github",
    "gitlab",
    "google",
    "groq",
    "heroku",
    "hmac",
    "huggingface",
    "jwt",
    "license",
    "mailgun",
    "mapbox",
    "master",
    "mistral",
    "openai",
    "pinecone",
    "private",
    "secret",
    "security",
    "sendgrid",
    "service",
    "session",
    "shared",
    "signing",
    "slack",
    "storage",
    "stripe",
    "supabase",
    "twilio",
    "webhook",
];

/// Before `token` (and `secret` never): the word of grammars, language models, pagination and forms.
const NOT_A_TOKEN_AFTER: &[&str] = &[
    "additional",
    "assistant",
    "audio",
    "begin",
    "bos",
    "cancel",
    "cancellation",
    "cls",
    "completion",
    "context",
    "continuation",
    "csrf",
    "csrfmiddleware",
    "cursor",
    "decoder",
    "delimiter",
    "end",
    "eos",
    "fake",
    "first",
    "id",
    "identifier",
    "image",
    "img",
    "input",
    "keyword",
    "last",
    "lex",
    "lexer",
    "literal",
    "mask",
    "max",
    "name",
    "next",
    "num",
    "operator",
    "output",
    "pad",
    "padding",
    "page",
    "parse",
    "parser",
    "patch",
    "prefix",
    "prev",
    "previous",
    "prompt",
    "resume",
    "sep",
    "separator",
    "special",
    "start",
    "stop",
    "string",
    "suffix",
    "sync",
    "syntax",
    "text",
    "tool",
    "unk",
    "unknown",
    "video",
    "vision",
    "word",
    "xsrf",
];

/// Text without which no name has a class, without regard to case; for an automaton that runs before any parsing.
pub const NAME_TRIGGERS: &[&str] = &["pass", "pw", "secret", "token", "cred", "key"];

/// The last word of a name, and what stands before it. Digits and punctuation separate words, and so does a change
/// from lower to upper case.
fn pop_word(name: &str) -> Option<(&str, &str)> {
    let bytes = name.as_bytes();
    let end = bytes.iter().rposition(u8::is_ascii_alphabetic)? + 1;
    let mut start = end;
    if bytes[end - 1].is_ascii_uppercase() {
        while start > 0 && bytes[start - 1].is_ascii_uppercase() {
            start -= 1;
        }
    } else {
        while start > 0 && bytes[start - 1].is_ascii_lowercase() {
            start -= 1;
        }
        if start > 0 && bytes[start - 1].is_ascii_uppercase() {
            start -= 1;
        }
    }
    Some((&name[..start], &name[start..end]))
}

pub(crate) fn listed(list: &[&str], word: &str) -> bool {
    list.iter().any(|it| it.eq_ignore_ascii_case(word))
}

pub(crate) fn ends_with(word: &str, ending: &str) -> bool {
    word.len() >= ending.len()
        && word.as_bytes()[word.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
}

/// The qualifier directly before a word: `api` of `api_`, `api-`, `my.api.`.
fn qualifier(before: &str) -> &str {
    let before = before.strip_suffix(['_', '-', '.', ' ']).unwrap_or(before);
    match pop_word(before) {
        Some((rest, word)) if rest.len() + word.len() == before.len() => word,
        _ => "",
    }
}

/// What the name of a variable, argument, key or environment variable promises; only its last word decides, so
/// `password_url` and `token_type` promise nothing.
pub fn name_class(name: &str) -> Option<NameClass> {
    let (mut before, mut word) = pop_word(name)?;
    while listed(TRAILING, word) {
        (before, word) = pop_word(before)?;
    }
    let class = class_of(before, word, name)?;
    // `AWS::IAM::AccessKey`, `users/password`, `token(x)` name something else.
    if name.contains("::") || name.contains(['/', '(', '<']) || is_harmless(name) {
        return None;
    }
    let first = name.trim_start_matches(|it: char| !it.is_ascii_alphabetic());
    let first = &first[..first.find(['_', '-', '.', ' ']).unwrap_or(first.len())];
    (!listed(SPEAKS_ABOUT, first)).then_some(class)
}

fn is_harmless(name: &str) -> bool {
    let mut rest = name;
    while let Some((before, word)) = pop_word(rest) {
        if listed(HARMLESS, word) {
            return true;
        }
        rest = before;
    }
    false
}

fn class_of(before: &str, word: &str, name: &str) -> Option<NameClass> {
    if listed(PASSWORD, word) || ends_with(word, "password") || ends_with(word, "passwd") {
        return Some(NameClass::Password);
    }
    if word.eq_ignore_ascii_case("pass") {
        let alone = name.eq_ignore_ascii_case("pass");
        let before = qualifier(before);
        let named = !before.is_empty() && !listed(NOT_A_PASSWORD_AFTER, before);
        return (alone || named).then_some(NameClass::Password);
    }
    if word.eq_ignore_ascii_case("token") {
        let previous = pop_word(before).map_or("", |it| it.1);
        return (!listed(NOT_A_TOKEN_AFTER, previous)).then_some(NameClass::Token);
    }
    if word.eq_ignore_ascii_case("key") {
        return listed(BEFORE_KEY, qualifier(before)).then_some(NameClass::Key);
    }
    if let Some(qualifier) = strip_ending(word, "pass")
        && listed(BEFORE_PASS, qualifier)
    {
        return Some(NameClass::Password);
    }
    if let Some(qualifier) = strip_ending(word, "token") {
        return (!listed(NOT_A_TOKEN_AFTER, qualifier)).then_some(NameClass::Token);
    }
    if listed(TOKEN, word) || ends_with(word, "secret") {
        return Some(NameClass::Token);
    }
    if let Some(qualifier) = strip_ending(word, "key")
        && (listed(BEFORE_KEY, qualifier) || ends_with(qualifier, "api"))
    {
        return Some(NameClass::Key);
    }
    None
}

fn strip_ending<'a>(word: &'a str, ending: &str) -> Option<&'a str> {
    ends_with(word, ending).then(|| &word[..word.len() - ending.len()])
}

#[cfg(test)]
mod tests;
