//! See `shared-mutable-default.toml`: defaults of parameters. Those of classes and fields are in the modules below. Knows what
//! the function and its class do with the object, not what called functions do.

#[path = "shared_mutable_default/attributes.rs"]
mod attributes;
#[path = "shared_mutable_default/elsewhere.rs"]
mod elsewhere;
#[path = "shared_mutable_default/fields.rs"]
mod fields;
#[path = "shared_mutable_default/mend.rs"]
mod mend;
#[path = "shared_mutable_default/once.rs"]
mod once;

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Definition, Keyword, Parameter, Span};
use roadworthy_project::Role;

use crate::shared::code::blocks;
use crate::shared::code::handed::{Handed, handed};
use crate::shared::code::mutations::{Use, uses_of};
use crate::shared::code::named::{is_of_packaged_service, is_published};
use crate::shared::code::text::has_name;
use crate::shared::code::unused::is_used_nowhere;
use crate::shared::code::words::{last_part, words};
use crate::shared::frameworks::entry_points::{self, EntryPoint};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for function in file.outline.definitions.iter().filter(|it| it.is_function()) {
        for parameter in file.outline.signature(function).parameters {
            let Some(default) = parameter.default.filter(|it| is_mutable(file.slice(*it))) else {
                continue;
            };
            let judged = judge(file, function, parameter, default)
                .and_then(|it| Some((met(file, function, parameter, it.0)?, it.1)));
            if let Some((severity, message)) = judged {
                let mut report = Report::at(default).severity(severity).message(message);
                if let Some(fix) = mend::none_then_build(file, function, parameter, default) {
                    report = report.fix(fix);
                }
                out.report(report);
            }
        }
    }
    attributes::check(file, out);
    fields::check(file, out);
}

/// What a default that is changed is worth where somebody meets it; `None` where nobody does. Where no call is there to be seen,
/// users of what is published may make one. Reads the files of the project, so it is asked for last.
fn met(
    file: &FileContext<'_>,
    function: &Definition,
    parameter: &Parameter,
    level: Severity,
) -> Option<Severity> {
    let name = file.slice(function.name);
    let is_made = name == "__init__";
    // Operators call methods by no name.
    let is_hidden = name.starts_with("__") && name.ends_with("__") && !is_made;
    let seen =
        if is_hidden { Handed::Given } else { handed(file, function, file.slice(parameter.name)) };
    match seen {
        Handed::LeftOut => Some(level),
        Handed::LeftOutOnce => Some(Severity::Info),
        _ if file.pedantic() => Some(Severity::Info),
        Handed::Always | Handed::Hidden | Handed::Given => None,
        Handed::Unseen => {
            let mut around = file.outline.enclosing(function.header.start);
            let is_private = around.any(|it| {
                let name = file.slice(it.name);
                name.starts_with('_') && !name.ends_with("__")
            });
            let is_offered = !is_private
                && file.role == Role::Library
                && is_published(file)
                && !is_of_packaged_service(file);
            let is_called = is_offered || entry_points::entry_point(file, function).is_some();
            is_called.then_some(Severity::Info)
        }
    }
}

/// Whether a function is a method of a class that stands in for another one.
fn is_of_stand_in(file: &FileContext<'_>, function: &Definition) -> bool {
    let class = function.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
    class.is_some_and(|it| attributes::is_stand_in(file, it))
}

/// Whether an expression makes an object that can be changed.
fn is_mutable(text: &str) -> bool {
    const MAKERS: [&str; 10] = [
        "list",
        "dict",
        "set",
        "bytearray",
        "defaultdict",
        "deque",
        "OrderedDict",
        "Counter",
        "WeakKeyDictionary",
        "WeakValueDictionary",
    ];
    let is_display = text.starts_with('[') && text.ends_with(']')
        || text.starts_with('{') && text.ends_with('}');
    let called = text.split_once('(').filter(|_| text.ends_with(')'));
    is_display || called.is_some_and(|(name, _)| MAKERS.contains(&last_part(name)))
}

/// Whether an expression makes an object with nothing in it: one that is there to be filled.
fn is_empty(text: &str) -> bool {
    matches!(text, "[]" | "{}") || text.ends_with("()") || text.contains("defaultdict(")
}

/// What kind of object an expression makes, for people.
fn kind(text: &str) -> &'static str {
    let is_pair = text == "{}" || text.contains(':') || text.to_ascii_lowercase().contains("dict");
    match text.as_bytes().first() {
        Some(b'[') => "list",
        Some(b'{') if is_pair => "dictionary",
        Some(b'{') => "set",
        _ if text.starts_with("list") => "list",
        _ if text.starts_with("dict") => "dictionary",
        _ if text.starts_with("set") => "set",
        _ => "object",
    }
}

