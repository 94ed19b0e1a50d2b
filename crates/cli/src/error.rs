//! What ends a run with exit code 2: each is one sentence with the place and the way out.

use std::fmt;
use std::io;

use camino::Utf8PathBuf;
use roadworthy_engine::UnknownRule;
use roadworthy_project::history::HistoryError;
use roadworthy_project::{ChangesError, DiscoverError};

/// Why a run did not take place or is not complete.
#[derive(Debug)]
pub(crate) enum Error {
    /// A configuration file is wrong.
    Config(ConfigError),
    /// An argument names a rule that does not exist.
    UnknownRule {
        /// The option or command that named it.
        origin: &'static str,
        /// What it named.
        unknown: UnknownRule,
    },
    /// A path or pattern on the command line is wrong.
    Discover(DiscoverError),
    /// The history cannot be read.
    History(HistoryError),
    /// What changed cannot be found out.
    Changes(ChangesError),
    /// Arguments that do not go together; one sentence.
    Usage(String),
    /// The working directory is gone or has a name that is no text.
    WorkingDirectory(String),
    /// The report could not be written.
    Output(io::Error),
    /// The machine refused something that the run needs; one sentence.
    System(String),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(out),
            Self::UnknownRule { origin, unknown } => write!(out, "{origin}: {unknown}"),
            Self::Discover(error @ DiscoverError::Missing { .. }) => {
                write!(out, "{error}: nothing was judged; give a file or folder that exists")
            }
            Self::Discover(error @ DiscoverError::Unreadable { .. }) => {
                write!(out, "{error}: nothing was judged; grant access or leave the path out")
            }
            Self::Discover(error) => error.fmt(out),
            Self::History(error) => error.fmt(out),
            Self::Changes(error) => error.fmt(out),
            Self::Usage(sentence) | Self::System(sentence) => out.write_str(sentence),
            Self::WorkingDirectory(reason) => {
                write!(out, "the working directory cannot be used ({reason}); change to another")
            }
            Self::Output(error) => write!(out, "the report could not be written: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<DiscoverError> for Error {
    fn from(error: DiscoverError) -> Self {
        Self::Discover(error)
    }
}

impl From<HistoryError> for Error {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

impl From<ChangesError> for Error {
    fn from(error: ChangesError) -> Self {
        Self::Changes(error)
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

/// What is wrong with a configuration file or a file that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfigError {
    /// The file, as shown.
    pub(crate) path: Utf8PathBuf,
    /// Where in it.
    pub(crate) place: Option<Place>,
    /// What is wrong, and the way out.
    pub(crate) sentence: String,
}

/// A place in a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
}

impl Place {
    /// The place of a byte offset.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.path)?;
        if let Some(Place { line, column }) = self.place {
            write!(out, ":{line}:{column}")?;
        }
        write!(out, ": {}", self.sentence)
    }
}
