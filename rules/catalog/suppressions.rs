//! GENERATED from `rules/suppressions/*.toml` by `SNAPSHOTS=overwrite cargo test`.

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity};
use roadworthy_project::{KindSet, RoleSet};

pub(super) static UNUSED_SUPPRESSION: Rule = Rule {
    name: "unused-suppression",
    group: "suppressions",
    area: Area::Collaboration,
    summary: "suppression silences nothing",
    fix: "remove the comment, or correct the name of the rule",
    severity: Severity::Warning,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::ALL,
    roles: RoleSet::ALL,
    triggers: &[],
    check: Check::Engine,
    equivalents: &[
        Equivalent { tool: "ruff", code: "RUF100", same: false },
        Equivalent { tool: "pylint", code: "useless-suppression", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../suppressions/unused-suppression.toml"),
};
