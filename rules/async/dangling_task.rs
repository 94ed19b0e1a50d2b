//! See `dangling-task.toml`.

#[path = "dangling_task/unawaited.rs"]
mod unawaited;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter};
use roadworthy_parser::{Call, Definition, Keyword, LogicalLine, Outline, SourceFile, Span};

use crate::shared::code::first_party::{self, methods};
use crate::shared::code::{blocks, calls, coroutines, words};

/// What makes a task that nobody but the caller keeps. A `TaskGroup` keeps its own.
const MAKERS: [&str; 12] = [
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.get_event_loop.create_task",
    "asyncio.get_running_loop.create_task",
    "asyncio.new_event_loop.create_task",
    "asyncio.AbstractEventLoop.create_task",
    "asyncio.events.AbstractEventLoop.create_task",
    "asyncio.BaseEventLoop.create_task",
    "asyncio.tasks.create_task",
    "asyncio.tasks.ensure_future",
    "asyncio.events.get_event_loop.create_task",
    "asyncio.events.get_running_loop.create_task",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        if let Some(report) = unawaited::report(file, call) {
            out.judged();
            out.report(report);
            continue;
        }
        let written = calls::written(file, call);
        let last = words::last_part(&written);
        if call.awaited || !matches!(last, "create_task" | "ensure_future") {
            continue;
        }
        out.judged_if(|| file.called(call).is_some_and(|it| MAKERS.contains(&it.as_str())));
        let Some(line) = file.outline.line_at(call.name.start) else { continue };
        let Some(message) = fate(file, call, line) else { continue };
        if file.called(call).is_some_and(|callee| MAKERS.contains(&callee.as_str())) {
            let start = file.values().receiver(call).map_or(call.name.start, |it| it.name.start);
            if !file.pedantic() && is_short_of_harm(file, call, line) {
                continue;
            }
            let mut report = Report::at(Span::new(start, call.arguments.end)).message(message);
            if let Some(fix) = fix(file, call, line) {
                report = report.fix(fix);
            }
            out.report(report);
        }
    }
}

/// Whether little is lost with the task: the loop is started for it, the program ends, or something is measured.
fn is_short_of_harm(file: &FileContext<'_>, call: &Call, line: &LogicalLine) -> bool {
    const ENDS: [&str; 9] = [
        "atexit",
        "exit",
        "shutdown",
        "stop",
        "teardown",
        "aclose",
        "close",
        "disconnect",
        "dispose",
    ];
    let says = |name: &str, wanted: &[&str]| {
        words::words(name).iter().any(|word| wanted.contains(&word.as_str()))
    };
    let starts_loop = starts_loop(file, line);
    // A function `close_table` may belong to the business of the program.
    let around = file.function_at(call.name.start).map_or("", |it| file.slice(it.name));
    let ends = says(around, &ENDS[..5])
        || started(file, call).is_some_and(|it| says(words::last_part(it), &ENDS));
    starts_loop
        || ends
        || says(file.path_inside(), &["benchmark", "benchmarks", "demo"])
        || is_shown_only(file, call)
        || looks_after_itself(file, call)
}

/// Whether the loop is started next: a condition and other tasks may stand between.
fn starts_loop(file: &FileContext<'_>, line: &LogicalLine) -> bool {
    const NEAR: usize = 4;
    let end = file.function_at(line.span.start).map_or(u32::MAX, |it| it.span.end);
    let lines = &file.outline.lines;
    let behind = lines.partition_point(|it| it.span.start <= line.span.start);
    let near = lines[behind..].iter().take_while(|it| it.span.start < end).take(NEAR);
    near.into_iter().any(|next| {
        let text = file.slice(next.span);
        ["run_forever(", "run_until_complete("].iter().any(|it| text.contains(it))
            || text.contains("IOLoop") && text.contains(".start()")
    })
}

/// Whether the code around says that it shows how something may be used.
fn is_shown_only(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(function) = file.function_at(call.name.start) else { return false };
    file.comments_in(function.span).any(|it| {
        let comment = it.trim_start_matches(['#', ' ']).to_ascii_lowercase();
        comment.starts_with("example")
    })
}

