//! See `unlocked-application.toml`: what a component declares, and whether anything says which versions of it are installed.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::containers::{Image, Instruction, Origin};
use roadworthy_project::facts::dependencies::{
    Dependencies, Group, LockKind, Manifest, ManifestKind, Requirement, Source,
};
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::facts::pythons::NamedBy;
use roadworthy_project::facts::shell::Command;
use roadworthy_project::{Component, Facts, resolved};

use crate::shared::delivery::copied::is_copied_in;

/// Installers, whose versions are chosen elsewhere.
const INSTALLERS: [&str; 4] = ["pip", "setuptools", "wheel", "uv"];

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let components = facts.project().components.iter();
    for (index, (component, dependencies)) in
        components.zip(&facts.dependencies().components).enumerate()
    {
        let Some((what, evidence)) = deployed(facts, index) else { continue };
        if !is_locked(facts, component, dependencies) {
            // What code calls or depends on shows less than what starts it: many such applications are never deployed.
            let is_started = evidence.contains(" starts ")
                && !is_published(facts, index)
                && !installs_others(facts, component, evidence)
                && !is_shelved(evidence)
                && !is_ready_made(facts, index, evidence)
                && !is_copied_in(facts, component)
                && !is_pinned_by_image(facts, evidence);
            let severity = if is_started { Severity::Warning } else { Severity::Info };
            judge(facts, (what, evidence), severity, dependencies, out);
        }
    }
}

/// Whether every list that the image which shows it installs takes one version of each, and then the package comes without what that
/// asks for: `pip install -r requirements.txt && pip install --no-deps .`.
fn is_pinned_by_image(facts: &Facts<'_>, evidence: &str) -> bool {
    const WITHOUT: [&str; 2] = ["--no-deps", "--no-dependencies"];
    let path = evidence.split(" starts ").next().unwrap_or_default();
    facts.containers().images.iter().filter(|it| it.path == path).any(|image| {
        let runs = image.shipped_instructions().filter(|it| it.keyword == "RUN");
        let commands: Vec<Command> = runs.flat_map(Instruction::commands).collect();
        let is_bare = commands.iter().any(|it| it.texts().any(|it| WITHOUT.contains(&it)));
        let lists: Vec<&str> = commands.iter().flat_map(installed_lists).collect();
        is_bare && !lists.is_empty() && lists.iter().all(|it| is_pinned_list(facts, image, it))
    })
}

/// The lists that a command installs: `-r a.txt`, `-ra.txt`, `--requirement=a.txt`.
fn installed_lists(command: &Command) -> Vec<&str> {
    let words: Vec<&str> = command.texts().collect();
    let behind = words.windows(2).filter(|it| matches!(it[0], "-r" | "--requirement"));
    let joined = words.iter().filter_map(|it| {
        it.strip_prefix("--requirement=")
            .or_else(|| it.strip_prefix("-r"))
            .filter(|it| !it.is_empty())
    });
    behind.map(|it| it[1]).chain(joined).filter(|_| words.contains(&"install")).collect()
}

/// Whether a list that an image installs is one of the project, by where it lies or from where the image copies it, and takes one
/// version of each.
fn is_pinned_list(facts: &Facts<'_>, image: &Image, list: &str) -> bool {
    let name = Utf8Path::new(list).file_name();
    let copied: Vec<Utf8PathBuf> = image
        .shipped_instructions()
        .filter_map(|it| it.copied.as_ref())
        .flat_map(|it| &it.sources)
        .filter_map(|it| resolved(&image.context, &it.value))
        .collect();
    let is_it = |path: &Utf8Path| {
        let inside = path.strip_prefix(&image.context).ok();
        inside.is_some_and(|it| Utf8Path::new(list).ends_with(it))
            || path.file_name() == name && copied.iter().any(|it| it == path)
    };
    let mut found = manifests(facts).filter(|it| is_it(&it.path)).peekable();
    found.peek().is_some() && found.all(|it| pins_all(facts, it, 0))
}

