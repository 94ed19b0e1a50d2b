//! `check --diff` and `--staged`: only what a change brought. Knows versions of files and their findings, no rule by its
//! name and nothing of how git is asked.
//!
//! The changed files are judged as they are and as they were, by the settings, roles and paths of today. Findings that
//! were there before, on lines that did not change, are left out; all others were brought by the change, also those on
//! lines beside it, and what it made the rules about the project say of files that did not change.

mod base;
mod past;

use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Finding, Judged, Outcome, Scope, Version, VersionLinter, were_there};
use roadworthy_parser::{SourceFile, Span, quoted};
use roadworthy_project::history::ObjectId;
use roadworthy_project::{
    Change, ChangedFiles, File, FileKind, LeftOut, Project, Repositories, WorkingCopy, decode,
    is_judged,
};
use roadworthy_report::counted;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::args::{CheckArguments, ColorChoice};
use crate::check::{run_options, thread_pool};
use crate::error::Error;
use crate::input::Input;
use crate::plan::Plan;
use crate::terminal::{Kind, say};
use base::Base;
pub(crate) use base::pull_request;
use past::Past;

/// So many earlier versions are held at once.
pub(crate) const BATCH: usize = 512;

/// What changed, for a run that is to show no more.
pub(crate) struct Diff {
    changed: ChangedFiles,
    /// By path as shown.
    changes: FxHashMap<Utf8PathBuf, Change>,
    /// The project before the change, where rules about it run.
    past: Option<Past>,
}

impl Diff {
    /// Asks what changed, where the arguments want to know.
    ///
    /// # Errors
    /// When that cannot be found out.
    pub(crate) fn new(
        arguments: &CheckArguments,
        input: &mut Input,
        working_directory: &Utf8Path,
        color: ColorChoice,
    ) -> Result<Option<Self>, Error> {
        let Some(base) = base::asked(arguments, color)? else { return Ok(None) };
        let copy = working_copy(arguments, working_directory)?;
        let changed = match base {
            Base::Staged => copy.staged()?,
            Base::Commit { revision, tip } => {
                if let Some(tip) = tip.as_deref().filter(|tip| !copy.are_same(tip, "HEAD")) {
                    let sentence = format!(
                        "the working copy is judged, though it is not {}, which is to be pushed",
                        quoted(tip)
                    );
                    say(color, Kind::Warning, &sentence);
                }
                copy.since(&revision, tip.as_deref().unwrap_or("HEAD"))?
            }
        };
        input.also_find(changed.not_on_disk());
        Ok(Some(Self { changed, changes: FxHashMap::default(), past: None }))
    }

    /// Leaves only changed files in the plan, and those in which a change elsewhere brought something; has them read from
    /// the index where that is judged. `whole` is the project around them.
    ///
    /// # Errors
    /// When git fails.
    pub(crate) fn narrow(
        &mut self,
        plan: &mut Plan,
        whole: Option<&Project>,
        input: &mut Input,
        arguments: &CheckArguments,
        color: ColorChoice,
    ) -> Result<(), Error> {
        let all = plan.project.files.clone();
        let (changes, left_out) = self.changed.of(&all)?;
        tell(left_out, color);
        let mut changes = changes.into_iter();
        plan.project.files.retain(|file| {
            let change = changes.next().flatten();
            self.changes.extend(change.map(|change| (file.path.clone(), change)));
            change.is_some()
        });
        let staged = |file: &File| Some((file.clone(), self.changes.get(&file.path)?.staged?));
        let (files, wanted): (Vec<File>, Vec<ObjectId>) =
            plan.project.files.iter().filter_map(staged).unzip();
        let mut others = FxHashSet::default();
        self.changed.contents(&wanted, &mut |index, bytes| {
            let file = &files[index];
            if bytes.as_deref().is_some_and(|bytes| !is_what_it_was_taken_for(file, bytes)) {
                others.insert(&file.path);
            }
            input.hold(&file.path, bytes);
        })?;
        plan.project.files.retain(|file| !others.contains(&file.path));
        let Some(whole) = whole.filter(|_| asks_for_facts(plan)) else { return Ok(()) };
        let judged: FxHashSet<_> = plan.project.files.iter().map(|it| it.path.clone()).collect();
        plan.project.files = all;
        let past = Past::new(&self.changed, plan, whole, input, arguments)?;
        plan.project.files.retain(|file| {
            let is_elsewhere = past.elsewhere.contains(&file.path);
            judged.contains(&file.path) || is_elsewhere && !self.changes.contains_key(&file.path)
        });
        self.past = Some(past);
        Ok(())
    }

