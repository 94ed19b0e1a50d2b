//! What the body of a function says of its type without a hint: that it returns nothing, values that show theirs, a function of
//! its own; and which parameters it reads. Knows lines and their words, nothing of what other functions return.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, LogicalLine, Parameter, ParameterKind, Span};

use super::values::{first_statement, is_answer, is_construction, is_shown, outside_brackets};
use crate::shared::code::blocks;
use crate::shared::code::text::{has_name, places_of};

/// Methods of a table of pandas that give a table.
const OF_FRAMES: [&str; 14] = [
    "assign",
    "astype",
    "copy",
    "drop",
    "drop_duplicates",
    "dropna",
    "fillna",
    "head",
    "join",
    "merge",
    "rename",
    "reset_index",
    "set_index",
    "sort_values",
];

/// Whether readers see what a function returns: nothing, or values that show their type.
pub(super) fn shows_type(file: &FileContext<'_>, function: &Definition) -> bool {
    let parameters = file.outline.signature(function).parameters;
    let takes_nothing = parameters.iter().all(|it| {
        matches!(file.slice(it.name), "self" | "cls") && it.kind != ParameterKind::VarPositional
    });
    let yields =
        super::is_context_manager(file, function) || takes_nothing && yields_once(file, function);
    gives_only(file, function, yields, |value| {
        is_shown(value)
            || is_construction(value)
            || super::is_class(value)
            || is_answer(value)
            || is_typed_parameter(file, function, value)
            || is_frame(file, function, value)
            || is_shown_local(file, function, value)
            || super::plain::is_filled_up(value)
            || super::plain::is_given_by_annotated(file, function, value)
            || yields && takes_nothing
            || !value.contains('(') && is_inner(file, function, value)
            || takes_nothing && (is_own_field(value) || value.starts_with(['[', '{']))
    })
}

/// Whether a function hands something out once and takes it back, as a dependency of a framework does.
fn yields_once(file: &FileContext<'_>, function: &Definition) -> bool {
    let mut yields = 0;
    for line in blocks::own_lines(file, function) {
        let text = file.slice(line.span);
        if matches!(line.keyword, Keyword::For | Keyword::While) || text.starts_with("yield from") {
            return false;
        }
        yields += usize::from(text.starts_with("yield "));
    }
    yields == 1
}

/// Whether a value is a parameter that says what it is: who hands it in gets it back.
fn is_typed_parameter(file: &FileContext<'_>, function: &Definition, value: &str) -> bool {
    let parameters = file.outline.signature(function).parameters;
    parameters.iter().any(|it| file.slice(it.name) == value && it.annotation.is_some())
}

/// `orders.merge(prices)`: whether a value is what a method of an annotated table gives, which is a table again.
fn is_frame(file: &FileContext<'_>, function: &Definition, value: &str) -> bool {
    let bare = outside_brackets(value);
    let mut parts = bare.split('.').map(str::trim);
    let owner = parts.next().unwrap_or_default();
    let is_table = |annotation: Span| file.slice(annotation).ends_with("DataFrame");
    let mut parameters = file.outline.signature(function).parameters.iter();
    let mut methods = parts.peekable();
    methods.peek().is_some()
        && methods.all(|it| it.strip_suffix("()").is_some_and(|it| OF_FRAMES.contains(&it)))
        && parameters.any(|it| file.slice(it.name) == owner && it.annotation.is_some_and(is_table))
}

/// `table = table.sort_values("day")`, `table = table.loc[rows, :]`: whether what a name is bound to is the table that it stood for.
fn is_same_again(bound: &str, name: &str) -> bool {
    let bare = outside_brackets(bound);
    let mut parts = bare.split('.').map(str::trim);
    let is_kept = |it: &str| {
        matches!(it, "iloc[]" | "loc[]")
            || it.strip_suffix("()").is_some_and(|it| OF_FRAMES.contains(&it))
    };
    bare.contains('.') && parts.next() == Some(name) && parts.all(is_kept)
}

