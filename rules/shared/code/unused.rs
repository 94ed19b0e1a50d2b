//! Whether what stands somewhere is a use of a name: a comment, a docstring, `__all__`, an import of which nothing is made, the
//! function itself, a namesake of another module, an unused function and a module that only tests import are none. Knows words,
//! imports and where files lie, no rule.

use std::cell::OnceCell;

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Import, ImportKind, Outline, Span};
use roadworthy_project::facts::imports::{Givers, givers};
use roadworthy_project::facts::{Facts, Mentions, PythonFile};
use roadworthy_project::{File, Role, is_loaded_by_name};

use crate::shared::code::blocks::headers_in;
use crate::shared::code::named::{
    is_called_by_nobody, is_module_idle, is_other_unreached, is_plain_class, is_taken_by_nobody,
    stands_in_itself_alone,
};
use crate::shared::code::namesakes::Namesakes;
use crate::shared::code::others::{MOST, is_aside, others_with};
use crate::shared::code::text::{binds, code_in, has_name, is_of_name, places_of};
use crate::shared::code::words::{last_part, words};

/// Names by which platforms start a module of their own choice: no text need say so.
const STARTED: [&str; 8] =
    ["app", "application", "entrypoint", "execute", "handler", "lambda_handler", "main", "run"];

/// Functions that only unused functions of their file use are followed so far.
const DEEPEST: u32 = 3;

/// Whether nothing in use names a function of an application, or the class that it is a method of. Reads the files that hold
/// the name, so it is asked for last.
pub(crate) fn is_used_nowhere(file: &FileContext<'_>, function: &Definition) -> bool {
    is_used_nowhere_within(file, function, 0)
}

/// Whether nothing in use names a class at the top of a module of an application, which no framework is seen to look for.
pub(crate) fn is_class_used_nowhere(file: &FileContext<'_>, class: &Definition) -> bool {
    is_plain_class(file, class) && is_idle_within(file, class, 0)
}

/// Whether nothing in use names a class, whatever it extends: neither lists of addresses nor what makes, extends or loads it.
pub(crate) fn is_class_named_nowhere(file: &FileContext<'_>, class: &Definition) -> bool {
    is_idle_within(file, class, 0)
}

fn is_used_nowhere_within(file: &FileContext<'_>, function: &Definition, depth: u32) -> bool {
    is_called_by_nobody(file, function, |it| {
        is_idle_within(file, it, depth) || it.parent.is_some() && is_named_in_namesakes(file, it)
    })
}

/// Whether the name of a method stands nowhere but in methods of that name, which may call each other: nobody calls the first.
fn is_named_in_namesakes(file: &FileContext<'_>, method: &Definition) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let name = file.slice(method.name);
    let stays_inside = |outline: &Outline, text: &str| {
        places_of(text, name).all(|at| {
            let at_name = at as u32;
            let is_method = |it: &Definition| {
                it.is_function() && it.parent.is_some() && it.name.of_text(text) == name
            };
            is_no_use(outline, text, at)
                || outline.definitions.iter().any(|it| {
                    is_method(it) && (it.name.contains(at_name) || it.body.contains(at_name))
                })
        })
    };
    facts.mentions().of(name) <= MOST
        && facts.answer(known.component, format!("{name} stands in methods of that name"), || {
            let project = facts.project();
            let all = project.files.iter().chain(&project.unasked);
            let mut all = all.filter(|it| !is_aside(it) && Mentions::may_be_in(it));
            all.all(|it| {
                let Some(source) = facts.source(it) else { return true };
                if !it.kind.is_python() {
                    return !Mentions::is_named_in(source.text(), name);
                }
                !has_name(source.text(), name)
                    || facts
                        .python(&it.path)
                        .is_some_and(|it| stays_inside(&it.outline, it.source.text()))
            })
        })
}

fn is_idle_within(file: &FileContext<'_>, definition: &Definition, depth: u32) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let name = file.slice(definition.name);
    let question =
        format!("{name} of {} at {} is idle, {depth}", known.path, definition.name.start);
    facts.answer(known.component, question, || is_idle(facts, file, definition, depth))
}

