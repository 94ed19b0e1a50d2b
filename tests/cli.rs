//! The binary from outside: exit codes, what it says and where, and that no input makes it fail.

#[path = "cli/add_ignore.rs"]
mod add_ignore;
#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/baseline.rs"]
mod baseline;
#[path = "cli/configuration.rs"]
mod configuration;
#[path = "cli/diff.rs"]
mod diff;
#[path = "cli/documents.rs"]
mod documents;
#[path = "cli/extend.rs"]
mod extend;
#[path = "cli/facts.rs"]
mod facts;
#[path = "cli/fixes.rs"]
mod fixes;
#[path = "cli/folder.rs"]
mod folder;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/history.rs"]
mod history;
#[path = "cli/hooks.rs"]
mod hooks;
#[path = "cli/idle.rs"]
mod idle;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/outputs.rs"]
mod outputs;
#[path = "cli/programs.rs"]
mod programs;
#[path = "cli/project_rules.rs"]
mod project_rules;
#[path = "cli/report.rs"]
mod report;
#[path = "cli/report_absent.rs"]
mod report_absent;
#[path = "cli/report_suppressions.rs"]
mod report_suppressions;
#[path = "cli/report_tricks.rs"]
mod report_tricks;
#[path = "cli/repository.rs"]
mod repository;
#[path = "cli/sarif.rs"]
mod sarif;
#[path = "cli/schema.rs"]
mod schema;
#[path = "cli/settings.rs"]
mod settings;
#[path = "cli/shells.rs"]
mod shells;
#[path = "cli/staged.rs"]
mod staged;
#[path = "cli/suppressions.rs"]
mod suppressions;

use folder::Folder;

const SILENT: &str = "def f(order: str) -> None:\n    try:\n        gateway.save(order)\n    except Exception:\n        pass\n";
const IDLE: &str = "x = 1  # roadworthy: ignore[unparsable-file] kept\n";

#[test]
fn a_clean_project_ends_with_0_and_says_how_much_was_judged() {
    let folder = Folder::new(&[("a.py", "x = 1\n"), ("b/c.py", "y = 2\n")]);
    folder.check(&[]).ends(0).stays_quiet().says("Nothing found in 2 files");
    folder.check(&["."]).ends(0).says("2 files");
}

#[test]
fn findings_end_with_1_from_the_level_that_fails_on() {
    let folder = Folder::new(&[("a.py", IDLE)]);
    let report = folder.check(&[]).ends(1).says("warning[unused-suppression]");
    assert!(report.stdout.contains("fails: 1 warning at or above warning"), "{}", report.stdout);
    folder.check(&["--fail-on", "error"]).ends(0).says("passes: nothing at or above error");
    folder.check(&["--fail-on", "never"]).ends(0);
    folder.check(&["--exit-zero"]).ends(0);
    folder.check(&["--min-severity", "error"]).ends(0).says("1 below the level asked for");
}

#[test]
fn rules_are_selected_by_name_group_and_area() {
    let folder = Folder::new(&[("a.py", SILENT)]);
    let rules = |arguments: &[&str]| {
        folder.check(&[arguments, &["--output-format", "json", "--exit-zero"]].concat()).rules()
    };
    assert!(rules(&[]).contains(&"silent-except".to_owned()));
    assert_eq!(rules(&["--select", "silent-except"]), ["silent-except"]);
    assert!(rules(&["--select", "errors"]).contains(&"silent-except".to_owned()));
    assert!(
        !rules(&["--select", "code", "--ignore", "silent-except"])
            .contains(&"silent-except".to_owned())
    );
    assert_eq!(rules(&["--ignore", "ALL"]), Vec::<String>::new());
    assert_eq!(
        rules(&["--select", "suppressions", "--extend-select", "silent-except"]),
        ["silent-except"]
    );
}

#[test]
fn every_role_and_pedantic_judge_what_roles_keep_silent() {
    let folder = Folder::new(&[("tests/test_a.py", SILENT)]);
    let count = |arguments: &[&str]| {
        let select = ["--select", "silent-except", "--output-format", "json", "--exit-zero"];
        folder.check(&[arguments, &select].concat()).rules().len()
    };
    assert_eq!(count(&[]), 0);
    assert_eq!(count(&["--every-role"]), 1);
    assert_eq!(count(&["--pedantic"]), 1);
}

#[test]
fn parse_modes_and_threads_change_nothing() {
    let folder = Folder::new(&[("a.py", SILENT), ("b.py", IDLE), ("c.py", "x = (\n")]);
    let plain = folder.check(&["--output-format", "concise"]).ends(1).stdout;
    let findings = |text: &str| text.split("\n\n").next().unwrap().to_owned();
    for arguments in [
        ["--parse-mode", "on-demand"],
        ["--parse-mode", "full"],
        ["--parse-mode", "regions"],
        ["--threads", "1"],
        ["--threads", "3"],
    ] {
        let other = folder.check(&[&["--output-format", "concise"], &arguments[..]].concat());
        assert_eq!(findings(&plain), findings(&other.stdout), "{arguments:?}");
    }
}

