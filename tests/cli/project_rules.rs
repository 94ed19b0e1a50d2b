//! Rules about a project through the binary: which files are given, what changed, what is silenced, how they are configured.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;

use super::folder::{Folder, Ran};
use super::repository::{NONE, Repo};

const MANIFEST: &str = "[project]\nname = \"shop\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"fastapi>=0.110\"]\n";
const LOCK: &str = "version = 1\n[[package]]\nname = \"fastapi\"\nversion = \"0.115.0\"\n\
                    [[package]]\nname = \"shop\"\nversion = \"1\"\nsource = { virtual = \".\" }\n";
const IMAGE: &str = "FROM python\nCOPY . /app\nCMD [\"python\", \"-m\", \"shop\"]\n";
const WORKFLOW: &str =
    "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make test\n";

/// A service with faults in its manifest, its image and its workflow.
const SHOP: [(&str, &str); 6] = [
    ("pyproject.toml", MANIFEST),
    ("shop/__init__.py", ""),
    ("shop/__main__.py", "from fastapi import FastAPI\n\napp = FastAPI()\n"),
    ("deploy/Dockerfile", IMAGE),
    (".github/workflows/ci.yml", WORKFLOW),
    ("Makefile", "test:\n\tpython -m unittest\n"),
];
const UNLOCKED: &str = "pyproject.toml:5 unlocked-application";
const UNPINNED: &str = "deploy/Dockerfile:1 base-image-unpinned";
const RIGHTS: &str = ".github/workflows/ci.yml:3 workflow-permissions-excessive";
const SELECT: [&str; 2] = [
    "--select",
    "unlocked-application,base-image-unpinned,workflow-permissions-excessive,unused-suppression",
];
const JSON: [&str; 3] = ["--output-format", "json", "--exit-zero"];

/// `path:line rule` of each finding.
#[track_caller]
fn told(ran: &Ran) -> Vec<String> {
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report = ran.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    findings
        .map(|it| format!("{}:{} {}", text(&it["path"]), it["line"], text(&it["rule"])))
        .collect()
}

#[track_caller]
fn found(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    told(&folder.check(&[&SELECT[..], &JSON, arguments].concat()))
}

#[test]
fn given_files_are_judged_in_the_light_of_all() {
    let folder = Folder::new(&SHOP);
    let whole = [RIGHTS, UNPINNED, UNLOCKED];
    assert_eq!(found(&folder, &[]), whole);
    assert_eq!(found(&folder, &["deploy/Dockerfile"]), [UNPINNED]);
    assert_eq!(found(&folder, &["pyproject.toml", "deploy/Dockerfile"]), [UNPINNED, UNLOCKED]);
    assert_eq!(found(&folder, &["deploy", ".github"]), [RIGHTS, UNPINNED]);
    assert_eq!(found(&folder, &["shop/__main__.py"]), NONE);
    // As pre-commit gives them: in parts, and only what a whole run would judge.
    let hook = ["--force-exclude", "deploy/Dockerfile", "shop/__init__.py"];
    assert_eq!(found(&folder, &hook), [UNPINNED]);
    assert_eq!(found(&folder, &["--force-exclude", "--extend-exclude", "deploy", hook[1]]), NONE);
    // With a lock that is not given the manifest is as silent as in a whole run.
    folder.write("uv.lock", LOCK.as_bytes());
    assert_eq!(found(&folder, &["pyproject.toml"]), NONE);
    assert_eq!(found(&folder, &[]), [RIGHTS, UNPINNED]);
}

#[test]
fn a_subfolder_as_working_directory_changes_no_finding() {
    let folder = Folder::new(&SHOP);
    for arguments in [&["Dockerfile"][..], &["."], &[]] {
        let mut command = folder.command(&[&["check"], &SELECT[..], &JSON, arguments].concat());
        let ran: Ran = command.current_dir(folder.path().join("deploy")).output().unwrap().into();
        assert_eq!(told(&ran), ["Dockerfile:1 base-image-unpinned"], "{arguments:?}");
    }
    let added = ["check", "--add-ignore", "decided", "Dockerfile"];
    let mut command = folder.command(&[&added[..], &SELECT].concat());
    let ran: Ran = command.current_dir(folder.path().join("deploy")).output().unwrap().into();
    ran.ends(0);
    assert_eq!(found(&folder, &[]), [RIGHTS, UNLOCKED]);
}

