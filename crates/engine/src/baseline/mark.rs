//! A finding to what a baseline knows it by: hashes of lines without white space and without what may not be shown. Knows
//! one file, not where it lies.
//!
//! These hashes are fixed: another one is another version of the format.

use std::collections::{BTreeSet, HashMap};

use aho_corasick::{AhoCorasick, MatchKind};
use roadworthy_parser::{SourceFile, Span};
use roadworthy_secrets::{Fingerprint, Salt, Value};
use sha2::{Digest as _, Sha256};

use crate::Finding;

/// What stands in a line for what may not be shown.
const HIDDEN: &[u8] = b"[redacted]";
/// Set before all that is hashed, so that no hash is that of a text alone.
const LINE: &[u8] = b"roadworthy-baseline 1 line\0";
const NEAR: &[u8] = b"roadworthy-baseline 1 near\0";
/// The shortest hidden text of which a repetition is no chance, in bytes.
const SHORTEST: usize = 8;
/// So many lines are looked through for one that is not empty.
const FAR: u32 = 8;
/// So many lines are looked through for the functions and classes around a line.
const FARTHEST: u32 = 400;

/// The length of half a hint, in bits.
const HINT: u64 = 24;

/// The part of a finding's surroundings that the lines around it make.
pub(super) fn lines_around(near: u64) -> u64 {
    near >> HINT
}

/// The part that the functions and classes around it make.
pub(super) fn headers_around(near: u64) -> u64 {
    near & ((1 << HINT) - 1)
}

/// What a finding is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The flagged line: the first 8 bytes of its SHA-256.
    pub(super) line: u64,
    /// Its surroundings: 3 bytes of the hash of the two lines above and the one below, then 3 bytes of that of the
    /// headers of the functions and classes around it.
    pub(super) near: u64,
    /// The value of a secret under each salt; one `None` where there is none, or one that could be guessed.
    pub(super) values: Vec<Option<Fingerprint>>,
}

/// Makes the marks of the findings of one file.
pub struct Marker<'s> {
    source: &'s SourceFile,
    /// In order, none overlaps another.
    hidden: Vec<Span>,
    /// Finds what repeats a hidden text.
    repeated: Option<AhoCorasick>,
    lines: HashMap<u32, u64>,
}

impl<'s> Marker<'s> {
    /// Of a file, with all that may not be shown of it, in any order.
    pub fn new(source: &'s SourceFile, hidden: Vec<Span>) -> Self {
        let texts = hidden.iter().filter_map(|span| source.text().get(span.range()));
        let texts: BTreeSet<&str> = texts.filter(|text| text.len() >= SHORTEST).collect();
        let repeated = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&texts);
        let repeated = repeated.ok().filter(|_| !texts.is_empty());
        Self { source, hidden: joined(hidden), repeated, lines: HashMap::new() }
    }

    /// The mark of a finding in it.
    pub fn mark(&mut self, finding: &Finding, salts: &[Salt]) -> Mark {
        let flagged = self.source.lines().line(finding.span.start);
        let values = self.values(finding, salts);
        Mark { line: self.line(flagged), near: self.near(flagged), values }
    }

    /// The hashes of the two lines above and the one below a line, empty ones not counted, and of what it is in: of a
    /// hundred equal handlers only the names of their functions may differ.
    fn near(&mut self, line: u32) -> u64 {
        let last = self.source.lines().count().min(line + FAR);
        let full = |line: &u32| !self.is_blank(*line);
        let above = (line.saturating_sub(FAR).max(1)..line).rev().filter(full).take(2);
        let below = (line + 1..=last).filter(full).take(1);
        // The line itself stands for the place between those above and below.
        let around: Vec<u32> = above.chain([line]).chain(below).collect();
        let headers = self.headers(line);
        let mut three_bytes = |lines: &[u32]| {
            let mut hash = Sha256::new_with_prefix(NEAR);
            for &other in lines {
                let other = if other == line { 0 } else { self.line(other) };
                hash.update(other.to_be_bytes());
            }
            first_bytes(&hash.finalize()) >> 40
        };
        three_bytes(&around) << HINT | three_bytes(&headers)
    }

    /// The lines that begin the functions and classes around a line, by their indentation, innermost first. A hint needs
    /// no tree: in a text over several lines it may be wrong, always in the same way.
    fn headers(&self, line: u32) -> Vec<u32> {
        let indent = |text: &str| text.len() - text.trim_start().len();
        let mut outside = indent(self.text(line));
        let mut headers = Vec::new();
        for above in (line.saturating_sub(FARTHEST).max(1)..line).rev() {
            if outside == 0 {
                break;
            }
            let text = self.text(above);
            let code = text.trim_start();
            if indent(text) >= outside || code.is_empty() || code.starts_with('#') {
                continue;
            }
            outside = indent(text);
            if ["def ", "async def ", "class "].iter().any(|it| code.starts_with(it)) {
                headers.push(above);
            }
        }
        headers
    }

    fn text(&self, line: u32) -> &'s str {
        self.source.lines().line_text(self.source.text(), line)
    }

    fn is_blank(&self, line: u32) -> bool {
        self.text(line).trim().is_empty()
    }

    /// The hash of a line, from 1: of what it shows, without white space.
    pub fn line(&mut self, line: u32) -> u64 {
        if let Some(&known) = self.lines.get(&line) {
            return known;
        }
        let text = self.source.text();
        let start = self.source.lines().start(line);
        let end = start + self.source.lines().line_text(text, line).len() as u32;
        let mut hash = Sha256::new_with_prefix(LINE);
        let shown = |hash: &mut Sha256, from: u32, to: u32| {
            let text = text.get(from as usize..to as usize).unwrap_or_default();
            text.split_whitespace().for_each(|word| hash.update(word));
        };
        let first = self.hidden.partition_point(|span| span.end <= start);
        let hidden = self.hidden[first..].iter().take_while(|span| span.start < end).copied();
        let repeated =
            self.repeated.iter().flat_map(|it| it.find_iter(&text[start as usize..end as usize]));
        let repeated =
            repeated.map(|it| Span::new(start + it.start() as u32, start + it.end() as u32));
        let mut at = start;
        for span in joined(hidden.chain(repeated).collect()) {
            shown(&mut hash, at, span.start.max(at));
            hash.update(HIDDEN);
            at = span.end.min(end);
        }
        shown(&mut hash, at, end);
        let hash = first_bytes(&hash.finalize());
        self.lines.insert(line, hash);
        hash
    }

    fn values(&self, finding: &Finding, salts: &[Salt]) -> Vec<Option<Fingerprint>> {
        // A value may be spread over lines and literals, and is no stronger for what stands between.
        let text = self.source.text().get(finding.span.range()).unwrap_or_default();
        let text: String =
            text.chars().filter(|it| !it.is_whitespace() && !matches!(it, '"' | '\'')).collect();
        let value = Value::of(&text);
        if !finding.rule.hides_text || value.is_guessable() {
            return vec![None];
        }
        salts.iter().map(|salt| value.fingerprint(salt, finding.rule.name)).collect()
    }
}

