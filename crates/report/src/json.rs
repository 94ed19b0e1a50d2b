//! The report for programs. Holds no source text but that of fixes, which touch no secret.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use roadworthy_engine::Finding;
use serde::Serialize;

use crate::mending::Replacement;
use crate::summary::Summary;
use crate::{Mending, Report, redacted, rule_url};

/// Rises when a field changes its meaning or goes; new fields do not raise it.
pub(crate) const VERSION: u32 = 1;

#[derive(Serialize)]
struct JsonReport<'r> {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Vec<JsonFinding<'r>>>,
    summary: JsonSummary<'r>,
}

#[derive(Serialize)]
pub(crate) struct JsonFinding<'r> {
    rule: &'r str,
    area: &'r str,
    group: &'r str,
    severity: &'r str,
    message: Cow<'r, str>,
    path: Cow<'r, str>,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    kind: Option<&'r str>,
    role: Option<&'r str>,
    fix: Option<&'r str>,
    fix_available: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix_edits: Option<Vec<JsonEdit<'r>>>,
    url: Option<String>,
}

#[derive(Serialize)]
struct JsonEdit<'r> {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    text: &'r str,
}

#[derive(Serialize)]
struct JsonSummary<'r> {
    by_severity: BTreeMap<&'r str, usize>,
    by_rule: BTreeMap<&'r str, usize>,
    suppressed: usize,
    unchanged: usize,
    below_minimum: usize,
    fixable: usize,
    fixable_unsafe: usize,
    fixed: usize,
    silenced: usize,
    baselined: usize,
    baselined_errors: usize,
    fails: bool,
    files: usize,
    files_by_kind: BTreeMap<&'r str, usize>,
    files_by_role: BTreeMap<&'r str, usize>,
    files_unread: usize,
    bytes_scanned: u64,
    bytes_parsed: u64,
    seconds: f64,
    problems: Vec<JsonProblem<'r>>,
}

#[derive(Serialize)]
struct JsonProblem<'r> {
    path: Cow<'r, str>,
    line: Option<u32>,
    message: Cow<'r, str>,
}

/// Writes `{"version", "findings", "summary"}`. `mendings` are those of the findings.
pub fn json(
    out: &mut dyn Write,
    report: &Report<'_>,
    mendings: &[Option<Mending>],
) -> io::Result<()> {
    let findings = report.findings.iter().zip(mendings);
    let findings = Some(findings.map(|(it, mending)| finding(it, mending.as_ref())).collect());
    write(out, &JsonReport { version: VERSION, findings, summary: summary(report) })
}

/// Writes `{"version", "summary"}`.
pub fn statistics_json(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    write(out, &JsonReport { version: VERSION, findings: None, summary: summary(report) })
}

/// Writes a value and a line end.
pub(crate) fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

pub(crate) fn finding<'r>(finding: &'r Finding, mending: Option<&'r Mending>) -> JsonFinding<'r> {
    let edit = |change: &'r Replacement| JsonEdit {
        line: change.start.line,
        column: change.start.column,
        end_line: change.end.line,
        end_column: change.end.column,
        text: &change.text,
    };
    JsonFinding {
        rule: finding.rule.name,
        area: finding.rule.area.name(),
        group: finding.rule.group,
        severity: finding.severity.name(),
        message: redacted(&finding.message),
        path: redacted(finding.path.as_str()),
        line: finding.start.line,
        column: finding.start.column,
        end_line: finding.end.line,
        end_column: finding.end.column,
        kind: finding.kind.map(roadworthy_project::FileKind::name),
        role: finding.role.map(roadworthy_project::Role::name),
        fix: Some(finding.rule.fix).filter(|fix| !fix.is_empty()),
        fix_available: finding.fix.as_ref().map(|fix| fix.applicability.name()),
        fix_edits: mending.map(|mending| mending.changes.iter().map(edit).collect()),
        url: rule_url(finding.rule),
    }
}

fn summary<'r>(report: &Report<'r>) -> JsonSummary<'r> {
    let summary = Summary::of(report);
    let mut by_rule = BTreeMap::new();
    for row in &summary.by_rule {
        *by_rule.entry(row.rule.name).or_insert(0) += row.count;
    }
    let fails = |level| report.findings.iter().any(|finding| finding.severity >= level);
    let problem = |problem: &'r roadworthy_project::Problem| JsonProblem {
        path: redacted(problem.path.as_str()),
        line: problem.line,
        message: redacted(&problem.sentence),
    };
    JsonSummary {
        by_severity: summary.by_severity.iter().map(|(level, n)| (level.name(), *n)).collect(),
        by_rule,
        suppressed: report.aside.suppressed,
        unchanged: report.aside.unchanged,
        below_minimum: report.aside.below_minimum,
        fixable: summary.fixable[0],
        fixable_unsafe: summary.fixable[1],
        fixed: report.aside.fixed.findings,
        silenced: report.aside.silenced.findings,
        baselined: report.aside.known,
        baselined_errors: report.aside.known_errors,
        fails: report.fail_on.is_some_and(fails),
        files: report.files.len(),
        files_by_kind: summary.by_kind,
        files_by_role: summary.by_role,
        files_unread: summary.unread,
        bytes_scanned: summary.bytes,
        bytes_parsed: summary.parsed,
        seconds: report.duration.as_secs_f64(),
        problems: report.problems.iter().map(problem).collect(),
    }
}
