//! GENERATED from `rules/collaboration/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../collaboration/dev_dependency_in_product.rs"]
mod dev_dependency_in_product;
#[path = "../collaboration/lock_out_of_date.rs"]
mod lock_out_of_date;
#[path = "../collaboration/manifests_disagree.rs"]
mod manifests_disagree;
#[path = "../collaboration/no_vulnerability_audit.rs"]
mod no_vulnerability_audit;
#[path = "../collaboration/readme_command_broken.rs"]
mod readme_command_broken;
#[path = "../collaboration/typed_package_without_marker.rs"]
mod typed_package_without_marker;
#[path = "../collaboration/undeclared_dependency.rs"]
mod undeclared_dependency;
#[path = "../collaboration/unlocked_application.rs"]
mod unlocked_application;
#[path = "../collaboration/unverifiable_dependency_source.rs"]
mod unverifiable_dependency_source;
#[path = "../collaboration/update_automation_gap.rs"]
mod update_automation_gap;

use roadworthy_engine::{
    Area, Check, Equivalent, OptionDefault, OptionSpec, Rule, Scope, Severity, SiteKind,
};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static DEV_DEPENDENCY_IN_PRODUCT: Rule = Rule {
    name: "dev-dependency-in-product",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "product code imports what only a group for development declares",
    fix: "move the requirement to the dependencies of the product",
    severity: Severity::Warning,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::File,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Cli, Role::Settings]),
    triggers: &[],
    check: Check::Outline(dev_dependency_in_product::check),
    equivalents: &[Equivalent { tool: "deptry", code: "DEP004", same: true }],
    tags: &[],
    options: &[],
    source: include_str!("../collaboration/dev-dependency-in-product.toml"),
};

pub(super) static LOCK_OUT_OF_DATE: Rule = Rule {
    name: "lock-out-of-date",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "the lock file does not meet the requirements that it locks",
    fix: "lock again with the tool that wrote the lock file, and commit both files together",
    severity: Severity::Error,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Lock,
    applies_to: KindSet::of(&[FileKind::Toml, FileKind::Text]),
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
    check: Check::Project(lock_out_of_date::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../collaboration/lock-out-of-date.toml"),
};

pub(super) static MANIFESTS_DISAGREE: Rule = Rule {
    name: "manifests-disagree",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "two manifests of one component rule each other out",
    fix: "declare the range in one of them, and let the others be compiled from it or include it",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Manifest,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Yaml,
        FileKind::Toml,
        FileKind::Ini,
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
    check: Check::Project(manifests_disagree::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../collaboration/manifests-disagree.toml"),
};

pub(super) static NO_VULNERABILITY_AUDIT: Rule = Rule {
    name: "no-vulnerability-audit",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "nothing looks up known weaknesses of the locked dependencies",
    fix: "run pip-audit, `uv audit` or osv-scanner over the lock file in a job, also on a schedule",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Audit,
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
    check: Check::Project(no_vulnerability_audit::check),
    equivalents: &[Equivalent { tool: "scorecard", code: "Vulnerabilities", same: false }],
    tags: &["CWE-1395"],
    options: &[],
    source: include_str!("../collaboration/no-vulnerability-audit.toml"),
};

pub(super) static README_COMMAND_BROKEN: Rule = Rule {
    name: "readme-command-broken",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "a command of the README names something that is not there",
    fix: "write the command that works, or bring back what it names",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Readme,
    applies_to: KindSet::of(&[FileKind::Text]),
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
    check: Check::Project(readme_command_broken::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../collaboration/readme-command-broken.toml"),
};

pub(super) static TYPED_PACKAGE_WITHOUT_MARKER: Rule = Rule {
    name: "typed-package-without-marker",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "a typed package without `py.typed`",
    fix: "add an empty `py.typed` to the package, and to what the build packs",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Library,
    applies_to: KindSet::of(&[FileKind::Toml]),
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
    check: Check::Project(typed_package_without_marker::check),
    equivalents: &[],
    tags: &[],
    options: &[OptionSpec {
        name: "share",
        default: OptionDefault::Integer(80),
        help: "from which share of annotated public functions on, in per cent, a package counts as typed",
    }],
    source: include_str!("../collaboration/typed-package-without-marker.toml"),
};

pub(super) static UNDECLARED_DEPENDENCY: Rule = Rule {
    name: "undeclared-dependency",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "a distribution that is imported is not declared",
    fix: "declare it where the component declares its dependencies",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::File,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Cli, Role::Settings]),
    triggers: &[],
    check: Check::Outline(undeclared_dependency::check),
    equivalents: &[
        Equivalent { tool: "deptry", code: "DEP001", same: true },
        Equivalent { tool: "deptry", code: "DEP003", same: false },
    ],
    tags: &[],
    options: &[OptionSpec {
        name: "ignore",
        default: OptionDefault::Strings(&[]),
        help: "distributions that the environment brings without being declared",
    }],
    source: include_str!("../collaboration/undeclared-dependency.toml"),
};

pub(super) static UNLOCKED_APPLICATION: Rule = Rule {
    name: "unlocked-application",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "an application is installed without a lock file",
    fix: "lock what is installed (`uv lock`, `poetry lock`, `pip-compile`), commit the lock file and install from it",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Application,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Yaml,
        FileKind::Toml,
        FileKind::Ini,
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
    check: Check::Project(unlocked_application::check),
    equivalents: &[
        Equivalent { tool: "scorecard", code: "Pinned-Dependencies", same: false },
        Equivalent { tool: "hadolint", code: "DL3013", same: false },
        Equivalent { tool: "zizmor", code: "adhoc-packages", same: false },
    ],
    tags: &["CWE-1357"],
    options: &[],
    source: include_str!("../collaboration/unlocked-application.toml"),
};

pub(super) static UNVERIFIABLE_DEPENDENCY_SOURCE: Rule = Rule {
    name: "unverifiable-dependency-source",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "a dependency comes from where anybody may put something else",
    fix: "name the commit or the hash, lock it, or bind the package to the one index it may come from",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Manifest,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Yaml,
        FileKind::Toml,
        FileKind::Ini,
        FileKind::Dockerfile,
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
    check: Check::Project(unverifiable_dependency_source::check),
    equivalents: &[
        Equivalent { tool: "checkov", code: "CKV2_DOCKER_4", same: false },
        Equivalent { tool: "checkov", code: "CKV2_DOCKER_16", same: false },
    ],
    tags: &["CWE-427", "CWE-494"],
    options: &[],
    source: include_str!("../collaboration/unverifiable-dependency-source.toml"),
};

pub(super) static UPDATE_AUTOMATION_GAP: Rule = Rule {
    name: "update-automation-gap",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "no bot keeps a part of the dependencies up to date",
    fix: "add the ecosystem and its folder to `.github/dependabot.yml`, or to the managers of Renovate",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Pipeline,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Yaml,
        FileKind::Toml,
        FileKind::Json,
        FileKind::Ini,
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
    check: Check::Project(update_automation_gap::check),
    equivalents: &[
        Equivalent { tool: "scorecard", code: "Dependency-Update-Tool", same: false },
        Equivalent { tool: "repo-review", code: "GH200", same: false },
        Equivalent { tool: "repo-review", code: "GH210", same: false },
    ],
    tags: &["CWE-1104", "CWE-1395"],
    options: &[],
    source: include_str!("../collaboration/update-automation-gap.toml"),
};
