//! How far a credential reaches: whether it ends by itself, or opens what its maker keeps for trying things out. Knows texts
//! and files around a value, no rule and no level.

use std::collections::BTreeSet;

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_project::FileKind;
use roadworthy_secrets::Kind;

/// Hosts and words of what makers of interfaces keep for trials, where no money moves.
const TRIALS: [&str; 4] = ["alipaydev", "sandbox", "test mode", "testmode"];

/// Whether a credential is one that its maker gives out for hours: `ASIA…` of AWS's security token service, access tokens of
/// Google, of an installation of a GitHub app and of a job of GitLab.
pub(crate) fn is_of_hours(kind: Kind, value: &str) -> bool {
    let Kind::ProviderFormat(format) = kind else { return false };
    match format.name {
        "aws-access-key-id" => value.starts_with("ASIA"),
        "github-token" => value.starts_with("ghu_"),
        "google-access-token" | "github-installation-token" | "gitlab-job-token" => true,
        _ => false,
    }
}

/// Whether the line of a value, or the comment above it, says that it opens nothing any more: `EXPIRED_TOKEN = …`, `# revoked`.
pub(crate) fn is_called_over(text: &str, at: usize) -> bool {
    const WORDS: [&str; 7] = [
        "deactivated",
        "expired",
        "invalidated",
        "no longer valid",
        "revoked",
        "was rotated",
        "has been rotated",
    ];
    // Who asks for it has not done it.
    const OPEN: [&str; 8] = ["fixme", "if ", "must", "need", "not ", "should", "todo", "until"];
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let end = text[at..].find('\n').map_or(text.len(), |it| at + it);
    let above = text[..start].lines().next_back().unwrap_or_default().trim_start();
    let above = if above.starts_with(['#', '/', ';']) { above } else { "" };
    [&text[start..end], above].iter().any(|line| {
        let line = line.to_ascii_lowercase();
        WORDS.iter().any(|it| line.contains(it)) && !OPEN.iter().any(|it| line.contains(it))
    })
}

/// Whether a secret of OAuth is that of a program which its users install, whom Google does not take for a secret:
/// <https://developers.google.com/identity/protocols/oauth2#installed>.
pub(crate) fn is_of_installed(text: &str, kind: Kind) -> bool {
    const SIGNS: [&str; 4] =
        ["\"installed\"", "'installed'", "InstalledAppFlow", "urn:ietf:wg:oauth:2.0:oob"];
    matches!(kind, Kind::ProviderFormat(format) if format.name == "google-oauth-secret")
        && SIGNS.iter().any(|it| text.contains(it))
}

/// Whether what stands around a value, or the program that reads a file of a key, speaks of a place for trials.
pub(crate) fn is_for_trials(file: &FileContext<'_>, kind: Kind, at: usize) -> bool {
    match kind {
        Kind::NamedValue(_) => says_trials_near(file.source.text(), at),
        Kind::PrivateKey if file.kind == FileKind::Key => is_read_for_trials(file),
        _ => false,
    }
}

/// Whether one of the lines of the same paragraph speaks of trials.
fn says_trials_near(text: &str, at: usize) -> bool {
    const REACH: usize = 6;
    let (before, behind) = text.split_at(at);
    let is_line = |line: &&str| !line.trim().is_empty();
    let above = before.lines().rev().take(REACH).take_while(is_line);
    let below = behind.lines().take(REACH).take_while(is_line);
    above.chain(below).any(says_trials)
}

/// Whether a line speaks of trials, and does not say that this is none.
fn says_trials(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    TRIALS.iter().any(|it| line.contains(it))
        && !["false", "live", "prod"].iter().any(|it| line.contains(it))
}

/// Whether a module that names the file of a key speaks of trials.
fn is_read_for_trials(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let name = known.path.file_name().unwrap_or_default();
    facts.answer(known.component, format!("{name} is read for trials"), || {
        let project = facts.project();
        let mut modules = project.files.iter().filter(|it| it.kind.is_python());
        modules.any(|it| {
            let read = facts.source(it);
            read.is_some_and(|it| it.text().contains(name) && it.text().lines().any(says_trials))
        })
    })
}

