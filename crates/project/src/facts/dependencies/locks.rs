//! Reads lock files line by line: tools write them alike each time, and trees of some megabytes would cost more than all
//! else. Knows the names, versions and kinds of sources in them, nothing of hashes and markers.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};
use pep440_rs::Version;
use roadworthy_parser::Span;

use super::requirement::{normalised, specifiers};
use super::{Lock, LockKind, Locked};
use crate::facts::syntax::{self, SyntaxFault, span};
use crate::facts::{Document, Located, Place};
use crate::resolved;

/// The distributions of a lock file, read at the first question.
#[derive(Clone, Debug)]
pub struct Packages {
    document: Option<Arc<Document>>,
    kind: LockKind,
    read: OnceLock<Vec<Locked>>,
}

impl Packages {
    /// What is known already.
    pub(super) fn known(packages: Vec<Locked>) -> Self {
        let read = OnceLock::from(packages);
        Self { document: None, kind: LockKind::Requirements, read }
    }
}

impl Deref for Packages {
    type Target = [Locked];

    fn deref(&self) -> &[Locked] {
        self.read.get_or_init(|| {
            self.document.as_deref().map_or_else(Vec::new, |document| packages(document, self.kind))
        })
    }
}

impl<'p> IntoIterator for &'p Packages {
    type Item = &'p Locked;
    type IntoIter = std::slice::Iter<'p, Locked>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The kind of a lock file by its name. `pylock.toml` is that of PEP 751.
pub(super) fn kind(name: &str) -> Option<LockKind> {
    Some(match name {
        "uv.lock" => LockKind::Uv,
        "poetry.lock" => LockKind::Poetry,
        "pdm.lock" => LockKind::Pdm,
        "Pipfile.lock" => LockKind::Pipfile,
        "conda-lock.yml" | "conda-lock.yaml" => LockKind::Conda,
        "pylock.toml" => LockKind::Pylock,
        _ => match name.strip_prefix("pylock.")?.rsplit_once('.')? {
            (_, "toml") => LockKind::Pylock,
            _ => return None,
        },
    })
}

/// A lock file, of which only its versions of Python are read at once.
pub(super) fn read(document: Arc<Document>, kind: LockKind) -> Lock {
    Lock {
        path: document.path.clone(),
        kind,
        requires_python: requires_python(&document, kind),
        packages: Packages { document: Some(document), kind, read: OnceLock::new() },
    }
}

/// What shows that a lock file is not as a tool left it: its end is missing, or a merge was not finished. The rest of it is
/// taken for what tools write.
pub(super) fn fault(document: &Document, kind: LockKind) -> Option<SyntaxFault> {
    let text = document.text();
    if let Some(at) = memchr::memmem::find(text.as_bytes(), b"\n<<<<<<< ") {
        return Some(SyntaxFault::at(text, at + 1, "holds both sides of a merge"));
    }
    match kind {
        LockKind::Uv | LockKind::Poetry | LockKind::Pdm | LockKind::Pylock => {
            // The last table alone is a document of its own.
            let last = memchr::memmem::rfind(text.as_bytes(), b"\n[").map_or(0, |at| at + 1);
            let mut fault = syntax::toml::parse(&text[last..]).err()?;
            let shift = |offset: u32| offset + last as u32;
            fault.span = Span::new(shift(fault.span.start), shift(fault.span.end));
            Some(fault)
        }
        LockKind::Pipfile => {
            let ends = text.trim_end().ends_with('}');
            (!ends).then(|| SyntaxFault::at(text, text.len(), "is not valid JSON: it is cut off"))
        }
        LockKind::Conda | LockKind::Requirements => None,
    }
}

/// The folders of the project that a lock file holds for besides its own: the members of a workspace, and what is installed
/// from a folder.
pub(super) fn members(document: &Document) -> BTreeSet<Utf8PathBuf> {
    let text = document.text();
    let folder = document.path.parent().unwrap_or(Utf8Path::new(""));
    let keys = ["editable = \"", "virtual = \"", "directory = \"", "path = \"", "\"path\": \""];
    let plain = keys.into_iter().flat_map(|key| values(text, key));
    // Poetry writes the folder under the key of a URL.
    plain
        .chain(values(text, "type = \"directory\"\nurl = \""))
        .filter_map(|path| resolved(folder, path))
        .collect()
}

/// What stands between a key and the next quote.
fn values<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    let finder = memchr::memmem::find_iter(text.as_bytes(), key.as_bytes());
    finder.filter_map(move |at| text[at + key.len()..].split('"').next())
}

