//! The history that git keeps: commits, the versions of files that they add, and the contents of those. Runs git and
//! reads what it says; knows no Python and no rules, and lets nothing that a repository configures run.

pub(crate) mod blobs;
pub(crate) mod changes;
pub(crate) mod git;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::BufRead;
use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashSet;

pub use blobs::{Blob, LARGEST_BLOB};
pub use changes::{Changes, Step, Version};

use git::Git;

/// The name of an object of git: SHA-1 or SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    bytes: [u8; 32],
    length: u8,
}

impl ObjectId {
    /// Whether it stands for no object, as on the side of a change where there is no file.
    pub fn is_null(&self) -> bool {
        self.bytes == [0; 32]
    }
}

impl FromStr for ObjectId {
    type Err = ();

    fn from_str(hex: &str) -> Result<Self, ()> {
        if !matches!(hex.len(), 40 | 64) {
            return Err(());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16).ok_or(());
            *byte = (digit(0)? * 16 + digit(1)?) as u8;
        }
        Ok(Self { bytes, length: (hex.len() / 2) as u8 })
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes[..usize::from(self.length)].iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Why a history cannot be read. Each is a sentence with the way out; what git itself says is not repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryError {
    /// There is no program `git`.
    NoGit,
    /// The folder lies in no repository.
    NoRepository,
    /// Git refuses a repository that belongs to somebody else.
    Untrusted,
    /// The branch has no commit yet.
    NoCommit,
    /// What was asked for names no commits.
    Range,
    /// A path does not lie in the repository.
    Outside,
    /// Git failed at something; the name of its command.
    Failed(&'static str),
}

impl fmt::Display for HistoryError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = match self {
            Self::Failed(command) => command,
            other => return out.write_str(other.sentence()),
        };
        write!(
            out,
            "`git {command}` failed, so the history is not known; `git fsck` tells whether the repository is whole"
        )
    }
}

impl std::error::Error for HistoryError {}

impl HistoryError {
    pub(crate) const fn sentence(&self) -> &'static str {
        match self {
            Self::NoGit => {
                "git is not installed or not on the path, and --history reads with it; install git"
            }
            Self::NoRepository => {
                "--history reads a git repository, and here is none; change to a folder of one"
            }
            Self::Untrusted => {
                "git does not trust this repository, which belongs to somebody else; if you do, add it to git's \
                 `safe.directory`"
            }
            Self::NoCommit => "--history has nothing to read: the branch has no commit yet",
            Self::Range => {
                "--history: these are no commits of this repository; give revisions as `git log` takes them, such \
                 as `main..HEAD`"
            }
            Self::Outside => {
                "--history: a given path does not lie in this repository; leave it out"
            }
            Self::Failed(_) => "git failed",
        }
    }
}

/// Which commits are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// Options of `git rev-list` that stand for sets of references.
    references: Vec<String>,
    /// Revisions, never read as options.
    revisions: Vec<String>,
}

impl Range {
    /// What stands for sets of references.
    pub const REFERENCES: [&'static str; 5] =
        ["--all", "--branches", "--tags", "--remotes", "--reflog"];
}

impl FromStr for Range {
    type Err = String;

    /// Revisions as `git log` takes them, separated by blanks; the empty text is all that HEAD reaches.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut range = Self::default();
        for word in text.split_whitespace() {
            if Self::REFERENCES.contains(&word) {
                range.references.push(word.to_owned());
            } else if word.starts_with('-') {
                let known = Self::REFERENCES.join(", ");
                return Err(format!("of git's options only {known} say which commits are meant"));
            } else {
                range.revisions.push(word.to_owned());
            }
        }
        if range.references.is_empty() && range.revisions.is_empty() {
            range.revisions.push("HEAD".to_owned());
        }
        Ok(range)
    }
}

/// The commits that were asked for.
#[derive(Debug)]
pub struct Commits {
    /// Oldest first, parents before children.
    pub list: Vec<ObjectId>,
    /// How many of them have parents that a shallow clone left out: what these held counts as new.
    pub cut: usize,
}

/// How people name a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitName {
    /// The whole hash.
    pub hash: String,
    /// As much of it as tells it from others.
    pub short: String,
    /// When its author made it, as RFC 3339 writes it.
    pub date: String,
}

/// A git repository as seen from a folder.
#[derive(Debug)]
pub struct Repository {
    git: Git,
    /// The absolute folder that the paths of its files are relative to.
    root: Utf8PathBuf,
    /// Where in it the folder lies; empty for the root.
    prefix: String,
}

impl Repository {
    /// The repository around an absolute folder.
    ///
    /// # Errors
    /// When there is none, or git cannot be used.
    pub fn around(folder: &Utf8Path) -> Result<Self, HistoryError> {
        let git = Git::new(folder);
        let prefix = git.line(&["rev-parse", "--show-prefix"])?;
        let depth = prefix.matches('/').count();
        let root = folder.ancestors().nth(depth).unwrap_or(folder).to_owned();
        Ok(Self { git, root, prefix })
    }

    /// The absolute path of a file of the repository.
    pub fn absolute(&self, path: &str) -> Utf8PathBuf {
        self.root.join(path)
    }

