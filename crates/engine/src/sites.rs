//! How many sites each rule judged in a file, and how many of them fail: the denominator of a score. Knows outlines and the
//! places of findings; not what rules judge, nor what a score makes of it.

#[cfg(test)]
mod tests;

use std::cell::OnceCell;

use camino::Utf8PathBuf;
use roadworthy_parser::{Definition, DefinitionKind, Keyword, LogicalLine, Outline, Span};

use crate::{Check, FileContext, Rule, RuleId, SiteKind};

/// The sites a rule judged in a file and how many of them failed, suppressed ones not counted as failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteCount {
    /// Sites judged: never fewer than there are places with findings, suppressed ones among them.
    pub judged: u32,
    /// Sites with a finding.
    pub failed: u32,
}

impl SiteCount {
    pub(crate) fn add(&mut self, other: Self) {
        self.judged += other.judged;
        self.failed += other.failed;
    }
}

/// What the rules judged in one file.
#[derive(Clone, Debug)]
pub struct FileSites {
    /// The file, as findings name it.
    pub path: Utf8PathBuf,
    /// Whether something uses it, as far as one can tell: clean sites of a file that nothing reaches are no merit.
    pub reached: bool,
    /// What each rule judged; a rule that judged nothing is left out. Empty where nobody asked for it.
    pub counts: Vec<(&'static Rule, SiteCount)>,
    /// What the rules that fold judged by their own count, of which a finding about a component speaks.
    pub folds: Vec<(&'static Rule, SiteCount)>,
}

/// A place with a finding, and whether a comment silences it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) rule: RuleId,
    pub(crate) span: Span,
    pub(crate) silenced: bool,
}

/// The sites of a file, by kind, each kind looked for when it is first asked for.
pub(crate) struct FileUnits<'f, 'a> {
    file: &'f FileContext<'a>,
    /// How many comments of ours there are.
    suppressions: u32,
    by_kind: [Option<Vec<Span>>; UNITS],
    statements: OnceCell<Vec<u32>>,
    /// The last name of each call.
    called: OnceCell<Vec<&'a str>>,
}

/// Kinds whose sites are ranges of the file, counted by their place in [`SiteKind::ALL`].
const UNITS: usize = SiteKind::Test as usize + 1;

impl<'f, 'a> FileUnits<'f, 'a> {
    pub(crate) fn new(file: &'f FileContext<'a>, suppressions: u32) -> Self {
        let (statements, called) = (OnceCell::new(), OnceCell::new());
        Self { file, suppressions, by_kind: [const { None }; UNITS], statements, called }
    }

    /// What a rule judged: `told` are the sites that it counted itself, `found` the places of its own findings.
    pub(crate) fn count(&mut self, rule: &Rule, told: u32, found: &[Found]) -> SiteCount {
        let places = || found.iter().map(|it| (it.span, it.silenced));
        match rule.site {
            SiteKind::Place if matches!(rule.check, Check::Nodes { .. } | Check::Query(_)) => {
                among(&self.calls(rule), places())
            }
            SiteKind::Place => at_least(told, &distinct(places())),
            SiteKind::Suppression => at_least(self.suppressions, &distinct(places())),
            SiteKind::File => at_least(1, &distinct(places().map(|it| (Span::empty(0), it.1)))),
            kind if kind.is_of_project() => SiteCount::default(),
            kind => among(self.units(kind), places()),
        }
    }

    /// The calls of the triggers of a rule that is handed nodes: the same whatever of the file was parsed.
    fn calls(&self, rule: &Rule) -> Vec<Span> {
        let calls = &self.file.outline.calls;
        let text = self.file.source.text();
        let called =
            self.called.get_or_init(|| calls.iter().map(|it| it.last_name(text)).collect());
        let is_meant = |name: &str| rule.triggers.iter().any(|trigger| trigger.text == name);
        let meant = calls.iter().zip(called).filter(|(_, name)| is_meant(name));
        meant.map(|(call, _)| Span::new(call.name.start, call.arguments.end)).collect()
    }

