//! See `image-ignores-lock.toml`: how the stages of an image install, next to the locks of its component. A command with
//! variables, and a lock that comes from another stage, are not known.

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::containers::{Dockerignore, Image, Instruction};
use roadworthy_project::facts::dependencies::{Lock, LockKind};
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::facts::shell::Command;
use roadworthy_project::{Facts, resolved};

use crate::shared::delivery::installs::{Install, install, takes_installed};

/// Variables that bind uv to its lock.
const BINDING: [&str; 2] = ["UV_FROZEN", "UV_LOCKED"];

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    for image in facts.containers().images.iter().filter(|image| image.development.is_none()) {
        let Some(lock) = lock(facts, image) else { continue };
        for index in 0..image.stages.len() {
            if let Some((instruction, severity, message)) = flaw(image, index, lock) {
                out.report(
                    &image.path,
                    Report::at(instruction.span).severity(severity).message(message),
                );
            }
        }
    }
}

/// The lock of what an image runs, where a tool wrote it.
fn lock<'f>(facts: &'f Facts<'_>, image: &Image) -> Option<&'f Lock> {
    let component = image.component?;
    // What others install has no lock for them.
    let profiles = facts.profiles().get(component)?;
    if profiles.is(Profile::Library) && !profiles.is(Profile::Service) {
        return None;
    }
    let locks = &facts.dependencies().components.get(component)?.locks;
    let mut ours = locks.iter().filter(|lock| tool(lock.kind).is_some());
    let lock = ours.next()?;
    // Of two nobody knows which counts.
    ours.next().is_none().then_some(lock).filter(|lock| lock.path.starts_with(&image.context))
}

fn tool(kind: LockKind) -> Option<&'static str> {
    Some(match kind {
        LockKind::Uv => "uv",
        LockKind::Poetry => "poetry",
        LockKind::Pdm => "pdm",
        LockKind::Pipfile => "pipenv",
        _ => return None,
    })
}

/// The first instruction of a stage that installs without the lock.
fn flaw<'i>(
    image: &'i Image,
    stage: usize,
    lock: &Lock,
) -> Option<(&'i Instruction, Severity, String)> {
    let name = lock.path.file_name()?;
    let known = image.lineage(stage);
    let before = known.iter().flat_map(|index| &image.stages[*index].instructions);
    let instructions: Vec<&Instruction> = before.collect();
    // Wheels that were built before, and what another stage has installed, may be those of the lock.
    let is_settled = |it: &Instruction| {
        is_bound(it) || takes_installed(it) || it.arguments.value.contains("wheel")
    };
    if instructions.iter().any(|it| is_settled(it)) {
        return None;
    }
    let has_lock = instructions.iter().any(|it| brings(image, it, lock));
    for instruction in &image.stages[stage].instructions {
        if instruction.keyword != "RUN" {
            continue;
        }
        for command in instruction.commands() {
            let Some(install) = install(&command) else { continue };
            // Whether it installs anew decides about all that comes behind it.
            if is_open(&command) || has_constraints(&command) {
                return None;
            }
            let (severity, message) = match install {
                Install::Project => (
                    Severity::Warning,
                    format!(
                        "the image installs the project with pip, which resolves its dependencies anew and not from `{name}`"
                    ),
                ),
                Install::Sync { tool: ours, .. } if tool(lock.kind) == Some(ours) && !has_lock => (
                    Severity::Warning,
                    format!(
                        "`{name}` is not copied before `{ours}` installs, which so resolves all dependencies anew"
                    ),
                ),
                Install::Sync { tool: ours, locked: false } if tool(lock.kind) == Some(ours) => (
                    Severity::Info,
                    format!(
                        "`{ours}` resolves anew where `{name}` no longer fits, instead of failing"
                    ),
                ),
                Install::Requirements(_) | Install::Sync { .. } => return None,
            };
            return Some((instruction, severity, message));
        }
    }
    None
}

fn is_bound(instruction: &Instruction) -> bool {
    matches!(instruction.keyword.as_str(), "ENV" | "ARG")
        && instruction.pairs().iter().any(|(name, _)| BINDING.contains(&name.as_str()))
}

/// Whether a variable may say how it installs.
fn is_open(command: &Command) -> bool {
    let bound = command.assignments.iter().any(|(name, _)| BINDING.contains(&name.as_str()));
    bound || command.words.iter().any(|word| word.expands)
}

fn has_constraints(command: &Command) -> bool {
    let options =
        ["-c", "--constraint", "--constraints", "--no-deps", "--no-index", "--build-constraint"];
    command.texts().any(|word| options.contains(&word.split('=').next().unwrap_or_default()))
}

/// Whether an instruction may bring the lock.
fn brings(image: &Image, instruction: &Instruction, lock: &Lock) -> bool {
    let name = lock.path.file_name().unwrap_or_default();
    let bound = |value: &str| {
        value.contains("type=bind") && (value.contains(name) || !value.contains("source"))
    };
    if instruction.flags.iter().any(|(flag, value)| flag == "mount" && bound(value)) {
        return true;
    }
    if instruction.keyword == "RUN" {
        return instruction.commands().iter().any(|it| it.program() == Some("git"));
    }
    let Some(copied) = &instruction.copied else { return false };
    if instruction.flag("from").is_some() {
        return true;
    }
    let inside = lock.path.strip_prefix(&image.context).unwrap_or(&lock.path);
    if Dockerignore::new(image.ignored.as_deref().unwrap_or_default()).ignores(inside) {
        return false;
    }
    copied.sources.iter().any(|source| {
        let path = source.value.trim_start_matches('/');
        let pattern = [path.to_owned()];
        let takes = |folder: &Utf8Path| lock.path.starts_with(folder);
        path.contains('$')
            || Dockerignore::new(&pattern).ignores(inside)
            || resolved(&image.context, path).is_some_and(|folder| takes(&folder))
    })
}
