//! Shows what a folder's files are taken for, and how long discovery, reading and scanning take:
//! `cargo run --release -p roadworthy-project --example show_roles -- DIR [--quiet | --discover]`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Instant;

use camino::Utf8PathBuf;
use roadworthy_parser::scan;
use roadworthy_project::{DiscoverOptions, discover, read, role_of};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (flags, paths): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let quiet = flags.iter().any(|flag| flag == "--quiet");
    let here = Utf8PathBuf::try_from(std::env::current_dir()?)?;
    let paths: Vec<Utf8PathBuf> = paths.into_iter().map(Utf8PathBuf::from).collect();
    let options = DiscoverOptions::new(here);
    if flags.iter().any(|flag| flag == "--discover") {
        for _ in 0..20 {
            let start = Instant::now();
            let files = discover(&paths, &options)?.files.len();
            writeln!(io::stdout(), "{files} files in {:.1?}", start.elapsed())?;
        }
        return Ok(());
    }
    discover(&paths, &options)?;

    let start = Instant::now();
    let project = discover(&paths, &options)?;
    let discovered = start.elapsed();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for component in &project.components {
        let manifest = component.manifest.as_ref().map_or("-", |manifest| manifest.as_str());
        writeln!(
            out,
            "component {} ({}, manifest {manifest}): {:?}: {}",
            component.path, component.name, component.distribution, component.distribution_reason
        )?;
        for point in &component.entry_points {
            writeln!(out, "  {} = {}:{}", point.name, point.module, point.object)?;
        }
        if !component.test_paths.is_empty() || !component.test_files.is_empty() {
            writeln!(out, "  tests in {:?} {:?}", component.test_paths, component.test_files)?;
        }
    }
    for problem in &project.problems {
        writeln!(out, "problem {} {:?}: {}", problem.path, problem.line, problem.sentence)?;
    }
    for link in &project.folder_links {
        writeln!(out, "link to a folder {link}")?;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reading = std::time::Duration::ZERO;
    let mut scanning = std::time::Duration::ZERO;
    let mut judging = std::time::Duration::ZERO;
    for file in &project.files {
        let start = Instant::now();
        let source = match read(&file.absolute) {
            Ok(source) => source,
            Err(error) => {
                writeln!(out, "unread {}: {error}", file.path)?;
                continue;
            }
        };
        reading += start.elapsed();
        let start = Instant::now();
        let outline = scan(source.text());
        scanning += start.elapsed();
        let start = Instant::now();
        let found = role_of(file, project.component(file), &source, &outline);
        judging += start.elapsed();
        *counts.entry(found.role.name()).or_default() += 1;
        if !quiet {
            writeln!(out, "{:<12} {}  [{}] {}", found.role, file.path, found.reason, file.module)?;
        }
    }
    writeln!(out, "{} files: {counts:?}", project.files.len())?;
    writeln!(
        out,
        "discovered in {discovered:.1?}, read in {reading:.1?}, scanned in {scanning:.1?}, judged in {judging:.1?}"
    )?;
    Ok(())
}
