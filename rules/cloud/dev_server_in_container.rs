//! See `dev-server-in-container.toml`: what processes run in the end, and who they are for.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::containers::processes::server_of;
use roadworthy_project::facts::containers::{Origin, Process};
use roadworthy_project::facts::{Facts, Place};

use crate::shared::delivery::builds::{is_built, is_for_work, is_left_over};
use crate::shared::delivery::deployed::is_taken_out;
use crate::shared::delivery::processes::{is_overridden, names};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let processes = &facts.containers().processes;
    let mut known: Vec<Place> = Vec::new();
    for process in processes.iter().filter(|process| process.development.is_none()) {
        let Some((what, word, is_call)) = runs(facts, process) else { continue };
        if is_overridden(process, processes) {
            continue;
        }
        // Some start a Procfile at their desks too, small scripts serve for small ends, and an image whose code Compose mounts
        // may never leave a desk.
        let is_at_desks = process.origin == Origin::Procfile || process.worked_on.is_some();
        let is_weak = is_call
            || is_at_desks
            || is_served_otherwise(process, processes) && !is_restarted(facts, process)
            || process.image.is_some_and(|image| {
                is_for_work(facts, image) || is_left_over(facts, image) || !is_used(facts, image)
            });
        let severity = if is_weak { Severity::Info } else { Severity::Warning };
        let place = process.place_of(facts, &word);
        if known.contains(&place) {
            continue;
        }
        let message = format!("{} runs {what}, which is for development", names(process));
        out.report(&place.path, Report::at(place.span).severity(severity).message(message));
        known.push(place);
    }
}

/// Whether what a service of Compose runs for development is served by a real server elsewhere: by the image's own command, a platform,
/// a cluster or another composition. Then this one is for those who work on it.
fn is_served_otherwise(process: &Process, all: &[Process]) -> bool {
    let is_same = |other: &Process| {
        process.image.is_some() && other.image == process.image
            || other.component.is_some() && other.component == process.component
    };
    let is_elsewhere = |other: &Process| match other.origin {
        Origin::Dockerfile => other.image.is_some() && other.image == process.image,
        _ => other.place.path != process.place.path,
    };
    process.origin == Origin::Compose
        && all.iter().any(|other| {
            other.development_server().is_none()
                && other.development.is_none()
                && is_same(other)
                && is_elsewhere(other)
                && other
                    .invocation()
                    .and_then(|it| server_of(&it))
                    .is_some_and(|server| !server.consumer)
        })
}

/// Whether Compose starts a service again whenever it ends, as nobody asks for at a desk.
fn is_restarted(facts: &Facts<'_>, process: &Process) -> bool {
    facts.yaml(&process.place.path).whole().is_some_and(|document| {
        let services = document.value().and_then(|it| it.get("services"));
        let restart = services.and_then(|it| it.get(&process.name)?.get("restart")?.scalar());
        restart.is_some_and(|it| {
            matches!(it, "always" | "unless-stopped") || it.starts_with("on-failure")
        })
    })
}

/// Whether something that is seen builds or takes out an image. A project with one image, and no other way to serve, uses that.
fn is_used(facts: &Facts<'_>, image: usize) -> bool {
    let containers = facts.containers();
    let is_sole = || {
        containers.images.len() == 1
            && containers.processes.iter().all(|it| it.image == Some(image))
    };
    is_built(facts, image) || is_taken_out(facts, image) || is_sole()
}

/// What for development a process runs, the word of its command that says so, and whether that is a script which does it.
fn runs(facts: &Facts<'_>, process: &Process) -> Option<(String, String, bool)> {
    if let Some(what) = process.development_server() {
        let word = what.rsplit(' ').next().unwrap_or(&what).to_owned();
        return Some((format!("`{what}`"), word, false));
    }
    let call = process.development_call(facts)?;
    let script = process.target()?.written;
    Some((format!("{call} of `{script}`"), script, true))
}
