//! What a `try` statement attempts, and where it stands: clean-up, a probe, or work whose failure
//! matters. Knows the names of calls, not what handlers do.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Node, Span};

use crate::shared::handlers::always_raises;
use crate::shared::loggers;
use crate::shared::nodes::{around, bare_expression, block_of, is_deferred, statements, walk};
use crate::shared::words::{last_part, words};

/// What is attempted, from what may fail unseen to what may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// Closing, stopping, removing: it is over anyway.
    CleanUp,
    /// An optional import.
    Import,
    /// Logs, metrics, progress: the program does not depend on it.
    Telemetry,
    /// Parsing, looking up an attribute: failure is an answer.
    Probe,
    /// Calls of which nothing is known.
    Unknown,
    /// Input or output, a database, the network, or several steps.
    Work,
}

/// What a `try` body does.
pub(crate) struct Attempt<'a> {
    /// What may be lost.
    pub(crate) weight: Weight,
    /// The call that weighs most, as written.
    pub(crate) call: Option<&'a str>,
    /// Whether that call changes something elsewhere: its result is not used.
    pub(crate) effect: bool,
    /// Number of simple statements.
    pub(crate) steps: usize,
    /// Whether control leaves from within, by `return`, `break` or `continue`.
    pub(crate) leaves: bool,
    /// Whether it awaits.
    pub(crate) awaits: bool,
}

const CLEAN_UP: &[&str] = &[
    "close",
    "aclose",
    "unlink",
    "kill",
    "killpg",
    "cancel",
    "stop",
    "shutdown",
    "terminate",
    "rollback",
    "disconnect",
    "remove",
    "rmtree",
    "release",
    "delete",
    "rmdir",
    "cleanup",
    "clean",
    "teardown",
    "join",
    "quit",
    "dispose",
    "destroy",
    "unregister",
    "unsubscribe",
    "detach",
    "unlock",
    "flush",
    "reset",
    "clear",
    "abort",
    "deregister",
    "discard",
    "restore",
    "unbind",
    "unmount",
    "unload",
    "logout",
    "purge",
    "drain",
    "free",
    "wait",
    "pop",
    "exit",
    "revoke",
    "evict",
    "invalidate",
    "undo",
    "removedirs",
    "closing",
    "closed",
    "aexit",
    "tidy",
    "prune",
    "drop",
    "untrack",
    "uninstall",
    "deactivate",
    "expunge",
    "signout",
    "hide",
    "deallocate",
    "del",
    "delattr",
];

const TELEMETRY: &[&str] = &[
    "log",
    "logger",
    "metric",
    "metrics",
    "statsd",
    "telemetry",
    "track",
    "trace",
    "span",
    "incr",
    "increment",
    "gauge",
    "histogram",
    "counter",
    "inc",
    "observe",
    "breadcrumb",
    "progress",
    "print",
    "debug",
    "info",
    "warning",
    "warn",
    "capture",
    "attribute",
    "tag",
    "tags",
    "timing",
    "analytics",
    "posthog",
    "sentry",
    "profile",
    "echo",
    "audit",
    "stats",
    "monitor",
    "event",
    "usage",
    "beep",
    "title",
    "status",
    "hint",
    "suggest",
    "stdout",
    "stderr",
    "excepthook",
    "error",
    "exception",
];

