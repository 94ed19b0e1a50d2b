//! Views that answer nobody: classes that no list of addresses and no router names, and methods of view sets that routers do not
//! know, or put others in the place of. Knows the words of Django, its REST framework and Flask; not what is put together at run time.

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
    // A router binds those actions alone that the class has: one of its own may have others, and one that only reads has few.
    let has_all_actions = bases.iter().any(|it| last_part(file.slice(it.value)) == "ModelViewSet");
    let is_view = BASES.iter().any(|it| base(it)) && bases.iter().all(|it| it.keyword.is_none());
    is_view
        && (is_unrouted(file, class, offset)
            || has_all_actions && is_replaced(file, class, offset)
            || is_addressless(file, class))
}

/// Whether an offset lies in a method of a view set that takes a request, as an action does, and is neither marked as one nor called,
/// by a text either: routers know the actions by their marks
/// (<https://www.django-rest-framework.org/api-guide/viewsets/#marking-extra-actions-for-routing>).
fn is_unrouted(file: &FileContext<'_>, class: &Definition, offset: u32) -> bool {
    const HOOKS: [&str; 8] =
        ["check_", "finalize_", "get_", "handle_", "http_", "initial", "perform_", "permission_"];
    const ACTIONS: [&str; 12] = [
        "create",
        "delete",
        "destroy",
        "dispatch",
        "head",
        "list",
        "options",
        "patch",
        "post",
        "put",
        "retrieve",
        "throttled",
    ];
    let bases = file.outline.arguments(class);
    let is_plain_base = |it: &str| {
        it.ends_with("ModelMixin")
            || matches!(it, "GenericViewSet" | "ModelViewSet" | "ReadOnlyModelViewSet" | "ViewSet")
    };
    if !bases.iter().all(|it| is_plain_base(last_part(file.slice(it.value)))) {
        return false;
    }
    let mut around = file.outline.enclosing(offset).filter(|it| it.is_function());
    let method = around
        .find(|it| it.parent.is_some_and(|id| file.outline.definition(id).name == class.name));
    let Some(method) = method else { return false };
    let name = file.slice(method.name);
    let takes_request = || {
        let signature = file.outline.signature(method);
        signature.parameters.get(1).is_some_and(|it| file.slice(it.name) == "request")
    };
    let is_plain = || {
        file.outline.decorators(method).iter().all(|it| {
            let name = last_part(file.slice(*it).split('(').next().unwrap_or_default());
            name == "api_view" || CHANGES.contains(&name)
        })
    };
    let is_known = || {
        ACTIONS.contains(&name)
            || matches!(name, "update" | "partial_update" | "as_view" | "reverse_action")
            || HOOKS.iter().any(|it| name.starts_with(it))
    };
    !name.starts_with('_')
        && takes_request()
        && is_plain()
        && !is_known()
        && tells_all(file)
        && !is_asked_for(file, file.slice(class.name), name)
}

/// Whether a file that names a class calls a method of the given name, or names it for a method of HTTP: `{"post": "contact"}`.
fn is_asked_for(file: &FileContext<'_>, class: &str, name: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    facts.answer(known.component, format!("something asks {class} for {name}"), || {
        let mut files = facts.project().files.iter().chain(&facts.project().unasked);
        files.any(|it| {
            it.kind.is_python()
                && facts.source(it).is_some_and(|it| {
                    let text = it.text();
                    let names = |at: usize| {
                        let quoted = text[..at].strip_suffix(['"', '\'']);
                        let before = quoted.map_or("", |it| it.trim_end());
                        text[..at].ends_with('.')
                            || before.ends_with(':')
                            || before.rsplit('\n').next().is_some_and(|it| it.contains("getattr("))
                    };
                    has_name(text, class) && places_of(text, name).any(names)
                })
        })
    })
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

/// Whether nothing of the project makes a view of a class by a list of methods of its own, so that routers bind it, if anything.
fn is_bound_by_routers_alone(file: &FileContext<'_>, class: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    facts.answer(known.component, format!("routers alone bind {class}"), || {
        let own = format!("{class}.as_view");
        let project = facts.project();
        let mut files =
            project.files.iter().chain(&project.unasked).filter(|it| it.kind.is_python());
        !files.any(|it| facts.source(it).is_some_and(|it| has_name(it.text(), &own)))
    })
}
