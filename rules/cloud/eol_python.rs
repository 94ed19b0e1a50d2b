//! See `eol-python.toml`: which versions a project runs on or is bound to, and until when they are supported.

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::Facts;
use roadworthy_project::facts::pythons::{Named, NamedBy, end_of_life, is_supported};

use crate::shared::code::kept::is_retired;
use crate::shared::delivery::deployed::is_in_use;
use crate::shared::delivery::python_versions::{listed, starts_copied_python};

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
            let image = named.image.and_then(|it| facts.containers().images.get(it));
            if named.by == NamedBy::Image && image.is_some_and(starts_copied_python) {
                continue;
            }
            if named.versions.iter().all(|it| !is_supported(*it, as_of)) {
                let report = Report::at(named.place.span).message(message(&what, named));
                // What runs a project that only an old version can run is said where that is chosen.
                let is_run = match named.by {
                    NamedBy::Image => {
                        named.image.is_some_and(|it| is_in_use(facts, it))
                            && !is_kept_for_old(facts, &named.place.path)
                    }
                    by => by == NamedBy::Platform && !is_retired(facts, &named.place.path),
                };
                let severity = if is_run { Severity::Warning } else { Severity::Info };
                out.report(&named.place.path, report.severity(severity));
            }
        }
    }
}

/// Whether a Dockerfile is named for Python 2, beside one for Python 3: `Dockerfile.py2`, `Dockerfile.py3`.
fn is_kept_for_old(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let Some((stem, ending)) = name.rsplit_once(['.', '-']) else { return false };
    let is_of = |ending: &str, major: &str| {
        ending
            .strip_prefix("py")
            .map(|it| it.trim_start_matches("thon"))
            .and_then(|it| it.strip_prefix(major))
            .is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()))
    };
    name.contains("ockerfile")
        && is_of(ending, "2")
        && facts.tree().files().filter(|it| it.parent() == path.parent()).any(|it| {
            it.file_name()
                .and_then(|it| it.strip_prefix(stem))
                .is_some_and(|rest| is_of(rest.trim_start_matches(['.', '-']), "3"))
        })
}

fn message(what: &str, named: &Named) -> String {
    let newest = named.versions.last().copied();
    let ended = newest.and_then(end_of_life).map(|it| it.to_string()).unwrap_or_default();
    format!("{what} {}, which gets no security fixes since {ended}", listed(&named.versions))
}
