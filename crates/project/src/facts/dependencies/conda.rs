//! Reads the environments of conda. Knows names as conda writes them, which are mostly those of distributions.
//! <https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html>

use super::requirement::{Parsed, specifiers};
use super::requirements::requirement;
use super::{Group, Manifest, ManifestKind, place_of};
use crate::facts::value::Value;
use crate::facts::{Document, Located};

/// Reads a file, where it is an environment.
pub(super) fn read(document: &Document, group: &Group) -> Option<Manifest> {
    let dependencies = document.value()?.get("dependencies")?;
    let mut manifest = Manifest::new(&document.path, ManifestKind::Conda);
    for item in dependencies.items() {
        if let Some(text) = item.text() {
            let Some(parsed) = specification(text) else { continue };
            let place = place_of(document, item);
            match parsed.name.as_str() {
                "python" => {
                    manifest.requires_python = Some(Located { value: parsed.versions, place });
                }
                "pip" => {}
                _ => manifest.requirements.push(parsed.at(place, group.clone())),
            }
        }
        for item in item.get("pip").into_iter().flat_map(Value::items) {
            if let Some(parsed) = item.text().and_then(requirement) {
                manifest.requirements.push(parsed.at(place_of(document, item), group.clone()));
            }
        }
    }
    Some(manifest)
}

/// `conda-forge::numpy=1.21=py39_0`, `numpy >=1.2,<2`.
fn specification(text: &str) -> Option<Parsed> {
    let text = text.rsplit_once("::").map_or(text, |(_, text)| text).trim();
    // Tests in brackets: `numpy[version='>=1.2']`, which nobody writes in environments.
    let end = text.find(['=', '<', '>', '!', '~', ' ', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    // What conda calls so for itself: `__unix`.
    if name.is_empty() || name.starts_with('_') {
        return None;
    }
    let rest = rest.trim();
    let versions = match rest.strip_prefix('=') {
        Some(exact) if exact.starts_with('=') => specifiers(rest.split(' ').next().unwrap_or(rest)),
        Some(fuzzy) => {
            // One equals sign takes all that begin so, which of a whole version is mostly itself; a build stands behind a second one.
            let (version, build) = fuzzy.split_once('=').unwrap_or((fuzzy, ""));
            let is_whole =
                !build.is_empty() || !version.ends_with('*') && version.split('.').count() > 2;
            let version = version.trim_end_matches(".*").trim_end_matches('*');
            let star = if is_whole { "" } else { ".*" };
            specifiers(&format!("=={version}{star}"))
        }
        None => specifiers(rest),
    };
    Some(Parsed { versions, ..Parsed::named(name) })
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::SourceFile;

    use super::*;
    use crate::facts::syntax::yaml;

    #[test]
    fn versions_are_those_of_pep_440() {
        for (text, expected) in [
            ("numpy", ""),
            ("numpy=1.21", "==1.21.*"),
            ("numpy=1.21.*", "==1.21.*"),
            ("numpy=1.21.2", "==1.21.2"),
            ("numpy==1.21.2", "==1.21.2"),
            ("conda-forge::numpy=1.21.2=py39_0", "==1.21.2"),
            ("numpy >=1.2,<2", ">=1.2, <2"),
            ("numpy 1.21.*", ""),
        ] {
            assert_eq!(specification(text).unwrap().versions.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn environments_hold_what_pip_installs() {
        let text = "name: a\ndependencies:\n  - python=3.11\n  - numpy=1.21\n  - pip:\n    - b>=1\n    - -e git+https://h.io/c@main#egg=c\n";
        let source = SourceFile::from_text(text);
        let values = yaml::parse(text).unwrap();
        let document = Document { path: "environment.yml".into(), source: source.into(), values };
        let manifest = read(&document, &Group::Main).unwrap();
        let found: Vec<_> =
            manifest.requirements.iter().map(|it| it.place.span.of_text(text)).collect();
        assert_eq!(found, ["numpy=1.21", "b>=1", "-e git+https://h.io/c@main#egg=c"]);
        assert_eq!(manifest.requirements[2].name, "c");
        assert_eq!(manifest.requires_python.unwrap().value.to_string(), "==3.11.*");
    }
}
