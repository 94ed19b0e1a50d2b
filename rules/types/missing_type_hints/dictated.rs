//! Who decides what a function takes: a framework that calls it by its name or hands in what only it has, a class that it
//! extends, an application that it sets up. Knows names and signatures, not what is missing in them.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Parameter, ParameterKind, Span};

use super::inherited::OF_DATA;
use super::{NEUTRAL_DECORATORS, body, decorator_names, has_decorator, is_static, python_2};
use crate::shared::code::classes::{Classes, Heritage};
use crate::shared::code::text::places_of;
use crate::shared::code::words::words;

/// Parameters that only frameworks hand in: whoever takes one did not choose the signature.
pub(super) const DICTATED_PARAMETERS: [&str; 27] = [
    "admin_site",
    "attrs",
    "call_next",
    "close_code",
    "context",
    "ctx",
    "dialect",
    "environ",
    "event",
    "form",
    "frame",
    "get_response",
    "info",
    "instance",
    "interaction",
    "mapper",
    "modeladmin",
    "obj",
    "req",
    "request",
    "schema_editor",
    "scope",
    "sender",
    "signum",
    "start_response",
    "userdata",
    "validated_data",
];

/// Functions that a tool calls by their name.
const HOOKS: [&str; 23] = [
    "application",
    "build_editable",
    "build_sdist",
    "build_wheel",
    "create_module",
    "downgrade",
    "exec_module",
    "formatException",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "get_response",
    "handler",
    "includeme",
    "init_app",
    "lambda_handler",
    "main",
    "on_exit",
    "post_fork",
    "retranslateUi",
    "setup",
    "setupUi",
    "upgrade",
];

/// Beginnings of names that a tool calls methods or functions by.
const HOOK_PREFIXES: [&str; 8] =
    ["pytest_", "visit_", "depart_", "do_", "validate_", "clean_", "process_", "on_"];

/// Methods of pipelines and middlewares of Scrapy, which take the spider at last.
const OF_SCRAPY: [&str; 10] = [
    "close_spider",
    "open_spider",
    "process_exception",
    "process_item",
    "process_request",
    "process_response",
    "process_spider_exception",
    "process_spider_input",
    "process_spider_output",
    "process_start_requests",
];

/// Methods that a web framework calls by the name of the request.
const REQUEST_METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// Whether a file makes data for tests, or is a copy of another project's file: nobody here is to annotate it.
pub(super) fn is_beside_the_product(file: &FileContext<'_>) -> bool {
    /// Where a file says whence it comes.
    const HEAD: usize = 1500;
    const OF_TESTS: [&str; 6] = ["factory", "faker", "headfake", "mimesis", "pytest", "unittest"];
    let makes_test_data = OF_TESTS.iter().any(|it| file.names().imports_module(it));
    let folder = file.path_inside().rsplit_once('/').map_or("", |it| it.0);
    let is_history = folder.split('/').any(|it| {
        matches!(it, "alembic" | "custom_libs" | "migrations" | "seed_data" | "third_party")
    });
    let text = file.source.text();
    // <https://mypy.readthedocs.io/en/stable/inline_config.html>
    let is_unchecked =
        |text: &str| matches!(text.trim(), "# type: ignore" | "# mypy: ignore-errors");
    let first = file.outline.lines.first();
    let begin = first.map_or(0, |it| it.span.start.min(HEAD as u32));
    let head = file.comments_in(Span::new(0, begin.max(1)));
    let names_origin = |text: &str| {
        text.contains("github.com/") && text.contains("/blob/")
            || text.contains("raw.githubusercontent.com/")
    };
    let documentation =
        first.map(|it| file.slice(it.span)).filter(|it| it.starts_with(['"', '\'']));
    let stem = file.file.path.file_stem().unwrap_or_default();
    // What measures programs, or shows how one might look, is none.
    let is_trial = words(file.path_inside()).iter().any(|it| {
        matches!(it.as_str(), "bench" | "benchmark" | "benchmarks" | "mockup" | "mockups")
    });
    let is_example = words(stem).iter().any(|it| {
        matches!(it.as_str(), "demo" | "example" | "examples" | "fake" | "fakes" | "mock" | "mocks")
    });
    // A description that says so, where dice are thrown.
    let says_made_up = |text: &str| {
        let said = text.to_ascii_lowercase();
        ["dummy data", "fake data", "sample data", "synthetic data"]
            .iter()
            .any(|it| said.contains(it))
    };
    let is_made_up = || {
        documentation.is_some_and(says_made_up)
            && ["numpy.random", "random", "secrets"]
                .iter()
                .any(|it| file.names().imports_module(it))
    };
    makes_test_data
        || is_made_up()
        || is_history
        || is_example
        || file.comments_in(Span::new(0, begin.max(1))).any(is_unchecked)
        || is_trial
        || !text.is_empty() && head.into_iter().any(names_origin)
        || documentation.is_some_and(names_origin)
        || python_2::is_of_python_2(file)
}

