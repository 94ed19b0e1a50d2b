//! See `update-automation-gap.toml`: what a project depends on, against what a bot keeps up to date.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_parser::Span;
use roadworthy_project::{Distribution, Facts};

use crate::shared::delivery::updates::{Bot, Ecosystem, Listed, bot};
use crate::shared::delivery::workflow::{Job, Workflow, workflows};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    match bot(facts) {
        Bot::Any => {}
        Bot::None => {
            // A folder that no pipeline works on may be a copy, or a part of something larger.
            let is_repository = facts.tree().is_folder(Utf8Path::new(".github/workflows"))
                || facts.tree().is_file(Utf8Path::new(".gitlab-ci.yml"));
            if is_repository && let Some(need) = python(facts).into_iter().next() {
                let span = Span::new(0, first_line(facts, &need));
                let message = "nothing keeps the dependencies up to date: there is neither Dependabot nor Renovate";
                out.report(&need, Report::at(span).message(message));
            }
        }
        Bot::Listed(listed) => {
            let gaps = gaps(facts, &listed);
            if !gaps.is_empty() {
                let message = format!("{} leaves out {}", listed.bot, gaps.join(" and "));
                out.report(&listed.document.path, Report::at(listed.place).message(message));
            }
        }
    }
}

fn first_line(facts: &Facts<'_>, path: &Utf8Path) -> u32 {
    let document = facts.text(path).whole();
    document.map_or(0, |it| it.text().lines().next().unwrap_or_default().len() as u32)
}

/// What there is and nobody updates, for people.
fn gaps(facts: &Facts<'_>, listed: &Listed) -> Vec<String> {
    let mut gaps = Vec::new();
    for (ecosystem, needs) in [
        (Ecosystem::Python, python(facts)),
        (Ecosystem::Docker, docker(facts)),
        (Ecosystem::Actions, actions(facts)),
    ] {
        let missing = needs.iter().find(|path| {
            let folder = path.parent().unwrap_or(Utf8Path::new(""));
            let known = ecosystem == Ecosystem::Actions && listed.knows(ecosystem);
            !known
                && !listed.covers(ecosystem, folder)
                && !is_covered_around(listed, ecosystem, folder)
        });
        if let Some(path) = missing {
            gaps.push(format!("{} (`{path}`)", ecosystem.name()));
        }
    }
    gaps
}

/// Requirements in a folder of their own are found from the folder around it, and what is listed for a folder below may
/// name the whole.
fn is_covered_around(listed: &Listed, ecosystem: Ecosystem, folder: &Utf8Path) -> bool {
    let is_aside = matches!(folder.file_name(), Some("requirements" | "deps" | "ci"));
    ecosystem == Ecosystem::Python
        && is_aside
        && listed.covers(ecosystem, folder.parent().unwrap_or(Utf8Path::new("")))
}

/// The files that lock what runs of Python, or declare it where an application has no lock: a library takes whatever its
/// ranges allow, so that updating it is a matter of taste.
fn python(facts: &Facts<'_>) -> Vec<Utf8PathBuf> {
    let components = facts.project().components.iter().zip(&facts.dependencies().components);
    let mut needs: Vec<Utf8PathBuf> = Vec::new();
    for (component, dependencies) in components {
        if is_aside(&component.path) {
            continue;
        }
        let mut locks = dependencies
            .locks
            .iter()
            .map(|lock| &lock.path)
            .filter(|path| path.parent().is_some_and(|folder| folder == component.path));
        if let Some(lock) = locks.find(|it| !is_aside(it)) {
            needs.push(lock.clone());
            continue;
        }
        let declares = dependencies.manifests.iter().find(|manifest| {
            let is_product = manifest.whole && !manifest.exported && !is_aside(&manifest.path);
            is_product && !manifest.requirements.is_empty()
        });
        // The members of a workspace are locked, and updated, at its root.
        let is_member = !component.path.as_str().is_empty() && !dependencies.locks.is_empty();
        if component.distribution == Distribution::Application && !is_member {
            needs.extend(declares.map(|manifest| manifest.path.clone()));
        }
    }
    needs
}

fn docker(facts: &Facts<'_>) -> Vec<Utf8PathBuf> {
    let images = facts.containers().images.iter().filter(|image| {
        image.development.is_none() && !is_aside(&image.path) && {
            let mut bases = image.stages.iter().filter(|stage| stage.base.stage.is_none());
            bases.any(|stage| stage.base.image.known().is_some_and(|it| it.repository != "scratch"))
        }
    });
    // A bot finds files of these names only.
    let named = images.filter(|image| {
        image.path.file_name().is_some_and(|name| name.to_ascii_lowercase().contains("dockerfile"))
    });
    named.map(|image| image.path.clone()).collect()
}

fn actions(facts: &Facts<'_>) -> Vec<Utf8PathBuf> {
    let uses = |workflow: &Workflow| {
        workflow
            .jobs()
            .flat_map(Job::steps)
            .filter_map(|step| step.uses()?.text())
            .any(|it| !it.starts_with('.'))
    };
    let workflows = workflows(facts);
    workflows.iter().find(|it| uses(it)).map(|it| it.path().to_owned()).into_iter().collect()
}

/// What is not run in production.
fn is_aside(path: &Utf8Path) -> bool {
    const FOLDERS: [&str; 13] = [
        "doc",
        "docs",
        "example",
        "examples",
        "test",
        "tests",
        "fixtures",
        "template",
        "templates",
        "demo",
        "demos",
        "benchmarks",
        "samples",
    ];
    path.components().map(|part| part.as_str()).any(|name| {
        FOLDERS.contains(&name) || name.contains("{{") || name.starts_with('.') && name.len() > 2
    })
}
