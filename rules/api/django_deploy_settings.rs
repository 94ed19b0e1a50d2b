//! See `django-deploy-settings.toml`. Knows Django's defaults (<https://docs.djangoproject.com/en/stable/ref/settings/>);
//! which module production runs is the shared module's question.

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::{Facts, File};

use crate::shared::code::settings::Value;
use crate::shared::code::text::has_name;
use crate::shared::frameworks::django::{self, Settings};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let starts = ["wsgi.py", "asgi.py", "manage.py"];
    let mut components: Vec<usize> = facts
        .project()
        .files
        .iter()
        .filter(|it| it.path.file_name().is_some_and(|name| starts.contains(&name)))
        .map(|it| it.component)
        .collect();
    components.sort_unstable();
    components.dedup();
    let mut said: Vec<(String, Span, String)> = Vec::new();
    for component in components {
        for settings in django::production(facts, component) {
            for found in judge(facts, &settings) {
                let key = (found.path.clone(), found.span, found.message.clone());
                if said.contains(&key) {
                    continue;
                }
                let report = Report::at(found.span).message(found.message).severity(found.severity);
                out.report(Utf8Path::new(&found.path), report);
                said.push(key);
            }
        }
    }
}

struct Found {
    path: String,
    span: Span,
    message: String,
    severity: Severity,
}

fn judge(facts: &Facts<'_>, settings: &Settings<'_>) -> Vec<Found> {
    let debug = settings.effective("DEBUG").and_then(|it| it.setting);
    let is_debug = debug.is_some_and(|it| it.value.is_truthy() && !it.is_default);
    if is_debug || settings.text("INSTALLED_APPS").is_none() {
        return Vec::new();
    }
    let mut found: Vec<Found> = [hosts(settings), cookies(facts, settings), transport(settings)]
        .into_iter()
        .flatten()
        .collect();
    if answers_own_machine(settings) {
        for it in &mut found {
            it.severity = Severity::Info;
        }
    }
    found
}

/// Whether the settings answer to names of their own machine alone, and nothing may add others: nobody else is served by them.
fn answers_own_machine(settings: &Settings<'_>) -> bool {
    const NAMES: [&str; 5] = ["0.0.0.0", "127.0.0.1", "[::1]", "localhost", "testserver"];
    let hosts = settings.effective("ALLOWED_HOSTS").and_then(|it| it.setting);
    hosts.filter(|it| !it.is_default).is_some_and(|it| match it.value {
        Value::List(names) => {
            let is_local =
                |it: &Value| matches!(it, Value::Text(name) if NAMES.contains(&name.as_str()));
            !names.is_empty() && names.iter().all(is_local)
        }
        _ => false,
    })
}

fn hosts(settings: &Settings<'_>) -> Option<Found> {
    let found = settings.effective("ALLOWED_HOSTS")?;
    let setting = found.setting.filter(|it| it.value.holds("*"))?;
    let (message, severity) = if setting.is_default {
        ("every host name is taken, unless a setting says otherwise", Severity::Info)
    } else {
        (
            // A proxy that refuses other names does as well.
            "every host name is taken: a visitor chooses the one in links that are sent, unless a proxy sees to it",
            Severity::Info,
        )
    };
    let path = found.path.into_string();
    Some(Found { path, span: found.span, message: message.to_owned(), severity })
}

/// How a switch stands in the end.
enum Switch {
    On,
    Unknown,
    /// Nothing sets it: Django has it off.
    Unset,
    Off {
        path: String,
        span: Span,
        is_default: bool,
    },
}

fn switch(settings: &Settings<'_>, name: &str) -> Switch {
    let Some(found) = settings.effective(name) else { return Switch::Unset };
    match found.setting {
        None => Switch::Unknown,
        Some(setting) if setting.value.is_truthy() => Switch::On,
        Some(setting) => Switch::Off {
            path: found.path.into_string(),
            span: found.span,
            is_default: setting.is_default,
        },
    }
}

/// Words of a comment that says why a cookie may travel over plain HTTP.
const REASONS: [&str; 9] = [
    "as long as",
    "because",
    "easy",
    "for now",
    "http://",
    "plain http",
    "proxy",
    "so that",
    "without https",
];

