//! Files that are not Python: which are judged, how they are counted, silenced and shown.

use std::process::Command;

use crate::folder::Folder;

/// A credential of no one, in two parts, so that no scanner takes this file for a leak.
pub(crate) fn token() -> String {
    ["AKIA", "Q3ZTN5XW2LKV7RPD"].concat()
}

fn git(folder: &Folder, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder.path()).args(["-c", "user.name=a", "-c", "user.email=a@b.c"]);
    command.args(arguments).output().is_ok_and(|output| output.status.success())
}

/// The places of the findings of the rules about secrets, as `path:line`.
fn found(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let select = ["--select", "secrets", "--output-format", "json", "--exit-zero"];
    let json = folder.check(&[arguments, &select].concat()).ends(0).json();
    let findings = json["findings"].as_array().expect("is a list").iter();
    findings.map(|it| format!("{}:{}", it["path"].as_str().unwrap_or(""), it["line"])).collect()
}

#[test]
fn every_kind_of_text_is_judged_and_counted() {
    let line = format!("x: {}\n", token());
    let paths =
        [".github/workflows/ci.yml", "README.md", "a.sh", "conf/app.ini", "pyproject.toml", "x.js"];
    let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, line.as_str())).collect();
    // What says something about the project is what its name says.
    let workflow = format!("name: {}\non: push\njobs: {{}}\n", token());
    let lock = format!("x = \"{}\"\n", token());
    files[0].1 = &workflow;
    files[4].1 = "[tool]\n";
    files.push(("logo.png", &line));
    files.push(("poetry.lock", &lock));
    files.push(("locales/de.json", &line));
    let folder = Folder::new(&files);
    let expected =
        [".github/workflows/ci.yml:1", "README.md:1", "a.sh:1", "conf/app.ini:1", "x.js:1"];
    assert_eq!(found(&folder, &[]), expected);
    let report = folder.check(&["--output-format", "concise"]).ends(1).stdout;
    assert!(report.contains("in 0 Python files and 7 others"), "{report}");
    // Of a lock file a rule about the project speaks, which is no reason for the others to judge it.
    let of_lock: Vec<_> = report.lines().filter(|line| line.starts_with("poetry.lock:")).collect();
    assert!(of_lock.len() == 1 && of_lock[0].contains("update-automation-gap"), "{report}");
    // What tools wrote is judged where it is asked for by name.
    assert_eq!(found(&folder, &["poetry.lock"]), ["poetry.lock:1"]);
    // Files that no selected rule judges are neither read nor counted.
    folder.check(&["--select", "errors"]).ends(0).warns("nothing was judged");
}

#[test]
fn show_files_and_json_name_the_kind() {
    let folder = Folder::new(&[
        ("a.py", "x = 1\n"),
        (".env.example", "A=b\n"),
        ("tests/data/x.json", "{}\n"),
        ("Dockerfile", "FROM scratch\n"),
    ]);
    let json = folder.check(&["--show-files", "--output-format", "json"]).ends(0).json();
    let files = json["files"].as_array().expect("is a list").iter();
    let shown: Vec<_> = files
        .map(|it| [&it["path"], &it["kind"], &it["role"]].map(|it| it.as_str().unwrap_or("")))
        .collect();
    assert_eq!(
        shown,
        [
            [".env.example", "env", "example"],
            ["Dockerfile", "dockerfile", "application"],
            ["a.py", "python", "application"],
            ["tests/data/x.json", "json", "test"],
        ]
    );
    let text = folder.check(&["--show-files"]).ends(0).stdout;
    assert!(text.lines().any(|line| line.starts_with("Dockerfile") && line.contains("dockerfile")));
    let report = folder.check(&["--output-format", "json"]).ends(0).json();
    assert_eq!(report["summary"]["files"], 4);
    assert_eq!(report["summary"]["files_by_kind"]["env"], 1);
}

#[test]
fn what_git_ignores_is_not_read_and_what_it_keeps_is() {
    let line = format!("# {}\n", token());
    let folder = Folder::new(&[
        (".env", &line),
        ("kept.yml", &line),
        ("a.py", &line),
        (".gitignore", ".env\nkept.yml\na.py\n"),
    ]);
    assert_eq!(found(&folder, &[]), [""; 0]);
    assert_eq!(found(&folder, &[".env"]), [".env:1"]);
    assert_eq!(found(&folder, &["--no-respect-gitignore"]), [".env:1", "a.py:1", "kept.yml:1"]);
    if git(&folder, &["init", "-q"]) {
        assert_eq!(found(&folder, &[]), [""; 0]);
        assert!(git(&folder, &["add", "-f", "kept.yml", "a.py"]));
        assert_eq!(found(&folder, &[]), ["a.py:1", "kept.yml:1"]);
        let mut bare = folder.command(&["check", "--exit-zero", "--output-format", "concise"]);
        let output = bare.env("PATH", "").output().expect("runs");
        assert!(output.status.success(), "a machine without git is no fault");
    }
}

