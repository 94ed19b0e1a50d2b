//! Numbers and states in words, the same in every format. What comes from outside is in them as it is: each format cleans
//! it. Backticks set off names.

use roadworthy_engine::Area;
use roadworthy_verdict::{
    AreaScore, AreaState, ComponentVerdict, Gain, GradeState, Level, Place, Reason, RuleGrade,
    Score, Suppression,
};

use super::{AsideKind, VerdictReport};
use crate::summary::counted;

/// What the overall score is made of: the share of the mean, the rest being that of the lowest area.
const MEAN_SHARE: f64 = 0.5;
/// The names of rules and files set aside that are told at once.
const MOST_NAMES: usize = 3;
/// The new suppressions that are told one by one.
const MOST_SUPPRESSIONS: usize = 10;

pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::NotRoadworthy => "not roadworthy",
        Level::Drivable => "drivable",
        Level::Roadworthy => "roadworthy",
        Level::RaceReady => "race-ready",
    }
}

/// The level of a component, or why it has none.
pub(super) fn level_of(component: &ComponentVerdict) -> &'static str {
    component.level.map_or("not assessed", level)
}

/// Both numbers.
pub(super) fn score(score: Score) -> String {
    format!("{} ({} if no suppression is believed)", score.value, score.unbelieved)
}

/// A word for an area, where there is little room.
pub(super) const fn short(area: Area) -> &'static str {
    match area {
        Area::Code => "Code",
        Area::Design => "Design",
        Area::Data => "Data",
        Area::Api => "API",
        Area::Cloud => "Cloud",
        Area::Ai => "AI",
        Area::Testing => "Testing",
        Area::Automation => "DevOps",
        Area::Collaboration => "Teamwork",
    }
}

/// The number of an area, if it has one.
pub(super) fn value(area: &AreaScore) -> Option<u32> {
    match &area.state {
        AreaState::Assessed { score, .. } => Some(score.value),
        AreaState::NotApplicable | AreaState::NotAssessed { .. } => None,
    }
}

/// What there is to say about the number of an area, or why there is none.
pub(super) fn notes(area: &AreaScore) -> Vec<String> {
    match &area.state {
        AreaState::NotApplicable => vec!["not applicable".to_owned()],
        AreaState::NotAssessed { reason } => vec![format!("not assessed: {reason}")],
        AreaState::Assessed { score, uncapped, cap } => {
            let mut notes = Vec::new();
            if let Some(cap) = cap.as_ref().filter(|_| *uncapped > score.value) {
                let first = cap.rules.first().copied().unwrap_or("an error");
                let more = match cap.rules.len().saturating_sub(1) {
                    0 => String::new(),
                    others => format!(" and {others} more"),
                };
                notes.push(format!("uncapped {uncapped}: errors of `{first}`{more} are open"));
            }
            if !area.counts && area.weight > 0 {
                notes.push("does not count, as it would only lift the whole".to_owned());
            }
            if score.unbelieved < score.value {
                notes.push(format!("{} if no suppression is believed", score.unbelieved));
            }
            notes
        }
    }
}

/// What stands in the way of the next level.
pub(super) fn in_the_way(component: &ComponentVerdict) -> String {
    match (&component.in_the_way, component.level) {
        (Some(way), _) => way.clone(),
        (None, Some(_)) => "nothing stands in the way".to_owned(),
        (None, None) => "no area could be assessed".to_owned(),
    }
}

/// How a component did with a rule.
pub(super) fn grade<'v>(component: &'v ComponentVerdict, rule: &str) -> Option<&'v RuleGrade> {
    component.areas.iter().flat_map(|area| &area.rules).find(|grade| grade.rule == rule)
}

/// Open sites among all: "3 of 40 calls".
pub(super) fn sites(component: &ComponentVerdict, gain: &Gain) -> String {
    match grade(component, gain.rule).filter(|grade| grade.judged >= gain.sites) {
        Some(grade) if grade.judged > 1 => {
            format!("{} of {} {}", gain.sites, grade.judged, grade.noun)
        }
        _ => counted(gain.sites as usize, "place"),
    }
}

/// A rough time.
pub(super) fn effort(minutes: u32) -> String {
    match minutes {
        0..=9 => "a few minutes".to_owned(),
        10..=90 => format!("about {} min", minutes.div_ceil(5) * 5),
        91..=480 => format!("about {} h", minutes.div_ceil(60)),
        _ => match minutes.div_ceil(480) {
            days @ ..=20 => format!("about {days} days"),
            days => format!("about {} weeks", days.div_ceil(5)),
        },
    }
}

