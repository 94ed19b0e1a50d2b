//! See `action-unpinned.toml`: what runs in a job by a name that somebody else can move, against what the job may do.

use std::collections::BTreeMap;

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Severity};
use roadworthy_project::Facts;
use roadworthy_project::facts::shell::{Command, commands};
use roadworthy_project::facts::value::Value;
use rustc_hash::FxHashSet;

use crate::shared::code::text::has_name;
use crate::shared::delivery::workflow::permissions::Permissions;
use crate::shared::delivery::workflow::zizmor::runs_zizmor;
use crate::shared::delivery::workflow::{Job, Step, Workflow, secrets_in, workflows};
use crate::shared::delivery::workflow::{
    actions::Movable, actions::Owner, actions::changes_what_runs, actions::is_address,
    actions::is_at_commit, actions::is_for_reports, actions::is_platform, actions::is_public,
    actions::movable, actions::opens_nothing, actions::own_owners, actions::owner,
    actions::owners_in, actions::presents, actions::publishes, actions::releases,
};
use crate::shared::delivery::workflow::{folded::Found, folded::folded};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let workflows = workflows(facts);
    let own = own_owners(facts, &workflows);
    let sister = sister(facts, &workflows, &own);
    // Who runs zizmor has been told, and decided.
    let most = if runs_zizmor(facts, &workflows) { Severity::Info } else { Severity::Warning };
    let mut actions: BTreeMap<&str, Vec<Found>> = BTreeMap::new();
    for workflow in &workflows {
        // What nobody here calls runs with what others hand it, if they do.
        let most = if is_for_callers(workflow, &workflows) { Severity::Info } else { most };
        for (action, mut found) in found(workflow, &own) {
            if is_own_workflow(action, &workflows) {
                continue;
            }
            found.severity = found.severity.min(most);
            if sister.is_some() && owner(action) == sister {
                found.severity = Severity::Info;
            }
            actions.entry(action).or_default().push(found);
        }
    }
    // What is mended once is told once: at the first place of those where it can do most.
    let mut told: Vec<Found> = actions.into_values().filter_map(for_all).collect();
    told.sort_by(|one, other| (&one.path, one.span.start).cmp(&(&other.path, other.span.start)));
    let (small, large): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|it| it.severity == Severity::Info);
    let small = folded(small, 0, "with");
    large.into_iter().chain(small).for_each(|it| it.report(out));
}

/// The one owner whose actions a project takes by a name, while it pins those of all others, and which its own texts name too: an
/// organisation of the same team, left so on purpose.
fn sister(facts: &Facts<'_>, workflows: &[Workflow], own: &FxHashSet<String>) -> Option<String> {
    const LEAST_PINNED: usize = 3;
    let is_foreign = |it: &String| !is_platform(it) && !own.contains(it);
    let jobs = || workflows.iter().flat_map(Workflow::jobs);
    let mut owners: FxHashSet<String> =
        jobs().flat_map(movable).map(|it| it.owner).filter(is_foreign).collect();
    let pinned: FxHashSet<&str> = jobs()
        .flat_map(Job::steps)
        .filter_map(|it| it.uses()?.text())
        .filter(|it| is_at_commit(it) && owner(it).is_some_and(|it| is_foreign(&it)))
        .collect();
    if owners.len() != 1 || pinned.len() < LEAST_PINNED {
        return None;
    }
    let owner = owners.drain().next()?;
    let is_named =
        ["README.md", "README.rst", "docs/index.md", "pyproject.toml", "justfile", "Makefile"]
            .iter()
            .filter_map(|name| facts.text(Utf8Path::new(name)).whole())
            .any(|it| owners_in(it.text()).any(|it| it == owner));
    is_named.then_some(owner)
}

/// Whether a workflow runs only where another one calls it, and none of the project does.
fn is_for_callers(workflow: &Workflow, all: &[Workflow]) -> bool {
    let name = workflow.path().file_name().unwrap_or_default();
    workflow.is_only_called()
        && !all.iter().flat_map(Workflow::jobs).any(|job| {
            let called = job.calls().and_then(Value::text).unwrap_or_default();
            let path = called.split('@').next().unwrap_or_default();
            path.rsplit('/').next() == Some(name)
        })
}