fn is_idle(facts: &Facts<'_>, file: &FileContext<'_>, definition: &Definition, depth: u32) -> bool {
    let name = file.slice(definition.name);
    let is_of_module = definition.parent.is_none();
    let is_rare = facts.mentions().of(name) <= MOST;
    let is_started = STARTED.contains(&name);
    let is_taken_by_nobody = || {
        is_of_module
            && !is_started
            && is_taken_by_nobody(file, name)
            && !(is_rare && is_in_settings(facts, name))
    };
    (is_rare || is_of_module && !is_started)
        && !is_used_here(file, definition, depth)
        && (is_taken_by_nobody() || is_rare && !is_used_elsewhere(facts, file, definition, depth))
}

/// Whether the file of a definition uses it itself, outside of functions that are not used either.
fn is_used_here(file: &FileContext<'_>, definition: &Definition, depth: u32) -> bool {
    let text = file.source.text();
    let is_own = |at: usize| {
        let at = at as u32;
        definition.span.contains(at) || definition.name.contains(at)
    };
    // What stands behind a dot belongs to something else than the module.
    let is_of_else = |at: usize| definition.parent.is_none() && text[..at].ends_with('.');
    // What an unused function does is never done.
    let is_of_unused = |at: usize| {
        let around = file.outline.enclosing(at as u32).filter(|it| it.is_function()).last();
        depth < DEEPEST && around.is_some_and(|it| is_used_nowhere_within(file, it, depth + 1))
    };
    places_of(text, file.slice(definition.name)).any(|at| {
        !is_own(at)
            && !is_of_else(at)
            && !is_nothing_of(file, at)
            && !is_of_unused(at)
            && !is_of_trial(file, at)
    })
}

/// Whether a place lies under the guard of a module that its package imports, which is no program then: it would be loaded twice
/// (<https://docs.python.org/3/library/runpy.html#runpy.run_module>), and no file that is no Python names it. What stands there
/// tries the module out.
fn is_of_trial(file: &FileContext<'_>, at: usize) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    if !file.outline.under_main_guard(at as u32) {
        return false;
    }
    let stem = known.path.file_stem().unwrap_or_default();
    facts.answer(known.component, format!("{} is tried out by itself", known.path), || {
        let package = facts.python(&known.path.with_file_name("__init__.py"));
        let is_imported = package.is_some_and(|it| {
            let text = it.source.text();
            let mut imports = it.outline.imports.iter();
            imports.any(|it| it.level == 1 && it.module.of_text(text) == stem)
        });
        is_imported && !is_in_settings(facts, stem)
    })
}

/// Whether a place that holds a name is no use of what the project defines under it.
fn is_nothing_of(file: &FileContext<'_>, at: usize) -> bool {
    let text = file.source.text();
    is_no_use(file.outline, text, at)
        || file.in_facts().is_some_and(|(facts, _)| is_of_others(facts, file.outline, text, at))
}

/// Whether a name belongs to a module that is imported from elsewhere: `requests.get`.
fn is_of_others(facts: &Facts<'_>, outline: &Outline, text: &str, at: usize) -> bool {
    let Some(before) = text[..at].strip_suffix('.') else { return false };
    let owner = &before[before.trim_end_matches(is_of_name).len()..];
    let is_whole = !owner.is_empty() && !before[..before.len() - owner.len()].ends_with('.');
    is_whole
        && outline.imports.iter().any(|it| {
            let module = it.module.of_text(text);
            let top = module.split('.').next().unwrap_or_default();
            let bound = match (it.alias, it.kind) {
                (Some(alias), _) => alias.of_text(text),
                (None, ImportKind::Module) => top,
                (None, _) => it.name.of_text(text),
            };
            bound == owner
                && it.level == 0
                && !matches!(givers(module, |_| false), Givers::Unknown)
                && !facts.modules().is_first_party(top)
        })
        && !is_bound_again(outline, text, owner)
}

/// Whether something of a file but its imports gives a name a value, a parameter too: somewhere it is no module then.
fn is_bound_again(outline: &Outline, text: &str, name: &str) -> bool {
    outline.parameters.iter().any(|it| it.name.of_text(text) == name) || {
        let mut seen = 0;
        places_of(text, name).any(|at| {
            let at = at as u32;
            // A long statement is looked at once.
            let line = outline.line_at(at).filter(|it| at >= seen && it.span.contains(at));
            line.is_some_and(|it| {
                seen = it.span.end;
                binds(&code_in(text, outline, it.span), name)
            })
        })
    }
}

