//! The files that are not as a commit holds them: in the working copy, or in the index. Asks git for names and contents;
//! knows no lines, no Python and no rules.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::quoted;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::history::changes::is_regular;
use crate::history::git::Git;
use crate::history::{Blob, HistoryError, ObjectId, blobs};
use crate::{File, may_be_judged};

/// Why it is not known what changed. Each is a sentence with the way out; what git itself says is not repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangesError {
    /// There is no program `git`.
    NoGit,
    /// The folder lies in no repository.
    NoRepository,
    /// The repository has no files, only what git keeps of them.
    Bare,
    /// Git refuses a repository that belongs to somebody else.
    Untrusted,
    /// The branch has no commit yet.
    NoCommit,
    /// A revision names no commit.
    Unknown {
        /// As given.
        revision: String,
        /// Whether the clone lacks old commits.
        shallow: bool,
    },
    /// HEAD and a revision come from no common commit.
    Unrelated {
        /// As given.
        revision: String,
        /// Whether the clone lacks old commits, one of which may be the common one.
        shallow: bool,
    },
    /// A path does not lie in the repository; as given.
    Outside(Utf8PathBuf),
    /// A file is in the middle of a merge; its path in the repository.
    Unmerged(String),
    /// Contents would have to be fetched.
    Partial,
    /// Git failed at something; the name of its command.
    Failed(&'static str),
}

impl fmt::Display for ChangesError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNSHALLOW: &str =
            "run `git fetch --unshallow`, or give actions/checkout `fetch-depth: 0`";
        match self {
            Self::NoGit => out.write_str(
                "git is not installed or not on the path, and it knows what changed; install git",
            ),
            Self::NoRepository => out.write_str(
                "what changed is asked of git, and here is no git repository; change to a folder of one",
            ),
            Self::Bare => out.write_str(
                "what changed is asked of git, and here it keeps no working copy; change to a folder of one",
            ),
            Self::Untrusted => out.write_str(HistoryError::Untrusted.sentence()),
            Self::NoCommit => out.write_str(
                "nothing can be compared: the branch has no commit yet; --staged judges what the first will hold",
            ),
            Self::Unknown { revision, shallow } => {
                write!(out, "{} is no commit of this ", quoted(revision))?;
                if Utf8Path::new(revision).exists() {
                    return out.write_str(
                        "repository but a path; to see as a diff what --fix would change there, give the path \
                         first: `check PATH --diff`",
                    );
                }
                match (revision.strip_prefix("origin/"), shallow) {
                    (Some(branch), _) if is_plain(branch) => write!(
                        out,
                        "clone; run `git fetch origin {branch}:refs/remotes/origin/{branch}`, or give \
                         actions/checkout `fetch-depth: 0`"
                    ),
                    (_, true) => write!(out, "clone, which is shallow; {UNSHALLOW}"),
                    (_, false) => out.write_str(
                        "repository; give a commit, branch or tag that it holds, or fetch it first",
                    ),
                }
            }
            Self::Unrelated { revision, shallow: true } => write!(
                out,
                "this clone is shallow and lacks the commit in which HEAD and {} meet; {UNSHALLOW}",
                quoted(revision)
            ),
            Self::Unrelated { revision, shallow: false } => write!(
                out,
                "HEAD and {} have no commit in common; give one that the branch comes from",
                quoted(revision)
            ),
            Self::Outside(path) => write!(
                out,
                "`{path}` does not lie in the repository whose changes are asked for; check it in a run of its own"
            ),
            Self::Unmerged(path) => {
                write!(out, "`{path}` is in the middle of a merge; resolve it and stage the result")
            }
            Self::Partial => out.write_str(
                "this partial clone lacks contents that are to be compared, and nothing is fetched here; run `git \
                 diff` with the same commit once, which fetches them, or clone without `--filter`",
            ),
            Self::Failed(command) => write!(
                out,
                "`git {command}` failed, so that it is not known what changed; `git fsck` tells whether the \
                 repository is whole"
            ),
        }
    }
}

