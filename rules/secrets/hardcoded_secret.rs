//! See `hardcoded-secret.toml`: published formats anywhere, values that look real where a name says they are secret.

#[path = "hardcoded_secret/documents.rs"]
mod documents;
#[path = "hardcoded_secret/forms.rs"]
mod forms;
#[path = "hardcoded_secret/halves.rs"]
mod halves;
#[path = "hardcoded_secret/sites.rs"]
mod sites;

use std::borrow::Cow;

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::Span;
use roadworthy_project::{FileKind, Role};
use roadworthy_secrets::{
    Binding, Confidence, Kind, NameClass, Place, Secret, judge, judge_all, scan,
};

use self::forms::{
    is_compared_mark, is_made_of_name, is_mixed, is_something_else, is_vague, names_thing,
    names_what_opens, speaks_of_secrets,
};
use self::sites::{binds_key, is_bound_again, of_site};
use crate::shared::secrets::binding::{Bound, Form, is_fallback, last_part};
use crate::shared::secrets::browsers::{is_of_browser, is_of_visit, is_of_visited_page};
use crate::shared::secrets::circumstances::{
    is_address, is_for_others, is_given_in_production, is_handed_out, is_in_guide, is_in_sample,
    is_repeated, is_replaced_in_production, is_said_for_work, is_shown_before, is_told_before,
    makes_user_with,
};
use crate::shared::secrets::documents::{
    is_in_address, is_of_firebase, is_shown_by_page, is_throw_away_pair, key_before,
};
use crate::shared::secrets::guards;
use crate::shared::secrets::invented::{is_bait, is_of_search};
use crate::shared::secrets::lifetimes::{
    is_called_over, is_for_trials, is_of_hours, is_of_installed,
};
use crate::shared::secrets::literals::{
    Hits, Literal, binding, in_enumeration, is_live, shown, visit_literals,
};
use crate::shared::secrets::trials::{is_called_trial, is_of_idle_site};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if !matches!(file.kind, FileKind::Python | FileKind::Notebook) {
        return documents::check(file, out);
    }
    let terms = Terms::of(file, guards::is_local_module(file), out);
    let mut hits = Hits::new(file, out);
    if !terms.live {
        hits.names.clear();
    }
    let shortest = if file.pedantic() { 1 } else { 4 };
    let mut covered = 0;
    visit_literals(file, &hits, shortest, |literal| {
        if literal.content.start >= covered
            && let Some(end) = check_literal(file, &literal, terms, out)
        {
            covered = end;
        }
    });
    let Hits { names, formats } = hits;
    let mut all = [names, formats].concat();
    all.sort_unstable();
    check_comments(file, &all, terms, out);
}

fn check_comments(file: &FileContext<'_>, hits: &[u32], terms: Terms, out: &mut Reporter<'_>) {
    let comments = &file.outline.comments;
    let mut covered = 0;
    for &hit in hits {
        let after = comments.partition_point(|it| it.start <= hit);
        let Some(&comment) = after.checked_sub(1).map(|it| &comments[it]) else { continue };
        if hit < covered || hit >= comment.end {
            continue;
        }
        covered = comment.end;
        let text = file.slice(comment);
        if let Some(secret) = judge(&Place::Comment, text)
            && let Some(severity) = severity(
                file,
                &secret,
                Site { terms, offset: within(comment.start, &secret).start, bound: None },
            )
        {
            let named = matches!(secret.kind, Kind::NamedValue(_));
            let general = !matches!(secret.kind, Kind::ProviderFormat(_) | Kind::PrivateKey);
            let message = if named {
                "a comment holds a literal that looks like a real password or key".into()
            } else {
                format!("{} is written into a comment", what(secret.kind))
            };
            // What was tried against one's own machine opens nothing else.
            let local = general
                && ["localhost", "127.0.0.1"].iter().any(|host| text.contains(host))
                && !file.pedantic();
            // What was commented out is mostly an older value, or another's.
            let is_replaced = || is_key_of_django(&secret) && binds_key(file);
            let left_over = (general || is_replaced()) && !file.pedantic();
            let severity = if local || left_over { Severity::Info } else { severity };
            let severity = if file.pedantic() { severity } else { severity.min(Severity::Warning) };
            let span = within(comment.start, &secret);
            out.report(Report::at(span).message(message).severity(severity));
        }
    }
}

