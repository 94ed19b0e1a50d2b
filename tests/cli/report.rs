//! `report` from outside: every form, the gate and its exit code, floors, baselines, and what it cannot assess.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::folder::{Folder, Ran};

pub(crate) const MANIFEST: &str = "[project]\nname = \"shop\"\nversion = \"1.0.0\"\nrequires-python = \">=3.12\"\ndependencies = [\"fastapi==0.115.0\"]\n";
const MAIN: &str = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/\")\ndef index() -> dict[str, str]:\n    name = \"shop\"\n    return {\"name\": name}\n";
const TESTS: &str = "from shop.main import index\n\n\ndef test_index() -> None:\n    assert index() == {\"name\": \"shop\"}\n";
const WORKFLOW: &str = "on: push\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: pip install -r requirements.txt\n      - run: pytest -v\n";
/// Something with which nothing goes live.
pub(crate) const RESTORE: &str = r#"import pickle

from fastapi import APIRouter, Request

router = APIRouter()


@router.post("/restore")
async def restore(request: Request) -> dict[str, str]:
    body = await request.body()
    state = pickle.loads(body)
    return {"state": str(state)}
"#;
/// A token of GitHub, put together here so that nobody takes this file for a leak.
fn leak() -> (String, String) {
    let token = ["ghp", "_", "Zx8Kq2Lw9Rt4Yv6Bn1Mc3Ds5Fg7Hj0P2aKQ"].concat();
    let code = format!(
        "TOKEN = \"{token}\"\n\n\ndef token() -> str:\n    value = TOKEN\n    return value\n"
    );
    (token, code)
}
const SWALLOWED: &str = "import requests\n\n\ndef pay(order: str) -> bool:\n    try:\n        requests.post(\"https://pay.example.com\", json={\"order\": order}, timeout=5)\n    except:\n        pass\n    return True\n";

/// A service that nothing is wrong with, and what a test lays over it.
pub(crate) fn service(files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(&[
        ("pyproject.toml", MANIFEST),
        (".github/workflows/ci.yml", WORKFLOW),
        ("shop/__init__.py", ""),
        ("shop/main.py", MAIN),
        ("tests/test_main.py", TESTS),
    ]);
    for (path, text) in files {
        folder.write(path, text.as_bytes());
    }
    folder
}

pub(crate) fn report(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.run(&[&["report", "--no-progress"], arguments].concat())
}

/// The verdict for programs, whatever the gate says.
pub(crate) fn verdict(folder: &Folder, arguments: &[&str]) -> Value {
    report(folder, &[&["--format", "json", "--exit-zero"], arguments].concat()).ends(0).json()
}

/// The first number of the whole, and the second.
pub(crate) fn numbers(verdict: &Value) -> (u64, u64) {
    let score = &verdict["score"];
    let number = |name: &str| score[name].as_u64().unwrap_or_else(|| panic!("no {name}: {score}"));
    (number("value"), number("unbelieved"))
}

/// Code that differs by a number.
pub(crate) fn repeated(numbers: std::ops::Range<usize>, code: impl Fn(usize) -> String) -> String {
    numbers.map(code).collect()
}

pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let name =
        ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let date = "2026-03-01T12:00:00Z";
    let ran = Command::new("git")
        .args(name)
        .args(arguments)
        .current_dir(folder)
        .env("GIT_AUTHOR_DATE", date)
        .env("GIT_COMMITTER_DATE", date)
        .output();
    let ran = ran.expect("git is installed");
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

pub(crate) fn commit(folder: &Folder, message: &str) {
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", message]);
}

#[test]
fn a_service_in_order_passes_the_gate_in_every_form() {
    let folder = service(&[]);
    let ran = report(&folder, &[]).ends(0).says("rules 2026.1").says("service");
    assert!(ran.stdout.contains("Production-grade code"), "{}", ran.stdout);
    report(&folder, &["--format", "html"]).ends(0).says("<!doctype html>");
    report(&folder, &["--format", "markdown"]).ends(0).says("| Production-grade code |");
    report(&folder, &["--format", "badge"]).ends(0).says("<svg");
    let shields = report(&folder, &["--format", "shields"]).ends(0).json();
    assert_eq!(shields["schemaVersion"], 1);
    assert_eq!(shields["label"], "roadworthy");
    let verdict = verdict(&folder, &[]);
    assert_eq!(verdict["version"], 1);
    assert_eq!(verdict["rule_set"], "2026.1");
    assert_eq!(verdict["components"][0]["areas"].as_array().map(Vec::len), Some(9));
}

