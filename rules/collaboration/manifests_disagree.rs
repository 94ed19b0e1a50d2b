//! See `manifests-disagree.toml`: two manifests of one component of which no version of a package pleases both. Knows ranges;
//! what has a marker, or a group that has an environment of its own, is not compared.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::Facts;
use roadworthy_project::facts::dependencies::{
    Dependencies, Group, Manifest, ManifestKind, Requirement, Source,
};

use crate::shared::delivery::installs::named;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    for dependencies in &facts.dependencies().components {
        check_component(facts, dependencies, out);
    }
}

/// A requirement, and the index of its manifest.
type Known<'d> = (usize, &'d Requirement);

fn check_component(facts: &Facts<'_>, dependencies: &Dependencies, out: &mut ProjectReporter<'_>) {
    let mut manifests: Vec<&Manifest> =
        dependencies.manifests.iter().filter(|manifest| declares(manifest)).collect();
    manifests.sort_by_key(|manifest| (rank(manifest.kind), manifest.group != Group::Main));
    let mut by_name: BTreeMap<&str, Vec<Known<'_>>> = BTreeMap::new();
    let mut disagreeing: Disagreeing<'_> = BTreeMap::new();
    for (index, manifest) in manifests.iter().enumerate() {
        let comparable = manifest.requirements.iter().filter(|it| is_comparable(it));
        for requirement in comparable {
            let known = by_name.entry(&requirement.name).or_default();
            let against = known.iter().find(|(other, it)| {
                manifests[*other].path != manifest.path
                    && meet(&it.group, &requirement.group)
                    && !it.overlaps(requirement)
                    && !is_other_package(manifests[*other], it, manifest, requirement)
            });
            if let Some(&(other, against)) = against {
                disagreeing.entry((other, index)).or_default().push((against, requirement));
            }
            known.push((index, requirement));
        }
    }
    while let Some(hub) = most_at_odds(&disagreeing) {
        let (of_hub, rest): (BTreeMap<_, _>, _) =
            disagreeing.into_iter().partition(|((one, other), _)| *one == hub || *other == hub);
        disagreeing = rest;
        let meet = of_hub
            .keys()
            .any(|&(one, other)| are_installed(facts, manifests[one], manifests[other]));
        let severity = if meet { Severity::Warning } else { Severity::Info };
        let mut of_hub: Vec<_> = of_hub.into_values().collect();
        of_hub.sort_by_key(|it| Reverse(it.len()));
        if let Some((pairs, further)) = of_hub.split_first() {
            report(pairs, further, severity, out);
        }
    }
}

/// Whether two manifests that rule each other out are installed: one includes the other, or images and pipelines name each list of
/// them. A `setup.py` may be left over, and conda's list and one of pip's may be two environments on purpose.
fn are_installed(facts: &Facts<'_>, one: &Manifest, other: &Manifest) -> bool {
    if one.includes.contains(&other.path) || other.includes.contains(&one.path) {
        return true;
    }
    let has = |kind: ManifestKind| one.kind == kind || other.kind == kind;
    let is_list = |it: &&&Manifest| {
        matches!(it.kind, ManifestKind::Conda | ManifestKind::Requirements | ManifestKind::Pipfile)
    };
    let is_named = |it: &&Manifest| {
        // What was compiled from it is installed.
        let path = it.path.with_extension(it.path.extension().map_or("", |it| match it {
            "in" => "txt",
            other => other,
        }));
        let name = path.file_name().unwrap_or_default();
        named(facts, |it| it == name).contains(&path)
    };
    let all = [one, other];
    let lists: Vec<&&Manifest> = all.iter().filter(is_list).collect();
    let are_apart = has(ManifestKind::Conda) && lists.len() > 1;
    !lists.is_empty()
        && !are_apart
        && !has(ManifestKind::SetupPy)
        && lists.into_iter().all(is_named)
}

/// Which packages of two manifests, by their indices, disagree.
type Disagreeing<'d> = BTreeMap<(usize, usize), Vec<(&'d Requirement, &'d Requirement)>>;