/// Reports what a literal holds; returns where the last of it ends.
fn check_literal(
    file: &FileContext<'_>,
    literal: &Literal<'_>,
    terms: Terms,
    out: &mut Reporter<'_>,
) -> Option<u32> {
    let mut found = Vec::new();
    if literal.holds_format {
        check_formats(file, literal, terms, out, &mut found);
    }
    if terms.live && (literal.bound.is_some() || literal.holds_name) {
        check_names(file, literal, terms, out, &mut found);
    }
    found.iter().map(|it| it.end).max()
}

/// What needs no name: formats, key blocks, URLs, headers.
fn check_formats(
    file: &FileContext<'_>,
    literal: &Literal<'_>,
    terms: Terms,
    out: &mut Reporter<'_>,
    found: &mut Vec<Span>,
) {
    let text = file.source.text();
    let mut span = literal.content;
    // The lines of a key may be separate literals, in a list or joined by `+`.
    if span.of_text(text).contains("-----BEGIN ")
        && let Some(line) = file.outline.line_at(span.start)
    {
        span.end = span.end.max(line.span.end.min(span.start + 16_384));
        while !text.is_char_boundary(span.end as usize) {
            span.end -= 1;
        }
    }
    let site = Site { terms, offset: literal.content.start, bound: None };
    let one = span != literal.content || literal.joined.end - literal.joined.first == 1;
    // A credential may be cut where one literal ends and the next begins.
    let value = if one { span.of_text(text).into() } else { literal.value(file) };
    for secret in scan(value.as_bytes()) {
        let general = matches!(secret.kind, Kind::UrlPassword | Kind::AuthorizationHeader);
        if (literal.statement && general || is_default_of_django(file, literal, &secret))
            && !file.pedantic()
        {
            continue;
        }
        let at = if one {
            within(span.start, &secret)
        } else {
            literal.locate(file, secret.span.clone())
        };
        let Some(severity) = severity(file, &secret, Site { offset: at.start, ..site }) else {
            continue;
        };
        // What is told to readers is not what runs.
        let severity = if literal.statement && !file.pedantic() {
            severity.min(Severity::Warning)
        } else {
            severity
        };
        let message = format!("{} is written into the source", what(secret.kind));
        out.report(Report::at(at).extent(literal.joined.span).severity(severity).message(message));
        found.push(at);
    }
}

/// Whether Django's key is the default of a read of the environment, of which `insecure-default-secret` tells.
fn is_default_of_django(file: &FileContext<'_>, literal: &Literal<'_>, secret: &Secret) -> bool {
    let is_key =
        matches!(secret.kind, Kind::ProviderFormat(it) if it.name == "django-insecure-key");
    is_key
        && file.kind == FileKind::Python
        && literal.plain
        && literal.bound.is_some_and(|it| {
            binding(file, &it, literal.content.start) == Binding::EnvironmentDefault
        })
}