#[test]
fn forms_go_to_files_beside_the_terminal() {
    let folder = service(&[]);
    let outputs = ["--output", "html:a.html", "--output", "json:a.json", "--output", "badge:a.svg"];
    report(&folder, &outputs).ends(0).says("Roadworthy:");
    for (file, start) in [("a.html", "<!doctype html>"), ("a.json", "{"), ("a.svg", "<svg")] {
        let text = std::fs::read_to_string(folder.path().join(file)).expect("it is written");
        assert!(text.starts_with(start), "{file}");
    }
}

#[test]
fn a_blocker_closes_the_gate_whatever_the_number() {
    let folder = service(&[("shop/restore.py", RESTORE)]);
    let ran = report(&folder, &[]).ends(1).says("not roadworthy");
    assert!(ran.stdout.contains("unsafe-deserialisation"), "{}", ran.stdout);
    report(&folder, &["--exit-zero"]).ends(0);
    let verdict = verdict(&folder, &[]);
    assert_eq!(verdict["level"], "not-roadworthy");
    assert_eq!(verdict["gate"]["reasons"][0]["because"], "blocker");
}

#[test]
fn a_baseline_lets_errors_stand_and_no_blocker() {
    let folder = service(&[("shop/restore.py", RESTORE)]);
    folder.run(&["check", "--update-baseline", "--exit-zero", "--no-progress"]).ends(0);
    let baseline = ["--baseline", "roadworthy-baseline.jsonl"];
    report(&folder, &baseline).ends(1).says("unsafe-deserialisation");
    // An error of another kind is let stand, and closes the gate where the baseline does not know it.
    let called = "from unittest.mock import Mock\n\n\ndef test_it() -> None:\n    till = Mock()\n    till.pay(1)\n    assert till.pay.called_once_with(1)\n";
    let manifest = MANIFEST.replace(">=3.12", ">=3.10");
    let folder = service(&[("tests/test_till.py", called), ("pyproject.toml", &manifest)]);
    folder.run(&["check", "--update-baseline", "--exit-zero", "--no-progress"]).ends(0);
    report(&folder, &baseline).ends(0);
    folder.write("tests/test_more.py", called.as_bytes());
    report(&folder, &baseline).ends(1).says("mock-check-misspelled");
}

#[test]
fn demands_of_a_level_and_of_rules_close_it() {
    let folder = service(&[("shop/pay.py", SWALLOWED)]);
    report(&folder, &[]).ends(0);
    report(&folder, &["--level", "race-ready"]).ends(1).says("race-ready");
    report(&folder, &["--require", "silent-except"]).ends(1).says("silent-except");
    report(&folder, &["--require", "tests-never-run-in-ci"]).ends(0);
    folder.write("roadworthy.toml", b"[gate]\nrequire = [\"silent-except\"]\n");
    report(&folder, &[]).ends(1);
    report(&folder, &["--isolated"]).ends(0);
    folder.write("roadworthy.toml", b"[gate]\nlevel = \"race-ready\"\n");
    report(&folder, &[]).ends(1);
}

#[test]
fn wrong_input_is_one_sentence_and_two() {
    let folder = service(&[]);
    report(&folder, &["absent"]).ends(2).warns("absent");
    report(&folder, &["shop/main.py"]).ends(2).warns("give its folder");
    report(&folder, &["--require", "bare-excpet"]).ends(2).warns("bare-except");
    report(&folder, &["--require", "errors"]).ends(2).warns("not one rule");
    report(&folder, &["--output", "htm:a.html"]).ends(2).warns("did you mean `html`");
    report(&folder, &["--compare", "absent.json"]).ends(2).warns("name a report in JSON");
    folder.write("other.json", b"{\"a\": 1}");
    report(&folder, &["--compare", "other.json"]).ends(2).warns("other.json");
    report(&folder, &["--history", "shop"]).ends(2).warns("there is no report");
    report(&folder, &["--lower-floors", "because"]).ends(2).warns("there are no floors");
    folder.write("floors.json", b"{\"version\": 1,\n 2}");
    report(&folder, &["--floors", "floors.json"]).ends(2).warns("floors.json:2");
    report(&folder, &["--baseline", "absent.jsonl"]).ends(2).warns("absent.jsonl");
    folder.write("roadworthy.toml", b"[gate]\nlevel = \"perfect\"\n");
    report(&folder, &[]).ends(2).warns("roadworthy.toml:2");
    folder.write("roadworthy.toml", b"[gate]\nrequire = [\"nothing\"]\n");
    report(&folder, &[]).ends(2).warns("roadworthy.toml:2");
    folder.run(&["explain", "bare-except", "shop"]).ends(2).warns("goes with `score` only");
}

