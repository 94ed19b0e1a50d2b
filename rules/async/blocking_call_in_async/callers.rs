//! Who calls a coroutine: functions of its file, directly or through each other, and other files of the project. Knows names,
//! no types and no calls that block.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Definition, DefinitionKind, Span};
use roadworthy_project::{Distribution, File, Role};
use rustc_hash::FxHashMap;

use crate::shared::code::first_party::{self, Base};
use crate::shared::code::reach::is_used_by_nobody;
use crate::shared::code::text::{beginning, has_name, is_of_name, last_part_of_line, places_of};
use crate::shared::code::{calls, coroutines, words};
use crate::shared::frameworks::entry_points::{self, EntryPoint};
use crate::shared::frameworks::loops;

/// More functions than this may lead to a coroutine, or places name it: then nobody knows who calls it.
const MOST: usize = 50;

/// Of so many coroutines of a file it is asked whether anybody calls them: each may take reading the whole project.
const MOST_ASKED: usize = 20;

/// Of so many functions that lead to a coroutine it is asked whether a route elsewhere awaits them.
const MOST_LEADING: usize = 6;

/// In a project of more files it is not asked either: each question reads all of them.
const MOST_FILES: usize = 1500;

/// More of a line that imports tells nothing.
const MOST_OF_LINE: usize = 400;

/// Who calls the coroutines of a file, each looked for once.
#[derive(Default)]
pub(super) struct KnownCallers {
    none: FxHashMap<u32, bool>,
    handlers: FxHashMap<u32, bool>,
    loops: FxHashMap<u32, bool>,
    routes: FxHashMap<u32, bool>,
}

impl KnownCallers {
    /// See [`has_none`].
    pub(super) fn has_none<'a>(
        &mut self,
        file: &FileContext<'a>,
        coroutine: &'a Definition,
    ) -> bool {
        let key = coroutine.header.start;
        (self.none.len() < MOST_ASKED || self.none.contains_key(&key))
            && *self.none.entry(key).or_insert_with(|| has_none(file, coroutine))
    }

    /// See [`is_behind_handler`].
    pub(super) fn has_handler<'a>(
        &mut self,
        file: &FileContext<'a>,
        coroutine: &'a Definition,
    ) -> bool {
        let find = || is_behind_handler(file, coroutine);
        *self.handlers.entry(coroutine.header.start).or_insert_with(find)
    }

    /// See [`is_awaited_by_route`].
    pub(super) fn has_route_elsewhere<'a>(
        &mut self,
        file: &FileContext<'a>,
        coroutine: &'a Definition,
    ) -> bool {
        let key = coroutine.header.start;
        let find = || {
            let leading = Callers::of(file, coroutine).functions.into_iter().take(MOST_LEADING);
            leading
                .filter(|it| it.kind == DefinitionKind::AsyncFunction)
                .any(|it| is_awaited_by_route(file, it))
        };
        (self.routes.len() < MOST_ASKED || self.routes.contains_key(&key))
            && *self.routes.entry(key).or_insert_with(find)
    }

    /// See [`has_loop_of_caller`].
    pub(super) fn has_loop(&mut self, file: &FileContext<'_>, coroutine: &Definition) -> bool {
        let find = || has_loop_of_caller(file, coroutine);
        *self.loops.entry(coroutine.header.start).or_insert_with(find)
    }
}

/// A coroutine and what leads to it within its file.
struct Callers<'o> {
    functions: Vec<&'o Definition>,
    /// Whether the file names one of them outside of all functions.
    is_named_outside: bool,
}

impl<'o> Callers<'o> {
    fn of(file: &FileContext<'o>, coroutine: &'o Definition) -> Self {
        let mut found = Self { functions: vec![coroutine], is_named_outside: false };
        let mut next = 0;
        // Grows by functions of the file only, so it ends.
        while let Some(function) = found.functions.get(next).copied() {
            next += 1;
            if next > MOST {
                found.is_named_outside = true;
                break;
            }
            for offset in uses(file, function) {
                let mut around = file.outline.enclosing(offset);
                match around.find(|it| it.is_function() && it.body.contains(offset)) {
                    Some(caller) if is_example(file, caller) => {}
                    Some(caller) if found.functions.iter().any(|it| it.span == caller.span) => {}
                    Some(caller) => found.functions.push(caller),
                    None => found.is_named_outside = true,
                }
            }
        }
        found
    }
}

