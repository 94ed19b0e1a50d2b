//! Findings to text, JSON and tables: pure functions from data to a writer.
//!
//! This crate does not know the terminal, the arguments or the disk: whether there are colours, how
//! wide a line is and what a file holds is handed in.

mod clean;
mod concise;
mod diff;
mod explain;
mod facts;
mod files;
mod frame;
mod full;
mod github;
mod gitlab;
mod history;
mod json;
mod json_lines;
mod junit;
mod line_hash;
mod markdown;
mod mending;
mod place;
mod rdjson;
mod rules;
mod sarif;
mod styles;
mod summary;
mod table;
mod trace;
mod verdict;
mod wrap;

use std::time::Duration;

use roadworthy_engine::{FileSummary, Finding, Severity};
use roadworthy_project::Problem;

pub use clean::{clean, redacted};
pub use concise::concise;
pub use diff::diff;
pub use explain::explain;
pub use facts::{facts_json, facts_text};
pub use files::{files, files_json};
pub use full::{FullOptions, ShownFile, full};
pub use github::github;
pub use gitlab::gitlab;
pub use history::{
    HistoryFinding, HistoryReport, history_concise, history_full, history_json, history_statistics,
};
pub use json::{json, statistics_json};
pub use json_lines::json_lines;
pub use junit::junit;
pub use markdown::{MarkdownOptions, markdown};
pub use mending::{Mending, mendings};
pub use place::Root;
pub use rdjson::rdjson;
pub use rules::{rules, rules_json};
pub use sarif::{SarifOptions, SarifProject, sarif};
pub use styles::Styles;
pub use summary::counted;
pub use table::statistics;
pub use trace::{Trace, byte_columns, traces};
pub use verdict::{
    AsideKind, Earlier, EarlierComponent, EarlierError, HtmlOptions, SetAside, VERDICT_SCHEMA,
    VerdictReport, score_explained, verdict_badge, verdict_badge_json, verdict_html, verdict_json,
    verdict_markdown, verdict_terminal,
};

/// What a run found, as the formats take it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'r> {
    /// The findings to show, by path, offset and rule.
    pub findings: &'r [Finding],
    /// All files of the run, by path.
    pub files: &'r [FileSummary],
    /// What could not be looked at or understood.
    pub problems: &'r [Problem],
    /// Findings that are not among them.
    pub aside: Aside,
    /// How long the run took.
    pub duration: Duration,
    /// The level from which on a finding fails the run; `None` for never.
    pub fail_on: Option<Severity>,
}

/// Numbers of findings that a report leaves out: silence must not be mistaken for absence.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aside {
    /// Silenced by comments.
    pub suppressed: usize,
    /// There before the change that was asked for.
    pub unchanged: usize,
    /// Below the least severity that is shown.
    pub below_minimum: usize,
    /// Known to the baseline.
    pub known: usize,
    /// Errors among those.
    pub known_errors: usize,
    /// Mended in their files.
    pub fixed: Changed,
    /// Silenced by comments that were written.
    pub silenced: Changed,
}

/// Findings that are gone since files were changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// How many.
    pub findings: usize,
    /// In how many files.
    pub files: usize,
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
