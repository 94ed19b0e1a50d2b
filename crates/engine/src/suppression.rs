//! Comments that silence findings: our own, and those of the tools whose rules ours replace; and what each
//! silenced. Knows comments and lines, not what rules judge.

mod complaints;
mod foreign;
mod multiline;
pub(crate) mod own;
pub(crate) mod placing;
mod reach;
pub(crate) mod removal;

use std::cell::Cell;
use std::ops::Range;

use jiff::civil::Date;
use roadworthy_parser::{Outline, SourceFile, Span};
use roadworthy_project::FileKind;

use crate::document_comments;
use crate::{Catalog, Report, RuleId, RuleSet, Selection};

pub(crate) use complaints::Fault;
use foreign::Marker;
use own::{Own, Until, own_comments};
use reach::{Around, Reach};

/// The comments of a file that silence findings, by what they speak for.
pub(crate) struct Suppressions<'a> {
    around: Around<'a>,
    /// Our own comments.
    own: Vec<Own<'a>>,
    /// Of each of them the marks that it makes.
    marks_of: Vec<Range<usize>>,
    /// All that silences: of our own comments each name, of those of others each marker.
    marks: Vec<Mark<'a>>,
    /// For the whole file.
    of_file: Vec<usize>,
    /// For every finding whose extent touches a line (from 1), by line.
    of_lines: Vec<(u32, usize)>,
    /// For every finding that begins in a range, by where the range begins.
    of_ranges: Vec<(Span, usize)>,
    /// The farthest end of the ranges up to each: a finding behind it asks none of them.
    farthest: Vec<u32>,
    today: Option<Date>,
}

/// One name of our own comments, or one marker of another tool.
struct Mark<'a> {
    rules: RuleSet,
    from: Origin<'a>,
    /// Whether it spoke for some finding.
    used: Cell<bool>,
}

#[derive(Clone, Copy)]
enum Origin<'a> {
    /// A comment of our own, and which of its names.
    Own { comment: usize, name: usize },
    /// A comment of another tool.
    Foreign { comment: Span, reason: Option<&'a str> },
}

/// Why a finding is silenced.
pub(crate) struct Silence<'s> {
    pub(crate) reason: Option<&'s str>,
    pub(crate) until: Option<Date>,
    pub(crate) own: bool,
}

impl<'a> Suppressions<'a> {
    /// Reads the comments of a file. Those of our own that ended before `today` silence nothing.
    pub(crate) fn new(
        catalog: &Catalog,
        source: &'a SourceFile,
        outline: &'a Outline,
        kind: FileKind,
        today: Option<Date>,
    ) -> Self {
        let mut all = Self {
            around: Around { source, outline, kind, last_block: (0, 0) },
            own: Vec::new(),
            marks_of: Vec::new(),
            marks: Vec::new(),
            of_file: Vec::new(),
            of_lines: Vec::new(),
            of_ranges: Vec::new(),
            farthest: Vec::new(),
            today,
        };
        let found = (!kind.is_python()).then(|| document_comments::comments(source, kind));
        for &comment in found.as_ref().unwrap_or(&outline.comments) {
            let text = source.slice(comment);
            if !text.contains([':', 'n', 'N']) {
                continue;
            }
            for own in own_comments(text, comment.start, kind) {
                all.take_own(catalog, comment, own);
            }
            let words = if kind.is_python() { text } else { document_comments::words(text) };
            all.take_foreign(catalog, comment, words);
        }
        // A comment may speak for the next line and another of its markers for its own.
        all.of_lines.sort_by_key(|(line, _)| *line);
        all.of_ranges.sort_by_key(|(range, _)| range.start);
        let ends = all.of_ranges.iter().scan(0, |farthest: &mut u32, (range, _)| {
            *farthest = range.end.max(*farthest);
            Some(*farthest)
        });
        all.farthest = ends.collect();
        all
    }

    fn take(&mut self, reaches: &[Reach], rules: RuleSet, from: Origin<'a>) {
        // Without rules it silences nothing.
        if rules.is_empty() {
            return;
        }
        let mark = self.marks.len();
        self.marks.push(Mark { rules, from, used: Cell::new(false) });
        for reach in reaches {
            match *reach {
                Reach::File => self.of_file.push(mark),
                Reach::Line(line) => self.of_lines.push((line, mark)),
                Reach::Range(range) => self.of_ranges.push((range, mark)),
            }
        }
    }

    fn take_own(&mut self, catalog: &Catalog, comment: Span, own: Own<'a>) {
        let first = self.marks.len();
        if let Ok(words) = &own.words {
            let mut reaches = Vec::with_capacity(2);
            if words.file {
                reaches.push(Reach::File);
            } else {
                reaches.push(self.around.of(comment));
                reaches.extend(self.around.beside_text(comment, own.span));
            }
            let sets: Vec<_> = words.names.iter().map(|(_, name)| named(catalog, name)).collect();
            for (name, set) in sets.into_iter().enumerate() {
                let from = Origin::Own { comment: self.own.len(), name };
                self.take(&reaches, set.unwrap_or_default(), from);
            }
        }
        self.marks_of.push(first..self.marks.len());
        self.own.push(own);
    }

