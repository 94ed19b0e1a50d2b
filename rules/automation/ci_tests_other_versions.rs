//! See `ci-tests-other-versions.toml`: how the image of a component is installed, against how the jobs that test it are.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_project::facts::ci::{Command, Install, Job};
use roadworthy_project::facts::containers::Image;
use roadworthy_project::facts::dependencies::LockKind;
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::facts::shell;
use roadworthy_project::{Distribution, Facts};

/// Where the versions come from that something installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Versions {
    Locked,
    Newest,
    Unknown,
}

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let ci = facts.ci();
    if !ci.unknown.is_empty() {
        return;
    }
    let jobs: Vec<&Job> =
        ci.pipelines.iter().flat_map(|it| &it.jobs).filter(|it| it.runs_tests()).collect();
    for (index, component) in facts.project().components.iter().enumerate() {
        let is_service = facts.profiles().get(index).is_some_and(|it| it.is(Profile::Service));
        let deployed = is_service && component.distribution != Distribution::Library;
        let locks =
            facts.dependencies().components.get(index).is_some_and(|it| !it.locks.is_empty());
        if !deployed || !locks {
            continue;
        }
        let images = facts.containers().images.iter();
        let images = images.filter(|it| it.component == Some(index) && it.development.is_none());
        let Some((image, Versions::Locked)) = images.map(|it| (it, shipped(facts, it))).next()
        else {
            continue;
        };
        let tested: Vec<_> =
            jobs.iter().filter_map(|job| tested(facts, job, &component.path)).collect();
        // One job with the locked versions is enough, and so is one of which nothing is known.
        if tested.iter().any(|(_, versions)| *versions != Versions::Newest) {
            continue;
        }
        if let Some((command, _)) = tested.first() {
            let words = command.words.join(" ");
            let message = format!(
                "tests run on the newest versions (`{words}`), while {} ships the locked ones",
                image.path
            );
            out.report(&command.place.path, Report::at(command.place.span).message(message));
        }
    }
}

/// What an image installs.
fn shipped(facts: &Facts<'_>, image: &Image) -> Versions {
    let runs = image.stages.iter().filter(|it| it.shipped).flat_map(|it| &it.instructions);
    let runs = runs.filter(|it| it.keyword == "RUN");
    let commands = runs.flat_map(|run| shell::commands(&run.arguments.value));
    let commands = commands.map(|it| Command {
        words: it.texts().map(str::to_owned).collect(),
        folder: image.context.clone(),
        ..Command::default()
    });
    of_installs(facts, commands.filter_map(|it| Some((it.install()?, it.folder))))
        .unwrap_or(Versions::Unknown)
}

/// The install of a job that tests a component, and what it brings; `None` where it is about another component.
fn tested<'j>(
    facts: &Facts<'_>,
    job: &'j Job,
    component: &Utf8Path,
) -> Option<(&'j Command, Versions)> {
    let own = |it: &&Command| {
        it.folder.starts_with(component) && it.through.iter().all(|it| !it.contains("docker"))
    };
    // What comes through another program is installed by it, as tox does.
    let hidden = job.commands().any(|it| !it.through.is_empty() && it.runs_tests());
    let container = job
        .commands()
        .any(|it| it.runners.iter().chain(&it.through).any(|it| it.contains("docker")));
    let by_runner =
        job.commands().any(|it| it.runners.iter().any(|it| it == "uv run" || it == "uvx"));
    let installs = job
        .commands()
        .filter(own)
        .filter(|it| !matches!(it.install(), None | Some(Install::Named)));
    let installs: Vec<_> = installs.collect();
    let first = *installs.first()?;
    let versions = of_installs(
        facts,
        installs.iter().filter_map(|it| Some((it.install()?, it.folder.clone()))),
    );
    let known = !hidden && !container && !by_runner;
    Some((first, versions.filter(|_| known).unwrap_or(Versions::Unknown)))
}

/// What several installs come to: locked where one is, as the rest are then held by it.
fn of_installs(
    facts: &Facts<'_>,
    installs: impl Iterator<Item = (Install, Utf8PathBuf)>,
) -> Option<Versions> {
    let mut found = None;
    for (install, folder) in installs {
        let versions = match install {
            Install::Named => continue,
            Install::Locked => Versions::Locked,
            Install::Project => Versions::Newest,
            Install::Unknown => Versions::Unknown,
            Install::Requirements(files) => of_files(facts, &files, &folder),
        };
        found = Some(match (found, versions) {
            (Some(Versions::Locked), _) | (_, Versions::Locked) => Versions::Locked,
            (Some(Versions::Unknown), _) | (_, Versions::Unknown) => Versions::Unknown,
            (_, Versions::Newest) => Versions::Newest,
        });
    }
    found
}

/// Files of requirements are locks where every line of one is pinned.
fn of_files(facts: &Facts<'_>, files: &[String], folder: &Utf8Path) -> Versions {
    let components = &facts.dependencies().components;
    let mut locks =
        components.iter().flat_map(|it| &it.locks).filter(|it| it.kind == LockKind::Requirements);
    let paths: Vec<_> =
        files.iter().filter_map(|it| roadworthy_project::resolved(folder, it)).collect();
    if locks.any(|lock| paths.contains(&lock.path)) {
        return Versions::Locked;
    }
    let mut manifests = components.iter().flat_map(|it| &it.manifests);
    // A file that includes others may be held by them.
    let known =
        manifests.any(|it| paths.contains(&it.path) && it.includes.is_empty() && !it.exported);
    if known { Versions::Newest } else { Versions::Unknown }
}
