//! Whether a print shows a secret, by the names of what is printed. Knows spelling and the arguments, nothing of what stands
//! around a print.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Span};

use super::circumstances::is_of_service;
use crate::shared::code::text::{code_of, is_of_name, places_of};

/// Names that are a secret wherever they stand at the end of a name: `admin_password`.
const SECRETS: [&str; 22] = [
    "access_token",
    "api_key",
    "api_token",
    "apikey",
    "auth_token",
    "bearer_token",
    "bot_token",
    "client_secret",
    "id_token",
    "jwt_token",
    "otp",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "private_key",
    "refresh_token",
    "reset_token",
    "secret_key",
    "session_token",
    "verification_code",
    "verify_code",
];

/// What a parser of a language calls its pieces is a secret in a service only.
const TOKEN: &str = "token";

/// The name of a secret that is printed as it is: not its length, nor a part of it.
pub(super) fn shown<'a>(file: &FileContext<'a>, call: &Call) -> Option<&'a str> {
    let text = file.slice(call.arguments);
    let lower = text.to_ascii_lowercase();
    if !SECRETS.iter().any(|it| lower.contains(it)) && !lower.contains(TOKEN) {
        return None;
    }
    let code = code_of(file.source, file.outline, call.arguments);
    let mut names = text.split(|c| !is_of_name(c)).filter(|it| is_secret(file, it));
    names.find(|name| {
        places_of(&code, name).any(|at| {
            let in_text = file.outline.string_at(call.arguments.start + at as u32).is_some();
            is_whole(&code, Span::new(at as u32, (at + name.len()) as u32), in_text)
        })
    })
}

/// Whether the function around a print has drawn the secret itself, as nobody had set one: who starts the program learns it here
/// and nowhere else.
pub(super) fn is_drawn_here(file: &FileContext<'_>, call: &Call, secret: &str) -> bool {
    const DRAWS: [&str; 4] =
        ["secrets.token_", "secrets.choice(", "random.choice", "Fernet.generate_key("];
    file.function_at(call.name.start).is_some_and(|function| {
        let before = file.slice(Span::new(function.body.start, call.name.start));
        before.lines().any(|line| {
            let drawn =
                line.split_once('=').filter(|(_, it)| DRAWS.iter().any(|draw| it.contains(draw)));
            let name = |target: &'_ str| target.split(':').next().map(str::trim) == Some(secret);
            drawn.is_some_and(|(target, _)| name(target))
        })
    })
}

fn is_secret(file: &FileContext<'_>, name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let ends = |secret: &str| {
        lower.strip_suffix(secret).is_some_and(|it| it.is_empty() || it.ends_with('_'))
    };
    let is_hash = lower.contains("hash") || lower.contains("masked") || lower.contains("has_");
    !is_hash && (SECRETS.iter().any(|it| ends(it)) || lower == TOKEN && is_of_service(file))
}

/// Whether a name with the objects before it is a value of its own among the arguments, or in a field of an f-string.
fn is_whole(code: &str, name: Span, in_text: bool) -> bool {
    let before = code[..name.start as usize].trim_end_matches(|c| is_of_name(c) || c == '.');
    let behind = code[name.end as usize..].trim_start();
    let before = before.trim_end();
    if in_text {
        return before.ends_with('{')
            && !before.ends_with("{{")
            && behind.starts_with(['}', '!', '='])
            && !behind.starts_with("==")
            && !behind.starts_with("!=");
    }
    // A bracket behind a name hands the value to a call: `len(password)`.
    let in_brackets =
        before.strip_suffix(['(', '[']).is_some_and(|it| !it.trim_end().ends_with(is_of_name));
    (in_brackets || before.ends_with([',', '+', '%'])) && behind.starts_with([',', ')', ']', '+'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn a_secret_is_shown_where_its_value_is_printed() {
        let secret = |printed: &str| {
            with_file("shop/users.py", &format!("import flask\n{printed}\n"), |file| {
                let call = file.outline.calls.iter().find(|it| file.slice(it.name) == "print");
                call.and_then(|it| shown(file, it).map(str::to_owned))
            })
        };
        assert_eq!(secret("print([name, admin_password])").as_deref(), Some("admin_password"));
        assert_eq!(secret("print(f'log in: {user.password!r}')").as_deref(), Some("password"));
        assert_eq!(secret("print('token', token)").as_deref(), Some("token"));
        assert_eq!(secret("print(verify_code)").as_deref(), Some("verify_code"));
        assert_eq!(secret("print(f'{user.otp}')").as_deref(), Some("otp"));
        for harmless in [
            "print(len(password))",
            "print('password')",
            "print(f'{len(password)} letters')",
            "print(f'wrong password {name}')",
            "print(password[:2], password.strength)",
            "print(has_password, password_hash)",
            "print(f'{password == known}')",
        ] {
            assert_eq!(secret(harmless), None, "{harmless}");
        }
    }
}
