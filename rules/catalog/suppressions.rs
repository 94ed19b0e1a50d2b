//! GENERATED from `rules/suppressions/*.toml` by `SNAPSHOTS=overwrite cargo test`.

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity, SiteKind};
use roadworthy_project::{KindSet, RoleSet};

pub(super) static EXPIRED_SUPPRESSION: Rule = Rule {
    name: "expired-suppression",
    group: "suppressions",
    area: Area::Collaboration,
    summary: "suppression has expired",
    fix: "mend what it silenced and remove the comment, or decide anew and write a later day",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Suppression,
    applies_to: KindSet::ALL,
    roles: RoleSet::ALL,
    triggers: &[],
    check: Check::Engine,
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../suppressions/expired-suppression.toml"),
};

pub(super) static SUPPRESSION_WITHOUT_REASON: Rule = Rule {
    name: "suppression-without-reason",
    group: "suppressions",
    area: Area::Collaboration,
    summary: "suppression gives no reason",
    fix: "say in a few words, behind the brackets or codes, why the finding may stay",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Suppression,
    applies_to: KindSet::ALL,
    roles: RoleSet::ALL,
    triggers: &[],
    check: Check::Engine,
    equivalents: &[Equivalent { tool: "sonar", code: "S1309", same: false }],
    tags: &[],
    options: &[],
    source: include_str!("../suppressions/suppression-without-reason.toml"),
};

pub(super) static UNUSED_SUPPRESSION: Rule = Rule {
    name: "unused-suppression",
    group: "suppressions",
    area: Area::Collaboration,
    summary: "suppression silences nothing",
    fix: "remove the comment, or correct the name of the rule",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Suppression,
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
