//! Lines that a fix puts one level deeper. Knows lines and literals of one file, no rule.

use roadworthy_engine::{Edit, FileContext};
use roadworthy_parser::Span;

/// Puts all lines that begin in a range four columns deeper (a tab where tabs are used), but for empty ones. `None` where a
/// literal of several lines would change.
pub(crate) fn indented(file: &FileContext<'_>, range: Span) -> Option<Vec<Edit>> {
    let strings = &file.outline.strings;
    let first = strings.partition_point(|it| it.span.start < range.start);
    let mut inside = strings[first..].iter().take_while(|it| it.span.start < range.end);
    if inside.any(|it| file.slice(it.span).contains('\n')) {
        return None;
    }
    let text = file.slice(range);
    let step = if text.starts_with('\t') { "\t" } else { "    " };
    let mut edits = Vec::new();
    let mut at = range.start;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            edits.push(Edit::insert(at, step));
        }
        at += line.len() as u32;
    }
    Some(edits)
}
