//! The part of `hardcoded-secret` for files that are not Python. Knows which syntax a kind of file has, not how it is
//! read.

use camino::Utf8Path;
use roadworthy_engine::{FileContext, Report, Reporter, Severity, Strictness};
use roadworthy_parser::Span;
use roadworthy_project::{FileKind, Role};
use roadworthy_secrets::{Confidence, Kind, NameClass, Secret, scan_document};
use rustc_hash::FxHashMap;

use super::forms::{is_made_of_name, is_vague, names_thing};
use super::{Terms, halves, is_key_of_django, is_key_of_program, noun, what, within};
use crate::shared::code::text::has_name;
use crate::shared::secrets::browsers::{is_of_browser, is_of_loaded_page};
use crate::shared::secrets::circumstances::{
    is_address, is_among_fakes, is_beside_local_address, is_for_others, is_of_deployment,
    is_repeated, is_shown_before, is_told_before, says_deployment, says_harmless,
};
use crate::shared::secrets::documents::{
    is_for_own_certificate, is_in_address, is_public, is_shown_by_page, is_throw_away_pair,
    key_before, secret_file, syntax,
};
use crate::shared::secrets::guards;
use crate::shared::secrets::invented::{is_bait, is_catalogue, is_sent_to_all, says_samples};
use crate::shared::secrets::lifetimes::{
    is_called_over, is_collection_of_requests, is_for_trials, is_named_by_guide_beside,
    is_of_composed_service, is_of_hours, is_of_installed, is_of_records, is_of_several,
    is_told_as_default,
};
use crate::shared::secrets::literals::shown;
use crate::shared::secrets::trials::is_report_of_run;

/// Where a description of an interface says that it is one.
const HEAD: usize = 300;

/// How many values under one key of JSON are judged: what more records have is data, which is advice at most.
const MOST_RECORDS: usize = 8;

/// How many values under one key of another document are judged.
const MOST_VALUES: usize = 100;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let Some(syntax) = syntax(file.kind) else { return };
    if is_of_scanner(file) && !file.pedantic() {
        return;
    }
    let text = file.source.text();
    let judged_by = |rule| !file.pedantic() && file.is_judged_by(rule);
    if judged_by("secret-file-committed") && secret_file(file).is_some() && file.file.is_committed()
    {
        return;
    }
    let in_image = file.kind == FileKind::Dockerfile && judged_by("secret-in-image");
    let terms = Terms::of(file, guards::is_local_document(file), out);
    let mut judged: FxHashMap<&str, usize> = FxHashMap::default();
    let most = if file.kind == FileKind::Json { MOST_RECORDS } else { MOST_VALUES };
    for secret in scan_document(text, syntax) {
        // Data may hold thousands of values under one key, and each is looked for in all of it.
        if matches!(secret.kind, Kind::NamedValue(_)) && !file.pedantic() {
            // What stands in a pair of its own (`name: …, value: …`) has no key that others share.
            if let Some(name) = key_before(text, secret.span.start) {
                let count = judged.entry(name).or_default();
                *count += 1;
                if *count > most {
                    continue;
                }
            }
        }
        // Comments are no part of an image.
        if in_image && !is_comment(text, secret.span.start) {
            continue;
        }
        if !file.pedantic() && is_public(text, &secret) {
            continue;
        }
        let Some(severity) = severity(file, &secret, terms) else { continue };
        let span = within(0, &secret);
        let message = message(file, &secret, span);
        out.report(Report::at(span).severity(severity).message(message));
    }
}

/// Whether the file tells another scanner what it need not report.
fn is_of_scanner(file: &FileContext<'_>) -> bool {
    let name = file.file.path.file_name().unwrap_or_default();
    [".gitleaks", "gitleaks.", ".secrets.baseline", ".trufflehog", ".gitguardian"]
        .iter()
        .any(|it| name.starts_with(it))
}

fn is_comment(text: &str, at: usize) -> bool {
    let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |at| at + 1);
    text.as_bytes()[start..].trim_ascii_start().starts_with(b"#")
}

