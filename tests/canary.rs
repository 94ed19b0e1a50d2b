//! Plants secrets in every place that the program reads, runs it in every way, and looks for their bytes in all that it
//! writes: as they are, reversed, in base64, hex and percent form.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "canary/baselines.rs"]
mod baselines;
#[path = "cli/folder.rs"]
#[expect(dead_code, reason = "not every helper of the folder is needed here")]
mod folder;
#[path = "canary/panics.rs"]
mod panics;
#[path = "canary/planted.rs"]
mod planted;
#[path = "canary/refused.rs"]
mod refused;
#[path = "canary/values.rs"]
mod values;

use std::collections::BTreeSet;
use std::path::Path;

use folder::{Folder, Ran};
use planted::plant;
use values::Canaries;

const FORMATS: [&str; 3] = ["full", "concise", "json"];
/// Those that not every option knows.
const FURTHER: [&str; 7] =
    ["json-lines", "sarif", "github", "gitlab", "junit", "rdjson", "markdown"];

/// Looks for traces in what a run said; `Canaries::assert_silent` fails where there were some.
#[track_caller]
fn look(canaries: &Canaries, ran: &Ran, what: &str) {
    let fault = ran.stderr.contains("internal fault") || ran.stderr.contains("panicked");
    assert!(!fault, "{what}: {}", ran.stderr);
    canaries.look(ran.stdout.as_bytes(), &format!("{what}: standard output"));
    canaries.look(ran.stderr.as_bytes(), &format!("{what}: standard error"));
}

/// Every way to look at a project.
fn ways() -> Vec<Vec<&'static str>> {
    let mut ways: Vec<Vec<&str>> = vec![
        vec![],
        vec!["--verbose", "--every-site"],
        vec!["--every-role"],
        vec!["--pedantic", "--verbose"],
        vec!["--pedantic", "--every-site", "--no-respect-gitignore"],
        vec!["--parse-mode", "full", "--every-site"],
        vec!["--parse-mode", "full", "--pedantic"],
        vec!["--statistics"],
        vec!["--show-files"],
        vec!["--min-severity", "error"],
        vec!["--color", "always", "--pedantic"],
        vec!["--isolated", "--threads", "1"],
    ];
    for group in ["errors", "types", "logging", "suppressions", "files"] {
        ways.push(vec!["--select", group, "--every-site"]);
        ways.push(vec!["--select", group, "--pedantic"]);
    }
    ways
}

#[test]
fn no_format_and_no_way_of_looking_shows_a_value() {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[]);
    plant(&folder, &mut canaries);
    let before = files(folder.path());
    let mut shown = BTreeSet::new();
    for way in ways() {
        for format in FORMATS {
            let arguments = [&["--output-format", format], &way[..]].concat();
            let ran = folder.check(&arguments);
            look(&canaries, &ran, &arguments.join(" "));
            if format == "json" && !way.contains(&"--show-files") && !way.contains(&"--statistics")
            {
                shown.extend(ran.rules());
            }
        }
    }
    for way in ways() {
        let way: Vec<_> = way.into_iter().filter(|it| *it != "--show-files").collect();
        written(&folder, &canaries, &way);
    }
    for format in FURTHER {
        let arguments = ["--output-format", format];
        look(&canaries, &folder.check(&arguments), &arguments.join(" "));
    }
    canaries.assert_silent();
    // The test says something only where every rule has spoken.
    let catalog = roadworthy_rules::catalog();
    let silent: Vec<_> = catalog
        .rules()
        .iter()
        .map(|rule| rule.name)
        .filter(|name| !shown.contains(*name))
        .collect();
    assert_eq!(silent, ["missing-type-hints"; 0], "these rules found nothing");
    assert_eq!(files(folder.path()), before, "a run writes no file");
}

#[test]
fn changing_files_shows_no_value() {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[]);
    plant(&folder, &mut canaries);
    for arguments in [
        &["--fix", "--every-site"][..],
        &["--fix", "--pedantic", "--output-format", "concise"],
        &["--add-ignore", "known since the audit", "--every-site"],
        &["--add-ignore", "known since the audit", "--pedantic", "--output-format", "json"],
    ] {
        look(&canaries, &folder.check(arguments), &arguments.join(" "));
    }
    canaries.assert_silent();
}

