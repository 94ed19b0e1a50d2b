//! See `insecure-default-secret.toml`: settings that are secret and work without being set.

#[path = "insecure_default_secret/harmless.rs"]
mod harmless;
#[path = "insecure_default_secret/signers.rs"]
mod signers;
#[path = "insecure_default_secret/used.rs"]
mod used;

use camino::Utf8Path;
use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Keyword, LogicalLine, Span};
use roadworthy_project::Role;
use roadworthy_secrets::{
    Binding, Confidence, Kind, NameClass, Place, Secret, is_working_default, judge, name_class,
};

use self::harmless::FlaskKey;
use crate::shared::code::text::has_name;
use crate::shared::code::{blocks, named};
use crate::shared::delivery::builds::lies_left_over;
use crate::shared::delivery::supplied::is_supplied;
use crate::shared::secrets::binding::{Bound, Form, is_fallback};
use crate::shared::secrets::circumstances::{
    is_beside_local_address, is_filled_by_template, is_given_before, is_given_in_production,
    is_in_sample, is_refused_in_production, is_replaced_in_production, is_said_for_work,
};
use crate::shared::secrets::guards;
use crate::shared::secrets::literals::{
    Hits, Literal, binding, in_enumeration, shown, visit_literals,
};
use crate::shared::secrets::trials::{is_called_trial, is_to_try_out};

/// What Flask and its extensions read of a class of settings by themselves.
const READ_BY_FRAMEWORKS: [&str; 4] =
    ["SECRET_KEY", "JWT_SECRET_KEY", "WTF_CSRF_SECRET_KEY", "SECURITY_PASSWORD_SALT"];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if guards::is_local_module(file) || is_template(file) && !file.pedantic() {
        return;
    }
    let hits = Hits::new(file, out);
    let mut told = Vec::new();
    visit_literals(file, &hits, 1, |literal| check_literal(file, &literal, &mut told, out));
}

/// Whether the file is one that people copy and fill in.
fn is_template(file: &FileContext<'_>) -> bool {
    let name = file.file.path.file_name().unwrap_or_default();
    name.split(['_', '-', '.']).any(|word| word == "template")
}