/// The level of a secret in its circumstances; `None` where it is not worth a word.
fn severity(file: &FileContext<'_>, secret: &Secret, terms: Terms) -> Option<Severity> {
    let text = file.source.text();
    let value = &text[secret.span.clone()];
    let named = matches!(secret.kind, Kind::NamedValue(_));
    let is_nobodys = || {
        is_address(value)
            || named && (is_path(value) || is_catalogue(Utf8Path::new(file.path_inside())))
            || !matches!(secret.kind, Kind::ProviderFormat(_))
                && is_sent_to_all(text, secret.span.start)
    };
    if !file.pedantic() && is_nobodys() {
        return None;
    }
    let name = key_before(text, secret.span.start).unwrap_or_default();
    if !file.pedantic() && names_thing(secret.kind, name, value, text, secret.span.start) {
        return None;
    }
    let level = by_form(file, secret, terms)?;
    if file.pedantic() {
        return Some(level);
    }
    let of_program = level == Severity::Warning
        && is_key_of_program(secret)
        && !is_of_deployment(&file.file.path)
        && is_for_others(file);
    if level == Severity::Info || of_program || is_mild(file, secret) {
        let name = key_before(text, secret.span.start).unwrap_or_default();
        let again = is_repeated(file, name, value, secret.span.start as u32);
        return (!again).then_some(Severity::Info);
    }
    // Its maker handed it out once; what a guide shows is mostly revoked since, or handed to everybody.
    let shown = is_prose(file)
        && (!has_checksum(secret) || is_shown_before(text, secret.span.start))
        || is_collected(file);
    Some(if shown { level.min(Severity::Warning) } else { level })
}

/// Whether a file holds data that somebody gathered: what stands there is mostly what others wrote.
fn is_collected(file: &FileContext<'_>) -> bool {
    const FOLDERS: [&str; 8] =
        ["corpora", "corpus", "crawl", "data", "dataset", "datasets", "dump", "dumps"];
    matches!(file.kind, FileKind::Json | FileKind::Text)
        && Utf8Path::new(file.path_inside())
            .ancestors()
            .skip(1)
            .filter_map(Utf8Path::file_name)
            .any(|it| FOLDERS.contains(&it.to_ascii_lowercase().as_str()))
}

/// Whether a document is one that others sent, by its name, and holds several values under a key or the number of a cart: what was
/// recorded tells one visit from the next, and opens nothing of the project's.
fn is_recorded(file: &FileContext<'_>, name: &str) -> bool {
    const RECORDS: [&str; 10] = [
        "fixture",
        "fixtures",
        "payload",
        "payloads",
        "recorded",
        "response",
        "responses",
        "sample",
        "webhook",
        "webhooks",
    ];
    const VISITS: [&str; 4] = ["basket", "cart", "checkout", "visit"];
    let stem = file.file.path.file_stem().unwrap_or_default().to_ascii_lowercase();
    let is_record = stem.split(['_', '-', '.']).any(|it| RECORDS.contains(&it));
    let first = name.split(['_', '-']).next().unwrap_or_default();
    let quoted = format!("\"{name}\"");
    !name.is_empty()
        && is_record
        && (VISITS.contains(&first) || file.source.text().matches(&quoted).nth(1).is_some())
}

/// Whether a value is a path of plain words: `"pass": "applications/shop"`.
fn is_path(value: &str) -> bool {
    let word = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
    value.contains('/') && value.split('/').all(word)
}

