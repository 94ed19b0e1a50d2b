//! See `sql-built-from-strings.toml`. Knows what a function puts together and where in a statement it stands (what runs
//! statements is data: `sql_built_from_strings/sinks.toml`); no dialect of SQL, and nothing of what other functions return.

#[path = "sql_built_from_strings/callers.rs"]
mod callers;
#[path = "sql_built_from_strings/scraped.rs"]
mod scraped;

use std::sync::LazyLock;

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Node, Span};
use roadworthy_project::Role;
use serde::Deserialize;

use crate::shared::code::calls;
use crate::shared::code::idle::is_idle;
use crate::shared::code::strings::{self, Piece};
use crate::shared::code::values::{self, Worth, worth};
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{reach, unused};

/// Whether the call at an offset may run a statement that is no plain literal.
pub(super) fn candidate(file: &FileContext<'_>, offset: u32) -> bool {
    // The trigger is the last part of the name of a call.
    let calls = &file.outline.calls;
    let after = calls.partition_point(|it| it.name.start <= offset);
    let call = calls[..after].last().filter(|it| it.name.end > offset);
    call.is_some_and(|call| is_sink(file, call) && may_insert(file, call))
}

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.arguments.start < arguments.start_byte() as u32);
    let Some(call) = calls[first..].iter().take(1).find(|it| it.arguments == Span::of(arguments))
    else {
        return;
    };
    if !is_sink(file, call) || !may_insert(file, call) {
        return;
    }
    let Some(statement) = statement_of(file, node) else { return };
    if statement.kind() == "identifier" && is_judged_before(file, call, statement) {
        return;
    }
    let Some(Inserted { node: inserted, quoted, of_catalog }) = inserted_value(file, statement)
    else {
        return;
    };
    let level = match worth(file, inserted) {
        Worth::Outside => Severity::Error,
        // Its own tables the code knows by name: what asks a database for them is written for maintenance.
        _ if of_catalog => return,
        // Who runs a command is at home, and who calls the function hands it what stands in the code.
        _ if is_of_migration_or_command(file)
            || is_run_once(file, inserted)
            || callers::all_give_literals(file, inserted)
            || callers::is_literal_attribute(file, inserted)
            || !file.pedantic()
                && (is_unused(file, inserted) || is_idle(file, inserted.start_byte() as u32)) =>
        {
            return;
        }
        _ => Severity::Info,
    };
    let name = last_part(file.slice(call.name));
    let shown = shown(file.text(inserted));
    let place = if quoted { "between the quotes" } else { "into the text" };
    let message = if name == "query" && asks_salesforce(file) {
        format!(
            "{shown} is written {place} of the SOQL that `{name}` sends, which binds nothing: escape it"
        )
    } else {
        format!("{shown} is written {place} of the SQL that `{name}` runs")
    };
    let at = if statement.kind() == "identifier" { text_around(inserted) } else { statement };
    let extent = Span::new(
        (at.start_byte()).min(node.start_byte()) as u32,
        at.end_byte().max(if at.id() == statement.id() { node.end_byte() } else { 0 }) as u32,
    );
    let extent = if at.id() == statement.id() { extent } else { Span::of(at) };
    out.report(Report::on(at).message(message).severity(level).extent(extent));
}

/// Whether a file sends its queries to Salesforce by HTTP.
fn asks_salesforce(file: &FileContext<'_>) -> bool {
    let text = file.source.text();
    text.contains("/services/data/") && text.contains("alesforce")
}

/// Whether a file moves data once, be it a migration, or is a command of Django's that somebody runs in a shell.
fn is_of_migration_or_command(file: &FileContext<'_>) -> bool {
    let mut parts = file.file.path.components().rev().skip(1).map(|it| it.as_str());
    file.file.path.file_stem().is_some_and(|it| it.starts_with("migrate"))
        || parts.any(|it| it.ends_with("migrations") || it == "commands")
}

/// Whether a value stands in a script outside of all functions, which somebody runs by hand.
fn is_run_once(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let is_outside = file.function_at(value.start_byte() as u32).is_none();
    let mut folders = file.file.path.components().rev().skip(1).map(|it| it.as_str());
    is_outside
        && (file.role == Role::Script
            || folders.any(|it| matches!(it, "scripts" | "tools"))
            || reach::is_run_by_hand(file))
}

