//! GENERATED from `rules/cloud/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../cloud/base_image_unpinned.rs"]
mod base_image_unpinned;
#[path = "../cloud/build_context_leaks_secrets.rs"]
mod build_context_leaks_secrets;
#[path = "../cloud/container_runs_as_root.rs"]
mod container_runs_as_root;
#[path = "../cloud/dependencies_after_source_copy.rs"]
mod dependencies_after_source_copy;
#[path = "../cloud/dev_server_in_container.rs"]
mod dev_server_in_container;
#[path = "../cloud/entry_point_unresolved.rs"]
mod entry_point_unresolved;
#[path = "../cloud/image_ignores_lock.rs"]
mod image_ignores_lock;
#[path = "../cloud/server_binds_loopback.rs"]
mod server_binds_loopback;
#[path = "../cloud/signals_do_not_reach_app.rs"]
mod signals_do_not_reach_app;

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static BASE_IMAGE_UNPINNED: Rule = Rule {
    name: "base-image-unpinned",
    group: "cloud",
    area: Area::Cloud,
    summary: "the base image may be another one at the next build",
    fix: "name a version of the base image: the minor version of an interpreter, or a digest",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[FileKind::Dockerfile]),
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
    check: Check::Project(base_image_unpinned::check),
    equivalents: &[
        Equivalent { tool: "hadolint", code: "DL3006", same: true },
        Equivalent { tool: "hadolint", code: "DL3007", same: true },
        Equivalent { tool: "checkov", code: "CKV_DOCKER_7", same: true },
        Equivalent { tool: "semgrep", code: "dockerfile-source-not-pinned", same: false },
        Equivalent { tool: "scorecard", code: "Pinned-Dependencies", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../cloud/base-image-unpinned.toml"),
};

pub(super) static BUILD_CONTEXT_LEAKS_SECRETS: Rule = Rule {
    name: "build-context-leaks-secrets",
    group: "cloud",
    area: Area::Cloud,
    summary: "a file with secrets becomes part of the image",
    fix: "name the file in `.dockerignore`, with `**/` before it where it may lie in a folder",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[FileKind::Dockerfile]),
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
    check: Check::Project(build_context_leaks_secrets::check),
    equivalents: &[Equivalent { tool: "trivy", code: "DS-0031", same: false }],
    tags: &["CWE-538"],
    options: &[],
    source: include_str!("../cloud/build-context-leaks-secrets.toml"),
};

pub(super) static CONTAINER_RUNS_AS_ROOT: Rule = Rule {
    name: "container-runs-as-root",
    group: "cloud",
    area: Area::Cloud,
    summary: "the container runs as root",
    fix: "create a user in the last stage and switch to it with `USER` before the command",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[FileKind::Dockerfile]),
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
    check: Check::Project(container_runs_as_root::check),
    equivalents: &[
        Equivalent { tool: "hadolint", code: "DL3002", same: true },
        Equivalent { tool: "checkov", code: "CKV_DOCKER_3", same: true },
        Equivalent { tool: "checkov", code: "CKV_DOCKER_8", same: true },
        Equivalent { tool: "trivy", code: "DS-0002", same: true },
        Equivalent { tool: "semgrep", code: "missing-user", same: true },
    ],
    tags: &["CWE-250"],
    options: &[],
    source: include_str!("../cloud/container-runs-as-root.toml"),
};

pub(super) static DEPENDENCIES_AFTER_SOURCE_COPY: Rule = Rule {
    name: "dependencies-after-source-copy",
    group: "cloud",
    area: Area::Cloud,
    summary: "every change of the source installs all dependencies anew",
    fix: "copy the manifest and the lock file alone, install, and copy the source behind that; or mount a cache",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[FileKind::Dockerfile]),
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
    check: Check::Project(dependencies_after_source_copy::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../cloud/dependencies-after-source-copy.toml"),
};

pub(super) static DEV_SERVER_IN_CONTAINER: Rule = Rule {
    name: "dev-server-in-container",
    group: "cloud",
    area: Area::Cloud,
    summary: "the container runs a server for development",
    fix: "start a server for production: gunicorn, uvicorn without `--reload`, `fastapi run`",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Yaml,
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
    check: Check::Project(dev_server_in_container::check),
    equivalents: &[Equivalent { tool: "sonar", code: "S4507", same: false }],
    tags: &["CWE-489"],
    options: &[],
    source: include_str!("../cloud/dev-server-in-container.toml"),
};

pub(super) static ENTRY_POINT_UNRESOLVED: Rule = Rule {
    name: "entry-point-unresolved",
    group: "cloud",
    area: Area::Cloud,
    summary: "what is started does not exist in the project",
    fix: "name the module, attribute or script as it is now",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Yaml,
        FileKind::Toml,
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
    check: Check::Project(entry_point_unresolved::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../cloud/entry-point-unresolved.toml"),
};

pub(super) static IMAGE_IGNORES_LOCK: Rule = Rule {
    name: "image-ignores-lock",
    group: "cloud",
    area: Area::Cloud,
    summary: "the image is built without the lock file",
    fix: "copy the lock file and install from it: `uv sync --locked`, `poetry install`, or requirements exported from the lock",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[FileKind::Dockerfile]),
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
    check: Check::Project(image_ignores_lock::check),
    equivalents: &[
        Equivalent { tool: "hadolint", code: "DL3013", same: false },
        Equivalent { tool: "scorecard", code: "Pinned-Dependencies", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../cloud/image-ignores-lock.toml"),
};

pub(super) static SERVER_BINDS_LOOPBACK: Rule = Rule {
    name: "server-binds-loopback",
    group: "cloud",
    area: Area::Cloud,
    summary: "the server in the container listens on the loopback interface only",
    fix: "let it listen on 0.0.0.0 (`--host 0.0.0.0`, `--bind 0.0.0.0:8000`)",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Yaml,
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
    check: Check::Project(server_binds_loopback::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../cloud/server-binds-loopback.toml"),
};

pub(super) static SIGNALS_DO_NOT_REACH_APP: Rule = Rule {
    name: "signals-do-not-reach-app",
    group: "cloud",
    area: Area::Cloud,
    summary: "a shell stands between the container and the application, and keeps SIGTERM to itself",
    fix: "write the command as a list, or put `exec` before the last command of the script",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Yaml,
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
    check: Check::Project(signals_do_not_reach_app::check),
    equivalents: &[Equivalent { tool: "hadolint", code: "DL3025", same: false }],
    tags: &[],
    options: &[],
    source: include_str!("../cloud/signals-do-not-reach-app.toml"),
};
