//! Who builds an image: a pipeline, or Compose for production. Knows the files that say so, not what becomes of the image.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::Facts;
use roadworthy_project::facts::containers::{Image, Origin};

/// What builds an image in a pipeline.
const BUILDERS: [&str; 10] = [
    "docker build",
    "docker buildx build",
    "docker buildx bake",
    "docker compose build",
    "docker-compose build",
    "docker/build-push-action",
    "docker/bake-action",
    "kaniko",
    "buildah",
    "chartpress",
];

/// Whether something other than a person at a desk builds an image.
pub(crate) fn is_built(facts: &Facts<'_>, index: usize) -> bool {
    facts.containers().images.get(index).is_some_and(|image| is_built_by_job(facts, image))
        || !composed(facts, index).is_empty()
}

/// The Compose files that build an image for production: none where a service mounts the code of those who work on it.
pub(crate) fn composed<'f>(facts: &'f Facts<'_>, index: usize) -> &'f [Utf8PathBuf] {
    let containers = facts.containers();
    let is_worked_on = containers.processes.iter().any(|it| {
        it.image == Some(index)
            && (it.worked_on.is_some() || it.origin == Origin::Compose && it.development.is_some())
    });
    containers.images.get(index).filter(|_| !is_worked_on).map_or(&[], |it| &it.composed)
}

/// Whether a pipeline builds images, and this one by its path, or none by a path.
fn is_built_by_job(facts: &Facts<'_>, image: &Image) -> bool {
    let folder = image.path.parent().unwrap_or(Utf8Path::new(""));
    let is_plain = image.path.file_name().is_some_and(|it| it.eq_ignore_ascii_case("Dockerfile"));
    pipelines(facts).iter().any(|path| {
        let Some(document) = facts.text(path).whole() else { return false };
        let text = document.text();
        let builds = BUILDERS.iter().any(|it| text.contains(it));
        let is_named = text.contains(image.path.as_str())
            || !is_plain && image.path.file_name().is_some_and(|it| text.contains(it))
            || is_plain && !folder.as_str().is_empty() && text.contains(folder.as_str());
        builds && (is_named || is_plain && folder.as_str().is_empty())
    })
}

/// The files of pipelines, and the scripts and lists of tasks beside them.
fn pipelines(facts: &Facts<'_>) -> Vec<Utf8PathBuf> {
    let names = [
        ".gitlab-ci.yml",
        "azure-pipelines.yml",
        "bitbucket-pipelines.yml",
        "cloudbuild.yaml",
        "Jenkinsfile",
        "Makefile",
    ];
    let is_pipeline = |path: &&Utf8Path| {
        path.starts_with(".github/workflows")
            || path.starts_with(".circleci")
            || path.starts_with(".buildkite")
            || path.parent() == Some(Utf8Path::new(""))
                && path.file_name().is_some_and(|name| names.contains(&name))
    };
    facts.tree().files().filter(is_pipeline).map(Utf8Path::to_path_buf).collect()
}