/// Whether nothing in use calls the function that a value stands in.
fn is_unused(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let function = file.function_at(value.start_byte() as u32);
    function.is_some_and(|it| unused::is_used_nowhere(file, it))
}

/// What was put in, for a message.
fn shown(text: &str) -> String {
    let is_short = text.len() <= 40 && !text.contains(['\n', '"', '\'', '`']);
    if is_short { format!("`{text}`") } else { "a value".to_owned() }
}

/// The literal, and what is joined to it, that something is put into.
fn text_around(inserted: Node<'_>) -> Node<'_> {
    let mut node = inserted;
    while let Some(parent) = node.parent() {
        if matches!(
            parent.kind(),
            "assignment" | "augmented_assignment" | "expression_statement" | "block"
        ) {
            break;
        }
        node = parent;
    }
    node
}

#[derive(Deserialize)]
struct Table {
    method: Vec<Sinks>,
    function: Vec<Sinks>,
}

#[derive(Deserialize)]
struct Sinks {
    names: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("sql_built_from_strings/sinks.toml"))
        .expect("a test reads the table")
});

/// What projects call their own functions that run a statement.
const WRAPPERS: [&str; 3] = ["run_query", "execute_query", "run_sql"];

/// Whether a call runs the statement it is handed.
fn is_sink(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    let name = last_part(&written);
    // Their statements look like SQL, and are bound by other means.
    let is_other_language =
        || ["influxdb", "simple_salesforce"].iter().any(|it| file.names().imports_module(it));
    if name == "query" && is_other_language() {
        return false;
    }
    let mut methods = TABLE.method.iter().flat_map(|row| &row.names);
    if call.attached || written.contains('.') {
        let runs = WRAPPERS.contains(&name) || methods.any(|it| it == name);
        if runs {
            return true;
        }
    }
    let mut functions = TABLE.function.iter().flat_map(|row| &row.names);
    functions.any(|it| {
        last_part(it) == name
            && calls::callee(file, call).is_some_and(|callee| root(&callee) == root(it))
    })
}

/// The library of a canonical name.
fn root(canonical: &str) -> &str {
    canonical.split('.').next().unwrap_or(canonical)
}

/// Whether the first argument is something other than one plain literal.
fn may_insert(file: &FileContext<'_>, call: &Call) -> bool {
    let inside = calls::inside(call);
    let text = file.slice(inside).trim_start();
    if text.is_empty() {
        return false;
    }
    let start = inside.end - text.len() as u32;
    let strings = &file.outline.strings;
    match strings.binary_search_by_key(&start, |it| it.span.start) {
        Ok(index) => {
            let string = &strings[index];
            let behind = file.slice(Span::new(string.span.end, inside.end)).trim_start();
            string.interpolated || !(behind.is_empty() || behind.starts_with(','))
        }
        Err(_) => true,
    }
}

/// The statement that a call is handed.
fn statement_of<'t>(file: &FileContext<'_>, call: Node<'t>) -> Option<Node<'t>> {
    let first = *strings::arguments(call).first()?;
    match first.kind() {
        "keyword_argument" => {
            let name = first.child_by_field_name("name").map(|it| file.text(it));
            first.child_by_field_name("value").filter(|_| {
                matches!(name, Some("sql" | "query" | "statement" | "text" | "operation"))
            })
        }
        "string"
        | "concatenated_string"
        | "binary_operator"
        | "call"
        | "identifier"
        | "parenthesized_expression" => Some(first),
        _ => None,
    }
}

/// Whether a call above runs the same text.
fn is_judged_before(file: &FileContext<'_>, call: &Call, name: Node<'_>) -> bool {
    let bound = file.values().bindings(file.text(name)).iter();
    let Some(last) = bound.map(|it| it.at).filter(|&at| at < call.name.start).max() else {
        return false;
    };
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.name.start < last);
    let above = calls[first..].iter().take(50).take_while(|it| it.name.start < call.name.start);
    above.filter(|it| is_sink(file, it)).any(|it| {
        let first = file.slice(calls::inside(it)).split(',').next().unwrap_or_default();
        first.trim() == file.text(name)
    })
}

