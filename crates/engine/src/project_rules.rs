//! The rules about a project, run once for all its files. Knows facts and files, no rule.

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use roadworthy_project::{Facts, File, FileKind, Project};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{Catalog, Check, ProjectReporter, Report, RuleId, Settings};

/// What the rules about a project found, by the path of the file.
pub(crate) type ProjectReports = FxHashMap<Utf8PathBuf, Vec<(RuleId, Report)>>;

/// Runs the rules about a project, by each of the settings for the files that it holds for.
pub(crate) fn reports(
    facts: &Facts<'_>,
    catalog: &Catalog,
    settings: &[Settings],
    settings_of: &(dyn Fn(&File) -> usize + Sync),
    faults: &mut Vec<String>,
) -> ProjectReports {
    let rules = settings.iter().enumerate().flat_map(|(index, settings)| {
        let rules: Vec<_> = settings.all_rules().iter().collect();
        rules.into_iter().filter_map(move |id| match catalog.rule(id).check {
            Check::Project(check) => Some((index, id, check)),
            _ => None,
        })
    });
    let rules: Vec<_> = rules.collect();
    if rules.is_empty() {
        return ProjectReports::default();
    }
    let found: Vec<_> = rules
        .par_iter()
        .map(|&(index, id, check)| {
            let (rule, options) = (catalog.rule(id), &settings[index].options[id]);
            // A fault in one rule must not lose the findings of the others.
            let judge = || {
                let mut out = ProjectReporter { rule, options, reports: Vec::new() };
                check(facts, &mut out);
                out.reports
            };
            (index, id, catch_unwind(AssertUnwindSafe(judge)))
        })
        .collect();
    let files = Files::new(facts.project());
    let mut reports = ProjectReports::default();
    for (index, id, found) in found {
        let Ok(found) = found else {
            faults.push(format!(
                "roadworthy itself failed in the rule {}: its findings are missing; please report this",
                catalog.rule(id).name
            ));
            continue;
        };
        for (path, report) in found {
            if settings.len() == 1 || settings_of(&files.get(facts, &path)) == index {
                reports.entry(shown(facts, path)).or_default().push((id, report));
            }
        }
    }
    if let Some(id) = catalog.id("unparsable-file") {
        for (path, fault) in facts.faults() {
            let report = Report::at(fault.span).message(format!("file {}", fault.sentence));
            reports.entry(shown(facts, path)).or_default().push((id, report));
        }
    }
    reports
}

/// A path as findings show it. Facts of a project around the working directory know all its files by absolute paths, also
/// those that lie below it.
fn shown(facts: &Facts<'_>, path: Utf8PathBuf) -> Utf8PathBuf {
    let here = &facts.project().working_directory;
    match path.strip_prefix(here) {
        Ok(below) if !here.as_str().is_empty() => below.to_owned(),
        _ => path,
    }
}

/// The files that the rules spoke of and that are not among those of the run, where the run is about the whole.
pub(crate) fn beside(facts: &Facts<'_>, judged: &Project, reports: &ProjectReports) -> Vec<File> {
    if !std::ptr::eq(facts.project(), judged) || judged.components.is_empty() {
        return Vec::new();
    }
    let known: FxHashSet<&Utf8Path> = judged.files.iter().map(|file| file.path.as_path()).collect();
    let mut paths: Vec<_> = reports.keys().filter(|path| !known.contains(path.as_path())).collect();
    paths.sort_unstable();
    let files = Files::new(judged);
    paths.into_iter().map(|path| files.get(facts, path)).collect()
}

/// The files of a project by their paths.
struct Files<'p> {
    project: &'p Project,
    by_path: FxHashMap<&'p Utf8Path, &'p File>,
}

impl<'p> Files<'p> {
    fn new(project: &'p Project) -> Self {
        let all = project.files.iter().chain(&project.unasked);
        Self { project, by_path: all.map(|file| (file.path.as_path(), file)).collect() }
    }

    fn get(&self, facts: &Facts<'_>, path: &Utf8Path) -> File {
        if let Some(&file) = self.by_path.get(path) {
            return file.clone();
        }
        let mut file = File::in_memory(path);
        file.absolute = self.project.working_directory.join(path);
        file.component = facts.component_of(path).unwrap_or(0);
        if FileKind::of(path).is_none() {
            file.kind = FileKind::Text;
        }
        file
    }
}
