//! What the code around does with an attribute that holds a shared object. Knows the names of classes and attributes
//! only: an object behind a name that says nothing of its class is seen where its file names the class.

use std::sync::Arc;

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, SourceFile, Span};
use roadworthy_project::{File, Role};

use crate::shared::code::text::{has_name, is_of_name};
use crate::shared::code::unused::is_used_nowhere;

/// Whether code of the file or of those beside it, tests left aside, changes an attribute of a class's objects. Farther away an
/// attribute of that name is mostly one of another class, and reading all files for each would take long.
pub(super) fn changes(file: &FileContext<'_>, class: &Definition, attribute: &str) -> bool {
    let name = file.slice(class.name);
    // What no code calls changes nothing.
    let runs = |at: usize| {
        let around = file.outline.enclosing(at as u32).find(|it| it.is_function());
        !around.is_some_and(|it| is_used_nowhere(file, it))
    };
    if changes_in(file.source.text(), attribute, name).any(runs) {
        return true;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    let mut others = project.files.iter().filter(|it| {
        let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        it.kind.is_python()
            && it.path != known.path
            && it.path.parent() == known.path.parent()
            && !is_test
    });
    others.any(|other| {
        facts.source(other).is_some_and(|it| {
            has_name(it.text(), name) && changes_in(it.text(), attribute, name).next().is_some()
        })
    })
}

/// Where a text changes what an attribute of that name holds: `cart.items.append(1)`. Through `self` only the class itself and
/// those that extend it do.
fn changes_in<'t>(text: &'t str, attribute: &str, class: &str) -> impl Iterator<Item = usize> + 't {
    const CALLS: [&str; 9] = [
        ".add(",
        ".append(",
        ".appendleft(",
        ".clear(",
        ".extend(",
        ".insert(",
        ".pop(",
        ".setdefault(",
        ".update(",
    ];
    let length = attribute.len() + 1;
    let class = class.to_owned();
    places_of_attribute(text, attribute).into_iter().filter(move |&at| {
        let behind = &text[at + length..];
        let line = behind.split('\n').next().unwrap_or_default();
        let is_set = || {
            line.starts_with('[')
                && line.split_once(']').is_some_and(|(_, rest)| {
                    rest.trim_start().starts_with('=') && !rest.trim_start().starts_with("==")
                })
        };
        let of_another = || {
            let around = text[..at]
                .rmatch_indices("class ")
                .find(|(at, _)| *at == 0 || text[..*at].ends_with(['\n', ' ', '\t']));
            let head = around.and_then(|(at, _)| text[at..].split(':').next());
            text[..at].ends_with("self") && head.is_some_and(|it| !has_name(it, &class))
        };
        !behind.starts_with(is_of_name)
            && !of_another()
            && (CALLS.iter().any(|it| behind.starts_with(it))
                || line.trim_start().starts_with("+=")
                || is_set())
    })
}

/// Where `.items` stands.
fn places_of_attribute(text: &str, attribute: &str) -> Vec<usize> {
    text.match_indices(&format!(".{attribute}")).map(|(at, _)| at).collect()
}

/// Whether the project makes objects of a class, or of one that extends it, in no more than one place: mostly there is one, which
/// shares with nobody.
pub(super) fn is_made_in_one_place(file: &FileContext<'_>, class: &Definition) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let code = || {
        facts.project().files.iter().filter(|it| {
            let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
            it.kind.is_python() && !is_test
        })
    };
    let read = |it: &File| facts.source(it);
    let name = file.slice(class.name);
    let mut calls = vec![format!("{name}(")];
    // Most objects are made beside their class, and two there spare reading all others.
    let folder = known.path.parent().map_or("", Utf8Path::as_str);
    let is_beside = |it: &&File| it.path.parent().is_some_and(|it| it.as_str() == folder);
    if is_made_often(code().filter(is_beside).filter_map(read), &calls) {
        return false;
    }
    for other in code().filter_map(read) {
        let further = subclasses(other.text(), name);
        calls.extend(further.into_iter().map(|it| format!("{it}(")));
    }
    !is_made_often(code().filter_map(read), &calls)
}

/// Whether some files make objects in more than one place, by the beginnings of the calls.
fn is_made_often(files: impl Iterator<Item = Arc<SourceFile>>, calls: &[String]) -> bool {
    let mut places = 0;
    for read in files {
        for (at, _) in calls.iter().flat_map(|call| read.text().match_indices(call.as_str())) {
            let line = read.text()[..at].rsplit('\n').next().unwrap_or_default();
            let is_call = !line.ends_with(is_of_name) && !line.trim_start().starts_with("class ");
            places += u32::from(is_call);
            if places > 1 {
                return true;
            }
        }
    }
    false
}

/// Whether all that makes objects of a class gives each an object of its own: `cart.items = []` behind `cart = Cart()`.
pub(super) fn is_replaced_by_makers(
    file: &FileContext<'_>,
    class: &Definition,
    attribute: &str,
) -> bool {
    let Some((facts, _)) = file.in_facts() else { return false };
    let call = format!("{}(", file.slice(class.name));
    let is_test = |it: &File| it.path_role.as_ref().is_some_and(|role| role.role == Role::Test);
    let mut code = facts.project().files.iter().filter(|it| it.kind.is_python() && !is_test(it));
    let mut any = false;
    let all = code.all(|it| {
        let Some(read) = facts.source(it) else { return true };
        let text = read.text();
        text.match_indices(call.as_str()).all(|(at, _)| {
            let line = text[..at].rsplit('\n').next().unwrap_or_default().trim();
            if line.ends_with(is_of_name) || line == "class" {
                return true;
            }
            any = true;
            // The next object is made by other code.
            let behind = text[at + call.len()..].split(call.as_str()).next().unwrap_or_default();
            let own = line.strip_suffix('=').map(|it| format!("{}.{attribute} = ", it.trim()));
            own.is_some_and(|it| behind.contains(&it))
        })
    });
    any && all
}

/// The names of the classes of a text that extend another one.
fn subclasses(text: &str, name: &str) -> Vec<String> {
    let heads = text.lines().filter_map(|it| it.trim_start().strip_prefix("class "));
    let heads = heads.filter_map(|it| it.split_once('('));
    heads.filter(|(_, bases)| has_name(bases, name)).map(|(it, _)| it.trim().to_owned()).collect()
}

/// Whether the class says that its instances are meant to share: a lock beside the attribute, a comment above it.
pub(super) fn is_meant(file: &FileContext<'_>, class: &Definition, attribute: Span) -> bool {
    const WORDS: [&str; 11] = [
        "shared",
        "share ",
        "process",
        "worker",
        "registry",
        "in-memory",
        "all instances",
        "cache",
        "throttl",
        "bucket",
        "rate limit",
    ];
    let body = file.slice(class.body);
    let locks = body.lines().take_while(|it| !it.trim_start().starts_with("def "));
    let has_lock = locks.into_iter().any(|it| it.contains("Lock()"));
    let above = file.source.text()[..attribute.start as usize].lines().rev().skip(1);
    let comments = above.map(str::trim).take_while(|it| it.starts_with('#'));
    let behind = file.source.text()[attribute.end as usize..].split('\n').next();
    let mut comments = comments.chain(behind);
    has_lock || comments.any(|it| WORDS.iter().any(|word| it.to_ascii_lowercase().contains(word)))
}
