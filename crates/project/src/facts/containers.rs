//! What runs in containers: images, services, and the commands that start them. Knows Dockerfiles, Compose, Kubernetes and
//! Procfiles, no code and no rule.

mod base_images;
mod commands;
mod compose;
mod context;
mod development;
mod dockerfile;
mod dockerignore;
mod heredocs;
mod image_name;
mod images;
pub mod processes;
mod users;
mod variables;

use camino::Utf8PathBuf;
use roadworthy_parser::Span;

use super::{Fact, Facts, Located, Place};
pub use base_images::BaseUser;
pub use dockerignore::Dockerignore;
pub use users::NotRoot;
pub use variables::Variables;

/// The containers of a project.
#[derive(Clone, Debug, Default)]
pub struct ContainerModel {
    /// Images that a Dockerfile builds, by path.
    pub images: Vec<Image>,
    /// What is started, wherever that is written.
    pub processes: Vec<Process>,
    /// Where manifests of Kubernetes keep root out.
    pub not_root: Vec<NotRoot>,
    /// Why not everything is known.
    pub unknown: Vec<String>,
}

/// An image that a Dockerfile builds.
#[derive(Clone, Debug)]
pub struct Image {
    /// The Dockerfile.
    pub path: Utf8PathBuf,
    /// The folder whose files `COPY` sees: from Compose, from a workflow, or by convention the folder of the Dockerfile, or
    /// the one around it where only that has what is copied.
    pub context: Utf8PathBuf,
    /// The component it belongs to, by index: that of its context.
    pub component: Option<usize>,
    /// What shows that it is not for production: "its name has the word `dev`".
    pub development: Option<String>,
    /// Its stages, in order; none where the file cannot be understood.
    pub stages: Vec<Stage>,
    /// Patterns of the `.dockerignore` that holds for it; `None` where there is none.
    pub ignored: Option<Vec<String>>,
    /// The Compose files that build it, without those that their names keep for development.
    pub composed: Vec<Utf8PathBuf>,
    /// The users that Compose starts its containers with.
    pub run_as: Vec<Located<String>>,
}

impl Image {
    /// The stage that is built when nobody says otherwise.
    pub fn last_stage(&self) -> Option<&Stage> {
        self.stages.last()
    }

    /// The stage that `COPY --from=` names, by its name or number, as an index.
    pub fn stage_of(&self, reference: &str) -> Option<usize> {
        let is_named = |stage: &Stage| {
            stage.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(reference))
        };
        let named = self.stages.iter().rposition(is_named);
        named.or_else(|| reference.parse().ok().filter(|index| *index < self.stages.len()))
    }

    /// A stage and those that it begins from, the first of them first, as indices.
    pub fn lineage(&self, stage: usize) -> Vec<usize> {
        let base = |index: &usize| self.stages.get(*index).and_then(|stage| stage.base.stage);
        let mut lineage: Vec<_> = std::iter::successors(Some(stage), base).collect();
        lineage.reverse();
        lineage
    }

    /// The instructions whose layers are part of the image, in order: those of the last stage behind those that it begins from.
    pub fn shipped_instructions(&self) -> impl Iterator<Item = &Instruction> {
        let last = self.stages.len().checked_sub(1);
        let stages = last.map(|last| self.lineage(last)).unwrap_or_default();
        stages.into_iter().flat_map(|index| self.stages[index].instructions.iter())
    }
}

/// A stage of a Dockerfile.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What it begins from.
    pub base: Base,
    /// Its instructions, in order, `FROM` not among them.
    pub instructions: Vec<Instruction>,
    /// Whether its layers are part of the image that is built last.
    pub shipped: bool,
}

/// What a stage begins from.
#[derive(Clone, Debug)]
pub struct Base {
    /// The image as written, and where.
    pub written: Located<String>,
    /// With build arguments replaced by their defaults; unknown where one has none.
    pub image: Fact<ImageName>,
    /// The earlier stage that it is, by index.
    pub stage: Option<usize>,
}

/// The name of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageName {
    /// `python`, `ghcr.io/astral-sh/uv`.
    pub repository: String,
    /// Behind the colon.
    pub tag: Option<String>,
    /// Behind the `@`.
    pub digest: Option<String>,
}

/// An instruction of a Dockerfile.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// In upper case: `RUN`.
    pub keyword: String,
    /// From the keyword to the end.
    pub span: Span,
    /// What stands behind the keyword and its flags. Lines that go on end in a backslash, comments and empty lines between
    /// them are blanked; otherwise it is the text at its place, byte for byte.
    pub arguments: Located<String>,
    /// `--mount=…`, `--from=…`: names without dashes, values.
    pub flags: Vec<(String, String)>,
    /// The words where it is written as a list (`["a", "b"]`); `None` for the form of a shell.
    pub words: Option<Vec<String>>,
    /// The texts of here-documents.
    pub documents: Vec<String>,
    /// What `COPY` and `ADD` copy.
    pub copied: Option<Copied>,
}

impl Instruction {
    /// The value of a flag: `--from=builder`.
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// What `COPY` and `ADD` copy; here-documents are not among it.
#[derive(Clone, Debug, Default)]
pub struct Copied {
    /// From the context, from a stage, or, by `ADD`, from the network.
    pub sources: Vec<Located<String>>,
    /// To.
    pub destination: String,
}

/// What a container or a platform starts.
#[derive(Clone, Debug)]
pub struct Process {
    /// Who starts it.
    pub origin: Origin,
    /// `web`, `worker`: the name of the service, container or process type; empty for an image's own command.
    pub name: String,
    /// The file that names it: of a service of Compose that starts what its image says, not where the command is written.
    pub named_in: Utf8PathBuf,
    /// The whole command, entry point included, scripts of the project followed.
    pub command: Fact<Vec<String>>,
    /// Whether a shell stands between the container and the command, without `exec`.
    pub in_shell: bool,
    /// Scripts of the project that the command came through.
    pub through: Vec<Utf8PathBuf>,
    /// Where it is written.
    pub place: Place,
    /// Where the command itself is written: in a script, where it came through one.
    pub command_place: Place,
    /// The image it runs in, by index, where that is built here.
    pub image: Option<usize>,
    /// The component it belongs to.
    pub component: Option<usize>,
    /// Where it starts, in the container.
    pub working_directory: Option<String>,
    /// What is set in its environment; `None` where the value comes from outside.
    pub environment: Vec<(String, Option<String>)>,
    /// Why its environment may hold more: "`env_file` is not looked into".
    pub environment_unknown: Option<String>,
    /// Which files of the project lie where in its container.
    pub files: processes::Files,
    /// Whether a process stands above it that passes signals on.
    pub has_init: bool,
    /// Whether others reach it without leaving its network: the host's, or that of its pod; or a proxy stands before it.
    pub shares_network: bool,
    /// What shows that it is not for production.
    pub development: Option<String>,
    /// What shows that Compose starts its image for those who work on it, as the image says or with another command. It may
    /// be for production besides.
    pub worked_on: Option<String>,
}

/// Who starts a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Origin {
    Dockerfile,
    Compose,
    Kubernetes,
    Procfile,
    Serverless,
}

/// Reads the images of a project.
pub(super) fn images(facts: &Facts<'_>) -> (Vec<Image>, Vec<String>) {
    images::read(facts)
}

/// Reads the containers of a project.
pub(super) fn read(facts: &Facts<'_>) -> ContainerModel {
    let (images, mut unknown) = facts.images().clone();
    let (processes, reasons) = processes::read(facts, &images);
    unknown.extend(reasons);
    ContainerModel { images, processes, not_root: users::in_manifests(facts), unknown }
}