/// Ranges in order, those that overlap as one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.start < span.end);
    spans.sort_unstable();
    spans.dedup_by(|next, before| {
        let overlaps = next.start < before.end;
        if overlaps {
            before.end = before.end.max(next.end);
        }
        overlaps
    });
    spans
}

fn first_bytes(hash: &[u8]) -> u64 {
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "def f():\n    a()\n\n  password =  \"tiger\" \n\t\n    b()\n";

    fn hashes(text: &str, hidden: &str) -> (u64, u64) {
        let source = SourceFile::from_text(text);
        let span = |(at, _)| Span::new(at as u32, (at + hidden.len()) as u32);
        let mut marker = Marker::new(&source, text.match_indices(hidden).map(span).collect());
        let line = text.lines().position(|line| line.contains("password")).unwrap() as u32 + 1;
        (marker.line(line), marker.near(line))
    }

    #[test]
    fn the_hashes_are_those_of_the_format() {
        let first = |parts: &[&[u8]]| first_bytes(&Sha256::digest(parts.concat()));
        let line = |text: &str| first(&[b"roadworthy-baseline 1 line\0", text.as_bytes()]);
        let near = |lines: &[u64]| {
            let lines: Vec<u8> = lines.iter().flat_map(|it| it.to_be_bytes()).collect();
            first(&[b"roadworthy-baseline 1 near\0", &lines]) >> 40
        };
        let around = near(&[line("a()"), line("deff():"), 0, line("b()")]);
        let near = around << 24 | near(&[line("deff():")]);
        let wanted = (line("password=\"[redacted]\""), near);
        assert_eq!(hashes(TEXT, "tiger"), wanted);
        // Written down once, so that nobody changes both by accident.
        assert_eq!(wanted, (4_983_389_197_217_986_627, 262_296_222_996_051));
    }

    #[test]
    fn white_space_and_hidden_values_make_no_difference() {
        let known = hashes(TEXT, "tiger");
        assert_eq!(hashes(&TEXT.replace("tiger", "panther"), "panther"), known);
        assert_eq!(hashes(&TEXT.replace("    ", "\t"), "tiger"), known);
        assert_eq!(hashes(&TEXT.replace('\n', "\r\n"), "tiger"), known);
        assert_eq!(hashes(&format!("import x\n\n{TEXT}"), "tiger"), known);
        assert_ne!(hashes(TEXT, "gone"), known);
        let other = hashes(&TEXT.replace("b()", "c()"), "tiger");
        assert!(other.0 == known.0 && other.1 != known.1);
    }

    #[test]
    fn a_range_over_lines_is_hidden_in_each_and_ranges_may_overlap() {
        let source = SourceFile::from_text("k = '''ab\ncd\nef''' + 1\n");
        let whole = Span::new(7, 15);
        let lines = |spans: &[Span]| {
            let mut marker = Marker::new(&source, spans.to_vec());
            [1, 2, 3].map(|line| marker.line(line))
        };
        let hidden = lines(&[whole]);
        assert_eq!(hidden, lines(&[Span::new(10, 13), whole, Span::new(7, 11), Span::new(9, 9)]));
        let shown = SourceFile::from_text("k = '''[redacted]\n[redacted]\n[redacted]''' + 1");
        let mut shown = Marker::new(&shown, Vec::new());
        assert_eq!(hidden, [1, 2, 3].map(|line| shown.line(line)));
    }
}
