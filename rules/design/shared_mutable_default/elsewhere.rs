//! What the code around does with an attribute that holds a shared object. Knows the names of classes and attributes
//! only: an object behind a name that says nothing of its class is seen where its file names the class.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Span};
use roadworthy_project::Role;

use crate::shared::code::text::{has_name, is_of_name};

/// Whether code of the file or of those beside it, tests left aside, changes an attribute of a class's objects. Farther away an
/// attribute of that name is mostly one of another class, and reading all files for each would take long.
pub(super) fn changes(file: &FileContext<'_>, class: &Definition, attribute: &str) -> bool {
    if changes_in(file.source.text(), attribute) {
        return true;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    let name = file.slice(class.name);
    let mut others = project.files.iter().filter(|it| {
        let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        it.kind.is_python()
            && it.path != known.path
            && it.path.parent() == known.path.parent()
            && !is_test
    });
    others.any(|other| {
        project
            .read(other)
            .is_ok_and(|it| has_name(it.text(), name) && changes_in(it.text(), attribute))
    })
}

/// Whether a text changes what an attribute of that name holds: `cart.items.append(1)`.
fn changes_in(text: &str, attribute: &str) -> bool {
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
    let dotted = format!(".{attribute}");
    text.match_indices(&dotted).any(|(at, _)| {
        let behind = &text[at + dotted.len()..];
        let line = behind.split('\n').next().unwrap_or_default();
        let is_set = || {
            line.starts_with('[')
                && line.split_once(']').is_some_and(|(_, rest)| {
                    rest.trim_start().starts_with('=') && !rest.trim_start().starts_with("==")
                })
        };
        !behind.starts_with(is_of_name)
            && (CALLS.iter().any(|it| behind.starts_with(it))
                || line.trim_start().starts_with("+=")
                || is_set())
    })
}

/// Whether the project makes one object of a class, at the top of a module: nobody shares anything with it.
pub(super) fn is_made_once(file: &FileContext<'_>, class: &Definition) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    let call = format!("{}(", file.slice(class.name));
    let code = project.files.iter().filter(|it| {
        let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        it.kind.is_python() && !is_test
    });
    // Most objects are made beside their class, and one that is not at the top spares reading all others.
    let folder = known.path.parent().map_or("", Utf8Path::as_str);
    let (beside, others): (Vec<_>, Vec<_>) =
        code.partition(|it| it.path.parent().is_some_and(|it| it.as_str() == folder));
    let mut at_top = 0;
    for other in beside.into_iter().chain(others) {
        let Ok(read) = project.read(other) else { continue };
        for (at, _) in read.text().match_indices(&call) {
            let line = read.text()[..at].rsplit('\n').next().unwrap_or_default();
            if line.ends_with(is_of_name) || line.trim_start().starts_with("class ") {
                continue;
            }
            if line.starts_with([' ', '\t']) {
                return false;
            }
            at_top += 1;
        }
        if at_top > 1 {
            return false;
        }
    }
    at_top == 1
}

/// Whether the class says that its instances are meant to share: a lock beside the attribute, a comment above it.
pub(super) fn is_meant(file: &FileContext<'_>, class: &Definition, attribute: Span) -> bool {
    const WORDS: [&str; 7] =
        ["shared", "share ", "process", "worker", "registry", "in-memory", "all instances"];
    let body = file.slice(class.body);
    let locks = body.lines().take_while(|it| !it.trim_start().starts_with("def "));
    let has_lock = locks.into_iter().any(|it| it.contains("Lock()"));
    let above = file.source.text()[..attribute.start as usize].lines().rev().skip(1);
    let mut comments = above.map(str::trim).take_while(|it| it.starts_with('#'));
    has_lock || comments.any(|it| WORDS.iter().any(|word| it.to_ascii_lowercase().contains(word)))
}
