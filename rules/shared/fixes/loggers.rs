//! The logger that a fix calls: the module's own, or one that it gets. Knows loggers by how they are made, no rule.

use roadworthy_engine::{Edit, FileContext};
use roadworthy_parser::{Call, Import, ImportKind, Keyword, Span};

use crate::shared::code::calls;
use crate::shared::code::words::last_part;
use crate::shared::fixes::imports::{Head, joined};

/// How a logger takes what it is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoggerKind {
    /// `logger.info("%s", value)`, `exc_info=True`
    Standard,
    /// `logger.info("{}", value)`, `opt(exception=True)`
    Loguru,
    /// `logger.info("event", key=value)`, `exc_info=True`
    Structlog,
    /// A message alone is what each of them takes.
    Unknown,
}

/// A logger under a name of the module.
pub(crate) struct ModuleLogger {
    pub(crate) name: String,
    pub(crate) kind: LoggerKind,
    /// Whether it is one with a name of its own that nothing in the file sets up.
    pub(crate) plain: bool,
    /// From here on the name is bound while the module is run.
    bound: u32,
    /// What has to be put in for it.
    pub(crate) edits: Vec<Edit>,
}

impl ModuleLogger {
    /// The logger that the module has.
    pub(crate) fn of_module(file: &FileContext<'_>) -> Option<Self> {
        assigned(file).or_else(|| imported(file))
    }

    /// A logger that the module does not have yet, under a name that stands nowhere in it.
    pub(crate) fn new(file: &FileContext<'_>) -> Option<Self> {
        let head = Head::read(file);
        let mut edits = Vec::new();
        let import = |import: &&Import| {
            let line = file.outline.line_at(import.statement.start);
            let alone = line.is_some_and(|line| line.indent == 0 && line.scope.is_none());
            alone && !import.type_checking
        };
        let mut imports = file.outline.imports.iter().filter(import);
        let maker = imports.find_map(|import| {
            let maker = maker(file, import)?;
            Some((maker, import.statement.end))
        });
        let (maker, least) = if let Some(found) = maker {
            found
        } else {
            if is_written(file, "logging") && !is_imported_inside(file) {
                return None;
            }
            edits.push(head.import(file, "logging"));
            ("logging.getLogger".to_owned(), 0)
        };
        let names = ["logger", "_logger", "module_logger"];
        let name = names.into_iter().find(|name| !is_written(file, name))?;
        let statement = format!("{name} = {maker}(__name__)");
        edits.push(head.behind_imports(file, least, &statement));
        let bound = edits.last().map_or(0, |edit| edit.span.start);
        let edits = joined(edits);
        Some(Self { name: name.to_owned(), kind: LoggerKind::Standard, plain: true, bound, edits })
    }

    /// Whether its name means it at an offset.
    pub(crate) fn is_known_at(&self, file: &FileContext<'_>, offset: u32) -> bool {
        let mut late = false;
        for around in file.outline.enclosing(offset) {
            if !around.body.contains(offset) {
                continue;
            }
            late |= around.is_function();
            let signature = file.outline.signature(around);
            if signature.parameters.iter().any(|it| file.slice(it.name) == self.name) {
                return false;
            }
            let inside = |at: u32| around.span.contains(at);
            let bindings = file.values().bindings(&self.name);
            let imports = file.outline.imports.iter();
            if bindings.iter().any(|it| it.scope.is_some() && inside(it.at))
                || imports
                    .filter(|it| it.scope.is_some() && inside(it.statement.start))
                    .any(|it| bound_name(file, it) == Some(self.name.as_str()))
            {
                return false;
            }
        }
        late || offset >= self.bound
    }
}

/// What makes a logger behind an import: `logging.getLogger`, `getLogger`.
fn maker(file: &FileContext<'_>, import: &Import) -> Option<String> {
    let name = bound_name(file, import)?;
    let dotted = match import.kind {
        ImportKind::Module => format!("{name}.getLogger"),
        _ => name.to_owned(),
    };
    let resolved = file.names().resolve(&dotted, import.statement.end)?;
    (resolved == "logging.getLogger").then_some(dotted)
}

/// Whether functions import `logging`, and nothing else goes by that name.
fn is_imported_inside(file: &FileContext<'_>) -> bool {
    let mut imports = file.outline.imports.iter();
    let mut inside =
        imports.by_ref().filter(|it| bound_name(file, it) == Some("logging")).peekable();
    let is_module = |it: &Import| it.kind == ImportKind::Module && it.alias.is_none();
    inside.peek().is_some()
        && inside.all(is_module)
        && file.values().bindings("logging").is_empty()
        && !file.outline.parameters.iter().any(|it| file.slice(it.name) == "logging")
}

fn bound_name<'a>(file: &FileContext<'a>, import: &Import) -> Option<&'a str> {
    match (import.kind, import.alias) {
        (ImportKind::Star, _) => None,
        (_, Some(alias)) => Some(file.slice(alias)),
        (ImportKind::Module, None) => file.slice(import.module).split('.').next(),
        (ImportKind::From, None) => Some(file.slice(import.name)),
    }
}

