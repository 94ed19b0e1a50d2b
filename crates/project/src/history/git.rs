//! Runs git so that it reads and does nothing else. Knows processes, not what git says.
//!
//! A repository that somebody else made may configure programs to run: pagers, hooks, file watchers, signature checks,
//! filters, helpers and transports that fetch what is missing. All of them are switched off, and nothing that comes from
//! outside stands where git would read an option.

use std::env;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::{ChildStdout, Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use super::{HistoryError, ObjectId};

/// Settings that stand above those of the repository.
const SETTINGS: [&str; 9] = [
    "core.alternateRefsCommand=",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.sshCommand=false",
    "credential.helper=",
    "diff.relative=false",
    "log.showSignature=false",
    "protocol.allow=never",
];

/// Variables that stand above those of the surroundings.
const VARIABLES: [(&str, &str); 6] = [
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_PAGER", "cat"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("LC_ALL", "C"),
];

/// Variables that say which repository is meant, as hooks get them.
const OF_A_HOOK: [&str; 4] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX"];
const INDEX: &str = "GIT_INDEX_FILE";

/// Git in a folder.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    folder: Utf8PathBuf,
    /// Variables of the surroundings that do not hold.
    without: Vec<&'static str>,
    /// Names of settings that are empty, since a repository may choose them.
    emptied: Vec<String>,
}

impl Git {
    pub(crate) fn new(folder: &Utf8Path) -> Self {
        Self { folder: folder.to_owned(), without: Vec::new(), emptied: Vec::new() }
    }

    /// Git for the repository that a folder lies in, and its answer to a question about that. A hook is run with the
    /// names of its own repository set, by which git would take the folder for the root of that one; where they lead to
    /// the folder's own, it is found without them, too. They hold only where nothing is found otherwise: somebody keeps
    /// a repository apart from its files.
    pub(crate) fn around(
        folder: &Utf8Path,
        question: &[&str],
    ) -> Result<(Self, String), HistoryError> {
        let plain = Self { without: OF_A_HOOK.to_vec(), ..Self::new(folder) };
        match plain.line(question) {
            Err(HistoryError::NoRepository) if env::var_os("GIT_DIR").is_some() => {
                let told = Self::new(folder);
                told.line(question).map(|answer| (told, answer))
            }
            found => found.map(|answer| (plain, answer)),
        }
    }

    /// The same in the root of the working copy. `GIT_INDEX_FILE` is what a commit in the making will hold, and so is
    /// heeded, unless it belongs to another repository.
    pub(crate) fn in_root(mut self, root: &Utf8Path) -> Result<Self, HistoryError> {
        root.clone_into(&mut self.folder);
        if let Some(index) = env::var_os(INDEX) {
            let own = self.line(&["rev-parse", "--absolute-git-dir"])?;
            let index = root.as_std_path().join(index);
            let folder = index.parent().and_then(|folder| folder.canonicalize().ok());
            let is_other = |folder: &std::path::Path| {
                folder.join("HEAD").is_file()
                    && std::fs::canonicalize(&own).is_ok_and(|own| own != *folder)
            };
            if folder.is_some_and(|folder| is_other(&folder)) {
                self.without.push(INDEX);
            }
        }
        Ok(self)
    }

    /// The same with no filter: git runs these on files of the working copy that it compares.
    pub(crate) fn without_filters(mut self) -> Result<Self, HistoryError> {
        let pattern = "^filter\\..*\\.(clean|smudge|process|required)$";
        let names = self.output(&["config", "-z", "--name-only", "--get-regexp", pattern])?;
        for name in names.unwrap_or_default().split(|&byte| byte == 0) {
            match str::from_utf8(name) {
                Ok("") => {}
                Ok(name) => self.emptied.push(name.to_owned()),
                Err(_) => return Err(HistoryError::Failed("config")),
            }
        }
        Ok(self)
    }

    pub(crate) fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.folder).envs(VARIABLES);
        for name in &self.without {
            command.env_remove(name);
        }
        if !self.emptied.is_empty() {
            // Names may hold anything, so that they are no arguments, where `=` would end them.
            let count = env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse().ok());
            let first: usize = count.unwrap_or(0);
            command.env("GIT_CONFIG_COUNT", (first + self.emptied.len()).to_string());
            for (index, name) in (first..).zip(&self.emptied) {
                let value = if name.ends_with(".required") { "false" } else { "" };
                command.env(format!("GIT_CONFIG_KEY_{index}"), name);
                command.env(format!("GIT_CONFIG_VALUE_{index}"), value);
            }
        }
        for name in
            ["GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_ICASE_PATHSPECS", "GIT_GLOB_PATHSPECS"]
        {
            command.env_remove(name);
        }
        command.args(["--no-pager", "--literal-pathspecs", "--no-replace-objects"]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    /// What a short command prints; `None` where it refuses.
    pub(crate) fn output(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>, HistoryError> {
        let output = self.command(arguments).output().map_err(|error| cannot_run(&error))?;
        Ok(output.status.success().then_some(output.stdout))
    }

    /// The one line that a question about the repository prints.
    pub(crate) fn line(&self, arguments: &[&str]) -> Result<String, HistoryError> {
        let mut command = self.command(arguments);
        let output = command.stderr(Stdio::piped()).output().map_err(|error| cannot_run(&error))?;
        if !output.status.success() {
            let dubious = memchr::memmem::find(&output.stderr, b"dubious ownership").is_some();
            return Err(if dubious { HistoryError::Untrusted } else { HistoryError::NoRepository });
        }
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.trim_end_matches(['\n', '\r']).to_owned())
    }

    /// Runs a command that reads the names of objects, one a line, and hands what it prints to `read`, which may
    /// stop before the end.
    pub(crate) fn feed(
        &self,
        arguments: &[&str],
        ids: &[ObjectId],
        read: impl FnOnce(&mut BufReader<ChildStdout>) -> io::Result<()>,
    ) -> Result<(), HistoryError> {
        let name = NAMES.iter().find(|name| arguments.contains(name)).unwrap_or(&"log");
        let failed = || HistoryError::Failed(name);
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).spawn().map_err(|error| cannot_run(&error))?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let (Some(stdin), Some(stdout)) = (stdin, stdout) else { return Err(failed()) };
        // Git answers while it reads: who writes first and reads then may wait for ever.
        let result = std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut stdin = BufWriter::new(stdin);
                // Who has read enough closes the pipe.
                let _ = ids.iter().try_for_each(|id| writeln!(stdin, "{id}"));
            });
            let mut output = BufReader::with_capacity(1 << 16, stdout);
            let result = read(&mut output);
            let ended = result.is_ok() && output.fill_buf().is_ok_and(<[u8]>::is_empty);
            drop(output);
            result.map(|()| ended)
        });
        let status = child.wait();
        match (result, status) {
            (Ok(false), _) => Ok(()),
            (Ok(true), Ok(status)) if status.success() => Ok(()),
            _ => Err(failed()),
        }
    }
}

/// The commands that are fed, for messages.
const NAMES: [&str; 3] = ["cat-file", "diff-tree", "rev-list"];

fn cannot_run(error: &io::Error) -> HistoryError {
    match error.kind() {
        io::ErrorKind::NotFound => HistoryError::NoGit,
        _ => HistoryError::Failed("--version"),
    }
}
