//! GENERATED from `rules/types/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../types/missing_type_hints.rs"]
mod missing_type_hints;

use roadworthy_engine::{
    Area, Check, Equivalent, Fold, OptionDefault, OptionSpec, Rule, Scope, Severity, SiteKind,
};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static MISSING_TYPE_HINTS: Rule = Rule {
    name: "missing-type-hints",
    group: "types",
    area: Area::Code,
    summary: "public function is not fully annotated",
    fix: "annotate the parameters and the return value, and run a type checker; `check_untyped_defs = true` lets mypy look into all bodies",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: Some(Fold {
        share: 5,
        sites: 20,
        advice: None,
        noun: "public functions that need hints",
    }),
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[],
    check: Check::Outline(missing_type_hints::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "ANN001", same: true },
        Equivalent { tool: "ruff", code: "ANN201", same: true },
        Equivalent { tool: "ruff", code: "ANN202", same: true },
        Equivalent { tool: "ruff", code: "ANN204", same: true },
        Equivalent { tool: "ruff", code: "ANN205", same: true },
        Equivalent { tool: "ruff", code: "ANN206", same: true },
        Equivalent { tool: "flake8", code: "ANN001", same: true },
        Equivalent { tool: "flake8", code: "ANN201", same: true },
        Equivalent { tool: "ruff", code: "ANN002", same: false },
        Equivalent { tool: "ruff", code: "ANN003", same: false },
        Equivalent { tool: "sonar", code: "S6538", same: false },
        Equivalent { tool: "sonar", code: "S6540", same: false },
        Equivalent { tool: "mypy", code: "no-untyped-def", same: false },
    ],
    tags: &[],
    options: &[OptionSpec {
        name: "handed-in-parameters",
        default: OptionDefault::Strings(&[]),
        help: "names of parameters that a framework hands in: functions that take one are left alone",
    }],
    source: include_str!("../types/missing-type-hints.toml"),
};
