//! Findings and files to counts. Knows no format.

use std::collections::BTreeMap;

use roadworthy_engine::{Applicability, Finding, Rule, Severity};

use roadworthy_project::FileKind;

use crate::Report;

/// The findings of one rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleCount {
    pub(crate) rule: &'static Rule,
    /// The worst level among them.
    pub(crate) severity: Severity,
    pub(crate) count: usize,
}

/// The counts of a run.
#[derive(Debug)]
pub(crate) struct Summary {
    /// In the order of [`Severity::ALL`].
    pub(crate) by_severity: [(Severity, usize); 3],
    /// A row for each rule and level: worst first, then most frequent first.
    pub(crate) by_rule: Vec<RuleCount>,
    /// How many have a fix that is safe, and one that is not.
    pub(crate) fixable: [usize; 2],
    /// Files that were read, by the name of their kind.
    pub(crate) by_kind: BTreeMap<&'static str, usize>,
    /// Files that were read, by the name of their role.
    pub(crate) by_role: BTreeMap<&'static str, usize>,
    /// Files that could not be read.
    pub(crate) unread: usize,
    pub(crate) bytes: u64,
    pub(crate) parsed: u64,
}

impl Summary {
    /// The counts of findings alone.
    pub(crate) fn of_findings<'f>(findings: &(impl Iterator<Item = &'f Finding> + Clone)) -> Self {
        let mut rules: BTreeMap<(&str, Severity), RuleCount> = BTreeMap::new();
        for finding in findings.clone() {
            let severity = finding.severity;
            let fresh = RuleCount { rule: finding.rule, severity, count: 0 };
            rules.entry((finding.rule.name, severity)).or_insert(fresh).count += 1;
        }
        let mut by_rule: Vec<_> = rules.into_values().collect();
        // The sort is stable, so that equal ones stay in the order of their names.
        by_rule.sort_by_key(|count| std::cmp::Reverse((count.severity, count.count)));
        let fixable = [Applicability::Safe, Applicability::Unsafe].map(|wanted| {
            let has = |finding: &&Finding| {
                finding.fix.as_ref().is_some_and(|fix| fix.applicability == wanted)
            };
            findings.clone().filter(has).count()
        });
        let count = |level| findings.clone().filter(|finding| finding.severity == level).count();
        Self {
            by_severity: Severity::ALL.map(|severity| (severity, count(severity))),
            by_rule,
            fixable,
            by_kind: BTreeMap::new(),
            by_role: BTreeMap::new(),
            unread: 0,
            bytes: 0,
            parsed: 0,
        }
    }

    pub(crate) fn of(report: &Report<'_>) -> Self {
        let mut files_by_role = BTreeMap::new();
        let mut by_kind = BTreeMap::new();
        let mut unread = 0;
        for file in report.files {
            match &file.role {
                Some(role) => {
                    *files_by_role.entry(role.role.name()).or_insert(0) += 1;
                    *by_kind.entry(file.kind.name()).or_insert(0) += 1;
                }
                None => unread += 1,
            }
        }
        Self {
            by_kind,
            by_role: files_by_role,
            unread,
            bytes: report.files.iter().map(|file| file.bytes).sum(),
            parsed: report.files.iter().map(|file| file.parsed).sum(),
            ..Self::of_findings(&report.findings.iter())
        }
    }
}

/// How many files were read: "2 files", or "2 Python files and 1 other".
pub(crate) fn files(summary: &Summary) -> String {
    let all: usize = summary.by_kind.values().sum();
    let python = summary.by_kind.get(FileKind::Python.name()).copied().unwrap_or(0);
    match all - python {
        0 => counted(all, "file"),
        others => format!("{} and {}", counted(python, "Python file"), counted(others, "other")),
    }
}

/// A number and its noun: "1 error", "2 errors". Infos have no plural.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 || noun == "info" { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Counts of the levels that occur, worst first: "3 errors, 12 warnings".
pub(crate) fn levels(counts: &[(Severity, usize)]) -> String {
    let some = counts.iter().filter(|(_, count)| *count > 0);
    let texts: Vec<_> = some.map(|(severity, count)| counted(*count, severity.name())).collect();
    texts.join(", ")
}

/// A size for people.
pub(crate) fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let number = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", number / 1e3),
        _ => format!("{:.1} MB", number / 1e6),
    }
}
