//! Comments that silence findings: our own, and those of the tools whose rules ours replace.
//! Knows comments and lines, not what rules judge.

use std::cell::Cell;

use roadworthy_parser::{LogicalLine, Outline, SourceFile, Span};
use roadworthy_project::FileKind;

use crate::document_comments::{self, LEADERS};
use crate::{Catalog, Report, Rule, RuleId, RuleSet, Selection};

/// The comments of a file that silence findings, by what they speak for.
pub(crate) struct Suppressions<'a> {
    source: &'a SourceFile,
    outline: &'a Outline,
    /// For the whole file.
    of_file: Vec<Suppression>,
    /// For every finding whose extent touches a line (from 1), by line.
    of_lines: Vec<(u32, Suppression)>,
    /// For every finding that begins in a range, by where the range begins.
    of_ranges: Vec<(Span, Suppression)>,
    /// The farthest end of the ranges up to each: a finding behind it asks none of them.
    farthest: Vec<u32>,
    /// Indentation and end of the block in which the last comment of pylint stood.
    last_block: (u32, u32),
    /// Decides how comments are found and what they speak for: outlines know those of Python.
    kind: FileKind,
}

/// One comment, or one marker of a comment that holds several.
struct Suppression {
    comment: Span,
    rules: RuleSet,
    /// Whether it is our own, which must silence something.
    own: bool,
    used: Cell<bool>,
}

/// Something that is wrong with a suppression itself.
type Complaint = (Span, String);

/// What a comment speaks for.
#[derive(Clone, Copy)]
enum Reach {
    File,
    Line(u32),
    Range(Span),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    /// `# noqa`, read by ruff and flake8.
    Noqa,
    /// `# nosec`, read by bandit.
    Nosec,
    /// `# pylint: disable=`
    Pylint,
    /// `# pragma: allowlist secret` of detect-secrets, `# gitleaks:allow`.
    Secret,
    /// `# pragma: allowlist nextline secret` of detect-secrets.
    NextLine,
}

impl<'a> Suppressions<'a> {
    /// Reads the comments of a file. The complaints are about our own that name no rule.
    pub(crate) fn new(
        catalog: &Catalog,
        source: &'a SourceFile,
        outline: &'a Outline,
        kind: FileKind,
    ) -> (Self, Vec<Complaint>) {
        let mut complaints = Vec::new();
        let mut all = Self {
            source,
            outline,
            of_file: Vec::new(),
            of_lines: Vec::new(),
            of_ranges: Vec::new(),
            farthest: Vec::new(),
            last_block: (0, 0),
            kind,
        };
        let found = (!kind.is_python()).then(|| document_comments::comments(source, kind));
        for &comment in found.as_ref().unwrap_or(&outline.comments) {
            let text = source.slice(comment);
            if !text.contains([':', 'n', 'N']) {
                continue;
            }
            match own_marker(text, kind) {
                Some(Ok((file, names))) => {
                    all.take_own(catalog, comment, file, &names, &mut complaints);
                }
                Some(Err(complaint)) => complaints.push((comment, complaint.to_owned())),
                None => {}
            }
            let words = if kind.is_python() { text } else { document_comments::words(text) };
            all.take_foreign(catalog, comment, words);
        }
        // In prose a comment may be an example.
        if matches!(kind, FileKind::Text | FileKind::Notebook) {
            complaints.clear();
        }
        all.of_ranges.sort_by_key(|(range, _)| range.start);
        all.farthest = all
            .of_ranges
            .iter()
            .scan(0, |farthest: &mut u32, (range, _)| {
                *farthest = range.end.max(*farthest);
                Some(*farthest)
            })
            .collect();
        (all, complaints)
    }

    fn take(&mut self, reach: Reach, comment: Span, rules: RuleSet, own: bool) {
        // Without rules it silences nothing; of our own that has been said.
        if rules.is_empty() {
            return;
        }
        let suppression = Suppression { comment, rules, own, used: Cell::new(false) };
        match reach {
            Reach::File => self.of_file.push(suppression),
            // Comments come in order, and so do their lines.
            Reach::Line(line) => self.of_lines.push((line, suppression)),
            Reach::Range(range) => self.of_ranges.push((range, suppression)),
        }
    }

    fn take_own(
        &mut self,
        catalog: &Catalog,
        comment: Span,
        file: bool,
        names: &[&str],
        complaints: &mut Vec<Complaint>,
    ) {
        let mut rules = RuleSet::empty();
        for name in names {
            match Selection::all_named(catalog, &[(*name).to_owned()]) {
                Ok(set) => rules.extend(&set),
                Err(unknown) => {
                    complaints.push((comment, format!("suppression is void: {unknown}")));
                }
            }
        }
        let reach = if file { Reach::File } else { self.reach(comment) };
        self.take(reach, comment, rules, true);
    }