    fn units(&mut self, kind: SiteKind) -> &[Span] {
        let FileContext { source, outline, .. } = *self.file;
        let statements = || &**self.statements.get_or_init(|| statements(outline, source.text()));
        let units = || units(outline, source.text(), &statements, kind);
        self.by_kind[kind as usize].get_or_insert_with(units)
    }
}

/// So many places that a rule judged by its own count, and those of them that fail.
pub(crate) fn places(judged: u32, found: &[Found]) -> SiteCount {
    at_least(judged, &distinct(found.iter().map(|it| (it.span, it.silenced))))
}

/// The different places among some, each with whether all that stands there is silenced.
fn distinct(places: impl Iterator<Item = (Span, bool)>) -> Vec<(Span, bool)> {
    let mut places: Vec<_> = places.collect();
    places.sort_unstable();
    places.dedup_by_key(|(span, _)| *span);
    places
}

/// So many sites, but no fewer than places with findings, of which those fail that are not silenced.
fn at_least(judged: u32, places: &[(Span, bool)]) -> SiteCount {
    let failed = places.iter().filter(|(_, silenced)| !silenced).count() as u32;
    SiteCount { judged: judged.max(places.len() as u32), failed }
}

/// The sites are some ranges, sorted by their start, and besides each place with findings that lies in none of them.
fn among(units: &[Span], places: impl Iterator<Item = (Span, bool)>) -> SiteCount {
    let failed = distinct(places.map(|(span, it)| (unit_of(units, span).unwrap_or(span), it)));
    let outside = failed.iter().filter(|(span, _)| units.binary_search(span).is_err()).count();
    at_least((units.len() + outside) as u32, &failed)
}

/// The innermost of some ranges around the beginning of a place, or else the first that begins in it.
fn unit_of(units: &[Span], place: Span) -> Option<Span> {
    let before = units.partition_point(|unit| unit.start <= place.start);
    let around = units[..before].iter().rev().find(|unit| unit.contains(place.start));
    let inside = units[before..].first().filter(|unit| unit.start < place.end);
    around.or(inside).copied()
}

/// The sites of a kind in a file, by their start. `statements` tells how many each definition holds.
fn units<'s>(
    outline: &Outline,
    text: &str,
    statements: &dyn Fn() -> &'s [u32],
    kind: SiteKind,
) -> Vec<Span> {
    let of_definitions = |least: u32, is_meant: &dyn Fn(&Definition) -> bool| {
        let all = outline.definitions.iter().zip(statements());
        let meant = all.filter(|(definition, count)| **count >= least && is_meant(definition));
        let mut spans: Vec<_> = meant.map(|(definition, _)| definition.span).collect();
        spans.sort_unstable();
        spans
    };
    let of_lines = |is_meant: &dyn Fn(&LogicalLine) -> bool| {
        outline.lines.iter().filter(|line| is_meant(line)).map(|line| line.span).collect()
    };
    match kind {
        SiteKind::Function => of_definitions(2, &Definition::is_function),
        SiteKind::Coroutine => {
            of_definitions(2, &|definition| definition.kind == DefinitionKind::AsyncFunction)
        }
        SiteKind::Class => of_definitions(1, &Definition::is_class),
        SiteKind::Test => of_definitions(1, &|definition| {
            definition.is_function() && definition.name.of_text(text).starts_with("test")
        }),
        SiteKind::Raise => of_lines(&|line| {
            line.keyword == Keyword::Raise && line.span.of_text(text).trim() != "raise"
        }),
        SiteKind::Assert => of_lines(&|line| line.keyword == Keyword::Assert),
        SiteKind::Handler => handlers(outline),
        _ => Vec::new(),
    }
}

/// How many statements each definition holds itself, with those of its blocks: neither docstrings nor `pass` or `...`, and a
/// definition within counts as one.
fn statements(outline: &Outline, text: &str) -> Vec<u32> {
    let mut counts = vec![0; outline.definitions.len()];
    for line in &outline.lines {
        let Some(scope) = line.scope else { continue };
        let is_idle = matches!(line.keyword, Keyword::Pass | Keyword::Decorator)
            || is_ellipsis_or_text(outline, text, line);
        counts[scope as usize] += u32::from(!is_idle);
    }
    counts
}

/// Whether a line is nothing but `...` or a string: a docstring, or text used as a comment.
fn is_ellipsis_or_text(outline: &Outline, text: &str, line: &LogicalLine) -> bool {
    // Few lines begin so, and most are looked at for nothing else.
    match text.as_bytes().get(line.span.start as usize) {
        Some(b'.') => return line.span.of_text(text) == "...",
        Some(b'"' | b'\'' | b'r' | b'R' | b'b' | b'B' | b'f' | b'F' | b'u' | b'U') => {}
        _ => return false,
    }
    let at = line.span.start;
    let index = outline.strings.binary_search_by_key(&at, |string| string.span.start);
    index.is_ok_and(|index| outline.strings[index].statement)
}

/// The `except` clauses, each up to the line that is no deeper than itself.
fn handlers(outline: &Outline) -> Vec<Span> {
    let lines = &outline.lines;
    let clauses = lines.iter().enumerate().filter(|(_, line)| line.keyword == Keyword::Except);
    let spans = clauses.map(|(index, line)| {
        let inside = lines[index + 1..].iter().take_while(|other| other.indent > line.indent);
        Span::new(line.span.start, inside.last().unwrap_or(line).span.end)
    });
    spans.collect()
}
