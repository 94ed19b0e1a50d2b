//! What the gate demands besides: from arguments and configuration. Knows words, no verdict.

use camino::Utf8Path;
use roadworthy_engine::{Catalog, Selection};
use roadworthy_verdict::{Demand, Level};

use super::floors::Floors;
use super::suppressions;
use crate::args::{DemandedLevel, ReportArguments};
use crate::config::Value;
use crate::config::keys;
use crate::error::Error;
use crate::plan::{Plan, named_file};

/// Why such a rule cannot be demanded.
const PREVIEW: &str = "is in preview and counts in no score; demand another";

/// The demands that hold: of a level, what the arguments say; of rules, what both say.
///
/// # Errors
/// When a rule is named that does not exist.
pub(super) fn demand(
    arguments: &ReportArguments,
    plan: &Plan,
    catalog: &Catalog,
    floors: Option<&Floors>,
) -> Result<Demand, Error> {
    let entry = |key| entry(plan, key);
    let in_preview = |name: &str| plan.catalog.get(name).is_some_and(|rule| rule.preview);
    let mut require = Vec::new();
    for name in &arguments.require {
        let name = name.trim();
        if plan.catalog.get(name).is_none() {
            let unknown = Selection::all_named(catalog, &[name.to_owned()]).err();
            return Err(match unknown {
                Some(unknown) => Error::UnknownRule { origin: "--require", unknown },
                None => Error::Usage(format!(
                    "--require: `{name}` is not one rule but several; `roadworthy rules` lists them"
                )),
            });
        }
        if in_preview(name) {
            return Err(Error::Usage(format!("--require: `{name}` {PREVIEW}")));
        }
        require.push(name.to_owned());
    }
    for name in entry(&keys::GATE_REQUIRE).map(Value::list).unwrap_or_default() {
        if plan.catalog.get(&name.text).is_none() {
            let unknown = Selection::all_named(catalog, std::slice::from_ref(&name.text)).err();
            let told = unknown.map_or_else(
                || "this is not one rule but several; `roadworthy rules` lists them".to_owned(),
                |unknown| unknown.to_string(),
            );
            return Err(name.error(told).into());
        }
        if in_preview(&name.text) {
            return Err(name.error(format!("`{}` {PREVIEW}", name.text)).into());
        }
        require.push(name.text.clone());
    }
    require.sort_unstable();
    require.dedup();
    let configured = entry(&keys::GATE_LEVEL).and_then(Value::text).and_then(level);
    let level = arguments.level.map(|demanded| match demanded {
        DemandedLevel::Drivable => Level::Drivable,
        DemandedLevel::Roadworthy => Level::Roadworthy,
        DemandedLevel::RaceReady => Level::RaceReady,
    });
    let floors = floors.map(Floors::all).unwrap_or_default();
    Ok(Demand { level: level.or(configured), require, floors })
}

/// How many suppressions a change may add.
pub(super) fn most_suppressions(plan: &Plan) -> usize {
    entry(plan, &keys::GATE_NEW_SUPPRESSIONS).and_then(Value::number).unwrap_or(suppressions::MOST)
}

/// What the configuration says of the gate.
fn entry<'p>(plan: &'p Plan, key: &keys::Key) -> Option<&'p Value> {
    let entries = plan.configs[plan.main].settings.get(&keys::GATE)?.table();
    entries.iter().find(|(name, _)| name.text == key.name).map(|(_, value)| value)
}

fn level(word: &str) -> Option<Level> {
    match word {
        "drivable" => Some(Level::Drivable),
        "roadworthy" => Some(Level::Roadworthy),
        "race-ready" => Some(Level::RaceReady),
        _ => None,
    }
}

/// The file of floors that is configured, relative to the working directory or absolute.
pub(super) fn floors_file(
    plan: &Plan,
    working_directory: &Utf8Path,
) -> Option<camino::Utf8PathBuf> {
    named_file(entry(plan, &keys::GATE_FLOORS)?, working_directory)
}
