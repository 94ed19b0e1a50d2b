//! GENERATED from `rules/config/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../config/debug_enabled.rs"]
mod debug_enabled;
#[path = "../config/env_example_drift.rs"]
mod env_example_drift;
#[path = "../config/env_flag_truthiness.rs"]
mod env_flag_truthiness;
#[path = "../config/secret_in_repr.rs"]
mod secret_in_repr;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, SiteKind, Trigger};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static DEBUG_ENABLED: Rule = Rule {
    name: "debug-enabled",
    group: "config",
    area: Area::Code,
    summary: "the application runs with debugging on",
    fix: "take it from a setting whose default is off",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Settings,
    ]),
    triggers: &[
        Trigger { text: "debug", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "reload", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "DEBUG", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "use_reloader", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(debug_enabled::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "S201", same: true },
        Equivalent { tool: "bandit", code: "B201", same: true },
        Equivalent { tool: "sonar", code: "S4507", same: false },
        Equivalent { tool: "semgrep", code: "debug-enabled", same: false },
        Equivalent { tool: "django", code: "security.W018", same: false },
    ],
    tags: &["CWE-489"],
    options: &[],
    source: include_str!("../config/debug-enabled.toml"),
};

pub(super) static ENV_EXAMPLE_DRIFT: Rule = Rule {
    name: "env-example-drift",
    group: "config",
    area: Area::Code,
    summary: "the example file of the environment and the code have drifted apart",
    fix: "add the variable to the example file, or delete the line that nothing reads",
    severity: Severity::Info,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Environment,
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
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
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

pub(super) static SECRET_IN_REPR: Rule = Rule {
    name: "secret-in-repr",
    group: "config",
    area: Area::Code,
    summary: "the text of the settings shows a secret",
    fix: "use `SecretStr`, or leave the field out: `field(repr=False)`, `Field(repr=False)`",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Cli, Role::Settings]),
    triggers: &[
        Trigger { text: "BaseSettings", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "dataclass", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "attrs", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "attr", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(secret_in_repr::check),
    equivalents: &[],
    tags: &["CWE-532", "CWE-209"],
    options: &[],
    source: include_str!("../config/secret-in-repr.toml"),
};