/// Whether another file uses a definition, as far as names tell.
fn is_used_elsewhere(
    facts: &Facts<'_>,
    file: &FileContext<'_>,
    definition: &Definition,
    depth: u32,
) -> bool {
    let Some((_, known)) = file.in_facts() else { return true };
    let name = file.slice(definition.name);
    let stem = known.path.file_stem().unwrap_or_default();
    let namesakes = OnceCell::new();
    let is_of_other_class = |read: &PythonFile| {
        let around = definition.parent.map(|it| file.outline.definition(it));
        around.is_some_and(|class| {
            let others = namesakes.get_or_init(|| Namesakes::of(facts, file, class, name));
            others.as_ref().is_some_and(|it| it.are_meant(facts, read, name, known))
        })
    };
    let mut others = others_with(facts, known, name);
    others.any(|other| {
        let read = facts.python(&other.path).filter(|_| other.kind.is_python());
        let Some(read) = read else { return true };
        let text = read.source.text();
        // Behind a dot it may be that of our module; alone it is what the file defines or imports itself.
        let is_plain =
            || places_of(text, name).all(|at| !text[..at].ends_with('.')) || !has_name(text, stem);
        let is_of_other =
            || defines(&read.outline, text, name) || imports_namesake(facts, &read, name, stem);
        let is_nothing = |at: usize| {
            is_no_use(&read.outline, text, at) || is_of_others(facts, &read.outline, text, at)
        };
        !(places_of(text, name).all(is_nothing)
            || definition.parent.is_none() && is_plain() && is_of_other()
            || is_of_other_class(&read)
            || depth == 0 && is_in_unused_functions(file, other, &read, name)
            || is_for_tests(facts, other, text)
            || is_run_once(facts, other, text)
            || is_module_idle(facts, &other.path, text)
            || is_other_unreached(facts, other))
    })
}

/// Whether a file was run once and is no more: a migration, or a program outside of packages that is called after one and that
/// nothing names.
fn is_run_once(facts: &Facts<'_>, file: &File, text: &str) -> bool {
    const WORDS: [&str; 3] = ["backfill", "migrate", "oneoff"];
    if file.path.components().any(|it| it.as_str() == "migrations") {
        return true;
    }
    let words = words(file.path.file_stem().unwrap_or_default());
    let is_one = || words.len() > 1 && WORDS.contains(&words[0].as_str());
    let package = file.path.with_file_name("__init__.py");
    is_one() && !facts.tree().is_file(&package) && stands_in_itself_alone(facts, &file.path, text)
}

/// Whether a file that is no Python holds a name: servers are told so which functions answer.
fn is_in_settings(facts: &Facts<'_>, name: &str) -> bool {
    let project = facts.project();
    let mut others = project.files.iter().chain(&project.unasked);
    others.any(|it| {
        !it.kind.is_python()
            && Mentions::may_be_in(it)
            && !is_aside(it)
            && facts.source(it).is_some_and(|it| Mentions::is_named_in(it.text(), name))
    })
}

/// Whether a name stands in functions of another file alone that are used nowhere themselves.
fn is_in_unused_functions(
    file: &FileContext<'_>,
    other: &File,
    read: &PythonFile,
    name: &str,
) -> bool {
    let Some(other) = file.beside(other, read) else { return false };
    let is_unused = |at: usize| {
        let around = other.outline.enclosing(at as u32).filter(|it| it.is_function()).last();
        around.is_some_and(|it| is_used_nowhere_within(&other, it, 1))
    };
    places_of(read.source.text(), name).all(|at| is_nothing_of(&other, at) || is_unused(at))
}

