//! What shows that an image, a service or a file is not for production: the words of its names. Knows conventions, no content.

use camino::Utf8Path;

use super::Stage;
use crate::role::is_put_away;

/// Words of files, folders, stages and services for those who work on a project.
const WORDS: [&str; 45] = [
    "dev",
    "devel",
    "develop",
    "development",
    "devcontainer",
    "devcontainers",
    "debug",
    "vscode",
    "local",
    "localdev",
    "override",
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
    "dummy",
    "fake",
    "mock",
    "mocks",
    "stub",
    "stubs",
];

/// Folders of those who work on a project.
const FOLDERS: [&str; 7] =
    [".buildkite", ".ci", ".circleci", ".github", ".gitlab", ".vscode", "devscripts"];

/// Images that only development begins from.
const BASES: [&str; 6] = [
    "mcr.microsoft.com/devcontainers/",
    "mcr.microsoft.com/vscode/devcontainers/",
    "gitpod/",
    "localstack/localstack",
    "gcr.io/oss-fuzz-base/",
    "cimg/",
];

/// The reason for which an image is one of development, as a phrase; its path is that in the repository.
pub(super) fn reason(path: &Utf8Path, stages: &[Stage]) -> Option<String> {
    if let Some(reason) = says(path) {
        return Some(reason);
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

/// What a path says: its own name, or that of a folder around it.
pub(super) fn of_path(path: &Utf8Path) -> Option<String> {
    says(path)
}

fn says(path: &Utf8Path) -> Option<String> {
    if let Some(word) = path.file_name().and_then(word) {
        return Some(format!("its name has the word `{word}`"));
    }
    let mut folders = path.parent()?.components().map(|part| part.as_str());
    let is_aside = |it: &&str| FOLDERS.contains(it) || is_development(it) || is_put_away(it);
    let folder = folders.find(is_aside)?;
    Some(format!("it lies in a folder `{folder}`"))
}

/// Whether the first or last word of a folder says so. What a service is about may stand between: `get_doc_service`; only
/// tests between dashes are what the folder is for: `shop-test-images`.
fn is_development(folder: &str) -> bool {
    if folder.split('-').any(|it| matches!(it, "test" | "tests")) {
        return true;
    }
    let trimmed = folder.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let mut words = trimmed.split(|c: char| !c.is_ascii_alphanumeric());
    [words.next(), words.next_back()].into_iter().flatten().any(|it| word(it).is_some())
}

/// The first word of a name that speaks of development.
pub(super) fn word(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    words.into_iter().find_map(|word| WORDS.into_iter().find(|other| *other == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_count() {
        let of = |path: &str| says(Utf8Path::new(path)).is_some();
        for path in [
            "docker-compose.override.yml",
            "compose-dev.yaml",
            ".devcontainer/x.yml",
            ".ci/Dockerfile",
            "crates/shop-test-images/docker/Dockerfile",
            "Deprecated/layer/Dockerfile",
        ] {
            assert!(of(path), "{path}");
        }
        for path in [
            "docker-compose.yml",
            "devices/compose.yaml",
            "latest/compose.yml",
            "get_doc_service/Dockerfile",
        ] {
            assert!(!of(path), "{path}");
        }
    }
}
