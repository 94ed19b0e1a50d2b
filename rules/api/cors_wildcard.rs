//! See `cors-wildcard.toml`. Knows how libraries name origins and credentials, by the outline.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Keyword, Span};
use roadworthy_project::{Facts, Role};

use crate::shared::code::calls::{self, CallArgument};
use crate::shared::code::settings::{self, Setting};
use crate::shared::code::text::{code_of, has_name};
use crate::shared::code::words::last_part;
use crate::shared::secrets::guards;
use crate::shared::secrets::trials::is_to_try_out;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if !file.pedantic() && guards::is_local_module(file) {
        return;
    }
    for call in &file.outline.calls {
        out.judged_if(|| lets_in(file, call));
        let Some(found) = of_call(file, call) else { continue };
        report(file, &found, out);
    }
    for name in ["CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"] {
        out.judged_if(|| file.source.text().contains(name));
        if let Some(found) = of_django(file, name) {
            report(file, &found, out);
        }
    }
}

/// Whether a call says which other sites may read what is answered.
fn lets_in(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    match last_part(&written) {
        "add_middleware" | "Middleware" => file.slice(call.arguments).contains("CORSMiddleware"),
        last => last.starts_with("CORS") || last == "ResourceOptions",
    }
}

/// Whether the code of the file reads or sets cookies, or has a session in one: a field that is only called so, or a comment, which
/// may say why tokens are taken, is no sign.
fn takes_cookies(file: &FileContext<'_>) -> bool {
    const SIGNS: [&str; 17] = [
        ".COOKIES",
        "APIKeyCookie",
        "Cookie(",
        "CookieTransport",
        "SessionMiddleware",
        "_cookie(",
        "_cookies(",
        "connection.cookies",
        "cookie_secret",
        "flask.session",
        "flask_login",
        "flask_session",
        "login_user(",
        "req.cookies",
        "request.cookies",
        "request.session",
        "websocket.cookies",
    ];
    let text = file.source.text();
    let whole = Span::new(0, text.len() as u32);
    let code = code_of(file.source, file.outline, whole);
    // What answers of other services hold are no cookies of visitors, and a session may be one of a database.
    let is_of_flask = || {
        ["flask.session", "quart.session"]
            .contains(&&*file.names().resolve("session", 0).unwrap_or_default())
            && has_name(&code, "session")
    };
    SIGNS.iter().any(|it| code.contains(it)) || is_of_flask()
}

/// Whether settings of the component have a cookie sent with what other sites ask for: by default browsers keep those of Django
/// to the own site (<https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-samesite>).
fn sends_cookies_across(file: &FileContext<'_>) -> bool {
    let opens = |line: &str| {
        let code = line.split('#').next().unwrap_or_default();
        code.rsplit_once(['=', ':']).is_some_and(|(name, value)| {
            let value = value.trim_matches([' ', '"', '\'', ',']);
            name.to_ascii_uppercase().contains("SAMESITE")
                && ["None", "none", "False"].iter().any(|open| value.starts_with(open))
        })
    };
    if file.source.text().lines().any(opens) {
        return true;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    facts.answer(known.component, "a cookie is sent across sites".to_owned(), || {
        let project = facts.project();
        let mut settings = project.files.iter().filter(|it| {
            it.component == known.component
                && it.path_role.as_ref().is_some_and(|it| it.role == Role::Settings)
        });
        settings.any(|it| facts.source(it).is_some_and(|it| it.text().lines().any(opens)))
    })
}

/// Whether each cookie that the project sets says that no other site's page sends it along, `samesite="lax"`; the session of
/// Starlette does where nothing else is said (<https://www.starlette.io/middleware/#sessionmiddleware>).
fn keeps_cookies_to_itself(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        let question = "every cookie stays with its site".to_owned();
        facts.answer(known.component, question, || keep_cookies_to_themselves(facts))
    })
}

/// Whether another middleware of the file looks at who asks, by its name: `OriginGuardMiddleware`.
fn checks_origins(file: &FileContext<'_>) -> bool {
    file.outline.calls.iter().any(|call| {
        let class = calls::arguments(file, call).first().map_or("", |it| last_part(it.value));
        last_part(&calls::written(file, call)) == "add_middleware"
            && class.contains("Origin")
            && !class.contains("CrossOrigin")
            && class.ends_with("Middleware")
    })
}

