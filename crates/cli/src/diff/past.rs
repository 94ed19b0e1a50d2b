//! What the rules about the project found before the change, and find now in files that did not change: a lock that is gone
//! is the fault of a manifest. Knows versions of files, no rule by its name.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Finding, ProjectFindings, Scope};
use roadworthy_project::{
    ChangedFiles, DiscoverOptions, Facts, File, Project, ReadError, discover_besides, may_be_judged,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::args::CheckArguments;
use crate::error::Error;
use crate::input::Input;
use crate::plan::Plan;

/// The findings of the rules about the project before a change, and the files that it made them speak of.
pub(super) struct Past {
    pub(super) project: Project,
    /// What files held, by the path under which findings showed them; `None` where that is too large.
    held: FxHashMap<Utf8PathBuf, Option<Vec<u8>>>,
    /// By the paths of today.
    pub(super) found: ProjectFindings,
    /// The files that did not change, and in which there is a new finding.
    pub(super) elsewhere: FxHashSet<Utf8PathBuf>,
}

impl Past {
    /// Judges the project as it was and as it is.
    ///
    /// # Errors
    /// When git or the disk fails.
    pub(super) fn new(
        changed: &ChangedFiles,
        plan: &Plan,
        whole: &Project,
        input: &Input,
        arguments: &CheckArguments,
    ) -> Result<Self, Error> {
        let past = changed.past()?;
        let shown = |path: &Utf8Path| {
            path.strip_prefix(&whole.working_directory).unwrap_or(path).to_owned()
        };
        let (paths, blobs): (Vec<_>, Vec<_>) = past.held.iter().cloned().unzip();
        let mut held = FxHashMap::default();
        changed.contents(&blobs, &mut |index, bytes| {
            held.insert(shown(&paths[index]), bytes);
        })?;
        let is_gone = |path: &&Utf8PathBuf| past.came.contains(*path) || !path.is_file();
        let gone: Vec<Utf8PathBuf> = paths.iter().filter(is_gone).cloned().collect();
        let mut project = before(plan, whole, &gone)?;
        let came: FxHashSet<Utf8PathBuf> = past.came.iter().map(|path| shown(path)).collect();
        let is_kept = |path: &Utf8Path| {
            let path = shown(path);
            !came.contains(&path) || held.contains_key(&path)
        };
        project.files.retain(|file| is_kept(&file.path));
        project.others.retain(|path| is_kept(path));
        project.others.extend(gone.iter().filter(|path| !may_be_judged(path)).map(|it| shown(it)));

        let settings_of = |file: &File| plan.settings_of(file);
        let find = |facts: &Facts<'_>| {
            ProjectFindings::new(facts, &plan.catalog, &plan.settings, &settings_of).0
        };
        let now = |path: &Utf8Path| input.read_bytes(whole, path);
        let as_of = arguments.suppressions.as_of;
        let facts = Facts::new(whole, &now, as_of);
        let found_now = find(&facts);
        let then = |path: &Utf8Path| read(&held, &project, path);
        let mut found = find(&Facts::new(&project, &then, facts.as_of()));
        let mut renamed: Vec<_> = past.renamed.iter().collect();
        renamed.sort_unstable();
        for (to, from) in renamed {
            found.rename(&shown(from), &shown(to));
        }
        let files = plan.project.files.iter().map(|file| &file.path);
        let elsewhere = files.filter(|path| found_now.is_new_in(path, &found)).cloned().collect();
        Ok(Self { project, held, found, elsewhere })
    }

    /// What a file of the project held.
    pub(super) fn read_bytes(&self, path: &Utf8Path) -> Result<Vec<u8>, ReadError> {
        read(&self.held, &self.project, path)
    }

    /// Whether a finding in a file that did not change was there before.
    pub(super) fn has(&self, finding: &Finding) -> bool {
        finding.rule.scope != Scope::Project
            || self.found.has(&finding.path, finding.rule, finding.span)
    }
}

fn read(
    held: &FxHashMap<Utf8PathBuf, Option<Vec<u8>>>,
    project: &Project,
    path: &Utf8Path,
) -> Result<Vec<u8>, ReadError> {
    match held.get(path.strip_prefix(&project.working_directory).unwrap_or(path)) {
        Some(held) => held.clone().ok_or(ReadError::Data),
        None => project.read_bytes(path),
    }
}

/// The whole project with files that do not lie there any more.
fn before(plan: &Plan, whole: &Project, gone: &[Utf8PathBuf]) -> Result<Project, Error> {
    let mut roots: Vec<Utf8PathBuf> =
        whole.components.iter().map(|component| component.base().to_owned()).collect();
    roots.retain(|root| !root.as_str().is_empty());
    roots.sort_unstable();
    roots.dedup();
    let options =
        DiscoverOptions { force_exclude: false, unsaved: false, ..plan.discover_options.clone() };
    let judged: Vec<_> = gone.iter().filter(|path| may_be_judged(path)).cloned().collect();
    Ok(discover_besides(&roots, &judged, &options)?)
}
