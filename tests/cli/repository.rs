//! A git repository in a temporary folder, for what compares versions.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::path::{Path, PathBuf};
use std::process::Command;

use super::folder::{Folder, Ran};

/// A repository in a folder of a temporary one.
pub(crate) struct Repo {
    pub(crate) folder: Folder,
    pub(crate) root: PathBuf,
}

pub(crate) fn git_in(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "commit.gpgSign=false", "-c", "core.autocrlf=false"]);
    command.args(["-c", "user.name=Jo", "-c", "user.email=jo@acme.io"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).trim().to_owned())
}

impl Repo {
    pub(crate) fn new() -> Self {
        let folder = Folder::new(&[]);
        let root = folder.path().join("repo");
        std::fs::create_dir(&root).unwrap();
        let repo = Self { folder, root };
        repo.git(&["init", "--quiet", "--initial-branch", "main", "."]);
        repo
    }

    /// One with a commit of these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let repo = Self::new();
        repo.write_all(files);
        repo.commit();
        repo
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let (succeeded, text) = git_in(&self.root, arguments);
        assert!(succeeded, "{arguments:?}: {text}");
        text
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        self.folder.write(&format!("repo/{path}"), text.as_bytes());
    }

    pub(crate) fn write_all(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            self.write(path, text);
        }
    }

    pub(crate) fn commit(&self) -> String {
        self.git(&["add", "--all", "."]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "work"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs in a folder of the repository, `.` for its root.
    pub(crate) fn command(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = self.folder.command(&[&["check"], arguments].concat());
        command.current_dir(self.root.join(folder));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command
    }

    pub(crate) fn check(&self, arguments: &[&str]) -> Ran {
        self.command(".", arguments).output().unwrap().into()
    }

    pub(crate) fn found(&self, arguments: &[&str]) -> Vec<String> {
        places(&self.check(&[arguments, &JSON].concat()))
    }

    /// Number of findings that are told to have been there before.
    pub(crate) fn unchanged(&self, arguments: &[&str]) -> u64 {
        let report = self.check(&[arguments, &JSON].concat()).ends(0).json();
        report["summary"]["unchanged"].as_u64().unwrap()
    }
}

pub(crate) const JSON: [&str; 5] =
    ["--select", "silent-except,unused-suppression", "--output-format", "json", "--exit-zero"];

/// `path:line` of each finding.
#[track_caller]
pub(crate) fn places(ran: &Ran) -> Vec<String> {
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report = ran.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|it| format!("{}:{}", it["path"].as_str().unwrap(), it["line"])).collect()
}

/// A function of five lines with a finding in the fourth.
pub(crate) fn silent(name: &str) -> String {
    format!(
        "def {name}(order: str) -> None:\n    try:\n        gateway.save({name}, order)\n    except Exception:\n        \
         pass\n"
    )
}

/// The same without a finding.
pub(crate) fn loud(name: &str) -> String {
    silent(name).replace("        pass\n", "        log.exception(\"failed\")\n        raise\n")
}

pub(crate) const NONE: [&str; 0] = [];