/// Whether a list, and those that it includes, takes one version of each.
fn pins_all(facts: &Facts<'_>, manifest: &Manifest, depth: usize) -> bool {
    /// A list that includes itself is none.
    const DEEPEST: usize = 4;
    let is_empty = manifest.requirements.is_empty() && manifest.includes.is_empty();
    let pins = |path: &Utf8PathBuf| {
        let included = manifests(facts).find(|it| it.path == *path);
        included.is_some_and(|it| {
            it.kind == ManifestKind::Constraints || pins_all(facts, it, depth + 1)
        })
    };
    depth < DEEPEST
        && !is_empty
        && manifest.requirements.iter().all(Requirement::is_pinned)
        && manifest.includes.iter().all(pins)
}

fn manifests<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = &'f Manifest> {
    facts.dependencies().components.iter().flat_map(|it| &it.manifests)
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
    let of_tool = dependencies.locks.iter().any(|lock| lock.kind != LockKind::Requirements);
    // Whether what was compiled still fits is the business of `lock-out-of-date`.
    let compiled = dependencies.manifests.iter().any(|it| it.exported && !is_for_developers(it));
    of_tool || compiled || has_lock_around(facts, component)
}

/// Whether a component is made to be installed by others, who bring their own versions: it says for which Pythons.
fn is_published(facts: &Facts<'_>, index: usize) -> bool {
    let named = facts.pythons().get(index).map_or(&[][..], |it| it.named.as_slice());
    named.iter().any(|it| it.by == NamedBy::Classifier)
}

/// Whether the image that shows it has requirements of its own beside it, deeper than the component: what is declared
/// here is not what it installs.
fn installs_others(facts: &Facts<'_>, component: &Component, evidence: &str) -> bool {
    let path = evidence.split(" starts ").next().unwrap_or_default();
    let Some(folder) = Utf8Path::new(path).parent() else { return false };
    path.contains("Dockerfile")
        && folder != component.path
        && facts.tree().is_file(&folder.join("requirements.txt"))
}

/// Whether what shows it was put aside, by the name of a folder.
fn is_shelved(evidence: &str) -> bool {
    const FOLDERS: [&str; 6] = ["archive", "archived", "deprecated", "legacy", "obsolete", "old"];
    let path = Utf8Path::new(evidence.split(" starts ").next().unwrap_or_default());
    let mut folders = path.ancestors().skip(1).filter_map(Utf8Path::file_name);
    folders.any(|it| FOLDERS.contains(&it))
}

/// Whether what shows it are services of images that are made elsewhere, and none is built here of the component: what is
/// declared here at most repeats what those hold.
fn is_ready_made(facts: &Facts<'_>, index: usize, evidence: &str) -> bool {
    let containers = facts.containers();
    let path = evidence.split(" starts ").next().unwrap_or_default();
    let mut shown = containers.processes.iter().filter(|it| it.place.path == path).peekable();
    let manifests = facts.dependencies().components.get(index).map(|it| &it.manifests);
    let is_installed = |image: &Image| {
        let text = facts.text(&image.path).whole();
        manifests
            .into_iter()
            .flatten()
            .filter_map(|it| it.path.file_name())
            .any(|name| text.as_ref().is_some_and(|it| it.text().contains(name)))
    };
    shown.peek().is_some()
        && shown.all(|it| it.origin == Origin::Compose && it.image.is_none())
        && !containers.images.iter().any(is_installed)
}

fn is_for_developers(manifest: &Manifest) -> bool {
    matches!(manifest.group, Group::Development(_))
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

/// The Dockerfile that installs a manifest, where the one that shows that it runs does not; `Err` where those that name such a file
/// all mean another one.
fn installing<'f>(
    facts: &'f Facts<'_>,
    evidence: &str,
    manifest: &Utf8Path,
) -> Result<Option<&'f Image>, ()> {
    let images = &facts.containers().images;
    let shown = evidence.split_once(" starts ").map(|(path, _)| Utf8Path::new(path));
    let Some(shown) = images.iter().find(|it| shown == Some(&it.path)) else { return Ok(None) };
    let of_shown = means(facts, shown, manifest);
    if of_shown == Some(true) {
        return Ok(None);
    }
    let meant = || images.iter().map(|it| (it, means(facts, it, manifest)));
    let installing = meant().find(|it| it.1 == Some(true)).map(|it| it.0);
    // A project is installed by its folder, a list by its name.
    let is_list = manifest.extension() == Some("txt");
    let is_left = of_shown.is_some() || is_list && meant().any(|it| it.1.is_some());
    if installing.is_none() && is_left { Err(()) } else { Ok(installing) }
}