/// Whether what is used is a workflow of this repository, by its whole name: `acme/shop/.github/workflows/build.yml@main`.
fn is_own_workflow(written: &str, all: &[Workflow]) -> bool {
    let name = written.split('@').next().unwrap_or_default();
    let file = name.match_indices('/').nth(1).map(|(at, _)| &name[at + 1..]);
    let is_called = |it: &Workflow| it.triggers().iter().any(|(name, _)| *name == "workflow_call");
    file.filter(|it| it.starts_with(".github/workflows/"))
        .is_some_and(|file| all.iter().any(|it| it.path().ends_with(file) && is_called(it)))
}

fn for_all(found: Vec<Found>) -> Option<Found> {
    let most = found.iter().map(|it| it.severity).max()?;
    let others = found.len() - 1;
    Some(found.into_iter().find(|it| it.severity == most)?.and(others, "in"))
}

/// What a workflow's jobs use, each once: where it can do most.
fn found<'w>(workflow: &'w Workflow, own: &FxHashSet<String>) -> BTreeMap<&'w str, Found> {
    let mut worst: BTreeMap<&str, Found> = BTreeMap::new();
    for job in workflow.jobs() {
        let rights = Rights::of(job);
        for action in movable(job) {
            let handed = handed(job, &action);
            let Some((mut severity, reason)) = judge(&action, &rights, &handed, own) else {
                continue;
            };
            // What other actions are handed stays with them, where nothing brings it before this one.
            if matches!(rights, Rights::Keys(_))
                && !action.is_branch()
                && !handed.iter().any(|it| is_named_for_key(it))
                && keeps_apart(job)
            {
                severity = severity.min(Severity::Info);
            }
            if matches!(rights, Rights::Token(_)) && !brings_out(job) {
                severity = severity.min(Severity::Info);
            }
            if has_only_its_own(job, &action)
                || matches!(rights, Rights::Keys(_))
                    && handed.iter().all(|it| is_for_reports(it))
                    && !action.is_branch()
                    && only_tries_out(job)
            {
                severity = severity.min(Severity::Info);
            }
            // What is switched off does nothing.
            if never_runs(job, &action) || workflow.is_called_off() {
                severity = severity.min(Severity::Info);
            }
            let known = worst.get(action.written);
            if known.is_none_or(|known| known.severity < severity) {
                let message = message(&action, job, &reason);
                let path = workflow.path().to_owned();
                let found = Found { path, span: action.place, severity, message };
                worst.insert(action.written, found);
            }
        }
    }
    worst
}

/// The secrets that the step of an action names, or the job where it calls a workflow.
fn handed<'w>(job: Job<'w>, action: &Movable<'w>) -> Vec<&'w str> {
    let part = step_of(job, action).map_or(job.value, |it| it.value).span;
    let text = part.of_text(job.workflow.text());
    // Where all are handed on, none is named.
    if job.secrets().is_some() { secrets_in(text) } else { Vec::new() }
}

/// Whether a job only tests, by its name or what it runs, and single steps of that are given its secrets: none stands in the
/// environment of all, no action is given one but to upload a report, nothing keeps one for later steps, and nothing is handed on.
fn only_tries_out(job: Job<'_>) -> bool {
    const KEEPING: [&str; 4] = ["GITHUB_ENV", " > ", ">>", " login"];
    let text = job.workflow.text();
    let mut around = [job.value.get("env"), job.workflow.get("env")].into_iter().flatten();
    let is_of_all = around.any(|it| !secrets_in(it.span.of_text(text)).is_empty());
    let is_given = |step: Step<'_>| {
        let names = secrets_in(step.value.span.of_text(text));
        step.uses().is_some() && names.iter().any(|it| !is_for_reports(it))
    };
    let keeps = |step: Step<'_>| {
        script(step)
            .lines()
            .any(|it| !secrets_in(it).is_empty() && KEEPING.iter().any(|mark| it.contains(mark)))
    };
    tests(job) && !is_of_all && !job.steps().any(|it| is_given(it) || keeps(it)) && !hands_on(job)
}

