//! `check --history`: which commit is named, what counts as added, what a range and paths mean, and that nothing a
//! repository configures is run.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::process::Command;

use super::folder::{Folder, Ran};

/// A repository in a temporary folder.
struct History {
    folder: Folder,
    commits: usize,
}

impl History {
    fn new() -> Self {
        let history = Self { folder: Folder::new(&[]), commits: 0 };
        history.git(&["init", "--quiet", "--initial-branch", "main", "."]);
        history
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command
            .current_dir(self.folder.path())
            .args(["-c", "commit.gpgSign=false"])
            .args(arguments);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Jo")
                .env(format!("GIT_{role}_EMAIL"), "jo@acme.io");
            let date = format!("2024-05-02T10:00:{:02}+00:00", self.commits);
            command.env(format!("GIT_{role}_DATE"), date);
        }
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Commits files; `None` takes one away. Returns the commit.
    fn commit(&mut self, files: &[(&str, Option<&str>)]) -> String {
        for (path, text) in files {
            match text {
                Some(text) => drop(self.folder.write(path, text.as_bytes())),
                None => std::fs::remove_file(self.folder.path().join(path)).unwrap(),
            }
        }
        self.record()
    }

    /// Commits what lies in the folder.
    fn record(&mut self) -> String {
        self.commits += 1;
        self.git(&["add", "--all", "."]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "work"]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn check(&self, arguments: &[&str]) -> Ran {
        self.folder.check(&[&["--output-format", "concise"], arguments].concat())
    }

    /// Path, line, commit and whether it is in HEAD of each finding.
    fn findings(&self, arguments: &[&str]) -> Vec<(String, u64, String, bool)> {
        let all = [&["--output-format", "json", "--exit-zero"], arguments].concat();
        let report = self.folder.check(&all).ends(0).json();
        let findings = report["findings"].as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        findings
            .map(|finding| {
                let commit = text(&finding["commit"]["hash"]);
                assert!(commit.starts_with(&text(&finding["commit"]["short"])));
                let in_head = finding["in_head"].as_bool().unwrap();
                (text(&finding["path"]), finding["line"].as_u64().unwrap(), commit, in_head)
            })
            .collect()
    }
}

/// A value that looks real, put together here so that no scanner takes this file for a leak.
fn value(number: usize) -> String {
    format!("vT9q{number}Lw2{}Kz8R", ["x", "Bn", "mQ", "c4"][number % 4])
}

fn line(number: usize) -> String {
    format!("db_password = \"{}\"\n", value(number))
}

#[test]
fn each_secret_is_told_once_with_the_commit_that_added_it() {
    let mut history = History::new();
    let first = history.commit(&[("app.py", Some(&format!("import os\n{}", line(1))))]);
    history.commit(&[("app.py", Some(&format!("import os\n\n\n{}{}", line(1), line(2))))]);
    let third = history.commit(&[("app.py", Some("import os\n")), ("b.py", Some(&line(3)))]);
    let last = history.commit(&[("copy.py", Some(&line(3)))]);
    let found = history.findings(&["--history"]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[0], ("app.py".to_owned(), 2, first.clone(), false));
    assert_eq!((found[1].1, found[1].3), (5, false));
    assert_eq!(found[2], ("b.py".to_owned(), 1, third, true));
    assert!(found.iter().all(|it| it.2 != last));
    let told = history.check(&["--history"]).ends(1);
    let short = &first[..7];
    told.says("app.py:2:16: warning[hardcoded-secret]")
        .says(&format!("({short} of 2024-05-02, no longer in HEAD)"))
        .says("of 2024-05-02, still in HEAD)")
        .says("1 still in HEAD, 2 in the history only")
        .says("in 4 commits");
    let full = history.folder.check(&["--history"]).ends(1);
    full.says("2 │ db_password = \"[redacted]\"").says(&format!("commit: {short} of 2024-05-02"));
    history.check(&["--history", "--fail-on", "error"]).ends(0);
    history.check(&["--history", "--exit-zero"]).ends(0);
}

#[test]
fn what_was_there_before_or_only_moves_is_not_added() {
    let mut history = History::new();
    let base = history.commit(&[("a.py", Some(&line(1))), ("b.py", Some("x = 1\n"))]);
    history.commit(&[("a.py", Some(&format!("# more\n{}", line(1))))]);
    history.git(&["mv", "a.py", "moved.py"]);
    history.record();
    let since = format!("--history={base}..");
    assert_eq!(history.findings(&[&since]), []);
    assert_eq!(history.findings(&["--history"]).len(), 1);
    let added = history.commit(&[("b.py", Some(&line(2)))]);
    history.commit(&[("b.py", Some("x = 1\n"))]);
    assert_eq!(history.findings(&[&since]), [("b.py".to_owned(), 1, added, false)]);
    let until = format!("--history={base}");
    let found = history.findings(&[&until]);
    assert_eq!(found, [("a.py".to_owned(), 1, base, true)]);
}

#[test]
fn merges_and_other_branches_count() {
    let mut history = History::new();
    history.commit(&[("a.py", Some("x = 1\n"))]);
    history.git(&["checkout", "--quiet", "-b", "side"]);
    let side = history.commit(&[("side.py", Some(&line(1)))]);
    history.commit(&[("side.py", None), ("a.py", Some("x = 2\n"))]);
    history.git(&["checkout", "--quiet", "main"]);
    history.commit(&[("a.py", Some("x = 3\n"))]);
    assert_eq!(history.findings(&["--history"]), []);
    let expected = ("side.py".to_owned(), 1, side, false);
    assert_eq!(history.findings(&["--history=--all"]), std::slice::from_ref(&expected));
    assert_eq!(history.findings(&["--history=main..side"]), std::slice::from_ref(&expected));
    history.git(&["merge", "--quiet", "--no-commit", "--strategy", "ours", "side"]);
    // What a merge itself adds stands in none of its parents.
    let merge = history.commit(&[("a.py", Some(&line(2)))]);
    let found = history.findings(&["--history"]);
    assert_eq!(found, [expected.clone(), ("a.py".to_owned(), 1, merge, true)]);
    // With paths, git must not follow one side of the merge only.
    assert_eq!(history.findings(&["--history", "side.py"]), [expected]);
}

#[test]
fn paths_roles_and_configuration_hold_as_for_files() {
    let mut history = History::new();
    history.commit(&[
        ("src/a.py", Some(&line(1))),
        ("tests/test_a.py", Some(&line(2))),
        ("legacy/b.py", Some(&line(3))),
        ("c.py", Some(&format!("{}  # nosec B105\n", line(4).trim_end()))),
        ("node_modules/d.py", Some(&line(5))),
    ]);
    history.commit(&[("src/a.py", None)]);
    let paths = |arguments: &[&str]| -> Vec<String> {
        history.findings(arguments).into_iter().map(|it| it.0).collect()
    };
    assert_eq!(paths(&["--history"]), ["legacy/b.py", "src/a.py"]);
    assert_eq!(paths(&["--history", "src"]), ["src/a.py"]);
    assert_eq!(paths(&["--history", "./src/a.py"]), ["src/a.py"]);
    assert_eq!(paths(&["src", "--history"]), ["src/a.py"]);
    assert_eq!(paths(&["--history", "node_modules"]), ["node_modules/d.py"]);
    assert_eq!(paths(&["--history", "--extend-exclude", "legacy"]), ["src/a.py"]);
    assert_eq!(paths(&["--history", "--every-role", "tests"]), ["tests/test_a.py"]);
    let config = "[per-file-ignores]\n\"legacy/*\" = [\"secrets\"]\n[severity]\nhardcoded-secret = \"info\"\n";
    history.folder.write("roadworthy.toml", config.as_bytes());
    assert_eq!(paths(&["--history"]), ["src/a.py"]);
    history.check(&["--history"]).ends(0);
    history.check(&["--history", "--ignore", "secrets"]).ends(2).warns("select `secrets`");
    history.check(&["--history", "nowhere.py"]).ends(0).warns("no commit that changes these paths");
    history.check(&["--history", "/"]).ends(2).warns("does not lie in this repository");

    // A folder of the repository is what is judged there.
    let inside = |folder: &str| {
        let arguments =
            ["check", "--history", "--output-format", "json", "--exit-zero", "--isolated"];
        let mut command = history.folder.command(&arguments);
        Ran::from(command.current_dir(history.folder.path().join(folder)).output().unwrap())
    };
    let report = inside("legacy").ends(0).json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{report}");
    assert_eq!(report["findings"][0]["path"], "b.py");
    assert_eq!(report["findings"][0]["head_path"], "b.py");
}

#[test]
fn a_secret_that_moved_to_another_kind_of_file_is_still_there() {
    let mut history = History::new();
    history.commit(&[("a.py", Some(&line(1)))]);
    history.commit(&[("a.py", Some("x = 1\n")), ("notes.txt", Some(&line(1)))]);
    history.check(&["--history"]).ends(1).says("still in HEAD, in notes.txt");
}

#[test]
fn what_is_no_source_is_passed_over() {
    let mut history = History::new();
    history.folder.write("binary.py", format!("\0{}", line(1)).as_bytes());
    history.folder.write("latin.py", b"name = '\xff'\nx = 1\n");
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        std::os::unix::fs::symlink("binary.py", history.folder.path().join("link.py")).unwrap();
        let odd = std::ffi::OsStr::from_bytes(b"odd\xff\n.py");
        std::fs::write(history.folder.path().join(odd), line(2)).unwrap();
    }
    history.record();
    let head = history.git(&["rev-parse", "HEAD"]);
    let module = format!("160000,{head},module.py");
    history.git(&["update-index", "--add", "--cacheinfo", &module]);
    history.git(&["commit", "--quiet", "--message", "module"]);
    let expected = usize::from(cfg!(unix));
    assert_eq!(history.findings(&["--history"]).len(), expected);
}

