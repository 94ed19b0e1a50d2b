//! Changes to the text of a file, as data, and how they are made. Knows no rule and no file.

use roadworthy_parser::Span;

/// A range of a text, and what is to stand there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// What is replaced; empty where something is put in.
    pub span: Span,
    /// What replaces it.
    pub text: String,
}

impl Edit {
    /// Takes a range out.
    pub fn delete(span: Span) -> Self {
        Self { span, text: String::new() }
    }

    /// Puts a text in.
    pub fn insert(offset: u32, text: impl Into<String>) -> Self {
        Self { span: Span::empty(offset), text: text.into() }
    }
}

/// Whether a fix may be made unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// The program does the same as before.
    Safe,
    /// Somebody should look at it.
    Unsafe,
}

impl Applicability {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// What mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The changes, in the order of the text; they do not overlap.
    pub edits: Vec<Edit>,
    /// Whether they may be made unseen.
    pub applicability: Applicability,
}

impl Fix {
    /// Changes after which the program does the same as before.
    pub fn safe(mut edits: Vec<Edit>) -> Self {
        edits.sort();
        Self { edits, applicability: Applicability::Safe }
    }

    /// Changes that somebody should look at.
    pub fn to_look_at(mut edits: Vec<Edit>) -> Self {
        edits.sort();
        Self { edits, applicability: Applicability::Unsafe }
    }
}

impl Fix {
    /// The fix with the line ends of the text it is for: what puts in lines need not know which these are.
    pub(crate) fn with_line_ends_of(mut self, text: &str) -> Self {
        if text.contains("\r\n") {
            for edit in &mut self.edits {
                edit.text = edit.text.replace("\r\n", "\n").replace('\n', "\r\n");
            }
        }
        self
    }
}

/// Changes that go together, collected one fix after another.
#[derive(Clone, Debug, Default)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// Takes a fix, unless it overlaps with what was taken before. What it shares with another is done once: both need
    /// the same import.
    pub fn take(&mut self, edits: &[Edit]) -> bool {
        let is_fresh = |edit: &&Edit| self.0.binary_search(edit).is_err();
        let fresh: Vec<Edit> = edits.iter().filter(is_fresh).cloned().collect();
        if fresh.iter().any(|edit| self.overlaps(edit)) {
            return false;
        }
        for edit in fresh {
            let at = self.0.partition_point(|other| *other < edit);
            self.0.insert(at, edit);
        }
        true
    }

    /// Whether an edit changes what another does. The edits are in order and do not overlap, so that only the neighbours
    /// need be asked.
    fn overlaps(&self, edit: &Edit) -> bool {
        let overlaps = |other: &Edit| {
            let (a, b) = (edit.span, other.span);
            a.start == b.start || a.start < b.end && b.start < a.end
        };
        let after = self.0.partition_point(|other| other.span.start < edit.span.start);
        self.0[..after].last().is_some_and(overlaps) || self.0.get(after).is_some_and(overlaps)
    }

    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with all changes made.
    ///
    /// # Panics
    /// When the ranges are not those of the text.
    pub fn apply(&self, text: &str) -> String {
        let mut changed = String::with_capacity(text.len());
        let mut end = 0;
        for Edit { span, text: new } in &self.0 {
            changed.push_str(&text[end..span.start as usize]);
            changed.push_str(new);
            end = span.end as usize;
        }
        changed.push_str(&text[end..]);
        changed
    }

    /// Where a range of the text lies after the changes, without what is put in right before or behind it.
    pub fn moved(&self, span: Span) -> Span {
        let (mut start, mut end) = (i64::from(span.start), i64::from(span.end));
        for Edit { span: old, text } in &self.0 {
            let grown = i64::from(text.len() as u32);
            // A place that is taken out itself moves to where that began.
            let gone_before = |at: u32| i64::from(old.end.min(at).saturating_sub(old.start));
            if old.start < span.start || *old == Span::empty(span.start) {
                start += grown - gone_before(span.start);
            }
            if old.start < span.end || *old == Span::empty(span.start) {
                end += grown - gone_before(span.end);
            }
        }
        let offset = |at: i64| u32::try_from(at).unwrap_or(0);
        Span::new(offset(start), offset(end).max(offset(start)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_waits_and_what_is_said_twice_is_done_once() {
        let mut edits = Edits::default();
        assert!(edits.take(&[Edit::delete(Span::new(4, 6))]));
        assert!(edits.take(&[Edit::delete(Span::new(4, 6))]));
        assert!(!edits.take(&[Edit::delete(Span::new(5, 8))]));
        assert!(edits.take(&[Edit::delete(Span::new(0, 2)), Edit::insert(8, "!")]));
        assert_eq!(edits.apply("abcdefgh"), "cdgh!");
    }

    #[test]
    fn ranges_move_with_the_text_before_them() {
        let mut edits = Edits::default();
        assert!(edits.take(&[Edit::insert(2, "xy"), Edit::delete(Span::new(4, 6))]));
        let moved = |start, end| {
            let span = edits.moved(Span::new(start, end));
            (span.start, span.end)
        };
        assert_eq!(moved(0, 2), (0, 2));
        assert_eq!(moved(2, 4), (4, 6));
        assert_eq!(moved(6, 8), (6, 8));
        assert_eq!(moved(0, 8), (0, 8));
        assert_eq!(moved(2, 2), (4, 4));
        assert_eq!(moved(5, 8), (6, 8));
    }
}
