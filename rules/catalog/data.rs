//! GENERATED from `rules/data/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../data/dataframe_read_unbounded.rs"]
mod dataframe_read_unbounded;
#[path = "../data/dataframe_row_loop.rs"]
mod dataframe_row_loop;
#[path = "../data/float_for_money.rs"]
mod float_for_money;
#[path = "../data/migration_locks_or_loses_data.rs"]
mod migration_locks_or_loses_data;
#[path = "../data/naive_datetime.rs"]
mod naive_datetime;
#[path = "../data/pipeline_task_without_retries.rs"]
mod pipeline_task_without_retries;
#[path = "../data/sql_built_from_strings.rs"]
mod sql_built_from_strings;
#[path = "../data/unsafe_deserialisation.rs"]
mod unsafe_deserialisation;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, Trigger};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static DATAFRAME_READ_UNBOUNDED: Rule = Rule {
    name: "dataframe-read-unbounded",
    group: "data",
    area: Area::Data,
    summary: "a source of unknown size is read into memory whole",
    fix: "read what is needed: `usecols`/`columns`, `nrows` or `chunksize`, a `WHERE` or `LIMIT` in the query, a lazy scan; refuse uploads above a size",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "read_csv", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_sql", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_sql_query", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_sql_table", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_parquet", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_excel", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "read_json", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(dataframe_read_unbounded::check),
    equivalents: &[Equivalent { tool: "sonar", code: "S6740", same: false }],
    tags: &["CWE-400"],
    options: &[],
    source: include_str!("../data/dataframe-read-unbounded.toml"),
};

pub(super) static DATAFRAME_ROW_LOOP: Rule = Rule {
    name: "dataframe-row-loop",
    group: "data",
    area: Area::Data,
    summary: "rows of a data frame are gone through one by one",
    fix: "work on whole columns, `merge` or `map`; collect parts in a list and `concat` once behind the loop; where rows are needed, `itertuples`",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "iterrows", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "axis", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "concat", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(dataframe_row_loop::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "PERF401", same: false },
        Equivalent { tool: "pylint", code: "W0640", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../data/dataframe-row-loop.toml"),
};

pub(super) static FLOAT_FOR_MONEY: Rule = Rule {
    name: "float-for-money",
    group: "data",
    area: Area::Data,
    summary: "amount of money is held in a float",
    fix: "use `Decimal` with `Numeric(12, 2)` or `DecimalField`, or whole cents in an integer",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "Float", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "FLOAT", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "FloatField", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "Double", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "DOUBLE_PRECISION", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "REAL", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "float", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(float_for_money::check),
    equivalents: &[
        Equivalent { tool: "semgrep", code: "use-decimalfield-for-money", same: false },
        Equivalent { tool: "ruff", code: "RUF032", same: false },
        Equivalent { tool: "ruff", code: "RUF069", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../data/float-for-money.toml"),
};

pub(super) static MIGRATION_LOCKS_OR_LOSES_DATA: Rule = Rule {
    name: "migration-locks-or-loses-data",
    group: "data",
    area: Area::Data,
    summary: "migration stops or breaks what runs while it is rolled out",
    fix: "do it in two releases: add first, with a default or empty, take away when no running code asks for it; build indexes concurrently",
    severity: Severity::Warning,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Statement,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Migration]),
    triggers: &[
        Trigger { text: "drop_column", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "drop_table", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "add_column", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "create_index", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "rename_table", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "alter_column", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "RemoveField", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "DeleteModel", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "RenameField", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "RenameModel", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Nodes {
        kinds: &["call"],
        check: migration_locks_or_loses_data::check,
        prefilter: Some(migration_locks_or_loses_data::candidate),
    },
    equivalents: &[
        Equivalent { tool: "squawk", code: "ban-drop-column", same: false },
        Equivalent { tool: "squawk", code: "ban-drop-table", same: false },
        Equivalent { tool: "squawk", code: "adding-required-field", same: false },
        Equivalent { tool: "squawk", code: "require-concurrent-index-creation", same: false },
        Equivalent { tool: "squawk", code: "renaming-column", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../data/migration-locks-or-loses-data.toml"),
};

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

pub(super) static PIPELINE_TASK_WITHOUT_RETRIES: Rule = Rule {
    name: "pipeline-task-without-retries",
    group: "data",
    area: Area::Data,
    summary: "step of a pipeline asks the network and is not tried again",
    fix: "set `retries` and a delay: `default_args={\"retries\": 3, \"retry_delay\": timedelta(minutes=5)}`, `@task(retries=3, retry_delay_seconds=60)`",
    severity: Severity::Info,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Script, Role::Settings]),
    triggers: &[
        Trigger { text: "DAG", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "dag", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "task", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "flow", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(pipeline_task_without_retries::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "AIR002", same: false },
        Equivalent { tool: "ruff", code: "AIR003", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../data/pipeline-task-without-retries.toml"),
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
        Trigger { text: "run_query", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "execute_query", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "execute_sql", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "run_sql", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "fetch_val", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "execute_many", place: Place::Code, word: true, ignore_case: false },
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
        Equivalent { tool: "bandit", code: "B301", same: true },
        Equivalent { tool: "bandit", code: "B302", same: true },
        Equivalent { tool: "bandit", code: "B506", same: true },
        Equivalent { tool: "bandit", code: "B614", same: true },
    ],
    tags: &["CWE-502"],
    options: &[],
    source: include_str!("../data/unsafe-deserialisation.toml"),
};