#[test]
fn verbose_tells_how_long_each_station_took() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    folder.check(&["-v"]).ends(0).warns("discovery").warns("scan").warns("parse").warns("report");
}

#[test]
fn show_files_tells_role_and_reason() {
    let folder = Folder::new(&[("app.py", "x = 1\n"), ("tests/test_a.py", "def test_a(): ...\n")]);
    let shown = folder.check(&["--show-files"]).ends(0).stays_quiet();
    let line = shown.stdout.lines().find(|line| line.starts_with("tests/test_a.py")).unwrap();
    assert!(line.contains("test  "), "{line}");
    let json = folder.check(&["--show-files", "--output-format", "json"]).ends(0).json();
    assert_eq!(json["files"][0]["path"], "app.py");
    assert!(json["files"][0]["reason"].is_string());
}

#[test]
fn excludes_leave_out_what_they_match() {
    let folder = Folder::new(&[
        ("a.py", "x = 1\n"),
        ("gen/b.py", "#!/usr/bin/env python\nx = (\n"),
        ("c/d.py", "#!/usr/bin/env python\nx = (\n"),
        ("ignored.py", "#!/usr/bin/env python\nx = (\n"),
        (".gitignore", "ignored.py\n"),
    ]);
    folder.check(&["--exclude", "gen,c"]).ends(0).says("in 1 file");
    folder.check(&["--extend-exclude", "gen", "--extend-exclude", "c"]).ends(0);
    folder.check(&["--exclude", "gen,c", "--no-respect-gitignore"]).ends(1);
    folder.check(&["--exclude", "gen", "gen/b.py"]).ends(1);
    folder
        .check(&["--exclude", "gen", "--force-exclude", "gen/b.py"])
        .ends(0)
        .warns("nothing was judged");
}

#[test]
fn standard_input_is_judged_under_the_name_it_is_given() {
    let folder = Folder::new(&[("tests/test_a.py", "x = 1\n"), ("b.py", "x = 1\n")]);
    let feed = |arguments: &[&str], text: &str| {
        let all = [&["check", "--output-format", "concise"], arguments].concat();
        folder.feed(&all, text.as_bytes())
    };
    feed(&["-"], "x = (\n").ends(1).says("-:1:5: error[unparsable-file]");
    feed(&["-"], "x = 1\n").ends(0);
    feed(&["-", "--stdin-filename", "b.py"], "x = (\n").ends(0).says("b.py:1:5: info");
    feed(&["-", "--stdin-filename", "tests/test_a.py"], SILENT).ends(0);
    feed(&["-", "--stdin-filename", "new/unsaved.py"], SILENT).ends(1).says("new/unsaved.py:4:5:");
    feed(&["-", "b.py"], "x = 1\n").ends(2).warns("stands alone");
    feed(&["--stdin-filename", "b.py"], "x = 1\n").ends(2).warns("give `-`");
    feed(&["-", "--stdin-filename", "tests"], "x = 1\n").ends(2).warns("`tests` is a folder");
    let full = folder.feed(&["check", "-", "--stdin-filename", "main.py"], b"y = [\n");
    full.ends(1).says("1 │ y = [");
}

