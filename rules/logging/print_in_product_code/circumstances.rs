//! What stands around a print, and what that says of it: a handler, a loop, the file and what it imports. Knows neither
//! other prints nor loggers.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Definition, Keyword, LogicalLine, Span};

use super::{progress, words};
use crate::shared::code::text::{has_name, is_of_name};
use crate::shared::code::{blocks, calls, first_party};
use crate::shared::delivery::builds::is_for_work;
use crate::shared::errors::handlers;

/// Whether a handler says why it only prints, or what fails is the set-up of the log itself.
pub(super) fn is_meant(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(handler) = handler_around(file, offset) else { return false };
    let block = blocks::block_of(file, handler);
    let around = Span::new(handler.span.start, block.end);
    let reason = file.comments_in(around).any(handlers::is_reason);
    // Told, and tried again after a pause.
    let end = block.end.min(file.source.text().len() as u32);
    let again = file.slice(Span::new(block.start, end)).contains("sleep(");
    let attempt = file.outline.lines.iter().rev().find(|line| {
        line.span.start < handler.span.start
            && line.indent == handler.indent
            && line.keyword == Keyword::Try
    });
    let of_log = attempt.is_some_and(|line| {
        let text = file.slice(Span::new(line.span.start, handler.span.start)).to_ascii_lowercase();
        ["logging.", "observability", "basicconfig", "setup_log", "configure_log", "print("]
            .iter()
            .any(|sign| text.contains(sign))
    });
    let only_logs = attempt.is_some_and(|line| {
        progress::is_left_of_log(file, Span::new(line.span.start, handler.span.start))
    });
    reason || of_log || only_logs || again
}

/// Whether the handler around a print gives the error, or its text, to the caller as well.
pub(super) fn hands_on(file: &FileContext<'_>, offset: u32, error: &str) -> bool {
    let Some(handler) = handler_around(file, offset) else { return false };
    let block = blocks::block_of(file, handler);
    let lines = &file.outline.lines;
    let first = lines.partition_point(|line| line.span.start < block.start);
    lines[first..]
        .iter()
        .take_while(|line| line.span.start < block.end)
        .any(|line| line.keyword == Keyword::Return && has_name(file.slice(line.span), error))
}

pub(super) fn handler_around<'o>(file: &FileContext<'o>, offset: u32) -> Option<&'o LogicalLine> {
    blocks::headers_around(file, offset).find(|line| line.keyword == Keyword::Except)
}

/// Whether a handler shows the traceback, too, be it by a function of the project.
pub(super) fn is_kept_beside(file: &FileContext<'_>, handler: &LogicalLine) -> bool {
    let block = blocks::block_of(file, handler);
    let end = block.end.min(file.source.text().len() as u32);
    let text = file.slice(Span::new(block.start, end));
    let mut inside = file.outline.calls.iter().filter(|it| block.contains(it.name.start));
    keeps(text) || inside.any(|it| body_of(file, it).is_some_and(|it| keeps(&it)))
}

/// Whether code shows a traceback.
fn keeps(code: &str) -> bool {
    KEEPING.iter().any(|it| code.contains(it))
}

/// The body of the function of the project that is called.
fn body_of(file: &FileContext<'_>, call: &Call) -> Option<String> {
    let written = calls::written(file, call);
    let mut here = file.outline.definitions.iter().filter(|it| it.parent.is_none());
    if let Some(own) = here.find(|it| it.is_function() && file.slice(it.name) == written) {
        return Some(file.slice(own.body).to_owned());
    }
    let (facts, known) = file.in_facts()?;
    let found = first_party::find(facts, known, &file.called(call)?)?;
    let body = found.definition().body;
    Some(body.of_text(found.python.source.text()).to_owned())
}

/// Calls that show a traceback.
const KEEPING: [&str; 5] =
    ["print_exc(", "format_exc(", "print_exception(", "format_exception(", ".exception("];

/// Whether a handler in an endless loop tells a person what was wrong, and the loop asks again.
pub(super) fn asks_again(file: &FileContext<'_>, offset: u32) -> bool {
    let in_loop = handler_around(file, offset).is_some_and(|handler| {
        blocks::headers_around(file, handler.span.start).any(|line| line.keyword == Keyword::While)
    });
    in_loop
        && file.function_at(offset).is_some_and(|function| {
            file.slice(function.span)
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| matches!(word, "prompt" | "question" | "wizard"))
        })
}

