//! Files of which a fact is read: each read and parsed once. Knows languages, no format.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::{Outline, SourceFile, scan};
use rustc_hash::FxHashMap;

use super::Facts;
use super::syntax::{self, SyntaxFault};
use super::value::Value;

/// A file that was understood.
#[derive(Debug)]
pub struct Document {
    /// Its path, as findings show it.
    pub path: Utf8PathBuf,
    /// Its text, which is read once whatever is asked of it.
    pub source: Arc<SourceFile>,
    /// Its values: of YAML one for each document, of TOML, JSON and INI one, of other text none.
    pub values: Vec<Value>,
}

impl Document {
    /// Its text.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The first value.
    pub fn value(&self) -> Option<&Value> {
        self.values.first()
    }
}

/// A Python file, as far as facts look into it.
#[derive(Debug)]
pub struct PythonFile {
    /// Its path, as findings show it.
    pub path: Utf8PathBuf,
    /// Its text.
    pub source: SourceFile,
    /// What is known without a tree.
    pub outline: Outline,
}

impl PythonFile {
    /// One whose bytes have been read.
    pub(crate) fn of(path: &Utf8Path, bytes: Vec<u8>) -> Option<Self> {
        let source = SourceFile::decode(bytes).ok()?;
        let outline = scan(source.text());
        Some(Self { path: path.to_owned(), source, outline })
    }
}

/// What reading a file gives.
#[derive(Clone, Debug)]
pub enum Reading {
    /// There is none.
    Missing,
    /// There is one, which is not what its name says, or cannot be read: what it would tell is not known. Somebody else
    /// reports it.
    Broken,
    /// There is one.
    Whole(Arc<Document>),
}

impl Reading {
    /// The document, where it could be read.
    pub fn whole(self) -> Option<Arc<Document>> {
        match self {
            Self::Whole(document) => Some(document),
            Self::Missing | Self::Broken => None,
        }
    }
}

/// The language of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Text,
    Toml,
    Yaml,
    Json,
    Ini,
}

#[derive(Clone, Debug)]
pub(super) enum Read {
    Missing,
    Unreadable,
    Faulty(SyntaxFault),
    Whole(Arc<Document>),
}

impl Read {
    pub(super) fn fault(&self) -> Option<&SyntaxFault> {
        match self {
            Self::Faulty(fault) => Some(fault),
            _ => None,
        }
    }
}

/// What every document that was read is, in each language that it was read in.
pub(super) type Documents = FxHashMap<Utf8PathBuf, Vec<(Language, Read)>>;

/// Why nobody finds the documents locked by one who panicked.
pub(super) const IN_HAND: &str = "nobody panics with the documents in hand";

/// How a file begins that stands for one which Git LFS holds and nobody fetched
/// (<https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>).
const LFS_POINTER: &str = "version https://git-lfs.github.com/spec/";

/// Files of Renovate, which reads comments in JSON (<https://docs.renovatebot.com/configuration-options/>).
const RENOVATE: [&str; 3] = [".renovaterc", ".renovaterc.json", "renovate.json"];

/// Configuration is shorter than this, in bytes; a lock file of a large application has 3 MB.
const LONGEST: usize = 20_000_000;

/// Whether a text is JSON but for its comments, each on a line of its own or behind a value.
fn is_json_with_comments(text: &str) -> bool {
    let is_comment = |line: &str| line.starts_with("//") || line.starts_with("/*");
    let code = |line: &'_ str| {
        let line = line.trim();
        let end = if is_comment(line) { 0 } else { line.find(" // ").unwrap_or(line.len()) };
        line[..end].to_owned()
    };
    let lines: Vec<String> = text.lines().map(code).collect();
    let has_comments = lines.iter().zip(text.lines()).any(|(code, line)| code != line.trim());
    has_comments && syntax::json::parse(&lines.join("\n")).is_ok()
}

