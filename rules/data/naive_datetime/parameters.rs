//! Whether a time is handed to a statement of `SQLite`, for a column that another statement gives its own clock, which is UTC
//! (<https://www.sqlite.org/lang_datefunc.html>). Knows placeholders and columns, no tables.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::strings::receiver_of_method;
use crate::shared::code::text::{is_of_name, places_of};
use crate::shared::code::words::last_part;

/// The column that a time is handed to, where the same file gives it the clock of `SQLite`.
pub(super) fn column_at_utc<'a>(file: &FileContext<'a>, time: Node<'_>) -> Option<&'a str> {
    let (statement, position) = statement(file, time)?;
    let is_sqlite = ["sqlite3", "aiosqlite"].iter().any(|it| file.names().imports_module(it));
    let column = column(statement, position).filter(|_| is_sqlite)?;
    is_given_clock(file.source.text(), column).then_some(column)
}

/// The statement to which a time is handed, alone or as text, and its position among the parameters.
fn statement<'a>(file: &FileContext<'a>, time: Node<'_>) -> Option<(&'a str, usize)> {
    let mut value = time;
    while let Some(method) = value.parent().filter(|it| it.kind() == "attribute") {
        let call = method.parent().filter(|it| it.kind() == "call")?;
        let (_, name) = receiver_of_method(file, call)?;
        matches!(name, "isoformat" | "replace" | "strftime").then_some(())?;
        value = call;
    }
    let all = value.parent().filter(|it| matches!(it.kind(), "tuple" | "list"))?;
    let given = all.parent().filter(|it| it.kind() == "argument_list")?;
    let called = given.parent()?.child_by_field_name("function")?;
    let statement = given.named_child(0).filter(|it| it.kind() == "string")?;
    let mut cursor = all.walk();
    let position = all.named_children(&mut cursor).position(|it| it.id() == value.id())?;
    (last_part(file.text(called)) == "execute").then(|| (file.text(statement), position))
}

/// The column that a placeholder of a statement stands for: `SET paid_at = ?`, `(id, paid_at) VALUES (?, ?)`.
fn column(statement: &str, position: usize) -> Option<&str> {
    let (at, _) = statement.match_indices('?').nth(position)?;
    let before = statement[..at].trim_end();
    if let Some(set) = before.strip_suffix('=') {
        let name = set.trim_end().rsplit(|it| !is_of_name(it)).next();
        // Behind `WHERE` it is compared.
        return name.filter(|it| !it.is_empty() && !set.to_ascii_uppercase().contains("WHERE"));
    }
    let (columns, values) = before.split_once(')')?;
    let (_, columns) = columns.split_once('(')?;
    let values = values.trim_start();
    let is_list = values.get(..6).is_some_and(|it| it.eq_ignore_ascii_case("VALUES"));
    let (_, values) = values.split_once('(').filter(|_| is_list)?;
    let own = columns.split(',').nth(values.matches(',').count())?.trim();
    (!values.contains('(') && own.chars().all(is_of_name)).then_some(own)
}

/// Whether a statement in a text gives a column the clock of `SQLite`: `paid_at = CURRENT_TIMESTAMP`.
fn is_given_clock(text: &str, column: &str) -> bool {
    const CLOCKS: [&str; 3] = ["CURRENT_TIMESTAMP", "datetime('now')", "DATETIME('now')"];
    places_of(text, column).any(|at| {
        let given = text[at + column.len()..].trim_start().strip_prefix('=');
        given.is_some_and(|it| CLOCKS.iter().any(|clock| it.trim_start().starts_with(clock)))
    })
}

#[cfg(test)]
mod tests {
    use super::{column, is_given_clock};

    #[test]
    fn placeholders_stand_for_columns() {
        let update = "UPDATE orders SET state = 'paid', paid_at = ?, by = ? WHERE id = ?";
        assert_eq!(column(update, 0), Some("paid_at"));
        assert_eq!(column(update, 1), Some("by"));
        assert_eq!(column(update, 2), None);
        let insert = "INSERT INTO orders (id, state, paid_at) VALUES (?, 'paid', ?)";
        assert_eq!(column(insert, 1), Some("paid_at"));
        assert_eq!(column("INSERT INTO orders VALUES (?, ?)", 1), None);
        assert_eq!(column("SELECT 1", 0), None);
    }

    #[test]
    fn the_clock_of_sqlite_is_told_from_a_default() {
        assert!(is_given_clock("SET paid_at = CURRENT_TIMESTAMP", "paid_at"));
        assert!(is_given_clock("SET paid_at=datetime('now')", "paid_at"));
        assert!(!is_given_clock("paid_at TEXT DEFAULT CURRENT_TIMESTAMP", "paid_at"));
    }
}
