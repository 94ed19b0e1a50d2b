//! What a rule is, and how rules are chosen, planned, run, suppressed and folded.
//!
//! The engine is handed a project and a catalogue and returns findings. It does not know the terminal,
//! the formats of a report or a single rule by its content; two modules, [`run`](run()) and that of versions, start
//! threads.
//!
//! An editor or a service lints a project that it holds in memory, as often as it likes; nothing is kept between two
//! calls. The crate `roadworthy-rules` has the built-in catalogue; this one holds a single rule:
//!
//! ```
//! use roadworthy_engine::{Catalog, RuleFile, RunOptions, Settings, lint};
//! use roadworthy_project::Project;
//!
//! let source = r#"
//! name = "sleep-called"
//! summary = "sleeping blocks the worker"
//! why = "A worker that sleeps serves nobody."
//! fix = "schedule the work"
//! severity = "warning"
//! scope = "statement"
//! applies_to = ["python"]
//! roles = { except = ["test"] }
//! triggers = ["sleep"]
//! query = """((call function: (identifier) @name) @finding (#eq? @name "sleep"))"""
//! [[bad]]
//! code = "sleep(1)"
//! finds = ["sleep(1)"]
//! [[good]]
//! code = "wait(1)"
//! "#;
//! // A rule lives as long as the program.
//! let rule = Box::leak(Box::new(RuleFile::parse(source)?.into_rule("own", source)?));
//! let catalog = Catalog::new([&*rule]);
//!
//! let project = Project::in_memory([
//!     ("pyproject.toml", "[project]\nname = 'shop'\n"),
//!     ("shop/orders.py", "from time import sleep\n\nsleep(2)\n"),
//!     ("tests/test_orders.py", "sleep(3)\n"),
//! ]);
//! let outcome = lint(&project, &catalog, &Settings::of_all(&catalog), RunOptions::default());
//!
//! let [finding] = outcome.findings.as_slice() else { panic!("one finding") };
//! assert_eq!((finding.path.as_str(), finding.start.line), ("shop/orders.py", 3));
//! # Ok::<(), roadworthy_engine::RuleFileError>(())
//! ```

mod applies;
mod baseline;
mod catalog;
mod compare;
mod conclude;
mod context;
mod document;
mod document_comments;
mod example;
mod finding;
mod fix;
mod flaws;
mod fold;
mod hidden;
mod idle;
mod lint_file;
mod names;
mod project_rules;
mod query;
mod reached;
mod rule;
mod rule_file;
mod run;
mod selection;
mod settings;
mod site_kind;
mod sites;
mod suppression;
mod trigger;
mod values;
mod versions;

pub use applies::{Applies, ComponentSites};
pub use baseline::{Baseline, BaselineFlaw, Comparison, Mark, Marker, Reach, Sighting};
pub use catalog::Catalog;
pub use compare::{Judged, were_there};
pub use context::{FileContext, ProjectReporter, Report, Reporter};
pub use example::{ExampleFinding, ExampleLinter, lint_example, lint_project_example};
pub use finding::{Finding, Severity, Suppressed};
pub use fix::{Applicability, Edit, Edits, Fix};
pub use fold::Fold;
pub use hidden::HiddenText;
pub use idle::IdleCheck;
/// A day, as settings hold it.
pub use jiff::civil::Date;
pub use lint_file::{FileLint, ParseMode, StationTimes};
pub use names::Names;
pub use rule::{
    Area, Check, Equivalent, NodeCheck, OptionDefault, OptionSpec, OutlineCheck, Place, Prefilter,
    ProjectCheck, Rule, RuleId, Scope, Trigger,
};
pub use rule_file::{Example, OwnedTrigger, RuleFile, RuleFileError};
pub use run::{FileSummary, Outcome, Progress, ReadText, RunOptions, Subject, Timings, lint, run};
pub use selection::{RuleSet, Selection, UnknownRule, nearest};
pub use settings::{OptionValue, RoleSettings, Settings, Strictness, day};
pub use site_kind::SiteKind;
pub use sites::{FileSites, SiteCount};
pub use suppression::placing::{Place as CommentPlace, Placing, takes_comments, unfit_reason};
pub use values::{Binding, Values};
pub use versions::{ProjectFindings, Version, VersionLinter, lint_in_project};
