//! Cases with which simpler sums break their promises, each with the sum that did. `docs/score.md` tells what is done instead.

mod cases;

use roadworthy_engine::{Area, Severity};
use roadworthy_verdict::{
    Applies, AreaState, ComponentVerdict, Evidence, Foundation, Level, Profile, RuleEvidence, Sites,
};

use Severity::{Error, Info, Warning};
use cases::{area, clean, component, open, rule, tally, verdict};

fn service(rules: Vec<RuleEvidence>) -> Evidence {
    component(Profile::Service, rules)
}

fn value(verdict: &ComponentVerdict, of: Area) -> u32 {
    area(verdict, of).score().expect("assessed").value
}

fn overall(verdict: &ComponentVerdict) -> u32 {
    verdict.score.expect("assessed").value
}

fn unknown(name: &'static str, area: Area, severity: Severity) -> RuleEvidence {
    let applies = Applies::Unknown("a reusable workflow is elsewhere".to_owned());
    RuleEvidence { applies, ..rule(name, area, severity) }
}

/// A foundation that fails.
fn foundation(name: &'static str, area: Area) -> RuleEvidence {
    RuleEvidence { foundation: Foundation::Whole, ..open(name, area, Warning, 1, 1) }
}

fn uncapped(verdict: &ComponentVerdict, of: Area) -> u32 {
    match area(verdict, of).state {
        AreaState::Assessed { uncapped, .. } => uncapped,
        _ => panic!("assessed"),
    }
}

/// With the plain share, a site with advice is mostly clean, and makes the site with the error look rare.
#[test]
fn advice_at_a_new_site_does_not_make_an_error_rare() {
    let before = service(vec![open("leaks", Area::Code, Error, 3, 2)]);
    let mut after = before.clone();
    after.rules[0].sites.judged += 6;
    after.rules[0].sites.open.infos += 6;
    let (before, after) = (verdict(&before), verdict(&after));
    assert_eq!(uncapped(&before, Area::Code), 43);
    assert_eq!(uncapped(&after, Area::Code), 43);
}

/// With a mean of rules, one that fails mildly lifts an area in which others fail badly, and it is there only because it
/// fails.
#[test]
fn a_rule_that_applies_by_its_failure_does_not_lift() {
    let mut evidence =
        service(vec![open("leaks", Area::Code, Warning, 10, 8), rule("waits", Area::Code, Error)]);
    let before = verdict(&evidence);
    evidence.rules[1].sites = Sites { judged: 1, open: tally(Info, 1), ..Sites::default() };
    let after = verdict(&evidence);
    assert_eq!((value(&before, Area::Code), value(&after, Area::Code)), (76, 65));
    let rule = &area(&after, Area::Code).rules[1];
    assert!((rule.grade - 0.765_625).abs() < 1e-9 && (rule.takes - 0.140_625).abs() < 1e-9);
}

/// With a mean of rules, each that passes without anybody's merit makes a failure smaller.
#[test]
fn what_passes_does_not_make_a_failure_small() {
    let mut evidence = service(vec![open("leaks", Area::Code, Warning, 10, 8)]);
    let before = verdict(&evidence);
    evidence.rules.push(clean("fine", Area::Code, Error, 100));
    let after = verdict(&evidence);
    assert_eq!((value(&before, Area::Code), value(&after, Area::Code)), (76, 76));
}

/// If what is missing at all were felt by its level, what is most missing would be felt least; if advice on a part of something
/// cost as much, one folder of tests that no pipeline runs would weigh what no tests at all weigh.
#[test]
fn a_foundation_is_missing_at_whatever_level_and_its_parts_are_not() {
    let of = |whole, level| {
        let mut missing = foundation("no-tests", Area::Testing);
        missing.foundation = whole;
        missing.sites.open = tally(level, 1);
        value(&verdict(&service(vec![missing])), Area::Testing)
    };
    for level in Severity::ALL {
        assert_eq!(of(Foundation::Whole, level), 20);
    }
    assert_eq!(of(Foundation::InPart, Warning), 20);
    assert!(of(Foundation::InPart, Severity::Info) > 50);
}

/// With the plain mean, an area that appears with 63 lifts a whole of 20.
#[test]
fn an_area_that_applies_by_its_failure_does_not_lift() {
    let mut evidence =
        service(vec![foundation("leaks", Area::Code), rule("drops", Area::Data, Error)]);
    let before = verdict(&evidence);
    evidence.rules[1].sites = Sites { judged: 1, open: tally(Warning, 1), ..Sites::default() };
    let after = verdict(&evidence);
    assert_eq!(value(&after, Area::Data), 63);
    assert!(!area(&after, Area::Data).counts);
    assert_eq!((overall(&before), overall(&after)), (20, 20));
    // With a site that is clean, it counts as any other.
    evidence.rules[1].sites.judged = 2;
    let after = verdict(&evidence);
    assert!(area(&after, Area::Data).counts);
    assert!(overall(&after) > 20);
}