/// Whether a value is a name that the function annotates, or binds to nothing but values that show their type: a list that
/// it fills, a text that it adds to.
fn is_shown_local(file: &FileContext<'_>, function: &Definition, value: &str) -> bool {
    if value.is_empty() || !value.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
        return false;
    }
    let (mut shown, mut others) = (0, 0);
    for line in blocks::own_lines(file, function) {
        let text = file.slice(line.span);
        let target = text.split('=').next().unwrap_or_default();
        let rest = text.strip_prefix(value).map_or("", str::trim_start);
        if rest.starts_with(':') {
            return true;
        }
        // Names in brackets are handed to a call, not bound.
        let is_head = ["@", "def ", "async def "].iter().any(|it| text.starts_with(it));
        if is_head || target.contains('(') && line.keyword == Keyword::Other {
            continue;
        }
        if let Some(bound) = rest.strip_prefix('=')
            && !bound.starts_with('=')
        {
            let bound = bound.trim();
            if is_same_again(bound, value) {
                continue;
            }
            let tells = is_shown(bound)
                || is_construction(bound)
                || is_frame(file, function, bound)
                || super::plain::is_filled_up(bound);
            shown += usize::from(tells);
            others += usize::from(!tells);
        } else if matches!(line.keyword, Keyword::For | Keyword::With | Keyword::Except)
            || target.contains(',')
            || text.starts_with("async ")
        {
            let bound = match line.keyword {
                Keyword::Other => target,
                Keyword::With | Keyword::Except => text.split_once(" as ").map_or("", |it| it.1),
                _ => text.split(" in ").next().unwrap_or_default(),
            };
            let binds = has_name(bound, value) && text.contains(['=', ':']);
            // `with Scope(limit) as scope:`
            let entered = text.trim_start_matches("async ").strip_prefix("with ");
            let made = entered.and_then(|it| it.split_once(" as ")).filter(|(made, name)| {
                is_construction(made.trim()) && name.trim_end_matches(':').trim() == value
            });
            shown += usize::from(binds && made.is_some());
            others += usize::from(binds && made.is_none());
        }
    }
    shown > 0 && others == 0
}

/// Whether a body is so few statements, beside fields that it fills: it is read as fast as a hint would be.
pub(super) fn is_brief(file: &FileContext<'_>, function: &Definition, limit: usize) -> bool {
    let (mut statements, mut raises, mut fields) = (0, 0, 0);
    for line in blocks::own_lines(file, function).filter(|it| !is_filler(file, function, it)) {
        let text = file.slice(line.span);
        let fills_field = text.split_once(" = ").is_some_and(|(field, value)| {
            is_own_field(field) && !value.contains('(') && line.keyword == Keyword::Other
        });
        fields += usize::from(fills_field);
        statements += usize::from(!fills_field);
        raises += usize::from(line.keyword == Keyword::Raise);
    }
    // What only raises is to be filled in: others write to its signature.
    let does_something = statements + fields > raises;
    does_something && statements <= limit
}

/// Whether a body is nothing but one text, number or comparison that it returns.
pub(super) fn is_formula(file: &FileContext<'_>, function: &Definition) -> bool {
    let lines = blocks::own_lines(file, function);
    let mut lines = lines.filter(|it| !is_filler(file, function, it));
    let (only, more) = (lines.next(), lines.next());
    let value = only.and_then(|it| file.slice(it.span).strip_prefix("return "));
    more.is_none() && value.is_some_and(|it| is_shown(first_statement(it)))
}

/// Whether a function returns at one place alone, and that shows what comes: a display of a mapping, what it was handed, the row
/// that it asks for, what a library answers, or, where it does nothing else, what another method does.
pub(super) fn gives_at_sight(file: &FileContext<'_>, function: &Definition) -> bool {
    let lines = blocks::own_lines(file, function).filter(|it| !is_filler(file, function, it));
    let lines: Vec<&LogicalLine> = lines.collect();
    let mut returns = lines.iter().filter(|it| it.keyword == Keyword::Return);
    let (Some(only), None) = (returns.next(), returns.next()) else { return false };
    if lines.iter().any(|it| has_name(file.slice(it.span), "yield")) {
        return false;
    }
    let value = file.slice(only.span).strip_prefix("return").map_or("", first_statement);
    let mut parameters = file.outline.signature(function).parameters.iter();
    let is_row = |line: &&LogicalLine| {
        let text = file.slice(line.span);
        text.starts_with(&format!("{value}, "))
            && ["get_or_create(", "update_or_create("].iter().any(|it| text.contains(it))
    };
    value.starts_with('{') && value.ends_with('}')
        || parameters.any(|it| file.slice(it.name) == value)
        || !value.is_empty() && lines.iter().any(is_row)
        || lines.len() == 1 && is_of_object(value)
        || is_of_library(file, value, only.span.start)
}