/// A value in a statement.
struct Inserted<'t> {
    node: Node<'t>,
    /// Whether it stands within quotes.
    quoted: bool,
    /// Whether the statement asks the database for its own tables, by a name that the code works with anyway.
    of_catalog: bool,
}

/// The first value that stands in a statement where one could be bound; one from outside before others, then one that is cut
/// out of a page.
fn inserted_value<'t>(file: &FileContext<'_>, statement: Node<'t>) -> Option<Inserted<'t>> {
    let pieces = strings::pieces(file, statement);
    let mut before = String::new();
    let mut found: Option<(Node<'t>, bool)> = None;
    let mut most = (Worth::Own, false);
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => before.push_str(text),
            Piece::Inserted(node) => {
                let behind = match pieces.get(index + 1) {
                    Some(Piece::Text(text)) => text,
                    _ => "",
                };
                if let Some(quoted) = place_of_value(&before, behind) {
                    let worth = worth(file, *node);
                    let is_text_of_other = before.to_ascii_lowercase().contains("dblink(");
                    // What a stranger wrote on a page is worse than what a caller hands in.
                    let is_of_others = worth > Worth::Own && worth < Worth::Outside;
                    let scraped = is_of_others && scraped::is(file, *node);
                    if !is_text_of_other && (scraped || is_told(file, *node, worth, quoted)) {
                        let rank = (if scraped { Worth::Foreign } else { worth }, scraped);
                        if rank > most {
                            most = rank;
                            found = Some((*node, quoted));
                        }
                    }
                }
                match constant_text(file, *node) {
                    Some(text) => before.push_str(text),
                    // What stands for it: neither a quote nor a word of SQL.
                    None => before.push('\u{1}'),
                }
            }
        }
    }
    let (node, quoted) = found.filter(|_| is_statement(&before))?;
    let lower = before.to_ascii_lowercase();
    let of_catalog = [
        "information_schema",
        "pg_catalog",
        "sqlite_master",
        "pg_class",
        "pg_tables",
        "system_schema",
        "from system.",
        "duckdb_secrets",
    ]
    .iter()
    .any(|it| lower.contains(it))
        || names_a_part(file.text(node));
    Some(Inserted { node, quoted, of_catalog })
}

/// The text that a name or a member of a list always stands for, where it holds a quote: it goes on in the statement.
fn constant_text<'a>(file: &FileContext<'a>, node: Node<'_>) -> Option<&'a str> {
    let values = match node.kind() {
        "identifier" => strings::assigned(file, node),
        "subscript" => {
            let list = node.child_by_field_name("value")?;
            values::member_of_list(file, node, list).into_iter().collect()
        }
        _ => return None,
    };
    let values: Vec<_> = values
        .into_iter()
        .flat_map(|it| match it.kind() {
            "identifier" => strings::assigned(file, it),
            _ => vec![it],
        })
        .collect();
    let &[one] = values.as_slice() else { return None };
    let text = calls::literal(file.text(one)).filter(|_| one.kind() == "string")?;
    text.contains('\'').then_some(text)
}

/// Whether it is known enough of a value. Without quotes it may be a part of the statement that a function wrote, or a
/// number; what a name calls a key or a state holds no quote in most programs.
fn is_told(file: &FileContext<'_>, node: Node<'_>, worth: Worth, quoted: bool) -> bool {
    let is_text = || node.kind() == "identifier" && is_declared_text(file, node);
    match worth {
        Worth::Own => false,
        Worth::Outside => true,
        _ if file.pedantic() => quoted || worth == Worth::Foreign,
        _ if names_a_day(file.text(node)) || is_of_row_or_run(file, node) => false,
        Worth::Foreign => is_text() || quoted && !names_a_key(file, node),
        Worth::Unknown => quoted && !names_a_key(file, node),
    }
}

/// Whether a name is a parameter that is declared to be a text.
fn is_declared_text(file: &FileContext<'_>, name: Node<'_>) -> bool {
    let Some(function) = file.function_at(name.start_byte() as u32) else { return false };
    let parameters = file.outline.signature(function).parameters;
    let own = parameters.iter().find(|it| file.slice(it.name) == file.text(name));
    own.and_then(|it| it.annotation).is_some_and(|it| file.slice(it).contains("str"))
}

