//! Runs that are refused: wrong configuration, rules, arguments and files, each with a secret in it.

use super::folder::Folder;
use super::values::Canaries;
use super::{FORMATS, look};

/// Wrong configurations; `VALUE` stands for a password, `TOKEN` for a provider's token.
const CONFIGURATIONS: &[&str] = &[
    "password = \"VALUE\n",
    "token = 'TOKEN\" x\n",
    "password = VALUE\n",
    "password = \"VALUE\" TOKEN\n",
    "VALUE = TOKEN = 1\n",
    "password = \"VALUE\"\n",
    "VALUE = 1\n",
    "\"TOKEN\" = 1\n",
    "fail-on = \"VALUE\"\n",
    "min-severity = \"TOKEN\"\n",
    "select = \"VALUE\"\n",
    "select = [\"VALUE\"]\n",
    "ignore = [\"TOKEN\", \"VALUE\"]\n",
    "extend-select = [1, \"VALUE\"]\n",
    "exclude = [\"VALUE[\"]\n",
    "extend-exclude = [\"{TOKEN\"]\n",
    "rule-paths = [\"VALUE\"]\n",
    "rule-paths = [\"TOKEN\"]\n",
    "respect-gitignore = \"VALUE\"\n",
    "[severity]\nhardcoded-secret = \"VALUE\"\n",
    "[severity]\nVALUE = \"error\"\n",
    "[roles]\n\"*.py\" = \"VALUE\"\n",
    "[roles]\n\"VALUE[\" = \"test\"\n",
    "[per-file-ignores]\n\"*.py\" = [\"VALUE\"]\n",
    "[per-file-ignores]\n\"VALUE[\" = [\"errors\"]\n",
    "[rules.VALUE]\nx = 1\n",
    "[rules.missing-type-hints]\nVALUE = 1\n",
    "[rules.missing-type-hints]\npassword = \"VALUE\"\n",
    "[rules.missing-type-hints]\nhanded-in-parameters = \"VALUE\"\n",
    "[rules]\nmissing-type-hints = \"VALUE\"\n",
    "password = \"a\"\npassword = \"VALUE\"\n",
    "[VALUE]\n[VALUE]\n",
    "x = \"\\qVALUE\"\n",
    "x = \"\\uVALUE\"\n",
    "x = 1VALUE\n",
    "x = 2024-VALUE\n",
    "x = [\"VALUE\"\n",
    "x = { password = \"VALUE\"\n",
    "[roadworthy.VALUE\n",
];

#[test]
fn a_wrong_configuration_is_refused_without_its_values() {
    let mut canaries = Canaries::new();
    for text in CONFIGURATIONS {
        let (value, token) = (canaries.password(text), canaries.github(text));
        let folder = Folder::new(&[("a.py", "def f(x): print(x)\n")]);
        let text = text.replace("VALUE", &value).replace("TOKEN", &token);
        folder.write("roadworthy.toml", text.as_bytes());
        let pyproject = format!("[tool.roadworthy]\n{text}");
        folder.write("inner/pyproject.toml", pyproject.as_bytes());
        folder.write("inner/a.py", b"def f(x): print(x)\n");
        for way in [
            &["."][..],
            &["inner"],
            &["--config", "roadworthy.toml"],
            &["--history"],
            &["-v", "a.py"],
        ] {
            let ran = folder.check(way);
            look(&canaries, &ran, &way.join(" "));
        }
    }
    canaries.assert_silent();
}

/// Rules that cannot be used.
const RULES: &[&str] = &[
    "name = \"own\npassword = \"VALUE\"\n",
    "name = \"VALUE\"\nsummary = \"TOKEN\"\n",
    "password = \"VALUE\"\n",
    "NAME\nsummary = \"VALUE\"\nseverity = \"VALUE\"\n",
    "NAME\nhides_text = \"VALUE\"\n",
    "NAME\nscope = \"VALUE\"\n",
    "NAME\nquery = '''(VALUE) @finding'''\n",
    "NAME\nquery = '''((string) @finding (#eq? @finding \"VALUE TOKEN\")'''\n",
    "NAME\nquery = '''((string) @VALUE'''\n",
    "NAME\nquery = '''((string) @finding (#match? @finding \"[VALUE\"))'''\n",
    "NAME\nquery = '''((string) @finding (#VALUE? @finding \"x\"))'''\n",
    "NAME\nroles = { only = [\"VALUE\"] }\n",
    "NAME\ntriggers = [{ text = \"x\", in = \"VALUE\" }]\n",
    "NAME\nequivalents = { same = [\"VALUE\"] }\n",
    "NAME\napplies_to = [\"VALUE\"]\n",
    "NAME\ntags = \"VALUE\"\n",
    "NAME\n[options.VALUE]\ndefault = 1.5\n",
    "NAME\n[[bad]]\ncode = 'password = \"VALUE\"'\nseverity = \"TOKEN\"\n",
    "NAME\n[[bad]]\nTOKEN = 'password = \"VALUE\"'\n",
];

