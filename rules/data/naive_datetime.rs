//! See `naive-datetime.toml`. Knows what becomes of a value within one function; nothing of the columns and zones of a
//! database.

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter};
use roadworthy_parser::{Call, ImportKind, Node, Span};

use crate::shared::code::calls::{self, LOG_METHODS};
use crate::shared::code::nodes::walk;
use crate::shared::code::strings::{receiver_of_method, root_of};
use crate::shared::code::words::{last_part, words};

/// Whether the trigger is one of `datetime`'s.
pub(super) fn candidate(file: &FileContext<'_>, offset: u32) -> bool {
    if !file.names().imports_module("datetime") {
        return false;
    }
    let calls = &file.outline.calls;
    let after = calls.partition_point(|it| it.name.start <= offset);
    match calls[..after].last().filter(|it| it.name.end > offset) {
        Some(call) => naive(file, call).is_some(),
        None => file.outline.line_at(offset).is_some_and(|line| {
            let text = file.slice(line.span);
            text.contains("default") || text.contains("onupdate")
        }),
    }
}

/// How a time is without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naive {
    /// The clock of the place where the program runs.
    Local,
    /// UTC that does not say so.
    Utc,
}

fn naive(file: &FileContext<'_>, call: &Call) -> Option<Naive> {
    let kind = by_name(&calls::callee(file, call)?)?;
    let given = calls::arguments(file, call);
    let zone = given.iter().any(|it| {
        matches!(it.keyword, Some("tz" | "tzinfo")) && it.value != "None"
            || it.value.starts_with('*')
    });
    let most = usize::from(file.slice(call.name).ends_with("timestamp"));
    (!zone && given.iter().filter(|it| it.keyword.is_none()).count() <= most).then_some(kind)
}

fn by_name(canonical: &str) -> Option<Naive> {
    match canonical {
        "datetime.datetime.now" | "datetime.datetime.fromtimestamp" => Some(Naive::Local),
        "datetime.datetime.utcnow" | "datetime.datetime.utcfromtimestamp" => Some(Naive::Utc),
        _ => None,
    }
}

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    if node.kind() == "attribute" {
        of_reference(file, node, out);
        return;
    }
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.arguments.start < arguments.start_byte() as u32);
    let call = calls[first..].iter().take(1).find(|it| it.arguments == Span::of(arguments));
    let Some((call, kind)) = call.and_then(|it| Some((it, naive(file, it)?))) else { return };
    let Some(fate) = fate(file, node, kind).or_else(|| fate_of_name(file, node, kind)) else {
        return;
    };
    let name = last_part(file.slice(call.name));
    let message = format!("`{name}()` has no zone, and its value is {}", fate.said());
    let mut report = Report::on(node).message(message);
    if let Some(edits) = aware(file, call) {
        report = report.fix(Fix::to_look_at(edits));
    }
    out.report(report);
}

/// `default=datetime.utcnow`
fn of_reference(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    let Some(parent) = node.parent().filter(|it| it.kind() == "keyword_argument") else { return };
    let word = parent.child_by_field_name("name").map(|it| file.text(it));
    if !matches!(word, Some("default" | "default_factory" | "onupdate")) {
        return;
    }
    if file.qualified(node).and_then(|it| by_name(&it)).is_none() {
        return;
    }
    let what = if word == Some("onupdate") { "value" } else { "default" };
    let message = format!("`{}` has no zone, and is the {what} of what is stored", file.text(node));
    out.report(Report::on(node).message(message));
}

/// What becomes of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Stored,
    Compared,
    Sent,
    /// Sent as the time of a message or an answer, which few read again.
    Noted,
}

impl Fate {
    fn said(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Compared => "compared with a stored one",
            Self::Sent | Self::Noted => "written as text for others to read",
        }
    }
}

/// What becomes of an expression, as far as the statement around it tells.
fn fate(file: &FileContext<'_>, value: Node<'_>, kind: Naive) -> Option<Fate> {
    let mut node = value;
    let mut is_text = false;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "attribute" => {
                let method = parent.parent().filter(|it| it.kind() == "call")?;
                let (_, name) = receiver_of_method(file, method)?;
                match name {
                    "isoformat" => is_text = true,
                    "replace" if !file.text(method).contains("tzinfo") => {}
                    _ => return None,
                }
                node = method;
                continue;
            }
            "binary_operator" => {
                let operator = parent.child_by_field_name("operator")?.kind();
                let other = if parent.child_by_field_name("left")?.id() == node.id() {
                    "right"
                } else {
                    "left"
                };
                let other = file.text(parent.child_by_field_name(other)?);
                let is_sum = matches!(operator, "+" | "-") && !is_text;
                if !is_sum || operator == "-" && !is_span(other) {
                    return None;
                }
            }
            "parenthesized_expression"
            | "conditional_expression"
            | "boolean_operator"
            | "lambda" => {}
            "keyword_argument" => return of_keyword(file, parent, is_text),
            "pair" => return of_pair(file, parent, kind, is_text),
            "comparison_operator" => {
                return (!is_text && is_compared(file, parent, node)).then_some(Fate::Compared);
            }
            "assignment" => return of_assignment(file, parent, is_text),
            _ => return None,
        }
        node = parent;
    }
    None
}