/// Whether a name stands in a comment or a docstring, is offered to whoever takes all of a module, or is imported: what is made of
/// an import stands behind it, under the same name.
pub(crate) fn is_no_use(outline: &Outline, text: &str, at: usize) -> bool {
    let at = at as u32;
    let before = outline.strings.partition_point(|it| it.span.start <= at);
    let literal = outline.strings[..before].last().filter(|it| it.span.contains(at));
    let is_offered =
        || outline.line_at(at).is_some_and(|it| it.span.of_text(text).starts_with("__all__"));
    literal.is_some_and(|it| it.statement || is_offered() || is_told_of(outline, text, it.span, at))
        || outline.comment_at(at).is_some()
        || outline.imports.iter().any(|it| {
            it.alias.is_none()
                && (it.name.contains(at)
                    || it.module.contains(at) && !it.name.of_text(text).is_empty())
        })
        || is_switched_off(outline, text, at)
}

/// Whether a place lies among the words of a text that is told to people: `logger.error(f"Error in load: {error}")`.
fn is_told_of(outline: &Outline, text: &str, literal: Span, at: u32) -> bool {
    const TELLS: [&str; 8] =
        ["log.", "LOG.", "logger.", "logging.", "print(", "raise ", "warn", "Error("];
    let before = text.get(literal.start as usize..at as usize).unwrap_or_default();
    let is_worked_out = before.rfind('{').is_some_and(|it| before.rfind('}') < Some(it));
    let mut last = before.chars().rev();
    last.next() == Some(' ')
        && last.next().is_some_and(char::is_alphabetic)
        && !is_worked_out
        && outline.line_at(at).is_some_and(|it| {
            let line = it.span.of_text(text);
            TELLS.iter().any(|word| line.contains(word))
        })
}

/// Whether a place lies in a block that never runs: behind `if 0:` or `if False:`.
fn is_switched_off(outline: &Outline, text: &str, at: u32) -> bool {
    const NEVER: [&str; 4] = ["if 0:", "if False:", "while 0:", "while False:"];
    let mut limit = outline.line_at(at).map_or(0, |it| it.indent);
    headers_in(outline, at).any(|it| {
        // The branches above an `else` do not stand further out: they are others.
        let opens = it.indent < limit;
        limit = limit.min(it.indent);
        opens && NEVER.iter().any(|never| it.span.of_text(text).starts_with(never))
    })
}

/// Whether a module has a function of a name itself.
fn defines(outline: &Outline, text: &str, name: &str) -> bool {
    let mut own = outline.definitions.iter().filter(|it| it.parent.is_none() && it.is_function());
    own.any(|it| it.name.of_text(text) == name)
}

/// Whether a file imports a function of this name from another module of the project, which has one, too.
fn imports_namesake(facts: &Facts<'_>, read: &PythonFile, name: &str, stem: &str) -> bool {
    let text = read.source.text();
    let is_it = |it: &&Import| it.alias.is_none() && it.name.of_text(text) == name;
    let mut imports = read.outline.imports.iter().filter(is_it);
    imports.any(|import| {
        let module = last_part(import.module.of_text(text));
        let project = facts.project();
        let mut modules = project.files.iter().chain(&project.unasked).filter(|it| {
            module != stem && it.kind.is_python() && it.path.file_stem() == Some(module)
        });
        modules.any(|it| {
            facts.python(&it.path).is_some_and(|it| defines(&it.outline, it.source.text(), name))
        })
    })
}

/// Whether tests name a module, and nothing else does: no code, no settings, no text for people.
fn is_for_tests(facts: &Facts<'_>, file: &File, text: &str) -> bool {
    const PROGRAMS: [&str; 4] = ["__name__ ==", "Flask(", "FastAPI(", "app = "];
    let stem = file.path.file_stem().unwrap_or_default();
    let project = facts.project();
    let names = |it: &File| facts.source(it).is_some_and(|it| has_name(it.text(), stem));
    let is_prose = |it: &File| matches!(it.path.extension(), Some("md" | "rst" | "txt"));
    let all = || project.files.iter().chain(&project.unasked).filter(|it| it.path != file.path);
    !is_loaded_by_name(Utf8Path::new(&file.path))
        && !PROGRAMS.iter().any(|it| text.contains(it))
        && stands_in_itself_alone(facts, &file.path, text)
        && all().any(|it| is_test(it) && names(it))
        && !all().any(|it| is_prose(it) && names(it))
}

fn is_test(file: &File) -> bool {
    file.path_role.as_ref().is_some_and(|it| it.role == Role::Test)
}
