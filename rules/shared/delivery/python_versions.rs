//! What rules about versions of Python have in common: what a component requires, and how versions are told to people.

use roadworthy_project::facts::containers::Image;
use roadworthy_project::facts::pythons::{Minor, Named, NamedBy, PythonVersions};

/// What the component says of the versions that may run it: its `pyproject.toml` before what stands beside that.
pub(crate) fn requirement(versions: &PythonVersions) -> Option<&Named> {
    let is_pyproject = |it: &&Named| it.place.path.file_name() == Some("pyproject.toml");
    let mut required = versions.by(NamedBy::Requirement);
    required.clone().find(is_pyproject).or_else(|| required.next())
}

/// Whether what an image starts is a Python that it copies from a stage of another base, be it conda's: that of its own base
/// never runs.
pub(crate) fn starts_copied_python(image: &Image) -> bool {
    let starts = |keyword: &str| {
        image.shipped_instructions().filter(|it| it.keyword == keyword).last().map(|it| {
            let words = it.words.as_ref().and_then(|it| it.first()).cloned();
            let shell = || it.arguments.value.split_whitespace().next().map(str::to_owned);
            words.or_else(shell).unwrap_or_default()
        })
    };
    let Some(program) = starts("ENTRYPOINT").or_else(|| starts("CMD")) else { return false };
    let Some((around, name)) = program.rsplit_once("/bin/") else { return false };
    let of_python = |stage: usize| {
        let first = image.lineage(stage).first().map(|it| &image.stages[*it].base.written.value);
        first.is_none_or(|it| it.contains("python") || it.contains("uv"))
    };
    name.starts_with("python")
        && image.shipped_instructions().any(|it| {
            let from = it.flags.iter().find(|(name, _)| name == "from").map(|(_, value)| value);
            let is_there = it.copied.as_ref().is_some_and(|copied| {
                let to = copied.destination.trim_end_matches('/');
                !to.is_empty() && around.starts_with(to)
            });
            is_there
                && from.and_then(|it| image.stage_of(it)).is_some_and(|stage| !of_python(stage))
        })
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