/// Whether a value that nobody declares is called a key, a number or a state.
fn names_a_key(file: &FileContext<'_>, node: Node<'_>) -> bool {
    const KEYS: [&str; 25] = [
        "code", "codes", "count", "guid", "hash", "hex", "id", "ids", "index", "interval", "keys",
        "kind", "level", "no", "num", "number", "period", "pk", "skus", "state", "status",
        "symbol", "type", "uuid", "version",
    ];
    let name = match node.kind() {
        "identifier" if is_declared_text(file, node) => return false,
        "identifier" | "attribute" => last_part(file.text(node)),
        "subscript" => node.child_by_field_name("subscript").map_or("", |it| file.text(it)),
        _ => return false,
    };
    let words = words(name.trim_matches(['"', '\'']));
    words.first().is_some_and(|it| matches!(it.as_str(), "list" | "lista"))
        || words.last().is_some_and(|it| KEYS.contains(&it.as_str()))
}

/// Whether a name is that of a day or a time: those are worked out, and few come from outside as text.
fn names_a_day(name: &str) -> bool {
    words(last_part(name)).iter().any(|it| {
        matches!(
            it.as_str(),
            "date"
                | "dates"
                | "datetime"
                | "day"
                | "ds"
                | "fecha"
                | "fechas"
                | "hora"
                | "month"
                | "time"
                | "timestamp"
                | "ts"
                | "year"
        )
    })
}

/// Whether a value is a column of a row by its place, the day of a run as Airflow tells it, or what is cut from that.
fn is_of_row_or_run(file: &FileContext<'_>, node: Node<'_>) -> bool {
    const OF_RUNS: [&str; 7] = [
        "data_interval_end",
        "data_interval_start",
        "ds",
        "ds_nodash",
        "macros",
        "ts",
        "ts_nodash",
    ];
    let root = file.text(node).split(|it: char| !(it.is_alphanumeric() || it == '_')).next();
    let inner = match node.kind() {
        "call" if root == Some("str") => {
            node.child_by_field_name("arguments").and_then(|it| it.named_child(0)).unwrap_or(node)
        }
        _ => node,
    };
    let by_place = inner
        .child_by_field_name("subscript")
        .is_some_and(|it| it.kind() == "integer" && inner.kind() == "subscript");
    let of_row = || inner.child_by_field_name("value").is_some_and(|it| is_row(file, it));
    by_place && of_row() || root.is_some_and(|it| OF_RUNS.contains(&it))
}

/// Whether a name stands for a row that was read: it is called so, bound to what is fetched, or each of that in turn.
fn is_row(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let name = file.text(value);
    if value.kind() != "identifier" {
        return name.contains(".fetch");
    }
    if matches!(name, "row" | "record" | "rec" | "result") {
        return true;
    }
    let Some(function) = file.function_at(value.start_byte() as u32) else { return false };
    let above = function.body.start as usize..value.start_byte();
    let Some(body) = file.source.text().get(above) else { return false };
    let is_fetched = |name: &str| {
        body.lines().filter_map(|it| it.split_once(" = ")).any(|(left, right)| {
            right.contains(".fetch") && left.split(',').any(|it| it.trim() == name)
        })
    };
    let is_each_of_fetched = || {
        let heads = body.match_indices("for ").filter_map(|(at, _)| body[at + 4..].lines().next());
        heads.filter_map(|it| it.split_once(" in ")).any(|(left, right)| {
            let all = right.split([':', ']', ')']).next().unwrap_or_default().trim();
            left.trim() == name && (right.contains(".fetch") || is_fetched(all))
        })
    };
    is_fetched(name) || is_each_of_fetched()
}

/// Whether a name is that of a part of a database.
fn names_a_part(name: &str) -> bool {
    words(last_part(name)).iter().any(|it| {
        matches!(
            it.as_str(),
            "table"
                | "tables"
                | "tablename"
                | "column"
                | "columns"
                | "schema"
                | "view"
                | "database"
                | "stage"
                | "index"
                | "keyspace"
                | "col"
                | "tbl"
        )
    })
}

