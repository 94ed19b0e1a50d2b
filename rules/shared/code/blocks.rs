//! The compound statements around a place, by the indentation of the outline's lines. Needs no tree
//! and knows no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, LogicalLine, Outline, Span};

/// The headers of the compound statements around an offset, innermost first, up to the function,
/// class or module around them: `if`, `for`, `except` and so on. Behind an `else` come the branches
/// above it as well. The line of the offset itself is the first one where it is a header.
pub(crate) fn headers_around<'o>(
    file: &FileContext<'o>,
    offset: u32,
) -> impl Iterator<Item = &'o LogicalLine> {
    headers_in(file.outline, offset)
}

/// The same of an outline alone.
pub(crate) fn headers_in(outline: &Outline, offset: u32) -> impl Iterator<Item = &LogicalLine> {
    let lines = &outline.lines;
    let after = lines.partition_point(|line| line.span.start <= offset);
    let (own, above) = match after.checked_sub(1) {
        Some(own) => (lines.get(own), &lines[..own]),
        None => (None, &lines[..0]),
    };
    let scope = own.and_then(|line| line.scope);
    // No line of a scope stands further out than its first one: there the search ends, as a scope may be long.
    let body = scope.map(|id| outline.definition(id).body.start);
    let outermost = body.and_then(|body| outline.line_at(body)).map_or(0, |line| line.indent);
    let mut limit = own.map_or(0, |line| line.indent);
    let mut branch = None;
    let own = own.filter(|line| is_header(line.keyword));
    let mut above = above.iter().rev();
    let next_above = move || {
        while limit > outermost || branch.is_some() {
            let line = above.next()?;
            // The header of the scope itself lies in another one; what is nested inside is passed over.
            if line.scope < scope {
                return None;
            }
            if line.scope != scope {
                continue;
            }
            let opens = line.indent < limit;
            let continues = branch == Some(line.indent) && is_header(line.keyword);
            if opens {
                limit = line.indent;
            }
            if opens || continues {
                branch = line.keyword.continues_statement().then_some(line.indent);
                if is_header(line.keyword) {
                    return Some(line);
                }
            }
        }
        None
    };
    own.into_iter().chain(std::iter::from_fn(next_above))
}

/// The range of a handler or another branch: from its header to the next line that is not inside.
pub(crate) fn block_of(file: &FileContext<'_>, header: &LogicalLine) -> Span {
    let lines = &file.outline.lines;
    let after = lines.partition_point(|line| line.span.start <= header.span.start);
    let end = lines[after..].iter().find(|line| line.indent <= header.indent);
    Span::new(header.span.start, end.map_or(u32::MAX, |line| line.span.start))
}

/// Whether the first statement of a branch raises or returns, also where it stands behind the colon.
pub(crate) fn leaves_at_once(file: &FileContext<'_>, header: &LogicalLine) -> bool {
    let lines = &file.outline.lines;
    let next = lines.partition_point(|line| line.span.start <= header.span.start);
    lines.get(next).is_some_and(|line| {
        let is_inside = line.indent > header.indent || line.span.start < header.span.end;
        is_inside && matches!(line.keyword, Keyword::Raise | Keyword::Return)
    })
}

/// Whether a handler or another branch raises anywhere in it.
pub(crate) fn raises(file: &FileContext<'_>, header: &LogicalLine) -> bool {
    let block = block_of(file, header);
    let lines = &file.outline.lines;
    let first = lines.partition_point(|line| line.span.start < block.start);
    let mut inside = lines[first..].iter().take_while(|line| block.contains(line.span.start));
    inside.any(|line| line.keyword == Keyword::Raise)
}

fn is_header(keyword: Keyword) -> bool {
    keyword.continues_statement()
        || matches!(
            keyword,
            Keyword::If | Keyword::For | Keyword::While | Keyword::With | Keyword::Try
        )
}

/// The logical lines of a function's body, without those of functions and classes in it.
pub(crate) fn own_lines<'o>(
    file: &FileContext<'o>,
    function: &Definition,
) -> impl Iterator<Item = &'o LogicalLine> {
    let definitions = &file.outline.definitions;
    let id = definitions.partition_point(|other| other.header.start < function.header.start) as u32;
    let lines = &file.outline.lines;
    let first = lines.partition_point(|line| line.span.start < function.body.start);
    let end = lines.partition_point(|line| line.span.start < function.body.end);
    lines[first.min(end)..end].iter().filter(move |line| line.scope == Some(id))
}
