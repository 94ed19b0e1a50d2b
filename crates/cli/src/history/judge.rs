//! Versions of files to secrets: which version holds which, and which commit added each first. Knows no output.

use std::num::NonZeroU16;
use std::sync::mpsc::sync_channel;

use camino::Utf8Path;
use rayon::ThreadPool;
use roadworthy_engine::{
    Finding, HiddenText, RunOptions, Settings, Severity, Version, VersionLinter,
};
use roadworthy_parser::SourceFile;
use roadworthy_project::history::{Blob, Changes, HistoryError, ObjectId, Repository, Step};
use roadworthy_project::{File, decode, is_judged};
use roadworthy_report::ShownFile;
use rustc_hash::{FxHashMap, FxHashSet};

use super::fingerprint::{Fingerprint, Fingerprints};
use crate::check::thread_pool;
use crate::error::Error;
use crate::plan::Plan;
use crate::progress::Bar;

/// A batch is full with so many bytes of text, or so many versions.
const BATCH_BYTES: usize = 8 << 20;
const BATCH_VERSIONS: usize = 1024;
/// A NUL byte in so many first bytes makes contents binary, as for git.
const BINARY_HEAD: usize = 8000;

/// Judges the versions that a range of commits adds or changes.
pub(super) struct Judge<'j> {
    plan: &'j Plan,
    settings: &'j [Settings],
    repository: &'j Repository,
    changes: &'j Changes,
    linter: VersionLinter<'j>,
    /// By path of the changes: the file of the plan, unless that is excluded.
    files: Vec<Option<&'j File>>,
    pool: Option<ThreadPool>,
    fingerprints: Fingerprints,
}

/// What judging all versions gave.
#[derive(Default)]
pub(super) struct Judged {
    /// The secrets of each version that holds some, by number, with their levels.
    pub(super) secrets: FxHashMap<u32, Vec<(u32, Severity)>>,
    numbers: FxHashMap<Fingerprint, u32>,
    /// Number of versions that were judged.
    pub(super) versions: usize,
    /// Their size.
    pub(super) bytes: u64,
    pub(super) too_large: usize,
    pub(super) missing: usize,
    pub(super) faults: usize,
}

/// Where a secret was added first.
pub(super) struct Appearance {
    pub(super) secret: u32,
    /// Index in the list of commits.
    pub(super) commit: u32,
    pub(super) version: u32,
    /// The worst level that it has had.
    pub(super) severity: Severity,
}

/// A secret in its version.
pub(super) struct Located {
    pub(super) secret: u32,
    pub(super) finding: Finding,
}

impl<'j> Judge<'j> {
    pub(super) fn new(
        plan: &'j Plan,
        settings: &'j [Settings],
        repository: &'j Repository,
        changes: &'j Changes,
        threads: Option<NonZeroU16>,
        options: RunOptions,
    ) -> Result<Self, Error> {
        let by_path: FxHashMap<&Utf8Path, &File> =
            plan.project.files.iter().map(|file| (file.absolute.as_path(), file)).collect();
        let file = |path: &String| by_path.get(repository.absolute(path).as_path()).copied();
        Ok(Self {
            plan,
            settings,
            repository,
            changes,
            linter: VersionLinter::new(&plan.catalog, settings, options),
            files: changes.paths.iter().map(file).collect(),
            pool: threads.map(thread_pool).transpose()?,
            fingerprints: Fingerprints::new(),
        })
    }