/// Whether a secret is told of elsewhere, or opens what is nobody else's: a page's key, a service of the same machine, a
/// certificate that nobody but its maker vouches for.
fn is_mild(file: &FileContext<'_>, secret: &Secret) -> bool {
    let text = file.source.text();
    let (value, at) = (&text[secret.span.clone()], secret.span.start as u32);
    let name = key_before(text, secret.span.start).unwrap_or_default();
    let inherent = matches!(secret.kind, Kind::ProviderFormat(_) | Kind::PrivateKey);
    let named = matches!(secret.kind, Kind::NamedValue(_));
    is_of_browser(text, name, at)
        || is_of_loaded_page(file, secret.kind)
        || !inherent && is_report_of_run(file)
        || is_of_hours(secret.kind, value)
        || !inherent && is_bait(file.path_inside(), name)
        || file.kind != FileKind::Env && says_samples(text, secret.span.start)
        || is_called_over(text, secret.span.start)
        || is_of_installed(text, secret.kind)
        || is_for_trials(file, secret.kind, secret.span.start)
        || secret.kind == Kind::NamedValue(NameClass::Password) && is_of_several(text, value)
        || (!inherent || secret.kind == Kind::JsonWebToken) && is_collection_of_requests(file)
        || file.kind == FileKind::Key && is_named_by_guide_beside(file)
        || !inherent && is_beside_local_address(text, name, at)
        || is_of_own_server(secret) && is_beside_local_address(text, line_before(text, at), at)
        || file.kind == FileKind::Key && is_for_own_certificate(file)
        || secret.kind == Kind::PrivateKey && is_throw_away_pair(text)
        || file.kind == FileKind::Key && (is_beside_certificate(text) || is_default_of_guide(file))
        || is_told_before(file, value, at)
        || is_switched_off(text, secret.span.start)
        || !inherent && file.kind == FileKind::Ini && is_of_home(text)
        || is_prose(file) && is_of_another(file)
        || matches!(secret.kind, Kind::NamedValue(_)) && is_made_of_name(name, value)
        || !inherent
            && is_prose(file)
            && (is_format_shown(text, secret.span.start) || is_in_other_prose(file, value))
        || is_among_fakes(text, secret.span.start)
        || !inherent
            && file.kind == FileKind::Json
            && (is_of_records(text, name) || is_recorded(file, name))
        || secret.kind == Kind::NamedValue(NameClass::Password)
            && is_of_composed_service(file, name)
        || is_vague(secret.kind, name, value)
        || named && (is_in_comment(text, secret.span.start) || is_overridable(file))
        || is_prose(file) && !has_checksum(secret) && secret.kind != Kind::UrlPassword
        // Of what a text for readers holds only the passwords of addresses are left.
        || (is_prose(file) || is_in_comment(text, secret.span.start))
            && (is_shown_before(text, secret.span.start) || is_told_as_default(text, at))
            && !has_checksum(secret)
        || !inherent && is_shown_by_page(file, name)
}

/// Whether a secret is a token of a server that everybody may start for himself.
fn is_of_own_server(secret: &Secret) -> bool {
    const SERVERS: [&str; 4] = ["gitlab", "grafana", "sonar", "vault"];
    matches!(secret.kind, Kind::ProviderFormat(format) if SERVERS.iter().any(|it| format.name.starts_with(it)))
}

/// The line of a place, up to that.
fn line_before(text: &str, at: u32) -> &str {
    text[..at as usize].rsplit('\n').next().unwrap_or_default().trim_start()
}

/// Whether settings were written for the machine of one person: they name folders of his home.
fn is_of_home(text: &str) -> bool {
    text.lines().any(|line| {
        let value = line.split_once('=').map_or("", |(_, value)| value.trim());
        ["/Users/", "C:\\Users\\", "sqlite:////Users/"].iter().any(|it| value.starts_with(it))
    })
}

/// Whether a guide belongs to what others wrote: a licence of its own lies beside it, below the top of the repository.
fn is_of_another(file: &FileContext<'_>) -> bool {
    const LICENCES: [&str; 4] = ["LICENSE", "LICENSE.md", "LICENSE.txt", "COPYING"];
    file.in_facts().is_some_and(|(facts, known)| {
        let folder = known.path.parent().unwrap_or(Utf8Path::new(""));
        !folder.as_str().is_empty()
            && LICENCES.iter().any(|it| facts.tree().is_file(&folder.join(it)))
    })
}

/// Whether the state of Terraform says that the account of a key takes no keys.
fn is_switched_off(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    let resource = &rest[..rest.find("\"schema_version\"").unwrap_or(rest.len())];
    text[..at].contains("\"terraform_version\"")
        && resource.contains("\"shared_access_key_enabled\": false")
}

/// Whether a file holds what whoever installs it gives another value, or what was written down from elsewhere: the defaults of a role
/// of Ansible or of a chart, and JSON that neither it nor a folder calls a configuration, nor after production.
fn is_overridable(file: &FileContext<'_>) -> bool {
    const CONFIGURATIONS: [&str; 8] =
        ["account", "config", "cred", "env", "login", "secret", "setting", "user"];
    // As words: authors and monkeys are none.
    const OPENING: [&str; 4] = ["auth", "database", "key", "token"];
    let path = Utf8Path::new(file.path_inside());
    let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
    let folder = path.parent().and_then(Utf8Path::file_name).unwrap_or_default();
    match file.kind {
        FileKind::Yaml => folder == "defaults" || name == "values.yaml" || name == "values.yml",
        FileKind::Json => {
            !CONFIGURATIONS.iter().any(|it| name.contains(it))
                && !name
                    .split(['_', '-', '.'])
                    .any(|it| OPENING.contains(&it.trim_end_matches('s')))
                && !path.parent().is_some_and(is_of_configuration)
                && !says_deployment(path)
        }
        _ => false,
    }
}

