//! What the callers of a function hand it. Knows one file and the names in others.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Node};
use roadworthy_project::Role;

use crate::shared::code::calls;
use crate::shared::code::text::{has_name, places_of};
use crate::shared::code::words::last_part;

/// Whether a value is a parameter for which every caller writes a literal, a number or a date that it makes. Reads the files of the project, so it is asked for
/// last.
pub(super) fn all_give_literals(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let name = file.text(value);
    let Some(function) = file.function_at(value.start_byte() as u32) else { return false };
    let parameters = file.outline.signature(function).parameters;
    let Some(index) = parameters.iter().position(|it| file.slice(it.name) == name) else {
        return false;
    };
    let is_bound =
        parameters.first().is_some_and(|it| matches!(file.slice(it.name), "self" | "cls"));
    let index = index - usize::from(is_bound && index > 0);
    let called = file.slice(function.name);
    let mut own = file.outline.calls.iter().filter(|it| last_part(file.slice(it.name)) == called);
    let mut any = false;
    let only = own.all(|call| {
        any = true;
        let given = calls::arguments(file, call);
        let by_name = given.iter().find(|it| it.keyword == Some(name));
        let by_place = given.get(index).filter(|it| it.keyword.is_none());
        by_name.or(by_place).is_some_and(|it| is_of_code(it.value))
    });
    only && others_give_literals(file, function, name, index, any)
}

/// Whether an argument is a literal, a constant, or made by a call whose result holds no quote.
fn is_of_code(argument: &str) -> bool {
    const PLAIN: [&str; 9] =
        ["int", "float", "len", "UUID", "uuid4", "date", "today", "now", "timedelta"];
    let last = last_part(argument);
    let made =
        argument.split_once('(').filter(|_| argument.ends_with(')')).map(|it| last_part(it.0));
    calls::literal(argument).is_some()
        || argument.parse::<f64>().is_ok()
        || made.is_some_and(|it| PLAIN.contains(&it))
        || last.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
}

/// Whether other code of the product that holds the name of a function only calls it, with such arguments, and something calls
/// it at all.
fn others_give_literals(
    file: &FileContext<'_>,
    function: &Definition,
    parameter: &str,
    index: usize,
    is_called: bool,
) -> bool {
    let Some((facts, known)) = file.in_facts() else { return is_called };
    let project = facts.project();
    let own: &Utf8Path = &known.path;
    let others = project.files.iter().filter(|it| {
        let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        it.kind.is_python() && it.path != own && !is_test
    });
    let name = file.slice(function.name);
    let mut any = is_called;
    for other in others.filter(|it| facts.source(it).is_some_and(|it| has_name(it.text(), name))) {
        let Some(read) = facts.python(&other.path) else { return false };
        let text = read.source.text();
        let calls = &read.outline.calls;
        let only = places_of(text, name).all(|at| {
            let end = (at + name.len()) as u32;
            let is_import = || read.outline.imports.iter().any(|it| it.name.contains(at as u32));
            match calls.iter().find(|it| it.name.end == end) {
                Some(call) => {
                    any = true;
                    let given = parts(calls::inside(call).of_text(text));
                    let by_name = given.iter().find_map(|it| {
                        let (name, value) = it.split_once('=')?;
                        (name.trim() == parameter).then_some(value)
                    });
                    let value = by_name.or_else(|| given.get(index).copied());
                    value.is_some_and(|it| is_of_code(it.trim()))
                }
                None => is_import(),
            }
        });
        if !only {
            return false;
        }
    }
    any
}

/// What stands between the commas of the outermost level of a text.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start) = (0_u32, None, 0);
    let mut found = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            (None, b',') if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found
}
