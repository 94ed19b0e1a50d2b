//! See `metric-defined-in-function.toml`. Knows what runs more than once for certain: what a framework calls for a request or
//! a task, and a loop that makes a metric of one name.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Definition, Keyword};

use crate::shared::code::blocks;
use crate::shared::code::calls;
use crate::shared::frameworks::entry_points::{EntryPoint, around};
use crate::shared::frameworks::metrics;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        let Some(kind) = metrics::constructor(file, call) else { continue };
        out.judged();
        let Some(function) = file.function_at(call.name.start) else { continue };
        let inside = function.body.contains(call.name.start);
        if !inside || has_registry(file, call) || !file.pedantic() && is_once(file, function, call)
        {
            continue;
        }
        let why = match around(file, call.name.start) {
            Some(EntryPoint::Route) => "for every request, and the second fails",
            Some(EntryPoint::Task) => "for every run of the task, and the second fails",
            _ if repeats(file, call) => "again in every round of the loop, and the second fails",
            _ if file.pedantic() => "whenever the function runs",
            _ => continue,
        };
        let message = format!("this {kind} is registered {why}");
        out.report(Report::at(calls::span(call)).message(message));
    }
}

/// Whether a registry is given: by its name, or as one of many arguments in order.
fn has_registry(file: &FileContext<'_>, call: &Call) -> bool {
    let arguments = calls::arguments(file, call);
    arguments.iter().any(|it| it.keyword == Some("registry") || it.value.starts_with('*'))
        || arguments.iter().filter(|it| it.keyword.is_none()).count() > 6
}

/// Whether something sees to it that it happens once: a cache, a condition, a handler.
fn is_once(file: &FileContext<'_>, function: &Definition, call: &Call) -> bool {
    let decorators = file.outline.decorators(function);
    let cached = decorators.iter().any(|&it| {
        let text = file.slice(it);
        ["cache", "once", "singleton"].iter().any(|word| text.contains(word))
    });
    cached
        || blocks::headers_around(file, call.name.start).any(|line| {
            matches!(
                line.keyword,
                Keyword::If | Keyword::Elif | Keyword::Try | Keyword::Except | Keyword::Else
            )
        })
        || file.slice(function.body).contains("global ")
}

/// Whether a loop around it makes a metric of the same name each time.
fn repeats(file: &FileContext<'_>, call: &Call) -> bool {
    let arguments = calls::arguments(file, call);
    let same = arguments.first().is_some_and(|it| calls::literal(it.value).is_some());
    same && blocks::headers_around(file, call.name.start)
        .any(|line| matches!(line.keyword, Keyword::For | Keyword::While))
}
