//! The versions of Python that a component names: in its manifests, images, pipelines, tools and version files. Knows where
//! they stand, no rule.

mod images;
mod jobs;
mod manifests;
mod releases;
mod tools;
mod version_files;
mod versions;

use super::value::Value;
use super::{Document, Facts, Place};

pub use releases::{end_of_life, is_supported, minors};

/// A minor version of Python: 3.12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minor {
    /// 3
    pub major: u8,
    /// 12
    pub minor: u8,
}

impl std::fmt::Display for Minor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.major, self.minor)
    }
}

/// The versions that a component names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PythonVersions {
    /// Each place that names some, in the order of the places.
    pub named: Vec<Named>,
    /// Why the versions on which tests run are not all known: "job `test` of ci.yml names no version".
    pub unknown_tests: Vec<String>,
}

impl PythonVersions {
    /// The places that name versions in one way.
    pub fn by(&self, by: NamedBy) -> impl Iterator<Item = &Named> + Clone {
        self.named.iter().filter(move |named| named.by == by)
    }
}

/// A place that names versions of Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What is said there.
    pub by: NamedBy,
    /// The versions, of those that exist; never none.
    pub versions: Vec<Minor>,
    /// As written.
    pub written: String,
    /// Where.
    pub place: Place,
    /// Of an image its index among those of the containers.
    pub image: Option<usize>,
}

impl Named {
    /// Whether this requirement refuses what the other place names: its versions, or the one release that it names.
    pub fn refuses(&self, other: &Self) -> bool {
        let minors = other.versions.iter().all(|it| !self.versions.contains(it));
        let release = versions::release(&other.written).filter(|(it, _)| other.versions == [*it]);
        minors
            || release.is_some_and(|it| versions::takes_release(&self.written, it) == Some(false))
    }
}

/// What names versions of Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedBy {
    /// `requires-python` and its like: what may run it.
    Requirement,
    /// A classifier: what is promised.
    Classifier,
    /// The base image of a container that is not for development: what runs it.
    Image,
    /// A platform: `runtime.txt`, a serverless function.
    Platform,
    /// `.python-version`: what developers run.
    VersionFile,
    /// A job that runs tests.
    TestJob,
    /// Any other job.
    OtherJob,
    /// A lock file.
    Lock,
    /// The target of a linter, formatter or type checker.
    Tool,
}

impl NamedBy {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requirement => "requirement",
            Self::Classifier => "classifier",
            Self::Image => "image",
            Self::Platform => "platform",
            Self::VersionFile => "version-file",
            Self::TestJob => "test-job",
            Self::OtherJob => "other-job",
            Self::Lock => "lock",
            Self::Tool => "tool",
        }
    }
}

/// Finds the versions of Python of each component.
pub(super) fn read(facts: &Facts<'_>) -> Vec<PythonVersions> {
    let components = &facts.project().components;
    let mut found: Vec<_> = components.iter().map(|_| PythonVersions::default()).collect();
    for (index, (component, found)) in components.iter().zip(&mut found).enumerate() {
        manifests::read(facts, index, component, found);
        version_files::read(facts, component, found);
        tools::read(facts, component, found);
    }
    images::read(facts, &mut found);
    jobs::read(facts, &mut found);
    for versions in &mut found {
        versions.named.sort_by(|a, b| (&a.place, a.by).cmp(&(&b.place, b.by)));
        versions.named.dedup();
    }
    found
}

impl PythonVersions {
    /// Takes what a place names, if that is known.
    fn add(&mut self, by: NamedBy, versions: Vec<Minor>, written: &str, place: Place) {
        if !versions.is_empty() {
            self.named.push(Named {
                by,
                versions,
                written: written.to_owned(),
                place,
                image: None,
            });
        }
    }

    /// Takes what a value of a document names, read by `parse`.
    fn add_value(
        &mut self,
        by: NamedBy,
        document: &Document,
        value: Option<&Value>,
        parse: impl Fn(&str) -> Vec<Minor>,
    ) {
        let Some(value) = value else { return };
        let Some(written) = value.scalar() else { return };
        let mut span = value.span;
        // Findings stand at what is written, not at its quotes.
        if span.of_text(document.text()).starts_with(['"', '\''])
            && span.len() as usize == written.len() + 2
        {
            span.start += 1;
            span.end -= 1;
        }
        self.add(by, parse(written), written, Place::new(document.path.clone(), span));
    }
}

#[cfg(test)]
mod tests;