/// The manifest that most of the others disagree with: who mends that one mends them all.
fn most_at_odds(disagreeing: &Disagreeing<'_>) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (one, other) in disagreeing.keys() {
        *counts.entry(*one).or_default() += 1;
        *counts.entry(*other).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(index, count)| (*count, Reverse(*index)))
        .map(|(index, _)| index)
}

/// Whether a file says what the component needs, itself.
fn declares(manifest: &Manifest) -> bool {
    manifest.whole && !manifest.exported && manifest.kind != ManifestKind::Constraints
}

/// Which of two is to be mended: what describes the package speaks louder than what lists what is installed.
fn rank(kind: ManifestKind) -> u8 {
    match kind {
        ManifestKind::Pyproject | ManifestKind::Poetry => 0,
        ManifestKind::SetupCfg => 1,
        ManifestKind::SetupPy => 2,
        ManifestKind::Pipfile => 3,
        ManifestKind::Requirements | ManifestKind::Constraints => 4,
        ManifestKind::Conda => 5,
    }
}

fn is_comparable(requirement: &Requirement) -> bool {
    requirement.marker.is_none()
        && requirement.source == Source::Index
        && !requirement.versions.is_empty()
        && side(&requirement.group).is_some()
}

/// Who gets a requirement: everybody, or those who develop and test, in the same environment. Documentation and linters have
/// environments of their own, and so may extras.
#[derive(PartialEq)]
enum Side<'g> {
    Everybody,
    Developers(&'g str),
}

fn side(group: &Group) -> Option<Side<'_>> {
    match group {
        Group::Main => Some(Side::Everybody),
        Group::Development(name) => {
            let name = match name.as_str() {
                "dev" | "devel" | "develop" | "development" | "local" => "dev",
                "test" | "tests" | "testing" => "test",
                _ => return None,
            };
            Some(Side::Developers(name))
        }
        Group::Extra(_) | Group::Build => None,
    }
}

fn meet(one: &Group, other: &Group) -> bool {
    let (Some(one), Some(other)) = (side(one), side(other)) else { return false };
    one == other || one == Side::Everybody || other == Side::Everybody
}

/// Whether conda has another package under a name than the index has: a server, and the client for it.
fn is_other_package(
    one: &Manifest,
    of_one: &Requirement,
    other: &Manifest,
    of_other: &Requirement,
) -> bool {
    const NAMES: [&str; 6] = ["redis", "graphviz", "ffmpeg", "pandoc", "snappy", "nodejs"];
    let conda = one.kind == ManifestKind::Conda || other.kind == ManifestKind::Conda;
    conda && NAMES.contains(&of_one.name.as_str()) && of_one.name == of_other.name
}

/// Two manifests that have parted are one thing to mend, however many packages show it.
fn report(
    pairs: &[(&Requirement, &Requirement)],
    further: &[Vec<(&Requirement, &Requirement)>],
    severity: Severity,
    out: &mut ProjectReporter<'_>,
) {
    let Some(((against, requirement), others)) = pairs.split_first() else { return };
    let more = match others.len() {
        0 => String::new(),
        1 => ", and so for one more package".to_owned(),
        count => format!(", and so for {count} more packages"),
    };
    let known = [&requirement.place.path, &against.place.path];
    let others = further.iter().filter_map(|it| it.first()).flat_map(|(one, other)| [one, other]);
    let mut others: Vec<_> =
        others.map(|it| &it.place.path).filter(|it| !known.contains(it)).collect();
    others.sort();
    others.dedup();
    let also = match others.as_slice() {
        [] => String::new(),
        [one] => format!("; {one} is part of it"),
        [one, rest @ ..] => format!("; {one} and {} more files are part of it", rest.len()),
    };
    let message = format!(
        "{} takes {} here, but {} in {}: no version is both{more}{also}",
        requirement.name, requirement.versions, against.versions, against.place.path
    );
    let report = Report::at(requirement.place.span).severity(severity).message(message);
    out.report(&requirement.place.path, report);
}
