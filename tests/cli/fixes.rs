//! `--fix`: what is changed, and that nothing else is.

use std::fs;

use crate::folder::{Folder, Ran};

const SELECT: [&str; 2] = ["--select", "silent-except,hardcoded-secret,suppressions"];
const OWN: &str = "# roadworthy: ignore[silent-except] the partner tells us itself";

fn run(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.check(
        &[&SELECT[..], &["--as-of", "2026-06-15", "--output-format", "concise"], arguments]
            .concat(),
    )
}

fn read(folder: &Folder, path: &str) -> Vec<u8> {
    fs::read(folder.path().join(path)).expect("is there")
}

/// What becomes of the bytes of a file; a second run must change nothing.
fn fixed(path: &str, bytes: &[u8]) -> Vec<u8> {
    let folder = Folder::new(&[]);
    folder.write(path, bytes);
    run(&folder, &["--fix"]).ends(0);
    let after = read(&folder, path);
    run(&folder, &["--fix"]).ends(0).stays_quiet();
    assert_eq!(read(&folder, path), after, "{path}");
    after
}

fn fixed_text(path: &str, text: &str) -> String {
    String::from_utf8(fixed(path, text.as_bytes())).expect("is text")
}

#[test]
fn an_unused_comment_goes_with_the_blanks_before_it_and_all_else_stays() {
    for (before, after) in [
        (format!("x = 1  {OWN}\ny = 2\n"), "x = 1\ny = 2\n"),
        (format!("x = 1\t {OWN}   \r\ny = 2\r\n"), "x = 1   \r\ny = 2\r\n"),
        (format!("x = 1\n    {OWN}\ny = 2"), "x = 1\ny = 2"),
        (format!("\u{feff}{OWN}\r\nx = 1\r\n"), "\u{feff}x = 1\r\n"),
        (format!("x = 1  {OWN}"), "x = 1"),
        (format!("x = 1\n{OWN}"), "x = 1\n"),
        (format!("x = 1  # noqa: E1  {OWN}\n"), "x = 1  # noqa: E1\n"),
        (format!("x = 1  {OWN}  # noqa: E1\n"), "x = 1  # noqa: E1\n"),
        (format!("x = 1  {OWN}  {OWN}\n"), "x = 1\n"),
        (format!("x = 1\r{OWN}\ry = 2\r"), "x = 1\ry = 2\r"),
    ] {
        assert_eq!(fixed_text("a.py", &before), after, "{before:?}");
    }
    let own = OWN.replace("silent-except", "hardcoded-secret");
    for (path, before, after) in [
        ("a.yml", format!("a: 1  {own}\n"), "a: 1\n"),
        ("a.toml", format!("{own}\na = 1\n"), "a = 1\n"),
        ("a.ini", format!("{}\n[a]\n", own.replace('#', ";")), "[a]\n"),
        ("Dockerfile", format!("FROM a\n{own}\nRUN b\n"), "FROM a\nRUN b\n"),
        ("a.sh", format!("a  {own}\n"), "a\n"),
    ] {
        assert_eq!(fixed_text(path, &before), after, "{path}");
    }
}

#[test]
fn of_a_list_only_the_unused_names_go() {
    let text = |list: &str| {
        format!(
            "try:\n    save()\nexcept Exception:  # roadworthy: ignore[{list}] a flaky partner\n    pass\n"
        )
    };
    let before = text("hardcoded-secret,silent-except , no-such-rule");
    assert_eq!(fixed_text("a.py", &before), text("silent-except"));
}

#[test]
fn void_and_expired_comments_go_too() {
    for own in [
        "ignore[no-such-rule] why",
        "ignore",
        "disable[x]",
        "ignore[silent-except] until=2020-01-01 a",
    ] {
        assert_eq!(
            fixed_text("a.py", &format!("x = 1  # roadworthy: {own}\n")),
            "x = 1\n",
            "{own}"
        );
    }
}

