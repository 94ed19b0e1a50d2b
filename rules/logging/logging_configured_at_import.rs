//! See `logging-configured-at-import.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Span};
use roadworthy_project::Role;
use rustc_hash::FxHashMap;

use crate::shared::code::calls;
use crate::shared::code::words::words;

/// Functions of `logging` that change the whole process.
const GLOBAL: [&str; 7] = [
    "logging.basicConfig",
    "logging.captureWarnings",
    "logging.config.dictConfig",
    "logging.config.fileConfig",
    "logging.disable",
    "logging.setLogRecordFactory",
    "logging.setLoggerClass",
];

/// Methods of a logger that configure it.
const CONFIGURING: [&str; 7] = [
    "addFilter",
    "addHandler",
    "handlers.append",
    "handlers.clear",
    "removeFilter",
    "removeHandler",
    "setLevel",
];

/// Loggers of widespread libraries. A name that is not among them may be one that the program chose.
const LIBRARIES: [&str; 38] = [
    "PIL",
    "aiohttp",
    "aiokafka",
    "alembic",
    "apscheduler",
    "asyncio",
    "azure",
    "boto",
    "boto3",
    "botocore",
    "celery",
    "chardet",
    "charset_normalizer",
    "django",
    "elasticsearch",
    "faker",
    "fontTools",
    "google",
    "grpc",
    "gunicorn",
    "httpcore",
    "httpx",
    "kafka",
    "langchain",
    "matplotlib",
    "numba",
    "openai",
    "paramiko",
    "pika",
    "requests",
    "s3transfer",
    "selenium",
    "sqlalchemy",
    "tensorflow",
    "transformers",
    "urllib3",
    "uvicorn",
    "werkzeug",
];

/// What makes the file the start of a program: who calls these is not imported for something else.
const APPLICATIONS: [&str; 17] = [
    "AsyncApp",
    "Celery",
    "Chalice",
    "Dash",
    "FastAPI",
    "FastMCP",
    "Flask",
    "Litestar",
    "Quart",
    "Robyn",
    "Sanic",
    "Starlette",
    "execute_from_command_line",
    "get_asgi_application",
    "get_wsgi_application",
    "set_page_config",
    "uvicorn.run",
];

/// Names of files that a server, a worker or a person starts.
const ENTRY_FILES: [&str; 22] = [
    "__main__",
    "app",
    "application",
    "asgi",
    "bot",
    "celery",
    "celery_app",
    "celeryapp",
    "conftest",
    "entrypoint",
    "function_app",
    "index",
    "lambda_function",
    "main",
    "manage",
    "run",
    "server",
    "setup",
    "start",
    "wsgi",
    "worker",
    "handler",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut loggers = None;
    let mut excused = None;
    for call in &file.outline.calls {
        if !calls::runs_at_import(file, call.name.start) {
            continue;
        }
        let mut bound = || loggers.get_or_insert_with(|| module_loggers(file)).clone();
        let Some((span, what, foreign)) = configures(file, call, &mut bound) else { continue };
        if !file.pedantic() && *excused.get_or_insert_with(|| is_start_of_program(file)) {
            return;
        }
        let message = match &foreign {
            Some(name) => format!("importing this module configures the logger of `{name}`"),
            None => {
                format!("importing this module configures logging for the whole process: `{what}`")
            }
        };
        out.report(Report::at(span).message(message));
    }
}

/// Whose logger it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Owner {
    Root,
    Library(String),
}

