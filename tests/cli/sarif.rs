//! SARIF against GitHub's own list: what code scanning requires, what it takes, and by what it knows an alert again.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use serde_json::Value;

use crate::folder::Folder;
use crate::{IDLE, SILENT};

fn runs(folder: &Folder) -> Vec<Value> {
    let ran = folder.check(&["--output-format", "sarif", "--exit-zero"]).ends(0).stays_quiet();
    ran.json()["runs"].as_array().unwrap().clone()
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| panic!("no {pointer}: {value}"))
}

/// The hash of a result of the first run whose line is this.
fn hash(folder: &Folder, line: u64) -> String {
    let runs = runs(folder);
    let results = runs[0]["results"].as_array().unwrap();
    let at = "/locations/0/physicalLocation/region/startLine";
    let found = results.iter().find(|it| it.pointer(at).and_then(Value::as_u64) == Some(line));
    text(found.unwrap(), "/partialFingerprints/primaryLocationLineHash").to_owned()
}

#[test]
fn everything_that_github_requires_is_there() {
    let folder = Folder::new(&[
        ("src/a b.py", SILENT),
        ("src/c.py", &IDLE.repeat(2)),
        ("broken.py", "x = (\n"),
        ("raw.py", "x = 'a"),
        ("config.py", "DB_PASSWORD = 'q7Tz9vLm2Kx4'\n"),
    ]);
    folder.write("bytes.py", b"x = '\xff'\n");
    let ran = folder.check(&["--output-format", "sarif"]).ends(1).stays_quiet();
    let log = ran.json();
    assert!(text(&log, "/$schema").ends_with("sarif-schema-2.1.0.json"));
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(text(run, "/tool/driver/name"), "Roadworthy");
    assert_eq!(text(run, "/tool/driver/semanticVersion"), env!("CARGO_PKG_VERSION"));
    text(run, "/tool/driver/informationUri");
    assert_eq!(text(run, "/automationDetails/id"), "roadworthy/");
    assert_eq!(text(run, "/columnKind"), "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 6);
    let mut names = Vec::new();
    for result in results {
        let id = text(result, "/ruleId");
        names.push(id);
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], id);
        assert!(["note", "warning", "error"].contains(&text(result, "/level")));
        text(result, "/message/text");
        assert_eq!(result["locations"].as_array().unwrap().len(), 1);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = text(place, "/artifactLocation/uri");
        assert!(!uri.contains([':', ' ', '\\']) && !uri.starts_with(['/', '.']), "{uri}");
        let base = text(place, "/artifactLocation/uriBaseId");
        assert!(run["originalUriBaseIds"][base].is_object());
        let number = |name: &str| place["region"][name].as_u64().unwrap();
        let (start, end) =
            (["startLine", "startColumn"].map(number), ["endLine", "endColumn"].map(number));
        assert!(start[0] >= 1 && start[1] >= 1 && start <= end, "{place}");
        let print = text(result, "/partialFingerprints/primaryLocationLineHash");
        let (hash, ordinal) = print.split_once(':').unwrap();
        assert!(u64::from_str_radix(hash, 16).is_ok() && ordinal.parse::<u32>().is_ok(), "{print}");
        assert!(place["region"].get("snippet").is_none());
        for fix in result["fixes"].as_array().into_iter().flatten() {
            text(fix, "/description/text");
            let change = &fix["artifactChanges"][0];
            assert_eq!(change["artifactLocation"], place["artifactLocation"]);
            for replacement in change["replacements"].as_array().unwrap() {
                assert!(replacement["deletedRegion"]["startLine"].as_u64().unwrap() >= 1);
                assert!(replacement["insertedContent"]["text"].is_string());
            }
        }
    }
    for name in ["silent-except", "unparsable-file", "unreadable-file", "hardcoded-secret"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
}

#[test]
fn every_rule_is_described_as_github_shows_it() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    let runs = runs(&folder);
    assert_eq!(runs[0]["results"].as_array().unwrap().len(), 0);
    let rules = runs[0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.len() > 10);
    for rule in rules {
        let id = text(rule, "/id");
        assert!(text(rule, "/name").len() <= 255 && !text(rule, "/name").contains('-'));
        text(rule, "/shortDescription/text");
        assert!(text(rule, "/fullDescription/text").chars().count() <= 1024, "{id}");
        assert_ne!(text(rule, "/fullDescription/text"), text(rule, "/shortDescription/text"));
        text(rule, "/help/text");
        text(rule, "/help/markdown");
        assert!(text(rule, "/helpUri").ends_with(&format!("{id}.md")));
        let level = text(rule, "/defaultConfiguration/level");
        assert!(["note", "warning", "error"].contains(&level));
        let properties = &rule["properties"];
        let tags: Vec<_> = properties["tags"].as_array().unwrap().iter().collect();
        assert!(tags.len() <= 20);
        assert!(["very-high", "high", "medium", "low"].contains(&text(properties, "/precision")));
        let severity = properties["problem.severity"].as_str().unwrap();
        assert!(["error", "warning", "recommendation"].contains(&severity));
        let security = tags.iter().any(|tag| *tag == "security");
        let is_of =
            |number: &&str| tags.iter().any(|tag| *tag == &format!("external/cwe/cwe-{number}"));
        assert_eq!(security, ["259", "321", "538", "798"].iter().any(is_of), "{id}");
        match properties.get("security-severity") {
            Some(score) => {
                let score: f32 = score.as_str().unwrap().parse().unwrap();
                assert!(security && score > 0.0 && score <= 10.0, "{id}");
            }
            None => assert!(!security, "{id}"),
        }
    }
    let tags = |name: &str| {
        let rule = rules.iter().find(|rule| rule["id"] == name).unwrap();
        rule["properties"]["tags"].to_string()
    };
    assert!(tags("silent-except").contains("external/cwe/cwe-390"));
    assert!(tags("hardcoded-secret").contains("external/cwe/cwe-798"));
}

