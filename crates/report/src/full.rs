//! The report for people: the worst first, each with its lines, why it matters and what to do.
//! Knows no disk: what a file holds is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Write};

use camino::Utf8Path;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use roadworthy_engine::{Applicability, Finding, RuleFile, Severity};
use roadworthy_parser::{SourceFile, Span};

use crate::frame::{Frame, frame};
use crate::summary::{RuleCount, Summary};
use crate::wrap::wrapped;
use crate::{Report, Styles, clean, table};

/// The most findings that are shown with their lines.
pub(crate) const MOST_BLOCKS: usize = 50;
/// More of a rule's reason is for `explain`.
const WHY_LENGTH: usize = 240;

/// A file whose lines are shown.
#[derive(Debug)]
pub struct ShownFile {
    /// Its text.
    pub source: SourceFile,
    /// The ranges whose text no output may hold.
    pub hidden: Vec<Span>,
}

/// What the full report is made with.
#[derive(Clone, Copy)]
pub struct FullOptions<'o> {
    /// The colours.
    pub styles: Styles,
    /// The width of a line.
    pub width: usize,
    /// Gives the text of a file by its path; `None` where there is none any more.
    pub load: &'o dyn Fn(&Utf8Path) -> Option<ShownFile>,
}

/// Writes the findings, worst first and rule by rule, the table by rule and the verdict of the gate.
pub fn full(out: &mut dyn Write, report: &Report<'_>, options: FullOptions<'_>) -> io::Result<()> {
    let summary = Summary::of(report);
    let rare = |finding: &Finding| {
        let same = |row: &&RuleCount| {
            row.severity == finding.severity && row.rule.name == finding.rule.name
        };
        summary.by_rule.iter().find(same).map_or(0, |row| row.count)
    };
    // Of one level those first that few share: what is found everywhere would hide them. The sort is stable, so that
    // among equals the order stays that of paths.
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_cached_key(|finding| {
        (std::cmp::Reverse(finding.severity), rare(finding), finding.rule.name)
    });
    let mut loaded: BTreeMap<&Utf8Path, Option<ShownFile>> = BTreeMap::new();
    let mut explained = BTreeSet::new();
    for finding in findings.iter().take(MOST_BLOCKS) {
        let path = finding.path.as_path();
        let file = loaded.entry(path).or_insert_with(|| (options.load)(path));
        block(out, finding, file.as_ref(), explained.insert(finding.rule.name), options, None)?;
    }
    let styles = options.styles;
    if findings.len() > MOST_BLOCKS {
        let (strong, more) = (styles.strong(), findings.len() - MOST_BLOCKS);
        writeln!(out, "{strong}{more} more{strong:#}: `--output-format concise` lists them all\n")?;
    }
    table::table(out, &summary, styles)?;
    // `explain` knows the built-in rules.
    let explained = summary.by_rule.first().filter(|row| !crate::is_own(row.rule));
    let next = explained.map(|row| {
        format!("`roadworthy explain {}` tells more about the first of these", row.rule.name)
    });
    table::closing(out, report, &summary, styles, next.as_deref())
}

/// One finding, with a line of its own at the end where there is more to say.
pub(crate) fn block(
    out: &mut dyn Write,
    finding: &Finding,
    file: Option<&ShownFile>,
    first_of_rule: bool,
    options: FullOptions<'_>,
    more: Option<(&str, &str)>,
) -> io::Result<()> {
    let FullOptions { styles, width, .. } = options;
    let shown = file.and_then(|file| {
        // A secret is hidden even where the rules were not run again.
        let mut hidden = file.hidden.clone();
        hidden.extend(finding.rule.hides_text.then_some(finding.span));
        frame(&file.source, finding.span, &hidden)
    });
    let has_frame = shown.is_some();
    let diagnostic = Shown { finding, window: shown.map(|frame| Window::new(finding, frame)) };
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme(finding, styles))
        .with_width(width)
        .with_links(false)
        .with_context_lines(1)
        .with_wrap_lines(false)
        .without_syntax_highlighting();
    handler.render_report(&mut text, &diagnostic).map_err(io::Error::other)?;
    // The title is written here, so that it breaks between words only.
    let level = styles.severity(finding.severity);
    let indent = format!("{}[{}]: ", finding.severity, finding.rule.name).len();
    let title = format!("{}[{}]:", finding.severity, styles.rule(finding.rule));
    let title = format!("{level}{title}{level:#} ");
    wrapped(out, (&title, indent), &clean(&finding.message), width)?;
    for line in text.lines().filter(|line| !line.trim().is_empty()).skip(1) {
        writeln!(out, "{}", line.trim_end())?;
    }
    if !has_frame {
        let (path, place) = (styles.path(), place(finding));
        writeln!(out, "   ╰─[{path}{place}{path:#}]")?;
    }
    let label = |name: &str| format!("  {}{name}:{:#} ", styles.strong(), styles.strong());
    if first_of_rule && let Some(why) = why(finding) {
        wrapped(out, (&label("why"), 7), &clean(&why), width)?;
    }
    if !finding.rule.fix.is_empty() {
        wrapped(out, (&label("help"), 8), &clean(finding.rule.fix), width)?;
    }
    if let Some(fix) = &finding.fix {
        let (option, after) = match fix.applicability {
            Applicability::Safe => ("--fix", ""),
            Applicability::Unsafe => ("--fix --unsafe-fixes", "; look at what it writes"),
        };
        wrapped(out, (&label("fix"), 7), &format!("`{option}` does it{after}"), width)?;
    }
    if let Some((name, text)) = more {
        wrapped(out, (&label(name), name.len() + 4), &clean(text), width)?;
    }
    writeln!(out)
}

