//! The table by rule and the closing lines of a run. Knows counts, no source text.

use std::io::{self, Write};

use roadworthy_engine::Severity;

use crate::summary::{Summary, counted, files, levels, size};
use crate::{Aside, Changed, Report, Styles, clean};

/// Writes the table by rule alone; one line when there is nothing to count.
pub fn statistics(out: &mut dyn Write, report: &Report<'_>, styles: Styles) -> io::Result<()> {
    let summary = Summary::of(report);
    table(out, &summary, styles)?;
    closing(out, report, &summary, styles, None)
}

/// One line for each rule with findings: count, level, name, summary.
pub(crate) fn table(out: &mut dyn Write, summary: &Summary, styles: Styles) -> io::Result<()> {
    let widest = |width: fn(&crate::summary::RuleCount) -> usize, least: usize| {
        summary.by_rule.iter().map(width).max().unwrap_or(0).max(least)
    };
    let counts = widest(|row| row.count.to_string().len(), 5);
    let names = widest(|row| row.rule.name.len(), 4);
    let faint = styles.faint();
    if !summary.by_rule.is_empty() {
        writeln!(
            out,
            "{faint}{:>counts$}  {:7}  {:names$}  summary{faint:#}",
            "count", "level", "rule"
        )?;
    }
    for row in &summary.by_rule {
        let level = styles.severity(row.severity);
        writeln!(
            out,
            "{:>counts$}  {level}{:7}{level:#}  {:names$}  {}",
            row.count,
            row.severity,
            row.rule.name,
            clean(row.rule.summary),
        )?;
    }
    if !summary.by_rule.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// The line with the counts, and what it means for a gate.
pub(crate) fn closing(
    out: &mut dyn Write,
    report: &Report<'_>,
    summary: &Summary,
    styles: Styles,
    next_step: Option<&str>,
) -> io::Result<()> {
    let read = report.files.len() - summary.unread;
    let looked_at = format!(
        "{} ({}, {:.2} s)",
        files(summary),
        size(summary.bytes),
        report.duration.as_secs_f64()
    );
    let (good, faint) = (styles.good(), styles.faint());
    let asides = match report.aside.told() {
        none if none.is_empty() => none,
        some => format!(" {faint}({some}){faint:#}"),
    };
    for (word, Changed { findings, files }) in
        [("Fixed", report.aside.fixed), ("Silenced", report.aside.silenced)]
    {
        if findings > 0 {
            let (findings, files) = (counted(findings, "finding"), counted(files, "file"));
            writeln!(out, "{good}{word}{good:#} {findings} in {files}")?;
        }
    }
    if report.findings.is_empty() {
        // Who looked at nothing has nothing good to say.
        return if read == 0 {
            writeln!(out, "No file was judged")
        } else {
            writeln!(out, "{good}Nothing found{good:#} in {looked_at}{asides}")
        };
    }
    writeln!(out, "Found {} in {looked_at}{asides}", levels(&summary.by_severity))?;
    verdict(out, summary, report.fail_on, styles)?;
    let [safe, risky] = summary.fixable;
    match (safe, risky) {
        (0, 0) => {}
        (_, 0) => writeln!(out, "{safe} of them can be mended by `--fix`")?,
        (0, _) => writeln!(
            out,
            "{risky} of them can be mended by `--fix --unsafe-fixes`, to be looked at"
        )?,
        _ => writeln!(
            out,
            "{safe} of them can be mended by `--fix`, and {risky} more by `--fix --unsafe-fixes`, to be looked at"
        )?,
    }
    if let Some(step) = next_step {
        writeln!(out, "{faint}next:{faint:#} {step}")?;
    }
    Ok(())
}

/// The line that says what the findings mean for a gate.
pub(crate) fn verdict(
    out: &mut dyn Write,
    summary: &Summary,
    fail_on: Option<Severity>,
    styles: Styles,
) -> io::Result<()> {
    let Some(level) = fail_on else {
        return writeln!(out, "passes: no level fails the run");
    };
    let failing: Vec<(Severity, usize)> =
        summary.by_severity.iter().copied().filter(|(other, _)| *other >= level).collect();
    if failing.iter().all(|(_, count)| *count == 0) {
        let good = styles.good();
        return writeln!(out, "{good}passes{good:#}: nothing at or above {level}");
    }
    let bad = styles.severity(Severity::Error);
    writeln!(out, "{bad}fails{bad:#}: {} at or above {level}", levels(&failing))
}

impl Aside {
    /// What is left out, in words; empty where that is nothing.
    pub(crate) fn told(self) -> String {
        let told = [
            (self.suppressed, "suppressed by comments"),
            (self.unchanged, "there before the change"),
            (self.below_minimum, "below the level asked for"),
            (self.known, "known to the baseline"),
            // Behind the former: what a baseline hides may be grave.
            (self.known_errors, "of them errors"),
        ];
        let some = told.iter().filter(|(count, _)| *count > 0);
        some.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(", ")
    }
}
