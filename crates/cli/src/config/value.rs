//! What a configuration file says, each word with its place. Knows no key.

use std::sync::Arc;

use camino::Utf8PathBuf;
use roadworthy_engine::OptionValue;

use crate::config::keys::Key;
use crate::error::{ConfigError, Place};

/// A file that speaks, or an option of the command line.
#[derive(Debug)]
pub(crate) struct Written {
    /// The file as shown.
    pub(crate) shown: Utf8PathBuf,
    /// The absolute folder that its patterns are relative to.
    pub(crate) root: Utf8PathBuf,
    /// The absolute folder that the folders it names are relative to.
    pub(crate) folder: Utf8PathBuf,
    /// The place that extends it, where it is not the project's own.
    pub(crate) extended_by: Option<String>,
}

/// A place in a file, or an option of the command line, which has none.
#[derive(Clone, Debug)]
pub(crate) struct At {
    pub(crate) file: Arc<Written>,
    pub(crate) place: Option<Place>,
}

impl At {
    /// Whether the command line says it.
    pub(crate) fn is_argument(&self) -> bool {
        self.place.is_none()
    }

    /// What is wrong there. Of a file that others wrote it is said how it came in.
    pub(crate) fn error(&self, sentence: impl Into<String>) -> ConfigError {
        let mut sentence = sentence.into();
        if let Some(by) = &self.file.extended_by {
            sentence = format!("{sentence} (this file is extended by {by})");
        }
        ConfigError { path: self.file.shown.clone(), place: self.place, sentence }
    }
}

impl std::fmt::Display for At {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.file.shown)?;
        self.place.map_or(Ok(()), |Place { line, column }| write!(out, ":{line}:{column}"))
    }
}

/// A word and its place.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    pub(crate) text: String,
    pub(crate) at: At,
}

impl Located {
    /// What is wrong with it.
    pub(crate) fn error(&self, sentence: impl Into<String>) -> ConfigError {
        self.at.error(sentence)
    }
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) at: At,
    pub(crate) data: Data,
}

/// What a value is, of the kind that its key says.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Flag(bool),
    Number(i64),
    Text(String),
    List(Vec<Located>),
    Table(Table),
}

impl Value {
    /// The words of a list.
    pub(crate) fn list(&self) -> &[Located] {
        if let Data::List(list) = &self.data { list } else { &[] }
    }

    /// A word or text.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Data::Text(text) = &self.data { Some(text) } else { None }
    }

    /// A number from 0 on.
    pub(crate) fn number(&self) -> Option<usize> {
        if let Data::Number(number) = self.data { usize::try_from(number).ok() } else { None }
    }

    /// The entries of a table.
    pub(crate) fn table(&self) -> &[(Located, Self)] {
        if let Data::Table(table) = &self.data { &table.entries } else { &[] }
    }

    /// The value as an option of a rule takes it.
    pub(crate) fn option(&self) -> Option<OptionValue> {
        Some(match &self.data {
            Data::Flag(flag) => OptionValue::Boolean(*flag),
            Data::Number(number) => OptionValue::Integer(*number),
            Data::List(list) => {
                OptionValue::Strings(list.iter().map(|item| item.text.clone()).collect())
            }
            Data::Text(_) | Data::Table(_) => return None,
        })
    }
}

/// Names and their values, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) entries: Vec<(Located, Value)>,
}

impl Table {
    /// The value of a key.
    pub(crate) fn get(&self, key: &Key) -> Option<&Value> {
        self.entries.iter().find(|(name, _)| name.text == key.name).map(|(_, value)| value)
    }

    /// The words of a list; none where it is not given.
    pub(crate) fn list(&self, key: &Key) -> &[Located] {
        self.get(key).map(Value::list).unwrap_or_default()
    }

    /// The entries of a table; none where it is not given.
    pub(crate) fn table(&self, key: &Key) -> &[(Located, Value)] {
        self.get(key).map(Value::table).unwrap_or_default()
    }

    /// A yes or no.
    pub(crate) fn flag(&self, key: &Key) -> Option<bool> {
        if let Data::Flag(flag) = self.get(key)?.data { Some(flag) } else { None }
    }

    /// A word of those that the key takes.
    pub(crate) fn word<T>(&self, key: &Key, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.get(key)?.text().and_then(read)
    }
}