/// What mending brings.
pub(super) fn points(component: &ComponentVerdict, gain: &Gain) -> String {
    match gain.points {
        ..0.0005 => hidden_by(component, gain).unwrap_or_else(|| "no point yet".to_owned()),
        ..0.05 => "less than +0.1 points".to_owned(),
        points => format!("+{points:.1} points"),
    }
}

/// What must be mended before mending this brings anything: the other errors that cap its area.
fn hidden_by(component: &ComponentVerdict, gain: &Gain) -> Option<String> {
    let area = component.areas.iter().find(|area| area.area == gain.area)?;
    let AreaState::Assessed { score, uncapped, cap: Some(cap) } = &area.state else { return None };
    let others: Vec<_> = cap.rules.iter().filter(|rule| **rule != gain.rule).collect();
    let first = others.first().filter(|_| *uncapped > score.value && gain.area_points < 0.0005)?;
    Some(match others.len() {
        1 => format!("no point until the error of `{first}` is mended"),
        all => format!("no point until the errors of `{first}` and {} more are mended", all - 1),
    })
}

/// Sites, effort and points of a gain.
pub(super) fn gain(component: &ComponentVerdict, gain: &Gain) -> Vec<String> {
    let mut parts = vec![sites(component, gain), effort(gain.minutes), points(component, gain)];
    if gain.fixable > 0 {
        parts.push(format!("`--fix` mends {}", gain.fixable));
    }
    parts
}

pub(super) fn place(place: &Place) -> String {
    format!("{}:{}", place.path, place.line)
}

/// How a rule ended.
pub(super) fn ended(state: &GradeState) -> String {
    match state {
        GradeState::Pass => "passes".to_owned(),
        GradeState::Fail => "fails".to_owned(),
        GradeState::NotApplicable => "has nothing to judge".to_owned(),
        GradeState::Unknown(reason) => format!("could not be judged: {reason}"),
        GradeState::Disabled => "is switched off".to_owned(),
    }
}

/// Why the gate is closed.
pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Blocker(blocker) => {
            format!("blocker `{}` is open at `{}`", blocker.rule, place(&blocker.place))
        }
        Reason::NewError(error) => {
            format!("error `{}` is new at `{}`", error.rule, place(&error.place))
        }
        Reason::Floor { component, area, score, floor } => {
            let now = match score {
                Some(score) => format!("has {score}"),
                None => "cannot be assessed any more".to_owned(),
            };
            format!("{}{} {now}, and had {floor}", of(component), area.title())
        }
        Reason::NewSuppressions { added, most } => {
            let named: Vec<String> =
                added.iter().take(MOST_SUPPRESSIONS).map(suppression).collect();
            let more = match added.len().saturating_sub(MOST_SUPPRESSIONS) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let all = counted(added.len(), "suppression");
            let are = if added.len() == 1 { "is" } else { "are" };
            format!("{all} {are} new, and {most} may be: {}{more}", named.join(", "))
        }
        Reason::NothingJudged => {
            "nothing was judged, so that nothing that is demanded can hold".to_owned()
        }
        Reason::Required { component, rule, state } => {
            format!("{}`{rule}` is required and {}", of(component), ended(state))
        }
        Reason::Level { component, level: has, demanded, in_the_way } => {
            let has = has.map_or("not assessed", level);
            let way = in_the_way.as_ref().map(|way| format!(": {way}")).unwrap_or_default();
            let demanded = level(*demanded);
            format!("{}level {demanded} is demanded, and it is {has}{way}", of(component))
        }
    }
}

fn suppression(it: &Suppression) -> String {
    match (&it.path, it.line) {
        (Some(path), Some(line)) => format!("`{}` at `{path}:{line}`", it.rule),
        (Some(path), None) => format!("`{}` in `{path}`", it.rule),
        (None, _) => format!("`{}` switched off", it.rule),
    }
}

/// The component that something is said of, unless it is the whole.
fn of(component: &str) -> String {
    if component == "." { String::new() } else { format!("`{component}`: ") }
}

