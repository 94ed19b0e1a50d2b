//! See `build-context-leaks-secrets.toml`: what an image receives of its context, and which files with secrets may lie there
//! that git ignores and the builder does not.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::facts::containers::{Dockerignore, Image, Instruction, Variables};
use roadworthy_project::facts::dependencies::Group;
use roadworthy_project::facts::shell::Command;
use roadworthy_project::{Facts, File, resolved};
use roadworthy_secrets::{Confidence, DocumentKind, scan_document};

use crate::shared::delivery::builds::composed;
use crate::shared::delivery::gitignore::is_ignored_by_git;

/// Distributions that read a `.env`.
const READERS: [&str; 6] = [
    "python-dotenv",
    "pydantic-settings",
    "django-environ",
    "python-decouple",
    "environs",
    "dynaconf",
];

/// What names of variables hold whose values may be worth something; addresses may have a password in them.
const WORTH_HIDING: [&str; 9] =
    ["AUTH", "CREDENTIAL", "DSN", "KEY", "PASS", "SECRET", "TOKEN", "URI", "URL"];

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let images = &facts.containers().images;
    if images.is_empty() {
        return;
    }
    let samples: Vec<&Utf8Path> = facts.tree().files().filter(|path| is_sample(path)).collect();
    let all = images.iter().enumerate();
    for (index, image) in all.filter(|(_, image)| image.development.is_none()) {
        let patterns = image.ignored.as_deref().unwrap_or_default();
        let ignored = Dockerignore::new(patterns);
        // Somebody wants it there.
        let is_asked_for =
            |name: &str| patterns.iter().any(|it| it.strip_prefix('!') == Some(name));
        let mut sources = received(image).into_iter();
        let leak = sources.find_map(|(span, text, folder)| {
            let mut files = may_lie(facts, image, &folder, &samples).into_iter();
            let leaks = |path: &Utf8PathBuf| {
                let inside = path.strip_prefix(&image.context).unwrap_or(path);
                !ignored.ignores(inside)
                    && !is_asked_for(inside.as_str())
                    && is_ignored_by_git(facts, path)
                    && !holds_samples(facts, path)
            };
            let path = files.find(leaks)?;
            let name = path.strip_prefix(&image.context).unwrap_or(&path);
            let misnamed = misnamed_list(facts, image, name);
            let other = match (&misnamed, &image.ignored) {
                (Some((written, right)), _) => {
                    format!("Docker does not read `{written}`, which has to be called `{right}`")
                }
                (None, Some(_)) => "`.dockerignore` does not name it".to_owned(),
                (None, None) => "there is no `.dockerignore`".to_owned(),
            };
            // A pattern of git does not bind what it keeps already.
            let kept =
                if is_committed(facts, &path) { "it is committed" } else { "git ignores it" };
            let message = format!("`{text}` takes `{name}` into the image: {kept}, and {other}");
            let is_there = misnamed.is_some()
                || facts.tree().is_file(&path)
                || composed(facts, index).iter().any(|it| is_made(facts, it, &path));
            let is_sure = is_there
                && !is_weak(facts, image)
                && is_buildable(facts, image)
                && !is_without_secrets(facts, &path, &samples);
            let severity = if is_sure { Severity::Warning } else { Severity::Info };
            Some(Report::at(span).severity(severity).message(message))
        });
        if let Some(report) = leak {
            out.report(&image.path, report);
        }
    }
}

/// Whether a file that git keeps has nothing in it that looks real: it shows what belongs there.
fn holds_samples(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    facts.text(path).whole().is_some_and(|document| {
        let secrets = scan_document(document.text(), DocumentKind::Env);
        secrets.iter().all(|it| it.confidence < Confidence::Medium)
    })
}

