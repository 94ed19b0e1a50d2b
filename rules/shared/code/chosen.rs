//! Branches for a value of a parameter that no caller hands over: what stands there does not run. Knows names and what is written
//! beside them, no types. Where there is doubt, a branch is taken.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, LogicalLine, Parameter};

use crate::shared::code::blocks;
use crate::shared::code::calls::literal;
use crate::shared::code::handed::Wanted;
use crate::shared::code::named::{extends_own_alone, is_taken_by_nobody, tells_all};
use crate::shared::code::others::{MOST, others_with};
use crate::shared::code::text::{binds, code_of, has_name, is_of_name};
use crate::shared::frameworks::entry_points::entry_point;

/// Whether a branch around an offset is one for a text that no call of the function around hands over for a parameter: behind
/// `if method == "GET":`, where all callers write `send("POST")`. Reads the files of the project that name the function, so it
/// is asked for last.
pub(crate) fn is_never_chosen(file: &FileContext<'_>, offset: u32) -> bool {
    let around = file.outline.enclosing(offset).find(|it| it.is_function());
    let Some(function) = around.filter(|it| !file.slice(it.name).starts_with("__")) else {
        return false;
    };
    let is_plain = |it: &Definition| {
        let mut decorators = file.outline.decorators(it).iter();
        decorators.all(|it| matches!(file.slice(*it), "staticmethod" | "classmethod"))
    };
    let is_inside = |it: &&LogicalLine| blocks::block_of(file, it).contains(offset);
    let mut headers = blocks::headers_around(file, offset).filter(is_inside);
    headers.any(|header| {
        compared(file, header).is_some_and(|(name, wanted)| {
            let parameters = file.outline.signature(function).parameters;
            let parameter = parameters.iter().find(|it| file.slice(it.name) == name);
            parameter.is_some_and(|parameter| {
                is_plain(function)
                    && is_called_by_own(file, function)
                    && tells_all(file)
                    && entry_point(file, function).is_none()
                    && !is_bound_anew(file, function, name)
                    && is_never_handed(file, function, parameter, wanted)
            })
        })
    })
}

/// Whether what a function belongs to extends nothing that may call it: `Session.get` of `requests` calls `request`.
fn is_called_by_own(file: &FileContext<'_>, function: &Definition) -> bool {
    let class = function.parent.map(|it| file.outline.definition(it)).filter(|it| it.is_class());
    class.is_none_or(|it| extends_own_alone(file, it))
}

/// The name and the text that the condition of a branch compares: `if method.upper() == "GET":`.
fn compared<'a>(file: &FileContext<'a>, header: &LogicalLine) -> Option<(&'a str, &'a str)> {
    let line = file.slice(header.span);
    let condition = match header.keyword {
        Keyword::If => line.strip_prefix("if "),
        Keyword::Elif => line.strip_prefix("elif "),
        _ => None,
    }?;
    let (name, value) = condition.split_once("==")?;
    let name = name.trim();
    let name = name.strip_suffix(".upper()").or(name.strip_suffix(".lower()")).unwrap_or(name);
    let value = value.trim_start();
    let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let (value, rest) = value[1..].split_once(quote)?;
    // Of several conditions each has to hold.
    let is_whole = rest.starts_with(':') || rest.starts_with(" and ") && !rest.contains(" or ");
    (is_whole && !name.is_empty() && name.chars().all(is_of_name)).then_some((name, value))
}

/// Whether a function gives one of its parameters another value.
fn is_bound_anew(file: &FileContext<'_>, function: &Definition, name: &str) -> bool {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < function.body.start);
    let mut lines = lines[first..].iter().take_while(|it| it.span.start < function.body.end);
    lines.any(|it| {
        has_name(file.slice(it.span), name)
            && binds(&code_of(file.source, file.outline, it.span), name)
    })
}

/// Whether something calls a function, and all that does hands over another text for a parameter than the one that is asked for,
/// or leaves it out where it has another one by default.
fn is_never_handed(
    file: &FileContext<'_>,
    function: &Definition,
    parameter: &Parameter,
    wanted: &str,
) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let name = file.slice(parameter.name);
    let Some(asked) = Wanted::of(file, function, name) else { return false };
    if facts.mentions().of(asked.function) > MOST {
        return false;
    }
    let question = format!("{wanted} for {name} at {} of {}", function.name.start, known.path);
    facts.answer(known.component, question, || {
        let default = parameter.default.map(|it| file.slice(it));
        let is_other = |value: Option<&str>| {
            let text = value.or(default).and_then(|it| literal(it.trim()));
            text.is_some_and(|it| !it.eq_ignore_ascii_case(wanted))
        };
        let here = asked.values(file.outline, file.source.text());
        let Some(here) = here.filter(|it| it.iter().all(|it| is_other(*it))) else { return false };
        let mut any = !here.is_empty();
        // A function of a module is one that others take out of it.
        if function.parent.is_none() && is_taken_by_nobody(file, asked.function) {
            return any;
        }
        for other in others_with(facts, known, asked.function) {
            let read = facts.python(&other.path).filter(|_| other.kind.is_python());
            let Some(read) = read else { return false };
            match asked.values(&read.outline, read.source.text()) {
                Some(there) if there.iter().all(|it| is_other(*it)) => any |= !there.is_empty(),
                _ => return false,
            }
        }
        any
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn conditions_compare_a_name_with_a_text() {
        for (line, expected) in [
            ("if method == \"GET\":", Some(("method", "GET"))),
            ("if method.upper() == 'GET' and retries:", Some(("method", "GET"))),
            ("if method == \"GET\" and a or b:", None),
            ("if method != \"GET\":", None),
            ("if order.method == \"GET\":", None),
            ("if method == OTHER:", None),
            ("while method == \"GET\":", None),
        ] {
            with_file("shop.py", &format!("{line}\n    pass\n"), |file| {
                assert_eq!(compared(file, &file.outline.lines[0]), expected, "{line}");
            });
        }
    }
}
