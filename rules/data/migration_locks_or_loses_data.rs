//! See `migration-locks-or-loses-data.toml`. Knows the operations of Alembic and Django, and which migration of a folder is
//! the newest; nothing of how large a table is.

use camino::Utf8Path;
use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Node, Span};

use crate::shared::code::calls::{self, CallArgument, literal};
use crate::shared::code::words::last_part;

/// Whether the trigger is an operation that counts.
pub(super) fn candidate(file: &FileContext<'_>, offset: u32) -> bool {
    let calls = &file.outline.calls;
    let after = calls.partition_point(|it| it.name.start <= offset);
    let call = calls[..after].last().filter(|it| it.name.end > offset);
    call.is_some_and(|it| judged(file, it).is_some())
}

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.arguments.start < arguments.start_byte() as u32);
    let Some(call) = calls.get(first).filter(|it| it.arguments == Span::of(arguments)) else {
        return;
    };
    let Some((level, message)) = judged(file, call) else { return };
    if is_newest(file) {
        out.report(Report::on(node).message(message).severity(level));
    }
}

/// What is wrong with an operation. Whether the release before still asks for what is dropped or renamed, and whether it
/// runs while this one is rolled out, the file does not tell: that is a note.
fn judged(file: &FileContext<'_>, call: &Call) -> Option<(Severity, String)> {
    let written = calls::written(file, call);
    let operation = last_part(&written);
    match operation {
        "RemoveField" | "DeleteModel" | "RenameField" | "RenameModel" => {
            of_django(file, call, operation)
        }
        "drop_column" | "drop_table" | "add_column" | "create_index" | "rename_table"
        | "alter_column" => of_alembic(file, call, &written),
        _ => None,
    }
}

fn of_alembic(file: &FileContext<'_>, call: &Call, written: &str) -> Option<(Severity, String)> {
    let function = file.outline.enclosing(call.name.start).filter(|it| it.is_function()).last()?;
    if !file.slice(function.name).starts_with("upgrade") || is_first_of_alembic(file) {
        return None;
    }
    let arguments = calls::arguments(file, call);
    let (owner, operation) = written.rsplit_once('.')?;
    // In a batch the table is named by the batch.
    let is_batch = last_part(owner).contains("batch");
    let position = usize::from(operation == "create_index" && !is_batch);
    let table = if is_batch {
        None
    } else {
        named(&arguments, &["table_name", "old_table_name"], position)
    };
    if is_batch && operation != "add_column" && operation != "drop_column"
        || table.is_some_and(|it| creates(file, it))
    {
        return None;
    }
    let of = table.map_or(String::new(), |it| format!(" of `{it}`"));
    match operation {
        "drop_column" => {
            let column =
                named(&arguments, &["column_name"], usize::from(!is_batch)).unwrap_or("a column");
            Some((
                Severity::Info,
                format!("drops `{column}`{of}, which code that still runs may read"),
            ))
        }
        "drop_table" => {
            let table = table?;
            // Copies that a migration makes of its own tables.
            (!["tmp", "temp", "backup", "_old", "_bak"].iter().any(|it| table.contains(it))).then(
                || {
                    (
                        Severity::Info,
                        format!("drops `{table}`, which code that still runs may read"),
                    )
                },
            )
        }
        "rename_table" => Some((
            Severity::Info,
            format!("renames `{}`, by whose name code that still runs asks for it", table?),
        )),
        "alter_column" => {
            let name = calls::keyword(file, call, "new_column_name")
                .or_else(|| calls::keyword(file, call, "name"))?;
            let column = named(&arguments, &["column_name"], 1).unwrap_or("a column");
            literal(name)?;
            Some((
                Severity::Info,
                format!("renames `{column}`{of}, by whose name code that still runs asks for it"),
            ))
        }
        "add_column" => {
            let column =
                arguments.get(usize::from(!is_batch)).filter(|it| it.keyword.is_none())?.value;
            if !must_be_filled(column) {
                return None;
            }
            let name = column.split(['"', '\'']).nth(1).unwrap_or("a column");
            Some((
                Severity::Warning,
                format!(
                    "adds `{name}`{of} that must be filled and has no default: it fails where there is a row"
                ),
            ))
        }
        "create_index" => {
            let concurrently = calls::keyword(file, call, "postgresql_concurrently").is_some();
            (!concurrently && is_postgres(file))
                .then(|| (Severity::Info, format!("builds an index{of} that locks the table against writing, without `postgresql_concurrently=True`")))
        }
        _ => None,
    }
}

