//! The code of a pull request that a workflow with secrets checks out. Knows the tables of `checkout.toml`; of an action other than
//! `actions/checkout` it says nothing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use roadworthy_parser::Span;
use roadworthy_project::facts::value::Value;
use serde::Deserialize;

use super::untrusted::resolved;
use super::{Step, written};

#[derive(Default, Deserialize)]
struct Tables {
    revisions: BTreeMap<String, Vec<String>>,
    repositories: BTreeMap<String, Vec<String>>,
    refusal: Refusals,
}

#[derive(Default, Deserialize)]
struct Refusals {
    since: Vec<String>,
    events: Vec<String>,
}

static TABLES: LazyLock<Tables> =
    LazyLock::new(|| toml::from_str(include_str!("checkout.toml")).unwrap_or_default());

/// A checkout of what somebody else wrote, in a workflow with secrets.
pub(crate) struct Checkout<'w> {
    /// What says which code.
    pub(crate) place: Span,
    /// The event.
    pub(crate) event: String,
    /// The folder that it goes to, where it is not the working directory.
    pub(crate) folder: Option<&'w str>,
    /// Whether it is certain that the code is handed out: a commit of the action does not tell whether it refuses.
    pub(crate) is_certain: bool,
}

/// The checkout of a pull request's code that a step makes.
pub(crate) fn checkout(step: Step<'_>) -> Option<Checkout<'_>> {
    match step.action() {
        Some(action) if action.eq_ignore_ascii_case("actions/checkout") => by_action(step),
        Some(_) => None,
        None => by_script(step),
    }
}

fn by_action(step: Step<'_>) -> Option<Checkout<'_>> {
    let named = [("ref", revision as fn(_, &str) -> _), ("repository", repository)];
    let (place, event) = named.iter().find_map(|(name, read)| {
        let value = step.input(name)?;
        Some((value.span, read(step, value.text()?)?))
    })?;
    let refusal = refusal(step, &event);
    let folder = step.input("path").and_then(Value::text).filter(|it| !matches!(*it, "." | "./"));
    let is_certain = refusal == Refusal::No;
    (refusal != Refusal::Yes).then_some(Checkout { place, event, folder, is_certain })
}

fn by_script(step: Step<'_>) -> Option<Checkout<'_>> {
    let workflow = step.job.workflow;
    let value = step.run()?;
    let script = value.text()?;
    let event = if script.contains("gh pr checkout") {
        let events = ["pull_request_target", "issue_comment"];
        (*events.iter().find(|event| workflow.is_triggered_by(event))?).to_owned()
    } else {
        let mut lines = script.lines().filter(|line| {
            line.contains("git checkout") || line.contains("git fetch") && line.contains("pull/")
        });
        lines.find_map(|line| revision(step, line))?
    };
    let (text, start) = written(workflow, value);
    let at = ["gh pr checkout", "git fetch", "git checkout"]
        .iter()
        .find_map(|it| Some((text.find(it)?, it.len())));
    let place = at.map_or(value.span, |(at, length)| {
        Span::new(start + at as u32, start + (at + length) as u32)
    });
    Some(Checkout { place, event, folder: None, is_certain: true })
}

/// The event by which a text with expressions names code of a pull request.
fn revision(step: Step<'_>, text: &str) -> Option<String> {
    let of_pull = text.contains("pull/");
    let contexts = resolved(step, text);
    let mut names = contexts.iter().map(super::expression::Context::name);
    names.find_map(|name| {
        let is_meant = of_pull || !name.ends_with(".number");
        is_meant.then(|| event(step, TABLES.revisions.get(&name)))?
    })
}

/// The event by which a text with expressions names the repository of a pull request.
fn repository(step: Step<'_>, text: &str) -> Option<String> {
    let contexts = resolved(step, text);
    contexts.iter().find_map(|context| event(step, TABLES.repositories.get(&context.name())))
}

fn event(step: Step<'_>, events: Option<&Vec<String>>) -> Option<String> {
    events?.iter().find(|event| step.job.workflow.is_triggered_by(event)).cloned()
}

/// Whether the action refuses to hand out a fork's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    Yes,
    No,
    Unknown,
}

fn refusal(step: Step<'_>, event: &str) -> Refusal {
    let allowed = step.input("allow-unsafe-pr-checkout").and_then(Value::scalar);
    if allowed == Some("true") || !TABLES.refusal.events.iter().any(|it| it == event) {
        return Refusal::No;
    }
    let Some(uses) = step.uses() else { return Refusal::Unknown };
    let revision = uses.text().and_then(|it| it.split_once('@')).map_or("", |(_, it)| it);
    match of_revision(revision) {
        Refusal::Unknown => {
            // Behind the commit, a comment tells the release: but a major version alone was many.
            let behind = step.job.workflow.text().get(uses.span.end as usize..).unwrap_or_default();
            let comment = behind.lines().next().and_then(|line| line.split_once('#'));
            let release = comment.map_or("", |(_, it)| it).split_whitespace().next();
            release.filter(|it| it.contains('.')).map_or(Refusal::Unknown, of_revision)
        }
        known => known,
    }
}

/// Whether a release or a major version of the action refuses.
fn of_revision(revision: &str) -> Refusal {
    if matches!(revision, "main" | "master") {
        return Refusal::Yes;
    }
    let Some(written) = release(revision) else { return Refusal::Unknown };
    let mut since = TABLES.refusal.since.iter().filter_map(|it| release(it));
    let newest = since.clone().map(|it| it[0]).max().unwrap_or(u32::MAX);
    let refuses = written[0] > newest
        || since
            .any(|since| since[0] == written[0] && (!revision.contains('.') || since <= written));
    if refuses { Refusal::Yes } else { Refusal::No }
}

/// `v6.0.2`, `6.0.2` or `v6` as three numbers.
fn release(revision: &str) -> Option<[u32; 3]> {
    let mut numbers = [0; 3];
    let written = revision.strip_prefix('v').unwrap_or(revision);
    for (index, part) in written.split('.').enumerate() {
        *numbers.get_mut(index)? = part.parse().ok().filter(|it| *it < 1000)?;
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_can_be_read() {
        assert!(TABLES.revisions.len() > 5 && TABLES.repositories.len() > 1);
        let mut paths = TABLES.revisions.keys().chain(TABLES.repositories.keys());
        assert!(paths.all(|path| path.starts_with("github.") && *path == path.to_lowercase()));
        assert!(TABLES.refusal.since.iter().all(|it| release(it).is_some()));
    }

    #[test]
    fn newer_releases_of_the_action_refuse() {
        for (revision, refuses) in [
            ("v1", Refusal::No),
            ("v4", Refusal::Yes),
            ("v4.3.1", Refusal::No),
            ("v4.4.0", Refusal::Yes),
            ("v6.1", Refusal::Yes),
            ("v12", Refusal::Yes),
            ("main", Refusal::Yes),
            ("8e8c483db84b4bee98b60c0593521ed34d9990e8", Refusal::Unknown),
        ] {
            assert_eq!(of_revision(revision), refuses, "{revision}");
        }
    }
}
