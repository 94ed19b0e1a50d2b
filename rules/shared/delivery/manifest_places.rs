//! Where a finding about a whole component stands. Knows manifests by name only.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Span;
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Component, Facts, Place};

/// The head of a component's manifest: the name of the first of these tables of `pyproject.toml`, else its beginning.
pub(crate) fn head(facts: &Facts<'_>, component: &Component, tables: &[&[&str]]) -> Option<Place> {
    let manifest = component.manifest.as_ref()?;
    let toml = |path: &Utf8Path| {
        let document = facts.toml(path).whole()?;
        let value = document.value()?;
        let usual: [&[&str]; 3] = [&["project"], &["tool", "poetry"], &["build-system"]];
        let span = tables.iter().chain(&usual).find_map(|keys| key(value, keys))?;
        Some(Place::new(path, span))
    };
    let first_line = || {
        let document = facts.text(manifest).whole()?;
        let line = document.text().lines().next().unwrap_or_default();
        Some(Place::new(manifest.clone(), Span::new(0, line.len() as u32)))
    };
    if manifest.extension() == Some("toml") { toml(manifest) } else { None.or_else(first_line) }
}

/// The place of the last of some keys one inside the other.
pub(crate) fn key(value: &Value, keys: &[&str]) -> Option<Span> {
    let (last, above) = keys.split_last()?;
    value.at(above)?.key(last).map(|it| it.span)
}

/// The folders whose configuration of tools counts: where components begin, and the repository.
pub(crate) fn folders(facts: &Facts<'_>) -> Vec<Utf8PathBuf> {
    let components = facts.project().components.iter();
    let mut folders: Vec<_> = components.map(|it| it.path.clone()).collect();
    folders.push(Utf8PathBuf::new());
    folders.sort();
    folders.dedup();
    folders
}
