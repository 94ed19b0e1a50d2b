//! Calls as the outline shows them: what is called, with what, and when it runs. Needs no tree and
//! knows no rule.

use std::borrow::Cow;

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Outline, Span};

/// One argument of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallArgument<'a> {
    /// The name before `=`; `None` for positional ones, starred ones included.
    pub(crate) keyword: Option<&'a str>,
    /// The text of the value, stars included.
    pub(crate) value: &'a str,
}

/// The whole call: from the name to the closing parenthesis.
pub(crate) fn span(call: &Call) -> Span {
    Span::new(call.name.start, call.arguments.end)
}

/// The call whose name ends at an offset.
pub(crate) fn ending_at<'o>(file: &FileContext<'o>, end: u32) -> Option<&'o Call> {
    let calls = &file.outline.calls;
    let before = calls.partition_point(|call| call.name.start < end);
    // Names do not overlap.
    calls[..before].last().filter(|call| call.name.end == end)
}

/// The name as written, without white space.
pub(crate) fn written<'a>(file: &FileContext<'a>, call: &Call) -> Cow<'a, str> {
    roadworthy_parser::dotted_text(file.source.text(), call.name)
}

/// What a call calls, resolved through the imports; `None` for what is attached to an expression or
/// begins with a local name.
pub(crate) fn callee(file: &FileContext<'_>, call: &Call) -> Option<String> {
    if call.attached {
        return None;
    }
    let written = written(file, call);
    let resolved = file.names().resolve(&written, call.name.start)?;
    let first = written.split('.').next().unwrap_or_default();
    (!is_parameter(file, first, call.name.start)).then(|| resolved.into_owned())
}

/// Whether a function around the offset has a parameter of that name.
fn is_parameter(file: &FileContext<'_>, name: &str, offset: u32) -> bool {
    file.outline.enclosing(offset).filter(|around| around.body.contains(offset)).any(|around| {
        let signature = file.outline.signature(around);
        signature.parameters.iter().any(|parameter| file.slice(parameter.name) == name)
    })
}

/// The call whose result an attached call is made on: `g(1)` of `g(1).f(2)`.
pub(crate) fn receiver<'o>(file: &FileContext<'o>, call: &Call) -> Option<&'o Call> {
    if !call.attached {
        return None;
    }
    let before = file.source.text()[..call.name.start as usize].trim_end();
    let before = before.strip_suffix('.')?.trim_end();
    let end = before.ends_with(')').then_some(before.len() as u32)?;
    let calls = &file.outline.calls;
    let after = calls.partition_point(|other| other.name.start < call.name.start);
    calls[..after].iter().rev().find(|other| other.arguments.end == end)
}

/// The arguments of a call, in order.
pub(crate) fn arguments<'a>(file: &FileContext<'a>, call: &Call) -> Vec<CallArgument<'a>> {
    argument_spans(file, call).into_iter().map(|part| argument(file, part)).collect()
}

/// Where the arguments of a call stand, with the white space around them.
pub(crate) fn argument_parts(file: &FileContext<'_>, call: &Call) -> Vec<Span> {
    comma_separated(file, inside(call))
}

/// The ranges of the arguments of a call, in order, without the white space and comments around them.
pub(crate) fn argument_spans(file: &FileContext<'_>, call: &Call) -> Vec<Span> {
    let parts = comma_separated(file, inside(call));
    parts
        .into_iter()
        .map(|part| without_blanks(file, part))
        .filter(|it| it.start < it.end)
        .collect()
}

/// A range without the white space and comments at its ends.
pub(crate) fn without_blanks(file: &FileContext<'_>, part: Span) -> Span {
    let Span { mut start, mut end } = part;
    loop {
        let text = file.slice(Span::new(start, end));
        start += (text.len() - text.trim_start_matches([' ', '\t', '\r', '\n', '\\']).len()) as u32;
        match file.outline.comment_at(start) {
            Some(comment) if comment.start == start => start = comment.end,
            _ => break,
        }
    }
    loop {
        let text = file.slice(Span::new(start, end.max(start)));
        end = start + text.trim_end_matches([' ', '\t', '\r', '\n', '\\']).len() as u32;
        match end.checked_sub(1).and_then(|last| file.outline.comment_at(last)) {
            Some(comment) if comment.start >= start => end = comment.start,
            _ => break,
        }
    }
    Span::new(start, end.max(start))
}

