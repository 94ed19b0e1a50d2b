//! See `unverifiable-dependency-source.toml`: sources of dependencies that may give something else tomorrow, or to somebody
//! else. What commands install is read by the module below.

#[path = "unverifiable_dependency_source/commands.rs"]
mod commands;
#[path = "unverifiable_dependency_source/superseded.rs"]
mod superseded;

use std::cell::LazyCell;
use std::sync::LazyLock;

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::Located;
use roadworthy_project::facts::dependencies::{
    Dependencies, Group, LockKind, Manifest, ManifestKind, Requirement, Source,
};
use roadworthy_project::facts::syntax::toml;
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Facts, Place};

use crate::shared::delivery::workflow::{actions::own_owners, workflows};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let mut found = Vec::new();
    for dependencies in &facts.dependencies().components {
        for manifest in &dependencies.manifests {
            check_requirements(facts, manifest, dependencies, &mut found);
            check_indexes(facts, manifest, out);
            for host in manifest.trusted_hosts.iter().filter(|it| !is_replaced(facts, manifest, it))
            {
                report_trusted_host(&host.place, &host.value, Severity::Warning, out);
            }
        }
    }
    follow_own(facts, &mut found);
    report_once(found, out);
    commands::check(facts, out);
}

/// What a dependency is called whose name is not written.
const NAMELESS: &str = "a dependency";

/// A dependency whose source is not bound to what it gives today.
struct Loose<'f> {
    place: &'f Place,
    /// Who owns the repository that it comes from, where it is one.
    owner: Option<String>,
    message: String,
    severity: Severity,
}

/// Makes advice of what comes from a repository of the same owner, who lets both move together.
fn follow_own(facts: &Facts<'_>, found: &mut [Loose<'_>]) {
    if found.iter().all(|it| it.owner.is_none()) {
        return;
    }
    let workflows = workflows(facts);
    let mut own = own_owners(facts, &workflows);
    own.extend(workflows.iter().flat_map(|it| owners_of_images(it.text())));
    for name in ["README.md", "README.rst"] {
        let document = facts.text(Utf8Path::new(name)).whole();
        own.extend(document.iter().flat_map(|it| owners_of_images(it.text())));
    }
    let followed =
        found.iter_mut().filter(|it| it.owner.as_ref().is_some_and(|of| own.contains(of)));
    followed.for_each(|it| it.severity = Severity::Info);
}

/// Who owns the images that a text names: those of a project lie where it lies itself.
fn owners_of_images(text: &str) -> impl Iterator<Item = String> {
    let hosts = ["quay.io/", "ghcr.io/", "docker.io/", "hub.docker.com/r/", "quay.io/repository/"];
    hosts.into_iter().flat_map(move |host| {
        text.match_indices(host).filter_map(|(at, host)| {
            let rest = &text[at + host.len()..];
            let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '-')?;
            (end > 0 && rest[end..].starts_with('/')).then(|| rest[..end].to_ascii_lowercase())
        })
    })
}

/// Who owns the repository that a source comes from.
fn owner_of(facts: &Facts<'_>, place: &Place) -> Option<String> {
    let document = facts.text(&place.path).whole()?;
    owner_in(document.text()[place.span.start as usize..].lines().next()?)
}

/// Who owns the repository that an address names, in lower case.
fn owner_in(line: &str) -> Option<String> {
    let (_, path) = line.split_once("github.com")?;
    let owner = path.trim_start_matches(['/', ':']).split('/').next()?;
    (!owner.is_empty()).then(|| owner.to_ascii_lowercase())
}

/// Reports each dependency once, where it weighs most: who mends one of several manifests mends them all.
fn report_once(mut found: Vec<Loose<'_>>, out: &mut ProjectReporter<'_>) {
    found.sort_by(|one, other| {
        (&one.message, other.severity, &one.place.path).cmp(&(
            &other.message,
            one.severity,
            &other.place.path,
        ))
    });
    // What has no name may be another.
    let is_same = |one: &Loose<'_>, other: &Loose<'_>| {
        one.message == other.message && !one.message.starts_with(NAMELESS)
    };
    for same in found.chunk_by(is_same) {
        let Loose { place, message, severity, .. } = &same[0];
        let message = match same.len() - 1 {
            0 => message.clone(),
            1 => format!("{message}; so it does in another file"),
            more => format!("{message}; so it does in {more} other files"),
        };
        out.report(&place.path, Report::at(place.span).severity(*severity).message(message));
    }
}

