//! Keeps `formats_table.rs` equal to `formats/*.toml`, and every format to its samples.
//!
//! `SNAPSHOTS=overwrite cargo test -p roadworthy-secrets` rewrites the table.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::*;
use crate::{Kind, Place, judge, scan};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    maker: String,
    prefixes: Vec<String>,
    pattern: String,
    before: Option<Before>,
    length: (usize, usize),
    body: String,
    check: String,
    confidence: String,
    source: String,
    valid: [Vec<String>; 2],
    invalid: [Vec<String>; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    class: String,
    length: usize,
}

fn rows() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("formats");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "toml"))
        .collect();
    paths.sort();
    paths
        .iter()
        .flat_map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            toml::from_str::<File>(&text).unwrap_or_else(|it| panic!("{path:?}: {it}")).format
        })
        .collect()
}

/// `crc32-base62` as the name of a variant.
fn variant(kebab: &str) -> String {
    kebab.split('-').map(|it| it[..1].to_uppercase() + &it[1..]).collect()
}

fn table(rows: &[Row]) -> String {
    let mut out = String::from(
        "//! The table of formats; knows nothing but data.\n//!\n//! Generated from `formats/*.toml` by the test \
         `formats::tests::the_table_is_current` with the variable\n//! `SNAPSHOTS=overwrite`; not edited by hand.\n\n\
         use crate::Confidence;\nuse crate::formats::{Body, Check, Format, Lookback};\n\n\
         /// All formats; where two share a prefix, the first whose pattern fits decides.\n#[rustfmt::skip]\n\
         pub(crate) static FORMATS: &[Format] = &[\n",
    );
    let mut prefixes: Vec<(&str, Vec<usize>)> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let before = row.before.as_ref().map_or("None".to_owned(), |it| {
            format!(
                "Some(Lookback {{ class: Body::{}, length: {} }})",
                variant(&it.class),
                it.length
            )
        });
        writeln!(
            out,
            "    Format {{ name: {:?}, maker: {:?}, prefixes: &{:?}, confidence: Confidence::{}, source: {:?}, \
             pattern: r\"{}\", before: {before}, length: {:?}, body: Body::{}, check: Check::{} }},",
            row.name,
            row.maker,
            row.prefixes,
            variant(&row.confidence),
            row.source,
            row.pattern,
            row.length,
            variant(&row.body),
            variant(&row.check),
        )
        .unwrap();
        for prefix in &row.prefixes {
            match prefixes.iter_mut().find(|it| it.0 == prefix) {
                Some((_, formats)) => formats.push(index),
                None => prefixes.push((prefix, vec![index])),
            }
        }
    }
    out += "];\n\n/// Every fixed text, with the formats that it may begin.\n\
            pub(crate) static PREFIXES: &[(&str, &[u16])] = &[\n";
    for (prefix, formats) in &prefixes {
        writeln!(out, "({prefix:?}, &{formats:?}),").unwrap();
    }
    out += "];\n\n/// Text without which nothing can be found that needs no name, case and all; for an automaton that runs\n\
            /// before any parsing.\npub const FORMAT_TRIGGERS: &[&str] = &[\n";
    for trigger in prefixes.iter().map(|it| it.0).chain(crate::scan::structure_triggers()) {
        writeln!(out, "{trigger:?},").unwrap();
    }
    out + "];\n"
}

fn formatted(text: &str) -> String {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(workspace)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn the_table_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats_table.rs");
    let wanted = formatted(&table(&rows()));
    if std::env::var("SNAPSHOTS").is_ok_and(|it| it == "overwrite") {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    let current = std::fs::read_to_string(path).unwrap();
    assert!(current == wanted, "formats_table.rs is stale: run the tests with SNAPSHOTS=overwrite");
}

#[test]
fn rows_are_complete_and_unique() {
    let rows = rows();
    let mut names: Vec<_> = rows.iter().map(|it| &it.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), rows.len());
    for row in &rows {
        assert!(row.prefixes.iter().all(|it| it.len() >= 3), "{}: too short a prefix", row.name);
        assert!(!row.source.is_empty(), "{}: no source", row.name);
    }
}

#[test]
fn every_format_takes_its_valid_samples_and_no_other() {
    let mut faults = Vec::new();
    for (index, row) in rows().iter().enumerate() {
        for sample in row.valid.iter().map(|it| it.concat()) {
            for text in [sample.clone(), format!("x = \"{sample}\"\n"), format!("<{sample}>")] {
                let found = scan(text.as_bytes());
                let kinds: Vec<_> = found.iter().map(|it| it.kind.phrase()).collect();
                let whole = found.first().is_some_and(|it| text[it.span.clone()] == sample);
                if kinds != [FORMATS[index].name] || !whole {
                    faults.push(format!(
                        "{}: a valid sample gives {kinds:?}, whole: {whole}",
                        row.name
                    ));
                }
            }
            if !(row.length.0..=row.length.1).contains(&sample.len()) {
                faults.push(format!("{}: length {}", row.name, sample.len()));
            }
            let glued = format!("{sample}a");
            if row.length.0 == row.length.1 && !scan(glued.as_bytes()).is_empty() {
                faults.push(format!("{}: a longer text counts", row.name));
            }
        }
        for (which, sample) in row.invalid.iter().map(|it| it.concat()).enumerate() {
            let found = scan(sample.as_bytes());
            if found.iter().any(|it| matches!(it.kind, Kind::ProviderFormat(_))) {
                faults.push(format!("{}: invalid sample {which} is taken", row.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_fabricated_sample_is_not_judged_by_its_name() {
    for row in rows().iter().filter(|it| it.check == "crc32-base62") {
        let sample = row.invalid[0].concat();
        let place = Place::Bound { name: "api_token", binding: crate::Binding::Assignment };
        assert!(judge(&place, &sample).is_none(), "{}", row.name);
    }
}

#[test]
fn no_file_of_formats_is_taken_for_a_leak() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("formats");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(scan(&std::fs::read(&path).unwrap()).is_empty(), "{path:?}");
    }
}