impl std::error::Error for ChangesError {}

impl From<HistoryError> for ChangesError {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::NoGit => Self::NoGit,
            HistoryError::NoRepository => Self::NoRepository,
            HistoryError::Untrusted => Self::Untrusted,
            HistoryError::NoCommit => Self::NoCommit,
            HistoryError::Failed(command) => Self::Failed(command),
            // What only a history of commits may be asked for.
            HistoryError::Range | HistoryError::Outside => Self::Failed("rev-parse"),
        }
    }
}

/// Whether a name may be repeated as a part of a command.
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    !name.is_empty() && !name.starts_with('-') && name.bytes().all(plain)
}

/// A file that is not as the base holds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What the base held, under this path or the one that the file was renamed from; `None` for a new file.
    pub before: Option<ObjectId>,
    /// What the index holds, where that is judged.
    pub staged: Option<ObjectId>,
}

/// Files of a run that are left out although nothing says that they did not change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// They belong to another repository within this one.
    pub foreign: usize,
    /// Git ignores them, and so keeps no versions of them.
    pub ignored: usize,
}

/// How the base differs from what lies here. Paths are absolute.
#[derive(Debug, Default)]
pub struct Past {
    /// What files held, under the paths that they had.
    pub held: Vec<(Utf8PathBuf, ObjectId)>,
    /// Files that the base has not under these paths.
    pub came: FxHashSet<Utf8PathBuf>,
    /// The former paths of files that have another one now.
    pub renamed: FxHashMap<Utf8PathBuf, Utf8PathBuf>,
}

/// One difference, of the kind that git found.
#[derive(Debug)]
struct Difference {
    before: Option<(String, ObjectId)>,
    now: Option<String>,
}

/// What changed in a repository.
#[derive(Debug)]
pub struct ChangedFiles {
    differences: Vec<Difference>,
    git: Git,
    root: Utf8PathBuf,
    /// By path in the repository.
    files: FxHashMap<String, Change>,
    staged: bool,
}

/// A repository that can be asked what changed.
#[derive(Debug)]
pub struct WorkingCopy {
    git: Git,
    shallow: bool,
}

impl WorkingCopy {
    /// The working copy around an absolute folder without links.
    ///
    /// # Errors
    /// When there is none, or git cannot be used.
    pub fn around(folder: &Utf8Path) -> Result<Self, ChangesError> {
        // The name of the folder comes last, as it may hold line ends.
        let facts =
            ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix"];
        let (git, facts) = Git::around(folder, &facts)?;
        let mut facts = facts.splitn(3, '\n');
        let mut next = || facts.next().unwrap_or_default();
        if next() != "true" {
            return Err(ChangesError::Bare);
        }
        let shallow = next() == "true";
        let depth = next().matches('/').count();
        let root = folder.ancestors().nth(depth).unwrap_or(folder);
        Ok(Self { git: git.in_root(root)?.without_filters()?, shallow })
    }

    /// Says whether an absolute path without links belongs to the repository, and to none within it.
    pub fn holds(&self, path: &Utf8Path) -> bool {
        let root = self.git.folder();
        path == root || path.starts_with(root) && !lies_within_another(path, root)
    }

    /// Whether two revisions name one commit.
    pub fn are_same(&self, one: &str, other: &str) -> bool {
        let (one, other) = (self.commit(one), self.commit(other));
        one.is_ok() && one == other
    }

