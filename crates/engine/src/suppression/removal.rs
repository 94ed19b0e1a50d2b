//! How one of our comments, or a part of its list, is taken out of a file. Knows text, no rule.

use roadworthy_parser::{SourceFile, Span};
use roadworthy_project::FileKind;

use super::own::{Own, Words};
use crate::fix::{Edit, Fix};

/// Whether what looks like a comment in a file of that kind is one for certain, and stands in the file as in its text.
pub(crate) fn can_be_edited(kind: FileKind) -> bool {
    !matches!(
        kind,
        FileKind::Notebook | FileKind::Json | FileKind::Text | FileKind::Key | FileKind::Keystore
    )
}

/// Takes out a whole comment with the blanks before it; with its line, where it stands alone there.
pub(super) fn of_comment(source: &SourceFile, kind: FileKind, own: &Own<'_>) -> Option<Fix> {
    if own.open || !can_be_edited(kind) {
        return None;
    }
    let (text, lines) = (source.text(), source.lines());
    if let Some(next) = own.next {
        return Some(Fix::safe(vec![Edit::delete(Span::new(own.span.start, next))]));
    }
    let line = lines.line(own.span.start);
    let start = lines.start(line);
    let before = Span::new(start, own.span.start).of_text(text);
    let rest = &lines.line_text(text, line)[(own.span.end - start) as usize..];
    let words = before.trim_end_matches([' ', '\t', '\u{c}']);
    let alone = words.is_empty() || words == "\u{feff}";
    if alone && rest.trim().is_empty() {
        // A byte-order mark stays.
        let end = if line < lines.count() { lines.start(line + 1) } else { text.len() as u32 };
        return Some(Fix::safe(vec![Edit::delete(Span::new(start + words.len() as u32, end))]));
    }
    let from = if alone { own.span.start } else { start + words.len() as u32 };
    Some(Fix::safe(vec![Edit::delete(Span::new(from, own.span.end))]))
}

/// Takes some names out of the list.
pub(super) fn of_names(words: &Words<'_>, kind: FileKind, gone: &[bool]) -> Option<Fix> {
    if !can_be_edited(kind) {
        return None;
    }
    let names = words.names.iter().zip(gone).filter(|(_, gone)| !**gone);
    let kept: Vec<_> = names.map(|((_, name), _)| *name).collect();
    Some(Fix::safe(vec![Edit { span: words.list, text: kept.join(", ") }]))
}
