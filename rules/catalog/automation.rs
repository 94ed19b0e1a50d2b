//! GENERATED from `rules/automation/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../automation/claimed_python_untested.rs"]
mod claimed_python_untested;

use roadworthy_engine::{Area, Check, Rule, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static CLAIMED_PYTHON_UNTESTED: Rule = Rule {
    name: "claimed-python-untested",
    group: "automation",
    area: Area::Automation,
    summary: "a version of Python that is run or promised is in no test job",
    fix: "add the version to the matrix of the test job, or move the image or the promise to one that is tested",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Toml,
        FileKind::Ini,
        FileKind::Dockerfile,
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
    check: Check::Project(claimed_python_untested::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../automation/claimed-python-untested.toml"),
};