    fn file(&self, version: u32) -> Option<&'j File> {
        self.files[self.changes.versions[version as usize].path as usize]
    }

    /// Judges every version once.
    pub(super) fn all(&self, bar: &Bar) -> Result<Judged, Error> {
        let wanted = 0..self.changes.versions.len() as u32;
        let wanted: Vec<u32> = wanted.filter(|&it| self.file(it).is_some()).collect();
        let mut judged = Judged::default();
        let mut done = 0;
        self.each_batch(&wanted, &mut judged, |judged, batch| {
            let findings = self.lint(batch);
            for ((version, source), findings) in batch.iter().zip(findings) {
                let Some(findings) = findings else {
                    judged.faults += 1;
                    continue;
                };
                judged.versions += 1;
                judged.bytes += source.text().len() as u64;
                judged.take(*version, &findings, |finding| {
                    self.fingerprints.of(value(source, finding))
                });
            }
            // Versions are in the order in which the commits meet them.
            if let Some((last, _)) = batch.last() {
                let steps = &self.changes.steps;
                while steps.get(done).is_some_and(|step| step.version <= *last) {
                    done += 1;
                }
                bar.set(done.checked_sub(1).map_or(0, |it| u64::from(steps[it].commit) + 1));
            }
        })?;
        Ok(judged)
    }

    /// Reads versions in batches, each while the one before is judged.
    fn each_batch(
        &self,
        wanted: &[u32],
        judged: &mut Judged,
        mut take: impl FnMut(&mut Judged, &[(u32, SourceFile)]),
    ) -> Result<(), HistoryError> {
        let blobs: Vec<ObjectId> =
            wanted.iter().map(|&it| self.changes.versions[it as usize].blob).collect();
        std::thread::scope(|scope| {
            let (send, receive) = sync_channel(1);
            let reader = scope.spawn(move || {
                let (mut batch, mut bytes) = (Vec::new(), 0);
                let (mut too_large, mut missing) = (0, 0);
                let mut next = |index: usize, blob| {
                    match blob {
                        Blob::Bytes(contents) => {
                            if let Some(source) = self.source(wanted[index], contents) {
                                bytes += source.text().len();
                                batch.push((wanted[index], source));
                            }
                        }
                        Blob::TooLarge => too_large += 1,
                        Blob::Missing => missing += 1,
                    }
                    if bytes < BATCH_BYTES && batch.len() < BATCH_VERSIONS {
                        return true;
                    }
                    bytes = 0;
                    send.send(std::mem::take(&mut batch)).is_ok()
                };
                self.repository.blobs(&blobs, &mut next)?;
                // Nobody listens any more only where the other side failed.
                let _ = send.send(batch);
                Ok((too_large, missing))
            });
            while let Ok(batch) = receive.recv() {
                take(judged, &batch);
            }
            drop(receive);
            let read = reader.join().unwrap_or(Err(HistoryError::Failed("cat-file")));
            let (too_large, missing) = read?;
            judged.too_large += too_large;
            judged.missing += missing;
            Ok(())
        })
    }

    /// The text of a version; `None` where there is nothing to judge.
    fn source(&self, version: u32, bytes: Vec<u8>) -> Option<SourceFile> {
        let file = self.file(version)?;
        let head = &bytes[..bytes.len().min(BINARY_HEAD)];
        let binary = file.kind.is_python() && head.contains(&0);
        if binary || !is_judged(&file.path, head) {
            return None;
        }
        // What cannot be judged in the version of today is told; in one of the past there is nothing to mend.
        let lossy = String::from_utf8_lossy(&bytes).into_owned();
        let source = decode(bytes, file.kind).unwrap_or_else(|_| SourceFile::from_text(lossy));
        (!source.text().is_empty()).then_some(source)
    }

    fn version<'v>(&'v self, version: u32, source: &'v SourceFile) -> Option<Version<'v>> {
        let file = self.file(version)?;
        let component = self.plan.project.component(file);
        let settings = &self.settings[self.plan.settings_of(file)];
        Some(Version { file, component, source, settings })
    }

    /// The findings of each version of a batch.
    fn lint(&self, batch: &[(u32, SourceFile)]) -> Vec<Option<Vec<Finding>>> {
        let versions = batch.iter().filter_map(|(version, source)| self.version(*version, source));
        let versions: Vec<Version<'_>> = versions.collect();
        match &self.pool {
            Some(pool) => pool.install(|| self.linter.lint(&versions)),
            None => self.linter.lint(&versions),
        }
    }

    /// Finds the secrets again where they were added first, each with the text of its value for as long as `take` runs.
    pub(super) fn locate(
        &self,
        judged: &Judged,
        appearances: &[Appearance],
        mut take: impl FnMut(&Located, &str),
    ) -> Result<Vec<Located>, Error> {
        let mut wanted: Vec<u32> = appearances.iter().map(|it| it.version).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut by_secret: FxHashMap<u32, Located> = FxHashMap::default();
        self.each_batch(&wanted, &mut Judged::default(), |_, batch| {
            for ((version, source), findings) in batch.iter().zip(self.lint(batch)) {
                for finding in findings.unwrap_or_default() {
                    let value = value(source, &finding);
                    let secret = judged.numbers.get(&self.fingerprints.of(value));
                    let found = appearances
                        .iter()
                        .find(|it| it.version == *version && Some(&it.secret) == secret);
                    if let Some(&Appearance { secret, severity, .. }) = found
                        && !by_secret.contains_key(&secret)
                    {
                        let located = Located { secret, finding: Finding { severity, ..finding } };
                        take(&located, value);
                        by_secret.insert(secret, located);
                    }
                }
            }
        })?;
        let located = appearances.iter().map(|it| by_secret.remove(&it.secret));
        let all: Option<Vec<Located>> = located.collect();
        // The same text and the same rules give the same findings.
        all.ok_or_else(|| {
            Error::System("a version of a file has changed while it was read".to_owned())
        })
    }

    /// A version with what no output may show of it.
    pub(super) fn load(&self, version: u32) -> Option<ShownFile> {
        let blob = self.changes.versions[version as usize].blob;
        let mut source = None;
        let mut take = |_, blob| {
            if let Blob::Bytes(bytes) = blob {
                source = self.source(version, bytes);
            }
            true
        };
        self.repository.blobs(&[blob], &mut take).ok()?;
        let (source, file) = (source?, self.file(version)?);
        let settings = &self.settings[self.plan.settings_of(file)];
        let hidden = HiddenText::new(&self.plan.catalog, settings);
        let hidden = hidden.spans(file, self.plan.project.component(file), &source);
        Some(ShownFile { source, hidden })
    }
}

