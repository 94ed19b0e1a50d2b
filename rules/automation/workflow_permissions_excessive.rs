//! See `workflow-permissions-excessive.toml`: what a workflow says of its token, and what it leaves to the repository.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::Facts;

use crate::shared::workflow::permissions::Permissions;
use crate::shared::workflow::zizmor::runs_zizmor;
use crate::shared::workflow::{Job, Workflow, workflows};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let workflows = workflows(facts);
    // Who runs zizmor has been told, and decided.
    let most = if runs_zizmor(facts, &workflows) { Severity::Info } else { Severity::Warning };
    for workflow in &workflows {
        check_workflow(workflow, most, out);
    }
}

fn check_workflow(workflow: &Workflow, most: Severity, out: &mut ProjectReporter<'_>) {
    let mut report = |span: Span, severity: Severity, message: String| {
        let severity = severity.min(most);
        out.report(workflow.path(), Report::at(span).severity(severity).message(message));
    };
    if workflow.permissions() == Some(Permissions::WriteAll)
        && let Some(value) = workflow.get("permissions")
    {
        report(value.span, Severity::Warning, "the token of every job may write everything".into());
    }
    for job in workflow.jobs() {
        if let Some(value) = job.value.get("permissions")
            && value.text() == Some("write-all")
        {
            let message = format!("the token of job `{}` may write everything", job.key.name);
            report(value.span, Severity::Warning, message);
        }
    }
    if workflow.permissions().is_some() || is_only_called(workflow) {
        return;
    }
    // What a called workflow asks for is written there.
    let silent: Vec<Job<'_>> = workflow
        .jobs()
        .filter(|job| job.value.get("permissions").is_none() && job.calls().is_none())
        .collect();
    match silent.as_slice() {
        [] if workflow.jobs().all(|job| job.calls().is_some()) => {}
        [] => {
            if let Some(job) = workflow.jobs().next() {
                let message = "each job says what its token may do, the workflow does not: a new job gets the repository's default";
                report(job.key.span, Severity::Info, message.into());
            }
        }
        [first, rest @ ..] => {
            let others = match rest.len() {
                0 => String::new(),
                1 => " and another".to_owned(),
                more => format!(" and {more} others"),
            };
            let message = format!(
                "nothing says what the token of job `{}`{others} may do, so the repository's default decides",
                first.key.name
            );
            report(first.key.span, Severity::Warning, message);
        }
    }
}

/// Whether only other workflows start it, whose token it gets.
fn is_only_called(workflow: &Workflow) -> bool {
    let triggers = workflow.triggers();
    !triggers.is_empty() && triggers.iter().all(|(name, _)| *name == "workflow_call")
}
