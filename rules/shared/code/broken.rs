//! Whether a module cannot be loaded, as it imports from another one of the project what that one does not have. Knows imports
//! and words, not what is made at run time.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Import, ImportKind, Outline, Span};
use roadworthy_project::{Facts, File, Role};

use crate::shared::code::first_party::file_of;
use crate::shared::code::text::{code_in, has_name};

/// Modules hand on all that others define; longer ways are given up.
const LONGEST_WAY: u32 = 4;

/// What gives a module names that do not stand in it.
const MAKES_NAMES: [&str; 8] =
    ["__dict__", "__getattr__", "exec(", "globals(", "locals(", "setattr(", "sys.modules", "vars("];

/// Whether loading a module surely fails at an import. Reads other files, so it is asked for last.
pub(crate) fn is_unloadable(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let is_from = |it: &&Import| it.kind == ImportKind::From && it.scope.is_none();
    facts.answer(known.component, format!("{} cannot be loaded", known.path), || {
        let mut imports = file.outline.imports.iter().filter(is_from);
        imports
            .any(|it| !it.type_checking && stands_at_top(file, it) && lacks(facts, known, file, it))
    })
}

/// Whether nothing stands around an import: a `try`, or a condition.
fn stands_at_top(file: &FileContext<'_>, import: &Import) -> bool {
    let lines = &file.outline.lines;
    lines
        .binary_search_by_key(&import.statement.start, |it| it.span.start)
        .is_ok_and(|at| lines[at].indent == 0)
}

/// Whether the module from which a name is imported does not have it. Only what lies in the same package is known by its name:
/// something else may be installed.
fn lacks(facts: &Facts<'_>, known: &File, file: &FileContext<'_>, import: &Import) -> bool {
    let name = file.slice(import.name);
    let Some(other) = source_of(facts, known, file.source.text(), import) else { return false };
    let top = |it: &File| it.module.split('.').next().map(str::to_owned);
    let is_near = other.component == known.component
        && (import.level > 0 || known.in_package && top(known) == top(other));
    // What lies in a package may be a module that git ignores, or that is built: such are called in small letters.
    let is_package = other.path.file_name() == Some("__init__.py");
    is_near
        && other.path != known.path
        && !other.has_stub
        && !name.starts_with("__")
        && (!is_package || name.starts_with(|it: char| it.is_uppercase()))
        && !may_have(facts, other, name, LONGEST_WAY)
        && (!is_package || !is_beside(facts, other, name))
}

/// The file from which an import takes something, if it is one of the project and no other can be meant.
fn source_of<'p>(
    facts: &'p Facts<'_>,
    from: &File,
    text: &str,
    import: &Import,
) -> Option<&'p File> {
    let module = roadworthy_parser::dotted_text(text, import.module);
    let dots = ".".repeat(import.level as usize);
    let joint = if module.is_empty() { "" } else { "." };
    file_of(facts, from, &format!("{dots}{module}{joint}any"))
}

/// Whether a package holds a module or a folder of this name.
fn is_beside(facts: &Facts<'_>, package: &File, name: &str) -> bool {
    let folder = package.path.with_file_name(name);
    let around = package.path.parent().unwrap_or(Utf8Path::new(""));
    facts.tree().is_folder(&folder)
        || facts
            .tree()
            .inside(around)
            .any(|it| it.file_name().is_some_and(|it| it.split('.').next() == Some(name)))
}

/// Whether a name stands in the code of a module, or may come there from elsewhere.
fn may_have(facts: &Facts<'_>, module: &File, name: &str, way: u32) -> bool {
    let is_generated = || {
        let role = module.path_role.as_ref().map(|it| it.role);
        matches!(role, Some(Role::Generated | Role::Vendored | Role::Example))
    };
    let Some(python) = facts.python(&module.path).filter(|_| way > 0 && !is_generated()) else {
        return true;
    };
    let (text, outline) = (python.source.text(), &python.outline);
    outline.flaw.is_some()
        || MAKES_NAMES.iter().any(|it| text.contains(it))
        || stands_in_code(text, outline, name)
        || outline.imports.iter().filter(|it| it.kind == ImportKind::Star).any(|it| {
            source_of(facts, module, text, it).is_none_or(|it| may_have(facts, it, name, way - 1))
        })
}

fn stands_in_code(text: &str, outline: &Outline, name: &str) -> bool {
    outline.definitions.iter().any(|it| it.name.of_text(text) == name)
        || has_name(text, name)
            && has_name(&code_in(text, outline, Span::new(0, text.len() as u32)), name)
}
