//! Input that is missing, broken, hostile or huge: one sentence, exit code 2 or a finding, never a trace.

use std::process::Stdio;

use crate::folder::Folder;

#[test]
fn a_missing_path_is_refused_whatever_else_is_asked() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    for arguments in [&["nope.py"][..], &["a.py", "nope.py"], &["nope.py", "--exit-zero"]] {
        let ran = folder.check(arguments).ends(2).warns("`nope.py` does not exist");
        assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1));
    }
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_a_finding() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new(&[("a.py", "x = 1\n"), ("b/c.py", "x = 1\n"), ("d.py", "x = 1\n")]);
    let close = |path: &str| {
        let closed = std::fs::Permissions::from_mode(0o000);
        std::fs::set_permissions(folder.path().join(path), closed).unwrap();
    };
    close("a.py");
    if std::fs::read(folder.path().join("a.py")).is_ok() {
        // The superuser reads everything.
        return;
    }
    close("b");
    let ran = folder.check(&["--output-format", "concise"]).ends(1);
    ran.says("a.py:1:1: warning[unreadable-file]").says("b:1:1: warning[unreadable-file]");
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_a_warning_as_it_hides_no_code() {
    let folder = Folder::new(&[("shop/__init__.py", "")]);
    let link = folder.path().join("shop/prices.py");
    std::os::unix::fs::symlink("/nowhere/on/this/machine.py", link).unwrap();
    let ran = folder.check(&["--output-format", "concise"]).ends(1);
    ran.says("shop/prices.py:1:1: warning[unreadable-file] path is a link to nothing");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_a_finding() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    let pipe = folder.path().join("pipe.py");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    folder.check(&["pipe.py", "--output-format", "concise"]).ends(1).says("is not a regular file");
}

#[test]
fn a_broken_manifest_is_a_finding_or_else_a_warning_with_its_place() {
    let folder = Folder::new(&[("a.py", "x = 1\n"), ("pyproject.toml", "[project\n")]);
    let finding = "pyproject.toml:1:9: error[unparsable-file] file is not valid TOML";
    folder.check(&["--output-format", "concise"]).ends(1).stays_quiet().says(finding);
    folder.check(&["--strict"]).ends(2);
    // Where no finding says it, it is said all the same: nothing that the file holds is known.
    for more in [&["--ignore", "unparsable-file"][..], &["--select", "errors", "--show-files"]] {
        let ran = folder.check(more).ends(0).warns("warning: pyproject.toml:1 ");
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    }
}

#[test]
fn a_folder_in_which_nothing_is_judged_is_no_praise() {
    let folder = Folder::new(&[("logo.png", ""), ("LICENSE", "")]);
    let ran = folder.check(&[]).ends(0).warns("nothing was judged");
    assert!(!ran.stdout.contains("Nothing found"), "{}", ran.stdout);
    let json = folder.check(&["--output-format", "json"]).ends(0).warns("warning: ").json();
    assert_eq!(json["summary"]["files"], 0);
}

#[test]
fn an_error_is_one_line_whatever_the_surroundings_ask_for() {
    let folder = Folder::new(&[("a.py", "x = 1\n"), ("wrong.toml", "selct = []\n")]);
    for arguments in [
        ["check", "nope.py"].as_slice(),
        &["check", "--config", "wrong.toml"],
        &["check", "--select", "qqq"],
        &["check", "--baseline", "none.jsonl"],
        &["check", "--diff", "main"],
        &["check", "--output", "sarif:none/a.sarif"],
        &["check", "--add-ignore", " "],
    ] {
        let mut command = folder.command(arguments);
        let output = command.env("RUST_BACKTRACE", "1").output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), told.lines().count()), (Some(2), 1), "{told}");
        assert!(told.starts_with("error: ") && output.stdout.is_empty(), "{told}");
    }
}

#[test]
fn a_strict_run_is_complete_or_refused() {
    let strict = |files: &[(&str, &str)]| Folder::new(files).check(&["--strict", "--exit-zero"]);
    strict(&[("logo.png", "")]).ends(2).warns("nothing was judged");
    strict(&[("a.py", "x = 1\n"), ("pyproject.toml", "[project\n")])
        .ends(2)
        .warns("pyproject.toml:1");
    strict(&[("a.py", "x = 1\n")]).ends(0).stays_quiet();
}