/// Whether one of some folders is for configurations.
fn is_of_configuration(folders: &Utf8Path) -> bool {
    const FOLDERS: [&str; 5] = ["conf", "config", "credential", "secret", "setting"];
    folders.components().any(|it| FOLDERS.contains(&it.as_str().trim_end_matches('s')))
}

/// Whether a text says on the line of a value, or on the one above, that it shows an example or a format, or leaves out the rest.
fn is_format_shown(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let own = text[start..].lines().next().unwrap_or_default();
    let above = text[..start].lines().next_back().unwrap_or_default();
    [own, above].iter().any(|line| {
        let line = line.to_ascii_lowercase();
        ["example", "format"].iter().any(|it| has_name(&line, it))
            || ["e.g.", "...", "…"].iter().any(|it| line.contains(it))
    })
}

/// Whether another document of the repository that people read holds the same value: it is shown, not used.
fn is_in_other_prose(file: &FileContext<'_>, value: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let is_prose =
        |it: &&Utf8Path| matches!(it.extension(), Some("md" | "rst" | "txt")) && **it != known.path;
    facts
        .tree()
        .files()
        .filter(is_prose)
        .take(MOST_DOCUMENTS)
        .any(|it| facts.text(it).whole().is_some_and(|it| it.text().contains(value)))
}

/// How many other documents are looked through.
const MOST_DOCUMENTS: usize = 200;

/// Whether the line of an offset is one of a comment, as most languages write them.
fn is_in_comment(text: &str, at: usize) -> bool {
    let line = text[..at].rsplit('\n').next().unwrap_or_default().trim_start();
    ["//", "/*", "* ", "#", ";"].iter().any(|it| line.starts_with(it))
}

/// Whether a guarded key stands in one file with its certificate: those of others, that a scanner knows.
fn is_beside_certificate(text: &str) -> bool {
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") && text.contains("BEGIN CERTIFICATE")
        || text.contains("Proc-Type: 4,ENCRYPTED") && text.contains("BEGIN CERTIFICATE")
}

/// Whether a guide hands the key to everybody, and calls it the one that comes with the program.
fn is_default_of_guide(file: &FileContext<'_>) -> bool {
    const GUIDES: [&str; 4] = ["README.md", "README.rst", "docs/README.md", "README"];
    let Some((facts, known)) = file.in_facts() else { return false };
    let name = known.path.file_name().unwrap_or_default();
    GUIDES.iter().filter_map(|it| facts.text(Utf8Path::new(it)).whole()).any(|guide| {
        let text = guide.text().to_ascii_lowercase();
        let told = ["provided", "default", "included", "shipped"];
        text.lines().collect::<Vec<_>>().windows(NEAR).any(|lines| {
            let near = lines.join(" ");
            let is_named = near.contains(&name.to_ascii_lowercase())
                || name.contains("default") && near.contains("private key");
            is_named && told.iter().any(|it| near.contains(it))
        })
    })
}

/// So many lines of a guide belong together.
const NEAR: usize = 4;

/// Whether its form alone says that it was handed out.
pub(super) fn has_checksum(secret: &Secret) -> bool {
    matches!(secret.kind, Kind::ProviderFormat(format) if format.has_checksum())
}

/// Whether a file is made to be read by people.
fn is_prose(file: &FileContext<'_>) -> bool {
    let ending = file.file.path.extension().unwrap_or_default().to_ascii_lowercase();
    ["adoc", "htm", "html", "jinja", "j2", "markdown", "md", "rst", "txt"]
        .contains(&ending.as_str())
}