#[test]
fn threads_change_nothing() {
    let mut history = History::new();
    for number in 0..12 {
        let path = format!("f{}.py", number % 5);
        history.commit(&[(&path, Some(&format!("{}{}", line(number), line(number / 2))))]);
    }
    let told = |threads: &str| {
        let ran = history.check(&["--history", "--threads", threads]).ends(1);
        ran.stdout.split("\n\n").next().unwrap().to_owned()
    };
    assert_eq!(told("1"), told("4"));
    assert_eq!(told("1").lines().count(), 12);
}

#[test]
fn what_cannot_be_read_is_one_sentence() {
    let plain = Folder::new(&[("a.py", "x = 1\n")]);
    let mut command = plain.command(&["check", "--history"]);
    command.env("GIT_CEILING_DIRECTORIES", plain.path().parent().unwrap());
    Ran::from(command.output().unwrap()).ends(2).warns("reads a git repository, and here is none");
    let mut command = plain.command(&["check", "--history"]);
    Ran::from(command.env("PATH", "").output().unwrap()).ends(2).warns("git is not installed");

    let mut history = History::new();
    history.check(&["--history"]).ends(2).warns("no commit yet");
    history.commit(&[("a.py", Some("x = 1\n"))]);
    history
        .check(&["--history"])
        .ends(0)
        .stays_quiet()
        .says("Nothing found in 1 commit (1 version");
    for range in ["--history=nope", "--history=nope..HEAD", "--history=HEAD~5.."] {
        history.check(&[range]).ends(2).warns("no commits of this repository");
    }
    let written = history.folder.path().join("written");
    let option = format!("--history=--output={}", written.display());
    history.check(&[&option]).ends(2).warns("of git's options only --all");
    assert!(!written.exists());
    history.check(&["--history=HEAD..HEAD"]).ends(0).warns("nothing was judged");
    history.check(&["--history", "-"]).ends(2).warns("no standard input");
    history.check(&["--history", "--show-files"]).ends(2);
}

