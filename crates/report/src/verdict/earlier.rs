//! An earlier report in JSON, as far as later ones ask, and what has changed since. Reads no more than that; what it holds
//! comes from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use roadworthy_engine::Area;
use roadworthy_verdict::{Blocker, ComponentVerdict, Level, Score, Suppression};
use serde::Deserialize;

use super::json::VERSION;
use super::{AsideKind, VerdictReport, words};
use crate::redacted;

/// An earlier report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// The rules that it was judged by: numbers of others cannot be compared with it.
    pub rule_set: String,
    /// The day as of which it was judged.
    pub as_of: Option<String>,
    /// The commit that was judged.
    pub commit: Option<String>,
    /// Whether its gate was open.
    pub gate_open: bool,
    /// Its components, by path.
    pub components: Vec<EarlierComponent>,
    /// The index of the lowest of them.
    pub lowest: Option<usize>,
    /// How many findings each rule had.
    pub by_rule: BTreeMap<String, u32>,
    /// What comments or a baseline silenced.
    pub suppressions: Vec<Suppression>,
    /// The rules that the configuration switched off, and that would have found something.
    pub disabled: BTreeSet<String>,
}

/// A component of an earlier report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierComponent {
    /// Its folder.
    pub path: String,
    /// Its score.
    pub score: Option<Score>,
    /// Its level.
    pub level: Option<Level>,
    /// The scores of its areas; areas that had none are not among them.
    pub areas: BTreeMap<Area, u32>,
    /// Its blockers: the rule and the file of each.
    pub blockers: Vec<(String, String)>,
}

/// Why a file cannot be taken for an earlier report. Tells nothing of what the file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EarlierError {
    /// It is no JSON; the line and the column where that shows.
    NotJson(usize, usize),
    /// It is some other JSON.
    Other,
    /// It has another version.
    Version(u64),
    /// It lacks something that such a report has; where that shows.
    Damaged(usize, usize),
}

impl fmt::Display for EarlierError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(line, column) => {
                write!(out, "is not JSON (line {line}, column {column})")
            }
            Self::Other => write!(out, "is not a report of `roadworthy report --format json`"),
            Self::Version(version) => {
                write!(
                    out,
                    "is a report of version {version}, and only version {VERSION} can be read"
                )
            }
            Self::Damaged(line, column) => {
                write!(out, "is a damaged report (line {line}, column {column})")
            }
        }
    }
}

impl std::error::Error for EarlierError {}

#[derive(Deserialize)]
struct Head {
    version: Option<u64>,
    rule_set: Option<serde::de::IgnoredAny>,
    components: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct File {
    rule_set: String,
    as_of: Option<String>,
    commit: Option<String>,
    gate: FileGate,
    components: Vec<FileComponent>,
    lowest: Option<usize>,
    findings: FileFindings,
    set_aside: Vec<FileAside>,
}

#[derive(Deserialize)]
struct FileAside {
    kind: AsideKind,
    rule: Option<String>,
    path: Option<String>,
    line: Option<u32>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct FileGate {
    open: bool,
}

#[derive(Deserialize)]
struct FileFindings {
    by_rule: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
struct FileComponent {
    path: String,
    score: Option<FileScore>,
    level: Option<Level>,
    areas: Vec<FileArea>,
    blockers: Vec<FileBlocker>,
}

#[derive(Deserialize)]
struct FileBlocker {
    rule: String,
    path: String,
}

#[derive(Deserialize)]
struct FileScore {
    value: u32,
    unbelieved: u32,
}

impl From<FileScore> for Score {
    /// A hundred is the most, whatever a file says.
    fn from(score: FileScore) -> Self {
        Self { value: score.value.min(100), unbelieved: score.unbelieved.min(100) }
    }
}

#[derive(Deserialize)]
struct FileArea {
    area: Area,
    score: Option<FileScore>,
}

impl Earlier {
    /// Reads a report in JSON.
    pub fn from_json(text: &str) -> Result<Self, EarlierError> {
        let place = |error: &serde_json::Error| (error.line(), error.column());
        let head: Head = serde_json::from_str(text).map_err(|error| {
            let (line, column) = place(&error);
            if error.is_data() { EarlierError::Other } else { EarlierError::NotJson(line, column) }
        })?;
        if head.rule_set.is_none() || head.components.is_none() {
            return Err(EarlierError::Other);
        }
        match head.version {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => return Err(EarlierError::Version(version)),
            None => return Err(EarlierError::Other),
        }
        let file: File = serde_json::from_str(text).map_err(|error| {
            let (line, column) = place(&error);
            EarlierError::Damaged(line, column)
        })?;
        let component = |component: FileComponent| EarlierComponent {
            path: component.path,
            score: component.score.map(Score::from),
            level: component.level,
            blockers: component.blockers.into_iter().map(|it| (it.rule, it.path)).collect(),
            areas: component
                .areas
                .into_iter()
                .filter_map(|area| Some((area.area, Score::from(area.score?).value)))
                .collect(),
        };
        let disabled = file.set_aside.iter().filter(|it| it.kind == AsideKind::Disabled);
        Ok(Self {
            disabled: disabled.filter_map(|it| it.rule.clone()).collect(),
            suppressions: file.set_aside.into_iter().filter_map(suppression).collect(),
            rule_set: file.rule_set,
            as_of: file.as_of,
            commit: file.commit,
            gate_open: file.gate.open,
            components: file.components.into_iter().map(component).collect(),
            lowest: file.lowest,
            by_rule: file.findings.by_rule,
        })
    }