/// Whether a name says that its object is meant to outlive calls.
fn is_memory(name: &str) -> bool {
    const WORDS: [&str; 19] = [
        "cache",
        "cached",
        "caches",
        "connection",
        "connections",
        "memo",
        "memoized",
        "registry",
        "registered",
        "registrations",
        "instances",
        "instance",
        "pool",
        "pools",
        "singleton",
        "singletons",
        "shared",
        "global",
        "globals",
    ];
    words(name).iter().any(|it| WORDS.contains(&it.as_str()))
}

fn judge(
    file: &FileContext<'_>,
    function: &Definition,
    parameter: &Parameter,
    default: Span,
) -> Option<(Severity, String)> {
    let name = file.slice(parameter.name);
    if name.starts_with('_')
        || is_memory(name)
        || !has_body(file, function)
        || is_of_stand_in(file, function)
    {
        return None;
    }
    if matches!(
        entry_points::entry_point(file, function),
        Some(EntryPoint::Route | EntryPoint::Command)
    ) {
        return None;
    }
    let kind = kind(file.slice(default));
    let shared = format!("all calls share the {kind} that is the default of `{name}`");
    let is_empty = is_empty(file.slice(default));
    let is_frozen = parameter.annotation.is_some_and(|it| is_read_only(file.slice(it)));
    // The default of an inner function is made anew by each call of the outer one.
    let outer = function.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_function());
    if outer.is_some_and(|outer| !hands_out(file, outer, function)) {
        return None;
    }
    let is_inner = outer.is_some();
    // Few calls of one run meet what the first one left.
    let is_brief = matches!(file.role, Role::Cli | Role::Script);
    let level = if is_inner || is_brief { Severity::Info } else { Severity::Warning };
    let mut is_rebound = false;
    for (offset, used) in uses_of(file, function.body, name) {
        if is_hidden(file, function, offset, name) || is_behind_end(file, function, offset) {
            continue;
        }
        match used {
            Use::Changes(_)
                if is_empty
                    && (!used.changes_empty() || is_never_empty(file, function, offset, name)) => {}
            Use::Changes(_)
                if is_the_same_again(file, offset, name)
                    || is_empty && once::is_refused_before(file, function, offset, name)
                    || once::is_there_already(file, function, offset, (name, default))
                    || once::is_added_once(file, function, offset, name) => {}
            Use::Changes(how) => {
                let level = if grows(file, offset, &how, name) { level } else { Severity::Info };
                return Some((level, format!("{shared}, and `{how}` changes it")));
            }
            // From here on the name may stand for something else.
            Use::Rebinds => {
                is_rebound = true;
                break;
            }
            Use::Keeps(attribute) => {
                if let Some(how) = changed_attribute(file, function, &attribute) {
                    let level = if how.contains("[...]") || how.contains(".setdefault(") {
                        Severity::Info
                    } else {
                        level
                    };
                    return Some((level, format!("{shared}, and `{how}` changes it")));
                }
            }
            Use::Returns | Use::Reads => {}
        }
    }
    // Until somebody changes it, nobody is hurt.
    let message = format!("{shared}, though nothing here changes it");
    (file.pedantic() && !is_rebound && !is_frozen).then_some((Severity::Info, message))
}

/// Whether a change leaves something behind that the next call meets: not a value under a fixed key, which that call
/// writes itself.
fn grows(file: &FileContext<'_>, offset: u32, how: &str, name: &str) -> bool {
    let end = file.function_at(offset).map_or(offset, |it| it.span.end);
    let behind = file.slice(Span::new(offset + name.len() as u32, end.max(offset))).trim_start();
    let conditional = blocks::headers_around(file, offset)
        .any(|line| matches!(line.keyword, Keyword::If | Keyword::Elif | Keyword::Else));
    let fixed = |text: &str| !conditional && text.trim_start().starts_with(['"', '\'', '{']);
    if how.contains("[...]") {
        return !behind.strip_prefix('[').is_some_and(fixed);
    }
    let arguments = behind.split_once('(').map_or("", |(_, rest)| rest);
    !((how.contains(".update(") || how.contains(".setdefault(")) && fixed(arguments))
}

/// Whether a change writes literals under literal keys: each call leaves what the one before it left.
fn is_the_same_again(file: &FileContext<'_>, offset: u32, name: &str) -> bool {
    let Some(line) = file.outline.line_at(offset) else { return false };
    let behind = file.slice(Span::new(offset + name.len() as u32, line.span.end.max(offset)));
    let is_literal = |text: &str| {
        let text = text.trim();
        let quote = text.chars().next().filter(|it| matches!(it, '"' | '\''));
        let inner = quote.and_then(|it| text.strip_prefix(it)?.strip_suffix(it));
        inner.is_some_and(|it| !it.contains(['"', '\'']))
            || matches!(text, "True" | "False" | "None")
            || !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit() || it == b'.')
    };
    if let Some((key, value)) = behind.strip_prefix('[').and_then(|it| it.split_once("] = ")) {
        return is_literal(key) && is_literal(value);
    }
    let pairs = behind.strip_prefix(".update({").and_then(|it| it.trim_end().strip_suffix("})"));
    pairs.is_some_and(|it| {
        let mut pairs = it.trim().trim_end_matches(',').split(',');
        pairs.all(|it| {
            it.split_once(':').is_some_and(|(key, value)| is_literal(key) && is_literal(value))
        })
    })
}

