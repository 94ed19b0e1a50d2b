//! Files of which a fact is read: each read and parsed once. Knows languages, no format.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::{Outline, SourceFile, scan};

use super::Facts;
use super::syntax::{self, SyntaxFault};
use super::value::Value;

/// A file that was understood.
#[derive(Debug)]
pub struct Document {
    /// Its path, as findings show it.
    pub path: Utf8PathBuf,
    /// Its text.
    pub source: SourceFile,
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
enum Language {
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

/// Configuration is shorter than this, in bytes; a lock file of a large application has 3 MB.
const LONGEST: usize = 20_000_000;

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
        self.document(path, Language::Json)
    }

    /// An INI file.
    pub fn ini(&self, path: &Utf8Path) -> Reading {
        self.document(path, Language::Ini)
    }

    /// A Python file. To be asked for single files: reading all of them is the business of the run.
    pub fn python(&self, path: &Utf8Path) -> Option<Arc<PythonFile>> {
        let known = self.python.lock().expect("nobody panics with the documents in hand");
        if let Some(read) = known.get(path) {
            return read.clone();
        }
        drop(known);
        let read = self.python_once(path).map(Arc::new);
        let mut known = self.python.lock().expect("nobody panics with the documents in hand");
        known.entry(path.to_owned()).or_insert(read).clone()
    }

    /// A Python file that nobody will ask for again: it is not kept.
    pub(crate) fn python_once(&self, path: &Utf8Path) -> Option<PythonFile> {
        if !self.tree().is_file(path) {
            return None;
        }
        PythonFile::of(path, (self.read)(path).ok()?)
    }

    /// Records that a file is not what its name says, where that shows only beyond the syntax: a workflow that is a list.
    pub fn refuse(&self, path: &Utf8Path, fault: SyntaxFault) {
        let mut known = self.documents.lock().expect("nobody panics with the documents in hand");
        known.insert(path.to_owned(), Read::Faulty(fault));
    }

    fn document(&self, path: &Utf8Path, language: Language) -> Reading {
        let known = self.documents.lock().expect("nobody panics with the documents in hand");
        // What was read as text before has no values yet.
        let is_enough = |read: &&Read| match read {
            Read::Whole(document) => language == Language::Text || !document.values.is_empty(),
            _ => true,
        };
        let read = known.get(path).filter(is_enough).cloned();
        drop(known);
        let read = read.unwrap_or_else(|| {
            let read = self.read_document(path, language);
            let mut known =
                self.documents.lock().expect("nobody panics with the documents in hand");
            known.insert(path.to_owned(), read.clone());
            read
        });
        match read {
            Read::Missing => Reading::Missing,
            Read::Unreadable | Read::Faulty(_) => Reading::Broken,
            Read::Whole(document) => Reading::Whole(document),
        }
    }

    fn read_document(&self, path: &Utf8Path, language: Language) -> Read {
        if !self.tree().is_file(path) {
            return Read::Missing;
        }
        let Ok(bytes) = (self.read)(path) else { return Read::Unreadable };
        if bytes.len() > LONGEST {
            return Read::Unreadable;
        }
        let source = SourceFile::decode_any(bytes);
        let text = source.text();
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
            Err(fault) => Read::Faulty(fault),
        }
    }
}
