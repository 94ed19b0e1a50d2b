//! Reads the files of requirements that pip takes: requirements, options, included files, hashes. Knows no other format.
//! <https://pip.pypa.io/en/stable/reference/requirements-file-format/>

use camino::{Utf8Path, Utf8PathBuf};

use super::requirement::{Parsed, parse, source_of};
use super::{Group, Index, Manifest, ManifestKind, Source, without_login};
use crate::facts::syntax::{SyntaxFault, span};
use crate::facts::{Document, Located, Place};
use crate::resolved;

/// What a file of requirements says.
pub(super) struct Read {
    pub(super) manifest: Manifest,
    /// Files that it includes by `-c`; those of `-r` are the manifest's own.
    pub(super) constraints: Vec<Utf8PathBuf>,
    /// Whether every requirement has a hash.
    pub(super) hashed: bool,
    /// What could not be understood.
    pub(super) unknown: Option<String>,
}

/// Reads a file.
pub(super) fn read(document: &Document, kind: ManifestKind, group: &Group) -> Read {
    let text = document.text();
    let mut reader = Reader {
        document,
        group,
        read: Read {
            manifest: Manifest::new(&document.path, kind),
            constraints: Vec::new(),
            hashed: true,
            unknown: None,
        },
    };
    // What is compiled speaks of the compiler, too, and is written by hand.
    let is_source = document.path.extension() == Some("in");
    reader.read.manifest.exported = !is_source && is_exported(text);
    // A joined line keeps its length, so that places stay true.
    let joined = text.replace("\\\r\n", "   ").replace("\\\n", "  ");
    let mut at = 0;
    for line in joined.split_inclusive('\n') {
        let content = without_comment(line);
        let inner = content.trim_start_matches('\u{feff}').trim_start();
        let start = at + content.len() - inner.len();
        at += line.len();
        let content = inner.trim_end();
        if !content.is_empty() {
            reader.take(start, content);
        }
    }
    let mut read = reader.read;
    read.hashed &= !read.manifest.requirements.is_empty();
    read
}

/// Marks of a merge, which make requirements of neither side.
pub(super) fn fault(document: &Document) -> Option<SyntaxFault> {
    let lines = document.text().split_inclusive('\n');
    let mut at = 0;
    for line in lines {
        if line.starts_with("<<<<<<< ") {
            let sentence = "holds the marks of a merge that nobody finished";
            return Some(SyntaxFault::at(document.text(), at, sentence));
        }
        at += line.len();
    }
    None
}

struct Reader<'d> {
    document: &'d Document,
    group: &'d Group,
    read: Read,
}

impl Reader<'_> {
    fn place(&self, start: usize, length: usize) -> Place {
        Place::new(&self.document.path, span(start, start + length))
    }

    fn take(&mut self, start: usize, line: &str) {
        if line.starts_with('-') {
            self.take_option(start, line);
            return;
        }
        // Options of one requirement stand behind it: `--hash=sha256:...`.
        let end = line.find(" --").unwrap_or(line.len());
        let (text, options) = line.split_at(end);
        let text = text.trim_end();
        let hashed = options.contains("--hash");
        let Some(mut parsed) = parse(text).or_else(|| unnamed(text)) else {
            let path = &self.document.path;
            let sentence = format!("{path} has a line that is no requirement");
            self.read.unknown.get_or_insert(sentence);
            return;
        };
        if let Source::Archive { hashed: of_archive, .. } = &mut parsed.source {
            *of_archive |= hashed;
        }
        self.read.hashed &= hashed;
        let place = self.place(start, text.len());
        self.read.manifest.requirements.push(parsed.at(place, self.group.clone()));
    }

    fn take_option(&mut self, start: usize, line: &str) {
        let Some((name, value)) = option(line) else { return };
        let value = value.trim_matches(['"', '\'']);
        let place = self.place(start, line.len());
        let folder = self.document.path.parent().unwrap_or(Utf8Path::new(""));
        match name {
            "-r" | "--requirement" => {
                self.read.manifest.includes.extend(resolved(folder, value));
            }
            "-c" | "--constraint" => {
                let constraints = resolved(folder, value);
                self.read.manifest.includes.extend(constraints.clone());
                self.read.constraints.extend(constraints);
            }
            "-e" | "--editable" => {
                let Some(parsed) = parse(value).or_else(|| unnamed(value)) else { return };
                self.read.hashed = false;
                self.read.manifest.requirements.push(parsed.at(place, self.group.clone()));
            }
            "-i" | "--index-url" | "--extra-index-url" => {
                self.read.manifest.indexes.push(Index {
                    url: without_login(value),
                    extra: name == "--extra-index-url",
                    explicit: false,
                    place,
                });
            }
            "--trusted-host" => {
                let host = Located { value: value.to_owned(), place };
                self.read.manifest.trusted_hosts.push(host);
            }
            _ => {}
        }
    }
}

/// A requirement as a line has it, where it stands in the list of another format: `-e git+https://...` too.
pub(super) fn requirement(text: &str) -> Option<Parsed> {
    let text = text.trim();
    if !text.starts_with('-') {
        return parse(text).or_else(|| unnamed(text));
    }
    let (name, value) = option(text)?;
    matches!(name, "-e" | "--editable").then(|| parse(value).or_else(|| unnamed(value)))?
}

