//! See `base-image-unpinned.toml`: which tags stay the same image, as far as that matters.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::Facts;
use roadworthy_project::facts::containers::{BaseUser, Image, ImageName, Stage};

use crate::shared::delivery::builds::is_built;
use crate::shared::delivery::processes::is_tool;

/// Images whose minor versions break programs, by the last part of their names.
const LANGUAGES: [&str; 6] = ["python", "pypy", "golang", "ruby", "php", "elixir"];

/// Words of tags that somebody moves on.
const MOVING: [&str; 10] = [
    "latest", "stable", "edge", "rolling", "nightly", "main", "master", "current", "mainline",
    "lts",
];

/// Registries that everybody uses.
const PUBLIC: [&str; 9] = [
    "docker.io",
    "ghcr.io",
    "quay.io",
    "gcr.io",
    "public.ecr.aws",
    "mcr.microsoft.com",
    "redhat.com",
    "nvcr.io",
    "registry.gitlab.com",
];

/// Images whose name says the version, or of which there are no others.
const WITHOUT_VERSIONS: [&str; 2] = ["scratch", "gcr.io/distroless/"];

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let images = &facts.containers().images;
    let all = images.iter().enumerate();
    for (index, image) in all.filter(|(_, image)| image.development.is_none()) {
        for stage in used(image) {
            let Some(name) = stage.base.image.known() else { continue };
            let Some(flaw) = flaw(name) else { continue };
            if images.iter().any(|other| other.path != image.path && builds(other, name)) {
                continue;
            }
            let written = &stage.base.written;
            let subject = if written.value.contains('$') {
                format!("base image `{}` (by default {})", written.value, shown(name))
            } else {
                format!("base image {}", shown(name))
            };
            // Who builds it names the image, and mostly one that was pinned elsewhere.
            let is_given = written.value.contains('$');
            let is_weak = is_given
                || !stage.shipped
                || is_own(name)
                || is_tool(facts, image)
                || is_channel(name)
                || !is_any_python(name)
                || !is_built(facts, index);
            let severity = if is_weak { Severity::Info } else { Severity::Warning };
            let message = format!("{subject}{flaw}");
            let report = Report::at(written.place.span).severity(severity).message(message);
            out.report(&image.path, report);
        }
    }
}

/// Whether an image is that of Python in whatever version is the newest.
fn is_any_python(name: &ImageName) -> bool {
    let last = name.repository.rsplit('/').next().unwrap_or_default();
    matches!(last, "python" | "pypy")
        && name.tag.as_deref().is_none_or(|tag| tag.split('-').next() == Some("latest"))
}

/// Whether a tag names a channel that somebody chose, or the name of the image says its version: `ubi9/ubi-micro:latest`.
fn is_channel(name: &ImageName) -> bool {
    let chosen = ["edge", "lts", "mainline", "nightly", "rolling", "stable"];
    let tag = name.tag.as_deref().unwrap_or_default();
    let versioned = name.repository.split('/').any(|part| {
        part.ends_with(|it: char| it.is_ascii_digit())
            && part.trim_end_matches(|it: char| it.is_ascii_digit()).ends_with("ubi")
    });
    tag.split(['-', '_']).any(|word| chosen.contains(&word)) || versioned
}

/// The stages that begin from an image of elsewhere, each image once.
fn used(image: &Image) -> impl Iterator<Item = &Stage> {
    let external = |stage: &&Stage| stage.base.stage.is_none();
    let repeats = |index: usize, stage: &Stage| {
        let earlier = &image.stages[..index];
        let same =
            |other: &Stage| other.base.image == stage.base.image && other.shipped == stage.shipped;
        earlier.iter().any(same)
    };
    let stages = image.stages.iter().enumerate();
    stages
        .filter(move |(index, stage)| !repeats(*index, stage))
        .map(|(_, stage)| stage)
        .filter(external)
}

/// Whether an image of the same repository seems to be the base: `acme/scipy-base` that of `scipy/Dockerfile.base`.
fn builds(image: &Image, name: &ImageName) -> bool {
    let Some((_, last)) = name.repository.rsplit_once('/') else { return false };
    let words = |text: &str| -> String {
        let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
        parts.flat_map(|part| ["-".to_owned(), part.to_ascii_lowercase()]).collect()
    };
    let (path, last) = (words(image.path.as_str()), words(last));
    // `shop-worker` from `dockerfile.worker`.
    let own = image
        .path
        .file_name()
        .map(|file| words(file).replace("-dockerfile", ""))
        .unwrap_or_default();
    name.user() != Some(BaseUser::Root)
        && (path.contains(&last) || !own.is_empty() && last.ends_with(&own))
}

/// Whether an image comes from a registry of somebody's own, where it may be kept from moving.
fn is_own(name: &ImageName) -> bool {
    let host = name.repository.split_once('/').map(|(host, _)| host).unwrap_or_default();
    host.contains(['.', ':']) && !PUBLIC.iter().any(|public| host.ends_with(public))
}

fn shown(name: &ImageName) -> String {
    match &name.tag {
        Some(tag) => format!("`{}:{tag}`", name.repository),
        None => format!("`{}`", name.repository),
    }
}

/// What is wrong with the name of an image, as the end of a sentence.
fn flaw(name: &ImageName) -> Option<String> {
    let repository = name.repository.as_str();
    if name.digest.is_some() || WITHOUT_VERSIONS.iter().any(|other| repository.starts_with(other)) {
        return None;
    }
    // A name without a folder that is none of Docker Hub's own was built on the same machine.
    if !repository.contains('/') && name.user().is_none() {
        return None;
    }
    let Some(tag) = &name.tag else {
        return Some(" has no tag: each build takes the newest".to_owned());
    };
    let mut words = tag.split(['-', '_']);
    // `4-python3.11`: the version that matters stands behind that of the host.
    if words.clone().any(|word| word.strip_prefix("python").is_some_and(|it| it.contains('.'))) {
        return None;
    }
    if words.clone().any(|word| MOVING.contains(&word)) && !has_version(tag) {
        return Some(": the tag moves on, and each build takes the newest".to_owned());
    }
    let last = repository.rsplit('/').next().unwrap_or_default();
    if !LANGUAGES.contains(&last) {
        return None;
    }
    let first = words.next().unwrap_or_default();
    let parts: Vec<_> = first.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [major] if is_number(major) => {
            Some(format!(" is any {major}.x: the next build may bring another minor version"))
        }
        [word] if word.chars().all(|c| c.is_ascii_alphabetic()) && !has_version(tag) => {
            Some(format!(" names no version of {last}: each build takes the newest"))
        }
        _ => None,
    }
}

/// Whether a tag has a number of two parts: `3.12`, `stable-2024.1`.
fn has_version(tag: &str) -> bool {
    tag.split(['-', '_']).any(|word| {
        let word = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        word.starts_with(|c: char| c.is_ascii_digit()) && (word.contains('.') || word.len() > 3)
    })
}
