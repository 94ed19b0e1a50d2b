//! Who builds an image: a pipeline, or Compose for production. Knows the files that say so, not what becomes of the image.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::facts::containers::{Image, Instruction, Origin};
use roadworthy_project::{Facts, resolved};

use crate::shared::delivery::unbuilt::is_unbuilt;

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
pub(crate) fn is_built_by_job(facts: &Facts<'_>, image: &Image) -> bool {
    let folder = image.path.parent().unwrap_or(Utf8Path::new(""));
    let is_plain = image.path.file_name().is_some_and(|it| it.eq_ignore_ascii_case("Dockerfile"));
    pipelines(facts).iter().any(|path| {
        let Some(document) = facts.text(path).whole() else { return false };
        let lines = document.text().lines().filter(|it| !it.trim_start().starts_with('#'));
        let text = lines.collect::<Vec<_>>().join("\n");
        let builds = BUILDERS.iter().any(|it| text.contains(it));
        let is_named = text.contains(image.path.as_str())
            || !is_plain && image.path.file_name().is_some_and(|it| text.contains(it))
            || is_plain && !folder.as_str().is_empty() && text.contains(folder.as_str());
        builds && (is_named || is_plain && folder.as_str().is_empty())
    })
}

/// The files of pipelines, and the scripts and lists of tasks beside them.
pub(crate) fn pipelines(facts: &Facts<'_>) -> Vec<Utf8PathBuf> {
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
                && path.file_name().is_some_and(|name| {
                    names.contains(&name) || name.contains("cloudbuild") && name.ends_with("ml")
                })
    };
    facts.tree().files().filter(is_pipeline).map(Utf8Path::to_path_buf).collect()
}

/// Whether nobody builds an image any more, as far as it is seen: the program that it starts is nowhere in the project, or no file
/// names the folder of its Dockerfile, or builds it, while a pipeline or Compose builds others.
pub(crate) fn is_left_over(facts: &Facts<'_>, index: usize) -> bool {
    facts.containers().images.get(index).is_some_and(|image| {
        lacks_program(facts, image)
            || is_named_nowhere(facts, index)
            || is_unbuilt(facts, &image.path)
    })
}

/// Whether an image starts a program of Python by its path, and copies its code, but no file of the project has that name.
fn lacks_program(facts: &Facts<'_>, image: &Image) -> bool {
    let text = facts.text(&image.path).whole();
    // `COPY *.py /app/` leaves what lies in folders where it is.
    let mut sources = image
        .shipped_instructions()
        .filter_map(|it| it.copied.as_ref())
        .flat_map(|it| &it.sources)
        .map(|it| it.value.trim_start_matches("./"))
        .peekable();
    let is_flat =
        sources.peek().is_some() && sources.all(|it| it.contains('*') && !it.contains('/'));
    let is_there = |path: &Utf8Path, name: &str| {
        path.file_name() == Some(name) && (!is_flat || path.parent() == Some(&*image.context))
    };
    let is_copied = |name: &str| {
        let mut copied = image.shipped_instructions().filter_map(|it| it.copied.as_ref());
        copied.any(|it| it.sources.iter().any(|it| it.value.ends_with(name)))
    };
    let mut started = image
        .shipped_instructions()
        .filter(|it| matches!(it.keyword.as_str(), "ENTRYPOINT" | "CMD"))
        .flat_map(Instruction::commands);
    started.any(|command| {
        let words: Vec<&str> = command.texts().collect();
        let [program, path, ..] = words.as_slice() else { return false };
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_named_once = || text.as_ref().is_some_and(|it| it.text().matches(name).count() == 1);
        program.starts_with("python")
            && Utf8Path::new(name).extension() == Some("py")
            && !path.contains('$')
            && !is_copied(name)
            && image.shipped_instructions().any(|it| it.copied.is_some())
            && is_named_once()
            && !facts.tree().files().any(|it| is_there(it, name))
    })
}

/// Whether a file lies in the folder of an image that nobody builds any more: whoever superseded it left all of it there.
pub(crate) fn lies_left_over(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    let images = &facts.containers().images;
    let around: Vec<usize> = (0..images.len())
        .filter(|index| {
            let folder = images[*index].path.parent().unwrap_or(Utf8Path::new(""));
            !folder.as_str().is_empty() && path.starts_with(folder)
        })
        .collect();
    !around.is_empty() && around.iter().all(|index| is_left_over(facts, *index))
}

