//! Every example of every rule, in every parse mode; and what all other rules make of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use roadworthy_engine::{
    Catalog, Check, Edits, Example, ExampleFinding, ExampleLinter, OptionValue, ParseMode, Rule,
    RuleFile, RuleSet, RunOptions, Selection, Settings, SiteCount, Strictness, day,
    lint as lint_project, lint_example, lint_project_example,
};
use roadworthy_parser::{Parser, scan};
use roadworthy_project::{FileKind, Project, Role};

const MODES: [ParseMode; 3] = [ParseMode::OnDemand, ParseMode::Full, ParseMode::Regions];

fn role(example: &Example) -> Role {
    let name = example.role.as_deref().unwrap_or("application");
    Role::from_name(name).unwrap_or_else(|| panic!("there is no role {name}"))
}

fn settings(catalog: &Catalog, rule: &Rule, rules: RuleSet, example: &Example) -> Settings {
    let mut settings = Settings::new(catalog, rules);
    settings.require_reason = example.require_reason;
    settings.as_of = example.as_of.as_deref().map(|text| day(text).expect("a day"));
    settings.today = example.today.as_deref().map(|text| day(text).expect("a day"));
    for (name, value) in &example.options {
        let value = match value {
            toml::Value::Boolean(value) => OptionValue::Boolean(*value),
            toml::Value::Integer(value) => OptionValue::Integer(*value),
            toml::Value::Array(values) => OptionValue::Strings(
                values.iter().map(|value| value.as_str().expect("a string").to_owned()).collect(),
            ),
            other => panic!("{}: no option is {other}", rule.name),
        };
        let id = catalog.id(rule.name).expect("is in the catalogue");
        settings.set_option(catalog, id, name, value).expect("the example's options exist");
    }
    settings
}

/// Lints an example in all modes, which must agree.
fn lint(
    catalog: &Catalog,
    settings: &Settings,
    rule: &Rule,
    example: &Example,
) -> Vec<ExampleFinding> {
    let path = example.path.as_deref().unwrap_or("app/service.py");
    let mut results = MODES.map(|mode| {
        if !example.files.is_empty() {
            let options = RunOptions { mode, ..RunOptions::default() };
            return lint_project_example(catalog, settings, &example.files, options);
        }
        lint_example(
            catalog,
            settings,
            &example.code,
            path,
            role(example),
            mode,
            Strictness::Normal,
        )
    });
    let shown = |findings: &[ExampleFinding]| -> Vec<String> {
        findings
            .iter()
            .map(|f| {
                format!(
                    "{} {} {:?} {}",
                    f.finding.rule.name, f.finding.severity, f.finding.span, f.finding.message
                )
            })
            .collect()
    };
    for (mode, result) in MODES.iter().zip(&results) {
        assert_eq!(
            shown(&results[0]),
            shown(result),
            "{}: {mode:?} differs from on demand in\n{}",
            rule.name,
            example.code
        );
    }
    std::mem::take(&mut results[0])
}

fn examples() -> impl Iterator<Item = (&'static Rule, RuleFile)> {
    let catalog = roadworthy_rules::catalog();
    let rules: Vec<_> = catalog.rules().to_vec();
    rules
        .into_iter()
        .map(|rule| (rule, RuleFile::parse(rule.source).expect("the catalogue's test parses it")))
}