fn check_literal<'f>(
    file: &FileContext<'f>,
    literal: &Literal<'f>,
    told: &mut Vec<&'f str>,
    out: &mut Reporter<'_>,
) {
    let Some(bound) = literal.bound.filter(|_| literal.plain) else { return };
    let value = literal.value(file);
    let offset = literal.content.start;
    if !is_working_default(bound.name, &value) || in_enumeration(file, offset) {
        return;
    }
    let form = binding(file, &bound, offset);
    let Some(place) = setting(file, &bound, form, offset) else { return };
    // What looks real, or has a format, is a hardcoded secret, unless it stands where only a default can.
    let real = judge(&Place::Bound { name: bound.name, binding: form }, &value)
        .is_some_and(|it| it.confidence >= Confidence::Medium || it.span != (0..value.len()));
    if !file.pedantic() && !real && !opens(bound.name, &value) {
        return;
    }
    // A key that Django made opens nothing but the sites that run with it.
    let is_format = |it: &Secret| {
        let is_key =
            matches!(it.kind, Kind::ProviderFormat(it) if it.name == "django-insecure-key");
        !is_key || form != Binding::EnvironmentDefault || file.pedantic()
    };
    let format = roadworthy_secrets::scan(value.as_bytes()).iter().any(is_format);
    if format || real && place == Setting::Constant {
        return;
    }
    if !file.pedantic() && guards::holds(file, literal, bound.name, &value) {
        return;
    }
    let name = shown(bound.name, &value);
    let message = match place {
        Setting::Environment => format!("{name} falls back to a literal that works"),
        Setting::Field => format!("setting {name} has a default that works"),
        Setting::Constant => {
            let setting = if file.role == Role::Settings { "setting " } else { "" };
            format!("{setting}{name} is a literal that everybody can read")
        }
    };
    if !file.pedantic() && is_set_again(file, offset) {
        return;
    }
    let Some(mut severity) = severity(file, bound.name, offset, real) else { return };
    // Settings that only a number tells apart are told of once, and so is a default that another file repeats.
    let family = bound.name.trim_end_matches(|it: char| it.is_ascii_digit());
    let again = family != bound.name && told.contains(&family)
        || is_given_before(file, bound.name, file.slice(literal.joined.span));
    told.push(family);
    let of_flask = || harmless::key_of_flask(file, key_set(file, bound.name, offset));
    let unread = || match place {
        Setting::Field => {
            !is_read(file, bound.name, offset)
                && (bound.name != "SECRET_KEY" || of_flask() != Some(FlaskKey::Signs))
        }
        Setting::Environment => {
            let name = target(file, offset);
            harmless::field_made_of(file, offset).is_some_and(|it| !is_read(file, it, offset))
                || is_unread_key(file, name, offset)
                || !READ_BY_FRAMEWORKS.contains(&name)
                    && (is_in_class(file, offset) && !is_read(file, name, offset)
                        || is_of_module(file, offset) && !is_named_elsewhere(file, name, offset))
        }
        Setting::Constant => {
            let name = target(file, offset);
            let of_framework = file.role == Role::Settings || of_flask().is_some();
            !of_framework
                && is_of_module(file, offset)
                && !file.source.text().contains("django")
                && !is_named_elsewhere(file, name, offset)
        }
    };
    if !file.pedantic() {
        let harmless = again
            || unread()
            || is_left_over(file)
            || is_read_elsewhere(file, offset)
            || place == Setting::Constant
                && (is_in_sample(file, bound.name) || is_to_try_out(file))
            || is_filled_in(file)
            || is_filled_by_template(file, bound.name)
            || is_key_of_flask(file, offset)
            || harmless::is_filled_by_local(file)
            || file.role == Role::Settings && is_replaced_in_production(file, target(file, offset))
            || file.role == Role::Settings
                && is_refused_in_production(file, target(file, offset), &value)
            || place == Setting::Environment && harmless::is_demanded(file, bound.name)
            || harmless::is_copied(file)
            || harmless::is_no_key(bound.name, &value)
            || harmless::is_of_desktop(file)
            || !opens_by_itself(bound.name) && harmless::is_of_program(file, bound.name)
            || of_flask() == Some(FlaskKey::Idle)
            || place == Setting::Field && harmless::is_read_locally(file, bound.name)
            || harmless::opens_nothing(file, bound.name, offset)
            || is_for_settings_without(file, offset)
            || guards::is_called_unimportant(file, offset)
            || is_for_work(file, offset)
            || is_called_trial(file)
            || is_not_proven(file, &bound, place, (offset, &value), real)
            || harmless::is_template_of_guide(file);
        if harmless {
            severity = severity.min(Severity::Info);
        }
    }
    out.report(
        Report::at(literal.content).extent(literal.joined.span).severity(severity).message(message),
    );
}

/// Whether a class of settings for production gives another value, or the head of the file says that it is for development alone.
fn is_for_work(file: &FileContext<'_>, offset: u32) -> bool {
    is_given_in_production(file, offset) || is_said_for_work(file)
}

/// Whether one of the names of a setting is one that applications give the key of their sessions, their tokens or their data. What
/// another secret guards, and whether anybody reaches it, its name does not tell.
fn signs_by_name(names: &[&str]) -> bool {
    const KEYS: [&str; 7] =
        ["encryption", "fernet", "jwt", "secretkey", "session", "signingkey", "tokensecret"];
    names.iter().any(|name| {
        let name = name.to_ascii_lowercase().replace(['_', '-'], "");
        KEYS.iter().any(|it| name.contains(it))
    })
}

/// Whether a value is drawn by chance, as what lets somebody in elsewhere is: words that say what it is for are small.
fn is_drawn(value: &str) -> bool {
    value.bytes().any(|it| it.is_ascii_uppercase())
}

