//! What runs on the event loop, and which of it a server waits for. Knows the outline of one file, no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Definition, DefinitionKind, Keyword, LogicalLine, Span};

use crate::shared::code::{calls, words};
use crate::shared::frameworks::entry_points::{self, EntryPoint};
use crate::shared::frameworks::loops;

/// The `async def` in whose body an offset runs: of `def` inside it, lambdas and decorators nothing is known.
pub(crate) fn coroutine_at<'o>(file: &FileContext<'o>, offset: u32) -> Option<&'o Definition> {
    let mut functions = file.outline.enclosing(offset).filter(|it| it.body.contains(offset));
    let innermost = functions.next()?;
    let is_async = innermost.kind == DefinitionKind::AsyncFunction;
    (is_async && !is_in_lambda(file, offset)).then_some(innermost)
}

/// Whether `lambda` stands before an offset in its logical line.
fn is_in_lambda(file: &FileContext<'_>, offset: u32) -> bool {
    file.outline.line_at(offset).is_some_and(|line| {
        file.slice(Span::new(line.span.start, offset.max(line.span.start))).contains("lambda")
    })
}

/// What a coroutine's time is worth to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loop {
    /// Others may wait on the same loop.
    Shared,
    /// The program has this one thing to do: a command, a start.
    Alone,
}

/// Whether others may wait while a function runs.
pub(crate) fn shares_loop(file: &FileContext<'_>, function: &Definition) -> Loop {
    let offset = function.body.start;
    let alone = match entry_points::around(file, offset) {
        Some(EntryPoint::Command) => !loops::is_of_bot(file),
        Some(EntryPoint::Start) => true,
        Some(EntryPoint::Route | EntryPoint::Task) => false,
        None => {
            file.outline.under_main_guard(offset)
                || file.slice(function.name) == "main"
                || is_of_start(file, function)
                || calls::reads_command_line(file)
        }
    };
    if alone { Loop::Alone } else { Loop::Shared }
}

/// Whether a file gives a coroutine a loop of its own: `asyncio.run(load())`, or a loop in a thread for callers that wait.
pub(crate) fn has_own_loop(file: &FileContext<'_>, function: &Definition) -> bool {
    let name = file.slice(function.name);
    let mut makes = false;
    let mut hands_over = false;
    let mut finishes = false;
    let mut starts_more = false;
    for call in &file.outline.calls {
        let written = calls::written(file, call);
        match words::last_part(&written) {
            "new_event_loop" => makes = true,
            "run_coroutine_threadsafe" => hands_over = true,
            "create_task" | "ensure_future" | "gather" | "start_server" => starts_more = true,
            "run" | "run_until_complete" => {
                let mut runs = word_offsets(file, calls::inside(call), name);
                if runs.any(|at| file.source.text()[at as usize + name.len()..].starts_with('(')) {
                    return true;
                }
                finishes |= words::last_part(&written) == "run_until_complete";
            }
            _ => {}
        }
    }
    // A loop that is made for whatever one caller brings has nothing else to run.
    makes && (hands_over || finishes && !starts_more && !has_routes(file))
}

/// Whether something in the file answers requests.
pub(crate) fn has_routes(file: &FileContext<'_>) -> bool {
    let mut functions = file.outline.definitions.iter().filter(|it| it.is_function());
    functions.any(|it| entry_points::around(file, it.body.start) == Some(EntryPoint::Route))
}

/// Whether a file starts tasks beside the one that runs, so that several may want the same thing.
pub(crate) fn starts_tasks(file: &FileContext<'_>) -> bool {
    const STARTERS: [&str; 6] = [
        "create_task",
        "ensure_future",
        "gather",
        "run_coroutine_threadsafe",
        "start_server",
        "start_soon",
    ];
    file.outline
        .calls
        .iter()
        .any(|it| STARTERS.contains(&words::last_part(&calls::written(file, it))))
}

/// Whether a function says by its name that it runs before anything is served, or when all is over. What takes many values,
/// as `initialize_transaction(self, user, amount, currency)`, runs for somebody who brings them.
fn is_of_start(file: &FileContext<'_>, function: &Definition) -> bool {
    const WORDS: [&str; 9] = [
        "startup",
        "lifespan",
        "shutdown",
        "migrate",
        "setup",
        "bootstrap",
        "teardown",
        "prestart",
        "initialize",
    ];
    const FEW: u32 = 3;
    let (first, last) = function.parameters;
    last.saturating_sub(first) <= FEW
        && words::words(file.slice(function.name)).iter().any(|word| WORDS.contains(&word.as_str()))
}

/// Whether a line gives the loop away: `await`, `async with`, `async for`. Text in strings and comments is none.
pub(crate) fn awaits(file: &FileContext<'_>, line: &LogicalLine) -> bool {
    holds_word(file, line.span, "await")
        || (matches!(line.keyword, Keyword::With | Keyword::For)
            && file.slice(line.span).starts_with("async"))
}

/// Whether a word of code stands in a range.
pub(crate) fn holds_word(file: &FileContext<'_>, range: Span, word: &str) -> bool {
    word_offsets(file, range, word).next().is_some()
}

/// Where a word of code stands in a range.
pub(crate) fn word_offsets<'a>(
    file: &'a FileContext<'_>,
    range: Span,
    word: &'a str,
) -> impl Iterator<Item = u32> + 'a {
    let is_part = |it: Option<&u8>| {
        it.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_' || *it >= 0x80)
    };
    let text = file.source.text().as_bytes();
    file.slice(range).match_indices(word).map(move |(at, _)| range.start + at as u32).filter(
        move |&at| {
            let start = at as usize;
            let before = start.checked_sub(1).and_then(|it| text.get(it));
            !is_part(before)
                && !is_part(text.get(start + word.len()))
                && file.outline.comment_at(at).is_none()
                && file.outline.string_at(at).is_none_or(|string| string.interpolated)
        },
    )
}

/// Whether a call is all that a logical line says.
pub(crate) fn is_statement(file: &FileContext<'_>, call: &Call) -> bool {
    file.outline.line_at(call.name.start).is_some_and(|line| {
        line.keyword == Keyword::Other
            && file.values().call_at(line.span).is_some_and(|whole| whole.name == call.name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn only_what_runs_on_the_loop() {
        let text = "\
@register(a())
async def f(x=b()):
    c()
    def g():
        d()
    h = lambda: e()
def k():
    l()
";
        let found = with_file("app/main.py", text, |file| {
            let calls = file.outline.calls.iter();
            let on_loop = calls.filter(|call| coroutine_at(file, call.name.start).is_some());
            on_loop.map(|call| file.slice(call.name).to_owned()).collect::<Vec<_>>()
        });
        assert_eq!(found, ["c"]);
    }

    #[test]
    fn words_are_code() {
        let text = "x = 'await' # await\nawaited = f'{await g()}'\n";
        let found = with_file("app/main.py", text, |file| {
            let all = Span::new(0, text.len() as u32);
            word_offsets(file, all, "await").collect::<Vec<_>>()
        });
        assert_eq!(found, [33]);
    }
}
