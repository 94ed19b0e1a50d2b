//! A file that is not Python, from its text to its findings. Knows kinds, no syntax: rules bring their own.

use std::time::Instant;

use roadworthy_parser::{Outline, SourceFile, Span};
use roadworthy_project::{Component, File, FileKind, RoleReason, role_of_document};

use crate::lint_file::{FileLint, Linter, StationTimes, Work};
use crate::{Check, FileContext, Report, RuleId, RuleSet, Settings, SiteCount};

/// What the rules report of a file, and how many sites each judged.
type Judged = (Vec<(RuleId, Report)>, Vec<(RuleId, SiteCount)>);

/// Configuration is shorter than this, in bytes: of what is longer only that is looked for which needs no name.
const LONGEST: usize = 3_000_000;
/// So is a line of it.
const LONGEST_LINE: usize = 65_536;

impl Linter<'_> {
    /// What is said of a file that need not be read, since no rule speaks in it.
    pub(crate) fn unread(
        &self,
        file: &File,
        component: &Component,
        settings: &Settings,
    ) -> Option<FileLint> {
        if file.kind.is_python() {
            return None;
        }
        let role = role_of_document(file, component);
        let active = self.active(settings, file, role.role);
        (!self.judges(&active)).then(|| lint(role, 0, Vec::new(), 0, Vec::new()))
    }

    /// Whether there is more among the rules than those that speak of the run itself.
    fn judges(&self, rules: &RuleSet) -> bool {
        rules.iter().any(|id| !matches!(self.catalog.rule(id).check, Check::Engine))
    }

    /// Judges a file that is not Python.
    pub(crate) fn lint_document(
        &self,
        file: &File,
        component: &Component,
        source: &SourceFile,
        settings: &Settings,
        forced_role: Option<RoleReason>,
    ) -> FileLint {
        let role = forced_role.unwrap_or_else(|| role_of_document(file, component));
        let active = self.active(settings, file, role.role);
        let clock = Instant::now();
        let (reports, sites) = self.judged(file, component, source, settings, &active, &role);
        let outline = Outline::default();
        let context =
            FileContext::new(source, &outline, file, component, role.role, self.strictness);
        let (findings, suppressed, sites) =
            self.conclude(&context, settings, &active, reports, sites, None);
        let mut lint = lint(role, source.text().len(), findings, suppressed, sites);
        lint.time.rules = clock.elapsed();
        lint
    }

    /// The ranges that the rules point at in a file that is not Python.
    pub(crate) fn reported_in_document(
        &self,
        file: &File,
        component: &Component,
        source: &SourceFile,
        settings: &Settings,
    ) -> Vec<Span> {
        let role = role_of_document(file, component);
        let active = self.active(settings, file, role.role);
        let (reports, _) = self.judged(file, component, source, settings, &active, &role);
        let mut spans: Vec<_> = reports.iter().map(|(_, report)| report.span).collect();
        spans.sort_unstable();
        spans
    }

    fn judged(
        &self,
        file: &File,
        component: &Component,
        source: &SourceFile,
        settings: &Settings,
        active: &RuleSet,
        role: &RoleReason,
    ) -> Judged {
        let outline = Outline::default();
        let kind = if is_data(source.text()) { FileKind::Text } else { file.kind };
        let names = active.iter().map(|id| self.catalog.rule(id).name).collect();
        let context =
            FileContext::new(source, &outline, file, component, role.role, self.strictness)
                .with(kind, names);
        let mut work = Work::new(self, &context, settings);
        work.check_outline(active, &[]);
        (work.reports, work.sites)
    }
}

/// Whether a text is too long, or has a line too long, to be configuration that somebody wrote.
fn is_data(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() > LONGEST {
        return true;
    }
    let mut start = 0;
    // Looked at in steps, so that most text is not looked at at all.
    while bytes.len() - start > LONGEST_LINE {
        match memchr::memrchr(b'\n', &bytes[start..start + LONGEST_LINE]) {
            Some(end) => start += end + 1,
            None => return true,
        }
    }
    false
}

fn lint(
    role: RoleReason,
    bytes: usize,
    findings: Vec<crate::Finding>,
    suppressed: usize,
    sites: Vec<(RuleId, SiteCount)>,
) -> FileLint {
    let time = StationTimes::default();
    FileLint { role, findings, sites, suppressed, bytes: bytes as u64, parsed: 0, time }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_data_and_many_short_ones_are_not() {
        assert!(!is_data(""));
        assert!(!is_data(&"a".repeat(LONGEST_LINE)));
        assert!(is_data(&"a".repeat(LONGEST_LINE + 1)));
        assert!(!is_data(&"a = 1\n".repeat(100_000)));
        assert!(is_data(&format!("{}{}", "a = 1\n".repeat(100_000), "b".repeat(70_000))));
        assert!(is_data(&"a = 1\n".repeat(600_000)));
    }
}
