//! What places name which versions.

use camino::Utf8Path;

use super::versions::{of_constraint, of_interpreter, of_specifiers, of_target};
use super::*;
use crate::Project;

fn shown(versions: &[Minor]) -> String {
    versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// By, versions and text of the place of all that the first component names.
fn named(files: &[(&str, &str)]) -> Vec<(NamedBy, String, String)> {
    let project = Project::in_memory(files.iter().copied());
    let read = |path: &Utf8Path| project.read_bytes(path);
    let facts = Facts::new(&project, &read, None);
    let named = facts.pythons()[0].named.iter().map(|it| {
        let text = facts.text(&it.place.path).whole();
        let text = text.map(|text| it.place.span.of_text(text.text()).to_owned());
        (it.by, shown(&it.versions), text.unwrap_or_else(|| it.written.clone()))
    });
    named.collect()
}

#[test]
fn specifiers_take_what_some_release_satisfies() {
    for (text, expected) in [
        (">=3.12", "3.12 3.13 3.14 3.15"),
        (">=3.9.2,<3.12", "3.9 3.10 3.11"),
        ("==3.11.*", "3.11"),
        ("~=3.13", "3.13 3.14 3.15"),
        ("~=3.13.1", "3.13"),
        (">=2.7, !=3.4.*, <3.6", "2.7 3.5"),
        ("not a version", ""),
    ] {
        assert_eq!(shown(&of_specifiers(text)), expected, "{text}");
    }
}

#[test]
fn constraints_are_those_of_poetry() {
    for (text, expected) in [
        ("^3.13", "3.13 3.14 3.15"),
        ("~3.11", "3.11"),
        ("3.11.*", "3.11"),
        ("3.11", "3.11"),
        (">= 3.12, <3.14", "3.12 3.13"),
        (">=3.12 <3.14", "3.12 3.13"),
        ("~3.9 || ~3.12", "3.9 3.12"),
        ("what", ""),
    ] {
        assert_eq!(shown(&of_constraint(text)), expected, "{text}");
    }
}

#[test]
fn interpreters_and_targets_are_one_version_or_not_known() {
    for (text, expected) in [
        ("3.12", "3.12"),
        ("3.12.4", "3.12"),
        ("python-3.11.4", "3.11"),
        ("pypy3.10-v7.3", "3.10"),
        ("pypy-3.10", "3.10"),
        ("3.14-dev", "3.14"),
        ("3.13t", "3.13"),
        ("3.x", ""),
        ("3", ""),
        ("my-environment-3.9", ""),
        ("9.1", ""),
    ] {
        assert_eq!(shown(&of_interpreter(text)), expected, "{text}");
    }
    for (text, expected) in [("py311", "3.11"), ("3.9", "3.9"), ("py27", "2.7"), ("py3", "")] {
        assert_eq!(shown(&of_target(text)), expected, "{text}");
    }
}

#[test]
fn a_release_is_refused_by_what_names_another() {
    let named = |by, versions: Vec<Minor>, written: &str| Named {
        by,
        versions,
        written: written.to_owned(),
        place: Place::default(),
        image: None,
    };
    for (required, image, version, expected) in [
        ("3.11.3", "python:3.11.6-slim", "3.11", true),
        ("^3.11.3", "python:3.11.6-slim", "3.11", false),
        (">=3.11.7", "python-3.11.6", "3.11", true),
        (">=3.12", "python:3.12-slim", "3.12", false),
        (">=3.13", "python:3.13.0rc1", "3.13", false),
        (">=3.11", "uv:0.11.32-python3.12-trixie", "3.12", false),
        (">=3.13", "uv:0.11.32-python3.12-trixie", "3.12", true),
        ("~3.9 || ~3.12", "3.12.1", "3.12", false),
    ] {
        let required = named(NamedBy::Requirement, of_constraint(required), required);
        let image = named(NamedBy::Image, of_interpreter(version), image);
        assert_eq!(required.refuses(&image), expected, "{} {}", required.written, image.written);
    }
}

#[test]
fn a_manifest_names_what_it_requires_promises_and_aims_at() {
    let pyproject = "[project]\nname = 'a'\nrequires-python = '>=3.14'\nclassifiers = [\n  \
        'Programming Language :: Python :: 3',\n  'Programming Language :: Python :: 3.13',\n  \
        # 'Programming Language :: Python :: 3.9',\n]\n[tool.ruff]\ntarget-version = 'py312'\n\
        [tool.black]\ntarget-version = ['py312', 'py311']\n";
    let found = named(&[("pyproject.toml", pyproject), ("a.py", "")]);
    let expected = [
        (NamedBy::Requirement, "3.14 3.15", ">=3.14"),
        (NamedBy::Classifier, "3.13", "Programming Language :: Python :: 3.13"),
        (NamedBy::Tool, "3.12", "py312"),
        (NamedBy::Tool, "3.11 3.12", "['py312', 'py311']"),
    ];
    let expected = expected.map(|(by, versions, text)| (by, versions.into(), text.into()));
    assert_eq!(found, expected);
}

#[test]
fn files_beside_the_manifest_choose_an_interpreter() {
    let found = named(&[
        (
            "pyproject.toml",
            "[tool.poetry]\nname = 'a'\n[tool.poetry.dependencies]\npython = '~3.12'\n",
        ),
        (".python-version", "# here\n3.12.1\n3.11\n"),
        (".tool-versions", "nodejs 20\npython 3.12.2\n"),
        ("runtime.txt", "python-3.11.4\n"),
        ("serverless.yml", "provider:\n  runtime: python3.10\n"),
        ("app.yaml", "runtime: python312\n"),
        ("a.py", ""),
    ]);
    let expected = [
        (NamedBy::VersionFile, "3.12", "3.12.1"),
        (NamedBy::VersionFile, "3.11", "3.11"),
        (NamedBy::VersionFile, "3.12", "3.12.2"),
        (NamedBy::Platform, "3.12", "python312"),
        (NamedBy::Requirement, "3.12", "~3.12"),
        (NamedBy::Platform, "3.11", "python-3.11.4"),
        (NamedBy::Platform, "3.10", "python3.10"),
    ];
    let expected = expected.map(|(by, versions, text)| (by, versions.into(), text.into()));
    assert_eq!(found, expected);
}

#[test]
fn every_release_has_its_end_and_source() {
    assert_eq!(minors().count(), 13);
    let as_of = jiff::civil::date(2026, 11, 1);
    let supported: Vec<_> = minors().filter(|it| is_supported(*it, as_of)).collect();
    assert_eq!(shown(&supported), "3.11 3.12 3.13 3.14 3.15");
    for text in [include_str!("releases.toml"), include_str!("images.toml")] {
        let rows = text.matches("\n[[").count();
        assert!(rows <= text.matches("= \"https://").count());
    }
}

#[test]
fn a_workflow_that_is_called_counts_where_it_is() {
    let shared = "on:\n  workflow_call:\n    inputs:\n      folder: {type: string}\njobs:\n  lint:\n    runs-on: x\n    steps:\n    - uses: actions/setup-python@v5\n      with: {python-version: '3.9'}\n    - run: ruff check\n      working-directory: ${{ inputs.folder }}\n";
    let calling = "on: push\njobs:\n  lint:\n    uses: ./.github/workflows/_lint.yml\n    with: {folder: api}\n";
    let files = [
        ("a.py", ""),
        ("api/pyproject.toml", "[project]\nname = 'api'\n"),
        ("api/b.py", ""),
        (".github/workflows/_lint.yml", shared),
        (".github/workflows/ci.yml", calling),
    ];
    // The first component is what lies outside of `api`.
    assert_eq!(named(&files), []);
    assert_eq!(named(&files[..4]).len(), 1);
}
