//! Compares the scanner with the trees on every Python file under the given folders.
//!
//! `compare_outlines [--limit N] DIR...` prints at most N differences for each field.

#![expect(clippy::print_stdout, reason = "it is what the program is for")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use roadworthy_parser::{Parser, SourceFile, outline_from_tree, scan};

#[path = "../tests/comparison/files.rs"]
mod files;
#[path = "../tests/comparison/outlines.rs"]
mod outlines;

fn main() {
    let mut limit = 20;
    let mut folders = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--limit" {
            limit = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(limit);
        } else {
            folders.push(PathBuf::from(argument));
        }
    }
    let mut counts = BTreeMap::new();
    let (mut compared, mut with_errors, mut undecoded, mut bytes) = (0, 0, 0, 0);
    let mut parser = Parser::new();
    for path in folders.iter().flat_map(|folder| files::python_files(folder)) {
        let Some(source) = files::decoded(&path) else {
            undecoded += 1;
            continue;
        };
        let scanned = scan(source.text());
        let Some(tree) = parser.parse(source.text()).filter(|tree| !tree.has_error()) else {
            with_errors += 1;
            continue;
        };
        let expected = outline_from_tree(source.text(), &tree);
        compared += 1;
        bytes += source.text().len();
        for difference in outlines::differences(source.text(), &scanned, &expected) {
            let count = counts.entry(difference.field).or_insert(0);
            *count += 1;
            if *count <= limit {
                print(&path, &source, &difference);
            }
        }
    }
    println!(
        "{compared} files compared ({bytes} bytes), {with_errors} with errors in the tree, {undecoded} not decoded"
    );
    for (field, count) in counts {
        println!("{count:>8} {field}");
    }
}

fn print(path: &Path, source: &SourceFile, difference: &outlines::Difference) {
    let line = source.position(difference.offset).line;
    println!("{}:{line} {}", path.display(), difference.field);
    println!("  scan {}", difference.left.as_deref().unwrap_or("nothing"));
    println!("  tree {}", difference.right.as_deref().unwrap_or("nothing"));
}
