//! What is not there, and what somebody leaves out: neither may pass for what is in order.

use serde_json::Value;

use crate::folder::Folder;
use crate::report::{RESTORE, git, numbers, repeated, report, service, verdict};

fn area<'v>(verdict: &'v Value, name: &str) -> &'v Value {
    let areas = verdict["components"][0]["areas"].as_array().expect("a list of areas");
    areas.iter().find(|area| area["area"] == name).expect("each area is told")
}

/// A service with neither tests nor a pipeline.
fn bare(files: usize) -> Folder {
    let folder = service(&[]);
    for path in [".github/workflows/ci.yml", "tests/test_main.py"] {
        std::fs::remove_file(folder.path().join(path)).expect("it is there");
    }
    let imports = repeated(0..files, |it| format!("from shop.part{it} import part{it}\n"));
    let main = format!(
        "from fastapi import FastAPI\n\n{imports}\napp = FastAPI()\n\n\n@app.get(\"/\")\ndef index() -> dict[str, str]:\n    name = \"shop\"\n    return {{\"name\": name}}\n"
    );
    folder.write("shop/main.py", main.as_bytes());
    for it in 0..files {
        let text = format!(
            "def part{it}(count: int) -> int:\n    more = count + {it}\n    return more * 2\n"
        );
        folder.write(&format!("shop/part{it}.py"), text.as_bytes());
    }
    folder
}

#[test]
fn what_is_too_small_to_be_told_to_test_has_not_passed() {
    let told = verdict(&bare(3), &[]);
    assert_eq!(area(&told, "testing")["state"], "not-applicable", "{told}");
    assert_ne!(told["level"], "race-ready");
    let tested = verdict(&service(&[]), &[]);
    assert_eq!(area(&tested, "testing")["state"], "assessed", "{tested}");
}

#[test]
fn a_repository_is_one_without_the_files_that_people_keep_in_it() {
    let folder = bare(8);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    let without = verdict(&folder, &[]);
    assert_eq!(area(&without, "automation")["state"], "assessed", "{without}");
    folder.write(".gitignore", b"");
    assert_eq!(numbers(&verdict(&folder, &[])), numbers(&without));
}

#[test]
fn all_product_code_left_out_is_still_there_in_the_second_number() {
    let honest = verdict(&service(&[("shop/restore.py", RESTORE)]), &[]);
    for text in ["extend-exclude = [\"shop\"]\n", "[roles]\n\"shop/*\" = \"example\"\n"] {
        let folder = service(&[("shop/restore.py", RESTORE), ("roadworthy.toml", text)]);
        let told = verdict(&folder, &[]);
        assert_eq!(numbers(&told).1, numbers(&honest).1, "{text}");
        report(&folder, &["--level", "roadworthy"]).ends(1);
    }
}

#[test]
fn where_nothing_is_judged_no_gate_is_open() {
    for files in [&[][..], &[("Dockerfile", "FROM python:3.13\nCMD [\"python\"]\n")]] {
        let folder = Folder::new(files);
        let ran = report(&folder, &[]).ends(0);
        assert!(ran.stdout.contains("nothing was judged"), "{}", ran.stdout);
        for format in ["full", "html", "markdown"] {
            let shown = report(&folder, &["--format", format]).ends(0).stdout;
            assert!(!shown.to_ascii_lowercase().contains("gate open"), "{format}: {shown}");
        }
        report(&folder, &["--level", "drivable"]).ends(1).says("nothing was judged");
        report(&folder, &["--require", "no-tests"]).ends(1).says("nothing was judged");
    }
}

#[test]
fn what_counts_in_no_score_cannot_be_demanded() {
    let folder = service(&[]);
    let ran = report(&folder, &["--require", "god-class"]).ends(2);
    assert!(ran.stderr.contains("`god-class` is in preview"), "{}", ran.stderr);
    folder.write("roadworthy.toml", b"[gate]\nrequire = [\"god-class\"]\n");
    let ran = report(&folder, &[]).ends(2);
    assert!(ran.stderr.contains("roadworthy.toml:2:"), "{}", ran.stderr);
}
