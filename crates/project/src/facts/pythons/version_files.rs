//! Files that choose an interpreter: for developers and for platforms. Knows their formats.

use camino::Utf8Path;
use roadworthy_parser::Span;

use super::versions::of_interpreter;
use super::{NamedBy, PythonVersions};
use crate::Component;
use crate::facts::value::Value;
use crate::facts::{Document, Facts, Place};

pub(super) fn read(facts: &Facts<'_>, component: &Component, found: &mut PythonVersions) {
    let path = |name: &str| component.path.join(name);
    // https://github.com/pyenv/pyenv#understanding-python-version-selection
    read_lines(facts, &path(".python-version"), NamedBy::VersionFile, found, |line| Some(line));
    // https://asdf-vm.com/manage/configuration.html
    read_lines(facts, &path(".tool-versions"), NamedBy::VersionFile, found, |line| {
        line.strip_prefix("python ")?.split_whitespace().next()
    });
    // https://devcenter.heroku.com/articles/python-runtimes
    read_lines(facts, &path("runtime.txt"), NamedBy::Platform, found, |line| {
        line.starts_with("python-").then_some(line)
    });
    // https://mise.jdx.dev/lang/python.html
    for name in ["mise.toml", ".mise.toml"] {
        let Some(file) = facts.toml(&path(name)).whole() else { continue };
        let version = file.value().and_then(|it| it.at(&["tools", "python"]));
        let version = version.map(|it| it.get("version").unwrap_or(it));
        for version in version.into_iter().flat_map(Value::one_or_many) {
            found.add_value(NamedBy::VersionFile, &file, Some(version), of_interpreter);
        }
    }
    read_platforms(facts, component, found);
}

/// Lines that name an interpreter, as `name` finds it in them.
fn read_lines(
    facts: &Facts<'_>,
    path: &Utf8Path,
    by: NamedBy,
    found: &mut PythonVersions,
    name: impl Fn(&str) -> Option<&str>,
) {
    let Some(file) = facts.text(path).whole() else { return };
    let mut at = 0;
    for whole in file.text().split_inclusive('\n') {
        let line = whole.split('#').next().unwrap_or_default().trim();
        if let Some(written) = name(line).filter(|it| !it.is_empty()) {
            let start = at + whole.find(written).unwrap_or(0);
            let span = Span::new(start as u32, (start + written.len()) as u32);
            found.add(by, of_interpreter(written), written, Place::new(path, span));
        }
        at += whole.len();
    }
}

/// Files of platforms that run functions and applications.
fn read_platforms(facts: &Facts<'_>, component: &Component, found: &mut PythonVersions) {
    let yaml = |name: &str| facts.yaml(&component.path.join(name)).whole();
    // https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml
    for file in ["serverless.yml", "serverless.yaml"].into_iter().filter_map(yaml) {
        let Some(value) = file.value() else { continue };
        add_runtime(found, &file, value.at(&["provider", "runtime"]));
        for (_, function) in value.get("functions").into_iter().flat_map(Value::entries) {
            add_runtime(found, &file, function.get("runtime"));
        }
    }
    // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
    for file in ["template.yaml", "template.yml"].into_iter().filter_map(yaml) {
        let Some(value) = file.value() else { continue };
        add_runtime(found, &file, value.at(&["Globals", "Function", "Runtime"]));
        for (_, resource) in value.get("Resources").into_iter().flat_map(Value::entries) {
            add_runtime(found, &file, resource.at(&["Properties", "Runtime"]));
        }
    }
    // https://cloud.google.com/appengine/docs/standard/reference/app-yaml
    for file in ["app.yaml", "app.yml"].into_iter().filter_map(yaml) {
        let runtime = file.value().and_then(|it| it.get("runtime"));
        add_runtime(found, &file, runtime);
    }
}

/// `python3.12`, or `python312` as Google writes it.
fn add_runtime(found: &mut PythonVersions, file: &Document, runtime: Option<&Value>) {
    found.add_value(NamedBy::Platform, file, runtime, |text| {
        let Some(version) = text.strip_prefix("python") else { return Vec::new() };
        super::versions::of_target(version)
    });
}
