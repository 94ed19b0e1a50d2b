//! The file of a baseline: read, written in one step, and the paths that it names. Knows sentences, not what entries mean.

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Baseline, BaselineFlaw};
use roadworthy_project::git;
use roadworthy_report::redacted;

use crate::error::Error;

/// Where a baseline lies.
pub(super) struct BaselineFile {
    /// As it was named.
    pub(super) shown: Utf8PathBuf,
    /// The file itself, where a link leads to it.
    file: Utf8PathBuf,
    /// The folder that its paths are relative to, without links.
    pub(super) folder: Utf8PathBuf,
}

impl BaselineFile {
    pub(super) fn new(shown: Utf8PathBuf, working_directory: &Utf8Path) -> Result<Self, Error> {
        let absolute = working_directory.join(&shown);
        let folder = absolute.parent().unwrap_or(working_directory).canonicalize_utf8();
        let folder = folder.map_err(|_| {
            let sentence =
                "the folder of the baseline does not exist; make it, or give another file";
            Error::Usage(format!("{shown}: {sentence}"))
        })?;
        let file = absolute.canonicalize_utf8().unwrap_or(absolute);
        Ok(Self { shown, file, folder })
    }

    /// What it holds; `None` where there is no file.
    pub(super) fn read(&self) -> Result<Option<Baseline>, Error> {
        let refused = |sentence: String| Error::Usage(format!("{}{sentence}", self.shown));
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound => return Ok(None),
                io::ErrorKind::IsADirectory => {
                    return Err(refused(" is a folder; give a file as the baseline".to_owned()));
                }
                io::ErrorKind::InvalidData => {
                    return Err(refused(
                        " is no text and so no baseline; give another file".to_owned(),
                    ));
                }
                kind => {
                    return Err(refused(format!(" cannot be read ({kind}); grant access to it")));
                }
            },
        };
        let anew = "delete the file and make it anew by `--update-baseline`";
        Baseline::parse(&text).map(Some).map_err(|flaw| match flaw {
            BaselineFlaw::NoHeader => refused(format!(
                ":1: this is no baseline, as the first line is not its header; give another file, or {anew}"
            )),
            BaselineFlaw::Newer { version } => refused(format!(
                " is of version {version} of the format, which this release does not know; use the one that wrote it"
            )),
            BaselineFlaw::MergeMarker { line } => refused(format!(
                ":{line}: a merge is not finished here; delete the lines with the markers and keep the entries of \
                 both sides, in any order"
            )),
            BaselineFlaw::Malformed { line } => {
                refused(format!(":{line}: this is no entry of a baseline; take the line out, or {anew}"))
            }
        })
    }

    /// What it held where the work on this branch began; `None` where git does not know that, or it was none then.
    pub(super) fn at_merge_base(&self) -> Option<Baseline> {
        let folder = self.file.parent()?;
        let commit = git::merge_base(folder)?;
        Baseline::parse(&git::text_at(folder, &commit, self.file.file_name()?)?).ok()
    }

    pub(super) fn missing(&self) -> Error {
        let sentence = "does not exist; `--update-baseline` makes it from what is found now";
        Error::Usage(format!("{} {sentence}", self.shown))
    }

    /// Writes it as a whole or not at all.
    pub(super) fn write(&self, text: &str) -> Result<(), Error> {
        if fs::read_to_string(&self.file).is_ok_and(|old| old == text) {
            return Ok(());
        }
        let name = self.file.file_name().unwrap_or_default();
        let beside = self.file.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, &self.file));
        written.map_err(|error| {
            let _ = fs::remove_file(&beside);
            let sentence = "grant access to its folder, or give another file";
            Error::System(format!(
                "{} cannot be written ({}); {sentence}",
                self.shown,
                error.kind()
            ))
        })
    }

    /// The path of a file as the baseline names it.
    pub(super) fn path_of(&self, file: &Utf8Path) -> String {
        let mut from = self.folder.components().peekable();
        let mut to = file.components().peekable();
        while from.peek().is_some() && from.peek() == to.peek() {
            from.next();
            to.next();
        }
        let up = from.map(|_| "..");
        let path: Vec<&str> = up.chain(to.map(|part| part.as_str())).collect();
        redacted(&path.join("/")).into_owned()
    }

    /// The file that a path of the baseline stands for.
    pub(super) fn absolute(&self, path: &str) -> Utf8PathBuf {
        let mut absolute = self.folder.clone();
        for part in path.split('/') {
            match part {
                ".." => drop(absolute.pop()),
                part => absolute.push(part),
            }
        }
        absolute
    }
}
