//! See `untyped-endpoint.toml`. Knows signatures, decorators and the words of queries; not what functions of the project
//! return.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, LogicalLine, Span};

use crate::shared::code::names::names_in;
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{blocks, calls};
use crate::shared::frameworks::entry_points::{self, EntryPoint};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let has = |module: &str| file.names().imports_module(module);
    if has("fastapi") {
        let functions = file.outline.definitions.iter().filter(|it| it.is_function());
        for function in functions {
            if let Some(route) = route(file, function) {
                out.judged();
                input(file, function, route, out);
                output(file, function, route, out);
            }
        }
    }
    if has("flask") {
        of_flask(file, out);
    }
}

/// The decorator that makes a function an endpoint of `FastAPI`.
fn route<'a>(file: &FileContext<'a>, function: &Definition) -> Option<&'a str> {
    const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "api_route"];
    let decorators = file.outline.decorators(function).iter();
    let found = decorators.map(|&it| (it, file.slice(it))).find(|(at, text)| {
        let Some((name, _)) = text.split_once('(') else { return false };
        let Some((object, method)) = name.rsplit_once('.') else { return false };
        let origin = file.origin(object, at.start);
        let of_other = origin.is_some_and(|it| !it.starts_with("fastapi") && !it.starts_with('.'));
        METHODS.contains(&method) && !of_other
    });
    let is_route = || entry_points::entry_point(file, function) == Some(EntryPoint::Route);
    found.map(|(_, text)| text).filter(|_| is_route())
}

/// A body that may hold anything.
fn input(file: &FileContext<'_>, function: &Definition, route: &str, out: &mut Reporter<'_>) {
    let name = file.slice(function.name);
    if !file.pedantic() && takes_anything_by_purpose(file, name, route) {
        return;
    }
    for parameter in file.outline.signature(function).parameters {
        let Some(annotation) = parameter.annotation else { continue };
        let is_injected = parameter.default.is_some_and(|default| {
            let text = file.slice(default);
            text.contains('(') && !text.starts_with("Body(") && !text.starts_with("fastapi.Body(")
        });
        if is_mapping(file.slice(annotation)) && !is_injected {
            let shown = file.slice(parameter.name);
            let message = format!("`{name}` takes any mapping as `{shown}`");
            let span = Span::new(parameter.name.start, annotation.end);
            out.report(Report::at(span).message(message));
        }
    }
    if !file.pedantic() && is_validated(file.slice(function.span)) {
        return;
    }
    for call in calls_in(file, function.body) {
        let request = file.slice(call.name).strip_suffix(".json");
        let of_parameter = request.is_some_and(|request| {
            let mut parameters = file.outline.signature(function).parameters.iter();
            parameters.any(|it| {
                let annotation = it.annotation.map_or("", |annotation| file.slice(annotation));
                file.slice(it.name) == request && last_part(annotation) == "Request"
            })
        });
        if of_parameter && call.awaited {
            let message = format!("`{name}` reads raw JSON: nothing says what it may hold");
            out.report(Report::at(calls::span(call)).message(message));
        }
    }
}

fn is_mapping(annotation: &str) -> bool {
    let text = annotation.trim();
    let text = text.strip_prefix("Optional[").unwrap_or(text);
    let name = text.split(['[', ']', '|']).next().unwrap_or_default().trim();
    matches!(last_part(name), "dict" | "Dict" | "Mapping" | "Any")
        && !text.contains("Depends")
        && (name != "Any" || text == "Any")
}

/// Whether an endpoint is there for what others send as they like.
fn takes_anything_by_purpose(file: &FileContext<'_>, name: &str, route: &str) -> bool {
    const PURPOSES: [&str; 15] = [
        "callback",
        "callbacks",
        "completions",
        "echo",
        "events",
        "forward",
        "graphql",
        "hook",
        "hooks",
        "mcp",
        "proxy",
        "rpc",
        "webhook",
        "webhooks",
        "jsonrpc",
    ];
    // A standard says what the bodies of SCIM hold; tests from end to end send what they like.
    if words(file.path_inside())
        .iter()
        .any(|it| matches!(it.as_str(), "webhook" | "webhooks" | "scim" | "e2e"))
    {
        return true;
    }
    let path = route.split(['"', '\'']).nth(1).unwrap_or_default();
    words(name).iter().chain(&words(path)).any(|word| PURPOSES.contains(&word.as_str()))
}

