//! One JSON object on each line, for programs that read findings as they come. Holds no source text but that of fixes.

use std::io::{self, Write};

use crate::{Mending, Report, json};

/// Writes each finding as `json` has it, and nothing else: who reads diagnostics line by line expects no summary.
/// `mendings` are those of the findings.
pub fn json_lines(
    out: &mut dyn Write,
    report: &Report<'_>,
    mendings: &[Option<Mending>],
) -> io::Result<()> {
    for (finding, mending) in report.findings.iter().zip(mendings) {
        serde_json::to_writer(&mut *out, &json::finding(finding, mending.as_ref()))?;
        writeln!(out)?;
    }
    Ok(())
}
