//! What of an event anybody can write, and who can start a workflow that holds secrets. Knows the tables of
//! `untrusted.toml`; whom a team trusts it sees by conditions only.

use std::sync::LazyLock;

use roadworthy_parser::Span;
use roadworthy_project::facts::value::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::expression::{Context, contexts, expressions};
use super::permissions::Permissions;
use super::{Job, Step, Workflow, shifted, written};

/// Events that anybody can cause and that run with the secrets and the token of the repository
/// (<https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows>).
const PRIVILEGED: [&str; 6] = [
    "pull_request_target",
    "workflow_run",
    "issue_comment",
    "issues",
    "discussion",
    "discussion_comment",
];

#[derive(Default, Deserialize)]
struct Tables {
    texts: BTreeMap<String, Vec<String>>,
    programs: BTreeMap<String, String>,
}

static TABLES: LazyLock<Tables> =
    LazyLock::new(|| toml::from_str(include_str!("untrusted.toml")).unwrap_or_default());

/// Who can cause an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Anybody, without secrets and with a token that only reads: from a fork.
    Fork,
    /// Who gets a commit merged.
    Merged,
    /// Anybody, with the secrets and the token of the repository.
    Privileged,
}

/// An expression whose text others choose, in something that is run.
pub(crate) struct Injection {
    /// The expression.
    pub(crate) span: Span,
    /// What it brings in.
    pub(crate) name: String,
    /// Who can choose the text.
    pub(crate) reach: Reach,
    /// The event by which.
    pub(crate) event: String,
}

/// The expressions in a step's script whose texts others choose.
pub(crate) fn injections(step: Step<'_>) -> Vec<Injection> {
    let workflow = step.job.workflow;
    let Some(program) = program(step) else { return Vec::new() };
    let (text, start) = written(workflow, program);
    let found = expressions(text).filter_map(|span| {
        let mut all = contexts(span.of_text(text));
        for index in 0..all.len() {
            all.extend(behind_variable(step, &all[index]));
        }
        let chosen = all.iter().filter_map(|context| Some((context, reach(workflow, context)?)));
        let (context, (reach, event)) = chosen.max_by_key(|(_, (reach, _))| *reach)?;
        Some(Injection { span: shifted(span, start), name: context.name(), reach, event })
    });
    found.collect()
}

/// What a step hands to an interpreter.
fn program(step: Step<'_>) -> Option<&Value> {
    let action = || step.action().map(str::to_ascii_lowercase);
    step.run().or_else(|| step.input(TABLES.programs.get(&action()?)?))
}

/// What an expression's contexts come to, with what `env.X` stands for where the workflow sets it.
pub(super) fn resolved(step: Step<'_>, text: &str) -> Vec<Context> {
    let mut all: Vec<Context> =
        expressions(text).flat_map(|span| contexts(span.of_text(text))).collect();
    for index in 0..all.len() {
        all.extend(behind_variable(step, &all[index]));
    }
    all
}

/// What `env.X` comes to, where the workflow sets it.
fn behind_variable(step: Step<'_>, context: &Context) -> Vec<Context> {
    let [first, name] = context.path.as_slice() else { return Vec::new() };
    if first != "env" {
        return Vec::new();
    }
    let upper = name.to_uppercase();
    let Some(value) = step.variable(&upper).or_else(|| step.variable(name)) else {
        return Vec::new();
    };
    let text = value.text().unwrap_or_default();
    expressions(text).flat_map(|span| contexts(span.of_text(text))).collect()
}

/// Who can choose the text of a context in a workflow, and by which of its events.
fn reach(workflow: &Workflow, context: &Context) -> Option<(Reach, String)> {
    let texts = TABLES.texts.iter().filter(|(name, _)| {
        let path: Vec<&str> = name.split('.').collect();
        let long_enough =
            context.path.len() == path.len() || context.whole && context.path.len() < path.len();
        long_enough && context.path.iter().zip(path).all(|(written, part)| written == part)
    });
    let events = texts.flat_map(|(name, events)| {
        events.iter().filter(|event| !is_narrowed(workflow, name, event))
    });
    let triggered = events.filter(|event| workflow.is_triggered_by(event));
    triggered.map(|event| (of_event(event), event.clone())).max()
}

fn of_event(event: &str) -> Reach {
    match event {
        "push" | "gollum" | "commit_comment" => Reach::Merged,
        _ if PRIVILEGED.contains(&event) => Reach::Privileged,
        _ => Reach::Fork,
    }
}

/// Whether the trigger lets through only branches of known names.
fn is_narrowed(workflow: &Workflow, context: &str, event: &str) -> bool {
    let triggers = workflow.triggers();
    let narrowing = triggers.iter().find(|(name, _)| *name == event).and_then(|(_, it)| *it);
    let branches = narrowing.and_then(|it| it.get("branches"));
    context == "github.event.workflow_run.head_branch"
        && branches.is_some_and(|branches| {
            branches
                .one_or_many()
                .all(|it| it.text().is_some_and(|name| !name.contains(['*', '?', '+', '['])))
        })
}

