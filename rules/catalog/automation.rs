//! GENERATED from `rules/automation/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../automation/ci_tests_other_versions.rs"]
mod ci_tests_other_versions;
#[path = "../automation/configured_check_never_runs.rs"]
mod configured_check_never_runs;

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static CI_TESTS_OTHER_VERSIONS: Rule = Rule {
    name: "ci-tests-other-versions",
    group: "automation",
    area: Area::Automation,
    summary: "tests run on other versions than the image ships",
    fix: "install the locked versions in at least one job that tests, as the image does",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Yaml,
        FileKind::Toml,
        FileKind::Ini,
        FileKind::Shell,
        FileKind::Text,
    ]),
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Migration,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(ci_tests_other_versions::check),
    equivalents: &[Equivalent { tool: "zizmor", code: "adhoc-packages", same: false }],
    tags: &[],
    options: &[],
    source: include_str!("../automation/ci-tests-other-versions.toml"),
};

pub(super) static CONFIGURED_CHECK_NEVER_RUNS: Rule = Rule {
    name: "configured-check-never-runs",
    group: "automation",
    area: Area::Automation,
    summary: "a tool is configured and nothing runs it",
    fix: "run the tool in a job of every change, or remove its configuration",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Yaml,
        FileKind::Toml,
        FileKind::Json,
        FileKind::Ini,
        FileKind::Text,
    ]),
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Migration,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(configured_check_never_runs::check),
    equivalents: &[
        Equivalent { tool: "repo-review", code: "PC140", same: false },
        Equivalent { tool: "repo-review", code: "PC190", same: false },
        Equivalent { tool: "repo-review", code: "MY100", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../automation/configured-check-never-runs.toml"),
};