/// Whether the file is about measuring the program, which is switched on by hand.
pub(super) fn is_probe(file: &FileContext<'_>) -> bool {
    const PROBES: [&str; 7] =
        ["bench", "monitor", "probe", "profile", "profiling", "timer", "timing"];
    let stem = file.file.path.file_stem().unwrap_or_default();
    words(stem).any(|word| PROBES.contains(&word.as_str()))
}

/// Whether a file stands in for another service while somebody tries the product.
pub(super) fn is_stand_in(file: &FileContext<'_>) -> bool {
    const WORDS: [&str; 6] = ["fake", "fakes", "mock", "mocks", "stub", "stubs"];
    let path = file.path_inside();
    let mut all = words(path.strip_suffix(".py").unwrap_or(path));
    all.any(|word| WORDS.contains(&word.as_str()))
}

/// Whether all images whose folders hold a file are for those who work on the project: what runs there stands in for something.
pub(super) fn lies_in_image_for_work(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let images = &facts.containers().images;
    let holds = |index: &usize| {
        let folder = images[*index].path.parent().map_or("", |it| it.as_str());
        !folder.is_empty() && known.path.starts_with(folder)
    };
    let mut around = (0..images.len()).filter(holds).peekable();
    around.peek().is_some() && around.all(|it| is_for_work(facts, it))
}

/// Whether the file serves the training of a model, and no requests: somebody sits before that.
pub(super) fn is_of_training(file: &FileContext<'_>) -> bool {
    let mut folders = file.file.path.components();
    folders.any(|it| matches!(it.as_str(), "training" | "train")) && !is_of_service(file)
}

/// Whether the answer right behind a print tells the caller of the same errors: `print(form.errors)`, `return form.errors, 400`.
pub(super) fn is_answered_too(file: &FileContext<'_>, call: &Call) -> bool {
    let shown = file.slice(call.arguments).trim_matches(['(', ')']);
    shown.ends_with(".errors")
        && next_line(file, call)
            .is_some_and(|it| it.keyword == Keyword::Return && file.slice(it.span).contains(shown))
}

/// Whether a print sums up what a job did, at its end: `print(f"import done: {counts}")`, `return counts`.
pub(super) fn is_sum_of_job(file: &FileContext<'_>, call: &Call) -> bool {
    const WORDS: [&str; 5] = ["complete", "completed", "done", "finished", "summary"];
    let shown = file.slice(call.arguments);
    let sums = words(shown).any(|it| WORDS.contains(&it.as_str()));
    sums && next_line(file, call).is_some_and(|it| {
        let returned = file.slice(it.span).strip_prefix("return ").unwrap_or_default();
        it.keyword == Keyword::Return
            && !returned.is_empty()
            && returned.chars().all(is_of_name)
            && has_name(shown, returned)
    })
}

/// The line behind a call in the same block.
fn next_line<'o>(file: &FileContext<'o>, call: &Call) -> Option<&'o LogicalLine> {
    let lines = &file.outline.lines;
    let own = file.outline.line_at(call.name.start)?;
    let next = lines.get(lines.partition_point(|line| line.span.start <= call.name.start))?;
    (next.indent == own.indent).then_some(next)
}

/// Whether the file belongs to a pipeline of Airflow.
pub(super) fn is_of_airflow(file: &FileContext<'_>) -> bool {
    file.names().imports_module("airflow")
        || file.file.path.components().any(|part| matches!(part.as_str(), "dags" | "airflow"))
}

/// Whether the file serves the tasks of a project of Airflow, and no requests.
pub(super) fn is_beside_dags(file: &FileContext<'_>) -> bool {
    let defines_dag = |path: &Utf8Path| {
        path.file_stem().is_some_and(|it| it.eq_ignore_ascii_case("dag"))
            || path.components().any(|part| part.as_str() == "dags")
    };
    !is_of_service(file)
        && file
            .in_facts()
            .is_some_and(|(facts, _)| facts.project().files.iter().any(|it| defines_dag(&it.path)))
}

/// Whether the file belongs to the base classes of tests: `test.py` beside the product.
pub(super) fn is_of_tests(file: &FileContext<'_>) -> bool {
    let stem = file.file.path.file_stem().unwrap_or_default();
    matches!(stem, "test" | "tests" | "testing")
        && ["pytest", "unittest"].iter().any(|it| file.names().imports_module(it))
}

