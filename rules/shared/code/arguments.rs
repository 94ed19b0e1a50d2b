//! The call around a place in its arguments, and where its arguments stand. Needs no tree and knows no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Span};

use crate::shared::code::calls::{self, CallArgument};

/// How many calls before an offset are asked whether they hold it: a call may have hundreds of others as arguments.
const NEAR: usize = 200;

/// The innermost call between whose parentheses an offset stands.
pub(crate) fn call_around<'o>(file: &FileContext<'o>, offset: u32) -> Option<&'o Call> {
    let start = file.outline.line_at(offset)?.span.start;
    let calls = &file.outline.calls;
    let after = calls.partition_point(|call| call.name.start < offset);
    let near = calls[..after].iter().rev().take(NEAR);
    near.take_while(|call| call.name.start >= start).find(|call| call.arguments.contains(offset))
}

/// The keyword argument of the innermost call around an offset whose name or value begins there.
pub(crate) fn argument_at<'o>(
    file: &FileContext<'o>,
    offset: u32,
) -> Option<(&'o Call, CallArgument<'o>)> {
    let call = call_around(file, offset)?;
    let mut arguments = calls::arguments(file, call).into_iter();
    let found = arguments.find(|argument| {
        argument.keyword.is_some_and(|name| at(file, name).start == offset)
            || at(file, argument.value).start == offset
    })?;
    Some((call, found))
}

/// Where a piece of the file's text stands.
pub(crate) fn at(file: &FileContext<'_>, piece: &str) -> Span {
    let start = (piece.as_ptr() as usize).wrapping_sub(file.source.text().as_ptr() as usize);
    Span::new(start as u32, (start + piece.len()) as u32)
}

/// The dotted name that holds an offset.
pub(crate) fn dotted_around(file: &FileContext<'_>, offset: u32) -> Span {
    let bytes = file.source.text().as_bytes();
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let before = bytes[..offset as usize].iter().rev().take_while(|byte| is_of_name(byte)).count();
    let behind = bytes[offset as usize..].iter().take_while(|byte| is_of_name(byte)).count();
    Span::new(offset - before as u32, offset + behind as u32)
}

/// The positional argument of this index, or the keyword argument of one of these names.
pub(crate) fn value_of<'a>(
    arguments: &[CallArgument<'a>],
    index: usize,
    names: &[&str],
) -> Option<&'a str> {
    let by_name = arguments.iter().find(|it| it.keyword.is_some_and(|name| names.contains(&name)));
    let by_place = || {
        let mut positional = arguments.iter().take_while(|it| it.keyword.is_none());
        positional.nth(index).filter(|it| !it.value.starts_with('*'))
    };
    by_name.or_else(by_place).map(|it| it.value)
}

/// Whether a dotted name is one of these or lies below one of them.
pub(crate) fn is_below(name: &str, roots: &[String]) -> bool {
    roots.iter().any(|root| {
        name.strip_prefix(root.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