#[test]
fn other_encodings_are_kept() {
    let latin = format!("# coding: latin-1\nx = '\u{e9}'  {OWN}\n");
    let bytes: Vec<u8> = latin.chars().map(|it| it as u8).collect();
    assert_eq!(fixed("a.py", &bytes), b"# coding: latin-1\nx = '\xe9'\n");
    let own = OWN.replace("silent-except", "hardcoded-secret");
    let wide = |text: &str| -> Vec<u8> {
        [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
    };
    assert_eq!(fixed("a.yml", &wide(&format!("a: 1 {own}\n"))), wide("a: 1\n"));
}

#[test]
fn what_may_be_an_example_stays() {
    let expired = "roadworthy: ignore-file[hardcoded-secret] until=2020-01-31 an old account";
    let token = crate::documents::token();
    let folder = Folder::new(&[
        ("a.md", &format!("<!-- {expired} -->\n{token}\n")),
        ("a.json", &format!("{{\n// {expired}\n\"a\": 1}}\n")),
    ]);
    let before = [read(&folder, "a.md"), read(&folder, "a.json")];
    let ran = run(&folder, &["--fix"]).ends(1);
    assert!(!ran.stdout.contains("Fixed"), "{}", ran.stdout);
    assert_eq!([read(&folder, "a.md"), read(&folder, "a.json")], before);
}

#[test]
fn what_was_fixed_is_counted_and_what_stays_is_shown_where_it_is_now() {
    let silent = "try:\n    save()\nexcept Exception:\n    pass\n";
    let folder = Folder::new(&[
        ("a.py", &format!("{OWN}\nx = 1\n{OWN}\ny = 2\n{silent}")),
        ("b.py", &format!("x = 1  {OWN}\n")),
    ]);
    let ran = run(&folder, &[]).ends(1).says("3 of them can be mended by `--fix`");
    assert!(ran.stdout.contains("a.py:7:1: warning[silent-except]"), "{}", ran.stdout);
    let json = folder.check(&[&SELECT[..], &["--output-format", "json"]].concat()).json();
    assert_eq!(json["findings"][0]["fix_available"], "safe");
    assert_eq!(json["findings"][2]["fix_available"], serde_json::Value::Null);
    assert_eq!(json["summary"]["fixable"], 3);
    let ran = run(&folder, &["--fix"]).ends(1).says("Fixed 3 findings in 2 files");
    assert!(ran.stdout.contains("a.py:5:1: warning[silent-except]"), "{}", ran.stdout);
    assert_eq!(read(&folder, "a.py"), format!("x = 1\ny = 2\n{silent}").into_bytes());
    run(&folder, &["--fix"]).ends(1).says("Found 1 warning");
}

#[test]
fn what_is_not_shown_is_not_fixed() {
    let folder = Folder::new(&[("a.py", &format!("x = 1  {OWN}\n"))]);
    run(&folder, &["--fix", "--min-severity", "error"]).ends(0);
    folder.check(&["--fix", "--ignore", "unused-suppression"]).ends(0);
    assert!(read(&folder, "a.py").ends_with(b"itself\n"));
}

#[test]
fn fixes_go_with_files_on_disk_only() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    let ran = folder.feed(&["check", "-", "--fix"], b"x = 1\n").ends(2);
    ran.warns("--fix changes files, and standard input is none: give a path");
    folder.check(&["--fix", "--history"]).ends(2);
    folder.check(&["--fix", "--show-files"]).ends(2);
    folder.check(&["--fix", "--add-ignore", "kept for now"]).ends(2);
}

#[cfg(unix)]
#[test]
fn files_keep_their_permissions_and_links_are_followed_inside_the_project() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let text = format!("x = 1  {OWN}\n");
    let folder = Folder::new(&[("a.py", &text), ("sub/real.py", &text), ("closed.py", &text)]);
    let outside = Folder::new(&[("b.py", &text)]);
    let path = |name: &str| folder.path().join(name);
    fs::set_permissions(path("a.py"), fs::Permissions::from_mode(0o751)).expect("is ours");
    fs::set_permissions(path("closed.py"), fs::Permissions::from_mode(0o444)).expect("is ours");
    symlink(outside.path().join("b.py"), path("out.py")).expect("can be made");
    symlink("sub/real.py", path("link.py")).expect("can be made");
    let ran = run(&folder, &["--fix", "a.py", "link.py", "out.py", "closed.py"]).ends(1);
    let ran = ran.says("Fixed 2 findings in 2 files");
    let ran = ran.warns("out.py was left as it is: it is a link that leads out of the project");
    ran.warns("closed.py was left as it is: it may not be written");
    assert_eq!(fs::metadata(path("a.py")).expect("is there").permissions().mode() & 0o777, 0o751);
    assert!(path("link.py").is_symlink() && read(&folder, "sub/real.py") == b"x = 1\n");
    assert_eq!(read(&outside, "b.py"), text.as_bytes());
    assert_eq!(read(&folder, "closed.py"), text.as_bytes());
    let names = fs::read_dir(folder.path()).expect("is there").count();
    assert_eq!(names, 5, "nothing is left beside the files");
}

