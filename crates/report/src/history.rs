//! What a history held: the formats of `--history`. Knows findings and names of commits, no repository.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::time::Duration;

use camino::Utf8PathBuf;
use roadworthy_engine::{Finding, Severity};
use roadworthy_project::history::CommitName;
use serde::Serialize;

use crate::full::{MOST_BLOCKS, block};
use crate::json::{JsonFinding, VERSION, finding, write};
use crate::summary::{Summary, counted, levels, size};
use crate::{FullOptions, ShownFile, Styles, clean, redacted, table};

/// A secret where it was added first.
#[derive(Clone, Debug)]
pub struct HistoryFinding<'h> {
    /// What was found, with the path and the place in that version.
    pub finding: &'h Finding,
    /// The commit that added it.
    pub commit: &'h CommitName,
    /// Where it is in HEAD, if it still is.
    pub in_head: Option<Utf8PathBuf>,
}

/// What a history held, as the formats take it.
#[derive(Clone, Copy, Debug)]
pub struct HistoryReport<'h> {
    /// The secrets to show, oldest commit first.
    pub findings: &'h [HistoryFinding<'h>],
    /// Number of commits looked at.
    pub commits: usize,
    /// Number of versions of files judged.
    pub versions: usize,
    /// Their size in bytes.
    pub bytes: u64,
    /// Number of secrets below the least severity that is shown.
    pub below_minimum: usize,
    /// How long the run took.
    pub duration: Duration,
    /// The level from which on a finding fails the run; `None` for never.
    pub fail_on: Option<Severity>,
}

impl HistoryReport<'_> {
    fn summary(&self) -> Summary {
        Summary::of_findings(&self.findings.iter().map(|it| it.finding))
    }
}

impl HistoryFinding<'_> {
    /// The commit and what has become of the secret: "3f2a91c of 2024-05-02, still in HEAD".
    fn told(&self) -> String {
        let CommitName { short, date, .. } = self.commit;
        let day = date.split('T').next().unwrap_or_default();
        let now = match &self.in_head {
            Some(path) if *path == self.finding.path => "still in HEAD".to_owned(),
            Some(path) => format!("still in HEAD, in {path}"),
            None => "no longer in HEAD".to_owned(),
        };
        format!("{short} of {day}, {now}")
    }
}

/// Writes one line for each secret, the table by rule and the counts.
pub fn history_concise(
    out: &mut dyn Write,
    report: &HistoryReport<'_>,
    styles: Styles,
) -> io::Result<()> {
    for found in report.findings {
        let HistoryFinding { finding, .. } = found;
        let (level, path, faint) =
            (styles.severity(finding.severity), styles.path(), styles.faint());
        writeln!(
            out,
            "{path}{}{path:#}:{}:{}: {level}{}[{}]{level:#} {} {faint}({}){faint:#}",
            clean(finding.path.as_str()),
            finding.start.line,
            finding.start.column,
            finding.severity,
            finding.rule.name,
            clean(&finding.message),
            clean(&found.told()),
        )?;
    }
    if !report.findings.is_empty() {
        writeln!(out)?;
    }
    history_statistics(out, report, styles)
}

/// Writes the secrets, worst first, each with its lines in the version that added it. `load` gives that version by the
/// index of the finding.
pub fn history_full(
    out: &mut dyn Write,
    report: &HistoryReport<'_>,
    options: FullOptions<'_>,
    load: &dyn Fn(usize) -> Option<ShownFile>,
) -> io::Result<()> {
    let mut order: Vec<usize> = (0..report.findings.len()).collect();
    // The sort is stable: among equals the order stays that of commits.
    order.sort_by_key(|&index| std::cmp::Reverse(report.findings[index].finding.severity));
    let mut explained = BTreeSet::new();
    for &index in order.iter().take(MOST_BLOCKS) {
        let found = &report.findings[index];
        let file = load(index);
        let first = explained.insert(found.finding.rule.name);
        let more = Some(("commit", found.told()));
        let more = more.as_ref().map(|(name, text)| (*name, text.as_str()));
        block(out, found.finding, file.as_ref(), first, options, more)?;
    }
    let styles = options.styles;
    if order.len() > MOST_BLOCKS {
        let (strong, more) = (styles.strong(), order.len() - MOST_BLOCKS);
        writeln!(out, "{strong}{more} more{strong:#}: `--output-format concise` lists them all\n")?;
    }
    history_statistics(out, report, styles)
}

