//! GENERATED from `rules/testing/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../testing/broad_raises.rs"]
mod broad_raises;
#[path = "../testing/coverage_gate_missing.rs"]
mod coverage_gate_missing;
#[path = "../testing/mock_check_misspelled.rs"]
mod mock_check_misspelled;
#[path = "../testing/no_tests.rs"]
mod no_tests;
#[path = "../testing/test_asserts_nothing.rs"]
mod test_asserts_nothing;
#[path = "../testing/test_not_collected.rs"]
mod test_not_collected;
#[path = "../testing/tests_never_run_in_ci.rs"]
mod tests_never_run_in_ci;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, Trigger};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static BROAD_RAISES: Rule = Rule {
    name: "broad-raises",
    group: "testing",
    area: Area::Testing,
    summary: "test accepts any error",
    fix: "name the exception that is meant; where the code raises a plain `Exception`, add `match=` with a part of its message",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Test]),
    triggers: &[
        Trigger { text: "raises", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assertRaises", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(broad_raises::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "B017", same: true },
        Equivalent { tool: "ruff", code: "PT011", same: true },
        Equivalent { tool: "sonar", code: "S5958", same: false },
        Equivalent { tool: "sonar", code: "S5778", same: false },
    ],
    tags: &["CWE-396"],
    options: &[],
    source: include_str!("../testing/broad-raises.toml"),
};

pub(super) static COVERAGE_GATE_MISSING: Rule = Rule {
    name: "coverage-gate-missing",
    group: "testing",
    area: Area::Testing,
    summary: "coverage is measured and nothing fails when it falls",
    fix: "set `fail_under` to the coverage of today, or let a service judge what a change adds",
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
        FileKind::Dockerfile,
        FileKind::Shell,
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
    check: Check::Project(coverage_gate_missing::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../testing/coverage-gate-missing.toml"),
};

pub(super) static MOCK_CHECK_MISSPELLED: Rule = Rule {
    name: "mock-check-misspelled",
    group: "testing",
    area: Area::Testing,
    summary: "check of a mock that checks nothing",
    fix: "call the mock's own check, as in `mock.assert_called_once_with(...)`",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Test]),
    triggers: &[
        Trigger { text: "called_once", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "called_once_with", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "called_with", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "has_calls", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "any_call", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "not_called", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "awaited_once", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "awaited_once_with", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "awaited_with", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "has_awaits", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "any_await", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "not_awaited", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_called", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_called_once", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "assert_called_once_with",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
        Trigger { text: "assert_called_with", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_has_calls", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_any_call", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_not_called", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_awaited", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_awaited_once", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "assert_awaited_once_with",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
        Trigger { text: "assert_awaited_with", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_has_awaits", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_any_await", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "assert_not_awaited", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(mock_check_misspelled::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "PGH005", same: true },
        Equivalent { tool: "sonar", code: "S9136", same: false },
        Equivalent { tool: "sonar", code: "S9137", same: false },
    ],
    tags: &["CWE-561"],
    options: &[],
    source: include_str!("../testing/mock-check-misspelled.toml"),
};

pub(super) static NO_TESTS: Rule = Rule {
    name: "no-tests",
    group: "testing",
    area: Area::Testing,
    summary: "component has no test",
    fix: "add a first test that imports the package and runs its main path, and let a pipeline run it",
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
    check: Check::Project(no_tests::check),
    equivalents: &[Equivalent { tool: "repo-review", code: "PY005", same: false }],
    tags: &["CWE-1053"],
    options: &[],
    source: include_str!("../testing/no-tests.toml"),
};

pub(super) static TEST_ASSERTS_NOTHING: Rule = Rule {
    name: "test-asserts-nothing",
    group: "testing",
    area: Area::Testing,
    summary: "test asserts nothing",
    fix: "assert what the code answers or changes; where not raising is all that is meant, say so in the test's name",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Test]),
    triggers: &[Trigger { text: "def test", place: Place::Code, word: false, ignore_case: false }],
    check: Check::Outline(test_asserts_nothing::check),
    equivalents: &[
        Equivalent { tool: "semgrep", code: "test-is-missing-assert", same: false },
        Equivalent { tool: "sonar", code: "S2699", same: false },
        Equivalent { tool: "ruff", code: "B015", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../testing/test-asserts-nothing.toml"),
};

pub(super) static TEST_NOT_COLLECTED: Rule = Rule {
    name: "test-not-collected",
    group: "testing",
    area: Area::Testing,
    summary: "test is never run",
    fix: "give it a name of its own, at the place where the runner looks; run pytest with `--collect-only` to see it",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Test]),
    triggers: &[],
    check: Check::Outline(test_not_collected::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "F811", same: false },
        Equivalent { tool: "sonar", code: "S5899", same: false },
        Equivalent { tool: "sonar", code: "S2187", same: false },
        Equivalent { tool: "pylint", code: "E0102", same: false },
    ],
    tags: &["CWE-561"],
    options: &[],
    source: include_str!("../testing/test-not-collected.toml"),
};

pub(super) static TESTS_NEVER_RUN_IN_CI: Rule = Rule {
    name: "tests-never-run-in-ci",
    group: "testing",
    area: Area::Testing,
    summary: "tests are run by no job of any pipeline",
    fix: "run the tests in a job of every change, and name the folders that it leaves out in `testpaths` or in its command",
    severity: Severity::Error,
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
        Role::Test,
        Role::Migration,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(tests_never_run_in_ci::check),
    equivalents: &[Equivalent { tool: "scorecard", code: "CI-Tests", same: false }],
    tags: &[],
    options: &[],
    source: include_str!("../testing/tests-never-run-in-ci.toml"),
};
