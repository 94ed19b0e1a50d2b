//! Where a comment goes that silences a finding, and how it is written there. Knows lines and statements, no rule: whether
//! a comment silences what it was put in for is seen by judging the file again.

use std::collections::{BTreeMap, BTreeSet};

use roadworthy_parser::{Outline, SourceFile, Span, scan};
use roadworthy_project::FileKind;

use super::multiline::{Within, within};
use super::own::{Own, Words, own_comments};
use crate::document_comments;
use crate::fix::Edit;

/// A place for a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At the end of a line (from 1).
    Beside(u32),
    /// Alone above a line (from 1).
    Above(u32),
}

/// The places of one file where comments may be put.
pub struct Placing<'s> {
    source: &'s SourceFile,
    kind: FileKind,
    /// Empty for what is not Python.
    outline: Outline,
    /// Empty for Python.
    within: Vec<Within>,
}

/// Whether comments may be put into files of a kind.
pub fn takes_comments(kind: FileKind) -> bool {
    super::removal::can_be_edited(kind)
}

impl<'s> Placing<'s> {
    /// Looks at the lines of a file.
    pub fn new(source: &'s SourceFile, kind: FileKind) -> Self {
        let (outline, within) = if kind.is_python() {
            (scan(source.text()), Vec::new())
        } else {
            (Outline::default(), within(source.text(), kind))
        };
        Self { source, kind, outline, within }
    }

    /// The places where a comment may silence a finding, the best first.
    pub fn places(&self, finding: Span) -> Vec<Place> {
        let line = self.source.lines().line(finding.start);
        if !takes_comments(self.kind) {
            return Vec::new();
        }
        if self.kind.is_python() { self.in_python(line, finding) } else { self.in_document(line) }
    }

    fn in_python(&self, line: u32, finding: Span) -> Vec<Place> {
        let lines = self.source.lines();
        let mut places = vec![Place::Beside(line)];
        let statement = self.outline.line_at(finding.start).map(|line| line.span);
        if let Some(statement) = statement.filter(|it| it.contains(finding.start)) {
            places.push(Place::Beside(lines.line(statement.end.max(statement.start + 1) - 1)));
            places.push(Place::Above(lines.line(statement.start)));
        }
        places.dedup();
        places.retain(|place| match *place {
            Place::Beside(line) => self.can_end_in_comment(line),
            Place::Above(_) => true,
        });
        places
    }

    /// Whether a line of Python ends outside of strings, and the statement need not go on in the next.
    fn can_end_in_comment(&self, line: u32) -> bool {
        let text = self.line(line);
        let end = self.source.lines().start(line) + text.len() as u32;
        let in_string =
            |it: &roadworthy_parser::StringLiteral| it.span.start < end && end < it.span.end;
        !text.trim().is_empty()
            && !self.outline.strings.iter().any(in_string)
            && (!text.ends_with('\\') || self.comment_of(line).is_some())
    }

    fn in_document(&self, line: u32) -> Vec<Place> {
        let within = self.within.get(line as usize - 1).copied().unwrap_or_default();
        let text = self.line(line).trim_start();
        if text.starts_with('#') && !within.start {
            return vec![Place::Beside(line)];
        }
        let mut places = Vec::with_capacity(2);
        let beside = matches!(self.kind, FileKind::Yaml | FileKind::Toml | FileKind::Shell);
        if beside && !within.end && !text.is_empty() {
            places.push(Place::Beside(line));
        }
        if !within.start {
            places.push(Place::Above(line));
        }
        places
    }

