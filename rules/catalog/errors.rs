//! GENERATED from `rules/errors/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../errors/assert_as_runtime_check.rs"]
mod assert_as_runtime_check;
#[path = "../errors/bare_except.rs"]
mod bare_except;
#[path = "../errors/broad_except_loses_traceback.rs"]
mod broad_except_loses_traceback;
#[path = "../errors/exit_in_library_code.rs"]
mod exit_in_library_code;
#[path = "../errors/generic_exception_raised.rs"]
mod generic_exception_raised;
#[path = "../errors/silent_except.rs"]
mod silent_except;
#[path = "../errors/subprocess_result_ignored.rs"]
mod subprocess_result_ignored;

use roadworthy_engine::{
    Area, Check, Equivalent, Fold, Place, Rule, Scope, Severity, SiteKind, Trigger,
};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static ASSERT_AS_RUNTIME_CHECK: Rule = Rule {
    name: "assert-as-runtime-check",
    group: "errors",
    area: Area::Code,
    summary: "`assert` checks what comes from outside",
    fix: "raise `ValueError`, or what fits, with a message: `if not ...: raise ValueError(...)`",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Statement,
    site: SiteKind::Assert,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[Trigger { text: "assert", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Nodes {
        kinds: &["assert_statement"],
        check: assert_as_runtime_check::check,
        prefilter: Some(assert_as_runtime_check::candidate),
    },
    equivalents: &[
        Equivalent { tool: "ruff", code: "S101", same: true },
        Equivalent { tool: "bandit", code: "B101", same: true },
    ],
    tags: &["CWE-617", "CWE-703"],
    options: &[],
    source: include_str!("../errors/assert-as-runtime-check.toml"),
};

pub(super) static BARE_EXCEPT: Rule = Rule {
    name: "bare-except",
    group: "errors",
    area: Area::Code,
    summary: "handler catches what stops a program",
    fix: "catch `Exception`, or re-raise at the end of the handler",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Statement,
    site: SiteKind::Handler,
    applies_to: KindSet::PYTHON,
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
        check: bare_except::check,
        prefilter: Some(bare_except::candidate),
    },
    equivalents: &[
        Equivalent { tool: "ruff", code: "E722", same: true },
        Equivalent { tool: "pylint", code: "W0702", same: true },
        Equivalent { tool: "pylint", code: "bare-except", same: true },
        Equivalent { tool: "ruff", code: "BLE001", same: false },
        Equivalent { tool: "pylint", code: "W0718", same: false },
        Equivalent { tool: "pylint", code: "broad-exception-caught", same: false },
    ],
    tags: &["CWE-396"],
    options: &[],
    source: include_str!("../errors/bare-except.toml"),
};

pub(super) static BROAD_EXCEPT_LOSES_TRACEBACK: Rule = Rule {
    name: "broad-except-loses-traceback",
    group: "errors",
    area: Area::Code,
    summary: "handler for every error keeps no traceback",
    fix: "log with `logger.exception(...)` or `exc_info=True`, re-raise, or catch the types that are expected",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Statement,
    site: SiteKind::Handler,
    applies_to: KindSet::PYTHON,
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
        check: broad_except_loses_traceback::check,
        prefilter: Some(broad_except_loses_traceback::candidate),
    },
    equivalents: &[
        Equivalent { tool: "ruff", code: "BLE001", same: true },
        Equivalent { tool: "ruff", code: "TRY400", same: true },
        Equivalent { tool: "pylint", code: "W0718", same: true },
        Equivalent { tool: "pylint", code: "broad-exception-caught", same: true },
        Equivalent { tool: "ruff", code: "E722", same: false },
        Equivalent { tool: "pylint", code: "W0702", same: false },
    ],
    tags: &["CWE-396", "CWE-755"],
    options: &[],
    source: include_str!("../errors/broad-except-loses-traceback.toml"),
};

pub(super) static EXIT_IN_LIBRARY_CODE: Rule = Rule {
    name: "exit-in-library-code",
    group: "errors",
    area: Area::Code,
    summary: "ends the program of whoever calls it",
    fix: "raise an exception of your own and let the entry point decide about the exit code",
    severity: Severity::Warning,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Function,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library]),
    triggers: &[
        Trigger { text: "exit", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "_exit", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "quit", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(exit_in_library_code::check),
    equivalents: &[
        Equivalent { tool: "pylint", code: "R1722", same: false },
        Equivalent { tool: "pylint", code: "consider-using-sys-exit", same: false },
        Equivalent { tool: "ruff", code: "PLR1722", same: false },
        Equivalent { tool: "semgrep", code: "use-sys-exit", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../errors/exit-in-library-code.toml"),
};

pub(super) static GENERIC_EXCEPTION_RAISED: Rule = Rule {
    name: "generic-exception-raised",
    group: "errors",
    area: Area::Code,
    summary: "raises an exception without a type of its own",
    fix: "raise a built-in type that fits, such as `ValueError` or `RuntimeError`, or one of the project's own",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: Some(Fold { share: 1, sites: 10, advice: None, noun: "`raise` of `Exception`" }),
    hides_text: false,
    scope: Scope::Statement,
    site: SiteKind::Raise,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "Exception", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "BaseException", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Nodes {
        kinds: &["raise_statement"],
        check: generic_exception_raised::check,
        prefilter: Some(generic_exception_raised::candidate),
    },
    equivalents: &[
        Equivalent { tool: "ruff", code: "TRY002", same: true },
        Equivalent { tool: "pylint", code: "W0719", same: true },
        Equivalent { tool: "pylint", code: "broad-exception-raised", same: true },
    ],
    tags: &["CWE-397"],
    options: &[],
    source: include_str!("../errors/generic-exception-raised.toml"),
};

pub(super) static SILENT_EXCEPT: Rule = Rule {
    name: "silent-except",
    group: "errors",
    area: Area::Code,
    summary: "exception handler discards the error",
    fix: "log the exception with its traceback, re-raise it, or catch only the type that may be ignored",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Statement,
    site: SiteKind::Handler,
    applies_to: KindSet::PYTHON,
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

pub(super) static SUBPROCESS_RESULT_IGNORED: Rule = Rule {
    name: "subprocess-result-ignored",
    group: "errors",
    area: Area::Code,
    summary: "nobody sees whether the program fails",
    fix: "pass `check=True`, or look at `returncode`",
    severity: Severity::Warning,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Migration,
        Role::Settings,
    ]),
    triggers: &[Trigger { text: "subprocess", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(subprocess_result_ignored::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "PLW1510", same: true },
        Equivalent { tool: "ruff", code: "subprocess-run-without-check", same: true },
        Equivalent { tool: "pylint", code: "W1510", same: true },
        Equivalent { tool: "pylint", code: "subprocess-run-check", same: true },
    ],
    tags: &["CWE-252"],
    options: &[],
    source: include_str!("../errors/subprocess-result-ignored.toml"),
};
