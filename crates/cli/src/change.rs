//! One file that is to be changed: its bytes as they were judged, and how new ones get to the disk. Knows files and
//! encodings, nothing of what is changed.

use std::fs;
use std::io::{self, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{
    Date, Finding, RunOptions, Scope, Settings, Version, VersionLinter, lint_in_project,
};
use roadworthy_parser::{Positions, SourceFile, encode_like, scan};
use roadworthy_project::{Facts, File, Project};
use rustc_hash::FxHashSet;

use crate::plan::Plan;

/// Judges texts of files as the run did.
pub(crate) struct Judge<'p> {
    plan: &'p Plan,
    /// The project that facts are told of.
    whole: &'p Project,
    /// Files of which a rule about the project speaks.
    spoken_of: FxHashSet<&'p Utf8Path>,
    linter: VersionLinter<'p>,
    options: RunOptions,
    as_of: Option<Date>,
}

impl<'p> Judge<'p> {
    /// `facts` are told of the project as it was judged, where the `findings` were found.
    pub(crate) fn new(
        plan: &'p Plan,
        facts: &'p Facts<'p>,
        findings: &'p [Finding],
        options: RunOptions,
    ) -> Self {
        let of_project = findings.iter().filter(|finding| finding.rule.scope == Scope::Project);
        let linter = VersionLinter::new(&plan.catalog, &plan.settings, options);
        Self {
            plan,
            whole: facts.project(),
            spoken_of: of_project.map(|finding| finding.path.as_path()).collect(),
            linter: linter.in_light_of(facts),
            options,
            as_of: facts.as_of(),
        }
    }

    /// The findings in a text of a file; a sentence where the program itself fails.
    pub(crate) fn findings(
        &self,
        file: &File,
        source: &SourceFile,
    ) -> Result<Vec<Finding>, String> {
        let component = self.plan.project.component(file);
        let settings: &Settings = &self.plan.settings[self.plan.settings_of(file)];
        let version = Version { file, component, source, settings };
        let found = if self.spoken_of.contains(file.path.as_path()) {
            // A project around the working directory knows its files by absolute paths.
            let here = &self.whole.working_directory;
            let read = |path: &Utf8Path| {
                if here.join(path) == here.join(&file.path) {
                    return Ok(source.text().as_bytes().to_vec());
                }
                self.whole.read_bytes(path)
            };
            let facts = Facts::new(self.whole, &read, self.as_of);
            lint_in_project(&self.plan.catalog, &version, &facts, self.options)
        } else {
            self.linter.lint(&[version]).pop().flatten()
        };
        let failed = "made roadworthy itself fail; please report this with the file";
        found.ok_or_else(|| failed.to_owned())
    }
}

/// A file that is to be changed. What goes wrong is a sentence whose subject is its path.
pub(crate) struct Changing<'f> {
    file: &'f File,
    /// Behind all links.
    real: Utf8PathBuf,
    bytes: Vec<u8>,
    pub(crate) source: SourceFile,
}

impl<'f> Changing<'f> {
    /// Reads a file which must still be as it was judged: every finding is found again.
    pub(crate) fn open(
        file: &'f File,
        working_directory: &Utf8Path,
        judge: &Judge<'_>,
        findings: &[Finding],
    ) -> Result<(Self, Vec<Finding>), String> {
        let path = &file.absolute;
        let real = path.canonicalize_utf8().map_err(|error| cannot("read", &error))?;
        let inside = working_directory.canonicalize_utf8().is_ok_and(|it| real.starts_with(it));
        if path.is_symlink() && !inside {
            return Err("is a link that leads out of the project".to_owned());
        }
        if fs::metadata(&real).is_ok_and(|it| it.permissions().readonly()) {
            return Err("may not be written; grant access to it".to_owned());
        }
        let bytes = fs::read(&real).map_err(|error| cannot("read", &error))?;
        let source = roadworthy_project::decode(bytes.clone(), file.kind)
            .map_err(|error| error.to_string())?;
        let again = judge.findings(file, &source)?;
        // What speaks of a whole component is not found in one file.
        let mut known = findings.iter().filter(|finding| finding.kind.is_some());
        if !known.all(|finding| again.iter().any(|other| is_same(finding, other))) {
            return Err("has changed since it was judged; run again".to_owned());
        }
        Ok((Self { file, real, bytes, source }, again))
    }

    /// Whether a text is no Python any more, though the file was.
    pub(crate) fn breaks(&self, text: &str) -> bool {
        let flaw = |text: &str| scan(text).flaw.map(|flaw| flaw.kind);
        self.file.kind.is_python() && flaw(text) != flaw(self.source.text())
    }

    /// Puts a text into the place of the file, all of it or nothing.
    pub(crate) fn write(&self, text: &str) -> Result<(), String> {
        let bytes = encode_like(&self.bytes, self.source.text(), text)
            .ok_or("has an encoding that cannot hold the change; save it as UTF-8")?;
        let failed = |error: io::Error| cannot("written", &error);
        let folder = self.real.parent().unwrap_or(Utf8Path::new("."));
        let mut beside =
            tempfile::Builder::new().prefix(".roadworthy-").tempfile_in(folder).map_err(failed)?;
        beside.write_all(&bytes).and_then(|()| beside.as_file().sync_all()).map_err(failed)?;
        let metadata = fs::metadata(&self.real).map_err(failed)?;
        beside.as_file().set_permissions(metadata.permissions()).map_err(failed)?;
        keep_owner(beside.path(), &metadata);
        if fs::read(&self.real).map_err(failed)? != self.bytes {
            return Err("has changed since it was judged; run again".to_owned());
        }
        beside.persist(&self.real).map(drop).map_err(|error| failed(error.error))
    }
}

/// Leaves the file with its owner, as far as that is allowed.
#[cfg(unix)]
fn keep_owner(path: &std::path::Path, metadata: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt as _, chown};
    let same = fs::metadata(path)
        .is_ok_and(|own| (own.uid(), own.gid()) == (metadata.uid(), metadata.gid()));
    if !same {
        // Who may not give files away keeps it: no reason to leave it unchanged.
        let _ = chown(path, Some(metadata.uid()), Some(metadata.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &std::path::Path, _: &fs::Metadata) {}

fn cannot(what: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => format!("may not be {what}; grant access to it"),
        kind => format!("cannot be {what} ({kind})"),
    }
}

/// Whether two findings of one file are the same, at the same place.
pub(crate) fn is_same(one: &Finding, other: &Finding) -> bool {
    one.rule.name == other.rule.name && one.span == other.span
}

/// Gives findings the lines and columns that their ranges have in a text.
pub(crate) fn place(findings: &mut [Finding], text: &str) {
    let source = SourceFile::from_text(text);
    let (mut starts, mut ends) = (Positions::new(&source), Positions::new(&source));
    findings.sort_by_key(|finding| finding.span);
    for finding in findings {
        finding.start = starts.at(finding.span.start);
        finding.end = ends.at(finding.span.end);
    }
}