#[test]
fn an_unknown_rule_is_refused_with_the_nearest() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    for option in ["--select", "--ignore", "--extend-select"] {
        let ran = folder.check(&[option, "unparsable-fille"]).ends(2);
        ran.warns(option).warns("did you mean `unparsable-file`?");
    }
    folder.check(&["--select", "qqqqq"]).ends(2).warns("`roadworthy rules` lists them");
}

#[test]
fn broken_bytes_are_findings_of_their_file() {
    let folder = Folder::new(&[("good.py", "import declared, encoding, nul, string\n")]);
    folder.write("encoding.py", b"x = 1\ny = '\xff'\n");
    folder.write("declared.py", b"# coding: klingon\nx = 1\n");
    folder.write("nul.py", b"x = 1\ny = \0\n");
    folder.write("string.py", b"x = 'abc\n");
    let ran = folder.check(&["--output-format", "concise"]).ends(1).stays_quiet();
    let ran = ran
        .says("encoding.py:1:1: warning[unreadable-file] file line 2 holds a byte")
        .says("declared.py:1:1: warning[unreadable-file]")
        .says("klingon")
        .says("nul.py:2:5: error[unparsable-file]")
        .says("string.py:1:5: error[unparsable-file]");
    assert!(!ran.stdout.contains("good.py"));
    let full = folder.check(&[]).ends(1).says("string.py:1:5").says("1 │ x = 'abc");
    assert!(!full.stdout.contains('\0'));
}

#[test]
fn nesting_and_length_do_not_stop_a_run() {
    let folder = Folder::new(&[("good.py", "import deep, open\n")]);
    let deep = format!("x = {}{}\n", "(".repeat(200_000), ")".repeat(200_000));
    folder.write("deep.py", deep.as_bytes());
    folder.write("open.py", "[".repeat(200_000).as_bytes());
    for format in ["full", "concise", "json"] {
        folder.check(&["--output-format", format]).ends(1).stays_quiet().says("deep");
    }
}

#[test]
fn a_line_of_50_megabytes_is_judged_and_shown_in_part() {
    let folder = Folder::new(&[]);
    let mut line = "x = '".to_owned();
    line.push_str(&"a".repeat(50_000_000));
    folder.write("long.py", line.as_bytes());
    let ran = folder.check(&[]).ends(1).stays_quiet().says("unparsable-file");
    assert!(ran.stdout.len() < 5_000, "{}", ran.stdout.len());
    line.push_str("'\n");
    folder.write("long.py", line.as_bytes());
    folder.check(&[]).ends(0).says("50.0 MB");
}

#[test]
fn a_file_that_vanishes_is_a_finding() {
    use roadworthy_engine::{RuleSet, RunOptions, Settings};
    struct Silent;
    impl roadworthy_engine::Progress for Silent {
        fn file_done(&self) {}
    }
    let folder = Folder::new(&[("a.py", "x = 1\n"), ("b.py", "x = 1\n")]);
    let root = folder.path().to_str().unwrap();
    let options = roadworthy_project::DiscoverOptions::new(root);
    let project = roadworthy_project::discover(&[], &options).unwrap();
    std::fs::remove_file(folder.path().join("a.py")).unwrap();
    let catalog = roadworthy_rules::catalog();
    let rules: RuleSet = (0..catalog.rules().len()).collect();
    let settings = [Settings::new(&catalog, rules)];
    let read = |file: &roadworthy_project::File| roadworthy_project::read(&file.absolute);
    let outcome = roadworthy_engine::run(
        (&project).into(),
        &catalog,
        &settings,
        &|_| 0,
        &read,
        RunOptions::default(),
        &Silent,
    );
    let [finding] = outcome.findings.as_slice() else { panic!("{:?}", outcome.findings) };
    assert_eq!((finding.rule.name, finding.path.as_str()), ("unreadable-file", "a.py"));
    assert!(finding.message.contains("does not exist any more"), "{}", finding.message);
}