/// Writes the table by rule, the counts and what they ask for.
pub fn history_statistics(
    out: &mut dyn Write,
    report: &HistoryReport<'_>,
    styles: Styles,
) -> io::Result<()> {
    let summary = report.summary();
    table::table(out, &summary, styles)?;
    let looked_at = format!(
        "{} ({}, {}, {:.2} s)",
        counted(report.commits, "commit"),
        counted(report.versions, "version") + " of files",
        size(report.bytes),
        report.duration.as_secs_f64()
    );
    let (good, faint) = (styles.good(), styles.faint());
    let aside = match report.below_minimum {
        0 => String::new(),
        some => format!(" {faint}({some} below the level asked for){faint:#}"),
    };
    if report.findings.is_empty() {
        return if report.versions == 0 {
            writeln!(
                out,
                "No version of a file was judged in {}",
                counted(report.commits, "commit")
            )
        } else {
            writeln!(out, "{good}Nothing found{good:#} in {looked_at}{aside}")
        };
    }
    writeln!(out, "Found {} in {looked_at}{aside}", levels(&summary.by_severity))?;
    let gone = report.findings.iter().filter(|found| found.in_head.is_none()).count();
    let still = report.findings.len() - gone;
    writeln!(
        out,
        "{still} still in HEAD, {gone} in the history only: whoever has a clone can read either, so replace them \
         all where they are used, then take them out"
    )?;
    table::verdict(out, &summary, report.fail_on, styles)
}

#[derive(Serialize)]
struct JsonHistory<'h> {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Vec<JsonHistoryFinding<'h>>>,
    summary: JsonHistorySummary<'h>,
}

#[derive(Serialize)]
struct JsonHistoryFinding<'h> {
    #[serde(flatten)]
    finding: JsonFinding<'h>,
    commit: JsonCommit<'h>,
    in_head: bool,
    head_path: Option<Cow<'h, str>>,
}

#[derive(Serialize)]
struct JsonCommit<'h> {
    hash: &'h str,
    short: &'h str,
    date: &'h str,
}

#[derive(Serialize)]
struct JsonHistorySummary<'h> {
    by_severity: BTreeMap<&'h str, usize>,
    by_rule: BTreeMap<&'h str, usize>,
    in_head: usize,
    below_minimum: usize,
    fails: bool,
    commits: usize,
    versions: usize,
    bytes_scanned: u64,
    seconds: f64,
}

/// Writes `{"version", "findings", "summary"}`, or without the findings.
pub fn history_json(
    out: &mut dyn Write,
    report: &HistoryReport<'_>,
    with_findings: bool,
) -> io::Result<()> {
    let summary = report.summary();
    let mut by_rule = BTreeMap::new();
    for row in &summary.by_rule {
        *by_rule.entry(row.rule.name).or_insert(0) += row.count;
    }
    let fails = |level| report.findings.iter().any(|found| found.finding.severity >= level);
    let one = |found: &'_ HistoryFinding<'_>| -> usize { usize::from(found.in_head.is_some()) };
    let summary = JsonHistorySummary {
        by_severity: summary.by_severity.iter().map(|(level, n)| (level.name(), *n)).collect(),
        by_rule,
        in_head: report.findings.iter().map(one).sum(),
        below_minimum: report.below_minimum,
        fails: report.fail_on.is_some_and(fails),
        commits: report.commits,
        versions: report.versions,
        bytes_scanned: report.bytes,
        seconds: report.duration.as_secs_f64(),
    };
    let findings = report.findings.iter().map(|found| JsonHistoryFinding {
        finding: finding(found.finding, None),
        commit: JsonCommit {
            hash: &found.commit.hash,
            short: &found.commit.short,
            date: &found.commit.date,
        },
        in_head: found.in_head.is_some(),
        head_path: found.in_head.as_ref().map(|path| redacted(path.as_str())),
    });
    let findings = with_findings.then(|| findings.collect());
    write(out, &JsonHistory { version: VERSION, findings, summary })
}
