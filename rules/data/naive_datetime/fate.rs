//! What becomes of a time within one function: kept, compared, sent, or shown and forgotten. Knows names of fields and of
//! what stores them; nothing of the types behind.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;
use roadworthy_project::File;

use super::Naive;
use crate::shared::code::nodes::{around, walk};
use crate::shared::code::strings::{receiver_of_method, root_of};
use crate::shared::code::text::places_of;
use crate::shared::code::words::{last_part, words};
use crate::shared::frameworks::entry_points::{self, EntryPoint};

/// What becomes of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Stored,
    /// Stored by Django, or a parameter of its queries.
    InDjango,
    /// Stored in a column that keeps zones.
    InZonedColumn,
    Compared,
    /// As text, in what a route answers.
    Answered,
    /// As text, in what is handed to a queue, another service or a database.
    Sent,
}

/// What becomes of a time, by the statement that makes it or by the name that it gets.
pub(super) fn of(file: &FileContext<'_>, value: Node<'_>, kind: Naive) -> Option<Fate> {
    fate(file, value, kind).or_else(|| fate_of_name(file, value, kind))
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
    if matches!(name, "default" | "default_factory" | "onupdate") {
        return if is_text { None } else { of_default(file, argument) };
    }
    if !is_time(name) {
        return None;
    }
    let call = argument.parent()?.parent().filter(|it| it.kind() == "call")?;
    let function = call.child_by_field_name("function")?;
    let called = last_part(file.text(function));
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
        () if is_text && (is_class || is_sink(called)) => sent(name, reader(file, argument)?),
        () if is_text || !is_query => None,
        () if file.names().imports_module("django") => in_django(file, name),
        () => Some(Fate::Stored),
    }
}

/// Libraries whose fields describe what a request or an answer holds.
const REQUESTS: [&str; 6] =
    ["flask_restful", "flask_restx", "marshmallow", "rest_framework", "webargs", "wtforms"];

/// What becomes of the default of a column or a field. Those of data classes are held in memory.
pub(super) fn of_default(file: &FileContext<'_>, argument: Node<'_>) -> Option<Fate> {
    let word = file.text(argument.child_by_field_name("name")?);
    let call = argument.parent()?.parent().filter(|it| it.kind() == "call")?;
    let called = last_part(file.text(call.child_by_field_name("function")?));
    let declares = called.bytes().next().is_some_and(|it| it.is_ascii_uppercase())
        || matches!(called, "mapped_column" | "column");
    if !declares || !matches!(word, "default" | "default_factory" | "onupdate") {
        return None;
    }
    if file.callee(call).is_some_and(|it| it.starts_with("django.")) {
        return (called == "DateTimeField").then_some(Fate::InDjango);
    }
    // What a request leaves out is no row.
    let of_request = |it: &str| REQUESTS.contains(&it.split('.').next().unwrap_or_default());
    if file.callee(call).is_some_and(|it| of_request(&it)) {
        return None;
    }
    if called == "Field" && file.callee(call).is_some_and(|it| it.starts_with("pydantic.")) {
        return is_document(file, call.start_byte() as u32).then_some(Fate::Stored);
    }
    let text = file.text(call);
    let is_zoned = ["timezone=True", "TIMESTAMPTZ"].iter().any(|it| text.contains(it));
    Some(if is_zoned { Fate::InZonedColumn } else { Fate::Stored })
}

/// What Django makes of a time under the name of a field; one of a day has no zone.
fn in_django(file: &FileContext<'_>, field: &str) -> Option<Fate> {
    const PARTS: [&str; 8] = ["date", "day", "hour", "iso_year", "month", "time", "week", "year"];
    let asks_part = field.split("__").skip(1).any(|it| PARTS.contains(&it));
    let field = field.split("__").next().unwrap_or(field);
    let is_day = words(field).last().is_some_and(|it| matches!(it.as_str(), "date" | "day" | "on"));
    (!asks_part && !is_day && !is_date_field(file, field)).then_some(Fate::InDjango)
}