/// Whether an operand is a span of time.
fn is_span(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "delta",
        "ttl",
        "timeout",
        "interval",
        "lifetime",
        "window",
        "duration",
        "age",
        "period",
        "retention",
    ]
    .iter()
    .any(|it| lower.contains(it))
}

/// What becomes of a value that is bound to a name, once, in the same function.
fn fate_of_name(file: &FileContext<'_>, value: Node<'_>, kind: Naive) -> Option<Fate> {
    let mut node = value;
    let assignment = loop {
        let parent = node.parent()?;
        match parent.kind() {
            "assignment" => break parent,
            "binary_operator" | "parenthesized_expression" => node = parent,
            _ => return None,
        }
    };
    if node.id() != value.id() && file.text(node).contains('-') && !is_span(file.text(node)) {
        return None;
    }
    let left = assignment.child_by_field_name("left").filter(|it| it.kind() == "identifier")?;
    let name = file.text(left);
    let offset = left.start_byte() as u32;
    let scope = file.outline.line_at(offset).and_then(|it| it.scope)?;
    if file.values().bindings(name).iter().filter(|it| it.scope == Some(scope)).count() != 1 {
        return None;
    }
    let function = file.outline.definition(scope).span;
    let root =
        root_of(left).descendant_for_byte_range(function.start as usize, function.end as usize)?;
    let mut found = None;
    walk(root, |it| {
        if found.is_none()
            && it.kind() == "identifier"
            && it.start_byte() > assignment.end_byte()
            && file.text(it) == name
        {
            let is_keyword = it.parent().is_some_and(|parent| {
                parent.child_by_field_name("name").is_some_and(|name| name.id() == it.id())
            });
            if !is_keyword {
                found = fate(file, it, kind);
            }
        }
        found.is_none()
    });
    found
}

/// Whether a name speaks of a time that is kept.
fn is_time(name: &str) -> bool {
    words(name).last().is_some_and(|it| {
        matches!(
            it.as_str(),
            "at" | "on"
                | "date"
                | "time"
                | "timestamp"
                | "created"
                | "updated"
                | "modified"
                | "expires"
                | "expiry"
                | "login"
                | "seen"
                | "until"
                | "since"
                | "deadline"
                | "joined"
                | "deleted"
                | "gte"
                | "lte"
                | "gt"
                | "lt"
                | "datetime"
        )
    })
}

fn of_keyword(file: &FileContext<'_>, argument: Node<'_>, is_text: bool) -> Option<Fate> {
    let name = file.text(argument.child_by_field_name("name")?);
    let call = argument.parent()?.parent().filter(|it| it.kind() == "call")?;
    let function = call.child_by_field_name("function")?;
    let called = last_part(file.text(function));
    if matches!(name, "default" | "default_factory" | "onupdate") {
        let declares = called.bytes().next().is_some_and(|it| it.is_ascii_uppercase())
            || matches!(called, "mapped_column" | "column" | "field");
        return (declares && !is_text).then_some(Fate::Stored);
    }
    if !is_time(name) {
        return None;
    }
    let is_query = matches!(
        called,
        "create"
            | "update"
            | "filter"
            | "exclude"
            | "values"
            | "get_or_create"
            | "update_or_create"
            | "filter_by"
            | "acreate"
            | "aupdate"
    ) && function.kind() == "attribute";
    let is_class = called.bytes().next().is_some_and(|it| it.is_ascii_uppercase());
    match () {
        () if is_text => is_class.then(|| sent(name)),
        () if is_query => Some(Fate::Stored),
        () => None,
    }
}

fn of_pair(file: &FileContext<'_>, pair: Node<'_>, kind: Naive, is_text: bool) -> Option<Fate> {
    let key = pair.child_by_field_name("key").filter(|it| it.kind() == "string")?;
    let key = file.text(key).trim_matches(['"', '\'']);
    if matches!(key, "exp" | "iat" | "nbf") && kind == Naive::Utc {
        return None;
    }
    let mut node = pair;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "dictionary"
            | "pair"
            | "list"
            | "argument_list"
            | "keyword_argument"
            | "parenthesized_expression" => {}
            "call" => {
                let called = last_part(file.text(parent.child_by_field_name("function")?));
                let is_log =
                    LOG_METHODS.contains(&called) || called.contains("log") || called == "print";
                let stores = matches!(
                    called,
                    "insert_one"
                        | "insert_many"
                        | "update_one"
                        | "update_many"
                        | "find"
                        | "find_one"
                        | "execute"
                        | "jsonify"
                        | "encode"
                );
                return match () {
                    () if is_log => None,
                    () if stores && is_text => Some(sent(key)),
                    () if stores => Some(Fate::Stored),
                    () => (is_text && is_time(key)).then(|| sent(key)),
                };
            }
            _ => return (is_text && is_time(key)).then(|| sent(key)),
        }
        node = parent;
    }
    None
}

