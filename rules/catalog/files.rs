//! GENERATED from `rules/files/*.toml` by `SNAPSHOTS=overwrite cargo test`.

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity, SiteKind};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static UNPARSABLE_FILE: Rule = Rule {
    name: "unparsable-file",
    group: "files",
    area: Area::Code,
    summary: "file cannot be understood",
    fix: "mend the syntax, or exclude the file if it is a template",
    severity: Severity::Error,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::File,
    applies_to: KindSet::PYTHON,
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
    check: Check::Engine,
    equivalents: &[
        Equivalent { tool: "ruff", code: "invalid-syntax", same: false },
        Equivalent { tool: "pylint", code: "E0001", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../files/unparsable-file.toml"),
};

pub(super) static UNREADABLE_FILE: Rule = Rule {
    name: "unreadable-file",
    group: "files",
    area: Area::Code,
    summary: "file cannot be read as text",
    fix: "make the file readable, save it as UTF-8, or exclude it",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::File,
    applies_to: KindSet::ALL,
    roles: RoleSet::ALL,
    triggers: &[],
    check: Check::Engine,
    equivalents: &[Equivalent { tool: "ruff", code: "E902", same: false }],
    tags: &[],
    options: &[],
    source: include_str!("../files/unreadable-file.toml"),
};
