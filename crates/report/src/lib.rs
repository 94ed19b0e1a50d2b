//! Findings to text, JSON and tables: pure functions from data to a writer.
//!
//! This crate does not know the terminal, the arguments or the disk: whether there are colours, how
//! wide a line is and what a file holds is handed in.

mod clean;
mod concise;
mod explain;
mod files;
mod frame;
mod full;
mod history;
mod json;
mod rules;
mod styles;
mod summary;
mod table;
mod wrap;

use std::time::Duration;

use roadworthy_engine::{FileSummary, Finding, Severity};
use roadworthy_project::Problem;

pub use clean::{clean, redacted};
pub use concise::concise;
pub use explain::explain;
pub use files::{files, files_json};
pub use full::{FullOptions, ShownFile, full};
pub use history::{
    HistoryFinding, HistoryReport, history_concise, history_full, history_json, history_statistics,
};
pub use json::{json, statistics_json};
pub use rules::{rules, rules_json};
pub use styles::Styles;
pub use summary::counted;
pub use table::statistics;

/// What a run found, as the formats take it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'r> {
    /// The findings to show, by path, offset and rule.
    pub findings: &'r [Finding],
    /// All files of the run, by path.
    pub files: &'r [FileSummary],
    /// What could not be looked at or understood.
    pub problems: &'r [Problem],
    /// Number of findings that comments silenced.
    pub suppressed: usize,
    /// Number of findings below the least severity that is shown.
    pub below_minimum: usize,
    /// How long the run took.
    pub duration: Duration,
    /// The level from which on a finding fails the run; `None` for never.
    pub fail_on: Option<Severity>,
}

/// The page of a rule on the web; none for a project's own rule.
pub fn rule_url(rule: &roadworthy_engine::Rule) -> Option<String> {
    let page = || format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), rule.name);
    (!is_own(rule)).then(page)
}

/// Whether a rule is one of the project: built-in rules are native or the engine's, not queries.
fn is_own(rule: &roadworthy_engine::Rule) -> bool {
    matches!(rule.check, roadworthy_engine::Check::Query(_))
}
