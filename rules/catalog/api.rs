//! GENERATED from `rules/api/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../api/cors_wildcard.rs"]
mod cors_wildcard;
#[path = "../api/django_deploy_settings.rs"]
mod django_deploy_settings;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, Trigger};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static CORS_WILDCARD: Rule = Rule {
    name: "cors-wildcard",
    group: "api",
    area: Area::Api,
    summary: "every site may read what this application answers",
    fix: "list the origins of your own front ends",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Cli, Role::Settings]),
    triggers: &[
        Trigger { text: "CORSMiddleware", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "CORSConfig", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "flask_cors", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "ResourceOptions", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "CORS_ALLOW_ALL_ORIGINS",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
        Trigger {
            text: "CORS_ORIGIN_ALLOW_ALL",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
    ],
    check: Check::Outline(cors_wildcard::check),
    equivalents: &[
        Equivalent { tool: "sonar", code: "S5122", same: false },
        Equivalent { tool: "semgrep", code: "wildcard-cors", same: false },
    ],
    tags: &["CWE-942", "CWE-346"],
    options: &[],
    source: include_str!("../api/cors-wildcard.toml"),
};

pub(super) static DJANGO_DEPLOY_SETTINGS: Rule = Rule {
    name: "django-deploy-settings",
    group: "api",
    area: Area::Api,
    summary: "the settings that production runs leave Django's guards off",
    fix: "set them in the module that production runs, and let `manage.py check --deploy` say the rest",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Migration,
        Role::Notebook,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(django_deploy_settings::check),
    equivalents: &[
        Equivalent { tool: "django", code: "security.W004", same: false },
        Equivalent { tool: "django", code: "security.W008", same: false },
        Equivalent { tool: "django", code: "security.W012", same: false },
        Equivalent { tool: "django", code: "security.W016", same: false },
        Equivalent { tool: "django", code: "security.W020", same: false },
    ],
    tags: &["CWE-614", "CWE-319", "CWE-644"],
    options: &[],
    source: include_str!("../api/django-deploy-settings.toml"),
};
