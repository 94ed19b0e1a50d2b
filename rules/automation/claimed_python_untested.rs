//! See `claimed-python-untested.toml`: versions that a project runs on or promises, against those of its test jobs.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::Facts;
use roadworthy_project::facts::ci::{Step, System};
use roadworthy_project::facts::pythons::{Minor, Named, NamedBy, PythonVersions};

use crate::shared::delivery::python_versions::listed;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let ci = facts.ci();
    let foreign = ci.pipelines.iter().any(|it| it.system == System::Other);
    if foreign || !ci.unknown.is_empty() {
        return;
    }
    let in_containers = tests_in_containers(facts);
    for versions in facts.pythons() {
        let tested = tested(versions);
        if tested.is_empty() || !versions.unknown_tests.is_empty() {
            continue;
        }
        if !in_containers {
            images(versions, &tested, out);
        }
        classifiers(versions, &tested, out);
    }
}

/// Tests may run inside of the image itself, where jobs start containers.
fn images(versions: &PythonVersions, tested: &[Minor], out: &mut ProjectReporter<'_>) {
    for named in versions.by(NamedBy::Image) {
        if named.versions.iter().any(|it| tested.contains(it)) {
            continue;
        }
        // What an image runs may be tested where no job is seen to: after it was deployed, or by another repository.
        let severity = Severity::Info;
        let message = format!(
            "{} runs Python {}, but tests run on {} only",
            named.written,
            listed(&named.versions),
            listed(tested)
        );
        let report = Report::at(named.place.span).severity(severity).message(message);
        out.report(&named.place.path, report);
    }
}

/// One finding for all versions that a manifest promises, where the first of them stands.
fn classifiers(versions: &PythonVersions, tested: &[Minor], out: &mut ProjectReporter<'_>) {
    let is_untested = |it: &Minor| !tested.contains(it) && !is_between(*it, tested);
    let untested = |named: &Named| named.versions.iter().all(is_untested);
    let untested: Vec<&Named> =
        versions.by(NamedBy::Classifier).filter(|named| untested(named)).collect();
    let Some(first) = untested.first() else { return };
    let mut promised: Vec<Minor> =
        untested.iter().flat_map(|it| it.versions.iter().copied()).collect();
    promised.sort_unstable();
    promised.dedup();
    let message = format!(
        "classifiers promise Python {}, but tests run on {} only",
        listed(&promised),
        listed(tested)
    );
    let report = Report::at(first.place.span).severity(Severity::Info).message(message);
    out.report(&first.place.path, report);
}

/// Whether older and newer versions are tested.
fn is_between(version: Minor, tested: &[Minor]) -> bool {
    tested.iter().any(|it| *it < version) && tested.iter().any(|it| *it > version)
}

fn tested(versions: &PythonVersions) -> Vec<Minor> {
    let jobs = versions.by(NamedBy::TestJob);
    let mut tested: Vec<Minor> = jobs.flat_map(|it| it.versions.iter().copied()).collect();
    tested.sort_unstable();
    tested.dedup();
    tested
}

/// Whether a job starts containers, so that what runs in them is not seen, or tests and builds the images as well.
fn tests_in_containers(facts: &Facts<'_>) -> bool {
    let mut jobs = facts.ci().pipelines.iter().flat_map(|it| &it.jobs);
    if jobs.any(|job| job.runs_tests() && job.steps.iter().any(builds)) {
        return true;
    }
    let jobs = facts.ci().pipelines.iter().flat_map(|it| &it.jobs);
    let mut commands = jobs.flat_map(|it| &it.steps).flat_map(|it| &it.commands);
    commands.any(|it| {
        let mut words = it.words.iter().chain(&it.runners).chain(&it.through).map(String::as_str);
        let is_docker = words.clone().any(|it| {
            let mut parts = it.split_whitespace();
            parts.any(|it| matches!(it, "docker" | "docker-compose" | "podman"))
        });
        is_docker
            && words.any(|it| {
                it.split_whitespace()
                    .any(|it| matches!(it, "run" | "exec" | "up" | "compose" | "docker-compose"))
            })
    })
}

/// Whether a step builds an image, or brings the charts of the project out.
fn builds(step: &Step) -> bool {
    const COMMANDS: [&str; 11] = [
        "docker build",
        "docker buildx build",
        "docker buildx bake",
        "docker compose build",
        "docker-compose build",
        "podman build",
        "buildah",
        "up --build",
        "up -d --build",
        "chartpress",
        "skaffold",
    ];
    let run = step.run.as_ref().map_or("", |it| it.value.as_str());
    let uses = step.uses.as_ref().map_or("", |it| it.value.as_str());
    COMMANDS.iter().any(|it| run.contains(it))
        || ["helm upgrade", "helm install"].iter().any(|it| run.contains(it))
        || uses.starts_with("docker/build-push-action")
}