    /// Takes out the findings that were there before, and says how many. What is about no single file stays, and so does
    /// what could not be judged.
    ///
    /// # Errors
    /// When git fails.
    pub(crate) fn leave_out_unchanged(
        &self,
        outcome: &mut Outcome,
        plan: &Plan,
        facts: &Repositories<'_>,
        input: &Input,
        arguments: &CheckArguments,
    ) -> Result<usize, Error> {
        // Findings are in the order of paths.
        let mut ranges: FxHashMap<&str, Range<usize>> = FxHashMap::default();
        for (index, finding) in outcome.findings.iter().enumerate() {
            let range = ranges.entry(finding.path.as_str()).or_insert(index..index);
            range.end = index + 1;
        }
        let before = |file: &File| self.changes.get(&file.path)?.before;
        let wanted: Vec<Earlier<'_>> = plan
            .project
            .files
            .iter()
            .filter_map(|file| {
                let findings = ranges.get(file.path.as_str())?.clone();
                Some(Earlier { file, blob: before(file)?, findings })
            })
            .collect();
        let was_there = |finding: &Finding| match &self.past {
            Some(past) if !self.changes.contains_key(&finding.path) => past.has(finding),
            _ => false,
        };
        // What is about no file stays.
        let is_about_file = |finding: &Finding| finding.kind.is_some();
        let known = outcome.findings.iter().map(|it| is_about_file(it) && was_there(it));
        let mut known: Vec<bool> = known.collect();
        let linter = VersionLinter::new(&plan.catalog, &plan.settings, run_options(arguments));
        let then = |path: &Utf8Path| match &self.past {
            Some(past) => past.read_bytes(path),
            None => plan.project.read_bytes(path),
        };
        let before =
            self.past.as_ref().map(|it| Repositories::new(&it.project, &then, facts.as_of()));
        let linter = match (&self.past, &before) {
            (Some(past), Some(before)) => linter.within(before, &past.found),
            _ => linter.in_light_of(facts),
        };
        let pool = arguments.threads.map(thread_pool).transpose()?;
        for batch in wanted.chunks(BATCH) {
            let blobs: Vec<ObjectId> = batch.iter().map(|it| it.blob).collect();
            let mut texts: Vec<Option<Text>> = Vec::new();
            let mut take = |index: usize, bytes: Option<Vec<u8>>| {
                texts.push(bytes.map(|bytes| Text::of(bytes, batch[index].file.kind)));
            };
            self.changed.contents(&blobs, &mut take)?;
            let held: Vec<(&Earlier<'_>, &Text)> = batch
                .iter()
                .zip(&texts)
                .filter_map(|(it, text)| Some((it, text.as_ref()?)))
                .collect();
            let versions: Vec<Version<'_>> =
                held.iter().map(|(earlier, text)| earlier.version(plan, text)).collect();
            let judged = match &pool {
                Some(pool) => pool.install(|| linter.lint(&versions)),
                None => linter.lint(&versions),
            };
            for ((earlier, text), judged) in held.into_iter().zip(judged) {
                let Some(mut judged) = judged else {
                    let path = &earlier.file.path;
                    outcome.faults.push(format!(
                        "roadworthy itself failed on {path} as it was: what was there before is shown, too; please \
                         report this"
                    ));
                    continue;
                };
                let findings = &outcome.findings[earlier.findings.clone()];
                if !text.is_readable {
                    judged.extend(findings.iter().filter(|it| is_about_reading(it)).cloned());
                }
                // What cannot be read has no lines.
                let source = input.read(earlier.file).unwrap_or_else(|_| SourceFile::from_text(""));
                let now = Judged { source: &source, findings };
                let before = Judged { source: &text.source, findings: &judged };
                known[earlier.findings.clone()].copy_from_slice(&were_there(now, before));
            }
        }
        let mut known = known.into_iter();
        let all = outcome.findings.len();
        outcome.findings.retain(|_| !known.next().unwrap_or(false));
        Ok(all - outcome.findings.len())
    }
}

/// The working copy that the given paths lie in, the first of them where they lie in several.
fn working_copy(
    arguments: &CheckArguments,
    working_directory: &Utf8Path,
) -> Result<WorkingCopy, Error> {
    let real = |path: &Utf8Path| {
        let path = working_directory.join(path);
        path.canonicalize_utf8().unwrap_or(path)
    };
    let folder = match arguments.paths.first().map(|path| real(path)) {
        None => real(Utf8Path::new("")),
        Some(path) if path.is_dir() => path,
        Some(path) => path.parent().unwrap_or(&path).to_owned(),
    };
    // That a given path does not exist is said where files are looked for.
    let folder = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(&folder);
    let copy = WorkingCopy::around(folder)?;
    match arguments.paths.iter().find(|path| !copy.holds(&real(path))) {
        Some(path) => Err(roadworthy_project::ChangesError::Outside(path.clone()).into()),
        None => Ok(copy),
    }
}

/// Whether a rule about the project is selected.
fn asks_for_facts(plan: &Plan) -> bool {
    let scope = |id| plan.catalog.rule(id).scope;
    plan.settings.iter().any(|it| it.all_rules().iter().any(|id| scope(id) == Scope::Project))
}

fn tell(left_out: LeftOut, color: ColorChoice) {
    let LeftOut { foreign, ignored } = left_out;
    if foreign > 0 {
        let files = counted(foreign, "file");
        let sentence = format!(
            "{files} of repositories within this one went unjudged: check these in runs of their own"
        );
        say(color, Kind::Note, &sentence);
    }
    if ignored > 0 {
        let files = counted(ignored, "file");
        let sentence =
            format!("{files} that git ignores went unjudged, since it keeps no versions of them");
        say(color, Kind::Note, &sentence);
    }
}

/// A script without an extension was taken for Python by what lies on the disk, or not looked at yet.
fn is_what_it_was_taken_for(file: &File, bytes: &[u8]) -> bool {
    !file.kind.is_python() || FileKind::of(&file.path).is_some() || is_judged(&file.path, bytes)
}

/// Whether a finding says that its file cannot be read.
fn is_about_reading(finding: &Finding) -> bool {
    finding.span == Span::default() && finding.rule.name == "unreadable-file"
}

/// A file as it was, and where the findings are that it has now.
struct Earlier<'p> {
    file: &'p File,
    blob: ObjectId,
    findings: Range<usize>,
}

impl Earlier<'_> {
    fn version<'v>(&'v self, plan: &'v Plan, text: &'v Text) -> Version<'v> {
        let file = self.file;
        let component = plan.project.component(file);
        Version {
            file,
            component,
            source: &text.source,
            settings: &plan.settings[plan.settings_of(file)],
        }
    }
}

/// What a file held.
pub(crate) struct Text {
    pub(crate) source: SourceFile,
    /// Whether the bytes were text as its kind wants it.
    is_readable: bool,
}

impl Text {
    pub(crate) fn of(bytes: Vec<u8>, kind: FileKind) -> Self {
        let lossy = String::from_utf8_lossy(&bytes).into_owned();
        let decoded = decode(bytes, kind);
        let is_readable = decoded.is_ok();
        // What stands in its other lines was there all the same.
        let source = decoded.unwrap_or_else(|_| SourceFile::from_text(lossy));
        Self { source, is_readable }
    }
}
