//! How many suppressions a change may add: against an earlier report, and against where the branch began.

use serde_json::Value;

use crate::folder::{Folder, Ran};
use crate::report::{commit, git, repeated, report, service};

/// Calls without a time-out, each silenced, in functions that something names.
fn silenced(numbers: std::ops::Range<usize>) -> String {
    let named = repeated(numbers.clone(), |it| format!("load_{it}, "));
    let calls = repeated(numbers, |it| {
        format!(
            "def load_{it}(order: str) -> str:\n    answer = requests.get(f\"https://shop.example.com/{it}/{{order}}\")  # roadworthy: ignore[call-without-timeout] till {it} is slow\n    return answer.text\n\n\n"
        )
    });
    format!("import requests\n\n\n{calls}LOADERS = [{named}]\n")
}

/// A service with two suppressions, and its report.
fn compared() -> Folder {
    let folder = service(&[("shop/load.py", &silenced(0..2))]);
    report(&folder, &["--output", "json:base.json"]).ends(0);
    folder
}

/// A branch of that service.
fn branch() -> Folder {
    let folder = service(&[("shop/load.py", &silenced(0..2))]);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(&folder, "A");
    git(folder.path(), &["checkout", "-qb", "change"]);
    folder
}

const COMPARE: [&str; 2] = ["--compare", "base.json"];

fn reasons(ran: &Ran) -> Vec<Value> {
    ran.json()["gate"]["reasons"].as_array().cloned().unwrap_or_default()
}

#[test]
fn six_close_the_gate_and_are_named() {
    for (folder, arguments) in [(compared(), COMPARE.as_slice()), (branch(), &[])] {
        folder.write("shop/load.py", silenced(0..7).as_bytes());
        report(&folder, arguments).ends(0);
        folder.write("shop/load.py", silenced(0..8).as_bytes());
        let named =
            "6 suppressions are new, and 5 may be: `call-without-timeout` at `shop/load.py:15`";
        for format in ["full", "markdown", "html", "json"] {
            let ran = report(&folder, &[arguments, &["--format", format]].concat()).ends(1);
            let words = |text: &str| {
                let text = text.replace("<code>", "`").replace("</code>", "`").replace("<wbr>", "");
                let text = text.replace("&#58;", ":");
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            };
            assert!(words(&ran.stdout).contains(named), "{format}: {}", ran.stdout);
        }
        let ran = report(&folder, &[arguments, &["--format", "json"]].concat()).ends(1);
        let [reason] = reasons(&ran).try_into().expect("one reason");
        assert_eq!(reason["because"], "new-suppressions");
        assert_eq!(reason["most"], 5);
        let lines: Vec<_> = reason["added"].as_array().into_iter().flatten().collect();
        assert_eq!(lines.len(), 6);
        assert_eq!(lines[0]["path"], "shop/load.py");
    }
}

#[test]
fn the_configuration_says_how_many() {
    for (folder, arguments) in [(compared(), COMPARE.as_slice()), (branch(), &[])] {
        folder.write("shop/load.py", silenced(0..3).as_bytes());
        folder.write("roadworthy.toml", b"[gate]\nnew-suppressions = 1\n");
        report(&folder, arguments).ends(0);
        folder.write("roadworthy.toml", b"[gate]\nnew-suppressions = 0\n");
        report(&folder, arguments).ends(1).says("1 suppression is new, and 0 may be");
        folder.write("roadworthy.toml", b"[gate]\nnew-suppressions = -1\n");
        report(&folder, arguments).ends(2).warns("a whole number from 0 on");
        folder.write("roadworthy.toml", b"[gate]\nnew-suppressions = \"5\"\n");
        report(&folder, arguments).ends(2).warns("takes a whole number, not a string");
    }
}

