//! What the callers of a function hand it for a parameter, in its file and in others. Knows names and what is written beside
//! them, no types.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Definition, Outline, ParameterKind};
use roadworthy_project::Role;

use crate::shared::code::calls;
use crate::shared::code::others::is_aside;
use crate::shared::code::text::{has_name, is_of_name, places_of};
use crate::shared::code::unused::{is_no_use, is_used_nowhere};

/// Whether something calls a function, or makes a class by its `__init__`, and all that does hands over for a parameter what is fine: `is_fine` gets the argument,
/// and the text of the file that it stands in. A function that is named without being called may get anything, but for the
/// callable of an operator of Airflow, beside which `op_kwargs` stand. Reads the files of the project, so it is asked for last.
pub(crate) fn all_hand_over(
    file: &FileContext<'_>,
    function: &Definition,
    parameter: &str,
    is_fine: impl Fn(&str, &str) -> bool,
) -> bool {
    let Some(wanted) = Wanted::of(file, function, parameter) else { return false };
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

/// What is seen of how a function gets a value for one of its parameters; what says more stands further down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Handed {
    /// Nothing names the function.
    Unseen,
    /// All calls hand a value over.
    Always,
    /// Something calls it by a text, or with arguments that it gathered: `run("load")`, `load(**settings)`.
    Hidden,
    /// It is named without being called: whoever gets it may hand a value over, or not.
    Given,
    /// One call in another file leaves the argument out.
    LeftOutOnce,
    /// A call in use leaves the argument out, beside the function or in several places.
    LeftOut,
}

/// How a function, or a class by its `__init__`, is handed a value for a parameter. Reads the files of the project, so it is asked
/// for last.
pub(crate) fn handed(file: &FileContext<'_>, function: &Definition, parameter: &str) -> Handed {
    let Some(wanted) = Wanted::of(file, function, parameter) else { return Handed::Given };
    let mut found = handed_here(file, function, &wanted);
    let Some((facts, known)) = file.in_facts() else { return found };
    let class = function.parent.map(|id| file.slice(file.outline.definition(id).name));
    let owner = Owner {
        class: class.filter(|it| *it != wanted.function),
        stem: known.path.file_stem().unwrap_or_default(),
    };
    for other in &facts.project().files {
        if found == Handed::LeftOut {
            break;
        }
        let may_use = other.kind.is_python() && other.path != known.path && !is_aside(other);
        if !may_use || !facts.source(other).is_some_and(|it| has_name(it.text(), wanted.function)) {
            continue;
        }
        if let Some(read) = facts.python(&other.path) {
            let there = handed_there(&wanted, &owner, &read.outline, read.source.text());
            let again = found == Handed::LeftOutOnce && there == Handed::LeftOutOnce;
            found = if again { Handed::LeftOut } else { found.max(there) };
        }
    }
    found
}

/// What the file of a function itself hands it.
fn handed_here(file: &FileContext<'_>, function: &Definition, wanted: &Wanted<'_>) -> Handed {
    let caller = |at: usize| {
        let around = file.outline.enclosing(at as u32).filter(|it| it.is_function()).last();
        around.filter(|it| it.span != function.span)
    };
    let is_of_unused = |at: usize| caller(at).is_some_and(|it| is_used_nowhere(file, it));
    // Of a library others may call what the project itself does not.
    let is_of_unnamed = |at: usize| {
        let plain = caller(at).filter(|it| file.outline.decorators(it).is_empty());
        let name = plain.map_or("__", |it| file.slice(it.name));
        !name.starts_with("__")
            && file.in_facts().is_some_and(|(facts, _)| facts.mentions().of(name) <= 1)
    };
    let mut found = Handed::Unseen;
    let text = file.source.text();
    for at in places_of(text, wanted.function) {
        let is_own = function.body.contains(at as u32);
        match wanted.at(file.outline, text, at) {
            // It hands over to itself only what another call began.
            Some(Handed::Always | Handed::Given) if is_own => {}
            Some(here) if here > found && !is_of_unused(at) => {
                let is_sure = here < Handed::LeftOut || !is_of_unnamed(at);
                found = if is_sure { here } else { found.max(Handed::Given) };
            }
            _ => {}
        }
    }
    found
}