/// Looks for traces in all that a run writes to files, the summary of a step among them.
#[track_caller]
fn written(folder: &Folder, canaries: &Canaries, way: &[&str]) {
    let reports = tempfile::tempdir().unwrap();
    let file = |format: &str| reports.path().join(format);
    let formats = || FORMATS.iter().chain(&FURTHER);
    let output = |format: &&str| format!("{format}:{}", file(format).display());
    let outputs: Vec<_> = formats().map(output).collect();
    let outputs = outputs.iter().flat_map(|output| ["--output", output.as_str()]);
    let arguments: Vec<_> =
        ["check"].into_iter().chain(way.iter().copied()).chain(outputs).collect();
    let mut command = folder.command(&arguments);
    command.env("GITHUB_STEP_SUMMARY", file("summary")).env("GITHUB_SHA", "abc123");
    command.env("GITHUB_SERVER_URL", "https://github.com").env("GITHUB_REPOSITORY", "acme/shop");
    look(canaries, &command.output().unwrap().into(), &way.join(" "));
    for format in formats().chain(&["summary"]) {
        let bytes = std::fs::read(file(format)).unwrap();
        assert!(!bytes.is_empty(), "{format}");
        canaries.look(&bytes, &format!("{format} of {}", way.join(" ")));
    }
}

#[test]
fn single_files_and_standard_input_show_no_value() {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[]);
    plant(&folder, &mut canaries);
    let is_first = |file: &&String| {
        file.starts_with("shop/") && Path::new(file).extension() == Some("py".as_ref())
    };
    for file in files(folder.path()).iter().filter(is_first) {
        let text = std::fs::read(folder.path().join(file)).unwrap();
        for more in ["--every-site", "--pedantic"] {
            let given = ["check", more, file];
            look(&canaries, &folder.run(&given), &given.join(" "));
            let named = ["check", more, "-", "--stdin-filename", file];
            look(&canaries, &folder.feed(&named, &text), &named.join(" "));
        }
        look(&canaries, &folder.feed(&["check", "-"], &text), &format!("check - < {file}"));
    }
    canaries.assert_silent();
}

#[test]
fn a_history_shows_no_value() {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[]);
    let token = canaries.github("message of a commit");
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.current_dir(folder.path()).args([
            "-c",
            "user.name=Jo",
            "-c",
            "user.email=jo@acme.io",
        ]);
        command.args(["-c", "commit.gpgSign=false"]).args(arguments);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        assert!(command.output().unwrap().status.success(), "{arguments:?}");
    };
    git(&["init", "--quiet", "."]);
    for round in 0..3 {
        plant(&folder, &mut canaries);
        git(&["add", "--all", "--force", "."]);
        git(&["commit", "--quiet", "--message", &format!("round {round} {token}")]);
    }
    std::fs::remove_dir_all(folder.path().join("shop")).unwrap();
    git(&["add", "--all", "."]);
    git(&["commit", "--quiet", "--message", "gone"]);
    git(&["branch", &format!("b-{token}"), "HEAD~1"]);
    let branch = format!("--history=b-{token}");
    let nothing = format!("--history={token}..");
    for way in [
        &["--history"][..],
        &["--history=--all", "--verbose"],
        &["--history", "--pedantic"],
        &["--history", "--every-role", "--parse-mode", "full"],
        &["--history=HEAD~2..", "--statistics"],
        &["--history", "--color", "always", "shop"],
        &[&branch],
        &[&nothing],
    ] {
        for format in FORMATS {
            let arguments = [&["--output-format", format], way].concat();
            let ran = folder.check(&arguments);
            look(&canaries, &ran, &format!("--history {}", way.len()));
            let refused = way[0] == nothing;
            assert_eq!(ran.code, Some(if refused { 2 } else { 1 }), "{}", ran.stderr);
        }
    }
    canaries.assert_silent();
}

/// All files below a folder but git's, by path.
fn files(folder: &Path) -> BTreeSet<String> {
    let all = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let all = all.filter(|entry| entry.file_type().is_file());
    let paths =
        all.map(|entry| entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned());
    paths.filter(|path| !path.starts_with(".git/")).collect()
}
