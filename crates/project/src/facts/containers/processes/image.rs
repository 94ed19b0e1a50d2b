//! What an image gives to what is started in it: entry point, command, folder, environment, files of the project. Knows
//! instructions of Dockerfiles, no program; what the base image brings is not known.

use camino::{Utf8Path, Utf8PathBuf};

use super::files::{Files, inside};
use super::words::Line;
use crate::facts::containers::{Image, Instruction, Stage};
use crate::facts::shell;
use crate::facts::{Facts, Place};
use crate::tree::resolved;

/// How a container of a stage starts.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) entrypoint: Option<(Line, Place)>,
    pub(super) command: Option<(Line, Place)>,
    /// Whether the command is of this stage, not of the one it begins from.
    own_command: bool,
    /// Where it starts; `None` where only the base image says so, or a variable.
    pub(super) folder: Option<String>,
    pub(super) environment: Vec<(String, Option<String>)>,
    pub(super) files: Files,
    /// `SHELL`
    pub(super) shell: Vec<String>,
}

/// How a container of a stage starts, by the index of the stage.
pub(super) fn start(facts: &Facts<'_>, image: &Image, stage: usize) -> Option<Start> {
    starts(facts, image, stage + 1).pop()
}

/// Each stage with those before it, as a stage begins from or copies from earlier ones only.
fn starts(facts: &Facts<'_>, image: &Image, count: usize) -> Vec<Start> {
    let mut starts: Vec<Start> = Vec::new();
    for stage in image.stages.iter().take(count) {
        let base = stage.base.stage.and_then(|base| starts.get(base)).cloned();
        let mut start = base.unwrap_or_else(|| Start {
            entrypoint: None,
            command: None,
            own_command: false,
            folder: starts_at_root(stage).then(|| "/".to_owned()),
            environment: Vec::new(),
            files: Files::default(),
            shell: vec!["/bin/sh".to_owned(), "-c".to_owned()],
        });
        start.own_command = false;
        start.files.busybox |= has_busybox(stage);
        for instruction in &stage.instructions {
            start.take(facts, image, instruction, &starts);
        }
        starts.push(start);
    }
    starts
}

/// Base images that leave the working directory where it is without one.
const AT_ROOT: [&str; 8] =
    ["python", "debian", "ubuntu", "alpine", "scratch", "ghcr.io/astral-sh/uv", "pypy", "fedora"];

fn starts_at_root(stage: &Stage) -> bool {
    stage.base.image.known().is_some_and(|name| {
        let repository = name.repository.trim_start_matches("docker.io/");
        AT_ROOT.contains(&repository.trim_start_matches("library/"))
    })
}

/// Whether `sh` is that of `BusyBox`, by the name of the image: `python:3.13-alpine`.
fn has_busybox(stage: &Stage) -> bool {
    stage.base.image.known().is_some_and(|name| {
        let tag = name.tag.as_deref().unwrap_or_default();
        [name.repository.as_str(), tag]
            .iter()
            .any(|it| it.contains("alpine") || it.contains("busybox"))
    })
}

impl Start {
    fn take(
        &mut self,
        facts: &Facts<'_>,
        image: &Image,
        instruction: &Instruction,
        earlier: &[Self],
    ) {
        let arguments = instruction.arguments.value.trim();
        match instruction.keyword.as_str() {
            "ENV" => self.set_environment(arguments),
            "WORKDIR" => {
                let folder = self.expanded(arguments.trim_matches(['"', '\'']));
                self.folder =
                    folder.and_then(|folder| inside(self.folder.as_deref().or(Some("/")), &folder));
            }
            "SHELL" => self.shell = instruction.words.clone().unwrap_or_default(),
            "CMD" => {
                self.command = Some((self.line(instruction), instruction.arguments.place.clone()));
                self.own_command = true;
            }
            "ENTRYPOINT" => {
                self.entrypoint =
                    Some((self.line(instruction), instruction.arguments.place.clone()));
                // What the base image would run is no longer meant.
                if !self.own_command {
                    self.command = None;
                }
            }
            "RUN" => {
                self.files.commands.push_str(arguments);
                self.files.commands.push('\n');
                for document in &instruction.documents {
                    self.files.commands.push_str(document);
                }
            }
            "COPY" | "ADD" => self.copy(facts, image, instruction, earlier),
            _ => {}
        }
    }

