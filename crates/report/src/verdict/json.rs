//! The verdict for programs, and the schema of that. Holds no source text; credentials in names and paths are replaced.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use roadworthy_engine::{Area, Severity};
use roadworthy_verdict::{
    AreaScore, AreaState, Cap, ComponentVerdict, Gain, GradeState, Level, Place, Profile, Reason,
    RuleGrade, Score, Suppression,
};
use serde::Serialize;

use super::{AsideKind, VerdictReport, earlier, words};
use crate::json::write;
use crate::redacted;
use crate::summary::Summary;

/// Rises when a field changes its meaning or goes; new fields do not raise it.
pub(super) const VERSION: u32 = 1;

/// The JSON schema (draft 7) of the report.
pub const VERDICT_SCHEMA: &str = include_str!("schema.json");

type Text<'r> = Cow<'r, str>;

#[derive(Serialize)]
struct JsonReport<'r> {
    version: u32,
    title: Text<'r>,
    rule_set: Text<'r>,
    as_of: Option<Text<'r>>,
    commit: Option<Text<'r>>,
    score: Option<Score>,
    level: Option<Level>,
    gate: JsonGate<'r>,
    components: Vec<JsonComponent<'r>>,
    lowest: Option<usize>,
    set_aside: Vec<JsonAside<'r>>,
    findings: JsonFindings<'r>,
}

#[derive(Serialize)]
struct JsonGate<'r> {
    open: bool,
    reasons: Vec<JsonReason<'r>>,
}

/// One flat object for all reasons: what does not belong to one is not there.
#[derive(Serialize)]
struct JsonReason<'r> {
    because: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<Text<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<Text<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<Text<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<Area>,
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    demanded: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<Vec<JsonSuppression<'r>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<usize>,
    sentence: Text<'r>,
}

#[derive(Serialize)]
struct JsonSuppression<'r> {
    rule: Text<'r>,
    path: Option<Text<'r>>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct JsonComponent<'r> {
    path: Text<'r>,
    name: Text<'r>,
    profile: Profile,
    profile_reason: Text<'r>,
    files: u32,
    score: Option<Score>,
    level: Option<Level>,
    in_the_way: Option<Text<'r>>,
    blockers: Vec<JsonPlaced<'r>>,
    areas: Vec<JsonArea<'r>>,
    gains: Vec<JsonGain<'r>>,
    not_assessed: Vec<JsonUnknown<'r>>,
}

#[derive(Serialize)]
struct JsonPlaced<'r> {
    rule: &'r str,
    #[serde(flatten)]
    place: JsonPlace<'r>,
}

#[derive(Serialize)]
struct JsonPlace<'r> {
    path: Text<'r>,
    line: u32,
}

#[derive(Serialize)]
struct JsonArea<'r> {
    area: Area,
    weight: u32,
    counts: bool,
    state: &'static str,
    reason: Option<Text<'r>>,
    score: Option<Score>,
    uncapped: Option<u32>,
    cap: Option<&'r Cap>,
    rules: Vec<JsonGrade<'r>>,
}

#[derive(Serialize)]
struct JsonGrade<'r> {
    rule: &'r str,
    severity: Severity,
    weight: u32,
    state: &'static str,
    reason: Option<Text<'r>>,
    grade: f64,
    takes: f64,
    counts: bool,
    noun: &'r str,
    judged: u32,
    open: u32,
    accepted: u32,
    disputed: u32,
    hidden: u32,
}

#[derive(Serialize)]
struct JsonGain<'r> {
    rule: &'r str,
    area: Area,
    severity: Severity,
    blocker: bool,
    fix: &'r str,
    sites: u32,
    fixable: u32,
    first: Option<JsonPlace<'r>>,
    area_points: f64,
    points: f64,
    minutes: u32,
}

#[derive(Serialize)]
struct JsonUnknown<'r> {
    what: Text<'r>,
    reason: Text<'r>,
}

#[derive(Serialize)]
struct JsonAside<'r> {
    kind: AsideKind,
    rule: Option<Text<'r>>,
    path: Option<Text<'r>>,
    line: Option<u32>,
    text: Option<String>,
    reason: Option<Text<'r>>,
    findings: u32,
}

#[derive(Serialize)]
struct JsonFindings<'r> {
    by_severity: BTreeMap<&'r str, usize>,
    by_rule: BTreeMap<String, u32>,
}

/// Writes the verdict with all that its numbers come from.
pub fn verdict_json(out: &mut dyn Write, report: &VerdictReport<'_>) -> io::Result<()> {
    let verdict = report.verdict;
    let lead = report.lead();
    let aside = report.set_aside.iter().map(|aside| JsonAside {
        kind: aside.kind,
        rule: aside.rule.as_deref().map(redacted),
        path: aside.path.as_deref().map(redacted),
        line: aside.line,
        text: aside.text.map(|text| format!("{text:016x}")),
        reason: aside.reason.as_deref().map(redacted),
        findings: aside.findings,
    });
    let summary = Summary::of_findings(&report.findings.iter());
    let by_severity = summary.by_severity.iter().map(|(level, count)| (level.name(), *count));
    let json = JsonReport {
        version: VERSION,
        title: redacted(report.title),
        rule_set: redacted(&verdict.rule_set),
        as_of: report.as_of.map(redacted),
        commit: report.commit.map(redacted),
        score: lead.and_then(|lead| lead.score),
        level: lead.and_then(|lead| lead.level),
        gate: JsonGate {
            open: verdict.gate.reasons.is_empty(),
            reasons: verdict.gate.reasons.iter().map(reason).collect(),
        },
        components: verdict.components.iter().map(component).collect(),
        lowest: verdict.lowest,
        set_aside: aside.collect(),
        findings: JsonFindings {
            by_severity: by_severity.collect(),
            by_rule: earlier::by_rule(report),
        },
    };
    write(out, &json)
}

