//! What to compare with: the arguments, or the environment that they point at. Knows variables, no repository.

use std::env;

use roadworthy_parser::quoted;

use crate::args::{CheckArguments, ColorChoice};
use crate::error::Error;
use crate::terminal::{Kind, say};

/// What to compare with.
pub(super) enum Base {
    /// The index with HEAD.
    Staged,
    /// The working copy with the commit in which two revisions meet.
    Commit {
        revision: String,
        /// What the working copy stands for; HEAD where nothing says so.
        tip: Option<String>,
    },
}

/// What the arguments want to compare with; `None` where everything is to be judged.
///
/// # Errors
/// When the arguments do not go together.
pub(super) fn asked(arguments: &CheckArguments, color: ColorChoice) -> Result<Option<Base>, Error> {
    let asked = &arguments.diff;
    if !asked.staged && asked.diff.is_none() {
        return Ok(None);
    }
    if arguments.paths.iter().any(|path| path == "-") {
        let sentence = "--diff and --staged compare files with what git keeps, and standard input is none: give no `-`";
        return Err(Error::Usage(sentence.to_owned()));
    }
    let Some(revision) = asked.diff.clone().flatten() else { return Ok(Some(Base::Staged)) };
    if revision != "auto" {
        return Ok(Some(Base::Commit { revision, tip: None }));
    }
    let told = of_surroundings();
    let sentence = match &told {
        Some((revision, _, origin)) => {
            format!("--diff auto: compared with {}, as {origin} says", quoted(revision))
        }
        None => "--diff auto: neither pre-commit nor GitHub nor GitLab says what to compare with, so that \
                 everything is judged"
            .to_owned(),
    };
    say(color, Kind::Note, &sentence);
    Ok(told.map(|(revision, tip, _)| Base::Commit { revision, tip }))
}

/// The revision that a hook or a pipeline compares with, what it takes the working copy for, and the variable that
/// says so.
fn of_surroundings() -> Option<(String, Option<String>, &'static str)> {
    let name = "PRE_COMMIT_FROM_REF";
    if let Some(revision) = variable(name) {
        return Some((revision, variable("PRE_COMMIT_TO_REF"), name));
    }
    of_pipeline().map(|(revision, origin)| (revision, None, origin))
}

/// The revision that a pull request is to be merged into, where a pipeline says that it runs for one.
pub(crate) fn pull_request() -> Option<String> {
    of_pipeline().map(|(revision, _)| revision)
}

fn of_pipeline() -> Option<(String, &'static str)> {
    // GitHub sets it for pull requests only.
    let name = "GITHUB_BASE_REF";
    if let Some(branch) = variable(name) {
        return Some((format!("origin/{branch}"), name));
    }
    let name = "CI_MERGE_REQUEST_DIFF_BASE_SHA";
    variable(name).map(|revision| (revision, name))
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