#[test]
fn those_that_are_moved_are_not_new_and_others_pay_for_nothing() {
    for (folder, arguments) in [(compared(), COMPARE.as_slice()), (branch(), &[])] {
        folder.write("roadworthy.toml", b"[gate]\nnew-suppressions = 0\n");
        // To another place of the file, with another reason, and to another file.
        folder.write("shop/load.py", format!("\n\n{}", silenced(0..2)).as_bytes());
        report(&folder, arguments).ends(0);
        folder.write("shop/load.py", silenced(0..2).replace("slow", "quite slow").as_bytes());
        report(&folder, arguments).ends(0);
        std::fs::remove_file(folder.path().join("shop/load.py")).expect("it is there");
        folder.write("shop/one.py", silenced(0..1).as_bytes());
        folder.write("shop/other.py", silenced(1..2).as_bytes());
        report(&folder, arguments).ends(0);
        // Another line is another suppression, though one is gone.
        folder.write("shop/other.py", silenced(2..3).as_bytes());
        report(&folder, arguments).ends(1).says("1 suppression is new");
    }
}

#[test]
fn a_comment_above_the_line_and_one_of_another_tool_count() {
    for (folder, arguments) in [(compared(), COMPARE.as_slice()), (branch(), &[])] {
        folder.write("roadworthy.toml", b"[gate]\nnew-suppressions = 0\n");
        let above = "import requests\n\n\ndef load(order: str) -> str:\n    # roadworthy: ignore[call-without-timeout] slow\n    answer = requests.get(order)\n    return answer.text\n";
        folder.write("shop/other.py", above.as_bytes());
        report(&folder, arguments).ends(1).says("shop/other.py:6");
        let foreign = "import requests\n\n\ndef load(order: str) -> str:\n    answer = requests.get(order)  # noqa: S113\n    return answer.text\n";
        folder.write("shop/other.py", foreign.as_bytes());
        report(&folder, arguments).ends(1).says("shop/other.py:5");
    }
}

#[test]
fn a_rule_that_is_switched_off_is_one() {
    let open = silenced(0..2).replace("roadworthy: ignore[call-without-timeout] ", "");
    let folder = service(&[("shop/load.py", &open)]);
    report(&folder, &["--output", "json:base.json"]).ends(0);
    let off = "[gate]\nnew-suppressions = 0\n[per-file-ignores]\n\"shop/load.py\" = [\"call-without-timeout\"]\n";
    folder.write("roadworthy.toml", off.as_bytes());
    report(&folder, &COMPARE).ends(1).says("`call-without-timeout` switched off");
    report(&folder, &["--output", "json:base.json"]).ends(0);
    report(&folder, &COMPARE).ends(0);
}

#[test]
fn a_baseline_that_grows_is_counted_against_a_report() {
    let open = |numbers| silenced(numbers).replace("roadworthy: ignore[call-without-timeout] ", "");
    let folder = service(&[("shop/load.py", &open(0..1))]);
    let baseline = ["--baseline", "roadworthy-baseline.jsonl"];
    let update =
        || folder.run(&["check", "--update-baseline", "--exit-zero", "--no-progress"]).ends(0);
    update();
    report(&folder, &[&baseline[..], &["--output", "json:base.json"]].concat()).ends(0);
    folder.write("shop/load.py", open(0..7).as_bytes());
    update();
    let arguments = [&baseline[..], &COMPARE].concat();
    report(&folder, &arguments).ends(1).says("6 suppressions are new");
}

#[test]
fn without_a_base_nothing_is_said() {
    let folder = service(&[("shop/load.py", &silenced(0..9))]);
    let ran = report(&folder, &[]).ends(0);
    assert!(!ran.stderr.contains("suppressions"), "{}", ran.stderr);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(&folder, "A");
    report(&folder, &[]).ends(0);
    // Only where a pipeline says that there is a pull request is it missed, and said once.
    let mut pipeline = folder.command(&["report", "--no-progress", "--no-step-summary"]);
    let ran: Ran = pipeline.env("GITHUB_BASE_REF", "main").output().expect("it runs").into();
    let ran = ran.ends(0);
    assert_eq!(ran.stderr.matches("which suppressions are new").count(), 1, "{}", ran.stderr);
}

#[test]
fn a_report_of_other_rules_is_not_compared() {
    let folder = compared();
    let base = std::fs::read_to_string(folder.path().join("base.json")).expect("it is written");
    folder.write("base.json", base.replace("\"2026.1\"", "\"2025.1\"").as_bytes());
    folder.write("shop/load.py", silenced(0..9).as_bytes());
    let ran = report(&folder, &COMPARE).ends(0);
    assert!(ran.stderr.contains("was made by other rules"), "{}", ran.stderr);
}