/// Whether a place is reached only with an object that holds something, `if "a" in options:`, or fills
/// the empty one once and for all: `if not words:`.
fn is_never_empty(file: &FileContext<'_>, function: &Definition, offset: u32, name: &str) -> bool {
    let headers = blocks::headers_around(file, offset)
        .take_while(|line| line.span.start > function.header.start);
    let mut other_branch = None;
    for line in headers {
        // An empty object is something, too.
        let condition = &file.slice(line.span).replace(&format!("{name} is not None"), "");
        let is_asked = other_branch != Some(line.indent) && has_name(condition, name);
        match line.keyword {
            // What stands above it did not hold.
            Keyword::Else | Keyword::Elif => other_branch = Some(line.indent),
            Keyword::If
                if is_asked
                    && (!condition.contains("not ") || *condition == format!("if not {name}:")) =>
            {
                return true;
            }
            // Nothing goes through an object that holds nothing.
            Keyword::For if once::goes_through(condition, name) => return true,
            _ => {}
        }
    }
    false
}

/// Whether a type promises that its object is not changed.
fn is_read_only(annotation: &str) -> bool {
    const TYPES: [&str; 8] = [
        "Sequence",
        "Mapping",
        "Iterable",
        "Collection",
        "AbstractSet",
        "Container",
        "frozenset",
        "tuple",
    ];
    let mut names = annotation.split(|it: char| !(it.is_alphanumeric() || it == '_'));
    names.any(|it| TYPES.contains(&it))
}

/// Whether a function does something, and is not a signature only.
fn has_body(file: &FileContext<'_>, function: &Definition) -> bool {
    let first = file.outline.lines.partition_point(|it| it.span.start < function.body.start);
    let lines =
        file.outline.lines[first..].iter().take_while(|it| it.span.start < function.body.end);
    let mut real = lines.skip(usize::from(function.docstring.is_some())).filter(|it| {
        !matches!(it.keyword, Keyword::Pass | Keyword::Raise) && file.slice(it.span) != "..."
    });
    real.next().is_some() || stands_on_header(file, function)
}

/// Whether the body is a statement behind the colon, which is part of the header's line.
fn stands_on_header(file: &FileContext<'_>, function: &Definition) -> bool {
    let gap =
        file.slice(Span::new(function.header.end, function.body.start.max(function.header.end)));
    !gap.contains('\n') && !matches!(file.slice(function.body), "..." | "pass")
}

/// Whether a place lies in an inner function that has a parameter of that name itself.
fn is_hidden(file: &FileContext<'_>, function: &Definition, offset: u32, name: &str) -> bool {
    let inner =
        file.outline.enclosing(offset).take_while(|it| it.header.start != function.header.start);
    inner.filter(|it| it.is_function()).any(|it| {
        file.outline.signature(it).parameters.iter().any(|it| file.slice(it.name) == name)
    })
}

/// Whether a function gives one inside it to its caller.
fn hands_out(file: &FileContext<'_>, outer: &Definition, inner: &Definition) -> bool {
    let name = file.slice(inner.name);
    uses_of(file, outer.body, name).iter().any(|(_, used)| *used == Use::Returns)
}

/// Whether a function has ended for certain before a place in it.
fn is_behind_end(file: &FileContext<'_>, function: &Definition, offset: u32) -> bool {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < function.body.start);
    let Some(indent) = lines.get(first).map(|it| it.indent) else { return false };
    lines[first..]
        .iter()
        .take_while(|it| it.span.end <= offset)
        .any(|it| it.indent == indent && matches!(it.keyword, Keyword::Raise | Keyword::Return))
}

/// How the class of a method changes one of its attributes.
fn changed_attribute(
    file: &FileContext<'_>,
    method: &Definition,
    attribute: &str,
) -> Option<String> {
    let class = method.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class())?;
    let uses = uses_of(file, class.body, attribute);
    // Where other methods bind it anew, who knows which object it is.
    let rebound = uses.iter().filter(|it| it.1 == Use::Rebinds).count();
    // What no code calls changes nothing, and what is added once is the same for all.
    let runs = |offset: u32| {
        let around = file.outline.enclosing(offset).find(|it| it.is_function());
        !around.is_some_and(|it| {
            once::is_added_once(file, it, offset, attribute) || is_used_nowhere(file, it)
        })
    };
    uses.into_iter().filter(|_| rebound <= 1).find_map(|(offset, used)| match used {
        Use::Changes(how) if runs(offset) => Some(how),
        _ => None,
    })
}
