//! Calls that open what somebody has to close. Knows their names (data: `openers.toml`), no file and no rule.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::shared::code::words::last_part;

/// What is known of what a call opens.
#[derive(Debug, Deserialize)]
pub(crate) struct Opener {
    calls: Vec<String>,
    /// What it is: a file, a connection.
    pub(crate) what: String,
    /// The methods that close it.
    pub(crate) closers: Vec<String>,
    /// The statement whose end closes it; empty where none does.
    #[serde(rename = "with")]
    pub(crate) statement: String,
    /// Methods whose results need it.
    pub(crate) dependents: Vec<String>,
}

/// Whether a call of this last name may open something.
pub(crate) fn is_plausible(name: &str) -> bool {
    ROWS.by_last.contains_key(name)
}

/// What a call of a canonical name opens.
pub(crate) fn opener(canonical: &str) -> Option<&'static Opener> {
    let canonical = canonical.strip_prefix("builtins.").unwrap_or(canonical);
    let rows = ROWS.by_last.get(last_part(canonical))?;
    let mut rows = rows.iter().map(|&index| &ROWS.table.row[index]);
    rows.find(|row| row.calls.iter().any(|it| it == canonical))
}

#[derive(Deserialize)]
struct Table {
    row: Vec<Opener>,
}

struct Rows {
    table: Table,
    by_last: FxHashMap<String, Vec<usize>>,
}

static ROWS: LazyLock<Rows> = LazyLock::new(|| {
    let table: Table =
        toml::from_str(include_str!("openers.toml")).expect("a test reads the table");
    let mut by_last: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (index, row) in table.row.iter().enumerate() {
        for call in &row.calls {
            by_last.entry(last_part(call).to_owned()).or_default().push(index);
        }
    }
    Rows { table, by_last }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openers_are_found_by_their_names() {
        assert_eq!(opener("open").map(|it| &*it.what), Some("file"));
        assert_eq!(opener("psycopg2.connect").map(|it| &*it.what), Some("connection"));
        assert!(opener("app.open").is_none() && is_plausible("connect"));
    }
}
