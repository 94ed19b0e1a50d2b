//! What the pipelines of a repository are for, and whether there may be others that it does not hold. Knows names only.

use camino::Utf8Path;
use roadworthy_project::facts::ci::{self, CiModel, Step};
use roadworthy_project::{Component, Facts, File, Role, is_put_away};

/// A component with less files of code may be what its author says it is: a script, a demonstration.
const FEW_FILES: usize = 5;

/// The components of which nothing in the repository checks a change: no pipeline of any system, no hook of whatever kind,
/// and no word of a pipeline that is elsewhere.
pub(crate) fn unchecked<'f>(facts: &'f Facts<'_>) -> Vec<&'f Component> {
    let ci = facts.ci();
    let checked = !ci.pipelines.is_empty() || !ci.unknown.is_empty() || !ci.hooks.is_empty();
    // What asks each file of the project comes last.
    if checked
        || !is_repository(facts)
        || hides(facts)
        || serve_others(facts)
        || are_elsewhere(facts)
        || facts.tree().files().any(|path| ci::is_pipeline(path) || is_hook(path))
    {
        return Vec::new();
    }
    let is_product = |file: &File| {
        let role = file.path_role.as_ref().map(|it| it.role);
        file.kind.is_python()
            && file.path.file_name() != Some("__init__.py")
            && role.is_none_or(|role| role.is_product() || role == Role::Cli)
    };
    let components = facts.project().components.iter().enumerate();
    let large = components.filter(|(index, component)| {
        let mut own = facts.project().files.iter().filter(|file| file.component == *index);
        !is_aside(component)
            && own.by_ref().filter(|it| is_product(it)).nth(FEW_FILES - 1).is_some()
    });
    large.map(|(_, component)| component).collect()
}

/// Whether files of pipelines may be there and be ignored: `.github*/` beside workflows that were added all the same.
fn hides(facts: &Facts<'_>) -> bool {
    let document = facts.text(Utf8Path::new(".gitignore")).whole();
    document.is_some_and(|it| {
        let mut lines = it.text().lines().map(|line| line.trim().trim_matches(['/', '*']));
        lines.any(|line| {
            let parts = [".github", ".gitlab", ".circleci", "Jenkinsfile", "azure-pipelines"];
            line == "." || parts.iter().any(|part| line.contains(part))
        })
    })
}

/// Whether a file says what hooks of git run, other than those of pre-commit.
fn is_hook(path: &Utf8Path) -> bool {
    const FOLDERS: [&str; 4] = [".husky", ".githooks", "githooks", "git-hooks"];
    const NAMES: [&str; 3] = ["lefthook", ".lefthook", ".overcommit"];
    path.file_stem().is_some_and(|it| NAMES.contains(&it))
        || path.components().any(|it| FOLDERS.contains(&it.as_str()))
}

/// Whether the files are those of a repository, not of a package that somebody unpacked.
pub(crate) fn is_repository(facts: &Facts<'_>) -> bool {
    let tree = facts.tree();
    let components = &facts.project().components;
    let mut folders: Vec<&Utf8Path> = components.iter().map(|it| it.path.as_path()).collect();
    folders.push(Utf8Path::new(""));
    let unpacked = |folder: &&Utf8Path| {
        tree.is_file(&folder.join("PKG-INFO"))
            || tree.below(folder).any(|it| {
                it.as_str().contains(".dist-info/") || it.as_str().ends_with(".egg-info/PKG-INFO")
            })
    };
    let kept = [".gitignore", ".gitattributes", ".gitmodules", ".pre-commit-config.yaml"];
    let has = |folder: &&Utf8Path| kept.iter().any(|name| tree.is_file(&folder.join(name)));
    let mut files = facts.project().files.iter().chain(&facts.project().unasked);
    // Whoever takes away the files of git has a repository all the same.
    let is_cloned = files.any(|file| file.repository_root().is_some());
    (is_cloned || folders.iter().any(has)) && !folders.iter().any(unpacked)
}

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

/// Components that are no product: documentation, examples, what tests need, templates.
pub(crate) fn is_aside(component: &Component) -> bool {
    const FOLDERS: [&str; 22] = [
        "benchmark",
        "benchmarks",
        "bench",
        "ci",
        "demo",
        "demos",
        "doc",
        "docs",
        "example",
        "examples",
        "fixtures",
        "notebooks",
        "sample",
        "samples",
        "scripts",
        "templates",
        "test",
        "testing",
        "tests",
        "third_party",
        "tools",
        "tutorials",
    ];
    component.path.components().any(|part| {
        FOLDERS.contains(&part.as_str())
            || part.as_str().starts_with('.')
            || part.as_str().starts_with("template")
            || part.as_str().starts_with("example")
            || part.as_str().contains("{{")
            || is_put_away(part.as_str())
    })
}