/// What a function belongs to: its class, where it is a method, and its module.
struct Owner<'a> {
    class: Option<&'a str>,
    stem: &'a str,
}

/// What another file hands a function. A method of that name may be one of another class, and a plain name is what the file
/// imports or defines.
fn handed_there(wanted: &Wanted<'_>, owner: &Owner<'_>, outline: &Outline, text: &str) -> Handed {
    let is_sure = owner.class.is_none_or(|it| has_name(text, it) || has_name(text, owner.stem));
    let imports = outline.imports.iter().any(|it| {
        let name = it.alias.unwrap_or(it.name).of_text(text);
        name == wanted.function || it.name.of_text(text) == "*"
    });
    let is_meant = |at: usize| {
        let offset = at as u32;
        let is_taken = if text[..at].ends_with('.') {
            is_of_module(outline, text, at, owner.stem)
        } else {
            imports || outline.imports.iter().any(|it| it.name.contains(offset))
        };
        owner.class.is_some() || is_taken || outline.string_at(offset).is_some()
    };
    let places = places_of(text, wanted.function).filter(|at| is_meant(*at));
    let mut found = Handed::Unseen;
    for told in places.filter_map(|at| wanted.at(outline, text, at)) {
        let told = match told {
            Handed::LeftOut if !is_sure => Handed::Given,
            Handed::LeftOut if found < Handed::LeftOutOnce => Handed::LeftOutOnce,
            other => other,
        };
        found = found.max(told);
    }
    found
}

/// Whether what a name behind a dot belongs to is a module: `orders.load`, or `o.load` behind `from shop import orders as o`.
fn is_of_module(outline: &Outline, text: &str, at: usize, stem: &str) -> bool {
    let owner = &text[..at - 1];
    let owner = &owner[owner.trim_end_matches(is_of_name).len()..];
    owner == stem
        || outline.imports.iter().any(|it| {
            let module = it.module.of_text(text);
            let is_it = it.name.of_text(text) == stem || module.rsplit('.').next() == Some(stem);
            is_it && it.alias.is_some_and(|it| it.of_text(text) == owner)
        })
}

/// A parameter, and where its argument stands.
pub(super) struct Wanted<'a> {
    pub(super) function: &'a str,
    parameter: &'a str,
    index: usize,
}

impl<'a> Wanted<'a> {
    pub(super) fn of<'f: 'a>(
        file: &FileContext<'f>,
        function: &Definition,
        parameter: &'a str,
    ) -> Option<Self> {
        let parameters = file.outline.signature(function).parameters;
        let index = parameters.iter().position(|it| file.slice(it.name) == parameter)?;
        let is_bound =
            parameters.first().is_some_and(|it| matches!(file.slice(it.name), "self" | "cls"));
        // A class is made by its own name.
        let class = function.parent.map(|id| file.outline.definition(id));
        let made = class.filter(|_| file.slice(function.name) == "__init__");
        let by_place = parameters[index].kind != ParameterKind::KeywordOnly;
        let place = index - usize::from(is_bound && index > 0);
        Some(Self {
            function: file.slice(made.unwrap_or(function).name),
            parameter,
            index: if by_place { place } else { usize::MAX },
        })
    }

    /// What a place that holds the name tells; `None` where it is no use of the function.
    fn at(&self, outline: &Outline, text: &str, at: usize) -> Option<Handed> {
        let offset = at as u32;
        let end = offset + self.function.len() as u32;
        let is_definition = outline.definitions.iter().any(|it| it.name.start == offset);
        if is_definition || is_no_use(outline, text, at) || is_annotation(outline, offset) {
            return None;
        }
        // Under another name nobody looks for it.
        if outline.imports.iter().any(|it| it.name.contains(offset)) {
            return Some(Handed::Given);
        }
        // `load.delay(path)` calls it, too.
        let behind = &text[end as usize..];
        let later = [".delay", ".remote", ".submit", ".aio", ".s"];
        let is_called =
            |it: &&&str| behind.strip_prefix(**it).is_some_and(|it| it.starts_with('('));
        // These gather the arguments, `load.apply_async((path,))`, or leave them to others.
        if [".apply", ".apply_async", ".si", ".map", ".signature"].iter().any(|it| is_called(&it)) {
            return Some(Handed::Hidden);
        }
        let later = later.iter().find(is_called);
        let end = end + later.map_or(0, |it| it.len() as u32);
        let Some(call) = outline.calls.iter().find(|it| it.name.end == end) else {
            return self.named(outline, text, at);
        };
        Some(match self.argument(call, text) {
            Some(_) => Handed::Always,
            None if gathers(call, text) => Handed::Hidden,
            None => Handed::LeftOut,
        })
    }

