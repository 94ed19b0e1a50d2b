//! Levels and the gate: what closes it, in which order, and what is said to stand in the way.

mod cases;

use roadworthy_engine::{Area, Severity};
use roadworthy_verdict::{
    Applies, Blocker, Brought, Demand, Evidence, GradeState, Level, NewError, NotAssessed, Place,
    Profile, Reason, RuleEvidence, Verdict, judge,
};

use Severity::{Error, Info, Warning};
use cases::{brought, clean, component, open, project, rule, verdict};

fn service(rules: Vec<RuleEvidence>) -> Evidence {
    component(Profile::Service, rules)
}

fn place(path: &str, line: u32) -> Place {
    Place { path: path.to_owned(), line }
}

fn demand(evidence: Evidence, demand: &Demand) -> Verdict {
    judge("2027.1", vec![evidence], demand, Brought::default())
}

fn standing(evidence: &Evidence) -> (Option<Level>, String) {
    let verdict = verdict(evidence);
    (verdict.level, verdict.in_the_way.unwrap_or_default())
}

#[test]
fn the_ladder() {
    let mut evidence = service(vec![
        RuleEvidence {
            first: Some(place("shop/pay.py", 7)),
            ..open("call-without-timeout", Area::Code, Error, 10, 1)
        },
        open("untyped", Area::Code, Warning, 10, 8),
        clean("no-tests", Area::Testing, Warning, 1),
    ]);
    evidence.blockers.push(Blocker { rule: "hardcoded-secret", place: place("shop/conf.py", 3) });
    let says = |evidence: &Evidence, level, text: &str| {
        assert_eq!(standing(evidence), (Some(level), text.to_owned()));
    };
    says(
        &evidence,
        Level::NotRoadworthy,
        "hardcoded-secret in shop/conf.py:3 blocks everything else",
    );
    evidence.blockers.clear();
    says(&evidence, Level::Drivable, "call-without-timeout in shop/pay.py:7 is an open error");
    evidence.rules[0] = open("call-without-timeout", Area::Code, Warning, 10, 9);
    says(
        &evidence,
        Level::Drivable,
        "Production-grade code has 57 of 60: call-without-timeout costs it most",
    );
    evidence.rules[0] = clean("call-without-timeout", Area::Code, Error, 10);
    says(&evidence, Level::Roadworthy, "Production-grade code has 76 of 85: untyped costs it most");
    evidence.rules[1] = open("untyped", Area::Code, Warning, 10, 3);
    evidence.rules[2] = open("no-tests", Area::Testing, Info, 100, 15);
    says(
        &evidence,
        Level::Roadworthy,
        "the whole has 88 of 90, and Production-grade code has 87: untyped costs it most",
    );
    evidence.rules[1] = open("untyped", Area::Code, Warning, 10, 1);
    evidence.rules[2] = open("no-tests", Area::Testing, Info, 100, 1);
    says(&evidence, Level::Roadworthy, "no-tests fails");
    // What is too small to be asked for tests has not passed them.
    evidence.rules[2] = rule("no-tests", Area::Testing, Warning);
    says(&evidence, Level::Roadworthy, "no test is known");
    evidence.rules[2] = clean("no-tests", Area::Testing, Warning, 1);
    says(&evidence, Level::RaceReady, "");
}

#[test]
fn nothing_assessed_is_no_number_and_no_level() {
    let verdict = project(vec![service(vec![rule("a", Area::Code, Error)])]);
    let component = &verdict.components[0];
    assert_eq!((component.score, component.level, verdict.lowest), (None, None, None));
    assert_eq!(component.in_the_way, None);
    assert!(verdict.gate.reasons.is_empty());
}

