//! The code quality report of GitLab. Holds no source text.

use std::io::{self, Write};

use roadworthy_engine::{Finding, Severity};
use serde::Serialize;

use crate::place::last_line;
use crate::{Report, Root, Trace, json, redacted};

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: &'r str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes an array with an issue for each finding. `traces` are those of the findings.
pub fn gitlab(
    out: &mut dyn Write,
    report: &Report<'_>,
    traces: &[Trace],
    root: &Root,
) -> io::Result<()> {
    let findings = report.findings.iter().zip(traces);
    let issues: Vec<_> = findings.map(|(finding, trace)| issue(finding, trace, root)).collect();
    json::write(out, &issues)
}

fn issue<'r>(finding: &'r Finding, trace: &'r Trace, root: &Root) -> Issue<'r> {
    let name = finding.rule.name;
    Issue {
        // Nothing but the description is shown.
        description: format!("{name}: {}", redacted(&finding.message)),
        check_name: name,
        fingerprint: &trace.fingerprint,
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "info",
        },
        location: Location {
            path: root.path(&finding.path),
            lines: Lines { begin: finding.start.line, end: last_line(finding) },
        },
    }
}
