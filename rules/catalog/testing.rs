//! GENERATED from `rules/testing/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../testing/no_tests.rs"]
mod no_tests;

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static NO_TESTS: Rule = Rule {
    name: "no-tests",
    group: "testing",
    area: Area::Testing,
    summary: "component has no test",
    fix: "add a first test that imports the package and runs its main path, and let a pipeline run it",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[FileKind::Python, FileKind::Toml, FileKind::Ini, FileKind::Text]),
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
    check: Check::Project(no_tests::check),
    equivalents: &[Equivalent { tool: "repo-review", code: "PY005", same: false }],
    tags: &["CWE-1053"],
    options: &[],
    source: include_str!("../testing/no-tests.toml"),
};