    /// What a place tells that names the function without a call.
    fn named(&self, outline: &Outline, text: &str, at: usize) -> Option<Handed> {
        const ASKING: [&str; 4] = ["isinstance", "issubclass", "hasattr", "getattr"];
        let offset = at as u32;
        if let Some(string) = outline.string_at(offset) {
            let content = string.content().of_text(text);
            let is_name = content.rsplit(['.', ':']).next() == Some(self.function);
            return is_name.then_some(Handed::Hidden);
        }
        let behind = text[at + self.function.len()..].trim_start_matches(' ');
        // Another thing of that name: an argument by name, a variable, a member.
        let is_bound =
            behind.starts_with('=') && !behind.starts_with("==") || behind.starts_with('.');
        let around = outline.calls.iter().rfind(|it| calls::inside(it).contains(offset));
        let asks = around.is_some_and(|it| ASKING.contains(&it.name.of_text(text)));
        if is_bound || asks {
            return None;
        }
        let by_operator = self.of_operator(outline, text, at).map(|_| Handed::Always);
        Some(by_operator.unwrap_or(Handed::Given))
    }

    /// Whether a file calls the function; `None` where it does so otherwise than is fine.
    fn in_file(
        &self,
        outline: &Outline,
        text: &str,
        is_fine: impl Fn(&str, &str) -> bool,
    ) -> Option<bool> {
        let values = self.values(outline, text)?;
        let is_all_fine = values.iter().all(|it| it.is_some_and(|it| is_fine(it.trim(), text)));
        is_all_fine.then_some(!values.is_empty())
    }

    /// What the calls in a file hand over, nothing where they leave it out; `None` where the function is named otherwise.
    pub(super) fn values<'t>(
        &self,
        outline: &Outline,
        text: &'t str,
    ) -> Option<Vec<Option<&'t str>>> {
        let mut values = Vec::new();
        for at in places_of(text, self.function) {
            let offset = at as u32;
            let end = offset + self.function.len() as u32;
            if is_no_use(outline, text, at)
                || outline.imports.iter().any(|it| it.name.contains(offset))
                || is_annotation(outline, offset)
                || outline.definitions.iter().any(|it| it.name.start == offset)
            {
                continue;
            }
            values.push(match outline.calls.iter().find(|it| it.name.end == end) {
                Some(call) => match self.argument(call, text) {
                    None if gathers(call, text) => return None,
                    found => found,
                },
                None => Some(self.of_operator(outline, text, at)?),
            });
        }
        Some(values)
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

/// Whether a call hands over arguments that were gathered: `load(**settings)`.
fn gathers(call: &Call, text: &str) -> bool {
    let given = parts(calls::inside(call).of_text(text));
    given.iter().any(|it| it.trim_start().starts_with('*'))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn calls_for_later_hand_over_what_is_seen_or_gathered() {
        for (call, expected) in [
            ("load(1)", Handed::Always),
            ("load.delay(1)", Handed::Always),
            ("load.delay()", Handed::LeftOut),
            ("load.s(1)", Handed::Always),
            ("load.apply((1,))", Handed::Hidden),
            ("load.apply_async((1,))", Handed::Hidden),
            ("load.si(1)", Handed::Hidden),
            ("load.map(paths)", Handed::Hidden),
            ("load.signature((1,))", Handed::Hidden),
        ] {
            let text = format!("def load(path=None):\n    pass\n\n{call}\n");
            with_file("shop.py", &text, |file| {
                assert_eq!(handed(file, &file.outline.definitions[0], "path"), expected, "{call}");
            });
        }
    }
}
