//! The verdict to each of its formats: pure functions from data to a writer. Knows numbers, places and texts; neither how
//! a score comes about nor the disk.
//!
//! What comes from outside (paths, names, reasons, messages, earlier reports) is cleaned where a format writes it, never
//! before: the data are as they were found.

mod badge;
mod earlier;
mod explained;
#[cfg(test)]
mod fixture;
mod html;
mod json;
mod markdown;
mod terminal;
mod words;

use roadworthy_engine::{FileSummary, Finding};
use roadworthy_verdict::{ComponentVerdict, Verdict};
use serde::{Deserialize, Serialize};

pub use badge::{verdict_badge, verdict_badge_json};
pub use earlier::{Earlier, EarlierComponent, EarlierError};
pub use explained::score_explained;
pub use html::{HtmlOptions, verdict_html};
pub use json::{VERDICT_SCHEMA, verdict_json};
pub use markdown::verdict_markdown;
pub use terminal::verdict_terminal;

/// How many things to mend first are shown.
const MOST_GAINS: usize = 10;
/// From how many findings set aside on that is told before anything else.
const MANY_ASIDE: u32 = 10;

/// A verdict, and what its formats show besides.
#[derive(Clone, Copy, Debug)]
pub struct VerdictReport<'r> {
    /// The verdict.
    pub verdict: &'r Verdict,
    /// The name of the project.
    pub title: &'r str,
    /// The day as of which it was judged: that of the commit, or a given one.
    pub as_of: Option<&'r str>,
    /// The commit that was judged.
    pub commit: Option<&'r str>,
    /// The findings that count, by path, offset and rule.
    pub findings: &'r [Finding],
    /// All files that were judged, by path.
    pub files: &'r [FileSummary],
    /// What does not count, and why; by kind, then as it was found.
    pub set_aside: &'r [SetAside],
    /// Earlier reports, oldest first.
    pub history: &'r [Earlier],
    /// The report that this one is compared with.
    pub base: Option<&'r Earlier>,
}

/// Something that does not count: the verdict's second number does not believe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// How it came to be set aside.
    pub kind: AsideKind,
    /// The rule; `None` where a whole file is left out.
    pub rule: Option<String>,
    /// The file; `None` where a rule is switched off everywhere.
    pub path: Option<String>,
    /// The line of the finding, from 1.
    pub line: Option<u32>,
    /// What tells the text of that line from others, where somebody wants to know.
    pub text: Option<u64>,
    /// The reason that is given for it.
    pub reason: Option<String>,
    /// How many findings that are.
    pub findings: u32,
}

/// How a finding came to be set aside. Ordered: what hides most comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AsideKind {
    /// The configuration switched the rule off.
    Disabled,
    /// The configuration leaves the file out.
    Excluded,
    /// A comment calls the finding wrong.
    Disputed,
    /// A comment lets it stand.
    Accepted,
    /// The baseline knows it.
    Baselined,
}

impl AsideKind {
    /// Whether a comment or a baseline silences one finding by it.
    pub const fn is_of_findings(self) -> bool {
        matches!(self, Self::Disputed | Self::Accepted | Self::Baselined)
    }
}

impl VerdictReport<'_> {
    /// The component that stands for the project: its lowest, or the only one that cannot be assessed.
    fn lead(&self) -> Option<&ComponentVerdict> {
        let components = &self.verdict.components;
        self.verdict.lowest.and_then(|at| components.get(at)).or_else(|| components.first())
    }

    /// The components by their worth: the lowest first, those without a number last.
    fn ranked(&self) -> Vec<&ComponentVerdict> {
        let mut ranked: Vec<_> = self.verdict.components.iter().collect();
        let lead = self.lead().map(std::ptr::from_ref);
        ranked.sort_by_key(|component| {
            let value = component.score.map_or(u32::MAX, |score| score.value);
            (lead != Some(std::ptr::from_ref(*component)), value)
        });
        ranked
    }

    /// Whether what is set aside is told before anything else: whole rules and files, or many findings.
    fn aside_first(&self) -> bool {
        let whole =
            |aside: &SetAside| matches!(aside.kind, AsideKind::Disabled | AsideKind::Excluded);
        self.set_aside.iter().any(whole) || self.aside_count() >= MANY_ASIDE
    }

    /// How many findings are set aside.
    fn aside_count(&self) -> u32 {
        self.set_aside.iter().map(|aside| aside.findings.max(1)).sum()
    }
}

#[cfg(test)]
mod tests;
