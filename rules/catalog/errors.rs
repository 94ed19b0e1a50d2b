//! GENERATED from `rules/errors/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../errors/silent_except.rs"]
mod silent_except;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, Trigger};
use roadworthy_project::{Role, RoleSet};

pub(super) static SILENT_EXCEPT: Rule = Rule {
    name: "silent-except",
    group: "errors",
    area: Area::Code,
    summary: "exception handler discards the error",
    fix: "log the exception with its traceback, re-raise it, or catch only the type that may be ignored",
    severity: Severity::Error,
    fold: None,
    hides_text: false,
    scope: Scope::Statement,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Migration,
        Role::Settings,
    ]),
    triggers: &[Trigger { text: "except", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Nodes {
        kinds: &["except_clause"],
        check: silent_except::check,
        prefilter: Some(silent_except::candidate),
    },
    equivalents: &[
        Equivalent { tool: "ruff", code: "S110", same: true },
        Equivalent { tool: "ruff", code: "S112", same: true },
        Equivalent { tool: "bandit", code: "B110", same: true },
        Equivalent { tool: "bandit", code: "B112", same: true },
        Equivalent { tool: "ruff", code: "E722", same: false },
        Equivalent { tool: "ruff", code: "BLE001", same: false },
        Equivalent { tool: "ruff", code: "SIM105", same: false },
        Equivalent { tool: "pylint", code: "W0702", same: false },
        Equivalent { tool: "pylint", code: "bare-except", same: false },
        Equivalent { tool: "pylint", code: "W0718", same: false },
        Equivalent { tool: "pylint", code: "broad-exception-caught", same: false },
    ],
    tags: &["CWE-390", "CWE-703"],
    options: &[],
    source: include_str!("../errors/silent-except.toml"),
};