/// The name and value of an option, however they are joined.
fn option(line: &str) -> Option<(&str, &str)> {
    let end = line.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(line.len());
    let (name, value) = line.split_at(end);
    if name.starts_with("--") || name.len() == 2 {
        let value = value.trim_start();
        return Some((name, value.strip_prefix('=').unwrap_or(value).trim()));
    }
    // `-rbase.txt`
    line.split_at_checked(2).map(|(name, value)| (name, value.trim()))
}

/// A URL or path without a name before it; a repository often names itself behind `#egg=`.
fn unnamed(text: &str) -> Option<Parsed> {
    let text = text.split(" ;").next().unwrap_or(text).trim();
    let is_path = text.starts_with('.') || text.starts_with('/') || text.contains("://");
    let is_file = [".whl", ".tar.gz", ".zip"].iter().any(|end| text.ends_with(end));
    if text.contains(char::is_whitespace) || !(is_path || is_file || text.contains('/')) {
        return None;
    }
    let name = text.split_once("egg=").map_or_else(|| name_in(text), |(_, egg)| egg);
    let name = name.split(['&', '[', '#']).next().unwrap_or_default();
    Some(Parsed { source: source_of(text), ..Parsed::named(name) })
}

/// The name that the file of a distribution, or else a repository or folder, has.
fn name_in(url: &str) -> &str {
    let address = url.split(['#', '?']).next().unwrap_or(url).trim_end_matches('/');
    let (scheme, path) = address.split_once("://").unwrap_or(("", address));
    let path =
        if scheme.contains('+') { path.rsplit_once('@').map_or(path, |it| it.0) } else { path };
    // `https://github.com/owner/name/archive/v1.0.tar.gz`
    if let Some((repository, _)) = path.split_once("/archive/") {
        return repository.rsplit('/').next().unwrap_or_default();
    }
    let file = path.rsplit('/').next().unwrap_or_default();
    if [".whl", ".tar.gz"].iter().any(|end| file.ends_with(end)) {
        return file.split('-').next().unwrap_or(file);
    }
    file.trim_end_matches(".git").trim_end_matches(".zip").trim_matches('.')
}

/// A line up to its comment, which begins at its start or behind white space.
fn without_comment(line: &str) -> &str {
    let mut hashes = memchr::memchr_iter(b'#', line.as_bytes());
    let start = hashes.find(|&at| at == 0 || line.as_bytes()[at - 1].is_ascii_whitespace());
    &line[..start.unwrap_or(line.len())]
}

/// Whether the header says that a tool wrote the file from another one.
fn is_exported(text: &str) -> bool {
    let header = text.lines().take(8).filter(|line| line.starts_with('#'));
    header.into_iter().any(|line| {
        let line = line.to_ascii_lowercase();
        line.contains("autogenerated")
            || line.contains("auto-generated")
            || line.contains("@generated")
            || line.contains("generated by")
            || line.contains("exported by")
            || line.contains("generated from")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use roadworthy_parser::SourceFile;

    fn read_text(text: &str) -> Read {
        let source = SourceFile::from_text(text);
        let document = Document {
            path: "a/requirements.txt".into(),
            source: source.into(),
            values: Vec::new(),
        };
        read(&document, ManifestKind::Requirements, &Group::Main)
    }

    fn names(read: &Read) -> Vec<&str> {
        read.manifest.requirements.iter().map(|it| it.name.as_str()).collect()
    }

    #[test]
    fn options_and_requirements_are_told_apart() {
        let text = "# x\n-r base.txt\n-c../c.txt\n--extra-index-url=https://jo:pw@pypi.acme.io/simple\n--trusted-host pypi.acme.io\n\
            Django>=4 # web\n-e git+https://h.io/shop.git@main#egg=shop\n-e .\nhttps://h.io/a_b-1.0-py3-none-any.whl\n";
        let read = read_text(text);
        assert_eq!(names(&read), ["django", "shop", "", "a-b"]);
        assert_eq!(read.manifest.includes, ["a/base.txt", "c.txt"]);
        assert_eq!(read.constraints, ["c.txt"]);
        let index = &read.manifest.indexes[0];
        assert_eq!((index.url.as_str(), index.extra), ("https://pypi.acme.io/simple", true));
        assert_eq!(read.manifest.trusted_hosts[0].value, "pypi.acme.io");
        let places = read.manifest.requirements.iter().map(|it| it.place.span.of_text(text));
        assert_eq!(
            places.take(2).collect::<Vec<_>>(),
            ["Django>=4", "-e git+https://h.io/shop.git@main#egg=shop"]
        );
        assert!(read.unknown.is_none() && !read.hashed);
    }

    #[test]
    fn lines_go_on_and_have_hashes() {
        let text = "#\n# This file is autogenerated by pip-compile\na==1 \\\n  --hash=sha256:0 \\\n  --hash=sha256:1\nb==2 --hash=sha256:2\n";
        let read = read_text(text);
        assert!(read.hashed && read.manifest.exported);
        assert_eq!(read.manifest.requirements[1].place.span.of_text(text), "b==2");
    }

    #[test]
    fn prose_is_not_known() {
        let read = read_text("Install what is needed for the exercise\n");
        assert!(read.unknown.is_some() && read.manifest.requirements.is_empty());
    }
}