    /// The files that are not as in the commit in which `tip` and `revision` meet, as the host of a pull request shows
    /// it; untracked ones count.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn since(self, revision: &str, tip: &str) -> Result<ChangedFiles, ChangesError> {
        let ours = self.commit(tip).map_err(|error| match self.commit("HEAD") {
            Ok(_) => error,
            Err(_) => ChangesError::NoCommit,
        })?;
        let theirs = if revision == tip { ours } else { self.commit(revision)? };
        let base = if theirs == ours {
            ours
        } else {
            let (theirs, ours) = (theirs.to_string(), ours.to_string());
            let met = self.git.output(&["merge-base", &theirs, &ours])?.and_then(|it| first(&it));
            let (revision, shallow) = (revision.to_owned(), self.shallow);
            met.ok_or(ChangesError::Unrelated { revision, shallow })?
        };
        let base = base.to_string();
        self.compare(&[&base], false)
    }

    /// The files whose contents in the index are not those of HEAD; all of them before the first commit.
    ///
    /// # Errors
    /// When git fails, or a merge is not resolved.
    pub fn staged(self) -> Result<ChangedFiles, ChangesError> {
        // Without a commit git compares with HEAD, and with nothing where that does not exist yet.
        self.compare(&["--cached"], true)
    }

    fn commit(&self, revision: &str) -> Result<ObjectId, ChangesError> {
        let unknown =
            || ChangesError::Unknown { revision: revision.to_owned(), shallow: self.shallow };
        if revision.is_empty() || revision.starts_with('-') {
            return Err(unknown());
        }
        let peeled = format!("{revision}^{{commit}}");
        let id = self.git.output(&["rev-parse", "--quiet", "--verify", &peeled])?;
        id.and_then(|id| first(&id)).ok_or_else(unknown)
    }

    fn compare(self, with: &[&str], staged: bool) -> Result<ChangedFiles, ChangesError> {
        let fixed = [
            "-c",
            // A checkout that was copied looks changed until git has compared its files.
            "diff.autoRefreshIndex=true",
            "diff",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=all",
            "--find-renames=50%",
            "-l1000",
            "-O/dev/null",
        ];
        let output = self.git.output(&[&fixed, with, &["--"]].concat())?;
        let Some(output) = output else {
            let partial =
                ["config", "--get-regexp", "^(remote\\..*\\.promisor|extensions.partialclone)$"];
            let partial = self.git.output(&partial)?.is_some();
            return Err(if partial { ChangesError::Partial } else { ChangesError::Failed("diff") });
        };
        let (files, differences) = read(&output, staged)?;
        let root = self.git.folder().to_owned();
        Ok(ChangedFiles { git: self.git, root, files, staged, differences })
    }
}

/// The name of an object that a command prints alone.
fn first(output: &[u8]) -> Option<ObjectId> {
    str::from_utf8(output).ok()?.lines().next()?.trim().parse().ok()
}

/// What changed by path, and all differences.
type Read = (FxHashMap<String, Change>, Vec<Difference>);

/// Reads raw differences: `:modes ids status`, the path, and for a rename the new path, each ended by a NUL.
fn read(output: &[u8], staged: bool) -> Result<Read, ChangesError> {
    let malformed = || ChangesError::Failed("diff");
    let mut files: FxHashMap<String, Change> = FxHashMap::default();
    let mut differences = Vec::new();
    let mut fields = output.split(|&byte| byte == 0);
    while let Some(record) = fields.next().filter(|record| !record.is_empty()) {
        let record = str::from_utf8(record).map_err(|_| malformed())?;
        let words: Vec<&str> = record.trim_start_matches(':').split(' ').collect();
        let [old_mode, new_mode, old, new, status] = words[..] else { return Err(malformed()) };
        let mut path = fields.next().ok_or_else(malformed)?;
        let former = str::from_utf8(path).ok();
        if status.starts_with(['R', 'C']) {
            path = fields.next().ok_or_else(malformed)?;
        }
        // A name that is no text belongs to no file of a run.
        let Ok(path) = str::from_utf8(path) else { continue };
        let (old, new): (ObjectId, ObjectId) =
            (old.parse().map_err(|()| malformed())?, new.parse().map_err(|()| malformed())?);
        if staged && status == "U" {
            return Err(ChangesError::Unmerged(path.to_owned()));
        }
        let is_gone = is_regular(old_mode) && !old.is_null() && !status.starts_with('C');
        differences.push(Difference {
            before: former.filter(|_| is_gone).map(|path| (path.to_owned(), old)),
            now: is_regular(new_mode).then(|| path.to_owned()),
        });
        // Moved, or made executable: everything in it was there before.
        if old == new && !old.is_null() && is_regular(old_mode) && is_regular(new_mode) {
            continue;
        }
        if staged && !is_regular(new_mode) {
            continue;
        }
        let known = |mode: &str, id: ObjectId| (is_regular(mode) && !id.is_null()).then_some(id);
        let change = files.entry(path.to_owned()).or_default();
        change.before = change.before.or(known(old_mode, old));
        change.staged = known(new_mode, new).filter(|_| staged);
    }
    Ok((files, differences))
}

