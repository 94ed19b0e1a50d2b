//! What pipelines and hooks run: jobs, steps, and their commands followed one level into make, tox, nox, hatch, just,
//! scripts and Compose. Knows those formats, no code and no rule.

use camino::Utf8PathBuf;

use super::{Facts, Located, Place};

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
    /// A system whose files are seen but not understood: `CircleCI`, Jenkins, Azure.
    Other,
}

/// A job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its key.
    pub id: String,
    /// Where that stands.
    pub place: Place,
    /// The jobs it waits for.
    pub needs: Vec<String>,
    /// The versions of Python it runs on, its matrix expanded; empty where it names none, `None` where that is not known.
    pub pythons: Option<Vec<Located<String>>>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// The workflow it calls instead of steps.
    pub calls: Option<Located<String>>,
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

/// A hook of pre-commit.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Its id: `ruff`, `mypy`.
    pub id: Located<String>,
    /// The repository it comes from: `local` for one of this project.
    pub repository: String,
    /// The revision of that.
    pub revision: Option<String>,
    /// What a local one runs.
    pub entry: Option<String>,
    /// The stages it runs at; empty for the usual one.
    pub stages: Vec<String>,
}

/// Reads the pipelines of a project.
pub(super) fn read(_facts: &Facts<'_>) -> CiModel {
    CiModel::default()
}