/// Whether `sa.Column(…)` demands a value that nothing gives.
fn must_be_filled(column: &str) -> bool {
    let flat: String = column.chars().filter(|it| !it.is_whitespace()).collect();
    flat.contains("Column(")
        && flat.contains("nullable=False")
        && !["server_default=", "Identity(", "Computed(", "autoincrement=True"]
            .iter()
            .any(|it| flat.contains(it))
}

fn of_django(file: &FileContext<'_>, call: &Call, operation: &str) -> Option<(Severity, String)> {
    let canonical = calls::callee(file, call)?;
    if !canonical.contains("migrations.") || is_first_of_django(file) {
        return None;
    }
    // What is done to the state of models alone changes no table.
    let state_only = file.outline.calls.iter().any(|it| {
        it.arguments.contains(call.name.start)
            && file.slice(it.name).ends_with("SeparateDatabaseAndState")
    });
    if state_only {
        return None;
    }
    let arguments = calls::arguments(file, call);
    let model = named(&arguments, &["model_name", "name", "old_name"], 0)?;
    let created =
        file.outline.calls.iter().filter(|it| file.slice(it.name).ends_with("CreateModel")).any(
            |it| {
                named(&calls::arguments(file, it), &["name"], 0)
                    .is_some_and(|it| it.eq_ignore_ascii_case(model))
            },
        );
    if created {
        return None;
    }
    let model_of = named(&arguments, &["model_name"], 0).unwrap_or(model);
    match operation {
        "RemoveField" => {
            let field = named(&arguments, &["name"], 1)?;
            Some((
                Severity::Info,
                format!("drops `{field}` of `{model_of}`, which code that still runs may read"),
            ))
        }
        "DeleteModel" => Some((
            Severity::Info,
            format!("drops the table of `{model}`, which code that still runs may read"),
        )),
        "RenameField" => {
            let field = named(&arguments, &["old_name"], 1)?;
            Some((
                Severity::Info,
                format!(
                    "renames `{field}` of `{model_of}`, by whose name code that still runs asks for it"
                ),
            ))
        }
        "RenameModel" => Some((
            Severity::Info,
            format!(
                "renames the table of `{model}`, by whose name code that still runs asks for it"
            ),
        )),
        _ => None,
    }
}

/// A literal argument, by one of its names or by position.
fn named<'a>(arguments: &[CallArgument<'a>], names: &[&str], position: usize) -> Option<&'a str> {
    let by_name =
        names.iter().find_map(|name| arguments.iter().find(|it| it.keyword == Some(name)));
    let found = by_name.or_else(|| arguments.get(position).filter(|it| it.keyword.is_none()))?;
    literal(found.value)
}

/// Whether the same migration creates a table.
fn creates(file: &FileContext<'_>, table: &str) -> bool {
    file.outline
        .calls
        .iter()
        .filter(|it| file.slice(it.name).ends_with("create_table"))
        .any(|it| named(&calls::arguments(file, it), &["table_name"], 0) == Some(table))
}

fn is_first_of_alembic(file: &FileContext<'_>) -> bool {
    file.values().constant("down_revision").is_none_or(|it| file.slice(it) == "None")
}

/// Whether a migration says that it is the first, or stands on none of its own application.
fn is_first_of_django(file: &FileContext<'_>) -> bool {
    let text = file.source.text();
    text.contains("initial = True")
        || file.file.path.file_name().is_some_and(|it| it.starts_with("0001"))
}

fn is_postgres(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(own) = facts.dependencies().components.get(known.component) else { return false };
    own.declared().any(|it| {
        matches!(
            it.name.as_str(),
            "psycopg" | "psycopg2" | "psycopg2-binary" | "asyncpg" | "pg8000"
        )
    }) && !own
        .declared()
        .any(|it| matches!(it.name.as_str(), "mysqlclient" | "pymysql" | "oracledb" | "pyodbc"))
}

/// Whether no other migration beside this one stands on it.
fn is_newest(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    let path = &known.path;
    let Some(folder) = path.parent() else { return true };
    let number =
        |path: &Utf8Path| -> Option<u32> { path.file_name()?.split('_').next()?.parse().ok() };
    let beside =
        || facts.tree().inside(folder).filter(|it| it.extension() == Some("py") && *it != path);
    let Some(revision) = file.values().constant("revision").and_then(|it| literal(file.slice(it)))
    else {
        let own = number(path);
        return own.is_some() && !beside().any(|it| number(it) > own)
            || own.is_none() && beside().count() < 2;
    };
    // A newer one names this one's revision; newest first, as most of them were made in the order of their names.
    let others: Vec<&Utf8Path> = beside().collect();
    !others
        .iter()
        .rev()
        .any(|it| facts.text(it).whole().is_some_and(|document| document.text().contains(revision)))
}