impl ChangedFiles {
    /// The absolute paths of changed files that may be judged and do not lie on the disk, though the index holds them.
    pub fn not_on_disk(&self) -> Vec<Utf8PathBuf> {
        if !self.staged {
            return Vec::new();
        }
        let paths = self.files.keys().filter(|path| may_be_judged(Utf8Path::new(path)));
        let paths = paths.map(|path| self.root.join(path));
        let mut missing: Vec<_> = paths.filter(|path| !path.is_file()).collect();
        missing.sort_unstable();
        missing
    }

    /// What changed in each of these files; `None` where nothing did, or nothing is known.
    ///
    /// # Errors
    /// When git fails.
    pub fn of(&self, files: &[File]) -> Result<(Vec<Option<Change>>, LeftOut), ChangesError> {
        let tracked: FxHashSet<String> = self.listed(&["--cached"])?.into_iter().collect();
        let mut changes = vec![None; files.len()];
        let mut unknown: Vec<(usize, String)> = Vec::new();
        let mut left_out = LeftOut::default();
        for (index, file) in files.iter().enumerate() {
            let known = |path: &str| self.files.contains_key(path) || tracked.contains(path);
            let mut path = self.relative(&file.absolute).filter(|path| known(path));
            if path.is_none() {
                path = self.relative(&without_links(&file.absolute));
            }
            match path {
                Some(path) if tracked.contains(&path) => {
                    changes[index] = self.files.get(&path).copied();
                }
                Some(path) => unknown.push((index, path)),
                None => left_out.foreign += 1,
            }
        }
        // The working copy is gone through only where there is something to ask for.
        if unknown.is_empty() || self.staged {
            return Ok((changes, left_out));
        }
        let untracked = self.listed(&["--others", "--exclude-standard"])?;
        let untracked: FxHashSet<String> = untracked.into_iter().collect();
        for (index, path) in unknown {
            if untracked.contains(&path) {
                // What git no longer keeps though it lies here was there before all the same.
                changes[index] = Some(self.files.get(&path).copied().unwrap_or_default());
            } else if lies_within_another(&self.root.join(&path), &self.root) {
                left_out.foreign += 1;
            } else {
                left_out.ignored += 1;
            }
        }
        Ok((changes, left_out))
    }

    /// How the base differs from what lies here.
    ///
    /// # Errors
    /// When git fails.
    pub fn past(&self) -> Result<Past, ChangesError> {
        let mut past = Past::default();
        let absolute = |path: &str| self.root.join(path);
        for Difference { before, now } in &self.differences {
            let before = before.as_ref().map(|(path, id)| (absolute(path), *id));
            let now = now.as_deref().map(absolute);
            past.held.extend(before.clone());
            match (before, now) {
                (Some((before, _)), Some(now)) if before != now => {
                    past.came.insert(now.clone());
                    past.renamed.insert(now, before);
                }
                (None, Some(now)) => drop(past.came.insert(now)),
                _ => {}
            }
        }
        if !self.staged {
            let untracked = self.listed(&["--others", "--exclude-standard"])?;
            let held: FxHashSet<&Utf8PathBuf> = past.held.iter().map(|(path, _)| path).collect();
            let untracked = untracked.iter().map(|path| absolute(path));
            past.came.extend(untracked.filter(|path| !held.contains(path)));
        }
        Ok(past)
    }

