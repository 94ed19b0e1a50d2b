//! See `eol-python.toml`: which versions a project runs on or is bound to, and until when they are supported.

use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_project::Facts;
use roadworthy_project::facts::pythons::{Named, NamedBy, end_of_life, is_supported};

use crate::shared::delivery::python_versions::listed;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let Some(as_of) = facts.as_of() else { return };
    for versions in facts.pythons() {
        for named in &versions.named {
            let what = match named.by {
                NamedBy::Image => format!("{} runs Python", named.written),
                NamedBy::Platform => "the platform runs Python".to_owned(),
                NamedBy::Requirement => "only these versions are taken: Python".to_owned(),
                _ => continue,
            };
            if named.versions.iter().all(|it| !is_supported(*it, as_of)) {
                out.report(
                    &named.place.path,
                    Report::at(named.place.span).message(message(&what, named)),
                );
            }
        }
    }
}

fn message(what: &str, named: &Named) -> String {
    let newest = named.versions.last().copied();
    let ended = newest.and_then(end_of_life).map(|it| it.to_string()).unwrap_or_default();
    format!("{what} {}, which gets no security fixes since {ended}", listed(&named.versions))
}