fn script(step: Step<'_>) -> &str {
    step.run().and_then(Value::text).unwrap_or_default()
}

/// Whether a job tests something, by its name or a command.
fn tests(job: Job<'_>) -> bool {
    const RUNNERS: [&str; 7] =
        ["coverage run", "manage.py test", "nox", "npm test", "pytest", "tox", "unittest"];
    const WORDS: [&str; 5] = ["e2e", "pytest", "test", "testing", "tests"];
    has_word(&job.key.name, &WORDS)
        || job.steps().any(|step| RUNNERS.iter().any(|it| has_name(script(step), it)))
}

/// Words for what goes to others, and for what it is made of.
const BRINGING: [&str; 5] = ["deploy", "publish", "push", "release", "upload"];
const BUILDING: [&str; 4] = ["build", "builds", "image", "package"];

/// Whether a job may bring something to others, by its names, actions and commands: what it only builds, it tests.
fn hands_on(job: Job<'_>) -> bool {
    const PROGRAMS: [&str; 14] = [
        "aws",
        "az",
        "cdk",
        "eb",
        "fly",
        "flyctl",
        "gcloud",
        "heroku",
        "pulumi",
        "rsync",
        "scp",
        "sftp",
        "ssh",
        "terraform",
    ];
    const OF_CLUSTERS: [&str; 2] = ["helm", "kubectl"];
    const ACTIONS: [&str; 3] = ["auth", "credentials", "ssh"];
    let reaches = |step: Step<'_>| {
        let found = commands(script(step));
        let mut words = found.iter().flat_map(Command::texts);
        words.any(|it| PROGRAMS.contains(&it) || OF_CLUSTERS.contains(&it) && !has_cluster(job))
    };
    has_word(&job.key.name, &ACTIONS)
        || says(job, &BRINGING)
        || publishes(job).or_else(|| releases(job)).or_else(|| presents(job)).is_some()
        || job.steps().any(|it| it.action().is_some_and(|it| has_word(it, &ACTIONS)) || reaches(it))
}

/// Whether a job makes a cluster of its own, which ends with it: what its commands bring there goes to nobody.
fn has_cluster(job: Job<'_>) -> bool {
    const CLUSTERS: [&str; 4] = ["k3d", "k3s", "kind", "minikube"];
    job.steps().any(|step| {
        step.action().is_some_and(|it| has_word(it, &CLUSTERS))
            || commands(script(step))
                .iter()
                .any(|it| it.program().is_some_and(|it| CLUSTERS.contains(&it)))
    })
}

/// Whether one of some words stands in the names of a job, its actions or its commands. What is kept with a run of it goes to nobody.
fn says(job: Job<'_>, words: &[&str]) -> bool {
    let name = job.value.get("name").and_then(Value::text).unwrap_or_default();
    let is_kept = |action: &str| action == "actions/upload-artifact";
    has_word(&job.key.name, words)
        || has_word(name, words)
        || job.steps().any(|it| {
            it.action().is_some_and(|it| !is_kept(it) && has_word(it, words))
                || has_word(script(it), words)
        })
}

/// Whether one of some words stands in a text, as a whole and in letters of any size.
fn has_word(text: &str, words: &[&str]) -> bool {
    text.to_ascii_lowercase()
        .split(|it: char| !it.is_ascii_alphanumeric())
        .any(|word| words.contains(&word))
}

/// Whether the steps of a job are actions alone that share nothing: no copy of the repository, no command, no secret in the
/// environment of all, and none that logs in for those behind it.
fn keeps_apart(job: Job<'_>) -> bool {
    const SHARING: [&str; 5] = ["agent", "checkout", "credentials", "login", "auth"];
    let text = job.workflow.text();
    let around = [job.value.get("env"), job.workflow.get("env")];
    let shares = |name: &str| {
        name.split(['/', '-', '_']).any(|word| SHARING.contains(&word)) || name.is_empty()
    };
    job.steps().next().is_some()
        && job.steps().all(|it| it.action().is_some_and(|it| !shares(it)))
        && !around.into_iter().flatten().any(|it| it.span.of_text(text).contains("secrets."))
}

