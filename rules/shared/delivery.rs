//! What brings a project out: images, pipelines, installs, versions. Knows its files, no rule.

pub(crate) mod builds;
pub(crate) mod copied;
pub(crate) mod deployed;
pub(crate) mod dockerfile;
pub(crate) mod gitignore;
pub(crate) mod inner;
pub(crate) mod installs;
pub(crate) mod manifest_places;
pub(crate) mod own_machine;
pub(crate) mod pipelines;
pub(crate) mod processes;
pub(crate) mod python_versions;
pub(crate) mod supplied;
pub(crate) mod test_runs;
pub(crate) mod unbuilt;
pub(crate) mod updates;
pub(crate) mod workflow;
