//! `--add-ignore`: comments are written where they silence, and nowhere else.

use std::fs;

use crate::documents::token;
use crate::folder::{Folder, Ran};

const REASON: &str = "known since the audit";

fn run(folder: &Folder, arguments: &[&str]) -> Ran {
    let select = ["--select", "secrets,errors,types,suppressions", "--every-site"];
    let rest = ["--as-of", "2026-06-15", "--output-format", "concise"];
    let level: &[&str] =
        if arguments.contains(&"--fail-on") { &[] } else { &["--fail-on", "info"] };
    folder.check(&[&select[..], &rest, level, arguments].concat())
}

fn read(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).expect("is text")
}

/// Silences everything in a file, sees that nothing is found any more, takes the findings away by selecting none of the
/// rules, and sees that the file is as it was.
fn silenced(path: &str, text: &str) -> String {
    let folder = Folder::new(&[(path, text)]);
    run(&folder, &[]).ends(1);
    run(&folder, &["--add-ignore", REASON]).ends(0).stays_quiet().says("Silenced");
    let after = read(&folder, path);
    assert_ne!(after, text);
    run(&folder, &[]).ends(0).says("Nothing found");
    run(&folder, &["--add-ignore", REASON]).ends(0);
    assert_eq!(read(&folder, path), after, "a second time changes nothing");
    after
}

/// What was written, with our comments shortened.
fn shown(path: &str, text: &str) -> String {
    silenced(path, text).replace("# roadworthy: ignore", "#!").replace(REASON, "R")
}

#[test]
fn a_line_of_python_ends_in_the_comment() {
    let text = "def f(x):\n    try:\n        send()\n    except:\n        pass\n    return x\n";
    let after = "def f(x):  #![missing-type-hints] R\n    try:\n        send()\n    except:  #![silent-except] R\n        pass\n    return x\n";
    assert_eq!(shown("a.py", text), after);
}

#[test]
fn where_a_line_cannot_end_in_a_comment_it_stands_elsewhere() {
    let token = token();
    for text in [
        format!("X = \"\"\"\nkey: {token}\n\"\"\"\n"),
        format!("X = \"\"\"\nkey: {token}\n\"\"\".strip(\n)\n"),
        format!("X = g('a', \\\n    '{token}', \\\n    'b')\n"),
        format!(
            "def f() -> str:\n    \"\"\"Uses {token}.\n\n    More.\n    \"\"\"\n    return ''\n"
        ),
        format!("# {token}\nX = 1\n"),
        format!("X = 1\n# {token}"),
        format!("X = f(\n    '{token}',  # the old one\n)\r\n"),
        format!("X = f\"\"\"\n{token}{{\n  1\n}}\n\"\"\"\n"),
        format!("if a: X = '{token}'; Y = '''\n'''\n"),
        "import functools\n@functools.cache\ndef f(\n    x,\n    y,\n):\n    return x[y]\n"
            .to_owned(),
        "class A:\n    def f(self, x): return x; \\\n\n".to_owned(),
    ] {
        silenced("a.py", &text);
    }
}

#[test]
fn other_kinds_of_files_take_comments_as_their_syntax_does() {
    let token = token();
    let own = "#![hardcoded-secret] R";
    for (path, text, after) in [
        ("a.yml", format!("a: {token}\n"), format!("a: {token}  {own}\n")),
        ("a.toml", format!("a = '{token}'\n"), format!("a = '{token}'  {own}\n")),
        ("a.ini", format!("[a]\r\nb = {token}\r\n"), format!("[a]\r\n{own}\r\nb = {token}\r\n")),
        ("a.sh", format!("a {token} \\\n  b\n"), format!("{own}\na {token} \\\n  b\n")),
        ("x.properties", format!("a={token}\n"), format!("{own}\na={token}\n")),
    ] {
        assert_eq!(shown(path, &text), after, "{path}");
    }
    silenced(
        "Dockerfile",
        &format!("FROM a\nENV API_TOKEN={token}\nRUN a \\\n  {token} \\\n  b\n"),
    );
    silenced(".env", "A=1\nAPI_TOKEN=q8Zt4mWx7RkP2vLs\nDB_PASSWORD=vT9qLw2xKzM4bN7c\n");
}

#[test]
fn a_comment_that_is_there_takes_more_rules_in() {
    let text = |list: &str, reason: &str| {
        format!(
            "def f() -> None:\n    try:\n        send()\n    except:  # roadworthy: ignore[{list}] {reason}\n        log()\n"
        )
    };
    let folder = Folder::new(&[("a.py", &text("silent-except", "old one"))]);
    run(&folder, &["--add-ignore", REASON]).ends(1).warns("a.py:4: unused-suppression stays");
    assert_eq!(
        read(&folder, "a.py"),
        text("silent-except, bare-except", &format!("old one; {REASON}"))
    );
}

