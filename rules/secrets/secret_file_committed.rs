//! See `secret-file-committed.toml`: files that are secret as a whole. Of what else holds a secret `hardcoded-secret`
//! speaks, line by line.

use camino::Utf8Path;
use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::Span;
use roadworthy_project::{Facts, File, FileKind, Role};

use crate::shared::secrets::circumstances::{is_of_deployment, speaks_of_work};
use crate::shared::secrets::documents::{
    SecretFile, is_called_localhost, is_for_own_certificate, is_throw_away_pair, secret_file,
};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let Some(secret) = secret_file(file) else { return };
    // What git does not keep is where it belongs.
    if !file.file.is_committed() {
        return;
    }
    let message = match secret.count {
        1 => format!("{} is committed", secret.what),
        count => format!("{} is committed: {count} values in it look real", secret.what),
    };
    let is_known =
        || secret.count == 1 && is_of_documentation(file, secret.span) && !is_named(file);
    let is_of_desks =
        || !secret.holds_format && (is_of_developers(file) || is_of_trials(file, &secret));
    let severity = if is_local(file) || is_known() || is_of_desks() {
        Severity::Info
    } else if secret.sure
        && secret.holds_format
        && file.kind != FileKind::Key
        && !is_for_development(&file.file.path)
    {
        // Only its form says for sure that a value opens something. A key by itself says not which door it is for: most seen
        // were made for tests and mocks.
        Severity::Error
    } else {
        Severity::Warning
    };
    out.report(Report::at(secret.span).severity(severity).message(message));
}

/// Whether it is for work on the project or its tests, by its name, its folder or what it says of itself, and nothing in it opens
/// what lies elsewhere.
fn is_of_trials(file: &FileContext<'_>, secret: &SecretFile) -> bool {
    let is_meant = || is_for_development(&file.file.path) || is_called_development(file);
    let debugs =
        || !is_of_deployment(&file.file.path) && file.source.text().lines().any(says_debug);
    // Who works on a machine that others reach says its address.
    file.kind == FileKind::Env && !secret.opens_elsewhere && (is_meant() || debugs())
}

/// Whether a line of an environment switches debugging on: `DEBUG=True`, `DJANGO_DEBUG=1`.
fn says_debug(line: &str) -> bool {
    line.trim().trim_start_matches("export ").split_once('=').is_some_and(|(name, value)| {
        let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        let name = name.trim().to_ascii_lowercase();
        (name == "debug" || name.ends_with("_debug"))
            && matches!(&*value, "1" | "on" | "true" | "yes")
    })
}

/// Whether the value comes from a guide that everybody follows: <https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/>.
fn is_of_documentation(file: &FileContext<'_>, span: Span) -> bool {
    const KNOWN: [&str; 1] = ["09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"];
    KNOWN.contains(&file.slice(span).trim_matches(['"', '\'']))
}

/// Whether another file of the project names this one, so that something may take it.
fn is_named(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    let name = known.path.file_name().unwrap_or_default();
    let mut others = facts.tree().files().filter(|it| **it != known.path);
    others.any(|it| facts.text(it).whole().is_some_and(|it| it.text().contains(name)))
}

/// Whether tests name the file of a key, and nothing else of the project does: it was made for them.
fn is_of_tests_alone(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let name = known.path.file_name().unwrap_or_default();
    let project = facts.project();
    let naming = project.files.iter().filter(|it| {
        it.path != known.path && facts.source(it).is_some_and(|it| it.text().contains(name))
    });
    let mut roles = naming.map(|it| it.path_role.as_ref().map(|it| it.role)).peekable();
    roles.peek().is_some() && roles.all(|it| it == Some(Role::Test))
}