/// Whether somebody else decides what the function takes and returns.
pub(super) fn is_dictated(
    file: &FileContext<'_>,
    function: &Definition,
    class: Option<&Definition>,
    classes: &Classes<'_>,
) -> bool {
    let name = file.slice(function.name);
    let signature = file.outline.signature(function);
    let untyped = |parameter: &&Parameter| parameter.annotation.is_none();
    let own = &signature.parameters[usize::from(class.is_some() && !is_static(file, function))
        .min(signature.parameters.len())..];
    let typed_parameter = own.iter().any(|parameter| parameter.annotation.is_some());
    let typed_part = signature.returns.is_some() || typed_parameter;
    let is_dunder = name.starts_with("__") && name.ends_with("__");
    if is_dunder && !matches!(name, "__init__" | "__call__") {
        return true;
    }
    if decorator_names(file, function).any(|decorator| !NEUTRAL_DECORATORS.contains(&decorator)) {
        return true;
    }
    if has_type_comment(file, function) || is_put_off(file, function) || is_copy(file, function) {
        return true;
    }
    let is_complete = signature.returns.is_some() && own.iter().all(|it| it.annotation.is_some());
    if !is_complete && body::returns_inner(file, function) {
        return true;
    }
    // Who takes what he does not use was not asked; what replaces another one has its signature.
    let unused = |it: &Parameter| it.default.is_none() && file.slice(it.name).starts_with('_');
    if own.iter().any(unused) && !typed_part || says_override(file, function) {
        return true;
    }
    // A function with a `self` is put into a class of somebody else.
    if class.is_none() && own.first().is_some_and(|it| file.slice(it.name) == "self") {
        return true;
    }
    // What is left empty is kept for those that still call it; a protocol and an abstract method say what others fill in.
    let is_filled_in = class.is_some() || has_decorator(file, function, "abstractmethod");
    if !is_filled_in && body::is_empty(file, function) {
        return true;
    }
    let hands_on = |kind| own.iter().any(|parameter| parameter.kind == kind);
    let wraps = hands_on(ParameterKind::VarPositional) && hands_on(ParameterKind::VarKeyword);
    if wraps && (own.len() == 2 || own.len() == 3 && runs_with_all(file, function, own)) {
        return true;
    }
    // What a server runs around its life takes the application and yields once.
    if name == "lifespan" {
        return true;
    }
    let hook = HOOKS.contains(&name) || HOOK_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    let handed_in = own
        .iter()
        .take(3)
        .filter(untyped)
        .any(|parameter| DICTATED_PARAMETERS.contains(&file.slice(parameter.name)));
    let handed_in = handed_in || takes_configurator(file, function, own);
    if (hook || handed_in) && !typed_part {
        return true;
    }
    let is_handed_in = |it: &Parameter| DICTATED_PARAMETERS.contains(&file.slice(it.name));
    if !own.is_empty() && own.iter().all(is_handed_in) {
        return true;
    }
    // Operators of Airflow call what a file with a DAG defines.
    if !typed_part && file.names().imports_module("airflow") {
        return true;
    }
    if is_handed_over(file, function, own) && !typed_part {
        return true;
    }
    let Some(class) = class else { return false };
    if is_called_by_name(file, name, own) {
        return true;
    }
    // Estimators of scikit-learn are all called alike, and so is what stands between them.
    if matches!(name, "fit" | "fit_transform" | "predict" | "predict_proba" | "transform")
        && classes.heritage(file, class, name) == Heritage::Unknown
    {
        return true;
    }
    // What stands in for another class has that one's signatures.
    if ["Dummy", "Fake", "Mock", "Null", "Stub"]
        .iter()
        .any(|it| file.slice(class.name).starts_with(it))
    {
        return true;
    }
    if matches!(name, "emit" | "filter" | "format")
        && own.len() == 1
        && file.slice(own[0].name) == "record"
    {
        return true;
    }
    // What a framework hands in first, it calls by this name; a base that nobody sees may call all that are named so.
    let takes_request = own.first().is_some_and(|it| file.slice(it.name) == "request");
    let may_be_called = classes.heritage(file, class, name) == Heritage::Unknown;
    if may_be_called && name != "__init__" && extends_dependency(file, class) {
        return true;
    }
    if REQUEST_METHODS.contains(&name) || may_be_called && (hook || takes_request) {
        return true;
    }
    let inherited = format!("super().{name}(");
    if name != "__init__" && file.slice(function.body).contains(&inherited) {
        return true;
    }
    match classes.heritage(file, class, name) {
        Heritage::Own => false,
        Heritage::Overrides => true,
        // The author of a half annotated signature was free to annotate.
        Heritage::Unknown if name == "__init__" => !typed_parameter,
        Heritage::Unknown => !typed_part,
    }
}

