//! What rules about versions of Python have in common: what a component requires, and how versions are told to people.

use roadworthy_project::facts::pythons::{Minor, Named, NamedBy, PythonVersions};

/// What the component says of the versions that may run it: its `pyproject.toml` before what stands beside that.
pub(crate) fn requirement(versions: &PythonVersions) -> Option<&Named> {
    let is_pyproject = |it: &&Named| it.place.path.file_name() == Some("pyproject.toml");
    let mut required = versions.by(NamedBy::Requirement);
    required.clone().find(is_pyproject).or_else(|| required.next())
}

/// `3.9`, `3.9 and 3.10`, `3.9, 3.10 and 3.11`.
pub(crate) fn listed(versions: &[Minor]) -> String {
    let names: Vec<String> = versions.iter().map(ToString::to_string).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}
