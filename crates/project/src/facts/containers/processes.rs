//! What containers and platforms start: Compose, Kubernetes, Procfiles, serverless functions and the images' own commands.
//! Knows their formats, no rule.

mod code;
mod compose;
mod entrypoints;
mod files;
mod image;
mod invocation;
mod kubernetes;
mod launch;
mod lookup;
mod procfile;
mod serverless;
mod servers;
mod targets;
mod words;

#[cfg(test)]
mod tests;

use camino::{Utf8Path, Utf8PathBuf};

use super::compose::is_compose;
use super::development;
use super::{Image, Origin, Process};
use crate::facts::{Fact, Facts, Place};
pub use files::Files;
pub use invocation::{Does, Invocation, invocation};
pub use lookup::{Absence, entry_point_absence};
pub use servers::{Listening, Server, Told, server_of};
pub use targets::Target;

/// Reads what is started, and why not everything is known.
pub(super) fn read(facts: &Facts<'_>, images: &[Image]) -> (Vec<Process>, Vec<String>) {
    let mut reader = Reader {
        facts,
        images,
        processes: Vec::new(),
        unknown: Vec::new(),
        told: Vec::new(),
        initialised: Vec::new(),
        worked_on: Vec::new(),
    };
    for index in 0..images.len() {
        read_image(&mut reader, index);
    }
    let paths: Vec<&Utf8Path> = facts.tree().files().collect();
    for path in paths {
        if is_compose(path) {
            compose::read(&mut reader, path);
        } else if procfile::is_procfile(path) {
            procfile::read(&mut reader, path);
        } else if serverless::is_serverless(path) {
            serverless::read(&mut reader, path);
        } else if serverless::may_be_template(path) {
            serverless::read_template(&mut reader, path);
        } else if kubernetes::may_be_manifest(path) {
            kubernetes::read(&mut reader, path);
        }
    }
    reader.tell_images();
    (reader.processes, reader.unknown)
}

/// Variables and their values, where those are known.
type Environment = Vec<(String, Option<String>)>;

/// The processes while they are found.
struct Reader<'r, 'p> {
    facts: &'r Facts<'p>,
    images: &'r [Image],
    processes: Vec<Process>,
    unknown: Vec<String>,
    /// What services that start an image as it is set in its environment, and whether files say more.
    told: Vec<(usize, Environment, bool)>,
    /// Images that a service starts as they are, with a process that takes care of signals.
    initialised: Vec<usize>,
    /// Images that a service starts for those who work on them, and what shows that.
    worked_on: Vec<(usize, String)>,
}

/// A process as a file describes it.
struct Draft {
    origin: Origin,
    name: String,
    /// The file that names it.
    named_in: Utf8PathBuf,
    /// What is started; `None` where it cannot be told.
    words: Option<Vec<String>>,
    place: Place,
    image: Option<usize>,
    folder: Option<String>,
    environment: Environment,
    environment_unknown: Option<String>,
    files: Files,
    development: Option<String>,
    init: bool,
    shares_network: bool,
}

impl Reader<'_, '_> {
    fn add(&mut self, draft: Draft) {
        let Draft { files, mut environment, .. } = draft;
        let Some(words) = draft.words else {
            let name = &draft.name;
            return self.unknown.push(format!("the command of `{name}` cannot be told"));
        };
        let launch = launch::follow(self.facts, &files, draft.folder, words);
        environment.extend(launch.exported);
        let sources = launch.sources.then(|| "a script reads variables from a file".to_owned());
        if let Fact::Unknown(reason) = &launch.command {
            self.unknown.push(format!("{}: {reason}", draft.place.path));
        }
        let of_script = || launch.through.iter().find_map(|path| development::of_path(path));
        self.processes.push(Process {
            development: draft.development.or_else(of_script),
            worked_on: None,
            origin: draft.origin,
            name: draft.name,
            named_in: draft.named_in,
            command: launch.command,
            // A platform takes care of its own shell.
            in_shell: launch.in_shell && draft.origin != Origin::Procfile,
            through: launch.through,
            command_place: launch.place.unwrap_or_else(|| draft.place.clone()),
            component: self.component(draft.image, &draft.place.path),
            place: draft.place,
            image: draft.image,
            working_directory: launch.folder,
            environment,
            environment_unknown: draft.environment_unknown.or(sources),
            files,
            has_init: draft.init || launch.init,
            shares_network: draft.shares_network || launch.proxied,
        });
    }

    fn component(&self, image: Option<usize>, path: &Utf8PathBuf) -> Option<usize> {
        let of_image = image.and_then(|image| self.images[image].component);
        of_image.or_else(|| self.facts.component_of(path))
    }

    /// What services set for an image counts for its own command.
    fn tell_images(&mut self) {
        for (image, environment, says_more) in std::mem::take(&mut self.told) {
            for process in self.of_dockerfile(image) {
                process.environment.extend(environment.clone());
                if says_more {
                    process.environment_unknown = Some("`env_file` is not looked into".to_owned());
                }
            }
        }
        for image in std::mem::take(&mut self.initialised) {
            self.of_dockerfile(image).for_each(|process| process.has_init = true);
        }
        for (image, reason) in std::mem::take(&mut self.worked_on) {
            self.of_dockerfile(image).for_each(|process| process.worked_on = Some(reason.clone()));
        }
    }

    fn of_dockerfile(&mut self, image: usize) -> impl Iterator<Item = &mut Process> {
        let is_own = move |process: &&mut Process| {
            process.image == Some(image) && process.origin == Origin::Dockerfile
        };
        self.processes.iter_mut().filter(is_own)
    }
}

/// What an image starts when nobody says otherwise.
fn read_image(reader: &mut Reader<'_, '_>, index: usize) {
    let image = &reader.images[index];
    let Some(stage) = image.stages.len().checked_sub(1) else { return };
    let Some(start) = image::start(reader.facts, image, stage) else { return };
    let written = start.command.as_ref().or(start.entrypoint.as_ref());
    let Some((_, place)) = written else { return };
    let words = start.words();
    let stage_name = image.stages[stage].name.as_deref().and_then(development::word);
    let of_stage = stage_name.map(|word| format!("its last stage has the word `{word}`"));
    reader.add(Draft {
        origin: Origin::Dockerfile,
        name: String::new(),
        named_in: image.path.clone(),
        words: Some(words),
        place: place.clone(),
        image: Some(index),
        folder: start.folder,
        environment: start.environment,
        environment_unknown: None,
        files: start.files,
        development: image.development.clone().or(of_stage),
        init: false,
        shares_network: false,
    });
}
