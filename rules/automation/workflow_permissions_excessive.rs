//! See `workflow-permissions-excessive.toml`: what a workflow says of its token, and what it leaves to the repository.

#[path = "workflow_permissions_excessive/evidence.rs"]
mod evidence;
#[path = "workflow_permissions_excessive/writing.rs"]
mod writing;

use std::cmp::Reverse;

use roadworthy_engine::{ProjectReporter, Severity};
use roadworthy_parser::Span;
use roadworthy_project::Facts;
use roadworthy_project::facts::value::Value;
use rustc_hash::FxHashSet;

use crate::shared::delivery::workflow::permissions::Permissions;
use crate::shared::delivery::workflow::zizmor::runs_zizmor;
use crate::shared::delivery::workflow::{Job, Step, Workflow, workflows};
use crate::shared::delivery::workflow::{
    actions::is_at_commit, actions::is_for_reports, actions::is_platform, actions::is_vendor,
    actions::issues, actions::own_owners, actions::owner, actions::publishes, actions::releases,
};
use crate::shared::delivery::workflow::{folded::Found, folded::folded};

use self::evidence::{is_without_code, only_hands_over, shows_need};
use self::writing::{runs_code_of_others, shows_writing};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let workflows = workflows(facts);
    // Who runs zizmor has been told, and decided.
    let most = if runs_zizmor(facts, &workflows) { Severity::Info } else { Severity::Warning };
    // Who writes it into one workflow mostly writes it into all.
    let all = workflows.iter().flat_map(|it| too_much(it, most)).collect();
    for found in folded(all, 0, "in") {
        found.report(out);
    }
    let own = own_owners(facts, &workflows);
    let known = Known { own: &own, writer: shows_writing(&workflows) };
    let mut silent: Vec<Found> =
        workflows.iter().filter_map(|it| says_nothing(it, &known)).collect();
    // Where one is told for all, that is one of the worst.
    silent.sort_by_key(|it| Reverse(it.severity));
    let partly = workflows.iter().filter_map(says_it_by_job).collect();
    // The setting that mends them all is one.
    let places = silent.len();
    for (kind, places) in [(silent, places), (partly, workflows.len())] {
        for mut found in folded(kind, places, "in") {
            found.severity = found.severity.min(most);
            found.report(out);
        }
    }
}

/// What is known of the repository.
struct Known<'w> {
    /// Who it belongs to.
    own: &'w FxHashSet<String>,
    /// A job that writes with a token of which nothing is said, so that its default is to write.
    writer: Option<(&'w Workflow, Job<'w>)>,
}

/// Whether a text names the token that every job has.
fn names_token(text: &str) -> bool {
    ["github.token", "GITHUB_TOKEN"].iter().any(|it| text.contains(it))
}

/// Whether what others propose or write starts a workflow, with the rights of the repository.
fn brings_others(workflow: &Workflow) -> bool {
    ["pull_request_target", "workflow_run", "issue_comment"]
        .iter()
        .any(|it| workflow.is_triggered_by(it))
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

/// The jobs of whose tokens nothing is said. What a called workflow asks for is written there.
fn silent_jobs(workflow: &Workflow) -> Vec<Job<'_>> {
    if workflow.permissions().is_some() || workflow.is_only_called() {
        return Vec::new();
    }
    let jobs = workflow.jobs();
    jobs.filter(|job| job.value.get("permissions").is_none() && job.calls().is_none())
        .filter(|job| !only_speaks(*job) && !job.never_runs())
        .collect()
}

/// Whether a job only writes into its log.
fn only_speaks(job: Job<'_>) -> bool {
    let mut steps = job.steps().peekable();
    let speaks = |step: Step<'_>| {
        let run = step.run().and_then(Value::text).unwrap_or_default();
        step.uses().is_none()
            && run
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .all(|line| line.starts_with("echo ") || line.starts_with("exit "))
    };
    steps.peek().is_some() && steps.all(speaks)
}

