//! Lints folders and prints one line a finding: `lint [--pedantic|--every-role|--every-site] [--full|--regions] [--select=a,b] PATH...`
#![allow(clippy::print_stdout, clippy::print_stderr)]
use roadworthy_engine::*;
struct Quiet;
impl Progress for Quiet {
    fn file_done(&self) {}
}
fn main() {
    let mut options = RunOptions::default();
    let mut select = None;
    let mut paths = Vec::new();
    for arg in std::env::args().skip(1) {
        match arg.as_str() {
            "--pedantic" => options.strictness = Strictness::Pedantic,
            "--every-role" => options.strictness = Strictness::EveryRole,
            "--every-site" => options.every_site = true,
            "--full" => options.mode = ParseMode::Full,
            "--regions" => options.mode = ParseMode::Regions,
            other => match other.strip_prefix("--select=") {
                Some(rules) => select = Some(rules.split(',').map(str::to_owned).collect()),
                None => paths.push(other.into()),
            },
        }
    }
    let catalog = roadworthy_rules::catalog();
    let cwd = std::env::current_dir().unwrap().to_str().unwrap().to_owned();
    let project =
        roadworthy_project::discover(&paths, &roadworthy_project::DiscoverOptions::new(cwd))
            .unwrap();
    let rules = Selection { select, ..Selection::default() }.resolve(&catalog).unwrap();
    let settings = [Settings::new(&catalog, rules)];
    let outcome = run(
        &project,
        &catalog,
        &settings,
        &|_| 0,
        &|file| roadworthy_project::read(&file.absolute),
        options,
        &Quiet,
    );
    for f in &outcome.findings {
        println!(
            "{}:{}:{}: {} [{}] {} ({})",
            f.path,
            f.start.line,
            f.start.column,
            f.severity,
            f.rule.name,
            f.message,
            f.role.map_or("-", |r| r.name())
        );
    }
    eprintln!(
        "{} findings, {} files, {} suppressed, {:?}, {:?}",
        outcome.findings.len(),
        outcome.files.len(),
        outcome.suppressed,
        outcome.faults,
        outcome.timings
    );
}