/// Whether a function validates what it reads, or a signature covers it.
fn is_validated(text: &str) -> bool {
    const SIGNS: [&str; 13] = [
        "pubsub",
        "model_validate",
        "parse_obj",
        "TypeAdapter",
        "validate(",
        "(**",
        "hmac",
        "signature",
        "Schema(",
        ".load(",
        "from_dict(",
        "validator",
        "handle_update",
    ];
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// What goes out without a model.
fn output(file: &FileContext<'_>, function: &Definition, route: &str, out: &mut Reporter<'_>) {
    let described = function.returns.is_some()
        || ["response_model", "response_class", "204", "include_in_schema=False"]
            .iter()
            .any(|it| route.contains(it));
    if described {
        return;
    }
    let returns = blocks::own_lines(file, function).filter(|line| line.keyword == Keyword::Return);
    let mut told = false;
    for line in returns {
        let text = file.slice(line.span);
        let value = text["return".len()..].trim();
        let report = Report::at(line.span);
        if is_query(value) || is_bound_to_query(file, value, line) {
            let message = "rows go out with all their columns: no response model".to_owned();
            out.report(report.message(message));
        } else if !told && is_undescribed(file, function, line, value) {
            told = true;
            let name = file.slice(function.name);
            let message = format!("nothing describes what `{name}` returns of a row");
            out.report(report.message(message).severity(Severity::Info));
        }
    }
}

/// Whether an expression gives rows as the mapper made them.
fn is_query(value: &str) -> bool {
    let begins =
        [".query(", ".scalars(", ".exec(", ".execute("].iter().any(|it| value.contains(it));
    let ends = [
        ".first()",
        ".all()",
        ".one()",
        ".one_or_none()",
        ".scalar_one_or_none()",
        ".scalar_one()",
    ];
    begins && !value.starts_with(['{', '[']) && ends.iter().any(|it| value.ends_with(it))
}

fn is_bound_to_query(file: &FileContext<'_>, name: &str, line: &LogicalLine) -> bool {
    let bindings = file.values().bindings(name).iter();
    let mut own = bindings.filter(|it| it.scope == line.scope && it.at < line.span.start);
    let value = own.next_back().and_then(|it| it.value);
    value.is_some_and(|value| is_query(file.slice(value)) && selects_rows(file.slice(value)))
}

/// Whether a query is for a whole table's rows: of single columns nothing unforeseen comes.
fn selects_rows(value: &str) -> bool {
    let inner = value.split_once(".query(").map(|(_, rest)| rest.split(')').next());
    inner.flatten().is_none_or(|it| !it.contains('.') && !it.contains(','))
}

/// Whether a mapping of three or more attributes of one object is returned.
fn is_undescribed(
    file: &FileContext<'_>,
    function: &Definition,
    line: &LogicalLine,
    value: &str,
) -> bool {
    const PLAIN: [&str; 8] =
        ["health", "healthcheck", "healthz", "ping", "root", "status", "version", "index"];
    let name = file.slice(function.name);
    if !value.starts_with(['{', '[']) || words(name).iter().any(|it| PLAIN.contains(&it.as_str())) {
        return false;
    }
    let range = Span::new(line.span.end - value.len() as u32, line.span.end);
    let used = names_in(file, range, |_| true);
    let is_read = |object: &str| is_row(file, line, object);
    let of_objects = used.iter().filter(|it| !it.called).filter_map(|it| it.name.split_once('.'));
    let objects: Vec<&str> = of_objects.map(|(object, _)| object).collect();
    objects
        .iter()
        .any(|object| objects.iter().filter(|it| *it == object).count() >= 3 && is_read(object))
}

/// Whether a name stands for a row that the function reads, or runs through several.
fn is_row(file: &FileContext<'_>, line: &LogicalLine, name: &str) -> bool {
    const READS: [&str; 7] =
        [".query(", ".scalar", ".execute(", "select(", ".objects.", "session.get(", "db.get("];
    let value_of = |name: &str| {
        let bindings = file.values().bindings(name).iter();
        let mut own = bindings.filter(|it| it.scope == line.scope && it.at < line.span.start);
        own.next_back().and_then(|it| it.value).map(|it| file.slice(it))
    };
    let reads = |text: &str| READS.iter().any(|it| text.contains(it));
    if let Some(value) = value_of(name) {
        return reads(value);
    }
    let text = file.slice(line.span);
    let Some((_, over)) = text.split_once(&format!(" for {name} in ")) else { return false };
    let length = over.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
    reads(over) || value_of(&over[..length]).is_some_and(reads)
}

/// `request.get_json()` in a route that validates nothing.
fn of_flask(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        if last_part(file.slice(call.name)) != "get_json" {
            continue;
        }
        let called = calls::callee(file, call);
        let Some(function) = file.function_at(call.name.start) else { continue };
        let text = file.slice(function.span);
        let of_request = called.as_deref() == Some("flask.request.get_json");
        let quiet = || {
            is_validated(text)
                || has_schema(file, function)
                || !is_taken_on_trust(file, call, text)
                || takes_anything_by_purpose(file, file.slice(function.name), "")
        };
        let is_route = || entry_points::entry_point(file, function) == Some(EntryPoint::Route);
        out.judged_if(|| of_request && is_route());
        if of_request && is_route() && (file.pedantic() || !quiet()) {
            let name = file.slice(function.name);
            let message =
                format!("`{name}` takes raw JSON on trust: nothing says what it may hold");
            out.report(Report::at(calls::span(call)).message(message).severity(Severity::Info));
        }
    }
}

