//! Times without a zone that somebody takes for the right one all the same: a project of Django without zones, a driver
//! that knows the process's clock, a property that adds the zone, days that are counted, data that is made up. Knows
//! what the project says of them, nothing of its database.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{DefinitionKind, Node};

use super::fate::Fate;
use super::{Naive, custom, is_at_utc, says, uses_zones};
use crate::shared::code::nodes::around;
use crate::shared::code::text::places_of;
use crate::shared::code::vocabulary::among;
use crate::shared::code::words::{last_part, words};

/// Whether nobody is hurt by a time of a fate.
pub(super) fn is(file: &FileContext<'_>, value: Node<'_>, fate: Fate, kind: Naive) -> bool {
    is_made_up(file, value)
        || fate == Fate::Compared && counts_days(file, value)
        || fate == Fate::Answered && (is_of_stub(file, value) || is_of_answer(file, value))
        // What is answered in place of the true answer has no time of its own.
        || fate == Fate::Answered && around(value).any(|it| it.kind() == "except_clause")
        || is_kept(fate)
            && (uses_zones(file) == Some(false)
                || kind == Naive::Local && is_driver_of_clock(file, fate)
                || fate == Fate::Stored && gains_zone(file, value))
}

/// Whether a time is one of a command of Django's, in a project that sets the clock to UTC: it is right there, and who runs the
/// command reads the warning.
pub(super) fn is_of_command(file: &FileContext<'_>, fate: Fate) -> bool {
    let mut folders = file.file.path.components().map(|it| it.as_str());
    matches!(fate, Fate::InDjango | Fate::Compared)
        && folders.any(|it| it == "commands")
        && is_at_utc(file)
}

/// Whether a database gets to see a time.
fn is_kept(fate: Fate) -> bool {
    matches!(fate, Fate::Stored | Fate::Compared | Fate::InZonedColumn)
}

/// Whether a time is one of examples.
fn is_made_up(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let says = |name: &str| {
        matches!(
            words(name).first().map(String::as_str),
            Some("mock" | "fake" | "dummy" | "sample")
        )
    };
    let is_named = around(value)
        .filter_map(|it| it.child_by_field_name("left"))
        .any(|it| says(last_part(file.text(it))));
    let offset = value.start_byte() as u32;
    is_named || file.outline.enclosing(offset).any(|it| says(file.slice(it.name)))
}

/// What keeps or sends something.
const WRITES: [&str; 13] = [
    "] =",
    "add(",
    "add_task(",
    "commit(",
    "execute(",
    "insert",
    "post(",
    "publish(",
    "put(",
    "put_nowait(",
    "save(",
    "send(",
    "write(",
];

/// Whether an answer is made up until there is a true one: a row of a list of literals, or a function that keeps nothing and is a
/// coroutine without anything to wait for, or has a comment that says so.
fn is_of_stub(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let row = around(value).find(|it| it.kind() == "dictionary");
    let in_list = row.and_then(|it| it.parent()).is_some_and(|it| it.kind() == "list");
    let is_literal = |pair: Node<'_>| {
        pair.child_by_field_name("value").is_some_and(|it| {
            matches!(it.kind(), "string" | "integer" | "float" | "true" | "false" | "none")
                || it.byte_range().contains(&value.start_byte())
        })
    };
    let Some(function) = file.function_at(value.start_byte() as u32) else { return false };
    // It takes nothing, and all that it does is to give literals back.
    let is_alone = row.and_then(|it| it.parent()).is_some_and(|it| {
        let body = it.parent().filter(|_| it.kind() == "return_statement");
        body.is_some_and(|it| it.named_children(&mut it.walk()).all(is_of_stub_alone))
    }) && file.outline.signature(function).parameters.is_empty();
    if is_filled_up(file, value) {
        return true;
    }
    let in_list = in_list || is_alone;
    if in_list && row.is_some_and(|it| it.named_children(&mut it.walk()).all(is_literal)) {
        return true;
    }
    let body = file.slice(function.body);
    let says_so = |comment: &str| {
        let lower = comment.to_ascii_lowercase();
        ["in production", "for now,", "placeholder", "simulate", "stub"]
            .iter()
            .any(|it| lower.contains(it))
    };
    let more = ["append(", "await ", ".create", "delay(", "start(", "update("];
    let is_asynchronous = function.kind == DefinitionKind::AsyncFunction;
    !WRITES.iter().any(|it| body.contains(it))
        && (is_asynchronous && !more.iter().any(|it| body.contains(it))
            || file.comments_in(function.span).any(says_so))
}

