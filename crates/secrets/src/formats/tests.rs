//! Keeps `formats_table.rs` equal to `formats/*.toml`, and every format to its samples.
//!
//! `SNAPSHOTS=overwrite cargo test -p roadworthy-secrets` rewrites the table.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::{Kind, Place, judge, scan};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Vec<Row>,
    #[serde(default)]
    named: Vec<Row>,
    #[serde(default)]
    structured: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    maker: String,
    #[serde(default)]
    prefixes: Vec<String>,
    #[serde(default)]
    under: Vec<String>,
    #[serde(default)]
    pattern: String,
    before: Option<Before>,
    next: Option<String>,
    #[serde(default)]
    length: (usize, usize),
    #[serde(default = "word")]
    body: String,
    #[serde(default = "none")]
    check: String,
    confidence: String,
    source: String,
    valid: [Vec<String>; 2],
    invalid: [Vec<String>; 2],
}

impl Row {
    /// Its two samples that are credentials.
    fn valid(&self) -> impl Iterator<Item = String> {
        self.valid.iter().map(|it| it.concat())
    }

    /// Its two samples that are none.
    fn invalid(&self) -> impl Iterator<Item = String> {
        self.invalid.iter().map(|it| it.concat())
    }
}

fn word() -> String {
    "word".to_owned()
}

fn none() -> String {
    "none".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    class: String,
    length: usize,
}

/// All rows: those with fixed texts first, then those by name, then those that code recognises.
fn rows() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("formats");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "toml"))
        .collect();
    paths.sort();
    let (mut rows, mut named, mut structured) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File = toml::from_str(&text).unwrap_or_else(|it| panic!("{path:?}: {it}"));
        rows.extend(file.format);
        named.extend(file.named);
        structured.extend(file.structured);
    }
    rows.extend(named);
    rows.extend(structured);
    rows
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
        let next = row
            .next
            .as_ref()
            .map_or("None".to_owned(), |it| format!("Some(Body::{})", variant(it)));
        // What is bound to a name is the whole credential.
        let pattern = if row.under.is_empty() {
            row.pattern.clone()
        } else {
            format!(r"\A(?:{})\z", row.pattern)
        };
        writeln!(
            out,
            "    Format {{ name: {:?}, maker: {:?}, prefixes: &{:?}, under: &{:?}, confidence: Confidence::{}, \
             source: {:?}, pattern: r\"{pattern}\", before: {before}, next: {next}, length: {:?}, body: Body::{}, \
             check: Check::{} }},",
            row.name,
            row.maker,
            row.prefixes,
            row.under,
            variant(&row.confidence),
            row.source,
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
    let prefixes = prefixes.iter().map(|it| it.0.to_owned());
    for trigger in prefixes.chain(crate::scan::structure_triggers()) {
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
        let name = &row.name;
        let rare = |it: &String| it.len() >= 4 || it.len() >= 2 && row.next.is_some();
        assert!(row.prefixes.iter().all(rare), "{name}: too short a prefix without `next`");
        assert!(row.prefixes.is_empty() || row.under.is_empty(), "{name}: prefixes and names");
        assert!(!row.source.is_empty(), "{name}: no source");
        for [one, other] in [&row.valid, &row.invalid] {
            assert!(one != other && !one.is_empty() && !other.is_empty(), "{name}: samples");
        }
    }
}

#[test]
fn the_readme_counts_the_formats() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("formats");
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let count = |holds: fn(&Row) -> bool| rows().iter().filter(|it| holds(it)).count();
    let (all, named) = (count(|_| true), count(|it| !it.under.is_empty()));
    let structured = count(|it| it.prefixes.is_empty() && it.under.is_empty());
    let line = format!(
        "There are {all} formats: {} with a fixed text, {named} by their maker's name, {structured} by what stands \
         around them.",
        all - named - structured
    );
    assert!(readme.contains(&line), "README.md does not say: {line}");
}

#[test]
fn every_format_takes_its_valid_samples_and_no_other() {
    let mut faults = Vec::new();
    for row in rows().iter().filter(|it| it.under.is_empty()) {
        for sample in row.valid() {
            for text in [sample.clone(), format!("x = \"{sample}\"\n"), format!("<{sample}>")] {
                let found = scan(text.as_bytes());
                let kinds: Vec<_> = found.iter().map(|it| it.kind.phrase()).collect();
                let whole = found.first().is_some_and(|it| text[it.span.clone()] == sample);
                if kinds != [&row.name] || !whole && !row.prefixes.is_empty() {
                    faults.push(format!(
                        "{}: a valid sample gives {kinds:?}, whole: {whole}",
                        row.name
                    ));
                }
            }
            if row.prefixes.is_empty() {
                continue;
            }
            if !(row.length.0..=row.length.1).contains(&sample.len()) {
                faults.push(format!("{}: length {}", row.name, sample.len()));
            }
            let glued = format!("{sample}a");
            if row.length.0 == row.length.1 && !scan(glued.as_bytes()).is_empty() {
                faults.push(format!("{}: a longer text counts", row.name));
            }
        }
        for (which, sample) in row.invalid().enumerate() {
            let found = scan(sample.as_bytes());
            if found.iter().any(|it| matches!(it.kind, Kind::ProviderFormat(_))) {
                faults.push(format!("{}: invalid sample {which} is taken", row.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn formats_without_a_fixed_text_count_under_their_makers_name_only() {
    let mut faults = Vec::new();
    for row in rows().iter().filter(|it| !it.under.is_empty()) {
        let kind = |name: &str, value: &str| {
            let bound = judge(&Place::Bound { name, binding: crate::Binding::Assignment }, value);
            let entry = judge(&Place::Entry { key: name, quoted: false }, value);
            assert_eq!(bound, entry, "{}", row.name);
            bound.map(|it| it.kind.phrase())
        };
        for maker in &row.under {
            for name in
                [format!("{maker}_secret_key"), format!("{}_API_TOKEN", maker.to_uppercase())]
            {
                if row.valid().any(|it| kind(&name, &it) != Some(row.name.as_str())) {
                    faults.push(format!("{}: a valid sample is not taken as {name}", row.name));
                }
                if row.invalid().any(|it| kind(&name, &it) == Some(row.name.as_str())) {
                    faults.push(format!("{}: an invalid sample is taken as {name}", row.name));
                }
            }
            let id = format!("{maker}_app_id");
            if row.valid().any(|it| kind(&id, &it).is_some()) {
                faults.push(format!("{}: a valid sample is taken as {id}", row.name));
            }
        }
        for sample in row.valid() {
            if kind("acme_token", &sample) == Some(row.name.as_str()) {
                faults.push(format!("{}: a valid sample is taken under another name", row.name));
            }
            if !scan(sample.as_bytes()).is_empty() {
                faults.push(format!("{}: a valid sample is taken without a name", row.name));
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