#[test]
fn comments_silence_findings_in_every_syntax() {
    let token = token();
    let rule = "hardcoded-secret";
    for (path, text) in [
        ("a.yml", format!("x: {token} # roadworthy: ignore[{rule}] revoked\n")),
        ("a.yml", format!("# roadworthy: ignore[{rule}] revoked\n\nx: {token}\n")),
        ("a.js", format!("const x = '{token}'; // roadworthy: ignore[{rule}] revoked\n")),
        ("a.ini", format!("; roadworthy: ignore[{rule}] revoked\nx = {token}\n")),
        ("a.sql", format!("-- roadworthy: ignore[{rule}] revoked\nSELECT '{token}';\n")),
        ("a.html", format!("<p>{token}</p> <!-- roadworthy: ignore[{rule}] revoked -->\n")),
        (
            "a.yml",
            format!("# roadworthy: ignore-file[{rule}] revoked\n\n\na: {token}\nb: {token}\n"),
        ),
        ("a.yml", format!("x: {token} # pragma: allowlist secret\n")),
        ("a.yml", format!("# pragma: allowlist nextline secret\nx: {token}\n")),
        ("a.json", format!("{{\"x\": \"{token}\", \"note\": \"pragma: allowlist secret\"}}\n")),
        ("a.txt", format!("{token} gitleaks:allow\n")),
        ("a.sh", format!("X={token} # nosec B105\n")),
        ("a.sh", format!("X={token} # noqa: S105\n")),
        ("a.py", format!("X = '{token}'  # pragma: allowlist secret\n")),
        ("a.py", format!("# pragma: allowlist nextline secret\nX = '{token}'\n")),
        ("a.py", format!("X = '{token}'  # gitleaks:allow\n")),
        ("a.py", format!("X = ('{token}'\n     ' more')  # gitleaks:allow\n")),
    ] {
        let folder = Folder::new(&[(path, &text)]);
        let ran = folder.check(&["--select", "secrets,suppressions"]).ends(0);
        assert!(ran.stdout.contains("suppressed by comments"), "{path}\n{text}\n{}", ran.stdout);
    }
}

#[test]
fn comments_that_silence_nothing_are_told_but_not_in_prose() {
    let own = "# roadworthy: ignore[hardcoded-secret] why\n";
    let unused = |path: &str| {
        let folder = Folder::new(&[(path, &format!("{own}x: 1\n"))]);
        folder.check(&["--output-format", "json", "--exit-zero"]).rules()
    };
    assert_eq!(unused("a.yml"), ["unused-suppression"]);
    assert_eq!(unused("README.md"), [""; 0]);
    let folder = Folder::new(&[("a.yml", "x: 1 # roadworthy: ignore[no-such-rule] why\n")]);
    folder.check(&[]).ends(1).says("suppression is void");
}

#[test]
fn no_frame_shows_a_secret_of_the_file_whatever_rules_run() {
    let token = token();
    let text = format!("a: {token} # roadworthy: ignore[no-such-rule]\nb: {token}\n");
    let folder = Folder::new(&[("a.yml", &text)]);
    for arguments in [&[][..], &["--select", "suppressions,logging"], &["--pedantic"]] {
        for format in ["full", "concise", "json"] {
            let all = [arguments, &["--output-format", format]].concat();
            let ran = folder.check(&all);
            assert!(!ran.stdout.contains(&token) && !ran.stderr.contains(&token), "{all:?}");
        }
    }
    folder.check(&[]).ends(1).says("b: [redacted]");
}

#[test]
fn standard_input_takes_the_kind_of_its_name() {
    let folder = Folder::new(&[]);
    let text = format!("x: {}\n", token());
    let arguments = ["check", "-", "--stdin-filename", "new/x.yaml", "--output-format", "concise"];
    folder.feed(&arguments, text.as_bytes()).ends(1).says("new/x.yaml:1:4: warning");
    folder.feed(&arguments, b"x: (\n").ends(0);
}

