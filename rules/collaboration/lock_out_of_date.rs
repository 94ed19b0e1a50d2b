//! See `lock-out-of-date.toml`: requirements that a lock file, or a compiled file of requirements, does not meet. Knows only
//! what holds everywhere: a requirement with a marker, an extra or a source of its own is not judged.

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_project::facts::dependencies::{
    Dependencies, Group, Lock, LockKind, Manifest, ManifestKind, Requirement, Source, normalised,
};
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Component, Facts};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let components = facts.project().components.iter();
    for (component, dependencies) in components.zip(&facts.dependencies().components) {
        check_lock(facts, component, dependencies, out);
        for manifest in &dependencies.manifests {
            if let Some(compiled) = compiled_of(manifest, dependencies) {
                let unmet =
                    unmet(plain(manifest, &[]), |requirement| in_compiled(requirement, compiled));
                report(&compiled.path, &unmet, out);
            }
        }
    }
}

/// Why a requirement is not met.
struct Unmet<'d> {
    requirement: &'d Requirement,
    because: String,
}

fn unmet<'d>(
    requirements: impl Iterator<Item = &'d Requirement>,
    because: impl Fn(&Requirement) -> Option<String>,
) -> Vec<Unmet<'d>> {
    let unmet = requirements
        .filter_map(|requirement| Some(Unmet { requirement, because: because(requirement)? }));
    unmet.collect()
}

/// A stale lock is one thing to mend, however many requirements show it.
fn report(lock: &Utf8Path, unmet: &[Unmet<'_>], out: &mut ProjectReporter<'_>) {
    let Some((first, others)) = unmet.split_first() else { return };
    let more = match others.len() {
        0 => String::new(),
        1 => ", and does not meet one more requirement".to_owned(),
        count => format!(", and does not meet {count} more requirements"),
    };
    let place = &first.requirement.place;
    let message = format!("{lock} {}{more}", first.because);
    out.report(&place.path, Report::at(place.span).message(message));
}

fn check_lock(
    facts: &Facts<'_>,
    component: &Component,
    dependencies: &Dependencies,
    out: &mut ProjectReporter<'_>,
) {
    let mut locks = dependencies.locks.iter().filter(|lock| manifests_of(lock.kind).is_some());
    // Of several tools one is what the project has left, and nothing tells which.
    let (Some(lock), None) = (locks.next(), locks.next()) else { return };
    if lock.packages.is_empty() {
        return;
    }
    let kinds = manifests_of(lock.kind).unwrap_or_default();
    let mut skipped = overridden(facts, lock, component);
    skipped.push(normalised(&component.name));
    let manifests = dependencies.manifests.iter().filter(|manifest| {
        kinds.contains(&manifest.kind)
            && manifest.path.parent().unwrap_or(Utf8Path::new("")) == component.path
    });
    let requirements = manifests.flat_map(|manifest| plain(manifest, &skipped));
    let unmet = unmet(requirements, |requirement| in_lock(requirement, lock));
    report(&lock.path, &unmet, out);
}

/// The manifests that a tool makes its lock file of.
fn manifests_of(kind: LockKind) -> Option<&'static [ManifestKind]> {
    match kind {
        LockKind::Uv | LockKind::Pdm => Some(&[ManifestKind::Pyproject]),
        LockKind::Poetry => Some(&[ManifestKind::Poetry, ManifestKind::Pyproject]),
        LockKind::Pipfile => Some(&[ManifestKind::Pipfile]),
        LockKind::Pylock | LockKind::Conda | LockKind::Requirements => None,
    }
}

/// Requirements that hold on every machine, for everybody, from an index.
fn plain<'d>(
    manifest: &'d Manifest,
    skipped: &'d [String],
) -> impl Iterator<Item = &'d Requirement> {
    manifest.requirements.iter().filter(move |requirement| {
        let group = requirement.group == Group::Main
            || manifest.kind == ManifestKind::Requirements && requirement.group == manifest.group;
        group
            && requirement.marker.is_none()
            && requirement.source == Source::Index
            && !skipped.contains(&requirement.name)
    })
}

/// Names whose versions are decided elsewhere, at the root of the workspace or in the component.
fn overridden(facts: &Facts<'_>, lock: &Lock, component: &Component) -> Vec<String> {
    let root = lock.path.parent().unwrap_or(Utf8Path::new(""));
    let mut names = Vec::new();
    for folder in [root, &component.path] {
        let Some(document) = facts.toml(&folder.join("pyproject.toml")).whole() else { continue };
        let Some(tool) = document.value().and_then(|value| value.get("tool")) else { continue };
        for key in ["override-dependencies", "exclude-dependencies"] {
            let list = tool.at(&["uv", key]).into_iter().flat_map(Value::items);
            let texts = list.filter_map(Value::text).filter_map(|text| {
                text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).next()
            });
            names.extend(texts.map(normalised));
        }
        let overrides = tool.at(&["pdm", "resolution", "overrides"]);
        let keys = overrides.into_iter().flat_map(Value::entries);
        names.extend(keys.map(|(key, _)| normalised(&key.name)));
    }
    names
}

fn in_lock(requirement: &Requirement, lock: &Lock) -> Option<String> {
    let mut locked = lock.of_name(&requirement.name).peekable();
    if locked.peek().is_none() {
        return Some(format!("does not hold {}", requirement.name));
    }
    let mut last = None;
    for locked in locked {
        // What comes from a folder or a repository has whatever version that has.
        let version = locked.version.as_ref()?;
        let plain = version.clone().without_local();
        if requirement.versions.contains(version) || requirement.versions.contains(&plain) {
            return None;
        }
        last = Some(version);
    }
    Some(format!("holds {} {}, which {} rules out", requirement.name, last?, requirement.versions))
}

/// The file that pip-compile or uv made of a file of requirements: of the same name, with a header that says so.
fn compiled_of<'d>(manifest: &Manifest, dependencies: &'d Dependencies) -> Option<&'d Manifest> {
    let is_source = manifest.kind == ManifestKind::Requirements
        && manifest.path.extension() == Some("in")
        && !manifest.exported;
    let compiled = dependencies.manifest(&manifest.path.with_extension("txt"))?;
    (is_source && compiled.exported && compiled.includes.is_empty()).then_some(compiled)
}

fn in_compiled(requirement: &Requirement, compiled: &Manifest) -> Option<String> {
    // pip-compile leaves them out unless it is told otherwise.
    if ["pip", "setuptools", "distribute", "wheel"].contains(&requirement.name.as_str()) {
        return None;
    }
    let mut of_name = compiled.requirements.iter().filter(|it| it.name == requirement.name);
    let Some(found) = of_name.next() else {
        return Some(format!("does not hold {}", requirement.name));
    };
    let several = of_name.next().is_some();
    let met = several || found.version().is_none() || found.overlaps(requirement);
    (!met).then(|| {
        format!("holds {} {}, which {} rules out", found.name, found.versions, requirement.versions)
    })
}
