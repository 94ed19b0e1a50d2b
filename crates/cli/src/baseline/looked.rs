//! What a run looked at: a part of a project says nothing of the rest. Knows paths and rules, no finding.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Baseline, Catalog, Check, Outcome, Reach, RuleSet};
use rustc_hash::FxHashMap;

use super::file::BaselineFile;
use super::sightings::Places;
use crate::args::CheckArguments;
use crate::plan::Plan;

/// The files that a run looked at, and those that are gone, by their paths in the baseline.
pub(super) struct Looked<'r> {
    catalog: &'r Catalog,
    /// The files that were judged, with the rules where the command line chose them.
    judged: FxHashMap<&'r str, Option<RuleSet>>,
    gone: BTreeSet<&'r str>,
    /// The rules of what is gone, where the command line chose them.
    rules: Option<RuleSet>,
    /// The folders and files that were given.
    given: Vec<Utf8PathBuf>,
    file: &'r BaselineFile,
}

impl<'r> Looked<'r> {
    pub(super) fn new(
        (file, baseline): (&'r BaselineFile, &'r Baseline),
        outcome: &Outcome,
        plan: &'r Plan,
        arguments: &CheckArguments,
        places: &'r Places<'_>,
        working_directory: &Utf8Path,
    ) -> Self {
        // What the configuration leaves out is no part of the project any more, and its entries are gone for good.
        let chosen = arguments.select.is_some() || !arguments.ignore.is_empty();
        let judged = outcome.files.iter().filter(|file| file.role.is_some());
        let judged: FxHashMap<&str, Option<RuleSet>> = judged
            .filter_map(|summary| places.of(&summary.path))
            .map(|(file, path)| {
                let settings = &plan.settings[plan.settings_of(file)];
                (path, chosen.then(|| settings.rules_for(&file.path)))
            })
            .collect();
        // Of a name that holds a credential the baseline does not know the whole.
        let exists = |path: &str| {
            path.contains("[redacted]") || file.absolute(path).symlink_metadata().is_ok()
        };
        let gone =
            baseline.paths().filter(|path| !judged.contains_key(path) && !exists(path)).collect();
        let given = arguments.paths.iter().map(|path| working_directory.join(path));
        let mut given: Vec<_> = given.filter_map(|path| path.canonicalize_utf8().ok()).collect();
        if arguments.paths.is_empty() {
            given.push(working_directory.to_owned());
        }
        let rules = chosen.then(|| plan.main_settings().rules.clone());
        Self { catalog: &plan.catalog, judged, gone, rules, given, file }
    }

    /// What can be said of the entries of a path and a rule.
    pub(super) fn reach(&self, path: &str, rule: &str) -> Reach {
        if let Some(rules) = self.judged.get(path) {
            return if self.ran(rules.as_ref(), rule) { Reach::Judged } else { Reach::Unjudged };
        }
        if !self.gone.contains(path) {
            return Reach::Unjudged;
        }
        let place = self.file.absolute(path);
        let searched = self.given.iter().any(|given| place.starts_with(given));
        Reach::Gone { searched: searched && self.ran(self.rules.as_ref(), rule) }
    }

    /// Whether a rule ran. The engine's own say what others did, so that they know only a part where others are left
    /// out.
    fn ran(&self, chosen: Option<&RuleSet>, rule: &str) -> bool {
        let Some(chosen) = chosen else { return true };
        self.catalog.id(rule).is_some_and(|id| {
            chosen.contains(id) && !matches!(self.catalog.rule(id).check, Check::Engine)
        })
    }
}