#[test]
fn what_is_no_text_or_too_large_is_left_alone() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    folder.write("a.key", &[b"\0\x01", token().as_bytes()].concat());
    folder.write("latin.yml", &[b"\xe9: ", token().as_bytes(), b"\n"].concat());
    folder.write("long.json", &vec![b' '; 20_000_001]);
    assert_eq!(found(&folder, &[]), ["latin.yml:1"]);
    folder.check(&[]).ends(1).warns("long.json was not judged: it is larger than 20 MB");
    let json = folder.check(&["--output-format", "json"]).ends(1).json();
    assert_eq!(json["summary"]["problems"][0]["path"], "long.json");
}

#[test]
fn tests_and_samples_are_judged_by_what_speaks_for_itself() {
    let line = format!("x: {}\n", token());
    let url = "url: https://jo:q8Zt4mWx7RkP2vLs@db.acme.io/shop\n";
    let text = format!("{line}{url}");
    let folder = Folder::new(&[
        ("a.yml", &text),
        ("tests/a.yml", &text),
        ("a.yml.example", &text),
        ("vendor/a.yml", &text),
    ]);
    assert_eq!(found(&folder, &[]), ["a.yml:1", "a.yml:2", "a.yml.example:1", "tests/a.yml:1"]);
}

/// The rules that speak, each with its place.
fn rules(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let select = ["--select", "secrets", "--output-format", "json", "--exit-zero"];
    let json = folder.check(&[arguments, &select].concat()).ends(0).json();
    let findings = json["findings"].as_array().expect("is a list").iter();
    findings
        .map(|it| {
            let [path, rule] = ["path", "rule"].map(|key| it[key].as_str().unwrap_or(""));
            format!("{path}:{}:{} {rule}", it["line"], it["column"])
        })
        .collect()
}

#[test]
fn a_notebook_is_judged_by_its_cells_and_its_outputs() {
    let token = token();
    let notebook = format!(
        r#"{{
 "cells": [
  {{"cell_type": "markdown", "source": ["password = 'q8Zt4mWx7RkP2vLs'\n", "x"]}},
  {{
   "cell_type": "code",
   "outputs": [{{"name": "stdout", "text": ["a\n{token}\n", "password = 'q8Zt4mWx7RkP2vLs'\n"]}}],
   "source": [
    "é = \"\u00e9\"; password = \"q8Zt4mWx7RkP2vLs\"\n",
    "broken = '''\n"
   ]
  }},
  {{
   "cell_type": "code",
   "source": [
    "%matplotlib inline\n",
    "api_key = 'vT9qLw2xKzM4bN7c'\n",
    "client.api_key = 'vT9qLw2xKzM4bN7c'  # noqa: S105\n",
    "password = os.getenv('DB_PASSWORD', 'vT9qLw2xKzM4bN7c')\n"
   ]
  }}
 ]
}}"#
    );
    let folder = Folder::new(&[("a.ipynb", &notebook)]);
    let expected = ["a.ipynb:6:48", "a.ipynb:8:35", "a.ipynb:16:17", "a.ipynb:18:43"];
    let expected = expected.map(|place| format!("{place} hardcoded-secret"));
    assert_eq!(rules(&folder, &[]), expected);
    assert_eq!(rules(&folder, &["a.ipynb"]), expected);
    let full = folder.check(&["--exit-zero"]).ends(0).stdout;
    assert!(full.contains("[redacted]") && !full.contains(&token) && !full.contains("vT9q"));
    let files = folder.check(&["--show-files", "--output-format", "json"]).json();
    assert_eq!(files["files"][0]["role"], "notebook");
    // Rules that do not ask for notebooks do not see them.
    folder.check(&["--select", "errors,logging,types"]).ends(0).warns("nothing was judged");
}

