//! What the body of a function says of its type without a hint: that it returns nothing, a text, a comparison, a function of
//! its own. Knows lines and their words, nothing of what other functions return.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, LogicalLine, ParameterKind, Span};

use crate::shared::code::blocks;
use crate::shared::code::text::has_name;

/// Functions whose name is the type of what they return, or nearly so.
const PLAIN_CALLS: [&str; 12] = [
    "any()",
    "all()",
    "bool()",
    "callable()",
    "float()",
    "hasattr()",
    "int()",
    "isinstance()",
    "issubclass()",
    "len()",
    "repr()",
    "str()",
];

/// Whether readers see what a function returns: nothing, or values that show their type.
pub(super) fn shows_type(file: &FileContext<'_>, function: &Definition) -> bool {
    let parameters = file.outline.signature(function).parameters;
    let takes_nothing = parameters.iter().all(|it| {
        matches!(file.slice(it.name), "self" | "cls") && it.kind != ParameterKind::VarPositional
    });
    returns_only(file, function, |value| {
        is_shown(value)
            || is_construction(value)
            || is_local_display(file, function, value)
            || !value.contains('(') && is_inner(file, function, value)
            || takes_nothing && (is_own_field(value) || value.starts_with(['[', '{']))
    })
}

/// `Order(day, total)`: whether a value is made by nothing but the call of a class.
fn is_construction(value: &str) -> bool {
    let bare = outside_brackets(value);
    let Some(class) = bare.strip_suffix("()") else { return false };
    let last = class.rsplit('.').next().unwrap_or_default();
    last.starts_with(|it: char| it.is_ascii_uppercase())
        && last.contains(|it: char| it.is_ascii_lowercase())
        && class.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'))
}

/// Whether a value is a name that the function binds once: to a list, a dictionary or a set, which it fills.
fn is_local_display(file: &FileContext<'_>, function: &Definition, value: &str) -> bool {
    if value.is_empty() || !value.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
        return false;
    }
    let (mut displays, mut others) = (0, 0);
    for line in blocks::own_lines(file, function) {
        let text = file.slice(line.span);
        let target = text.split('=').next().unwrap_or_default();
        if let Some(rest) = text.strip_prefix(value)
            && let Some(bound) = rest.trim_start().strip_prefix('=')
            && !bound.starts_with('=')
        {
            let bound = bound.trim();
            let is_display = bound.starts_with(['[', '{'])
                && matches!(&*outside_brackets(bound), "[]" | "{}")
                || matches!(bound, "list()" | "dict()" | "set()");
            displays += usize::from(is_display);
            others += usize::from(!is_display);
        } else if matches!(line.keyword, Keyword::For | Keyword::With | Keyword::Except)
            || target.contains(',')
            || text.starts_with("async ")
        {
            let head = text.split(" in ").next().unwrap_or_default();
            let bound = if line.keyword == Keyword::Other { target } else { head };
            others += usize::from(has_name(bound, value) && text.contains(['=', ':']));
        }
    }
    displays == 1 && others == 0
}

/// Whether all that a function returns are functions inside it, as a decorator does: whoever uses it wants its result.
pub(super) fn returns_inner(file: &FileContext<'_>, function: &Definition) -> bool {
    let mut any = false;
    let only = returns_only(file, function, |value| {
        any |= !value.contains('(');
        is_inner(file, function, value)
    });
    any && only
}

/// Whether a body holds nothing but words about it.
pub(super) fn is_empty(file: &FileContext<'_>, function: &Definition) -> bool {
    let mut lines = blocks::own_lines(file, function).peekable();
    lines.peek().is_some() && lines.all(|line| is_filler(file, function, line))
}

/// Whether a line is the description of the function, `pass` or `...`.
pub(super) fn is_filler(file: &FileContext<'_>, function: &Definition, line: &LogicalLine) -> bool {
    let docstring = function.docstring.is_some_and(|text| text.start == line.span.start);
    docstring || line.keyword == Keyword::Pass || file.slice(line.span) == "..."
}

/// Whether a value is a function or class inside the function, be it called at once: a decorator that takes options.
fn is_inner(file: &FileContext<'_>, function: &Definition, value: &str) -> bool {
    let value = value.split('(').next().unwrap_or_default();
    let definitions = &file.outline.definitions;
    let first = definitions.partition_point(|it| it.header.start <= function.header.start);
    let inside = definitions[first..].iter().take_while(|it| it.header.start < function.span.end);
    inside.into_iter().any(|it| file.slice(it.name) == value)
}

