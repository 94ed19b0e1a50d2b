//! What mending each rule would bring, and how long that may take. Knows no sum: it asks for them twice.

use std::cmp::Reverse;

use roadworthy_engine::{Area, Severity};

use crate::area::add_up;
use crate::component::{Sums, of_area};
use crate::gather::COMPONENTS;
use crate::grade::{self, Belief};
use crate::mean::ONE;
use crate::overall;
use crate::{Evidence, Gain, GradeState, RuleEvidence};

/// Half a day: nobody plans longer for one rule at once.
const MOST_MINUTES: u32 = 240;

/// What mending each failed rule would bring: blockers first, then what gains most.
pub(crate) fn gains(evidence: &Evidence, sums: &Sums) -> Vec<Gain> {
    let rules = evidence.rules.iter().enumerate();
    let failed = rules.filter(|(index, _)| sums.grades[*index].state == GradeState::Fail);
    let mut gains: Vec<(Gained, Gain)> =
        failed.map(|(index, rule)| gain(evidence, sums, index, rule)).collect();
    gains.sort_by_cached_key(|(gained, gain)| {
        (Reverse(gain.blocker), Reverse(*gained), Reverse(gain.severity), gain.rule)
    });
    gains.into_iter().map(|(_, gain)| gain).collect()
}

/// What is gained, in hundredths of points. Where caps and lower areas hide it, what the area would gain without a cap
/// decides, times its weight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Gained {
    whole: u32,
    uncapped: u32,
}

fn gain(evidence: &Evidence, sums: &Sums, index: usize, rule: &RuleEvidence) -> (Gained, Gain) {
    let open = sums.grades[index].open;
    let mut grades = sums.grades.clone();
    grades[index] = grade::grade(&grade::mended(rule), Belief::Given);
    let after = add_up(of_area(evidence, &grades, rule.area));
    let place = Area::ALL.into_iter().position(|area| area == rule.area).unwrap_or_default();
    let mut areas = sums.areas.clone();
    let before = std::mem::replace(&mut areas[place], after);
    let whole = |areas| overall::exact(evidence.profile, areas).map(|whole| whole.value);
    let gained = Gained {
        whole: hundredths(whole(&sums.areas), whole(&areas)),
        uncapped: hundredths(before.uncapped, after.uncapped) * evidence.profile.weight(rule.area),
    };
    let gain = Gain {
        rule: rule.rule,
        area: rule.area,
        severity: open.worst().unwrap_or(rule.severity),
        blocker: evidence.blockers.iter().any(|blocker| blocker.rule == rule.rule),
        fix: rule.fix,
        sites: open.total(),
        fixable: rule.fixable.min(open.total()),
        first: rule.first.clone(),
        area_points: f64::from(hundredths(before.value(), after.value())) / 100.0,
        points: f64::from(gained.whole) / 100.0,
        minutes: minutes(rule, open.total()),
    };
    (gained, gain)
}

/// A difference with two digits; mending makes no number come or go.
fn hundredths(before: Option<u128>, after: Option<u128>) -> u32 {
    let difference = after.unwrap_or_default().saturating_sub(before.unwrap_or_default());
    (difference * 100 / ONE) as u32
}

/// What a fix mends takes a minute to read; something about a whole component half an hour; the rest a few minutes
/// a site, more where several files must agree.
fn minutes(rule: &RuleEvidence, open: u32) -> u32 {
    let fixable = rule.fixable.min(open);
    let by_hand = open - fixable;
    if fixable == 0 && rule.noun == COMPONENTS {
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
