//! Reads `pyproject.toml`: PEP 621, PEP 735, the tables of uv, PDM, Hatch and Flit. Poetry's are read beside it.
//! <https://packaging.python.org/en/latest/specifications/pyproject-toml/>

use camino::{Utf8Path, Utf8PathBuf};

use super::files::group_of_name;
use super::requirement::{normalised, parse, repository, source_of, specifiers};
use super::{Group, Index, Manifest, ManifestKind, Source, development, place_of, without_login};
use crate::facts::value::Value;
use crate::facts::{Document, Located};
use crate::resolved;

/// What a `pyproject.toml` says.
pub(super) struct Read {
    /// `None` where it speaks of no requirements.
    pub(super) manifest: Option<Manifest>,
    /// Whether it leaves the requirements to whoever builds the package, and names no file of them.
    pub(super) dynamic: bool,
}

/// Reads a file.
pub(super) fn read(document: &Document) -> Read {
    let mut read = Read { manifest: None, dynamic: false };
    let Some(root) = document.value() else { return read };
    let mut reader =
        Reader { document, root, manifest: Manifest::new(&document.path, ManifestKind::Pyproject) };
    reader.take_project();
    reader.take_groups();
    reader.take_tools();
    reader.take_indexes();
    reader.take_sources();
    read.dynamic = reader.take_dynamic();
    let manifest = reader.manifest;
    let speaks = root.get("project").is_some()
        || !manifest.requirements.is_empty()
        || !manifest.indexes.is_empty();
    read.manifest = speaks.then_some(manifest);
    read
}

struct Reader<'d> {
    document: &'d Document,
    root: &'d Value,
    manifest: Manifest,
}

impl<'d> Reader<'d> {
    fn at(&self, path: &[&str]) -> Option<&'d Value> {
        self.root.at(path)
    }

    /// Takes the texts of a list; of anything else nothing.
    fn take_list(&mut self, list: Option<&Value>, group: &Group) {
        for item in list.into_iter().flat_map(Value::items) {
            let Some(parsed) = item.text().and_then(parse) else { continue };
            let place = place_of(self.document, item);
            self.manifest.requirements.push(parsed.at(place, group.clone()));
        }
    }

    fn take_project(&mut self) {
        let Some(project) = self.at(&["project"]) else { return };
        self.take_list(project.get("dependencies"), &Group::Main);
        for (extra, list) in entries(project.get("optional-dependencies")) {
            self.take_list(Some(list), &Group::Extra(extra.to_owned()));
        }
        self.take_list(self.at(&["build-system", "requires"]), &Group::Build);
        if let Some(python) = project.get("requires-python")
            && let Some(text) = python.text()
        {
            let place = place_of(self.document, python);
            self.manifest.requires_python = Some(Located { value: specifiers(text), place });
        }
    }

    /// PEP 735. What a group includes is a group of its own, and read as such.
    fn take_groups(&mut self) {
        for (name, list) in entries(self.at(&["dependency-groups"])) {
            self.take_list(Some(list), &group_of_name(name));
        }
    }

    fn take_tools(&mut self) {
        self.take_list(self.at(&["tool", "uv", "dev-dependencies"]), &development("dev"));
        for (name, list) in entries(self.at(&["tool", "pdm", "dev-dependencies"])) {
            self.take_list(Some(list), &development(name));
        }
        for (name, environment) in entries(self.at(&["tool", "hatch", "envs"])) {
            for key in ["dependencies", "extra-dependencies"] {
                self.take_list(environment.get(key), &development(name));
            }
        }
        self.take_list(self.at(&["tool", "flit", "metadata", "requires"]), &Group::Main);
    }

    fn take_indexes(&mut self) {
        for (key, extra) in [("index-url", false), ("extra-index-url", true)] {
            let value = self.at(&["tool", "uv", key]);
            for url in value.into_iter().flat_map(Value::one_or_many) {
                self.take_index(url, extra, false);
            }
        }
        for index in self.tables(&["tool", "uv", "index"]) {
            let flag = |key| index.get(key).and_then(Value::flag) == Some(true);
            if let Some(url) = index.get("url") {
                self.take_index(url, !flag("default") && !flag("explicit"), flag("explicit"));
            }
        }
        for source in self.tables(&["tool", "pdm", "source"]) {
            if let Some(url) = source.get("url") {
                // One named `pypi` stands for the default.
                let instead = source.get("name").and_then(Value::text) == Some("pypi");
                let bound = source.get("include_packages").is_some();
                self.take_index(url, !instead && !bound, bound);
            }
        }
    }

    fn tables(&self, path: &[&str]) -> Vec<&'d Value> {
        self.at(path).into_iter().flat_map(Value::items).collect()
    }

    fn take_index(&mut self, url: &Value, extra: bool, explicit: bool) {
        let Some(text) = url.text() else { return };
        let place = place_of(self.document, url);
        self.manifest.indexes.push(Index { url: without_login(text), extra, explicit, place });
    }

    /// Where uv takes single distributions from: <https://docs.astral.sh/uv/concepts/projects/dependencies/#dependency-sources>
    fn take_sources(&mut self) {
        for (name, table) in entries(self.at(&["tool", "uv", "sources"])) {
            let name = normalised(name);
            // Of several, each for its platform, the first speaks for all.
            let Some(source) = table.one_or_many().next().and_then(source_of_table) else {
                continue;
            };
            let same = self.manifest.requirements.iter_mut().filter(|it| it.name == name);
            same.for_each(|requirement| requirement.source = source.clone());
        }
    }

    /// Takes the files that requirements are read from when the package is built. Whether requirements come from elsewhere.
    fn take_dynamic(&mut self) -> bool {
        let dynamic = self.at(&["project", "dynamic"]);
        let mut fields = dynamic.into_iter().flat_map(Value::items).filter_map(Value::text);
        if !fields.any(|field| field == "dependencies") {
            return false;
        }
        let places: [&[&str]; 2] = [
            &["tool", "setuptools", "dynamic", "dependencies", "file"],
            &["tool", "hatch", "metadata", "hooks", "requirements_txt", "files"],
        ];
        let folder = self.document.path.parent().unwrap_or(Utf8Path::new(""));
        let files = places.iter().filter_map(|path| self.at(path)).flat_map(Value::one_or_many);
        let files: Vec<Utf8PathBuf> =
            files.filter_map(|file| resolved(folder, file.text()?)).collect();
        let poetry = self.at(&["tool", "poetry", "dependencies"]).is_some();
        let known = poetry || !files.is_empty();
        self.manifest.includes.extend(files);
        !known
    }
}

