//! Reads the requirements of `setup.cfg`. <https://setuptools.pypa.io/en/latest/userguide/declarative_config.html>

use camino::Utf8Path;

use super::requirement::{parse, specifiers};
use super::{Group, Manifest, ManifestKind, development};
use crate::facts::syntax::span;
use crate::facts::value::Value;
use crate::facts::{Document, Located, Place};
use crate::resolved;

/// Reads a file, where it describes a package.
pub(super) fn read(document: &Document) -> Option<Manifest> {
    let root = document.value()?;
    if root.get("metadata").is_none() && root.get("options").is_none() {
        return None;
    }
    let mut manifest = Manifest::new(&document.path, ManifestKind::SetupCfg);
    let option = |key: &str| root.at(&["options", key]);
    take(&mut manifest, document, option("install_requires"), &Group::Main);
    take(&mut manifest, document, option("setup_requires"), &Group::Build);
    take(&mut manifest, document, option("tests_require"), &development("test"));
    for (extra, value) in root.get("options.extras_require").into_iter().flat_map(Value::entries) {
        take(&mut manifest, document, Some(value), &Group::Extra(extra.name.clone()));
    }
    if let Some(python) = option("python_requires")
        && let Some(text) = python.text()
    {
        let place = Place::new(&document.path, python.span);
        manifest.requires_python = Some(Located { value: specifiers(text), place });
    }
    Some(manifest)
}

/// Takes the requirements of a value, one a line or separated by semicolons, as places of the file.
fn take(manifest: &mut Manifest, document: &Document, value: Option<&Value>, group: &Group) {
    let Some(value) = value else { return };
    let mut at = value.span.start as usize;
    for line in value.span.of_text(document.text()).split_inclusive('\n') {
        let text = line.trim();
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        if let Some(file) = text.strip_prefix("file:") {
            let folder = document.path.parent().unwrap_or(Utf8Path::new(""));
            let files = file.split(',').filter_map(|file| resolved(folder, file.trim()));
            manifest.includes.extend(files);
        } else if !text.starts_with(['#', ';'])
            && let Some(parsed) = parse(text)
        {
            let place = Place::new(&document.path, span(start, start + text.len()));
            manifest.requirements.push(parsed.at(place, group.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::SourceFile;

    use super::*;
    use crate::facts::syntax::ini;

    #[test]
    fn requirements_stand_on_lines() {
        let text = "[metadata]\nname = a\n[options]\npython_requires = >=3.8\ninstall_requires =\n    b>=1\n    # no\n    c ; python_version<'3.9'\n[options.extras_require]\ntest =\n    d\n";
        let values = vec![ini::parse(text).unwrap()];
        let source = SourceFile::from_text(text);
        let document = Document { path: "setup.cfg".into(), source: source.into(), values };
        let manifest = read(&document).unwrap();
        let found: Vec<_> =
            manifest.requirements.iter().map(|it| it.place.span.of_text(text)).collect();
        assert_eq!(found, ["b>=1", "c ; python_version<'3.9'", "d"]);
        assert_eq!(manifest.requirements[2].group, Group::Extra("test".into()));
        assert!(manifest.requires_python.is_some());
    }
}