/// Whether an action is in a job which holds nothing but its own token and what ends with the job, and which brings nothing out, or
/// had done so before this last step: what it could read its maker has given out.
fn has_only_its_own(job: Job<'_>, action: &Movable<'_>) -> bool {
    let is_last = job.steps().last().and_then(Step::uses).is_some_and(|it| it.span == action.place);
    (is_last || !brings_out(job))
        && !action.is_branch()
        && job.secrets().is_some_and(|names| {
            let mut names =
                names.iter().filter(|it| !is_address(it) && !opens_nothing(it)).peekable();
            names.peek().is_some() && names.all(|it| action.is_of_issuer(it))
        })
}

/// Whether a job builds or brings out what others run, by its names, actions and commands: what a token that may write would change.
fn brings_out(job: Job<'_>) -> bool {
    let keeps = |step: Step<'_>| step.action() == Some("actions/upload-artifact");
    says(job, &BRINGING) || says(job, &BUILDING) || job.steps().any(keeps)
}

/// Whether a job never runs, or its step that uses an action.
fn never_runs(job: Job<'_>, action: &Movable<'_>) -> bool {
    job.never_runs() || step_of(job, action).is_some_and(Step::never_runs)
}

/// The step of a job that uses an action; none where the job calls a workflow.
fn step_of<'w>(job: Job<'w>, action: &Movable<'w>) -> Option<Step<'w>> {
    job.steps().find(|it| it.uses().is_some_and(|it| it.span == action.place))
}

fn message(action: &Movable<'_>, job: Job<'_>, reason: &str) -> String {
    let by = match action.revision {
        "" => "no version".to_owned(),
        revision if action.is_branch() || action.is_branch_of_version() => {
            format!("branch `{revision}`")
        }
        revision => format!("tag `{revision}`"),
    };
    format!("`{}` is taken by {by} in job `{}`, {reason}", action.name, job.key.name)
}

/// What a job can do with what it is handed.
enum Rights {
    /// It publishes, with this.
    Publish(String),
    /// It may write, or makes releases: a phrase says which.
    Some(String),
    /// Its token may change what others run, or everything: a phrase says how.
    Token(String),
    /// It holds these keys.
    Keys(Vec<String>),
    /// Nothing is said, or it is not worth much: a phrase says which.
    Little(String),
    /// It only reads, and holds no secret.
    None,
}

impl Rights {
    fn of(job: Job<'_>) -> Self {
        let permissions = job.permissions();
        let mut secrets = job.secrets();
        let mut reports = false;
        if let Some(names) = &mut secrets {
            let before = names.len();
            names.retain(|name| !is_for_reports(name));
            reports = names.len() < before;
            names.retain(|name| !is_public(name));
        }
        let has_secrets = secrets.as_ref().is_none_or(|names| !names.is_empty());
        let may_publish = has_secrets
            || ["contents", "packages", "id-token"].iter().any(|it| permissions.writes(it));
        if may_publish && let Some(publisher) = publishes(job) {
            return Self::Publish(publisher);
        }
        if let Some(releaser) = releases(job) {
            return Self::Some(format!("which makes releases (`{releaser}`)"));
        }
        let (Some(secrets), Some(writable)) = (secrets, permissions.writable()) else {
            return if permissions.writable().is_none() {
                Self::Token("whose token may write everything".to_owned())
            } else {
                Self::Some("which hands on every secret".to_owned())
            };
        };
        let mut keys: Vec<String> = secrets
            .iter()
            .filter(|it| !is_address(it) && !opens_nothing(it))
            .map(ToString::to_string)
            .collect();
        // The one that opens most is told.
        keys.sort_by_key(|name| !is_named_for_key(name));
        if !keys.is_empty() {
            // What is published is worth more than a setting that happens to be kept as a secret.
            return match presents(job) {
                Some(site) => Self::Some(format!("which publishes a site (`{site}`)")),
                None => Self::Keys(keys),
            };
        }
        if let Some(scope) = writable.iter().find(|scope| changes_what_runs(scope)) {
            return Self::Token(format!("whose token may write `{scope}`"));
        }
        if let Some(address) = secrets.first() {
            Self::Little(format!("which holds the secret `{address}`"))
        } else if let Some(scope) = writable.first() {
            Self::Little(format!("whose token may write `{scope}`"))
        } else if permissions == Permissions::Unsaid {
            Self::Little("of whose token nothing is said".to_owned())
        } else if reports {
            Self::Little("which holds the token of an upload".to_owned())
        } else {
            Self::None
        }
    }
}