const PRINTS: &str = "import os\r\n\r\nfrom django.db import models\r\n\r\n\r\ndef charge(order):\r\n\tprint(f\"charging {order.id}\")\r\n\tlogging.info(os.getpid())\r\n";
const LOGS: &str = "import logging\r\nimport os\r\n\r\nfrom django.db import models\r\n\r\nlogger = logging.getLogger(__name__)\r\n\r\n\r\ndef charge(order):\r\n\tlogger.info(\"charging %s\", order.id)\r\n\tlogging.info(os.getpid())\r\n";

fn prints(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.check(&[&["--select", "print-in-product-code"], arguments].concat())
}

#[test]
fn what_somebody_should_look_at_is_mended_on_demand_only() {
    // What the module calls a logger is there in the second file only.
    let text = PRINTS.replace("\tlogging.info(os.getpid())\r\n", "\treturn os.getpid()\r\n");
    let mended = LOGS.replace("\tlogging.info(os.getpid())\r\n", "\treturn os.getpid()\r\n");
    let folder = Folder::new(&[("shop/a.py", &text)]);
    prints(&folder, &[]).ends(0).says("1 of them can be mended by `--fix --unsafe-fixes`");
    prints(&folder, &[]).says("fix: `--fix --unsafe-fixes` does it; look at what it writes");
    prints(&folder, &["--fix"]).ends(0);
    assert_eq!(read(&folder, "shop/a.py"), text.as_bytes());
    let json = prints(&folder, &["--output-format", "json"]).json();
    assert_eq!(json["findings"][0]["fix_available"], "unsafe");
    assert_eq!(json["findings"][0]["fix_edits"][0]["text"], "import logging\r\n");
    assert_eq!(json["findings"][0]["fix_edits"][0]["line"], 1);
    assert_eq!(json["summary"]["fixable"], 0);
    assert_eq!(json["summary"]["fixable_unsafe"], 1);
    let fixed = prints(&folder, &["--fix", "--unsafe-fixes"]).ends(0);
    fixed.says("Fixed 1 finding in 1 file");
    assert_eq!(read(&folder, "shop/a.py"), mended.as_bytes());
    prints(&folder, &["--fix", "--unsafe-fixes"]).ends(0).stays_quiet();
    assert_eq!(read(&folder, "shop/a.py"), mended.as_bytes());
}

#[test]
fn a_name_that_is_taken_for_something_else_is_left_alone() {
    let folder = Folder::new(&[("shop/a.py", PRINTS)]);
    prints(&folder, &["--fix", "--unsafe-fixes"]).ends(0);
    assert_eq!(read(&folder, "shop/a.py"), PRINTS.as_bytes());
}

#[test]
fn a_dry_run_shows_a_diff_and_changes_nothing() {
    let silent = format!("x = 1  {OWN}\ny = 2");
    let folder = Folder::new(&[("a.py", &silent), ("b.py", "x = 1\n")]);
    let ran = run(&folder, &["--fix", "--dry-run"]).ends(1);
    let expected = format!(
        "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-x = 1  {OWN}\n+x = 1\n y = 2\n\\ No newline at end of file\n"
    );
    assert_eq!(ran.stdout, expected);
    ran.warns("1 finding would be mended in 1 file");
    let ran = run(&folder, &["--diff"]).ends(1);
    assert_eq!(ran.stdout, expected);
    assert_eq!(read(&folder, "a.py"), silent.as_bytes());
    run(&folder, &["--fix", "--dry-run", "--exit-zero"]).ends(0);
    run(&folder, &["--fix"]).ends(0);
    let ran = run(&folder, &["--fix", "--dry-run"]).ends(0);
    assert_eq!(ran.stdout, "");
    ran.warns("nothing would be changed");
}

