//! The configuration: what files say, with the place of every word, and which of them holds for what.
//! Knows TOML and paths, no rule.

mod command_line;
mod extend;
mod find;
pub(crate) mod keys;
mod merge;
mod packages;
mod read;
#[cfg(test)]
mod reference;
pub(crate) mod schema;
mod value;
mod version;

use camino::Utf8PathBuf;

pub(crate) use command_line::command_line;
pub(crate) use find::{Configs, Source};
pub(crate) use value::{Data, Located, Table, Value};

/// What holds for the files below a folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    /// The file as shown; empty where there is none.
    pub(crate) file: Utf8PathBuf,
    /// The files that it extends, the nearest first.
    pub(crate) extends: Vec<Utf8PathBuf>,
    /// What they and the command line say together, by the keys of [`keys::KEYS`].
    pub(crate) settings: Table,
}