    /// How many comments of our own there are.
    pub(crate) fn own_comments(&self) -> u32 {
        self.own.len() as u32
    }

    /// The marks of one of our comments, each with the number of its name.
    fn marks_of(&self, comment: usize) -> impl Iterator<Item = (usize, &Mark<'a>)> + Clone {
        self.marks[self.marks_of[comment].clone()].iter().filter_map(|mark| match mark.from {
            Origin::Own { name, .. } => Some((name, mark)),
            Origin::Foreign { .. } => None,
        })
    }

    fn take_foreign(&mut self, catalog: &Catalog, comment: Span, text: &'a str) {
        let line = self.around.source.lines().line(comment.start);
        for foreign in foreign::foreign_markers(text) {
            // Those who ask for nothing but Python have no say elsewhere.
            let is_python = self.around.kind.is_python();
            let reach = match foreign.marker {
                _ if foreign.file => Reach::File,
                Marker::Pylint if is_python => self.around.of_pylint(comment),
                Marker::Ruff if is_python => self.around.of(comment),
                Marker::NextLine => Reach::Line(line + 1),
                _ if !is_python => Reach::Line(self.around.line_of(comment)),
                _ => Reach::Line(line),
            };
            let rules = catalog.rules().iter().enumerate();
            let meant = rules.filter(|(_, rule)| foreign.means(rule)).map(|(id, _)| id);
            let from = Origin::Foreign { comment, reason: foreign.reason };
            self.take(&[reach], meant.collect(), from);
        }
    }

    /// The comment that silences a finding: one of our own before others, one with a reason before others. All that
    /// speak for it are marked as used.
    pub(crate) fn silences(&self, id: RuleId, report: &Report) -> Option<Silence<'_>> {
        let mut best: Option<Silence<'_>> = None;
        for mark in self.around(report).filter(|mark| mark.rules.contains(id)) {
            mark.used.set(true);
            let silence = match mark.from {
                Origin::Own { comment, .. } => {
                    let Ok(words) = &self.own[comment].words else { continue };
                    if words.until.is_some_and(|until| until.has_passed(self.today)) {
                        continue;
                    }
                    let until = words.until.and_then(|until| match until {
                        Until::Day(day) => Some(day),
                        Until::NoDate(_) => None,
                    });
                    Silence { reason: words.reason.as_deref(), until, own: true }
                }
                Origin::Foreign { reason, .. } => Silence { reason, until: None, own: false },
            };
            let rank = |it: &Silence<'_>| (it.own, it.reason.is_some());
            if best.as_ref().is_none_or(|best| rank(&silence) > rank(best)) {
                best = Some(silence);
            }
        }
        best
    }

    /// What speaks for the place of a finding, whatever its rule.
    fn around(&self, report: &Report) -> impl Iterator<Item = &Mark<'a>> {
        let (first, last) = self.lines_of(report);
        let from = self.of_lines.partition_point(|(line, _)| *line < first);
        let lines = self.of_lines[from..].iter().take_while(move |(line, _)| *line <= last);

        let at = report.span.start;
        let begun = self.of_ranges.partition_point(|(range, _)| range.start <= at);
        let reaching = (0..begun).rev().take_while(move |&index| self.farthest[index] > at);
        let ranges = reaching.map(|index| &self.of_ranges[index]);
        let ranges = ranges.filter(move |(range, _)| range.contains(at)).map(|(_, mark)| mark);
        let marks = self.of_file.iter().chain(lines.map(|(_, mark)| mark)).chain(ranges);
        marks.map(|&mark| &self.marks[mark])
    }

    /// The first and last line on which a comment speaks for a finding.
    fn lines_of(&self, report: &Report) -> (u32, u32) {
        let lines = self.around.source.lines();
        if !self.around.kind.is_python() {
            let extent = report.extent.unwrap_or(report.span);
            return (lines.line(extent.start), lines.line(extent.end.max(extent.start + 1) - 1));
        }
        let line = self.around.outline.line_at(report.span.start).map(|line| line.span);
        let line = line.filter(|line| line.contains(report.span.start)).unwrap_or(report.span);
        let extent = report.extent.unwrap_or(line);
        let first = extent.start.min(report.span.start);
        let last = extent.end.max(report.span.start);
        (lines.line(first), lines.line(last))
    }
}

fn named(catalog: &Catalog, name: &str) -> Result<RuleSet, crate::UnknownRule> {
    Selection::all_named(catalog, &[name.to_owned()])
}
