//! The formats: what a program or a person reads.

use crate::folder::Folder;
use crate::{IDLE, SILENT};

#[test]
fn json_holds_findings_and_a_summary() {
    let folder = Folder::new(&[
        ("a.py", "s = 'ä'; x = 1  # roadworthy: ignore[unparsable-file]\n"),
        ("b/c.py", "y = 1\n"),
        ("broken/pyproject.toml", "[project\n"),
        ("broken/d.py", "y = 1\n"),
    ]);
    let ran = folder.check(&["--output-format", "json"]).ends(1);
    let report = ran.json();
    assert_eq!(report["version"], 1);
    let finding = &report["findings"][0];
    for (key, value) in [
        ("rule", "unused-suppression"),
        ("area", "collaboration"),
        ("group", "suppressions"),
        ("severity", "warning"),
        ("path", "a.py"),
        ("kind", "python"),
        ("role", "application"),
    ] {
        assert_eq!(finding[key], value, "{key}");
    }
    let place = ["line", "column", "end_line", "end_column"].map(|key| finding[key].as_u64());
    assert_eq!(place, [Some(1), Some(17), Some(1), Some(54)]);
    assert!(finding["fix"].is_string() && finding["url"].is_string());
    assert_eq!(finding["fix_available"], "safe");
    let edit = &finding["fix_edits"][0];
    let place = ["line", "column", "end_line", "end_column"].map(|key| edit[key].as_u64());
    assert_eq!((place, &edit["text"]), ([Some(1), Some(15), Some(1), Some(54)], &"".into()));
    assert_eq!(finding.as_object().unwrap().len(), 16);
    let summary = &report["summary"];
    assert_eq!(summary["by_severity"]["warning"], 1);
    assert_eq!(summary["by_severity"]["info"], 1);
    assert_eq!(summary["by_rule"]["unused-suppression"], 1);
    assert_eq!(summary["files"], 4);
    assert_eq!(summary["files_by_kind"]["python"], 3);
    assert_eq!(summary["files_by_kind"]["toml"], 1);
    assert_eq!(summary["files_by_role"]["application"], 4);
    assert_eq!(summary["fails"], true);
    assert_eq!(summary["problems"][0]["path"], "broken/pyproject.toml");
    assert!(summary["bytes_scanned"].as_u64() > Some(50) && summary["bytes_parsed"].is_u64());
    assert!(summary["seconds"].is_f64());
}

#[test]
fn paths_are_relative_to_the_working_directory() {
    let folder = Folder::new(&[("a/b.py", IDLE)]);
    let path = folder.path().join("a/b.py");
    let json = folder.check(&[path.to_str().unwrap(), "--output-format", "json"]).json();
    assert_eq!(json["findings"][0]["path"], "a/b.py");
}

#[test]
fn statistics_are_the_table_alone() {
    let folder = Folder::new(&[("a.py", &IDLE.repeat(12))]);
    let ran = folder.check(&["--statistics"]).ends(1).says("12  warning  unused-suppression");
    assert!(!ran.stdout.contains("a.py"), "{}", ran.stdout);
    let json = folder.check(&["--statistics", "--output-format", "json"]).ends(1).json();
    assert!(json.get("findings").is_none());
    assert_eq!(json["summary"]["by_rule"]["unused-suppression"], 12);
}

#[test]
fn the_full_report_shows_the_worst_first_and_explains_a_rule_once() {
    let folder = Folder::new(&[("a.py", &IDLE.repeat(2)), ("main.py", "x = (\n")]);
    let ran = folder.check(&[]).ends(1).stays_quiet();
    let shown = ran.stdout.lines().map(|line| {
        // The time is another one each time.
        let end = line.find(" s)").filter(|_| line.starts_with("Found"));
        end.map_or(line.to_owned(), |_| line.split(", 0").next().unwrap_or(line).to_owned())
    });
    let shown = shown.collect::<Vec<_>>().join("\n") + "\n";
    snapbox::assert_data_eq!(shown, snapbox::file!["full.txt"]);
}

#[test]
fn the_full_report_shows_first_what_few_share() {
    let raises = "import requests\n\n\n@queue.task\ndef load(path: str) -> str:\n    return requests.get(path).text\n";
    let folder = Folder::new(&[("a.py", &IDLE.repeat(3)), ("z.py", raises)]);
    let ran = folder.check(&[]).ends(1);
    let place = |text: &str| ran.stdout.find(text).expect(text);
    assert!(place("warning[call-without-timeout]") < place("warning[unused-suppression]"));
}

#[test]
fn the_full_report_is_cut_after_50() {
    let folder = Folder::new(&[("a.py", &IDLE.repeat(60))]);
    let ran = folder.check(&[]).ends(1).says("10 more: `--output-format concise` lists them all");
    assert_eq!(ran.stdout.matches("╭─[a.py:").count(), 50);
    assert_eq!(ran.stdout.matches("why:").count(), 1);
}

#[test]
fn colours_are_used_where_they_are_wanted() {
    let folder = Folder::new(&[("a.py", SILENT)]);
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = folder.command(&[&["check"], arguments].concat());
        let output = command.envs(variables.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("FORCE_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    assert!(!coloured(&["--color", "always", "--output-format", "json"], &[]));
}
