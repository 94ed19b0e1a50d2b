//! The suppressions that a change added: what is silenced now beside what an earlier report lists, or beside what was
//! silenced in the files as they were where the branch began. Knows versions of files; what is new is the verdict's to say.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Marker, Scope, Suppressed, Version, VersionLinter};
use roadworthy_parser::SourceFile;
use roadworthy_project::history::ObjectId;
use roadworthy_project::{
    ChangedFiles, File, Project, Repositories, WorkingCopy, discover_listed, git, may_be_judged,
};
use roadworthy_report::{AsideKind, Earlier, SetAside, redacted};
use roadworthy_verdict::{Suppression, added};

use super::run::Run;
use crate::args::ColorChoice;
use crate::check::run_options;
use crate::diff::{BATCH, Text, pull_request};
use crate::error::Error;
use crate::terminal::{Kind, say};

/// So many may be new where nobody says how many.
pub(super) const MOST: usize = 5;

/// The suppressions that are new against an earlier report.
pub(super) fn since_report(
    set_aside: &[SetAside],
    base: &Earlier,
    rule_set: &str,
    color: ColorChoice,
) -> Vec<Suppression> {
    if base.rule_set != rule_set {
        let sentence = "which suppressions are new is not known: the report to compare with was made by other rules";
        say(color, Kind::Note, sentence);
        return Vec::new();
    }
    let now: Vec<Suppression> = set_aside
        .iter()
        .filter(|aside| aside.kind.is_of_findings())
        .filter_map(|aside| {
            Some(Suppression {
                rule: aside.rule.clone()?,
                path: aside.path.as_deref().map(|path| redacted(path).into_owned()),
                line: aside.line,
                text: aside.text,
            })
        })
        .collect();
    let mut new: Vec<Suppression> = added(&now, &base.suppressions).into_iter().cloned().collect();
    // A rule that was on, as it found something, and that nothing was hidden of.
    let disabled = set_aside.iter().filter(|aside| aside.kind == AsideKind::Disabled);
    let rules = disabled.filter_map(|aside| aside.rule.clone());
    let rules = rules.filter(|it| base.by_rule.contains_key(it) && !base.disabled.contains(it));
    new.extend(rules.map(|rule| Suppression { rule, path: None, line: None, text: None }));
    new
}

/// The suppressions in changed files that were not there where the branch began. Says so where a pull request cannot be
/// compared with anything.
///
/// # Errors
/// When the project cannot be looked at as it was.
pub(super) fn since_branch(
    run: &Run,
    folder: &Utf8Path,
    most: usize,
    color: ColorChoice,
) -> Result<Vec<Suppression>, Error> {
    // There can be no more new ones than there are.
    if run.outcome.suppressed.len() <= most {
        return Ok(Vec::new());
    }
    let target = pull_request();
    let Some(revision) = target.clone().or_else(|| git::merge_base(folder)) else {
        return Ok(Vec::new());
    };
    match compare(run, folder, &revision) {
        Ok(new) => Ok(new),
        Err(Error::Changes(error)) => {
            if target.is_some() {
                let sentence =
                    format!("which suppressions are new could not be found out: {error}");
                say(color, Kind::Note, &sentence);
            }
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// What is silenced in the files that changed, against what was silenced in them. Of rules about the project nothing is known
/// as it was: they are left out on both sides.
fn compare(run: &Run, folder: &Utf8Path, revision: &str) -> Result<Vec<Suppression>, Error> {
    let changed = WorkingCopy::around(folder)?.since(revision, "HEAD")?;
    let project = &run.plan.project;
    let (by_file, _) = changed.of(&project.files)?;
    let (mut files, mut then) = (BTreeMap::new(), Vec::new());
    for (file, change) in project.files.iter().zip(by_file) {
        let Some(change) = change else { continue };
        files.insert(file.path.as_path(), file);
        then.extend(change.before.map(|blob| (file, blob)));
    }
    let mut now = Vec::new();
    for silenced in run.outcome.suppressed.chunk_by(|one, next| one.path == next.path) {
        let file = files.get(silenced[0].path.as_path());
        if let Some(source) = file.and_then(|file| run.input.read(file).ok()) {
            now.extend(listed(run, &source, silenced));
        }
    }
    let read_bytes = |path: &Utf8Path| run.input.read_bytes(project, path);
    let facts = Repositories::new(project, &read_bytes, run.check.suppressions.as_of);
    let linter = VersionLinter::new(&run.plan.catalog, &run.plan.settings, run_options(&run.check));
    let linter = linter.in_light_of(&facts);
    let mut earlier = as_they_were(run, &linter, project, &changed, &then)?;

    // What was taken out of a file that is gone may have been moved.
    let past = changed.past()?;
    let renamed: BTreeSet<&Utf8PathBuf> = past.renamed.values().collect();
    let is_gone = |path: &Utf8Path| {
        // What lies above the project says nothing of its files.
        let below = path.strip_prefix(folder).unwrap_or(path);
        may_be_judged(below) && !path.is_file()
    };
    let gone = past.held.into_iter().filter(|(path, _)| is_gone(path) && !renamed.contains(path));
    let gone: BTreeMap<Utf8PathBuf, ObjectId> = gone.collect();
    if !gone.is_empty() {
        let paths: Vec<Utf8PathBuf> = gone.keys().cloned().collect();
        let before = discover_listed(paths, &run.check.paths, &run.plan.discover_options)?;
        let then = before.files.iter().filter_map(|file| Some((file, *gone.get(&file.absolute)?)));
        let then: Vec<_> = then.collect();
        earlier.extend(as_they_were(run, &linter, &before, &changed, &then)?);
    }
    Ok(added(&now, &earlier).into_iter().cloned().collect())
}

/// What was silenced in versions of files of a project.
fn as_they_were(
    run: &Run,
    linter: &VersionLinter<'_>,
    project: &Project,
    changed: &ChangedFiles,
    versions: &[(&File, ObjectId)],
) -> Result<Vec<Suppression>, Error> {
    let mut all = Vec::new();
    for batch in versions.chunks(BATCH) {
        let blobs: Vec<ObjectId> = batch.iter().map(|(_, blob)| *blob).collect();
        let mut texts: Vec<(&File, Text)> = Vec::new();
        changed.contents(&blobs, &mut |index, bytes| {
            let (file, _) = batch[index];
            texts.extend(bytes.map(|bytes| (file, Text::of(bytes, file.kind))));
        })?;
        let versions = texts.iter().map(|(file, text)| {
            let source = &text.source;
            let settings = &run.plan.settings[run.plan.settings_of(file)];
            Version { file, component: project.component(file), source, settings }
        });
        let silenced = linter.suppressed(&versions.collect::<Vec<_>>());
        for ((_, text), silenced) in texts.iter().zip(silenced) {
            all.extend(listed(run, &text.source, &silenced.unwrap_or_default()));
        }
    }
    Ok(all)
}

/// What is silenced in one file.
fn listed(run: &Run, source: &SourceFile, silenced: &[Suppressed]) -> Vec<Suppression> {
    // These hashes are never shown, so that they may be of all that stands there.
    let mut marker = Marker::new(source, Vec::new());
    let of_project = |rule| run.plan.catalog.get(rule).is_none_or(|it| it.scope == Scope::Project);
    let silenced = silenced.iter().filter(|it| !of_project(it.rule));
    let suppression = |it: &Suppressed| Suppression {
        rule: it.rule.to_owned(),
        path: Some(it.path.to_string()),
        line: Some(it.line),
        text: Some(marker.line(it.line)),
    };
    silenced.map(suppression).collect()
}