fn says_nothing(workflow: &Workflow, known: &Known<'_>) -> Option<Found> {
    let own = known.own;
    if !reaches_token(workflow) {
        return None;
    }
    let mut silent = silent_jobs(workflow);
    silent.retain(|job| !job.asks_for_the_withdrawn());
    let is_risky = |job: &&Job<'_>| {
        !is_plain(**job, own)
            && !is_out_of_reach(**job)
            && !is_without_code(**job)
            && !only_hands_over(**job)
    };
    let is_of_others = brings_others(workflow);
    let open = silent.iter().find(|it| is_of_others && runs_code_of_others(**it));
    let first = open.or(silent.iter().find(is_risky)).or(silent.first())?;
    let others = match silent.len() - 1 {
        0 => String::new(),
        1 => " and another".to_owned(),
        more => format!(" and {more} others"),
    };
    let by = known.writer.map_or(String::new(), |(at, job)| {
        let name = at.path().file_name().unwrap_or_default();
        format!(", and `{}` in {name} shows that this is to write", job.key.name)
    });
    let message = format!(
        "nothing says what the token of job `{}`{others} may do, so the repository's default decides{by}",
        first.key.name
    );
    let may_write =
        || known.writer.is_some() && silent.iter().any(|it| is_risky(&it) && shows_need(*it, own));
    let is_harmless = || {
        !is_risky(&first)
            || is_for_checks(workflow)
            || only_calls_by_hand(workflow)
            || workflow.is_called_off()
            || !may_write()
    };
    let severity = if open.is_none() && is_harmless() { Severity::Info } else { Severity::Warning };
    Some(found(workflow, first.key.span, severity, message))
}

/// Whether anything in a workflow can get at the token: an action takes it by itself, a command has to be handed it.
fn reaches_token(workflow: &Workflow) -> bool {
    let text = workflow.text();
    ["github.token", "GITHUB_TOKEN", "toJSON(github)", "toJSON(secrets)"]
        .iter()
        .any(|it| text.contains(it))
        || workflow.jobs().any(|job| {
            job.calls().is_some()
                || job.steps().next().is_none()
                || job.steps().any(|it| !only_calls(it))
        })
}

/// Whether a job uses no action and names no token, so that nothing in it gets one.
fn is_out_of_reach(job: Job<'_>) -> bool {
    let text = job.value.span.of_text(job.workflow.text());
    let names = ["github.token", "GITHUB_TOKEN", "toJSON(github)", "toJSON(secrets)"];
    job.steps().next().is_some()
        && job.steps().all(|it| it.uses().is_none())
        && !names.iter().any(|it| text.contains(it))
}

/// Whether a step only calls an address by a command.
fn only_calls(step: Step<'_>) -> bool {
    let run = step.run().and_then(Value::text).unwrap_or_default();
    step.uses().is_none() && ["curl ", "wget "].iter().any(|it| run.contains(it))
}

/// Whether a workflow only looks at what somebody proposes, and names no secret: a fork's token only reads, and who can push
/// a branch here may write anyway.
fn is_for_checks(workflow: &Workflow) -> bool {
    let triggers = workflow.triggers();
    let text = workflow.text();
    let is_weak = |(at, mark): (usize, &str)| {
        let rest = &text[at + mark.len()..];
        let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        is_for_reports(&rest[..end.unwrap_or(rest.len())])
    };
    !triggers.is_empty()
        && triggers.iter().all(|(name, _)| *name == "pull_request")
        && text.match_indices("secrets.").all(is_weak)
        && !["secrets[", "secrets:", "github.token", "GITHUB_TOKEN"]
            .iter()
            .any(|it| text.contains(it))
}

/// Whether somebody of the team starts a workflow by hand, and none of its jobs takes the repository or names its token.
fn only_calls_by_hand(workflow: &Workflow) -> bool {
    let text = workflow.text();
    let triggers = workflow.triggers();
    !triggers.is_empty()
        && triggers.iter().all(|(name, _)| *name == "workflow_dispatch")
        && !["actions/checkout", "github.token", "GITHUB_TOKEN"].iter().any(|it| text.contains(it))
        && workflow.jobs().all(|job| publishes(job).or_else(|| releases(job)).is_none())
}