const PURE: &[&str] = &[
    "int",
    "float",
    "Decimal",
    "str",
    "repr",
    "bool",
    "bytes",
    "complex",
    "Fraction",
    "loads",
    "urlparse",
    "urlsplit",
    "parse_qs",
    "match",
    "search",
    "fullmatch",
    "findall",
    "compile",
    "sub",
    "getattr",
    "hasattr",
    "isinstance",
    "issubclass",
    "len",
    "decode",
    "encode",
    "strptime",
    "fromisoformat",
    "fromtimestamp",
    "version",
    "literal_eval",
    "UUID",
    "signature",
    "getsource",
    "getsourcefile",
    "getsourcelines",
    "getdoc",
    "getmodule",
    "getfile",
    "get_type_hints",
    "type",
    "type_hints",
    "strip",
    "lstrip",
    "rstrip",
    "split",
    "rsplit",
    "lower",
    "upper",
    "replace",
    "startswith",
    "endswith",
    "join",
    "format",
    "get",
    "keys",
    "values",
    "items",
    "index",
    "list",
    "dict",
    "set",
    "tuple",
    "frozenset",
    "sorted",
    "min",
    "max",
    "sum",
    "abs",
    "round",
    "iter",
    "next",
    "hash",
    "id",
    "ord",
    "chr",
    "zip",
    "enumerate",
    "range",
    "map",
    "filter",
    "any",
    "all",
    "partition",
    "rpartition",
    "splitlines",
    "isdigit",
    "b64decode",
    "b64encode",
    "unhexlify",
    "fromhex",
    "unquote",
    "quote",
    "ip_address",
    "ip_network",
    "find_spec",
    "getpass",
    "getuser",
    "gethostname",
    "getlocale",
    "setlocale",
    "getdefaultlocale",
    "isatty",
    "fileno",
    "get_terminal_size",
    "getpid",
    "exists",
    "isfile",
    "isdir",
    "is_file",
    "is_dir",
    "stat",
    "lstat",
    "getmtime",
    "getsize",
    "resolve",
    "relative_to",
    "samefile",
    "realpath",
    "which",
    "environ",
    "getenv",
    "normpath",
    "abspath",
    "expanduser",
    "parse",
    "from_string",
    "copy",
    "deepcopy",
    "group",
    "groups",
    "total_seconds",
    "timestamp",
    "isoformat",
    "strftime",
    "count",
    "title",
    "as_tuple",
    "dumps",
    "is_available",
    "device_count",
    "cpu_count",
    "getrusage",
    "append",
    "add",
    "extend",
    "setdefault",
    "super",
    "vars",
    "dir",
    "callable",
    "eval",
    "safe_load",
    "is_integer",
    "setattr",
    "__import__",
    "import_module",
    "signal",
    "getcwd",
    "uname",
    "platform",
    "node",
    "machine",
    "system",
    "cast",
    "parse_date",
    "set_start_method",
    "astimezone",
    "ZoneInfo",
    "timezone",
    "timedelta",
    "date",
    "datetime",
    "Path",
    "PurePath",
    "partial",
    "format_map",
    "template",
    "from_bytes",
    "to_bytes",
];

const WORK: &[&str] = &[
    "execute",
    "executemany",
    "commit",
    "save",
    "insert",
    "upsert",
    "create",
    "query",
    "fetch",
    "fetchone",
    "fetchall",
    "send",
    "sendall",
    "sendmail",
    "publish",
    "post",
    "put",
    "patch",
    "request",
    "urlopen",
    "upload",
    "download",
    "write",
    "writelines",
    "dump",
    "store",
    "persist",
    "sync",
    "process",
    "charge",
    "pay",
    "refund",
    "enqueue",
    "submit",
    "delay",
    "invoke",
    "migrate",
    "deliver",
    "email",
    "webhook",
    "ingest",
    "import",
    "export",
    "update",
    "scalars",
    "scalar",
    "dispatch",
    "handle",
    "transfer",
    "deploy",
    "install",
    "grant",
    "assign",
    "approve",
    "register",
    "provision",
];

/// Calls that read from elsewhere: work, though a default may do instead.
const READING: &[&str] = &[
    "open",
    "read",
    "read_text",
    "read_bytes",
    "load",
    "connect",
    "recv",
    "get_object",
    "scan",
    "list_objects",
    "glob",
    "iterdir",
    "listdir",
    "run",
    "check_output",
    "popen",
    "call",
    "check_call",
];

/// Reads what a `try` statement attempts.
pub(crate) fn attempt<'a>(file: &FileContext<'a>, statement: Node<'_>) -> Attempt<'a> {
    let mut found = Attempt {
        weight: Weight::CleanUp,
        call: None,
        effect: false,
        steps: 0,
        leaves: false,
        awaits: false,
    };
    let Some(body) = statement.child_by_field_name("body") else { return found };
    let mut calls = 0;
    let mut imports = false;
    walk(body, |node| {
        match node.kind() {
            "import_statement" | "import_from_statement" => imports = true,
            "await" | "async" => found.awaits = true,
            "return_statement" => found.leaves = true,
            "break_statement" | "continue_statement" => found.leaves = true,
            "call" => {
                calls += 1;
                let (weight, name) = weight_of(file, node);
                // Of equals an effect counts more, then the first.
                let effect = is_effect(node);
                if found.call.is_none()
                    || weight > found.weight
                    || (weight == found.weight && effect && !found.effect)
                {
                    found.weight = weight;
                    found.effect = effect;
                    found.call = name;
                }
            }
            _ => {}
        }
        if node.kind().ends_with("_statement")
            && node.parent().is_some_and(|parent| parent.kind() == "block")
            && !matches!(
                node.kind(),
                "if_statement"
                    | "for_statement"
                    | "while_statement"
                    | "with_statement"
                    | "try_statement"
                    | "pass_statement"
            )
        {
            found.steps += 1;
        }
        !is_deferred(node)
    });
    if imports {
        found.weight = Weight::Import;
        return found;
    }
    if calls == 0 {
        found.weight = if found.awaits { awaited_alone(body) } else { Weight::Probe };
    }
    let first = statements(body).first().copied();
    // `task.cancel()`, `await task`: what is awaited in a tidying-up belongs to it.
    if found.weight < Weight::Work && first.is_some_and(|first| begins_with_clean_up(file, first)) {
        found.weight = Weight::CleanUp;
    }
    if matches!(found.weight, Weight::Unknown) && found.steps >= MANY_STEPS {
        found.weight = Weight::Work;
    }
    found
}

