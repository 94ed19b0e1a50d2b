//! See `unbounded-retry.toml`. Knows decorators of libraries and loops by their lines, not what is tried.

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, ImportKind, Span};

use crate::shared::code::calls;
use crate::shared::code::words::words;
use crate::shared::fixes::arguments::set_keyword;

/// A library's way to try again, and the arguments that end it.
struct Library {
    names: &'static [&'static str],
    bounds: &'static [&'static str],
    /// How many positional arguments there are before the first bound.
    position: usize,
}

const LIBRARIES: [Library; 4] = [
    Library {
        names: &[
            "tenacity.retry",
            "tenacity.Retrying",
            "tenacity.AsyncRetrying",
            "tenacity.asyncio.AsyncRetrying",
        ],
        bounds: &["stop"],
        position: 1,
    },
    Library {
        names: &["backoff.on_exception", "backoff.on_predicate"],
        bounds: &["max_tries", "max_time", "giveup"],
        position: usize::MAX,
    },
    Library {
        names: &["retrying.retry"],
        bounds: &["stop", "stop_max_attempt_number", "stop_max_delay", "stop_func"],
        position: 0,
    },
    Library { names: &["retry.retry", "retry.api.retry"], bounds: &["tries"], position: 1 },
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for function in file.outline.definitions.iter().filter(|it| it.is_function()) {
        for &decorator in file.outline.decorators(function) {
            out.judged_if(|| tries_again(file, decorator));
            if let Some(report) = of_decorator(file, function, decorator) {
                out.report(report);
            }
        }
    }
    for call in &file.outline.calls {
        out.judged_if(|| {
            file.called(call).is_some_and(|it| it.ends_with("Retrying") && library(&it).is_some())
        });
        if calls::written(file, call).ends_with("Retrying")
            && let Some(called) = file.called(call)
            && let Some(library) = library(&called)
            && is_unbounded(file, call, library)
        {
            let written = calls::written(file, call);
            let message = format!("`{written}` never gives up");
            let edits = mended(file, call, &called);
            let level = if !file.pedantic() && names_errors(file, call) {
                Severity::Info
            } else {
                Severity::Warning
            };
            let report = Report::at(calls::span(call)).message(message).severity(level);
            out.report(with_fix(report, edits));
        }
    }
}

fn library(canonical: &str) -> Option<&'static Library> {
    LIBRARIES.iter().find(|library| library.names.contains(&canonical))
}

/// Whether a decorator tries again what it decorates.
fn tries_again(file: &FileContext<'_>, decorator: Span) -> bool {
    let name = file.slice(decorator).split('(').next().unwrap_or_default().trim();
    file.names().resolve(name, decorator.start).is_some_and(|it| library(&it).is_some())
}

fn of_decorator(file: &FileContext<'_>, function: &Definition, decorator: Span) -> Option<Report> {
    let text = file.slice(decorator);
    let end = text.find('(').map_or(decorator.end, |at| decorator.start + at as u32);
    let name = Span::new(decorator.start, end);
    let written = roadworthy_parser::dotted_text(file.source.text(), name);
    let canonical = file.names().resolve(&written, decorator.start)?;
    let library = library(&canonical)?;
    let calls = &file.outline.calls;
    let call = calls.binary_search_by_key(&decorator.start, |call| call.name.start);
    let call = call.ok().map(|index| &calls[index]);
    if call.is_some_and(|call| !is_unbounded(file, call, library)) {
        return None;
    }
    let of_function = file.slice(function.name);
    let is_known = || call.is_some_and(|it| names_errors(file, it));
    let is_trial = || words(file.path_inside()).iter().any(|it| it == "test");
    let level = if !file.pedantic() && (runs_for_ever(of_function) || is_known() || is_trial()) {
        Severity::Info
    } else {
        Severity::Warning
    };
    let message = format!("`{written}` tries `{of_function}` again for ever");
    let report = Report::at(decorator).message(message).severity(level).extent(function.header);
    Some(with_fix(report, call.and_then(|call| mended(file, call, &canonical))))
}

/// Whether somebody chose which errors are tried again, and may know that those pass: not any `Exception`.
fn names_errors(file: &FileContext<'_>, call: &Call) -> bool {
    calls::arguments(file, call).iter().any(|it| match it.keyword {
        Some("retry" | "retry_on_exception" | "retry_on_result" | "exceptions" | "exception")
        | None => {
            let broad = ["Exception", "BaseException", "(Exception)", "(Exception,)"];
            let names = it.value.split(['(', ')', ',', ' ', '|']).map(str::trim);
            let mut names = names.filter(|it| !it.is_empty()).peekable();
            names.peek().is_some()
                && names.clone().all(|it| !broad.contains(&it))
                && (it.keyword.is_some()
                    || names.any(|it| it.ends_with("Error") || it.contains("Exception")))
        }
        Some(_) => false,
    })
}

fn with_fix(report: Report, edits: Option<Vec<Edit>>) -> Report {
    match edits {
        Some(edits) => report.fix(Fix::to_look_at(edits)),
        None => report,
    }
}

fn is_unbounded(file: &FileContext<'_>, call: &Call, library: &Library) -> bool {
    let arguments = calls::arguments(file, call);
    let bound = arguments.iter().any(|it| match it.keyword {
        Some(keyword) => {
            let never = it.value == "None" || it.value.ends_with("stop_never") || it.value == "-1";
            library.bounds.contains(&keyword) && !never
        }
        None => it.value.starts_with('*'),
    });
    let positional = arguments.iter().filter(|it| it.keyword.is_none()).count();
    !bound && positional <= library.position
}

/// Whether a function is one that is meant to run as long as the program.
fn runs_for_ever(name: &str) -> bool {
    words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "consume"
                | "consumer"
                | "daemon"
                | "forever"
                | "listen"
                | "listener"
                | "loop"
                | "main"
                | "poll"
                | "run"
                | "serve"
                | "stream"
                | "subscribe"
                | "wait"
                | "watch"
                | "worker"
        )
    })
}

/// A bound for a call that has none.
fn mended(file: &FileContext<'_>, call: &Call, canonical: &str) -> Option<Vec<Edit>> {
    let arguments = calls::arguments(file, call);
    let named = |name: &str| arguments.iter().any(|it| it.keyword == Some(name));
    if canonical.starts_with("backoff.") {
        return Some(vec![set_keyword(file, call, "max_tries", "5")?]);
    }
    if !canonical.starts_with("tenacity.") || arguments.is_empty() || named("stop") {
        return None;
    }
    let written = calls::written(file, call);
    if let Some((module, _)) = written.rsplit_once('.') {
        let value = format!("{module}.stop_after_attempt(5)");
        return Some(vec![set_keyword(file, call, "stop", &value)?]);
    }
    let keyword = set_keyword(file, call, "stop", "stop_after_attempt(5)")?;
    let known = file.names().resolve("stop_after_attempt", call.name.start);
    if known.as_deref() == Some("tenacity.stop_after_attempt") {
        return Some(vec![keyword]);
    }
    let import = file.outline.imports.iter().find(|import| {
        import.kind == ImportKind::From
            && import.scope.is_none()
            && !import.type_checking
            && file.slice(import.module) == "tenacity"
    })?;
    let end = import.alias.map_or(import.name.end, |alias| alias.end);
    Some(vec![Edit::insert(end, ", stop_after_attempt"), keyword])
}
