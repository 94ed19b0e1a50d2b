//! GENERATED from `rules/collaboration/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../collaboration/update_automation_gap.rs"]
mod update_automation_gap;

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static UPDATE_AUTOMATION_GAP: Rule = Rule {
    name: "update-automation-gap",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "no bot keeps a part of the dependencies up to date",
    fix: "add the ecosystem and its folder to `.github/dependabot.yml`, or to the managers of Renovate",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Python,
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
    check: Check::Project(update_automation_gap::check),
    equivalents: &[
        Equivalent { tool: "scorecard", code: "Dependency-Update-Tool", same: false },
        Equivalent { tool: "repo-review", code: "GH200", same: false },
        Equivalent { tool: "repo-review", code: "GH210", same: false },
    ],
    tags: &["CWE-1104", "CWE-1395"],
    options: &[],
    source: include_str!("../collaboration/update-automation-gap.toml"),
};
