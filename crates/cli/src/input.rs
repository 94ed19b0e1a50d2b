//! Where the text of files comes from: the disk, standard input for one of them, or what git is about to commit.

use std::io::{self, Read as _};

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::SourceFile;
use roadworthy_project::{
    Component, DiscoverOptions, File, Project, ReadError, Role, RoleReason, discover,
    discover_besides,
};
use rustc_hash::FxHashMap;

use crate::args::CheckArguments;
use crate::error::Error;

/// The source of texts.
#[derive(Default)]
pub(crate) struct Input {
    /// What standard input holds, where it was asked for.
    bytes: Option<Vec<u8>>,
    /// The path that it is shown under.
    name: Option<Utf8PathBuf>,
    /// Files that need not lie on the disk, absolute.
    besides: Vec<Utf8PathBuf>,
    /// What stands for the contents of files, by path as shown; `None` where that is too large.
    held: FxHashMap<Utf8PathBuf, Option<Vec<u8>>>,
}

impl Input {
    /// Texts from the disk alone.
    pub(crate) fn disk() -> Self {
        Self::default()
    }

    /// Has files found that need not lie on the disk.
    pub(crate) fn also_find(&mut self, files: Vec<Utf8PathBuf>) {
        self.besides = files;
    }

    /// Has a file read from here, whatever lies on the disk.
    pub(crate) fn hold(&mut self, path: &Utf8Path, bytes: Option<Vec<u8>>) {
        self.held.insert(path.to_owned(), bytes);
    }

    /// Reads standard input where the arguments say so.
    ///
    /// # Errors
    /// When that cannot be read, or does not go with the other arguments.
    pub(crate) fn new(arguments: &CheckArguments) -> Result<Self, Error> {
        let wanted = arguments.paths.iter().any(|path| path == "-");
        if !wanted && arguments.stdin_filename.is_some() {
            let sentence = "--stdin-filename names standard input: give `-` as the path, too";
            return Err(Error::Usage(sentence.to_owned()));
        }
        if !wanted {
            return Ok(Self::default());
        }
        if arguments.paths.len() > 1 {
            let sentence = "`-` is standard input and stands alone: give no other path with it";
            return Err(Error::Usage(sentence.to_owned()));
        }
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|error| {
            let kind = error.kind();
            Error::System(format!("standard input cannot be read ({kind}); pipe a file into it"))
        })?;
        let name = arguments.stdin_filename.clone();
        Ok(Self { bytes: Some(bytes), name, ..Self::default() })
    }

    /// Finds the files of the run.
    ///
    /// # Errors
    /// When a given path does not exist.
    pub(crate) fn discover(
        &self,
        arguments: &CheckArguments,
        options: &DiscoverOptions,
    ) -> Result<Project, Error> {
        if self.bytes.is_none() {
            return Ok(discover_besides(&arguments.paths, &self.besides, options)?);
        }
        let Some(name) = &arguments.stdin_filename else {
            return Ok(unnamed(options.working_directory.join("-")));
        };
        if options.working_directory.join(name).is_dir() {
            let sentence =
                format!("--stdin-filename: `{name}` is a folder; give the path of a file");
            return Err(Error::Usage(sentence));
        }
        let options = DiscoverOptions { unsaved: true, ..options.clone() };
        Ok(discover(std::slice::from_ref(name), &options)?)
    }

    /// The bytes of any file of a project, by the path under which findings show it, for its facts.
    ///
    /// # Errors
    /// When there is none, or it is too large.
    pub(crate) fn read_bytes(
        &self,
        project: &Project,
        path: &Utf8Path,
    ) -> Result<Vec<u8>, ReadError> {
        // A project around the working directory knows its files by absolute paths.
        let path = path.strip_prefix(&project.working_directory).unwrap_or(path);
        if let Some(bytes) = self.bytes.as_ref().filter(|_| self.name.as_deref() == Some(path)) {
            return Ok(bytes.clone());
        }
        match self.held.get(path) {
            Some(held) => held.clone().ok_or(ReadError::Data),
            None => project.read_bytes(path),
        }
    }

    /// The text of a file.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn read(&self, file: &File) -> Result<SourceFile, ReadError> {
        match self.bytes.as_ref().map(Some).or_else(|| Some(self.held.get(&file.path)?.as_ref())) {
            Some(Some(bytes)) => roadworthy_project::decode(bytes.clone(), file.kind),
            Some(None) => Err(ReadError::Data),
            None => roadworthy_project::read_file(&file.absolute, file.kind),
        }
    }
}

/// A project of one file without a name.
fn unnamed(absolute: Utf8PathBuf) -> Project {
    let mut file = File::in_memory("-");
    file.absolute = absolute;
    file.path_role = Some(RoleReason::new(Role::Application, "standard input without a name"));
    file.configured = true;
    Project { files: vec![file], components: vec![Component::in_memory()], ..Project::default() }
}