fn check_requirements<'f>(
    facts: &Facts<'_>,
    manifest: &'f Manifest,
    dependencies: &Dependencies,
    found: &mut Vec<Loose<'f>>,
) {
    if manifest.kind == ManifestKind::Constraints {
        return;
    }
    let beside = !manifest.whole && has_lock_beside(facts, manifest);
    // It goes through the whole tree.
    let is_superseded = LazyCell::new(|| superseded::is_superseded(facts, &manifest.path));
    for requirement in &manifest.requirements {
        // A tag is told of where it was written.
        let is_told = manifest.exported && has_tag(&requirement.source);
        if !is_told
            && !requirement.is_pinned()
            && !is_locked(requirement, manifest, dependencies)
            && !beside
        {
            let Requirement { place, name, source, .. } = requirement;
            let told = judge_source(name, source, severity_of(&requirement.group));
            found.extend(told.map(|(message, severity)| Loose {
                place,
                owner: owner_of(facts, place),
                message,
                // What does not speak for the whole component is installed by those who ask for it.
                severity: if severity > Severity::Info && (!manifest.whole || *is_superseded) {
                    Severity::Info
                } else {
                    severity
                },
            }));
        }
    }
}

/// Those who work on a project may follow a branch of another one on purpose.
fn severity_of(group: &Group) -> Severity {
    match group {
        Group::Main | Group::Extra(_) | Group::Build => Severity::Warning,
        Group::Development(_) => Severity::Info,
    }
}

/// Whether a lock file holds the commit, or the hash, that the manifest leaves open.
fn is_locked(requirement: &Requirement, manifest: &Manifest, dependencies: &Dependencies) -> bool {
    let tools = dependencies.locks.iter().filter(|lock| lock.kind != LockKind::Requirements);
    let of_tool = !matches!(
        manifest.kind,
        ManifestKind::Requirements | ManifestKind::Conda | ManifestKind::SetupPy
    );
    if of_tool && tools.clone().any(|lock| lock.of_name(&requirement.name).next().is_some()) {
        return true;
    }
    // What pip-compile made of it.
    let compiled = dependencies.manifest(&manifest.path.with_extension("txt"));
    manifest.path.extension() == Some("in") && compiled.is_some_and(|it| it.exported)
}

/// Whether a lock file lies in the folder of a manifest that does not speak for the whole component, whose lock files are not
/// read.
fn has_lock_beside(facts: &Facts<'_>, manifest: &Manifest) -> bool {
    let locks = ["Pipfile.lock", "uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"];
    locks.iter().any(|lock| facts.tree().is_file(&manifest.path.with_file_name(lock)))
}

/// What is wrong with a source that is not bound to what it gives today.
fn judge_source(name: &str, source: &Source, strong: Severity) -> Option<(String, Severity)> {
    let name = if name.is_empty() { NAMELESS } else { name };
    Some(match source {
        Source::Index | Source::Local => return None,
        Source::Repository { revision: Some(revision), .. } if is_variable(revision) => {
            return None;
        }
        Source::Repository { revision: Some(revision), .. } if is_release(revision) => {
            let message = format!("{name} comes from the tag {revision}, which can be moved");
            (message, Severity::Info)
        }
        Source::Repository { revision: Some(revision), .. } => {
            let message = format!("{name} comes from {revision}, whatever commit that is by then");
            (message, strong)
        }
        Source::Repository { revision: None, .. } => {
            let message = format!("{name} comes from the default branch of a repository");
            (message, strong)
        }
        Source::Archive { .. } => {
            let message = format!("{name} comes from a URL without a version or a hash");
            (message, strong)
        }
    })
}

fn has_tag(source: &Source) -> bool {
    matches!(source, Source::Repository { revision: Some(revision), .. } if is_release(revision))
}

fn is_variable(text: &str) -> bool {
    text.contains(['$', '{', '}', '%'])
}

/// Whether a revision is called like a release: `v1.2.3`, `release-2024.1`.
fn is_release(revision: &str) -> bool {
    let mut parts = revision.rsplit(['/', '-', '_']).peekable();
    // `v0.5.8-alpha`, `1.0-rc.1`
    let stages = ["alpha", "beta", "rc", "pre", "dev", "post", "final"];
    parts.next_if(|last| stages.iter().any(|stage| last.to_ascii_lowercase().starts_with(stage)));
    let name = parts.next().unwrap_or(revision);
    let digits = name.trim_start_matches(['v', 'V', 'r']);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && (digits.contains('.') || revision.chars().all(|c| c.is_ascii_digit()))
        && !digits.split('.').any(|part| part == "x")
}

fn check_indexes(facts: &Facts<'_>, manifest: &Manifest, out: &mut ProjectReporter<'_>) {
    if manifest.hashed {
        return;
    }
    let mut extra = manifest.indexes.iter().filter(|index| index.extra && !index.explicit);
    match manifest.kind {
        ManifestKind::Requirements | ManifestKind::Constraints => {
            for index in extra {
                report_extra_index(&index.place, &index.url, Severity::Warning, out);
            }
        }
        // One setting lets all indexes of uv answer, however many there are.
        ManifestKind::Pyproject => {
            if let Some(place) = best_match_of_uv(facts, &manifest.path)
                && let Some(index) = extra.find(|it| is_private_index(&it.url))
            {
                report_extra_index(&place, &index.url, Severity::Warning, out);
            }
        }
        _ => {}
    }
}