#[test]
fn a_dry_run_shows_comments_that_would_be_written_too() {
    let silent = "try:\n    save()\nexcept Exception:\n    pass\n";
    let folder = Folder::new(&[("a.py", silent)]);
    let ran = run(&folder, &["--add-ignore", "the partner tells us", "--dry-run"]).ends(1);
    assert!(ran.stdout.contains("+except Exception:  # roadworthy: ignore"), "{}", ran.stdout);
    assert_eq!(read(&folder, "a.py"), silent.as_bytes());
}

#[test]
fn a_diff_and_fixes_hold_no_secret() {
    let token = crate::documents::token();
    let text = format!(
        "from django.db import models\n\n\ndef charge(order):\n    token = \"{token}\"\n    print(f\"{{order}} {token}\")\n    return token\n"
    );
    let folder = Folder::new(&[("shop/a.py", &text)]);
    let unsafe_fixes = ["--fix", "--unsafe-fixes", "--dry-run"];
    let ran = prints(&folder, &unsafe_fixes).ends(1);
    assert!(!ran.stdout.contains(&token) && ran.stdout.contains("[redacted]"), "{}", ran.stdout);
    for format in ["json", "json-lines", "sarif", "rdjson", "full"] {
        let ran = prints(&folder, &["--output-format", format]).ends(0);
        assert!(!ran.stdout.contains(&token), "{format}: {}", ran.stdout);
    }
    prints(&folder, &["--fix", "--unsafe-fixes"]).ends(0);
    let after = String::from_utf8(read(&folder, "shop/a.py")).expect("is text");
    assert!(after.contains(&format!("logger.info(\"%s {token}\", order)")), "{after}");
}

#[test]
fn options_of_fixes_go_together() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    let ran = folder.check(&["--unsafe-fixes"]).ends(2);
    ran.warns("--unsafe-fixes says how far --fix or a --diff without REF may go: give one of them");
    folder.check(&["--diff", "--statistics"]).ends(2);
    folder.check(&["--fix", "--dry-run", "--statistics"]).ends(2);
    let ran = folder.check(&["--dry-run"]).ends(2);
    ran.warns("--dry-run shows what --fix or --add-ignore would change: give one of them");
}

#[test]
fn what_a_fix_brings_about_is_mended_or_told() {
    let text = "import logging\n\nlogger = logging.getLogger(__name__)\n\n\ndef load(path: str) -> None:\n    try:\n        render(path)\n    except:\n        logger.error(\"no configuration\")\n";
    let folder = Folder::new(&[("shop/a.py", text)]);
    let select = ["--select", "bare-except,broad-except-loses-traceback"];
    let arguments = [&select[..], &["--fix", "--unsafe-fixes", "--output-format", "concise"]];
    folder.check(&arguments.concat()).ends(0).says("Fixed 2 findings in 1 file");
    let after =
        text.replace("except:", "except Exception:").replace("on\")", "on\", exc_info=True)");
    assert_eq!(read(&folder, "shop/a.py"), after.as_bytes());
    // Where nothing is logged there is no fix for what comes next.
    let text = "def rate(currency):\n    try:\n        answer = requests.get(URL, timeout=5)\n        value = answer.json()[\"rate\"]\n    except:\n        value = 1.0\n    return value\n";
    folder.write("shop/a.py", text.as_bytes());
    let ran = folder.check(&arguments.concat()).ends(0).says("Fixed 1 finding in 1 file");
    assert!(ran.stdout.contains("a.py:5:5: info[broad-except-loses"), "{}", ran.stdout);
}

#[test]
fn a_notebook_is_never_changed() {
    let cell = "def f(a: int):\\n    assert a > 0\\n    print(a)\\n    logging.info(a)";
    let text = format!(
        "{{\"cells\": [{{\"cell_type\": \"code\", \"source\": [\"{cell}\"], \"metadata\": {{}}, \"outputs\": [], \"execution_count\": null}}], \"metadata\": {{}}, \"nbformat\": 4, \"nbformat_minor\": 5}}\n"
    );
    let folder = Folder::new(&[("a.ipynb", &text)]);
    folder.check(&["--select", "all", "--every-role", "--fix", "--unsafe-fixes", "--exit-zero"]);
    assert_eq!(read(&folder, "a.ipynb"), text.as_bytes());
}
