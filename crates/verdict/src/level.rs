//! How far a component has come, and the one thing that stands in the way of more. Knows no other component and no
//! demand: only what closes the gate for everybody.

use crate::component::Sums;
use crate::{AreaScore, AreaState, Evidence, GradeState, Level, Reason, Score};

/// What every assessed area has in a roadworthy component.
const ROADWORTHY_AREA: u32 = 60;
/// The same in a race-ready one.
const RACE_READY_AREA: u32 = 85;
/// What the whole has there.
const RACE_READY_SCORE: u32 = 90;
/// Rules that pass there, or do not apply; the first has to pass, as what nobody tests races nowhere.
const RACE_READY_RULES: [&str; 4] =
    ["no-tests", "tests-never-run-in-ci", "unlocked-application", "no-vulnerability-audit"];

/// The level, and what stands in the way of the next.
///
/// `closed` is why the gate is closed for this component, demands apart.
pub(crate) fn level(
    evidence: &Evidence,
    sums: &Sums,
    areas: &[AreaScore],
    score: Option<Score>,
    closed: Option<&Reason>,
) -> (Option<Level>, Option<String>) {
    if let Some(reason) = closed {
        return (Some(Level::NotRoadworthy), Some(sentence(reason)));
    }
    let Some(score) = score else { return (None, None) };
    if let Some(obstacle) = open_error(evidence, sums).or_else(|| weak_area(areas, ROADWORTHY_AREA))
    {
        return (Some(Level::Drivable), Some(obstacle));
    }
    let obstacle = weak_area(areas, RACE_READY_AREA)
        .or_else(|| weak_whole(areas, score))
        .or_else(|| failing_rule(areas))
        .or_else(|| unassessed_area(sums, areas));
    match obstacle {
        Some(obstacle) => (Some(Level::Roadworthy), Some(obstacle)),
        None => (Some(Level::RaceReady), None),
    }
}

/// A reason as a sentence.
pub(crate) fn sentence(reason: &Reason) -> String {
    match reason {
        Reason::Blocker(blocker) => {
            let (rule, place) = (blocker.rule, &blocker.place);
            format!("{rule} in {}:{} blocks everything else", place.path, place.line)
        }
        Reason::NewError(error) => {
            let (rule, place) = (error.rule, &error.place);
            format!("{rule} in {}:{} is a new error", place.path, place.line)
        }
        Reason::Floor { area, score: Some(score), floor, .. } => {
            format!("{} has fallen from {floor} to {score}", area.title())
        }
        Reason::Floor { area, score: None, floor, .. } => {
            format!("{} had {floor} and cannot be assessed any more", area.title())
        }
        Reason::NewSuppressions { added, most } => {
            format!("{} suppressions are new, and {most} may be", added.len())
        }
        Reason::Required { rule, .. } => format!("{rule} must pass"),
        Reason::Level { demanded, .. } => format!("the level {demanded} is demanded"),
        Reason::NothingJudged => "nothing was judged".to_owned(),
    }
}

fn open_error(evidence: &Evidence, sums: &Sums) -> Option<String> {
    let rules = evidence.rules.iter().zip(&sums.grades);
    let (rule, _) = rules.into_iter().find(|(_, grade)| grade.open.errors > 0)?;
    Some(match &rule.first {
        Some(place) => format!("{} in {}:{} is an open error", rule.rule, place.path, place.line),
        None => format!("{} is an open error", rule.rule),
    })
}

/// The weakest area that has less than `least`.
fn weak_area(areas: &[AreaScore], least: u32) -> Option<String> {
    let assessed = areas.iter().filter_map(|area| area.score().map(|score| (area, score.value)));
    let (area, score) = assessed.min_by_key(|(_, score)| *score).filter(|(_, s)| *s < least)?;
    Some(format!("{} has {score} of {least}{}", area.area.title(), cause(area)))
}

fn weak_whole(areas: &[AreaScore], score: Score) -> Option<String> {
    if score.value >= RACE_READY_SCORE {
        return None;
    }
    let assessed = areas.iter().filter_map(|area| area.score().map(|score| (area, score.value)));
    let weakest = assessed
        .min_by_key(|(_, score)| *score)
        .map(|(area, score)| format!(", and {} has {score}{}", area.area.title(), cause(area)));
    let weakest = weakest.unwrap_or_default();
    Some(format!("the whole has {} of {RACE_READY_SCORE}{weakest}", score.value))
}

/// The rule that costs an area most.
fn cause(area: &AreaScore) -> String {
    let failed = area.rules.iter().filter(|rule| rule.takes > 0.0);
    let worst = failed.reduce(|worst, rule| if rule.takes > worst.takes { rule } else { worst });
    worst.map_or_else(String::new, |rule| format!(": {} costs it most", rule.rule))
}

fn failing_rule(areas: &[AreaScore]) -> Option<String> {
    let mut rules = areas.iter().flat_map(|area| &area.rules);
    rules
        .find(|rule| {
            let passes = rule.state == GradeState::Pass;
            let fine = passes || rule.state == GradeState::NotApplicable;
            if rule.rule == RACE_READY_RULES[0] {
                // What somebody let stand shows no tests.
                return !passes || rule.judged <= rule.accepted + rule.disputed + rule.hidden;
            }
            RACE_READY_RULES.contains(&rule.rule) && !fine
        })
        .map(|rule| match &rule.state {
            GradeState::NotApplicable if rule.rule == RACE_READY_RULES[0] => {
                "no test is known".to_owned()
            }
            state => format!("{} {state}", rule.rule),
        })
}

/// An area of which too little is known: also one that has a number only because of what was found.
fn unassessed_area(sums: &Sums, areas: &[AreaScore]) -> Option<String> {
    let (area, _) = areas.iter().zip(&sums.areas).find(|(area, sum)| match area.state {
        AreaState::NotApplicable => false,
        AreaState::NotAssessed { .. } => true,
        AreaState::Assessed { .. } => !sum.is_solid(),
    })?;
    Some(match &area.state {
        AreaState::NotAssessed { reason } => {
            format!("{} could not be assessed: {reason}", area.area.title())
        }
        _ => format!("too little of {} could be assessed", area.area.title()),
    })
}