/// Whether all that an image copies from its context is there, or may be made there as git ignores it.
fn is_buildable(facts: &Facts<'_>, image: &Image) -> bool {
    let instructions = image.stages.iter().flat_map(|it| &it.instructions);
    let own = instructions.filter(|it| it.flag("from").is_none());
    let mut sources = own.filter_map(|it| it.copied.as_ref()).flat_map(|it| &it.sources);
    sources.all(|source| {
        let path = source.value.trim_start_matches('/');
        let is_plain = !path.contains(['$', '*', '?', '[', ':']);
        resolved(&image.context, path).filter(|_| is_plain).is_none_or(|path| {
            facts.tree().is_file(&path)
                || facts.tree().is_folder(&path)
                || is_ignored_by_git(facts, &path)
        })
    })
}

/// Whether the sample beside a file that is not there names nothing that would be a secret.
fn is_without_secrets(facts: &Facts<'_>, path: &Utf8Path, samples: &[&Utf8Path]) -> bool {
    let mut beside = samples.iter().filter(|it| it.parent() == path.parent()).peekable();
    let is_plain = |sample: &&Utf8Path| {
        facts.text(sample).whole().is_some_and(|document| {
            let mut names = document.text().lines().filter_map(|it| Some(it.split_once('=')?.0));
            names.all(|name| !WORTH_HIDING.iter().any(|it| name.to_ascii_uppercase().contains(it)))
        })
    };
    !facts.tree().is_file(path) && beside.peek().is_some() && beside.all(is_plain)
}

/// Whether git keeps a file, whatever its patterns say.
fn is_committed(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    let project = facts.project();
    let mut files = project.files.iter().chain(&project.unasked).filter(|it| it.path == path);
    files.any(|it| it.repository_root().is_some() && File::is_committed(it))
}

/// A list called `api.dockerignore` beside `api.Dockerfile` that names a file: Docker asks for `api.Dockerfile.dockerignore`,
/// see <https://docs.docker.com/build/concepts/context/#filename-and-location>.
fn misnamed_list(facts: &Facts<'_>, image: &Image, name: &Utf8Path) -> Option<(String, String)> {
    let stem = image.path.file_name()?.strip_suffix(".Dockerfile")?;
    let written = format!("{stem}.dockerignore");
    let list = facts.text(&image.path.with_file_name(&written)).whole()?;
    let patterns: Vec<String> = list.text().lines().map(|it| it.trim().to_owned()).collect();
    let names = Dockerignore::new(&patterns).ignores(name);
    names.then(|| (written, format!("{stem}.Dockerfile.dockerignore")))
}

/// Whether those who build by a Compose file make the file: Compose reads it, or a guide says to copy its sample there.
fn is_made(facts: &Facts<'_>, compose: &Utf8Path, path: &Utf8Path) -> bool {
    let folder = compose.parent().unwrap_or(Utf8Path::new(""));
    let by_compose = facts.text(compose).whole().is_some_and(|document| {
        let (_, behind) = document.text().split_once("env_file").unwrap_or_default();
        let mut words =
            behind.split_whitespace().map(|it| it.trim_matches(['"', '\'', '[', ']', ',']));
        words.any(|word| resolved(folder, word).as_deref() == Some(path))
    });
    by_compose
        || facts.readme().instructions.iter().any(|it| {
            let words: Vec<&str> = it.command.texts().collect();
            let ["cp" | "mv", _, target] = words.as_slice() else { return false };
            it.folders.iter().any(|folder| resolved(folder, target).as_deref() == Some(path))
        })
}

/// Whether an image starts nothing, or what is for development: it stays with those who have the file.
fn is_weak(facts: &Facts<'_>, image: &Image) -> bool {
    let mut started = image
        .shipped_instructions()
        .filter(|it| matches!(it.keyword.as_str(), "CMD" | "ENTRYPOINT"))
        .flat_map(Instruction::commands)
        .peekable();
    let is_dev = |command: Command| command.texts().any(|word| word == "dev");
    let images = &facts.containers().images;
    let is_run = facts.containers().processes.iter().any(|process| {
        let of_image = process.image.and_then(|index| images.get(index));
        of_image.is_some_and(|of| of.path == image.path) && process.development.is_none()
    });
    started.peek().is_none() && !is_run || started.any(is_dev)
}

