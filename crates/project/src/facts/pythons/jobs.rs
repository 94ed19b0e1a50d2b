//! The versions that jobs of pipelines run on, told apart by whether they run tests. Knows programs that run tests.

use super::versions::of_interpreter;
use super::{NamedBy, PythonVersions};
use crate::facts::Facts;
use crate::facts::ci::{Command, Job, Pipeline};

pub(super) fn read(facts: &Facts<'_>, found: &mut [PythonVersions]) {
    for pipeline in &facts.ci().pipelines {
        for job in &pipeline.jobs {
            read_job(facts, pipeline, job, found);
        }
    }
}

fn read_job(facts: &Facts<'_>, pipeline: &Pipeline, job: &Job, found: &mut [PythonVersions]) {
    let commands = || job.steps.iter().flat_map(|it| &it.commands);
    let tests: Vec<_> = commands().filter(|it| runs_tests(it)).collect();
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

/// Whether a command runs tests.
fn runs_tests(command: &Command) -> bool {
    let mut words = command.words.iter().map(String::as_str);
    let program = words.next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    match program {
        "pytest" | "py.test" | "tox" | "nox" | "unittest" | "nose2" | "nosetests" | "behave"
        | "green" | "trial" | "ward" | "stestr" | "zope-testrunner" => true,
        "hatch" | "pdm" | "rye" | "make" | "just" | "task" | "inv" | "invoke" | "poe" => {
            words.any(|it| it.contains("test") || it == "cov")
        }
        "manage.py" | "setup.py" | "django-admin" => words.next() == Some("test"),
        "python" | "python3" => {
            let script = words.next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            let runs = script == "manage.py" || script == "setup.py";
            runs && words.next() == Some("test") || script.contains("runtests")
        }
        _ => false,
    }
}