/// What is a secret by its name: the one that the literal is bound to, or those of a text with names in it.
fn check_names(
    file: &FileContext<'_>,
    literal: &Literal<'_>,
    terms: Terms,
    out: &mut Reporter<'_>,
    found: &mut Vec<Span>,
) {
    let value = literal.value(file);
    let bound = literal.bound.filter(|it| {
        literal.plain
            && !literal.statement
            && (file.pedantic() || !in_enumeration(file, literal.content.start))
            && !it.name.is_empty()
    });
    let form = bound.map(|it| binding(file, &it, literal.content.start));
    let place = match (&bound, form) {
        (Some(bound), Some(binding)) => Place::Bound { name: bound.name, binding },
        // A docstring is prose, like a comment.
        _ if literal.statement => Place::Comment,
        _ => Place::Unbound,
    };
    let secrets = judge_all(&place, &value);
    if let Some(bound) = bound
        && file.pedantic()
        && secrets.is_empty()
        && found.is_empty()
        && speaks_of_secrets(bound.name)
        && !value.is_empty()
    {
        let message = format!("{} is given a literal", shown(bound.name, &value));
        out.report(Report::at(literal.content).extent(literal.joined.span).message(message));
        found.push(literal.content);
    }
    for secret in secrets {
        let span = literal.locate(file, secret.span.clone());
        let is_told = found.iter().any(|it| it.start < span.end && span.start < it.end);
        if is_told || is_default_of_django(file, literal, &secret) && !file.pedantic() {
            continue;
        }
        let named = matches!(secret.kind, Kind::NamedValue(_));
        // A docstring shows what a request looks like; only a format that proves itself is more than that.
        let general = named || matches!(secret.kind, Kind::UrlPassword | Kind::AuthorizationHeader);
        if literal.statement && general && !file.pedantic() {
            continue;
        }
        let bound = bound.filter(|_| named && secret.span == (0..value.len()));
        if let (Some(bound), false) = (&bound, file.pedantic()) {
            // A default that a program starts with is the business of `insecure-default-secret`, which has nothing to
            // say of a notebook.
            let default = matches!(form, Some(Binding::EnvironmentDefault))
                || matches!(
                    (form, bound.form),
                    (Some(Binding::SettingDefault), Form::Assignment(_))
                );
            if file.kind == FileKind::Python && (default || is_fallback(file, bound, span.start))
                || is_something_else(&value)
                || is_compared_mark(bound.form, &value)
                || names_thing(
                    secret.kind,
                    bound.name,
                    &value,
                    file.source.text(),
                    span.start as usize,
                )
                || names_file(file, bound, &value)
                || repeats_user(file, span.start, &value)
            {
                continue;
            }
        }
        let site =
            Site { terms, offset: span.start, bound: bound.as_ref().map(|it| (it, &*value)) };
        let Some(severity) = severity(file, &secret, site) else { continue };
        let message: Cow<'static, str> = match (secret.kind, bound) {
            (Kind::NamedValue(class), Some(bound)) => format!(
                "{} holds a literal that looks like a real {}",
                shown(bound.name, &value),
                noun(class)
            )
            .into(),
            (Kind::NamedValue(class), None) => pair_message(class).into(),
            (kind, _) => format!("{} is written into the source", what(kind)).into(),
        };
        // What is joined from several literals may have a format that none of them has.
        out.report(
            Report::at(span).extent(literal.joined.span).severity(severity).message(message),
        );
        found.push(span);
    }
}

/// What holds for a whole file.
#[derive(Clone, Copy)]
struct Terms {
    /// Whether the code may run in production.
    live: bool,
    /// Whether tests use it, or readers: what is a secret there was mostly made for them.
    shown: bool,
    /// Whether recognitions of low confidence are asked for.
    low: bool,
}

impl Terms {
    fn of(file: &FileContext<'_>, local: bool, out: &Reporter<'_>) -> Self {
        let shown = !is_live(file);
        let low = out.flag("low-confidence");
        Self { live: !shown && !local, shown, low }
    }

    /// The level of what speaks for itself by its form.
    fn inherent(self, kind: Kind) -> Option<Severity> {
        match kind {
            // What they open, and whether it is still in use, is seen by what stands around them.
            Kind::JsonWebToken | Kind::PrivateKey if self.live => Some(Severity::Warning),
            _ if self.live => Some(Severity::Error),
            Kind::ProviderFormat(format)
                if self.shown && format.name.contains("service-account") =>
            {
                None
            }
            // A checksum says that its maker handed it out: it worked from a test, too, and may be over since.
            Kind::ProviderFormat(format) if format.has_checksum() => Some(Severity::Warning),
            Kind::ProviderFormat(_) => Some(Severity::Info),
            _ if self.shown => None,
            _ => Some(Severity::Info),
        }
    }
}