    /// The score of the whole: that of its lowest component.
    pub fn score(&self) -> Option<Score> {
        self.components.get(self.lowest?)?.score
    }

    /// The component of that path.
    pub(super) fn component(&self, path: &str) -> Option<&EarlierComponent> {
        self.components.iter().find(|component| component.path == path)
    }
}

/// What silences one finding.
fn suppression(aside: FileAside) -> Option<Suppression> {
    let text = aside.text.and_then(|text| u64::from_str_radix(&text, 16).ok());
    let is_one = aside.kind.is_of_findings();
    Some(Suppression { rule: aside.rule?, path: aside.path, line: aside.line, text })
        .filter(|_| is_one)
}

/// How many findings each rule has.
pub(super) fn by_rule(report: &VerdictReport<'_>) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for finding in report.findings {
        *counts.entry(finding.rule.name.to_owned()).or_insert(0) += 1;
    }
    counts
}

/// Rules of which there are more or fewer findings than before: name, before, now.
pub(super) fn changed_rules(report: &VerdictReport<'_>, base: &Earlier) -> Vec<(String, u32, u32)> {
    let now = by_rule(report);
    let names: BTreeSet<&String> = now.keys().chain(base.by_rule.keys()).collect();
    let count = |counts: &BTreeMap<String, u32>, name: &str| counts.get(name).copied().unwrap_or(0);
    let rows =
        names.into_iter().map(|name| (name.clone(), count(&base.by_rule, name), count(&now, name)));
    let mut rows: Vec<_> = rows.filter(|(_, before, now)| before != now).collect();
    // What is new first, then what is gone; the sort is stable.
    rows.sort_by_key(|(_, before, now)| i64::from(*before) - i64::from(*now));
    rows
}

/// What became of the level of a component, where it changed.
pub(super) fn changed_level(
    component: &ComponentVerdict,
    before: &EarlierComponent,
) -> Option<String> {
    if component.level == before.level {
        return None;
    }
    let was = before.level.map_or("not assessed", words::level);
    Some(format!("{was} → {}", words::level_of(component)))
}

/// The areas of a component whose number is another than before: before, now; `None` for one without.
pub(super) fn changed_areas(
    component: &ComponentVerdict,
    before: &EarlierComponent,
) -> Vec<(Area, Option<u32>, Option<u32>)> {
    let areas = component.areas.iter();
    let areas = areas.map(|it| (it.area, before.areas.get(&it.area).copied(), words::value(it)));
    areas.filter(|(_, before, now)| before != now).collect()
}

/// The blockers of a component that were none before. They are told by rule and file, as lines move.
pub(super) fn new_blockers<'c>(
    component: &'c ComponentVerdict,
    before: &EarlierComponent,
) -> Vec<&'c Blocker> {
    let mut known: Vec<(&str, &str)> =
        before.blockers.iter().map(|(rule, path)| (rule.as_str(), path.as_str())).collect();
    let is_new = |it: &&Blocker| {
        let path = redacted(&it.place.path);
        let same = known.iter().position(|known| *known == (it.rule, &*path));
        same.map(|same| known.swap_remove(same)).is_none()
    };
    component.blockers.iter().filter(is_new).collect()
}

/// A number and what it was, with the difference: "60 → 80 (+20)".
pub(super) fn from_to(before: Option<u32>, now: Option<u32>) -> String {
    let number = |it: Option<u32>| it.map_or("–".to_owned(), |it| it.to_string());
    let change = before.zip(now).map(|(before, now)| format!(" ({})", signed(before, now)));
    format!("{} → {}{}", number(before), number(now), change.unwrap_or_default())
}

/// Numbers of different rules cannot be compared.
pub(super) fn comparable(report: &VerdictReport<'_>, base: &Earlier) -> bool {
    base.rule_set == report.verdict.rule_set
}

/// A difference with its sign.
pub(super) fn signed(before: u32, now: u32) -> String {
    match i64::from(now) - i64::from(before) {
        0 => "±0".to_owned(),
        more @ 1.. => format!("+{more}"),
        less => format!("−{}", -less),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_refused_in_one_sentence() {
        let told = |text: &str| Earlier::from_json(text).unwrap_err().to_string();
        assert_eq!(told("{"), "is not JSON (line 1, column 1)");
        assert_eq!(told("[1]"), "is not a report of `roadworthy report --format json`");
        assert_eq!(
            told("{\"version\": 1, \"findings\": [], \"summary\": {}}"),
            "is not a report of `roadworthy report --format json`"
        );
        assert_eq!(
            told("{\"version\": 2, \"rule_set\": 3, \"components\": []}"),
            "is a report of version 2, and only version 1 can be read"
        );
        assert_eq!(
            told("{\"version\": 1, \"rule_set\": \"hunter2\", \"components\": [{\"path\": 4}]}"),
            "is a damaged report (line 1, column 63)"
        );
    }

    #[test]
    fn differences_have_a_sign() {
        assert_eq!([signed(1, 1), signed(2, 5), signed(5, 2)], ["±0", "+3", "−3"]);
        assert_eq!(from_to(Some(60), Some(80)), "60 → 80 (+20)");
        assert_eq!(from_to(None, Some(80)), "– → 80");
    }
}
