//! Reads the tables of Poetry in `pyproject.toml`, and the versions that it writes its own way.
//! <https://python-poetry.org/docs/pyproject/>, <https://python-poetry.org/docs/dependency-specification/>

use pep440_rs::VersionSpecifiers;
use roadworthy_parser::Span;

use super::files::group_of_name;
use super::pyproject::{entries, source_of_table};
use super::requirement::{Parsed, parse, specifiers};
use super::{Group, Index, Manifest, ManifestKind, Source, development, place_of, without_login};
use crate::facts::value::{Key, Value};
use crate::facts::{Document, Located, Place};

/// Reads the tables of Poetry, where there are some.
pub(super) fn read(document: &Document) -> Option<Manifest> {
    let poetry = document.value()?.at(&["tool", "poetry"])?;
    let mut manifest = Manifest::new(&document.path, ManifestKind::Poetry);
    take_table(&mut manifest, document, poetry.get("dependencies"), &Group::Main);
    take_table(&mut manifest, document, poetry.get("dev-dependencies"), &development("dev"));
    for (name, group) in entries(poetry.get("group")) {
        // `main` is what `[tool.poetry.dependencies]` is.
        let group_of = if name == "main" { Group::Main } else { group_of_name(name) };
        take_table(&mut manifest, document, group.get("dependencies"), &group_of);
    }
    // Beside a `[project]`, that is read where the table is.
    if document.value()?.get("project").is_none() {
        let build = document.value()?.at(&["build-system", "requires"]);
        for item in build.into_iter().flat_map(Value::items) {
            let Some(parsed) = item.text().and_then(parse) else { continue };
            manifest.requirements.push(parsed.at(place_of(document, item), Group::Build));
        }
    }
    for source in poetry.get("source").into_iter().flat_map(Value::items) {
        take_source(&mut manifest, document, source);
    }
    let speaks = !manifest.requirements.is_empty()
        || !manifest.indexes.is_empty()
        || manifest.requires_python.is_some();
    speaks.then_some(manifest)
}

fn take_table(manifest: &mut Manifest, document: &Document, table: Option<&Value>, group: &Group) {
    for (key, value) in table.into_iter().flat_map(Value::entries) {
        if key.name != "python" {
            take_requirement(manifest, document, key, value, group);
        } else if let Some(text) = value.text() {
            let place = place_of(document, value);
            manifest.requires_python = Some(Located { value: versions(text), place });
        }
    }
}

fn take_requirement(
    manifest: &mut Manifest,
    document: &Document,
    key: &Key,
    value: &Value,
    group: &Group,
) {
    // A list holds the same distribution once for each platform: what holds for one of them need not for the others.
    let several = value.items().count() > 1;
    for one in value.one_or_many() {
        let Some(mut parsed) = requirement(&key.name, one) else { continue };
        if several {
            parsed.marker.get_or_insert_with(|| "one of several".to_owned());
        }
        let optional = one.get("optional").and_then(Value::flag) == Some(true);
        let group = match group {
            Group::Main if optional => Group::Extra(key.name.clone()),
            group => group.clone(),
        };
        manifest.requirements.push(parsed.at(place_from(document, key, one), group));
    }
}

/// From the key to the end of its value; of a table of several lines the key alone.
pub(super) fn place_from(document: &Document, key: &Key, value: &Value) -> Place {
    let line_end = document.text()[key.span.end as usize..].find('\n');
    let line_end = line_end.map_or(document.text().len() as u32, |end| key.span.end + end as u32);
    let inside = value.span.start >= key.span.end && value.span.end <= line_end;
    let end = if inside { value.span.end } else { key.span.end };
    Place::new(&document.path, Span::new(key.span.start, end))
}

/// A requirement that is a name with a version or a table; Pipenv writes them alike.
pub(super) fn requirement(name: &str, value: &Value) -> Option<Parsed> {
    let mut parsed = Parsed::named(name);
    if let Some(text) = value.text() {
        parsed.versions = versions(text);
        return Some(parsed);
    }
    if !value.is_table() {
        return None;
    }
    let text = |key: &str| value.get(key).and_then(Value::text);
    parsed.versions = text("version").map_or_else(VersionSpecifiers::empty, versions);
    let extras = value.get("extras").into_iter().flat_map(Value::items);
    parsed.extras = extras.filter_map(Value::text).map(str::to_owned).collect();
    let conditions = ["markers", "python", "platform", "sys_platform"];
    parsed.marker = conditions.iter().find_map(|key| text(key)).map(str::to_owned);
    parsed.source = source_of_table(value).unwrap_or(Source::Index);
    Some(parsed)
}

fn take_source(manifest: &mut Manifest, document: &Document, source: &Value) {
    let text = |key: &str| source.get(key).and_then(Value::text);
    let flag = |key: &str| source.get(key).and_then(Value::flag) == Some(true);
    let Some(url) = source.get("url") else { return };
    let Some(address) = url.text() else { return };
    let explicit = text("priority") == Some("explicit");
    let instead = flag("default") || matches!(text("priority"), Some("default"));
    manifest.indexes.push(Index {
        url: without_login(address),
        extra: !explicit && !instead,
        explicit,
        place: place_of(document, url),
    });
}