/// Session and CSRF cookies that travel over plain HTTP as well.
fn cookies(facts: &Facts<'_>, settings: &Settings<'_>) -> Option<Found> {
    let sessions = ["MIDDLEWARE", "MIDDLEWARE_CLASSES"]
        .iter()
        .any(|it| settings.text(it).is_some_and(|it| it.contains("SessionMiddleware")));
    if !sessions {
        return None;
    }
    let mut names = Vec::new();
    let mut place = None;
    let (mut defaults, mut explained) = (0, 0);
    // <https://docs.djangoproject.com/en/stable/ref/settings/#csrf-use-sessions>: there is no such cookie then.
    let in_session = matches!(switch(settings, "CSRF_USE_SESSIONS"), Switch::On);
    let cookies = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"];
    for name in cookies.into_iter().take(if in_session { 1 } else { 2 }) {
        match switch(settings, name) {
            Switch::On | Switch::Unknown => continue,
            Switch::Unset => {}
            Switch::Off { path, span, is_default } => {
                defaults += usize::from(is_default);
                let is_why =
                    |text: &&str| REASONS.iter().any(|it| text.to_ascii_lowercase().contains(it));
                let comments = settings.comments_above(&path, span);
                explained += usize::from(!is_default && comments.iter().any(is_why));
                place = place.or(Some((path, span)));
            }
        }
        names.push(name);
    }
    let is_decided = names.len() == defaults || names.len() == explained;
    let is_sure = django::is_surely_run(facts, settings.component(), &settings.module);
    let severity = if is_decided || !is_sure || !begins_session(facts, settings) {
        Severity::Info
    } else {
        Severity::Warning
    };
    let (verb, what) = match names.as_slice() {
        [] => return None,
        [one] => ("is", (*one).to_owned()),
        several => ("are", several.join(" and ")),
    };
    // Where one of them is set for some runs, those for the others belong.
    let beside = || {
        let span = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
            .iter()
            .find_map(|it| settings.own_line(it))?;
        Some((settings.path()?.to_string(), span))
    };
    let (path, span) = place.or_else(beside).or_else(|| own_place(settings))?;
    let message = format!("{what} {verb} off: the cookies travel over plain HTTP as well");
    Some(Found { path, span, message, severity })
}

/// Whether some code of the component begins a session: somebody signs in with a form, or works in an administration that holds models of
/// the project. Without one there are no cookies to take.
fn begins_session(facts: &Facts<'_>, settings: &Settings<'_>) -> bool {
    const SESSIONS: [&str; 11] = [
        "SessionAuthentication",
        "admin.register",
        "admin.site.register",
        "allauth",
        "auth.urls",
        "LoginView",
        "login(request,",
        "login(self.request,",
        "request.session",
        "social_django",
        "wagtail.admin",
    ];
    let component = settings.component();
    let begins = |file: &File| {
        facts.source(file).is_some_and(|source| {
            let lines = source.text().lines().filter(|it| !it.trim_start().starts_with('#'));
            lines.into_iter().any(|it| {
                SESSIONS.iter().any(|word| it.contains(word))
                    || it
                        .split_once("contrib.auth import ")
                        .is_some_and(|it| has_name(it.1, "login"))
            })
        })
    };
    let is_asked = |file: &&File| {
        file.component == component && file.kind.is_python() && !django::is_aside(file)
    };
    facts.answer(component, "begins a session of Django".to_owned(), || {
        facts.project().files.iter().filter(is_asked).any(begins)
    })
}

/// Neither the redirect to TLS nor HSTS; a proxy may see to both.
fn transport(settings: &Settings<'_>) -> Option<Found> {
    let is_off = |name: &str| matches!(switch(settings, name), Switch::Unset | Switch::Off { .. });
    if !is_off("SECURE_HSTS_SECONDS") || !is_off("SECURE_SSL_REDIRECT") {
        return None;
    }
    let (path, span) = own_place(settings)?;
    let message = "neither SECURE_HSTS_SECONDS nor SECURE_SSL_REDIRECT is set: plain HTTP is answered, unless a proxy sees to it";
    Some(Found { path, span, message: message.to_owned(), severity: Severity::Info })
}

fn own_place(settings: &Settings<'_>) -> Option<(String, Span)> {
    let span = settings.place(&["ALLOWED_HOSTS", "DEBUG", "MIDDLEWARE", "INSTALLED_APPS"])?;
    Some((settings.path()?.to_string(), span))
}
