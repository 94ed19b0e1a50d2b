//! Whether the token of a repository may write where nothing is said of it: a job that writes with it without a word shows that.
//! The setting itself is nowhere in a repository, and a job that was never started would show the same.

use roadworthy_project::facts::value::Value;

use super::names_token;
use crate::shared::delivery::workflow::actions::{Writes, writes};
use crate::shared::delivery::workflow::checkout::checkout;
use crate::shared::delivery::workflow::{Job, Step, Workflow};

/// The workflow and the job that write with a token of which nothing is said.
pub(super) fn shows_writing(workflows: &[Workflow]) -> Option<(&Workflow, Job<'_>)> {
    let mut jobs = workflows
        .iter()
        .filter(|it| it.permissions().is_none() && !it.is_only_called() && !it.is_called_off())
        .flat_map(|it| it.jobs().map(move |job| (it, job)));
    jobs.find(|(_, job)| {
        job.value.get("permissions").is_none() && !job.never_runs() && writes_with_token(*job)
    })
}

/// Whether strangers' code runs in a job that holds what the repository's own jobs hold.
pub(super) fn runs_code_of_others(job: Job<'_>) -> bool {
    job.steps().any(|it| checkout(it).is_some())
}

fn writes_with_token(job: Job<'_>) -> bool {
    // What runs after a failure alone may never have run.
    let runs = || job.steps().filter(|it| !it.never_runs() && !it.runs_after_failure());
    runs().any(|step| !has_own_token(step) && (by_action(step) || by_script(step)))
        || runs().any(logs_in) && pushes_image(runs())
}

fn text_of(step: Step<'_>) -> &str {
    step.value.span.of_text(step.job.workflow.text())
}

/// Whether a step is given a key that is not the token of the job.
fn has_own_key(step: Step<'_>) -> bool {
    let text = text_of(step);
    !holds_token(text)
        && (text.contains("secrets.") || text.contains("steps.") && text.contains("token"))
}

/// Whether a step is given a token or password of its own where that of the job would stand, be it under the name of that one.
fn has_own_token(step: Step<'_>) -> bool {
    const NAMES: [&str; 5] = ["gh_token", "github_token", "password", "repo_token", "token"];
    text_of(step).lines().any(|line| {
        line.trim_start().split_once(':').is_some_and(|(name, value)| {
            NAMES.contains(&name.to_ascii_lowercase().replace('-', "_").as_str())
                && ["secrets.", ".outputs."].iter().any(|it| value.contains(it))
                && !holds_token(value)
        })
    })
}

