//! The file of floors: the best score of each area, below which it may fall by two points. Floors rise by themselves and fall
//! only where somebody says why. Knows a file, no rule.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::Area;
use roadworthy_verdict::{AreaState, Reason, Verdict};
use serde::{Deserialize, Serialize};

use super::demand::floors_file;
use crate::args::{ColorChoice, ReportArguments};
use crate::error::Error;
use crate::plan::Plan;
use crate::terminal::{Kind, say};

/// The only version of the file.
const VERSION: u32 = 1;

/// The floors that hold, and the file that keeps them.
pub(super) struct Floors {
    shown: Utf8PathBuf,
    path: Utf8PathBuf,
    kept: Kept,
}

/// What the file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    version: u32,
    /// The rule set of the scores: with another one they begin anew.
    rule_set: String,
    /// By component and area.
    floors: BTreeMap<String, BTreeMap<Area, u32>>,
    /// What was let down, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lowered: Vec<Lowered>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lowered {
    component: String,
    area: Area,
    from: u32,
    to: u32,
    reason: String,
}

/// The floors that the arguments or the configuration name.
///
/// # Errors
/// When the file cannot be read, or is none of floors.
pub(super) fn open(
    arguments: &ReportArguments,
    plan: &Plan,
    working_directory: &Utf8Path,
) -> Result<Option<Floors>, Error> {
    let named = arguments.floors.clone().or_else(|| floors_file(plan, working_directory));
    let Some(shown) = named else {
        return match arguments.lower_floors {
            None => Ok(None),
            Some(_) => Err(Error::Usage(
                "--lower-floors: there are no floors; name their file by --floors, or by `floors` in `[gate]`".to_owned(),
            )),
        };
    };
    let path = working_directory.join(&shown);
    let version = plan.catalog.version();
    let empty = Kept {
        version: VERSION,
        rule_set: version.to_owned(),
        floors: BTreeMap::new(),
        lowered: Vec::new(),
    };
    let kept = match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| {
            Error::Usage(format!(
                "{shown}:{}:{}: this is no file of floors; name another, or remove it to begin anew",
                error.line(),
                error.column()
            ))
        })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => empty.clone(),
        Err(error) => {
            return Err(Error::Usage(format!(
                "{shown} cannot be read ({}); name another file of floors",
                error.kind()
            )));
        }
    };
    if kept.version != VERSION {
        return Err(Error::Usage(format!(
            "{shown}: floors of version {} are those of another roadworthy; remove the file to begin anew",
            kept.version
        )));
    }
    // What other rules gave cannot be compared.
    let kept = if kept.rule_set == version { kept } else { empty };
    Ok(Some(Floors { shown, path, kept }))
}

impl Floors {
    /// The floors of all areas.
    pub(super) fn all(&self) -> Vec<(String, Area, u32)> {
        let of = |(component, areas): (&String, &BTreeMap<Area, u32>)| {
            let component = component.clone();
            areas
                .iter()
                .map(move |(area, floor)| (component.clone(), *area, *floor))
                .collect::<Vec<_>>()
        };
        self.kept.floors.iter().flat_map(of).collect()
    }

    /// Raises what has risen, lowers what somebody lets fall, and writes the file where that changes it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn keep(
        mut self,
        arguments: &ReportArguments,
        verdict: &Verdict,
        color: ColorChoice,
    ) -> Result<(), Error> {
        let before = self.kept.clone();
        for component in &verdict.components {
            for area in &component.areas {
                let AreaState::Assessed { score, .. } = &area.state else { continue };
                let floors = self.kept.floors.entry(component.path.clone()).or_default();
                let floor = floors.entry(area.area).or_insert(score.value);
                match &arguments.lower_floors {
                    Some(reason) if score.value < *floor => {
                        self.kept.lowered.push(Lowered {
                            component: component.path.clone(),
                            area: area.area,
                            from: *floor,
                            to: score.value,
                            reason: reason.clone(),
                        });
                        *floor = score.value;
                    }
                    _ => *floor = (*floor).max(score.value),
                }
            }
        }
        for lowered in &self.kept.lowered {
            let sentence = format!(
                "the floor of {} in {} was let down from {} to {}: {}",
                lowered.area.name(),
                lowered.component,
                lowered.from,
                lowered.to,
                roadworthy_report::clean(&roadworthy_report::redacted(&lowered.reason)),
            );
            say(color, Kind::Note, &sentence);
        }
        let failing = verdict.gate.reasons.iter().any(|it| matches!(it, Reason::Floor { .. }));
        if failing && arguments.lower_floors.is_none() {
            let sentence = format!(
                "an area fell below its floor in {}; mend it, or let the floor down by `--lower-floors REASON`",
                self.shown
            );
            say(color, Kind::Note, &sentence);
        }
        if self.kept == before && self.path.exists() {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(&self.kept).map_err(|error| {
            Error::System(format!("{} cannot be written ({error}); name another file", self.shown))
        })?;
        let write = || -> std::io::Result<()> {
            let folder = self.path.parent().unwrap_or(Utf8Path::new("."));
            let mut file = tempfile::Builder::new().prefix(".roadworthy-").tempfile_in(folder)?;
            std::io::Write::write_all(&mut file, format!("{text}\n").as_bytes())?;
            file.persist(&self.path)?;
            Ok(())
        };
        write().map_err(|error| {
            Error::System(format!(
                "{} cannot be written ({}); name another file of floors",
                self.shown,
                error.kind()
            ))
        })
    }
}