/// What becomes of a text under a name.
fn sent(name: &str) -> Fate {
    let says_little = words(name).last().is_some_and(|it| {
        matches!(it.as_str(), "timestamp" | "time" | "datetime" | "ts") || name == "date"
    });
    if says_little { Fate::Noted } else { Fate::Sent }
}

/// Whether the other side of a comparison is an attribute of something that was stored.
fn is_compared(file: &FileContext<'_>, comparison: Node<'_>, own: Node<'_>) -> bool {
    // A column of a query is an attribute of a class; outside of one that is what the program holds itself.
    let is_query = comparison.parent().is_some_and(|it| {
        matches!(it.kind(), "argument_list" | "binary_operator" | "parenthesized_expression")
    });
    let is_class = |text: &str| text.bytes().next().is_some_and(|it| it.is_ascii_uppercase());
    let mut cursor = comparison.walk();
    let mut others = comparison.named_children(&mut cursor).filter(|it| it.id() != own.id());
    others.any(|it| {
        let text = file.text(it);
        it.kind() == "attribute"
            && is_time(last_part(text))
            && !text.starts_with("self.")
            && !text.starts_with("cls.")
            && (is_query || !is_class(text))
    })
}

fn of_assignment(file: &FileContext<'_>, assignment: Node<'_>, is_text: bool) -> Option<Fate> {
    let left = assignment.child_by_field_name("left")?;
    let text = file.text(left);
    match left.kind() {
        "attribute" => {
            let own = text.starts_with("self.") || text.starts_with("cls.");
            let kept = is_time(last_part(text)) && !text.contains("._");
            let stored = !own || is_model(file, left.start_byte() as u32);
            (kept && stored && !is_text).then_some(Fate::Stored)
        }
        "subscript" => {
            let key = left.child_by_field_name("subscript").filter(|it| it.kind() == "string")?;
            let key = file.text(key).trim_matches(['"', '\'']);
            (is_text && is_time(key)).then(|| sent(key))
        }
        _ => None,
    }
}

/// Whether the class around an offset is a model of a database.
fn is_model(file: &FileContext<'_>, offset: u32) -> bool {
    let class = file.outline.enclosing(offset).find(|it| it.is_class());
    class.is_some_and(|class| {
        file.outline.arguments(class).iter().any(|it| {
            let base = last_part(file.slice(it.value));
            matches!(base, "Base" | "SQLModel") || base.ends_with("Model") && base != "BaseModel"
        })
    })
}

/// The same call, of the time in UTC with its zone.
fn aware(file: &FileContext<'_>, call: &Call) -> Option<Vec<Edit>> {
    let written = file.slice(call.name);
    let (class, name) = written.rsplit_once('.')?;
    let (zone, import) = zone(file, class, call.name.start)?;
    let mut edits: Vec<Edit> = import.into_iter().collect();
    match name {
        "now" | "utcnow" if file.slice(calls::inside(call)).trim().is_empty() => {
            edits.push(Edit { span: calls::span(call), text: format!("{class}.now(tz={zone})") });
        }
        "fromtimestamp" | "utcfromtimestamp" => {
            let [only] = calls::arguments(file, call)[..] else { return None };
            let text = format!("{class}.fromtimestamp({}, tz={zone})", only.value);
            edits.push(Edit { span: calls::span(call), text });
        }
        _ => return None,
    }
    edits.sort();
    Some(edits)
}

/// How the zone is written, and the import that makes it known.
fn zone(file: &FileContext<'_>, class: &str, offset: u32) -> Option<(String, Option<Edit>)> {
    let names = file.names();
    if let Some(module) = class.strip_suffix(".datetime") {
        return (names.resolve(module, offset)?.as_ref() == "datetime")
            .then(|| (format!("{module}.timezone.utc"), None));
    }
    let of = |name: &str| names.resolve(name, offset).map(std::borrow::Cow::into_owned);
    if of("UTC").as_deref() == Some("datetime.UTC") {
        return Some(("UTC".to_owned(), None));
    }
    if of("timezone").as_deref() == Some("datetime.timezone") {
        return Some(("timezone.utc".to_owned(), None));
    }
    let is_free = of("timezone").as_deref() == Some("timezone")
        && file.values().bindings("timezone").is_empty();
    let import = file.outline.imports.iter().find(|it| {
        it.kind == ImportKind::From
            && it.scope.is_none()
            && it.level == 0
            && file.slice(it.module) == "datetime"
            && file.slice(it.name) == "datetime"
    })?;
    let end = import.alias.unwrap_or(import.name).end;
    is_free.then(|| ("timezone.utc".to_owned(), Some(Edit::insert(end, ", timezone"))))
}
