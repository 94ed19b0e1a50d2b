//! What the history of a repository says of the token that its workflows leave to the default.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::process::Command;

use super::folder::{Folder, Ran};

const WORKFLOW: &str = "\
on:
  push:
    branches: [main]
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make push
        env:
          PASSWORD: ${{ secrets.REGISTRY_PASSWORD }}
";

fn git(folder: &Folder, day: &str, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder.path()).args(["-c", "user.name=Jo", "-c", "user.email=jo@acme.io"]);
    command.args(["-c", "commit.gpgSign=false"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    command.env("GIT_AUTHOR_DATE", day).env("GIT_COMMITTER_DATE", day);
    assert!(command.output().unwrap().status.success(), "{arguments:?}");
}

fn begun(day: &str) -> Folder {
    let folder = Folder::new(&[("app.py", "print(1)\n"), (".github/workflows/push.yml", WORKFLOW)]);
    git(&folder, day, &["init", "--quiet", "--initial-branch", "main", "."]);
    git(&folder, day, &["add", "--all", "."]);
    git(&folder, day, &["commit", "--quiet", "--message", "work"]);
    folder
}

fn level(folder: &Folder) -> String {
    let select = ["--select", "workflow-permissions-excessive", "--output-format", "json"];
    let report = folder.check(&[&select[..], &["--exit-zero"]].concat()).ends(0).json();
    report["findings"][0]["severity"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_repository_of_before_the_change_is_told_louder() {
    assert_eq!(level(&begun("2021-05-01T12:00:00Z")), "warning");
    assert_eq!(level(&begun("2024-05-01T12:00:00Z")), "info");
}

#[test]
fn a_workflow_that_waits_for_a_branch_that_is_not_there_never_runs() {
    let day = "2021-05-01T12:00:00Z";
    let folder = begun(day);
    git(&folder, day, &["branch", "--move", "main", "develop"]);
    git(&folder, day, &["clone", "--quiet", ".", "copy"]);
    let select = ["check", "--select", "workflow-permissions-excessive", "--output-format", "json"];
    let mut command = folder.command(&[&select[..], &["--exit-zero"]].concat());
    let ran: Ran = command.current_dir(folder.path().join("copy")).output().unwrap().into();
    assert_eq!(ran.json()["findings"][0]["severity"].as_str(), Some("info"));
}
