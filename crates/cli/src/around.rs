//! What lies around the files of a run: the rest of the components of which a finding may speak as a
//! whole. Knows folding, no rule.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::Outcome;
use roadworthy_project::{Component, DiscoverOptions, File, Project, Repositories};
use rustc_hash::FxHashSet;

use crate::args::CheckArguments;
use crate::check::judge;
use crate::error::Error;
use crate::input::Input;
use crate::plan::{self, Plan};
use crate::whole::is_found_by;

/// Judges the rest of the components whose findings may fold, by the rules that fold and in the light of the same project
/// as the files of the run: what is known of a component must not depend on which of its files were given. `None` where
/// nothing is left to look at.
pub(crate) fn around(
    outcome: &Outcome,
    asked_for: &Plan,
    of_whole: &Project,
    input: &Input,
    arguments: &CheckArguments,
    working_directory: &Utf8Path,
) -> Result<Option<(Plan, Outcome)>, Error> {
    let given = arguments.paths.iter().map(|path| working_directory.join(path));
    let mut given: Vec<_> = given.map(|path| path.canonicalize_utf8().unwrap_or(path)).collect();
    if arguments.paths.is_empty() {
        given.push(working_directory.to_owned());
    }
    // What comes from standard input without a name belongs to nothing on disk.
    let covered = |root: &Utf8Path| {
        root.as_str().is_empty() || given.iter().any(|path| root.starts_with(path))
    };
    let roots = outcome.foldable(&asked_for.project).into_iter().map(|component| &component.root);
    let roots: Vec<Utf8PathBuf> = roots.filter(|root| !covered(root)).cloned().collect();
    if roots.is_empty() {
        return Ok(None);
    }
    let whole = CheckArguments { paths: roots.clone(), ..arguments.clone() };
    let asked: FxHashSet<&str> =
        asked_for.project.files.iter().map(|file| file.path.as_str()).collect();
    // The rules that fold judge Python.
    let is_left = |file: &File, components: &[Component]| {
        file.kind.is_python()
            && !asked.contains(file.path.as_str())
            && roots.contains(&components[file.component].root)
    };
    let own = &asked_for.project;
    let was_walked = !std::ptr::eq(of_whole, own);
    let discover = |options: &DiscoverOptions| {
        // Walking a large project takes as long as a tenth of judging it, and mostly nothing is left.
        let mut project = if was_walked && is_found_by(asked_for, &roots, options) {
            let left = of_whole.files.iter().filter(|file| is_left(file, &of_whole.components));
            let (files, components) = (left.cloned().collect(), of_whole.components.clone());
            let working_directory = of_whole.working_directory.clone();
            Project { files, components, working_directory, ..Project::default() }
        } else {
            roadworthy_project::discover(&roots, options)?
        };
        let Project { files, components, .. } = &mut project;
        files.retain(|file| is_left(file, components));
        Ok(project)
    };
    let rest = plan::plan(&whole, &asked_for.catalog, working_directory, &discover)?;
    if rest.project.files.is_empty() {
        return Ok(None);
    }
    let folds = |id| asked_for.catalog.rule(id).fold.is_some();
    let settings: Vec<_> = rest.settings.iter().map(|settings| settings.narrowed(folds)).collect();
    let read_bytes = |path: &Utf8Path| input.read_bytes(of_whole, path);
    let facts = Repositories::new(of_whole, &read_bytes, arguments.suppressions.as_of);
    let outcome = judge(&rest, &Input::disk(), &whole, &settings, Some(&facts))?;
    Ok(Some((rest, outcome)))
}