    /// The commits of a range that change something at the given absolute paths; all of its commits where none is given.
    ///
    /// # Errors
    /// When the range or a path is none of this repository.
    pub fn commits(&self, range: &Range, paths: &[Utf8PathBuf]) -> Result<Commits, HistoryError> {
        for path in paths {
            if !path.starts_with(&self.root) {
                return Err(HistoryError::Outside);
            }
        }
        let mut arguments = vec!["rev-list", "--date-order", "--reverse"];
        if !paths.is_empty() {
            // Else git follows one side of a merge only, and with it loses what came and went on the other.
            arguments.push("--full-history");
        }
        arguments.extend(range.references.iter().map(String::as_str));
        arguments.push("--end-of-options");
        arguments.extend(range.revisions.iter().map(String::as_str));
        arguments.push("--");
        arguments.extend(paths.iter().map(|path| path.as_str()));
        let output = self.git.output(&arguments)?;
        let Some(output) = output else {
            let born = self.git.output(&["rev-parse", "--quiet", "--verify", "HEAD^{commit}"])?;
            let asks_for_head = range.revisions == ["HEAD"];
            return Err(match born {
                None if asks_for_head => HistoryError::NoCommit,
                _ => HistoryError::Range,
            });
        };
        let list: Vec<ObjectId> = ids(&output);
        let cut = self.cut(&list)?;
        Ok(Commits { list, cut })
    }

    /// The paths by which git restricts a history to the folder itself; none where that is the root.
    pub fn own_paths(&self) -> Vec<Utf8PathBuf> {
        if self.prefix.is_empty() {
            Vec::new()
        } else {
            vec![self.root.join(self.prefix.trim_end_matches('/'))]
        }
    }

    /// How many of the commits stand where a shallow clone ends.
    fn cut(&self, commits: &[ObjectId]) -> Result<usize, HistoryError> {
        if self.git.line(&["rev-parse", "--is-shallow-repository"])? != "true" {
            return Ok(0);
        }
        let file = self.git.line(&["rev-parse", "--git-path", "shallow"])?;
        let text = std::fs::read(self.git.folder().join(file)).unwrap_or_default();
        let ends: FxHashSet<ObjectId> = ids(&text).into_iter().collect();
        Ok(commits.iter().filter(|commit| ends.contains(commit)).count())
    }

    /// What the commits change in files that `is_wanted` by their path in the repository. `on_commit` is told how many
    /// commits have been compared.
    ///
    /// # Errors
    /// When git fails.
    pub fn changes(
        &self,
        commits: &[ObjectId],
        paths: &[Utf8PathBuf],
        is_wanted: &dyn Fn(&str) -> bool,
        on_commit: &dyn Fn(usize),
    ) -> Result<Changes, HistoryError> {
        changes::read(&self.git, commits, paths, is_wanted, on_commit)
    }

    /// Hands the contents of objects to `take`, in their order, one at a time; `take` says whether to go on.
    ///
    /// # Errors
    /// When git fails.
    pub fn blobs(
        &self,
        wanted: &[ObjectId],
        take: &mut dyn FnMut(usize, Blob) -> bool,
    ) -> Result<(), HistoryError> {
        blobs::read(&self.git, wanted, take)
    }

    /// The files of HEAD: paths in the repository and contents. Links and submodules are none. Empty before the first
    /// commit.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn head(&self) -> Result<Vec<(String, ObjectId)>, HistoryError> {
        let listed = self.git.output(&["ls-tree", "-r", "-z", "--full-tree", "HEAD"])?;
        let mut files = Vec::new();
        for entry in listed.unwrap_or_default().split(|&byte| byte == 0) {
            let entry = String::from_utf8_lossy(entry);
            let Some((facts, path)) = entry.split_once('\t') else { continue };
            let facts: Vec<&str> = facts.split(' ').collect();
            if let [mode, "blob", id] = facts[..]
                && changes::is_regular(mode)
                && let Ok(id) = id.parse()
            {
                files.push((path.to_owned(), id));
            }
        }
        Ok(files)
    }

    /// How people name these commits.
    ///
    /// # Errors
    /// When git fails.
    pub fn names(&self, commits: &[ObjectId]) -> Result<Vec<CommitName>, HistoryError> {
        let arguments = ["rev-list", "--no-walk=unsorted", "--stdin", "--format=%H %h %aI"];
        let mut names = Vec::with_capacity(commits.len());
        self.git.feed(&arguments, commits, |output| {
            let mut line = String::new();
            while output.read_line(&mut line)? > 0 {
                let words: Vec<&str> = line.split_whitespace().collect();
                if let [hash, short, date] = words[..]
                    && hash != "commit"
                {
                    let (hash, short, date) = (hash.into(), short.into(), date.into());
                    names.push(CommitName { hash, short, date });
                }
                line.clear();
            }
            Ok(())
        })?;
        if names.len() == commits.len() { Ok(names) } else { Err(HistoryError::Failed("rev-list")) }
    }
}

/// The names of objects that a text lists, one a line.
fn ids(text: &[u8]) -> Vec<ObjectId> {
    let lines = text.split(|&byte| byte == b'\n');
    lines.filter_map(|line| std::str::from_utf8(line).ok()?.trim().parse().ok()).collect()
}
