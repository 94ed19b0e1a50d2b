//! GENERATED from `rules/config/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../config/env_example_drift.rs"]
mod env_example_drift;
#[path = "../config/env_flag_truthiness.rs"]
mod env_flag_truthiness;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, Trigger};
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

pub(super) static ENV_FLAG_TRUTHINESS: Rule = Rule {
    name: "env-flag-truthiness",
    group: "config",
    area: Area::Code,
    summary: "a variable of the environment is taken for a flag, and every text is true",
    fix: "compare the text: `os.getenv(\"DEBUG\", \"\").lower() in {\"1\", \"true\", \"yes\", \"on\"}`",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Cli, Role::Settings]),
    triggers: &[
        Trigger { text: "getenv", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "environ", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(env_flag_truthiness::check),
    equivalents: &[
        Equivalent { tool: "pylint", code: "W1508", same: false },
        Equivalent { tool: "ruff", code: "PLW1508", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../config/env-flag-truthiness.toml"),
};