#[test]
fn bad_examples_are_found_and_good_ones_are_not() {
    let catalog = roadworthy_rules::catalog();
    let mut wrong = String::new();
    for (rule, file) in examples() {
        let only: RuleSet = catalog.id(rule.name).into_iter().collect();
        for example in &file.bad {
            let found =
                lint(&catalog, &settings(&catalog, rule, only.clone(), example), rule, example);
            let texts: Vec<_> = found.iter().map(|finding| finding.text.as_str()).collect();
            let fits = match &example.finds {
                Some(expected) => texts == *expected,
                None => texts.len() == 1,
            };
            let expected = example.severity.unwrap_or(rule.severity);
            let severities = found.iter().all(|found| found.finding.severity == expected);
            if !fits || !severities {
                let _ = writeln!(
                    wrong,
                    "{}: of this bad example it finds {texts:?}, expected {:?} at {expected}; got {:?}\n{}{:?}",
                    rule.name,
                    example.finds,
                    found.iter().map(|f| f.finding.severity).collect::<Vec<_>>(),
                    example.code,
                    example.files
                );
            }
        }
        for example in &file.good {
            let found =
                lint(&catalog, &settings(&catalog, rule, only.clone(), example), rule, example);
            for finding in &found {
                let _ = writeln!(
                    wrong,
                    "{}: flags {:?} ({}) in this good example\n{}{:?}",
                    rule.name, finding.text, finding.finding.message, example.code, example.files
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What becomes of the code of an example by its rule's fixes, round by round; the last findings.
fn mended(
    catalog: &Catalog,
    settings: &Settings,
    rule: &Rule,
    example: &Example,
) -> (String, Vec<ExampleFinding>) {
    let mut now = example.clone();
    loop {
        let found = lint(catalog, settings, rule, &now);
        let mut edits = Edits::default();
        for fix in found.iter().filter_map(|found| found.finding.fix.as_ref()) {
            edits.take(&fix.edits);
        }
        if edits.is_empty() {
            return (now.code, found);
        }
        now.code = edits.apply(&now.code);
    }
}

#[test]
fn fixes_give_what_examples_say_and_the_findings_are_gone() {
    let catalog = roadworthy_rules::catalog();
    let mut wrong = String::new();
    for (rule, file) in examples() {
        let only: RuleSet = catalog.id(rule.name).into_iter().collect();
        let (mut mends, mut shown) = (false, false);
        for example in file.bad.iter().filter(|example| example.files.is_empty()) {
            let settings = settings(&catalog, rule, only.clone(), example);
            let before = lint(&catalog, &settings, rule, example);
            let fixable = before.iter().filter(|found| found.finding.fix.is_some()).count();
            mends |= fixable > 0;
            shown |= example.fixed.is_some();
            let (code, after) = mended(&catalog, &settings, rule, example);
            if example.fixed.as_ref().is_some_and(|fixed| *fixed != code) {
                let _ = writeln!(wrong, "{}: the fixes give\n{code}", rule.name);
            }
            let path = example.path.as_deref().unwrap_or("app/service.py");
            let is_python = FileKind::of_given(path.into()).is_python();
            let is_tree = || Parser::new().parse(&code).is_some_and(|tree| !tree.has_error());
            if is_python && fixable > 0 && (scan(&code).flaw.is_some() || !is_tree()) {
                let _ = writeln!(wrong, "{}: the fixes break\n{code}", rule.name);
            }
            if after.len() + fixable != before.len() {
                let _ = writeln!(
                    wrong,
                    "{}: {} of {} findings stay, {fixable} were to be mended\n{code}",
                    rule.name,
                    after.len(),
                    before.len()
                );
            }
        }
        if mends && !shown {
            let _ =
                writeln!(wrong, "{}: no example shows by `fixed` what its fixes give", rule.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn other_rules_on_examples_find_what_the_snapshot_says() {
    let catalog = roadworthy_rules::catalog();
    let all = Selection::default().resolve(&catalog).expect("the default selection names nothing");
    let mut snapshot = String::new();
    for (rule, file) in examples() {
        for (kind, examples) in [("bad", &file.bad), ("good", &file.good)] {
            let mut others: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (index, example) in examples.iter().enumerate() {
                let found =
                    lint(&catalog, &settings(&catalog, rule, all.clone(), example), rule, example);
                let names: BTreeSet<_> =
                    found.iter().map(|found| found.finding.rule.name).collect();
                for name in names.into_iter().filter(|&name| name != rule.name) {
                    others.entry(name).or_default().push(index);
                }
            }
            for (other, indices) in others {
                let _ = writeln!(snapshot, "{}: {other} on {kind} examples {indices:?}", rule.name);
            }
        }
    }
    let path = snapbox::Data::read_from(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/overlap.txt"),
        None,
    );
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(snapshot, path);
}

#[test]
fn every_trigger_is_needed_by_the_rule_that_has_it() {
    // A rule must find nothing where none of its triggers stands: otherwise triggers hide findings.
    for (rule, file) in examples() {
        if rule.triggers.is_empty() || matches!(rule.check, Check::Engine | Check::Project(_)) {
            continue;
        }
        let is_python = |example: &&Example| {
            let path = example.path.as_deref().unwrap_or("app/service.py");
            FileKind::of_given(path.into()).is_python()
        };
        for example in file.bad.iter().filter(is_python) {
            let texts = example.files.values().chain([&example.code]);
            let lower = texts.map(|text| text.to_lowercase()).collect::<String>();
            assert!(
                rule.triggers.iter().any(|trigger| lower.contains(&trigger.text.to_lowercase())),
                "{}: no trigger stands in\n{}",
                rule.name,
                example.code
            );
        }
    }
}

/// How many sites a rule judged in an example, and how many fail: in all modes the same.
fn judged(catalog: &Catalog, settings: &Settings, rule: &Rule, example: &Example) -> SiteCount {
    let path = example.path.as_deref().unwrap_or("app/service.py");
    let id = catalog.id(rule.name).expect("is in the catalogue");
    let counts = MODES.map(|mode| {
        if example.files.is_empty() {
            let linter = ExampleLinter::new(catalog, settings, mode, Strictness::Normal);
            let sites = linter.counting_sites().sites(&example.code, path, role(example));
            let own = sites.into_iter().find(|(other, _)| *other == id);
            return own.map_or_else(SiteCount::default, |(_, count)| count);
        }
        let texts = example.files.iter().map(|(path, text)| (path, text.as_str()));
        let project = Project::in_memory(texts);
        let options = RunOptions { mode, sites: true, ..RunOptions::default() };
        let outcome = lint_project(&project, catalog, settings, options);
        let mut total = SiteCount::default();
        for (other, count) in outcome.sites.iter().flat_map(|file| &file.counts) {
            if other.name == rule.name {
                total.judged += count.judged;
                total.failed += count.failed;
            }
        }
        total
    });
    assert!(
        counts.iter().all(|count| *count == counts[0]),
        "{}: modes count differently: {counts:?}\n{}",
        rule.name,
        example.code
    );
    counts[0]
}

/// Rules none of whose good examples holds a site that they judge, and why.
const CLEAN_WITHOUT_SITES: [(&str, &str); 1] =
    [("inference-mode-missing", "a file that switches gradients off is left alone as a whole")];

#[test]
fn sites_are_counted_whether_they_are_clean_or_not() {
    let catalog = roadworthy_rules::catalog();
    let mut wrong = String::new();
    for (rule, file) in examples() {
        if rule.site.is_of_project() || matches!(rule.check, Check::Engine) {
            continue;
        }
        let only: RuleSet = catalog.id(rule.name).into_iter().collect();
        let count = |example: &Example| {
            let settings = settings(&catalog, rule, only.clone(), example);
            judged(&catalog, &settings, rule, example)
        };
        for example in &file.bad {
            let SiteCount { judged, failed } = count(example);
            if failed == 0 || judged < failed {
                let _ = writeln!(
                    wrong,
                    "{}: {failed} of {judged} sites fail in this bad example\n{}",
                    rule.name, example.code
                );
            }
        }
        let clean = file.good.iter().any(|example| count(example).judged > 0);
        let excepted = CLEAN_WITHOUT_SITES.iter().any(|(name, _)| *name == rule.name);
        if clean == excepted {
            let _ = writeln!(wrong, "{}: sites in good examples: {clean}", rule.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
