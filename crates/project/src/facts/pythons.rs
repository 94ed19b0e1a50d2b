//! The versions of Python that a component names: in its manifests, images, pipelines, tools and version files. Knows where
//! they stand, no rule.

use super::{Facts, Place};

/// A minor version of Python: 3.12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minor {
    /// 3
    pub major: u8,
    /// 12
    pub minor: u8,
}

/// The versions that a component names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PythonVersions {
    /// Each place that names some, in the order of the places.
    pub named: Vec<Named>,
}

/// A place that names versions of Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What is said there.
    pub by: NamedBy,
    /// The versions, of those that exist.
    pub versions: Vec<Minor>,
    /// As written.
    pub written: String,
    /// Where.
    pub place: Place,
}

/// What names versions of Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedBy {
    /// `requires-python` and its like: what may run it.
    Requirement,
    /// A classifier: what is promised.
    Classifier,
    /// The base image of a container: what runs it.
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

/// Finds the versions of Python of each component.
pub(super) fn read(facts: &Facts<'_>) -> Vec<PythonVersions> {
    facts.project().components.iter().map(|_| PythonVersions::default()).collect()
}
