//! Which files declare or lock dependencies, by their names and the folders they lie in. Opens none.

use camino::Utf8Path;

use super::{Group, LockKind, ManifestKind, development, locks};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileOf {
    Manifest(ManifestKind),
    Lock(LockKind),
}

/// What a file is by its path. Of a million names most are given up at their last letter.
pub(super) fn kind_of(path: &Utf8Path) -> Option<FileOf> {
    let bytes = path.as_str().as_bytes();
    if !matches!(bytes.last()?, b't' | b'n' | b'g' | b'y' | b'l' | b'k' | b'e') {
        return None;
    }
    let name = path.file_name()?;
    // What lies in a hidden folder is a tool's, such as the template that a project was made of.
    if path.parent().is_some_and(|it| it.components().any(|part| is_hidden(part.as_str()))) {
        return None;
    }
    let manifest = |kind| Some(FileOf::Manifest(kind));
    match name {
        "pyproject.toml" => return manifest(ManifestKind::Pyproject),
        "setup.cfg" => return manifest(ManifestKind::SetupCfg),
        "setup.py" => return manifest(ManifestKind::SetupPy),
        "Pipfile" => return manifest(ManifestKind::Pipfile),
        _ => {}
    }
    if let Some(kind) = locks::kind(name) {
        return Some(FileOf::Lock(kind));
    }
    let (stem, extension) = name.rsplit_once('.')?;
    match extension {
        "txt" | "in" => requirements(path, stem).and_then(manifest),
        "yml" | "yaml" if is_environment(stem) => manifest(ManifestKind::Conda),
        _ => None,
    }
}

fn requirements(path: &Utf8Path, stem: &str) -> Option<ManifestKind> {
    let stem = stem.to_ascii_lowercase();
    let folder = path.parent().and_then(Utf8Path::file_name);
    let in_folder = matches!(folder, Some("requirements" | "reqs"));
    if stem.starts_with("constraint") || stem.ends_with("constraints") {
        return Some(ManifestKind::Constraints);
    }
    let named = stem.starts_with("requirements") || stem.ends_with("requirements");
    (named || in_folder).then_some(ManifestKind::Requirements)
}

fn is_environment(stem: &str) -> bool {
    ["environment", "conda-env", "conda_env", "env-"].iter().any(|start| stem.starts_with(start))
        || matches!(stem, "conda" | "condaenv")
}

fn is_hidden(folder: &str) -> bool {
    folder.starts_with('.') && !matches!(folder, "." | "..")
}

/// Whether a file speaks for the whole component, not for a folder of it.
pub(super) fn is_whole(path: &Utf8Path, root: &Utf8Path) -> bool {
    let Ok(inside) = path.strip_prefix(root) else { return false };
    match inside.parent().map(Utf8Path::as_str) {
        Some("" | "requirements" | "reqs" | "requires" | "deps" | "dependencies" | "conda") => true,
        Some(_) | None => false,
    }
}

/// Words of people who work on the project.
const DEVELOPMENT: &[&str] = &[
    "bench",
    "benchmark",
    "benchmarks",
    "build",
    "check",
    "checks",
    "ci",
    "coverage",
    "debug",
    "demo",
    "demos",
    "dev",
    "devel",
    "develop",
    "developer",
    "development",
    "doc",
    "docs",
    "documentation",
    "example",
    "examples",
    "fixtures",
    "format",
    "integration",
    "lint",
    "linters",
    "linting",
    "local",
    "mypy",
    "notebook",
    "precommit",
    "publish",
    "quality",
    "release",
    "rtd",
    "sample",
    "samples",
    "sphinx",
    "style",
    "test",
    "tester",
    "testing",
    "tests",
    "tools",
    "tox",
    "typing",
];