/// Whether a module of models somewhere in the project declares a field of this name to be a day.
fn is_date_field(file: &FileContext<'_>, field: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    let declares = |text: &str| {
        text.lines().any(|line| {
            line.trim_start().strip_prefix(field).is_some_and(|rest| {
                rest.trim_start().starts_with(['=', ':']) && rest.contains("DateField(")
            })
        })
    };
    let is_of_models = |it: &&File| it.kind.is_python() && it.path.as_str().contains("model");
    facts.answer(known.component, format!("a model has the day {field}"), || {
        let mut models = project.files.iter().filter(is_of_models);
        models.any(|it| facts.source(it).is_some_and(|it| declares(it.text())))
    })
}

/// Whether each model that has a field of this name lets Django set it whenever a row is saved.
fn sets_itself(file: &FileContext<'_>, field: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let question = format!("Django sets {field} itself");
    facts.answer(known.component, question, || {
        let files = facts.project().files.iter();
        let models = files.filter(|it| it.kind.is_python() && it.path.as_str().contains("model"));
        let sources: Vec<_> = models.filter_map(|it| facts.source(it)).collect();
        let lines = sources.iter().flat_map(|it| it.text().lines());
        let mut declared = lines
            .filter_map(|it| it.trim_start().strip_prefix(field)?.trim_start().strip_prefix('='))
            .filter(|it| it.contains("DateTimeField("))
            .peekable();
        declared.peek().is_some() && declared.all(|it| it.contains("auto_now=True"))
    })
}

/// Whether a value becomes a local name that the function never reads, or a part of what gets no name at all.
pub(super) fn is_unread(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let statement = around(value).find(|it| it.kind() == "expression_statement");
    let whole = statement.and_then(|it| it.named_child(0));
    if whole.is_some_and(|it| matches!(it.kind(), "dictionary" | "list" | "set" | "tuple")) {
        return true;
    }
    let Some(assignment) = around(value).find(|it| it.kind() == "assignment") else { return false };
    let Some(left) = assignment.child_by_field_name("left") else { return false };
    let Some(function) = file.function_at(value.start_byte() as u32) else { return false };
    // A part of a dotted name, `datetime.now`, is another one.
    let is_word = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.');
    let name = file.text(left);
    let is_read = |it: &&str| it.split('.').next() == Some(name);
    left.kind() == "identifier"
        && file.slice(function.span).split(|it| !is_word(it)).filter(is_read).count() == 1
}

/// Whether a time is the start value of an attribute that its class reads nowhere, nor anything else of the file.
pub(super) fn is_kept_for_nobody(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let offset = value.start_byte() as u32;
    let assignment = around(value).find(|it| it.kind() == "assignment");
    let left = assignment.and_then(|it| it.child_by_field_name("left"));
    let mut outer = file.outline.enclosing(offset);
    let is_start = outer.next().is_some_and(|it| file.slice(it.name) == "__init__");
    let name = left.and_then(|it| file.text(it).strip_prefix("self."));
    let (Some(name), Some(class)) = (name.filter(|_| is_start), outer.next()) else { return false };
    let text = file.source.text();
    places_of(text, name).all(|at| {
        let behind = text[at + name.len()..].trim_start();
        let is_written = behind.starts_with('=') && !behind.starts_with("==");
        let is_of_other = text[..at].ends_with("self.") && !class.span.contains(at as u32);
        !text[..at].ends_with('.')
            || is_written
            || is_of_other
            || behind.starts_with('(')
            || file.outline.comment_at(at as u32).is_some()
    })
}

fn of_pair(file: &FileContext<'_>, pair: Node<'_>, kind: Naive, is_text: bool) -> Option<Fate> {
    let key = pair.child_by_field_name("key").filter(|it| it.kind() == "string")?;
    let key = file.text(key).trim_matches(['"', '\'']);
    if matches!(key, "exp" | "iat" | "nbf") && kind == Naive::Utc {
        return None;
    }
    if is_text {
        return if is_time(key) { sent(key, reader(file, pair)?) } else { None };
    }
    let mut calls = around(pair).filter(|it| it.kind() == "call");
    let called = calls.next().and_then(|it| it.child_by_field_name("function"));
    let stores = called.is_some_and(|it| {
        matches!(
            last_part(file.text(it)),
            "insert_one"
                | "insert_many"
                | "update_one"
                | "update_many"
                | "find"
                | "find_one"
                | "execute"
                | "jsonify"
                | "encode"
        )
    });
    stores.then_some(Fate::Stored)
}

