//! Files and components that lie on no disk: code handed in by a test, an example or standard input.

use std::borrow::Cow;

use camino::Utf8PathBuf;

use crate::role::Strength;
use crate::{Component, Distribution, File, FileKind};

impl File {
    /// A file that is shown under `path` and lies nowhere.
    pub fn in_memory(path: impl Into<Utf8PathBuf>) -> Self {
        let path = path.into();
        let kind = FileKind::of_given(&path);
        Self {
            kind,
            repository: None,
            absolute: path.clone(),
            module: path.file_stem().unwrap_or_default().to_owned(),
            path,
            component: 0,
            path_role: None,
            configured: false,
            in_package: false,
            has_stub: false,
            strength: Strength::Firm,
        }
    }
}

impl Component {
    /// A component of which nothing is known.
    pub fn in_memory() -> Self {
        Self {
            root: Utf8PathBuf::new(),
            path: Utf8PathBuf::new(),
            manifest: None,
            name: String::new(),
            distribution: Distribution::Unknown,
            distribution_reason: Cow::Borrowed("it lies on no disk"),
            entry_points: Vec::new(),
            test_paths: Vec::new(),
            test_files: Vec::new(),
            test_globs: Vec::new(),
            base: Utf8PathBuf::new(),
        }
    }
}
