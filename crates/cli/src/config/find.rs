//! Which configuration file holds for a folder: the nearest upwards. Every file is read once.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::config::extend::{First, load};
use crate::config::merge::merge;
use crate::config::{Config, Table};
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
    /// What stands above them all.
    above: Table,
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
    pub(crate) fn new(
        working_directory: &Utf8Path,
        source: &Source,
        above: Table,
    ) -> Result<Self, ConfigError> {
        let mut configs = Self {
            working_directory: working_directory.to_owned(),
            list: vec![Config { settings: above.clone(), ..Config::default() }],
            above,
            by_folder: BTreeMap::new(),
            fixed: None,
        };
        match source {
            Source::Nearest => {}
            Source::Isolated => configs.fixed = Some(0),
            Source::File(path) => {
                let absolute = working_directory.join(path);
                let text = fs::read_to_string(&absolute).map_err(|error| cannot(path, &error))?;
                let first = First { shown: path.clone(), absolute, root: working_directory, text };
                let config = load(first, working_directory)?.ok_or_else(|| ConfigError {
                    path: path.clone(),
                    place: None,
                    sentence: "has no table [tool.roadworthy]; add one or give another file".into(),
                })?;
                configs.add(config);
                configs.fixed = Some(1);
            }
        }
        Ok(configs)
    }

    /// All configurations that were met so far.
    pub(crate) fn all(&self) -> &[Config] {
        &self.list
    }

    fn add(&mut self, config: Config) -> usize {
        let settings = merge(config.settings, self.above.clone());
        self.list.push(Config { settings, ..config });
        self.list.len() - 1
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
            Some(config) => self.add(config),
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
        let read = |absolute: Utf8PathBuf, text: String| {
            let shown = shown(&absolute, &self.working_directory);
            load(First { shown, absolute, root: folder, text }, &self.working_directory)
        };
        let own = folder.join("roadworthy.toml");
        if let Some(text) = self.text(&own)? {
            return read(own, text);
        }
        let shared = folder.join("pyproject.toml");
        match self.text(&shared)? {
            // A manifest that does not speak of us is not read: it is judged elsewhere.
            Some(text) if text.contains("roadworthy") => read(shared, text),
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
                _ => Err(cannot(&shown(file, &self.working_directory), &error)),
            },
        }
    }
}

/// A file as it is shown.
pub(super) fn shown(file: &Utf8Path, working_directory: &Utf8Path) -> Utf8PathBuf {
    file.strip_prefix(working_directory).unwrap_or(file).to_owned()
}

fn cannot(path: &Utf8Path, error: &io::Error) -> ConfigError {
    let sentence = match error.kind() {
        io::ErrorKind::NotFound => "does not exist; give a configuration file that does".to_owned(),
        kind => unreadable(kind),
    };
    ConfigError { path: path.to_owned(), place: None, sentence }
}

/// Why a file cannot be read, and what to do.
pub(super) fn unreadable(kind: io::ErrorKind) -> String {
    match kind {
        io::ErrorKind::PermissionDenied => "may not be read; grant access to it".to_owned(),
        io::ErrorKind::InvalidData => "is not UTF-8 text; save it as UTF-8".to_owned(),
        kind => format!("cannot be read ({kind})"),
    }
}
