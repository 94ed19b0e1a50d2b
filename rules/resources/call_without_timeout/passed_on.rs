//! Whether a function leaves the limit of a wait to its callers, and whether any of them gives one. Knows calls by the names of
//! what they call, in all files of a project.

use std::borrow::Cow;

use roadworthy_engine::{FileContext, Names};
use roadworthy_parser::{Call, Definition, ParameterKind};
use roadworthy_project::facts::{Facts, PythonFile};
use roadworthy_project::{File, Role};

use crate::shared::code::calls::{self, CallArgument};
use crate::shared::code::named::is_published;
use crate::shared::code::text::{has_name, places_of};

/// Whether an argument may be anything: `*args`, `**kwargs`, and `**{…}` that speaks of a time-out.
pub(super) fn is_starred(argument: &CallArgument<'_>) -> bool {
    let spelt_out = argument.value.starts_with("**{") && !argument.value.contains("imeout");
    argument.keyword.is_none() && argument.value.starts_with('*') && !spelt_out
}

/// Whether all that a call hands on by stars is what the function around it was called with, of which it makes nothing else.
pub(super) fn is_left_to_callers(file: &FileContext<'_>, call: &Call) -> bool {
    let arguments = calls::arguments(file, call);
    let mut starred = arguments.iter().filter(|it| is_starred(it)).peekable();
    if starred.peek().is_none() {
        return false;
    }
    let Some(function) = file.function_at(call.name.start) else { return false };
    let text = file.slice(function.span);
    let parameters = file.outline.signature(function).parameters;
    let is_handed_on = |argument: &CallArgument<'_>| {
        let name = argument.value.trim_start_matches('*');
        let is_own = parameters.iter().any(|it| {
            matches!(it.kind, ParameterKind::VarPositional | ParameterKind::VarKeyword)
                && file.slice(it.name) == name
        });
        is_own && places_of(text, name).count() == 2
    };
    !text.contains("imeout") && starred.all(is_handed_on)
}

/// Whether the project calls the function around a call, and nowhere with a time-out, with stars, or by handing it on as a
/// value. Others call what is published, and what a class inherits or hands down. Reads the files that name it, so it is
/// asked for last.
pub(super) fn is_given_by_none(file: &FileContext<'_>, call: &Call) -> bool {
    let Some((facts, known)) = file.in_facts().filter(|_| !is_published(file)) else {
        return false;
    };
    let Some(function) = file.function_at(call.name.start) else { return false };
    let class = function.parent.map(|id| file.outline.definition(id));
    let is_plain = class.is_none_or(|it| {
        it.is_class()
            && file.outline.arguments(it).iter().all(|it| file.slice(it.value) == "object")
    });
    if !is_plain {
        return false;
    }
    let wrapper = Wrapper {
        name: file.slice(function.name),
        home: known,
        mark: class.map_or(known.path.file_stem().unwrap_or_default(), |it| file.slice(it.name)),
        is_method: class.is_some(),
    };
    let question =
        format!("nobody limits {} of {} at {}", wrapper.name, known.path, function.name.start);
    facts.answer(known.component, question, || wrapper.is_limited_by_none(facts))
}

/// A function that hands on what it was called with.
struct Wrapper<'w> {
    name: &'w str,
    home: &'w File,
    /// What those who use it name: its class, or its module.
    mark: &'w str,
    is_method: bool,
}

impl Wrapper<'_> {
    fn is_limited_by_none(&self, facts: &Facts<'_>) -> bool {
        let is_test = |it: &File| it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        let mut files =
            facts.project().files.iter().filter(|it| it.kind.is_python() && !is_test(it));
        let mut is_called = false;
        let nobody = files.all(|it| {
            let Some(source) = facts.source(it) else { return false };
            if !has_name(source.text(), self.name) {
                return true;
            }
            let Some(read) = facts.python(&it.path) else { return false };
            let Some(calls) = self.calls_in(facts, &read) else { return false };
            is_called |=
                calls > 0 && (it.path == self.home.path || has_name(read.source.text(), self.mark));
            true
        });
        nobody && is_called
    }

    /// How many calls in a file may be meant; `None` where one of them may give a limit.
    fn calls_in(&self, facts: &Facts<'_>, read: &PythonFile) -> Option<usize> {
        let (text, outline) = (read.source.text(), &read.outline);
        let names = Names::new(&read.source, outline);
        let mut found = 0;
        for at in places_of(text, self.name) {
            let (start, end) = (at as u32, (at + self.name.len()) as u32);
            let is_dotted = text[..at].ends_with('.');
            let is_defined = |it: &Definition| it.name.start == start;
            let is_aside = self.is_method && !is_dotted
                || outline.comment_at(start).is_some()
                || outline.strings.iter().any(|it| !it.interpolated && it.span.contains(start))
                || outline.definitions.iter().any(is_defined)
                || outline.imports.iter().any(|it| it.alias.is_none() && it.name.contains(start));
            if is_aside {
                continue;
            }
            let call = outline.calls.iter().find(|it| it.name.end == end)?;
            let is_of_others = match names.resolve(call.name.of_text(text), start) {
                Some(Cow::Owned(it)) if !call.attached && !it.starts_with('.') => {
                    !facts.modules().is_first_party(it.split('.').next().unwrap_or_default())
                }
                _ => false,
            };
            if is_of_others {
                continue;
            }
            if may_limit(call.arguments.of_text(text)) {
                return None;
            }
            found += 1;
        }
        Some(found)
    }
}

/// Whether the arguments of a call name a time-out, or may be anything.
fn may_limit(arguments: &str) -> bool {
    let is_star = |(at, _): (usize, char)| arguments[..at].trim_end().ends_with(['(', ',']);
    places_of(arguments, "timeout").any(|at| arguments[at + 7..].trim_start().starts_with('='))
        || arguments.char_indices().filter(|it| it.1 == '*').any(is_star)
}