/// Whether what it opens is on the machine of those who work on the project: every address in it is of that machine, or it
/// is a key whose certificate was asked for, and signed, by hand beside it.
fn is_local(file: &FileContext<'_>) -> bool {
    if file.file.kind == FileKind::Key {
        let has_request = |(facts, known): (&Facts<'_>, &File)| {
            facts.tree().is_file(&known.path.with_extension("csr"))
        };
        return file.in_facts().is_some_and(has_request)
            || is_for_own_certificate(file)
            || is_called_localhost(&file.file.path)
            || is_throw_away_pair(file.source.text())
            || is_of_tests_alone(file);
    }
    let text = file.source.text();
    let mut hosts = text.match_indices("://").map(|(at, _)| {
        let rest = text[at + 3..].split([' ', '\n', '"', '\'', '/']).next().unwrap_or_default();
        rest.rsplit('@').next().unwrap_or_default()
    });
    // What minikube and kind write answers on the machine that it runs on.
    let is_cluster = file.file.kind == FileKind::Yaml;
    let is_here = |host: &str| {
        ["localhost", "127.0.0.1"].iter().any(|it| host.starts_with(it))
            || is_cluster
                && ["0.0.0.0", "kubernetes.docker.internal"].iter().any(|it| host.starts_with(it))
    };
    let is_asked = matches!(file.file.kind, FileKind::Env | FileKind::Yaml);
    text.contains("://") && is_asked && hosts.all(is_here)
}

/// Whether an environment is that of the services which developers start: it lets OAuth go without TLS, or the guide in its
/// folder says so.
fn is_of_developers(file: &FileContext<'_>) -> bool {
    if file.kind != FileKind::Env {
        return false;
    }
    // <https://oauthlib.readthedocs.io/en/latest/oauth2/security.html>
    let is_without_tls =
        file.source.text().lines().any(|it| it.trim() == "OAUTHLIB_INSECURE_TRANSPORT=1");
    let is_told = || {
        let Some((facts, known)) = file.in_facts() else { return false };
        let folder = known.path.parent().unwrap_or(Utf8Path::new(""));
        // The guide at the top tells of everything.
        !folder.as_str().is_empty()
            && facts.text(&folder.join("README.md")).whole().is_some_and(|guide| {
                let text = guide.text().to_ascii_lowercase();
                text.contains("developer docker") || speaks_of_work(&text)
            })
    };
    is_without_tls || is_told()
}

/// Whether a folder around it, or an ending of its name, says that it is for those who work on the project and for the machines
/// that test it.
fn is_for_development(path: &Utf8Path) -> bool {
    const FOLDERS: [&str; 10] =
        ["ci", "dev", "devel", "development", "local", "mock", "mocks", "test", "testing", "tests"];
    let mut folders = path.parent().into_iter().flat_map(|it| it.components());
    let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
    let mut endings = name.split(['.', '-', '_']).skip(1);
    folders.any(|it| FOLDERS.contains(&it.as_str()))
        || endings.any(|it| FOLDERS.contains(&it) || TRIALS.contains(&it))
}

/// What runs of tests are called.
const TRIALS: [&str; 8] =
    ["circle", "circleci", "e2e", "function", "functional", "integration", "travis", "unit"];

/// Whether the file of an environment calls it one for work on the project or for its tests: `APP_ENV=development`.
fn is_called_development(file: &FileContext<'_>) -> bool {
    const NAMES: [&str; 3] = ["env", "env_type", "environment"];
    const WORK: [&str; 7] = ["ci", "debug", "dev", "development", "local", "test", "testing"];
    let says = |line: &str| {
        let (name, value) = line.trim().trim_start_matches("export ").split_once('=')?;
        let name = name.trim().to_ascii_lowercase();
        let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        let of_environment = NAMES.iter().any(|it| {
            name.strip_suffix(it).is_some_and(|before| before.is_empty() || before.ends_with('_'))
        });
        (of_environment && (WORK.contains(&&*value) || TRIALS.contains(&&*value))).then_some(())
    };
    file.kind == FileKind::Env && file.source.text().lines().any(|it| says(it).is_some())
}