#[test]
fn a_wrong_rule_is_refused_without_its_values() {
    let usable = "name = \"own\"\nsummary = \"s\"\nwhy = \"w\"\nfix = \"f\"\nseverity = \"error\"\nscope = \"statement\"\napplies_to = [\"python\"]\ntriggers = [\"x\"]\nquery = '''((string) @finding)'''";
    let mut refused = 0;
    let mut canaries = Canaries::new();
    for text in RULES {
        let (value, token) = (canaries.password(text), canaries.github(text));
        let folder = Folder::new(&[
            ("a.py", "x = \"y\"\n"),
            ("roadworthy.toml", "rule-paths = [\"rules\"]\n"),
        ]);
        // What a field stands for here stands in the rule no more.
        let own: Vec<&str> =
            text.lines().skip(1).filter_map(|line| line.split(" = ").next()).collect();
        let kept = usable
            .lines()
            .filter(|line| !own.iter().any(|key| line.split(" = ").next() == Some(key)));
        let kept: Vec<&str> = kept.collect();
        let text = text
            .replace("NAME", &kept.join("\n"))
            .replace("VALUE", &value)
            .replace("TOKEN", &token);
        folder.write("rules/own.toml", text.as_bytes());
        for format in FORMATS {
            let ran = folder.check(&["--output-format", format]);
            look(&canaries, &ran, "a rule of the project");
            refused += usize::from(ran.code == Some(2));
        }
    }
    canaries.assert_silent();
    assert!(
        refused > 2 * RULES.len(),
        "{refused} refusals: the rules are wrong in another way than meant"
    );
}

#[test]
fn a_rule_of_the_project_shows_no_value_that_it_points_at() {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[("roadworthy.toml", "rule-paths = [\"rules\"]\n")]);
    let rule = "name = \"own\"\nsummary = \"a string\"\nwhy = \"w\"\nfix = \"f\"\nseverity = \"error\"\nscope = \"statement\"\napplies_to = [\"python\"]\ntriggers = [\"login\"]\nquery = '''((call) @finding)'''\n";
    folder.write("rules/own.toml", rule.as_bytes());
    let (password, token) = (canaries.password("an argument"), canaries.github("an argument"));
    let code = format!("login(\"{token}\", password=\"{password}\")\n");
    folder.write("a.py", code.as_bytes());
    for format in FORMATS {
        for more in [&["--select", "own"][..], &["--ignore", "secrets"], &["--pedantic"]] {
            let arguments = [&["--output-format", format], more].concat();
            let ran = folder.check(&arguments);
            assert_eq!(ran.code, Some(1), "{}", ran.stderr);
            look(&canaries, &ran, &arguments.join(" "));
        }
    }
    canaries.assert_silent();
}

#[test]
fn arguments_are_not_repeated_with_a_token_in_them() {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    let token = canaries.github("an argument");
    let url = format!("https://x:{}@acme.io/a.py", canaries.password("the password of a URL"));
    let file = format!("{token}.toml");
    for arguments in [
        &["check", &token][..],
        &["check", &url],
        &["check", "a.py", &token, "--output-format", "json"],
        &["check", "--select", &token],
        &["check", "--ignore", &token],
        &["check", "--exclude", &format!("{token}[")],
        &["check", "--config", &file],
        &["check", "--config", &url],
        &["check", "--fail-on", &token],
        &["check", "--threads", &token],
        &["check", &format!("--{token}")],
        &["check", "--output-format", &token],
        &["check", &format!("--history={token}")],
        &["check", &format!("--history=--{token}")],
        &["check", "--history", &token],
        &["check", "-", "--stdin-filename", &token],
        &["check", "-", &token],
        &["explain", &token],
        &["rules", &token],
        &[&token],
    ] {
        look(&canaries, &folder.run(arguments), arguments[0]);
    }
    canaries.assert_silent();
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_without_the_token_in_its_name() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    let token = canaries.github("the name of a closed file");
    let file = folder.write(&format!("{token}.py"), b"x = 1\n");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).unwrap();
    let token = canaries.github("the name of a closed folder");
    let inner = folder.write(&format!("{token}/a.py"), b"x = 1\n");
    std::fs::set_permissions(inner.parent().unwrap(), std::fs::Permissions::from_mode(0o000))
        .unwrap();
    let token = canaries.github("the name of a link");
    std::os::unix::fs::symlink("nowhere", folder.path().join(format!("{token}.py"))).unwrap();
    std::os::unix::fs::symlink("..", folder.path().join(&token)).unwrap();
    for format in FORMATS {
        for more in [&["-v"][..], &["--show-files"], &["--pedantic"], &["--history"]] {
            let ran = folder.check(&[&["--output-format", format], more].concat());
            look(&canaries, &ran, more[0]);
        }
    }
    std::fs::set_permissions(inner.parent().unwrap(), std::fs::Permissions::from_mode(0o700))
        .unwrap();
    canaries.assert_silent();
}
