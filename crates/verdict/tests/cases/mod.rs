//! Evidence for tests, written down briefly.

#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

use roadworthy_engine::{Area, Severity};
use roadworthy_verdict::{
    Applies, AreaScore, Brought, ComponentVerdict, Demand, Evidence, NewError, Profile,
    RuleEvidence, Sites, Tally, Verdict, judge,
};

/// A rule with nothing to judge.
pub fn rule(name: &'static str, area: Area, severity: Severity) -> RuleEvidence {
    RuleEvidence {
        rule: name,
        area,
        severity,
        foundation: roadworthy_verdict::Foundation::No,
        fix: "mend it",
        noun: "functions",
        applies: Applies::Yes,
        sites: Sites::default(),
        disabled: false,
        fixable: 0,
        first: None,
    }
}

/// A rule with that many sites, of which some stand open at its own level.
pub fn open(
    name: &'static str,
    area: Area,
    severity: Severity,
    judged: u32,
    open: u32,
) -> RuleEvidence {
    let sites = Sites { judged, open: tally(severity, open), ..Sites::default() };
    RuleEvidence { sites, ..rule(name, area, severity) }
}

/// A rule with clean sites alone.
pub fn clean(name: &'static str, area: Area, severity: Severity, judged: u32) -> RuleEvidence {
    open(name, area, severity, judged, 0)
}

/// That many sites of a level.
pub fn tally(severity: Severity, sites: u32) -> Tally {
    let mut tally = Tally::default();
    *at(&mut tally, severity) = sites;
    tally
}

/// The number of a level.
pub fn at(tally: &mut Tally, severity: Severity) -> &mut u32 {
    match severity {
        Severity::Error => &mut tally.errors,
        Severity::Warning => &mut tally.warnings,
        Severity::Info => &mut tally.infos,
    }
}

/// A component with these rules.
pub fn component(profile: Profile, rules: Vec<RuleEvidence>) -> Evidence {
    Evidence {
        path: ".".to_owned(),
        name: "shop".to_owned(),
        profile,
        profile_reason: "it says so".to_owned(),
        rules,
        files: 1,
        unjudged: Vec::new(),
        blockers: Vec::new(),
    }
}

/// The verdict about one component without any demand.
pub fn verdict(evidence: &Evidence) -> ComponentVerdict {
    let mut verdict = project(vec![evidence.clone()]);
    verdict.components.remove(0)
}

/// The verdict about components without any demand.
pub fn project(evidence: Vec<Evidence>) -> Verdict {
    judge("2027.1", evidence, &Demand::default(), Brought::default())
}

/// A change that brought one error.
pub fn brought(error: NewError) -> Brought {
    Brought { errors: vec![error], ..Brought::default() }
}

/// What a verdict says of an area.
pub fn area(verdict: &ComponentVerdict, area: Area) -> &AreaScore {
    verdict.areas.iter().find(|score| score.area == area).expect("there are nine")
}