#[test]
fn a_folder_without_python_has_no_number() {
    let folder = Folder::new(&[("README.md", "# A\n"), ("Dockerfile", "FROM scratch\n")]);
    let ran = report(&folder, &[]).ends(0);
    assert!(ran.stderr.contains("there is no Python code of a product"), "{}", ran.stderr);
    let verdict = verdict(&folder, &[]);
    assert!(verdict["score"].is_null() && verdict["level"].is_null(), "{verdict}");
    assert_eq!(verdict["components"].as_array().map(Vec::len), Some(0));
    // Who demands a level does not get it from nothing.
    report(&folder, &["--format", "badge"]).ends(0);
}

#[test]
fn what_cannot_be_understood_has_no_number_and_a_reason() {
    let broken = "on: push\njobs:\n  test: [\n";
    let folder = service(&[(".github/workflows/ci.yml", broken)]);
    let verdict = verdict(&folder, &[]);
    let component = &verdict["components"][0];
    let area = component["areas"]
        .as_array()
        .and_then(|areas| areas.iter().find(|area| area["area"] == "automation").cloned());
    let area = area.unwrap_or_default();
    assert!(area["score"].is_null(), "{area}");
    let told = component["not_assessed"].to_string();
    assert!(told.contains("ci.yml"), "{told}");

    let unknown =
        "on: push\njobs:\n  test:\n    uses: other/repository/.github/workflows/ci.yml@v1\n";
    let folder = service(&[(".github/workflows/ci.yml", unknown)]);
    let told = self::verdict(&folder, &[])["components"][0]["not_assessed"].to_string();
    assert!(told.contains("ci.yml"), "{told}");

    let folder = service(&[("pyproject.toml", "[project\nname = 1\n")]);
    let told = self::verdict(&folder, &[])["components"][0]["not_assessed"].to_string();
    assert!(told.contains("pyproject.toml"), "{told}");
}

#[test]
fn the_same_commit_gives_the_same_bytes() {
    let folder = service(&[("shop/pay.py", SWALLOWED)]);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(&folder, "A");
    for format in ["json", "html", "markdown", "badge", "full"] {
        let once = report(&folder, &["--format", format]).ends(0).stdout;
        let threads = report(&folder, &["--format", format, "--threads", "1"]).ends(0).stdout;
        assert_eq!(once, threads, "{format}");
        let mut elsewhere = folder.command(&["report", "--no-progress", "--format", format]);
        elsewhere.env("TZ", "Pacific/Kiritimati").env("GITHUB_REPOSITORY", "a/b");
        elsewhere.env("GITHUB_SHA", "0").env("GITHUB_SERVER_URL", "https://github.com");
        let elsewhere: Ran = elsewhere.output().expect("it runs").into();
        assert_eq!(once, elsewhere.stdout, "{format}");
    }
    let verdict = verdict(&folder, &[]);
    assert_eq!(verdict["as_of"], "2026-03-01");
    assert_eq!(self::verdict(&folder, &["--as-of", "2026-05-01"])["as_of"], "2026-05-01");
}