/// Whether a task needs nobody: it sleeps first, and a sleeping task is held by the timer of the loop, or it tells its own
/// errors.
fn looks_after_itself(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(name) = started(file, call) else { return false };
    let outline = file.outline;
    let here = |definition: &Definition| tells_or_sleeps(file.source, outline, definition);
    if let Some(method) = name.strip_prefix("self.").or_else(|| name.strip_prefix("cls.")) {
        let class = outline.enclosing(call.name.start).find(|it| it.is_class());
        return class.is_some_and(|class| {
            methods(outline, class).any(|it| file.slice(it.name) == method && here(it))
        });
    }
    let mut own = outline.definitions.iter().filter(|it| {
        it.is_function()
            && file.slice(it.name) == name
            && it.parent.is_none_or(|id| outline.definition(id).is_function())
    });
    if let Some(definition) = own.next() {
        return here(definition);
    }
    let found = file
        .in_facts()
        .zip(file.names().resolve(name, call.name.start))
        .and_then(|((facts, known), canonical)| first_party::find(facts, known, &canonical));
    found.is_some_and(|it| tells_or_sleeps(&it.python.source, &it.python.outline, it.definition()))
}

fn tells_or_sleeps(source: &SourceFile, outline: &Outline, function: &Definition) -> bool {
    let first = outline.lines.partition_point(|it| it.span.start < function.body.start);
    let inside = outline.lines[first..].iter();
    let inside = inside.take_while(|it| it.span.start < function.body.end);
    let text = |line: &LogicalLine| source.slice(line.span);
    let is_documentation = |line: &LogicalLine| text(line).starts_with(['"', '\'']);
    let lines: Vec<&LogicalLine> =
        inside.skip_while(|it| it.keyword == Keyword::Other && is_documentation(it)).collect();
    let Some(begin) = lines.iter().find(|it| it.keyword != Keyword::Try) else { return false };
    if ["await asyncio.sleep(", "await sleep("].iter().any(|it| text(begin).starts_with(it)) {
        return true;
    }
    let mut own = lines.iter().filter(|it| it.indent == lines[0].indent);
    let is_try = own.next().is_some_and(|it| it.keyword == Keyword::Try);
    let is_broad = |line: &&&LogicalLine| {
        let caught = text(line).strip_prefix("except").unwrap_or_default().trim_start();
        line.keyword == Keyword::Except
            && (caught.starts_with("Exception")
                || caught.starts_with("BaseException")
                || caught.starts_with(':'))
    };
    let mut is_caught = false;
    let only = own.all(|it| {
        is_caught |= is_broad(&it);
        matches!(it.keyword, Keyword::Except | Keyword::Else | Keyword::Finally)
    });
    is_try && only && is_caught
}

/// Why nothing keeps what a call returns; `None` where something may.
fn fate(file: &FileContext<'_>, call: &Call, line: &LogicalLine) -> Option<String> {
    let task = started(file, call);
    let what = match &task {
        Some(task) => format!("the task of `{task}`"),
        None => "the task".to_owned(),
    };
    if coroutines::is_statement(file, call) {
        return Some(format!("nothing keeps {what}: it may be collected before it is done"));
    }
    let name = assigned_name(file, call, line)?;
    let function = file.function_at(call.name.start)?;
    let mut behind =
        blocks::own_lines(file, function).skip_while(|it| it.span.start <= line.span.start);
    let goes_on = behind
        .any(|it| coroutines::awaits(file, it) || coroutines::holds_word(file, it.span, "yield"));
    let mut uses = coroutines::word_offsets(file, function.span, name);
    let unread = uses.all(|at| at == line.span.start);
    (unread && !goes_on)
        .then(|| format!("`{name}` is never read: nothing keeps {what} once the function ends"))
}