fn keep_cookies_to_themselves(facts: &Facts<'_>) -> bool {
    const SET: &str = ".set_cookie(";
    const CALL: usize = 400;
    let project = facts.project();
    let mut any = false;
    let says = |text: &str| {
        text.match_indices(SET).all(|(at, _)| {
            let call: String = text[at..].chars().take(CALL).collect();
            let call = call.to_ascii_lowercase().replace(' ', "");
            ["\"lax\"", "\"strict\"", "'lax'", "'strict'"]
                .iter()
                .any(|it| call.contains(&format!("samesite={it}")))
        })
    };
    let all = project.files.iter().filter(|it| it.kind.is_python()).all(|it| {
        facts.source(it).is_none_or(|it| {
            let has_session = it.text().contains("SessionMiddleware");
            any |= has_session || it.text().contains(SET);
            (!has_session || keeps_session(it.text())) && says(it.text())
        })
    });
    any && all
}

/// Whether a module that sets up a session leaves its cookie with the own site: `same_site="none"` does not.
fn keeps_session(text: &str) -> bool {
    let code: String = text.split_whitespace().collect();
    code.split("same_site=").skip(1).all(|it| {
        let value = it.trim_start_matches(['"', '\'']);
        value.starts_with("lax") || value.starts_with("strict")
    })
}

/// A place that lets every origin in.
struct Opened {
    span: Span,
    /// Whether the environment may name others.
    is_default: bool,
    /// Whether credentials are let in too; the second says that this is a default.
    credentials: Option<bool>,
    /// Whether a setting of Django says so.
    of_django: bool,
}

fn report(file: &FileContext<'_>, found: &Opened, out: &mut Reporter<'_>) {
    if !file.pedantic() && guards::under_debug(file, found.span.start) {
        return;
    }
    let (message, severity) = match found.credentials {
        Some(_) if found.of_django && !sends_cookies_across(file) => {
            let what = "every site may call this with credentials: it takes one cookie that is not kept to the own site \
                (SameSite) for them to read what a visitor sees";
            (what, Severity::Info)
        }
        Some(is_default) => {
            // Whoever takes no cookies has nothing that a browser would send along; other files may take them.
            let sure = !is_default
                && !found.is_default
                && (found.of_django || takes_cookies(file))
                && !keeps_cookies_to_itself(file)
                && !checks_origins(file)
                && !is_to_try_out(file);
            let what = if found.is_default {
                "unless the environment says otherwise, every site may call this with its visitors' cookies"
            } else {
                "every site may call this with its visitors' cookies and read the answers"
            };
            (what, if sure { Severity::Warning } else { Severity::Info })
        }
        // What anybody may read a public interface opens on purpose.
        None if !file.pedantic() => return,
        None => ("every site may read what this application answers", Severity::Info),
    };
    out.report(Report::at(found.span).message(message).severity(severity));
}

fn of_call(file: &FileContext<'_>, call: &Call) -> Option<Opened> {
    let written = calls::written(file, call);
    let last = last_part(&written);
    if matches!(last, "add_middleware" | "Middleware" | "CORSMiddleware") {
        return of_starlette(file, call);
    }
    match last {
        "CORS" => {
            let callee = calls::callee(file, call)?;
            callee.starts_with("flask_cors.").then(|| of_flask(file, call))?
        }
        "CORSConfig" => {
            let callee = calls::callee(file, call)?;
            let arguments = calls::arguments(file, call);
            let credentials = flag(file, call, &arguments, "allow_credentials");
            let origins = argument(&arguments, "allow_origins");
            let is_default = match origins {
                // Litestar lets every origin in where none is named.
                None => false,
                Some(it) => wildcard(file, call, it.value)?,
            };
            let span = calls::span(call);
            callee.starts_with("litestar.").then_some(Opened {
                span,
                is_default,
                credentials,
                of_django: false,
            })
        }
        "ResourceOptions" => {
            let before = file.source.text()[..call.name.start as usize].trim_end();
            let is_any = before.ends_with("\"*\":") || before.ends_with("'*':");
            let arguments = calls::arguments(file, call);
            let credentials = flag(file, call, &arguments, "allow_credentials");
            let span = calls::span(call);
            is_any.then_some(Opened { span, is_default: false, credentials, of_django: false })
        }
        _ => None,
    }
}

fn of_starlette(file: &FileContext<'_>, call: &Call) -> Option<Opened> {
    let arguments = calls::arguments(file, call);
    let written = calls::written(file, call);
    let class = if last_part(&written) == "CORSMiddleware" {
        written.as_ref()
    } else {
        arguments.first().filter(|it| matches!(it.keyword, None | Some("middleware_class")))?.value
    };
    if last_part(class) != "CORSMiddleware" {
        return None;
    }
    let credentials = flag(file, call, &arguments, "allow_credentials");
    if let Some(origins) = argument(&arguments, "allow_origins")
        && let Some(is_default) = wildcard(file, call, origins.value)
    {
        return Some(Opened {
            span: span_of(file, origins),
            is_default,
            credentials,
            of_django: false,
        });
    }
    let pattern = argument(&arguments, "allow_origin_regex")?;
    let setting = settings::setting(file, pattern.value.trim_start_matches('r'), call.name.start)?;
    let is_any = [".*", "^.*$", "https?://.*", "^https?://.*$", "^https?://.*", ".+"];
    is_any.iter().any(|it| setting.value.holds(it)).then(|| Opened {
        span: span_of(file, pattern),
        is_default: setting.is_default,
        credentials,
        of_django: false,
    })
}

