//! See `readiness-checks-nothing.toml`. Knows routes by their paths and names, and what a constant answer is made of; not what
//! a function that is called looks at: that may be anything.

use std::sync::LazyLock;

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Definition, Keyword, Span};
use roadworthy_project::facts::dependencies::Group;
use serde::Deserialize;

use crate::shared::code::blocks;
use crate::shared::code::names::names_in;
use crate::shared::code::words::last_part;
use crate::shared::frameworks::entry_points::{self, EntryPoint};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let functions = file.outline.definitions.iter().filter(|it| it.is_function());
    let routes: Vec<_> = functions
        .filter(|function| entry_points::entry_point(file, function) == Some(EntryPoint::Route))
        .filter_map(|function| Some((function, asks_for_readiness(file, function)?)))
        .collect();
    if routes.is_empty() {
        return;
    }
    let Some(needed) = needed(file) else { return };
    for (function, at) in routes {
        out.judged();
        if is_constant(file, function) {
            let route = file.slice(at).trim_matches(['"', '\'']);
            let message = format!("`{route}` says yes whether or not `{needed}` finds its service");
            out.report(Report::at(at).message(message));
        }
    }
}

/// Where a route says that it is about readiness: its path, or the name of a function that has no path beside it.
fn asks_for_readiness(file: &FileContext<'_>, function: &Definition) -> Option<Span> {
    let strings = &file.outline.strings;
    let mut has_path = false;
    for &decorator in file.outline.decorators(function) {
        let first = strings.partition_point(|it| it.span.start < decorator.start);
        let Some(path) = strings[first..].first().filter(|it| it.span.end <= decorator.end) else {
            continue;
        };
        has_path = true;
        let name = file.slice(decorator).split('(').next().unwrap_or_default();
        let text = file.slice(path.content());
        let of_one = text.contains(['{', '<']);
        let sends = matches!(last_part(name), "post" | "put" | "patch" | "delete" | "websocket");
        if !of_one && !sends && says_ready(text.trim_end_matches('/').rsplit('/').next()?) {
            return Some(path.span);
        }
    }
    (!has_path && says_ready(file.slice(function.name))).then_some(function.name)
}

/// Whether a part of a path, or a name, is a word for readiness.
fn says_ready(name: &str) -> bool {
    const WORDS: [&str; 12] = [
        "ready",
        "readyz",
        "readiness",
        "readinessz",
        "isready",
        "readycheck",
        "checkready",
        "readinesscheck",
        "checkreadiness",
        "readinessprobe",
        "healthready",
        "healthreadiness",
    ];
    let word: String = name.chars().filter(|it| it.is_alphanumeric()).collect();
    WORDS.iter().any(|it| word.eq_ignore_ascii_case(it))
}

/// Whether a handler can give one answer only: nothing but a `return`, nothing handed in that may have looked, and nothing in
/// the answer but constants and what makes a response of them.
fn is_constant(file: &FileContext<'_>, function: &Definition) -> bool {
    let mut decorators = file.outline.decorators(function).iter();
    if !decorators.all(|&it| only_registers(file, it)) {
        return false;
    }
    let mut parameters = file.outline.signature(function).parameters.iter();
    if !parameters.all(|it| is_plain(file.slice(it.name)) && it.default.is_none()) {
        return false;
    }
    let mut answers = 0;
    for line in blocks::own_lines(file, function) {
        match line.keyword {
            Keyword::Return => answers += 1,
            Keyword::Pass => continue,
            // A docstring.
            Keyword::Other if file.slice(line.span).starts_with(['"', '\'']) => continue,
            _ => return false,
        }
        let value = Span::new(line.span.start + "return".len() as u32, line.span.end);
        if file.slice(value).contains("await ")
            || !names_in(file, value, |_| true).iter().all(|it| is_fixed(it.name, it.called))
        {
            return false;
        }
    }
    answers == 1
}

/// Whether a decorator registers a route, or says something that does not depend on what is there.
fn only_registers(file: &FileContext<'_>, decorator: Span) -> bool {
    const REGISTERING: [&str; 25] = [
        "api_route",
        "api_view",
        "authentication_classes",
        "csrf_exempt",
        "delete",
        "exempt",
        "extend_schema",
        "get",
        "head",
        "http",
        "login_exempt",
        "never_cache",
        "options",
        "permission_classes",
        "post",
        "public",
        "require_GET",
        "require_http_methods",
        "require_safe",
        "route",
        "staticmethod",
        "swagger_auto_schema",
        "tags",
        "throttle_classes",
        "view_config",
    ];
    let text = file.slice(decorator);
    let name = text.split('(').next().unwrap_or_default().trim();
    REGISTERING.contains(&last_part(name))
        && !text.contains("Depends")
        && !text.contains("Security")
}

fn is_plain(parameter: &str) -> bool {
    let name = parameter.trim_start_matches(['_', '*']);
    matches!(name, "" | "self" | "request" | "req" | "response" | "args" | "kwargs")
}

/// Whether a name in an answer says nothing of what is there: a constant, a setting, the time, what makes the response.
fn is_fixed(name: &str, called: bool) -> bool {
    let root = name.split('.').next().unwrap_or_default();
    let last = last_part(name);
    let is_constant = last.chars().all(|it| !it.is_lowercase());
    if called {
        const RESPONDERS: [&str; 9] = [
            "dict",
            "int",
            "json",
            "json_response",
            "jsonify",
            "make_response",
            "str",
            "success_response",
            "text",
        ];
        let makes = last.starts_with(|it: char| it.is_ascii_uppercase()) && !is_constant;
        return makes || RESPONDERS.contains(&last) || matches!(root, "datetime" | "time");
    }
    is_constant || matches!(root, "settings" | "config" | "status" | "HTTPStatus" | "timezone")
}

/// A service that the component cannot do without: a distribution that it declares, or that the file imports.
fn needed(file: &FileContext<'_>) -> Option<String> {
    let imported = |it: &&String| file.names().imports_module(&it.replace('-', "_"));
    let services = || SERVICES.databases.iter().chain(&SERVICES.brokers);
    if let Some(name) = services().find(imported) {
        return Some(name.clone());
    }
    let (facts, known) = file.in_facts()?;
    let component = facts.dependencies().components.get(known.component)?;
    let mut declared = component.declared().filter(|it| it.group == Group::Main);
    let found = declared.find(|it| services().any(|service| *service == it.name))?;
    Some(found.name.clone())
}

/// `readiness_checks_nothing/services.toml`.
#[derive(Deserialize)]
struct Services {
    databases: Vec<String>,
    brokers: Vec<String>,
}

static SERVICES: LazyLock<Services> = LazyLock::new(|| {
    toml::from_str(include_str!("readiness_checks_nothing/services.toml"))
        .expect("the examples read the table")
});
