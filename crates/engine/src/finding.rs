//! A finding: plain data. Knows nothing of how it is shown.

use std::fmt;

use camino::Utf8PathBuf;
use jiff::civil::Date;
use roadworthy_parser::{Position, Span};
use roadworthy_project::{FileKind, Role};
use serde::{Deserialize, Serialize};

use crate::{Applicability, Fix, Rule};

/// How bad a finding is. Ordered: the worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Info,
    /// Will probably bite in production.
    Warning,
    /// Will bite in production.
    Error,
}

impl Severity {
    /// All levels, worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The name used in rules, configuration and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// One thing that should be mended, at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that speaks.
    pub rule: &'static Rule,
    /// The level here, after the rule's own judgement and the configuration.
    pub severity: Severity,
    /// What is wrong here: lower case, no full stop, never a secret's value.
    pub message: String,
    /// The file, relative to the working directory where it lies below it, with forward slashes.
    pub path: Utf8PathBuf,
    /// The bytes of the file's text that it is about.
    pub span: Span,
    /// Where that begins.
    pub start: Position,
    /// Where it ends, exclusive.
    pub end: Position,
    /// What the file is written in; `None` for findings about a component or a folder.
    pub kind: Option<FileKind>,
    /// What the file is for; `None` for findings about a component or an unreadable file.
    pub role: Option<Role>,
    /// What mends it, where the rule knows.
    pub fix: Option<Fix>,
    /// Whether it is told only as a part of what many places say about their component, and with them if each is asked for.
    pub only_folded: bool,
}

/// A finding that a comment silenced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The name of the rule that spoke.
    pub rule: &'static str,
    /// The level that the finding would have had.
    pub severity: Severity,
    /// The file, as findings name it.
    pub path: Utf8PathBuf,
    /// The line of the finding, from 1.
    pub line: u32,
    /// Why, in the words of the comment: text of the file, which may hold anything.
    pub reason: Option<String>,
    /// The last day on which the comment holds.
    pub until: Option<Date>,
    /// Whether the comment is one of ours, not of another tool.
    pub own: bool,
}

impl Finding {
    /// Whether a fix may be made unseen.
    pub fn is_fixable(&self) -> bool {
        self.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe)
    }

    /// What mends it, where that needs no more trust than was given.
    pub fn fix_within(&self, most: Applicability) -> Option<&Fix> {
        self.fix.as_ref().filter(|fix| fix.applicability <= most)
    }

    /// The order of a report: path, offset, rule, then whatever else differs.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        // Paths in the order of their text: by components, comparing them costs more than linting.
        (self.path.as_str(), self.span, self.rule.name, &self.message).cmp(&(
            other.path.as_str(),
            other.span,
            other.rule.name,
            &other.message,
        ))
    }
}
