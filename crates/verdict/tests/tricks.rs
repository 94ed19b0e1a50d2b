//! Ways to a better number without better code, and what they bring: as far as they are about the sums.

mod cases;

use roadworthy_engine::{Area, Severity};
use roadworthy_verdict::{
    Applies, AreaState, Brought, Demand, Evidence, GradeState, Level, NewError, Place, Profile,
    Reason, RuleEvidence, Score, Sites, Suppression, Tally, added, judge,
};

use Severity::{Error, Warning};
use cases::{area, brought, clean, component, open, project, rule, verdict};

/// A service that is well kept but for its data.
fn service() -> Evidence {
    component(
        Profile::Service,
        vec![
            clean("fine", Area::Code, Error, 40),
            open("untyped", Area::Code, Warning, 40, 4),
            open("leaks", Area::Data, Error, 10, 5),
            open("drops", Area::Data, Warning, 20, 20),
            clean("tested", Area::Testing, Warning, 1),
        ],
    )
}

fn score(evidence: &Evidence) -> Score {
    verdict(evidence).score.expect("assessed")
}

/// The rules of an area, changed.
fn change(evidence: &Evidence, of: Area, change: impl Fn(&mut RuleEvidence)) -> Evidence {
    let mut evidence = evidence.clone();
    evidence.rules.iter_mut().filter(|rule| rule.area == of).for_each(change);
    evidence
}

fn accept(rule: &mut RuleEvidence) {
    rule.sites.accepted = rule.sites.accepted.plus(rule.sites.open);
    rule.sites.open = Tally::default();
}

fn mend(rule: &mut RuleEvidence) {
    rule.sites.open = Tally::default();
}

/// Rules that are switched off count as if all that they find were accepted, and not at all in the second number.
#[test]
fn switching_off_the_rules_of_a_weak_area() {
    let before = service();
    let off = change(&before, Area::Data, |rule| {
        rule.disabled = true;
        rule.sites = Sites {
            hidden: rule.sites.open,
            hidden_clean: rule.sites.judged - rule.sites.open.total(),
            ..Sites::default()
        };
    });
    let accepted = change(&before, Area::Data, accept);
    assert_eq!(score(&off), score(&accepted));
    assert_eq!(score(&off).unbelieved, score(&before).value);
    assert!(score(&off).value < score(&change(&before, Area::Data, mend)).value);
    let verdict = verdict(&off);
    let rules = &area(&verdict, Area::Data).rules;
    assert!(rules.iter().all(|rule| rule.state == GradeState::Disabled && rule.hidden > 0));
}

/// Files that are left out count as if all that is found there were accepted.
#[test]
fn leaving_a_folder_out() {
    let before = service();
    let out = change(&before, Area::Data, |rule| {
        rule.sites.hidden = rule.sites.open;
        rule.sites.hidden_clean = rule.sites.judged - rule.sites.open.total();
        rule.sites.judged = 0;
        rule.sites.open = Tally::default();
    });
    assert_eq!(score(&out), score(&change(&before, Area::Data, accept)));
    assert_eq!(score(&out).unbelieved, score(&before).value);
}

/// Suppressions bring less than half of what repairs would bring, and the second number does not move.
#[test]
fn suppressing_everything() {
    let before = service();
    let accepted = change(&before, Area::Data, accept);
    let verdict = verdict(&accepted);
    let data = area(&verdict, Area::Data);
    assert_eq!(data.score(), Some(Score { value: 59, unbelieved: 35 }));
    assert_eq!(score(&accepted).unbelieved, score(&before).unbelieved);
}

/// To call everything wrong brings no more than to accept it.
#[test]
fn disputing_everything() {
    let before = service();
    let disputed = change(&before, Area::Data, |rule| {
        rule.sites.disputed = rule.sites.open;
        rule.sites.open = Tally::default();
    });
    assert_eq!(score(&disputed), score(&change(&before, Area::Data, accept)));
}

/// A few disputes among many clean sites are believed.
#[test]
fn disputing_what_is_wrong() {
    let sites =
        Sites { judged: 40, disputed: Tally { errors: 4, ..Tally::default() }, ..Sites::default() };
    let rule = RuleEvidence { sites, ..rule("leaks", Area::Code, Error) };
    let evidence = component(Profile::Service, vec![rule]);
    assert_eq!(score(&evidence), Score { value: 100, unbelieved: 64 });
}

/// A baseline that takes everything in counts half, as any suppression.
#[test]
fn taking_everything_into_the_baseline() {
    let before = service();
    let all = Area::ALL.into_iter().fold(before.clone(), |all, area| change(&all, area, accept));
    assert_eq!(score(&all).unbelieved, score(&before).value);
    assert!(score(&all).value < 90);
    assert!(verdict(&all).level < Some(Level::RaceReady));
}

