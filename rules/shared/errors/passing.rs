//! What a `try` saves and nobody misses: how far work is, which is soon told anew, and what is added to the tables of a database, which
//! fails wherever it is there. Knows statements and words, no levels.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::nodes::{is_deferred, statements, walk};
use crate::shared::code::vocabulary::among;
use crate::shared::code::words::{last_part, words};
use crate::shared::errors::attempts::saves;

/// Calls that make what was done before them stay.
const STAYS: &str = "commit flush refresh save";

/// Whether all statements that a `try` hands to a database add a column, an index or a table: at every later start they fail because
/// it is there, and what is missing shows at its first use.
pub(crate) fn only_adds_to_schema(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let (mut adds, mut others) = (false, false);
    walk(body, |node| {
        if node.kind() != "call" {
            return !is_deferred(node);
        }
        let name = name_of(file, node);
        if among("execute executescript exec_driver_sql", name) {
            let added = sql_of(arguments(file, node)).is_some_and(|it| adds_to_schema(&it));
            adds |= added;
            others |= !added;
            return false;
        }
        others |= saves(file, node) && name != "commit";
        true
    });
    adds && !others
}

fn adds_to_schema(sql: &str) -> bool {
    const MAKES: [&str; 3] = ["CREATE INDEX ", "CREATE TABLE ", "CREATE UNIQUE INDEX "];
    let adds_column = sql.starts_with("ALTER TABLE ") && sql.contains(" ADD COLUMN ");
    // Of several statements the next may change rows.
    let is_one = sql.trim_end_matches(|it: char| !it.is_alphanumeric()).find(';').is_none();
    is_one && (adds_column || MAKES.iter().any(|it| sql.starts_with(it)))
}

/// Whether all that a `try` saves is how far work is, or when something ran last: the next such mark takes its place. How work ended
/// is told once.
pub(crate) fn only_marks_progress(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let mut names: Vec<String> = Vec::new();
    let mut others = false;
    walk(body, |node| {
        if matches!(node.kind(), "assignment" | "augmented_assignment") {
            let target = node.child_by_field_name("left");
            let field = target.and_then(|it| it.child_by_field_name("attribute"));
            names.extend(field.map(|it| file.text(it).to_owned()));
        } else if node.kind() == "call" && saves(file, node) {
            let saved = saved(file, node, statement);
            others |= saved.is_empty() && !among(STAYS, name_of(file, node));
            names.extend(saved);
            // What stands before the last dot only chooses.
            return false;
        }
        !is_deferred(node)
    });
    !others
        && names.iter().any(|it| is_mark(it))
        && names.iter().all(|it| is_mark(it) || goes_with_mark(it))
}

/// The fields that a call says it changes.
fn saved(file: &FileContext<'_>, call: Node<'_>, statement: Node<'_>) -> Vec<String> {
    let text = arguments(file, call);
    match name_of(file, call) {
        "execute" => sql_of(text).map(|it| columns_set(&it)).unwrap_or_default(),
        "save" => {
            let fields = text.split_once("update_fields").map_or("", |it| it.1);
            fields.split(['"', '\'']).skip(1).step_by(2).map(str::to_owned).collect()
        }
        _ => {
            let by_name = keywords(file, call);
            if by_name.is_empty() { marked_before(file, text, statement) } else { by_name }
        }
    }
}

/// `job.update_progress(1, 3)` in front of the statement, or of the `if` around it, where `job` is what it saves.
fn marked_before(file: &FileContext<'_>, arguments: &str, statement: Node<'_>) -> Vec<String> {
    let object = arguments.trim_matches(['(', ')', ' ']);
    let first = || {
        let block = statement.parent().filter(|it| statements(*it).first() == Some(&statement))?;
        block.parent().filter(|it| it.kind() == "if_statement")?.prev_named_sibling()
    };
    let before = statement.prev_named_sibling().or_else(first);
    let called = before.map(|it| file.text(it)).and_then(|it| {
        let called = it.trim_start_matches("await ").strip_prefix(object)?.strip_prefix('.')?;
        called.split_once('(').map(|it| it.0)
    });
    called.filter(|_| !object.is_empty()).map(str::to_owned).into_iter().collect()
}

/// Whether a name says how far work is, or when something ran last.
fn is_mark(name: &str) -> bool {
    const WORDS: &str = "heartbeat pct percent percentage progress";
    words(name).iter().any(|it| among(WORDS, it))
        || ["last_run", "last_seen"].iter().any(|it| name.starts_with(it))
        || name == "current_step"
}

/// Whether a name may be told with such a mark: `bytes_done`.
fn goes_with_mark(name: &str) -> bool {
    const WORDS: &str = "current done eta processed step steps total";
    // Nearly every table says when a row was changed.
    name == "updated_at" || words(name).iter().any(|it| among(WORDS, it))
}

fn name_of<'a>(file: &FileContext<'a>, call: Node<'_>) -> &'a str {
    call.child_by_field_name("function").map_or("", |it| last_part(file.text(it)))
}

fn arguments<'a>(file: &FileContext<'a>, call: Node<'_>) -> &'a str {
    call.child_by_field_name("arguments").map_or("", |it| file.text(it))
}

fn keywords(file: &FileContext<'_>, call: Node<'_>) -> Vec<String> {
    let Some(arguments) = call.child_by_field_name("arguments") else { return Vec::new() };
    let mut cursor = arguments.walk();
    let names =
        arguments.named_children(&mut cursor).filter_map(|it| it.child_by_field_name("name"));
    names.map(|it| file.text(it).to_owned()).collect()
}

/// The statement that begins with the first literal of some arguments, with single spaces and in capitals.
fn sql_of(arguments: &str) -> Option<String> {
    let (_, inside) = arguments.split_once(['"', '\''])?;
    let words: Vec<&str> = inside.trim_start_matches(['"', '\'']).split_whitespace().collect();
    Some(words.join(" ").to_ascii_uppercase())
}

/// The columns that a statement in capitals sets.
fn columns_set(sql: &str) -> Vec<String> {
    let set = sql.strip_prefix("UPDATE ").and_then(|it| it.split_once(" SET "));
    let set = set.map_or("", |it| it.1.split(" WHERE ").next().unwrap_or_default());
    let names = set.split(',').filter_map(|it| it.split_once('=')).map(|it| it.0.trim());
    names.map(str::to_ascii_lowercase).collect()
}