/// Whether the file belongs to a package that is started by its commands alone: what it prints is their output.
pub(super) fn is_of_command(file: &FileContext<'_>) -> bool {
    const LONG_RUNNING: [&str; 33] = [
        "aiogram",
        "aiohttp",
        "apscheduler",
        "arq",
        "bottle",
        "celery",
        "discord-py",
        "django",
        "djangorestframework",
        "dramatiq",
        "faststream",
        "fastapi",
        "fastmcp",
        "flask",
        "gradio",
        "grpcio",
        "gunicorn",
        "huey",
        "litestar",
        "mcp",
        "pika",
        "pyramid",
        "python-telegram-bot",
        "quart",
        "rq",
        "sanic",
        "starlette",
        "streamlit",
        "taskiq",
        "tornado",
        "twisted",
        "uvicorn",
        "waitress",
    ];
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(own) = facts.dependencies().components.get(known.component) else { return false };
    let serves = own.declared().any(|it| LONG_RUNNING.contains(&it.name.as_str()));
    !file.component.entry_points.is_empty() && !serves && !is_of_web(file)
}

/// Whether a place is reached where a module is not installed: the program is not set up yet.
pub(super) fn lacks_module(file: &FileContext<'_>, offset: u32) -> bool {
    blocks::headers_around(file, offset).any(|line| {
        let text = file.slice(line.span);
        line.keyword == Keyword::Except
            && (text.contains("ImportError") || text.contains("ModuleNotFoundError"))
    })
}

/// Whether the file uses a framework of services.
pub(super) fn is_of_service(file: &FileContext<'_>) -> bool {
    const FRAMEWORKS: [&str; 14] = [
        "aiohttp",
        "celery",
        "django",
        "fastapi",
        "flask",
        "grpc",
        "kombu",
        "ninja",
        "pyramid",
        "redis",
        "rest_framework",
        "sqlalchemy",
        "starlette",
        "tornado",
    ];
    FRAMEWORKS.iter().any(|module| file.names().imports_module(module))
}

/// Whether the file of a library uses a framework whose programs nobody starts at a terminal.
pub(super) fn is_of_web(file: &FileContext<'_>) -> bool {
    const FRAMEWORKS: [&str; 5] = ["celery", "django", "fastapi", "flask", "rest_framework"];
    FRAMEWORKS.iter().any(|module| file.names().imports_module(module))
}

/// Whether a module makes an application for the web, which a server loads: it is no script, whatever it prints meanwhile.
pub(super) fn makes_application(file: &FileContext<'_>) -> bool {
    const APPLICATIONS: [&str; 7] = [
        "fastapi.FastAPI",
        "flask.Flask",
        "litestar.Litestar",
        "quart.Quart",
        "sanic.Sanic",
        "starlette.applications.Starlette",
        "aiohttp.web.Application",
    ];
    let mut made = file.outline.calls.iter().filter(|call| {
        file.outline.line_at(call.name.start).is_some_and(|line| line.scope.is_none())
    });
    made.any(|call| calls::callee(file, call).is_some_and(|it| APPLICATIONS.contains(&&*it)))
}

/// Whether a function answers requests: nobody sees what it prints.
pub(super) fn serves(file: &FileContext<'_>, function: &Definition) -> bool {
    let signature = file.outline.signature(function);
    signature
        .parameters
        .iter()
        .any(|parameter| matches!(file.slice(parameter.name), "request" | "req"))
        || file.outline.decorators(function).iter().any(|&decorator| {
            let name = file.slice(decorator).split('(').next().unwrap_or_default();
            let last = name.rsplit('.').next().unwrap_or_default();
            matches!(last, "route" | "get" | "post" | "put" | "patch" | "delete")
        })
}

/// Whether a function or its module calls itself a log: it may be one made by hand.
pub(super) fn says_log(file: &FileContext<'_>, function: &Definition) -> bool {
    let stem = file.file.path.file_stem().unwrap_or_default();
    let is_log = |word: String| matches!(&*word, "log" | "logs" | "logger" | "logging");
    words(file.slice(function.name)).next().is_some_and(is_log) || words(stem).any(is_log)
}
