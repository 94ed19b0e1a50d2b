//! The Python files of a folder, for what compares on real code.

use std::path::{Path, PathBuf};

use roadworthy_parser::SourceFile;

/// All `.py` files under a folder, in order; the folder itself where it is a file.
pub(crate) fn python_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if let Ok(entries) = std::fs::read_dir(&path) {
            let entries = entries
                .filter_map(Result::ok)
                .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink()));
            open.extend(entries.map(|entry| entry.path()));
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The text of a file, where it can be read and decoded.
pub(crate) fn decoded(path: &Path) -> Option<SourceFile> {
    SourceFile::decode(std::fs::read(path).ok()?).ok()
}
