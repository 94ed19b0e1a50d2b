//! Reports that other programs read: what each expects of paths, places, levels and names.

use serde_json::Value;

use crate::folder::Folder;
use crate::{IDLE, SILENT};

/// An error behind letters of two and of four bytes: of these UTF-16 takes two units, and characters are one each.
const WIDE: &str = "s = 'ä𝄞'; x = 1  # roadworthy: ignore[unparsable-file]\n";
const HOSTILE: &str = "a b%#`|]]>,ü&\"<i>:.py";

fn json(folder: &Folder, format: &str) -> Value {
    folder.check(&["--output-format", format, "--exit-zero"]).ends(0).stays_quiet().json()
}

#[test]
fn columns_are_counted_as_each_format_counts_them() {
    let folder = Folder::new(&[("a.py", WIDE)]);
    let finding = &json(&folder, "json")["findings"][0];
    assert_eq!([&finding["column"], &finding["end_column"]], [18, 55]);
    let region = &json(&folder, "sarif")["runs"][0]["results"][0]["locations"][0];
    let region = &region["physicalLocation"]["region"];
    assert_eq!([&region["startColumn"], &region["endColumn"]], [18, 55]);
    let range = &json(&folder, "rdjson")["diagnostics"][0]["location"]["range"];
    assert_eq!([&range["start"]["column"], &range["end"]["column"]], [22, 59]);
    let github = folder.check(&["--output-format", "github"]).stdout;
    assert!(github.contains("line=1,col=18,endLine=1,endColumn=54,"), "{github}");
    let line = folder.check(&["--output-format", "json-lines"]).stdout;
    assert_eq!(&serde_json::from_str::<Value>(&line).unwrap(), finding);
}

#[test]
fn a_mark_at_the_beginning_is_no_column() {
    let folder = Folder::new(&[("a.py", &format!("\u{feff}{WIDE}"))]);
    let range = &json(&folder, "rdjson")["diagnostics"][0]["location"]["range"];
    assert_eq!([&range["start"]["column"], &range["end"]["column"]], [22, 59]);
}

