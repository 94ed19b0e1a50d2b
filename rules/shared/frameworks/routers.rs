//! Routers that no application includes: their routes answer nobody. Knows the words of `FastAPI` and `Flask` and what other files
//! take out of a module; not what is put together at run time.

use roadworthy_engine::FileContext;
use roadworthy_project::{Distribution, Facts, File, Role};

use crate::shared::code::text::is_of_name;

/// What makes a router, and what includes one.
const KINDS: [(&str, &str); 2] =
    [("= APIRouter(", "include_router("), ("= Blueprint(", "register_blueprint(")];

/// Whether a module makes a router, others of the project are included, and nothing takes what this module defines, nor may load
/// it by a name of its own. Reads the files of the project once, so it is asked for last.
pub(crate) fn is_idle(file: &FileContext<'_>) -> bool {
    let text = file.source.text();
    let kind = KINDS.iter().find(|(makes, _)| text.contains(makes));
    let Some((facts, known)) = file.in_facts() else { return false };
    kind.is_some_and(|(makes, includes)| {
        !text.contains(includes)
            && facts.answer(known.component, format!("nothing includes {}", known.path), || {
                !is_published(facts, known)
                    && !is_taken(file, makes)
                    && includes_some(facts, known, includes)
            })
    })
}

fn is_published(facts: &Facts<'_>, own: &File) -> bool {
    let component = facts.project().components.get(own.component);
    component.is_none_or(|it| it.distribution == Distribution::Library)
}

/// Whether another file takes a router of a module, or one of its functions and classes, which then runs.
fn is_taken(file: &FileContext<'_>, makes: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    let text = file.source.text();
    let routers = text.match_indices(makes).filter_map(|(at, _)| {
        // `router: APIRouter = APIRouter()`
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        let name = line.split([':', '=']).next().unwrap_or_default().trim();
        Some(name).filter(|it| !it.is_empty() && it.chars().all(is_of_name))
    });
    let at_top = file.outline.definitions.iter().filter(|it| it.parent.is_none());
    let taken = facts.taken();
    taken.may_be_loaded(known)
        || routers.chain(at_top.map(|it| file.slice(it.name))).any(|name| taken.holds(known, name))
}

/// Whether the project includes routers at all.
fn includes_some(facts: &Facts<'_>, own: &File, includes: &str) -> bool {
    let project = facts.project();
    let is_test = |it: &File| it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
    let is_done = |line: &str| line.contains(includes) && !line.trim_start().starts_with('#');
    facts.answer(own.component, format!("something calls {includes}"), || {
        let mut others = project.files.iter().filter(|it| it.kind.is_python() && !is_test(it));
        others.any(|it| {
            facts
                .source(it)
                .is_some_and(|it| it.text().contains(includes) && it.text().lines().any(is_done))
        })
    })
}
