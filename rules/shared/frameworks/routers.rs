//! Routers that no application includes: their routes answer nobody. Knows the words of `FastAPI` and `Flask`, imports and names of
//! modules; not what is put together at run time.

use roadworthy_engine::FileContext;
use roadworthy_parser::Import;
use roadworthy_project::facts::PythonFile;
use roadworthy_project::{Distribution, Facts, File, Role};

use crate::shared::code::text::has_name;
use crate::shared::code::words::last_part;

/// What makes a router, and what includes one.
const KINDS: [(&str, &str); 2] =
    [("= APIRouter(", "include_router("), ("= Blueprint(", "register_blueprint(")];

/// Whether a module makes a router, others of the project are included, and nothing imports or names this module. Reads the files
/// of the project until one does, so it is asked for last.
pub(crate) fn is_idle(file: &FileContext<'_>) -> bool {
    let text = file.source.text();
    let kind = KINDS.iter().find(|(makes, _)| text.contains(makes));
    let Some((facts, known)) = file.in_facts() else { return false };
    kind.is_some_and(|(_, includes)| {
        !text.contains(includes)
            && facts.answer(known.component, format!("nothing includes {}", known.path), || {
                is_included_nowhere(facts, known, includes)
            })
    })
}

fn is_included_nowhere(facts: &Facts<'_>, own: &File, includes: &str) -> bool {
    // What is found by walking through a package is named nowhere.
    const WALKS: [&str; 3] = ["import_module(", "iter_modules(", "walk_packages("];
    let project = facts.project();
    let is_published = |it: &File| {
        let component = project.components.get(it.component);
        component.is_none_or(|it| it.distribution == Distribution::Library)
    };
    let stem = own.path.file_stem().unwrap_or_default();
    let others = project.files.iter().filter(|it| {
        it.kind.is_python()
            && it.path != own.path
            && it.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
    });
    let mut some = false;
    for other in others {
        let Some(source) = facts.source(other) else { return false };
        let text = source.text();
        let names = || {
            has_name(text, stem)
                && facts.python(&other.path).is_none_or(|it| names_module(&it, stem))
        };
        if WALKS.iter().any(|it| text.contains(it)) || names() {
            return false;
        }
        some |= text.contains(includes);
    }
    some && !is_published(own)
}

/// Whether a file imports a module by its last name, or holds a text that ends in it: `"shop.routes.feed"`.
fn names_module(file: &PythonFile, stem: &str) -> bool {
    let text = file.source.text();
    let imports = |it: &Import| {
        let module = it.module.of_text(text);
        it.name.of_text(text) == stem || module.split('.').any(|part| part == stem)
    };
    let mut literals = file.outline.strings.iter().map(|it| it.content().of_text(text));
    file.outline.imports.iter().any(imports)
        || literals
            .any(|it| it.contains('.') && last_part(it.split(':').next().unwrap_or(it)) == stem)
}