    /// The words of entry point and command together.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = self.entrypoint.as_ref().map_or_else(Vec::new, |(line, _)| line.words());
        // An entry point in the form of a shell takes no arguments.
        let is_whole = matches!(&self.entrypoint, Some((Line::Shell(..), _)));
        if !is_whole && let Some((command, _)) = &self.command {
            words.extend(command.words());
        }
        words
    }

    fn line(&self, instruction: &Instruction) -> Line {
        match &instruction.words {
            Some(words) => Line::Words(words.clone()),
            None => Line::Shell(self.shell.clone(), instruction.arguments.value.trim().to_owned()),
        }
    }

    fn set_environment(&mut self, arguments: &str) {
        let first = arguments.split_whitespace().next().unwrap_or_default();
        let pairs = if first.contains('=') {
            // A shell takes assignments for such before a program only.
            let command = shell::commands(&format!("{} x", arguments.replace("\\\n", " ")));
            command.into_iter().flat_map(|command| command.assignments).collect()
        } else {
            let (name, value) = arguments.split_once(char::is_whitespace).unwrap_or((first, ""));
            vec![(name.to_owned(), value.trim().to_owned())]
        };
        for (name, value) in pairs {
            let value = self.expanded(&value);
            self.environment.retain(|(other, _)| *other != name);
            self.environment.push((name, value));
        }
    }

    /// A text with the variables of the environment in their places; `None` where one is not known.
    fn expanded(&self, text: &str) -> Option<String> {
        let mut whole = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            whole.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let (name, behind) = if let Some(braced) = rest.strip_prefix('{') {
                braced.split_once('}')?
            } else {
                let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
                rest.split_at(end.unwrap_or(rest.len()))
            };
            rest = behind;
            match self.environment.iter().find(|(known, _)| known == name) {
                Some((_, value)) => whole.push_str(value.as_deref()?),
                // What was never set is empty: `ENV PYTHONPATH=/app:$PYTHONPATH`.
                None if name == "PYTHONPATH" || name == "LD_LIBRARY_PATH" => {}
                None => return None,
            }
        }
        whole.push_str(rest);
        Some(whole)
    }

    fn copy(
        &mut self,
        facts: &Facts<'_>,
        image: &Image,
        instruction: &Instruction,
        earlier: &[Self],
    ) {
        let words = copied_words(instruction);
        let from = instruction.flags.iter().find(|(name, _)| name == "from");
        let Some((target, sources)) = words.split_last() else { return };
        let target = self.expanded(target);
        let Some(target) = target.and_then(|it| inside(self.folder.as_deref().or(Some("/")), &it))
        else {
            self.files.unknown = true;
            return;
        };
        let into_folder =
            words.last().is_some_and(|it| it.ends_with('/') || it == "." || it == "./")
                || sources.len() > 1;
        for source in sources {
            let Some(source) = self.expanded(source) else {
                self.files.unknown = true;
                continue;
            };
            match from {
                Some((_, stage)) => {
                    // What another image brings is none of the project's files.
                    let stage = stage_index(&image.stages, stage).and_then(|it| earlier.get(it));
                    if let Some(stage) = stage {
                        self.files.copy_from(&stage.files, &source, &target, into_folder);
                        self.files.commands.push_str(&stage.files.commands);
                    }
                }
                None => {
                    self.copy_from_context(facts, &image.context, &source, &target, into_folder);
                }
            }
        }
    }

    fn copy_from_context(
        &mut self,
        facts: &Facts<'_>,
        context: &Utf8Path,
        source: &str,
        target: &str,
        into_folder: bool,
    ) {
        if source.contains("://") {
            return;
        }
        let relative = source.trim_start_matches('/');
        if let Some(at) = relative.find(['*', '?', '[']) {
            // Of a pattern all files of its folder count: what is there is never called missing.
            let folder = relative[..at].rsplit_once('/').map_or("", |(folder, _)| folder);
            if let Some(folder) = resolved(context, folder) {
                self.files.add(target, folder);
            }
            return;
        }
        let Some(path) = resolved(context, relative) else {
            self.files.unknown = true;
            return;
        };
        if facts.tree().is_file(&path) && into_folder {
            let name = path.file_name().unwrap_or_default();
            self.files.add(&format!("{}/{name}", target.trim_end_matches('/')), path.clone());
        } else {
            self.files.add(target, path);
        }
    }
}

/// The sources and the target of a `COPY`.
fn copied_words(instruction: &Instruction) -> Vec<String> {
    if let Some(words) = &instruction.words {
        return words.clone();
    }
    let text = instruction.arguments.value.replace("\\\n", " ");
    let commands = shell::commands(&text);
    let words = commands.iter().flat_map(shell::Command::texts);
    words.filter(|word| !word.starts_with("--")).map(str::to_owned).collect()
}

fn stage_index(stages: &[Stage], name: &str) -> Option<usize> {
    let is_named =
        |stage: &Stage| stage.name.as_deref().is_some_and(|other| other.eq_ignore_ascii_case(name));
    stages.iter().position(is_named).or_else(|| name.parse().ok())
}

/// The stage that a name or, without one, nobody asks for.
pub(super) fn stage_named(image: &Image, name: Option<&str>) -> Option<usize> {
    match name {
        Some(name) => stage_index(&image.stages, name).filter(|it| *it < image.stages.len()),
        None => image.stages.len().checked_sub(1),
    }
}

/// The image of a Dockerfile, by index.
pub(super) fn image_of(images: &[Image], dockerfile: &Utf8PathBuf) -> Option<usize> {
    images.iter().position(|image| image.path == *dockerfile)
}