/// Whether a statement gives something back, or is the description of a function.
fn is_of_stub_alone(statement: Node<'_>) -> bool {
    statement.kind() == "return_statement"
        || statement.kind() == "comment"
        || statement.named_child(0).is_some_and(|it| it.kind() == "string")
}

/// Whether an object is made of literals, times of now and what was asked for: the answer to who asks for what is not there.
fn is_filled_up(file: &FileContext<'_>, value: Node<'_>) -> bool {
    const EMPTY: [&str; 2] = ["dictionary", "list"];
    const FEWEST: usize = 4;
    let Some(given) = around(value).find(|it| it.kind() == "argument_list") else { return false };
    let given = match given.parent().and_then(|it| it.child_by_field_name("function")) {
        // The call that makes the time, or that writes it as text.
        Some(own) if own.end_byte() >= value.end_byte() => return false,
        _ => given,
    };
    let mut cursor = given.walk();
    let (mut literals, mut others) = (0, 0);
    for argument in given.named_children(&mut cursor) {
        let Some(of) = argument.child_by_field_name("value") else { return false };
        let name = argument.child_by_field_name("name").map_or("", |it| file.text(it));
        let text = file.text(of);
        let is_literal =
            matches!(of.kind(), "string" | "integer" | "float" | "true" | "false" | "none")
                || EMPTY.contains(&of.kind()) && of.named_child_count() == 0;
        literals += usize::from(is_literal);
        let is_now = text.contains("now()");
        others += usize::from(!is_literal && !is_now && text != name);
    }
    literals >= FEWEST && others == 0
}

/// Whether a time is that of the answer itself, by the name it gets, be it through a name of the function: who asks knows it
/// better. What is done now is the answer's, too, where no model keeps it.
fn is_of_answer(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let named = around(value).find_map(|it| match it.kind() {
        "pair" => it.child_by_field_name("key"),
        "keyword_argument" => it.child_by_field_name("name"),
        _ => None,
    });
    let shifted =
        around(value).take_while(|it| it.kind() != "pair").any(|it| it.kind() == "binary_operator");
    if shifted {
        return false;
    }
    match named {
        Some(it) => is_name_of_answer(file, file.text(it)),
        None => is_of_answer_by_name(file, value),
    }
}

/// Whether a name of a part of an answer is that of the time at which it is given.
fn is_name_of_answer(file: &FileContext<'_>, name: &str) -> bool {
    const OF_ANSWERS: &str = "analyzedat asof calculatedat checkedat collectedat computedat currenttime date \
        evaluatedat executedat exportedat fetchedat generatedat lastcheck lastchecked lastupdate lastupdated loadedat \
        matchedat queriedat renderedat reportdate retrievedat scannedat servertime time timestamp";
    let name = name.trim_matches(['"', '\'']);
    let simple: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    among(OF_ANSWERS, &simple.to_ascii_lowercase())
        || name.ends_with("ed_at") && !custom::is_column(file, name)
}

/// Whether a function gives a time a name, and writes it as text under such names alone.
fn is_of_answer_by_name(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let left = value.parent().filter(|it| it.kind() == "assignment");
    let Some(left) = left.and_then(|it| it.child_by_field_name("left")) else { return false };
    let Some(function) = file.function_at(value.start_byte() as u32) else { return false };
    let body = file.slice(function.body);
    let written = format!("{}.isoformat()", file.text(left));
    let mut any = false;
    let only = places_of(body, &written).all(|at| {
        any = true;
        let before = body[..at].trim_end();
        let key = before.strip_suffix([':', '=']).unwrap_or_default().trim_end();
        let key = key.rsplit([' ', '\n', '(', '{', ',']).next().unwrap_or_default();
        is_name_of_answer(file, key)
    });
    any && only
}