/// What stands between others and a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Guard {
    /// Nothing that the file shows.
    None,
    /// Somebody of the team sets a label or agrees first: to what was pushed until then, at best.
    Approval,
    /// It runs for the team itself, for its own branches, or for merged code.
    Trusted,
}

/// The strongest guard around a step: of itself, of its job and of the jobs that this waits for.
pub(crate) fn guard(step: Step<'_>) -> Guard {
    let own = step.condition().map_or(Guard::None, of_condition);
    own.max(of_job(step.job, 0)).max(of_steps_before(step))
}

fn of_job(job: Job<'_>, depth: usize) -> Guard {
    let own = job.condition().map_or(Guard::None, of_condition);
    let approved = if job.environment().is_some() { Guard::Approval } else { Guard::None };
    let narrowed = of_types(job.workflow);
    let mut guard = own.max(approved).max(narrowed);
    if depth < 5 {
        for before in job.needs() {
            guard = guard.max(of_job(before, depth + 1));
            guard = guard.max(before.steps().map(asks_for_rights).max().unwrap_or(Guard::None));
        }
    }
    guard
}

fn of_steps_before(step: Step<'_>) -> Guard {
    let before =
        step.job.steps().take_while(|other| other.value.span.start < step.value.span.start);
    before.map(asks_for_rights).max().unwrap_or(Guard::None)
}

/// Whether a step looks at who started the workflow.
fn asks_for_rights(step: Step<'_>) -> Guard {
    let text = step.value.span.of_text(step.job.workflow.text()).to_ascii_lowercase();
    let asks = [
        "permission",
        "author_association",
        "collaborator",
        "membership",
        "team-member",
        "is_member",
        "org-member",
    ];
    if asks.iter().any(|word| text.contains(word)) { Guard::Trusted } else { Guard::None }
}

/// What a condition asks.
fn of_condition(condition: &str) -> Guard {
    let text = condition.replace(char::is_whitespace, "").to_ascii_lowercase();
    let trusted = [
        "author_association",
        "github.actor==",
        "github.triggering_actor==",
        "github.actor)",
        "sender.login",
        "user.login==",
        "head.repo.full_name==",
        "==github.event.pull_request.head.repo.full_name",
        "head.repo.fork==false",
        "!github.event.pull_request.head.repo.fork",
        "head_repository.full_name==",
        "==github.event.workflow_run.head_repository.full_name",
        "head_repository.fork==false",
        "!github.event.workflow_run.head_repository.fork",
        "workflow_run.event=='push'",
        "workflow_run.event=='schedule'",
        "workflow_run.event=='release'",
        "workflow_run.event!='pull_request'",
        "pull_request.merged==true",
        "pull_request.merged",
        "merged==true",
        "head.repo.owner.login==",
        "head_repository.owner.login==",
        "head.user.login==",
    ];
    if trusted.iter().any(|phrase| text.contains(phrase)) {
        return Guard::Trusted;
    }
    // One alternative without a label lets everybody through.
    let is_label = text.split("||").all(|it| it.contains("label") && !it.contains("!contains"));
    if is_label { Guard::Approval } else { Guard::None }
}

/// A trigger that fires for labels alone asks somebody of the team to set one.
fn of_types(workflow: &Workflow) -> Guard {
    let triggers = workflow.triggers();
    let targeted = triggers.iter().find(|(name, _)| *name == "pull_request_target");
    let types = targeted.and_then(|(_, it)| it.and_then(|it| it.get("types")));
    let labelled =
        types.is_some_and(|types| types.one_or_many().all(|it| it.text() == Some("labeled")));
    if labelled { Guard::Approval } else { Guard::None }
}

/// Whether a job has nothing that is worth taking: its token only reads, and it is handed no secret.
pub(crate) fn is_harmless(job: Job<'_>) -> bool {
    let only_reads = match job.permissions() {
        permissions @ Permissions::Only(_) => permissions.only_read(),
        _ => false,
    };
    only_reads && job.secrets().is_some_and(|names| names.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_can_be_read() {
        assert!(TABLES.texts.len() > 20);
        let mut paths = TABLES.texts.keys();
        assert!(paths.all(|path| path.starts_with("github.") && *path == path.to_lowercase()));
        assert!(TABLES.programs.keys().all(|name| *name == name.to_lowercase()));
    }

    #[test]
    fn conditions_name_whom_they_let_through() {
        for (condition, guard) in [
            ("github.event.workflow_run.conclusion == 'success'", Guard::None),
            ("github.event.comment.author_association == 'MEMBER'", Guard::Trusted),
            ("github.event.pull_request.head.repo.full_name == github.repository", Guard::Trusted),
            ("github.event.workflow_run.event == 'push'", Guard::Trusted),
            ("contains(github.event.pull_request.labels.*.name, 'safe to test')", Guard::Approval),
            ("!contains(github.event.pull_request.labels.*.name, 'skip')", Guard::None),
            ("github.event.pull_request.merged", Guard::Trusted),
            (
                "!github.event.pull_request.draft || contains(github.event.label.name, 'x')",
                Guard::None,
            ),
        ] {
            assert_eq!(of_condition(condition), guard, "{condition}");
        }
    }
}
