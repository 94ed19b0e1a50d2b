//! The part of `hardcoded-secret` for files that are not Python. Knows which syntax a kind of file has, not how it is
//! read.

use roadworthy_engine::{FileContext, Report, Reporter, Severity, Strictness};
use roadworthy_parser::Span;
use roadworthy_project::FileKind;
use roadworthy_secrets::{Confidence, Kind, Secret, scan_document};

use super::{Terms, noun, what, within};
use crate::shared::secrets::documents::{is_public, key_before, secret_file, syntax};
use crate::shared::secrets::guards;
use crate::shared::secrets::literals::{is_live, shown};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let Some(syntax) = syntax(file.kind) else { return };
    let text = file.source.text();
    let judged_by = |rule| !file.pedantic() && file.is_judged_by(rule);
    if judged_by("secret-file-committed") && secret_file(file).is_some() && file.file.is_committed()
    {
        return;
    }
    let in_image = file.kind == FileKind::Dockerfile && judged_by("secret-in-image");
    let terms = Terms {
        live: is_live(file) && !guards::is_local_document(file),
        low: out.flag("low-confidence"),
    };
    for secret in scan_document(text, syntax) {
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

fn is_comment(text: &str, at: usize) -> bool {
    let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |at| at + 1);
    text.as_bytes()[start..].trim_ascii_start().starts_with(b"#")
}

/// The level of a secret; `None` where it is not worth a word.
fn severity(file: &FileContext<'_>, secret: &Secret, terms: Terms) -> Option<Severity> {
    let sure = secret.confidence == Confidence::High;
    if file.pedantic() {
        return Some(if sure { Severity::Error } else { Severity::Warning });
    }
    let inherent =
        !matches!(secret.kind, Kind::NamedValue(_) | Kind::UrlPassword | Kind::AuthorizationHeader);
    match secret.confidence {
        // A suite's own key files are the business of `secret-file-committed`, which leaves them alone.
        _ if file.kind == FileKind::Key && !terms.live => None,
        // A checksum, a structure or a provider's prefix speaks for itself, in tests, too.
        Confidence::High if inherent => (!is_shown(file, secret)).then_some(Severity::Error),
        _ if !terms.live => None,
        Confidence::High | Confidence::Medium => Some(Severity::Warning),
        Confidence::Low => terms.low.then_some(Severity::Info),
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
