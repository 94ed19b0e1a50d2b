//! What the callers of a function hand it for a parameter, in its file and in others. Knows names and what is written beside
//! them, no types.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Definition, Outline};
use roadworthy_project::Role;

use crate::shared::code::calls;
use crate::shared::code::text::{has_name, places_of};

/// Whether something calls a function, or makes a class by its `__init__`, and all that does hands over for a parameter what is fine: `is_fine` gets the argument,
/// and the text of the file that it stands in. A function that is named without being called may get anything, but for the
/// callable of an operator of Airflow, beside which `op_kwargs` stand. Reads the files of the project, so it is asked for last.
pub(crate) fn all_hand_over(
    file: &FileContext<'_>,
    function: &Definition,
    parameter: &str,
    is_fine: impl Fn(&str, &str) -> bool,
) -> bool {
    let parameters = file.outline.signature(function).parameters;
    let Some(index) = parameters.iter().position(|it| file.slice(it.name) == parameter) else {
        return false;
    };
    let is_bound =
        parameters.first().is_some_and(|it| matches!(file.slice(it.name), "self" | "cls"));
    // A class is made by its own name.
    let class = function.parent.map(|id| file.outline.definition(id));
    let made = class.filter(|_| file.slice(function.name) == "__init__");
    let wanted = Wanted {
        function: file.slice(made.unwrap_or(function).name),
        parameter,
        index: index - usize::from(is_bound && index > 0),
    };
    let Some(mut any) = wanted.in_file(file.outline, file.source.text(), &is_fine) else {
        return false;
    };
    let Some((facts, known)) = file.in_facts() else { return any };
    let own: &Utf8Path = &known.path;
    let others = facts.project().files.iter().filter(|it| {
        let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        it.kind.is_python() && it.path != own && !is_test
    });
    let holds_name = |text: &str| has_name(text, wanted.function);
    for other in others.filter(|it| facts.source(it).is_some_and(|it| holds_name(it.text()))) {
        let Some(read) = facts.python(&other.path) else { return false };
        match wanted.in_file(&read.outline, read.source.text(), &is_fine) {
            Some(here) => any |= here,
            None => return false,
        }
    }
    any
}

/// A parameter, and where its argument stands.
struct Wanted<'a> {
    function: &'a str,
    parameter: &'a str,
    index: usize,
}

impl Wanted<'_> {
    /// Whether a file calls the function; `None` where it does so otherwise than is fine.
    fn in_file(
        &self,
        outline: &Outline,
        text: &str,
        is_fine: impl Fn(&str, &str) -> bool,
    ) -> Option<bool> {
        let mut any = false;
        for at in places_of(text, self.function) {
            let offset = at as u32;
            let end = offset + self.function.len() as u32;
            let before = outline.strings.partition_point(|it| it.span.start <= offset);
            let literal = outline.strings[..before].last();
            let is_no_use = outline.comment_at(offset).is_some()
                || literal.is_some_and(|it| it.statement && it.span.contains(offset))
                || outline.imports.iter().any(|it| it.name.contains(offset))
                || is_annotation(outline, offset)
                || outline.definitions.iter().any(|it| it.name.start == offset);
            if is_no_use {
                continue;
            }
            let value = match outline.calls.iter().find(|it| it.name.end == end) {
                Some(call) => self.argument(call, text),
                None => self.of_operator(outline, text, at),
            }?;
            any = true;
            if !is_fine(value.trim(), text) {
                return None;
            }
        }
        Some(any)
    }

    fn argument<'t>(&self, call: &Call, text: &'t str) -> Option<&'t str> {
        let given = parts(calls::inside(call).of_text(text));
        let by_name = given.iter().find_map(|it| {
            let (name, value) = it.split_once('=')?;
            (name.trim() == self.parameter).then_some(value)
        });
        by_name.or_else(|| given.get(self.index).copied().filter(|it| !is_by_name(it)))
    }

    /// What an operator of Airflow that runs the function hands over.
    fn of_operator<'t>(&self, outline: &Outline, text: &'t str, at: usize) -> Option<&'t str> {
        let before = text[..at].trim_end();
        before.strip_suffix('=')?.trim_end().strip_suffix("python_callable")?;
        let around = outline.calls.iter().rfind(|it| calls::inside(it).contains(at as u32))?;
        let given = parts(calls::inside(around).of_text(text));
        let pairs = given.iter().find_map(|it| {
            let (name, value) = it.split_once('=')?;
            (name.trim() == "op_kwargs").then(|| value.trim())
        })?;
        parts(pairs.strip_prefix('{')?.strip_suffix('}')?).into_iter().find_map(|it| {
            let (key, value) = it.split_once(':')?;
            (key.trim().trim_matches(['"', '\'']) == self.parameter).then_some(value)
        })
    }
}

/// Whether an offset lies in what a parameter or a function is annotated with.
fn is_annotation(outline: &Outline, offset: u32) -> bool {
    outline.parameters.iter().any(|it| it.annotation.is_some_and(|it| it.contains(offset)))
        || outline.definitions.iter().any(|it| it.returns.is_some_and(|it| it.contains(offset)))
}

/// Whether an argument is one by name, or several: `path=path`, `*paths`.
fn is_by_name(argument: &str) -> bool {
    let argument = argument.trim();
    let name = argument.split_once('=').filter(|it| !it.1.starts_with('=')).map(|it| it.0.trim());
    argument.is_empty()
        || argument.starts_with('*')
        || name.is_some_and(|it| it.chars().all(|it| it.is_alphanumeric() || it == '_'))
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