/// The names and values of a table.
pub(super) fn entries(table: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    table.into_iter().flat_map(Value::entries).map(|(key, value)| (key.name.as_str(), value))
}

/// Where a table with `git`, `url`, `path` or the like leads; an index is none of them.
pub(super) fn source_of_table(table: &Value) -> Option<Source> {
    let text = |key: &str| table.get(key).and_then(Value::text);
    if ["git", "hg", "svn", "bzr"].iter().any(|kind| table.get(kind).is_some()) {
        let revision = ["rev", "ref", "tag", "branch"].iter().find_map(|key| text(key));
        // Pipenv and Poetry also take it behind the URL.
        let git = text("git").unwrap_or_default();
        return Some(match (revision, source_of(&format!("git+{git}"))) {
            (None, source @ Source::Repository { revision: Some(_), .. }) => source,
            (revision, _) => repository(revision.map(str::to_owned)),
        });
    }
    if let Some(url) = text("url").or(text("file")) {
        return Some(source_of(url));
    }
    let local = ["path", "develop", "editable"].iter().any(|key| table.get(key).is_some());
    let member = table.get("workspace").and_then(Value::flag) == Some(true);
    (local || member).then_some(Source::Local)
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::SourceFile;

    use super::*;
    use crate::facts::syntax::toml;

    fn read_text(text: &str) -> Read {
        let values = vec![toml::parse(text).unwrap()];
        let source = SourceFile::from_text(text);
        read(&Document { path: "pyproject.toml".into(), source: source.into(), values })
    }

    #[test]
    fn groups_are_kept_apart() {
        let text = "[project]\nname='a'\nrequires-python='>=3.10'\ndependencies=['b>=1', \"c[x]; sys_platform=='win32'\"]\n\
            [project.optional-dependencies]\npg=['d']\n[dependency-groups]\ntest=['e', {include-group='lint'}]\nlint=['f']\n\
            [tool.hatch.envs.docs]\ndependencies=['g']\n[build-system]\nrequires=['h']\n";
        let manifest = read_text(text).manifest.unwrap();
        let found: Vec<_> =
            manifest.requirements.iter().map(|it| (it.name.as_str(), it.group.clone())).collect();
        let development = |name: &str| Group::Development(name.to_owned());
        assert_eq!(
            found,
            [
                ("b", Group::Main),
                ("c", Group::Main),
                ("d", Group::Extra("pg".into())),
                ("h", Group::Build),
                ("e", development("test")),
                ("f", development("lint")),
                ("g", development("docs")),
            ]
        );
        assert_eq!(manifest.requirements[0].place.span.of_text(text), "b>=1");
        assert!(manifest.requires_python.is_some());
    }

    #[test]
    fn sources_and_indexes_of_uv_are_taken() {
        let text = "[project]\nname='a'\ndependencies=['b', 'c', 'd', 'e']\n[tool.uv.sources]\nb={git='https://h.io/b', branch='main'}\n\
            c={workspace=true}\nd={index='acme'}\ne=[{url='https://h.io/e-1.0.whl', marker='x'}]\n\
            [[tool.uv.index]]\nname='acme'\nurl='https://jo@pypi.acme.io/simple'\nexplicit=true\n";
        let manifest = read_text(text).manifest.unwrap();
        let sources: Vec<_> = manifest.requirements.iter().map(|it| it.source.clone()).collect();
        assert_eq!(
            sources,
            [
                Source::Repository { revision: Some("main".into()), pinned: false },
                Source::Local,
                Source::Index,
                Source::Archive { hashed: false, versioned: true },
            ]
        );
        assert!(manifest.indexes[0].explicit && !manifest.indexes[0].extra);
        assert_eq!(manifest.indexes[0].url, "https://pypi.acme.io/simple");
    }

    #[test]
    fn what_is_left_to_the_build_is_said() {
        let text = "[project]\ndynamic=['dependencies']\n";
        assert!(read_text(text).dynamic);
        let file = "[tool.setuptools.dynamic]\ndependencies={file='requirements.txt'}\n";
        let read = read_text(&format!("{text}{file}"));
        assert!(!read.dynamic);
        assert_eq!(read.manifest.unwrap().includes, ["requirements.txt"]);
    }
}