/// Whether it is not sure that the program signs with a setting, or something supplies or refuses it.
fn is_not_proven(
    file: &FileContext<'_>,
    bound: &Bound<'_>,
    place: Setting,
    (offset, value): (u32, &str),
    real: bool,
) -> bool {
    let opens = real && is_drawn(value) || signs_by_name(&[bound.name, target(file, offset)]);
    !opens
        || !is_sure_key(file, bound, place, offset)
        || harmless::is_compared_with_default(file, &[bound.name, target(file, offset)])
        || file.role == Role::Settings && harmless::is_for_trial_image(file)
        || place != Setting::Constant && is_supplied(file, &bound.name.to_ascii_uppercase(), value)
}

/// Whether the program surely signs or encrypts with a setting, or lets in who knows it: a framework does so by itself, or a line of
/// the project.
fn is_sure_key(file: &FileContext<'_>, bound: &Bound<'_>, place: Setting, offset: u32) -> bool {
    let target = target(file, offset);
    let is_of_framework = [target, bound.name].iter().any(|it| {
        let name = it.rsplit('.').next().unwrap_or_default();
        READ_BY_FRAMEWORKS.contains(&name)
            && (file.role == Role::Settings
                || harmless::key_of_flask(file, name) == Some(FlaskKey::Signs))
    });
    // What is handed to a call that signs was looked at before.
    let is_handed = place == Setting::Constant && matches!(bound.form, Form::Argument(_));
    let field = harmless::field_made_of(file, offset).unwrap_or_default();
    let name = target.rsplit('.').next().unwrap_or_default();
    let of_module = || is_of_module(file, offset) || is_in_class(file, offset);
    let named = if of_module() { name } else { "" };
    is_of_framework || is_handed || used::is_key(file, &[named, field, bound.name], offset)
}

/// Whether nothing in the project names a module of Django's settings, as a copy that somebody left is named by nothing, or nobody
/// builds any more the image in whose folder it lies.
fn is_left_over(file: &FileContext<'_>) -> bool {
    let stem = file.file.path.file_stem().unwrap_or_default();
    let Some((facts, known)) = file.in_facts() else { return false };
    if lies_left_over(facts, &known.path) || named::is_left_behind(file) {
        return true;
    }
    if file.role != Role::Settings || matches!(stem, "settings" | "__init__") {
        return false;
    }
    let project = facts.project();
    let mut others = project.files.iter().filter(|it| it.path != known.path);
    !facts.answer(known.component, format!("something names the settings {}", known.path), || {
        others.any(|it| facts.source(it).is_some_and(|it| it.text().contains(stem)))
    })
}

/// Whether production has a module of settings beside this one that takes them from a file: `vars().update(…)`.
fn is_filled_in(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let folder = known.path.parent().unwrap_or(Utf8Path::new(""));
    file.role == Role::Settings
        && ["production.py", "prod.py"].iter().any(|name| {
            let production = facts.python(&folder.join(name));
            production.is_some_and(|it| {
                let text = it.source.text();
                ["vars().update(", "globals().update("].iter().any(|call| text.contains(call))
            })
        })
}

/// Whether a default is given for what Flask's own configuration always holds, so that it is never taken:
/// `app.config.get("SECRET_KEY", "…")` (<https://flask.palletsprojects.com/en/stable/config/#SECRET_KEY>).
fn is_key_of_flask(file: &FileContext<'_>, offset: u32) -> bool {
    file.outline.line_at(offset).is_some_and(|line| {
        let text = file.slice(line.span);
        ["\"", "'"]
            .iter()
            .any(|quote| text.contains(&format!("config.get({quote}SECRET_KEY{quote}")))
    })
}

/// Whether it is only taken where the settings that were read before hold none: `if not app.config.get("SECRET_KEY"):`
/// behind `app.config.from_object(..)`. What those hold by default is told of there.
fn is_for_settings_without(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(line) = file.outline.line_at(offset) else { return false };
    let before = &file.source.text()[..line.span.start as usize];
    before.contains("config.from_object(")
        && blocks::headers_around(file, line.span.start).any(|header| {
            let text = file.slice(header.span);
            text.starts_with("if not ") && text.contains(".config") && text.contains("SECRET_KEY")
        })
}

/// Whether a line puts a setting into the configuration of an application under a key that neither a framework nor a line reads.
fn is_unread_key(file: &FileContext<'_>, target: &str, offset: u32) -> bool {
    key_of_config(target)
        .is_some_and(|it| !READ_BY_FRAMEWORKS.contains(&it) && !is_read(file, it, offset))
}