fn component(component: &ComponentVerdict) -> JsonComponent<'_> {
    JsonComponent {
        path: redacted(&component.path),
        name: redacted(&component.name),
        profile: component.profile,
        profile_reason: redacted(&component.profile_reason),
        files: component.files,
        score: component.score,
        level: component.level,
        in_the_way: component.in_the_way.as_deref().map(redacted),
        blockers: component
            .blockers
            .iter()
            .map(|it| JsonPlaced { rule: it.rule, place: place(&it.place) })
            .collect(),
        areas: component.areas.iter().map(area).collect(),
        gains: component.gains.iter().map(gain).collect(),
        not_assessed: component
            .not_assessed
            .iter()
            .map(|it| JsonUnknown { what: redacted(&it.what), reason: redacted(&it.reason) })
            .collect(),
    }
}

fn area(area: &AreaScore) -> JsonArea<'_> {
    let (state, reason, number) = match &area.state {
        AreaState::Assessed { score, uncapped, cap } => {
            ("assessed", None, Some((*score, *uncapped, cap.as_ref())))
        }
        AreaState::NotApplicable => ("not-applicable", None, None),
        AreaState::NotAssessed { reason } => ("not-assessed", Some(redacted(reason)), None),
    };
    JsonArea {
        area: area.area,
        weight: area.weight,
        counts: area.counts,
        state,
        reason,
        score: number.map(|it| it.0),
        uncapped: number.map(|it| it.1),
        cap: number.and_then(|it| it.2),
        rules: area.rules.iter().map(grade).collect(),
    }
}

fn grade(grade: &RuleGrade) -> JsonGrade<'_> {
    let (state, reason) = match &grade.state {
        GradeState::Pass => ("pass", None),
        GradeState::Fail => ("fail", None),
        GradeState::NotApplicable => ("not-applicable", None),
        GradeState::Unknown(reason) => ("unknown", Some(redacted(reason))),
        GradeState::Disabled => ("disabled", None),
    };
    JsonGrade {
        rule: grade.rule,
        severity: grade.severity,
        weight: grade.weight,
        state,
        reason,
        grade: rounded(grade.grade),
        takes: rounded(grade.takes),
        counts: grade.counts,
        noun: grade.noun,
        judged: grade.judged,
        open: grade.open,
        accepted: grade.accepted,
        disputed: grade.disputed,
        hidden: grade.hidden,
    }
}

fn gain(gain: &Gain) -> JsonGain<'_> {
    JsonGain {
        rule: gain.rule,
        area: gain.area,
        severity: gain.severity,
        blocker: gain.blocker,
        fix: gain.fix,
        sites: gain.sites,
        fixable: gain.fixable,
        first: gain.first.as_ref().map(place),
        area_points: rounded(gain.area_points),
        points: rounded(gain.points),
        minutes: gain.minutes,
    }
}

fn place(place: &Place) -> JsonPlace<'_> {
    JsonPlace { path: redacted(&place.path), line: place.line }
}

fn reason(reason: &Reason) -> JsonReason<'_> {
    let sentence = Cow::Owned(redacted(&words::reason(reason)).into_owned());
    let mut json = JsonReason {
        because: "",
        component: None,
        rule: None,
        path: None,
        line: None,
        area: None,
        floor: None,
        demanded: None,
        added: None,
        most: None,
        sentence,
    };
    match reason {
        Reason::Blocker(it) => {
            json.because = "blocker";
            (json.rule, json.path) = (Some(it.rule.into()), Some(redacted(&it.place.path)));
            json.line = Some(it.place.line);
        }
        Reason::NewError(it) => {
            json.because = "new-error";
            (json.rule, json.path) = (Some(it.rule.into()), Some(redacted(&it.place.path)));
            json.line = Some(it.place.line);
        }
        Reason::Floor { component, area, floor, .. } => {
            json.because = "floor";
            (json.area, json.floor) = (Some(*area), Some(*floor));
            json.component = Some(redacted(component));
        }
        Reason::NewSuppressions { added, most } => {
            json.because = "new-suppressions";
            (json.added, json.most) = (Some(added.iter().map(suppression).collect()), Some(*most));
        }
        Reason::NothingJudged => json.because = "nothing-judged",
        Reason::Required { component, rule, .. } => {
            json.because = "required";
            (json.component, json.rule) = (Some(redacted(component)), Some(redacted(rule)));
        }
        Reason::Level { component, demanded, .. } => {
            json.because = "level";
            (json.component, json.demanded) = (Some(redacted(component)), Some(*demanded));
        }
    }
    json
}

fn suppression(it: &Suppression) -> JsonSuppression<'_> {
    let path = it.path.as_deref().map(redacted);
    JsonSuppression { rule: redacted(&it.rule), path, line: it.line }
}

/// No more digits than mean something.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
