//! The findings of two versions of a file: which of the later ones were there before. Pure; knows no repository.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use imara_diff::{Algorithm, Diff, InternedInput};
use roadworthy_parser::SourceFile;
use rustc_hash::FxHashMap;

use crate::Finding;

/// A version of a file with what was found in it.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'j> {
    /// What it holds.
    pub source: &'j SourceFile,
    /// In the order of a report.
    pub findings: &'j [Finding],
}

/// Says of each finding of `now` whether it was there `before`: its line did not change, and in that line the same rule
/// found as many things. White space does not count, so that what is indented anew stays what it was. Findings about the
/// file as a whole have no line and are told by their rule alone.
pub fn were_there(now: Judged<'_>, before: Judged<'_>) -> Vec<bool> {
    let lines = unchanged(now.source, before.source);
    let mut earlier: FxHashMap<(&str, u32), Vec<&Finding>> = FxHashMap::default();
    for finding in before.findings {
        earlier.entry((finding.rule.name, line(finding))).or_default().push(finding);
    }
    let mut later: BTreeMap<(&str, u32), Vec<usize>> = BTreeMap::new();
    for (index, finding) in now.findings.iter().enumerate() {
        let line = match line(finding) {
            0 => Some(0),
            line => lines.get(line as usize - 1).copied().flatten(),
        };
        if let Some(line) = line {
            later.entry((finding.rule.name, line)).or_default().push(index);
        }
    }
    let mut known = vec![false; now.findings.len()];
    for (place, group) in &later {
        let Some(earlier) = earlier.get(place) else { continue };
        let mut left = earlier.len();
        let mut take = |index: usize| {
            if left > 0 && !known[index] {
                known[index] = true;
                left -= 1;
            }
        };
        if group.len() > earlier.len() {
            // Some of them are new: those which stand where none stood.
            let mut columns: Vec<_> = earlier.iter().map(|it| column(before.source, it)).collect();
            for &index in group {
                let own = column(now.source, &now.findings[index]);
                if let Some(at) = columns.iter().position(|column| *column == own) {
                    columns.swap_remove(at);
                    take(index);
                }
            }
        }
        for &index in group {
            take(index);
        }
    }
    known
}

/// The line in which a finding begins, from 1; 0 for one about the file as a whole.
fn line(finding: &Finding) -> u32 {
    let whole = finding.span.start == 0 && finding.span.is_empty();
    if whole { 0 } else { finding.start.line }
}

/// How much of its line stands before a finding, white space not counted.
fn column(source: &SourceFile, finding: &Finding) -> usize {
    let start = source.lines().start(finding.start.line) as usize;
    let text = source.text().as_bytes().get(start..finding.span.start as usize);
    Line(text.unwrap_or_default()).visible().count()
}

/// For each line of `now` the number, from 1, of the line of `before` that it is, white space aside; `None` for one that
/// changed.
fn unchanged(now: &SourceFile, before: &SourceFile) -> Vec<Option<u32>> {
    let mut input = InternedInput::default();
    input.update_before(lines(before));
    input.update_after(lines(now));
    // As `git diff` does it, so that lines count as changed which people see there. The effort is bounded by the input,
    // not by time, so that it says the same everywhere.
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_lines(&input);
    let mut removed = (0..input.before.len() as u32).filter(|&at| !diff.is_removed(at));
    let of = |at| if diff.is_added(at) { None } else { removed.next().map(|at| at + 1) };
    (0..input.after.len() as u32).map(of).collect()
}

fn lines(source: &SourceFile) -> impl Iterator<Item = Line<'_>> {
    let (index, text) = (source.lines(), source.text().as_bytes());
    let end = move |line| {
        if line == index.count() { text.len() } else { index.start(line + 1) as usize }
    };
    let mark = "\u{feff}".as_bytes();
    let line = move |line| &text[index.start(line) as usize..end(line)];
    (1..=index.count()).map(move |number| {
        let line = line(number);
        Line(line.strip_prefix(mark).filter(|_| number == 1).unwrap_or(line))
    })
}

/// A line, which is equal to others that differ from it in white space only.
#[derive(Clone, Copy, Default)]
struct Line<'l>(&'l [u8]);

impl<'l> Line<'l> {
    fn visible(self) -> impl Iterator<Item = &'l u8> {
        self.0.iter().filter(|byte| !byte.is_ascii_whitespace())
    }
}

impl PartialEq for Line<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.visible().eq(other.visible())
    }
}

impl Eq for Line<'_> {}

impl Hash for Line<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.visible().for_each(|byte| state.write_u8(*byte));
    }
}

impl AsRef<[u8]> for Line<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(now: &str, before: &str) -> Vec<Option<u32>> {
        unchanged(&SourceFile::from_text(now), &SourceFile::from_text(before))
    }

    #[test]
    fn lines_are_followed_through_insertions_deletions_and_white_space() {
        assert_eq!(map("a\nb\n", "a\nb\n"), [Some(1), Some(2), Some(3)]);
        assert_eq!(map("x\na\nb\n", "a\nb\n"), [None, Some(1), Some(2), Some(3)]);
        assert_eq!(map("a\nc\n", "a\nb\nc\n"), [Some(1), Some(3), Some(4)]);
        assert_eq!(map("with x:\n    a\n\tb = 1\n", "a\nb=1\n"), [None, Some(1), Some(2), Some(3)]);
        assert_eq!(map("a\r\nb\rc", "\u{feff}a\nb\nc"), [Some(1), Some(2), Some(3)]);
        assert_eq!(map("é\nü\n", "é\nö\n"), [Some(1), None, Some(3)]);
        assert_eq!(map("", "a"), [None]);
        assert_eq!(map("", ""), [Some(1)]);
    }

    #[test]
    fn an_added_block_that_ends_like_the_one_before_it_is_added_whole() {
        let block = |name: &str| {
            format!("def {name}():\n    try:\n        go()\n    except E:\n        pass\n\n")
        };
        let before = format!("{}{}", block("a"), block("c"));
        let now = format!("{}{}{}", block("a"), block("b"), block("c"));
        let map = map(&now, &before);
        assert!(map[..6].iter().all(Option::is_some), "{map:?}");
        assert!(map[6..12].iter().all(Option::is_none), "{map:?}");
        assert!(map[12..].iter().all(Option::is_some), "{map:?}");
    }

    /// Whatever the texts, unchanged lines are equal and in order.
    #[test]
    fn only_equal_lines_are_unchanged() {
        let mut state = 7_u64;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        for _ in 0..3000 {
            let mut text = |length| -> String {
                (0..random(length))
                    .map(|_| ["a\n", " a\n", "b\n", "\n", "  c\r\n"][random(5) as usize])
                    .collect()
            };
            let (now, before) = (text(40), text(40));
            let visible = |text: &str| -> Vec<String> {
                text.split('\n').map(|line| line.split_whitespace().collect()).collect()
            };
            let (lines_now, lines_before) = (visible(&now), visible(&before));
            let mut last = 0;
            for (line, mapped) in lines_now.iter().zip(map(&now, &before)) {
                if let Some(mapped) = mapped {
                    assert!(mapped > last, "{now:?} {before:?}");
                    assert_eq!(*line, lines_before[mapped as usize - 1]);
                    last = mapped;
                }
            }
        }
    }
}
