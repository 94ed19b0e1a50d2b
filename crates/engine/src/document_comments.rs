//! The comments of a file that is not Python which may silence a finding. Knows how comments begin, no syntax: what
//! looks like a comment inside a text counts, as it does for other tools that go by lines.

use roadworthy_parser::{SourceFile, Span};
use roadworthy_project::FileKind;

/// How comments begin in the kinds of files that are judged; longer ones first.
pub(crate) const LEADERS: [&str; 6] = ["<!--", "//", "/*", "--", "#", ";"];

/// The words of markers.
const MARKERS: [&str; 5] = ["roadworthy:", "allowlist", "whitelist", "gitleaks:allow", "nosec"];
const NOQA: &str = "noqa";

/// The comments, each to the end of its line, that hold a marker, by offset.
pub(crate) fn comments(source: &SourceFile, kind: FileKind) -> Vec<Span> {
    let text = source.text();
    let mut lines: Vec<u32> = MARKERS
        .iter()
        .chain([&NOQA])
        .flat_map(|marker| memchr::memmem::find_iter(text.as_bytes(), marker.as_bytes()))
        .map(|at| source.lines().line(at as u32))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines.into_iter().filter_map(|line| comment(source, line, kind)).collect()
}

pub(crate) fn comment(source: &SourceFile, line: u32, kind: FileKind) -> Option<Span> {
    let start = source.lines().start(line);
    let text = source.lines().line_text(source.text(), line);
    // In a notebook a line of code is a string on a line of its own, as a rule.
    let text = if matches!(kind, FileKind::Notebook | FileKind::Json) {
        let text = text.trim_end_matches([',', ' ', ']', '}']);
        let text = text.strip_suffix('"').unwrap_or(text);
        text.strip_suffix("\\n").unwrap_or(text)
    } else {
        text
    };
    let end = start + text.len() as u32;
    if let Some(at) = leader(text) {
        return Some(Span::new(start + at as u32, end));
    }
    // JSON has no comments: a mark for detect-secrets is written into a text. Gitleaks reads its own anywhere.
    let in_text = kind == FileKind::Json && is_allowed(text) || text.contains("gitleaks:allow");
    let mark = ["pragma:", "gitleaks:allow"].iter().filter_map(|mark| text.find(mark)).min();
    mark.filter(|_| in_text).map(|at| Span::new(start + at as u32, end))
}

fn is_allowed(text: &str) -> bool {
    text.contains("allowlist") || text.contains("whitelist")
}

/// Where the comment begins that holds the first marker of a line.
fn leader(line: &str) -> Option<usize> {
    let marker = MARKERS.iter().chain([&NOQA]).filter_map(|marker| line.find(marker)).min()?;
    // The last that may begin one: a dash or a semicolon before it may be of the line itself.
    let mut starts = line[..marker].char_indices().rev().map(|(at, _)| at);
    starts.find(|&at| {
        let before = line[..at].chars().next_back();
        // A string may be a comment from its first character on, as a line of a notebook is.
        let behind_blank = before.is_none_or(|it| it.is_whitespace() || it == '"');
        behind_blank && LEADERS.iter().any(|leader| line[at..marker].starts_with(leader))
    })
}

/// The words of a comment: without what begins and ends it.
pub(crate) fn words(comment: &str) -> &str {
    let leader = LEADERS.iter().find(|leader| comment.starts_with(**leader));
    let rest = &comment[leader.map_or(0, |leader| leader.len())..];
    let rest = rest.trim_start_matches(['#', '/', ';', '*', '!', '-']).trim();
    let rest = rest.strip_suffix("-->").or_else(|| rest.strip_suffix("*/")).unwrap_or(rest);
    rest.trim_end()
}

/// Whether nothing but a comment stands on a line.
pub(crate) fn is_comment_line(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches('"').trim_start();
    LEADERS.iter().any(|leader| line.starts_with(leader))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, kind: FileKind) -> Vec<String> {
        let source = SourceFile::from_text(text);
        comments(&source, kind)
            .into_iter()
            .map(|span| words(source.slice(span)).to_owned())
            .collect()
    }

    #[test]
    fn a_comment_begins_behind_a_blank() {
        let own = "roadworthy: ignore[a] why";
        for text in [
            format!("a: b # {own}"),
            format!("# {own}\na: b"),
            format!("a = b ; {own}\n"),
            format!("a // {own}"),
            format!("SELECT 1 -- {own}"),
            format!("<!-- {own} -->"),
            format!("x /* {own} */"),
        ] {
            assert_eq!(found(&text, FileKind::Yaml), [own], "{text}");
        }
        assert!(found(&format!("a: b#{own}"), FileKind::Yaml).is_empty());
        assert!(found(own, FileKind::Yaml).is_empty());
    }

    #[test]
    fn json_takes_the_marks_of_others_inside_a_text() {
        let line = r#"{"key": "v", "note": "pragma: allowlist secret"}"#;
        assert_eq!(found(line, FileKind::Json), ["pragma: allowlist secret"]);
        assert!(found(line, FileKind::Yaml).is_empty());
        assert_eq!(found("\"v\" gitleaks:allow", FileKind::Text), ["gitleaks:allow"]);
    }
}