/// The name of the function that a task runs: `send` of `create_task(send(mail))`.
fn started<'a>(file: &FileContext<'a>, call: &Call) -> Option<&'a str> {
    let inside = file.slice(calls::inside(call)).trim_start();
    let end = inside.find('(')?;
    let name = &inside[..end];
    let is_name = name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'));
    (is_name && !name.is_empty() && name.len() <= 60).then_some(name)
}

/// The plain name that a line binds a call to.
fn assigned_name<'a>(file: &FileContext<'a>, call: &Call, line: &LogicalLine) -> Option<&'a str> {
    let text = file.slice(line.span);
    let (name, _) = text.split_once('=').filter(|_| line.keyword == Keyword::Other)?;
    let name = name.split(':').next()?.trim();
    let is_name =
        !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    let whole = file.values().bindings(name).iter().any(|binding| {
        let value = binding.value.and_then(|value| file.values().call_at(value));
        binding.at == line.span.start && value.is_some_and(|it| it.name == call.name)
    });
    (is_name && whole).then_some(name)
}

/// The name of the set of the module in which the fix keeps tasks, and of the task itself.
const SET: &str = "background_tasks";
const TASK: &str = "background_task";

/// Keeps the task in a set of the module until it is done.
fn fix(file: &FileContext<'_>, call: &Call, line: &LogicalLine) -> Option<Fix> {
    let text = file.source.text();
    let function = file.function_at(call.name.start)?;
    let whole = Span::new(0, text.len() as u32);
    let set = file.values().constant(SET);
    let is_free = match set {
        Some(value) => file.slice(value).starts_with("set("),
        None => !coroutines::holds_word(file, whole, SET),
    };
    let is_plain =
        coroutines::is_statement(file, call) && !coroutines::holds_word(file, function.span, TASK);
    if !is_free || !is_plain {
        return None;
    }
    let begin = text[..line.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[begin..line.span.start as usize];
    let kept =
        format!("\n{indent}{SET}.add({TASK})\n{indent}{TASK}.add_done_callback({SET}.discard)");
    let mut edits = vec![
        Edit::insert(line.span.start, format!("{TASK} = ")),
        Edit::insert(end_of_line(text, line.span.end), kept),
    ];
    if set.is_none() {
        let mut imports = file.outline.lines.iter().filter(|line| {
            line.indent == 0 && matches!(line.keyword, Keyword::Import | Keyword::From)
        });
        let last = imports.next_back()?;
        let at = end_of_line(text, last.span.end);
        edits.push(Edit::insert(at, format!("\n\n{SET} = set()")));
    }
    edits.sort();
    Some(Fix::to_look_at(edits))
}

/// The end of the physical line, behind a comment.
fn end_of_line(text: &str, offset: u32) -> u32 {
    let rest = &text[offset as usize..];
    offset + rest.find(['\r', '\n']).unwrap_or(rest.len()) as u32
}

#[cfg(test)]
mod tests {
    use roadworthy_engine::Edits;

    use super::*;
    use crate::shared::in_memory::with_file;

    fn fixed(text: &str) -> Option<String> {
        with_file("app/main.py", text, |file| {
            let calls = &file.outline.calls;
            let call = calls.iter().find(|it| calls::written(file, it).ends_with("create_task"))?;
            let fix = fix(file, call, file.outline.line_at(call.name.start)?)?;
            let mut edits = Edits::default();
            assert!(edits.take(&fix.edits));
            Some(edits.apply(text))
        })
    }

    #[test]
    fn the_task_is_kept() {
        let text = "\
import asyncio  # the loop

def register(user):
    asyncio.create_task(send(user))  # later
    user.save()
";
        let expected = "\
import asyncio  # the loop

background_tasks = set()

def register(user):
    background_task = asyncio.create_task(send(user))  # later
    background_tasks.add(background_task)
    background_task.add_done_callback(background_tasks.discard)
    user.save()
";
        assert_eq!(fixed(text).as_deref(), Some(expected));
        let again = expected.replace("user.save()", "asyncio.create_task(log(user))");
        assert_eq!(fixed(&again), None);
    }
}
