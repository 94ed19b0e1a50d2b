//! What a run looks at: files, and the components that they belong to. Knows nothing of how they were found.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::SourceFile;

use crate::component::Component;
use crate::discover::Problem;
use crate::git::Repository;
use crate::in_memory::Contents;
use crate::kind::FileKind;
use crate::read::{ReadError, decode, read_document_bytes, read_file};
use crate::role::{RoleReason, Strength};

/// What a run looks at.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The files, by their shown path.
    pub files: Vec<File>,
    /// Files of which no rule of the run asks, taken out of [`Self::files`]: facts see them all the same.
    pub unasked: Vec<File>,
    /// What the files belong to, by root.
    pub components: Vec<Component>,
    /// What could not be looked at, by path and line.
    pub problems: Vec<Problem>,
    /// Links to folders that the walk met and did not follow, as shown: what they lead to is judged
    /// where it lies, if it belongs to the project.
    pub folder_links: Vec<Utf8PathBuf>,
    /// The other files that the walk met, by their shown path: what manifests, pipelines and commands name.
    pub others: Vec<Utf8PathBuf>,
    /// The absolute path that shown paths are relative to.
    pub working_directory: Utf8PathBuf,
    /// What the files hold, if they lie on no disk.
    pub contents: Option<Contents>,
}

impl Project {
    /// The text of a file: from memory if the project lies there, else from the disk.
    ///
    /// # Errors
    /// When there is none.
    pub fn read(&self, file: &File) -> Result<SourceFile, ReadError> {
        match &self.contents {
            None => read_file(&file.absolute, file.kind),
            Some(contents) => {
                let missing = || ReadError::Io(std::io::ErrorKind::NotFound.into());
                decode(contents.get(&file.path).ok_or_else(missing)?.to_vec(), file.kind)
            }
        }
    }

    /// The bytes of a file by the path under which findings show it, judged or not.
    ///
    /// # Errors
    /// When there is none, it is no regular file, or it is too large to be configuration.
    pub fn read_bytes(&self, path: &Utf8Path) -> Result<Vec<u8>, ReadError> {
        match &self.contents {
            None => read_document_bytes(&self.working_directory.join(path)),
            Some(contents) => {
                let missing = || ReadError::Io(std::io::ErrorKind::NotFound.into());
                Ok(contents.get(path).ok_or_else(missing)?.to_vec())
            }
        }
    }

    /// The index of the innermost component around an absolute path.
    pub fn component_around(&self, absolute: &Utf8Path) -> Option<usize> {
        let around = self.components.iter().enumerate();
        let around = around.filter(|(_, component)| absolute.starts_with(&component.root));
        around.max_by_key(|(_, component)| component.root.as_str().len()).map(|(index, _)| index)
    }

    /// The component of a file.
    ///
    /// # Panics
    /// When the file is one of another project.
    pub fn component(&self, file: &File) -> &Component {
        &self.components[file.component]
    }
}

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// As shown: relative to the working directory, or absolute outside of it; forward slashes.
    pub path: Utf8PathBuf,
    /// The path to read it by.
    pub absolute: Utf8PathBuf,
    /// What it is written in.
    pub kind: FileKind,
    /// Index in [`Project::components`].
    pub component: usize,
    /// What the path alone says of its role.
    pub path_role: Option<RoleReason>,
    /// Whether [`Self::path_role`] is the configuration's word, which contents do not change.
    pub configured: bool,
    /// The dotted name by which it is imported, as far as packages on disk tell: `a.b` for
    /// `src/a/b.py` and for `src/a/b/__init__.py`. Empty for what is not Python.
    pub module: String,
    /// Whether it lies in a regular package (a folder with `__init__.py`).
    pub in_package: bool,
    /// Whether a `.pyi` file beside it, found with it, holds its types.
    pub has_stub: bool,
    /// Whether contents may speak against [`Self::path_role`].
    pub(crate) strength: Strength,
    /// The repository around it, where it is not Python and there is one.
    pub(crate) repository: Option<Arc<Repository>>,
}

impl File {
    /// Where the repository begins that holds it, where it is not Python and there is one.
    pub fn repository_root(&self) -> Option<&Utf8Path> {
        self.repository.as_ref().map(|it| it.root())
    }

    /// Whether the file is part of what a repository hands out: git keeps it, or there is no git to ask.
    pub fn is_committed(&self) -> bool {
        self.repository.as_ref().and_then(|it| it.tracks(&self.absolute)).unwrap_or(true)
    }
}
