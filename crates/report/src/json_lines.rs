//! One JSON object on each line, for programs that read findings as they come. Holds no source text.

use std::io::{self, Write};

use crate::{Report, json};

/// Writes each finding as `json` has it, and nothing else: who reads diagnostics line by line expects no summary.
pub fn json_lines(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    for finding in report.findings {
        serde_json::to_writer(&mut *out, &json::finding(finding))?;
        writeln!(out)?;
    }
    Ok(())
}