/// What stands between the parentheses.
pub(crate) fn inside(call: &Call) -> Span {
    let Span { start, end } = call.arguments;
    Span::new(start + 1, end.saturating_sub(1).max(start + 1))
}

/// The value of a keyword argument.
pub(crate) fn keyword<'a>(file: &FileContext<'a>, call: &Call, name: &str) -> Option<&'a str> {
    let found = arguments(file, call).into_iter().find(|argument| argument.keyword == Some(name));
    found.map(|argument| argument.value)
}

fn argument<'a>(file: &FileContext<'a>, part: Span) -> CallArgument<'a> {
    let text = file.slice(part);
    if let Some((name, value)) = text.split_once('=') {
        let name = name.trim();
        let is_name = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_name && !value.starts_with('=') {
            return CallArgument { keyword: Some(name), value: value.trim() };
        }
    }
    CallArgument { keyword: None, value: text.trim() }
}

/// The non-empty parts of a range between the commas that stand in no bracket, string or comment.
fn comma_separated(file: &FileContext<'_>, range: Span) -> Vec<Span> {
    let bytes = file.source.text().as_bytes();
    let mut parts = Vec::new();
    let mut start = range.start;
    let mut depth = 0_u32;
    let mut at = range.start;
    while at < range.end {
        if let Some(end) = text_end(file.outline, at) {
            at = end.max(at + 1);
            continue;
        }
        match bytes[at as usize] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(Span::new(start, at));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(Span::new(start, range.end));
    parts.retain(|&part| !file.slice(part).trim().is_empty());
    parts
}

/// The end of the string or comment that begins at an offset.
fn text_end(outline: &Outline, offset: u32) -> Option<u32> {
    let string = outline.strings.binary_search_by_key(&offset, |string| string.span.start);
    if let Ok(index) = string {
        return Some(outline.strings[index].span.end);
    }
    let comment = outline.comments.binary_search_by_key(&offset, |comment| comment.start);
    comment.ok().map(|index| outline.comments[index].end)
}

/// The content of a plain string literal that is the whole of a text.
pub(crate) fn literal(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\', '\n'])).then_some(inner)
}

/// Whether code at an offset runs when the module is imported: in no function's body and not under
/// `if __name__ == "__main__":`. Decorators and defaults of module-level functions do run.
pub(crate) fn runs_at_import(file: &FileContext<'_>, offset: u32) -> bool {
    let deferred = file
        .outline
        .enclosing(offset)
        .any(|around| around.is_function() && around.body.contains(offset));
    !deferred && !file.outline.under_main_guard(offset) && !is_behind_lambda(file, offset)
}

/// Whether `lambda` stands before the offset in its logical line.
fn is_behind_lambda(file: &FileContext<'_>, offset: u32) -> bool {
    file.outline.line_at(offset).is_some_and(|line| {
        let before = Span::new(line.span.start, offset.max(line.span.start));
        file.slice(before).contains("lambda")
    })
}

/// Whether the file is a command-line program by what it imports.
pub(crate) fn reads_command_line(file: &FileContext<'_>) -> bool {
    const PARSERS: [&str; 16] = [
        "absl.app",
        "argparse",
        "asyncclick",
        "cleo",
        "click",
        "cliff",
        "cmd",
        "cyclopts",
        "docopt",
        "fire",
        "getopt",
        "invoke",
        "optparse",
        "plac",
        "rich_click",
        "typer",
    ];
    PARSERS.iter().any(|module| file.names().imports_module(module))
}

/// The logger methods that write a record.
pub(crate) const LOG_METHODS: [&str; 9] =
    ["critical", "debug", "error", "exception", "fatal", "info", "log", "warn", "warning"];

/// Whether a `logging.getLogger(...)` asks for the root logger.
pub(crate) fn asks_for_root(file: &FileContext<'_>, call: &Call) -> bool {
    match arguments(file, call).as_slice() {
        [] => true,
        [one] => matches!(one.value, "None" | "''" | "\"\"" | "\"root\"" | "'root'"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn only_one_plain_literal_is_one() {
        assert_eq!(literal("\"a.b\""), Some("a.b"));
        assert_eq!(literal("'a' + 'b'"), None);
        assert_eq!(literal("name"), None);
        assert_eq!(literal("\""), None);
    }
}