/// Flask-CORS lets every origin in where none is named, and repeats the name of whoever asks where credentials are allowed.
fn of_flask(file: &FileContext<'_>, call: &Call) -> Option<Opened> {
    let arguments = calls::arguments(file, call);
    if arguments.is_empty() || arguments.iter().any(|it| it.value.starts_with("**")) {
        return None;
    }
    let credentials = flag(file, call, &arguments, "supports_credentials");
    if let Some(origins) = argument(&arguments, "origins") {
        let is_default = wildcard(file, call, origins.value)?;
        return Some(Opened {
            span: span_of(file, origins),
            is_default,
            credentials,
            of_django: false,
        });
    }
    let Some(resources) = argument(&arguments, "resources") else {
        return Some(Opened {
            span: calls::span(call),
            is_default: false,
            credentials,
            of_django: false,
        });
    };
    let text: String = resources.value.split_whitespace().collect();
    let is_any = ["\"origins\":\"*\"", "'origins':'*'", "\"origins\":[\"*\"]", "'origins':['*']"];
    let credentials =
        credentials.or_else(|| text.contains("supports_credentials\":True").then_some(false));
    is_any.iter().any(|it| text.contains(it)).then(|| Opened {
        span: span_of(file, resources),
        is_default: false,
        credentials,
        of_django: false,
    })
}

fn of_django(file: &FileContext<'_>, name: &str) -> Option<Opened> {
    let line = assignment(file, name)?;
    let is_conditional = file.outline.line_at(line.start).is_some_and(|it| it.indent > 0);
    let setting = value_of(file, line)?;
    if !setting.value.is_truthy() {
        return None;
    }
    let credentials = assignment(file, "CORS_ALLOW_CREDENTIALS")
        .and_then(|line| value_of(file, line))
        .filter(|it| it.value.is_truthy())
        .map(|it| it.is_default);
    let is_default = setting.is_default || is_conditional;
    Some(Opened { span: line, is_default, credentials, of_django: true })
}

/// The line of the module's body that binds a name.
fn assignment(file: &FileContext<'_>, name: &str) -> Option<Span> {
    let mut lines = file.outline.lines.iter().filter(|line| {
        line.scope.is_none()
            && line.keyword == Keyword::Other
            && file.slice(line.span).strip_prefix(name).is_some_and(|rest| {
                let rest = rest.trim_start();
                rest.starts_with('=') && !rest.starts_with("==")
            })
    });
    lines.next_back().map(|line| line.span)
}

fn value_of(file: &FileContext<'_>, line: Span) -> Option<Setting> {
    let (_, value) = file.slice(line).split_once('=')?;
    settings::setting(file, value, line.start)
}

fn argument<'c, 'a>(arguments: &'c [CallArgument<'a>], name: &str) -> Option<&'c CallArgument<'a>> {
    arguments.iter().find(|it| it.keyword == Some(name))
}

/// Whether a keyword is true: `Some(true)` where that is a default only.
fn flag(
    file: &FileContext<'_>,
    call: &Call,
    arguments: &[CallArgument<'_>],
    name: &str,
) -> Option<bool> {
    let value = argument(arguments, name)?.value;
    let setting = settings::setting(file, value, call.name.start)?;
    setting.value.is_truthy().then_some(setting.is_default)
}

/// Whether origins hold the asterisk: `Some(true)` where that is a default only.
fn wildcard(file: &FileContext<'_>, call: &Call, origins: &str) -> Option<bool> {
    let setting = settings::setting(file, origins, call.name.start)?;
    setting.value.holds("*").then_some(setting.is_default)
}

/// A keyword argument with its name.
fn span_of(file: &FileContext<'_>, argument: &CallArgument<'_>) -> Span {
    let text = file.source.text();
    let value = argument.value.as_ptr() as usize - text.as_ptr() as usize;
    let name = argument.keyword.unwrap_or_default();
    let start = text[..value].rfind(name).unwrap_or(value);
    Span::new(start as u32, (value + argument.value.len()) as u32)
}