/// Whether a Dockerfile that names a file of the name of a manifest means that one: of several it sees the one that it copies from
/// its context. `None` where it names none.
fn means(facts: &Facts<'_>, image: &Image, manifest: &Utf8Path) -> Option<bool> {
    let name = manifest.file_name()?;
    facts.text(&image.path).whole().filter(|it| it.text().contains(name))?;
    let instructions = image.stages.iter().flat_map(|it| &it.instructions);
    let copied = instructions.filter_map(|it| it.copied.as_ref()).flat_map(|it| &it.sources);
    let sources: Vec<Utf8PathBuf> =
        copied.filter_map(|it| resolved(&image.context, &it.value)).collect();
    let is_file = |it: &Utf8PathBuf| facts.tree().is_file(it);
    let by_name = sources.iter().filter(|it| it.file_name() == Some(name)).cloned();
    let mut files: Vec<Utf8PathBuf> = by_name.filter(is_file).collect();
    if files.is_empty() {
        files = sources.iter().map(|it| it.join(name)).filter(is_file).collect();
    }
    Some(if files.is_empty() {
        manifest.starts_with(&image.context)
    } else {
        files.iter().any(|it| it == manifest)
    })
}

/// Whether comments of a manifest say that nothing is pinned in it on purpose, as it is for a demonstration.
fn is_for_demonstration(text: &str) -> bool {
    let comments = text.lines().filter_map(|it| it.trim_start().strip_prefix('#'));
    let said = comments.collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    ["pin", "lock"].iter().any(|it| said.contains(it))
        && ["demo", "on purpose", "shared environment"].iter().any(|it| said.contains(it))
}

fn judge(
    facts: &Facts<'_>,
    (what, evidence): (&str, &str),
    severity: Severity,
    dependencies: &Dependencies,
    out: &mut ProjectReporter<'_>,
) {
    let installed = dependencies.manifests.iter().filter(|it| !is_for_developers(it));
    // Constraints, or another file, may pin what this one leaves open.
    let pinned: BTreeSet<&str> = installed
        .clone()
        .flat_map(|manifest| &manifest.requirements)
        .filter(|it| it.is_pinned())
        .map(|it| it.name.as_str())
        .collect();
    // Two manifests often declare the same.
    let mut seen = BTreeSet::new();
    let all: Vec<&Requirement> = installed
        .filter(|it| it.whole && it.kind != ManifestKind::Constraints)
        .flat_map(|manifest| &manifest.requirements)
        .filter(|it| it.group == Group::Main && it.source == Source::Index)
        .filter(|it| !INSTALLERS.contains(&it.name.as_str()) && seen.insert(it.name.as_str()))
        .collect();
    let open = all.iter().filter(|it| !pinned.contains(it.name.as_str()));
    let open: Vec<&Requirement> = open.copied().collect();
    let Some(first) = open.first() else { return };
    let (count, total) = (open.len(), all.len());
    // Where most are pinned, a few were left open on purpose or by a slip.
    let on_purpose =
        || facts.text(&first.place.path).whole().is_some_and(|it| is_for_demonstration(it.text()));
    let severity =
        if count * 2 < total || on_purpose() { severity.min(Severity::Info) } else { severity };
    let shares = match (count, total) {
        (1, 1) => "its only requirement is".to_owned(),
        (1, _) => format!("one of {total} requirements is"),
        _ if count == total => format!("none of {total} requirements is"),
        _ => format!("{count} of {total} requirements are"),
    };
    let installing = installing(facts, evidence, &first.place.path);
    let severity = if installing.is_ok() { severity } else { severity.min(Severity::Info) };
    let name = first.place.path.file_name().unwrap_or_default();
    let told = installing.ok().flatten().map(|it| format!("{} installs {name}", it.path));
    let evidence = told.as_deref().unwrap_or(evidence);
    let negated = if count == total && count > 1 { "" } else { "not " };
    let name = &first.name;
    let message =
        format!("{what} without a lock file ({evidence}): {shares} {negated}pinned, as {name}");
    out.report(&first.place.path, Report::at(first.place.span).severity(severity).message(message));
}
