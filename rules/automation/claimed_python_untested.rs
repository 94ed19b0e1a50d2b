//! See `claimed-python-untested.toml`: versions that a project runs on or promises, against those of its test jobs.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::Facts;
use roadworthy_project::facts::ci::System;
use roadworthy_project::facts::pythons::{Minor, NamedBy, PythonVersions};

use crate::shared::python_versions::listed;

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
        for named in &versions.named {
            let (what, severity) = match named.by {
                // Tests may run inside of the image itself.
                NamedBy::Image if !in_containers => (&named.written, Severity::Warning),
                NamedBy::Classifier => (&named.written, Severity::Info),
                _ => continue,
            };
            let verb = if named.by == NamedBy::Image { "runs" } else { "promises" };
            if named.versions.iter().all(|it| !tested.contains(it)) {
                let message = format!(
                    "{what} {verb} Python {}, but tests run on {} only",
                    listed(&named.versions),
                    listed(&tested)
                );
                let report = Report::at(named.place.span).severity(severity).message(message);
                out.report(&named.place.path, report);
            }
        }
    }
}

fn tested(versions: &PythonVersions) -> Vec<Minor> {
    let jobs = versions.by(NamedBy::TestJob);
    let mut tested: Vec<Minor> = jobs.flat_map(|it| it.versions.iter().copied()).collect();
    tested.sort_unstable();
    tested.dedup();
    tested
}

/// Whether a job starts containers, so that what runs in them is not seen.
fn tests_in_containers(facts: &Facts<'_>) -> bool {
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
