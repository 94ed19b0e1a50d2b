//! See `contextmanager-without-finally.toml`. Knows the lines of a function and words for releasing, not what is held.

use roadworthy_engine::{FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, LogicalLine, Span};

use crate::shared::code::text::places_of;
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{blocks, calls};
use crate::shared::errors::surroundings;
use crate::shared::fixes::indents::indented;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for function in file.outline.definitions.iter().filter(|it| it.is_function()) {
        if !is_manager(file, function)
            || !file.pedantic()
                && (lasts_as_long_as_the_program(file, function)
                    || is_for_context_of_application(file, function)
                    || is_closed_without_error(file, function)
                    || surroundings::stands_aside(file))
        {
            continue;
        }
        out.judged();
        let lines: Vec<&LogicalLine> = blocks::own_lines(file, function).collect();
        let mut yields = lines.iter().enumerate().filter(|(_, line)| gives(file, line));
        let (Some((index, given)), None) = (yields.next(), yields.next()) else { continue };
        if is_guarded(file, given) {
            continue;
        }
        let behind = &lines[index + 1..];
        if !file.pedantic() && is_for_success(file, function) {
            continue;
        }
        let before = &lines[..index];
        let Some((line, written)) = behind.iter().find_map(|line| {
            let plain = line.keyword == Keyword::Other && is_reached(file, given, line);
            let told = plain.then(|| released(file, line, before).or_else(|| restored(file, line)));
            told.flatten().map(|written| (line, written))
        }) else {
            continue;
        };
        let name = file.slice(function.name);
        let message = format!("`{written}` is skipped when the body of `with {name}()` fails");
        // Who silences it writes so where it gives.
        let extent = Span::new(given.span.start, line.span.end);
        let report = Report::at(line.span).message(message).extent(extent);
        // What is started behind the body is not wanted where that failed.
        let starts = behind.iter().any(|it| file.slice(it.span).trim_end().ends_with(".start()"));
        let grave = file.pedantic() || is_grave(&written) && !starts;
        let report = report.severity(if grave { Severity::Warning } else { Severity::Info });
        out.report(match fix(file, function, given, behind) {
            Some(fix) => report.fix(fix),
            None => report,
        });
    }
}

/// Whether what is skipped stays after the failure, whatever becomes of the objects: a lock that others wait for, files on the disk.
fn is_grave(written: &str) -> bool {
    let (object, method) = written.rsplit_once('.').unwrap_or(("", written));
    let is_lock = || words(object).iter().any(|it| matches!(it.as_str(), "lock" | "mutex"));
    match method {
        "release" | "unlock" => is_lock(),
        "rmtree" => object == "shutil",
        "remove" | "unlink" | "rmdir" => object == "os",
        _ => false,
    }
}

fn is_manager(file: &FileContext<'_>, function: &Definition) -> bool {
    file.outline.decorators(function).iter().any(|&decorator| {
        let written = file.slice(decorator);
        let resolved = file.names().resolve(written, decorator.start);
        resolved.is_some_and(|it| {
            matches!(&*it, "contextlib.contextmanager" | "contextlib.asynccontextmanager")
        })
    })
}

/// Whether a server runs it: nothing fails between start and end of a program that somebody could catch.
fn lasts_as_long_as_the_program(file: &FileContext<'_>, function: &Definition) -> bool {
    let name = file.slice(function.name);
    let parameters = file.outline.signature(function).parameters;
    let text = file.source.text();
    words(name).iter().any(|word| matches!(word.as_str(), "lifespan" | "lifetime" | "startup"))
        || text.contains(&format!("lifespan={name}"))
        || text.contains(&format!("lifespan_context = {name}"))
        || parameters.first().and_then(|it| it.annotation).is_some_and(|it| {
            [
                "FastAPI",
                "Starlette",
                "Litestar",
                "FastMCP",
                "Server",
                "Application",
                "Quart",
                "Flask",
            ]
            .contains(&last_part(file.slice(it)))
        })
}

