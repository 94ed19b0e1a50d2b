//! What shows that the token of a job may write where nothing is said of it. Knows the day since which it may not by default,
//! and what workflows do with it; the setting itself is nowhere in a repository.

use roadworthy_project::Facts;
use roadworthy_project::facts::value::Value;
use rustc_hash::FxHashSet;

use super::is_installer;
use crate::shared::delivery::workflow::{Job, Step, Workflow};
use crate::shared::delivery::workflow::{
    actions::is_platform, actions::is_vendor, actions::movable, actions::releases,
};

/// Since then the token of a new repository or organisation only reads:
/// <https://github.blog/changelog/2023-02-02-github-actions-updating-the-default-github_token-permissions-to-read-only/>.
const READ_ONLY_SINCE: &str = "2023-02-02T00:00:00Z";

/// What a repository says of its default by when it began.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// It is from when all tokens could write, or nobody knows from when.
    Old,
    /// Its default most likely only reads.
    Young,
}

impl Age {
    pub(super) fn of(facts: &Facts<'_>, workflows: &[Workflow]) -> Self {
        let is_old = facts.began_before(READ_ONLY_SINCE).unwrap_or_else(|| {
            // Whoever had to ask for writing did not have it.
            !workflows.iter().any(asks_to_write)
        });
        if is_old { Self::Old } else { Self::Young }
    }
}

/// Whether a workflow, or a job of it, asks to write what is in the repository.
fn asks_to_write(workflow: &Workflow) -> bool {
    let asks = |value: &Value| value.get("contents").and_then(Value::text) == Some("write");
    workflow.get("permissions").is_some_and(asks)
        || workflow.jobs().any(|it| it.value.get("permissions").is_some_and(asks))
}

/// Whether a workflow was written before the default changed: it uses what has been out of use since.
pub(super) fn is_of_the_past(workflow: &Workflow) -> bool {
    let text = workflow.text();
    ["actions/checkout@v1", "actions/checkout@v2", "actions/checkout@master", "::set-output"]
        .iter()
        .any(|it| text.contains(it))
}

/// Whether a job writes with its token, hands it to somebody, or lets strangers' code that may become another get at it.
pub(super) fn shows_need(job: Job<'_>, own: &FxHashSet<String>) -> bool {
    let text = job.value.span.of_text(job.workflow.text());
    let text: String =
        text.lines().filter(|it| !it.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    let names_token = ["github.token", "GITHUB_TOKEN"].iter().any(|it| text.contains(it));
    let is_of_others = ["pull_request_target", "workflow_run", "issue_comment"]
        .iter()
        .any(|it| job.workflow.is_triggered_by(it));
    let checks_out = takes_repository(job);
    let is_strange = |branch: bool, owner: &str, name: &str| {
        !is_platform(owner)
            && !own.contains(owner)
            && (branch || !is_vendor(owner) && !is_installer(name))
    };
    names_token
        || text.contains("git push")
        || releases(job).is_some()
        || is_of_others && checks_out
        || movable(job).iter().any(|it| {
            let is_branch = it.is_branch() || it.revision == "stable";
            (is_branch || checks_out) && is_strange(is_branch, &it.owner, it.name)
        })
}

/// Whether a step of a job leaves the token in the copy of the repository.
fn takes_repository(job: Job<'_>) -> bool {
    let takes = |step: Step<'_>| {
        let kept = step.input("persist-credentials").and_then(Value::scalar);
        step.action() == Some("actions/checkout") && kept != Some("false")
    };
    job.steps().any(takes)
}

/// Whether a workflow only waits for branches that are not there.
pub(super) fn has_no_branch(facts: &Facts<'_>, workflow: &Workflow) -> bool {
    let is_missing = |branch: &Value| {
        branch.text().is_some_and(|name| {
            !name.contains(['*', '?', '+', '[', '!']) && facts.has_branch(name) == Some(false)
        })
    };
    let waits = |filter: Option<&Value>| {
        filter.is_some_and(|it| {
            let mut branches =
                it.get("branches").into_iter().flat_map(Value::one_or_many).peekable();
            it.get("tags").is_none() && branches.peek().is_some() && branches.all(is_missing)
        })
    };
    let triggers = workflow.triggers();
    !triggers.is_empty()
        && triggers
            .iter()
            .all(|(name, filter)| matches!(*name, "push" | "pull_request") && waits(*filter))
}
