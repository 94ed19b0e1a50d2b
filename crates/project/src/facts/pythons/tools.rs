//! The versions that linters, formatters and type checkers are told to aim at. Knows their configuration.

use super::versions::{of_interpreter, of_target};
use super::{NamedBy, PythonVersions};
use crate::Component;
use crate::facts::value::Value;
use crate::facts::{Document, Facts, Place};

/// Settings of `pyproject.toml`: the keys below `tool`.
const SETTINGS: [&[&str]; 10] = [
    // https://docs.astral.sh/ruff/settings/#target-version
    &["ruff", "target-version"],
    // https://mypy.readthedocs.io/en/stable/config_file.html#confval-python_version
    &["mypy", "python_version"],
    // https://black.readthedocs.io/en/stable/usage_and_configuration/the_basics.html#t-target-version
    &["black", "target-version"],
    // https://github.com/microsoft/pyright/blob/main/docs/configuration.md
    &["pyright", "pythonVersion"],
    // https://docs.basedpyright.com/latest/configuration/config-files/
    &["basedpyright", "pythonVersion"],
    // https://pylint.readthedocs.io/en/stable/user_guide/configuration/all-options.html#py-version
    &["pylint", "main", "py-version"],
    &["pylint", "MASTER", "py-version"],
    &["pylint", "py-version"],
    // https://docs.astral.sh/ty/reference/configuration/#python-version
    &["ty", "environment", "python-version"],
    // https://pyrefly.org/en/docs/configuration/#python-version
    &["pyrefly", "python-version"],
];

pub(super) fn read(facts: &Facts<'_>, component: &Component, found: &mut PythonVersions) {
    let path = |name: &str| component.path.join(name);
    if let Some(file) = facts.toml(&path("pyproject.toml")).whole() {
        let tools = file.value().and_then(|it| it.get("tool"));
        for keys in SETTINGS {
            add(found, &file, tools.and_then(|it| it.at(keys)));
        }
    }
    for name in ["ruff.toml", ".ruff.toml"] {
        if let Some(file) = facts.toml(&path(name)).whole() {
            add(found, &file, file.value().and_then(|it| it.get("target-version")));
        }
    }
    for name in ["mypy.ini", ".mypy.ini", "setup.cfg"] {
        if let Some(file) = facts.ini(&path(name)).whole() {
            add(found, &file, file.value().and_then(|it| it.at(&["mypy", "python_version"])));
        }
    }
    for name in [".pylintrc", "pylintrc"] {
        if let Some(file) = facts.ini(&path(name)).whole() {
            for section in ["MASTER", "MAIN"] {
                add(found, &file, file.value().and_then(|it| it.at(&[section, "py-version"])));
            }
        }
    }
    if let Some(file) = facts.yaml(&path(".pre-commit-config.yaml")).whole() {
        read_hooks(&file, found);
    }
}

fn add(found: &mut PythonVersions, file: &Document, value: Option<&Value>) {
    let Some(value) = value else { return };
    let items: Vec<_> = value.one_or_many().collect();
    let parse = |it: &str| if it.contains('.') { of_interpreter(it) } else { of_target(it) };
    if let [only] = items[..] {
        found.add_value(NamedBy::Tool, file, Some(only), parse);
        return;
    }
    // The oldest of several decides what is taken for granted.
    let versions: Vec<Vec<_>> = items.iter().filter_map(|it| it.text()).map(parse).collect();
    let mut versions: Vec<_> = versions.concat();
    versions.sort_unstable();
    let place = Place::new(file.path.clone(), value.span);
    found.add(NamedBy::Tool, versions, value.span.of_text(file.text()), place);
}

/// Hooks of pre-commit that rewrite code for newer versions: `--py311-plus` (<https://github.com/asottile/pyupgrade>).
fn read_hooks(file: &Document, found: &mut PythonVersions) {
    let repositories = file.value().and_then(|it| it.get("repos"));
    let repositories = repositories.into_iter().flat_map(Value::items);
    let hooks = repositories.flat_map(|it| it.get("hooks").into_iter().flat_map(Value::items));
    let upgrades = hooks.filter(|it| it.get("id").and_then(Value::text) == Some("pyupgrade"));
    for argument in upgrades.flat_map(|it| it.get("args").into_iter().flat_map(Value::items)) {
        found.add_value(NamedBy::Tool, file, Some(argument), |text| {
            let target = text.strip_prefix("--py").and_then(|it| it.strip_suffix("-plus"));
            target.map(of_target).unwrap_or_default()
        });
    }
}