#[cfg(unix)]
#[test]
fn loops_of_links_end() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("p/a.py", "x = 1\n")]);
    symlink("..", folder.path().join("p/up")).unwrap();
    symlink("round.py", folder.path().join("p/round.py")).unwrap();
    symlink("nowhere.py", folder.path().join("p/dangling.py")).unwrap();
    let ran = folder.check(&["--output-format", "concise"]).ends(1);
    ran.says("p/round.py").says("p/dangling.py").says("in 1 file");
}

#[test]
fn closed_pipes_end_a_run_quietly() {
    use std::io::Read as _;
    let findings = "x = 1  # roadworthy: ignore[unparsable-file]\n".repeat(3_000);
    let folder = Folder::new(&[("a.py", &findings)]);
    for format in ["concise", "json", "full"] {
        let mut command = folder.command(&["check", "--output-format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(1), ""), "{format}");
    }
    let mut command = folder.command(&["check", "nope"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn terminal_escapes_of_files_do_not_reach_the_terminal() {
    let text = "x = 1  # roadworthy: ignore[a\u{1b}[31mb] \u{1b}]0;title\u{7} \u{202e}\n";
    let folder = Folder::new(&[("a\u{1b}[2Jb.py", text)]);
    for format in ["full", "concise"] {
        let ran = folder.check(&["--output-format", format]).ends(1);
        let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.stdout.contains(hostile), "{:?}", ran.stdout);
    }
}

#[test]
fn a_secret_is_never_shown() {
    // The values are put together here, so that no scanner takes this file for a leak.
    let key = ["AKIA", "Q3ZTN5XW2LKV7RPD"].concat();
    let password = ["vT9q", "Lw2xKz"].concat();
    let code = format!(
        "import os\n\
         db_password = \"{password}\"  # nosec\n\
         x = 1  # roadworthy: ignore[hardcoded-secret, no-such] {key}\n\
         engine = connect(\"postgresql://billing:{password}@db.acme.io/billing\")\n\
         def f() -> None:\n\
         \x20   try:\n\
         \x20       upload(\"{key}\")\n\
         \x20   except Exception:\n\
         \x20       pass\n\
         token = os.environ.get(\"TOKEN\", \"{password}\")\n"
    );
    let broken = format!("{code}open = \"{key}\n");
    let folder =
        Folder::new(&[("app.py", &code), ("broken.py", &broken), ("tests/test_app.py", &code)]);
    for format in ["full", "concise", "json"] {
        for strictness in ["--every-site", "--every-role", "--pedantic"] {
            let ran = folder.check(&["--output-format", format, strictness, "-v"]).ends(1);
            let all = ran.stdout + &ran.stderr;
            assert!(!all.contains(&key) && !all.contains(&password), "{format}: {all}");
        }
    }
    let ran = folder.check(&["--select", "silent-except", "app.py"]).ends(1).says("[redacted]");
    assert!(!ran.stdout.contains(&key) && !ran.stdout.contains(&password), "{}", ran.stdout);
}

#[test]
fn the_conflicts_of_one_merge_are_one_finding() {
    let text = "def total(prices):\n<<<<<<< HEAD\n    return sum(prices)\n=======\n    return 0\n>>>>>>> feature\n\n\nif __name__ == '__main__':\n    total([])\n";
    let names: Vec<String> = (0..12).map(|number| format!("m{number:02}.py")).collect();
    let files = |many: usize| -> Vec<(&str, &str)> {
        names.iter().take(many).map(|name| (name.as_str(), text)).collect()
    };
    let all = ["--select", "unparsable-file", "--output-format", "concise"];
    let ran = Folder::new(&files(12)).check(&all).ends(1);
    ran.says(
        "m00.py:2:1: warning[unparsable-file] file holds a merge conflict that nobody resolved",
    )
    .says(", and so do 11 others, as m01.py, m02.py, m03.py");
    let told = |stdout: &str| stdout.matches("merge conflict").count();
    assert_eq!(told(&Folder::new(&files(12)).check(&all).stdout), 1);
    assert_eq!(told(&Folder::new(&files(9)).check(&all).stdout), 9);
}
