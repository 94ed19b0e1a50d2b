//! The configuration: what a file says, with the place of every word, and which file holds for what.
//! Knows TOML and paths, no rule.

mod find;
mod read;
#[cfg(test)]
mod tests;

use camino::Utf8PathBuf;
use roadworthy_engine::{OptionValue, Severity};
use roadworthy_project::Role;

use crate::args::FailOn;
use crate::error::{ConfigError, Place};

pub(crate) use find::{Configs, Source};

/// A word of a configuration file and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Located {
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// What one configuration file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Config {
    /// The file as shown; empty where there is none.
    pub(crate) file: Utf8PathBuf,
    /// The absolute folder that its patterns are relative to.
    pub(crate) root: Utf8PathBuf,
    pub(crate) select: Option<Vec<Located>>,
    pub(crate) extend_select: Vec<Located>,
    pub(crate) ignore: Vec<Located>,
    pub(crate) exclude: Option<Vec<Located>>,
    pub(crate) extend_exclude: Vec<Located>,
    pub(crate) respect_gitignore: Option<bool>,
    pub(crate) fail_on: Option<FailOn>,
    pub(crate) min_severity: Option<Severity>,
    pub(crate) rule_paths: Vec<Located>,
    /// Patterns and what is silent there.
    pub(crate) per_file_ignores: Vec<(Located, Vec<Located>)>,
    /// Rules (or groups, or areas) and their level.
    pub(crate) severity: Vec<(Located, Severity)>,
    /// Rules and their options.
    pub(crate) rules: Vec<(Located, Vec<(Located, OptionValue)>)>,
    /// Patterns and the role of what they match.
    pub(crate) roles: Vec<(Located, Role)>,
}

impl Config {
    /// An error at a place of this file.
    pub(crate) fn error(&self, place: Place, sentence: impl Into<String>) -> ConfigError {
        ConfigError { path: self.file.clone(), place: Some(place), sentence: sentence.into() }
    }
}