/// Whether a time is so and so many days before now: hours change little there.
fn counts_days(file: &FileContext<'_>, value: Node<'_>) -> bool {
    around(value).take_while(|it| !it.kind().ends_with("statement")).any(|it| {
        let text = if it.kind() == "binary_operator" { file.text(it) } else { "" };
        text.contains("delta(days") || text.contains("delta(weeks")
    })
}

/// Whether a driver takes a naive time for one of the process's clock, as asyncpg does for columns with zones.
fn is_driver_of_clock(file: &FileContext<'_>, fate: Fate) -> bool {
    const OTHERS: [&str; 7] =
        ["mysqlclient", "pg8000", "psycopg", "psycopg2", "psycopg2-binary", "pymysql", "pyodbc"];
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(own) = facts.dependencies().components.get(known.component) else { return false };
    let declares = |names: &[&str]| own.declared().any(|it| names.contains(&it.name.as_str()));
    let text = file.source.text();
    // The others are there for migrations, as code that waits cannot work with them.
    let waits = || text.contains("async with") && says(file, &["+asyncpg:"]);
    // A database in a file is mostly that of the tests.
    let in_file = || declares(&["aiosqlite"]) && says(file, &["+aiosqlite:"]);
    let is_sole = || !declares(&OTHERS) && !in_file() || text.contains("AsyncSession") || waits();
    (declares(&["asyncpg"]) || says(file, &["+asyncpg:"]))
        && is_sole()
        && (fate == Fate::InZonedColumn || says(file, &["timezone=True"]))
}

/// Whether the sessions of the component work through asyncpg, which takes a time without a zone for the process's: it is
/// declared, and an engine that waits for it is made.
pub(super) fn works_through_asyncpg(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(own) = facts.dependencies().components.get(known.component) else { return false };
    own.declared().any(|it| it.name == "asyncpg")
        && says(file, &["+asyncpg:"])
        && says(file, &["AsyncSession"])
        && says(file, &["create_async_engine(", "async_engine_from_config("])
}

/// Whether times are stored as documents that are read with the zone of UTC: their driver takes what has none for UTC.
pub(super) fn is_in_mongo(file: &FileContext<'_>) -> bool {
    const MAPPERS: [&str; 5] = ["beanie", "mongoengine", "motor", "odmantic", "pymongo"];
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(own) = facts.dependencies().components.get(known.component) else { return false };
    let declares = |names: &[&str]| own.declared().any(|it| names.contains(&it.name.as_str()));
    declares(&MAPPERS)
        && !declares(&["django", "peewee", "sqlalchemy", "sqlmodel", "tortoise-orm"])
        && says(file, &["tz_aware=True"])
}

/// Whether a time is given to a property of the project whose setter adds the zone.
fn gains_zone(file: &FileContext<'_>, value: Node<'_>) -> bool {
    const ZONES: [&str; 4] = ["localize(", "astimezone(", "replace(tzinfo", "make_aware("];
    let assignment = around(value).find(|it| it.kind() == "assignment");
    let left = assignment.and_then(|it| it.child_by_field_name("left"));
    let Some(left) = left.filter(|it| it.kind() == "attribute") else { return false };
    let Some((facts, known)) = file.in_facts() else { return false };
    let head = format!("@{}.setter", last_part(file.text(left)));
    let adds = |text: &str| {
        text.match_indices(&head).any(|(at, _)| {
            let setter = text[at + head.len()..].split("\n    @").next().unwrap_or_default();
            let setter = setter.split("\n    def ").take(2).collect::<String>();
            ZONES.iter().any(|it| setter.contains(it))
        })
    };
    let project = facts.project();
    let is_test = |path: &Utf8Path| path.file_name().is_some_and(|it| it.starts_with("test_"));
    facts.answer(known.component, format!("{head} adds a zone"), || {
        let mut files = project.files.iter().filter(|it| it.kind.is_python() && !is_test(&it.path));
        files.any(|it| facts.source(it).is_some_and(|it| adds(it.text())))
    })
}
