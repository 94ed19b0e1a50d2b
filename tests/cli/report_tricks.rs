//! Ways to make a score look better than the project is, and what each brings.

use serde_json::Value;

use crate::folder::Folder;
use crate::report::{MANIFEST, RESTORE, commit, git, numbers, repeated, report, service, verdict};

/// Three functions that lose what goes wrong.
const LOSSY: &str = r#"import logging

import requests

logger = logging.getLogger(__name__)


def pay(order: str) -> bool:
    try:
        requests.post("https://pay.example.com", json={"order": order})
    except:
        pass
    return True


def refund(order: str) -> bool:
    try:
        requests.post("https://pay.example.com/refund", json={"order": order})
    except Exception:
        logger.error("it failed")
    return True


def status(order: str) -> str:
    answer = requests.get("https://pay.example.com/" + order)
    return answer.text
"#;

fn lossy(files: &[(&str, &str)]) -> Folder {
    let main = "from fastapi import FastAPI\n\nfrom shop.pay import pay, refund, status\n\napp = FastAPI()\n\n\n@app.get(\"/\")\ndef index() -> dict[str, str]:\n    done = pay(\"1\") and refund(\"1\")\n    return {\"name\": status(\"1\") if done else \"\"}\n";
    let manifest = MANIFEST.replace("0.115.0\"", "0.115.0\", \"requests==2.32.3\"");
    let folder =
        service(&[("pyproject.toml", &manifest), ("shop/pay.py", LOSSY), ("shop/main.py", main)]);
    for (path, text) in files {
        folder.write(path, text.as_bytes());
    }
    folder
}

fn area<'v>(verdict: &'v Value, name: &str) -> &'v Value {
    let areas = verdict["components"][0]["areas"].as_array().expect("a list of areas");
    areas.iter().find(|area| area["area"] == name).expect("each area is told")
}

/// Whether a rule has open sites.
fn is_open(verdict: &Value, rule: &str) -> bool {
    let components = verdict["components"].as_array().expect("a list");
    let areas = components.iter().flat_map(|it| it["areas"].as_array().expect("a list"));
    let mut rules = areas.flat_map(|area| area["rules"].as_array().expect("a list"));
    rules.any(|it| it["rule"] == rule && it["open"].as_u64() > Some(0))
}

#[test]
fn rules_switched_off_and_files_left_out_stay_in_the_second_number() {
    let honest = numbers(&verdict(&lossy(&[]), &[]));
    let off = "ignore = [\"code\"]\n";
    let out = "extend-exclude = [\"shop/pay.py\"]\n";
    let role = "[roles]\n\"shop/pay.py\" = \"generated\"\n";
    let quiet = "[per-file-ignores]\n\"shop/*\" = [\"ALL\"]\n";
    for text in [off, out, role, quiet] {
        let folder = lossy(&[("roadworthy.toml", text)]);
        let told = verdict(&folder, &[]);
        let (value, unbelieved) = numbers(&told);
        assert_eq!(unbelieved, honest.1, "{text}");
        assert!(value >= honest.0, "{text}");
        let aside = told["set_aside"].to_string();
        assert!(aside.contains("disabled") || aside.contains("excluded"), "{text}: {aside}");
    }
}

#[test]
fn suppressing_everything_costs_half_and_is_seen() {
    let honest = numbers(&verdict(&lossy(&[]), &[]));
    let silenced = LOSSY
        .replace(
            "    except:",
            "    except:  # roadworthy: ignore[bare-except, silent-except] legacy till",
        )
        .replace(
            "json={\"order\": order})",
            "json={\"order\": order})  # roadworthy: ignore[call-without-timeout] legacy till",
        );
    let mended = LOSSY
        .replace(
            "    except:\n        pass",
            "    except requests.RequestException:\n        logger.exception(\"not paid\")",
        )
        .replace("json={\"order\": order})", "json={\"order\": order}, timeout=5)");
    let (value, unbelieved) = numbers(&verdict(&lossy(&[("shop/pay.py", &silenced)]), &[]));
    let repaired = numbers(&verdict(&lossy(&[("shop/pay.py", &mended)]), &[]));
    assert!(unbelieved <= honest.1, "a suppression is not believed: {unbelieved} of {honest:?}");
    assert!(value <= repaired.0, "a suppression beats no repair: {value} of {repaired:?}");
    let disputed = silenced.replace("legacy till", "false positive");
    let (value, unbelieved) = numbers(&verdict(&lossy(&[("shop/pay.py", &disputed)]), &[]));
    assert!(unbelieved <= honest.1 && value <= repaired.0);
}

#[test]
fn a_baseline_that_the_change_itself_extends_is_not_believed() {
    let folder = service(&[]);
    folder.run(&["check", "--update-baseline", "--exit-zero", "--no-progress"]).ends(0);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(&folder, "A");
    git(folder.path(), &["checkout", "-qb", "change"]);
    folder.write("shop/restore.py", RESTORE.as_bytes());
    folder.run(&["check", "--update-baseline", "--exit-zero", "--no-progress"]).ends(0);
    commit(&folder, "B");
    let ran = report(&folder, &["--baseline", "roadworthy-baseline.jsonl"]).ends(1);
    assert!(ran.stderr.contains("more than where this branch began"), "{}", ran.stderr);
}

