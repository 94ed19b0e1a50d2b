//! What tells types where no hint does: a description, a default, what is done with a parameter, a function that is annotated
//! and called; and functions that nobody calls. Knows words of one file and how often names stand in the project.

use std::cell::OnceCell;

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, LogicalLine, Parameter};

use super::{body, values};
use crate::shared::code::reach::is_of_many;
use crate::shared::code::text::places_of;
use crate::shared::code::{blocks, first_party, named};

/// Methods that texts have, among them a few of [`OF_OTHERS_TOO`].
const OF_TEXTS: [&str; 22] = [
    "capitalize",
    "casefold",
    "encode",
    "endswith",
    "find",
    "format",
    "isdigit",
    "isnumeric",
    "join",
    "lower",
    "lstrip",
    "partition",
    "replace",
    "rfind",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "title",
    "upper",
];

/// Methods that elements of pages, times, frames and tokenizers have as well: they prove nothing.
const OF_OTHERS_TOO: [&str; 5] = ["encode", "find", "format", "join", "replace"];

/// Whether no other file of an application uses a function, as far as the names of the project tell: it does not run, or is a
/// matter of its own module. `module`: whether anything names the file, looked for once.
pub(super) fn is_for_nobody_else(
    file: &FileContext<'_>,
    function: &Definition,
    class: Option<&Definition>,
    module: &OnceCell<bool>,
) -> bool {
    let name = file.slice(function.name);
    // A class is made by its own name.
    let made = class.filter(|_| name == "__init__").map_or(name, |it| file.slice(it.name));
    *module.get_or_init(|| named::is_module_named_nowhere(file) || named::is_unreached(file))
        || is_taken_by_nobody(file, function, class)
        || !made.starts_with("__") && named::is_named_here_alone(file, made)
        || class.is_some_and(|it| named::stands_once(file, it))
}

/// Whether no other file takes a function, or a class that its own file does not name again, out of the module of an application.
fn is_taken_by_nobody(
    file: &FileContext<'_>,
    function: &Definition,
    class: Option<&Definition>,
) -> bool {
    let made = class.unwrap_or(function);
    let name = file.slice(made.name);
    let is_alone = || places_of(file.source.text(), name).count() == 1;
    made.parent.is_none()
        && (class.is_none() || is_alone())
        && named::is_taken_by_nobody(file, name)
}

/// Whether a method is a single call that its own class makes through itself, and hands on what it is given: who is called tells
/// what that is.
pub(super) fn is_handed_on(
    file: &FileContext<'_>,
    function: &Definition,
    class: Option<&Definition>,
    missing: &[&Parameter],
) -> bool {
    let Some(class) = class.filter(|_| !missing.is_empty()) else { return false };
    let name = file.slice(function.name);
    let lines = blocks::own_lines(file, function).filter(|it| !body::is_filler(file, function, it));
    let lines: Vec<&LogicalLine> = lines.collect();
    let [only] = lines[..] else { return false };
    let code = file.slice(only.span);
    let is_argument = |parameter: &&Parameter| {
        let name = file.slice(parameter.name);
        places_of(code, name).any(|at| {
            code[..at].trim_end().ends_with(['(', ',', '='])
                && code[at + name.len()..].trim_start().starts_with([',', ')'])
        })
    };
    let text = file.source.text();
    let is_defined = |at: &usize| text[..*at].trim_end_matches(' ').ends_with("def");
    let uses = || places_of(text, name).filter(|at| !is_defined(at));
    let is_used_here = uses().any(|at| class.span.contains(at as u32));
    let all_own = uses().all(|at| text[..at].ends_with("self."));
    !name.starts_with("__") && is_used_here && all_own && missing.iter().all(is_argument)
}

/// Whether a default shows what it is by the class that is called for it: `timedelta(hours=1)`, `Decimal("0")`.
pub(super) fn is_made(default: &str) -> bool {
    const OTHERS: [&str; 8] =
        ["date", "datetime", "dict", "frozenset", "list", "set", "timedelta", "tuple"];
    const OF_FRAMEWORKS: [&str; 12] = [
        "Argument", "Body", "Cookie", "Depends", "File", "Form", "Header", "Option", "Path",
        "Query", "Security", "Provide",
    ];
    let Some((called, _)) = default.split_once('(').filter(|_| default.ends_with(')')) else {
        return false;
    };
    let last = called.rsplit('.').next().unwrap_or_default();
    OTHERS.contains(&last) || values::is_construction(default) && !OF_FRAMEWORKS.contains(&last)
}

/// Whether a default is a constant, whose own value shows what it is: `DEFAULT_LIMIT`, `buttons.CANCEL`.
pub(super) fn is_constant(default: &str) -> bool {
    let last = default.rsplit('.').next().unwrap_or_default();
    default.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '.'))
        && last.len() > 1
        && last.starts_with(|it: char| it.is_ascii_uppercase())
        && !last.contains(|it: char| it.is_ascii_lowercase())
}

/// Whether the description of a function gives the type of a parameter, in one of the ways that tools read.
pub(super) fn is_described(file: &FileContext<'_>, function: &Definition, name: &str) -> bool {
    let text = function.docstring.map_or("", |it| file.slice(it));
    [":", "@"].iter().any(|mark| text.contains(&format!("{mark}type {name}")))
        || places_of(text, name).any(|at| {
            let behind = text[at + name.len()..].trim_start_matches(['*', '`']);
            let begin = text[..at].rsplit('\n').next().unwrap_or_default().trim();
            let is_first = begin.trim_matches(['*', '`', '-', ' ', '"', '\'']).is_empty();
            let of_param = begin.starts_with(":param ") && begin.len() > ":param ".len();
            let is_typed = ["(", " (", " : "].iter().any(|it| behind.starts_with(it));
            is_first && is_typed || of_param
        })
}