/// Whether a value is what another method of the same object gives: of a method that does nothing else, one asks that one.
fn is_of_object(value: &str) -> bool {
    let value = value.strip_prefix("await ").unwrap_or(value);
    let Some((name, _)) = value.split_once('(').filter(|_| value.ends_with(')')) else {
        return false;
    };
    name.strip_prefix("self.")
        .is_some_and(|it| it.chars().all(|it| it == '_' || it.is_alphanumeric()))
}

/// Whether a value is what a function of a library gives.
fn is_of_library(file: &FileContext<'_>, value: &str, offset: u32) -> bool {
    let Some((called, _)) = value.split_once('(').filter(|_| value.ends_with(')')) else {
        return false;
    };
    let Some((facts, _)) = file.in_facts() else { return false };
    file.names().resolve(called, offset).is_some_and(|path| {
        let top = path.split('.').next().unwrap_or_default();
        path.contains('.') && !top.is_empty() && !facts.modules().is_first_party(top)
    })
}

/// Whether all that a function returns are functions inside it, as a decorator does: whoever uses it wants its result.
pub(super) fn returns_inner(file: &FileContext<'_>, function: &Definition) -> bool {
    let mut any = false;
    let only = returns_only(file, function, |value| {
        let wrapped = wrapped_function(value);
        any |= wrapped.is_some() || !value.contains('(');
        is_inner(file, function, wrapped.unwrap_or(value))
    });
    any && only
}

/// The function that is given the looks of another one: `update_wrapper(inner, f)`, `wraps(f)(inner)`.
fn wrapped_function(value: &str) -> Option<&str> {
    let value = value.strip_prefix("functools.").unwrap_or(value).strip_suffix(')')?;
    let inner = match value.strip_prefix("update_wrapper(") {
        Some(arguments) => arguments.split(',').next(),
        None => value.strip_prefix("wraps(").and_then(|it| it.split_once(")(")).map(|it| it.1),
    };
    inner.map(str::trim)
}

/// Whether a body holds nothing but words about it.
pub(super) fn is_empty(file: &FileContext<'_>, function: &Definition) -> bool {
    let mut lines = blocks::own_lines(file, function).peekable();
    lines.peek().is_some() && lines.all(|line| is_filler(file, function, line))
}

/// Whether a body leaves it to others what to do: it is empty, or says that nothing is implemented.
pub(super) fn is_left_to_others(file: &FileContext<'_>, function: &Definition) -> bool {
    let text = file.slice(function.body);
    is_empty(file, function)
        || matches!(text.trim(), "..." | "pass")
        || has_name(text, "NotImplementedError")
}

/// Whether a body reads a name: what it takes and does not use, its callers want to hand in.
pub(super) fn reads(file: &FileContext<'_>, function: &Definition, name: &str) -> bool {
    let text = file.slice(function.body);
    let is_code = |at: usize| {
        let offset = function.body.start + at as u32;
        let in_text = file.outline.string_at(offset).is_some_and(|it| !it.interpolated);
        !in_text && file.outline.comment_at(offset).is_none()
    };
    // What is given to `_` is thrown away: `_ = connection`.
    let is_dropped = |at: usize| {
        let line = text[..at].rsplit('\n').next().unwrap_or_default().trim();
        let behind = text[at + name.len()..].lines().next().unwrap_or_default().trim();
        line == "_ =" && behind.is_empty()
    };
    places_of(text, name).any(|at| is_code(at) && !is_dropped(at))
        || ["locals", "vars"].iter().any(|it| has_name(text, it))
}

/// Whether a body refuses what is not of the type that it wants: that says the type, and whatever comes may be handed in.
pub(super) fn is_checked(
    file: &FileContext<'_>,
    function: &Definition,
    parameter: &Parameter,
) -> bool {
    let check = format!("if not isinstance({},", file.slice(parameter.name));
    blocks::own_lines(file, function).any(|it| file.slice(it.span).starts_with(&check))
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

/// Whether the body yields nothing and returns nothing but `None` and values that fit.
pub(super) fn returns_only(
    file: &FileContext<'_>,
    function: &Definition,
    fits: impl FnMut(&str) -> bool,
) -> bool {
    gives_only(file, function, false, fits)
}

/// The same, where what is yielded may fit as well: `yields`.
fn gives_only(
    file: &FileContext<'_>,
    function: &Definition,
    yields: bool,
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
            (yields || word == "return") && (value.is_empty() || value == "None" || fits(value))
        })
    })
}