/// However much clean code is added: with an error open, the rule has half its grade at most, and the area keeps its cap.
#[test]
fn diluting_with_clean_code() {
    let before = service();
    let diluted = change(&before, Area::Data, |rule| rule.sites.judged *= 1000);
    let verdict = verdict(&diluted);
    let data = area(&verdict, Area::Data);
    assert!(data.rules[0].grade < 0.5);
    assert!(data.score().is_some_and(|score| score.value <= 69));
    assert_eq!(verdict.level, Some(Level::Drivable));
    assert_eq!(verdict.in_the_way.as_deref(), Some("leaks is an open error"));
}

/// The gate counts findings: a new error closes it whatever the number is.
#[test]
fn diluting_does_not_open_the_gate() {
    let mut evidence = service();
    evidence.rules.iter_mut().for_each(|rule| rule.sites.judged *= 1000);
    let place = Place { path: "shop/load.py".to_owned(), line: 3 };
    let new = NewError { rule: "leaks", place };
    let verdict = judge("2027.1", vec![evidence], &Demand::default(), brought(new.clone()));
    assert_eq!(verdict.gate.reasons, [Reason::NewError(new)]);
    assert_eq!(verdict.components[0].level, Some(Level::NotRoadworthy));
}

/// A change may add so many suppressions and no more, whatever it takes out elsewhere.
#[test]
fn adding_suppressions_one_change_after_the_other() {
    let suppression = |path: &str, line: u32| Suppression {
        rule: "leaks".to_owned(),
        path: Some(path.to_owned()),
        line: Some(line),
        text: Some(u64::from(line)),
    };
    let of = |path: &'static str| move |line| suppression(path, line);
    let gate = |now: &[Suppression], before: &[Suppression], most_suppressions| {
        let suppressions = added(now, before).into_iter().cloned().collect();
        let brought = Brought { suppressions, most_suppressions, ..Brought::default() };
        judge("2027.1", vec![service()], &Demand::default(), brought).gate.reasons
    };
    let before: Vec<_> = (1..=9).map(of("shop/old.py")).collect();
    let five: Vec<_> = before.iter().cloned().chain((21..=25).map(of("shop/new.py"))).collect();
    assert_eq!(gate(&five, &before, 5), []);
    let six: Vec<_> = (21..=26).map(of("shop/new.py")).collect();
    let closed = |most| [Reason::NewSuppressions { added: six.clone(), most }];
    let all: Vec<_> = before.iter().cloned().chain(six.clone()).collect();
    assert_eq!(gate(&all, &before, 5), closed(5));
    assert_eq!(gate(&all, &before, 6), []);
    // Those that go elsewhere pay for none, unless they are the same, in another place.
    assert_eq!(gate(&six, &before, 5), closed(5));
    let moved: Vec<_> = (1..=9).map(of("shop/new.py")).collect();
    assert_eq!(gate(&moved, &before, 0), []);
}

/// A weak part that becomes a component of its own is what the repository shows.
#[test]
fn splitting_the_repository() {
    let whole = service();
    let (mut strong, mut weak) = (whole.clone(), whole.clone());
    strong.path = "shop".to_owned();
    strong.rules.retain(|rule| rule.area != Area::Data);
    weak.path = "warehouse".to_owned();
    weak.rules.retain(|rule| rule.area == Area::Data);
    let split = project(vec![weak, strong]);
    let lowest = &split.components[split.lowest.expect("assessed")];
    assert_eq!(lowest.path, "warehouse");
    assert!(lowest.score.expect("assessed").value < score(&whole).value);
}

/// A pipeline that nobody can follow takes the number away, and with it the highest level and the floor.
#[test]
fn hiding_behind_what_cannot_be_resolved() {
    let mut evidence = component(
        Profile::Service,
        vec![
            clean("fine", Area::Code, Error, 40),
            open("tests-never-run-in-ci", Area::Testing, Error, 1, 0),
            clean("tested", Area::Testing, Warning, 1),
        ],
    );
    assert_eq!(verdict(&evidence).level, Some(Level::RaceReady));
    evidence.rules[1].applies = Applies::Unknown("the workflow is elsewhere".to_owned());
    evidence.rules[1].sites = Sites::default();
    let floors = vec![(".".to_owned(), Area::Testing, 80)];
    let demand = Demand { floors, ..Demand::default() };
    let verdict = judge("2027.1", vec![evidence.clone()], &demand, Brought::default());
    let testing = area(&verdict.components[0], Area::Testing);
    assert!(
        matches!(&testing.state, AreaState::NotAssessed { reason } if reason == "the workflow is elsewhere")
    );
    assert!(matches!(verdict.gate.reasons[..], [Reason::Floor { score: None, floor: 80, .. }]));
    let free = cases::verdict(&evidence);
    assert_eq!(free.level, Some(Level::Roadworthy));
    assert_eq!(
        free.in_the_way.as_deref(),
        Some("tests-never-run-in-ci could not be judged: the workflow is elsewhere")
    );
}