/// The level of a secret by its form and its place.
fn by_form(file: &FileContext<'_>, secret: &Secret, terms: Terms) -> Option<Severity> {
    let sure = secret.confidence == Confidence::High;
    if file.pedantic() {
        return Some(if sure { Severity::Error } else { Severity::Warning });
    }
    let inherent =
        !matches!(secret.kind, Kind::NamedValue(_) | Kind::UrlPassword | Kind::AuthorizationHeader);
    match secret.confidence {
        // A suite's own key files are the business of `secret-file-committed`, which leaves them alone.
        _ if file.kind == FileKind::Key && !terms.live => None,
        Confidence::High if inherent => {
            let (text, at) = (file.source.text(), secret.span.start);
            let signed = secret.kind == Kind::JsonWebToken && is_in_address(text, at as u32);
            if signed || is_shown(file, secret) {
                return None;
            }
            let level = terms.inherent(secret.kind);
            let most = halves::most(file, secret.kind, at);
            level.map(|it| most.map_or(it, |most| it.min(most)))
        }
        _ if !terms.live => None,
        Confidence::High | Confidence::Medium if !inherent => {
            let harmless = is_called_harmless(file.source.text(), secret.span.start);
            by_place(file).map(|level| if harmless { level.min(Severity::Info) } else { level })
        }
        // Of what is neither settings nor environment it is a copy, and others sign with another one.
        Confidence::Medium if is_key_of_django(secret) && file.kind != FileKind::Env => {
            Some(Severity::Info)
        }
        _ if secret.kind == Kind::PrivateKey => Some(Severity::Info),
        Confidence::High | Confidence::Medium => Some(Severity::Warning),
        Confidence::Low => terms.low.then_some(Severity::Info),
    }
}

/// Whether the comment above a line, or on it, says that its value is not a secret.
fn is_called_harmless(text: &str, at: usize) -> bool {
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |it| at + it);
    let mut lines = text[..end].lines().rev();
    let own = lines.next().and_then(|line| line.rsplit_once(" #")).map(|(_, comment)| comment);
    // What is said of a paragraph holds for all of its lines.
    let above = lines.map(str::trim_start).take_while(|line| !line.is_empty());
    let mut comments: Vec<&str> = above
        .take(LONGEST_PARAGRAPH)
        .filter_map(|line| line.strip_prefix(['#', ';']))
        .map(str::trim)
        .chain(own)
        .collect();
    comments.reverse();
    says_harmless(&comments.join(" "))
}

/// How many lines of a paragraph are read.
const LONGEST_PARAGRAPH: usize = 8;

/// The level of what only a name or an address makes a secret, by what the file is for.
fn by_place(file: &FileContext<'_>) -> Option<Severity> {
    let path = file.path_inside().to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let head = &file.source.text().as_bytes()[..file.source.text().len().min(HEAD)];
    let describes = ["openapi", "swagger"]
        .iter()
        .any(|word| head.windows(word.len()).any(|it| it == word.as_bytes()));
    let pipeline = [".github/", ".circleci/", "gitlab-ci", "azure-pipelines", "cirun", "travis"];
    if describes {
        // The description of an interface shows what is sent to it.
        None
    } else if pipeline.iter().any(|it| path.contains(it)) {
        // A run of the tests starts its own services, and throws them away.
        says(&["deploy", "publish", "release", "prod"]).then_some(Severity::Info)
    } else if says(&["compose"]) && !says(&["prod"]) {
        // Most are for those who work on the project.
        Some(Severity::Info)
    } else {
        let library = matches!(file.role, Role::Library | Role::Script | Role::Cli);
        Some(if library { Severity::Info } else { Severity::Warning })
    }
}

/// Whether the line says before it that the value only shows what one looks like: `placeholder: "glpat-…"`.
fn is_shown(file: &FileContext<'_>, secret: &Secret) -> bool {
    const REACH: usize = 200;
    let text = &file.source.text().as_bytes()[..secret.span.start];
    let line = memchr::memrchr(b'\n', text).map_or(0, |at| at + 1);
    let before = &text[line.max(text.len().saturating_sub(REACH))..];
    file.strictness == Strictness::Normal
        && [&b"placeholder"[..], b"example"]
            .iter()
            .any(|word| before.windows(word.len()).any(|it| it.eq_ignore_ascii_case(word)))
}

fn message(file: &FileContext<'_>, secret: &Secret, span: Span) -> String {
    let Kind::NamedValue(class) = secret.kind else {
        return format!("{} is written into the file", what(secret.kind));
    };
    let name = key_before(file.source.text(), span.start as usize);
    let name = name.map_or("a secret".to_owned(), |name| shown(name, file.slice(span)));
    format!("{name} holds what looks like a real {}", noun(class))
}
