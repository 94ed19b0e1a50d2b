//! What a rule is, and how rules are chosen, planned, run, suppressed and folded.
//!
//! The engine is handed a project and a catalogue and returns findings. It does not know the terminal,
//! the formats of a report or a single rule by its content; two modules, [`run`](run()) and that of versions, start
//! threads.

mod catalog;
mod context;
mod document;
mod document_comments;
mod example;
mod finding;
mod fold;
mod hidden;
mod lint_file;
mod names;
mod query;
mod rule;
mod rule_file;
mod run;
mod selection;
mod settings;
mod suppression;
mod trigger;
mod versions;

pub use catalog::Catalog;
pub use context::{FileContext, Report, Reporter};
pub use example::{ExampleFinding, ExampleLinter, lint_example};
pub use finding::{Finding, Severity};
pub use fold::{Fold, Site, SiteCount};
pub use hidden::HiddenText;
pub use lint_file::{FileLint, ParseMode, StationTimes};
pub use names::Names;
pub use rule::{
    Area, Check, Equivalent, NodeCheck, OptionDefault, OptionSpec, OutlineCheck, Place, Prefilter,
    Rule, RuleId, Scope, Trigger,
};
pub use rule_file::{Example, OwnedTrigger, RuleFile, RuleFileError};
pub use run::{FileSummary, Outcome, Progress, ReadText, RunOptions, Timings, run};
pub use selection::{RuleSet, Selection, UnknownRule, nearest};
pub use settings::{OptionValue, Settings, Strictness};
pub use versions::{Version, VersionLinter};