/// A finding may be what makes an area known well enough for a number: it must not lift the whole by that.
#[test]
fn an_area_that_is_assessed_by_its_failure_does_not_lift() {
    let mut evidence = service(vec![
        foundation("leaks", Area::Code),
        clean("cleans", Area::Data, Warning, 5),
        unknown("lost", Area::Data, Warning),
        rule("drops", Area::Data, Error),
    ]);
    let before = verdict(&evidence);
    assert!(matches!(area(&before, Area::Data).state, AreaState::NotAssessed { .. }));
    evidence.rules[3].sites = Sites { judged: 1, open: tally(Info, 1), ..Sites::default() };
    let after = verdict(&evidence);
    assert_eq!(value(&after, Area::Data), 85);
    assert!(!area(&after, Area::Data).counts);
    assert_eq!((overall(&before), overall(&after)), (20, 20));
}

/// If only rules with clean sites made an area known, one more finding would take a weak area out of the whole.
#[test]
fn a_finding_does_not_take_an_area_away() {
    let mut evidence = service(vec![
        clean("fine", Area::Code, Error, 10),
        open("drops", Area::Data, Warning, 1, 0),
        open("leaks", Area::Data, Warning, 10, 9),
        unknown("lost", Area::Data, Warning),
    ]);
    let before = verdict(&evidence);
    evidence.rules[1].sites.open = tally(Warning, 1);
    let after = verdict(&evidence);
    assert_eq!((value(&before, Area::Data), value(&after, Area::Data)), (75, 56));
    assert!(overall(&after) < overall(&before));
}

/// Disputes believed up to a tenth of all sites: one more open site would make them believed.
#[test]
fn a_finding_does_not_make_disputes_believed() {
    let disputed = tally(Error, 1);
    let sites = Sites { judged: 9, disputed, ..Sites::default() };
    let mut evidence = service(vec![RuleEvidence { sites, ..rule("leaks", Area::Code, Error) }]);
    let before = verdict(&evidence);
    evidence.rules[0].sites.judged += 1;
    evidence.rules[0].sites.open = tally(Info, 1);
    let after = verdict(&evidence);
    assert_eq!(value(&before, Area::Code), 93);
    assert!(value(&after, Area::Code) < 93);
}

/// A dispute that is not believed counted as open: switching the rule off counted for more than its repair elsewhere.
#[test]
fn a_dispute_that_is_not_believed_counts_as_accepted() {
    let with = |sites, disabled| {
        let rule = RuleEvidence { sites, disabled, ..rule("leaks", Area::Code, Error) };
        verdict(&service(vec![rule]))
    };
    let (one, none) = (tally(Error, 1), Sites::default());
    let disputed = with(Sites { judged: 1, disputed: one, ..none }, false);
    let accepted = with(Sites { judged: 1, accepted: one, ..none }, false);
    let disabled = with(Sites { hidden: one, ..none }, true);
    for verdict in [&disputed, &accepted, &disabled] {
        assert_eq!(value(verdict, Area::Code), 55);
        assert_eq!(verdict.score.map(|score| score.unbelieved), Some(40));
    }
    let told = |verdict: &ComponentVerdict| verdict.areas[0].rules[0].clone();
    assert_eq!((told(&disputed).accepted, told(&disputed).disputed), (1, 0));
}

/// If what is left out dropped out, leaving a file out could make a weak area unknown, and so lift the whole.
#[test]
fn leaving_out_does_not_make_an_area_unknown() {
    let mut evidence = service(vec![
        clean("fine", Area::Code, Error, 10),
        open("drops", Area::Data, Warning, 2, 1),
        open("leaks", Area::Data, Warning, 10, 9),
        unknown("lost", Area::Data, Warning),
    ]);
    let before = verdict(&evidence);
    evidence.rules[1].sites =
        Sites { judged: 0, hidden: tally(Warning, 1), hidden_clean: 1, ..Sites::default() };
    let after = verdict(&evidence);
    assert_eq!((value(&before, Area::Data), value(&after, Area::Data)), (61, 67));
    assert_eq!(area(&after, Area::Data).score().map(|score| score.unbelieved), Some(61));
}

/// Too little is known of an area for the highest level, whatever was found there.
#[test]
fn a_finding_does_not_raise_the_level() {
    let mut evidence = service(vec![
        clean("fine", Area::Code, Error, 10),
        clean("cleans", Area::Data, Warning, 5),
        unknown("lost", Area::Data, Warning),
        rule("drops", Area::Data, Error),
    ]);
    assert_eq!(verdict(&evidence).level, Some(Level::Roadworthy));
    evidence.rules[3].sites = Sites { judged: 1, open: tally(Info, 1), ..Sites::default() };
    let after = verdict(&evidence);
    assert!(overall(&after) >= 90);
    assert_eq!(after.level, Some(Level::Roadworthy));
    assert_eq!(after.in_the_way.as_deref(), Some("too little of Data handling could be assessed"));
}
