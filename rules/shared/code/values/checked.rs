//! Whether code above asks what a name holds before it goes on. Knows lines of one function.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Keyword, LogicalLine, Span};

use crate::shared::code::text::is_of_name;
use crate::shared::code::words::last_part;

/// Whether a condition above, in the same function, asks whether a name is one of something.
pub(super) fn is_checked(file: &FileContext<'_>, name: &str, offset: u32) -> bool {
    let Some(function) = file.function_at(offset) else { return false };
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < function.body.start);
    let above = lines[first..].iter().take_while(|it| it.span.start < offset);
    if above.clone().any(|it| it.keyword == Keyword::Other && guards(file, it, name)) {
        return true;
    }
    above
        .filter(|it| {
            matches!(it.keyword, Keyword::If | Keyword::Elif | Keyword::Assert | Keyword::While)
        })
        .any(|line| {
            let text = file.slice(Span::new(line.span.start, line.span.end.min(offset)));
            text.match_indices(name).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                let behind = text[at + name.len()..].trim_start();
                let is_whole =
                    before.is_none_or(|it| !(it.is_alphanumeric() || matches!(it, '_' | '.')));
                is_whole
                    && (behind.starts_with("not in ")
                        || behind.starts_with("in ")
                        || behind.starts_with("== \"")
                        || behind.starts_with("== '")
                        || behind.starts_with(".isdigit")
                        || behind.starts_with(".isalnum")
                        || behind.starts_with(".isidentifier")
                        || text[..at].ends_with("match(")
                        || text[..at].ends_with("isinstance(")
                        || text[..at].contains("match(") && behind.starts_with(')'))
            })
        })
}

/// `check_names(table, name)`: whether a line hands a name to a function of the file, which raises unless its text has a form.
fn guards(file: &FileContext<'_>, line: &LogicalLine, name: &str) -> bool {
    let text = file.slice(line.span);
    let Some((called, given)) = text.split_once('(') else { return false };
    let is_call = called.chars().all(|it| it == '.' || is_of_name(it));
    if !is_call || !given.trim_end_matches(')').split(',').any(|it| it.trim() == name) {
        return false;
    }
    let called = last_part(called);
    let mut own = file.outline.definitions.iter().filter(|it| it.is_function());
    own.any(|it| {
        let body = file.slice(it.body);
        file.slice(it.name) == called
            && body.contains("raise ")
            && ["match(", ".isalnum()", ".isidentifier()"].iter().any(|it| body.contains(it))
    })
}