    /// Hands contents to `take`, in their order, one at a time.
    ///
    /// # Errors
    /// When git fails, or does not hold them.
    pub fn contents(
        &self,
        wanted: &[ObjectId],
        take: &mut dyn FnMut(usize, Option<Vec<u8>>),
    ) -> Result<(), ChangesError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let mut missing = false;
        let mut hand = |index: usize, blob: Blob| {
            match blob {
                Blob::Bytes(bytes) => take(index, Some(bytes)),
                Blob::TooLarge => take(index, None),
                Blob::Missing => missing = true,
            }
            !missing
        };
        blobs::read(&self.git, wanted, &mut hand)?;
        if missing { Err(ChangesError::Partial) } else { Ok(()) }
    }

    fn listed(&self, which: &[&str]) -> Result<Vec<String>, ChangesError> {
        let output = self.git.output(&[&["ls-files", "-z"], which].concat())?;
        let output = output.ok_or(ChangesError::Failed("ls-files"))?;
        let paths = output.split(|&byte| byte == 0).filter(|path| !path.is_empty());
        Ok(paths.filter_map(|path| Some(str::from_utf8(path).ok()?.to_owned())).collect())
    }

    /// The path in the repository, as git writes it.
    fn relative(&self, absolute: &Utf8Path) -> Option<String> {
        let below = absolute.strip_prefix(&self.root).ok()?;
        Some(below.as_str().replace(std::path::MAIN_SEPARATOR, "/"))
    }
}

/// The path of a file by the real name of its folder: git knows no other. The file itself may be a link that git keeps.
fn without_links(file: &Utf8Path) -> Utf8PathBuf {
    let folder = file.parent().and_then(|folder| folder.canonicalize_utf8().ok());
    match (folder, file.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => file.to_owned(),
    }
}

/// Whether a repository begins between a root and a path below it.
fn lies_within_another(path: &Utf8Path, root: &Utf8Path) -> bool {
    path.ancestors().take_while(|folder| *folder != root).any(|folder| folder.join(".git").exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(modes: &str, ids: &str, rest: &str) -> String {
        let id = |digit: char| digit.to_string().repeat(40);
        let (old, new) = ids.split_at(1);
        let (old, new) = (old.chars().map(id).collect::<String>(), new.chars().map(id));
        format!(":{modes} {old} {} {rest}\0", new.collect::<String>())
    }

    #[test]
    fn raw_differences_say_what_a_file_held_before() {
        let regular = "100644 100644";
        let output = [
            record(regular, "10", "M\0a \n\"b.py"),
            record(regular, "12", "R086\0old.py\0new.py"),
            record(regular, "11", "R100\0x.py\0moved.py"),
            record("100644 100755", "11", "M\0mode.py"),
            record("000000 100644", "00", "A\0added.py"),
            record("120000 100644", "10", "T\0was-link.py"),
            record("100644 000000", "10", "D\0gone.py"),
        ]
        .concat();
        let (files, _) = read(output.as_bytes(), false).unwrap();
        let before = |path: &str| files[path].before.map(|id| id.to_string()[..1].to_owned());
        assert_eq!(before("a \n\"b.py").as_deref(), Some("1"));
        assert_eq!(before("new.py").as_deref(), Some("1"));
        assert_eq!(before("added.py"), None);
        assert_eq!(before("was-link.py"), None);
        assert_eq!(before("gone.py").as_deref(), Some("1"));
        assert_eq!(files.len(), 5);
        let (staged, _) = read(output.as_bytes(), true).unwrap();
        assert!(!staged.contains_key("gone.py"));
        assert_eq!(staged["new.py"].staged, Some("2".repeat(40).parse().unwrap()));
        let unmerged = record("100644 000000", "10", "U\0a.py");
        assert_eq!(
            read(unmerged.as_bytes(), true).unwrap_err(),
            ChangesError::Unmerged("a.py".to_owned())
        );
        assert!(read(b":100644\0a.py\0", false).is_err());
    }

    #[test]
    fn only_plain_names_are_repeated_in_a_command() {
        assert!(is_plain("feature/a-1.2_x"));
        for name in ["", "-x", "a b", "a;rm", "$(a)", "`a`"] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
