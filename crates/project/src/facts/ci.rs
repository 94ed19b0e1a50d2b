//! What pipelines and hooks run: jobs, steps, and their commands followed into make, tox, nox, hatch, just, scripts and
//! Compose. Knows those formats, no code and no rule. What it does not know is in [`CiModel::unknown`].

mod arguments;
mod expressions;
mod follow;
mod github;
mod gitlab;
mod hooks;
mod installs;
mod runners;
mod systems;
mod testing;
mod tools;
mod wrappers;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Facts, Located, Place};
pub use installs::Install;
pub use systems::is_pipeline;
pub use testing::Scope;
pub use tools::{Tool, ToolKind, all as tools};

/// The pipelines of a project.
#[derive(Clone, Debug, Default)]
pub struct CiModel {
    /// By path.
    pub pipelines: Vec<Pipeline>,
    /// Hooks that pre-commit runs.
    pub hooks: Vec<Hook>,
    /// Whether a service runs the hooks on every change (pre-commit.ci), or a job does.
    pub hooks_run: bool,
    /// What else may run something, which these files do not show: "a reusable workflow of another repository". While
    /// this is not empty, what no job is seen to run may be run all the same.
    pub unknown: Vec<String>,
    /// Files that decide what is run and of which not every word is understood: pipelines, scripts. What is named in none
    /// of them is run by nobody.
    pub sources: Vec<Utf8PathBuf>,
}

/// A pipeline: one file.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// The file.
    pub path: Utf8PathBuf,
    /// Who runs it.
    pub system: System,
    /// Its events: `push`, `pull_request`, `schedule`.
    pub triggers: Vec<Located<String>>,
    /// Its jobs, in order.
    pub jobs: Vec<Job>,
}

/// Who runs a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum System {
    GitHub,
    GitLab,
    /// A system of whose files the scripts at most are read: `CircleCI`, Jenkins, Azure.
    Other,
}

/// A job.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Its key.
    pub id: String,
    /// Where that stands.
    pub place: Place,
    /// The jobs it waits for.
    pub needs: Vec<String>,
    /// The versions of Python it runs on, its matrix expanded; empty where it names none, `None` where that is not known.
    pub pythons: Option<Vec<Located<String>>>,
    /// Its steps, in order; of a job that calls a workflow of this project those of its jobs.
    pub steps: Vec<Step>,
    /// The workflow it calls instead of steps.
    pub calls: Option<Located<String>>,
}

impl Job {
    /// All commands it runs, in order.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.steps.iter().flat_map(|step| &step.commands)
    }

    /// Whether it is seen to run tests.
    pub fn runs_tests(&self) -> bool {
        self.commands().any(Command::runs_tests)
    }
}

/// A step.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Where it stands.
    pub place: Place,
    /// The action it uses: `actions/checkout@v5`.
    pub uses: Option<Located<String>>,
    /// The script it runs, and where.
    pub run: Option<Located<String>>,
    /// The commands it comes to, in order, indirections followed.
    pub commands: Vec<Command>,
}

/// A command that a job runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// Its words, without runners that only prepare another one: `uv run`, `poetry run`, `python -m`, `coverage run -m`.
    pub words: Vec<String>,
    /// The runners that were taken away: `uv run`.
    pub runners: Vec<String>,
    /// What it came through: `make test`, `tox -e py312`, `scripts/test.sh`; empty where the step itself says it.
    pub through: Vec<String>,
    /// The folder of the project it runs in.
    pub folder: Utf8PathBuf,
    /// Where the step, or the file it came through, says it.
    pub place: Place,
}

impl Command {
    /// The program, without its folder.
    pub fn program(&self) -> &str {
        let first = self.words.first().map_or("", String::as_str);
        first.rsplit('/').next().unwrap_or_default()
    }

    /// The known tools that it runs.
    pub fn tools(&self) -> impl Iterator<Item = &'static Tool> {
        tools::of_command(self)
    }

    /// Whether it runs tests of Python.
    pub fn runs_tests(&self) -> bool {
        testing::runs_tests(self)
    }

    /// What it installs for Python.
    pub fn install(&self) -> Option<Install> {
        installs::of_command(self)
    }

    /// The files and folders that a run of tests leaves out, as paths of the project.
    pub fn left_out(&self) -> Vec<Utf8PathBuf> {
        testing::left_out(self)
    }

    /// The files and folders that a run of tests is limited to.
    pub fn test_paths(&self) -> Scope {
        testing::scope(self)
    }
}

/// A hook of pre-commit.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Its id: `ruff`, `mypy`.
    pub id: Located<String>,
    /// The repository it comes from: `local` for one of this project.
    pub repository: String,
    /// The revision of that.
    pub revision: Option<String>,
    /// What a local one runs, with the text behind it of a script of the repository that it names.
    pub entry: Option<String>,
    /// The stages it runs at; empty for the usual one.
    pub stages: Vec<String>,
    /// Whether pre-commit.ci is told to leave it out.
    pub skipped: bool,
}

/// The folders that pipelines are looked for in: where the repositories of a project begin.
fn roots(facts: &Facts<'_>) -> Vec<Utf8PathBuf> {
    let project = facts.project();
    let mut roots: Vec<_> = project
        .components
        .iter()
        .map(|component| crate::discover::shown(&project.working_directory, &component.base))
        .collect();
    if roots.is_empty() {
        roots.push(Utf8PathBuf::new());
    }
    roots.sort();
    roots.dedup();
    roots
}

/// Reads the pipelines of a project.
pub(super) fn read(facts: &Facts<'_>) -> CiModel {
    let mut model = CiModel::default();
    let mut follower = follow::Follower::new(facts);
    for root in roots(facts) {
        follower.root.clone_from(&root);
        github::read(&mut follower, &mut model.pipelines);
        gitlab::read(&mut follower, &mut model.pipelines);
        systems::read(&mut follower, &mut model.pipelines);
        hooks::read(&follower, &mut model);
    }
    model.pipelines.sort_by(|a, b| a.path.cmp(&b.path));
    let commands = || model.pipelines.iter().flat_map(|it| &it.jobs).flat_map(Job::commands);
    model.hooks_run |= commands().any(hooks::runs_all) || model.pipelines.iter().any(hooks::uses);
    model.unknown = std::mem::take(&mut follower.unknown);
    model.sources = std::mem::take(&mut follower.sources);
    model.sources.sort();
    model.sources.dedup();
    model
}

impl CiModel {
    /// All commands of all jobs.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.pipelines.iter().flat_map(|pipeline| &pipeline.jobs).flat_map(Job::commands)
    }

    /// Whether a word stands anywhere in what jobs run, understood or not.
    pub fn mentions(&self, facts: &Facts<'_>, word: &str) -> bool {
        self.sources.iter().any(|path| follow::text_of(facts, path, |text| has_word(text, word)))
    }
}

/// Whether a text has a word that letters and digits do not go on at either side.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let goes_on = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
        !goes_on(text[..at].chars().next_back()) && !goes_on(text[at + word.len()..].chars().next())
    })
}

fn join(folder: &Utf8Path, path: &str) -> Option<Utf8PathBuf> {
    crate::tree::resolved(folder, path)
}

#[cfg(test)]
mod tests;