/// Where a secret stands.
#[derive(Clone, Copy)]
struct Site<'a> {
    terms: Terms,
    /// An offset in its literal or comment.
    offset: u32,
    /// How its literal is bound, and the value.
    bound: Option<(&'a Bound<'a>, &'a str)>,
}

/// The level of a secret in its place and its circumstances; `None` where it is not worth a word.
fn severity(file: &FileContext<'_>, secret: &Secret, site: Site<'_>) -> Option<Severity> {
    let text = file.source.text();
    let (start, end) = (site.offset as usize, site.offset as usize + secret.span.len());
    let general = !matches!(secret.kind, Kind::ProviderFormat(_) | Kind::PrivateKey);
    // A value that is bound to a name is no part of a sentence.
    let in_prose = general && site.bound.is_none() && is_shown_before(text, start);
    if !file.pedantic() && (in_prose || text.get(start..end).is_some_and(is_address)) {
        return None;
    }
    let level = by_place(file, secret, site)?;
    let least = level == Severity::Info || file.pedantic();
    let of_program = level == Severity::Warning && is_key_of_program(secret) && is_for_others(file);
    let mild = !least && (of_program || is_mild(file, secret, site));
    let level = if mild { Severity::Info } else { level };
    let once = level == Severity::Info && !file.pedantic() && is_told_once(file, secret, site);
    (!once).then_some(level)
}

/// Whether one finding before says it already: of the same value in the folder, or of what the same page hands out.
fn is_told_once(file: &FileContext<'_>, secret: &Secret, site: Site<'_>) -> bool {
    let text = file.source.text();
    let start = site.offset as usize;
    let value = text.get(start..start + secret.span.len()).unwrap_or_default();
    let name = site.bound.map(|(it, _)| it.name).or_else(|| key_before(text, start));
    name.is_some_and(|name| {
        let head = text[..start].rfind(name).unwrap_or(start);
        is_repeated(file, name, value, site.offset)
            || is_of_visited_page(file, name, site.offset) && text[..head].contains(name)
    })
}

/// Whether a secret is told of elsewhere, or is one that users are handed.
fn is_mild(file: &FileContext<'_>, secret: &Secret, site: Site<'_>) -> bool {
    let text = file.source.text();
    let start = site.offset as usize;
    let value = text.get(start..start + secret.span.len()).unwrap_or_default();
    let name = site.bound.map(|(it, _)| it.name).or_else(|| key_before(text, start));
    let shared = matches!(secret.kind, Kind::NamedValue(NameClass::Key | NameClass::Token));
    // Who runs the program makes the database with it, and throws it away.
    let of_user = secret.kind == Kind::NamedValue(NameClass::Password)
        && name.is_some_and(|name| makes_user_with(text, name))
        && is_for_others(file);
    // What a provider hands out opens the same door in production.
    let of_own =
        matches!(secret.kind, Kind::NamedValue(_) | Kind::UrlPassword) || is_key_of_django(secret);
    is_of_search(&file.file.path) && file.role == Role::Test
        || of_own && is_bait(file.path_inside(), name.unwrap_or_default())
        || of_user
        || of_own && (is_given_in_production(file, site.offset) || is_said_for_work(file))
        || of_own && guards::is_not_in_force(file, site.offset)
        || is_of_hours(secret.kind, value)
        || is_called_over(text, start)
        || is_of_installed(text, secret.kind)
        || matches!(secret.kind, Kind::PrivateKey | Kind::JsonWebToken)
            && guards::is_for_show(file, site.offset)
        || guards::is_where_required_is_missing(file, site.offset)
        || is_for_trials(file, secret.kind, start)
        || secret.kind == Kind::PrivateKey && is_throw_away_pair(text)
        || is_of_browser(text, name.unwrap_or_default(), site.offset)
        || shared && is_of_visited_page(file, name.unwrap_or_default(), site.offset)
        || shared && is_handed_out(file)
        || is_told_before(file, value, site.offset)
        || matches!(secret.kind, Kind::JsonWebToken | Kind::AuthorizationHeader)
            && is_of_visit(text, start)
        || matches!(secret.kind, Kind::NamedValue(_)) && is_called_trial(file)
        || secret.confidence < Confidence::High && is_of_idle_site(file)
        || secret.kind != Kind::PrivateKey
            && !documents::has_checksum(secret)
            && is_in_guide(file, value)
        || secret.kind == Kind::JsonWebToken && file.role == Role::Library && is_for_others(file)
        || shared && name.is_some_and(|name| is_shown_by_page(file, name))
        || matches!(secret.kind, Kind::NamedValue(_))
            && name.is_some_and(|name| is_made_of_name(name, value))
}