/// Whether an application enters it when it starts, out of a list of such: `app.cleanup_ctx.append(database)`. Nothing
/// is thrown into it.
fn is_for_context_of_application(file: &FileContext<'_>, function: &Definition) -> bool {
    let text = file.source.text();
    let mut contexts = ["cleanup_ctx", "cleanup_context"].iter();
    let rest = || uses(file, function);
    contexts.any(|it| text.contains(it))
        && rest().next().is_some()
        && rest().all(|(_, behind)| !behind.starts_with('('))
}

/// Whether all that enters it is a stack that is closed by a call, which hands no error in.
fn is_closed_without_error(file: &FileContext<'_>, function: &Definition) -> bool {
    const CLOSES: [&str; 3] = ["stack.close()", "stack.aclose()", "stack.pop_all()"];
    let text = file.source.text();
    let enters = |before: &str| {
        ["enter_context(", "enter_async_context("].iter().any(|it| before.ends_with(it))
    };
    CLOSES.iter().any(|it| text.contains(it))
        && uses(file, function).next().is_some()
        && uses(file, function).all(|(before, _)| enters(before))
}

/// What stands before and behind each use of a function in its own module.
fn uses<'a>(
    file: &FileContext<'a>,
    function: &Definition,
) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    let text = file.source.text();
    let name = file.slice(function.name);
    let own = function.name.start as usize;
    places_of(text, name)
        .filter(move |at| *at != own)
        .map(move |at| (&text[..at], &text[at + name.len()..]))
}

/// Whether a line yields.
fn gives(file: &FileContext<'_>, line: &LogicalLine) -> bool {
    let text = file.slice(line.span);
    places_of(text, "yield").any(|at| {
        let offset = line.span.start + at as u32;
        file.outline.string_at(offset).is_none() && file.outline.comment_at(offset).is_none()
    })
}

/// Whether a comment says that what follows is for a body that went well.
fn is_for_success(file: &FileContext<'_>, function: &Definition) -> bool {
    file.comments_in(function.body).any(|comment| {
        let comment = comment.to_ascii_lowercase();
        ["success", "went well", "on failure", "did not fail"].iter().any(|it| comment.contains(it))
    })
}

/// Whether a `try` is around it, whatever that does: handlers may swallow what is raised.
fn is_guarded(file: &FileContext<'_>, given: &LogicalLine) -> bool {
    let mut headers = blocks::headers_around(file, given.span.start);
    headers.any(|line| matches!(line.keyword, Keyword::Try | Keyword::Except | Keyword::Finally))
        || file.slice(given.span).starts_with("with ")
}

/// Whether a line behind a `yield` follows upon it: not in a branch of its own, nor in a handler.
fn is_reached(file: &FileContext<'_>, given: &LogicalLine, line: &LogicalLine) -> bool {
    if line.indent <= given.indent {
        return true;
    }
    // What raises again tidies up for a failure that it knows of.
    let raises = |header: &LogicalLine| {
        let block = blocks::block_of(file, header);
        let lines = &file.outline.lines;
        let first = lines.partition_point(|it| it.span.start < block.start);
        let mut inside = lines[first..].iter().take_while(|it| block.contains(it.span.start));
        inside.any(|it| it.keyword == Keyword::Raise)
    };
    blocks::headers_around(file, line.span.start)
        .take_while(|header| header.span.start > given.span.start)
        .all(|header| header.keyword != Keyword::Except && !raises(header))
}

/// What a line releases. `earlier`: the lines before the `yield`.
fn released(
    file: &FileContext<'_>,
    line: &LogicalLine,
    earlier: &[&LogicalLine],
) -> Option<String> {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|call| call.name.start < line.span.start);
    let call = calls.get(first).filter(|call| call.name.end <= line.span.end)?;
    let before = file.slice(Span::new(line.span.start, call.name.start));
    if !matches!(before.trim(), "" | "await") {
        return None;
    }
    let written = calls::written(file, call);
    let (object, method) = written.rsplit_once('.').unwrap_or(("", &written));
    let words = words(method);
    let releases = words.first().is_some_and(|first| RELEASING.contains(&first.as_str()))
        // `shutil.rmtree`, `os.remove`, `os.chdir`, `os.umask`
        || matches!(&*written, "shutil.rmtree" | "os.remove" | "os.chdir" | "os.umask" | "os.rmdir");
    // What a collection loses is no resource, but for what stands on a stack.
    let collection = matches!(method, "remove" | "clear" | "delete" | "discard")
        && written.matches('.').count() > 0
        && !matches!(object, "os" | "self");
    // What was not taken before is done with, once the body has done its work: `queue.remove_pending(job)`.
    let ambiguous = words
        .first()
        .is_some_and(|first| matches!(first.as_str(), "delete" | "pop" | "remove" | "reset"));
    let taken = !ambiguous || is_taken(file, call, &written, earlier);
    (releases && !collection && taken).then(|| written.into_owned())
}