    /// A comment beside code speaks for its line, one alone on its line for the next logical line.
    fn reach(&self, comment: Span) -> Reach {
        let line = self.source.lines().line(comment.start);
        let before = Span::new(self.source.lines().start(line), comment.start);
        let mut before = self.source.slice(before).trim().trim_start_matches('\u{feff}');
        if self.kind == FileKind::Notebook {
            before = before.trim_start_matches('"').trim_start();
        }
        if !before.is_empty() {
            return Reach::Line(line);
        }
        if !self.kind.is_python() {
            return Reach::Line(self.next_line(line));
        }
        let lines = &self.outline.lines;
        let next = lines.partition_point(|other| other.span.start < comment.start);
        // Inside a statement over several lines there is no next one to speak for.
        let inside = next.checked_sub(1).is_some_and(|at| lines[at].span.end > comment.end);
        match lines.get(next) {
            Some(_) if inside => Reach::Line(line),
            Some(first) => Reach::Range(Span::new(first.span.start, self.statement_end(next))),
            None => Reach::Line(line),
        }
    }

    /// The next line of a file that is not Python on which more than a comment stands.
    fn next_line(&self, line: u32) -> u32 {
        const FARTHEST: u32 = 20;
        let lines = self.source.lines();
        let text = |line| lines.line_text(self.source.text(), line).trim();
        let mut behind = line + 1..=lines.count().min(line + FARTHEST);
        let speaks = |text: &str| !text.is_empty() && !document_comments::is_comment_line(text);
        behind.find(|&line| speaks(text(line))).unwrap_or(line)
    }

    /// The end of a logical line, or of the header that decorators lead to.
    fn statement_end(&self, mut index: usize) -> u32 {
        use roadworthy_parser::Keyword;
        let lines: &[LogicalLine] = &self.outline.lines;
        while lines[index].keyword == Keyword::Decorator && index + 1 < lines.len() {
            index += 1;
        }
        lines[index].span.end
    }

    fn take_foreign(&mut self, catalog: &Catalog, comment: Span, text: &str) {
        let line = self.source.lines().line(comment.start);
        for (marker, codes, file) in foreign_markers(text) {
            // Where a line cannot end in a comment, one stands before it. Those who ask for nothing but Python have
            // no say elsewhere.
            let alone = || match self.reach(comment) {
                Reach::Line(line) => line,
                _ => line,
            };
            let reach = match (file, marker) {
                (true, _) => Reach::File,
                (false, Marker::Pylint) if self.kind.is_python() => {
                    self.pylint_reach(comment, line)
                }
                (false, Marker::NextLine) => Reach::Line(line + 1),
                (false, _) if !self.kind.is_python() => Reach::Line(alone()),
                (false, _) => Reach::Line(line),
            };
            let rules = catalog.rules().iter().enumerate();
            let meant = rules.filter(|(_, rule)| marker.means(&codes, rule)).map(|(id, _)| id);
            self.take(reach, comment, meant.collect(), false);
        }
    }

    /// pylint's comments alone on a line hold to the end of the block they stand in.
    fn pylint_reach(&mut self, comment: Span, line: u32) -> Reach {
        let start = self.source.lines().start(line);
        let before = self.source.slice(Span::new(start, comment.start));
        if !before.trim().is_empty() {
            return Reach::Line(line);
        }
        // As logical lines count it: a tab leads to the next multiple of eight.
        let indent = before.bytes().fold(0, |column, byte| match byte {
            b'\t' => (column / 8 + 1) * 8,
            _ => column + 1,
        });
        // Comments come in order: until that block ends, one as far in stands in the same.
        if self.last_block.0 == indent && comment.start < self.last_block.1 {
            return Reach::Range(Span::new(comment.start, self.last_block.1));
        }
        let lines = &self.outline.lines;
        let next = lines.partition_point(|other| other.span.start <= comment.end);
        // Nothing lies further out than the module: there is no need to look.
        let behind = if indent == 0 { &[] } else { &lines[next..] };
        let outside = behind.iter().find(|other| other.indent < indent);
        let end = outside.map_or(self.source.text().len() as u32, |other| other.span.start);
        self.last_block = (indent, end);
        Reach::Range(Span::new(comment.start, end))
    }

    /// Whether a comment silences a finding. Our own comments that do are marked as used.
    pub(crate) fn silences(&self, id: RuleId, report: &Report) -> bool {
        let mut silenced = false;
        for suppression in self.around(report).filter(|one| one.rules.contains(id)) {
            suppression.used.set(true);
            silenced = true;
        }
        silenced
    }

