//! What commits change: raw differences to versions of files. Knows what `git diff-tree` prints, no contents.

use std::io::{self, BufRead};

use camino::Utf8PathBuf;
use rustc_hash::FxHashMap;

use super::git::Git;
use super::{HistoryError, ObjectId};

/// One version of a file: what a path has held at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// Index in [`Changes::paths`].
    pub path: u32,
    /// The contents.
    pub blob: ObjectId,
}

/// One version that a commit takes away or adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Index in the list of commits.
    pub commit: u32,
    /// Index in [`Changes::versions`].
    pub version: u32,
    /// Whether the commit adds it; otherwise a parent held it.
    pub added: bool,
}

/// What a list of commits changes.
#[derive(Debug, Default)]
pub struct Changes {
    /// Paths in the repository.
    pub paths: Vec<String>,
    /// All versions, in the order in which they are met, each once.
    pub versions: Vec<Version>,
    /// What each commit changes, in the order of commits.
    pub steps: Vec<Step>,
    by_path: FxHashMap<String, Option<u32>>,
    by_version: FxHashMap<Version, u32>,
}

impl Changes {
    /// The index of a version; it is added where it is new. `None` for a path of no commit.
    pub fn version(&mut self, path: &str, blob: ObjectId) -> Option<u32> {
        let path = (*self.by_path.get(path)?)?;
        Some(self.intern(Version { path, blob }))
    }

    fn intern(&mut self, version: Version) -> u32 {
        *self.by_version.entry(version).or_insert_with(|| {
            self.versions.push(version);
            self.versions.len() as u32 - 1
        })
    }

    fn path(&mut self, path: &[u8], is_wanted: &dyn Fn(&str) -> bool) -> Option<u32> {
        // A name that is no text is shown as far as it is.
        let path = String::from_utf8_lossy(path);
        if let Some(&known) = self.by_path.get(&*path) {
            return known;
        }
        let index = is_wanted(&path).then(|| {
            self.paths.push(path.clone().into_owned());
            self.paths.len() as u32 - 1
        });
        self.by_path.insert(path.into_owned(), index);
        index
    }

    /// Takes one record: `:modes ids status` for one parent, with as many colons as parents for a merge.
    fn take(&mut self, commit: u32, record: &str, path: u32) {
        let parents = record.bytes().take_while(|&byte| byte == b':').count();
        let words: Vec<&str> = record[parents..].split(' ').collect();
        let Some((modes, ids)) = words.split_at_checked(parents + 1) else { return };
        let blob = |at: usize| {
            let id: ObjectId = ids.get(at)?.parse().ok()?;
            (is_regular(modes[at]) && !id.is_null()).then_some(id)
        };
        for at in 0..=parents {
            if let Some(blob) = blob(at) {
                let version = self.intern(Version { path, blob });
                self.steps.push(Step { commit, version, added: at == parents });
            }
        }
    }
}

/// Whether a mode is that of a file with contents: no link, no submodule.
pub(crate) fn is_regular(mode: &str) -> bool {
    mode.starts_with("100")
}

pub(super) fn read(
    git: &Git,
    commits: &[ObjectId],
    paths: &[Utf8PathBuf],
    is_wanted: &dyn Fn(&str) -> bool,
    on_commit: &dyn Fn(usize),
) -> Result<Changes, HistoryError> {
    let mut arguments = vec![
        "diff-tree",
        "--stdin",
        "-r",
        "-c",
        "--root",
        "--raw",
        "-z",
        "--no-renames",
        "--no-abbrev",
        "--no-ext-diff",
        "--no-textconv",
        "--",
    ];
    arguments.extend(paths.iter().map(|path| path.as_str()));
    let mut changes = Changes::default();
    git.feed(&arguments, commits, |output| {
        let mut commit = 0;
        let mut field = Vec::new();
        while next(output, &mut field)? {
            let Ok(text) = std::str::from_utf8(&field) else { return Err(malformed()) };
            if text.starts_with(':') {
                let record = text.to_owned();
                if !next(output, &mut field)? {
                    return Err(malformed());
                }
                if let Some(path) = changes.path(&field, is_wanted) {
                    changes.take(commit as u32, &record, path);
                }
            } else {
                // Commits without changes are left out; the order is that of the list.
                let id: ObjectId = text.parse().map_err(|()| malformed())?;
                let further = commits[commit..].iter().position(|it| *it == id);
                commit += further.ok_or_else(malformed)?;
                on_commit(commit);
            }
        }
        Ok(())
    })?;
    Ok(changes)
}

/// Reads up to the next NUL byte; false at the end.
fn next(output: &mut impl BufRead, field: &mut Vec<u8>) -> io::Result<bool> {
    field.clear();
    let read = output.read_until(0, field)?;
    if field.last() == Some(&0) {
        field.pop();
    }
    Ok(read > 0)
}

fn malformed() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
