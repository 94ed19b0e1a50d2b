//! A value of a configuration file with the place it stands at, whatever language the file is written in. Knows no meaning.

use roadworthy_parser::Span;

/// A value, and where it stands in its file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Value {
    /// From its first to behind its last character; quotes count to a text.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a value is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Data {
    /// Nothing: `null`, or a key without a value.
    #[default]
    Null,
    /// True or false.
    Flag(bool),
    /// A number or a date, as written: `3.10` is not `3.1`.
    Number(String),
    /// A text. In YAML also what has no quotes and is none of the above.
    Text(String),
    /// Values in order.
    List(Vec<Value>),
    /// Values under keys, in the order of the file; a key may stand twice.
    Table(Vec<(Key, Value)>),
}

/// The key of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// Where it stands.
    pub span: Span,
    /// The key, without quotes.
    pub name: String,
}

impl Value {
    /// A value at a place.
    pub fn new(span: Span, data: Data) -> Self {
        Self { span, data }
    }

    /// The value under a key; of several the last, as the languages that allow it do.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().rev().find(|(name, _)| name.name == key).map(|(_, value)| value)
    }

    /// The value under keys one inside the other.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The key itself, with its place.
    pub fn key(&self, key: &str) -> Option<&Key> {
        self.entries().rev().map(|(name, _)| name).find(|name| name.name == key)
    }

    /// The text of a value that is one.
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text, number or flag as text: what YAML makes a number of may be meant as a text.
    pub fn scalar(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) | Data::Number(text) => Some(text),
            Data::Flag(true) => Some("true"),
            Data::Flag(false) => Some("false"),
            _ => None,
        }
    }

    /// Whether it is true or false, where it is one of them.
    pub fn flag(&self) -> Option<bool> {
        match self.data {
            Data::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// The values of a list; none of anything else.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Self> {
        match &self.data {
            Data::List(items) => items.as_slice(),
            _ => &[],
        }
        .iter()
    }

    /// The values of a list, or the value itself where it is no list: many formats take either.
    pub fn one_or_many(&self) -> impl DoubleEndedIterator<Item = &Self> {
        match &self.data {
            Data::List(items) => items.as_slice(),
            Data::Null => &[],
            _ => std::slice::from_ref(self),
        }
        .iter()
    }

    /// The keys and values of a table; none of anything else.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (&Key, &Self)> {
        match &self.data {
            Data::Table(entries) => entries.as_slice(),
            _ => &[],
        }
        .iter()
        .map(|(key, value)| (key, value))
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.data, Data::Table(_))
    }
}
