//! See `unbounded-cache.toml`. Knows decorators and what parameters are called, not how often a function is called.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Definition, DefinitionKind, Parameter, ParameterKind};

use crate::shared::code::calls;
use crate::shared::code::words::{last_part, words};
use crate::shared::resources::caches::{CacheKind, cache};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    // The coroutine of an async one cannot be kept at all: that is another rule's.
    let functions = &file.outline.definitions;
    for function in functions.iter().filter(|it| it.kind == DefinitionKind::Function) {
        out.judged_if(|| {
            file.outline.decorators(function).iter().any(|&it| cache(file, it).is_some())
        });
        let mut decorators = file.outline.decorators(function).iter();
        let Some(found) = decorators.find_map(|&decorator| {
            let cache = cache(file, decorator)?;
            (cache.kind == CacheKind::Unbounded).then_some((decorator, cache))
        }) else {
            continue;
        };
        let (decorator, cache) = found;
        let quiet =
            || is_local(file, function) || is_cleared(file, function) || says_once(file, function);
        if !file.pedantic() && quiet() {
            continue;
        }
        let Some((level, grows)) = judge(file, function) else { continue };
        let name = file.slice(function.name);
        let message = format!("`{}` on `{name}` {grows}", cache.written);
        out.report(Report::at(decorator).message(message).severity(level).extent(function.header));
    }
}

/// The level of a cache, and how it grows; `None` where it does not, or nobody can know.
fn judge(file: &FileContext<'_>, function: &Definition) -> Option<(Severity, String)> {
    let mut parameters = file.outline.signature(function).parameters;
    let class = function.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
    let is_static = has_decorator(file, function, "staticmethod");
    let mut of_class = false;
    if class.is_some() && !is_static {
        of_class = has_decorator(file, function, "classmethod");
        parameters = parameters.get(1..)?;
    }
    let growing = parameters.iter().find(|it| grows(file, it));
    let method = class.filter(|_| !is_static && !of_class);
    if let Some(class) = method {
        if !file.pedantic() && is_one_of_few(file, class) {
            return None;
        }
        let level = if growing.is_some() { Severity::Warning } else { Severity::Info };
        let class = file.slice(class.name);
        let what = growing.map_or(String::new(), |it| {
            format!(" and an entry for each `{}`", file.slice(it.name))
        });
        return Some((level, format!("keeps every `{class}` alive{what}")));
    }
    let growing = growing?;
    // How many there are in the end is known to those who call it.
    let message = format!("keeps an entry for each `{}` for ever", file.slice(growing.name));
    Some((Severity::Info, message))
}

fn has_decorator(file: &FileContext<'_>, function: &Definition, name: &str) -> bool {
    file.outline.decorators(function).iter().any(|&it| file.slice(it) == name)
}

/// Whether a function is made by each call of another: its cache goes with it.
fn is_local(file: &FileContext<'_>, function: &Definition) -> bool {
    let mut around = function.parent;
    while let Some(id) = around {
        let definition = file.outline.definition(id);
        if definition.is_function() {
            return true;
        }
        around = definition.parent;
    }
    false
}

/// Whether the cache is there so that a message is not repeated: `_warn_deprecated`.
fn says_once(file: &FileContext<'_>, function: &Definition) -> bool {
    let words = words(file.slice(function.name));
    words.first().is_some_and(|it| matches!(it.as_str(), "log" | "warn"))
}

/// Whether somebody empties it.
fn is_cleared(file: &FileContext<'_>, function: &Definition) -> bool {
    file.source.text().contains(&format!("{}.cache_clear", file.slice(function.name)))
}

/// Whether there are only a few objects of a class: members of an enumeration, settings, a singleton.
fn is_one_of_few(file: &FileContext<'_>, class: &Definition) -> bool {
    let name = file.slice(class.name);
    let is_few = |word: &String| {
        matches!(
            word.as_str(),
            "app"
                | "application"
                | "backend"
                | "config"
                | "configuration"
                | "enum"
                | "factory"
                | "loader"
                | "manager"
                | "plugin"
                | "provider"
                | "registry"
                | "settings"
                | "singleton"
        )
    };
    words(name).iter().any(is_few)
        || file.outline.arguments(class).iter().any(|it| {
            let base = last_part(file.slice(it.value));
            base.ends_with("Enum")
                || base.ends_with("Flag")
                || base.ends_with("Command")
                || words(base).iter().any(is_few)
                || base == "type"
        })
        || file.source.text().contains("cache_clear")
        || is_made_once(file, name)
}

/// Whether the module makes an object of the class.
fn is_made_once(file: &FileContext<'_>, class: &str) -> bool {
    let mut made = file.outline.calls.iter().filter(|call| file.slice(call.name) == class);
    made.any(|call| calls::runs_at_import(file, call.name.start))
}

/// Whether the values of a parameter have no end, by what it is called: each user, each text, each moment brings another.
fn grows(file: &FileContext<'_>, parameter: &Parameter) -> bool {
    if matches!(parameter.kind, ParameterKind::VarKeyword | ParameterKind::VarPositional) {
        return false;
    }
    if parameter.annotation.is_some_and(|it| is_finite(file.slice(it))) {
        return false;
    }
    let name = file.slice(parameter.name);
    let words = words(name);
    let Some(last) = words.last() else { return false };
    let before = words.len().checked_sub(2).map_or("", |index| words[index].as_str());
    let is_id = matches!(last.as_str(), "id" | "ids" | "pk" | "uuid")
        && !FEW.contains(&before)
        && (!before.is_empty() || last != "id");
    is_id
        || words
            .iter()
            .all(|word| ENDLESS.contains(&word.as_str()) || QUALIFYING.contains(&word.as_str()))
            && ENDLESS.contains(&last.as_str())
}

/// Whether a type has few values.
fn is_finite(annotation: &str) -> bool {
    let base =
        annotation.trim_matches(['"', '\'']).split(['[', '|']).next().unwrap_or_default().trim();
    matches!(last_part(base), "bool" | "Literal" | "type" | "Type" | "Callable" | "Path")
        || base.ends_with("Enum")
        || base.ends_with("Type")
        || base.ends_with("Kind")
}

/// Words before `id` of which there are few.
const FEW: [&str; 22] = [
    "app", "asset", "backend", "category", "chain", "channel", "client", "country", "currency",
    "dataset", "device", "encoding", "lang", "language", "locale", "model", "node", "org",
    "plugin", "project", "provider", "region",
];

/// Words for what has no end.
const ENDLESS: [&str; 24] = [
    "address",
    "body",
    "content",
    "document",
    "email",
    "expression",
    "html",
    "ip",
    "message",
    "now",
    "password",
    "payload",
    "phone",
    "prompt",
    "query",
    "question",
    "request",
    "session",
    "sql",
    "text",
    "timestamp",
    "token",
    "url",
    "username",
];

/// Words that may stand before them.
const QUALIFYING: [&str; 14] = [
    "base64", "client", "current", "image", "input", "ip", "page", "raw", "remote", "search",
    "start", "the", "user", "video",
];
