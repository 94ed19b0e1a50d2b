//! Where an expression is taken for true or false, by the text around it. Needs no tree and knows no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::{DefinitionId, Keyword, Span};

/// Whether an expression is a condition, or an operand of one, as it stands.
pub(crate) fn is_tested(file: &FileContext<'_>, expression: Span) -> bool {
    let Some(line) = file.outline.line_at(expression.start) else { return false };
    if !ends_expression(file, expression.end) {
        return false;
    }
    let condition = matches!(line.keyword, Keyword::If | Keyword::Elif | Keyword::While);
    let before = file.slice(Span::new(line.span.start.min(expression.start), expression.start));
    match opener(before) {
        Some(Opener::Not | Opener::Bool) => true,
        Some(Opener::If) => condition || is_conditional(file, expression.end, line.span.end),
        Some(Opener::Joint) => {
            let clause = before.rfind(" if ").map(|at| &before[at..]);
            condition && !has_call_open(before) || clause.is_some_and(|it| !it.contains(" else "))
        }
        None => false,
    }
}

/// What stands before an expression that takes it for true or false.
enum Opener {
    Not,
    If,
    /// `and`, `or`.
    Joint,
    Bool,
}

fn opener(before: &str) -> Option<Opener> {
    let mut before = before.trim_end();
    while let Some(outer) = before.strip_suffix('(') {
        before = outer.trim_end();
        match last_word(before) {
            "bool" => return Some(Opener::Bool),
            // The bracket of a call is none of a condition.
            "" if !before.ends_with('(') => return None,
            "" => {}
            _ => break,
        }
    }
    word_before(before)
}

fn last_word(text: &str) -> &str {
    let is_inside = |it: char| it.is_alphanumeric() || it == '_';
    let start = text
        .rfind(|it: char| !is_inside(it))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

fn word_before(before: &str) -> Option<Opener> {
    match last_word(before) {
        "not" => Some(Opener::Not),
        "if" | "elif" | "while" => Some(Opener::If),
        "and" | "or" => Some(Opener::Joint),
        _ => None,
    }
}

/// Whether a call is open at the end of a text: what is joined there is its argument.
fn has_call_open(before: &str) -> bool {
    let mut depth = 0_i32;
    for (at, sign) in before.char_indices().rev() {
        match sign {
            ')' | ']' | '}' => depth += 1,
            '[' | '{' if depth == 0 => return true,
            '(' if depth == 0 => {
                let named = before[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_');
                if named && !before[..at].ends_with("if") && !before[..at].ends_with("not") {
                    return true;
                }
            }
            '(' | '[' | '{' => depth -= 1,
            _ => {}
        }
    }
    false
}

/// Whether `else` follows in the line: the expression is the condition of another.
fn is_conditional(file: &FileContext<'_>, from: u32, to: u32) -> bool {
    file.slice(Span::new(from, to.max(from))).split_whitespace().any(|it| it == "else")
}

/// Whether nothing behind an offset goes on with what ends there: no comparison, no method, no subscript.
pub(crate) fn ends_expression(file: &FileContext<'_>, offset: u32) -> bool {
    let text = file.source.text();
    let rest = &text[offset as usize..];
    let behind = rest.trim_start_matches([' ', '\t', '\n', '\r', '\\']);
    let line_ends = rest.trim_start_matches([' ', '\t']).starts_with(['\n', '\r', '#']);
    let word = |it: &str| {
        behind
            .strip_prefix(it)
            .is_some_and(|rest| !rest.starts_with(|it: char| it.is_alphanumeric()))
    };
    if behind.starts_with(')') {
        // A bracket that only groups: what is behind it goes on.
        let rest = behind.trim_start_matches(')').trim_start_matches([' ', '\t']);
        return !rest.starts_with(['.', '[', '=', '!', '<', '>', '+', '%'])
            && !rest.starts_with("in ")
            && !rest.starts_with("not in ")
            && !rest.starts_with("is ");
    }
    behind.is_empty()
        || behind.starts_with([':', ',', ']', '}'])
        || word("and")
        || word("or") && !is_replaced(behind)
        || word("else")
        || line_ends && !behind.starts_with(['.', '[', '='])
}

/// `or ""`: what is empty is replaced by another text.
fn is_replaced(behind: &str) -> bool {
    behind["or".len()..].trim_start().starts_with(['"', '\''])
}

/// Whether every use of a name in its scope takes it for true or false, and there is one.
pub(crate) fn is_only_tested(
    file: &FileContext<'_>,
    name: &str,
    scope: Option<DefinitionId>,
) -> bool {
    let text = file.source.text();
    let range = scope.map(|id| file.outline.definition(id).span);
    let is_word = |it: Option<&u8>| {
        it.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'))
    };
    let bytes = text.as_bytes();
    let mut tested = false;
    for (at, _) in text.match_indices(name) {
        let span = Span::new(at as u32, (at + name.len()) as u32);
        let before = at.checked_sub(1).and_then(|it| bytes.get(it));
        let behind = bytes.get(at + name.len());
        let is_part =
            is_word(before) || behind.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_');
        let elsewhere = range.is_some_and(|it| !it.contains(span.start))
            || file.outline.comment_at(span.start).is_some()
            || file.outline.string_at(span.start).is_some_and(|it| !it.interpolated);
        if is_part || elsewhere || is_bound_here(file, span) {
            continue;
        }
        if !is_tested(file, span) {
            return false;
        }
        tested = true;
    }
    tested
}

fn is_bound_here(file: &FileContext<'_>, name: Span) -> bool {
    let line = file.outline.line_at(name.start);
    line.is_some_and(|line| {
        line.span.start == name.start
            && file.slice(Span::new(name.end, line.span.end)).contains('=')
    })
}