#[test]
fn paths_for_repositories_begin_at_their_root() {
    let folder = Folder::new(&[("sub/a.py", SILENT), (".git/HEAD", "")]);
    let shown = |format: &str| {
        let mut command = folder.command(&["check", "--output-format", format]);
        let output = command.current_dir(folder.path().join("sub")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for (format, path) in [
        ("sarif", "\"uri\":\"sub/a.py\""),
        ("gitlab", "\"path\": \"sub/a.py\""),
        ("github", "file=sub/a.py,"),
        ("markdown", "<code>sub/a.py&#58;4</code>"),
        ("rdjson", "\"path\": \"a.py\""),
        ("junit", "name=\"a.py\""),
        ("json-lines", "\"path\":\"a.py\""),
    ] {
        assert!(shown(format).contains(path), "{format}: {}", shown(format));
    }
}

#[test]
fn names_of_files_break_out_of_no_format() {
    let folder = Folder::new(&[(HOSTILE, SILENT), ("x\ny::error::z.py", SILENT)]);
    let shown = |format: &str| folder.check(&["--output-format", format]).ends(1).stdout;
    let github = shown("github");
    assert_eq!(github.lines().count(), 2, "{github}");
    assert!(github.lines().all(|line| line.starts_with("::warning file=")));
    assert!(github.contains("file=a b%25#`|]]>%2Cü&\"<i>%3A.py,"), "{github}");
    assert!(github.contains("file=x%0Ay%3A%3Aerror%3A%3Az.py,"), "{github}");
    let markdown = shown("markdown");
    let rows = markdown.lines().filter(|line| line.starts_with("| 🟡"));
    assert!(rows.clone().all(|row| row.matches('|').count() == 5), "{markdown}");
    assert_eq!(rows.count(), 2);
    assert!(!markdown.contains("<i>") && !markdown.contains('`'), "{markdown}");
    let junit = shown("junit");
    assert!(junit.contains("a b%#`|]]&gt;,ü&amp;&quot;&lt;i&gt;:.py"), "{junit}");
    assert!(shown("sarif").contains("\"a%20b%25%23%60%7C%5D%5D%3E%2C%C3%BC%26%22%3Ci%3E%3A.py\""));
    assert_eq!(shown("json-lines").lines().count(), 2);
}

#[test]
fn annotations_are_few_and_of_many_rules() {
    let raises = "import requests\n\n\n@queue.task\ndef load(path: str) -> str:\n    return requests.get(path).text\n";
    let folder =
        Folder::new(&[("a.py", &IDLE.repeat(30)), ("b.py", raises), ("wsgi.py", "x = (\n")]);
    let annotations = || folder.check(&["--output-format", "github"]).ends(1).stdout;
    let shown = annotations();
    let lines: Vec<_> = shown.lines().collect();
    assert!(lines[0].starts_with("::error file=wsgi.py,line=1,"), "{shown}");
    assert!(lines[1].contains("title=call-without-timeout::"), "{shown}");
    assert_eq!(lines.iter().filter(|line| line.starts_with("::warning ")).count(), 10);
    assert_eq!(lines.len(), 12);
    assert!(
        lines[11].starts_with("::notice title=roadworthy::21 more findings are not shown here")
    );
    let mut command = folder.command(&["check", "--output-format", "github"]);
    let told = command.env("GITHUB_STEP_SUMMARY", folder.path().join("s")).output().unwrap();
    assert!(String::from_utf8(told.stdout).unwrap().contains("are in the summary of this step"));
}

#[test]
fn fingerprints_of_gitlab_outlive_moves_and_are_never_equal() {
    let prints = |text: &str| -> Vec<String> {
        let folder = Folder::new(&[("a.py", text)]);
        let issues = json(&folder, "gitlab");
        let issues = issues.as_array().unwrap().iter();
        issues.map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let before = prints(&IDLE.repeat(3));
    assert_eq!(before.len(), 3);
    assert!(before[0] != before[1] && before[1] != before[2] && before[0] != before[2]);
    assert!(before.iter().all(|print| print.len() == 64));
    let moved = format!("import os\n\n\n{}", IDLE.repeat(3).replace("x = 1", "x  =  1"));
    assert_eq!(prints(&moved), before);
    assert_ne!(prints(&IDLE.replace("x = 1", "y = 1")), before[..1]);
}

#[test]
fn issues_of_gitlab_say_what_it_shows() {
    let folder = Folder::new(&[("a.py", SILENT)]);
    let issue = &json(&folder, "gitlab")[0];
    assert!(issue["description"].as_str().unwrap().starts_with("silent-except: "));
    assert_eq!(issue["check_name"], "silent-except");
    assert_eq!(issue["severity"], "major");
    assert_eq!(issue["location"]["path"], "a.py");
    assert_eq!([&issue["location"]["lines"]["begin"], &issue["location"]["lines"]["end"]], [4, 5]);
}

#[test]
fn a_clean_run_is_one_case_that_passes() {
    let folder = Folder::new(&[("a.py", "x = 1\n"), ("empty/b.png", "")]);
    let clean = folder.check(&["--output-format", "junit"]).ends(0).stdout;
    assert!(
        clean.contains("tests=\"1\" failures=\"0\"") && clean.contains("name=\"Nothing found\"/>")
    );
    let nothing = folder.check(&["--output-format", "junit", "empty"]).ends(0).stdout;
    assert!(nothing.contains("<skipped/>") && !nothing.contains("Nothing found"), "{nothing}");
    for (format, empty) in [("gitlab", "[]\n"), ("github", ""), ("json-lines", "")] {
        assert_eq!(folder.check(&["--output-format", format]).ends(0).stdout, empty, "{format}");
    }
    folder.check(&["--output-format", "markdown"]).says("## Roadworthy: nothing found\n");
    folder.check(&["--output-format", "markdown", "empty"]).says(": no file was judged\n");
}
