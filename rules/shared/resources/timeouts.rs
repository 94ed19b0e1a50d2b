//! How long calls of libraries wait where nobody says so. Knows the names of calls (data: `timeouts.toml`), no
//! file and no rule.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

/// What is known of calls that wait.
#[derive(Debug, Deserialize)]
pub(crate) struct Waiting {
    objects: Vec<String>,
    methods: Vec<String>,
    /// The keywords that set a limit, the first for a fix.
    pub(crate) keywords: Vec<String>,
    /// The keywords whose value may hold the limit.
    #[serde(default)]
    pub(crate) unless: Vec<String>,
    /// From this number of positional arguments on a limit is given.
    pub(crate) position: Option<usize>,
    /// Words in a file that say the limit is set in another way.
    #[serde(default)]
    pub(crate) settings: Vec<String>,
    /// Whether there is a limit that only `None` takes away.
    #[serde(default)]
    pub(crate) explicit: bool,
    /// Whether it matters only where somebody waits for an answer.
    #[serde(default)]
    pub(crate) request: bool,
    /// Whether what answers stands beside it, so that who runs it by hand need not be told.
    #[serde(default)]
    pub(crate) neighbour: bool,
    /// The distribution that has a limit of its own from a version on.
    pub(crate) limited_since: Option<Release>,
}

/// A version of a distribution.
#[derive(Debug, Deserialize)]
pub(crate) struct Release {
    pub(crate) distribution: String,
    pub(crate) version: String,
}

/// Whether a call of this last name may be one of those.
pub(crate) fn is_plausible(method: &str) -> bool {
    ROWS.by_method.contains_key(method)
}

/// What is known of a call by its canonical name.
pub(crate) fn waiting(canonical: &str) -> Option<&'static Waiting> {
    let (object, method) = canonical.rsplit_once('.')?;
    let rows = ROWS.by_method.get(method)?;
    let rows = rows.iter().map(|&index| &ROWS.table.row[index]);
    rows.into_iter().find(|row| row.objects.iter().any(|it| it == object))
}

#[derive(Deserialize)]
struct Table {
    row: Vec<Waiting>,
}

struct Rows {
    table: Table,
    by_method: FxHashMap<String, Vec<usize>>,
}

static ROWS: LazyLock<Rows> = LazyLock::new(|| {
    let table: Table =
        toml::from_str(include_str!("timeouts.toml")).expect("a test reads the table");
    let mut by_method: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (index, row) in table.row.iter().enumerate() {
        for method in &row.methods {
            by_method.entry(method.clone()).or_default().push(index);
        }
    }
    Rows { table, by_method }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_object_and_method() {
        assert!(waiting("requests.Session.get").is_some());
        assert_eq!(waiting("httpx.Client").map(|row| row.explicit), Some(true));
        assert!(waiting("flask.session.get").is_none() && waiting("get").is_none());
        assert!(is_plausible("urlopen") && !is_plausible("append"));
    }
}