/// From how many steps on the failure of one of them cannot be an expected answer.
const MANY_STEPS: usize = 6;

/// `await task`: waiting for something that was started, and mostly cancelled, elsewhere.
fn awaited_alone(body: Node<'_>) -> Weight {
    if statements(body).len() == 1 { Weight::CleanUp } else { Weight::Unknown }
}

fn begins_with_clean_up(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let value = bare_expression(statement);
    value.kind() == "call" && weight_of(file, value).0 == Weight::CleanUp
}

/// Whether a call stands for its effect: nothing takes its result.
fn is_effect(call: Node<'_>) -> bool {
    let mut node = call;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "await" | "parenthesized_expression" => node = parent,
            "expression_statement" => return true,
            _ => return false,
        }
    }
    false
}

fn weight_of<'a>(file: &FileContext<'a>, call: Node<'_>) -> (Weight, Option<&'a str>) {
    let Some(function) = call.child_by_field_name("function") else {
        return (Weight::Unknown, None);
    };
    let shown = file.text(function);
    let name = match function.kind() {
        "identifier" => shown,
        "attribute" => function.child_by_field_name("attribute").map_or("", |name| file.text(name)),
        _ => return (Weight::Unknown, None),
    };
    let named = (shown.len() <= 48 && !shown.contains(['\n', '`'])).then_some(shown).or(Some(name));
    let dotted = file.dotted(function);
    let words = words(name);
    let first = words.first().map(String::as_str).unwrap_or_default();
    let is = |list: &[&str]| list.contains(&name) || list.contains(&first);
    let weight = if loggers::log_call(file, call).is_some()
        || words.iter().any(|word| TELEMETRY.contains(&word.as_str()))
    {
        Weight::Telemetry
    } else if CLEAN_UP.contains(&first)
        || words.iter().any(|word| matches!(word.as_str(), "cleanup" | "close" | "teardown"))
    {
        Weight::CleanUp
    } else if talks_to_network(file, function, dotted.as_deref()) || works_on_database(shown, name)
    {
        Weight::Work
    } else if PURE.contains(&name) {
        Weight::Probe
    } else if is(READING) || is(WORK) {
        Weight::Work
    } else if is_camel(name) {
        // A constructor, mostly of a value.
        Weight::Probe
    } else {
        Weight::Unknown
    };
    (weight, named)
}

fn is_camel(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.contains(|letter: char| letter.is_ascii_lowercase())
}

fn talks_to_network(file: &FileContext<'_>, function: Node<'_>, dotted: Option<&str>) -> bool {
    const METHODS: &[&str] =
        &["get", "post", "put", "patch", "delete", "head", "request", "options"];
    let canonical = file.qualified(function);
    let name = canonical.as_deref().or(dotted).unwrap_or_default();
    let Some((object, method)) = name.rsplit_once('.') else { return false };
    METHODS.contains(&method)
        && (matches!(object, "requests" | "httpx" | "aiohttp")
            || words(last_part(object))
                .iter()
                .any(|word| matches!(word.as_str(), "session" | "client" | "http")))
}

/// `Model.objects.get(..)`, `session.add(..)`, `db.query(..)`, `cursor.fetchall()`
fn works_on_database(shown: &str, name: &str) -> bool {
    shown.contains(".objects.")
        || matches!(
            name,
            "bulk_create"
                | "get_or_create"
                | "update_or_create"
                | "fetchall"
                | "fetchone"
                | "fetchrow"
                | "executemany"
                | "executescript"
                | "sendall"
                | "sendmail"
                | "apply_async"
        )
        || (matches!(name, "add" | "get" | "query" | "exec" | "scalar" | "first") && {
            let object = shown.rsplit('.').nth(1).unwrap_or_default();
            matches!(
                object,
                "session"
                    | "db"
                    | "cursor"
                    | "conn"
                    | "connection"
                    | "db_session"
                    | "_session"
                    | "_db"
            )
        })
}

/// Where a `try` statement stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// In a `finally` clause, or in a handler that raises afterwards.
    pub(crate) on_the_way_out: bool,
    /// In a handler that does not raise: the second choice after a failure.
    pub(crate) in_handler: bool,
    /// In a loop of the same function.
    pub(crate) in_loop: bool,
}

/// Reads where a `try` statement stands.
pub(crate) fn place(file: &FileContext<'_>, statement: Node<'_>) -> Place {
    let mut place = Place::default();
    for node in around(statement) {
        match node.kind() {
            "finally_clause" => place.on_the_way_out = true,
            "except_clause" => {
                place.in_handler = true;
                place.on_the_way_out |=
                    block_of(node).is_some_and(|block| ends_by_raise(file, block));
            }
            "for_statement" | "while_statement" => place.in_loop = true,
            _ => {}
        }
    }
    place
}

