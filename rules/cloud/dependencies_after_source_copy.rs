//! See `dependencies-after-source-copy.toml`: the order of copying and installing in the stages of an image.

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_project::facts::containers::{Dockerignore, Image, Instruction, Stage};
use roadworthy_project::{Facts, Tree, resolved};

use crate::shared::delivery::installs::{Install, install, takes_installed};

/// So many files of a copied folder are looked at in search of source.
const MOST_FILES: usize = 2_000;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    for image in facts.containers().images.iter().filter(|image| image.development.is_none()) {
        for stage in &image.stages {
            if let Some((copy, late)) = late(facts.tree(), image, stage) {
                let message = format!(
                    "dependencies are installed behind `{}`, so every change of the source installs all of them anew",
                    first_line(&copy)
                );
                out.report(&image.path, Report::at(late.span).message(message));
            }
        }
    }
}

/// The instruction that copies the source, and the first behind it that installs dependencies.
fn late<'i>(tree: &Tree, image: &'i Image, stage: &'i Stage) -> Option<(String, &'i Instruction)> {
    let mut copied: Option<String> = None;
    let mut is_whole = false;
    for instruction in &stage.instructions {
        match instruction.keyword.as_str() {
            "COPY" if takes_installed(instruction) => return None,
            "COPY" | "ADD" if copied.is_none() && copies_source(tree, image, instruction) => {
                is_whole = copies_context(instruction);
                copied = Some(format!("{} {}", instruction.keyword, instruction.arguments.value));
            }
            // A manifest that is copied by itself shows that the folder before it was meant as a dependency.
            "COPY" | "ADD" if copied.is_some() && !is_whole && copies_manifest(instruction) => {
                copied = None;
            }
            "RUN" if installs(instruction) => {
                // What is installed before the source is the bulk; the rest behind it is the project.
                return copied.filter(|_| !has_cache(instruction)).map(|copy| (copy, instruction));
            }
            _ => {}
        }
    }
    None
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_end_matches(['\\', ' '])
}

/// Whether an instruction copies a folder with a manifest and source in it.
fn copies_source(tree: &Tree, image: &Image, instruction: &Instruction) -> bool {
    let Some(copied) = instruction.copied.as_ref().filter(|_| instruction.flag("from").is_none())
    else {
        return false;
    };
    let ignored = Dockerignore::new(image.ignored.as_deref().unwrap_or_default());
    copied.sources.iter().any(|source| {
        let path = source.value.trim_start_matches('/').trim_end_matches('*');
        resolved(&image.context, path).is_some_and(|folder| {
            let within = |path: &Utf8Path| {
                let path = path.strip_prefix(&image.context).unwrap_or(path);
                !ignored.ignores(path)
            };
            let manifest = tree.inside(&folder).any(|path| is_manifest(path) && within(path));
            let mut files = tree.below(&folder).take(MOST_FILES);
            manifest && files.any(|path| path.extension() == Some("py") && within(path))
        })
    })
}

fn copies_manifest(instruction: &Instruction) -> bool {
    let sources = instruction.copied.iter().flat_map(|copied| &copied.sources);
    sources.into_iter().any(|source| is_manifest(Utf8Path::new(source.value.trim_end_matches('*'))))
}

fn copies_context(instruction: &Instruction) -> bool {
    let sources = instruction.copied.iter().flat_map(|copied| &copied.sources);
    sources
        .into_iter()
        .any(|source| matches!(source.value.trim_matches('/'), "" | "." | "*" | "./*"))
}

fn is_manifest(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    matches!(name, "pyproject.toml" | "Pipfile" | "poetry.lock" | "uv.lock")
        || name.starts_with("requirements") && path.extension() == Some("txt")
}

/// Whether the manifests of dependencies are installed; what only the folder of a project says cannot be copied before it.
fn installs(instruction: &Instruction) -> bool {
    let commands = instruction.commands();
    // Where the list is fetched or made by the same instruction, there is nothing to copy.
    let made = commands.iter().any(|command| {
        matches!(command.program(), Some("curl" | "wget" | "git" | "pip-compile"))
            || command.texts().any(|word| matches!(word, "export" | "compile"))
    });
    let found = commands.iter().filter_map(install);
    !made && found.into_iter().any(|install| !matches!(install, Install::Project))
}

fn has_cache(instruction: &Instruction) -> bool {
    instruction.flags.iter().any(|(name, value)| name == "mount" && value.contains("cache"))
}