/// Whether a function runs what it is given first with all else that it is given: that one says what all of it is.
fn runs_with_all(file: &FileContext<'_>, function: &Definition, own: &[Parameter]) -> bool {
    let is_all = |it: &&Parameter| it.kind == ParameterKind::VarPositional;
    let (Some(first), Some(all)) = (own.first(), own.iter().find(is_all)) else { return false };
    let call = format!("{}(*{}", file.slice(first.name), file.slice(all.name));
    file.slice(function.body).contains(&call)
}

/// Whether a function is one of many that are defined with the same name and the same parameters: who calls them, or made
/// them, says what they take. Not so where the project is too large for its words to be counted.
pub(super) fn is_one_of_many(file: &FileContext<'_>, function: &Definition) -> bool {
    const MANY: usize = 5;
    let signature = &file.source.text()[function.name.start as usize..];
    file.in_facts().is_some_and(|(facts, _)| facts.mentions().of_signature(signature) >= MANY)
}

/// Whether Scrapy, django-filter or Prometheus calls a method of any class by its name and what it takes.
fn is_called_by_name(file: &FileContext<'_>, name: &str, own: &[Parameter]) -> bool {
    // The settings name classes that extend nothing.
    let takes_spider = || own.last().is_some_and(|it| file.slice(it.name) == "spider");
    if name == "from_crawler" || OF_SCRAPY.contains(&name) && takes_spider() {
        return true;
    }
    // A filter hands rows to the method that it names, and what is registered at Prometheus is asked for its metrics.
    own.len() == 3 && file.slice(own[0].name) == "queryset"
        || name == "collect" && own.is_empty() && file.names().imports_module("prometheus_client")
}