    fn line(&self, line: u32) -> &'s str {
        self.source.lines().line_text(self.source.text(), line)
    }

    /// The comment at the end of a line.
    fn comment_of(&self, line: u32) -> Option<Span> {
        let lines = self.source.lines();
        if self.kind.is_python() {
            let comments = self.outline.comments.iter();
            return comments.copied().find(|comment| lines.line(comment.start) == line);
        }
        document_comments::comment(self.source, line, self.kind)
    }

    /// The changes that write a comment at each of some places; `tail` is what stands behind the brackets.
    pub fn edits(&self, places: &BTreeMap<Place, BTreeSet<&str>>, tail: &str) -> Vec<Edit> {
        places.iter().flat_map(|(place, rules)| self.written(*place, rules, tail)).collect()
    }

    fn written(&self, place: Place, rules: &BTreeSet<&str>, tail: &str) -> Vec<Edit> {
        let (Place::Beside(line) | Place::Above(line)) = place;
        // One that is there already takes the rules in, unless either ends some day.
        let commented = if place == Place::Beside(line) { Some(line) } else { line.checked_sub(1) };
        let comment = commented.filter(|&line| line > 0).and_then(|line| self.comment_of(line));
        let alone =
            |comment: Span| self.line(line - 1).trim_start().len() == comment.len() as usize;
        let comment = comment.filter(|&comment| place == Place::Beside(line) || alone(comment));
        if let Some(comment) = comment {
            let text = self.source.slice(comment);
            for own in own_comments(text, comment.start, self.kind) {
                if let Ok(words) = &own.words
                    && let Some(edits) = merged(&own, words, rules, tail)
                {
                    return edits;
                }
            }
        }
        let names: Vec<_> = rules.iter().copied().collect();
        let words = format!("# roadworthy: ignore[{}] {tail}", names.join(", "));
        let start = self.source.lines().start(line);
        let text = self.line(line);
        match place {
            Place::Beside(_) => {
                let end = start + text.trim_end().len() as u32;
                vec![Edit::insert(end, format!("  {words}"))]
            }
            Place::Above(_) => {
                // A byte-order mark stays the first.
                let mark = text.len() - text.trim_start_matches('\u{feff}').len();
                let text = &text[mark..];
                let indent = &text[..text.len() - text.trim_start().len()];
                let comment = format!("{indent}{words}{}", self.line_end(line));
                vec![Edit::insert(start + mark as u32, comment)]
            }
        }
    }

    /// What ends a line; of a last line without an end, what ends the first.
    fn line_end(&self, line: u32) -> &'s str {
        let lines = self.source.lines();
        let end_of = |line: u32| {
            let end = lines.start(line) as usize + self.line(line).len();
            let next = if line < lines.count() { lines.start(line + 1) as usize } else { end };
            Some(&self.source.text()[end..next]).filter(|it| !it.is_empty())
        };
        let end = end_of(line).or_else(|| end_of(1)).unwrap_or("\n");
        if end.starts_with("\r\n") { "\r\n" } else { &end[..1] }
    }
}

/// A comment with more rules in its list and one more reason; `None` where that would not do.
fn merged(
    own: &Own<'_>,
    words: &Words<'_>,
    rules: &BTreeSet<&str>,
    tail: &str,
) -> Option<Vec<Edit>> {
    if words.file || words.until.is_some() || super::own::tail_of(tail).0.is_some() {
        return None;
    }
    let known: Vec<&str> = words.names.iter().map(|(_, name)| *name).collect();
    let more: Vec<&str> = rules.iter().copied().filter(|rule| !known.contains(rule)).collect();
    if more.is_empty() {
        return None;
    }
    let names = [known, more].concat().join(", ");
    let mut edits = vec![Edit { span: words.list, text: names }];
    match &words.reason {
        Some(reason) if reason.contains(tail) => {}
        Some(_) => edits.push(Edit::insert(own.span.end, format!("; {tail}"))),
        None => edits.push(Edit::insert(own.span.end, format!(" {tail}"))),
    }
    Some(edits)
}

