//! GENERATED from `rules/logging/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../logging/logging_configured_at_import.rs"]
mod logging_configured_at_import;
#[path = "../logging/print_in_product_code.rs"]
mod print_in_product_code;
#[path = "../logging/root_logger_used.rs"]
mod root_logger_used;
#[path = "../logging/service_without_logging_config.rs"]
mod service_without_logging_config;

use roadworthy_engine::{
    Area, Check, Equivalent, Fold, Place, Rule, Scope, Severity, SiteKind, Trigger,
};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static LOGGING_CONFIGURED_AT_IMPORT: Rule = Rule {
    name: "logging-configured-at-import",
    group: "logging",
    area: Area::Code,
    summary: "importing this module configures logging for the whole process",
    fix: "configure logging in the program's entry point, inside a function that it calls",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::File,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library]),
    triggers: &[Trigger { text: "logging", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(logging_configured_at_import::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../logging/logging-configured-at-import.toml"),
};

pub(super) static PRINT_IN_PRODUCT_CODE: Rule = Rule {
    name: "print-in-product-code",
    group: "logging",
    area: Area::Code,
    summary: "product code prints instead of logging",
    fix: "log it with a module logger, `logger = logging.getLogger(__name__)`, at the level it deserves; a secret belongs in no log",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Function,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "print", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "pprint", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "pp", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "stdout", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(print_in_product_code::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "T201", same: true },
        Equivalent { tool: "ruff", code: "T203", same: true },
        Equivalent { tool: "flake8", code: "T201", same: true },
        Equivalent { tool: "flake8", code: "T203", same: true },
        Equivalent { tool: "pylint", code: "bad-builtin", same: true },
        Equivalent { tool: "flake8", code: "WPS421", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../logging/print-in-product-code.toml"),
};

pub(super) static ROOT_LOGGER_USED: Rule = Rule {
    name: "root-logger-used",
    group: "logging",
    area: Area::Code,
    summary: "message goes to the root logger",
    fix: "make a logger with `logging.getLogger(__name__)` once in the module and call that",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: Some(Fold { share: 1, sites: 10, advice: None, noun: "logging calls" }),
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[Trigger { text: "logging", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(root_logger_used::check),
    equivalents: &[Equivalent { tool: "ruff", code: "LOG015", same: true }],
    tags: &[],
    options: &[],
    source: include_str!("../logging/root-logger-used.toml"),
};

pub(super) static SERVICE_WITHOUT_LOGGING_CONFIG: Rule = Rule {
    name: "service-without-logging-config",
    group: "logging",
    area: Area::Code,
    summary: "nothing configures logging where the service starts",
    fix: "call `logging.basicConfig` or `logging.config.dictConfig` once where the service starts",
    severity: Severity::Warning,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Service,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(service_without_logging_config::check),
    equivalents: &[],
    tags: &["CWE-778"],
    options: &[],
    source: include_str!("../logging/service-without-logging-config.toml"),
};