/// The versions of Python that a lock holds for; PDM has it in its head, uv too, Poetry at its end.
fn requires_python(
    document: &Document,
    kind: LockKind,
) -> Option<Located<pep440_rs::VersionSpecifiers>> {
    let text = document.text();
    let key = match kind {
        LockKind::Uv | LockKind::Pylock | LockKind::Pdm => "requires-python",
        LockKind::Poetry => "python-versions",
        LockKind::Pipfile | LockKind::Conda | LockKind::Requirements => return None,
    };
    // In Poetry's the packages come first, each with a key of that name.
    let from = match kind {
        LockKind::Poetry => memchr::memmem::rfind(text.as_bytes(), b"\n[metadata]")?,
        _ => 0,
    };
    let head = text.get(from..)?.lines().take(40);
    let line = head.into_iter().find(|line| {
        line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    })?;
    let value = quoted(line.split_once('=')?.1)?;
    let start = value.as_ptr() as usize - text.as_ptr() as usize;
    let versions = match kind {
        LockKind::Poetry => super::poetry::versions(value),
        _ => specifiers(value),
    };
    let place = Place::new(&document.path, span(start, start + value.len()));
    Some(Located { value: versions, place })
}

/// The text between the first quotes.
fn quoted(text: &str) -> Option<&str> {
    let text = text.trim();
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    text[1..].split(quote).next()
}

fn packages(document: &Document, kind: LockKind) -> Vec<Locked> {
    match kind {
        LockKind::Uv | LockKind::Poetry | LockKind::Pdm => tables(document, "[[package]]"),
        LockKind::Pylock => tables(document, "[[packages]]"),
        LockKind::Pipfile => pipfile(document),
        LockKind::Conda => conda(document),
        LockKind::Requirements => Vec::new(),
    }
}

/// The packages of a lock file that is TOML: each under a header of its own.
fn tables(document: &Document, header: &str) -> Vec<Locked> {
    let text = document.text();
    let finder = memchr::memmem::Finder::new(header);
    let starts: Vec<usize> = finder
        .find_iter(text.as_bytes())
        .filter(|&at| at == 0 || text.as_bytes()[at - 1] == b'\n')
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let blocks = starts.iter().zip(ends);
    blocks
        .filter_map(|(&start, end)| {
            table(document, start + header.len(), &text[start + header.len()..end])
        })
        .collect()
}

/// One package: name, version and source stand before its lists of files.
fn table(document: &Document, start: usize, block: &str) -> Option<Locked> {
    let mut locked = Locked { name: String::new(), version: None, place: Place::default() };
    let mut foreign = false;
    let mut at = start;
    for whole in block.split_inclusive('\n') {
        let line = whole.trim_end();
        if line.starts_with('[') {
            break;
        }
        if let Some((key, value)) = line.split_once('=') {
            match key.trim_end() {
                "name" => {
                    locked.name = normalised(quoted(value)?);
                    locked.place = Place::new(&document.path, span(at, at + line.len()));
                }
                "version" => locked.version = Version::from_str(quoted(value)?).ok(),
                "source" => foreign = !(value.contains("registry =") || value.contains("url =")),
                "git" | "path" | "vcs" | "directory" => foreign = true,
                "wheels" | "files" | "dependencies" => break,
                _ => {}
            }
        }
        at += whole.len();
    }
    // Poetry and PEP 751 may say it in a table behind.
    foreign |= [
        "\ntype = \"git\"",
        "\ntype = \"directory\"",
        "\n[packages.vcs]",
        "\n[packages.directory]",
    ]
    .iter()
    .any(|sign| memchr::memmem::find(block.as_bytes(), sign.as_bytes()).is_some());
    if foreign {
        locked.version = None;
    }
    (!locked.name.is_empty()).then_some(locked)
}

/// The packages of a `Pipfile.lock`, which pipenv writes with an indentation of four.
fn pipfile(document: &Document) -> Vec<Locked> {
    let mut packages: Vec<Locked> = Vec::new();
    let (mut at, mut in_meta) = (0, false);
    for line in document.text().split_inclusive('\n') {
        let content = line.trim();
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let indent = line.len() - line.trim_start().len();
        let key = content.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        match (indent, key) {
            (4, Some((name, _))) => in_meta = name == "_meta",
            (8, Some((name, rest))) if !in_meta && rest.contains('{') => {
                let place = Place::new(&document.path, span(start, start + name.len() + 2));
                packages.push(Locked { name: normalised(name), version: None, place });
            }
            (12, Some(("version", rest))) if !in_meta => {
                let value = quoted(rest.trim_start_matches([':', ' '])).unwrap_or_default();
                if let Some(last) = packages.last_mut() {
                    last.version = Version::from_str(value.trim_start_matches('=')).ok();
                }
            }
            _ => {}
        }
    }
    packages
}

