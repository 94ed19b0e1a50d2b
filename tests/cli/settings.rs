//! Settings of roles, and what `--show-settings` shows of all settings.

use crate::SILENT;
use crate::folder::Folder;

const PRINTING: &str = "def f(order: str) -> None:\n    print(order)\n";

#[test]
fn settings_of_a_role_hold_in_its_files_only() {
    let folder = Folder::new(&[
        ("tests/test_a.py", SILENT),
        ("app.py", SILENT),
        ("roadworthy.toml", "select = ['errors']\n"),
    ]);
    let found = |configuration: &str, arguments: &[&str]| -> Vec<String> {
        folder.write("roadworthy.toml", configuration.as_bytes());
        let base = ["--output-format", "concise", "--exit-zero"];
        let ran = folder.check(&[&base, arguments].concat()).ends(0);
        let lines = ran.stdout.lines().filter(|line| line.contains("[silent-except]"));
        lines.map(|line| line.split(']').next().unwrap().to_owned()).collect()
    };
    let app = "app.py:4:5: warning[silent-except".to_owned();
    let test = "tests/test_a.py:4:5: info[silent-except".to_owned();
    assert_eq!(found("", &[]), [&*app]);
    // A rule speaks where it would be silent, also one that does not run elsewhere.
    let speaks = "[per-role.test]\nextend-select = ['silent-except']\n";
    assert_eq!(found(speaks, &[]), [&*app, &*test]);
    let ignored = format!("ignore = ['silent-except']\n{speaks}");
    assert_eq!(found(&ignored, &[]), [&*test]);
    // The command line stands above it.
    assert_eq!(found(speaks, &["--ignore", "silent-except"]), Vec::<String>::new());
    assert_eq!(found(speaks, &["--select", "logging"]), Vec::<String>::new());
    assert_eq!(found(speaks, &["--select", "silent-except"]), [&*app, &*test]);
    // What is ignored for a file stays ignored.
    let per_file = format!("{speaks}[per-file-ignores]\n'tests' = ['ALL']\n");
    assert_eq!(found(&per_file, &[]), [&*app]);
    let role = folder.check(&["--show-files", "app.py"]).stdout;
    let role = role
        .split_whitespace()
        .find(|word| ["application", "script", "library", "cli"].contains(word));
    let role = role.unwrap();
    assert_eq!(
        found(&format!("[per-role.{role}]\nignore = ['errors']\n"), &[]),
        Vec::<String>::new()
    );
    // Where roles do not hold, nothing is silent for its role.
    assert_eq!(
        found(&format!("[per-role.{role}]\nignore = ['errors']\n"), &["--every-role"]),
        [&*app, &*test]
    );
    // The more exact name wins.
    let exact =
        format!("[per-role.{role}]\nignore = ['errors']\nextend-select = ['silent-except']\n");
    assert_eq!(found(&exact, &[]), [&*app]);
    let levels = format!(
        "[severity]\nerrors = 'warning'\n[per-role.{role}]\nseverity = {{ ALL = 'info' }}\n"
    );
    assert_eq!(found(&levels, &[]), ["app.py:4:5: info[silent-except"]);
}

#[test]
fn a_role_by_its_own_name_stands_above_product() {
    let folder = Folder::new(&[
        ("pyproject.toml", "[project]\nname = 'shop'\nversion = '1'\n"),
        ("shop/__init__.py", ""),
        (
            "shop/api.py",
            "from fastapi import FastAPI\n\napp = FastAPI()\n\ndef f(order: str) -> None:\n    print(order)\n",
        ),
    ]);
    let shown = folder.check(&["--show-files", "--output-format", "json", "shop/api.py"]).json();
    let role = shown["files"][0]["role"].as_str().unwrap().to_owned();
    assert!(["application", "library"].contains(&&*role), "{role}");
    let found = |configuration: &str| {
        folder.write("roadworthy.toml", configuration.as_bytes());
        folder.check(&["--select", "print-in-product-code", "--fail-on", "info"]).code
    };
    let product = "[per-role.product]\nignore = ['print-in-product-code']\n";
    assert_eq!(found(""), Some(1));
    assert_eq!(found(product), Some(0));
    assert_eq!(
        found(&format!("{product}[per-role.{role}]\nextend-select = ['print-in-product-code']\n")),
        Some(1)
    );
    assert_eq!(
        found(&format!("[per-role.{role}]\nextend-select = ['logging']\n{product}")),
        Some(1)
    );
}