/// Whether a value holds the token of the job: a variable that is called like it may hold another.
fn holds_token(value: &str) -> bool {
    ["github.token", "secrets.GITHUB_TOKEN"].iter().any(|name| {
        let mut behind = value.split(name).skip(1);
        behind.any(|it| !it.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_'))
    })
}

fn by_action(step: Step<'_>) -> bool {
    let Some(action) = step.action() else { return false };
    if action.eq_ignore_ascii_case("actions/github-script") {
        let script = step.input("script").and_then(Value::text).unwrap_or_default();
        return !has_own_key(step) && CALLS.iter().any(|it| script.contains(it));
    }
    match writes(action) {
        Some(Writes::ByItself) => !has_own_key(step),
        Some(Writes::WithCheckout) => !has_own_key(step) && has_token_of_checkout(step.job),
        Some(Writes::WhereHanded) => names_token(text_of(step)),
        None => false,
    }
}

/// Calls of `octokit` that write:
/// <https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps>.
const CALLS: [&str; 9] = [
    ".addAssignees(",
    ".addLabels(",
    ".createComment(",
    ".createRef(",
    ".createRelease(",
    ".issues.create(",
    ".pulls.create(",
    ".removeLabel(",
    ".updateComment(",
];

/// Commands of `gh` that write: <https://cli.github.com/manual/>.
const COMMANDS: [&str; 12] = [
    "gh issue close",
    "gh issue comment",
    "gh issue create",
    "gh issue edit",
    "gh pr close",
    "gh pr comment",
    "gh pr create",
    "gh pr edit",
    "gh pr merge",
    "gh pr review",
    "gh release create",
    "gh release upload",
];

fn by_script(step: Step<'_>) -> bool {
    let script = step.run().and_then(Value::text).unwrap_or_default();
    let runs = |names: &[&str]| {
        let mut lines = script.lines().map(str::trim).filter(|it| !it.starts_with('#'));
        lines.any(|line| names.iter().any(|it| line.contains(it)))
    };
    let pushes = runs(&["git push", "mkdocs gh-deploy", "mike deploy"])
        && !has_own_key(step)
        && (has_token_of_checkout(step.job) || holds_token(text_of(step)));
    let of_job = || {
        let around = [step.job.value.get("env"), step.job.workflow.get("env")];
        let text = step.job.workflow.text();
        around.into_iter().flatten().any(|it| holds_token(it.span.of_text(text)))
    };
    pushes || runs(&COMMANDS) && (holds_token(text_of(step)) || of_job() && !has_own_key(step))
}

/// Whether the checkout of a job leaves the token of the job behind, and no other.
fn has_token_of_checkout(job: Job<'_>) -> bool {
    let mut takes = job
        .steps()
        .filter(|it| it.action().is_some_and(|it| it.eq_ignore_ascii_case("actions/checkout")))
        .peekable();
    let is_own = |step: Step<'_>| {
        let kept = step.input("persist-credentials").and_then(Value::scalar);
        let token = step.input("token").and_then(Value::text);
        kept != Some("false")
            && step.input("ssh-key").is_none()
            && step.input("repository").is_none()
            && token.is_none_or(holds_token)
    };
    takes.peek().is_some() && takes.all(is_own)
}

/// Whether a step logs in to GitHub's registry with the token of the job.
fn logs_in(step: Step<'_>) -> bool {
    let text = text_of(step);
    let is_login = step.action().is_some_and(|it| it.contains("login"))
        || step.run().and_then(Value::text).is_some_and(|it| it.contains("docker login"));
    // A variable may stand for any registry.
    let is_of_github = || {
        ["ghcr.io", "docker.pkg.github.com"].iter().any(|it| text.contains(it))
            || text.contains("REGISTRY") && step.job.workflow.text().contains("ghcr.io")
    };
    is_login && names_token(text) && !has_own_token(step) && is_of_github()
}

/// Whether steps push an image: one that is there, as something before may have built it or taken it from elsewhere, and where
/// somebody learns that it did not go.
fn pushes_image<'w>(steps: impl Iterator<Item = Step<'w>>) -> bool {
    const COMMANDS: [&str; 3] = ["docker push", "podman push", "buildah push"];
    let mut is_there = false;
    let is_heard = |step: &Step<'_>| {
        step.value.get("continue-on-error").and_then(Value::scalar) != Some("true")
    };
    for step in steps.filter(is_heard) {
        let push = step.input("push").and_then(Value::scalar);
        if push.is_some_and(|it| it != "false") {
            return true;
        }
        is_there |= step.action().is_some_and(is_other_action);
        let script = step.run().and_then(Value::text).unwrap_or_default();
        for line in script.lines() {
            is_there |= line.split_whitespace().any(may_bring_image);
            if line.contains("imagetools create")
                || line.split_whitespace().any(|it| it == "--push")
                || is_there && COMMANDS.iter().any(|it| line.contains(it))
            {
                return true;
            }
        }
    }
    false
}

/// Whether an action may leave an image behind: neither takes the repository, nor logs in, nor installs something.
fn is_other_action(action: &str) -> bool {
    !["checkout", "login", "setup-"].iter().any(|it| action.contains(it))
}

/// Whether a word of a command stands for what builds an image or takes it from elsewhere, or for a program that may.
fn may_bring_image(word: &str) -> bool {
    const WORDS: [&str; 12] = [
        "bud",
        "commit",
        "compose",
        "docker-compose",
        "import",
        "just",
        "load",
        "make",
        "nix",
        "pull",
        "run",
        "task",
    ];
    WORDS.contains(&word)
        || word.starts_with("build") && word != "buildah"
        || word.starts_with("./")
        || matches!(word.rsplit_once('.'), Some((_, "sh")))
}