#[test]
fn a_secret_file_is_spoken_of_once_and_only_where_it_is_committed() {
    let env = "A=1\nAPI_TOKEN=q8Zt4mWx7RkP2vLs\nDB_PASSWORD=vT9qLw2xKzM4bN7c\n";
    let folder = Folder::new(&[(".env", env), ("app.conf", "[a]\npassword = q8Zt4mWx7RkP2vLs\n")]);
    let file = ".env:2:11 secret-file-committed";
    let lines = [".env:2:11 hardcoded-secret", ".env:3:13 hardcoded-secret"];
    let other = "app.conf:2:12 hardcoded-secret";
    // Outside of a repository everything counts as committed.
    assert_eq!(rules(&folder, &[]), [file, other]);
    assert_eq!(rules(&folder, &["--ignore", "secret-file-committed"]), [lines[0], lines[1], other]);
    if git(&folder, &["init", "-q"]) {
        assert_eq!(rules(&folder, &[]), [lines[0], lines[1], other]);
        assert!(git(&folder, &["add", ".env"]));
        assert_eq!(rules(&folder, &[]), [file, other]);
        folder.write(".gitignore", b".env\n");
        assert_eq!(rules(&folder, &[]), [file, other]);
        assert_eq!(rules(&folder, &[".env"]), [file]);
    }
    let shown = folder.check(&["--exit-zero"]).ends(0).stdout;
    assert!(!shown.contains("q8Zt4") && !shown.contains("vT9q"), "{shown}");
}

#[test]
fn keys_stores_and_accounts_are_secret_files() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDKp3mV7yQxT2Lw\n".repeat(3);
    let marks = ["-----BEGIN ", "PRIVATE KEY-----\n", "-----END "];
    let pem = [marks[0], marks[1], &body, marks[2], marks[1]].concat();
    let account = format!(
        "{{\"type\": \"service_account\", \"private_key\": \"{}\"}}\n",
        pem.replace('\n', "\\n")
    );
    let folder = Folder::new(&[
        ("tls/server.key", &pem),
        ("tests/tls/server.key", &pem),
        ("tls/localhost.key", &pem),
        ("gcp.json", &account),
        ("release.p12", ""),
    ]);
    let found = rules(&folder, &[]);
    let of = |path: &str| found.iter().find(|it| it.starts_with(path)).map(String::as_str);
    for path in ["tls/server.key", "gcp.json", "release.p12"] {
        let rule = of(path).and_then(|it| it.split_once(' '));
        assert_eq!(rule.map(|it| it.1), Some("secret-file-committed"), "{path}: {found:?}");
    }
    assert_eq!(of("tests/"), None);
    assert_eq!(found.iter().filter(|it| it.starts_with("gcp.json")).count(), 1, "{found:?}");
}

#[test]
fn an_image_is_spoken_of_once() {
    let text =
        "FROM a\nENV API_TOKEN=q8Zt4mWx7RkP2vLs\n# password = \"vT9qLw2xKzM4bN7c\"\nCOPY .env /\n";
    let folder = Folder::new(&[("Dockerfile", text)]);
    assert_eq!(
        rules(&folder, &[]),
        [
            "Dockerfile:2:15 secret-in-image",
            "Dockerfile:3:15 hardcoded-secret",
            "Dockerfile:4:6 secret-in-image"
        ]
    );
    assert_eq!(
        rules(&folder, &["--ignore", "secret-in-image"]),
        ["Dockerfile:2:15 hardcoded-secret", "Dockerfile:3:15 hardcoded-secret"]
    );
    let shown = folder.check(&["--exit-zero"]).ends(0).stdout;
    assert!(!shown.contains("q8Zt4") && !shown.contains("vT9q"), "{shown}");
    assert!(shown.contains("ENV API_TOKEN=[redacted]"), "{shown}");
}

#[test]
fn a_hook_of_git_does_not_lead_astray() {
    let folder = Folder::new(&[("a/.env", "API_TOKEN=q8Zt4mWx7RkP2vLs\n"), ("b/x.py", "")]);
    let ask = |variables: &[(&str, &str)]| {
        let mut command = folder.command(&["check", "--exit-zero", "--output-format", "concise"]);
        command.envs(variables.iter().copied());
        String::from_utf8_lossy(&command.output().expect("runs").stdout).into_owned()
    };
    assert!(ask(&[]).contains("secret-file-committed"));
    if git(&folder, &["init", "-q", "b"]) {
        // The variables name another repository, in which no such file is.
        let other = folder.path().join("b/.git");
        let other = other.to_str().expect("is text");
        assert!(
            ask(&[("GIT_DIR", other), ("GIT_WORK_TREE", other)]).contains("secret-file-committed")
        );
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told_whatever_its_kind() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    let path = folder.write("app.yml", b"a: b\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("is ours");
    // Who may read everything sees no difference.
    if std::fs::read(&path).is_err() {
        folder.check(&["--output-format", "concise"]).ends(1).says("app.yml:1:1: ");
    }
    // Rules that do not judge the kind do not open it.
    folder.check(&["--select", "errors"]).ends(0);
}
