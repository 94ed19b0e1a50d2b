//! How fast text becomes an outline, a tree, or a tree of its regions: bytes a second on one core.
//!
//! `ROADWORTHY_BENCH=FOLDER cargo bench -p roadworthy-parser` reads the Python files of a folder first; without it the
//! fixtures are repeated.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use divan::counter::BytesCount;
use roadworthy_parser::{Parser, SourceFile, SyntaxTree, all_regions, scan};

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let given = std::env::var_os("ROADWORTHY_BENCH").map(PathBuf::from);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let repeated = if given.is_some() { 1 } else { 200 };
    let files: Vec<_> = walkdir::WalkDir::new(given.unwrap_or(fixtures))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "py"))
        .filter_map(|entry| SourceFile::decode(std::fs::read(entry.path()).ok()?).ok())
        .map(|source| source.text().to_owned())
        .collect();
    std::iter::repeat_n(files, repeated).flatten().collect()
});

fn bytes() -> BytesCount {
    BytesCount::new(TEXTS.iter().map(String::len).sum::<usize>())
}

#[divan::bench(sample_count = 10)]
fn outline(bencher: divan::Bencher<'_, '_>) {
    bencher
        .counter(bytes())
        .bench(|| TEXTS.iter().map(|text| scan(text).lines.len()).sum::<usize>());
}

#[divan::bench(sample_count = 1)]
fn tree(bencher: divan::Bencher<'_, '_>) {
    let mut parser = Parser::new();
    bencher.counter(bytes()).bench_local(|| {
        TEXTS.iter().filter_map(|text| parser.parse(text)).filter(SyntaxTree::has_error).count()
    });
}

#[divan::bench(sample_count = 1)]
fn trees_of_all_regions(bencher: divan::Bencher<'_, '_>) {
    let mut parser = Parser::new();
    bencher.counter(bytes()).bench_local(|| {
        let mut trees = 0;
        for text in TEXTS.iter() {
            let outline = scan(text);
            for region in all_regions(&outline) {
                trees += usize::from(parser.parse_region(text, &outline, region).is_some());
            }
        }
        trees
    });
}

fn main() {
    divan::main();
}