/// Where a file names a function: in code, and in strings that are just the name.
fn uses(file: &FileContext<'_>, function: &Definition) -> Vec<u32> {
    let name = file.slice(function.name);
    let is_use = |&offset: &u32| {
        let string = file.outline.string_at(offset);
        !file.outline.definitions.iter().any(|it| it.name.start == offset)
            && file.outline.comment_at(offset).is_none()
            && string.is_none_or(|it| it.interpolated || file.slice(it.content()) == name)
    };
    places_of(file.source.text(), name).map(|at| at as u32).filter(is_use).collect()
}

/// Whether a function only shows how the module is used.
fn is_example(file: &FileContext<'_>, function: &Definition) -> bool {
    words::words(file.slice(function.name)).first().is_some_and(|it| it == "example")
}

/// Whether nothing of an application is seen to call a coroutine: neither other files, nor what a framework may call in its
/// own. Reads the files of the project until one does, so it is asked for last.
fn has_none<'a>(file: &FileContext<'a>, coroutine: &'a Definition) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    let component = project.components.get(known.component);
    if file.role != Role::Application
        || component.is_none_or(|it| it.distribution == Distribution::Library)
    {
        return false;
    }
    let callers = Callers::of(file, coroutine);
    if callers.is_named_outside || callers.functions.iter().any(|it| is_called_by_others(file, it))
    {
        return false;
    }
    if file.outline.main_guards.is_empty() && is_used_by_nobody(file) {
        return true;
    }
    let names = || callers.functions.iter().map(|it| file.slice(it.name));
    let class = coroutine.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
    let head = class.map(|it| format!("\nclass {}", file.slice(it.name)));
    // Services copy modules from each other, and call their own copy.
    let is_copy = |other: &File, text: &str| {
        other.path.file_name() == known.path.file_name()
            && head.as_ref().is_some_and(|it| text.contains(it.as_str()))
    };
    let mut others = project.files.iter().filter(|it| {
        let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        it.kind.is_python() && it.path != known.path && !is_test
    });
    let uses = |text: &str, name: &str| {
        let mut places = places_of(text, name).peekable();
        // Who has one of the name himself calls that.
        places.peek().is_some()
            && !text.contains(&format!("\ndef {name}("))
            && places.any(|at| !text[..at].ends_with("def ") && !is_imported(text, at))
    };
    // A module that stands alone is not seen with those who use it.
    others.clone().next().is_some()
        && !others.any(|other| {
            facts.source(other).is_some_and(|it| {
                !is_copy(other, it.text()) && names().any(|name| uses(it.text(), name))
            })
        })
}

/// Whether a name at a place is one that a statement imports, be it in parentheses, and under its own name.
fn is_imported(text: &str, at: usize) -> bool {
    let line = last_part_of_line(&text[..at], MOST_OF_LINE).trim_start();
    if line.starts_with("from ") && line.contains(" import ") {
        let rest = beginning(&text[at..], MOST_OF_LINE).lines().next().unwrap_or_default();
        return !rest.contains(" as ");
    }
    let Some(open) = text[..at].rfind(['(', ')']) else { return false };
    text[open..].starts_with('(') && text[..open].trim_end().ends_with(" import")
}

/// Whether something else may call a function without its name: a framework by its decorator, or through a base of its class.
fn is_called_by_others(file: &FileContext<'_>, function: &Definition) -> bool {
    let decorators = file.outline.decorators(function);
    let class = function.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
    let is_bare = |it: &Definition| {
        file.outline.arguments(it).is_empty() && file.outline.decorators(it).is_empty()
    };
    // What calls the method of a base in the file names the one that overrides it.
    let is_of_file = |it: &Definition| {
        let mut bases = first_party::bases_of(file, it).into_iter();
        file.outline.decorators(it).is_empty()
            && file.outline.arguments(it).iter().all(|it| it.keyword.is_none())
            && bases.all(|it| match it {
                Base::Here(index) => is_bare(&file.outline.definitions[index]),
                Base::Other(canonical) => canonical.as_deref() == Some("abc.ABC"),
                Base::There(_) => false,
            })
    };
    let is_derived = class.is_some_and(|it| !is_of_file(it));
    let name = file.slice(function.name);
    is_derived
        || name.starts_with("__") && name.ends_with("__")
        || decorators.iter().any(|it| !matches!(file.slice(*it), "staticmethod" | "classmethod"))
        || entry_points::entry_point(file, function).is_some()
}