impl Facts<'_> {
    /// A file as text.
    pub fn text(&self, path: &Utf8Path) -> Reading {
        self.document(path, Language::Text)
    }

    /// A TOML file.
    pub fn toml(&self, path: &Utf8Path) -> Reading {
        self.document(path, Language::Toml)
    }

    /// A YAML file.
    pub fn yaml(&self, path: &Utf8Path) -> Reading {
        self.document(path, Language::Yaml)
    }

    /// A JSON file, whose values have no places.
    pub fn json(&self, path: &Utf8Path) -> Reading {
        // Comments and names without quotes make these no JSON and no fault: what they say is not known.
        if matches!(path.extension(), Some("json5" | "jsonc")) && self.tree().is_file(path) {
            return Reading::Broken;
        }
        if RENOVATE.contains(&path.file_name().unwrap_or_default())
            && self.text(path).whole().is_some_and(|it| is_json_with_comments(it.text()))
        {
            return Reading::Broken;
        }
        self.document(path, Language::Json)
    }

    /// An INI file.
    pub fn ini(&self, path: &Utf8Path) -> Reading {
        self.document(path, Language::Ini)
    }

    /// A Python file. To be asked for single files: reading all of them is the business of the run.
    pub fn python(&self, path: &Utf8Path) -> Option<Arc<PythonFile>> {
        let known = self.python.lock().expect(IN_HAND);
        if let Some(read) = known.get(path) {
            return read.clone();
        }
        drop(known);
        let read = self.python_once(path).map(Arc::new);
        let mut known = self.python.lock().expect(IN_HAND);
        known.entry(path.to_owned()).or_insert(read).clone()
    }

    /// A Python file that nobody will ask for again: it is not kept.
    pub(crate) fn python_once(&self, path: &Utf8Path) -> Option<PythonFile> {
        if !self.tree().is_file(path) {
            return None;
        }
        PythonFile::of(path, self.bytes(path).ok()?)
    }

    /// Records that a file is not what its name says, where that shows only beyond the syntax: a workflow that is a list.
    pub fn refuse(&self, path: &Utf8Path, fault: SyntaxFault) {
        let mut refused = self.refused.lock().expect(IN_HAND);
        refused.insert(path.to_owned(), fault);
    }

    fn document(&self, path: &Utf8Path, language: Language) -> Reading {
        let read = self.known(path, language).unwrap_or_else(|| {
            let read = self.read_document(path, language);
            let mut known = self.documents.lock().expect(IN_HAND);
            known.entry(path.to_owned()).or_default().push((language, read.clone()));
            read
        });
        match read {
            Read::Missing => Reading::Missing,
            Read::Unreadable | Read::Faulty(_) => Reading::Broken,
            Read::Whole(document) => Reading::Whole(document),
        }
    }

    /// What a file is in a language, where that was asked before: what it is in another one says nothing of that.
    fn known(&self, path: &Utf8Path, language: Language) -> Option<Read> {
        let known = self.documents.lock().expect(IN_HAND);
        let reads = known.get(path)?;
        reads.iter().find(|(of, _)| *of == language).map(|(_, read)| read.clone())
    }

    /// TOML and JSON are UTF-8, and YAML is that or UTF-16: whoever reads the file refuses other bytes.
    fn wrong_bytes(&self, path: &Utf8Path, language: Language, text: &str) -> Option<SyntaxFault> {
        if matches!(language, Language::Text | Language::Ini) || text.is_ascii() {
            return None;
        }
        let bytes = self.bytes(path).ok()?;
        let valid = std::str::from_utf8(&bytes).err()?.valid_up_to();
        // A text of another encoding that says so begins with its mark.
        if bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(&[0xff, 0xfe]) {
            return None;
        }
        // Each of its bytes was taken for a character.
        let offset = bytes[..valid].iter().map(|&byte| char::from(byte).len_utf8()).sum();
        Some(SyntaxFault::at(text, offset, "is not UTF-8"))
    }

    fn read_document(&self, path: &Utf8Path, language: Language) -> Read {
        let source = match self.known(path, Language::Text) {
            Some(Read::Whole(document)) => document.source.clone(),
            Some(without) => return without,
            None if !self.tree().is_file(path) => return Read::Missing,
            None => match self.bytes(path) {
                Ok(bytes) if bytes.len() <= LONGEST => Arc::new(SourceFile::decode_any(bytes)),
                _ => return Read::Unreadable,
            },
        };
        let text = source.text();
        if text.starts_with(LFS_POINTER) {
            return Read::Unreadable;
        }
        if let Some(fault) = self.wrong_bytes(path, language, text) {
            return Read::Faulty(fault);
        }
        let values = match language {
            Language::Text => Ok(Vec::new()),
            Language::Toml => syntax::toml::parse(text).map(|value| vec![value]),
            Language::Yaml => syntax::yaml::parse(text),
            Language::Json => syntax::json::parse(text).map(|value| vec![value]),
            Language::Ini => syntax::ini::parse(text).map(|value| vec![value]),
        };
        match values {
            Ok(values) => {
                let path = path.to_owned();
                Read::Whole(Arc::new(Document { path, source, values }))
            }
            // What a program fills in is YAML only when that is done.
            Err(_) if language == Language::Yaml && is_template(text) => Read::Unreadable,
            Err(fault) => Read::Faulty(fault),
        }
    }
}

