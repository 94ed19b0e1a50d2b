//! What a score promises, on generated cases: the same ones in every run. `PROPTEST_CASES` asks for more of them.

mod cases;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use roadworthy_engine::{Area, Severity};
use roadworthy_verdict::{
    Applies, AreaState, ComponentVerdict, Evidence, Foundation, Profile, RuleEvidence, Score,
    Sites, Tally,
};

use cases::{at, component, project, rule, verdict};

const NAMES: [&str; 10] = [
    "no-tests",
    "rule-a",
    "unlocked-application",
    "rule-b",
    "rule-c",
    "no-vulnerability-audit",
    "rule-d",
    "rule-e",
    "tests-never-run-in-ci",
    "rule-f",
];
const AREAS: [Area; 4] = [Area::Code, Area::Data, Area::Testing, Area::Api];
const PROFILES: [Profile; 3] = [Profile::Service, Profile::Pipeline, Profile::Library];

fn config() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Few sites: that is where the corners are.
fn tallies(most: u32) -> impl Strategy<Value = Tally> {
    let count = prop_oneof![4 => Just(0), 1 => 0..=most];
    (count.clone(), count.clone(), count).prop_map(|(errors, warnings, infos)| Tally {
        errors,
        warnings,
        infos,
    })
}

fn sites() -> impl Strategy<Value = Sites> {
    let clean = prop_oneof![2 => Just(0_u32), 3 => 1..5_u32, 3 => 5..60_u32];
    let hidden_clean = prop_oneof![6 => Just(0_u32), 1 => 1..20_u32];
    (clean, tallies(4), tallies(3), tallies(2), tallies(2), hidden_clean).prop_map(
        |(clean, open, accepted, disputed, hidden, hidden_clean)| {
            let judged = clean + open.total() + accepted.total() + disputed.total();
            Sites { judged, open, accepted, disputed, hidden, hidden_clean }
        },
    )
}

fn rules() -> impl Strategy<Value = RuleEvidence> {
    let sites = prop_oneof![1 => Just(Sites::default()), 5 => sites()];
    let unknown = prop::bool::weighted(0.12);
    let disabled = prop::bool::weighted(0.06);
    let foundation = prop::bool::weighted(0.2);
    (0..AREAS.len(), 0..3_usize, sites, unknown, disabled, foundation).prop_map(
        |(area, severity, sites, unknown, disabled, foundation)| {
            let mut rule = rule("rule", AREAS[area], Severity::ALL[severity]);
            rule.foundation = if foundation { Foundation::Whole } else { Foundation::No };
            rule.sites = sites;
            if unknown {
                rule.applies = Applies::Unknown("a job could not be resolved".to_owned());
            }
            if disabled {
                disable(&mut rule);
            }
            rule
        },
    )
}

fn components() -> impl Strategy<Value = Evidence> {
    let rules = prop::collection::vec(rules(), 1..NAMES.len());
    (0..PROFILES.len(), rules).prop_map(|(profile, mut rules)| {
        rules.iter_mut().zip(NAMES).for_each(|(rule, name)| rule.rule = name);
        component(PROFILES[profile], rules)
    })
}

/// A component, one of its rules, and a level.
fn picks() -> impl Strategy<Value = (Evidence, usize, Severity)> {
    (components(), any::<prop::sample::Index>(), 0..3_usize).prop_map(|(evidence, index, level)| {
        let index = index.index(evidence.rules.len());
        (evidence, index, Severity::ALL[level])
    })
}

/// The numbers of a verdict: the areas, then the whole.
fn numbers(verdict: &ComponentVerdict) -> Vec<Option<Score>> {
    let areas = verdict.areas.iter().map(roadworthy_verdict::AreaScore::score);
    areas.chain([verdict.score]).collect()
}

/// The numbers before caps.
fn uncapped(verdict: &ComponentVerdict) -> Vec<Option<u32>> {
    let areas = verdict.areas.iter();
    areas
        .map(|area| match area.state {
            AreaState::Assessed { uncapped, .. } => Some(uncapped),
            _ => None,
        })
        .collect()
}