/// Whether the name of a secret says that it opens something, and is not only kept with what does: `CHAT`, `HOST`, `USER`.
fn is_named_for_key(name: &str) -> bool {
    const OPENING: [&str; 9] =
        ["CERT", "CREDENTIAL", "KEY", "KUBE", "PASS", "PEM", "PWD", "SECRET", "TOKEN"];
    let name = name.to_ascii_uppercase();
    let last = name.rsplit('_').next().unwrap_or_default();
    !matches!(last, "ADDR" | "CHAT" | "HOST" | "ID" | "PATH" | "URL" | "USER" | "USERNAME")
        && (OPENING.iter().any(|it| name.contains(it))
            || last == "PK"
            || name.split('_').any(|it| it == "PAT" || it.ends_with("PAT") && it.len() < 8))
        || name.ends_with("SECRET_ID")
}

/// How bad it is, and why.
fn judge(
    action: &Movable<'_>,
    rights: &Rights,
    handed: &[&str],
    own: &FxHashSet<String>,
) -> Option<(Severity, String)> {
    let (severity, reason) = match rights {
        Rights::Publish(publisher) => {
            (Severity::Warning, format!("which publishes (`{publisher}`)"))
        }
        Rights::Some(reason) => (Severity::Warning, reason.clone()),
        // A branch moves with every commit; a tag is moved only by who means to.
        Rights::Token(reason) => {
            let severity = if action.is_branch() { Severity::Warning } else { Severity::Info };
            (severity, reason.clone())
        }
        Rights::Keys(keys) => {
            // Who could move the tag has given the key out; what is only kept among the secrets opens nothing.
            let opens = |key: &&String| !action.is_of_issuer(key) && is_named_for_key(key);
            let severity =
                if keys.iter().any(|it| opens(&it)) { Severity::Warning } else { Severity::Info };
            let is_handed = |key: &&String| handed.contains(&key.as_str());
            let others = keys
                .iter()
                .find(|key| opens(key) && is_handed(key))
                .or_else(|| keys.iter().find(opens))
                .or_else(|| keys.iter().find(|key| !action.is_of_issuer(key)))
                .or(keys.first());
            let key = others.map_or("", String::as_str);
            (severity, format!("which holds the secret `{key}`"))
        }
        Rights::Little(reason) => (Severity::Info, reason.clone()),
        Rights::None => return None,
    };
    let is_key =
        |name: &&&str| is_named_for_key(name) && !action.is_of_issuer(name) && !is_public(name);
    let reason = match handed.iter().find(is_key) {
        Some(key) => format!("which hands it the secret `{key}`"),
        None => reason,
    };
    match action.whose(own) {
        Owner::Other if is_sister(&action.owner, own) => Some((Severity::Info, reason)),
        Owner::Other => Some((severity, reason)),
        Owner::Vendor if severity > Severity::Info => Some((Severity::Info, reason)),
        // A branch of GitHub's own actions is not even a version.
        Owner::Platform if severity > Severity::Info && action.is_branch() => {
            Some((Severity::Info, reason))
        }
        _ => None,
    }
}

/// Whether an owner has the name of one of the project's own with a word more or less: `acme` and `acme-labs`, `openacme`.
fn is_sister(owner: &str, own: &FxHashSet<String>) -> bool {
    const SHORTEST: usize = 3;
    own.iter().any(|it| {
        it.len().min(owner.len()) >= SHORTEST && (it.contains(owner) || owner.contains(it.as_str()))
    })
}