fn place(finding: &Finding) -> String {
    let path = clean(finding.path.as_str());
    // A finding about a whole file or folder has no place in it.
    if finding.role.is_none() && finding.span.is_empty() {
        return path.into_owned();
    }
    format!("{path}:{}:{}", finding.start.line, finding.start.column)
}

fn theme(finding: &Finding, styles: Styles) -> GraphicalTheme {
    let mut colours = if styles.is_coloured() { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let own = match finding.severity {
        Severity::Error => colours.error,
        Severity::Warning => colours.warning,
        Severity::Info => colours.advice,
    };
    colours.highlights = vec![own];
    GraphicalTheme { characters: ThemeCharacters::unicode(), styles: colours }
}

/// The beginning of the reason that a rule gives.
fn why(finding: &Finding) -> Option<String> {
    let file = RuleFile::parse(finding.rule.source).ok()?;
    let text = file.why.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(first_sentences(&text).to_owned()).filter(|why| !why.is_empty())
}

/// As many whole sentences as are short, and one at least.
fn first_sentences(text: &str) -> &str {
    let begins = |next: char| next.is_uppercase() || next == '`';
    let ends = text.match_indices(". ").map(|(at, _)| at + 1);
    let ends = ends.filter(|&end| text[end + 1..].starts_with(begins));
    let mut ends = ends.chain([text.len()]);
    let mut end = ends.next().unwrap_or(text.len());
    end = ends.take_while(|&end| end <= WHY_LENGTH).last().unwrap_or(end);
    &text[..end]
}

/// A finding as miette takes it.
#[derive(Debug)]
struct Shown<'f> {
    finding: &'f Finding,
    window: Option<Window>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.finding.rule.name)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.window.as_ref().map(|window| window as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let frame = &self.window.as_ref()?.frame;
        let label = LabeledSpan::new(None, frame.start, frame.end - frame.start);
        Some(Box::new(std::iter::once(label)))
    }
}

/// The few lines that are shown, with the place they have in the whole file.
#[derive(Debug)]
struct Window {
    frame: Frame,
    path: String,
    line: usize,
    column: usize,
}

impl Window {
    fn new(finding: &Finding, frame: Frame) -> Self {
        Self {
            frame,
            path: clean(finding.path.as_str()).into_owned(),
            line: finding.start.line as usize,
            column: finding.start.column as usize,
        }
    }
}

impl SourceCode for Window {
    /// Without context the place of the finding is asked for, otherwise all that is shown.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let bytes = self.frame.text.as_bytes();
        let name = self.path.clone();
        let contents = if before == 0 && after == 0 {
            let end = (span.offset() + span.len()).min(bytes.len());
            let data = bytes.get(span.offset()..end).ok_or(MietteError::OutOfBounds)?;
            MietteSpanContents::new_named(name, data, *span, self.line - 1, self.column - 1, 1)
        } else {
            let whole = SourceSpan::from((0, bytes.len()));
            let count = self.frame.text.matches('\n').count() + 1;
            let line = self.frame.first_line as usize - 1;
            MietteSpanContents::new_named(name, bytes, whole, line, 0, count)
        };
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_cut_between_sentences() {
        let long = format!("W{}. End.", "ord word".repeat(40));
        assert_eq!(first_sentences("One, e.g. two. Three."), "One, e.g. two. Three.");
        assert_eq!(first_sentences(&format!("One. Two. {long}")), "One. Two.");
        assert_eq!(first_sentences(&long), long.strip_suffix(" End.").unwrap());
        assert_eq!(first_sentences(""), "");
    }
}
