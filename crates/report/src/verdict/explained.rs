//! How a score comes about, for who does not believe it: of each area its rules, their sum, the cap and what gains most.

use std::io::{self, Write};

use roadworthy_engine::Severity;
use roadworthy_verdict::{AreaScore, AreaState, ComponentVerdict, Gain, GradeState, RuleGrade};

use super::{VerdictReport, words};
use crate::summary::{counted, levels};
use crate::wrap::wrapped;
use crate::{Styles, clean};

/// The changes that are named in each area.
const MOST_CHANGES: usize = 5;
/// The factors of an area that are written out.
const MOST_FACTORS: usize = 6;

/// Writes the sums of every component, the lowest first.
pub fn score_explained(
    out: &mut dyn Write,
    report: &VerdictReport<'_>,
    styles: Styles,
    width: usize,
) -> io::Result<()> {
    let strong = styles.strong();
    let several = report.verdict.components.len() > 1;
    for (index, component) in report.ranked().into_iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let named = if several { &component.path } else { report.title };
        let score = component.score.map_or("no score".to_owned(), words::score);
        let rules = &report.verdict.rule_set;
        let profile = component.profile.name();
        writeln!(
            out,
            "{strong}{}: {score}{strong:#} · rules {} · {profile}",
            clean(named),
            clean(rules)
        )?;
        let why = format!("judged as {profile}: {}", component.profile_reason);
        wrapped(out, ("  ", 2), &clean(&why), width)?;
        if let Some(sum) = words::overall(component) {
            wrapped(out, ("  ", 2), &sum, width)?;
        }
        for area in &component.areas {
            writeln!(out)?;
            explain(out, component, area, styles, width)?;
        }
    }
    Ok(())
}

fn explain(
    out: &mut dyn Write,
    component: &ComponentVerdict,
    area: &AreaScore,
    styles: Styles,
    width: usize,
) -> io::Result<()> {
    let strong = styles.strong();
    let title = area.area.title();
    let line = |out: &mut dyn Write, text: &str| wrapped(out, ("  ", 2), &clean(text), width);
    match &area.state {
        AreaState::NotApplicable => {
            return writeln!(out, "{strong}{title}: not applicable{strong:#}");
        }
        AreaState::NotAssessed { reason } => {
            writeln!(out, "{strong}{title}: not assessed{strong:#}")?;
            line(out, reason)?;
        }
        AreaState::Assessed { score, .. } => {
            let weight = area.weight;
            writeln!(out, "{strong}{title}: {}{strong:#}, weight {weight}", words::score(*score))?;
        }
    }
    line(out, &rules(area))?;
    if let Some(sum) = sum(area) {
        line(out, &sum)?;
    }
    for rule in area.rules.iter().filter(|rule| costs(rule)) {
        line(out, &shortfall(rule))?;
    }
    for rule in &area.rules {
        if let GradeState::Unknown(reason) = &rule.state {
            line(out, &format!("{} is unknown: {reason}", rule.rule))?;
        }
    }
    let mut gains: Vec<&Gain> =
        component.gains.iter().filter(|gain| gain.area == area.area).collect();
    gains.sort_by(|a, b| b.area_points.total_cmp(&a.area_points));
    for gain in gains.into_iter().take(MOST_CHANGES) {
        let (rule, points) = (gain.rule, gain.area_points);
        let overall = words::points(component, gain);
        line(out, &format!("mend {rule}: +{points:.1} here, overall {overall}; {}", gain.fix))?;
    }
    Ok(())
}

/// How the rules of an area ended: "30 rules judged (28 pass, 2 fail), 4 not applicable, 1 unknown".
pub(super) fn rules(area: &AreaScore) -> String {
    let count = |is: fn(&GradeState) -> bool| area.rules.iter().filter(|it| is(&it.state)).count();
    let pass = count(|state| *state == GradeState::Pass);
    let fail = count(|state| *state == GradeState::Fail);
    let judged = counted(pass + fail, "rule");
    let mut text = match pass + fail {
        0 => "no rule judged".to_owned(),
        _ => format!("{judged} judged ({pass} pass, {fail} fail)"),
    };
    let others = [
        (count(|state| *state == GradeState::NotApplicable), "not applicable"),
        (count(|state| matches!(state, GradeState::Unknown(_))), "unknown"),
        (count(|state| *state == GradeState::Disabled), "switched off"),
    ];
    for (count, words) in others.into_iter().filter(|(count, _)| *count > 0) {
        text = format!("{text}, {count} {words}");
    }
    text
}

/// The sum of an area and its cap; `None` where it has no number.
pub(super) fn sum(area: &AreaScore) -> Option<String> {
    let AreaState::Assessed { score, uncapped, cap } = &area.state else { return None };
    let costing: Vec<&RuleGrade> = area.rules.iter().filter(|rule| costs(rule)).collect();
    let left: Vec<String> = costing.iter().map(|rule| format!("{:.2}", 1.0 - rule.takes)).collect();
    let left = left.join(" × ");
    let mut text = match costing.len() {
        0 => "no rule takes anything from the 100".to_owned(),
        1..=MOST_FACTORS => {
            format!("what the rules leave of it: 100 × {left}, which is {uncapped}")
        }
        some => format!("{some} rules take their shares of 100, one after the other: {uncapped}"),
    };
    if let Some(cap) = cap {
        let rules = cap.rules.join(", ");
        let held = if score.value < *uncapped { "capped" } else { "no more than" };
        text = format!("{text}; {held} at {}, as errors of {rules} are open", cap.at);
    }
    Some(text)
}

/// Whether a rule takes something from its area.
pub(super) fn costs(rule: &RuleGrade) -> bool {
    rule.takes > 0.0
}

/// What a rule takes from its area, and why.
fn shortfall(rule: &RuleGrade) -> String {
    let (name, grade, percent, sites) = (rule.rule, rule.grade, 100.0 * rule.takes, tally(rule));
    let level = rule.severity;
    format!("{name} ({level}) takes {percent:.1} %: grade {grade:.2}; {sites}")
}

/// The sites of a rule: "3 of 40 calls open (1 error, 2 warnings), 1 accepted", with the levels where they are not the
/// rule's own.
pub(super) fn tally(rule: &RuleGrade) -> String {
    let mut text = format!("{} of {} {} open", rule.open, rule.judged, rule.noun);
    let open = rule.open_levels;
    if open.at(rule.severity) < rule.open {
        let by_level = [Severity::Error, Severity::Warning, Severity::Info]
            .map(|it| (it, open.at(it) as usize));
        text = format!("{text} ({})", levels(&by_level));
    }
    let aside =
        [(rule.accepted, "accepted"), (rule.disputed, "called wrong"), (rule.hidden, "left out")];
    for (count, words) in aside.into_iter().filter(|(count, _)| *count > 0) {
        text = format!("{text}, {count} {words}");
    }
    text
}
