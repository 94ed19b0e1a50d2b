//! What shows that an image is not for production: the words of its names. Knows conventions, no content.

use camino::Utf8Path;

use super::Stage;

/// Words of files, folders and stages for those who work on a project.
const WORDS: [&str; 36] = [
    "dev",
    "devel",
    "develop",
    "development",
    "devcontainer",
    "devcontainers",
    "debug",
    "local",
    "test",
    "tests",
    "testing",
    "tester",
    "e2e",
    "itest",
    "itests",
    "integration",
    "ci",
    "lint",
    "linter",
    "docs",
    "doc",
    "documentation",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "bench",
    "benchmark",
    "benchmarks",
    "sandbox",
    "playground",
    "tutorial",
    "gitpod",
    "fixtures",
];

/// Folders whose images are for those who work on a project.
const FOLDERS: [&str; 6] = [".github", ".circleci", ".gitlab", ".buildkite", ".ci", ".vscode"];

/// Images that only development begins from.
const BASES: [&str; 6] = [
    "mcr.microsoft.com/devcontainers/",
    "mcr.microsoft.com/vscode/devcontainers/",
    "gitpod/",
    "localstack/localstack",
    "gcr.io/oss-fuzz-base/",
    "cimg/",
];

/// The reason for which an image is one of development, as a phrase.
pub(super) fn reason(path: &Utf8Path, stages: &[Stage]) -> Option<String> {
    if let Some(word) = path.file_name().and_then(word) {
        return Some(format!("its name has the word `{word}`"));
    }
    let folders = path.parent()?.components().map(|part| part.as_str());
    for folder in folders {
        if FOLDERS.contains(&folder) || word(folder).is_some() {
            return Some(format!("it lies in a folder `{folder}`"));
        }
    }
    let last = stages.last()?;
    if let Some(name) = &last.name
        && word(name).is_some()
    {
        return Some(format!("its last stage is called `{name}`"));
    }
    let shipped = stages.iter().filter(|stage| stage.shipped);
    let mut bases = shipped.filter_map(|stage| stage.base.image.known());
    let base = bases.find(|name| BASES.iter().any(|base| name.repository.starts_with(base)))?;
    Some(format!("it begins from `{}`", base.repository))
}

/// The first word of a name that speaks of development.
pub(super) fn word(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    words.into_iter().find_map(|word| WORDS.into_iter().find(|other| *other == word))
}