/// Whether the parameters are those of what is handed over elsewhere: a step of the set-up, what looks at an answer before it
/// is sent or reads one that a spider got, a sub-command, a callback of a queue, an example.
fn is_handed_over(file: &FileContext<'_>, function: &Definition, own: &[Parameter]) -> bool {
    let name = file.slice(function.name);
    let named = |wanted: &str| own.iter().any(|it| file.slice(it.name) == wanted);
    let body = || file.slice(function.body);
    let first = own.first().map(|it| (file.slice(it.name), it.kind));
    let is_alone = own.len() == 1;
    match first {
        Some(("app", _)) if is_alone => true,
        Some(("response" | "resp", _)) => {
            name.starts_with("parse")
                || is_alone && body::returns_only(file, function, |it| it == "response")
        }
        Some(("args", ParameterKind::VarPositional)) => false,
        Some(("args" | "options" | "opts", _)) => has_field(body(), file.slice(own[0].name)),
        Some(("job", _)) => named("connection"),
        _ => ["demo_", "example_", "test_"].iter().any(|it| name.starts_with(it)),
    }
}

/// Whether the description of a function says of which file of another repository it is a copy.
fn is_copy(file: &FileContext<'_>, function: &Definition) -> bool {
    let said = function.docstring.map_or("", |it| file.slice(it)).to_ascii_lowercase();
    said.contains("github.com/")
        && said.contains("/blob/")
        && ["from:", "copied from", "taken from", "copy of"].iter().any(|it| said.contains(it))
}

/// Whether the description of a function begins by saying that it replaces another one.
fn says_override(file: &FileContext<'_>, function: &Definition) -> bool {
    let said = function.docstring.map_or("", |it| file.slice(it));
    let said = said.trim_start_matches(|it: char| !it.is_alphabetic());
    ["Override ", "Overrides ", "Overriding ", "Overridden "].iter().any(|it| said.starts_with(it))
}

/// Whether a text reads a field of a name: `args.path`.
fn has_field(text: &str, name: &str) -> bool {
    places_of(text, name).any(|at| text[at + name.len()..].starts_with('.'))
}

/// Whether the first parameter is what Pyramid's set-up hands from step to step.
fn takes_configurator(
    file: &FileContext<'_>,
    function: &Definition,
    parameters: &[Parameter],
) -> bool {
    const USES: [&str; 5] = [
        "config.registry",
        "config.get_settings(",
        "config.add_",
        "config.include(",
        "config.scan(",
    ];
    let body = file.slice(function.body);
    parameters.first().is_some_and(|it| file.slice(it.name) == "config")
        && USES.iter().any(|it| body.contains(it))
}

/// Whether a class extends one of a distribution that the project declares, which may call its methods by their names.
/// What only holds data calls nothing.
fn extends_dependency(file: &FileContext<'_>, class: &Definition) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(own) = facts.dependencies().components.get(known.component) else { return false };
    file.outline.arguments(class).iter().filter(|it| it.keyword.is_none()).any(|it| {
        let base = file.slice(it.value).split('[').next().unwrap_or_default().trim();
        let Some(path) = file.names().resolve(base, it.value.start) else { return false };
        let last = path.rsplit('.').next().unwrap_or_default();
        let top = path.split('.').next().unwrap_or_default().replace('_', "-");
        path.contains('.')
            && !OF_DATA.contains(&last)
            && own.declared().any(|it| it.name.as_str().eq_ignore_ascii_case(&top))
    })
}

/// Whether comments in the header or before the body hold the types, as in Python 2.
fn has_type_comment(file: &FileContext<'_>, function: &Definition) -> bool {
    let before_body =
        Span::new(function.header.start, function.body.start.max(function.header.end));
    file.comments_in(before_body).any(|comment| {
        comment.strip_prefix("type:").is_some_and(|rest| !rest.trim_start().starts_with("ignore"))
    })
}

/// Whether a comment tells the type checker to pass this signature over: the project keeps its own list.
fn is_put_off(file: &FileContext<'_>, function: &Definition) -> bool {
    let before_body =
        Span::new(function.header.start, function.body.start.max(function.header.end));
    file.comments_in(before_body).any(|comment| {
        let codes =
            comment.strip_prefix("type:").map(str::trim).and_then(|it| it.strip_prefix("ignore"));
        codes.is_some_and(|codes| !codes.starts_with('[') || codes.contains("no-untyped-def"))
    })
}
