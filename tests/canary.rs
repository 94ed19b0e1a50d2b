//! Plants secrets in every place that the program reads, runs it in every way, and looks for their bytes in all that it
//! writes: as they are, reversed, in base64, hex and percent form.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "canary/around.rs"]
mod around;
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
#[path = "canary/surroundings.rs"]
mod surroundings;
#[path = "canary/values.rs"]
mod values;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use folder::{Folder, Ran};
use planted::plant;
use surroundings::{AS_OF, REPOSITORIES, plant_around};
use values::Canaries;

const FORMATS: [&str; 3] = ["full", "concise", "json"];
/// Those that not every option knows.
const FURTHER: [&str; 7] =
    ["json-lines", "sarif", "github", "gitlab", "junit", "rdjson", "markdown"];
/// Groups of rules about the code, and of those about what surrounds it.
const CODE: [&str; 5] = ["errors", "types", "logging", "suppressions", "files"];
const AROUND: [&str; 3] = ["cloud", "automation", "collaboration"];
/// What shows a list of files or rules in place of all that was found.
const FILES: &str = "--show-files";
const TABLE: &str = "--statistics";

/// Looks for traces in what a run said; `Canaries::assert_silent` fails where there were some.
#[track_caller]
fn look(canaries: &Canaries, ran: &Ran, what: &str) {
    let fault = ran.stderr.contains("internal fault") || ran.stderr.contains("panicked");
    assert!(!fault, "{what}: {}", ran.stderr);
    canaries.look(ran.stdout.as_bytes(), &format!("{what}: standard output"));
    canaries.look(ran.stderr.as_bytes(), &format!("{what}: standard error"));
}

/// The rules that run only where they are selected by name.
static PREVIEW: LazyLock<String> = LazyLock::new(|| {
    let catalog = roadworthy_rules::catalog();
    let names: Vec<_> =
        catalog.rules().iter().filter(|rule| rule.preview).map(|rule| rule.name).collect();
    // An option wants a value where there is none of them, too.
    if names.is_empty() { "no-tests".to_owned() } else { names.join(",") }
});

/// Every way to look at a project.
fn ways(groups: &[&'static str]) -> Vec<Vec<&'static str>> {
    let mut ways: Vec<Vec<&str>> = vec![
        vec![],
        vec!["--verbose", "--every-site"],
        vec!["--every-role"],
        vec!["--pedantic", "--verbose"],
        vec!["--pedantic", "--every-site", "--no-respect-gitignore"],
        vec!["--parse-mode", "full", "--every-site"],
        vec!["--parse-mode", "full", "--pedantic"],
        vec![TABLE],
        vec![FILES],
        vec!["--min-severity", "error"],
        vec!["--color", "always", "--pedantic"],
        vec!["--isolated", "--threads", "1"],
    ];
    for group in groups {
        ways.push(vec!["--select", group, "--every-site"]);
        ways.push(vec!["--select", group, "--pedantic"]);
    }
    ways.push(vec!["--extend-select", &PREVIEW, "--every-site"]);
    ways
}

/// Looks at a folder in every way and every format, and gives the rules that spoke.
fn every_way(
    folder: &Folder,
    canaries: &Canaries,
    groups: &[&'static str],
    more: &[&str],
) -> BTreeSet<String> {
    let before = files(folder.path());
    let mut shown = BTreeSet::new();
    for (index, way) in ways(groups).into_iter().enumerate() {
        if way.contains(&FILES) {
            for format in FORMATS {
                let arguments = [&["--output-format", format], &way[..], more].concat();
                look(canaries, &folder.check(&arguments), &arguments.join(" "));
            }
            continue;
        }
        // Standard output has each format in turn; files have them all.
        let format = FORMATS[index % FORMATS.len()];
        let arguments = [&["--output-format", format], &way[..], more].concat();
        shown.extend(written(folder, canaries, &arguments));
    }
    for format in FORMATS.iter().chain(&FURTHER) {
        let arguments = [&["--output-format", format], more].concat();
        look(canaries, &folder.check(&arguments), &arguments.join(" "));
    }
    assert_eq!(files(folder.path()), before, "a run writes no file");
    shown
}

#[test]
fn no_format_and_no_way_of_looking_shows_a_value() {
    let code = || {
        let mut canaries = Canaries::new();
        let folder = Folder::new(&[]);
        plant(&folder, &mut canaries);
        let shown = every_way(&folder, &canaries, &CODE, &[]);
        canaries.assert_silent();
        shown
    };
    let around = |repository: &str| {
        let mut canaries = Canaries::new();
        let folder = Folder::new(&[]);
        plant_around(repository, &folder, &mut canaries);
        let shown = every_way(&folder, &canaries, &AROUND, &AS_OF);
        canaries.assert_silent();
        shown
    };
    let shown: BTreeSet<String> = std::thread::scope(|scope| {
        let mut runs = vec![scope.spawn(code)];
        runs.extend(REPOSITORIES.map(|repository| scope.spawn(move || around(repository))));
        runs.into_iter().flat_map(|run| run.join().unwrap()).collect()
    });
    // The test says something only where every rule has spoken.
    let catalog = roadworthy_rules::catalog();
    let silent: Vec<_> = catalog
        .rules()
        .iter()
        .map(|rule| rule.name)
        .filter(|name| !shown.contains(*name))
        .collect();
    assert_eq!(silent, ["missing-type-hints"; 0], "these rules found nothing");
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

/// Looks for traces in all that a run writes, to files and as the summary of a step too, and gives the rules that spoke.
#[track_caller]
fn written(folder: &Folder, canaries: &Canaries, way: &[&str]) -> BTreeSet<String> {
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
    if way.contains(&TABLE) {
        return BTreeSet::new();
    }
    let report = std::fs::read(file("json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
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