/// Whether a secret may be the key by which a maker knows a program, and not who runs it.
fn is_key_of_program(secret: &Secret) -> bool {
    match secret.kind {
        Kind::NamedValue(class) => matches!(class, NameClass::Key | NameClass::Token),
        Kind::ProviderFormat(format) => {
            secret.confidence == Confidence::Medium && format.name != "django-insecure-key"
        }
        _ => false,
    }
}

/// The level of a secret by its form, its name and what its file is for.
fn by_place(file: &FileContext<'_>, secret: &Secret, site: Site<'_>) -> Option<Severity> {
    let Site { terms, offset, bound } = site;
    if file.pedantic() {
        let sure = secret.confidence == Confidence::High;
        return Some(if sure { Severity::Error } else { Severity::Warning });
    }
    let inherent =
        !matches!(secret.kind, Kind::NamedValue(_) | Kind::UrlPassword | Kind::AuthorizationHeader);
    if guards::is_example(file, offset) {
        return None;
    }
    if inherent && secret.confidence == Confidence::High {
        if secret.kind == Kind::JsonWebToken && is_in_address(file.source.text(), offset) {
            return None;
        }
        let level = terms.inherent(secret.kind);
        let most = halves::most(file, secret.kind, offset as usize);
        return level.map(|it| most.map_or(it, |most| it.min(most)));
    }
    if !terms.live
        || guards::is_for_show(file, offset)
        || guards::is_what_is_refused(file, offset)
        || is_of_web_page(file, secret, offset)
    {
        return None;
    }
    match (secret.kind, secret.confidence) {
        // Django's generated key is made to be replaced before production.
        (Kind::ProviderFormat(format), Confidence::Medium)
            if format.name == "django-insecure-key" =>
        {
            let replaced =
                is_bound_again(file, offset) || is_replaced_in_production(file, "SECRET_KEY");
            Some(if replaced { Severity::Info } else { of_site(file, offset) })
        }
        (Kind::NamedValue(_), Confidence::Medium) => {
            let signs = bound.is_some_and(|(it, value)| signs(it.name) && is_mixed(value));
            let name = bound.map_or("", |(it, _)| it.name);
            if signs && !is_overridden(file) && !is_bound_again(file, offset) {
                return Some(of_site(file, offset));
            }
            let library = matches!(file.role, Role::Library | Role::Script | Role::Cli);
            if library && !signs && !names_what_opens(secret.kind, name) {
                return None;
            }
            // Whatever a library holds its users have been handed: mostly the name by which a maker knows it. A script is
            // run by those who can read it.
            // What a text shows is mostly a sample; a key that is compared, the default of a setting.
            let is_password = secret.kind == Kind::NamedValue(NameClass::Password);
            let is_given = bound.is_some_and(|(it, value)| {
                (is_password || !matches!(it.form, Form::Comparison))
                    && !is_vague(secret.kind, it.name, value)
            });
            let public = signs || library || !is_given || guards::is_called_public(file, offset);
            Some(if public { Severity::Info } else { Severity::Warning })
        }
        (Kind::PrivateKey, _) => Some(Severity::Info),
        (_, Confidence::Medium | Confidence::High) => Some(Severity::Warning),
        (_, Confidence::Low) => {
            let used = bound.is_some_and(|(it, _)| logs_in(file, it.form));
            match (used, terms.low) {
                (true, _) => Some(Severity::Warning),
                (false, true) => Some(Severity::Info),
                (false, false) => None,
            }
        }
    }
}

