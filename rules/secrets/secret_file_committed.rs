//! See `secret-file-committed.toml`: files that are secret as a whole. Of what else holds a secret `hardcoded-secret`
//! speaks, line by line.

use camino::Utf8Path;
use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_project::{Facts, File, FileKind, Role};

use crate::shared::delivery::deployed::has_path;
use crate::shared::frameworks::django::is_aside;
use crate::shared::secrets::circumstances::{
    is_of_deployment, is_told_before, says_deployment, speaks_of_work,
};
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
    // Only its form says for sure that a value opens something. A key by itself says not which door it is for: most seen
    // were made for tests and mocks.
    let is_certain = secret.holds_format && file.kind != FileKind::Key;
    let severity = if is_local(file) || !secret.holds_format && is_of_developers(file) {
        Severity::Info
    } else if is_certain && secret.sure && !is_for_development(&file.file.path) {
        Severity::Error
    } else if is_certain || is_in_use(file, &secret) {
        Severity::Warning
    } else {
        Severity::Info
    };
    // The key of a client may lie there once more, with its certificate.
    let is_again = severity == Severity::Info
        && file.kind == FileKind::Key
        && !file.pedantic()
        && is_told_before(file, file.slice(secret.span), secret.span.start);
    if !is_again {
        out.report(Report::at(secret.span).severity(severity).message(message));
    }
}

/// Whether something that is deployed is seen to use it: an environment is called after production or opens what lies elsewhere, as
/// log-ins do; a key is what the program, an image or a file of production names with its folder.
fn is_in_use(file: &FileContext<'_>, secret: &SecretFile) -> bool {
    match file.kind {
        FileKind::Env => {
            let path = &file.file.path;
            secret.opens_elsewhere || is_of_deployment(path) && !is_for_development(path)
        }
        FileKind::Key | FileKind::Keystore => is_named_in_production(file),
        _ => true,
    }
}

/// Whether a module of the program, a Dockerfile or a file that is called after production names the file of a key, with its folder
/// or from there.
fn is_named_in_production(file: &FileContext<'_>) -> bool {
    const SETTINGS: [&str; 7] = ["cfg", "conf", "json", "service", "toml", "yaml", "yml"];
    let Some((facts, known)) = file.in_facts() else { return false };
    let path = &known.path;
    let (name, folder) = (path.file_name().unwrap_or_default(), path.parent());
    let around = folder.and_then(Utf8Path::file_name);
    let placed = around.map(|it| format!("{it}/{name}"));
    let names = |other: &Utf8Path, text: &str| {
        placed.as_ref().is_some_and(|it| has_path(text, it))
            || other.parent() == folder && has_word(text, name)
    };
    let is_of_program =
        |it: &&File| it.kind.is_python() && !is_beside_program(it) && !is_for_development(&it.path);
    let is_deployed = |it: &&Utf8Path| {
        let is_image = it.file_name().is_some_and(|it| it.contains("Dockerfile"));
        !is_for_development(it)
            && (is_image
                || says_deployment(it) && it.extension().is_some_and(|it| SETTINGS.contains(&it)))
    };
    let mut modules = facts.project().files.iter().filter(is_of_program).take(MOST_MODULES);
    let mut others = facts.tree().files().filter(is_deployed).take(MOST_MODULES);
    others.any(|it| facts.text(it).whole().is_some_and(|text| names(it, text.text())))
        || !lies_among_many(facts, known)
            && modules.any(|it| facts.source(it).is_some_and(|text| names(&it.path, text.text())))
}

/// Whether a key lies among many, by their names: those of a suite, which tries one of each kind out.
fn lies_among_many(facts: &Facts<'_>, known: &File) -> bool {
    const MANY: usize = 8;
    let is_key = |it: &&Utf8Path| {
        let name = it.file_name().unwrap_or_default();
        matches!(it.extension(), Some("key" | "pem")) && name.contains("key")
    };
    known.path.parent().is_some_and(|it| facts.tree().inside(it).filter(is_key).count() >= MANY)
}

/// How many modules are asked whether they name a key.
const MOST_MODULES: usize = 500;

/// Whether a module is none that production runs, by its path.
fn is_beside_program(file: &File) -> bool {
    is_aside(file) || file.path_role.as_ref().is_some_and(|it| it.role == Role::Script)
}

/// Whether a text names a file by its name alone, and no other of that name in another folder.
fn has_word(text: &str, name: &str) -> bool {
    let ends = |it: char| it.is_whitespace() || "\"'`=:;,()[]".contains(it);
    text.contains(name) && text.split(ends).any(|it| it.trim_start_matches("./") == name)
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
