//! Reads a `Pipfile`. <https://pipenv.pypa.io/en/latest/pipfile.html>

use super::files::group_of_name;
use super::poetry::{place_from, requirement, versions};
use super::requirement::specifiers;
use super::{Group, Index, Manifest, ManifestKind, development, place_of, without_login};
use crate::facts::value::Value;
use crate::facts::{Document, Located};

/// Reads a file.
pub(super) fn read(document: &Document) -> Option<Manifest> {
    let root = document.value()?;
    let mut manifest = Manifest::new(&document.path, ManifestKind::Pipfile);
    for (key, table) in root.entries() {
        let group = match key.name.as_str() {
            "packages" => Group::Main,
            "dev-packages" => development("dev"),
            // Any other table of tables or texts is a group of that name; these are not.
            "source" | "requires" | "scripts" | "pipenv" | "pipfile" => continue,
            other => group_of_name(other),
        };
        for (name, value) in table.entries() {
            let Some(mut parsed) = requirement(&name.name, value) else { continue };
            // A bare version is a range of Pipenv's own that nobody writes; an index by name is no source.
            if let Some(text) = value.text().or(value.get("version").and_then(Value::text)) {
                parsed.versions =
                    if text.starts_with(['^', '~']) { versions(text) } else { specifiers(text) };
            }
            let place = place_from(document, name, value);
            manifest.requirements.push(parsed.at(place, group.clone()));
        }
    }
    take_python(&mut manifest, document, root);
    for source in root.get("source").into_iter().flat_map(Value::items) {
        take_source(&mut manifest, document, source);
    }
    Some(manifest)
}

fn take_python(manifest: &mut Manifest, document: &Document, root: &Value) {
    let requires = |key: &str| root.at(&["requires", key]);
    let (value, star) = match (requires("python_full_version"), requires("python_version")) {
        (Some(full), _) => (full, ""),
        (None, Some(minor)) => (minor, ".*"),
        (None, None) => return,
    };
    if let Some(text) = value.text() {
        let place = place_of(document, value);
        manifest.requires_python =
            Some(Located { value: specifiers(&format!("=={text}{star}")), place });
    }
}

/// Of several sources the first is asked for all packages, the others for those that name them:
/// <https://pipenv.pypa.io/en/latest/indexes.html>
fn take_source(manifest: &mut Manifest, document: &Document, source: &Value) {
    let Some(url) = source.get("url") else { return };
    let Some(text) = url.text() else { return };
    let place = place_of(document, url);
    if let Some(verify) = source.get("verify_ssl")
        && verify.flag() == Some(false)
    {
        let address = without_login(text);
        let host = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
        let value = host.split('/').next().unwrap_or_default().to_owned();
        manifest.trusted_hosts.push(Located { value, place: place_of(document, verify) });
    }
    let explicit = !manifest.indexes.is_empty();
    manifest.indexes.push(Index { url: without_login(text), extra: false, explicit, place });
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::SourceFile;

    use super::super::Source;
    use super::*;
    use crate::facts::syntax::toml;

    #[test]
    fn packages_and_sources_are_read() {
        let text = "[[source]]\nurl='https://pypi.org/simple'\nverify_ssl=true\n[[source]]\nurl='https://pypi.acme.io/simple'\nverify_ssl=false\n\
            [packages]\na='*'\nb='==1.2'\nc={git='https://h.io/c.git', ref='main'}\n[dev-packages]\nd='~=2.0'\n[requires]\npython_version='3.11'\n";
        let values = vec![toml::parse(text).unwrap()];
        let source = SourceFile::from_text(text);
        let manifest =
            read(&Document { path: "Pipfile".into(), source: source.into(), values }).unwrap();
        let versions: Vec<_> =
            manifest.requirements.iter().map(|it| it.versions.to_string()).collect();
        assert_eq!(versions, ["", "==1.2", "", "~=2.0"]);
        assert!(matches!(
            manifest.requirements[2].source,
            Source::Repository { pinned: false, .. }
        ));
        assert_eq!(manifest.requirements[3].group, Group::Development("dev".into()));
        assert_eq!(manifest.trusted_hosts[0].value, "pypi.acme.io");
        assert_eq!(manifest.requires_python.unwrap().value.to_string(), "==3.11.*");
    }
}
