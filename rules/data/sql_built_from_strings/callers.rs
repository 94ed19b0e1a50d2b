//! What the callers of a function hand it. Knows one file and the names in others.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Node};
use roadworthy_project::Role;

use crate::shared::code::calls;
use crate::shared::code::text::has_name;
use crate::shared::code::words::last_part;

/// Whether a value is a parameter for which every caller writes a literal. Reads the files of the project, so it is asked for
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
    any && only && !is_named_elsewhere(file, function)
}

/// Whether an argument is a literal or a constant.
fn is_of_code(argument: &str) -> bool {
    let last = last_part(argument);
    calls::literal(argument).is_some()
        || last.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
}

/// Whether other code of the product holds the name of a function.
fn is_named_elsewhere(file: &FileContext<'_>, function: &Definition) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    let own: &Utf8Path = &known.path;
    let mut others = project.files.iter().filter(|it| {
        let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        it.kind.is_python() && it.path != own && !is_test
    });
    let name = file.slice(function.name);
    facts.answer(known.component, format!("the product names {name} beside {own}"), || {
        others.any(|it| facts.source(it).is_some_and(|it| has_name(it.text(), name)))
    })
}
