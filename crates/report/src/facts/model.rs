//! The facts in the shape in which they are shown. Knows their models, no way to show them.

use std::collections::BTreeMap;

use camino::Utf8Path;
use roadworthy_engine::FileSummary;
use roadworthy_project::facts::ci::{Hook, Job, Pipeline, System};
use roadworthy_project::facts::containers::{Image, Origin, Process, Stage};
use roadworthy_project::facts::dependencies::{Group, Lock, LockKind, Manifest, ManifestKind};
use roadworthy_project::facts::environment::{self, Environment};
use roadworthy_project::facts::pythons::{Named, NamedBy};
use roadworthy_project::facts::{Fact, Facts, Place};
use roadworthy_project::{Component, Distribution};
use serde::Serialize;

use super::conceal::{command, pinned, revision, shown};

/// Rises when a field changes its meaning or goes; new fields do not raise it.
const VERSION: u32 = 1;

#[derive(Serialize)]
pub(super) struct Known {
    version: u32,
    pub(super) as_of: Option<String>,
    pub(super) components: Vec<KnownComponent>,
    pub(super) images: Vec<KnownImage>,
    pub(super) processes: Vec<KnownProcess>,
    pub(super) pipelines: Vec<KnownPipeline>,
    pub(super) hooks: Vec<KnownHook>,
    pub(super) hooks_run: bool,
    /// What is not known, by what it would tell.
    pub(super) unknown: BTreeMap<&'static str, Vec<String>>,
    /// Files that are not what their names say.
    pub(super) faults: Vec<String>,
    files: Vec<KnownFile>,
}