/// Versions as Poetry writes them: `^1.2`, `~1.2`, `1.*`, `>=1,<2`, `1.2` for this one alone. A choice (`||`) takes all, as
/// no range says it.
pub(super) fn versions(text: &str) -> VersionSpecifiers {
    let text = text.trim();
    if text.contains('|') || text.is_empty() || text == "*" {
        return VersionSpecifiers::empty();
    }
    let commas = text.replace(" >", ",>").replace(" <", ",<").replace(" !", ",!");
    let commas = commas.replace(",,", ",").replace(", ,", ",");
    let parts: Option<Vec<String>> =
        commas.split(',').map(str::trim).filter(|part| !part.is_empty()).map(specifier).collect();
    parts.map_or_else(VersionSpecifiers::empty, |parts| specifiers(&parts.join(",")))
}

fn specifier(text: &str) -> Option<String> {
    if let Some(version) = text.strip_prefix('^') {
        let release = release(version)?;
        // Up to the next change of the first number that is not zero, else of the last that is named.
        let fixed = release.iter().position(|&number| number > 0).unwrap_or(release.len() - 1);
        return Some(up_to(version, &release, fixed));
    }
    if let Some(version) = text.strip_prefix('~')
        && !version.starts_with('=')
    {
        let release = release(version)?;
        return Some(up_to(version, &release, 1.min(release.len() - 1)));
    }
    if let Some(version) = text.strip_prefix('=').filter(|rest| !rest.starts_with('=')) {
        return Some(format!("=={}", version.trim()));
    }
    let bare = text.starts_with(|c: char| c.is_ascii_digit());
    Some(if bare { format!("=={text}") } else { text.to_owned() })
}

/// From a version up to the next one in which the number at an index is another.
fn up_to(version: &str, release: &[u64], index: usize) -> String {
    let mut next = release[..=index].to_vec();
    next[index] += 1;
    let next: Vec<_> = next.iter().map(ToString::to_string).collect();
    format!(">={},<{}", version.trim(), next.join("."))
}

/// The numbers of a version; nothing where there are none.
fn release(version: &str) -> Option<Vec<u64>> {
    let version: pep440_rs::Version = version.trim().parse().ok()?;
    let release = version.release().to_vec();
    (!release.is_empty() && release.iter().all(|&number| number < u64::MAX)).then_some(release)
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::SourceFile;

    use super::*;
    use crate::facts::syntax::toml;

    #[test]
    fn versions_are_those_of_pep_440() {
        for (poetry, expected) in [
            ("^1.2.3", ">=1.2.3, <2"),
            ("^0.2.3", ">=0.2.3, <0.3"),
            ("^0.0.3", ">=0.0.3, <0.0.4"),
            ("^0.0", ">=0.0, <0.1"),
            ("^1", ">=1, <2"),
            ("~1.2.3", ">=1.2.3, <1.3"),
            ("~1", ">=1, <2"),
            ("~=1.2", "~=1.2"),
            ("1.2", "==1.2"),
            ("=1.2", "==1.2"),
            ("1.*", "==1.*"),
            (">=1 <2", ">=1, <2"),
            (">=1, !=1.1", ">=1, !=1.1"),
            ("^1 || ^2", ""),
            ("*", ""),
        ] {
            assert_eq!(versions(poetry).to_string(), expected, "{poetry}");
        }
    }

    #[test]
    fn tables_are_read() {
        let text = "[tool.poetry.dependencies]\npython = '^3.11'\nA_b = '^1'\nc = {git='https://h.io/c.git', rev='main'}\n\
            d = {version='1', optional=true}\ne = [{version='1', python='<3.9'}, {version='2'}]\n\
            [tool.poetry.group.test.dependencies]\nf = '*'\n[build-system]\nrequires = ['poetry-core']\n[[tool.poetry.source]]\nname='x'\nurl='https://x.io'\npriority='explicit'\n";
        let source = SourceFile::from_text(text);
        let values = vec![toml::parse(text).unwrap()];
        let document = Document { path: "pyproject.toml".into(), source: source.into(), values };
        let manifest = read(&document).unwrap();
        let places = manifest.requirements.iter().map(|it| it.place.span.of_text(text));
        assert_eq!(
            places.take(2).collect::<Vec<_>>(),
            ["A_b = '^1'", "c = {git='https://h.io/c.git', rev='main'}"]
        );
        let main: Vec<_> =
            manifest.requirements.iter().filter(|it| it.group == Group::Main).collect();
        assert_eq!(main.len(), 4);
        let last = manifest.requirements.last().unwrap();
        assert_eq!((last.name.as_str(), &last.group), ("poetry-core", &Group::Build));
        assert!(main[2].marker.is_some() && main[3].marker.is_some());
        assert!(manifest.indexes[0].explicit && manifest.requires_python.is_some());
    }
}
