//! The part of a folder to which a walk is narrowed. Knows paths only, nothing of what lies there.

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashSet;

/// Paths below a folder, relative to it.
#[derive(Debug, Default)]
pub(super) struct Narrow {
    paths: FxHashSet<Utf8PathBuf>,
    /// The folders that lead to them.
    above: FxHashSet<Utf8PathBuf>,
}

impl Narrow {
    /// Adds a path, with all that lies below it.
    pub(super) fn add(&mut self, path: &Utf8Path) {
        for folder in path.ancestors().skip(1) {
            if !self.above.insert(folder.to_owned()) {
                break;
            }
        }
        self.paths.insert(path.to_owned());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether a path is one of them, or lies below one.
    pub(super) fn holds(&self, path: &Utf8Path) -> bool {
        path.ancestors().any(|it| self.paths.contains(it))
    }

    /// Whether a walk has to enter a folder.
    pub(super) fn needs(&self, folder: &Utf8Path) -> bool {
        self.above.contains(folder) || self.holds(folder)
    }
}