/// The packages of a `conda-lock.yml`: <https://conda.github.io/conda-lock/output/>
fn conda(document: &Document) -> Vec<Locked> {
    let mut packages: Vec<Locked> = Vec::new();
    let mut at = 0;
    for line in document.text().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end();
        if let Some(name) = content.trim_start().strip_prefix("- name:") {
            let place = Place::new(&document.path, span(start, start + content.len()));
            packages.push(Locked { name: normalised(unquoted(name)), version: None, place });
        } else if let Some(version) = content.trim_start().strip_prefix("version:")
            && content.starts_with(' ')
            && let Some(last) = packages.last_mut()
        {
            last.version =
                last.version.take().or_else(|| Version::from_str(unquoted(version)).ok());
        }
    }
    packages
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::SourceFile;

    use super::*;

    fn lock(name: &str, text: &str) -> Lock {
        let source = SourceFile::from_text(text);
        let document = Document { path: name.into(), source: source.into(), values: Vec::new() };
        read(Arc::new(document), kind(name).unwrap())
    }

    /// Names and versions; where there is none, a dash.
    fn found(lock: &Lock) -> Vec<(&str, String)> {
        let version = |it: &Locked| it.version.as_ref().map_or("-".to_owned(), ToString::to_string);
        lock.packages.iter().map(|it| (it.name.as_str(), version(it))).collect()
    }

    #[test]
    fn locks_of_uv_and_pdm() {
        let text = "version = 1\nrequires-python = \">=3.11\"\n\n[[package]]\nname = \"Aio.Http\"\nversion = \"3.1\"\nsource = { registry = \"https://pypi.org/simple\" }\n\
            dependencies = [\n    { name = \"version = 9\" },\n]\n\n[[package]]\nname = \"shop\"\nversion = \"0.1\"\nsource = { editable = \".\" }\n";
        let uv = lock("uv.lock", text);
        assert_eq!(found(&uv), [("aio-http", "3.1".to_owned()), ("shop", "-".to_owned())]);
        assert_eq!(uv.requires_python.as_ref().unwrap().value.to_string(), ">=3.11");
        assert_eq!(uv.requires_python.unwrap().place.span.of_text(text), ">=3.11");
        assert_eq!(uv.packages[0].place.span.of_text(text), "name = \"Aio.Http\"");
        let pdm = "[metadata]\ngroups = [\"default\"]\n\n[[metadata.targets]]\nrequires_python = \">=3\"\n\n[[package]]\nname = \"a\"\nversion = \"1\"\nrequires_python = \">=3.7\"\n\n\
            [[package]]\nname = \"b\"\nversion = \"2\"\ngit = \"https://h.io/b\"\n";
        assert_eq!(found(&lock("pdm.lock", pdm)), [("a", "1".to_owned()), ("b", "-".to_owned())]);
    }

    #[test]
    fn locks_of_poetry() {
        let text = "[[package]]\nname = \"a\"\nversion = \"1.0\"\npython-versions = \">=3.7\"\nfiles = [\n    {file = \"a\"},\n]\n\n\
            [package.dependencies]\nx = \"*\"\n\n[[package]]\nname = \"b\"\nversion = \"2\"\n\n[package.source]\ntype = \"git\"\nurl = \"u\"\n\n\
            [metadata]\nlock-version = \"2.0\"\npython-versions = \"^3.9\"\n";
        let poetry = lock("poetry.lock", text);
        assert_eq!(found(&poetry), [("a", "1.0".to_owned()), ("b", "-".to_owned())]);
        assert_eq!(poetry.requires_python.unwrap().value.to_string(), ">=3.9, <4");
    }

    #[test]
    fn members_are_named_by_their_folders() {
        let folders = |text: &str| {
            let source = SourceFile::from_text(text);
            let document =
                Document { path: "a/x.lock".into(), source: source.into(), values: Vec::new() };
            let members = members(&document);
            members.into_iter().map(Utf8PathBuf::into_string).collect::<Vec<_>>()
        };
        let uv = "source = { editable = \"b\" }\nsource = { virtual = \".\" }\nsource = { directory = \"../c\" }\n";
        assert_eq!(folders(uv), ["a", "a/b", "c"]);
        let poetry = "[package.source]\ntype = \"directory\"\nurl = \"../c\"\n\n[package.source]\ntype = \"git\"\nurl = \"d\"\n";
        assert_eq!(folders(poetry), ["c"]);
        assert_eq!(folders("\"editable\": true,\n\"path\": \"./b\"\n"), ["a/b"]);
    }

    #[test]
    fn other_locks() {
        let pylock = "lock-version = '1.0'\nrequires-python = '>=3.9'\n[[packages]]\nname = 'a'\nversion = '1'\n[[packages.wheels]]\nname = 'a-1.whl'\n[[packages]]\nname = 'b'\n[packages.vcs]\ntype = 'git'\n";
        assert_eq!(
            found(&lock("pylock.toml", pylock)),
            [("a", "1".to_owned()), ("b", "-".to_owned())]
        );
        let pipfile = "{\n    \"_meta\": {\n        \"hash\": {\n            \"sha256\": \"0\"\n        }\n    },\n    \"default\": {\n        \"a\": {\n            \"hashes\": [\n                \"sha256:0\"\n            ],\n            \"version\": \"==1.2\"\n        }\n    },\n    \"develop\": {}\n}\n";
        assert_eq!(found(&lock("Pipfile.lock", pipfile)), [("a", "1.2".to_owned())]);
        let conda = "version: 1\npackage:\n- name: numpy\n  version: 1.26.4\n  manager: conda\n- name: b\n  version: '2'\n";
        assert_eq!(
            found(&lock("conda-lock.yml", conda)),
            [("numpy", "1.26.4".to_owned()), ("b", "2".to_owned())]
        );
    }
}
