//! See `unlocked-application.toml`: what a component declares, and whether anything says which versions of it are installed.

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::dependencies::{
    Dependencies, Group, Lock, LockKind, Manifest, ManifestKind, Requirement, Source,
};
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::{Component, Facts};

/// Installers, whose versions are chosen elsewhere.
const INSTALLERS: [&str; 4] = ["pip", "setuptools", "wheel", "uv"];

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let components = facts.project().components.iter();
    for (index, (component, dependencies)) in
        components.zip(&facts.dependencies().components).enumerate()
    {
        let Some((what, evidence)) = deployed(facts, index) else { continue };
        if dependencies.unknown.is_empty() && !is_locked(facts, component, dependencies) {
            judge(what, evidence, dependencies, out);
        }
    }
}

/// What runs, and what shows it.
fn deployed<'f>(facts: &'f Facts<'_>, index: usize) -> Option<(&'static str, &'f str)> {
    let profiles = facts.profiles().get(index)?;
    if profiles.is(Profile::Library) {
        return None;
    }
    [(Profile::Service, "service"), (Profile::Pipeline, "pipeline")]
        .into_iter()
        .find_map(|(profile, what)| Some((what, profiles.reason(profile)?)))
}

fn is_locked(facts: &Facts<'_>, component: &Component, dependencies: &Dependencies) -> bool {
    dependencies.locks.iter().any(|lock| locks(lock, dependencies))
        || dependencies.manifests.iter().any(is_pinned_constraints)
        || has_lock_around(facts, component)
}

/// Whether a lock says what is installed for everybody.
fn locks(lock: &Lock, dependencies: &Dependencies) -> bool {
    if lock.kind != LockKind::Requirements {
        return true;
    }
    let Some(manifest) = dependencies.manifest(&lock.path) else { return false };
    let is_lock = |path: &Utf8Path| dependencies.locks.iter().any(|other| other.path == path);
    // A file that only adds to another one is as good as that.
    !matches!(manifest.group, Group::Development(_))
        && manifest.includes.iter().all(|path| {
            is_lock(path)
                || dependencies.manifest(path).is_some_and(|it| it.requirements.is_empty())
        })
}

fn is_pinned_constraints(manifest: &Manifest) -> bool {
    manifest.kind == ManifestKind::Constraints
        && !manifest.requirements.is_empty()
        && manifest.requirements.iter().all(Requirement::is_pinned)
}

/// Whether there is any lock file in the component or above it, though it is not known to hold for it.
fn has_lock_around(facts: &Facts<'_>, component: &Component) -> bool {
    const LOCKS: [&str; 9] = [
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "Pipfile.lock",
        "pylock.toml",
        "conda-lock.yml",
        "pixi.lock",
        "pants.lock",
        "python-default.lock",
    ];
    let tree = facts.tree();
    let above = component.path.ancestors();
    above.into_iter().any(|folder| LOCKS.iter().any(|name| tree.is_file(&folder.join(name))))
        || tree.below(&component.path).any(|path| LOCKS.iter().any(|name| path.ends_with(name)))
}

fn judge(what: &str, evidence: &str, dependencies: &Dependencies, out: &mut ProjectReporter<'_>) {
    let declares = |manifest: &&Manifest| {
        !manifest.exported && manifest.whole && manifest.kind != ManifestKind::Constraints
    };
    let all: Vec<&Requirement> = dependencies
        .manifests
        .iter()
        .filter(declares)
        .flat_map(|manifest| &manifest.requirements)
        .filter(|it| it.group == Group::Main && it.source == Source::Index)
        .filter(|it| !INSTALLERS.contains(&it.name.as_str()))
        .collect();
    let open: Vec<&Requirement> = all.iter().copied().filter(|it| !it.is_pinned()).collect();
    let Some(first) = open.first() else { return };
    let mostly_pinned = open.len() * 2 < all.len();
    // That a component depends on a server shows less than what starts it.
    let weak = evidence.starts_with("depends on");
    let severity = if mostly_pinned || weak { Severity::Warning } else { Severity::Error };
    let of = if open.len() == all.len() { String::new() } else { format!(" of {}", all.len()) };
    let count = open.len();
    let (noun, verb) =
        if all.len() == 1 { ("requirement", "takes") } else { ("requirements", "take") };
    let message = format!(
        "{what} without a lock file ({evidence}): {count}{of} {noun} {verb} whatever version is newest, {} among them",
        first.name
    );
    out.report(&first.place.path, Report::at(first.place.span).severity(severity).message(message));
}
