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

/// Functions whose result everybody knows, though it is no yes or no.
const KNOWN_CALLS: [&str; 29] = [
    "bytes()",
    "dict()",
    "frozenset()",
    "getLogger()",
    "hash()",
    "json.dumps()",
    "list()",
    "logging.getLogger()",
    "os.getcwd()",
    "os.path.dirname()",
    "os.path.exists()",
    "os.path.join()",
    "quote_plus()",
    "re.compile()",
    "set()",
    "sorted()",
    "time.time()",
    "tuple()",
    "unquote()",
    "unquote_plus()",
    "urlencode()",
    "urljoin()",
    "urllib.parse.quote()",
    "urllib.parse.quote_plus()",
    "urllib.parse.unquote()",
    "urllib.parse.unquote_plus()",
    "urllib.parse.urlencode()",
    "urllib.parse.urljoin()",
    "uuid.uuid4()",
];

/// Methods whose result everybody knows, whatever they are called on.
const KNOWN_METHODS: [&str; 18] = [
    "capitalize",
    "endswith",
    "format",
    "hexdigest",
    "isdigit",
    "isoformat",
    "join",
    "lower",
    "lstrip",
    "rstrip",
    "splitlines",
    "startswith",
    "strftime",
    "strip",
    "title",
    "to_dict",
    "total_seconds",
    "upper",
];

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
            || is_answer(value)
            || is_typed_parameter(file, function, value)
            || is_frame(file, function, value)
            || is_shown_local(file, function, value)
            || super::plain::is_filled_up(value)
            || super::plain::is_given_by_annotated(file, value)
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

/// `Order(day, total)`: whether a value is made by nothing but the call of a class.
pub(super) fn is_construction(value: &str) -> bool {
    let bare = outside_brackets(value);
    let Some(class) = bare.strip_suffix("()") else { return false };
    let last = class.rsplit('.').next().unwrap_or_default();
    if class == "cls" {
        return true;
    }
    last.starts_with(|it: char| it.is_ascii_uppercase())
        && last.contains(|it: char| it.is_ascii_lowercase())
        && class.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'))
}

/// `jsonify(order), 201`: whether a value is an answer of Flask or Django, be it with its status.
fn is_answer(value: &str) -> bool {
    const MAKERS: [&str; 8] = [
        "abort()",
        "jsonify()",
        "make_response()",
        "redirect()",
        "render()",
        "render_template()",
        "send_file()",
        "send_from_directory()",
    ];
    let inner = value.strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(value);
    let bare = outside_brackets(inner.trim().trim_end_matches(','));
    let called = bare.strip_prefix("flask.").unwrap_or(&bare);
    let Some(status) = MAKERS.iter().find_map(|it| called.strip_prefix(it)) else { return false };
    status.is_empty()
        || status.strip_prefix(',').is_some_and(|it| {
            it.trim().bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'))
        })
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
            let tells =
                is_shown(bound) || is_construction(bound) || is_frame(file, function, bound);
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
            others += usize::from(has_name(bound, value) && text.contains(['=', ':']));
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
pub(super) fn is_shown(value: &str) -> bool {
    if is_literal(value) {
        return true;
    }
    let bare = outside_brackets(value);
    let bare_in = |known: &[&str]| known.contains(&bare.as_str());
    if bare_in(&PLAIN_CALLS) || bare_in(&KNOWN_CALLS) || bare_in(&["[]", "{}"]) || value == "self" {
        return true;
    }
    // `( "a" "b" )`, `(True, "a")`
    if bare == "()"
        && let Some(inner) = value.strip_prefix('(').and_then(|it| it.strip_suffix(')'))
        && outside_brackets(inner).contains(',')
        && parts(inner).all(is_literal)
    {
        return true;
    }
    if bare == "()"
        && let Some(inner) = value.strip_prefix('(').and_then(|it| it.strip_suffix(')'))
        && !outside_brackets(inner).contains([',', ':'])
        && !inner.contains(" for ")
    {
        return is_shown(inner.trim());
    }
    let called = bare.strip_suffix("()").filter(|it| !it.contains(' '));
    if called
        .and_then(|it| it.rsplit_once('.'))
        .is_some_and(|(object, method)| object == "math" || KNOWN_METHODS.contains(&method))
    {
        return true;
    }
    let compares = |part: &str| {
        part.trim_start().starts_with("not ")
            || [" == ", " != ", " <= ", " >= ", " < ", " > ", " is ", " in "]
                .iter()
                .any(|it| part.contains(it))
            || PLAIN_CALLS.contains(&part.trim()) && !matches!(part.trim(), "str()" | "repr()")
    };
    if bare.contains(',') && !bare.contains(':') && parts(value).all(is_literal) {
        return true;
    }
    !bare.contains([',', ':'])
        && !bare.contains(" if ")
        && bare.split(" and ").flat_map(|it| it.split(" or ")).all(compares)
}

/// The parts of a text between its commas, but those in brackets and quotes; none behind the last comma.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let (mut from, mut at, mut depth) = (0, 0, 0_usize);
    let mut found = Vec::new();
    while let Some(c) = text[at..].chars().next() {
        if let Some(length) = quoted_length(&text[at..]) {
            at += length;
            continue;
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    found.push(text[from..].trim());
    found.into_iter().filter(|it| !it.is_empty())
}

/// A text without what stands in its brackets and quotes.
pub(super) fn outside_brackets(text: &str) -> String {
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
    // Nearly every letter is none of these.
    if !text.starts_with(['"', '\'']) {
        return None;
    }
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
            "[x for x in a]",
            "{'a': load(b)}",
            "math.ceil(a / b)",
            "sorted(a)",
            "a.name.strip().lower()",
            "(\n    'a'\n    'b'\n)",
        ] {
            assert!(is_shown(shown), "{shown}");
        }
        for hidden in [
            "a",
            "load(a)",
            "len(a) + b",
            "(x for x in a)",
            "[a][0]",
            "(a, b)",
            "await a.lower()",
            "a.replace(b)",
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
