//! Which calls write to a log or report a failure, and what of an error they keep. Knows the names
//! that loggers and reporters go by, not who asks.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Node, Outline, SourceFile, dotted_text};

use crate::shared::code::first_party;
use crate::shared::code::words::{last_part, words};

/// How loud a logging call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// `debug`, `trace`
    Debug,
    /// `info`, `success`
    Info,
    /// `warning`
    Warning,
    /// `error`, `critical`, `exception`; also where a variable decides.
    Error,
}

/// What a call tells of the error that is being handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Voice {
    /// How loud.
    pub(crate) level: Level,
    /// Whether the traceback is kept, or handed to a function that can keep it.
    pub(crate) traceback: bool,
    /// Whether it is a method of a logger; else something that reports by another way.
    pub(crate) logger: bool,
}

/// What the call tells, if it is a logging call or reports a failure otherwise.
pub(crate) fn voice(file: &FileContext<'_>, call: Node<'_>) -> Option<Voice> {
    log_call(file, call).or_else(|| report(file, call))
}

/// What a call of a logger's method tells: the standard library's loggers, Loguru, structlog and
/// whatever is named like a logger.
pub(crate) fn log_call(file: &FileContext<'_>, call: Node<'_>) -> Option<Voice> {
    let function = call.child_by_field_name("function")?;
    let (level, always) = match function.kind() {
        "attribute" => {
            let method = level_of(file.text(function.child_by_field_name("attribute")?))?;
            if !is_logger(file, function.child_by_field_name("object")?) {
                return None;
            }
            method
        }
        // `from logging import error`
        "identifier" => {
            let name = file.qualified(function)?;
            level_of(name.strip_prefix("logging.")?)?
        }
        _ => return None,
    };
    let opted = function.kind() == "attribute" && {
        // `logger.opt(exception=True).error(..)`
        let object = function.child_by_field_name("object")?;
        object.kind() == "call" && keeps_exception(file, object)
    };
    Some(Voice { level, traceback: always || opted || keeps_exception(file, call), logger: true })
}

/// The level of a logger's method, and whether it always keeps the traceback.
pub(crate) fn level_of(method: &str) -> Option<(Level, bool)> {
    Some(match method {
        "debug" | "trace" | "adebug" => (Level::Debug, false),
        "info" | "success" | "ainfo" | "notice" => (Level::Info, false),
        "warning" | "warn" | "awarning" => (Level::Warning, false),
        "error" | "critical" | "fatal" | "log" | "aerror" | "acritical" => (Level::Error, false),
        "exception" | "aexception" => (Level::Error, true),
        _ => return None,
    })
}

/// Whether an expression is a logger: by its name, by what it is imported from, or by what is
/// assigned to it.
pub(crate) fn is_logger(file: &FileContext<'_>, object: Node<'_>) -> bool {
    match object.kind() {
        "call" => {
            let Some(function) = object.child_by_field_name("function") else { return false };
            let name = match function.kind() {
                "attribute" => {
                    function.child_by_field_name("attribute").map(|name| file.text(name))
                }
                "identifier" => Some(file.text(function)),
                _ => None,
            };
            name.is_some_and(|name| {
                makes_logger(name)
                    || (matches!(name, "bind" | "opt" | "patch" | "new" | "contextualize")
                        && function
                            .child_by_field_name("object")
                            .is_some_and(|object| names_logger(file, object)))
            })
        }
        _ => names_logger(file, object),
    }
}

fn makes_logger(function: &str) -> bool {
    matches!(
        function,
        "getLogger"
            | "get_logger"
            | "getChild"
            | "LoggerAdapter"
            | "get_task_logger"
            | "logger"
            | "log"
            | "_logger"
    )
}

fn names_logger(file: &FileContext<'_>, object: Node<'_>) -> bool {
    let name = match object.kind() {
        "identifier" => file.text(object),
        "attribute" => object.child_by_field_name("attribute").map_or("", |name| file.text(name)),
        _ => return false,
    };
    if is_logger_name(name) {
        return true;
    }
    let canonical = file.qualified(object);
    if canonical.as_deref().is_some_and(|name| {
        name == "logging" || is_logger_name(last_part(name)) || name.starts_with("absl.logging")
    }) {
        return true;
    }
    is_assigned_logger(file.source, file.outline, name)
        || canonical.is_some_and(|name| is_imported_logger(file, &name))
}

/// Whether another module of the project makes what is imported here, and makes it a logger.
fn is_imported_logger(file: &FileContext<'_>, canonical: &str) -> bool {
    file.in_facts()
        .and_then(|(facts, known)| first_party::home(facts, known, canonical))
        .is_some_and(|(home, name)| is_assigned_logger(&home.source, &home.outline, &name))
}

/// Whether a name alone says that it is a logger: `logger`, `_LOGGER`, `log`, `audit_log`, `access_logger`.
pub(crate) fn is_logger_name(name: &str) -> bool {
    let words = words(name);
    words.last().is_some_and(|last| {
        matches!(last.as_str(), "log" | "logger" | "logging" | "loguru" | "logs" | "loggers")
            || last.ends_with("logger")
            || last.ends_with("logging")
    })
}