/// Whether the description of a function says what it returns.
pub(super) fn is_return_described(file: &FileContext<'_>, function: &Definition) -> bool {
    let text = function.docstring.map_or("", |it| file.slice(it));
    [":rtype", "@rtype", "Returns:", "Returns\n"].iter().any(|it| text.contains(it))
}

/// Whether no function of a file is annotated.
pub(super) fn has_no_hints(file: &FileContext<'_>) -> bool {
    let mut functions = file.outline.definitions.iter().filter(|it| it.is_function());
    !functions.any(|it| super::has_begun(file, it))
}

/// Whether a function without any hint is a slip: at least half of the functions of its file are annotated, be it in part, or the
/// project is no more than a few modules.
pub(super) fn is_slip(file: &FileContext<'_>) -> bool {
    let functions = || file.outline.definitions.iter().filter(|it| it.is_function());
    functions().filter(|it| super::has_begun(file, it)).count() * 2 >= functions().count()
        || !is_of_many(file)
}

/// Whether all that a function does with a parameter is what one does with a text, and what it returns is one, or nothing.
pub(super) fn works_on_text(
    file: &FileContext<'_>,
    function: &Definition,
    parameter: &Parameter,
) -> bool {
    let name = file.slice(parameter.name);
    let code = file.slice(function.body);
    let mut is_text = false;
    let only = places_of(code, name).all(|at| {
        let offset = function.body.start + at as u32;
        if file.outline.comment_at(offset).is_some()
            || file.outline.string_at(offset).is_some_and(|it| !it.interpolated)
        {
            return true;
        }
        let behind = &code[at + name.len()..];
        let method = behind.strip_prefix('.').and_then(|it| it.split_once('(')).map(|it| it.0);
        let of_text = method.is_some_and(|it| OF_TEXTS.contains(&it));
        is_text |= of_text && method.is_none_or(|it| !OF_OTHERS_TOO.contains(&it));
        let before = code[..at].trim_end();
        let rest = behind.trim_start();
        of_text
            || behind.starts_with('[')
            || behind.starts_with('}')
            || before.ends_with('+')
            || before.ends_with("len(")
            || before.ends_with("return")
            || before.ends_with("not")
            || before.ends_with("if") && behind.starts_with([':', ' '])
            || before.ends_with("in")
            || rest.starts_with("==")
            || rest.starts_with("in ")
            || rest.starts_with("= ") && {
                let value = rest[2..].trim_start();
                value.strip_prefix(name).is_some_and(|it| it.starts_with(['.', '[']))
            }
            || rest.starts_with('+')
    });
    let begins = |value: &str| {
        value.strip_prefix(name).is_some_and(|it| {
            let method = it.strip_prefix('.').and_then(|it| it.split_once('(')).map(|it| it.0);
            it.is_empty()
                || it.starts_with('[')
                || method.is_some_and(|it| OF_TEXTS.contains(&it) && !it.contains("split"))
        })
    };
    only && is_text
        && body::returns_only(file, function, |value| {
            let is_joined =
                || value.contains(['"', '\'']) && values::outside_brackets(value).contains(" + ");
            begins(value) || values::is_shown(value) || is_joined()
        })
}

/// Whether a value is what a function gives that says what it gives: one of the file, or one that a half annotated function
/// imports. Where nobody writes hints, none is looked for elsewhere.
pub(super) fn is_given_by_annotated(
    file: &FileContext<'_>,
    function: &Definition,
    value: &str,
) -> bool {
    let called = values::outside_brackets(value.strip_prefix("await ").unwrap_or(value));
    let Some(called) = called.strip_suffix("()") else { return false };
    let name = ["self.", "cls."].iter().find_map(|it| called.strip_prefix(it)).unwrap_or(called);
    let own = file.outline.definitions.iter();
    let mut own = own.filter(|it| it.is_function() && file.slice(it.name) == name).peekable();
    if own.peek().is_some() {
        return own.all(|it| file.outline.signature(it).returns.is_some());
    }
    let mut parameters = file.outline.signature(function).parameters.iter();
    let begun = parameters.any(|it| it.annotation.is_some());
    begun
        && file.in_facts().is_some_and(|(facts, known)| {
            let path = file.names().resolve(called, function.body.start);
            let found = path.and_then(|it| first_party::find(facts, known, &it));
            found.is_some_and(|it| {
                let given = it.python.outline.signature(it.definition()).returns;
                it.definition().is_function() && given.is_some()
            })
        })
}

/// `found or [one]`, `getattr(settings, name)`: whether what stands last shows the type, or none but `Any` can be written.
pub(super) fn is_filled_up(value: &str) -> bool {
    let bare = values::outside_brackets(value);
    if bare == "getattr()" {
        let arguments = value.trim_start_matches("getattr(").split(',').nth(1);
        return arguments.is_some_and(|it| !it.trim_start().starts_with(['"', '\'']));
    }
    if ["__import__()", "import_module()", "importlib.import_module()"].contains(&bare.as_str()) {
        return true;
    }
    let is_choice =
        |it: &str| it.contains(" if ") || it.contains(" and ") || it.contains("lambda ");
    !is_choice(&bare)
        && bare.contains(" or ")
        && value.rsplit_once(" or ").is_some_and(|(_, it)| {
            let it = it.trim();
            it.starts_with(['[', '{', '"', '\'']) && values::is_shown(it)
        })
}