#[test]
fn a_day_may_stand_before_the_reason() {
    let folder = Folder::new(&[("a.py", "try:\n    send()\nexcept:\n    log()\n")]);
    run(&folder, &["--add-ignore", "until=2027-01-31 known since the audit"]).ends(0);
    assert!(read(&folder, "a.py").contains("ignore[bare-except] until=2027-01-31 known since"));
    run(&folder, &[]).ends(0);
    folder
        .check(&["--as-of", "2027-02-01"])
        .ends(1)
        .says("bare-except")
        .says("it held until 2027-01-31");
}

#[test]
fn what_cannot_be_silenced_is_named_and_fails_the_run() {
    let token = token();
    let folder = Folder::new(&[
        ("a.json", &format!("{{\"a\": \"{token}\"}}\n")),
        ("b.py", "x = (\n"),
        ("c.yml", &format!("a: |\n  {token}\n")),
        ("d.md", &format!("{token}\n")),
        ("e.yml", &format!("a: {token}\n")),
    ]);
    let before = ["a.json", "b.py", "c.yml", "d.md"].map(|path| read(&folder, path));
    let ran = run(&folder, &["--add-ignore", REASON]).ends(1).says("Silenced 1 finding in 1 file");
    let ran = ran.warns("a.json:1: hardcoded-secret stays: no comment may be put into such a file");
    let ran = ran.warns("b.py:1: unparsable-file stays: a comment cannot silence it");
    let ran = ran.warns("c.yml:2: hardcoded-secret stays: no comment would silence it");
    let ran =
        ran.warns("d.md:1: hardcoded-secret stays").says("a.json:1:8: warning[hardcoded-secret]");
    assert!(!ran.stdout.contains(&token) && !ran.stderr.contains(&token));
    assert_eq!(["a.json", "b.py", "c.yml", "d.md"].map(|path| read(&folder, path)), before);
    // Below the level that fails, it is still not done.
    run(&folder, &["--add-ignore", REASON, "--fail-on", "never"]).ends(1);
    run(&folder, &["--add-ignore", REASON, "--exit-zero"]).ends(0);
}

#[test]
fn only_what_is_shown_is_silenced() {
    let text = "def f(x):\n    try:\n        send()\n    except:\n        log()\n";
    let folder = Folder::new(&[("a.py", text)]);
    run(&folder, &["--add-ignore", REASON, "--min-severity", "error"]);
    let after = read(&folder, "a.py");
    assert!(!after.contains("missing-type-hints"), "{after}");
}

#[test]
fn a_reason_is_asked_for() {
    let folder = Folder::new(&[("a.py", "try:\n    send()\nexcept:\n    log()\n")]);
    let before = read(&folder, "a.py");
    let refused = |reason: &str, told: &str| {
        run(&folder, &["--add-ignore", reason]).ends(2).warns(told);
    };
    refused("", "gives no reason");
    refused("  ", "gives no reason");
    refused("TODO", "gives no reason");
    refused("until=2027-01-31", "gives no reason");
    refused("a line\nand another", "control character");
    refused("known # noqa", "holds a comment of its own");
    refused("until=2026-06-14 known", "a day that has passed");
    refused("until=soon known", "a day that has passed");
    refused(&format!("the key is {}", token()), "looks like a secret");
    assert_eq!(read(&folder, "a.py"), before);
    let ran = folder.feed(&["check", "-", "--add-ignore", REASON], b"x = 1\n").ends(2);
    ran.warns("--add-ignore changes files, and standard input is none");
    folder.check(&["--history", "--add-ignore", REASON]).ends(2);
}

#[test]
fn the_fix_takes_out_what_was_written_and_leaves_the_file_as_it_was() {
    let text = "\u{feff}def f(x, y):   \r\n    try:\r\n        send(x, y)\r\n    except:\t# hm\r\n        pass\r\n\r\n\r\nX = 'a' \\\r\n    'b'\r\n";
    let folder = Folder::new(&[("a.py", text)]);
    run(&folder, &["--add-ignore", REASON]).ends(0);
    assert_ne!(read(&folder, "a.py"), text);
    // Once the defects are mended nothing needs the comments.
    let mended = |text: &str| {
        let text = text.replace("def f(x, y):", "def f(x: int, y: int) -> None:");
        text.replace("except:", "except OSError:").replace("        pass", "        raise")
    };
    folder.write("a.py", mended(&read(&folder, "a.py")).as_bytes());
    run(&folder, &["--fix"]).ends(0).says("Fixed 2 findings in 1 file");
    assert_eq!(read(&folder, "a.py"), mended(text));
}

#[test]
fn an_encoding_without_room_for_the_reason_is_left_alone() {
    let folder = Folder::new(&[]);
    let bytes = b"# coding: latin-1\nx = '\xe9'\ntry:\n    send()\nexcept:\n    log()\n";
    folder.write("a.py", bytes);
    let ran = run(&folder, &["--add-ignore", "принято в аудите"]).ends(1);
    ran.warns("a.py was left as it is: it has an encoding that cannot hold the change");
    assert_eq!(fs::read(folder.path().join("a.py")).expect("is there"), bytes);
    run(&folder, &["--add-ignore", REASON]).ends(0);
}