/// The range of a call that configures the root logger or a library's, what it calls, and the library.
fn configures(
    file: &FileContext<'_>,
    call: &Call,
    bound: &mut dyn FnMut() -> FxHashMap<String, Owner>,
) -> Option<(Span, String, Option<String>)> {
    let written = calls::written(file, call);
    if call.attached {
        let logger = calls::receiver(file, call).filter(|_| CONFIGURING.contains(&&*written))?;
        let span = Span::new(logger.name.start, call.arguments.end);
        return match owner(file, logger)? {
            Owner::Root => Some((span, format!("logging.getLogger().{written}"), None)),
            Owner::Library(name) => Some((span, String::new(), Some(name))),
        };
    }
    let span = calls::span(call);
    if let Some(callee) = calls::callee(file, call) {
        let on_root =
            callee.strip_prefix("logging.root.").is_some_and(|rest| CONFIGURING.contains(&rest));
        if on_root || GLOBAL.contains(&&*callee) {
            return Some((span, callee, None));
        }
    }
    let (name, _) = written.split_once('.').filter(|(_, method)| CONFIGURING.contains(method))?;
    match bound().remove(name)? {
        Owner::Root => Some((span, written.into_owned(), None)),
        Owner::Library(library) => Some((span, String::new(), Some(library))),
    }
}

/// Whose logger a `logging.getLogger(...)` returns, unless it is the program's own.
fn owner(file: &FileContext<'_>, call: &Call) -> Option<Owner> {
    if calls::callee(file, call)? != "logging.getLogger" {
        return None;
    }
    if calls::asks_for_root(file, call) {
        return Some(Owner::Root);
    }
    let arguments = calls::arguments(file, call);
    let name = calls::literal(arguments.first()?.value)?;
    let top = name.split('.').next()?;
    let own = file.file.module.split('.').next() == Some(top)
        || file.component.name.replace('-', "_") == top;
    (LIBRARIES.contains(&top) && !own).then(|| Owner::Library(top.to_owned()))
}

/// The module's variables that hold the root logger or a library's.
fn module_loggers(file: &FileContext<'_>) -> FxHashMap<String, Owner> {
    let mut loggers = FxHashMap::default();
    for call in &file.outline.calls {
        let Some(line) = file.outline.line_at(call.name.start).filter(|line| line.scope.is_none())
        else {
            continue;
        };
        if line.span.end != call.arguments.end {
            continue;
        }
        let before = file.slice(Span::new(line.span.start, call.name.start.max(line.span.start)));
        let Some(name) = before.trim_end().strip_suffix('=') else { continue };
        let name = name.split(':').next().unwrap_or_default().trim();
        if let Some(owner) = owner(file, call) {
            loggers.insert(name.to_owned(), owner);
        }
    }
    loggers
}

/// Whether the file starts a program, sets up its logging, or is imported by nobody.
fn is_start_of_program(file: &FileContext<'_>) -> bool {
    let stem = file.file.path.file_stem().unwrap_or_default();
    let named = ENTRY_FILES.contains(&stem);
    let lower = stem.to_ascii_lowercase();
    let about_logging = file.role != Role::Library
        && (is_about_logging(file)
            || lower.contains("log")
            || lower.contains("config")
            || lower.contains("settings"));
    let alone = file.outline.definitions.is_empty() && stem != "__init__";
    let handler = file.outline.definitions.iter().any(|definition| {
        definition.parent.is_none()
            && matches!(file.slice(definition.name), "lambda_handler" | "handler" | "main")
    });
    named
        || about_logging
        || alone
        || handler
        || !file.outline.main_guards.is_empty()
        || calls::reads_command_line(file)
        || makes_application(file)
}

/// Whether the name of the file says that logging is what it is for: whoever imports it asks for that. A
/// package is about what its folder says.
fn is_about_logging(file: &FileContext<'_>) -> bool {
    let path = &file.file.path;
    let name = match path.file_stem() {
        Some("__init__") => path.parent().and_then(|folder| folder.file_name()),
        stem => stem,
    };
    words(name.unwrap_or_default())
        .iter()
        .any(|word| matches!(word.as_str(), "log" | "logger" | "loggers" | "logging" | "logs"))
}

fn makes_application(file: &FileContext<'_>) -> bool {
    file.outline.calls.iter().any(|call| {
        let written = calls::written(file, call);
        let last = written.rsplit('.').next().unwrap_or_default();
        (APPLICATIONS.contains(&last) || APPLICATIONS.contains(&&*written))
            && calls::runs_at_import(file, call.name.start)
    })
}