#[test]
fn explain_and_rules_show_the_catalogue() {
    let folder = Folder::new(&[]);
    let page = folder.run(&["explain", "silent-except"]).ends(0).stays_quiet();
    page.says("Why").says("What to do").says("Left alone").says("ignore[silent-except]");
    folder.run(&["explain", "silent-excpt"]).ends(2).warns("did you mean `silent-except`?");
    folder.run(&["explain", "errors"]).ends(2).warns("not one rule");
    folder.run(&["rules"]).ends(0).says("silent-except").says("Production-grade code");
    let json = folder.run(&["rules", "--output-format", "json"]).ends(0).json();
    let rules = json["rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["name"] == "silent-except" && rule["group"] == "errors"));
}

#[test]
fn usage_is_told_and_refused() {
    let folder = Folder::new(&[]);
    folder.run(&[]).ends(2);
    folder.run(&["--help"]).ends(0).says("check");
    folder.run(&["check", "--help"]).ends(0).says("--fail-on");
    folder.run(&["--version"]).ends(0).says(env!("CARGO_PKG_VERSION"));
    folder.check(&["--output-format", "jsn"]).ends(2).warns("json");
    folder.check(&["--threads", "0"]).ends(2);
    folder.check(&["--config", "x.toml", "--isolated"]).ends(2);
}

#[test]
fn what_was_probably_meant_is_said() {
    let folder = Folder::new(&[("app/a.py", SILENT)]);
    let told = folder.check(&["--formatt", "json"]).ends(2).warns("exists: '--output-format'");
    assert!(!told.stderr.contains("as a value"), "{}", told.stderr);
    folder.check(&["--zero"]).ends(2).warns("'--exit-zero'");
    folder.check(&["--stat"]).ends(2).warns("'--statistics'");
    let told = folder.check(&["--wxyz"]).ends(2).warns("unexpected argument '--wxyz'");
    assert!(!told.stderr.contains("exists"), "{}", told.stderr);
    folder.run(&["chekc"]).ends(2).warns("'check'");
    folder.run(&["app"]).ends(2).warns("check app");
}

#[test]
fn help_says_what_the_program_is_for() {
    let folder = Folder::new(&[]);
    folder.run(&["--help"]).ends(0).says("Says whether a Python project is fit for production");
}

#[test]
fn what_no_rule_is_called_is_not_selected_in_silence() {
    let folder = Folder::new(&[("a.py", SILENT)]);
    folder.check(&["--select", "dates"]).ends(2).warns("no rule, group or area `dates`");
}

#[test]
fn comments_of_other_tools_count_beside_our_own_and_in_their_block() {
    let silence = |code: &str| {
        let folder = Folder::new(&[("a.py", code)]);
        folder.check(&["--select", "silent-except", "--fail-on", "info"]).code
    };
    let handler =
        |comment: &str| format!("try:\n    send()\nexcept Exception:  {comment}\n    pass\n");
    assert_eq!(silence(&handler("")), Some(1));
    assert_eq!(silence(&handler("# noqa: S110  # roadworthy: ignore[bare-except] kept")), Some(0));
    assert_eq!(silence(&handler("# roadworthy: ignore[bare-except] kept  # noqa: S110")), Some(0));
    assert_eq!(silence(&handler("# roadworthy: ignore[bare-except] kept  # noqa: F401")), Some(1));

    // A block that is indented by tabs ends where its own lines do.
    let block = "def f() -> None:\n\tif a:\n\t\t# pylint: disable=broad-exception-caught\n\t\ttry:\n\t\t\tsend()\n\t\texcept Exception:\n\t\t\tpass\n";
    let behind = "\ttry:\n\t\tsend()\n\texcept Exception:\n\t\tpass\n";
    assert_eq!(silence(block), Some(0));
    assert_eq!(silence(&format!("{block}{behind}")), Some(1));
}

#[test]
fn a_file_given_by_name_is_folded_as_in_a_whole_run() {
    let untyped = |of: &str| -> String {
        let each = (0..12).map(|i| format!("def {of}_{i}(name, key):\n    return name[key]\n"));
        each.collect::<Vec<_>>().join("\n")
    };
    let typed = "def save(name: str) -> bool:\n    return store(name)\n\n".repeat(14);
    let folder = Folder::new(&[
        ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"1\"\n\n[tool.mypy]\n"),
        ("a/__init__.py", ""),
        ("a/one.py", &format!("{}{typed}", untyped("load"))),
        ("a/two.py", &format!("{}{typed}", untyped("find"))),
    ]);
    let told = |arguments: &[&str]| {
        folder.run(&[&["check", "--output-format", "json"], arguments].concat()).json()
    };
    let whole = told(&[])["findings"].clone();
    assert_eq!(whole[0]["path"], "pyproject.toml");
    assert_eq!(whole[1], serde_json::Value::Null);
    assert_eq!(told(&["a/one.py"])["findings"], whole);
    folder.check(&["a/one.py", "--every-site"]).ends(0).says("a/one.py:1:1");
}

#[test]
fn what_a_component_misses_once_is_told_there_and_what_it_misses_often_once() {
    let untyped =
        |number: usize| format!("def load{number}(name, key):\n    return store(name, key)\n\n");
    let typed = "def save(name: str) -> bool:\n    return store(name)\n\n".repeat(30);
    let manifest = "[project]\nname = \"a\"\nversion = \"1\"\n\n[tool.mypy]\n";
    let level = |untyped: &str| {
        let code = format!("{untyped}{typed}");
        let folder = Folder::new(&[("pyproject.toml", manifest), ("a/one.py", &code)]);
        let ran = folder.run(&["check", "--output-format", "json", "--min-severity", "info"]);
        let finding = ran.json()["findings"][0].clone();
        (finding["path"].clone(), finding["severity"].clone())
    };
    let many = |count: usize| (0..count).map(untyped).collect::<String>();
    let told = |path: &str, level: &str| (path.into(), level.into());
    assert_eq!(level(&many(1)), told("a/one.py", "info"));
    assert_eq!(level(&many(20)), told("pyproject.toml", "info"));
    assert_eq!(level(&many(40)), told("pyproject.toml", "info"));
}
