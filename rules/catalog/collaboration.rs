//! GENERATED from `rules/collaboration/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../collaboration/dev_dependency_in_product.rs"]
mod dev_dependency_in_product;
#[path = "../collaboration/readme_command_broken.rs"]
mod readme_command_broken;
#[path = "../collaboration/undeclared_dependency.rs"]
mod undeclared_dependency;

use roadworthy_engine::{
    Area, Check, Equivalent, OptionDefault, OptionSpec, Rule, Scope, Severity,
};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static DEV_DEPENDENCY_IN_PRODUCT: Rule = Rule {
    name: "dev-dependency-in-product",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "product code imports what only a group for development declares",
    fix: "move the requirement to the dependencies of the product",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Cli, Role::Settings]),
    triggers: &[],
    check: Check::Outline(dev_dependency_in_product::check),
    equivalents: &[Equivalent { tool: "deptry", code: "DEP004", same: true }],
    tags: &[],
    options: &[],
    source: include_str!("../collaboration/dev-dependency-in-product.toml"),
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

pub(super) static UNDECLARED_DEPENDENCY: Rule = Rule {
    name: "undeclared-dependency",
    group: "collaboration",
    area: Area::Collaboration,
    summary: "a distribution that is imported is not declared",
    fix: "declare it where the component declares its dependencies",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
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
