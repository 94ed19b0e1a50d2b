//! The whole project around the files of a run, of which facts are told: they must not depend on which files were given.
//! Knows folders, no fact.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::{DiscoverOptions, Project, ReadError};

use crate::args::CheckArguments;
use crate::error::Error;
use crate::input::Input;
use crate::plan::Plan;

/// Finds the repositories around the files of a run; `None` where the run is about the whole of them.
///
/// # Errors
/// When the disk refuses.
pub(crate) fn whole(
    plan: &Plan,
    arguments: &CheckArguments,
    narrowed: bool,
    working_directory: &Utf8Path,
) -> Result<Option<Project>, Error> {
    let mut bases: Vec<&Utf8Path> =
        plan.project.components.iter().map(|component| component.base()).collect();
    // What comes from standard input without a name belongs to nothing on disk.
    bases.retain(|base| !base.as_str().is_empty());
    bases.sort_unstable();
    bases.dedup();
    let given = arguments.paths.iter().map(|path| working_directory.join(path));
    let mut given: Vec<_> = given.map(|path| path.canonicalize_utf8().unwrap_or(path)).collect();
    if arguments.paths.is_empty() {
        given.push(working_directory.to_owned());
    }
    let is_given = |base: &&Utf8Path| given.iter().any(|path| base.starts_with(path));
    if !narrowed && bases.iter().all(is_given) {
        return Ok(None);
    }
    let mut roots: Vec<Utf8PathBuf> = Vec::new();
    for base in bases {
        if !roots.iter().any(|root| base.starts_with(root)) {
            roots.push(base.to_owned());
        }
    }
    if roots.is_empty() {
        return Ok(None);
    }
    let options =
        DiscoverOptions { force_exclude: false, unsaved: false, ..plan.discover_options.clone() };
    Ok(Some(roadworthy_project::discover(&roots, &options)?))
}

/// The bytes of a file for the facts of a project: as the run sees it, from the index or from standard input, too.
pub(crate) fn read_bytes(
    project: &Project,
    input: &Input,
    path: &Utf8Path,
) -> Result<Vec<u8>, ReadError> {
    match input.held(path) {
        Some(bytes) => bytes.map(<[u8]>::to_vec).ok_or(ReadError::Data),
        None => project.read_bytes(path),
    }
}
