//! On whatever parses, on-demand, full and region parsing give the same findings.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use roadworthy_engine::{Catalog, ExampleFinding, ExampleLinter, ParseMode, Selection, Settings, Strictness};
use roadworthy_project::Role;

static CATALOG: LazyLock<Catalog> = LazyLock::new(roadworthy_rules::catalog);
static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    let rules = Selection::default().resolve(&CATALOG).expect("names nothing");
    Settings::new(&CATALOG, rules)
});
static LINTERS: LazyLock<[[ExampleLinter<'static>; 3]; 2]> = LazyLock::new(|| {
    [Strictness::Normal, Strictness::Pedantic].map(|strictness| {
        [ParseMode::OnDemand, ParseMode::Full, ParseMode::Regions]
            .map(|mode| ExampleLinter::new(&CATALOG, &SETTINGS, mode, strictness))
    })
});

fuzz_target!(|code: &str| {
    // What the grammar cannot parse whole is parsed by region in full mode too: the modes then agree
    // only on regions without errors, which is not asked here. And the grammar takes much that is not
    // Python for something: there scanner and tree may differ, which `compare_outlines` asks on real code.
    let mut parser = roadworthy_parser::Parser::new();
    let Some(tree) = parser.parse(code).filter(|tree| !tree.has_error()) else { return };
    if roadworthy_parser::scan(code) != roadworthy_parser::outline_from_tree(code, &tree) {
        return;
    }
    for modes in &*LINTERS {
        let [demand, full, regions] = modes.each_ref().map(|linter| {
            let found = linter.lint(code, "app/service.py", Role::Application);
            let shown = |found: &ExampleFinding| {
                let finding = &found.finding;
                (finding.rule.name, finding.severity, finding.span, finding.message.clone())
            };
            found.iter().map(shown).collect::<Vec<_>>()
        });
        assert_eq!(demand, full, "on demand differs from full");
        assert_eq!(demand, regions, "on demand differs from regions");
    }
});
