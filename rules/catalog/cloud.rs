//! GENERATED from `rules/cloud/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../cloud/eol_python.rs"]
mod eol_python;
#[path = "../cloud/python_version_disagreement.rs"]
mod python_version_disagreement;

use roadworthy_engine::{Area, Check, Equivalent, Rule, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static EOL_PYTHON: Rule = Rule {
    name: "eol-python",
    group: "cloud",
    area: Area::Cloud,
    summary: "the Python of the image or platform is past its end of life",
    fix: "move the image and `requires-python` to a supported version",
    severity: Severity::Warning,
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
    check: Check::Project(eol_python::check),
    equivalents: &[],
    tags: &["CWE-1104"],
    options: &[],
    source: include_str!("../cloud/eol-python.toml"),
};

pub(super) static PYTHON_VERSION_DISAGREEMENT: Rule = Rule {
    name: "python-version-disagreement",
    group: "cloud",
    area: Area::Cloud,
    summary: "places that name a version of Python contradict each other",
    fix: "let `requires-python` say what is run and tested, and bring the other place in line with it",
    severity: Severity::Warning,
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
    check: Check::Project(python_version_disagreement::check),
    equivalents: &[Equivalent { tool: "repo-review", code: "RF002", same: false }],
    tags: &[],
    options: &[],
    source: include_str!("../cloud/python-version-disagreement.toml"),
};