/// A repository whose facts are looked up from its top: a bot, a lock beside an image, an import that nobody declares.
const SHOP_IN_GIT: [(&str, &str); 9] = [
    (".git/HEAD", "ref: refs/heads/main\n"),
    ("pyproject.toml", MANIFEST),
    ("uv.lock", LOCK),
    ("shop/__init__.py", ""),
    ("shop/__main__.py", "import requests\nfrom fastapi import FastAPI\n\napp = FastAPI()\n"),
    ("deploy/Dockerfile", IMAGE),
    (".github/workflows/ci.yml", WORKFLOW),
    (".github/dependabot.yml", "version: 2\nupdates:\n- package-ecosystem: pip\n  directory: /\n"),
    ("Makefile", "test:\n\tpython -m unittest\n"),
];

#[test]
fn the_place_that_a_repository_is_seen_from_changes_no_finding() {
    let folder = Folder::new(&[]);
    for name in ["one", "deep/two"] {
        for (path, text) in SHOP_IN_GIT {
            folder.write(&format!("{name}/{path}"), text.as_bytes());
        }
    }
    // Of something around them, which says nothing of them.
    folder.write(".github/dependabot.yml", b"version: 2\nupdates: []\n");
    let top = folder.path().canonicalize().unwrap();
    let seen = |from: &str, arguments: &[&str]| {
        let mut command = folder.command(&[&["check"], &JSON[..], arguments].concat());
        let from = top.join(from);
        let ran: Ran = command.current_dir(&from).output().unwrap().into();
        let place = |finding: &serde_json::Value| {
            let path = from.join(finding["path"].as_str().unwrap());
            let told = format!("{} {} {}", finding["line"], finding["rule"], finding["message"]);
            (path.to_str().unwrap().to_owned(), told)
        };
        let report = ran.json();
        let mut found: Vec<_> = report["findings"].as_array().unwrap().iter().map(place).collect();
        found.sort();
        found
    };
    let one = seen("one", &[]);
    let says = |rule: &str| one.iter().any(|(_, told)| told.contains(rule));
    for rule in ["update-automation-gap", "base-image-unpinned", "undeclared-dependency"] {
        assert!(says(rule), "{rule}: {one:?}");
    }
    assert_eq!(seen("", &["one"]), one);
    assert_eq!(seen("deep", &[top.join("one").to_str().unwrap()]), one);
    assert_eq!(seen("one/deploy", &[".."]), one);
    assert_eq!(seen("deep/two", &["../../one"]), one);
    // Both at once are each what it is alone.
    let both = [one, seen("deep/two", &[])].concat();
    let mut sorted = both.clone();
    sorted.sort();
    assert_eq!(seen("", &["one", "deep"]), sorted);
}

#[test]
fn a_share_is_the_same_whichever_files_of_a_component_are_given() {
    let folder = Folder::new(&[]);
    let manifest =
        "[project]\nname = \"shop\"\ndependencies = [\"kombu\"]\n\n[tool.mypy]\nstrict = false\n";
    folder.write("pyproject.toml", manifest.as_bytes());
    for name in ["orders", "sales"] {
        // Who calls these is known by what the project declares alone.
        let method = |number| {
            format!("    def step_{number}(self, first: int, then):\n        return then\n\n")
        };
        let function =
            |number| format!("\ndef load_{number}(order, part):\n    return order[part]\n");
        let methods: String = (0..12).map(method).collect();
        let functions: String = (0..12).map(function).collect();
        let text = format!("import kombu\n\n\nclass Worker(kombu.Consumer):\n{methods}{functions}");
        folder.write(&format!("shop/{name}.py"), text.as_bytes());
    }
    let told = |paths: &[&str]| {
        let select = &["--select", "missing-type-hints", "--fail-on", "never"][..];
        let ran = folder.run(&[&["check"], &JSON[..], select, paths].concat());
        let report = ran.json();
        let findings = report["findings"].as_array().unwrap().clone();
        let messages = findings.iter().map(|it| it["message"].as_str().unwrap().to_owned());
        messages.collect::<Vec<_>>()
    };
    let whole = told(&["."]);
    assert!(whole.len() == 1 && whole[0].contains("24 of 24 public functions"), "{whole:?}");
    assert_eq!(told(&["shop/orders.py"]), whole);
    assert_eq!(told(&["shop/sales.py"]), whole);
}