/// Whether the literal is the name of a file: the module opens or removes one of that name, or the client takes a path.
fn names_file(file: &FileContext<'_>, bound: &Bound<'_>, value: &str) -> bool {
    const CALLS: [&str; 6] = ["open(", "remove(", "unlink(", "exists(", "Path(", "chmod("];
    let text = file.source.text();
    let taken = CALLS.iter().any(|call| {
        ['"', '\''].iter().any(|quote| text.contains(&format!("{call}{quote}{value}{quote}")))
    });
    // <https://pysftp.readthedocs.io/en/release_0.2.9/pysftp.html#pysftp.Connection>
    let is_path = bound.name == "private_key"
        && matches!(bound.form, Form::Argument(Some(call)) if file.slice(call.name).ends_with("sftp.Connection"));
    taken || is_path
}

/// The key that an application signs its sessions with, by the name that Django and Flask give it.
fn signs(name: &str) -> bool {
    name.eq_ignore_ascii_case("secret_key")
}

fn is_key_of_django(secret: &Secret) -> bool {
    matches!(secret.kind, Kind::ProviderFormat(format) if format.name == "django-insecure-key")
}

/// Whether the module, or a sample beside it, says that a file which is not committed has the last word.
fn is_overridden(file: &FileContext<'_>) -> bool {
    let text = file.source.text();
    ["settings_local", "local_settings"].iter().any(|it| text.contains(it))
        || is_in_sample(file, "SECRET_KEY")
        || is_replaced_in_production(file, "SECRET_KEY")
}

/// Whether a key of Google's stands in the configuration of Firebase, which every page shows.
fn is_of_web_page(file: &FileContext<'_>, secret: &Secret, offset: u32) -> bool {
    is_of_firebase(file.source.text(), secret.kind, offset as usize)
}

/// Whether a password is the name of its user and a number, as for a demonstration: `{"user": "jo", "password": "jo123"}`, or what
/// whoever has none gives (<https://www.rfc-editor.org/rfc/rfc1635>).
fn repeats_user(file: &FileContext<'_>, offset: u32, value: &str) -> bool {
    const REACH: usize = 160;
    if value == "anonymous" {
        return true;
    }
    let name = value.trim_end_matches(|it: char| !it.is_ascii_alphabetic());
    let before = &file.source.text().as_bytes()[..offset as usize];
    let near = &before[before.len().saturating_sub(REACH)..];
    let quoted = |quote: char| {
        let user = format!("{quote}{name}{quote}");
        near.windows(user.len()).any(|it| it == user.as_bytes())
    };
    name.len() >= 4 && name.len() < value.len() && (quoted('"') || quoted('\''))
}

/// Whether the literal is the password of a call that logs in with it: there it need not look random.
fn logs_in(file: &FileContext<'_>, form: Form<'_>) -> bool {
    const CALLEES: &[&str] = &[
        "connect",
        "create_connection",
        "create_engine",
        "create_pool",
        "create_superuser",
        "create_user",
        "login",
    ];
    matches!(form, Form::Argument(Some(call)) if CALLEES.contains(&last_part(file.slice(call.name))))
}

fn within(start: u32, secret: &Secret) -> Span {
    Span::new(start + secret.span.start as u32, start + secret.span.end as u32)
}

fn what(kind: Kind) -> String {
    match kind {
        Kind::ProviderFormat(format) => {
            format!("a credential of {} ({})", format.maker, format.name)
        }
        Kind::AuthorizationHeader => "the credential of an Authorization header".to_owned(),
        other => format!("a {}", other.phrase()),
    }
}

fn noun(class: NameClass) -> &'static str {
    Kind::NamedValue(class).phrase()
}

fn pair_message(class: NameClass) -> String {
    format!("a text holds what looks like a real {}, with its name", noun(class))
}