/// The text of a secret; a finding without a place in the file is about all of it.
fn value<'s>(source: &'s SourceFile, finding: &Finding) -> &'s str {
    if finding.span.is_empty() { source.text() } else { source.slice(finding.span) }
}

impl Judged {
    fn take(
        &mut self,
        version: u32,
        findings: &[Finding],
        fingerprint: impl Fn(&Finding) -> Fingerprint,
    ) {
        let mut secrets: Vec<(u32, Severity)> = Vec::new();
        for finding in findings {
            let next = self.numbers.len() as u32;
            let secret = *self.numbers.entry(fingerprint(finding)).or_insert(next);
            match secrets.iter_mut().find(|(other, _)| *other == secret) {
                Some((_, severity)) => *severity = finding.severity.max(*severity),
                None => secrets.push((secret, finding.severity)),
            }
        }
        if !secrets.is_empty() {
            self.secrets.insert(version, secrets);
        }
    }

    /// The secrets that the commits added, each where it was added first, in the order of commits.
    pub(super) fn appearances(&self, steps: &[Step]) -> Vec<Appearance> {
        let none = Vec::new();
        let of = |step: &Step| self.secrets.get(&step.version).unwrap_or(&none).iter();
        let mut all: Vec<Appearance> = Vec::new();
        let mut places: FxHashMap<u32, usize> = FxHashMap::default();
        for steps in steps.chunk_by(|a, b| a.commit == b.commit) {
            // What one of the changed files held before was moved, not added.
            let (added, taken): (Vec<_>, Vec<_>) = steps.iter().partition(|step| step.added);
            let before: FxHashSet<u32> = taken.into_iter().flat_map(of).map(|it| it.0).collect();
            for step in added {
                for &(secret, severity) in of(step).filter(|it| !before.contains(&it.0)) {
                    let Step { commit, version, .. } = *step;
                    let place = *places.entry(secret).or_insert_with(|| {
                        all.push(Appearance { secret, commit, version, severity });
                        all.len() - 1
                    });
                    all[place].severity = severity.max(all[place].severity);
                }
            }
        }
        all
    }
}