/// `.env.example`, `env.sample`: somebody has an `.env` beside it.
fn is_sample(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let mut parts = name.trim_start_matches('.').split(['.', '-', '_']);
    parts.next() == Some("env")
        && parts.any(|part| matches!(part, "example" | "sample" | "template" | "dist" | "tmpl"))
}

/// What becomes part of the image: the place and text of the source, and the folder that it is.
fn received(image: &Image) -> Vec<(Span, String, Utf8PathBuf)> {
    let mut found = Vec::new();
    for (index, stage) in image.stages.iter().enumerate() {
        for instruction in &stage.instructions {
            let Some(copied) = &instruction.copied else { continue };
            if instruction.flag("from").is_some()
                || !stage.shipped && !is_taken(image, index, instruction)
            {
                continue;
            }
            for source in &copied.sources {
                let path = source.value.trim_start_matches('/').trim_end_matches("/*");
                let path = if path == "*" { "." } else { path };
                if !path.contains(['$', '*', ':'])
                    && let Some(folder) = resolved(&image.context, path)
                {
                    let text = format!("{} {}", instruction.keyword, source.value);
                    found.push((source.place.span, text, folder));
                }
            }
        }
    }
    found
}

/// Whether the image takes the folder that an instruction of another stage fills.
fn is_taken(image: &Image, stage: usize, instruction: &Instruction) -> bool {
    let Some(filled) = destination(image, stage, instruction) else { return false };
    image.shipped_instructions().any(|other| {
        let from = other.flag("from").and_then(|from| image.stage_of(from));
        let sources = other.copied.iter().flat_map(|copied| &copied.sources);
        from == Some(stage) && sources.into_iter().any(|source| filled.starts_with(&source.value))
    })
}

/// Where an instruction copies to, in the image; `None` where that is not known.
fn destination(image: &Image, stage: usize, instruction: &Instruction) -> Option<Utf8PathBuf> {
    let before = image.stages.get(stage)?;
    let variables = Variables::of_stage(before);
    let mut folder = Utf8PathBuf::from("/");
    let earlier =
        before.instructions.iter().take_while(|it| it.span.start < instruction.span.start);
    for workdir in earlier.filter(|it| it.keyword == "WORKDIR") {
        folder.push(variables.expand(workdir.arguments.value.trim()).known()?);
    }
    let to = variables.expand(&instruction.copied.as_ref()?.destination);
    let whole = folder.join(to.known()?);
    Some(whole.components().filter(|part| part.as_str() != ".").collect())
}

/// The files with secrets that may lie in a folder: where a sample of one lies, or where something reads one.
fn may_lie(
    facts: &Facts<'_>,
    image: &Image,
    folder: &Utf8Path,
    samples: &[&Utf8Path],
) -> Vec<Utf8PathBuf> {
    if !facts.tree().is_folder(folder) {
        return Vec::new();
    }
    let beside =
        samples.iter().filter(|path| path.starts_with(folder)).filter_map(|path| path.parent());
    let mut found: Vec<_> = beside.map(|parent| parent.join(".env")).collect();
    if folder == image.context && reads_env(facts, image) {
        found.push(folder.join(".env"));
    }
    found
}

/// Whether the application depends on something that reads a `.env`; what tests and extras need says nothing about it.
fn reads_env(facts: &Facts<'_>, image: &Image) -> bool {
    let model = facts.dependencies();
    // What lies beside the folder that is built has another application.
    let is_inside = |component: &usize| {
        let component = facts.project().components.get(*component);
        component.is_some_and(|component| component.path.starts_with(&image.context))
    };
    let component = image.component.filter(is_inside);
    let dependencies = component.and_then(|component| model.components.get(component));
    let manifests = dependencies.into_iter().flat_map(|dependencies| &dependencies.manifests);
    let mut requirements = manifests.flat_map(|manifest| &manifest.requirements);
    requirements
        .any(|it| READERS.contains(&it.name.as_str()) && !matches!(it.group, Group::Development(_)))
}
