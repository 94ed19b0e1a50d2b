//! GENERATED from `rules/config/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../config/env_example_drift.rs"]
mod env_example_drift;

use roadworthy_engine::{Area, Check, Rule, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static ENV_EXAMPLE_DRIFT: Rule = Rule {
    name: "env-example-drift",
    group: "config",
    area: Area::Code,
    summary: "the example file of the environment and the code have drifted apart",
    fix: "add the variable to the example file, or delete the line that nothing reads",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[FileKind::Python, FileKind::Env, FileKind::Ini, FileKind::Text]),
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Migration,
        Role::Example,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(env_example_drift::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../config/env-example-drift.toml"),
};
