//! See `manifests-disagree.toml`: two manifests of one component of which no version of a package pleases both. Knows ranges;
//! what has a marker, or a group that has an environment of its own, is not compared.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::dependencies::{
    Dependencies, Group, Manifest, ManifestKind, Requirement, Source,
};
use roadworthy_project::{Component, Facts};

use crate::shared::delivery::copied::is_copied_in;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let components = facts.project().components.iter();
    for (component, dependencies) in components.zip(&facts.dependencies().components) {
        check_component(facts, (component, dependencies), out);
    }
}

/// A requirement, and the index of its manifest.
type Known<'d> = (usize, &'d Requirement);

fn check_component(
    facts: &Facts<'_>,
    (component, dependencies): (&Component, &Dependencies),
    out: &mut ProjectReporter<'_>,
) {
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
        let apart = of_hub.keys().all(|&(one, other)| {
            let (one, other) = (manifests[one], manifests[other]);
            is_apart(one, other)
                || [one, other]
                    .iter()
                    .any(|it| is_unused(facts, it) || is_never_installed(facts, it))
        }) || is_copied_in(facts, component);
        let mut of_hub: Vec<_> = of_hub.into_values().collect();
        of_hub.sort_by_key(|it| Reverse(it.len()));
        if let Some((pairs, further)) = of_hub.split_first() {
            report(pairs, further, apart, out);
        }
    }
}

/// Whether two lists may be two environments on purpose: one is conda's, the other pip's, and neither takes the other.
fn is_apart(one: &Manifest, other: &Manifest) -> bool {
    let is_list =
        |it: &Manifest| matches!(it.kind, ManifestKind::Requirements | ManifestKind::Pipfile);
    let pair = |conda: &Manifest, list: &Manifest| {
        conda.kind == ManifestKind::Conda && is_list(list) && !conda.includes.contains(&list.path)
    };
    pair(one, other) || pair(other, one)
}

/// Whether the `pyproject.toml` beside a `setup.py` names another program that builds the package, which never reads the latter.
fn is_built_by_other(facts: &Facts<'_>, manifest: &Manifest) -> bool {
    const OTHERS: [&str; 7] = ["flit", "hatchling", "maturin", "pdm", "poetry", "uv_build", "whey"];
    facts.text(&manifest.path.with_file_name("pyproject.toml")).whole().is_some_and(|document| {
        let mut lines = document.text().lines().filter_map(|it| it.strip_prefix("build-backend"));
        lines.any(|line| {
            let value = line.trim_start_matches([' ', '=', '"', '\'']);
            OTHERS.iter().any(|it| value.starts_with(it))
        })
    })
}

/// Whether a `setup.py` is left over: no image, pipeline, list of tasks or guide installs or builds what it describes.
fn is_never_installed(facts: &Facts<'_>, manifest: &Manifest) -> bool {
    const SAID: [&str; 8] =
        ["-e .", "bdist", "install .", "install ./", "-m build", "sdist", "twine", "--editable"];
    const ENDINGS: [&str; 10] =
        ["cfg", "ini", "md", "rst", "sh", "toml", "txt", "yaml", "yml", "bat"];
    /// More files than these are not read.
    const MOST: usize = 300;
    let may_tell = |it: &&Utf8Path| {
        let name = it.file_name().unwrap_or_default();
        **it != manifest.path
            && !name.ends_with("ignore")
            && (name.contains("ockerfile")
                || matches!(name, "Makefile" | "Jenkinsfile" | "justfile" | "noxfile.py")
                || it.extension().is_none_or(|it| ENDINGS.contains(&it)))
    };
    let names_setup = |text: &str| {
        let mut at = text.match_indices("setup.py").map(|it| it.0);
        at.any(|at| !text[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_'))
    };
    let is_setup = manifest.kind == ManifestKind::SetupPy;
    // Of what another program builds, installers ask that program.
    let is_of_other = is_setup && is_built_by_other(facts, manifest);
    let most = if is_of_other { 10 * MOST } else { MOST };
    let installs =
        |text: &str| !is_of_other && SAID.iter().any(|it| text.contains(it)) || names_setup(text);
    // Unless it is told not to, it builds and installs what the `setup.py` beside it describes.
    let installs_by_tox = |text: &str| {
        !is_of_other
            && !["skipsdist", "skip_install", "no_package"].iter().any(|it| text.contains(it))
    };
    let tox = manifest.path.with_file_name("tox.ini");
    let question = format!("something installs {}", manifest.path);
    is_setup
        && !facts.answer(0, question, || {
            let texts: Vec<_> = facts.tree().files().filter(may_tell).take(most + 1).collect();
            texts.len() > most
                || texts
                    .iter()
                    .any(|it| facts.text(it).whole().is_some_and(|it| installs(it.text())))
                || facts.text(&tox).whole().is_some_and(|it| installs_by_tox(it.text()))
        })
}

/// Whether a manifest says at its head that nothing installs it: it is kept to look things up.
fn is_unused(facts: &Facts<'_>, manifest: &Manifest) -> bool {
    const PHRASES: [&str; 4] =
        ["reference only", "for reference", "not installed by", "not used by"];
    const HEAD: usize = 10;
    facts.text(&manifest.path).whole().is_some_and(|document| {
        let mut head = document.text().lines().take(HEAD).filter(|it| it.starts_with('#'));
        head.any(|it| {
            let line = it.to_ascii_lowercase();
            PHRASES.iter().any(|phrase| line.contains(phrase))
        })
    })
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
    apart: bool,
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
    let report = Report::at(requirement.place.span).message(message);
    let report = if apart { report.severity(Severity::Info) } else { report };
    out.report(&requirement.place.path, report);
}