/// The key under which a line puts a setting into the configuration of an application: `app.config["KEY"]`.
fn key_of_config(target: &str) -> Option<&str> {
    let (_, key) = target.split_once("config[")?;
    let key = key.strip_suffix(']')?.trim();
    Some(key.trim_matches(['"', '\'']))
}

/// The key of an application that a line sets, whatever the variable is called that it reads:
/// `app.config["SECRET_KEY"] = os.getenv("SHOP_KEY", "…")`.
fn key_set<'a>(file: &FileContext<'a>, name: &'a str, offset: u32) -> &'a str {
    let target = target(file, offset);
    let last = key_of_config(target).or_else(|| target.rsplit('.').next());
    last.filter(|it| it.eq_ignore_ascii_case("SECRET_KEY")).unwrap_or(name)
}

/// Whether the line of a literal stands in the body of a class, which makes an attribute of what it assigns to.
fn is_in_class(file: &FileContext<'_>, offset: u32) -> bool {
    let scope = file.outline.line_at(offset).and_then(|it| it.scope);
    scope.is_some_and(|it| file.outline.definition(it).is_class())
}

/// Whether the line of a literal is one of the module's own that assigns to a plain name.
fn is_of_module(file: &FileContext<'_>, offset: u32) -> bool {
    let target = target(file, offset);
    file.outline.line_at(offset).is_some_and(|it| it.scope.is_none())
        && !target.is_empty()
        && target.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// Whether a name of the module stands in another line of it, or in another module.
fn is_named_elsewhere(file: &FileContext<'_>, name: &str, offset: u32) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    let own = file.outline.line_at(offset).map_or(Span::empty(offset), |it| it.span);
    let text = file.source.text();
    let project = facts.project();
    let mut others = project.files.iter().filter(|it| it.kind.is_python() && it.path != known.path);
    has_name(&text[..own.start as usize], name)
        || has_name(&text[own.end as usize..], name)
        || facts.answer(known.component, format!("{name} stands beside {}", known.path), || {
            others.any(|it| facts.source(it).is_some_and(|it| has_name(it.text(), name)))
        })
}

/// The name that the line of a literal assigns to.
fn target<'a>(file: &FileContext<'a>, offset: u32) -> &'a str {
    let text = file.outline.line_at(offset).map_or("", |it| file.slice(it.span));
    text.split(['=', ':']).next().unwrap_or_default().trim()
}

/// The other lines of the module that assign to the name that the line of a literal does, and what they assign.
fn others<'a>(file: &FileContext<'a>, offset: u32) -> Vec<(&'a LogicalLine, &'a str)> {
    let (target, own) = (target(file, offset), file.outline.line_at(offset));
    let lines = file.outline.lines.iter().filter(|it| it.scope.is_none());
    let others = lines.filter(|it| own.is_none_or(|own| own.span != it.span));
    others
        .filter_map(|line| {
            let rest = file.slice(line.span).strip_prefix(target)?.trim_start();
            let value = rest.strip_prefix('=').filter(|it| !it.starts_with('='))?;
            Some((line, value.trim()))
        })
        .collect()
}

/// Whether a later line of the module gives the setting another value, whatever happens: that one holds.
fn is_set_again(file: &FileContext<'_>, offset: u32) -> bool {
    let of_module = file.outline.line_at(offset).is_some_and(|it| it.scope.is_none());
    let target = target(file, offset);
    // `os.environ["SECRET_KEY"]` does not take what stands before.
    let takes = |value: &str| {
        let unquoted =
            value.replace(&format!("\"{target}\""), "").replace(&format!("'{target}'"), "");
        unquoted.contains(target)
    };
    of_module
        && others(file, offset)
            .into_iter()
            .any(|(line, value)| line.span.start > offset && line.indent == 0 && !takes(value))
}

