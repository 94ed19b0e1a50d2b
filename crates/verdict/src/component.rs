//! One component: its rules graded, its areas added up, and all that is told of them. Knows no other component.

use roadworthy_engine::Area;

use crate::area::{AreaSum, add_up, floor};
use crate::grade::{self, Belief, Grade};
use crate::overall::{self, Whole};
use crate::{AreaScore, AreaState, Cap, Evidence, RuleEvidence, Score};

/// The sums of a component, with suppressions believed or not.
pub(crate) struct Sums {
    /// One for each rule of the evidence.
    pub(crate) grades: Vec<Grade>,
    /// The nine areas, in their order.
    pub(crate) areas: Vec<AreaSum>,
    /// The whole; `None` where no area could be assessed.
    pub(crate) whole: Option<Whole>,
}

/// Adds up a component.
pub(crate) fn sums(evidence: &Evidence, belief: Belief) -> Sums {
    let grades: Vec<Grade> = evidence.rules.iter().map(|rule| grade::grade(rule, belief)).collect();
    let areas: Vec<AreaSum> =
        Area::ALL.into_iter().map(|area| add_up(of_area(evidence, &grades, area))).collect();
    let whole = overall::shown(evidence.profile, &areas);
    Sums { grades, areas, whole }
}

/// Both numbers of a component.
pub(crate) fn score(believed: &Sums, withheld: &Sums) -> Option<Score> {
    let (value, unbelieved) = (believed.whole.as_ref()?, withheld.whole.as_ref()?);
    Some(Score { value: value.score(), unbelieved: unbelieved.score() })
}

/// What is told of the areas.
pub(crate) fn areas(evidence: &Evidence, believed: &Sums, withheld: &Sums) -> Vec<AreaScore> {
    let sums = believed.areas.iter().zip(&withheld.areas);
    Area::ALL
        .into_iter()
        .zip(sums)
        .enumerate()
        .map(|(index, (area, (sum, doubted)))| {
            let weight = evidence.profile.weight(area);
            let counts = believed.whole.as_ref().is_some_and(|whole| whole.counts[index]);
            let rules: Vec<(&RuleEvidence, &Grade)> =
                pairs(evidence, &believed.grades, area).collect();
            let state = if weight == 0 || !sum.applies() {
                AreaState::NotApplicable
            } else if let (Some(value), Some(unbelieved)) = (sum.score(), doubted.score()) {
                let score = Score { value, unbelieved };
                let uncapped = sum.uncapped.map_or(0, floor);
                AreaState::Assessed { score, uncapped, cap: cap(sum, &rules) }
            } else {
                AreaState::NotAssessed { reason: reason(&rules) }
            };
            let rules = rules.into_iter().map(|(rule, grade)| grade::told(rule, grade)).collect();
            AreaScore { area, weight, counts, state, rules }
        })
        .collect()
}

/// The grades of an area's rules.
pub(crate) fn of_area<'a>(
    evidence: &'a Evidence,
    grades: &'a [Grade],
    area: Area,
) -> impl Iterator<Item = &'a Grade> {
    pairs(evidence, grades, area).map(|(_, grade)| grade)
}

fn pairs<'a>(
    evidence: &'a Evidence,
    grades: &'a [Grade],
    area: Area,
) -> impl Iterator<Item = (&'a RuleEvidence, &'a Grade)> {
    evidence.rules.iter().zip(grades).filter(move |(rule, _)| rule.area == area)
}

fn cap(sum: &AreaSum, rules: &[(&RuleEvidence, &Grade)]) -> Option<Cap> {
    let failing = rules.iter().filter(|(_, grade)| grade.open.errors > 0);
    let rules: Vec<&'static str> = failing.map(|(rule, _)| rule.rule).collect();
    (!rules.is_empty()).then_some(Cap { at: sum.cap, rules })
}

/// Why an area has no number: the reason that takes most of its weight.
fn reason(rules: &[(&RuleEvidence, &Grade)]) -> String {
    let mut reasons: Vec<(&str, u32)> = Vec::new();
    for (rule, grade) in rules {
        let crate::Applies::Unknown(reason) = &rule.applies else { continue };
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, weight)) => *weight += grade.weight,
            None => reasons.push((reason, grade.weight)),
        }
    }
    let most = reasons.iter().rev().max_by_key(|(_, weight)| *weight);
    most.map_or_else(String::new, |(reason, _)| (*reason).to_owned())
}