/// Why a text cannot stand behind the brackets of a comment as its reason, with a day before it or without; `None` where
/// it can.
pub fn unfit_reason(tail: &str, today: jiff::civil::Date) -> Option<&'static str> {
    if tail.chars().any(char::is_control) {
        return Some("holds a line end or another control character; give one line");
    }
    let comment = format!("# roadworthy: ignore[x] {tail}");
    let all = own_comments(&comment, 0, FileKind::Python);
    let read = match all.as_slice() {
        [Own { words: Ok(words), span, .. }] if span.end as usize == comment.trim_end().len() => {
            words
        }
        _ => return Some("holds a comment of its own (`#`); say it in words"),
    };
    let markers = super::foreign::foreign_markers(&comment);
    if !markers.is_empty() || tail.contains("*/") || tail.contains("-->") {
        return Some("holds the mark of another comment; say it in words");
    }
    if read.until.is_some_and(|until| until.has_passed(Some(today))) {
        return Some("ends on a day that has passed or is none; write until=YYYY-MM-DD");
    }
    read.reason.is_none().then_some("gives no reason; say in a few words why the findings may stay")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(text: &str, kind: FileKind, needle: &str, attempt: usize) -> Option<String> {
        let source = SourceFile::from_text(text);
        let placing = Placing::new(&source, kind);
        let start = text.find(needle).expect("is there") as u32;
        let place = *placing.places(Span::new(start, start + needle.len() as u32)).get(attempt)?;
        let places = BTreeMap::from([(place, BTreeSet::from(["a-b"]))]);
        let mut edits = crate::Edits::default();
        assert!(edits.take(&placing.edits(&places, "why not")));
        Some(edits.apply(text))
    }

    #[test]
    fn a_line_of_python_ends_in_the_comment_where_it_can() {
        let own = "# roadworthy: ignore[a-b] why not";
        let python = |text: &str, attempt| put(text, FileKind::Python, "HERE", attempt);
        assert_eq!(python("x = HERE  \n", 0), Some(format!("x = HERE  {own}  \n")));
        assert_eq!(python("x = HERE", 0), Some(format!("x = HERE  {own}")));
        assert_eq!(python("x = HERE  # noqa\r\n", 0), Some(format!("x = HERE  # noqa  {own}\r\n")));
        assert_eq!(python("x = HERE \\\n  + 1\n", 0), Some(format!("x = HERE \\\n  + 1  {own}\n")));
        assert_eq!(
            python("x = '''\nHERE\n''' + \\\n  y\n", 0),
            Some(format!("x = '''\nHERE\n''' + \\\n  y  {own}\n"))
        );
        assert_eq!(
            python("if x:\r\n\tx = HERE\r\n", 1),
            Some(format!("if x:\r\n\t{own}\r\n\tx = HERE\r\n"))
        );
        assert_eq!(python("\u{feff}HERE", 1), Some(format!("\u{feff}{own}\nHERE")));
    }

    #[test]
    fn a_comment_that_is_there_takes_the_rule_in() {
        let own =
            |list: &str, tail: &str| format!("HERE = 1  # roadworthy: ignore[{list}]{tail}\n");
        let python = |text: &str| put(text, FileKind::Python, "HERE", 0);
        assert_eq!(python(&own("c", " old one")), Some(own("c, a-b", " old one; why not")));
        assert_eq!(python(&own("c", "")), Some(own("c, a-b", " why not")));
        assert_eq!(python(&own("c", " why not")), Some(own("c, a-b", " why not")));
        let until = " until=2027-01-31 old one";
        let beside = format!("{until}  # roadworthy: ignore[a-b] why not");
        assert_eq!(python(&own("c", until)), Some(own("c", &beside)));
    }

    #[test]
    fn other_files_take_it_as_their_syntax_does() {
        let own = "# roadworthy: ignore[a-b] why not";
        for (kind, text, expected) in [
            (FileKind::Yaml, "a: HERE\n", Some(format!("a: HERE  {own}\n"))),
            (FileKind::Yaml, "a: |\n  HERE\n", None),
            (FileKind::Yaml, "  a: HERE\n    b\n", Some(format!("  {own}\n  a: HERE\n    b\n"))),
            (FileKind::Toml, "a = 'HERE'", Some(format!("a = 'HERE'  {own}"))),
            (FileKind::Toml, "a = '''\nHERE\n'''", None),
            (FileKind::Ini, "[a]\nb = HERE\n", Some(format!("[a]\n{own}\nb = HERE\n"))),
            (FileKind::Env, "A=HERE\n", Some(format!("{own}\nA=HERE\n"))),
            (FileKind::Env, "# HERE\n", Some(format!("# HERE  {own}\n"))),
            (
                FileKind::Dockerfile,
                "RUN a \\\n  HERE\n",
                Some(format!("RUN a \\\n  {own}\n  HERE\n")),
            ),
            (FileKind::Shell, "a HERE \\\n  b\n", Some(format!("{own}\na HERE \\\n  b\n"))),
            (FileKind::Shell, "a \\\n  HERE \\\n  b\n", None),
            (FileKind::Json, "{\"a\": \"HERE\"}\n", None),
            (FileKind::Key, "HERE\n", None),
            (FileKind::Text, "HERE\n", None),
        ] {
            assert_eq!(put(text, kind, "HERE", 0), expected, "{text}");
        }
    }

    #[test]
    fn a_reason_is_one_line_of_words() {
        let today = crate::day("2026-06-15").expect("is a day");
        let unfit = |tail: &str| unfit_reason(tail, today);
        for tail in
            ["kept for now", "until=2027-01-31 kept", "see #12 of the tracker", "ab -- cd: ef"]
        {
            assert_eq!(unfit(tail), None, "{tail}");
        }
        for tail in [
            "",
            " ",
            ".",
            "TODO",
            "a\nword",
            "kept # noqa",
            "kept  # and more",
            "until=2020-01-31 kept",
            "until=soon kept",
            "ends */ here",
        ] {
            assert!(unfit(tail).is_some(), "{tail}");
        }
    }
}