/// No number of `better` is below that of `worse`, nor its level.
fn not_below(better: &ComponentVerdict, worse: &ComponentVerdict) -> Result<(), TestCaseError> {
    let (better_numbers, worse_numbers) = (numbers(better), numbers(worse));
    for (better, worse) in better_numbers.iter().zip(&worse_numbers) {
        if let (Some(better), Some(worse)) = (better, worse) {
            prop_assert!(better.value >= worse.value);
            prop_assert!(better.unbelieved >= worse.unbelieved);
        }
    }
    for (better, worse) in uncapped(better).iter().zip(uncapped(worse)) {
        if let (Some(better), Some(worse)) = (better, worse) {
            prop_assert!(*better >= worse);
        }
    }
    if better.level.is_some() {
        prop_assert!(better.level >= worse.level);
    }
    Ok(())
}

/// No believed number of `better` is below that of `worse`.
fn not_beaten(better: &ComponentVerdict, worse: &ComponentVerdict) -> Result<(), TestCaseError> {
    for (better, worse) in numbers(better).iter().zip(numbers(worse)) {
        prop_assert_eq!(better.is_some(), worse.is_some());
        prop_assert!(better.map(|score| score.value) >= worse.map(|score| score.value));
    }
    prop_assert!(better.level >= worse.level);
    Ok(())
}

fn unbelieved(verdict: &ComponentVerdict) -> Vec<Option<u32>> {
    numbers(verdict).into_iter().map(|score| score.map(|score| score.unbelieved)).collect()
}

fn clean_of(rule: &RuleEvidence) -> u32 {
    let sites = rule.sites;
    let dirty = sites.open.plus(sites.accepted).plus(sites.disputed);
    let among = if rule.disabled { dirty.plus(sites.hidden) } else { dirty };
    sites.judged.saturating_sub(among.total()) + sites.hidden_clean
}

fn disable(rule: &mut RuleEvidence) {
    let sites = rule.sites;
    let found = sites.open.plus(sites.accepted).plus(sites.disputed);
    rule.disabled = true;
    rule.sites = Sites {
        hidden: sites.hidden.plus(found),
        hidden_clean: sites.hidden_clean + sites.judged - found.total(),
        ..Sites::default()
    };
}

/// Every tally of a rule, one after the other.
fn each_tally(sites: &mut Sites) -> [&mut Tally; 4] {
    [&mut sites.open, &mut sites.accepted, &mut sites.disputed, &mut sites.hidden]
}

/// What may be done to one rule by mending one site.
fn repairs(before: &RuleEvidence) -> Vec<RuleEvidence> {
    let mut all = Vec::new();
    for index in 0..4 {
        for level in Severity::ALL {
            let mut after = before.clone();
            let count = at(each_tally(&mut after.sites)[index], level);
            if *count == 0 {
                continue;
            }
            *count -= 1;
            let mut gone = after.clone();
            if index == 3 {
                after.sites.hidden_clean += 1;
            } else {
                gone.sites.judged -= 1;
            }
            all.extend([after, gone]);
            for lower in Severity::ALL.into_iter().filter(|lower| *lower < level) {
                let mut milder = before.clone();
                *at(each_tally(&mut milder.sites)[index], level) -= 1;
                *at(each_tally(&mut milder.sites)[index], lower) += 1;
                all.push(milder);
            }
        }
    }
    all
}

fn with(evidence: &Evidence, index: usize, rule: RuleEvidence) -> Evidence {
    let mut evidence = evidence.clone();
    evidence.rules[index] = rule;
    evidence
}

fn double(evidence: &Evidence) -> Evidence {
    let mut evidence = evidence.clone();
    for rule in &mut evidence.rules {
        for tally in each_tally(&mut rule.sites) {
            *tally = tally.plus(*tally);
        }
        rule.sites.judged *= 2;
        rule.sites.hidden_clean *= 2;
    }
    evidence
}

