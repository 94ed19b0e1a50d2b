//! See `event-loop-re-entered.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Definition, DefinitionId, DefinitionKind, Span};
use rustc_hash::FxHashMap;

use crate::shared::code::{calls, coroutines, words};

/// What runs a loop until something is done, and raises where one runs already.
const RUNNERS: [&str; 10] = [
    "asyncio.run",
    "asyncio.runners.run",
    "asyncio.Runner.run",
    "asyncio.get_event_loop.run_until_complete",
    "asyncio.get_running_loop.run_until_complete",
    "asyncio.new_event_loop.run_until_complete",
    "asyncio.AbstractEventLoop.run_until_complete",
    "anyio.run",
    "trio.run",
    "uvloop.run",
];

/// Words of functions that take care of loops that run, or leave the thread.
const CAREFUL: [&str; 9] = [
    "get_running_loop",
    "is_running",
    "_get_running_loop",
    "nest_asyncio",
    "ThreadPoolExecutor",
    "Thread",
    "run_coroutine_threadsafe",
    "to_thread",
    "RuntimeError",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let definitions = &file.outline.definitions;
    if !definitions.iter().any(|it| it.kind == DefinitionKind::AsyncFunction) {
        return;
    }
    let runs: Vec<&Call> =
        file.outline.calls.iter().filter(|call| !call.awaited && is_runner(file, call)).collect();
    if runs.is_empty() || file.names().imports_module("nest_asyncio") {
        return;
    }
    for call in &runs {
        let Some(function) = coroutines::coroutine_at(file, call.name.start) else { continue };
        if is_careful(file, function) {
            continue;
        }
        let start = file.values().receiver(call).map_or(call.name.start, |it| it.name.start);
        let message = format!(
            "`{}` raises `RuntimeError`: a loop runs already in `async def {}`",
            words::last_part(&calls::written(file, call)),
            file.slice(function.name)
        );
        out.report(Report::at(Span::new(start, call.arguments.end)).message(message));
    }
    report_through_functions(file, &runs, out);
}

/// Whether a call runs a loop.
fn is_runner(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    matches!(words::last_part(&written), "run" | "run_until_complete")
        && file.called(call).is_some_and(|callee| RUNNERS.contains(&callee.as_str()))
}

/// Whether a function looks whether a loop runs, or goes to another thread.
fn is_careful(file: &FileContext<'_>, function: &Definition) -> bool {
    CAREFUL.iter().any(|word| coroutines::holds_word(file, function.span, word))
}

/// Calls, in coroutines, of synchronous functions of the file that run a loop, directly or through each other.
fn report_through_functions(file: &FileContext<'_>, runs: &[&Call], out: &mut Reporter<'_>) {
    let functions = Functions::new(file);
    // Each function that runs a loop, and through which call of its own.
    let mut runners: FxHashMap<DefinitionId, String> = FxHashMap::default();
    for call in runs {
        if let Some(id) = functions.around(file, call) {
            let name = calls::written(file, call).into_owned();
            runners.entry(id).or_insert(name);
        }
    }
    if runners.is_empty() {
        return;
    }
    let edges: Vec<(&Call, DefinitionId)> = file
        .outline
        .calls
        .iter()
        .filter(|call| !call.awaited && !call.attached)
        .filter_map(|call| Some((call, functions.called(file, call)?)))
        .collect();
    // Grows by at least one function a round, so it ends.
    loop {
        let before = runners.len();
        for &(call, called) in &edges {
            let Some(around) = functions.around(file, call) else { continue };
            if let Some(chain) = runners.get(&called) {
                let name = file.slice(file.outline.definition(called).name);
                let chain = format!("{name} → {chain}");
                runners.entry(around).or_insert(chain);
            }
        }
        if runners.len() == before {
            break;
        }
    }
    for &(call, called) in &edges {
        let Some(chain) = runners.get(&called) else { continue };
        let Some(function) = coroutines::coroutine_at(file, call.name.start) else { continue };
        if is_careful(file, function) {
            continue;
        }
        let message = format!(
            "`{}` reaches `{chain}`, which raises `RuntimeError`: a loop runs already in `async def {}`",
            calls::written(file, call),
            file.slice(function.name)
        );
        out.report(Report::at(calls::span(call)).message(message));
    }
}

/// The synchronous functions of a file that a name, or `self.name`, can only stand for.
struct Functions<'o> {
    by_name: FxHashMap<(Option<DefinitionId>, &'o str), DefinitionId>,
}

impl<'o> Functions<'o> {
    fn new(file: &FileContext<'o>) -> Self {
        let mut by_name = FxHashMap::default();
        for (id, definition) in file.outline.definitions.iter().enumerate() {
            let parent = definition.parent.map(|id| file.outline.definition(id));
            let reachable = parent.is_none_or(|it| it.is_class() && it.parent.is_none());
            if reachable && definition.is_function() {
                by_name
                    .insert((definition.parent, file.slice(definition.name)), id as DefinitionId);
            }
        }
        Self { by_name }
    }

    /// The synchronous function in whose body a call stands, if it takes no care of loops itself.
    fn around(&self, file: &FileContext<'_>, call: &Call) -> Option<DefinitionId> {
        let function = file.function_at(call.name.start)?;
        let id = *self.by_name.get(&(function.parent, file.slice(function.name)))?;
        let own = file.outline.definition(id);
        let plain = own.header == function.header
            && own.kind == DefinitionKind::Function
            && own.body.contains(call.name.start)
            && file.outline.decorators(own).is_empty();
        let line = file.outline.line_at(call.name.start)?;
        let before = Span::new(line.span.start, call.name.start);
        let deferred = coroutines::holds_word(file, before, "lambda");
        (plain && !deferred && !is_careful(file, own)).then_some(id)
    }

    /// The synchronous function that a call calls.
    fn called(&self, file: &FileContext<'_>, call: &Call) -> Option<DefinitionId> {
        let written = calls::written(file, call);
        let class = match written.strip_prefix("self.") {
            Some(_) => {
                let function = file.function_at(call.name.start)?;
                Some(function.parent.filter(|&id| file.outline.definition(id).is_class())?)
            }
            None => None,
        };
        let name = written.strip_prefix("self.").unwrap_or(&written);
        let id = *self.by_name.get(&(class, name))?;
        let is_bound = class.is_none() && !file.values().bindings(name).is_empty();
        let is_sync = file.outline.definition(id).kind == DefinitionKind::Function;
        (is_sync && !is_bound).then_some(id)
    }
}
