//! How fast raw bytes are scanned for what needs no name: bytes a second on one core, confirmations included.
//!
//! `ROADWORTHY_BENCH=FOLDER cargo bench -p roadworthy-secrets` reads the Python files of a folder first; without it the
//! fixtures are repeated.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use divan::counter::BytesCount;
use roadworthy_secrets::scan;

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let given = std::env::var_os("ROADWORTHY_BENCH").map(PathBuf::from);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let repeated = if given.is_some() { 1 } else { 200 };
    let files: Vec<_> = walkdir::WalkDir::new(given.unwrap_or(fixtures))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "py"))
        .filter_map(|entry| std::fs::read(entry.path()).ok())
        .collect();
    std::iter::repeat_n(files, repeated).flatten().collect()
});

#[divan::bench(sample_count = 10)]
fn code(bencher: divan::Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(FILES.iter().map(Vec::len).sum::<usize>()))
        .bench(|| FILES.iter().map(|bytes| scan(bytes).len()).sum::<usize>());
}

/// The worst for confirmations: a megabyte of one text over and over.
#[divan::bench(sample_count = 3, args = ["glpat-", "://a:b@", "-----BEGIN PRIVATE KEY-----\nA: ", "ghp_"])]
fn repeated(bencher: divan::Bencher<'_, '_>, text: &str) {
    let bytes = text.repeat(1_000_000 / text.len()).into_bytes();
    bencher.counter(BytesCount::new(bytes.len())).bench(|| scan(&bytes).len());
}

fn main() {
    divan::main();
}