#[test]
fn trivial_code_and_code_that_nothing_reaches_dilute_nothing() {
    let honest = numbers(&verdict(&lossy(&[]), &[]));
    let empty: String = repeated(0..200, |it| format!("def f{it}() -> None:\n    pass\n\n\n"));
    let one: String =
        repeated(0..200, |it| format!("def g{it}() -> int:\n    return f{it}()\n\n\n"));
    let tried: String = repeated(0..200, |it| {
        format!(
            "def h{it}(x: str) -> int:\n    try:\n        y = int(x)\n    except ValueError:\n        raise\n    return y\n\n\n"
        )
    });
    for text in [empty, one, tried] {
        let told = numbers(&verdict(&lossy(&[("shop/padding.py", &text)]), &[]));
        assert_eq!(told, honest);
    }
}

#[test]
fn what_product_code_imports_is_product_whatever_its_folder_is_called() {
    let main = "from fastapi import FastAPI\n\nfrom shop.tests.pay import pay\n\napp = FastAPI()\n\n\n@app.get(\"/\")\ndef index() -> dict[str, str]:\n    done = pay(\"1\")\n    return {\"name\": str(done)}\n";
    let folder = service(&[
        ("shop/main.py", main),
        ("shop/tests/__init__.py", ""),
        ("shop/tests/pay.py", LOSSY),
    ]);
    assert!(is_open(&verdict(&folder, &[]), "call-without-timeout"));
}

#[test]
fn rules_judge_the_effect_and_not_the_gesture() {
    let handler = LOSSY
        .replace("    except:\n        pass", "    except Exception:\n        logger.debug(\"\")");
    let told = verdict(&lossy(&[("shop/pay.py", &handler)]), &[]);
    assert!(is_open(&told, "broad-except-loses-traceback") || is_open(&told, "silent-except"));

    let asserted = "def test_all() -> None:\n    assert True\n";
    let told = verdict(&service(&[("tests/test_main.py", asserted)]), &[]);
    assert!(is_open(&told, "test-asserts-nothing"));

    let any: String = repeated(0..12, |it| {
        format!(
            "def f{it}(data: Any, flag: Any) -> Any:\n    value = data[flag]\n    return value\n\n\n"
        )
    });
    let any = format!("from typing import Any\n\n\n{any}");
    let told = verdict(&service(&[("shop/any.py", &any)]), &[]);
    assert!(is_open(&told, "missing-type-hints"), "{}", area(&told, "code"));
}

#[test]
fn a_route_that_always_says_yes_is_taken_for_liveness_and_not_for_readiness() {
    let manifest = MANIFEST.replace("0.115.0\"", "0.115.0\", \"asyncpg==0.30.0\"");
    let with = |path: &str| {
        let main = format!(
            "import asyncpg\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/\")\nasync def index() -> dict[str, str]:\n    pool = await asyncpg.create_pool(\"postgres://db/shop\")\n    return {{\"name\": str(pool)}}\n\n\n@app.get(\"{path}\")\ndef probe() -> dict[str, str]:\n    return {{\"status\": \"ok\"}}\n"
        );
        verdict(&service(&[("pyproject.toml", &manifest), ("shop/main.py", &main)]), &[])
    };
    let (liveness, readiness) = (with("/healthz"), with("/readyz"));
    assert!(!is_open(&liveness, "readiness-checks-nothing"));
    let cloud = area(&readiness, "cloud");
    assert!(is_open(&readiness, "readiness-checks-nothing"), "{cloud}");
    assert!(numbers(&readiness).0 <= numbers(&liveness).0);
}

#[test]
fn a_job_that_runs_no_tests_is_no_job() {
    let echo = "on: push\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo pytest\n";
    let elsewhere = echo.replace("echo pytest", "pytest docs");
    for workflow in [echo, &elsewhere] {
        let folder = service(&[(".github/workflows/ci.yml", workflow)]);
        folder.write("docs/conf.py", b"project = \"shop\"\n");
        for number in 0..6 {
            let test = format!(
                "from shop.main import index\n\n\ndef test_{number}() -> None:\n    assert index()\n"
            );
            folder.write(&format!("tests/test_{number}.py"), test.as_bytes());
        }
        let told = verdict(&folder, &[]);
        assert!(is_open(&told, "tests-never-run-in-ci"), "{workflow}");
    }
    assert!(!is_open(&verdict(&service(&[]), &[]), "tests-never-run-in-ci"));
}

#[test]
fn a_repository_that_is_split_shows_its_lowest() {
    let clean = numbers(&verdict(&service(&[]), &[]));
    let folder = service(&[
        (
            "till/pyproject.toml",
            "[project]\nname = \"till\"\nversion = \"1\"\ndependencies = [\"requests==2.32.3\"]\n",
        ),
        ("till/till/__init__.py", ""),
        ("till/till/pay.py", LOSSY),
        ("till/till/__main__.py", "from till.pay import pay\n\npay(\"1\")\n"),
    ]);
    let told = verdict(&folder, &[]);
    let till = told["components"].as_array().into_iter().flatten().find(|it| it["path"] == "till");
    let till = till.and_then(|it| it["score"]["value"].as_u64());
    let split = numbers(&told);
    assert_eq!(Some(split.0), till, "{told}");
    assert!(split.0 < clean.0 && split.1 < clean.1, "{split:?} of {clean:?}");
}