/// Whether no file names the folder of a Dockerfile, and a pipeline or Compose builds another image: a sister of it, or one in any
/// other folder that Compose builds for production.
fn is_named_nowhere(facts: &Facts<'_>, index: usize) -> bool {
    let containers = facts.containers();
    let image = &containers.images[index];
    let own = image.path.parent().unwrap_or(Utf8Path::new(""));
    let folder = own.file_name().unwrap_or_default();
    let is_started = containers
        .processes
        .iter()
        .any(|it| it.image == Some(index) && it.origin != Origin::Dockerfile);
    // Those that lie side by side, each in a folder of its own, are told apart by those folders.
    let is_sister = |other: &Image| {
        let theirs = other.path.parent().unwrap_or(Utf8Path::new(""));
        theirs != own && theirs.parent() == own.parent()
    };
    let others: Vec<usize> = (0..containers.images.len())
        .filter(|it| *it != index && containers.images[*it].path.parent() != Some(own))
        .collect();
    let is_used = |other: usize| {
        let path = containers.images[other].path.as_str();
        !containers.images[other].composed.is_empty()
            || is_sister(&containers.images[other])
                && pipelines(facts)
                    .iter()
                    .any(|it| facts.text(it).whole().is_some_and(|it| it.text().contains(path)))
    };
    if folder.is_empty()
        || is_started
        || !image.composed.is_empty()
        || !others.iter().any(|it| is_used(*it))
    {
        return false;
    }
    let may_name = |path: &&Utf8Path| {
        const ENDINGS: [&str; 14] = [
            "bat", "cfg", "hcl", "ini", "json", "md", "ps1", "py", "rst", "sh", "tf", "toml",
            "yaml", "yml",
        ];
        !path.starts_with(own)
            && path.extension().is_none_or(|it| ENDINGS.contains(&it) || it == "mk")
    };
    !facts
        .tree()
        .files()
        .filter(may_name)
        .any(|it| facts.text(it).whole().is_some_and(|it| it.text().contains(folder)))
}

/// Whether Compose builds an image only in what is commented out: nobody starts it any more.
pub(crate) fn is_commented_out(facts: &Facts<'_>, image: &Image) -> bool {
    let of_image = |compose: &Utf8Path, written: &str| {
        let folder = compose.parent().unwrap_or(Utf8Path::new(""));
        let path = resolved(folder, written.trim().trim_matches(['"', '\'']));
        path.is_some_and(|it| it == image.context || it == image.path)
    };
    image.composed.is_empty()
        && facts.tree().files().filter(|it| is_compose(it)).any(|compose| {
            facts.text(compose).whole().is_some_and(|document| {
                let lines = document.text().lines().map(str::trim_start);
                let mut lines =
                    lines.filter_map(|line| line.strip_prefix('#')).map(str::trim_start);
                lines.any(|line| {
                    let written = ["build:", "context:", "dockerfile:"]
                        .iter()
                        .find_map(|key| line.strip_prefix(key));
                    written.is_some_and(|it| !it.trim().is_empty() && of_image(compose, it))
                })
            })
        })
}

fn is_compose(path: &Utf8Path) -> bool {
    path.file_name().is_some_and(|it| it.contains("compose"))
        && matches!(path.extension(), Some("yml" | "yaml"))
}

/// Whether an image is for those who work on a project or test it, as far as it is seen: Compose files of theirs alone name it, by
/// the folder that it lies in, or a guide offers it to run the project at one's desk and nothing else builds or starts it.
pub(crate) fn is_for_work(facts: &Facts<'_>, index: usize) -> bool {
    facts
        .containers()
        .images
        .get(index)
        .is_some_and(|image| is_named_for_work(facts, image) || is_offered_for_desks(facts, index))
}

/// Whether Compose files name an image after its folder, and all of those are for work on the project, by their names.
fn is_named_for_work(facts: &Facts<'_>, image: &Image) -> bool {
    const WORDS: [&str; 8] =
        ["ci", "codebuild", "debug", "dev", "development", "local", "mock", "test"];
    let folder = image.path.parent().and_then(Utf8Path::file_name).unwrap_or_default();
    let names = |line: &str| {
        let name = line.trim().strip_prefix("image:").map(|it| it.trim().trim_matches(['"', '\'']));
        name.is_some_and(|it| it.split(':').next() == Some(folder))
    };
    let is_for_work = |path: &Utf8Path| {
        let stem = path.file_stem().unwrap_or_default();
        stem.split(['-', '_', '.']).any(|it| WORDS.contains(&it))
    };
    let mut naming = facts
        .tree()
        .files()
        .filter(|it| is_compose(it))
        .filter(|it| facts.text(it).whole().is_some_and(|it| it.text().lines().any(names)))
        .peekable();
    !folder.is_empty()
        && image.composed.is_empty()
        && naming.peek().is_some()
        && naming.all(is_for_work)
}

/// Whether a sentence of the guide offers a container to run the project locally, and nothing that is seen builds or deploys it.
fn is_offered_for_desks(facts: &Facts<'_>, index: usize) -> bool {
    let offers = |sentence: &str| {
        let sentence = sentence.to_ascii_lowercase();
        sentence.contains("docker") && sentence.contains("locally") && sentence.contains("run")
    };
    let is_deployed = || {
        facts.tree().files().any(|it| {
            matches!(it.extension(), Some("tf" | "tfvars"))
                || matches!(
                    it.file_name(),
                    Some("Chart.yaml" | "Procfile" | "fly.toml" | "render.yaml")
                )
        })
    };
    let mut processes = facts.containers().processes.iter();
    !is_built(facts, index)
        && processes.all(|it| it.image != Some(index) || it.origin == Origin::Dockerfile)
        && ["README.md", "README.rst"].iter().any(|name| {
            facts.text(Utf8Path::new(name)).whole().is_some_and(|guide| {
                guide.text().split("\n\n").flat_map(|it| it.split(". ")).any(offers)
            })
        })
        && !is_deployed()
}
