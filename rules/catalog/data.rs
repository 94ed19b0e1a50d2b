//! GENERATED from `rules/data/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../data/naive_datetime.rs"]
mod naive_datetime;
#[path = "../data/sql_built_from_strings.rs"]
mod sql_built_from_strings;
#[path = "../data/unsafe_deserialisation.rs"]
mod unsafe_deserialisation;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, Trigger};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static NAIVE_DATETIME: Rule = Rule {
    name: "naive-datetime",
    group: "data",
    area: Area::Data,
    summary: "date and time without a zone is kept",
    fix: "ask for the time with a zone: `datetime.now(tz=timezone.utc)`",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Statement,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Cli, Role::Settings]),
    triggers: &[
        Trigger { text: "now", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "utcnow", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "fromtimestamp", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "utcfromtimestamp", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Nodes {
        kinds: &["call", "attribute"],
        check: naive_datetime::check,
        prefilter: Some(naive_datetime::candidate),
    },
    equivalents: &[
        Equivalent { tool: "ruff", code: "DTZ003", same: true },
        Equivalent { tool: "ruff", code: "DTZ004", same: true },
        Equivalent { tool: "ruff", code: "DTZ005", same: true },
        Equivalent { tool: "ruff", code: "DTZ006", same: true },
        Equivalent { tool: "ruff", code: "DTZ001", same: false },
        Equivalent { tool: "ruff", code: "DTZ002", same: false },
        Equivalent { tool: "ruff", code: "DTZ007", same: false },
        Equivalent { tool: "ruff", code: "DTZ011", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../data/naive-datetime.toml"),
};

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

pub(super) static UNSAFE_DESERIALISATION: Rule = Rule {
    name: "unsafe-deserialisation",
    group: "data",
    area: Area::Data,
    summary: "data is read by something that runs code in it",
    fix: "read data with a format that holds data only (`json`, `yaml.safe_load`, safetensors, `weights_only=True`), or sign it and check the signature first",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Settings,
    ]),
    triggers: &[
        Trigger { text: "pickle", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "cPickle", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "_pickle", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "dill", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "cloudpickle", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "marshal", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "jsonpickle", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "yaml", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "torch", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "joblib", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_pickle", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(unsafe_deserialisation::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "S301", same: true },
        Equivalent { tool: "ruff", code: "S302", same: true },
        Equivalent { tool: "ruff", code: "S506", same: true },
        Equivalent { tool: "ruff", code: "S614", same: true },
        Equivalent { tool: "bandit", code: "B301", same: true },
        Equivalent { tool: "bandit", code: "B302", same: true },
        Equivalent { tool: "bandit", code: "B506", same: true },
        Equivalent { tool: "bandit", code: "B614", same: true },
    ],
    tags: &["CWE-502"],
    options: &[],
    source: include_str!("../data/unsafe-deserialisation.toml"),
};