    /// What speaks for the place of a finding, whatever its rule.
    fn around(&self, report: &Report) -> impl Iterator<Item = &Suppression> {
        let (first, last) = self.lines_of(report);
        let from = self.of_lines.partition_point(|(line, _)| *line < first);
        let lines = self.of_lines[from..].iter().take_while(move |(line, _)| *line <= last);

        let at = report.span.start;
        let begun = self.of_ranges.partition_point(|(range, _)| range.start <= at);
        let reaching = (0..begun).rev().take_while(move |&index| self.farthest[index] > at);
        let ranges = reaching.map(|index| &self.of_ranges[index]);
        let ranges = ranges.filter(move |(range, _)| range.contains(at));
        self.of_file.iter().chain(lines.map(|(_, one)| one)).chain(ranges.map(|(_, one)| one))
    }

    /// The first and last line on which a comment speaks for a finding.
    fn lines_of(&self, report: &Report) -> (u32, u32) {
        if !self.kind.is_python() {
            let extent = report.extent.unwrap_or(report.span);
            let lines = self.source.lines();
            return (lines.line(extent.start), lines.line(extent.end.max(extent.start + 1) - 1));
        }
        let line = self.outline.line_at(report.span.start).map(|line| line.span);
        let line = line.filter(|line| line.contains(report.span.start)).unwrap_or(report.span);
        let extent = report.extent.unwrap_or(line);
        let first = extent.start.min(report.span.start);
        let last = extent.end.max(report.span.start);
        let index = self.source.lines();
        (index.line(first), index.line(last))
    }

    /// Our own comments that silenced nothing, though every rule they name ran here.
    pub(crate) fn unused(&self, active: &RuleSet) -> Vec<Complaint> {
        let lines = self.of_lines.iter().map(|(_, one)| one);
        let ranges = self.of_ranges.iter().map(|(_, one)| one);
        let idle = self.of_file.iter().chain(lines).chain(ranges).filter(|one| {
            // In prose a comment may be an example.
            let prose = matches!(self.kind, FileKind::Text | FileKind::Notebook);
            one.own && !prose && !one.used.get() && one.rules.iter().all(|id| active.contains(id))
        });
        idle.map(|one| (one.comment, "suppression silences nothing".to_owned())).collect()
    }
}

impl Marker {
    /// Whether a marker with these codes means what a rule judges; without codes it means all.
    fn means(self, codes: &[&str], rule: &Rule) -> bool {
        let tools: &[&str] = match self {
            Self::Noqa => &["ruff", "flake8", "pycodestyle", "bugbear"],
            Self::Nosec => &["bandit"],
            Self::Pylint => &["pylint"],
            Self::Secret | Self::NextLine => return rule.hides_text || rule.group == "secrets",
        };
        let mut equivalents = rule.equivalents.iter().filter(|other| tools.contains(&other.tool));
        if codes.is_empty() {
            return equivalents.next().is_some();
        }
        // flake8 takes a code for all that begin with it, pylint `all` for every message.
        equivalents.any(|other| {
            codes.iter().any(|code| match self {
                Self::Noqa => {
                    let letters = code.len().min(other.code.len());
                    other.code.get(..letters).is_some_and(|start| start.eq_ignore_ascii_case(code))
                }
                _ => other.code.eq_ignore_ascii_case(code) || *code == "all",
            })
        })
    }
}

/// Reads `# roadworthy: ignore[a, b] reason`; the flag says whether it is `ignore-file`.
fn own_marker(comment: &str, kind: FileKind) -> Option<Result<(bool, Vec<&str>), &'static str>> {
    let at = comment.find("roadworthy:")?;
    let before = comment[..at].trim_end();
    let leaders = if kind.is_python() { &["#"] } else { LEADERS.as_slice() };
    if !leaders.iter().any(|leader| before.ends_with(leader)) {
        return None;
    }
    let rest = comment[at + "roadworthy:".len()..].trim_start();
    let (file, rest) = match rest.strip_prefix("ignore-file") {
        Some(rest) => (true, rest),
        None => (
            false,
            match rest.strip_prefix("ignore") {
                Some(rest) => rest,
                None => {
                    return Some(Err(
                        "suppression is void: `roadworthy:` is followed by neither `ignore[rule]` nor `ignore-file[rule]`",
                    ));
                }
            },
        ),
    };
    let names = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((names, _reason)) = names else {
        return Some(Err("suppression is void: it names no rule in square brackets"));
    };
    let names: Vec<_> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Some(Err("suppression is void: its square brackets name no rule"));
    }
    Some(Ok((file, names)))
}