fn ends_by_raise(file: &FileContext<'_>, block: Node<'_>) -> bool {
    always_raises(file, block)
        || statements(block).last().is_some_and(|last| last.kind() == "raise_statement")
}

/// What the function around a place is for, as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Tidying up: a failure there has nobody to tell.
    CleanUp,
    /// Asking whether something is so: failure is an answer.
    Question,
    /// Anything else.
    Other,
}

/// The purpose of the functions around an offset.
pub(crate) fn purpose(file: &FileContext<'_>, offset: u32) -> Purpose {
    let mut purpose = Purpose::Other;
    for definition in file.outline.enclosing(offset).filter(|definition| definition.is_function()) {
        let name = file.slice(definition.name);
        if is_clean_up(name) || runs_at_exit(file, definition) {
            return Purpose::CleanUp;
        }
        if asks(name) {
            purpose = Purpose::Question;
        }
    }
    purpose
}

fn is_clean_up(name: &str) -> bool {
    matches!(
        name,
        "__del__" | "__exit__" | "__aexit__" | "__repr__" | "__str__" | "__format__" | "__hash__"
    ) || words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "close"
                | "aclose"
                | "shutdown"
                | "teardown"
                | "cleanup"
                | "clean"
                | "stop"
                | "disconnect"
                | "dispose"
                | "release"
                | "terminate"
                | "kill"
                | "unlink"
                | "exit"
                | "finalize"
                | "destroy"
                | "abort"
                | "cancel"
                | "quit"
                | "atexit"
                | "log"
                | "logging"
                | "telemetry"
                | "metrics"
                | "unload"
                | "rollback"
                | "prune"
                | "purge"
                | "repr"
                | "debug"
                | "excepthook"
        )
    })
}

fn runs_at_exit(file: &FileContext<'_>, definition: &Definition) -> bool {
    file.outline.decorators(definition).iter().any(|&decorator| {
        let text = file.slice(decorator);
        text.contains("atexit")
            || text.contains("shutdown")
            || text.contains("teardown")
            || text.contains("finalizer")
    })
}

fn asks(name: &str) -> bool {
    let words = words(name);
    let first = words.first().map(String::as_str).unwrap_or_default();
    matches!(
        first,
        "is" | "has"
            | "can"
            | "supports"
            | "exists"
            | "ping"
            | "probe"
            | "detect"
            | "guess"
            | "try"
            | "maybe"
            | "safe"
            | "safely"
            | "should"
            | "infer"
            | "sniff"
            | "looks"
            | "parse"
            | "format"
            | "normalize"
            | "coerce"
            | "convert"
            | "to"
            | "as"
    ) || words.iter().any(|word| {
        matches!(
            word.as_str(),
            "available"
                | "exists"
                | "alive"
                | "healthy"
                | "health"
                | "try"
                | "safe"
                | "safely"
                | "maybe"
                | "optional"
                | "probe"
                | "valid"
                | "best"
                | "installed"
                | "reachable"
                | "silent"
                | "silently"
                | "quietly"
                | "version"
                | "supported"
        )
    })
}

/// Whether words near a statement say that failure is meant to be ignored: in it, directly above it,
/// or in the docstring of the function around it.
pub(crate) fn says_best_effort(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    const PHRASES: &[&str] = &[
        "best effort",
        "best-effort",
        "never raise",
        "silently",
        "swallow",
        "ignore",
        "non-fatal",
        "nonfatal",
        "not fatal",
        "not critical",
        "non-critical",
        "fail open",
        "optional",
        "don't fail",
        "do not fail",
        "fall back",
        "fallback",
        "falls back",
        "must not",
        "should not break",
        "shouldn't break",
        "suppress",
        "defensive",
        "if possible",
        "don't care",
        "harmless",
        "fail-safe",
        "failsafe",
        "never fail",
        "won't fail",
        "doesn't matter",
        "try to",
        "attempt to",
        "in case",
    ];
    let says = |text: &str| {
        let text = text.to_lowercase().replace('\n', " ");
        PHRASES.iter().any(|phrase| text.contains(phrase))
    };
    let start = statement.start_byte() as u32;
    let inside = Span::new(start, statement.end_byte() as u32);
    if file.comments_in(inside).any(says) {
        return true;
    }
    let lines = &file.outline.lines;
    let before = lines
        .partition_point(|line| line.span.start < start)
        .checked_sub(1)
        .map_or(0, |index| lines[index].span.end);
    let above = file.comments_in(Span::new(before, start)).any(says);
    above
        || file
            .function_at(start)
            .and_then(|function| function.docstring)
            .is_some_and(|doc| says(file.slice(doc)))
}