/// Who reads a text in a dictionary or in an object: whoever a route answers, or what a call hands it to. Nobody is known to
/// where neither is seen; most are read by the same program again, to show them.
fn reader(file: &FileContext<'_>, within: Node<'_>) -> Option<Fate> {
    if let Some(fate) = reader_around(file, within) {
        return Some(fate);
    }
    let assignment = around(within).find(|it| it.kind() == "assignment")?;
    let left = assignment.child_by_field_name("left")?;
    reader_of_name(file, assignment, left)
}

/// Who reads what a name holds, or the dictionary that a text is put into.
fn reader_of_name(file: &FileContext<'_>, assignment: Node<'_>, left: Node<'_>) -> Option<Fate> {
    let name = match left.kind() {
        "identifier" => left,
        "subscript" => left.child_by_field_name("value").filter(|it| it.kind() == "identifier")?,
        _ => return None,
    };
    let name = file.text(name);
    let function = file.function_at(assignment.start_byte() as u32)?.span;
    let root = root_of(assignment)
        .descendant_for_byte_range(function.start as usize, function.end as usize)?;
    let mut found = None;
    walk(root, |it| {
        let is_use = it.kind() == "identifier"
            && it.start_byte() > assignment.end_byte()
            && file.text(it) == name;
        if found.is_none() && is_use {
            found = reader_around(file, it);
        }
        found.is_none()
    });
    found
}

/// Who reads an expression, as far as the statement around it tells.
fn reader_around(file: &FileContext<'_>, expression: Node<'_>) -> Option<Fate> {
    let mut node = expression;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "dictionary"
            | "pair"
            | "list"
            | "tuple"
            | "argument_list"
            | "keyword_argument"
            | "dictionary_splat"
            | "await"
            | "parenthesized_expression" => {}
            "call" => {
                let function = parent.child_by_field_name("function")?;
                // The value is what the call is made on, not what it is handed.
                if function.id() == node.id() {
                    return None;
                }
                let called = last_part(file.text(function));
                if is_sink(called) && function.kind() == "attribute" {
                    return Some(Fate::Sent);
                }
                let passes_on = called.bytes().next().is_some_and(|it| it.is_ascii_uppercase())
                    || matches!(called, "dumps" | "jsonify" | "dict" | "json_response" | "json");
                if !passes_on {
                    return None;
                }
            }
            "return_statement" => {
                let offset = parent.start_byte() as u32;
                let is_answer = entry_points::around(file, offset) == Some(EntryPoint::Route);
                return is_answer.then_some(Fate::Answered);
            }
            _ => return None,
        }
        node = parent;
    }
    None
}

/// Whether a method of that name hands what it gets to a queue, another service or a database.
fn is_sink(called: &str) -> bool {
    matches!(
        called,
        "apply_async"
            | "delay"
            | "emit"
            | "enqueue"
            | "execute"
            | "execute_update"
            | "insert"
            | "insert_many"
            | "insert_one"
            | "insert_rows_json"
            | "lpush"
            | "patch"
            | "post"
            | "produce"
            | "publish"
            | "put_item"
            | "rpush"
            | "send"
            | "send_json"
            | "send_message"
            | "send_text"
            | "update_one"
            | "update_many"
            | "upsert"
            | "xadd"
    )
}

