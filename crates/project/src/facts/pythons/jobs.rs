//! The versions that jobs of pipelines run on, told apart by whether they run tests. Knows no program.

use super::versions::of_interpreter;
use super::{NamedBy, PythonVersions};
use crate::facts::Facts;
use crate::facts::ci::{Command, Job, Pipeline};

pub(super) fn read(facts: &Facts<'_>, found: &mut [PythonVersions]) {
    let pipelines = &facts.ci().pipelines;
    // The jobs of a workflow that others call are read where they call it, with what they hand over.
    let calls: Vec<&str> = pipelines
        .iter()
        .flat_map(|it| &it.jobs)
        .filter_map(|it| it.calls.as_ref()?.value.strip_prefix("./"))
        .collect();
    let is_called = |it: &Pipeline| {
        it.triggers.iter().all(|trigger| trigger.value == "workflow_call")
            && calls.contains(&it.path.as_str())
    };
    for pipeline in pipelines.iter().filter(|it| !is_called(it)) {
        for job in &pipeline.jobs {
            read_job(facts, pipeline, job, found);
        }
    }
}

fn read_job(facts: &Facts<'_>, pipeline: &Pipeline, job: &Job, found: &mut [PythonVersions]) {
    let commands = || job.steps.iter().flat_map(|it| &it.commands);
    let tests: Vec<_> = commands().filter(|it| it.runs_tests()).collect();
    // What installs nothing and runs below a folder that holds no package tests scripts of the standard library.
    let by_itself = |runner: &String| runner.starts_with("python");
    let needs = commands().any(|it| it.install().is_some() || !it.runners.iter().all(by_itself));
    let beside =
        |it: &Command| it.folder.iter().any(|name| matches!(name, "docs" | "doc" | "scripts"));
    let tests = if !needs && tests.iter().all(|it| beside(it)) { Vec::new() } else { tests };
    let by = if tests.is_empty() { NamedBy::OtherJob } else { NamedBy::TestJob };
    let folders = if tests.is_empty() { commands().collect() } else { tests };
    let components: Option<Vec<usize>> =
        folders.iter().map(|it| facts.component_of(&it.folder.join("_"))).collect();
    // What runs above all components may be about each of them.
    let mut components =
        components.filter(|it| !it.is_empty()).unwrap_or_else(|| (0..found.len()).collect());
    components.sort_unstable();
    components.dedup();
    for index in components {
        let Some(found) = found.get_mut(index) else { continue };
        let named = job.pythons.iter().flatten();
        let mut is_known = job.pythons.as_ref().is_some_and(|it| !it.is_empty());
        for version in named {
            let versions = of_interpreter(&version.value);
            is_known &= !versions.is_empty();
            found.add(by, versions, &version.value, version.place.clone());
        }
        if by == NamedBy::TestJob && !is_known {
            let reason = format!("job {} of {} names no version", job.id, pipeline.path);
            found.unknown_tests.push(reason);
        }
    }
}
