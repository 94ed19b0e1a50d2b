//! See `workflow-dangerous.toml`: what others write, where a workflow runs it.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::Facts;

use crate::shared::delivery::workflow::zizmor::runs_zizmor;
use crate::shared::delivery::workflow::{Job, Step, Workflow, execution, workflows};
use crate::shared::delivery::workflow::{checkout::Checkout, checkout::checkout};
use crate::shared::delivery::workflow::{
    untrusted::Guard, untrusted::Injection, untrusted::Reach, untrusted::guard,
    untrusted::injections, untrusted::is_harmless,
};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let workflows = workflows(facts);
    if runs_zizmor(facts, &workflows) {
        return;
    }
    for workflow in &workflows {
        for (span, severity, message) in found(workflow) {
            out.report(workflow.path(), Report::at(span).severity(severity).message(message));
        }
    }
}

fn found(workflow: &Workflow) -> Vec<(Span, Severity, String)> {
    let mut found = Vec::new();
    for job in workflow.jobs() {
        for step in job.steps() {
            for injection in injections(step) {
                found.push((injection.span, of_injection(&injection, step), told(&injection)));
            }
            if let Some(checkout) = checkout(step) {
                found.extend(of_checkout(&checkout, job, step));
            }
        }
    }
    found
}

fn of_injection(injection: &Injection, step: Step<'_>) -> Severity {
    let harmless = is_harmless(step.job);
    match (injection.reach, guard(step)) {
        (Reach::Privileged, Guard::None) if !harmless => Severity::Error,
        (Reach::Privileged, Guard::None | Guard::Approval) => Severity::Warning,
        (Reach::Merged, Guard::None) if !harmless => Severity::Warning,
        _ => Severity::Info,
    }
}

fn told(injection: &Injection) -> String {
    let Injection { name, event, .. } = injection;
    match injection.reach {
        Reach::Privileged => {
            format!("`{name}` is pasted into a script, and anybody can write it (`{event}`)")
        }
        Reach::Merged => {
            format!("`{name}` is pasted into a script, and who gets a commit merged writes it")
        }
        Reach::Fork => {
            format!(
                "`{name}` is pasted into a script, and anybody can write it (`{event}`, without secrets)"
            )
        }
    }
}

fn of_checkout(
    checkout: &Checkout<'_>,
    job: Job<'_>,
    step: Step<'_>,
) -> Option<(Span, Severity, String)> {
    let behind = job.steps().filter(|other| other.value.span.start > step.value.span.start);
    let mut behind = behind.filter_map(|other| execution::of_step(other, checkout.folder));
    let run = execution::behind_checkout(step).or_else(|| behind.next());
    let severity = match (guard(step), &run, is_harmless(job)) {
        // Somebody of the team asks for it, or it is theirs.
        (Guard::Trusted, _, _) => return None,
        (Guard::None, Some(_), false) if checkout.is_certain => Severity::Error,
        (Guard::None, Some(_), _) | (Guard::Approval, Some(_), false) => Severity::Warning,
        _ => Severity::Info,
    };
    let event = &checkout.event;
    let message = match run {
        Some(what) => format!(
            "`{event}` checks out what anybody wrote and runs it (`{what}`) with the rights of the repository"
        ),
        None => {
            format!("`{event}` checks out what anybody wrote, beside the token of the repository")
        }
    };
    Some((checkout.place, severity, message))
}
