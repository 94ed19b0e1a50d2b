//! What mending each rule would bring, and how long that may take.

use std::cmp::Reverse;

use roadworthy_engine::{Area, Severity};

use crate::area::add_up;
use crate::component::{Sums, of_area};
use crate::grade::{self, Belief};
use crate::mean::ONE;
use crate::overall;
use crate::{Evidence, Gain, GradeState, RuleEvidence};

/// Half a day: nobody plans longer for one rule at once.
const MOST_MINUTES: u32 = 240;

/// What mending each failed rule would bring: blockers first, then what gains most.
pub(crate) fn gains(evidence: &Evidence, sums: &Sums) -> Vec<Gain> {
    let mut gains: Vec<(u128, u128, Gain)> = evidence
        .rules
        .iter()
        .enumerate()
        .filter(|(index, _)| sums.grades[*index].state == GradeState::Fail)
        .map(|(index, rule)| gain(evidence, sums, index, rule))
        .collect();
    gains.sort_by(|(points, area_points, gain), (points2, area_points2, gain2)| {
        let key = |points, area_points, gain: &Gain| {
            (Reverse(gain.blocker), Reverse(points), Reverse(area_points), Reverse(gain.severity))
        };
        key(*points, *area_points, gain)
            .cmp(&key(*points2, *area_points2, gain2))
            .then_with(|| gain.rule.cmp(gain2.rule))
    });
    gains.into_iter().map(|(_, _, gain)| gain).collect()
}

fn gain(evidence: &Evidence, sums: &Sums, index: usize, rule: &RuleEvidence) -> (u128, u128, Gain) {
    let open = sums.grades[index].open;
    let mut grades = sums.grades.clone();
    grades[index] = grade::grade(&grade::mended(rule), Belief::Given);
    let mut areas = sums.areas.clone();
    let place = Area::ALL.into_iter().position(|area| area == rule.area).unwrap_or_default();
    let before = areas[place].value().unwrap_or_default();
    areas[place] = add_up(of_area(evidence, &grades, rule.area));
    let after = areas[place].value().unwrap_or_default();
    let whole = |areas| overall::exact(evidence.profile, areas).map_or(0, |whole| whole.value);
    let area_points = hundredths(after.saturating_sub(before));
    let points = hundredths(whole(&areas).saturating_sub(whole(&sums.areas)));
    let gain = Gain {
        rule: rule.rule,
        area: rule.area,
        severity: open.worst().unwrap_or(rule.severity),
        blocker: evidence.blockers.iter().any(|blocker| blocker.rule == rule.rule),
        fix: rule.fix,
        sites: open.total(),
        fixable: rule.fixable.min(open.total()),
        first: rule.first.clone(),
        area_points: as_points(area_points),
        points: as_points(points),
        minutes: minutes(rule, open.total()),
    };
    (points, area_points, gain)
}

/// What a fix mends takes a minute to read; something about the whole project half an hour; the rest a few minutes
/// a site, more where several files must agree.
fn minutes(rule: &RuleEvidence, open: u32) -> u32 {
    let fixable = rule.fixable.min(open);
    let by_hand = open - fixable;
    if fixable == 0 && grade::judged(rule) == 1 {
        return 30;
    }
    let each = match (rule.area, rule.severity) {
        (Area::Design | Area::Testing, _) => 15,
        (_, Severity::Error) => 10,
        (_, Severity::Warning) => 5,
        (_, Severity::Info) => 3,
    };
    by_hand.saturating_mul(each).saturating_add(fixable).min(MOST_MINUTES)
}

/// Differences are told with two digits.
const fn hundredths(value: u128) -> u128 {
    value * 100 / ONE
}

fn as_points(hundredths: u128) -> f64 {
    f64::from(hundredths as u32) / 100.0
}
