//! Which configuration file holds for a folder: the nearest upwards. Every file is read once.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::read::read;
use crate::config::Config;
use crate::error::ConfigError;

/// Where configuration comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The nearest file of each folder.
    Nearest,
    /// One file for everything.
    File(Utf8PathBuf),
    /// Nowhere.
    Isolated,
}

/// The configurations of a run.
pub(crate) struct Configs {
    working_directory: Utf8PathBuf,
    /// The first is that of everything which has none.
    list: Vec<Config>,
    by_folder: BTreeMap<String, usize>,
    /// Whether one configuration holds for everything.
    fixed: Option<usize>,
}

impl Configs {
    /// Gets ready to look for configuration.
    ///
    /// # Errors
    /// When the one file that was asked for cannot be used.
    pub(crate) fn new(working_directory: &Utf8Path, source: &Source) -> Result<Self, ConfigError> {
        let none = Config { root: working_directory.to_owned(), ..Config::default() };
        let mut configs = Self {
            working_directory: working_directory.to_owned(),
            list: vec![none],
            by_folder: BTreeMap::new(),
            fixed: None,
        };
        match source {
            Source::Nearest => {}
            Source::Isolated => configs.fixed = Some(0),
            Source::File(path) => {
                let absolute = working_directory.join(path);
                let pyproject = absolute.file_name() == Some("pyproject.toml");
                let text = fs::read_to_string(&absolute).map_err(|error| cannot(path, &error))?;
                let config = read(path, working_directory, &text, pyproject)?;
                configs.list.push(config.ok_or_else(|| ConfigError {
                    path: path.clone(),
                    place: None,
                    sentence: "has no table [tool.roadworthy]; add one or give another file".into(),
                })?);
                configs.fixed = Some(1);
            }
        }
        Ok(configs)
    }

    /// All configurations that were met so far.
    pub(crate) fn all(&self) -> &[Config] {
        &self.list
    }

    /// The index of the configuration that holds for the files of an absolute folder.
    ///
    /// # Errors
    /// When the nearest file cannot be used.
    pub(crate) fn of_folder(&mut self, folder: &Utf8Path) -> Result<usize, ConfigError> {
        if let Some(fixed) = self.fixed {
            return Ok(fixed);
        }
        if let Some(&known) = self.by_folder.get(folder.as_str()) {
            return Ok(known);
        }
        let index = match self.read_folder(folder)? {
            Some(config) => {
                self.list.push(config);
                self.list.len() - 1
            }
            None => match folder.parent() {
                Some(parent) => self.of_folder(parent)?,
                None => 0,
            },
        };
        self.by_folder.insert(folder.to_string(), index);
        Ok(index)
    }

    /// The configuration that lies in a folder itself.
    fn read_folder(&self, folder: &Utf8Path) -> Result<Option<Config>, ConfigError> {
        let own = folder.join("roadworthy.toml");
        if let Some(text) = self.text(&own)? {
            return read(&self.shown(&own), folder, &text, false);
        }
        let shared = folder.join("pyproject.toml");
        match self.text(&shared)? {
            // A manifest that does not speak of us is not read: it is judged elsewhere.
            Some(text) if text.contains("roadworthy") => {
                read(&self.shown(&shared), folder, &text, true)
            }
            _ => Ok(None),
        }
    }

    fn text(&self, file: &Utf8Path) -> Result<Option<String>, ConfigError> {
        match fs::read_to_string(file) {
            Ok(text) => Ok(Some(text)),
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound
                | io::ErrorKind::NotADirectory
                | io::ErrorKind::IsADirectory => Ok(None),
                // A manifest of others that may not be read is no obstacle; discovery says so.
                _ if file.file_name() == Some("pyproject.toml") => Ok(None),
                // In a closed folder nobody can say whether there is one; discovery says that.
                _ if file.metadata().is_err() => Ok(None),
                _ => Err(cannot(&self.shown(file), &error)),
            },
        }
    }

    fn shown(&self, file: &Utf8Path) -> Utf8PathBuf {
        file.strip_prefix(&self.working_directory).unwrap_or(file).to_owned()
    }
}

fn cannot(path: &Utf8Path, error: &io::Error) -> ConfigError {
    let sentence = match error.kind() {
        io::ErrorKind::NotFound => "does not exist; give a configuration file that does".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read; grant access to it".to_owned(),
        io::ErrorKind::InvalidData => "is not UTF-8 text; save it as UTF-8".to_owned(),
        kind => format!("cannot be read ({kind})"),
    };
    ConfigError { path: path.to_owned(), place: None, sentence }
}