/// Whether it stands in a branch, and another one takes the setting from the environment without a default: production runs
/// that one, and a build or a command of management this.
fn is_read_elsewhere(file: &FileContext<'_>, offset: u32) -> bool {
    let is_branch =
        file.outline.line_at(offset).is_some_and(|it| it.scope.is_none() && it.indent > 0);
    let asks = |value: &str| {
        let is_read =
            ["environ", "getenv(", "env(", "env.", "config("].iter().any(|it| value.contains(it));
        is_read && !value.contains([',']) && !value.contains(" or ")
    };
    is_branch && others(file, offset).into_iter().any(|(_, value)| asks(value))
}

/// Whether something reads a field of settings: its name stands behind a dot, or is asked for as text, somewhere in the code.
fn is_read(file: &FileContext<'_>, name: &str, offset: u32) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    let forms = [format!(".{name}"), format!("\"{name}\""), format!("'{name}'")];
    // Many mappings have such a key.
    let asks_settings = |before: &str| {
        let line = before.rsplit('\n').next().unwrap_or_default().to_ascii_lowercase();
        ["setting", "config", "getattr"].iter().any(|it| line.contains(it))
    };
    let reads = |text: &str| {
        forms.iter().any(|form| {
            text.match_indices(form.as_str()).any(|(at, _)| {
                let behind = text.as_bytes().get(at + form.len());
                // A class that sets its own attribute reads that.
                let is_own = text[..at].ends_with("self")
                    && [" =", ": "].iter().any(|it| text.contains(&format!("self{form}{it}")));
                let is_asked = form.starts_with('.') || asks_settings(&text[..at]);
                is_asked
                    && !is_own
                    && !behind.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_')
            })
        })
    };
    let own = file.outline.line_at(offset).map_or(Span::empty(0), |it| it.span);
    let text = file.source.text();
    let (before, behind) = (&text[..own.start as usize], &text[own.end as usize..]);
    let project = facts.project();
    let mut others = project.files.iter().filter(|it| {
        it.kind.is_python()
            && it.path != known.path
            && it.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
            && !it.path.as_str().contains("deprecated")
            && !guards::is_local_path(it.path.as_str())
    });
    let reads_here = |text: &str| reads(&harmless::without_trimming(text, name));
    reads_here(before)
        || reads_here(behind)
        || facts.answer(known.component, format!("{name} is read beside {}", known.path), || {
            others.any(|it| facts.source(it).is_some_and(|it| reads(it.text())))
        })
}

/// What the default opens; `None` where that is a service on one's own machine.
fn severity(file: &FileContext<'_>, name: &str, offset: u32, real: bool) -> Option<Severity> {
    if file.pedantic() {
        return Some(Severity::Warning);
    }
    // Who runs a script sees what it does; what counts visitors is shown to all of them.
    if matches!(file.role, Role::Script | Role::Cli) || has_word(name, COUNTERS) {
        return None;
    }
    let by_itself = opens_by_itself(name) || real;
    let local = || {
        guards::is_beside_local_host(file, offset)
            || is_beside_local_address(file.source.text(), name, offset)
    };
    let severity = if by_itself || has_word(name, USERS) && !local() {
        Severity::Warning
    } else if has_word(name, SERVICES) || local() {
        return None;
    } else {
        // Somebody else checks it, who is mostly out of reach from outside.
        Severity::Info
    };
    Some(severity)
}

/// Whether whoever knows the value needs nobody else to make use of it: a program signs or encrypts with it.
fn opens_by_itself(name: &str) -> bool {
    name_class(name) != Some(NameClass::Password)
        && has_word(name, SIGNS)
        && !has_word(name, OF_OTHERS)
}

/// Words of the passwords of services that stand behind the program, and refuse what they were not given themselves.
const SERVICES: &[&str] = &[
    "airflow",
    "amqp",
    "clickhouse",
    "database",
    "db",
    "elastic",
    "mariadb",
    "mongo",
    "mysql",
    "neo4j",
    "pg",
    "postgre",
    "postgres",
    "rabbitmq",
    "redis",
];

/// Services whose tokens every page of a site shows.
const COUNTERS: &[&str] = &["amplitude", "mixpanel", "posthog", "segment"];

/// Words of the passwords of users that the program itself makes.
const USERS: &[&str] = &["admin", "initial", "superuser", "user"];