/// Whether an earlier line does something with what a call releases: with its object, or with what it is handed.
fn is_taken(file: &FileContext<'_>, call: &Call, written: &str, earlier: &[&LogicalLine]) -> bool {
    let object = written.rsplit_once('.').map_or(written, |(object, _)| object);
    let arguments = calls::arguments(file, call);
    let mut named = arguments.iter().map(|it| it.value).chain([object]);
    named.any(|name| {
        earlier
            .iter()
            .any(|line| line.keyword == Keyword::Other && file.slice(line.span).contains(name))
    })
}

/// What a line sets back to what it was: `context.output = old_output`, `switch(old_state)`.
fn restored(file: &FileContext<'_>, line: &LogicalLine) -> Option<String> {
    let text = file.slice(line.span);
    let is_dotted =
        |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let (target, value) = match text.split_once(" = ") {
        Some((target, value)) => (target, value),
        None => text.strip_suffix(')')?.split_once('(')?,
    };
    let of_before = |word: &String| OF_BEFORE.contains(&word.as_str());
    // A local name goes with the function.
    let lasting = text.ends_with(')') || target.contains('.');
    let told = is_dotted(target) && is_dotted(value) && lasting;
    (told && words(value).first().is_some_and(of_before)).then(|| target.to_owned())
}

/// First words of names for what was before.
const OF_BEFORE: [&str; 7] = ["old", "orig", "original", "prev", "previous", "prior", "saved"];

/// First words of calls that give something back.
const RELEASING: [&str; 26] = [
    "aclose",
    "cleanup",
    "close",
    "deactivate",
    "delete",
    "detach",
    "disable",
    "disconnect",
    "dispose",
    "enable",
    "free",
    "kill",
    "logout",
    "pop",
    "quit",
    "release",
    "remove",
    "reset",
    "restore",
    "revert",
    "rmtree",
    "shutdown",
    "teardown",
    "terminate",
    "unlink",
    "unlock",
];

/// Puts the `yield` into a `try` and what follows into its `finally`.
fn fix(
    file: &FileContext<'_>,
    function: &Definition,
    given: &LogicalLine,
    behind: &[&LogicalLine],
) -> Option<Fix> {
    let (first, last) = (behind.first()?, behind.last()?);
    let lines = &file.outline.lines;
    let next = lines.partition_point(|line| line.span.start <= given.span.start);
    // Nothing else may stand behind it: a function inside, an `else` of what is around it.
    let plain = behind.iter().all(|line| {
        line.indent >= given.indent
            && !matches!(line.keyword, Keyword::Return)
            && !line.keyword.continues_statement()
    });
    let in_order = lines.get(next).is_some_and(|line| line.span == first.span);
    if !plain || !in_order || first.indent != given.indent || function.body.end != last.span.end {
        return None;
    }
    let text = file.source.text();
    let line_start = |at: u32| text[..at as usize].rfind('\n').map_or(0, |at| at as u32 + 1);
    let start = line_start(given.span.start);
    let indent = &text[start as usize..given.span.start as usize];
    if !indent.trim().is_empty() {
        return None;
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut edits = indented(file, Span::new(start, last.span.end))?;
    let first_start = line_start(first.span.start);
    for edit in &mut edits {
        if edit.span.start == start {
            edit.text = format!("{indent}try:{end}{}", edit.text);
        } else if edit.span.start == first_start {
            edit.text = format!("{indent}finally:{end}{}", edit.text);
        }
    }
    Some(Fix::to_look_at(edits))
}