/// Whether a file somewhere assigns a logger to this name or attribute.
fn is_assigned_logger(source: &SourceFile, outline: &Outline, name: &str) -> bool {
    let text = source.text();
    outline.calls.iter().any(|call| {
        if !makes_logger(last_part(&dotted_text(text, call.name))) {
            return false;
        }
        let Some(line) = outline.line_at(call.name.start) else { return false };
        let before =
            text.get(line.span.start as usize..call.name.start as usize).unwrap_or_default();
        let target = before.split(['=', ':']).next().unwrap_or_default().trim();
        before.contains('=') && last_part(target) == name
    })
}

/// Whether a logging call has `exc_info=...` or `exception=...` (not `False` or `None`), a stack, or
/// the formatted traceback among its arguments.
fn keeps_exception(file: &FileContext<'_>, call: Node<'_>) -> bool {
    let Some(arguments) = call.child_by_field_name("arguments") else { return false };
    let mut cursor = arguments.walk();
    arguments.named_children(&mut cursor).any(|argument| match argument.kind() {
        "keyword_argument" => {
            let name = argument.child_by_field_name("name").map(|name| file.text(name));
            let value = argument.child_by_field_name("value").map_or("", |value| file.text(value));
            match name {
                Some("exc_info" | "exception" | "exc" | "error_traceback") => {
                    !matches!(value, "False" | "None" | "0")
                }
                Some("traceback" | "stack_info" | "tb" | "trace") => true,
                _ => tells_traceback(value),
            }
        }
        "dictionary_splat" => true,
        "comment" => false,
        _ => tells_traceback(file.text(argument)),
    })
}

/// Whether the text of an expression holds a formatted traceback.
pub(crate) fn tells_traceback(text: &str) -> bool {
    [
        "format_exc",
        "traceback",
        "exc_info",
        "stack_trace",
        "print_exc",
        "__traceback__",
        "StackTrace",
    ]
    .iter()
    .any(|word| text.contains(word))
        || ["tb", "trace", "stacktrace"].contains(&text)
}

/// What a call that reports a failure without a logger tells.
fn report(file: &FileContext<'_>, call: Node<'_>) -> Option<Voice> {
    let function = call.child_by_field_name("function")?;
    let name = match function.kind() {
        "identifier" => file.text(function),
        "attribute" => file.text(function.child_by_field_name("attribute")?),
        _ => return None,
    };
    let keeps = Voice { level: Level::Error, traceback: true, logger: false };
    let canonical = file.qualified(function);
    match canonical.as_deref() {
        Some(name) if name.starts_with("traceback.") => return Some(keeps),
        Some("sys.exc_info" | "sys.excepthook" | "cgitb.handler" | "warnings.warn") => {
            return Some(keeps);
        }
        Some(name) if name.starts_with("sentry_sdk.") && name.contains("capture") => {
            return Some(keeps);
        }
        _ => {}
    }
    if let Some(helper) = helper(file, function, name) {
        return Some(Voice { traceback: helper, ..keeps });
    }
    says_report(name).then_some(keeps)
}

/// Whether a function's name says that it reports what went wrong.
pub(crate) fn says_report(name: &str) -> bool {
    const VERBS: &[&str] = &[
        "log",
        "logs",
        "report",
        "warn",
        "warning",
        "notify",
        "alert",
        "capture",
        "fail",
        "failed",
        "failure",
        "error",
        "errors",
        "exception",
        "exceptions",
        "exc",
        "traceback",
        "abort",
        "crash",
        "panic",
        "logger",
        "excepthook",
        "notice",
        "record",
        "perror",
        "handle",
        "err",
        "callback",
        "complain",
        "diagnostic",
        "debug",
        "stacktrace",
        "die",
        "fatal",
        "errback",
    ];
    let words = words(name);
    // `errorhandler`-like names are joined without an underscore now and then.
    words.iter().any(|word| {
        VERBS.contains(&word.as_str()) || word.ends_with("error") || word.ends_with("exception")
    })
}

/// Whether a function or method of this file that is called keeps the traceback; `None` where it is
/// not of this file, or reports nothing.
fn helper(file: &FileContext<'_>, function: Node<'_>, name: &str) -> Option<bool> {
    let own = match function.kind() {
        "identifier" => true,
        _ => function
            .child_by_field_name("object")
            .is_some_and(|object| matches!(file.text(object), "self" | "cls")),
    };
    if !own {
        return None;
    }
    let definition = file
        .outline
        .definitions
        .iter()
        .find(|definition| definition.is_function() && file.slice(definition.name) == name)?;
    let body = file.slice(definition.body);
    if tells_traceback(body)
        || body.contains(".exception(")
        || body.contains("capture_exception")
        || body.contains("captureException")
    {
        return Some(true);
    }
    let speaks = [".error(", ".warning(", ".critical(", "log_", ".log("]
        .iter()
        .any(|call| body.contains(call));
    // What a helper that only writes text is given may still be the error itself, so nothing is certain.
    speaks.then_some(true)
}