/// Whether a decorator checks the body.
fn has_schema(file: &FileContext<'_>, function: &Definition) -> bool {
    const CHECKS: [&str; 9] = [
        "arguments",
        "args",
        "expect",
        "kwargs",
        "parameters",
        "schema",
        "spec",
        "validate",
        "validator",
    ];
    let mut decorators = file.outline.decorators(function).iter();
    decorators.any(|&it| {
        let name = file.slice(it).split('(').next().unwrap_or_default();
        words(last_part(name)).iter().any(|word| CHECKS.contains(&word.as_str()))
    })
}

/// Whether a body is used as if it held what it should: a missing key is an error, or an unknown one goes on.
fn is_taken_on_trust(file: &FileContext<'_>, call: &Call, function: &str) -> bool {
    let text = file.source.text();
    if text[call.arguments.end as usize..].starts_with('[') {
        return true;
    }
    let Some(line) = file.outline.line_at(call.name.start) else { return false };
    let before = &text[line.span.start as usize..call.name.start as usize];
    let name = before.trim_end().trim_end_matches('=').trim();
    let is_name =
        !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    let holds = |text: String| function.contains(&text);
    let checked = ["check", "validate", "verify", "parse"].iter().any(|it| {
        function.lines().any(|line| {
            line.split_once('(').is_some_and(|(before, behind)| {
                before.contains(it) && behind.split([',', ')']).any(|one| one.trim() == name)
            })
        })
    });
    is_name
        && !checked
        && ((holds(format!("{name}[\"")) || holds(format!("{name}['")))
            && !holds(format!(" in {name}"))
            || holds(format!("**{name}")))
}

fn calls_in<'o>(file: &FileContext<'o>, range: Span) -> impl Iterator<Item = &'o Call> {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|call| call.name.start < range.start);
    calls[first..].iter().take_while(move |call| call.name.start < range.end)
}