/// How many findings of each kind are set aside: "2 rules switched off, 31 findings accepted".
pub(super) fn set_aside(report: &VerdictReport<'_>) -> Vec<String> {
    let kinds = [
        (AsideKind::Disabled, "rule", "switched off"),
        (AsideKind::Excluded, "file", "left out"),
        (AsideKind::Disputed, "finding", "called wrong"),
        (AsideKind::Accepted, "finding", "accepted by comments"),
        (AsideKind::Baselined, "finding", "known to the baseline"),
    ];
    let told = kinds.into_iter().filter_map(|(kind, noun, words)| {
        let of_kind = || report.set_aside.iter().filter(|aside| aside.kind == kind);
        let names: Vec<&str> = match kind {
            AsideKind::Disabled => of_kind().filter_map(|it| it.rule.as_deref()).collect(),
            AsideKind::Excluded => of_kind().filter_map(|it| it.path.as_deref()).collect(),
            _ => Vec::new(),
        };
        let count = match kind {
            AsideKind::Disabled | AsideKind::Excluded => of_kind().count(),
            _ => of_kind().map(|aside| aside.findings.max(1) as usize).sum(),
        };
        (count > 0).then(|| format!("{} {words}{}", counted(count, noun), named(&names)))
    });
    told.collect()
}

/// A few names in parentheses.
fn named(names: &[&str]) -> String {
    let some = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`"));
    let mut some = some.collect::<Vec<_>>().join(", ");
    if names.len() > MOST_NAMES {
        some.push_str(", …");
    }
    if some.is_empty() { some } else { format!(" ({some})") }
}

/// One thing set aside: what, where and why.
pub(super) fn aside(aside: &super::SetAside) -> String {
    let mut text = aside.rule.as_ref().map(|rule| format!("`{rule}`")).unwrap_or_default();
    if let Some(path) = &aside.path {
        let line = aside.line.map(|line| format!(":{line}")).unwrap_or_default();
        let at = if text.is_empty() { "" } else { " at " };
        text = format!("{text}{at}`{path}{line}`");
    }
    if aside.findings > 1 {
        text = format!("{text}, {} findings", aside.findings);
    }
    match &aside.reason {
        Some(reason) => format!("{text}: {reason}"),
        None => format!("{text}, without a reason"),
    }
}

/// How the overall score comes about, where it does so in the way that is told.
pub(super) fn overall(component: &ComponentVerdict) -> Option<String> {
    let assessed = || {
        let counting = component.areas.iter().filter(|area| area.counts);
        counting.filter_map(|area| Some((area.weight, value(area)?)))
    };
    let weight: u32 = assessed().map(|(weight, _)| weight).sum();
    let lowest = assessed().map(|(_, value)| value).min()?;
    let sum: u32 = assessed().map(|(weight, value)| weight * value).sum();
    let mean = f64::from(sum) / f64::from(weight);
    let whole = MEAN_SHARE * mean + (1.0 - MEAN_SHARE) * f64::from(lowest);
    let value = component.score?.value;
    ((whole - f64::from(value)).abs() < 1.01).then(|| {
        format!(
            "0.5 × {mean:.1} (the mean of the areas by weight) + 0.5 × {lowest} (the lowest of them) = {value}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn efforts_are_rough() {
        let told = [0, 12, 90, 91, 480, 481, 4800, 20_000].map(effort);
        let expected = [
            "a few minutes",
            "about 15 min",
            "about 90 min",
            "about 2 h",
            "about 8 h",
            "about 2 days",
            "about 10 days",
            "about 9 weeks",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn points_that_a_cap_hides_name_it() {
        let sample = super::super::fixture::service();
        let mut component = sample.verdict.components[0].clone();
        let mut gain = component.gains[0].clone();
        let mut told = |points: f64, rules: &[&'static str]| {
            (gain.points, gain.area_points) = (points, points);
            let area = component.areas.iter_mut().find(|area| area.area == gain.area).unwrap();
            let AreaState::Assessed { score, uncapped, cap } = &mut area.state else { panic!() };
            *uncapped = score.value + 10;
            *cap = Some(roadworthy_verdict::Cap { at: score.value, rules: rules.to_vec() });
            super::points(&component, &gain)
        };
        assert_eq!(told(0.04, &["bare-except"]), "less than +0.1 points");
        assert_eq!(told(11.25, &[]), "+11.2 points");
        assert_eq!(told(0.0, &[]), "no point yet");
        let one = "no point until the error of `bare-except` is mended";
        assert_eq!(told(0.0, &["bare-except"]), one);
        let more = "no point until the errors of `bare-except` and 1 more are mended";
        assert_eq!(told(0.0, &["bare-except", "jwt-not-verified"]), more);
    }
}
