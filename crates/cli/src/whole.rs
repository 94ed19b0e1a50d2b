//! The whole project around the files of a run, of which facts are told: they must not depend on which files were given.
//! Knows folders, no fact.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::{Component, DiscoverOptions, Project};

use crate::args::CheckArguments;
use crate::error::Error;
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
    let bases = bases(plan);
    let given = arguments.paths.iter().map(|path| working_directory.join(path));
    let mut given: Vec<_> = given.map(|path| path.canonicalize_utf8().unwrap_or(path)).collect();
    if arguments.paths.is_empty() {
        given.push(working_directory.to_owned());
    }
    let is_given = |base: &&Utf8Path| given.iter().any(|path| base.starts_with(path));
    if !narrowed && bases.iter().all(is_given) {
        return Ok(None);
    }
    let roots = roots(plan);
    if roots.is_empty() {
        return Ok(None);
    }
    Ok(Some(roadworthy_project::discover(&roots, &options(plan))?))
}

/// Whether a walk of folders would find what that of the repositories around the files of a run has found.
pub(crate) fn is_found_by(plan: &Plan, folders: &[Utf8PathBuf], by: &DiscoverOptions) -> bool {
    roots(plan) == folders && options(plan) == *by
}

/// Where the repositories of a run begin.
fn bases(plan: &Plan) -> Vec<&Utf8Path> {
    let mut bases: Vec<_> = plan.project.components.iter().map(Component::base).collect();
    // What comes from standard input without a name belongs to nothing on disk.
    bases.retain(|base| !base.as_str().is_empty());
    bases.sort_unstable();
    bases.dedup();
    bases
}

/// The folders that hold the repositories of a run: none lies in another.
fn roots(plan: &Plan) -> Vec<Utf8PathBuf> {
    let mut roots: Vec<Utf8PathBuf> = Vec::new();
    for base in bases(plan) {
        if !roots.iter().any(|root| base.starts_with(root)) {
            roots.push(base.to_owned());
        }
    }
    roots
}

/// How these are walked: as the files of the run were found, but whole.
fn options(plan: &Plan) -> DiscoverOptions {
    DiscoverOptions { force_exclude: false, unsaved: false, ..plan.discover_options.clone() }
}
