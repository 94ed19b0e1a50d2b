//! One line for each finding, for editors, `grep` and logs. Shows no source text.

use std::io::{self, Write};

use crate::summary::Summary;
use crate::{Report, Styles, clean, table};

/// Writes `path:line:column: level[rule] message` for each finding, the table by rule and the counts.
pub fn concise(out: &mut dyn Write, report: &Report<'_>, styles: Styles) -> io::Result<()> {
    for finding in report.findings {
        let (level, path) = (styles.severity(finding.severity), styles.path());
        writeln!(
            out,
            "{path}{}{path:#}:{}:{}: {level}{}[{}]{level:#} {}",
            clean(finding.path.as_str()),
            finding.start.line,
            finding.start.column,
            finding.severity,
            finding.rule.name,
            clean(&finding.message),
        )?;
    }
    if !report.findings.is_empty() {
        writeln!(out)?;
    }
    let summary = Summary::of(report);
    table::table(out, &summary, styles)?;
    table::closing(out, report, &summary, styles, None)
}
