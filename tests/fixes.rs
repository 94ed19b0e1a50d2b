//! What holds for every fix of every rule, on all examples and fixtures: the code still is Python, a second run changes
//! nothing, and line ends, marks and text around are kept.

use roadworthy_engine::{
    Applicability, Edits, ExampleLinter, Finding, ParseMode, RuleFile, Selection, Settings,
    Strictness,
};
use roadworthy_parser::{Parser, scan};
use roadworthy_project::Role;

/// More rounds of fixes that wait for each other are a circle.
const MOST_ROUNDS: usize = 10;

/// All rules, ready for any number of texts.
struct Hands<'c>(ExampleLinter<'c>);

impl Hands<'_> {
    fn findings(&self, code: &str) -> Vec<Finding> {
        let found = self.0.lint(code, "app/service.py", Role::Application);
        found.into_iter().map(|found| found.finding).collect()
    }

    /// The code after one round of all fixes.
    fn round(&self, code: &str) -> Option<String> {
        let mut edits = Edits::default();
        for finding in self.findings(code) {
            if let Some(fix) = finding.fix_within(Applicability::Unsafe) {
                edits.take(&fix.edits);
            }
        }
        (!edits.is_empty()).then(|| edits.apply(code))
    }

    /// The code after all fixes.
    fn mended(&self, code: &str) -> String {
        let mut now = code.to_owned();
        for _ in 0..MOST_ROUNDS {
            let Some(next) = self.round(&now) else { return now };
            now = next;
        }
        panic!("the fixes go round in a circle:\n{code}");
    }
}

/// Hands that are ready to `act`.
fn with_hands(strictness: Strictness, act: impl FnOnce(&Hands<'_>)) {
    let catalog = roadworthy_rules::catalog();
    let rules = Selection::default().resolve(&catalog).expect("names nothing");
    let settings = Settings::new(&catalog, rules);
    act(&Hands(ExampleLinter::new(&catalog, &settings, ParseMode::OnDemand, strictness)));
}

fn is_python(code: &str) -> bool {
    scan(code).flaw.is_none() && Parser::new().parse(code).is_some_and(|tree| !tree.has_error())
}

/// All code that the project has to try rules on.
fn codes() -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for rule in roadworthy_rules::catalog().rules() {
        let file = RuleFile::parse(rule.source).expect("the catalogue's test parses it");
        codes.extend(file.bad.into_iter().chain(file.good).map(|example| example.code));
    }
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for entry in walkdir::WalkDir::new(fixtures).sort_by_file_name() {
        let path = entry.expect("can be read").into_path();
        if path.extension().is_some_and(|extension| extension == "py")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            codes.push(text);
        }
    }
    codes.retain(|code| is_python(code));
    codes
}

#[test]
fn after_its_fixes_code_is_python_and_nothing_is_left_to_do() {
    let mut mended = 0;
    for strictness in [Strictness::Normal, Strictness::EveryRole, Strictness::Pedantic] {
        with_hands(strictness, |hands| {
            for code in codes() {
                let after = hands.mended(&code);
                assert!(is_python(&after), "no Python any more:\n{code}\n-----\n{after}");
                assert_eq!(hands.mended(&after), after, "changed once more");
                mended += usize::from(after != code);
            }
        });
    }
    assert!(mended > 100, "{mended}");
}

#[test]
fn line_ends_and_marks_are_kept() {
    with_hands(Strictness::Normal, keeps_the_text_around);
}

fn keeps_the_text_around(hands: &Hands<'_>) {
    for code in codes() {
        if code.contains('\r') || code.starts_with('\u{feff}') {
            continue;
        }
        let after = hands.mended(&code);
        let windows = |code: &str| code.replace('\n', "\r\n");
        assert_eq!(hands.mended(&windows(&code)), windows(&after), "with line ends of Windows");
        let marked = |code: &str| format!("\u{feff}{code}");
        assert_eq!(hands.mended(&marked(&code)), marked(&after), "with a byte order mark");
        let cut = |code: &str| code.trim_end().to_owned();
        assert_eq!(hands.mended(&cut(&code)), cut(&after), "without a line end at the end");
    }
}
