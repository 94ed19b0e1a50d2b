//! Configuration: where it is found, what it changes, and that nothing wrong in it passes.

use crate::folder::Folder;
use crate::{IDLE, SILENT};

#[track_caller]
fn refused(configuration: &str, sentence: &str) {
    let folder = Folder::new(&[("a.py", "x = 1\n"), ("roadworthy.toml", configuration)]);
    let ran = folder.check(&["--exit-zero"]).ends(2).warns(sentence);
    assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1), "{}", ran.stderr);
}

#[test]
fn broken_toml_is_refused_with_its_place() {
    refused("select = [\n", "roadworthy.toml:1:11: this is not valid TOML: unclosed array");
    refused("a = 1\na = 2\n", "roadworthy.toml:2:1: ");
    let folder = Folder::new(&[("a.py", ""), ("pyproject.toml", "[tool.roadworthy\n")]);
    folder.check(&[]).ends(2).warns("pyproject.toml:1:");
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest() {
    refused("selct = []\n", "roadworthy.toml:1:1: there is no key `selct`; did you mean `select`?");
    refused("extend-ignore = []\n", "there is no key `extend-ignore`; did you mean `ignore`?");
    refused(
        "\nqqq = 1\n",
        "roadworthy.toml:2:1: there is no key `qqq`; the keys are baseline, exclude, ",
    );
}

#[test]
fn wrong_types_and_words_are_refused() {
    refused("select = 'ALL'\n", "roadworthy.toml:1:10: `select` takes a list of strings, not");
    refused("select = [1]\n", ":1:11: ");
    refused("respect-gitignore = 'no'\n", "takes true or false");
    refused("fail-on = 'warn'\n", ":1:11: `fail-on` takes one of error, warning, info, never");
    refused("min-severity = 'eror'\n", "did you mean `error`?");
    refused("[roles]\n'a.py' = 'tests'\n", ":2:10: `a.py` takes one of application");
    refused("[severity]\nsilent-except = 'fatal'\n", ":2:17: ");
    refused("rules = 3\n", "takes a table");
}

#[test]
fn unknown_rules_and_options_are_refused_with_the_nearest() {
    let meant = "did you mean `silent-except`?";
    refused("ignore = ['silent-exept']\n", meant);
    refused("[severity]\nsilent-exept = 'info'\n", meant);
    refused("[per-file-ignores]\n'*' = ['silent-exept']\n", meant);
    refused("[rules.silent-exept]\na = 1\n", meant);
    refused("[rules.silent-except]\nno-such = 1\n", "rule `silent-except` has no options");
    refused("[rules.errors]\na = 1\n", "no single rule");
    refused("[per-file-ignores]\n'a[b' = ['ALL']\n", "roadworthy.toml:2:1: `a[b` is not a valid");
    refused("exclude = ['a[b']\n", "`a[b` is not a valid path pattern");
}

#[test]
fn the_nearest_file_holds_and_its_own_name_before_the_shared_one() {
    let off = "ignore = ['silent-except']\n";
    let folder = Folder::new(&[
        ("roadworthy.toml", off),
        ("pyproject.toml", "[tool.roadworthy]\n"),
        ("a.py", SILENT),
        ("sub/pyproject.toml", "[project]\nname = 'sub'\nversion = '1'\n"),
        ("sub/b.py", SILENT),
        ("own/pyproject.toml", "[tool.roadworthy]\nmin-severity = 'info'\n"),
        ("own/c.py", SILENT),
    ]);
    let paths = |arguments: &[&str]| -> Vec<String> {
        let select = ["--output-format", "concise", "--exit-zero"];
        let ran = folder.check(&[arguments, &select].concat()).ends(0);
        let lines = ran.stdout.lines().filter(|line| line.contains("[silent-except]"));
        lines.map(|line| line.split(':').next().unwrap().to_owned()).collect()
    };
    assert_eq!(paths(&[]), ["own/c.py"]);
    assert_eq!(paths(&["--isolated"]), ["a.py", "own/c.py", "sub/b.py"]);
    assert_eq!(paths(&["--config", "roadworthy.toml"]), Vec::<String>::new());
    assert_eq!(paths(&["--config", "own/pyproject.toml", "a.py"]), ["a.py"]);
    assert_eq!(paths(&["--select", "silent-except"]), ["a.py", "own/c.py", "sub/b.py"]);
    folder.check(&["--config", "sub/pyproject.toml"]).ends(2).warns("[tool.roadworthy]");
    folder.check(&["--config", "nope.toml"]).ends(2).warns("nope.toml: does not exist");
}

#[test]
fn what_fails_a_run_does_not_hang_on_the_order_of_paths() {
    let folder = Folder::new(&[
        ("a/roadworthy.toml", "fail-on = 'never'\n"),
        ("a/x.py", IDLE),
        ("b/y.py", IDLE),
    ]);
    folder.check(&["a/x.py"]).ends(0);
    folder.check(&["a/x.py", "b/y.py"]).ends(1);
    folder.check(&["b/y.py", "a/x.py"]).ends(1);
}

#[test]
fn levels_of_rules_change() {
    let folder = Folder::new(&[
        ("roadworthy.toml", "[severity]\nsuppressions = 'error'\nunused-suppression = 'info'\n"),
        ("a.py", IDLE),
    ]);
    folder.check(&["--output-format", "concise"]).ends(0).says("info[unused-suppression]");
    folder.check(&["--fail-on", "info"]).ends(1);
}

#[test]
fn files_are_left_out_ignored_and_given_roles_by_patterns_of_the_file() {
    let configuration = "exclude = ['gen/old']\nfail-on = 'error'\n\
        [per-file-ignores]\n'pkg/*.py' = ['silent-except']\n[roles]\n'evals' = 'test'\n";
    let folder = Folder::new(&[
        ("p/roadworthy.toml", configuration),
        ("p/gen/old/a.py", "x = (\n"),
        ("p/pkg/b.py", SILENT),
        ("p/evals/c.py", SILENT),
        ("p/d.py", IDLE),
    ]);
    // From outside, from above and from inside the same is judged. What fails a run is said by the
    // configuration of what is given, not by that of a folder in it.
    let outside = Folder::new(&[]);
    let project = folder.path().join("p");
    let project_name = project.to_str().unwrap();
    for (from, path, code) in [(&outside, project_name, 0), (&folder, "p", 0), (&folder, ".", 1)] {
        let select = ["--select", "silent-except", "--output-format", "concise"];
        let ran = from.check(&[&[path], &select[..]].concat()).ends(code).stays_quiet();
        let findings = ran.stdout.lines().filter(|line| line.contains(".py:"));
        assert_eq!(findings.count(), 1, "{}", ran.stdout);
    }
    let mut inside = folder.command(&["check", "--output-format", "json"]);
    let inside = inside.current_dir(project.join("pkg")).output().unwrap();
    assert_eq!(inside.status.code(), Some(0));
}

#[test]
fn a_project_brings_its_own_rules() {
    let rule = r#"
name = "no-token"
summary = "token is written into the code"
why = "It leaks. It cannot be changed without a release."
fix = "read it from the environment"
severity = "error"
hides_text = true
scope = "statement"
applies_to = ["python"]
triggers = ["token"]
query = '''(assignment left: (identifier) @name right: (string) @finding (#eq? @name "token"))'''
"#;
    let code =
        "token = 'hunter2'  # roadworthy: ignore[no-such]\nother = token\ntoken = 'hunter3'\n";
    let folder = Folder::new(&[
        ("roadworthy.toml", "rule-paths = ['lint']\n"),
        ("lint/no-token.toml", rule),
        ("a.py", code),
    ]);
    let full = folder.check(&[]).ends(1).says("error[no-token]").says("[redacted]");
    let concise =
        folder.check(&["--output-format", "concise"]).ends(1).says("a.py:1:9: error[no-token]");
    let json = folder.check(&["--output-format", "json"]).ends(1);
    for ran in [&full, &concise, &json] {
        assert!(!ran.stdout.contains("hunter"), "{}", ran.stdout);
    }
    assert!(json.json()["findings"][0]["url"].is_null());
    // Silenced, a secret is still none to show.
    folder.write("a.py", b"token = 'hunter2'  # roadworthy: ignore[no-token, errors, no-such]\n");
    let ran = folder.check(&[]).ends(1).says("unused-suppression");
    assert!(!ran.stdout.contains("hunter"), "{}", ran.stdout);

    folder.write("lint/no-token.toml", rule.replace("'''(assign", "'''((assign").as_bytes());
    folder.check(&[]).ends(2).warns("lint/no-token.toml: this is no rule: the query is not valid");
    for (field, refusal) in [
        ("triggers = [\"\"]", "a trigger is a literal of at least one character"),
        ("triggers = []", "a query needs triggers"),
        ("triggers = [\"x\"]\ncheck = \"native\"", "`check` needs code"),
        ("triggers = [\"x\"]\nnodes = [\"call\"]", "`nodes` needs code"),
        ("triggers = [\"x\"]\nfold = { share = 1, sites = 1, noun = \"x\" }", "`fold` needs code"),
    ] {
        folder
            .write("lint/no-token.toml", rule.replace("triggers = [\"token\"]", field).as_bytes());
        folder.check(&[]).ends(2).warns(refusal);
    }
    let module = rule.replace("\"statement\"", "\"module\"");
    folder.write("lint/no-token.toml", module.as_bytes());
    folder.check(&[]).ends(2).warns("a query needs the scope statement or definition");
    folder.write("lint/no-token.toml", rule.replace("severity", "severty").as_bytes());
    folder.check(&[]).ends(2).warns("lint/no-token.toml:");
    folder.write("roadworthy.toml", b"rule-paths = ['lnt']\n");
    folder
        .check(&[])
        .ends(2)
        .warns("roadworthy.toml:1:15: the folder `lnt` of rules does not exist");
}

/// The file of a rule of a project's own.
fn own_rule(name: &str, trigger: &str, query: &str) -> String {
    format!(
        r#"
name = "{name}"
summary = "goes"
why = "It went."
fix = "stay"
severity = "error"
scope = "statement"
applies_to = ["python"]
triggers = ["{trigger}"]
query = '''{query}'''
"#
    )
}

#[test]
fn an_own_rule_speaks_only_where_its_triggers_stand() {
    let query = "(call function: (identifier) @name (#eq? @name \"go\")) @finding";
    let rule = own_rule("no-go", "fast", query);
    // The first call shares its region with a candidate of another rule, the second with the trigger.
    let code =
        "try:\n    go()\nexcept Exception:\n    pass\ngo(fast)\nclass A:\n    x = go(fast)\n";
    let folder = Folder::new(&[
        ("roadworthy.toml", "rule-paths = ['lint']\n"),
        ("lint/no-go.toml", &rule),
        ("a.py", code),
    ]);
    for mode in ["on-demand", "full", "regions"] {
        for select in ["ALL", "no-go"] {
            let arguments =
                ["--output-format", "concise", "--parse-mode", mode, "--select", select];
            let ran = folder.check(&arguments).ends(1);
            let found: Vec<_> =
                ran.stdout.lines().filter(|line| line.contains("[no-go]")).collect();
            let places = ["a.py:5:1: error[no-go] goes", "a.py:7:9: error[no-go] goes"];
            assert_eq!(found, places, "{mode} {select}");
        }
    }
}

#[test]
fn the_more_exact_level_wins_whatever_the_order() {
    let folder = Folder::new(&[("a.py", "def f(x, y):\n    return x[y]\n")]);
    for levels in [
        "types = 'error'\ncode = 'info'\nALL = 'warning'\n",
        "ALL = 'warning'\ncode = 'info'\ntypes = 'error'\n",
    ] {
        folder.write("roadworthy.toml", format!("[severity]\n{levels}").as_bytes());
        folder.check(&[]).ends(1).says("error[missing-type-hints]");
    }
}

#[test]
fn a_wrong_pattern_is_refused_with_its_place() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    for (text, place) in [
        ("exclude = ['b', 'a[']\n", "1:17"),
        ("extend-exclude = ['a[']\n", "1:19"),
        ("[roles]\n'a[' = 'script'\n", "2:1"),
    ] {
        folder.write("roadworthy.toml", text.as_bytes());
        folder
            .check(&[])
            .ends(2)
            .warns(&format!("roadworthy.toml:{place}: `a[` is not a valid path pattern"));
    }
    folder.write("roadworthy.toml", b"");
    folder
        .check(&["--exclude", "a["])
        .ends(2)
        .warns("error: --exclude: `a[` is not a valid path pattern");
}

#[test]
fn a_rule_of_an_inner_folder_does_not_replace_another_elsewhere() {
    let rule = own_rule("silent-except", "go", "(call) @finding");
    let folder = Folder::new(&[
        ("a.py", SILENT),
        ("in/b.py", "go()\n"),
        ("in/roadworthy.toml", "rule-paths = ['lint']\n"),
        ("in/lint/silent-except.toml", &rule),
    ]);
    let refusal = "in/roadworthy.toml:1:15: the rule `silent-except` that lies here has the name";
    folder.check(&[]).ends(2).warns(refusal);
    folder.check(&["in"]).ends(1).says("goes");
    folder.write("in/lint/no-go.toml", rule.replace("silent-except", "no-go").as_bytes());
    std::fs::remove_file(folder.path().join("in/lint/silent-except.toml")).unwrap();
    let ran =
        folder.check(&["--output-format", "concise"]).ends(1).says("in/b.py:1:1: error[no-go]");
    assert!(ran.stdout.contains("[silent-except]"), "{}", ran.stdout);
}
