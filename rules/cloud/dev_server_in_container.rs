//! See `dev-server-in-container.toml`: what processes run in the end, and who they are for.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::containers::Origin;
use roadworthy_project::facts::{Facts, Place};

use crate::shared::processes::{is_overridden, names};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let processes = &facts.containers().processes;
    let mut known: Vec<Place> = Vec::new();
    for process in processes.iter().filter(|process| process.development.is_none()) {
        let Some(what) = process.development_server() else { continue };
        if is_overridden(process, processes) {
            continue;
        }
        // Some start a Procfile at their desks too.
        let severity = match process.origin {
            Origin::Procfile => Severity::Warning,
            _ => Severity::Error,
        };
        let word = what.rsplit(' ').next().unwrap_or(&what);
        let place = process.place_of(facts, word);
        if known.contains(&place) {
            continue;
        }
        let message = format!("{} runs `{what}`, which is for development", names(process));
        out.report(&place.path, Report::at(place.span).severity(severity).message(message));
        known.push(place);
    }
}