#[test]
fn reasons_come_in_the_order_in_which_they_must_be_mended() {
    let mut shop = service(vec![open("leaks", Area::Code, Error, 10, 5)]);
    shop.path = "shop".to_owned();
    let mut stock = service(vec![
        clean("leaks", Area::Code, Error, 10),
        RuleEvidence {
            applies: Applies::Unknown("no".to_owned()),
            ..rule("ci", Area::Testing, Error)
        },
    ]);
    stock.path = "shop/stock".to_owned();
    let blocker = Blocker { rule: "jwt-not-verified", place: place("shop/stock/a.py", 1) };
    stock.blockers.push(blocker.clone());
    let new = NewError { rule: "leaks", place: place("shop/a.py", 2) };
    let demand = Demand {
        level: Some(Level::Roadworthy),
        require: vec!["ci".to_owned(), "absent".to_owned()],
        floors: vec![
            ("shop".to_owned(), Area::Code, 50),
            ("shop".to_owned(), Area::Code, 49),
            ("shop".to_owned(), Area::Api, 90),
            ("gone".to_owned(), Area::Code, 90),
            ("shop/stock".to_owned(), Area::Testing, 70),
        ],
    };
    let verdict = judge("2027.1", vec![stock, shop], &demand, brought(new.clone()));
    let levels: Vec<_> = verdict.components.iter().map(|component| component.level).collect();
    assert_eq!(levels, [Some(Level::NotRoadworthy); 2]);
    let expected = [
        Reason::Blocker(blocker),
        Reason::NewError(new),
        Reason::Floor {
            component: "shop".to_owned(),
            area: Area::Code,
            score: Some(47),
            floor: 50,
        },
        Reason::Floor {
            component: "shop/stock".to_owned(),
            area: Area::Testing,
            score: None,
            floor: 70,
        },
        Reason::Required {
            component: "shop/stock".to_owned(),
            rule: "ci".to_owned(),
            state: GradeState::Unknown("no".to_owned()),
        },
        Reason::Level {
            component: "shop".to_owned(),
            level: Some(Level::NotRoadworthy),
            demanded: Level::Roadworthy,
            in_the_way: Some("leaks in shop/a.py:2 is a new error".to_owned()),
        },
        Reason::Level {
            component: "shop/stock".to_owned(),
            level: Some(Level::NotRoadworthy),
            demanded: Level::Roadworthy,
            in_the_way: Some(
                "jwt-not-verified in shop/stock/a.py:1 blocks everything else".to_owned(),
            ),
        },
    ];
    assert_eq!(verdict.gate.reasons, expected);
}

#[test]
fn a_demand_does_not_lower_the_level() {
    let evidence = service(vec![open("a", Area::Code, Warning, 10, 3)]);
    let wish = Demand { require: vec!["a".to_owned()], ..Demand::default() };
    let verdict = demand(evidence, &wish);
    assert!(matches!(verdict.gate.reasons[..], [Reason::Required { .. }]));
    assert_eq!(verdict.components[0].level, Some(Level::Roadworthy));
}

#[test]
fn gains_begin_with_blockers_then_with_what_brings_most() {
    let mut evidence = service(vec![
        open("small", Area::Code, Info, 10, 1),
        open("big", Area::Code, Error, 10, 9),
        open("hardcoded-secret", Area::Code, Info, 10, 1),
        RuleEvidence { fixable: 3, ..open("easy", Area::Code, Warning, 10, 4) },
        RuleEvidence { noun: "components", ..open("once", Area::Collaboration, Info, 1, 1) },
        open("alone", Area::Collaboration, Info, 1, 1),
        clean("fine", Area::Collaboration, Warning, 1),
    ]);
    evidence.blockers.push(Blocker { rule: "hardcoded-secret", place: place("a.py", 1) });
    let gains = verdict(&evidence).gains;
    let told: Vec<_> = gains.iter().map(|gain| (gain.rule, gain.sites, gain.minutes)).collect();
    assert_eq!(
        told,
        [
            ("hardcoded-secret", 1, 3),
            ("big", 9, 90),
            ("easy", 4, 8),
            ("alone", 1, 3),
            ("once", 1, 30),
            ("small", 1, 3),
        ]
    );
    assert!(gains[0].blocker && gains[1].points > gains[2].points);
}

/// A cap may hide what both bring: then what they would bring without it decides.
#[test]
fn gains_that_a_cap_hides_are_told_apart() {
    let mut evidence = service(vec![
        open("capping", Area::Code, Warning, 1000, 0),
        open("little", Area::Code, Info, 10, 1),
        open("more", Area::Code, Warning, 10, 3),
    ]);
    evidence.rules[0].sites.open.errors = 1;
    let gains = verdict(&evidence).gains;
    let told: Vec<_> = gains.iter().map(|gain| (gain.rule, gain.points > 0.0)).collect();
    assert_eq!(told, [("capping", true), ("more", false), ("little", false)]);
}

#[test]
fn what_could_not_be_assessed_is_told_with_its_reason() {
    let unknown = |name, reason: &str| RuleEvidence {
        applies: Applies::Unknown(reason.to_owned()),
        ..rule(name, Area::Testing, Warning)
    };
    let mut evidence = service(vec![
        unknown("a", "workflow elsewhere"),
        unknown("b", "no lock file"),
        unknown("c", "workflow elsewhere"),
    ]);
    let file = |name: &str, reason: &str| (name.to_owned(), reason.to_owned());
    evidence.unjudged = (0..6).map(|index| file(&format!("{index}.py"), "not UTF-8")).collect();
    evidence.unjudged.push(file("x.py", "too large"));
    let told: Vec<(String, String)> = verdict(&evidence)
        .not_assessed
        .into_iter()
        .map(|NotAssessed { what, reason }| (what, reason))
        .collect();
    let expected = [
        ("Testing", "workflow elsewhere"),
        ("a, c", "workflow elsewhere"),
        ("b", "no lock file"),
        ("6 files", "not UTF-8"),
        ("x.py", "too large"),
    ];
    assert_eq!(told, expected.map(|(what, reason)| file(what, reason)));
}
