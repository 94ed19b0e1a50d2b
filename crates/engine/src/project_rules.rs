//! The rules about a project, run once for all its files. Knows facts and files, no rule.

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use roadworthy_project::{File, FileKind, Project, Repositories, Role, RoleReason};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::flaws;
use crate::{Catalog, Check, ProjectReporter, Report, RuleId, Settings, Severity};

/// What the rules about a project found, by the path of the file.
pub(crate) type ProjectReports = FxHashMap<Utf8PathBuf, Vec<(RuleId, Report)>>;

/// Runs the rules about a project, by each of the settings for the files that it holds for.
pub(crate) fn reports(
    repositories: &Repositories<'_>,
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
    let all: Vec<_> = repositories.iter().collect();
    let found: Vec<_> = all
        .par_iter()
        .flat_map(|&facts| rules.par_iter().map(move |rule| (facts, rule)))
        .map(|(facts, &(index, id, check))| {
            let (rule, options) = (catalog.rule(id), &settings[index].options[id]);
            // A fault in one rule must not lose the findings of the others.
            let judge = || {
                let mut out = ProjectReporter { rule, options, reports: Vec::new() };
                check(facts, &mut out);
                out.reports
            };
            (facts, index, id, catch_unwind(AssertUnwindSafe(judge)))
        })
        .collect();
    let files = Files::new(repositories);
    let mut reports = ProjectReports::default();
    for (facts, index, id, found) in found {
        let Ok(found) = found else {
            faults.push(format!(
                "roadworthy itself failed in the rule {}: its findings are missing; please report this",
                catalog.rule(id).name
            ));
            continue;
        };
        for (path, report) in found {
            let path = repositories.shown(facts, &path);
            if settings.len() == 1 || settings_of(&files.get(&path)) == index {
                reports.entry(path).or_default().push((id, report));
            }
        }
    }
    if let Some(id) = catalog.id("unparsable-file") {
        for facts in repositories.iter() {
            for (path, fault) in facts.faults() {
                let mut report = Report::at(fault.span).message(format!("file {}", fault.sentence));
                report.severity = flaws::level_of_fault(facts, &path)
                    .or_else(|| fault.is_tolerated().then_some(Severity::Warning));
                let path = repositories.shown(facts, &path);
                reports.entry(path).or_default().push((id, report));
            }
        }
    }
    reports
}

/// The files that the rules spoke of and that are not among those of the run, where the run is about the whole.
pub(crate) fn beside(
    repositories: &Repositories<'_>,
    judged: &Project,
    reports: &ProjectReports,
) -> Vec<File> {
    if !std::ptr::eq(repositories.project(), judged) || judged.components.is_empty() {
        return Vec::new();
    }
    let known: FxHashSet<&Utf8Path> = judged.files.iter().map(|file| file.path.as_path()).collect();
    let mut paths: Vec<_> = reports.keys().filter(|path| !known.contains(path.as_path())).collect();
    paths.sort_unstable();
    let files = Files::new(repositories);
    paths.into_iter().map(|path| files.get(path)).collect()
}

/// The files of a project by the paths under which findings show them.
struct Files<'p> {
    project: &'p Project,
    by_path: FxHashMap<Utf8PathBuf, &'p File>,
}

impl<'p> Files<'p> {
    fn new(repositories: &Repositories<'p>) -> Self {
        let project = repositories.project();
        let all = project.files.iter().chain(&project.unasked);
        let here = &project.working_directory;
        // A project around the working directory knows all its files by absolute paths.
        let shown = |file: &File| file.path.strip_prefix(here).unwrap_or(&file.path).to_owned();
        Self { project, by_path: all.map(|file| (shown(file), file)).collect() }
    }

    fn get(&self, path: &Utf8Path) -> File {
        if let Some(&file) = self.by_path.get(path) {
            return file.clone();
        }
        let mut file = File::in_memory(path);
        file.absolute = self.project.working_directory.join(path);
        file.component = self.project.component_around(&file.absolute).unwrap_or(0);
        if FileKind::of(path).is_none() {
            file.kind = FileKind::Text;
        }
        // No walk gave it a role: what lies among the tests of a component is theirs, and may be broken on purpose.
        let component = self.project.components.get(file.component);
        let inside = component.and_then(|it| file.absolute.strip_prefix(&it.root).ok());
        let is_tests = |part: Utf8Component<'_>| matches!(part.as_str(), "test" | "tests");
        if inside.is_some_and(|it| it.components().any(is_tests)) {
            file.path_role = Some(RoleReason::new(Role::Test, "folder of tests"));
        }
        file
    }
}
