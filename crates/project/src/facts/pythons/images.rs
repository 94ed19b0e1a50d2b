//! The Python in base images, by their names. Knows conventions of tags; opens no image.

use std::sync::LazyLock;

use super::versions::{of_interpreter, of_target};
use super::{Minor, Named, NamedBy, PythonVersions};
use crate::facts::Facts;
use crate::facts::containers::{Image, ImageName, Instruction, Stage};
use crate::facts::syntax;
use crate::facts::value::Value;

static IMAGES: LazyLock<Value> =
    LazyLock::new(|| syntax::toml::parse(include_str!("images.toml")).unwrap_or_default());

pub(super) fn read(facts: &Facts<'_>, found: &mut [PythonVersions]) {
    for (index, image) in facts.containers().images.iter().enumerate() {
        let Some(found) = image.component.and_then(|it| found.get_mut(it)) else { continue };
        if image.development.is_some() || brings_another_python(image) {
            continue;
        }
        let bases = image.stages.iter().filter(|it| it.shipped).map(|it| &it.base);
        for base in bases.filter(|it| it.stage.is_none()) {
            let Some(name) = base.image.known() else { continue };
            let versions = versions(name);
            if !versions.is_empty() {
                found.named.push(Named {
                    by: NamedBy::Image,
                    versions,
                    written: shown(name),
                    place: base.written.place.clone(),
                    image: Some(index),
                });
            }
        }
    }
}

fn shown(name: &ImageName) -> String {
    match &name.tag {
        Some(tag) => format!("{}:{tag}", name.repository),
        None => name.repository.clone(),
    }
}

/// Whether a command puts an interpreter into the image that its base does not name.
fn brings_another_python(image: &Image) -> bool {
    const SIGNS: [&str; 10] = [
        "pyenv ",
        "deadsnakes",
        "conda create",
        "conda install",
        "conda env",
        "mamba ",
        "uv python install",
        "uv venv --python",
        "uv venv -p",
        "--enable-optimizations",
    ];
    let is_sign = |it: &Instruction| {
        let (keyword, text) = (it.keyword.as_str(), it.arguments.value.as_str());
        keyword == "RUN" && SIGNS.iter().any(|sign| text.contains(sign))
            || keyword == "ENV" && text.contains("UV_PYTHON=")
    };
    let (shipped, others): (Vec<&Stage>, Vec<&Stage>) =
        image.stages.iter().partition(|it| it.shipped);
    let has_sign = |it: &&Stage| it.instructions.iter().any(is_sign);
    shipped.iter().any(has_sign) || others.iter().any(has_sign) && starts_what_is_copied(image)
}

/// Whether an image starts a program out of a folder that it copies from another stage: `/venv/bin/python3`.
fn starts_what_is_copied(image: &Image) -> bool {
    let copied = image.shipped_instructions().filter(|it| it.keyword == "COPY");
    let copied = copied.filter_map(|it| {
        let text = it.arguments.value.as_str();
        text.contains("--from=").then(|| text.split_whitespace().last())?
    });
    let folders: Vec<String> =
        copied.map(|it| format!("\"{}/bin/python", it.trim_end_matches('/'))).collect();
    let mut starts = image
        .shipped_instructions()
        .filter(|it| matches!(it.keyword.as_str(), "ENTRYPOINT" | "CMD"));
    starts.any(|it| folders.iter().any(|folder| it.arguments.value.contains(folder)))
}

/// The version of the Python in an image; none where its name does not tell.
fn versions(name: &ImageName) -> Vec<Minor> {
    let repository = name.repository.to_ascii_lowercase();
    let tag = name.tag.as_deref().unwrap_or_default();
    let rows = IMAGES.get("image").into_iter().flat_map(Value::items);
    for row in rows {
        let text = |key| row.get(key).and_then(Value::text).unwrap_or_default();
        let (row_name, version) = (text("name"), text("version"));
        if version == "name" {
            let last = repository.rsplit('/').next().unwrap_or_default();
            if let Some(digits) = last.strip_prefix(row_name)
                && let found @ [_] = of_target(digits).as_slice()
            {
                return found.to_vec();
            }
        } else if ends_with_parts(&repository, row_name) {
            let found = match version {
                "tag" if tag.starts_with(|it: char| it.is_ascii_digit()) => of_interpreter(tag),
                "tag" => Vec::new(),
                "python" => behind_python(tag),
                version => of_interpreter(version),
            };
            // Of the images called `python` some have the version behind that word.
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

fn ends_with_parts(repository: &str, parts: &str) -> bool {
    let before = repository.strip_suffix(parts);
    before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// `python3.12-slim`, `0.5-python3.12`, `python-3.11`.
fn behind_python(tag: &str) -> Vec<Minor> {
    let Some((_, behind)) = tag.split_once("python") else { return Vec::new() };
    of_interpreter(behind.trim_start_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(repository: &str, tag: &str) -> String {
        let tag = (!tag.is_empty()).then(|| tag.to_owned());
        let name = ImageName { repository: repository.to_owned(), tag, digest: None };
        versions(&name).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_version_stands_where_each_image_says_it() {
        for (repository, tag, expected) in [
            ("python", "3.12-slim-bookworm", "3.12"),
            ("docker.io/library/python", "3.9.2", "3.9"),
            ("registry.example.com/mirror/python", "3.13-rc-slim", "3.13"),
            ("ghcr.io/astral-sh/uv", "0.5-python3.12-bookworm-slim", "3.12"),
            ("public.ecr.aws/lambda/python", "3.12-arm64", "3.12"),
            ("mcr.microsoft.com/azure-functions/python", "4-python3.11", "3.11"),
            ("nikolaik/python-nodejs", "python3.10-nodejs20", "3.10"),
            ("tiangolo/uvicorn-gunicorn-fastapi", "python3.11-slim", "3.11"),
            ("apache/airflow", "2.9.0-python3.11", "3.11"),
            ("gcr.io/distroless/python3-debian12", "nonroot", "3.11"),
            ("registry.access.redhat.com/ubi9/python-311", "latest", "3.11"),
        ] {
            assert_eq!(of(repository, tag), expected, "{repository}:{tag}");
        }
    }

    #[test]
    fn what_may_change_or_holds_no_python_is_not_known() {
        for (repository, tag) in [
            ("python", ""),
            ("python", "3"),
            ("python", "3-slim"),
            ("python", "slim"),
            ("mcr.microsoft.com/playwright/python", "v1.40.0-jammy"),
            ("ghcr.io/astral-sh/uv", "0.5.1"),
            ("mypython", "3.12"),
            ("ubuntu", "22.04"),
            ("node", "3.12"),
        ] {
            assert_eq!(of(repository, tag), "", "{repository}:{tag}");
        }
    }
}
