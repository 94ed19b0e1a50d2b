//! The diagnostics that reviewdog reads. Holds no source text but that of fixes.

use std::borrow::Cow;
use std::io::{self, Write};

use roadworthy_engine::{Finding, Severity};
use serde::Serialize;

use crate::mending::Replacement;
use crate::{Mending, Report, json, redacted, rule_url};

#[derive(Serialize)]
struct Result<'r> {
    source: Source,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    diagnostics: Vec<Diagnostic<'r>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'r> {
    message: Cow<'r, str>,
    location: Location<'r>,
    severity: &'static str,
    code: Code<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'r>>,
}

#[derive(Serialize)]
struct Suggestion<'r> {
    range: Range,
    text: &'r str,
}

#[derive(Serialize)]
struct Location<'r> {
    path: Cow<'r, str>,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

#[derive(Serialize)]
struct Code<'r> {
    value: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Writes `{"source", "severity", "diagnostics"}`. `columns` and `mendings` are those of the findings. Paths are those of the working
/// directory, as reviewdog knows where it runs; columns count the bytes of UTF-8, and the end is exclusive.
pub fn rdjson(
    out: &mut dyn Write,
    report: &Report<'_>,
    columns: &[Option<(u32, u32)>],
    mendings: &[Option<Mending>],
) -> io::Result<()> {
    let findings = report.findings.iter().zip(columns).zip(mendings);
    let result = Result {
        source: Source { name: "roadworthy", url: env!("CARGO_PKG_REPOSITORY") },
        severity: report.findings.iter().map(|finding| finding.severity).max().map(level),
        diagnostics: findings
            .map(|((finding, columns), mending)| diagnostic(finding, *columns, mending.as_ref()))
            .collect(),
    };
    json::write(out, &result)
}

fn diagnostic<'r>(
    finding: &'r Finding,
    columns: Option<(u32, u32)>,
    mending: Option<&'r Mending>,
) -> Diagnostic<'r> {
    let suggestion = |change: &'r Replacement| Suggestion {
        range: Range {
            start: Position { line: change.start.line, column: Some(change.byte_columns.0) },
            end: Position { line: change.end.line, column: Some(change.byte_columns.1) },
        },
        text: &change.text,
    };
    let start = Position { line: finding.start.line, column: columns.map(|it| it.0) };
    let end = Position { line: finding.end.line, column: columns.map(|it| it.1) };
    Diagnostic {
        message: redacted(&finding.message),
        location: Location { path: redacted(finding.path.as_str()), range: Range { start, end } },
        severity: level(finding.severity),
        code: Code { value: finding.rule.name, url: rule_url(finding.rule) },
        suggestions: mending
            .map_or_else(Vec::new, |it| it.changes.iter().map(suggestion).collect()),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    }
}