#[test]
fn settings_of_roles_reach_files_that_are_not_python() {
    let folder = Folder::new(&[
        (".env", "DATABASE_PASSWORD=hG7x2Qp9vLw4Zr8t\n"),
        ("roadworthy.toml", ""),
        ("a.py", PRINTING),
    ]);
    let shown = folder.check(&["--show-files", "--output-format", "json", ".env"]).json();
    let role = shown["files"][0]["role"].as_str().unwrap().to_owned();
    let count = || folder.check(&[".env", "--output-format", "json", "--exit-zero"]).rules().len();
    assert_eq!(count(), 1);
    folder
        .write("roadworthy.toml", format!("[per-role.{role}]\nignore = ['secrets']\n").as_bytes());
    assert_eq!(count(), 0);
    folder.write(
        "roadworthy.toml",
        format!("ignore = ['ALL']\n[per-role.{role}]\nextend-select = ['secrets']\n").as_bytes(),
    );
    assert_eq!(count(), 1);
}

#[test]
fn wrong_settings_of_roles_are_refused_with_their_place() {
    let refused = |configuration: &str, sentence: &str| {
        let folder = Folder::new(&[("a.py", "x = 1\n"), ("roadworthy.toml", configuration)]);
        let ran = folder.check(&["--exit-zero"]).ends(2).warns(sentence);
        assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1), "{}", ran.stderr);
    };
    refused(
        "[per-role.tests]\nignore = []\n",
        "roadworthy.toml:1:11: there is no role `tests` in `per-role`; did you mean `test`?",
    );
    refused(
        "[per-role]\nqqq = {}\n",
        ":2:1: there is no role `qqq` in `per-role`; the roles are application, ",
    );
    refused(
        "[per-role.test]\nignor = []\n",
        ":2:1: there is no key `ignor` in `per-role.test`; did you mean `ignore`?",
    );
    refused(
        "[per-role.test]\nselect = []\n",
        ":2:1: there is no key `select` in `per-role.test`; did you mean `extend-select`?",
    );
    refused(
        "[per-role.test]\nignore = ['silent-exept']\n",
        ":2:11: there is no rule, group or area `silent-exept`; did you mean",
    );
    refused(
        "[per-role.test.severity]\nsilent-except = 'eror'\n",
        ":2:17: `silent-except` takes one of error, warning, info, not `eror`; did you mean `error`?",
    );
    refused("[per-role.test.severity]\nsilent-exept = 'error'\n", ":2:1: there is no rule");
    refused("per-role = 3\n", ":1:12: `per-role` takes a table, not a whole number");
    refused("per-role.test = ['a']\n", ":1:17: `per-role.test` takes a table, not a list");
}

const WHOLE: &str = "required-version = '>=0.0.1'\nextend = 'shared/base.toml'\nignore = ['missing-type-hints']\n\
    fail-on = 'error'\n[per-file-ignores]\n'tools/*.py' = ['print-in-product-code']\n\
    [per-role.test]\nextend-select = ['silent-except']\nseverity = { errors = 'info' }\n";
const BASE: &str = "ignore = ['logging', 'types']\n[severity]\nerrors = 'warning'\n\
    [rules.hardcoded-secret]\nlow-confidence = true\n";

fn project() -> Folder {
    Folder::new(&[
        ("roadworthy.toml", WHOLE),
        ("shared/base.toml", BASE),
        ("a.py", SILENT),
        ("tests/test_a.py", SILENT),
        ("tools/b.py", PRINTING),
    ])
}

#[test]
fn settings_are_shown_with_who_says_them() {
    let folder = project();
    let shown = folder.check(&["--show-settings", "--exclude", "gen", "."]).ends(0).stays_quiet();
    for line in [
        "# roadworthy.toml: holds for 5 files\n# extends shared/base.toml\n",
        "extend = \"shared/base.toml\"            # roadworthy.toml:2:10\n",
        "select = [\"ALL\"]                       # default\n",
        "    \"logging\",                         # shared/base.toml:1:11\n",
        "    \"missing-type-hints\",              # roadworthy.toml:3:11\n",
        "exclude = [\"gen\"]                      # --exclude\n",
        "fail-on = \"error\"                      # roadworthy.toml:4:11\n",
        "min-severity = \"info\"                  # default\n",
        "[rules.hardcoded-secret]\nlow-confidence = true                  # shared/base.toml:5:18\n",
        "[per-role.test]\nextend-select = [\"silent-except\"]      # roadworthy.toml:8:17\n",
        "[per-role.test.severity]\nerrors = \"info\" ",
        "#   error    hardcoded-secret  low-confidence = true\n",
        "#   warning  silent-except\n",
        " rules do not:\n",
        "#            logging-configured-at-import\n",
    ] {
        assert!(shown.stdout.contains(line), "no `{line}` in:\n{}", shown.stdout);
    }
    // Nothing is judged.
    assert!(!shown.stdout.contains("a.py"), "{}", shown.stdout);
    // For a single file what is ignored in it does not run.
    let one = folder.check(&["--show-settings", "tools/b.py"]).ends(0);
    let off = one.stdout.split("do not:").nth(1).unwrap();
    assert!(one.stdout.contains("# roadworthy.toml: holds for tools/b.py\n"), "{}", one.stdout);
    assert!(off.contains("print-in-product-code"), "{}", one.stdout);
    let isolated = folder.check(&["--show-settings", "--isolated"]).ends(0);
    isolated.says("# no configuration file: holds for 5 files").says("    \"node_modules\",");
    folder.check(&["--show-settings", "--show-files"]).ends(2);
}