/// Whether a text has lines that are statements of Jinja and nothing else.
fn is_template(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| line.starts_with("{%") && line.ends_with("%}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    #[test]
    fn comments_are_told_from_what_is_no_json() {
        for text in ["{\n  // off\n}", "{\n  \"on\": false // not yet\n}"] {
            assert!(is_json_with_comments(text), "{text}");
        }
        for text in
            ["{\"$schema\": \"https://docs.example/schema.json\"}", "{\n  // off\n  on: 1\n}"]
        {
            assert!(!is_json_with_comments(text), "{text}");
        }
    }

    #[test]
    fn a_template_is_not_known_and_no_fault() {
        let template = "{% set name = 'shop' %}\nservices:\n  {{ name }}:\n    image: a\n";
        let broken = "services: [\n";
        let project = Project::in_memory([("a.yml", template), ("b.yml", broken)]);
        let read = |path: &Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        assert!(facts.yaml("a.yml".into()).whole().is_none());
        assert!(facts.yaml("b.yml".into()).whole().is_none());
        assert_eq!(facts.faults().into_keys().collect::<Vec<_>>(), ["b.yml"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_fault_at_their_place() {
        let project = Project::in_memory([("a.toml", ""), ("b.toml", "")]);
        let read = |path: &Utf8Path| {
            let sign: &[u8] = if path == "a.toml" { b"\xe9" } else { "\u{fffd}".as_bytes() };
            Ok([b"a = '", sign, b"'\n"].concat())
        };
        let facts = Facts::new(&project, &read, None);
        assert!(facts.text("a.toml".into()).whole().is_some());
        assert!(facts.toml("a.toml".into()).whole().is_none());
        assert!(facts.toml("b.toml".into()).whole().is_some());
        let fault = &facts.faults()[Utf8Path::new("a.toml")];
        assert_eq!((fault.span.start, fault.sentence.as_str()), (5, "is not UTF-8"));
    }

    #[test]
    fn what_a_file_is_in_one_language_says_nothing_of_another() {
        let project = Project::in_memory([("a.toml", "a: 1\n"), ("b.toml", "b = 1\n")]);
        let read = |path: &Utf8Path| project.read_bytes(path);
        for text_first in [true, false] {
            let facts = Facts::new(&project, &read, None);
            let as_text = || facts.text("a.toml".into()).whole().is_some();
            let as_toml = || facts.toml("a.toml".into()).whole().is_some();
            let (text, toml) = if text_first {
                let text = as_text();
                (text, as_toml())
            } else {
                let toml = as_toml();
                (as_text(), toml)
            };
            assert!(text && !toml);
            assert!(facts.yaml("a.toml".into()).whole().is_some());
            assert_eq!(facts.faults().into_keys().collect::<Vec<_>>(), ["a.toml"]);
            let (text, toml) = (facts.text("b.toml".into()), facts.toml("b.toml".into()));
            let (text, toml) = (text.whole().unwrap(), toml.whole().unwrap());
            assert!(text.values.is_empty() && toml.value().is_some_and(|it| it.get("b").is_some()));
            assert!(Arc::ptr_eq(&text.source, &toml.source));
        }
    }
}