#[test]
fn earlier_reports_tell_how_it_went() {
    let folder = service(&[("shop/user.py", &leak().1)]);
    report(&folder, &["--exit-zero", "--output", "json:past/a.json"]).ends(2);
    std::fs::create_dir(folder.path().join("past")).expect("it is new");
    let day = ["--as-of", "2026-01-01", "--exit-zero", "--output", "json:past/a.json"];
    report(&folder, &day).ends(0);
    std::fs::remove_file(folder.path().join("shop/user.py")).expect("it is there");
    let ran = report(&folder, &["--format", "markdown", "--compare", "past/a.json"]).ends(0);
    assert!(ran.stdout.contains("hardcoded-secret"), "{}", ran.stdout);
    report(&folder, &["--format", "html", "--history", "past"]).ends(0).says("2026-01-01");
    report(&folder, &["--history", "past"]).ends(0).says("since 2026-01-01, 1 earlier report");
    // What has become better is told on a terminal, too, and what has become worse.
    let ran = report(&folder, &["--compare", "past/a.json"]).ends(0);
    assert!(ran.stdout.contains("Since the base\n  The whole"), "{}", ran.stdout);
    assert!(ran.stdout.contains("(+"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("new blocker"), "{}", ran.stdout);
    report(&folder, &["--output", "json:past/a.json"]).ends(0);
    folder.write("shop/restore.py", RESTORE.as_bytes());
    let ran = report(&folder, &["--compare", "past/a.json"]).ends(1);
    assert!(ran.stdout.contains("(−"), "{}", ran.stdout);
    let blocker = "new blocker `unsafe-deserialisation` at `shop/restore.py:11`";
    assert!(ran.stdout.contains(blocker), "{}", ran.stdout);
}

#[test]
fn a_report_from_elsewhere_names_what_one_from_inside_names() {
    let code = [("other/pyproject.toml", MANIFEST), ("other/shop/pay.py", SWALLOWED)];
    let (folder, elsewhere) = (service(&code), Folder::new(&[("a.txt", "")]));
    let path = folder.path().to_str().expect("it is text");
    for format in ["full", "markdown", "json"] {
        let inside = report(&folder, &["--format", format]).ends(0).stdout;
        let outside = report(&elsewhere, &["--format", format, path]).ends(0).stdout;
        assert_eq!(inside, outside, "{format}");
    }
    let files = ["--output", "html:here.html", "--floors", "floors.json", path];
    report(&elsewhere, &files).ends(0);
    for file in ["here.html", "floors.json"] {
        assert!(elsewhere.path().join(file).exists(), "{file}");
    }
}

#[test]
fn floors_rise_by_themselves_and_fall_for_a_reason() {
    let folder = service(&[]);
    let floors =
        |arguments: &[&str]| report(&folder, &[&["--floors", "f.json"], arguments].concat());
    floors(&[]).ends(0);
    let text = || std::fs::read_to_string(folder.path().join("f.json")).expect("it is written");
    let first = text();
    floors(&[]).ends(0);
    assert_eq!(first, text());
    let many: String = repeated(0..9, |it| SWALLOWED.replace("def pay", &format!("def pay_{it}")));
    folder.write("shop/pay.py", many.as_bytes());
    floors(&[]).ends(1).says("code");
    assert_eq!(first, text(), "what fell must not lower its floor");
    let ran = floors(&["--lower-floors", "the old till goes in May"]).ends(1);
    assert!(ran.stderr.contains("the old till goes in May"), "{}", ran.stderr);
    let ran = floors(&[]).ends(0);
    assert!(ran.stderr.contains("the old till goes in May"), "{}", ran.stderr);
}

#[test]
fn the_sums_are_explained() {
    let folder = service(&[("shop/pay.py", SWALLOWED)]);
    let ran = folder.run(&["explain", "score"]).ends(0).says("silent-except");
    assert!(ran.stdout.contains("Production-grade code"), "{}", ran.stdout);
    folder.run(&["explain", "score", "absent"]).ends(2);
    folder.run(&["explain", "bare-except"]).ends(0);
}

#[test]
fn each_component_has_a_verdict_and_the_lowest_counts() {
    let folder = service(&[
        (
            "other/pyproject.toml",
            "[project]\nname = \"other\"\nversion = \"1\"\ndependencies = [\"requests==2.32.3\"]\n",
        ),
        ("other/other/__init__.py", ""),
        ("other/other/pay.py", SWALLOWED),
    ]);
    let verdict = verdict(&folder, &[]);
    let components = verdict["components"].as_array().expect("a list");
    assert_eq!(components.len(), 2, "{verdict}");
    let of = |component: &Value| component["score"]["value"].as_u64();
    let lowest = components.iter().filter_map(of).min();
    assert_eq!(verdict["score"]["value"].as_u64(), lowest);
}

#[test]
fn a_secret_is_in_no_form() {
    let token = ["ghp", "_", "Zx8Kq2Lw9Rt4Yv6Bn1Mc3Ds5Fg7Hj0P2aKQ"].concat();
    let code = format!(
        "TOKEN = \"{token}\"\n\n\ndef token() -> str:\n    value = TOKEN\n    return value\n"
    );
    let folder = service(&[("shop/token.py", &code)]);
    for format in ["full", "html", "markdown", "json", "badge", "shields"] {
        let ran = report(&folder, &["--format", format, "--exit-zero"]).ends(0);
        assert!(!ran.stdout.contains(&token) && !ran.stderr.contains(&token), "{format}");
    }
}
