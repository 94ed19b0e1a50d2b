//! GENERATED from `rules/collaboration/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../collaboration/lock_out_of_date.rs"]
mod lock_out_of_date;
#[path = "../collaboration/manifests_disagree.rs"]
mod manifests_disagree;
#[path = "../collaboration/unlocked_application.rs"]
mod unlocked_application;
#[path = "../collaboration/unverifiable_dependency_source.rs"]
mod unverifiable_dependency_source;

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static LOCK_OUT_OF_DATE: Rule = Rule {
    name: "lock-out-of-date",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "the lock file does not meet the requirements that it locks",
    fix: "lock again with the tool that wrote the lock file, and commit both files together",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[FileKind::Toml, FileKind::Text]),
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
    check: Check::Project(lock_out_of_date::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../collaboration/lock-out-of-date.toml"),
};

pub(super) static MANIFESTS_DISAGREE: Rule = Rule {
    name: "manifests-disagree",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "two manifests of one component rule each other out",
    fix: "declare the range in one of them, and let the others be compiled from it or include it",
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
    check: Check::Project(manifests_disagree::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../collaboration/manifests-disagree.toml"),
};

pub(super) static UNLOCKED_APPLICATION: Rule = Rule {
    name: "unlocked-application",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "an application is installed without a lock file",
    fix: "lock what is installed (`uv lock`, `poetry lock`, `pip-compile`), commit the lock file and install from it",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Yaml,
        FileKind::Toml,
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
    check: Check::Project(unlocked_application::check),
    equivalents: &[
        Equivalent { tool: "scorecard", code: "Pinned-Dependencies", same: false },
        Equivalent { tool: "hadolint", code: "DL3013", same: false },
        Equivalent { tool: "zizmor", code: "adhoc-packages", same: false },
    ],
    tags: &["CWE-1357"],
    options: &[],
    source: include_str!("../collaboration/unlocked-application.toml"),
};

pub(super) static UNVERIFIABLE_DEPENDENCY_SOURCE: Rule = Rule {
    name: "unverifiable-dependency-source",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "a dependency comes from where anybody may put something else",
    fix: "name the commit or the hash, lock it, or bind the package to the one index it may come from",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Yaml,
        FileKind::Toml,
        FileKind::Ini,
        FileKind::Dockerfile,
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
    check: Check::Project(unverifiable_dependency_source::check),
    equivalents: &[
        Equivalent { tool: "checkov", code: "CKV2_DOCKER_4", same: false },
        Equivalent { tool: "checkov", code: "CKV2_DOCKER_16", same: false },
    ],
    tags: &["CWE-427", "CWE-494"],
    options: &[],
    source: include_str!("../collaboration/unverifiable-dependency-source.toml"),
};