/// Whether a name stands anywhere in the code, but for attributes and texts.
fn is_written(file: &FileContext<'_>, name: &str) -> bool {
    let text = file.source.text();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let whole = !text[..at].ends_with(is_name) && !text[at + name.len()..].starts_with(is_name);
        let attribute = text[..at].ends_with('.');
        let offset = at as u32;
        let told = file.outline.comment_at(offset).is_some()
            || file.outline.string_at(offset).is_some_and(|string| !string.interpolated);
        whole && !attribute && !told
    })
}

/// Whether a name is that of the one logger of a module, not of one for some purpose.
fn is_general(name: &str) -> bool {
    matches!(name.trim_matches('_').to_ascii_lowercase().as_str(), "logger" | "log" | "logging")
}

/// The logger that is assigned in the module.
fn assigned(file: &FileContext<'_>) -> Option<ModuleLogger> {
    let mut found: Option<ModuleLogger> = None;
    for line in &file.outline.lines {
        if line.keyword != Keyword::Other || line.scope.is_some() || line.indent > 0 {
            continue;
        }
        let text = file.slice(line.span);
        let name = text.split([' ', '=', ':', '\t']).next().unwrap_or_default();
        let may_be = name.to_ascii_lowercase().contains("log") || text.contains("getLogger");
        if !may_be || name.is_empty() || name.contains(['(', '.', '[', ',']) {
            continue;
        }
        // Where it is bound twice, which one it is shows at run time only.
        let mut of_module = file.values().bindings(name).iter().filter(|it| it.scope.is_none());
        let (Some(binding), None) = (of_module.next(), of_module.next()) else { continue };
        let Some(call) = binding.value.and_then(|value| file.values().call_at(value)) else {
            continue;
        };
        let own_name = file.slice(call.arguments).contains("__name__");
        if !own_name && !is_general(name) {
            continue;
        }
        let Some(kind) = kind_of_maker(file, call, name) else { continue };
        let logger = ModuleLogger {
            name: name.to_owned(),
            kind,
            plain: kind == LoggerKind::Standard && !is_set_up(file, name),
            bound: line.span.end,
            edits: Vec::new(),
        };
        if found.is_none() || own_name {
            found = Some(logger);
        }
        if own_name {
            break;
        }
    }
    found
}

/// What kind of logger a call makes; `None` where it is the root logger, or makes none.
fn kind_of_maker(file: &FileContext<'_>, call: &Call, name: &str) -> Option<LoggerKind> {
    let called = file.called(call).unwrap_or_default();
    if called == "logging.getLogger" && calls::asks_for_root(file, call) {
        return None;
    }
    kind_of_object(&called).or_else(|| is_general(name).then_some(LoggerKind::Unknown))
}

/// The kind of logger that something with this canonical name makes or is.
pub(crate) fn kind_of_object(canonical: &str) -> Option<LoggerKind> {
    let is = |start: &str| {
        canonical.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    if is("logging") || is("celery.utils.log.get_task_logger") {
        Some(LoggerKind::Standard)
    } else if is("loguru.logger") {
        Some(LoggerKind::Loguru)
    } else if is("structlog") {
        Some(LoggerKind::Structlog)
    } else {
        None
    }
}

/// Whether the file gives a logger a level or handlers.
fn is_set_up(file: &FileContext<'_>, name: &str) -> bool {
    let text = file.source.text();
    [".setLevel(", ".addHandler(", ".addFilter(", ".propagate", ".disabled", ".handlers"]
        .iter()
        .any(|what| text.contains(&format!("{name}{what}")))
}

/// The logger that the module imports.
fn imported(file: &FileContext<'_>) -> Option<ModuleLogger> {
    file.outline.imports.iter().find_map(|import| {
        let name = bound_name(file, import)?;
        let line = file.outline.line_at(import.statement.start)?;
        if import.kind != ImportKind::From || import.type_checking || line.indent > 0 {
            return None;
        }
        let module = file.slice(import.module);
        let is_loguru = module == "loguru" && file.slice(import.name) == "logger";
        // `from math import log`
        let says_log = name.trim_matches('_').eq_ignore_ascii_case("logger")
            || is_general(name) && last_part(module).contains("log");
        if !is_loguru && !says_log || name == "logging" {
            return None;
        }
        let kind = if is_loguru { LoggerKind::Loguru } else { LoggerKind::Unknown };
        let bound = import.statement.end;
        Some(ModuleLogger { name: name.to_owned(), kind, plain: false, bound, edits: Vec::new() })
    })
}

/// The kind of the logger that a call of one of its methods is made on, as far as the file shows it.
pub(crate) fn kind_of_call(file: &FileContext<'_>, name: Span) -> Option<LoggerKind> {
    let calls = &file.outline.calls;
    let index = calls.binary_search_by_key(&name.start, |call| call.name.start).ok()?;
    kind_of_object(&file.called(&calls[index])?)
}
