//! Whether a program signs, encrypts or lets somebody in with a setting, as far as the lines that name it show. Knows names of calls,
//! no values and no levels.

use roadworthy_engine::FileContext;
use roadworthy_project::Role;

use crate::shared::code::text::{has_name, places_of};

/// What signs, encrypts, or compares what somebody sends.
const MARKS: [&str; 38] = [
    " != ",
    " == ",
    "AESGCM",
    "Fernet",
    "HMAC",
    "JWTStrategy",
    "LoginManager",
    "PBKDF2",
    "Serializer",
    "SessionMiddleware",
    "Signer",
    "SigningKey",
    "add_middleware",
    "app.secret_key",
    "compare_digest",
    "config[\"SECRET_KEY\"]",
    "config['SECRET_KEY']",
    "cookie_secret",
    "create_access_token",
    "create_superuser",
    "create_user",
    "decode(",
    "derive",
    "encode(",
    "encrypt",
    "get_password_hash",
    "hash_password",
    "hashpw",
    "hmac.",
    "jwt.",
    "make_password",
    "secret_key=",
    "set_password",
    "sha256(",
    "sign(",
    "signature",
    "signing_key",
    "verify_",
];

/// How many lines around one that names a setting belong to what is done with it: a call may be long.
const AROUND: usize = 3;

/// Whether some line of the project does something with one of the names of a setting that its holder could do as well.
pub(super) fn is_key(file: &FileContext<'_>, names: &[&str], offset: u32) -> bool {
    let names: Vec<&str> = names.iter().copied().filter(|it| !it.is_empty()).collect();
    let own = file.outline.line_at(offset).map_or(0..0, |it| it.span.start..it.span.end);
    let text = file.source.text();
    let here = |range: std::ops::Range<usize>| {
        !(own.contains(&(range.start as u32)) && own.contains(&(range.end as u32)))
    };
    // What is read where it is used has no name of its own.
    let around = file.function_at(offset).map_or("", |it| file.slice(it.body));
    if MARKS.iter().any(|mark| around.contains(mark)) {
        return true;
    }
    let of_function = file.function_at(offset).map(|it| file.slice(it.name));
    let names: Vec<&str> = names.into_iter().chain(of_function).collect();
    if names.iter().any(|name| uses(text, name, here)) {
        return true;
    }
    let Some((facts, known)) = file.in_facts() else { return true };
    let question = format!("{} are keys beside {}", names.join(" or "), known.path);
    facts.answer(known.component, question, || {
        let project = facts.project();
        let mut others = project.files.iter().filter(|it| {
            it.kind.is_python()
                && it.path != known.path
                && it.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
        });
        others.any(|it| {
            facts
                .source(it)
                .is_some_and(|it| names.iter().any(|name| uses(it.text(), name, |_| true)))
        })
    })
}

/// Whether a text does something with a name, or with another one that it gives what the name stands for.
fn uses(text: &str, name: &str, counts: impl Fn(std::ops::Range<usize>) -> bool) -> bool {
    if !text.contains(name) {
        return false;
    }
    let mut given: Vec<&str> = Vec::new();
    for at in places_of(text, name) {
        if !counts(at..at + name.len()) {
            continue;
        }
        if is_marked(text, at) {
            return true;
        }
        // `self._key = settings.jwt_secret`
        let line = line_at(text, at);
        if let Some((left, right)) = line.split_once('=')
            && has_name(right, name)
            && !left.contains('(')
        {
            let target = left.split(':').next().unwrap_or_default().trim();
            let target = target.rsplit('.').next().unwrap_or_default();
            let is_name = !target.is_empty()
                && target.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
            if is_name && target != name && !given.contains(&target) {
                given.push(target);
            }
        }
    }
    given.into_iter().any(|it| places_of(text, it).any(|at| is_marked(text, at)))
}

fn line_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    text[start..].lines().next().unwrap_or_default()
}

/// Whether a line around a place, of those that may belong to the same call, has a mark.
fn is_marked(text: &str, at: usize) -> bool {
    let own = line_at(text, at);
    let asks_for_value = own.trim_start().starts_with("if not ");
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let before = text[..start].lines().rev().take(AROUND);
    let before = before.take_while(|it| it.trim_end().ends_with(['(', ',']));
    let behind = text[start..].lines().take(AROUND);
    !asks_for_value
        && before.chain(behind).any(|line| {
            let line = line.split(" #").next().unwrap_or_default();
            !line.trim_start().starts_with('#') && MARKS.iter().any(|mark| line.contains(mark))
        })
}
