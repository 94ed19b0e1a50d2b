//! Packages of other people that were copied into a repository. Knows manifests and owners, no rule.

use camino::Utf8Path;
use roadworthy_project::{Component, Facts};

use super::workflow::actions::{own_owners, owners_in};
use super::workflow::workflows;

/// Whether the manifest of a component below the top names repositories of others alone, and either a licence of its own lies beside
/// it or nothing at the top of the repository names its folder.
pub(crate) fn is_copied_in(facts: &Facts<'_>, component: &Component) -> bool {
    const LICENCES: [&str; 4] = ["LICENSE", "LICENSE.md", "LICENSE.txt", "COPYING"];
    let folder = &component.path;
    let Some(manifest) = component.manifest.as_ref().filter(|_| !folder.as_str().is_empty()) else {
        return false;
    };
    let has_licence = || LICENCES.iter().any(|it| facts.tree().is_file(&folder.join(it)));
    let Some(document) = facts.text(manifest).whole() else { return false };
    let mut owners = described_owners(document.text()).peekable();
    if owners.peek().is_none() || !has_licence() && is_named_at_top(facts, folder) {
        return false;
    }
    let own = own_owners(facts, &workflows(facts));
    !own.is_empty() && owners.all(|it| !own.contains(&it))
}

/// The owners of the repositories that a manifest says are its own: what it installs from elsewhere are dependencies.
fn described_owners(manifest: &str) -> impl Iterator<Item = String> {
    manifest.lines().filter(|it| !it.contains("git+") && !it.contains("git =")).flat_map(owners_in)
}

/// Whether what installs or builds at the top of the repository, or an image, names a folder.
fn is_named_at_top(facts: &Facts<'_>, folder: &Utf8Path) -> bool {
    const NAMES: [&str; 8] = [
        "Makefile",
        "environment.yml",
        "package.json",
        "pyproject.toml",
        "requirements.txt",
        "setup.cfg",
        "setup.py",
        "tox.ini",
    ];
    let names = |path: &Utf8Path| {
        facts.text(path).whole().is_some_and(|it| it.text().contains(folder.as_str()))
    };
    NAMES.iter().any(|it| names(Utf8Path::new(it)))
        || facts
            .containers()
            .images
            .iter()
            .any(|it| names(&it.path) || it.composed.iter().any(|composed| names(composed)))
        || facts.ci().sources.iter().any(|it| names(it))
}
