//! GENERATED from `rules/api/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../api/cors_wildcard.rs"]
mod cors_wildcard;
#[path = "../api/django_deploy_settings.rs"]
mod django_deploy_settings;
#[path = "../api/error_detail_leaked.rs"]
mod error_detail_leaked;
#[path = "../api/jwt_not_verified.rs"]
mod jwt_not_verified;
#[path = "../api/shell_from_variable.rs"]
mod shell_from_variable;
#[path = "../api/tls_verification_disabled.rs"]
mod tls_verification_disabled;
#[path = "../api/untyped_endpoint.rs"]
mod untyped_endpoint;
#[path = "../api/upload_read_unbounded.rs"]
mod upload_read_unbounded;

use roadworthy_engine::{
    Area, Check, Equivalent, Fold, Place, Rule, Scope, Severity, SiteKind, Trigger,
};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static CORS_WILDCARD: Rule = Rule {
    name: "cors-wildcard",
    group: "api",
    area: Area::Api,
    summary: "every site may read what this application answers",
    fix: "list the origins of your own front ends",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
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
    site: SiteKind::Settings,
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

pub(super) static ERROR_DETAIL_LEAKED: Rule = Rule {
    name: "error-detail-leaked",
    group: "api",
    area: Area::Api,
    summary: "the text of an unexpected error goes to the client",
    fix: "log it with `logger.exception(...)`, and answer with a fixed text and the request's id",
    severity: Severity::Warning,
    preview: false,
    fold: Some(Fold { share: 30, sites: 10, advice: None, noun: "answers to unexpected errors" }),
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "fastapi", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "starlette", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "flask", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "django", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "rest_framework", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "ninja", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "aiohttp", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "sanic", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "litestar", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "quart", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "falcon", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "bottle", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "lambda_handler", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(error_detail_leaked::check),
    equivalents: &[Equivalent { tool: "codeql", code: "py/stack-trace-exposure", same: false }],
    tags: &["CWE-209"],
    options: &[],
    source: include_str!("../api/error-detail-leaked.toml"),
};

pub(super) static JWT_NOT_VERIFIED: Rule = Rule {
    name: "jwt-not-verified",
    group: "api",
    area: Area::Api,
    summary: "the signature of the token is not verified",
    fix: "verify: `jwt.decode(token, key, algorithms=[\"RS256\"], audience=...)`, with the algorithms that you issue",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "jwt", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "jose", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "rest_framework_simplejwt",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
    ],
    check: Check::Outline(jwt_not_verified::check),
    equivalents: &[
        Equivalent { tool: "sonar", code: "S5659", same: false },
        Equivalent { tool: "semgrep", code: "unverified-jwt-decode", same: false },
        Equivalent { tool: "semgrep", code: "jwt-none-alg", same: false },
    ],
    tags: &["CWE-347"],
    options: &[],
    source: include_str!("../api/jwt-not-verified.toml"),
};

pub(super) static SHELL_FROM_VARIABLE: Rule = Rule {
    name: "shell-from-variable",
    group: "api",
    area: Area::Api,
    summary: "a shell runs a command that is put together here",
    fix: "pass a list and no shell: `subprocess.run([\"tar\", \"xf\", path], check=True)`; where a shell is needed, `shlex.quote` each value",
    severity: Severity::Warning,
    preview: false,
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
        Role::Settings,
    ]),
    triggers: &[
        Trigger { text: "shell", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "system", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "popen", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "getoutput", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "getstatusoutput", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "create_subprocess_shell",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
    ],
    check: Check::Outline(shell_from_variable::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "S602", same: true },
        Equivalent { tool: "ruff", code: "S605", same: true },
        Equivalent { tool: "bandit", code: "B602", same: true },
        Equivalent { tool: "bandit", code: "B605", same: true },
        Equivalent { tool: "ruff", code: "S604", same: false },
        Equivalent { tool: "bandit", code: "B604", same: false },
        Equivalent { tool: "sonar", code: "S4721", same: false },
    ],
    tags: &["CWE-78"],
    options: &[],
    source: include_str!("../api/shell-from-variable.toml"),
};

pub(super) static TLS_VERIFICATION_DISABLED: Rule = Rule {
    name: "tls-verification-disabled",
    group: "api",
    area: Area::Api,
    summary: "the certificate of the other side is not verified",
    fix: "leave verification on; for a private authority, give its file: `verify=\"/etc/ssl/ca.pem\"` or `ssl.create_default_context(cafile=...)`",
    severity: Severity::Warning,
    preview: false,
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
        Role::Settings,
    ]),
    triggers: &[
        Trigger { text: "verify", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "ssl", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "verify_ssl", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "ssl_verify", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "verify_certs", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "ssl_context", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "cert_reqs", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "ssl_cert_reqs", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "tls_cert_reqs", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "validate", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "verify_mode", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "check_hostname", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "_create_unverified_context",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
        Trigger { text: "tlsInsecure", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "tlsAllowInvalidCertificates",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
        Trigger {
            text: "disable_ssl_certificate_validation",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
    ],
    check: Check::Outline(tls_verification_disabled::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "S501", same: true },
        Equivalent { tool: "ruff", code: "S323", same: true },
        Equivalent { tool: "bandit", code: "B501", same: true },
        Equivalent { tool: "bandit", code: "B323", same: true },
        Equivalent { tool: "sonar", code: "S4830", same: false },
        Equivalent { tool: "sonar", code: "S5527", same: false },
    ],
    tags: &["CWE-295"],
    options: &[],
    source: include_str!("../api/tls-verification-disabled.toml"),
};

pub(super) static UNTYPED_ENDPOINT: Rule = Rule {
    name: "untyped-endpoint",
    group: "api",
    area: Area::Api,
    summary: "the endpoint says nothing of its input or output",
    fix: "declare a model: `body: OrderIn`, and `-> OrderOut` or `response_model=OrderOut`",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[
        Trigger { text: "fastapi", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "flask", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(untyped_endpoint::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "FAST001", same: false },
        Equivalent { tool: "sonar", code: "S8409", same: false },
    ],
    tags: &["CWE-20", "CWE-213"],
    options: &[],
    source: include_str!("../api/untyped-endpoint.toml"),
};

pub(super) static UPLOAD_READ_UNBOUNDED: Rule = Rule {
    name: "upload-read-unbounded",
    group: "api",
    area: Area::Api,
    summary: "an upload is read into memory, whatever its size",
    fix: "check `file.size` or `Content-Length` first, read in chunks with a limit, or limit the body in the server in front",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[Trigger { text: "UploadFile", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(upload_read_unbounded::check),
    equivalents: &[Equivalent { tool: "sonar", code: "S8389", same: false }],
    tags: &["CWE-770"],
    options: &[],
    source: include_str!("../api/upload-read-unbounded.toml"),
};