proptest! {
    #![proptest_config(config())]

    /// Mending lowers nothing: at the place, by making it milder, or by taking the code away.
    #[test]
    fn mending_lowers_nothing((evidence, index, _) in picks()) {
        let before = verdict(&evidence);
        for repaired in repairs(&evidence.rules[index]) {
            not_below(&verdict(&with(&evidence, index, repaired)), &before)?;
        }
    }

    /// Adding a finding raises nothing: at a clean site, or with a site that was not there.
    #[test]
    fn adding_raises_nothing((evidence, index, level) in picks(), tally in 0..4_usize) {
        let before = verdict(&evidence);
        let mut added = evidence.rules[index].clone();
        *at(each_tally(&mut added.sites)[tally], level) += 1;
        let mut new = added.clone();
        if tally < 3 {
            new.sites.judged += 1;
        } else if added.sites.hidden_clean > 0 {
            added.sites.hidden_clean -= 1;
        }
        not_below(&before, &verdict(&with(&evidence, index, new)))?;
        if clean_of(&evidence.rules[index]) > 0 {
            not_below(&before, &verdict(&with(&evidence, index, added)))?;
        }
    }

    /// A suppression never beats the repair of what it silences, and is not believed in the second number.
    #[test]
    fn suppressing_never_beats_mending((evidence, index, level) in picks()) {
        let mut evidence = evidence;
        evidence.rules[index].disabled = false;
        *at(&mut evidence.rules[index].sites.open, level) += 1;
        evidence.rules[index].sites.judged += 1;
        let before = verdict(&evidence);
        let rule = &evidence.rules[index];
        let mut mended = rule.clone();
        *at(&mut mended.sites.open, level) -= 1;
        let mut accepted = mended.clone();
        *at(&mut accepted.sites.accepted, level) += 1;
        let mut disputed = mended.clone();
        *at(&mut disputed.sites.disputed, level) += 1;
        let mut excluded = mended.clone();
        *at(&mut excluded.sites.hidden, level) += 1;
        excluded.sites.judged -= 1;
        let mended = verdict(&with(&evidence, index, mended));
        for suppressed in [accepted, disputed, excluded] {
            let suppressed = verdict(&with(&evidence, index, suppressed));
            not_beaten(&mended, &suppressed)?;
            prop_assert_eq!(unbelieved(&suppressed), unbelieved(&before));
        }
    }

    /// The same of whole rules that are switched off, and of a whole component that is left out.
    #[test]
    fn hiding_never_beats_mending((evidence, index, _) in picks(), whole in any::<bool>()) {
        let before = verdict(&evidence);
        let (mut mended, mut disabled, mut excluded) =
            (evidence.clone(), evidence.clone(), evidence.clone());
        for place in 0..evidence.rules.len() {
            if (!whole && place != index) || evidence.rules[place].disabled {
                continue;
            }
            mended.rules[place].sites.open = Tally::default();
            disable(&mut disabled.rules[place]);
            disable(&mut excluded.rules[place]);
            excluded.rules[place].disabled = false;
        }
        let mended = verdict(&mended);
        for hidden in [disabled, excluded] {
            let hidden = verdict(&hidden);
            not_beaten(&mended, &hidden)?;
            prop_assert_eq!(unbelieved(&hidden), unbelieved(&before));
        }
    }

    /// Believing never lowers a number.
    #[test]
    fn the_second_number_is_never_the_greater(evidence in components()) {
        for score in numbers(&verdict(&evidence)).into_iter().flatten() {
            prop_assert!(score.unbelieved <= score.value);
            prop_assert!(score.value <= 100);
        }
    }

    /// What does not apply changes nothing, be it a rule, an area or a component.
    #[test]
    fn what_does_not_apply_changes_nothing((evidence, index, level) in picks(), area in 0..9_usize) {
        let before = verdict(&evidence);
        let mut more = evidence.clone();
        let mut none = rule("none", Area::ALL[area], level);
        none.applies = Applies::No;
        more.rules.insert(index, none);
        let after = verdict(&more);
        prop_assert_eq!(numbers(&after), numbers(&before));
        prop_assert_eq!((&after.level, &after.in_the_way), (&before.level, &before.in_the_way));
        prop_assert_eq!(&after.gains, &before.gains);

        let mut empty = component(Profile::Cli, Vec::new());
        empty.path = "empty".to_owned();
        let both = project(vec![empty, evidence]);
        prop_assert_eq!(both.lowest, before.score.map(|_| 0));
        prop_assert_eq!(numbers(&both.components[0]), numbers(&before));
    }

    /// Neither the order of rules nor that of components counts.
    #[test]
    fn order_changes_nothing(one in components(), mut other in components()) {
        other.path = "other".to_owned();
        let before = project(vec![one.clone(), other.clone()]);
        let (mut one_back, mut other_back) = (one, other);
        one_back.rules.reverse();
        other_back.rules.rotate_left(1);
        let after = project(vec![other_back, one_back]);
        prop_assert_eq!(before.lowest, after.lowest);
        for (before, after) in before.components.iter().zip(&after.components) {
            prop_assert_eq!(numbers(before), numbers(after));
            prop_assert_eq!(before.level, after.level);
            prop_assert_eq!(&before.gains, &after.gains);
        }
    }

    /// Two copies score as one, to the last digit.
    #[test]
    fn copies_score_as_one(evidence in components()) {
        let (one, two) = (verdict(&evidence), verdict(&double(&evidence)));
        prop_assert_eq!(numbers(&one), numbers(&two));
        prop_assert_eq!(one.level, two.level);
        let points = |verdict: &ComponentVerdict| -> Vec<(&str, f64, f64)> {
            verdict.gains.iter().map(|gain| (gain.rule, gain.area_points, gain.points)).collect()
        };
        prop_assert_eq!(points(&one), points(&two));
        let mut copy = evidence.clone();
        copy.path = "copy".to_owned();
        let both = project(vec![copy, evidence]);
        prop_assert_eq!(numbers(&both.components[0]), numbers(&one));
        prop_assert_eq!(numbers(&both.components[1]), numbers(&one));
    }

    /// What passes changes no number of its area, so that rules that are added are felt only where they fail.
    #[test]
    fn what_passes_changes_no_number(evidence in components(), area in 0..4_usize, level in 0..3_usize) {
        let before = verdict(&evidence);
        let mut more = evidence;
        more.rules.push(cases::clean("passes", AREAS[area], Severity::ALL[level], 30));
        let after = verdict(&more);
        for (before, after) in before.areas.iter().zip(&after.areas) {
            prop_assert!(before.score().is_none() || before.score() == after.score());
        }
    }

    /// One site moves its area, caps apart, by no more than its rule takes at most.
    #[test]
    fn one_site_moves_little((evidence, index, _) in picks()) {
        let before = uncapped(&verdict(&evidence));
        let rule = &evidence.rules[index];
        let bound = match rule.severity {
            _ if rule.foundation != Foundation::No => 80,
            Severity::Error => 60,
            Severity::Warning => 25,
            Severity::Info => 8,
        } + 1;
        for repaired in repairs(rule) {
            let after = uncapped(&verdict(&with(&evidence, index, repaired)));
            for (before, after) in before.iter().zip(after) {
                if let (Some(before), Some(after)) = (before, after) {
                    prop_assert!(before.abs_diff(after) <= bound);
                }
            }
        }
    }

    /// What mending a rule is said to bring is what it brings.
    #[test]
    fn gains_are_kept(evidence in components()) {
        let before = verdict(&evidence);
        for gain in &before.gains {
            let index = evidence.rules.iter().position(|rule| rule.rule == gain.rule).expect("is one");
            let mut mended = evidence.rules[index].clone();
            mended.sites.open = Tally::default();
            let after = verdict(&with(&evidence, index, mended));
            for (points, before, after) in [
                (gain.area_points, cases::area(&before, gain.area).score(), cases::area(&after, gain.area).score()),
                (gain.points, before.score, after.score),
            ] {
                let (Some(before), Some(after)) = (before, after) else { continue };
                let told = f64::from(after.value) - f64::from(before.value);
                prop_assert!((told - points).abs() < 2.0, "{told} {points}");
            }
        }
    }
}
