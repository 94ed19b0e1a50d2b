//! What manifests and lock files say of Python: requirements and classifiers. Knows their formats.

use roadworthy_parser::Span;

use super::versions::{minor, of_constraint, of_interpreter, of_specifiers, taken_by};
use super::{NamedBy, PythonVersions};
use crate::Component;
use crate::facts::dependencies::{LockKind, ManifestKind};
use crate::facts::{Document, Facts, Located, Place};

pub(super) fn read(
    facts: &Facts<'_>,
    index: usize,
    component: &Component,
    found: &mut PythonVersions,
) {
    if let Some(pyproject) = facts.toml(&component.path.join("pyproject.toml")).whole() {
        read_pyproject(&pyproject, found);
    }
    if let Some(setup) = facts.ini(&component.path.join("setup.cfg")).whole() {
        let required = setup.value().and_then(|it| it.at(&["options", "python_requires"]));
        found.add_value(NamedBy::Requirement, &setup, required, of_specifiers);
        read_classifiers(&setup, found);
    }
    if let Some(pipfile) = facts.toml(&component.path.join("Pipfile")).whole() {
        for key in ["python_version", "python_full_version"] {
            let version = pipfile.value().and_then(|it| it.at(&["requires", key]));
            found.add_value(NamedBy::VersionFile, &pipfile, version, of_interpreter);
        }
    }
    // A package is built by `setup.py` only where that is its manifest.
    let setup = component.path.join("setup.py");
    let others = |name| facts.tree().is_file(&component.path.join(name));
    let is_manifest = component.manifest.as_ref() == Some(&setup)
        || others("pyproject.toml")
        || others("setup.cfg");
    if is_manifest && let Some(setup) = facts.text(&setup).whole() {
        read_classifiers(&setup, found);
    }
    read_model(facts, index, found);
}

fn read_pyproject(pyproject: &Document, found: &mut PythonVersions) {
    let Some(value) = pyproject.value() else { return };
    let required = value.at(&["project", "requires-python"]);
    found.add_value(NamedBy::Requirement, pyproject, required, of_specifiers);
    let metadata = value.at(&["tool", "flit", "metadata", "requires-python"]);
    found.add_value(NamedBy::Requirement, pyproject, metadata, of_specifiers);
    let python = value.at(&["tool", "poetry", "dependencies", "python"]);
    let python = python.map(|it| it.get("version").unwrap_or(it));
    found.add_value(NamedBy::Requirement, pyproject, python, of_constraint);
    read_classifiers(pyproject, found);
}

/// What the dependency model knows and nobody else reads: `setup.py` and lock files.
fn read_model(facts: &Facts<'_>, index: usize, found: &mut PythonVersions) {
    let Some(dependencies) = facts.dependencies().components.get(index) else { return };
    let manifests = dependencies.manifests.iter().filter(|it| it.kind == ManifestKind::SetupPy);
    let required = manifests.filter_map(|it| it.requires_python.as_ref());
    let locks = dependencies.locks.iter().filter(|it| it.kind != LockKind::Requirements);
    let locked = locks.filter_map(|it| it.requires_python.as_ref());
    let required = required.map(|it| (NamedBy::Requirement, it));
    for (by, Located { value, place }) in required.chain(locked.map(|it| (NamedBy::Lock, it))) {
        found.add(by, taken_by(value), &value.to_string(), place.clone());
    }
}

const CLASSIFIER: &str = "Programming Language :: Python :: ";

/// Classifiers stand in quotes or on lines of their own; what is commented out promises nothing.
fn read_classifiers(document: &Document, found: &mut PythonVersions) {
    let text = document.text();
    for start in memchr::memmem::find_iter(text.as_bytes(), CLASSIFIER) {
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        if text[line..start].trim_start().starts_with(['#', ';']) {
            continue;
        }
        let at = start + CLASSIFIER.len();
        let Some((version, rest)) = minor(&text[at..]) else { continue };
        if super::minors().all(|it| it != version) || rest.starts_with('.') {
            continue;
        }
        let end = text.len() - rest.len();
        let place = Place::new(document.path.clone(), Span::new(start as u32, end as u32));
        found.add(NamedBy::Classifier, vec![version], &text[start..end], place);
    }
}