#[derive(Serialize)]
pub(super) struct KnownComponent {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) manifest: Option<String>,
    pub(super) distribution: &'static str,
    pub(super) distribution_reason: String,
    /// By profile: what shows it.
    pub(super) profiles: Vec<(&'static str, String)>,
    pub(super) pythons: Vec<KnownPythons>,
    pub(super) manifests: Vec<KnownManifest>,
    pub(super) locks: Vec<KnownLock>,
    pub(super) environment: KnownEnvironment,
    /// Numbers of files by role.
    pub(super) files: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
pub(super) struct KnownPythons {
    pub(super) by: &'static str,
    pub(super) written: String,
    pub(super) versions: Vec<String>,
    pub(super) place: String,
}

#[derive(Serialize)]
pub(super) struct KnownManifest {
    pub(super) path: String,
    pub(super) kind: &'static str,
    pub(super) exported: bool,
    /// Names by group.
    pub(super) requirements: BTreeMap<String, Vec<String>>,
}

#[derive(Serialize)]
pub(super) struct KnownLock {
    pub(super) path: String,
    pub(super) kind: &'static str,
    pub(super) packages: usize,
}

#[derive(Serialize)]
pub(super) struct KnownEnvironment {
    /// Names that the code reads.
    pub(super) read: Vec<String>,
    /// Names of example files.
    pub(super) examples: Vec<String>,
    /// Why not every name that is read is known.
    pub(super) unknown: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct KnownImage {
    pub(super) path: String,
    pub(super) context: String,
    pub(super) development: Option<String>,
    pub(super) stages: Vec<KnownStage>,
}

#[derive(Serialize)]
pub(super) struct KnownStage {
    pub(super) name: Option<String>,
    pub(super) base: String,
    pub(super) shipped: bool,
    pub(super) instructions: usize,
}

#[derive(Serialize)]
pub(super) struct KnownProcess {
    pub(super) name: String,
    pub(super) origin: &'static str,
    /// The command; `None` where it is not known.
    pub(super) command: Option<String>,
    /// Why it is not known.
    pub(super) unknown: Option<String>,
    pub(super) place: String,
    pub(super) development: Option<String>,
}

#[derive(Serialize)]
pub(super) struct KnownPipeline {
    pub(super) path: String,
    pub(super) system: &'static str,
    pub(super) triggers: Vec<String>,
    pub(super) jobs: Vec<KnownJob>,
}

#[derive(Serialize)]
pub(super) struct KnownJob {
    pub(super) id: String,
    pub(super) needs: Vec<String>,
    pub(super) pythons: Option<Vec<String>>,
    pub(super) uses: Vec<String>,
    pub(super) commands: Vec<KnownCommand>,
}

#[derive(Serialize)]
pub(super) struct KnownCommand {
    pub(super) command: String,
    pub(super) through: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct KnownHook {
    pub(super) id: String,
    pub(super) repository: String,
    pub(super) revision: Option<String>,
}

#[derive(Serialize)]
struct KnownFile {
    path: String,
    kind: &'static str,
    role: Option<&'static str>,
    reason: Option<String>,
}

impl Known {
    pub(super) fn new(facts: &Facts<'_>, files: &[FileSummary]) -> Self {
        let containers = facts.containers();
        let ci = facts.ci();
        let project = facts.project();
        let components = project.components.iter().enumerate();
        let reads = environment::every_read(facts);
        let components = components
            .map(|(index, it)| component(facts, (index, it), reads.get(index), files))
            .collect();
        let mut unknown = BTreeMap::new();
        let dependencies = facts.dependencies().components.iter();
        for (name, reasons) in [
            ("dependencies", dependencies.flat_map(|it| it.unknown.clone()).collect()),
            ("containers", containers.unknown.clone()),
            ("pipelines", ci.unknown.clone()),
        ] {
            let reasons: Vec<String> = reasons;
            if !reasons.is_empty() {
                unknown.insert(name, reasons.iter().map(|it| shown(it)).collect());
            }
        }
        let faults = facts.faults();
        let file = |file: &FileSummary| KnownFile {
            path: shown(file.path.as_str()),
            kind: file.kind.name(),
            role: file.role.as_ref().map(|it| it.role.name()),
            reason: file.role.as_ref().map(|it| shown(&it.reason)),
        };
        Self {
            version: VERSION,
            as_of: facts.as_of().map(|day| day.to_string()),
            components,
            images: containers.images.iter().map(image).collect(),
            processes: containers.processes.iter().map(|it| process(facts, it)).collect(),
            pipelines: ci.pipelines.iter().map(pipeline).collect(),
            hooks: ci.hooks.iter().map(hook).collect(),
            hooks_run: ci.hooks_run,
            unknown,
            faults: faults
                .iter()
                .map(|(path, fault)| {
                    let place = Place::new(path.clone(), fault.span);
                    format!("{} {}", place_text(facts, &place), fault.sentence)
                })
                .collect(),
            files: files.iter().map(file).collect(),
        }
    }
}

fn place_text(facts: &Facts<'_>, place: &Place) -> String {
    let path = shown(place.path.as_str());
    match facts.text(&place.path).whole() {
        Some(document) => format!("{path}:{}", document.source.position(place.span.start).line),
        None => path,
    }
}

fn component(
    facts: &Facts<'_>,
    (index, component): (usize, &Component),
    reads: Option<&Environment>,
    files: &[FileSummary],
) -> KnownComponent {
    let dependencies = facts.dependencies().components.get(index);
    let environment = facts.environment().components.get(index);
    let project = facts.project();
    let own: BTreeMap<&Utf8Path, usize> =
        project.files.iter().map(|file| (file.path.as_path(), file.component)).collect();
    let mut roles = BTreeMap::new();
    for file in files.iter().filter(|file| own.get(file.path.as_path()) == Some(&index)) {
        let role = file.role.as_ref().map_or("unreadable", |it| it.role.name());
        *roles.entry(role).or_insert(0) += 1;
    }
    let named = |texts: &mut Vec<String>| {
        texts.sort_unstable();
        texts.dedup();
    };
    let mut read = Vec::new();
    let mut examples = Vec::new();
    let mut unknown = Vec::new();
    if let Some(reads) = reads {
        read.extend(reads.reads.iter().map(|it| shown(&it.name.value)));
        unknown.extend(reads.unknown.iter().map(|it| shown(it)));
    }
    if let Some(environment) = environment {
        examples.extend(environment.examples.iter().map(|it| shown(&it.name.value)));
    }
    named(&mut read);
    named(&mut examples);
    named(&mut unknown);
    let profiles = facts.profiles().get(index).map(|it| it.evidence.as_slice());
    let profiles = profiles.unwrap_or_default().iter();
    let pythons = facts.pythons().get(index).map(|it| it.named.as_slice()).unwrap_or_default();
    KnownComponent {
        name: shown(&component.name),
        path: shown(component.path.as_str()),
        manifest: component.manifest.as_ref().map(|path| shown(path.as_str())),
        distribution: match component.distribution {
            Distribution::Library => "library",
            Distribution::Application => "application",
            Distribution::Unknown => "unknown",
        },
        distribution_reason: shown(&component.distribution_reason),
        profiles: profiles.map(|(profile, reason)| (profile.name(), shown(reason))).collect(),
        pythons: pythons.iter().map(|it| python(facts, it)).collect(),
        manifests: dependencies
            .map_or(Vec::new(), |it| it.manifests.iter().map(manifest).collect()),
        locks: dependencies.map_or(Vec::new(), |it| it.locks.iter().map(lock).collect()),
        environment: KnownEnvironment { read, examples, unknown },
        files: roles,
    }
}

fn python(facts: &Facts<'_>, named: &Named) -> KnownPythons {
    KnownPythons {
        by: match named.by {
            NamedBy::Requirement => "requirement",
            NamedBy::Classifier => "classifier",
            NamedBy::Image => "image",
            NamedBy::Platform => "platform",
            NamedBy::VersionFile => "version file",
            NamedBy::TestJob => "test job",
            NamedBy::OtherJob => "other job",
            NamedBy::Lock => "lock",
            NamedBy::Tool => "tool",
        },
        written: shown(&named.written),
        versions: named.versions.iter().map(|it| format!("{}.{}", it.major, it.minor)).collect(),
        place: place_text(facts, &named.place),
    }
}

fn manifest(manifest: &Manifest) -> KnownManifest {
    let mut requirements: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for requirement in &manifest.requirements {
        let group = match &requirement.group {
            Group::Main => "main".to_owned(),
            Group::Extra(name) => format!("extra {}", shown(name)),
            Group::Development(name) => format!("development {}", shown(name)),
            Group::Build => "build".to_owned(),
        };
        // A folder that is installed as it is has no name.
        let name = if requirement.name.is_empty() { "." } else { &requirement.name };
        requirements.entry(group).or_default().push(shown(name));
    }
    KnownManifest {
        path: shown(manifest.path.as_str()),
        kind: match manifest.kind {
            ManifestKind::Pyproject => "pyproject",
            ManifestKind::Poetry => "poetry",
            ManifestKind::Requirements => "requirements",
            ManifestKind::Constraints => "constraints",
            ManifestKind::SetupCfg => "setup.cfg",
            ManifestKind::SetupPy => "setup.py",
            ManifestKind::Pipfile => "pipfile",
            ManifestKind::Conda => "conda",
        },
        exported: manifest.exported,
        requirements,
    }
}

fn lock(lock: &Lock) -> KnownLock {
    KnownLock {
        path: shown(lock.path.as_str()),
        kind: match lock.kind {
            LockKind::Uv => "uv",
            LockKind::Poetry => "poetry",
            LockKind::Pdm => "pdm",
            LockKind::Pipfile => "pipfile",
            LockKind::Pylock => "pylock",
            LockKind::Conda => "conda",
            LockKind::Requirements => "requirements",
        },
        packages: lock.packages.len(),
    }
}

fn image(image: &Image) -> KnownImage {
    let stage = |stage: &Stage| KnownStage {
        name: stage.name.as_deref().map(shown),
        base: match &stage.base.image {
            Fact::Known(name) => {
                let tag = name.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
                let digest = name.digest.as_ref().map(|it| format!("@{it}")).unwrap_or_default();
                pinned(&format!("{}{tag}{digest}", name.repository))
            }
            Fact::Unknown(_) => pinned(&stage.base.written.value),
        },
        shipped: stage.shipped,
        instructions: stage.instructions.len(),
    };
    KnownImage {
        path: shown(image.path.as_str()),
        context: shown(image.context.as_str()),
        development: image.development.as_deref().map(shown),
        stages: image.stages.iter().map(stage).collect(),
    }
}

fn process(facts: &Facts<'_>, process: &Process) -> KnownProcess {
    let (command, unknown) = match &process.command {
        Fact::Known(words) => (Some(command(words)), None),
        Fact::Unknown(reason) => (None, Some(shown(reason))),
    };
    KnownProcess {
        name: shown(&process.name),
        origin: match process.origin {
            Origin::Dockerfile => "dockerfile",
            Origin::Compose => "compose",
            Origin::Kubernetes => "kubernetes",
            Origin::Procfile => "procfile",
            Origin::Serverless => "serverless",
        },
        command,
        unknown,
        place: place_text(facts, &process.place),
        development: process.development.as_deref().map(shown),
    }
}

fn pipeline(pipeline: &Pipeline) -> KnownPipeline {
    KnownPipeline {
        path: shown(pipeline.path.as_str()),
        system: match pipeline.system {
            System::GitHub => "github",
            System::GitLab => "gitlab",
            System::Other => "other",
        },
        triggers: pipeline.triggers.iter().map(|it| shown(&it.value)).collect(),
        jobs: pipeline.jobs.iter().map(job).collect(),
    }
}

fn job(job: &Job) -> KnownJob {
    let commands = job.steps.iter().flat_map(|step| &step.commands);
    let uses = job.steps.iter().filter_map(|step| step.uses.as_ref()).chain(&job.calls);
    let pythons = job.pythons.as_ref();
    KnownJob {
        id: shown(&job.id),
        needs: job.needs.iter().map(|it| shown(it)).collect(),
        pythons: pythons.map(|all| all.iter().map(|it| shown(&it.value)).collect()),
        uses: uses.map(|it| pinned(&it.value)).collect(),
        commands: commands
            .map(|it| KnownCommand {
                command: command(&it.words),
                through: it.through.iter().map(|it| shown(it)).collect(),
            })
            .collect(),
    }
}

fn hook(hook: &Hook) -> KnownHook {
    KnownHook {
        id: shown(&hook.id.value),
        repository: shown(&hook.repository),
        revision: hook.revision.as_deref().map(revision),
    }
}