/// Whether a value is a field of the object itself.
fn is_own_field(value: &str) -> bool {
    let field = value.strip_prefix("self.").or_else(|| value.strip_prefix("cls."));
    field.is_some_and(|it| it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_'))
}

/// Whether a value shows its type.
fn is_shown(value: &str) -> bool {
    if is_literal(value) {
        return true;
    }
    let bare = outside_brackets(value);
    if PLAIN_CALLS.contains(&bare.as_str()) || value == "self" {
        return true;
    }
    let compares = |part: &str| {
        part.trim_start().starts_with("not ")
            || [" == ", " != ", " <= ", " >= ", " < ", " > ", " is ", " in "]
                .iter()
                .any(|it| part.contains(it))
            || PLAIN_CALLS.contains(&part.trim()) && !matches!(part.trim(), "str()" | "repr()")
    };
    !bare.contains([',', ':'])
        && !bare.contains(" if ")
        && bare.split(" and ").flat_map(|it| it.split(" or ")).all(compares)
}

/// A text without what stands in its brackets and quotes.
fn outside_brackets(text: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(c) = text[at..].chars().next() {
        if let Some(length) = quoted_length(&text[at..]) {
            at += length;
            continue;
        }
        match c {
            '(' | '[' | '{' => {
                if depth == 0 {
                    out.push(c);
                }
                depth += 1;
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    out.push(c);
                }
            }
            _ if depth == 0 => out.push(c),
            _ => {}
        }
        at += c.len_utf8();
    }
    out
}

/// Whether a value is a number, a text or a flag: readers and type checkers see the type.
pub(super) fn is_literal(text: &str) -> bool {
    let text = text.trim();
    let number =
        text.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let simple =
        !text.contains(['(', '[', '{']) && !text.contains(" if ") && !text.contains(" or ");
    simple && (matches!(text, "True" | "False") || number) || is_text(text)
}

/// Whether a value is made of literal texts, perhaps filled in or joined.
fn is_text(value: &str) -> bool {
    let mut rest = value;
    let mut literals = 0;
    loop {
        let quoted = rest.trim_start_matches(['b', 'B', 'f', 'F', 'r', 'R', 'u', 'U']);
        let Some(length) = quoted_length(quoted) else { break };
        literals += 1;
        rest = quoted[length..].trim_start();
    }
    let goes_on = rest.starts_with(['%', '+'])
        || (rest.starts_with(".format(") || rest.starts_with(".join(")) && rest.ends_with(')');
    literals > 0 && (rest.is_empty() || goes_on && !is_choice(rest))
}

/// Whether an expression picks one of several values.
fn is_choice(text: &str) -> bool {
    [" if ", " or ", " and "].iter().any(|word| text.contains(word))
}

/// The length of the quoted text at the start of `text`, with its quotes.
fn quoted_length(text: &str) -> Option<usize> {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text.starts_with(quote))?;
    let mut at = quote.len();
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(quote) {
            return Some(at + quote.len());
        }
        let mut chars = rest.chars();
        let first = chars.next()?;
        at += first.len_utf8();
        if first == '\\' {
            at += chars.next()?.len_utf8();
        }
    }
}

/// What stands before a semicolon or a comment.
fn first_statement(text: &str) -> &str {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if matches!(c, ';' | '#') {
            break;
        }
        at += quoted_length(&text[at..]).unwrap_or_else(|| c.len_utf8());
    }
    text[..at].trim()
}

/// Whether the body yields nothing and returns nothing but `None` and values that fit.
pub(super) fn returns_only(
    file: &FileContext<'_>,
    function: &Definition,
    mut fits: impl FnMut(&str) -> bool,
) -> bool {
    let one_line = Span::new(function.header.end, function.body.end);
    let mut lines: Vec<Span> = blocks::own_lines(file, function).map(|line| line.span).collect();
    if lines.is_empty() {
        lines.push(one_line);
    }
    lines.into_iter().all(|line| {
        let in_code = |at: usize| {
            let offset = line.start + at as u32;
            file.outline.string_at(offset).is_none() && file.outline.comment_at(offset).is_none()
        };
        let text = file.slice(line);
        let mut words = text.match_indices("yield").chain(text.match_indices("return"));
        words.all(|(at, word)| {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let rest = &text[at + word.len()..];
            if text[..at].ends_with(is_word) || rest.starts_with(is_word) || !in_code(at) {
                return true;
            }
            let value = first_statement(rest);
            word == "return" && (value.is_empty() || value == "None" || fits(value))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_of_a_class_shows_what_it_makes() {
        assert!(is_construction("Order(day, total=Total(1))"));
        assert!(is_construction("orders.Order()"));
        for hidden in ["Order.of(day)", "Order(day).total", "ORDER(day)", "load(Order())"] {
            assert!(!is_construction(hidden), "{hidden}");
        }
    }

    #[test]
    fn values_show_their_types() {
        for shown in [
            "True",
            "-1.5",
            "\"a\" + b",
            "f'{a}'",
            "len(a)",
            "a == b and not c",
            "isinstance(a, B)",
            "x in (1, 2)",
        ] {
            assert!(is_shown(shown), "{shown}");
        }
        for hidden in [
            "a",
            "load(a)",
            "len(a) + b",
            "[x for x in a]",
            "a in b, a",
            "a and b == c",
            "1 if a == b else c",
            "a or len(b)",
            "lambda x: x == 1",
        ] {
            assert!(!is_shown(hidden), "{hidden}");
        }
    }
}