/// Whether a job is handed nothing of value, and uses nothing of strangers but the packages that it installs.
fn is_plain(job: Job<'_>, own: &FxHashSet<String>) -> bool {
    let is_known = |value: &Value| {
        let text = value.text().unwrap_or_default();
        text.starts_with("./")
            || owner(text).is_some_and(|it| is_platform(&it) || is_vendor(&it) || own.contains(&it))
            || is_installer(text)
    };
    // The key to a service, handed to that service's own action, says nothing of the repository's token.
    let owners: Vec<String> =
        job.steps().filter_map(Step::uses).filter_map(|it| owner(it.text()?)).collect();
    let is_for_owner = |name: &str| owners.iter().any(|it| issues(it, name));
    only_runs_fixed(job)
        || brings_tokens(job)
        || job.steps().filter_map(Step::uses).all(is_known)
            && (only_tests(job)
                || job.secrets().is_some_and(|names| {
                    names.iter().all(|name| is_for_reports(name) || is_for_owner(name))
                }))
            && publishes(job).or_else(|| releases(job)).is_none()
}

/// Whether a job only tests, by its name: the settings that tests are run with say nothing of the token.
fn only_tests(job: Job<'_>) -> bool {
    const WORDS: [&str; 4] = ["pytest", "test", "testing", "tests"];
    job.secrets().is_some()
        && job.key.name.to_ascii_lowercase().split(['-', '_']).all(|it| WORDS.contains(&it))
}

/// Whether all that a job does is to run GitHub's own actions, each at one commit, on nothing that the repository holds.
fn only_runs_fixed(job: Job<'_>) -> bool {
    let mut steps = job.steps().peekable();
    let is_fixed = |step: Step<'_>| {
        let uses = step.uses().and_then(Value::text).unwrap_or_default();
        uses.starts_with("actions/") && !uses.starts_with("actions/checkout") && is_at_commit(uses)
    };
    steps.peek().is_some() && steps.all(is_fixed)
}

/// Whether all that a job does is to run GitHub's own actions, each with a token that the job was given for it: its own stays
/// unused.
fn brings_tokens(job: Job<'_>) -> bool {
    let mut steps = job.steps().peekable();
    let is_given = |step: Step<'_>| {
        let uses = step.uses().and_then(Value::text).unwrap_or_default();
        let inputs = step.value.get("with");
        let token = ["github-token", "token", "repo-token"]
            .iter()
            .find_map(|name| inputs?.get(name)?.text());
        uses.starts_with("actions/")
            && !uses.starts_with("actions/checkout")
            && token.is_some_and(|it| it.contains("secrets.") && !it.contains("GITHUB_TOKEN"))
    };
    steps.peek().is_some() && steps.all(is_given)
}

/// Whether an action only installs a tool, as the job itself would, or uploads what was measured, by its name.
fn is_installer(uses: &str) -> bool {
    const REPORTERS: [&str; 3] =
        ["codecov-action", "coveralls-python-action", "codacy-coverage-reporter-action"];
    let path = uses.split('@').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_named = |name: &str| {
        ["setup-", "install-"].iter().any(|it| name.starts_with(it))
            || ["-setup", "-install", "-installer"].iter().any(|it| name.ends_with(it))
            || matches!(name, "actions-poetry" | "actions-yarn")
    };
    let is_report = path.starts_with("coverallsapp/") || REPORTERS.contains(&name);
    path.split('/').skip(1).any(is_named) || is_report || path == "pre-commit/action"
}

/// Where each job says it, and a new one would not.
fn says_it_by_job(workflow: &Workflow) -> Option<Found> {
    let is_said = workflow.permissions().is_some() || workflow.is_only_called();
    let all_call = workflow.jobs().all(|job| job.calls().is_some());
    if is_said || all_call || !silent_jobs(workflow).is_empty() {
        return None;
    }
    let message = "each job says what its token may do, the workflow does not: a new job gets the repository's default";
    let key = workflow.jobs().next()?.key;
    Some(found(workflow, key.span, Severity::Info, message.to_owned()))
}
