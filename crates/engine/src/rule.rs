//! What a rule is: plain data with a function. Knows nothing of how rules are run.

use roadworthy_parser::Node;
use roadworthy_project::{Facts, KindSet, RoleSet};

use crate::{FileContext, ProjectReporter, Reporter, Severity, SiteKind, fold::Fold};

/// Index of a rule in its [`Catalog`](crate::Catalog).
pub type RuleId = usize;

/// One of the nine areas of production readiness.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the title says what each is")]
pub enum Area {
    Code,
    Design,
    Data,
    Api,
    Cloud,
    Ai,
    Testing,
    Automation,
    Collaboration,
}

impl Area {
    /// All areas, in the order of a report.
    pub const ALL: [Self; 9] = [
        Self::Code,
        Self::Design,
        Self::Data,
        Self::Api,
        Self::Cloud,
        Self::Ai,
        Self::Testing,
        Self::Automation,
        Self::Collaboration,
    ];

    /// The name used in selections and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Design => "design",
            Self::Data => "data",
            Self::Api => "api",
            Self::Cloud => "cloud",
            Self::Ai => "ai",
            Self::Testing => "testing",
            Self::Automation => "automation",
            Self::Collaboration => "collaboration",
        }
    }

    /// The title used in reports.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Code => "Production-grade code",
            Self::Design => "Object-oriented design",
            Self::Data => "Data handling",
            Self::Api => "API development",
            Self::Cloud => "Cloud-native",
            Self::Ai => "AI integration",
            Self::Testing => "Testing",
            Self::Automation => "DevOps and automation",
            Self::Collaboration => "Collaboration and dependencies",
        }
    }

    /// The area of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.name() == name)
    }

    /// The area that a group of rules (a folder of the catalogue) belongs to: the table that decides
    /// it. A group that is not named here is its own area.
    pub fn of_group(group: &str) -> Option<Self> {
        match group {
            "async" | "config" | "errors" | "files" | "logging" | "resources" | "secrets"
            | "types" => Some(Self::Code),
            "suppressions" => Some(Self::Collaboration),
            _ => Self::from_name(group),
        }
    }
}

/// What a rule is handed, and so what its judgement costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The outline of a file; nothing is parsed.
    Outline,
    /// Nodes of a statement with all its clauses; the region around a candidate is parsed.
    Statement,
    /// Nodes of a `def` or `class`; the region around a candidate is parsed.
    Definition,
    /// Nodes of a file; where there is a candidate, the whole file is parsed.
    Module,
    /// Facts of the project; nothing is parsed.
    Project,
}

/// Where in the text a trigger counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Outside strings and comments; replacement fields of f-strings are code.
    Code,
    /// Inside string literals.
    Strings,
    /// Anywhere.
    Anywhere,
}

/// A literal without which a rule cannot match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// The literal. Where it begins or ends with a letter, digit or underscore and [`Self::word`]
    /// holds, the neighbour in the text must be none.
    pub text: &'static str,
    /// Where it counts.
    pub place: Place,
    /// Whether it must be a whole word.
    pub word: bool,
    /// Whether letters match in either case (ASCII).
    pub ignore_case: bool,
}

/// A rule of another tool. Comments that silence that rule silence ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Equivalent {
    /// `ruff`, `bandit`, `pylint`, ...
    pub tool: &'static str,
    /// The code or name there: `S110`, `bare-except`.
    pub code: &'static str,
    /// Whether it flags the same, not merely something similar.
    pub same: bool,
}

/// The value an option has when nothing is configured.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is the TOML type of its name")]
pub enum OptionDefault {
    Boolean(bool),
    Integer(i64),
    Strings(&'static [&'static str]),
}

/// One option of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptionSpec {
    /// Name, in kebab case.
    pub name: &'static str,
    /// The value without configuration; its type is the option's.
    pub default: OptionDefault,
    /// One line of help.
    pub help: &'static str,
}

/// Judges a whole file by its outline.
pub type OutlineCheck = fn(&FileContext<'_>, &mut Reporter<'_>);
/// Judges one node of the kinds that the rule names.
pub type NodeCheck = fn(&FileContext<'_>, Node<'_>, &mut Reporter<'_>);
/// Judges a project by its facts.
pub type ProjectCheck = fn(&Facts<'_>, &mut ProjectReporter<'_>);
/// Whether the trigger at an offset may lead to a finding; false saves parsing its region.
pub type Prefilter = fn(&FileContext<'_>, u32) -> bool;

/// How a rule judges.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// By the outline of a file.
    Outline(OutlineCheck),
    /// By nodes of some kinds.
    Nodes {
        /// Kinds of tree-sitter-python's nodes that are handed to `check`.
        kinds: &'static [&'static str],
        /// Judges one of them. It may look below the node and, up to the region's end, above it.
        check: NodeCheck,
        /// Narrows the candidates; without one every trigger is a candidate.
        prefilter: Option<Prefilter>,
    },
    /// By a pattern in tree-sitter's query language; each capture named `finding` is one.
    Query(&'static str),
    /// By the facts of the project: once for all files.
    Project(ProjectCheck),
    /// By the engine itself, which also reads and suppresses.
    Engine,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Says what is wrong, in kebab case; never reused for something else.
    pub name: &'static str,
    /// The folder it lies in.
    pub group: &'static str,
    /// The area of its group.
    pub area: Area,
    /// The message of a finding that says nothing more exact.
    pub summary: &'static str,
    /// What to do, in one phrase.
    pub fix: &'static str,
    /// The level of a finding that says nothing else.
    pub severity: Severity,
    /// Whether little else in its area is worth anything where it fails: the score then takes most of the area.
    pub foundation: bool,
    /// Whether it is not trusted yet: it runs only where it is selected by its own name.
    pub preview: bool,
    /// Whether many findings of a component become one.
    pub fold: Option<Fold>,
    /// Whether findings point at a secret's value, so that no output may show their text.
    pub hides_text: bool,
    /// What it is handed.
    pub scope: Scope,
    /// What it judges, of which the score takes the share that is clean.
    pub site: SiteKind,
    /// The kinds of files that it judges; what is not Python is judged by an outline only, which is empty. Of a rule
    /// about the project: those in which its findings stand.
    pub applies_to: KindSet,
    /// The roles of files in which it speaks.
    pub roles: RoleSet,
    /// The literals without which it cannot match; empty for rules that see every file.
    pub triggers: &'static [Trigger],
    /// How it judges.
    pub check: Check,
    /// Rules of other tools that flag the same or something similar.
    pub equivalents: &'static [Equivalent],
    /// Weakness identifiers and other labels.
    pub tags: &'static [&'static str],
    /// Its own options.
    pub options: &'static [OptionSpec],
    /// The whole rule file: the documentation, read only when someone asks for it.
    pub source: &'static str,
}
