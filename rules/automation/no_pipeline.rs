//! See `no-pipeline.toml`: whether anything in a repository checks a change.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::{Component, Facts, File, Place};

use crate::shared::delivery::manifest_places::head;
use crate::shared::delivery::pipelines::unchecked;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    for component in unchecked(facts) {
        let Some(place) = head(facts, component, &[]).or_else(|| first(facts, component)) else {
            continue;
        };
        let message = format!(
            "nothing in the repository checks a change of {} before it goes live, unless a server does that leaves no file",
            component.name
        );
        // Such a server is not seen: nobody is to be shouted at.
        let report = Report::at(place.span).severity(Severity::Info).message(message);
        out.report(&place.path, report);
    }
}

/// The beginning of the requirements of a component that declares nothing else, or of its first file.
fn first(facts: &Facts<'_>, component: &Component) -> Option<Place> {
    let requirements = component.path.join("requirements.txt");
    let path = if facts.tree().is_file(&requirements) {
        requirements
    } else {
        let project = facts.project();
        let is_own = |file: &&File| project.component(file).path == component.path;
        project.files.iter().filter(|it| it.kind.is_python()).find(is_own)?.path.clone()
    };
    Some(Place::new(path, Span::empty(0)))
}
