//! Whether a module works for a web application that serves many from one loop, and coroutines that nobody waits behind.
//! Knows imports of the project and names of frameworks, no calls that block.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, ImportKind};
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::{Facts, File, Role};
use rustc_hash::FxHashSet;

use crate::shared::code::words::words;

/// What makes the application in the module that a server loads.
const APPLICATIONS: [&str; 6] =
    ["FastAPI(", "Litestar(", "Quart(", "Sanic(", "Starlette(", "web.Application("];

/// Whether an asynchronous web application of the component imports a module, be it through others.
pub(super) fn is_reached(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let is_service =
        facts.profiles().get(known.component).is_some_and(|it| it.is(Profile::Service));
    is_service && file.outline.main_guards.is_empty() && is_imported(file, &[Role::Application])
}

/// Whether an asynchronous web application, be it one of a program that is no service otherwise, imports a module.
pub(super) fn is_imported_by_application(file: &FileContext<'_>) -> bool {
    is_imported(file, &[Role::Application, Role::Cli, Role::Library])
}

/// Whether a module of some roles that makes an asynchronous web application imports a module, be it through others.
fn is_imported(file: &FileContext<'_>, roles: &[Role]) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    let makes_application = |it: &File| {
        facts.source(it).is_some_and(|it| APPLICATIONS.iter().any(|made| it.text().contains(made)))
    };
    let is_entry = |it: &File| {
        it.kind.is_python()
            && it.component == known.component
            && it.path_role.as_ref().is_none_or(|it| roles.contains(&it.role))
            && makes_application(it)
    };
    let mut open: Vec<usize> =
        (0..project.files.len()).filter(|&index| is_entry(&project.files[index])).collect();
    let mut seen: FxHashSet<usize> = open.iter().copied().collect();
    while let Some(index) = open.pop() {
        let from = &project.files[index];
        if from.path == known.path {
            return true;
        }
        open.extend(imported(facts, from).into_iter().filter(|it| seen.insert(*it)));
    }
    false
}

/// The files of the project that one imports.
fn imported(facts: &Facts<'_>, from: &File) -> Vec<usize> {
    let Some(python) = facts.python(&from.path) else { return Vec::new() };
    let is_package = from.path.file_stem() == Some("__init__");
    let mut found = Vec::new();
    for import in &python.outline.imports {
        let written = python.source.slice(import.module).trim_start_matches('.');
        let mut base = if import.level == 0 { "" } else { from.module.as_str() };
        for _ in usize::from(is_package)..import.level as usize {
            base = base.rsplit_once('.').map_or("", |(package, _)| package);
        }
        let module = match (base.is_empty(), written.is_empty()) {
            (true, _) => written.to_owned(),
            (false, true) => base.to_owned(),
            (false, false) => format!("{base}.{written}"),
        };
        found.extend(facts.modules().of_name(&module));
        if import.kind == ImportKind::From {
            let name = format!("{module}.{}", python.source.slice(import.name));
            found.extend(facts.modules().of_name(&name));
        }
    }
    found
}

/// Whether a coroutine inside a function is only handed to a call, which may run it on a loop of its own.
pub(super) fn is_handed_over(file: &FileContext<'_>, function: &Definition) -> bool {
    let outer = function.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_function());
    let Some(outer) = outer.filter(|_| file.outline.decorators(function).is_empty()) else {
        return false;
    };
    let called = format!("{}(", file.slice(function.name));
    let code = file.slice(outer.body).lines().filter(|it| !it.trim_start().starts_with('#'));
    code.map(|it| it.matches(&called).count()).sum::<usize>() == 1
}

/// Whether a coroutine only tells whether the program is well, begins it anew, or runs for those who develop it.
pub(super) fn is_for_few(file: &FileContext<'_>, function: &Definition) -> bool {
    const PROBES: [&str; 9] = [
        "health",
        "healthcheck",
        "healthz",
        "liveness",
        "probe",
        "readiness",
        "ready",
        "restart",
        "shutdown",
    ];
    let says_probe = |name: &str| words(name).iter().any(|it| PROBES.contains(&it.as_str()));
    let is_probe = says_probe(file.slice(function.name))
        || says_probe(file.file.path.file_stem().unwrap_or_default());
    // Somebody looks whether another machine is there, and goes on.
    let name = words(file.slice(function.name));
    let says = |known: &[&str]| name.iter().any(|it| known.contains(&it.as_str()));
    let is_probe = is_probe
        || says(&["ping"])
        || says(&["connection", "connectivity"]) && says(&["check", "test", "validate", "verify"]);
    let is_checked = file.outline.definitions.iter().any(|it| file.slice(it.name) == "cog_check");
    let mut decorators = file.outline.decorators(function).iter();
    is_probe || is_checked || decorators.any(|it| file.slice(*it).contains("is_owner"))
}

/// Whether a coroutine is what a middleware does with each request, or is awaited there by the same class.
pub(super) fn is_in_middleware(file: &FileContext<'_>, function: &Definition) -> bool {
    let class = function.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
    let Some(class) = class else { return false };
    let is_middleware = file
        .outline
        .arguments(class)
        .iter()
        .any(|it| it.keyword.is_none() && file.slice(it.value).ends_with("HTTPMiddleware"));
    if !is_middleware {
        return false;
    }
    let name = file.slice(function.name);
    let awaited = format!("await self.{name}(");
    let mut dispatches = file
        .outline
        .definitions
        .iter()
        .filter(|it| class.span.contains(it.span.start) && file.slice(it.name) == "dispatch");
    name == "dispatch" || dispatches.any(|it| file.slice(it.body).contains(&awaited))
}
