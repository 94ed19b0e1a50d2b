//! Annotations of GitHub Actions: commands in the log of a step. Holds no source text, so that nothing of a file is taken
//! for a command.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write};

use roadworthy_engine::{Finding, Severity};

use crate::clean::visible;
use crate::place::last_line;
use crate::summary::counted;
use crate::{Report, Root, redacted};

/// The most annotations of one level that GitHub shows of a step; it drops more in silence.
const MOST: usize = 10;

/// Writes an annotation for the worst findings: of each level as many as are shown, from as many rules as possible.
/// What is left out is counted in a last one. `summarised` tells whether the summary of the step holds them.
pub fn github(
    out: &mut dyn Write,
    report: &Report<'_>,
    root: &Root,
    summarised: bool,
) -> io::Result<()> {
    let mut left_out = 0;
    for level in Severity::ALL {
        let findings = report.findings.iter().filter(|it| it.severity == level);
        let (count, mut spread) = (findings.clone().count(), spread(findings));
        // The last notice is for what is left out.
        spread.truncate(if level == Severity::Info { MOST - 1 } else { MOST });
        left_out += count - spread.len();
        for finding in spread {
            annotation(out, finding, root)?;
        }
    }
    if left_out > 0 {
        let rest = if summarised {
            "are in the summary of this step"
        } else {
            "are not shown here: `roadworthy check --output-format concise` lists them all"
        };
        let more = counted(left_out, "more finding");
        writeln!(out, "::notice title=roadworthy::{} {}", text(&more), text(rest))?;
    }
    Ok(())
}

/// In rounds of one finding of each rule, those first of which there are few.
fn spread<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<&'f Finding> {
    let mut by_rule: BTreeMap<&str, VecDeque<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_rule.entry(finding.rule.name).or_default().push_back(finding);
    }
    let mut rules: Vec<_> = by_rule.into_values().collect();
    rules.sort_by_key(VecDeque::len);
    let mut spread = Vec::new();
    while spread.len() < MOST && !rules.is_empty() {
        spread.extend(rules.iter_mut().filter_map(VecDeque::pop_front));
        rules.retain(|rule| !rule.is_empty());
    }
    spread
}

fn annotation(out: &mut dyn Write, finding: &Finding, root: &Root) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let (start, last) = (finding.start, last_line(finding));
    let path = property(&root.path(&finding.path));
    write!(out, "::{command} file={path},line={}", start.line)?;
    // Columns are taken only within one line, the last one inclusive.
    if finding.end.line == start.line {
        let end = finding.end.column.saturating_sub(1).max(start.column);
        write!(out, ",col={},endLine={last},endColumn={end}", start.column)?;
    } else {
        write!(out, ",endLine={last}")?;
    }
    let (message, fix) = (redacted(&finding.message), redacted(finding.rule.fix));
    let help = if fix.is_empty() { String::new() } else { format!("\nhelp: {fix}") };
    writeln!(out, ",title={}::{}", property(finding.rule.name), text(&format!("{message}{help}")))
}

/// A message, escaped as the runner reads it.
fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            other => escaped.push(visible(other)),
        }
    }
    escaped
}

/// A property of a command, escaped as the runner reads it.
fn property(value: &str) -> String {
    text(value).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_escaped_as_the_runner_reads_them() {
        assert_eq!(text("100 %\r\n::error::a,b"), "100 %25%0D%0A::error::a,b");
        assert_eq!(property("a:b,c%d\n\u{1b}"), "a%3Ab%2Cc%25d%0A␛");
    }
}
