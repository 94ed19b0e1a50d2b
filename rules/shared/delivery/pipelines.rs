//! What the pipelines of a repository are for, and whether there may be others that it does not hold. Knows names only.

use camino::Utf8Path;
use roadworthy_project::Facts;
use roadworthy_project::facts::ci::{CiModel, Step};

/// Whether a job builds, judges or runs anything. Pipelines that only greet, sort issues, draft releases or let a service look at
/// the repository stand beside those that test, wherever these are.
pub(crate) fn works(ci: &CiModel) -> bool {
    let mut steps = ci.pipelines.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    steps.any(|it| {
        it.run.is_some() || !it.commands.is_empty() || it.uses.is_some() && !is_service(it)
    })
}

/// Whether a step is an action that needs nothing of the project's own tools.
fn is_service(step: &Step) -> bool {
    const OWNERS: [&str; 5] =
        ["actions/", "github/codeql-action", "ossf/", "release-drafter/", "amannn/action-semantic"];
    const PARTS: [&str; 12] = [
        "label",
        "stale",
        "greet",
        "first-interaction",
        "lock-threads",
        "add-to-project",
        "dependency-review",
        "gitleaks",
        "trufflehog",
        "issue",
        "assign",
        "zizmor",
    ];
    let action = step.uses.as_ref().map_or("", |it| it.value.as_str());
    // What sets a language up is about to run it.
    let prepares = action.starts_with("actions/setup-");
    !prepares
        && (OWNERS.iter().any(|it| action.starts_with(it))
            || PARTS.iter().any(|it| action.contains(it)))
}

/// Names of servers whose pipelines are often configured elsewhere.
const SERVERS: [&str; 8] =
    ["concourse", "jenkins", "circleci", "travis", "buildkite", "teamcity", "bamboo", "codebuild"];

/// Whether the repository holds scripts for a server that keeps its pipelines itself: a folder `Jenkins`.
pub(crate) fn serve_others(facts: &Facts<'_>) -> bool {
    let mut folders = facts.tree().files().flat_map(|path| path.components().rev().skip(1).take(2));
    folders.any(|part| SERVERS.iter().any(|it| part.as_str().eq_ignore_ascii_case(it)))
}

/// Whether a guide or a file of tasks speaks of a pipeline that the repository does not hold.
pub(crate) fn are_elsewhere(facts: &Facts<'_>) -> bool {
    const FILES: [&str; 8] = [
        "README.md",
        "README.rst",
        "README",
        "CONTRIBUTING.md",
        "DEVELOPMENT.md",
        "Makefile",
        "justfile",
        "Taskfile.yml",
    ];
    const WORDS: [&str; 4] =
        ["azure pipelines", "gitlab ci", "continuous integration", "continuous-integration"];
    FILES.iter().any(|name| {
        let document = facts.text(Utf8Path::new(name)).whole();
        let text = document.map(|it| it.text().to_ascii_lowercase()).unwrap_or_default();
        SERVERS.iter().chain(&WORDS).any(|word| text.contains(word))
    })
}
