//! See `python-version-disagreement.toml`: the places of a component that name versions of Python, against each other.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::containers::Image;
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::facts::pythons::{Minor, Named, NamedBy, PythonVersions};
use roadworthy_project::facts::shell::commands;
use roadworthy_project::{Facts, Place};

use crate::shared::delivery::deployed::is_in_use;
use crate::shared::delivery::python_versions::{listed, requirement, starts_copied_python};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let alone = facts.pythons().iter().filter(|it| requirement(it).is_some()).count() == 1;
    for (index, versions) in facts.pythons().iter().enumerate() {
        let Some(required) = requirement(versions) else { continue };
        let is_library = facts.profiles().get(index).is_some_and(|it| it.is(Profile::Library));
        let mut of_tools = Vec::new();
        for named in &versions.named {
            let found = match named.by {
                NamedBy::Image => image(facts, named, required),
                // Most platforms install what a file of requirements lists, and never look.
                NamedBy::Platform => required
                    .refuses(named)
                    .then(|| (Severity::Warning, runs("the platform", named))),
                // Whoever starts to work on the project is told at once, and nobody else.
                NamedBy::VersionFile => {
                    (outside(named, required) && !has_other(versions, named, required)).then(|| {
                        let what = format!("Python {} is chosen here", listed(&named.versions));
                        (Severity::Info, what)
                    })
                }
                // Of several components nobody can say for certain which one a job is about.
                NamedBy::TestJob => (alone && outside(named, required)).then(|| {
                    // The file of another system was mostly left when the workflows came.
                    let severity = if named.place.path.as_str().contains(".github/workflows/") {
                        Severity::Warning
                    } else {
                        Severity::Info
                    };
                    (severity, format!("tests run on Python {}", listed(&named.versions)))
                }),
                NamedBy::Classifier => outside(named, required).then(|| {
                    (Severity::Info, format!("Python {} is promised", listed(&named.versions)))
                }),
                NamedBy::Tool => {
                    let what = tool(named, required, versions, is_library);
                    // What one file says twice is mended in one go.
                    let key = (&named.place.path, &named.versions);
                    let what = what.filter(|_| !of_tools.contains(&key));
                    of_tools.extend(what.is_some().then_some(key));
                    // Whether the code has anything that older versions do not read is not seen.
                    what.map(|it| (Severity::Info, it))
                }
                _ => None,
            };
            if let Some((severity, what)) = found {
                let message = format!("{what}, but {}", shown(required));
                report(out, &named.place, severity, message);
            }
        }
    }
}

fn report(out: &mut ProjectReporter<'_>, place: &Place, severity: Severity, message: String) {
    out.report(&place.path, Report::at(place.span).severity(severity).message(message));
}

/// Whether none of what is named is taken.
fn outside(named: &Named, required: &Named) -> bool {
    named.versions.iter().all(|it| !required.versions.contains(it))
}

/// Whether the same version file names a Python that is taken besides: several are there for tests.
fn has_other(versions: &PythonVersions, named: &Named, required: &Named) -> bool {
    let others = versions.by(NamedBy::VersionFile).filter(|it| it.place.path == named.place.path);
    others.into_iter().any(|it| !outside(it, required))
}

fn runs(who: &str, named: &Named) -> String {
    format!("{who} runs Python {}", listed(&named.versions))
}

fn shown(required: &Named) -> String {
    let file = required.place.path.file_name().unwrap_or_default();
    format!("{file} takes {}", required.written)
}

/// An image whose Python the component does not take.
fn image(facts: &Facts<'_>, named: &Named, required: &Named) -> Option<(Severity, String)> {
    if !required.refuses(named) {
        return None;
    }
    let index = named.image?;
    let image = facts.containers().images.get(index)?;
    let runs_it = !fetches_python(image) && !starts_copied_python(image);
    // What the builder is not sent the image cannot install.
    let is_sent = required.place.path.starts_with(&image.context);
    let severity =
        if is_sent && is_in_use(facts, index) { Severity::Warning } else { Severity::Info };
    runs_it.then(|| (severity, runs(&named.written, named)))
}

/// Whether a command of an image installs the component with a tool that fetches a Python that fits.
fn fetches_python(image: &Image) -> bool {
    let instructions = || image.stages.iter().flat_map(|it| &it.instructions);
    let env = |text: &str| {
        instructions().any(|it| it.keyword == "ENV" && it.arguments.value.contains(text))
    };
    let may_fetch = !env("UV_PYTHON_DOWNLOADS=0")
        && !env("UV_PYTHON_DOWNLOADS=never")
        && !env("UV_PYTHON_DOWNLOADS never");
    may_fetch
        && instructions().filter(|it| it.keyword == "RUN").any(|instruction| {
            commands(&instruction.arguments.value).iter().any(|command| {
                let words: Vec<&str> = command.texts().collect();
                let has = |word: &str| words.contains(&word);
                command.program() == Some("uv")
                    && (has("sync") || has("run"))
                    && !has("--no-python-downloads")
            })
        })
}

/// A tool that takes newer Python for granted than the component does.
fn tool(
    named: &Named,
    required: &Named,
    versions: &PythonVersions,
    is_library: bool,
) -> Option<String> {
    let (target, least) = (*named.versions.first()?, *required.versions.first()?);
    if target <= least {
        return None;
    }
    // Where it is known what runs an application, only that has to understand the code.
    let mut running = versions.by(NamedBy::Image).chain(versions.by(NamedBy::Platform)).peekable();
    let covered = running.peek().is_some()
        && running.all(|it| it.versions.iter().all(|it: &Minor| *it >= target));
    let written = named.written.trim();
    (is_library || !covered).then(|| format!("code is written for Python {target} ({written})"))
}