#[test]
fn a_shallow_clone_says_where_the_history_is_cut() {
    let mut history = History::new();
    history.commit(&[("a.py", Some(&line(1)))]);
    history.commit(&[("b.py", Some("x = 1\n"))]);
    let last = history.commit(&[("c.py", Some("x = 1\n"))]);
    let source = format!("file://{}", history.folder.path().display());
    let clone = History { folder: Folder::new(&[]), commits: 0 };
    clone.git(&["clone", "--quiet", "--depth", "2", &source, "."]);
    clone.check(&["--history"]).ends(1).warns("cut at 1 commit").says("a.py:1:16");
    // What was asked for is all there.
    clone.check(&[&format!("--history={last}~..")]).ends(0).stays_quiet();
}

#[cfg(unix)]
#[test]
fn nothing_that_a_repository_configures_runs() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut history = History::new();
    let script =
        history.folder.write("trap.sh", b"#!/bin/sh\ntouch \"$(dirname \"$0\")/sprung\"\n");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    history.commit(&[("a.py", Some(&line(1))), (".gitattributes", Some("*.py diff=trap\n"))]);
    history.commit(&[("a.py", Some(&line(2)))]);
    let script = script.to_str().unwrap();
    for setting in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "credential.helper",
        "diff.external",
        "diff.trap.textconv",
        "diff.trap.command",
        "gpg.program",
        "pager.log",
        "pager.rev-list",
    ] {
        history.git(&["config", setting, script]);
    }
    for setting in ["log.showSignature", "core.untrackedCache", "diff.relative"] {
        history.git(&["config", setting, "true"]);
    }
    history.git(&["config", "diff.renames", "copies"]);
    history.git(&["config", "log.showRoot", "false"]);
    for hook in ["post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        std::os::unix::fs::symlink(script, history.folder.path().join(".git/hooks").join(hook))
            .unwrap();
    }
    assert_eq!(history.findings(&["--history"]).len(), 2);
    assert!(!history.folder.path().join("sprung").exists());
    // What a partial clone lacks is not fetched by a program that the repository names.
    history.git(&["config", "remote.origin.url", &format!("ext::{script}")]);
    history.git(&["config", "remote.origin.promisor", "true"]);
    history.git(&["config", "protocol.ext.allow", "always"]);
    let blob = history.git(&["rev-parse", "HEAD:a.py"]);
    let object = format!(".git/objects/{}/{}", &blob[..2], &blob[2..]);
    std::fs::remove_file(history.folder.path().join(object)).unwrap();
    let ran = history.check(&["--history"]).ends(1);
    ran.warns("1 version of files went unjudged, as this partial clone does not hold them");
    assert!(!history.folder.path().join("sprung").exists());
}
