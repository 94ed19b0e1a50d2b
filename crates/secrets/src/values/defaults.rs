//! Whether a program would start with a literal as its secret (CWE-1188). Unlike the rest of the crate it takes words
//! and `changeme` for secrets: a default that works is wrong however it looks.

use super::{is_environment_name, is_template};
use crate::names::{NameClass, listed, name_class};

/// Says that there is no value.
const NOTHING: &[&str] = &[
    "-",
    "disabled",
    "empty",
    "false",
    "missing",
    "n/a",
    "na",
    "nil",
    "no",
    "no-key",
    "no-key-required",
    "no_key",
    "none",
    "not-needed",
    "not-required",
    "not_needed",
    "not_provided",
    "not_required",
    "not_set",
    "notset",
    "null",
    "off",
    "true",
    "undefined",
    "unset",
    "unused",
];

/// Given to services that ask for a key and do not look at it.
const DUMMY_KEYS: &[&str] =
    &["dummy", "dummy-key", "dummy_key", "fake", "fake-key", "fake_key", "sk-no-key-required"];

/// Names of schemes, not credentials.
const SCHEMES: &[&str] = &["bearer", "basic", "digest", "token"];

/// Whether `value` as the default of the setting `name` is a literal that the program would really start with:
/// `SECRET_KEY: str = "changeme"`, `os.getenv("JWT_SECRET", "secret")`.
///
/// Not one: nothing (`""`, `"None"`), what is filled in elsewhere (`${X}`, `<your key>`), a mask, a URL, a path, the
/// name of an environment variable.
pub fn is_working_default(name: &str, value: &str) -> bool {
    let Some(class) = name_class(name) else { return false };
    let value = value.trim();
    !(value.is_empty()
        || listed(NOTHING, value)
        || class != NameClass::Password && (listed(DUMMY_KEYS, value) || listed(SCHEMES, value))
        || is_template(value)
        || value.starts_with('<')
        || is_mask(value)
        || value.contains("://")
        || is_location(value)
        || is_environment_name(value) && !is_instruction(value))
}

/// `***`, `...`, `•••`: what is shown instead of a value.
fn is_mask(value: &str) -> bool {
    value.chars().all(|it| matches!(it, '*' | '.' | '\u{2022}' | '_' | '-' | '?'))
}

fn is_location(value: &str) -> bool {
    ["/", "./", "../", "~/", "~"].iter().any(|it| value.starts_with(it)) && !value.contains(' ')
        || [".pem", ".key", ".json", ".txt", ".yaml", ".yml", ".toml", ".env"]
            .iter()
            .any(|it| value.ends_with(it))
}

/// `CHANGE_ME` has the form of a variable's name and is a default all the same.
fn is_instruction(value: &str) -> bool {
    ["CHANGE", "REPLACE", "INSERT", "SECRET", "INSECURE", "DEFAULT", "TEST"]
        .iter()
        .any(|it| value.starts_with(it))
}
