//! How Python code reads: names, calls, values, blocks, and the words that people use. Knows syntax, no rule.

pub(crate) mod arguments;
pub(crate) mod blocks;
pub(crate) mod calls;
pub(crate) mod choice;
pub(crate) mod classes;
pub(crate) mod coroutines;
pub(crate) mod developing;
pub(crate) mod first_party;
pub(crate) mod handed;
pub(crate) mod idle;
pub(crate) mod loggers;
pub(crate) mod made;
pub(crate) mod mutations;
pub(crate) mod named;
pub(crate) mod names;
pub(crate) mod namesakes;
pub(crate) mod nodes;
pub(crate) mod packages;
pub(crate) mod reach;
pub(crate) mod settings;
pub(crate) mod strings;
pub(crate) mod text;
pub(crate) mod unused;
pub(crate) mod values;
pub(crate) mod vocabulary;
pub(crate) mod words;