/// Whether a text reads or changes rows, as far as its words tell.
fn is_statement(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let text = text.trim_start_matches(|it: char| it.is_whitespace() || it == '(' || it == '\\');
    let mut words = text.split(|it: char| !(it.is_alphanumeric() || it == '_' || it == '\u{1}'));
    let first = words.find(|it| !it.is_empty()).unwrap_or_default();
    let has = |word: &str| {
        text.split(|it: char| !(it.is_alphanumeric() || it == '_')).any(|it| it == word)
    };
    match first {
        "select" | "delete" => has("from"),
        "insert" | "replace" | "merge" => has("into"),
        "update" => has("set"),
        "with" => has("as") && has("select"),
        "n" | "nselect" | "ninsert" | "nupdate" | "ndelete" => {
            has("from") || has("into") || has("set")
        }
        _ => false,
    }
}

/// Whether what stands between two texts of a statement is a value: `Some(true)` within quotes.
fn place_of_value(before: &str, behind: &str) -> Option<bool> {
    if behind.starts_with(['.', '_', '(']) {
        return None;
    }
    let is_open = before.bytes().filter(|&it| it == b'\'').count() % 2 == 1;
    if is_open {
        let opened = before.rfind('\'').unwrap_or_default();
        let head = before[..opened].trim_end().to_ascii_lowercase();
        return is_of_value(&head).then_some(true);
    }
    let trimmed = before.trim_end();
    if let Some(head) =
        trimmed.strip_suffix('"').filter(|_| before.ends_with('"') && behind.starts_with('"'))
    {
        return is_compared(&head.trim_end().to_ascii_lowercase()).then_some(true);
    }
    let head = trimmed.to_ascii_lowercase();
    // Both sides are put in: what the left one is nobody can tell here.
    let compared = head.trim_end_matches(['=', '<', '>', '!', ' ']);
    let is_pair = compared.ends_with('\u{1}') && compared.len() < head.len();
    (is_compared(&head) && !is_pair).then_some(false)
}

/// Whether what ends so goes on with a quoted value, and not with a file, an option or an interval.
fn is_of_value(head: &str) -> bool {
    let before_parenthesis = head.trim_end_matches(['(', ' ']);
    let is_call = head.ends_with('(')
        && !ends_with_word(before_parenthesis, &["in", "values", "any", "lower", "upper", "date"]);
    !is_call
        && !ends_with_word(
            head,
            &[
                "interval", "password", "as", "from", "to", "location", "comment", "attach",
                "zone", "escape",
            ],
        )
        && !head.ends_with("->")
        && !head.ends_with("->>")
}

/// Whether what ends so goes on with a value.
fn is_compared(head: &str) -> bool {
    let head = head.trim_end_matches(' ');
    head.ends_with(['=', '<', '>'])
        && !head.ends_with("=>")
        && !head.ends_with("->")
        && !head.ends_with("->>")
        || ends_with_word(head, &["like", "ilike", "in", "values", "between"])
        || head.strip_suffix('(').is_some_and(|it| ends_with_word(it.trim_end(), &["in", "values"]))
}

fn ends_with_word(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        text.strip_suffix(word).is_some_and(|head| {
            !head.ends_with(|it: char| it.is_alphanumeric() || it == '_' || it == '.')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_names_by_their_place() {
        let place = |text: &str| {
            let (before, behind) = text.split_once('@').unwrap_or((text, ""));
            place_of_value(before, behind)
        };
        assert_eq!(place("select a from t where b = '@'"), Some(true));
        assert_eq!(place("select a from t where b like '%@%'"), Some(true));
        assert_eq!(place("select a from t where b = @"), Some(false));
        assert_eq!(place("select a from t where b in (@)"), Some(false));
        assert_eq!(place("insert into t values ('a', '@')"), Some(true));
        assert_eq!(place("select a from @"), None);
        assert_eq!(place("select '@' from t"), Some(true));
        assert_eq!(place("select a from t where a.b = @.c"), None);
        assert_eq!(place("select * from read_csv('@')"), None);
        assert_eq!(place("select now() - interval '@ days'"), None);
    }

    #[test]
    fn what_runs_statements_is_in_the_table() {
        let names = |rows: &[Sinks]| rows.iter().map(|it| it.names.len()).sum::<usize>();
        assert!(names(&TABLE.method) > 10 && names(&TABLE.function) > 2);
    }

    #[test]
    fn statements_begin_as_such() {
        assert!(is_statement("\n  SELECT a FROM t"));
        assert!(is_statement("with x as (select 1) select * from x"));
        assert!(!is_statement("please select one from t"));
        assert!(!is_statement("create user x"));
    }
}
