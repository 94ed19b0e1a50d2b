//! Names, and what they promise.

use super::*;

#[test]
fn the_last_word_decides() {
    for (name, class) in [
        ("password", NameClass::Password),
        ("DB_PASSWORD", NameClass::Password),
        ("dbPass", NameClass::Password),
        ("smtp_pass", NameClass::Password),
        ("pass", NameClass::Password),
        ("root-pwd", NameClass::Password),
        ("new_password_confirm", NameClass::Password),
        ("userpassword1", NameClass::Password),
        ("token", NameClass::Token),
        ("accessToken", NameClass::Token),
        ("client_secret", NameClass::Token),
        ("appsecret", NameClass::Token),
        ("AWS_SECRET_ACCESS_KEY", NameClass::Key),
        ("apiKey", NameClass::Key),
        ("X-API-Key", NameClass::Key),
        ("OPENAI_API_KEY", NameClass::Key),
        ("api_key_default", NameClass::Key),
        ("SECRET_KEY", NameClass::Key),
        ("credentials", NameClass::Token),
    ] {
        assert_eq!(name_class(name), Some(class), "{name}");
    }
}

#[test]
fn words_around_it_take_the_promise_back() {
    for name in [
        "password_url",
        "token_type",
        "secret_name",
        "api_key_id",
        "password_field",
        "key",
        "sort_key",
        "primary_key",
        "cache_key",
        "public_key",
        "foreign_key",
        "registry_key",
        "tokens",
        "api_keys",
        "max_tokens",
        "eos_token",
        "pad_token",
        "next_page_token",
        "nextToken",
        "cancellation_token",
        "csrf_token",
        "sep_token",
        "low_pass",
        "render_pass",
        "compass",
        "bypass",
        "fastcgi_pass",
        "monkey",
        "turkey",
        "passwords_differ",
        "tokenizer",
        "ATTR_PASSWORD",
        "CONF_API_KEY",
        "HEADER_TOKEN",
        "error_invalid_password",
        "DUMMY_SECRET",
        "",
        "_",
        "123",
        "größe",
    ] {
        assert_eq!(name_class(name), None, "{name}");
    }
}

/// Whatever has a class contains a trigger, so that the automaton may skip all other text.
#[test]
fn triggers_are_sound() {
    let mut words: Vec<String> = Vec::new();
    for list in [PASSWORD, TOKEN, BEFORE_KEY, BEFORE_PASS, TRAILING, NOT_A_TOKEN_AFTER] {
        words.extend(list.iter().map(|it| (*it).to_owned()));
    }
    words.extend(["key", "pass", "token", "my", "x"].map(str::to_owned));
    let mut accepted = 0;
    for first in &words {
        for second in &words {
            for separator in ["", "_", "-", ".", " ", "__", "1"] {
                for trailing in ["", "_default", "2"] {
                    let name = format!("{first}{separator}{second}{trailing}");
                    let capital = second[..1].to_uppercase() + &second[1..];
                    let camel = format!("{first}{separator}{capital}{trailing}");
                    for name in [name.to_uppercase(), camel, name] {
                        if name_class(&name).is_some() {
                            accepted += 1;
                            let lower = name.to_lowercase();
                            assert!(NAME_TRIGGERS.iter().any(|it| lower.contains(it)), "{name}");
                        }
                    }
                }
            }
        }
    }
    assert!(accepted > 10_000, "{accepted}");
}
