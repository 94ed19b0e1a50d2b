//! GENERATED from `rules/collaboration/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../collaboration/no_vulnerability_audit.rs"]
mod no_vulnerability_audit;

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static NO_VULNERABILITY_AUDIT: Rule = Rule {
    name: "no-vulnerability-audit",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "nothing looks up known weaknesses of the locked dependencies",
    fix: "run pip-audit, `uv audit` or osv-scanner over the lock file in a job, also on a schedule",
    severity: Severity::Warning,
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
    check: Check::Project(no_vulnerability_audit::check),
    equivalents: &[Equivalent { tool: "scorecard", code: "Vulnerabilities", same: false }],
    tags: &["CWE-1395"],
    options: &[],
    source: include_str!("../collaboration/no-vulnerability-audit.toml"),
};