#[test]
fn an_alert_is_known_again_as_github_knows_it() {
    // The number that GitHub's own implementation gives for the first line of this text.
    let comment = "# roadworthy: ignore[unparsable-file] kept";
    let expected = |lines: &[&str]| {
        let text: String = lines.join("\n").chars().filter(|it| !" \t".contains(*it)).collect();
        let units: Vec<u16> = text.encode_utf16().chain([0xFFFF]).collect();
        let window = (0..100).map(|at| u64::from(units.get(at).copied().unwrap_or(0)));
        format!("{:x}", window.fold(0_u64, |hash, it| hash.wrapping_mul(37).wrapping_add(it)))
    };
    let line = format!("x = 1  {comment}");
    let folder = Folder::new(&[("a.py", &format!("y = 'ä𝄞'\r\n{line}\r\n\tz = 2\r\n"))]);
    folder.write("a.py", format!("y = 'ä𝄞'\r\n{line}\r\nz = 2\r\n").as_bytes());
    assert_eq!(hash(&folder, 2), format!("{}:1", expected(&[&line, "z = 2", ""])));
    let folder = Folder::new(&[("a.py", &format!("\n\n\n{line}\nz = 2\n"))]);
    assert_eq!(hash(&folder, 4), format!("{}:1", expected(&[&line, "z = 2", ""])));
    // Of lines that are equal up to the end of what is hashed the second is the second.
    let folder = Folder::new(&[("a.py", &format!("{line}\n").repeat(9))]);
    assert!(hash(&folder, 2).ends_with(":2"));
}

#[test]
fn no_value_can_be_told_from_a_hash() {
    let hashes = |value: &str| {
        let text = format!("DB_PASSWORD = '{value}'\n{IDLE}DB_PASSWORD = '{value}'\n");
        let folder = Folder::new(&[("a.py", &text)]);
        [hash(&folder, 1), hash(&folder, 2), hash(&folder, 3)]
    };
    assert_eq!(hashes("q7Tz9vLm2Kx4"), hashes("Zr8wNp3bYc6J"));
    let prints = |value: &str| {
        // The second line is no Python: no rule judges what is in it.
        let text = format!("DB_PASSWORD = '{value}'\nx = ( password = '{value}\n");
        let folder = Folder::new(&[("a.py", &text)]);
        let sarif = folder.check(&["--output-format", "sarif"]).ends(1).stdout;
        sarif + &folder.check(&["--output-format", "gitlab"]).stdout
    };
    assert_eq!(prints("q7Tz9vLm2Kx4"), prints("Zr8wNp3bYc6J"));
}

#[test]
fn each_project_of_a_repository_is_a_run_of_its_own() {
    let manifest = |name: &str| format!("[project]\nname = \"{name}\"\nversion = \"1\"\n");
    let folder = Folder::new(&[
        ("services/api/pyproject.toml", &manifest("api")),
        ("services/api/api/a.py", SILENT),
        ("services/web/pyproject.toml", &manifest("web")),
        ("services/web/web/b.py", "x = 1\n"),
        ("tools/c.py", IDLE),
    ]);
    let runs = runs(&folder);
    let told = runs
        .iter()
        .map(|run| (text(run, "/automationDetails/id"), run["results"].as_array().unwrap().len()));
    let told: Vec<_> = told.collect();
    // What has no findings is told as well, so that alerts that are mended are closed.
    let expected =
        [("roadworthy/", 1), ("roadworthy/services/api/", 1), ("roadworthy/services/web/", 0)];
    assert_eq!(told, expected);
    for number in 0..20 {
        folder.write(&format!("p{number}/pyproject.toml"), manifest("p").as_bytes());
        folder.write(&format!("p{number}/p/a.py"), IDLE.as_bytes());
    }
    let together = self::runs(&folder);
    assert_eq!(together.len(), 1);
    assert_eq!(together[0]["results"].as_array().unwrap().len(), 22);
}

#[test]
fn beyond_what_github_takes_the_worst_stay() {
    let folder = Folder::new(&[("a.py", &IDLE.repeat(25_010)), ("z/wsgi.py", "x = (\n")]);
    let ran = folder.check(&["--output-format", "sarif"]).ends(1);
    let log = ran.json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 25_000);
    assert_eq!(results.last().unwrap()["ruleId"], "unparsable-file");
    ran.warns("SARIF leaves out 11 findings, the least severe of a project");
}