/// Where uv is told to take the best version of all indexes. By default, and with `unsafe-first-match`, it asks them one after
/// the other, so that what an own index has is never taken from the default one.
/// Source: <https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes>
fn best_match_of_uv(facts: &Facts<'_>, path: &Utf8Path) -> Option<Place> {
    let document = facts.toml(path).whole()?;
    let strategy = document.value()?.at(&["tool", "uv", "index-strategy"])?;
    (strategy.text() == Some("unsafe-best-match")).then(|| Place::new(path, strategy.span))
}

/// Whether an `--index-url` of the same file names a host, and a later one takes its place: pip asks the last alone.
/// Source: <https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-i>
fn is_replaced(facts: &Facts<'_>, manifest: &Manifest, host: &Located<String>) -> bool {
    let Some(document) = facts.text(&manifest.path).whole() else { return false };
    let options = document.text().lines().map(str::trim);
    let options = options.filter(|it| it.starts_with('-') && it.contains("://"));
    let is_index = |it: &&str| it.starts_with("--index-url") || it.starts_with("-i ");
    let last = options.clone().rfind(is_index);
    let mut named = options.filter(|it| it.contains(host.value.as_str())).peekable();
    named.peek().is_some() && named.all(|it| is_index(&it) && last.is_some_and(|last| last != it))
}

/// Whether an index has names of its own that the default one may answer for.
fn is_private_index(url: &str) -> bool {
    let host = host_of(url);
    !(host.is_empty() || is_variable(host) || is_public(host))
}

fn report_extra_index(place: &Place, url: &str, severity: Severity, out: &mut ProjectReporter<'_>) {
    if !is_private_index(url) {
        return;
    }
    let host = host_of(url);
    let message = format!(
        "either {host} or the default index answers for any name, whichever has the higher version"
    );
    out.report(&place.path, Report::at(place.span).severity(severity).message(message));
}

/// Whether an index is no more private than the default one: whoever takes packages from there has no names of its own to
/// lose.
fn is_public(host: &str) -> bool {
    static HOSTS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let table = toml::parse(include_str!("unverifiable_dependency_source/public_indexes.toml"));
        let table = table.unwrap_or_default();
        let rows = table.get("indexes").into_iter().flat_map(Value::items);
        let hosts = rows.flat_map(|row| row.get("hosts").into_iter().flat_map(Value::items));
        hosts.filter_map(|host| Some(host.text()?.to_owned())).collect()
    });
    HOSTS.iter().any(|known| match known.strip_prefix('*') {
        Some(end) => host.ends_with(end),
        None => host == known,
    })
}

fn report_trusted_host(
    place: &Place,
    host: &str,
    severity: Severity,
    out: &mut ProjectReporter<'_>,
) {
    let name = host.split(':').next().unwrap_or(host);
    if name.is_empty() || is_variable(name) || is_this_machine(name) {
        return;
    }
    let severity = match name {
        // Nobody has been asked there for years: it stands in many tutorials, and does nothing.
        "pypi.python.org" => Severity::Info,
        // Inside of a private network nobody has certificates, which is a weakness that its owner knows of.
        _ if is_private(name) => severity.min(Severity::Warning),
        _ => severity,
    };
    let message =
        format!("the certificate of {name} is not checked, so that anybody may answer for it");
    out.report(&place.path, Report::at(place.span).severity(severity).message(message));
}

fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1" | "0.0.0.0" | "host.docker.internal")
}

fn is_private(host: &str) -> bool {
    let ends = [".local", ".internal", ".lan", ".corp", ".svc", ".intra"];
    !host.contains('.')
        || ends.iter().any(|end| host.ends_with(end))
        || ["10.", "192.168.", "172."].iter().any(|start| host.starts_with(start))
}

/// The host of a URL, without what stands before it and its port.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or(host);
    host.split(':').next().unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_known_by_their_names() {
        for tag in ["v1.2.3", "release-2024.1", "v0.5.8-alpha", "1.0-rc.1", "2"] {
            assert!(is_release(tag), "{tag}");
        }
        for branch in ["main", "1.x", "alpha", "dev", "feature-2"] {
            assert!(!is_release(branch), "{branch}");
        }
    }

    #[test]
    fn public_indexes_are_read_from_their_table() {
        assert!(is_public("download.pytorch.org") && is_public("acme.github.io"));
        assert!(!is_public("pypi.acme.com") && !is_public("github.io.acme.com"));
    }
}
