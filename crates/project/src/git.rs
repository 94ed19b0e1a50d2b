//! What git says of the files of a repository. Asks its command, as the index has many forms; knows no pattern and no
//! rule. Without the command, or without a repository, nothing is known, and that is no error.

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;
use rustc_hash::FxHashSet;

/// A repository, whose list of files is asked for at the first question.
#[derive(Debug)]
pub struct Repository {
    root: Utf8PathBuf,
    tracked: OnceLock<Option<FxHashSet<String>>>,
}

impl Repository {
    /// The folder in which it begins, absolute.
    pub(crate) fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// The repository that begins in a folder.
    pub(crate) fn new(root: Utf8PathBuf) -> Self {
        Self { root, tracked: OnceLock::new() }
    }

    /// Whether git keeps a file; `None` where it cannot be asked.
    pub fn tracks(&self, absolute: &Utf8Path) -> Option<bool> {
        let ask = || Some(list(&self.root, &["--cached"])?.into_iter().collect());
        let tracked = self.tracked.get_or_init(ask).as_ref()?;
        let below = absolute.strip_prefix(&self.root).ok()?;
        let below = below.as_str().replace(std::path::MAIN_SEPARATOR, "/");
        Some(tracked.contains(&below))
    }
}

/// The files below a folder that git keeps although a pattern of `.gitignore` matches them, relative to the folder.
pub(crate) fn kept_though_ignored(folder: &Utf8Path) -> Vec<String> {
    list(folder, &["--cached", "--ignored", "--exclude-standard"]).unwrap_or_default()
}

/// The day of the last commit of the repository around a folder, in the time zone of who made it.
pub(crate) fn commit_day(folder: &Utf8Path) -> Option<Date> {
    let output = git(folder, &["log", "-1", "--no-show-signature", "--format=%cs"])?;
    std::str::from_utf8(&output).ok()?.trim().parse().ok()
}

/// Who owns the repository on GitHub that the one around a folder was cloned from, in lower case.
pub(crate) fn owner(folder: &Utf8Path) -> Option<String> {
    let output = git(folder, &["config", "--get", "remote.origin.url"])?;
    let url = std::str::from_utf8(&output).ok()?.trim();
    let (_, path) = url.split_once("github.com")?;
    let (owner, _) = path.trim_start_matches([':', '/']).split_once('/')?;
    (!owner.is_empty()).then(|| owner.to_ascii_lowercase())
}

/// The commit that is checked out: its name, short, and its day.
pub fn head(folder: &Utf8Path) -> Option<(String, Date)> {
    let output =
        git(folder, &["log", "-1", "--no-show-signature", "--abbrev=12", "--format=%h %cs"])?;
    let (name, day) = std::str::from_utf8(&output).ok()?.trim().split_once(' ')?;
    Some((name.to_owned(), day.parse().ok()?))
}

/// The commit at which the work on the checked-out branch began: where it left the branch that the others go by, else the
/// checked-out commit itself. `None` where there is no repository, or no such branch.
pub fn merge_base(folder: &Utf8Path) -> Option<String> {
    let branches = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];
    branches.iter().find_map(|branch| {
        let output = git(folder, &["merge-base", "HEAD", branch])?;
        Some(std::str::from_utf8(&output).ok()?.trim().to_owned())
    })
}

/// What a file of a folder held at a commit.
pub fn text_at(folder: &Utf8Path, commit: &str, name: &str) -> Option<String> {
    let output = git(folder, &["show", "--no-textconv", &format!("{commit}:./{name}")])?;
    String::from_utf8(output).ok()
}

fn list(folder: &Utf8Path, arguments: &[&str]) -> Option<Vec<String>> {
    let output = git(folder, &[&["ls-files", "-z"], arguments].concat())?;
    let paths = output.split(|&byte| byte == 0).filter(|path| !path.is_empty());
    Some(paths.filter_map(|path| Some(std::str::from_utf8(path).ok()?.to_owned())).collect())
}

fn git(folder: &Utf8Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let mut command = Command::new("git");
    command
        // A checkout that another user owns, as in a container, may be listed: nothing of it is run.
        .args(["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-C", folder.as_str()])
        .args(arguments)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    // A hook is run with the names of its own repository set, which need not be the one that is asked for.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"] {
        command.env_remove(name);
    }
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(output.stdout)
}