/// Whether a coroutine that answers a request, or a command of a bot, leads to one of the same file.
fn is_behind_handler<'a>(file: &FileContext<'a>, coroutine: &'a Definition) -> bool {
    let is_handler = |it: &Definition| {
        it.kind == DefinitionKind::AsyncFunction
            && match entry_points::entry_point(file, it) {
                Some(EntryPoint::Route) => true,
                Some(EntryPoint::Command) => loops::is_of_bot(file),
                _ => false,
            }
    };
    Callers::of(file, coroutine).functions.into_iter().any(is_handler)
}

/// Whether a handler of requests in another file awaits a coroutine, or `FastAPI` does before one: `Depends(current_user)`. A method
/// is known by its class or its module, which that file names, too.
fn is_awaited_by_route(file: &FileContext<'_>, coroutine: &Definition) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    if facts.project().files.len() > MOST_FILES {
        return false;
    }
    let name = file.slice(coroutine.name);
    let class = coroutine.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
    let stem = known.path.file_stem().unwrap_or_default();
    let names_owner = |text: &str| {
        has_name(text, stem) || class.is_some_and(|it| has_name(text, file.slice(it.name)))
    };
    let head = format!("Depends({name}");
    let depends = |text: &str| {
        let mut places = text.match_indices(&head);
        class.is_none() && places.any(|(at, _)| !text[at + head.len()..].starts_with(is_of_name))
    };
    if depends(file.source.text()) {
        return true;
    }
    let awaits = |other: &File| {
        let Some(source) = facts.source(other) else { return false };
        let text = source.text();
        if !has_name(text, name) || !names_owner(text) {
            return false;
        }
        if depends(text) {
            return true;
        }
        let Some(read) = facts.python(&other.path) else { return false };
        let Some(context) = file.beside(other, &read) else { return false };
        context
            .outline
            .calls
            .iter()
            .filter(|it| it.awaited && words::last_part(context.slice(it.name)) == name)
            .any(|it| entry_points::around(&context, it.name.start) == Some(EntryPoint::Route))
    };
    let is_test = |it: &File| it.path_role.as_ref().is_some_and(|role| role.role == Role::Test);
    let owner = class.map_or("", |it| file.slice(it.name));
    let question = format!("a route awaits {owner} {name} of {}", known.path);
    facts.answer(known.component, question, || {
        let others = facts.project().files.iter();
        let mut others =
            others.filter(|it| it.kind.is_python() && it.path != known.path && !is_test(it));
        others.any(awaits)
    })
}

/// Whether each call of a coroutine is handed to a function that waits for it on a loop, for one caller.
fn has_loop_of_caller(file: &FileContext<'_>, coroutine: &Definition) -> bool {
    let uses = uses(file, coroutine);
    let runs = |offset: u32| {
        let mut around = file.outline.calls.iter().filter(|it| calls::inside(it).contains(offset));
        around.any(|it| runs_its_argument(file, it))
    };
    !uses.is_empty() && uses.len() <= MOST && uses.into_iter().all(runs)
}

/// Whether a call is one of a synchronous function of the project that runs what it gets until that is done.
fn runs_its_argument(file: &FileContext<'_>, call: &Call) -> bool {
    const RUNS: [&str; 2] = ["run_until_complete", "asyncio.run"];
    let written = calls::written(file, call);
    let mut here = file.outline.definitions.iter().filter(|it| it.parent.is_none());
    if let Some(own) = here.find(|it| file.slice(it.name) == written) {
        let runs = |it: &&str| coroutines::holds_word(file, own.body, it);
        return own.kind == DefinitionKind::Function && RUNS.iter().any(runs);
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(callee) = file.called(call) else { return false };
    first_party::find(facts, known, &callee).is_some_and(|it| {
        let definition = it.definition();
        let body: Span = definition.body;
        let text = body.of_text(it.python.source.text());
        definition.kind == DefinitionKind::Function && RUNS.iter().any(|it| text.contains(it))
    })
}
