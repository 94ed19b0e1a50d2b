//! The part of `hardcoded-secret` for files that are not Python. Knows which syntax a kind of file has, not how it is
//! read.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::Span;
use roadworthy_secrets::{Confidence, Kind, Secret, name_class, scan_document};

use super::{Terms, noun, what, within};
use crate::shared::secret_documents::syntax;
use crate::shared::secret_literals::{is_live, shown};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let Some(syntax) = syntax(file.kind) else { return };
    let terms = Terms { live: is_live(file), low: out.flag("low-confidence") };
    for secret in scan_document(file.source.text(), syntax) {
        let Some(severity) = severity(file, &secret, terms) else { continue };
        let span = within(0, &secret);
        let message = message(file, &secret, span);
        out.report(Report::at(span).severity(severity).message(message));
    }
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
        // A checksum, a structure or a provider's prefix speaks for itself, in tests, too.
        Confidence::High if inherent => Some(Severity::Error),
        _ if !terms.live => None,
        Confidence::High | Confidence::Medium => Some(Severity::Warning),
        Confidence::Low => terms.low.then_some(Severity::Info),
    }
}

fn message(file: &FileContext<'_>, secret: &Secret, span: Span) -> String {
    let Kind::NamedValue(class) = secret.kind else {
        return format!("{} is written into the file", what(secret.kind));
    };
    let name = key_before(file.source.text(), span.start as usize);
    let name = name.map_or("a secret".to_owned(), |name| shown(name, file.slice(span)));
    format!("{name} holds what looks like a real {}", noun(class))
}

/// The key on the line of a value, where one stands directly before it and promises a secret.
fn key_before(text: &str, at: usize) -> Option<&str> {
    const FARTHEST: usize = 200;
    let from = at.saturating_sub(FARTHEST);
    let line = text.as_bytes()[from..at].iter().rposition(|&byte| byte == b'\n');
    let start = from + line.map_or(0, |line| line + 1);
    // A cut inside a character is inside no key either.
    let before = text.get(start..at)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let key = before.trim_end_matches(|c: char| !is_part(c));
    let first = key.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
    // After a character of several bytes the key does not begin at the next.
    let key = key.get(first..)?;
    name_class(key).is_some().then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_what_stands_before_the_value() {
        let key = |line: &str| {
            let at = line.find("VALUE").expect("has a value");
            key_before(line, at).map(str::to_owned)
        };
        assert_eq!(key("API_TOKEN=VALUE").as_deref(), Some("API_TOKEN"));
        assert_eq!(key("a: 1\n  db_password: \"VALUE\"").as_deref(), Some("db_password"));
        assert_eq!(key("{\"clientSecret\" : \"VALUE\"}").as_deref(), Some("clientSecret"));
        assert_eq!(key("ümläut password = VALUE").as_deref(), Some("password"));
        assert_eq!(key("VALUE"), None);
        assert_eq!(key("name=VALUE"), None);
        assert_eq!(key(&format!("{}é: VALUE", "é".repeat(200))), None);
    }
}
