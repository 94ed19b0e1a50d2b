//! Which arguments are keys with which a library signs sessions and log-ins. Knows canonical names and bases of classes, no
//! values.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Definition, Outline};

use crate::shared::code::words::last_part;
use crate::shared::code::{calls, first_party};

/// What signs, with the keyword of its key; a name that ends with a dot stands for all below it.
const SIGNERS: [(&str, &str); 7] = [
    // https://docs.aiohttp.org/projects/aiohttp-session/en/stable/reference.html
    ("aiohttp_session.cookie_storage.EncryptedCookieStorage", "secret_key"),
    // https://github.com/MushroomMaula/fastapi_login
    ("fastapi_login.LoginManager", "secret"),
    // https://fastapi-users.github.io/fastapi-users/latest/configuration/authentication/strategies/jwt/
    ("fastapi_users.authentication.JWTStrategy", "secret"),
    // https://itsdangerous.palletsprojects.com/en/stable/concepts/
    ("itsdangerous.", "secret_key"),
    // https://aminalaee.github.io/sqladmin/authentication/
    ("sqladmin.authentication.AuthenticationBackend", "secret_key"),
    ("starlette.middleware.sessions.SessionMiddleware", "secret_key"),
    // https://www.tornadoweb.org/en/stable/guide/security.html
    ("tornado.web.Application", "cookie_secret"),
];

/// The class of `SQLAdmin` of which each project makes its own, that takes the key of the sessions.
const BACKEND: &str = "AuthenticationBackend";

/// Whether an argument of a call is a key with which what it makes signs.
pub(super) fn is_key(file: &FileContext<'_>, call: &Call, keyword: &str) -> bool {
    let Some(callee) = calls::callee(file, call) else { return false };
    let is_signer = |(name, key): &(&str, &str)| {
        *key == keyword
            && if name.ends_with('.') { callee.starts_with(name) } else { callee == *name }
    };
    SIGNERS.iter().any(is_signer) || keyword == "secret_key" && is_own_backend(file, &callee)
}

/// Whether a class of the project derives from the backend.
fn is_own_backend(file: &FileContext<'_>, callee: &str) -> bool {
    let is_backend = |outline: &Outline, text: &str, class: &Definition| {
        let mut bases = outline.arguments(class).iter().filter(|it| it.keyword.is_none());
        class.is_class() && bases.any(|it| last_part(it.value.of_text(text)) == BACKEND)
    };
    let mut own = file.outline.definitions.iter().filter(|it| file.slice(it.name) == callee);
    if own.any(|it| is_backend(file.outline, file.source.text(), it)) {
        return true;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    first_party::find(facts, known, callee)
        .is_some_and(|it| is_backend(&it.python.outline, it.python.source.text(), it.definition()))
}