/// Words that say nothing but what is installed.
const MAIN: &[&str] = &[
    "requirements",
    "requirement",
    "reqs",
    "environment",
    "env",
    "conda",
    "base",
    "main",
    "core",
    "common",
    "prod",
    "production",
    "project",
    "default",
    "runtime",
    "app",
    "lock",
    "locked",
    "frozen",
    "freeze",
    "install",
    "pip",
    "in",
];

/// For whom what lies in a folder of the component is, where its words say so: `docs/Pipfile`.
pub(super) fn group_of_folder(path: &Utf8Path, root: &Utf8Path) -> Option<Group> {
    let inside = path.strip_prefix(root).unwrap_or(path).parent()?;
    let lower = inside.as_str().to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    words.find(|word| DEVELOPMENT.contains(word)).map(development)
}

/// For whom a named group of dependencies is. One whose name does not speak of work on the project may be installed in
/// production, as `plugins` and `gpu` are.
pub(super) fn group_of_name(name: &str) -> Group {
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    if words.any(|word| DEVELOPMENT.contains(&word)) {
        development(name)
    } else {
        Group::Extra(name.to_owned())
    }
}

/// For whom a file of requirements or an environment is, by the words of its path below the component. What has a word of
/// its own (`requirements-gpu.txt`) is for those who ask for it.
pub(super) fn group_of(path: &Utf8Path, root: &Utf8Path) -> Group {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let without_extension = inside.with_extension("");
    let lower = without_extension.as_str().to_ascii_lowercase();
    let words =
        || lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    if let Some(word) = words().find(|word| DEVELOPMENT.contains(word)) {
        return development(word);
    }
    // Folders do not tell what it is for, only where it is used.
    let name = without_extension.file_name().unwrap_or_default().to_ascii_lowercase();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    match words.find(|word| !word.is_empty() && !MAIN.contains(word)) {
        Some(word) => Group::Extra(word.to_owned()),
        None => Group::Main,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_files_are() {
        let kind = |path: &str| kind_of(Utf8Path::new(path));
        for path in [
            "requirements.txt",
            "a/requirements-dev.in",
            "requirements/prod.txt",
            "dev-requirements.txt",
        ] {
            assert_eq!(kind(path), Some(FileOf::Manifest(ManifestKind::Requirements)), "{path}");
        }
        assert_eq!(kind("constraints.txt"), Some(FileOf::Manifest(ManifestKind::Constraints)));
        assert_eq!(kind("ci/environment-3.11.yaml"), Some(FileOf::Manifest(ManifestKind::Conda)));
        assert_eq!(kind("a/uv.lock"), Some(FileOf::Lock(LockKind::Uv)));
        assert_eq!(kind("pylock.dev.toml"), Some(FileOf::Lock(LockKind::Pylock)));
        for path in [
            "robots.txt",
            "MANIFEST.in",
            "a.py",
            "docker-compose.yml",
            "Cargo.lock",
            ".template/setup.py",
        ] {
            assert_eq!(kind(path), None, "{path}");
        }
    }

    #[test]
    fn words_say_for_whom_they_are() {
        let group = |path: &str| group_of(Utf8Path::new(path), Utf8Path::new("shop"));
        for path in [
            "shop/requirements.txt",
            "shop/requirements/prod.txt",
            "shop/base.in",
            "shop/environment.yml",
        ] {
            assert_eq!(group(path), Group::Main, "{path}");
        }
        assert_eq!(group("shop/requirements-dev.txt"), development("dev"));
        assert_eq!(group("shop/docs/requirements.txt"), development("docs"));
        let folder = |path: &str| group_of_folder(Utf8Path::new(path), Utf8Path::new("shop"));
        assert_eq!(folder("shop/docs/Pipfile"), Some(development("docs")));
        assert_eq!((folder("shop/Pipfile"), folder("shop/api/Pipfile")), (None, None));
        assert_eq!(group("shop/requirements-gpu.txt"), Group::Extra("gpu".into()));
        assert_eq!(group("shop/requirements-py39.txt"), Group::Extra("py39".into()));
    }
}
