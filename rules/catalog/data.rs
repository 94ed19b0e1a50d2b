//! GENERATED from `rules/data/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../data/sql_built_from_strings.rs"]
mod sql_built_from_strings;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, Trigger};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static SQL_BUILT_FROM_STRINGS: Rule = Rule {
    name: "sql-built-from-strings",
    group: "data",
    area: Area::Data,
    summary: "value is written into the text of an SQL statement",
    fix: "write a placeholder into the statement and hand the value over as a parameter: `execute(\"... WHERE name = %s\", (name,))`",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Statement,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Settings,
    ]),
    triggers: &[
        Trigger { text: "execute", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "executemany", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "executescript", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "exec_driver_sql", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "text", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "raw", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "RawSQL", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_sql", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_sql_query", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "fetch", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "fetchrow", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "fetchval", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "fetch_all", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "fetch_one", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "query", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "sql", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Nodes {
        kinds: &["call"],
        check: sql_built_from_strings::check,
        prefilter: Some(sql_built_from_strings::candidate),
    },
    equivalents: &[
        Equivalent { tool: "ruff", code: "S608", same: true },
        Equivalent { tool: "bandit", code: "B608", same: true },
        Equivalent { tool: "ruff", code: "S610", same: false },
        Equivalent { tool: "ruff", code: "S611", same: false },
        Equivalent { tool: "bandit", code: "B610", same: false },
        Equivalent { tool: "bandit", code: "B611", same: false },
    ],
    tags: &["CWE-89"],
    options: &[],
    source: include_str!("../data/sql-built-from-strings.toml"),
};