/// The markers of other tools in a comment, with the codes they name and whether they hold for the file.
fn foreign_markers(comment: &str) -> Vec<(Marker, Vec<&str>, bool)> {
    let mut found = Vec::new();
    // A comment may hold several: `# noqa: S105  # nosec B105`.
    for part in comment.split('#').map(str::trim).filter(|part| !part.is_empty()) {
        let lower = part.to_ascii_lowercase();
        let behind = |word: &str| lower.starts_with(word).then(|| &part[word.len()..]);
        let file = ["ruff: noqa", "ruff:noqa", "flake8: noqa", "flake8:noqa"];
        if let Some(rest) = file.iter().find_map(|word| behind(word)) {
            found.push((Marker::Noqa, codes_behind_colon(rest), true));
        } else if let Some(rest) = behind("noqa") {
            found.push((Marker::Noqa, codes_behind_colon(rest), false));
        } else if let Some(rest) = behind("nosec") {
            let codes = rest.trim_start_matches(':').split([',', ' ']).map(str::trim);
            let is_code = |code: &&str| code.starts_with(['B', 'b']) && code.len() == 4;
            found.push((Marker::Nosec, codes.filter(is_code).collect(), false));
        } else if let Some(rest) = behind("pylint:") {
            if let Some((_, codes)) =
                rest.split_once('=').filter(|(verb, _)| verb.trim() == "disable")
            {
                let codes = codes.split(',').map(str::trim).filter(|code| !code.is_empty());
                found.push((Marker::Pylint, codes.collect(), false));
            }
        } else if let Some(rest) = behind("pragma:") {
            let mut words = rest.split_whitespace().map(str::to_ascii_lowercase);
            if words.next().is_some_and(|verb| verb == "allowlist" || verb == "whitelist") {
                match words.next().as_deref() {
                    Some("nextline") => found.push((Marker::NextLine, Vec::new(), false)),
                    Some(what) if what.starts_with("secret") => {
                        found.push((Marker::Secret, Vec::new(), false));
                    }
                    _ => {}
                }
            }
        } else if lower.contains("gitleaks:allow") {
            found.push((Marker::Secret, Vec::new(), false));
        }
    }
    found
}

/// The codes of `: S110, BLE001 some text`; none where there is no colon.
fn codes_behind_colon(rest: &str) -> Vec<&str> {
    let Some(rest) = rest.trim_start().strip_prefix(':') else { return Vec::new() };
    let is_code = |code: &&str| {
        let letters = code.bytes().take_while(u8::is_ascii_alphabetic).count();
        let digits = &code[letters..];
        letters > 0 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    rest.split([',', ' ', '\t']).filter(|code| !code.is_empty()).take_while(is_code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own_marker_of(comment: &str) -> Option<Result<(bool, Vec<&str>), &'static str>> {
        own_marker(comment, FileKind::Python)
    }

    #[test]
    fn our_own_comments_name_rules_in_brackets() {
        assert_eq!(
            own_marker_of("# roadworthy: ignore[a-b, c] why"),
            Some(Ok((false, vec!["a-b", "c"])))
        );
        assert_eq!(own_marker_of("# roadworthy: ignore-file[a]"), Some(Ok((true, vec!["a"]))));
        assert!(matches!(own_marker_of("# roadworthy: ignore"), Some(Err(_))));
        assert!(matches!(own_marker_of("# roadworthy: ignore[ ]"), Some(Err(_))));
        assert_eq!(own_marker_of("# see roadworthy: ignore[a]"), None);
    }

    #[test]
    fn other_tools_comments_are_read_as_they_read_them() {
        let read = |comment| {
            foreign_markers(comment)
                .into_iter()
                .map(|(_, codes, file)| (codes, file))
                .collect::<Vec<_>>()
        };
        assert_eq!(read("# noqa"), [(vec![], false)]);
        assert_eq!(read("# NOQA: S110, BLE001 cleanup only"), [(vec!["S110", "BLE001"], false)]);
        assert_eq!(
            read("# noqa: S105  # nosec B105"),
            [(vec!["S105"], false), (vec!["B105"], false)]
        );
        assert_eq!(read("# ruff: noqa: T201"), [(vec!["T201"], true)]);
        assert_eq!(
            read("# pylint: disable=bare-except,W0718"),
            [(vec!["bare-except", "W0718"], false)]
        );
        assert_eq!(read("# pragma: allowlist secret"), [(vec![], false)]);
        assert_eq!(read("# pragma: whitelist nextline secret"), [(vec![], false)]);
        assert_eq!(read("# pragma: no cover"), []);
        assert_eq!(read("# the noqa comment is described elsewhere"), []);
    }
}
