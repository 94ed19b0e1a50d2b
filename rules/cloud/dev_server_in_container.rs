//! See `dev-server-in-container.toml`: what processes run in the end, and who they are for.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::containers::{Origin, Process};
use roadworthy_project::facts::{Facts, Place};

use crate::shared::delivery::builds::{is_for_work, is_left_over};
use crate::shared::delivery::deployed::{self, is_shipped};
use crate::shared::delivery::processes::{is_overridden, names};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let processes = &facts.containers().processes;
    let mut known: Vec<Place> = Vec::new();
    for process in processes.iter().filter(|process| process.development.is_none()) {
        let Some((what, word, is_call)) = runs(facts, process) else { continue };
        if is_overridden(process, processes) {
            continue;
        }
        // Small scripts serve for small ends, and an image whose code Compose mounts may never leave a desk.
        let is_weak = is_call
            || process.worked_on.is_some()
            || process
                .image
                .is_some_and(|image| is_for_work(facts, image) || is_left_over(facts, image));
        let severity = if !is_weak && is_deployed(facts, process) {
            Severity::Warning
        } else {
            Severity::Info
        };
        let place = process.place_of(facts, &word);
        if known.contains(&place) {
            continue;
        }
        let message = format!("{} runs {what}, which is for development", names(process));
        out.report(&place.path, Report::at(place.span).severity(severity).message(message));
        known.push(place);
    }
}

/// Whether something that is seen brings a process to where others use it. Some start a Procfile or Compose at their desks, too.
fn is_deployed(facts: &Facts<'_>, process: &Process) -> bool {
    match process.origin {
        Origin::Dockerfile => process
            .image
            .is_some_and(|image| is_shipped(facts, image) || deployed::is_restarted(facts, image)),
        Origin::Compose => is_restarted(facts, process),
        Origin::Kubernetes | Origin::Serverless => true,
        Origin::Procfile => false,
    }
}

/// Whether Compose starts a service again whenever it ends, as nobody asks for at a desk.
fn is_restarted(facts: &Facts<'_>, process: &Process) -> bool {
    facts.yaml(&process.named_in).whole().is_some_and(|document| {
        let services = document.value().and_then(|it| it.get("services"));
        services.and_then(|it| it.get(&process.name)).is_some_and(deployed::restarts)
    })
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