#[test]
fn settings_that_are_shown_give_the_same_run() {
    let folder = project();
    let findings = || folder.check(&["--output-format", "concise", "--no-progress"]).stdout;
    let findings = || findings().split("Found").next().unwrap().to_owned();
    let before = findings();
    assert!(before.contains("info[silent-except]"), "{before}");
    let shown = folder.check(&["--show-settings"]).ends(0).stdout;
    folder.write("roadworthy.toml", shown.as_bytes());
    assert_eq!(findings(), before, "{shown}");
    let again = folder.check(&["--show-settings", "--output-format", "json"]).ends(0).json();
    assert_eq!(
        again["configurations"][0]["settings"]["ignore"]["value"].as_array().unwrap().len(),
        3
    );
}

#[test]
fn settings_are_shown_to_programs_for_every_configuration_of_the_run() {
    let folder = project();
    folder.write("inner/pyproject.toml", b"[tool.roadworthy]\nselect = ['errors']\n");
    folder.write("inner/c.py", SILENT.as_bytes());
    let shown = folder.check(&["--show-settings", "--output-format", "json"]).ends(0).stays_quiet();
    let json = shown.json();
    assert_eq!(json["version"], 1);
    let [outer, inner] = &json["configurations"].as_array().unwrap()[..] else { panic!("{json}") };
    assert_eq!((&outer["file"], &outer["decides"]), (&"roadworthy.toml".into(), &true.into()));
    assert_eq!(
        (&inner["file"], &inner["decides"]),
        (&"inner/pyproject.toml".into(), &false.into())
    );
    assert_eq!(outer["extends"][0], "shared/base.toml");
    assert_eq!(inner["files"], 1);
    let ignore = &outer["settings"]["ignore"];
    assert_eq!(ignore["value"], serde_json::json!(["logging", "types", "missing-type-hints"]));
    assert_eq!(ignore["from"][2], "shared/base.toml:1:22");
    assert_eq!(outer["settings"]["per-role"]["value"]["test"]["severity"]["errors"], "info");
    assert_eq!(
        outer["settings"]["min-severity"],
        serde_json::json!({"value": "info", "from": ["default"]})
    );
    let named = |name: &str| {
        let rules = outer["rules"].as_array().unwrap();
        rules.iter().find(|rule| rule["name"] == name).cloned().unwrap()
    };
    assert_eq!(named("silent-except")["severity"], "warning");
    assert_eq!(named("hardcoded-secret")["options"]["low-confidence"], true);
    assert!(inner["off"].as_array().unwrap().iter().any(|name| name == "print-in-product-code"));
    let text = folder.check(&["--show-settings"]).ends(0).stdout;
    assert!(
        text.contains("# says what fails the run")
            && text.contains("# inner/pyproject.toml: holds for 1 file"),
        "{text}"
    );
}

#[test]
fn no_secret_is_shown_among_settings() {
    let key = ["glpat-", "Xq4kT9bLm2ZpR7wVn8sJ"].concat();
    let folder = Folder::new(&[
        ("a.py", "x = 1\n"),
        (
            "roadworthy.toml",
            &format!("extend-exclude = ['{key}']\n[per-file-ignores]\n'{key}' = ['ALL']\n"),
        ),
    ]);
    for format in ["full", "json"] {
        let shown = folder.check(&["--show-settings", "--output-format", format]).ends(0);
        assert!(!shown.stdout.contains(&key[8..20]), "{}", shown.stdout);
        assert!(shown.stdout.contains("[redacted]"), "{}", shown.stdout);
    }
}

#[test]
fn the_command_line_takes_back_what_a_file_ignores() {
    let folder =
        Folder::new(&[("a.py", SILENT), ("roadworthy.toml", "ignore = ['silent-except']\n")]);
    let code = |arguments: &[&str]| folder.check(arguments).code;
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--extend-select", "silent-except"]), Some(1));
    assert_eq!(code(&["--extend-select", "silent-except", "--ignore", "silent-except"]), Some(0));
}
