//! Views that answer nobody: classes that no list of addresses and no router names, and methods of view sets that routers put others
//! in the place of. Knows the words of Django, its REST framework and Flask; not what is put together at run time.

use roadworthy_engine::FileContext;
use roadworthy_parser::Definition;

use crate::shared::code::named::tells_all;
use crate::shared::code::text::{has_name, places_of};
use crate::shared::code::unused::is_class_named_nowhere;
use crate::shared::code::words::last_part;

/// The ends of bases whose classes answer under the addresses that something gives them.
const BASES: [&str; 5] = ["APIView", "MethodView", "View", "ViewSet", "HTTPEndpoint"];

/// What gives views an address.
const LISTS: [&str; 5] = ["urlpatterns", "add_url_rule", "add_resource", "register", "add_route"];

/// Decorators that change a view, and give it no address.
const CHANGES: [&str; 8] = [
    "csrf_exempt",
    "extend_schema",
    "extend_schema_view",
    "login_required",
    "method_decorator",
    "never_cache",
    "permission_classes",
    "staff_member_required",
];

/// The methods that are called by the names of those of HTTP.
const METHODS: [&str; 5] = ["delete", "get", "patch", "post", "put"];

/// Whether an offset lies in a view that nothing gives an address, or in a method of a view set that a router never calls. Reads
/// the files of the project that name the class, so it is asked for last.
pub(crate) fn is_idle(file: &FileContext<'_>, offset: u32) -> bool {
    let class = file.outline.enclosing(offset).filter(|it| it.is_class()).last();
    let Some(class) = class.filter(|it| it.parent.is_none()) else { return false };
    let bases = file.outline.arguments(class);
    let base = |end: &str| bases.iter().any(|it| last_part(file.slice(it.value)).ends_with(end));
    let is_view = BASES.iter().any(|it| base(it)) && bases.iter().all(|it| it.keyword.is_none());
    is_view
        && (base("ModelViewSet") && is_replaced(file, class, offset) || is_addressless(file, class))
}

fn is_addressless(file: &FileContext<'_>, class: &Definition) -> bool {
    let is_plain = file.outline.decorators(class).iter().all(|it| {
        let name = file.slice(*it).split('(').next().unwrap_or_default();
        CHANGES.contains(&last_part(name))
    });
    is_plain
        && tells_all(file)
        && file.in_facts().is_some_and(|(facts, known)| {
            LISTS.iter().any(|it| facts.mentions().of(it) > 0)
                && !facts.taken().may_be_loaded(known)
        })
        && is_class_named_nowhere(file, class)
}

/// Whether an offset lies in a method of a view set in the place of which a router puts one of its own:
/// `def patch` is replaced by `partial_update`
/// (<https://github.com/encode/django-rest-framework/blob/3.15.2/rest_framework/viewsets.py>, `as_view`).
fn is_replaced(file: &FileContext<'_>, class: &Definition, offset: u32) -> bool {
    let mut around = file.outline.enclosing(offset).filter(|it| it.is_function());
    let method = around
        .find(|it| it.parent.is_some_and(|id| file.outline.definition(id).name == class.name));
    let Some(method) = method.filter(|it| METHODS.contains(&file.slice(it.name))) else {
        return false;
    };
    let name = file.slice(method.name);
    let text = file.source.text();
    let is_called = places_of(text, name).any(|at| {
        let before = &text[..at];
        before.ends_with("self.") || before.ends_with("super().")
    });
    // Of each address a router binds the methods that have an action there; the rest stays what the class says.
    let has_key = file.outline.signature(method).parameters.len() > 2;
    let has_action = match name {
        "get" => true,
        "post" => !has_key,
        _ => has_key,
    };
    has_action && !is_called && is_bound_by_routers_alone(file, file.slice(class.name))
}

/// Whether something of the project names a class, and nothing makes a view of it by its own list of methods.
fn is_bound_by_routers_alone(file: &FileContext<'_>, class: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    facts.answer(known.component, format!("routers alone bind {class}"), || {
        let own = format!("{class}.as_view");
        let mut files = facts.project().files.iter().filter(|it| it.kind.is_python());
        !files.any(|it| facts.source(it).is_some_and(|it| has_name(it.text(), &own)))
    })
}