/// Words of keys with which a program signs or encrypts, so that any text works.
const SIGNS: &[&str] = &[
    "auth",
    "encryption",
    "fernet",
    "hmac",
    "jwt",
    "master",
    "private",
    "secret",
    "session",
    "shared",
    "sign",
    "signing",
    "webhook",
];

/// Words of credentials that another party gives out and checks: an invented one opens nothing.
const OF_OTHERS: &[&str] = &[
    "access",
    "api",
    "app",
    "aws",
    "azure",
    "bot",
    "captcha",
    "client",
    "cloudflare",
    "consumer",
    "email",
    "gemini",
    "github",
    "gitlab",
    "google",
    "langfuse",
    "langsmith",
    "mail",
    "mailgun",
    "minio",
    "openai",
    "oss",
    "paypal",
    "r2",
    "recaptcha",
    "s3",
    "sendgrid",
    "sentry",
    "slack",
    "smtp",
    "stripe",
    "telegram",
    "twilio",
];

/// Whether an invented value would work as the setting `name`.
fn opens(name: &str, value: &str) -> bool {
    let unfinished =
        value.ends_with(['-', '_', ':']) || value.starts_with("x-") || value.starts_with("X-");
    let instruction = value.to_ascii_lowercase();
    let filled_in = ["your-", "your_", "<your"].iter().any(|it| instruction.starts_with(it));
    // A name for what a cluster keeps, and a value for a run that serves nobody.
    let resource = has_word(name, &["config", "k8s", "kube", "kubernetes"]);
    let for_build = has_word(&instruction, &["build", "collectstatic", "generate"]);
    let others = has_word(name, OF_OTHERS) || resource || for_build;
    // Under which something is found in a mapping: `session_key = "db_session"`.
    let lower = name.to_ascii_lowercase();
    let cookie = lower.ends_with("cookie_key")
        || lower.ends_with("session_key") && value.ends_with("session");
    let own = name_class(name) == Some(NameClass::Password) && !filled_in
        || has_word(name, SIGNS) && !cookie;
    own && !others && !unfinished
}

/// Whether one of the words of a name is listed.
fn has_word(name: &str, words: &[&str]) -> bool {
    name.split(['_', '-', '.']).any(|it| words.iter().any(|word| word.eq_ignore_ascii_case(it)))
}

/// Where a setting's value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// The default of a read of the environment.
    Environment,
    /// The default of a field of a settings class.
    Field,
    /// The setting itself: Django's and Flask's `SECRET_KEY`.
    Constant,
}

fn setting(
    file: &FileContext<'_>,
    bound: &Bound<'_>,
    form: Binding,
    offset: u32,
) -> Option<Setting> {
    let signs = bound.name.eq_ignore_ascii_case("secret_key");
    match (form, bound.form) {
        (Binding::EnvironmentDefault, _) => Some(Setting::Environment),
        _ if is_fallback(file, bound, offset) => Some(Setting::Environment),
        (Binding::SettingDefault, Form::Assignment(_)) => Some(Setting::Field),
        (_, Form::Assignment(target)) if signs => {
            let object = target.strip_suffix(".secret_key").unwrap_or_default();
            let mapping = target.split_once('[').map_or("", |it| it.0);
            let flask = object.ends_with("app") || mapping.ends_with("config");
            let module = file.outline.line_at(offset).is_some_and(|it| {
                it.scope.is_none() && it.keyword == Keyword::Other && target == "SECRET_KEY"
            });
            (flask || module).then_some(Setting::Constant)
        }
        (_, Form::Argument(Some(call))) if signs && is_told_key(file.slice(call.name)) => {
            Some(Setting::Constant)
        }
        (_, Form::Argument(Some(call))) if signers::is_key(file, call, bound.name) => {
            Some(Setting::Constant)
        }
        _ => None,
    }
}

/// Whether a call hands the application its key, by how it is written: what the object was made by is seldom seen.
fn is_told_key(callee: &str) -> bool {
    ["config.update", "config.from_mapping", "SessionMiddleware", "add_middleware"]
        .iter()
        .any(|it| callee.ends_with(it))
}
