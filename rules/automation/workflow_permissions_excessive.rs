//! See `workflow-permissions-excessive.toml`: what a workflow says of its token, and what it leaves to the repository.

use roadworthy_engine::{ProjectReporter, Severity};
use roadworthy_parser::Span;
use roadworthy_project::Facts;

use crate::shared::workflow::folded::{Found, folded};
use crate::shared::workflow::permissions::Permissions;
use crate::shared::workflow::zizmor::runs_zizmor;
use crate::shared::workflow::{Job, Workflow, workflows};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let workflows = workflows(facts);
    // Who runs zizmor has been told, and decided.
    let most = if runs_zizmor(facts, &workflows) { Severity::Info } else { Severity::Warning };
    workflows.iter().flat_map(|it| too_much(it, most)).for_each(|it| it.report(out));
    let silent: Vec<Found> = workflows.iter().filter_map(|it| says_nothing(it, most)).collect();
    let (open, partly): (Vec<_>, Vec<_>) = silent.into_iter().partition(|it| it.severity == most);
    for kind in [open, partly] {
        folded(kind, workflows.len(), "in").into_iter().for_each(|it| it.report(out));
    }
}

fn found(workflow: &Workflow, span: Span, severity: Severity, message: String) -> Found {
    Found { path: workflow.path().to_owned(), span, severity, message }
}

/// Where a token may write everything.
fn too_much(workflow: &Workflow, most: Severity) -> Vec<Found> {
    let mut all = Vec::new();
    if workflow.permissions() == Some(Permissions::WriteAll)
        && let Some(value) = workflow.get("permissions")
    {
        let message = "the token of every job may write everything".to_owned();
        all.push(found(workflow, value.span, most, message));
    }
    for job in workflow.jobs() {
        if let Some(value) = job.value.get("permissions")
            && value.text() == Some("write-all")
        {
            let message = format!("the token of job `{}` may write everything", job.key.name);
            all.push(found(workflow, value.span, most, message));
        }
    }
    all
}

/// Where nothing is said of a token.
fn says_nothing(workflow: &Workflow, most: Severity) -> Option<Found> {
    if workflow.permissions().is_some() || is_only_called(workflow) {
        return None;
    }
    // What a called workflow asks for is written there.
    let silent: Vec<Job<'_>> = workflow
        .jobs()
        .filter(|job| job.value.get("permissions").is_none() && job.calls().is_none())
        .collect();
    let [first, rest @ ..] = silent.as_slice() else {
        if workflow.jobs().all(|job| job.calls().is_some()) {
            return None;
        }
        let message = "each job says what its token may do, the workflow does not: a new job gets the repository's default";
        let key = workflow.jobs().next()?.key;
        return Some(found(workflow, key.span, Severity::Info, message.to_owned()));
    };
    let others = match rest.len() {
        0 => String::new(),
        1 => " and another".to_owned(),
        more => format!(" and {more} others"),
    };
    let message = format!(
        "nothing says what the token of job `{}`{others} may do, so the repository's default decides",
        first.key.name
    );
    Some(found(workflow, first.key.span, most, message))
}

/// Whether only other workflows start it, whose token it gets.
fn is_only_called(workflow: &Workflow) -> bool {
    let triggers = workflow.triggers();
    !triggers.is_empty() && triggers.iter().all(|(name, _)| *name == "workflow_call")
}
