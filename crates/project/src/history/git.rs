//! Runs git so that it reads and does nothing else. Knows processes, not what git says.
//!
//! A repository that somebody else made may configure programs to run: pagers, hooks, file watchers, signature checks,
//! helpers and transports that fetch what is missing. All of them are switched off, and nothing that comes from
//! outside stands where git would read an option.

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

/// Git in a folder.
#[derive(Debug)]
pub(super) struct Git {
    folder: Utf8PathBuf,
}

impl Git {
    pub(super) fn new(folder: &Utf8Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(super) fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.folder).envs(VARIABLES);
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
    pub(super) fn output(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>, HistoryError> {
        let output = self.command(arguments).output().map_err(|error| cannot_run(&error))?;
        Ok(output.status.success().then_some(output.stdout))
    }

    /// The one line that a question about the repository prints.
    pub(super) fn line(&self, arguments: &[&str]) -> Result<String, HistoryError> {
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
    pub(super) fn feed(
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