#[test]
fn where_nobody_writes_hints_the_sum_alone_is_told() {
    let manifest =
        "[build-system]\nbuild-backend = \"hatchling.build\"\n\n[project]\nname = \"shop\"\n";
    let folder = Folder::new(&[("pyproject.toml", manifest)]);
    let function = |number: usize| {
        format!("def load_{number}(order, part):\n    return order[part], part\n\n\n")
    };
    let names = ["baskets", "mails", "orders", "prices", "returns", "stores"];
    let write = |each: usize| {
        for (at, name) in names.iter().enumerate() {
            let functions: String = (0..each).map(|it| function(at * each + it)).collect();
            folder.write(&format!("shop/{name}.py"), functions.as_bytes());
        }
    };
    let told = |more: &[&str]| {
        let select = ["--select", "missing-type-hints", "--fail-on", "never"];
        let report = folder.run(&[&["check"], &JSON[..], &select, more].concat()).json();
        let findings = report["findings"].as_array().unwrap().clone();
        findings.iter().map(|it| it["message"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    folder.write("shop/__init__.py", b"");
    write(1);
    assert!(told(&[]).is_empty());
    assert_eq!(told(&["--every-site"]).len(), 6);
    write(4);
    let sum = told(&[]);
    assert!(sum.len() == 1 && sum[0].contains("24 of 24 public functions"), "{sum:?}");
    assert_eq!(told(&["--every-site"]).len(), 24);
    folder.write("shop/sums.py", b"def add(order, part: int):\n    return order[part], part\n");
    write(1);
    assert!(told(&[]).is_empty());
    let lines = "    order.take(part)\n".repeat(8);
    let long = format!("def add(order, part: int):\n{lines}    return order[part], part\n");
    folder.write("shop/sums.py", long.as_bytes());
    assert_eq!(told(&[]), ["`add` has no type hints for `order` and the return value"]);
}

#[test]
fn threads_and_parse_modes_change_no_finding() {
    let folder = Folder::new(&SHOP);
    let all = |more: &[&str]| {
        let ran = folder.check(&[&["--output-format", "json", "--exit-zero"], more].concat());
        ran.json()["findings"].clone()
    };
    let expected = all(&["--threads", "1"]);
    assert!(expected.as_array().unwrap().len() > 4, "{expected}");
    for more in [["--threads", "8"], ["--parse-mode", "full"], ["--parse-mode", "regions"]] {
        assert_eq!(all(&more), expected, "{more:?}");
    }
}

#[test]
fn a_change_elsewhere_brings_a_finding_and_an_unchanged_line_none() {
    let repo = Repo::with(&SHOP);
    let changed = |arguments: &[&str]| told(&repo.check(&[&SELECT[..], &JSON, arguments].concat()));
    repo.write("uv.lock", LOCK);
    repo.commit();
    assert_eq!(changed(&["--diff", "HEAD"]), NONE);
    // Files that change in other lines bring nothing.
    repo.write("deploy/Dockerfile", &IMAGE.replace("COPY", "LABEL a=b\nCOPY"));
    repo.write("pyproject.toml", &MANIFEST.replace("version = \"1\"", "version = \"2\""));
    repo.write(".github/workflows/ci.yml", &format!("# Tests.\n{WORKFLOW}"));
    assert_eq!(changed(&["--diff", "HEAD"]), NONE);
    repo.git(&["add", "--all", "."]);
    assert_eq!(changed(&["--staged"]), NONE);
    // Lines that change do.
    repo.write("deploy/Dockerfile", &IMAGE.replace("FROM python", "FROM debian"));
    assert_eq!(changed(&["--diff", "HEAD"]), [UNPINNED]);
    repo.commit();
    // A lock that goes makes a manifest wrong in which nothing changed.
    fs::remove_file(repo.root.join("uv.lock")).unwrap();
    assert_eq!(changed(&["--diff", "HEAD"]), [UNLOCKED]);
    assert_eq!(changed(&["--diff", "HEAD", "shop"]), NONE);
    assert_eq!(changed(&["--staged"]), NONE);
    repo.git(&["add", "--all", "."]);
    assert_eq!(changed(&["--staged"]), [UNLOCKED]);
    repo.check(&[&SELECT[..], &["--diff", "HEAD", "--fail-on", "info"]].concat()).ends(1);
    repo.commit();
    assert_eq!(changed(&["--diff", "HEAD"]), NONE);
    assert_eq!(changed(&["--diff", "HEAD~1"]), [UNLOCKED]);
}

#[test]
fn what_is_renamed_keeps_its_findings_and_breaks_who_names_it() {
    let image =
        "FROM python:3.12-slim\nCOPY . /app\nWORKDIR /app\nCMD [\"uvicorn\", \"shop.main:app\"]\n";
    let main = "from fastapi import FastAPI\n\napp = FastAPI()\n";
    let repo = Repo::with(&[
        ("requirements.txt", "fastapi==0.115.0\nuvicorn==0.34.0\n"),
        ("shop/__init__.py", ""),
        ("shop/main.py", main),
        ("Dockerfile", image),
        ("old.Dockerfile", IMAGE),
    ]);
    let select = ["--select", "entry-point-unresolved,base-image-unpinned"];
    let changed = || told(&repo.check(&[&select[..], &JSON, &["--diff", "HEAD"]].concat()));
    repo.git(&["mv", "old.Dockerfile", "new.Dockerfile"]);
    repo.write("new.Dockerfile", &format!("{IMAGE}# The end.\n"));
    assert_eq!(changed(), NONE);
    repo.git(&["mv", "shop/main.py", "shop/web.py"]);
    assert_eq!(changed(), ["Dockerfile:4 entry-point-unresolved"]);
}

#[test]
fn a_baseline_knows_a_finding_whose_line_moved() {
    let folder = Folder::new(&SHOP);
    folder.check(&[&SELECT[..], &["--update-baseline"]].concat()).ends(0);
    let known = ["--baseline", "roadworthy-baseline.jsonl"];
    assert_eq!(found(&folder, &known), NONE);
    folder
        .write("deploy/Dockerfile", format!("# syntax=docker/dockerfile:1\n\n{IMAGE}").as_bytes());
    folder.write("pyproject.toml", format!("# The shop.\n{MANIFEST}").as_bytes());
    assert_eq!(found(&folder, &known), NONE);
    folder.check(&[&SELECT[..], &known].concat()).ends(0);
    // Another one of the same rule is new.
    folder.write("other.Dockerfile", b"FROM debian\nCMD [\"python\", \"-m\", \"shop\"]\n");
    assert_eq!(found(&folder, &known), ["other.Dockerfile:1 base-image-unpinned"]);
}

#[test]
fn comments_are_added_to_every_kind_of_file_and_hold() {
    let folder = Folder::new(&SHOP);
    let run = folder.check(&[&SELECT[..], &["--add-ignore", "decided by the team"]].concat());
    run.ends(0);
    let text = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    for path in ["pyproject.toml", "deploy/Dockerfile", ".github/workflows/ci.yml"] {
        assert_eq!(text(path).matches("# roadworthy: ignore[").count(), 1, "{}", text(path));
    }
    assert_eq!(found(&folder, &[]), NONE);
    // The files still mean what they meant.
    let manifest: toml::Table = toml::from_str(&text("pyproject.toml")).unwrap();
    assert_eq!(manifest, toml::from_str(MANIFEST).unwrap());
    let without_comments = |text: &str| -> Vec<String> {
        let lines =
            text.lines().map(|line| line.split("  # roadworthy").next().unwrap().to_owned());
        lines.filter(|line| !line.trim_start().starts_with('#')).collect()
    };
    assert_eq!(without_comments(&text("deploy/Dockerfile")), without_comments(IMAGE));
    // In a Dockerfile a comment stands on a line of its own.
    assert!(text("deploy/Dockerfile").lines().any(|line| line.starts_with("# roadworthy:")));
    assert_eq!(without_comments(&text(".github/workflows/ci.yml")), without_comments(WORKFLOW));
    assert_eq!(found(&folder, &["--ignore", "unparsable-file"]), NONE);
}

#[test]
fn comments_silence_in_each_syntax_and_idle_ones_are_findings() {
    let folder = Folder::new(&SHOP);
    let above = |rule: &str, text: &str, line: &str| {
        text.replacen(line, &format!("# roadworthy: ignore[{rule}] decided\n{line}"), 1)
    };
    let image = above("base-image-unpinned", IMAGE, "FROM");
    let manifest = above("unlocked-application", MANIFEST, "dependencies");
    let workflow = above("workflow-permissions-excessive", WORKFLOW, "  test:");
    for (path, text) in [
        ("deploy/Dockerfile", &image),
        ("pyproject.toml", &manifest),
        (".github/workflows/ci.yml", &workflow),
    ] {
        folder.write(path, text.as_bytes());
    }
    assert_eq!(found(&folder, &[]), NONE);
    // What nothing needs any more is said.
    folder.write(
        "deploy/Dockerfile",
        image.replace("FROM python", "FROM python:3.12.4-slim").as_bytes(),
    );
    folder.write("uv.lock", LOCK.as_bytes());
    folder.write(".github/workflows/ci.yml", format!("permissions: {{}}\n{workflow}").as_bytes());
    let idle = [
        ".github/workflows/ci.yml:4 unused-suppression",
        "deploy/Dockerfile:1 unused-suppression",
        "pyproject.toml:5 unused-suppression",
    ];
    assert_eq!(found(&folder, &[]), idle);
    assert_eq!(found(&folder, &["deploy/Dockerfile"]), [idle[1]]);
}

#[test]
fn a_requirements_file_takes_comments_by_hand() {
    let folder = Folder::new(&[
        (
            "requirements.txt",
            "django==5.2.1\ngit+https://github.com/acme/billing.git@main#egg=billing\n",
        ),
        ("shop/main.py", "import billing\n"),
    ]);
    let select = ["--select", "unverifiable-dependency-source,unused-suppression"];
    let ran = || told(&folder.check(&[&select[..], &JSON].concat()));
    assert_eq!(ran(), ["requirements.txt:2 unverifiable-dependency-source"]);
    // Of a text nobody knows what a comment is in it: none is written, but what stands there holds.
    let asked = folder.check(&[&select[..], &["--add-ignore", "ours"]].concat());
    asked.ends(1).warns("no comment may be put into such a file");
    let above = "# roadworthy: ignore[unverifiable-dependency-source] ours\ngit+";
    let path = folder.path().join("requirements.txt");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("git+", above, 1)).unwrap();
    assert_eq!(ran(), NONE);
}

#[test]
fn the_configuration_holds_for_rules_about_the_project() {
    let folder = Folder::new(&SHOP);
    let configured = |text: &str| {
        folder.write("roadworthy.toml", text.as_bytes());
        found(&folder, &[])
    };
    assert_eq!(configured(""), [RIGHTS, UNPINNED, UNLOCKED]);
    assert_eq!(
        configured(
            "[per-file-ignores]\n\"deploy/*\" = [\"base-image-unpinned\"]\n\"*.py\" = [\"ALL\"]\n"
        ),
        [RIGHTS, UNLOCKED]
    );
    assert_eq!(
        configured("[per-file-ignores]\n\"**/*.yml\" = [\"automation\"]\n"),
        [UNPINNED, UNLOCKED]
    );
    // A level counts for what fails.
    let levels = "[severity]\nunlocked-application = \"info\"\nbase-image-unpinned = \"info\"\nworkflow-permissions-excessive = \"info\"\n";
    assert_eq!(configured(levels), [RIGHTS, UNPINNED, UNLOCKED]);
    folder.check(&SELECT).ends(0);
    folder.check(&[&SELECT[..], &["--fail-on", "info"]].concat()).ends(1);
    folder.write(
        "roadworthy.toml",
        levels
            .replace("base-image-unpinned = \"info\"", "base-image-unpinned = \"error\"")
            .as_bytes(),
    );
    folder
        .check(&[&SELECT[..], &["--fail-on", "error"]].concat())
        .ends(1)
        .says("error[base-image-unpinned]");
}

#[test]
fn roles_hold_for_the_file_that_a_finding_stands_in() {
    let folder = Folder::new(&SHOP);
    let configured = |text: &str, more: &[&str]| {
        folder.write("roadworthy.toml", text.as_bytes());
        found(&folder, more)
    };
    let role = "[roles]\n\"deploy/**\" = \"generated\"\n";
    assert_eq!(configured(role, &[]), [RIGHTS, UNLOCKED]);
    assert_eq!(configured(role, &["--every-role"]), [RIGHTS, UNPINNED, UNLOCKED]);
    let more = "[per-role.generated]\nextend-select = [\"base-image-unpinned\"]\n";
    assert_eq!(configured(&format!("{role}{more}"), &[]), [RIGHTS, UNPINNED, UNLOCKED]);
    let less = "[per-role.product]\nignore = [\"unlocked-application\"]\n";
    assert_eq!(configured(&format!("{role}{less}"), &[]), [RIGHTS]);
}

#[test]
fn a_rule_in_preview_runs_by_its_own_name_only() {
    let catalog = roadworthy_rules::catalog();
    let of_project =
        |rule: &&&roadworthy_engine::Rule| rule.scope == roadworthy_engine::Scope::Project;
    for rule in catalog.rules().iter().filter(of_project) {
        let folder = Folder::new(&[]);
        let listed = |selector: &str| {
            let ran = folder.check(&["--select", selector, "--show-settings"]).ends(0);
            let (on, _) = ran.stdout.split_once(" rules do not:").unwrap();
            on.contains(rule.name)
        };
        assert!(listed(rule.name), "{}", rule.name);
        assert_eq!(listed(rule.group), !rule.preview, "{}", rule.name);
    }
}

#[test]
fn the_day_decides_what_is_past_its_end() {
    let folder = Folder::new(&[
        ("pyproject.toml", MANIFEST),
        ("uv.lock", LOCK),
        ("Dockerfile", "FROM python:3.9.2-slim\nCOPY . /app\n"),
    ]);
    let on = |day: &[&str]| {
        let arguments = ["--select", "eol-python"];
        told(&folder.check(&[&arguments[..], day, &JSON].concat()))
    };
    // Python 3.9 had its last release in October 2025 (devguide.python.org/versions).
    assert_eq!(on(&["--as-of", "2025-01-01"]), NONE);
    assert_eq!(on(&["--as-of", "2026-01-01"]), ["Dockerfile:1 eol-python"]);
    // Without a day and without a commit that has one nothing is known.
    assert_eq!(on(&[]), NONE);
    folder.check(&["--as-of", "soon"]).ends(2);
}

#[test]
fn findings_about_the_project_decide_the_exit_code() {
    let folder = Folder::new(&SHOP);
    let one = ["--select", "unlocked-application", "--fail-on", "info"];
    folder.check(&one).ends(1).says("info[unlocked-application]");
    folder.check(&one[..2]).ends(0);
    folder.check(&[&one[..], &["--exit-zero"]].concat()).ends(0);
    folder.write("uv.lock", LOCK.as_bytes());
    folder.check(&one).ends(0).says("Nothing found");
}
