//! The JSON schema of the configuration, and the examples that the schema and the reader are both held to:
//! `tools/config/validate_schema.py` puts them to a validator that we did not write.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::folder::Folder;

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn examples(kind: &str) -> Vec<(String, String)> {
    let folder = in_repository("fixtures/configurations").join(kind);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.display().to_string(), fs::read_to_string(&file).unwrap())).collect()
}

#[test]
fn the_committed_schema_is_what_is_printed() {
    let printed = Folder::new(&[]).run(&["config", "schema"]).ends(0).stays_quiet();
    assert_eq!(printed.json()["$schema"], "http://json-schema.org/draft-07/schema#");
    let path = in_repository("docs/roadworthy.schema.json");
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(&path, &printed.stdout).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    let stale = "docs/roadworthy.schema.json is stale: run `SNAPSHOTS=overwrite cargo test`";
    assert!(committed == printed.stdout, "{stale}");
}

#[test]
fn the_reader_takes_the_good_examples_and_says_what_is_wrong_with_the_others() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    for (name, text) in examples("good") {
        folder.write("roadworthy.toml", text.as_bytes());
        assert_eq!(folder.check(&[]).code, Some(0), "{name}");
    }
    for (name, text) in examples("wrong") {
        folder.write("roadworthy.toml", text.as_bytes());
        let wanted = text.lines().next().unwrap().trim_start_matches("# ");
        let wanted = wanted.trim_end_matches(" (the schema takes it)");
        let ran = folder.check(&[]).ends(2);
        let sentence = format!("error: roadworthy.toml:{wanted}");
        assert!(ran.stderr.starts_with(&sentence), "{name}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{name}: {}", ran.stderr);
    }
}