/// What becomes of a text under a name. When a message or an answer itself was made is read by few again.
fn sent(name: &str, fate: Fate) -> Option<Fate> {
    let words = words(name);
    let (first, last) = (words.first()?.as_str(), words.last()?.as_str());
    let of_message = matches!(last, "timestamp" | "time" | "datetime" | "ts")
        || name == "date"
        || matches!(
            first,
            "accessed"
                | "analyzed"
                | "checked"
                | "collected"
                | "crawled"
                | "exported"
                | "fetched"
                | "generated"
                | "imported"
                | "processed"
                | "received"
                | "retrieved"
                | "scraped"
        );
    (!of_message).then_some(fate)
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
            && (is_query && is_class(text) || is_stored(file, own.start_byte() as u32))
    })
}

fn of_assignment(file: &FileContext<'_>, assignment: Node<'_>, is_text: bool) -> Option<Fate> {
    let left = assignment.child_by_field_name("left")?;
    let text = file.text(left);
    match left.kind() {
        "attribute" => {
            let name = last_part(text);
            let own = text.starts_with("self.") || text.starts_with("cls.");
            let offset = left.start_byte() as u32;
            let stored = if own { is_model(file, offset) } else { is_stored(file, offset) };
            match () {
                () if is_text || !stored || !is_time(name) || text.contains("._") => None,
                () if is_of_plain_object(file, assignment, name) => None,
                () if file.names().imports_module("django") => {
                    in_django(file, name).filter(|_| !sets_itself(file, name))
                }
                () => Some(Fate::Stored),
            }
        }
        "subscript" => {
            let key = left.child_by_field_name("subscript").filter(|it| it.kind() == "string")?;
            let key = file.text(key).trim_matches(['"', '\'']);
            if is_text && is_time(key) {
                sent(key, reader_of_name(file, assignment, left)?)
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Libraries whose objects stand for rows or documents.
const MAPPERS: [&str; 9] = [
    "sqlalchemy",
    "sqlmodel",
    "django",
    "peewee",
    "mongoengine",
    "beanie",
    "odmantic",
    "tortoise",
    "odoo",
];

fn imports_mapper(file: &FileContext<'_>) -> bool {
    MAPPERS.iter().any(|it| file.names().imports_module(it))
}

/// Whether something says that the objects around an offset are written to a database.
fn is_stored(file: &FileContext<'_>, offset: u32) -> bool {
    imports_mapper(file)
        || file.function_at(offset).is_some_and(|function| {
            let body = file.slice(function.body);
            [".commit(", ".save(", ".asave(", ".flush(", ".merge(", "session.add(", "db.add("]
                .iter()
                .any(|it| body.contains(it))
        })
}

/// Whether what is given a time is no row: a class of the same module that derives from nothing sets such an attribute, or the
/// time is made of what the attribute held before, as in what an interface answers: `x.created = fromtimestamp(x.created)`.
fn is_of_plain_object(file: &FileContext<'_>, assignment: Node<'_>, name: &str) -> bool {
    let part = |field| assignment.child_by_field_name(field).map_or("", |it| file.text(it));
    let own = format!("self.{name} =");
    let mut classes = file.outline.definitions.iter().filter(|it| it.is_class());
    part("right").contains(part("left"))
        || classes
            .any(|it| file.outline.arguments(it).is_empty() && file.slice(it.body).contains(&own))
}

/// Whether the class around an offset is a model of a database.
fn is_model(file: &FileContext<'_>, offset: u32) -> bool {
    if !imports_mapper(file) {
        return false;
    }
    let class = file.outline.enclosing(offset).find(|it| it.is_class());
    class.is_some_and(|class| {
        file.outline.arguments(class).iter().any(|it| {
            let base = last_part(file.slice(it.value));
            matches!(base, "Base" | "SQLModel") || base.ends_with("Model") && base != "BaseModel"
        })
    })
}

/// Whether the class around an offset is one of those whose objects are rows or documents, and not only described so.
fn is_document(file: &FileContext<'_>, offset: u32) -> bool {
    let class = file.outline.enclosing(offset).find(|it| it.is_class());
    class.is_some_and(|class| {
        file.outline.arguments(class).iter().any(|it| {
            let base = last_part(file.slice(it.value));
            it.keyword.is_none() && (base == "SQLModel" || base.ends_with("Document"))
        })
    })
}
