//! On-demand, full and region parsing give the same findings on every fixture, in every strictness.

use std::path::Path;

use roadworthy_engine::{ExampleLinter, ParseMode, Selection, Settings, Strictness, lint_example};
use roadworthy_parser::SourceFile;
use roadworthy_project::Role;

#[test]
fn all_parse_modes_find_the_same_in_every_fixture() {
    let catalog = roadworthy_rules::catalog();
    let rules =
        Selection::default().resolve(&catalog).expect("the default selection names nothing");
    let settings = Settings::new(&catalog, rules);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let (mut files, mut findings) = (0, 0);
    for entry in walkdir::WalkDir::new(&fixtures).sort_by_file_name() {
        let path = entry.expect("fixtures can be read").into_path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let Ok(source) = SourceFile::decode(std::fs::read(&path).expect("can be read")) else {
            continue;
        };
        files += 1;
        for strictness in [Strictness::Normal, Strictness::EveryRole, Strictness::Pedantic] {
            let lint = |mode| {
                let found = lint_example(
                    &catalog,
                    &settings,
                    source.text(),
                    "app/x.py",
                    Role::Application,
                    mode,
                    strictness,
                );
                let shown = |f: &roadworthy_engine::ExampleFinding| {
                    format!(
                        "{} {} {:?} {}",
                        f.finding.rule.name, f.finding.severity, f.finding.span, f.finding.message
                    )
                };
                found.iter().map(shown).collect::<Vec<_>>()
            };
            let on_demand = lint(ParseMode::OnDemand);
            assert_eq!(on_demand, lint(ParseMode::Full), "{} in full mode", path.display());
            assert_eq!(on_demand, lint(ParseMode::Regions), "{} by regions", path.display());
            findings += on_demand.len();
        }
    }
    assert!(
        files >= 10 && findings >= 10,
        "only {findings} findings in {files} fixtures: nothing was compared"
    );
}

#[test]
fn all_parse_modes_count_the_same_sites_in_every_fixture() {
    let catalog = roadworthy_rules::catalog();
    let rules = (0..catalog.rules().len()).collect();
    let settings = Settings::new(&catalog, rules);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let linters = [ParseMode::OnDemand, ParseMode::Full, ParseMode::Regions].map(|mode| {
        ExampleLinter::new(&catalog, &settings, mode, Strictness::EveryRole).counting_sites()
    });
    let mut sites = 0;
    for entry in walkdir::WalkDir::new(&fixtures).sort_by_file_name() {
        let path = entry.expect("fixtures can be read").into_path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let Ok(source) = SourceFile::decode(std::fs::read(&path).expect("can be read")) else {
            continue;
        };
        let count =
            |linter: &ExampleLinter<'_>| linter.sites(source.text(), "app/x.py", Role::Application);
        let on_demand = count(&linters[0]);
        assert_eq!(on_demand, count(&linters[1]), "{} in full mode", path.display());
        assert_eq!(on_demand, count(&linters[2]), "{} by regions", path.display());
        sites += on_demand.iter().map(|(_, count)| count.judged).sum::<u32>();
    }
    assert!(sites > 200, "{sites} sites: nothing was compared");
}