/// Whether a document is a collection of requests that a program to try out interfaces sends: who logs in there was made for
/// it, and the tokens are those of the last run.
pub(crate) fn is_collection_of_requests(file: &FileContext<'_>) -> bool {
    let name = file.file.path.file_name().unwrap_or_default().to_ascii_lowercase();
    file.kind == FileKind::Json && (name.contains("postman") || name.contains("insomnia"))
        || [".http", ".rest", ".bru"].iter().any(|it| name.ends_with(it))
}

/// Whether a guide that lies beside the file of a key names it: readers are handed the key.
pub(crate) fn is_named_by_guide_beside(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let name = known.path.file_name().unwrap_or_default();
    facts.answer(known.component, format!("a guide beside {} names it", known.path), || {
        let folder = known.path.parent();
        let mut guides = facts.tree().files().filter(|it| {
            it.parent() == folder && matches!(it.extension(), Some("md" | "rst" | "adoc"))
        });
        guides.any(|it| facts.text(it).whole().is_some_and(|guide| guide.text().contains(name)))
    })
}

/// Whether a document gives the same password to several who log in: an exercise, or a list of accounts to try out.
pub(crate) fn is_of_several(text: &str, value: &str) -> bool {
    const LEAST: usize = 3;
    const LOGINS: [&str; 4] = ["email", "login", "name", "user"];
    let mut logins = BTreeSet::new();
    let mut before = "";
    for line in text.lines() {
        if line.contains(value) {
            let lower = before.to_ascii_lowercase();
            if LOGINS.iter().any(|it| lower.contains(it)) {
                logins.insert(before.trim());
            }
        }
        before = line;
    }
    logins.len() >= LEAST
}

/// Whether many records of a document have a value under the same key: they are data, and what tells one from the next.
pub(crate) fn is_of_records(text: &str, name: &str) -> bool {
    const LEAST: usize = 8;
    !name.is_empty() && text.matches(&format!("\"{name}\"")).take(LEAST).count() == LEAST
}

/// Whether the line of a guide says before a value that it is what a program takes by default: everybody is handed it.
pub(crate) fn is_told_as_default(text: &str, at: u32) -> bool {
    let before = &text[..at as usize];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = line.to_ascii_lowercase();
    // Templates call a function of that name.
    line.contains("default") && !line.contains("default(")
}

/// Whether a password of an environment's file is that of a database or queue which a composition for those who work on the
/// project, or try it out, starts from this very file.
pub(crate) fn is_of_composed_service(file: &FileContext<'_>, name: &str) -> bool {
    const SERVICES: [&str; 7] =
        ["clickhouse", "mariadb", "mongo", "mysql", "postgres", "rabbitmq", "redis"];
    const ANY: [&str; 3] = ["database", "db", "pg"];
    let lower = name.to_ascii_lowercase();
    let says = |names: &[&str]| lower.split(['_', '-', '.']).any(|it| names.contains(&it));
    if file.kind != FileKind::Env || !says(&SERVICES) && !says(&ANY) {
        return false;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    let is_composition = |name: &str| {
        name.contains("compose")
            && !name.contains("prod")
            && [".yml", ".yaml"].iter().any(|it| name.ends_with(it))
    };
    let starts = |text: &str, folder: &Utf8Path| {
        let values = |key: &'static str| {
            let lines = text.lines().map(|line| line.trim().trim_start_matches("- "));
            lines.map(move |it| it.trim_start_matches(key).trim_matches([' ', '"', '\'', '-']))
        };
        let mut images = text.lines().filter_map(|line| line.trim().strip_prefix("image:"));
        images.any(|it| SERVICES.iter().any(|kind| it.contains(kind)))
            && values("env_file:")
                .any(|it| !it.is_empty() && folder.join(it.trim_start_matches("./")) == known.path)
    };
    facts.answer(
        known.component,
        format!("a composition starts services with {}", known.path),
        || {
            facts.tree().files().filter(|it| it.file_name().is_some_and(is_composition)).any(
                |path| {
                    let folder = path.parent().unwrap_or(Utf8Path::new(""));
                    facts.text(path).whole().is_some_and(|it| starts(it.text(), folder))
                },
            )
        },
    )
}
