//! What makes silence about an error no loss: the function that is called logs its failures itself, or something is taken away that
//! may not be there. Knows names, lines of functions and folders, no levels.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, LogicalLine, Node, Outline};
use roadworthy_project::Role;

use crate::shared::code::nodes::{bare_expression, statements};
use crate::shared::code::words::{last_part, words};

/// Beyond so many functions of one name nobody knows which is called.
const MOST_NAMESAKES: usize = 3;

/// Whether all that a `try` does is to call a function of the project that logs every failure itself.
pub(crate) fn is_logged_by_callee(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(shown) = only_call(statement)
        .and_then(|it| it.child_by_field_name("function"))
        .map(|it| file.text(it))
    else {
        return false;
    };
    let name = last_part(shown);
    let own: Vec<bool> = functions(file.outline, file.source.text(), name)
        .map(|it| logs_failures(file.outline, file.source.text(), it))
        .collect();
    if !own.is_empty() && (!shown.contains('.') || shown.starts_with("self.")) {
        return own.iter().all(|it| *it);
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    facts.answer(known.component, format!("functions called {name} log their failures"), || {
        let marker = format!("def {name}(");
        let project = facts.project();
        let others = project.files.iter().filter(|it| {
            it.kind.is_python()
                && it.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
                && facts.source(it).is_some_and(|it| it.text().contains(&marker))
        });
        let others: Vec<_> = others.take(MOST_NAMESAKES + 1).collect();
        !others.is_empty()
            && others.len() <= MOST_NAMESAKES
            && others.into_iter().all(|it| {
                facts.python(&it.path).is_some_and(|read| {
                    let (outline, text) = (&read.outline, read.source.text());
                    functions(outline, text, name).all(|it| logs_failures(outline, text, it))
                })
            })
    })
}

fn functions<'o>(
    outline: &'o Outline,
    text: &'o str,
    name: &'o str,
) -> impl Iterator<Item = &'o Definition> {
    outline.definitions.iter().filter(move |it| it.is_function() && it.name.of_text(text) == name)
}

/// Whether the whole body of a function is a `try`, of which a handler for all errors logs.
fn logs_failures(outline: &Outline, text: &str, function: &Definition) -> bool {
    let lines = &outline.lines;
    let first = lines.partition_point(|it| it.span.start < function.body.start);
    let inside: Vec<&LogicalLine> =
        lines[first..].iter().take_while(|it| it.span.start < function.body.end).collect();
    let is_text = |it: &LogicalLine| {
        it.span.of_text(text).trim_start_matches(['r', 'f', 'u']).starts_with(['"', '\''])
    };
    let begin = usize::from(inside.first().is_some_and(|it| is_text(it)));
    let Some(outer) = inside.get(begin).filter(|it| it.keyword == Keyword::Try) else {
        return false;
    };
    let is_clause = |it: &LogicalLine| {
        matches!(it.keyword, Keyword::Try | Keyword::Except | Keyword::Else | Keyword::Finally)
    };
    let own = inside[begin..].iter().filter(|it| it.indent == outer.indent);
    if !own.clone().all(|it| is_clause(it))
        || own.filter(|it| it.keyword == Keyword::Try).count() > 1
    {
        return false;
    }
    let mut in_broad = false;
    inside[begin..].iter().any(|line| {
        let shown = line.span.of_text(text);
        if line.indent == outer.indent {
            let header = shown.trim_start_matches("except").trim_start();
            in_broad = line.keyword == Keyword::Except
                && [":", "Exception", "BaseException"].iter().any(|it| header.starts_with(it));
            // The body of a short handler stands behind its header.
            return in_broad && shown.split_once(':').is_some_and(|(_, body)| logs(body));
        }
        in_broad && logs(shown)
    })
}

/// Whether a line calls a logger, or a function that is called after logging.
fn logs(line: &str) -> bool {
    let (called, _) = line.split_once('(').unwrap_or_default();
    let mut parts = called.split(|it: char| !(it.is_alphanumeric() || it == '_')).flat_map(words);
    parts.any(|it| matches!(it.as_str(), "log" | "logger" | "logging" | "logs"))
        || matches!(
            last_part(called.trim()),
            "capture_exception" | "captureException" | "print_exc"
        )
}

/// The call that is all a `try` does.
fn only_call(statement: Node<'_>) -> Option<Node<'_>> {
    let body = statement.child_by_field_name("body").map(statements)?;
    let &[one] = body.as_slice() else { return None };
    let mut value = bare_expression(one);
    if value.kind() == "await" {
        value = value.named_child(0)?;
    }
    (value.kind() == "call").then_some(value)
}

/// Whether all that a `try` does is to drop something: that it is not there is an answer.
pub(crate) fn only_drops(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let body = statement.child_by_field_name("body").map(statements).unwrap_or_default();
    let drops = |one: Node<'_>| {
        let text = file.text(one);
        let end = text.char_indices().nth(NEAR).map_or(text.len(), |(at, _)| at);
        let is_call = matches!(bare_expression(one).kind(), "call" | "await");
        let begin = &text[..end];
        let mut names = begin.split(|it: char| !(it.is_alphanumeric() || it == '_'));
        is_call && names.any(|it| words(it).iter().any(|word| word == "drop"))
    };
    // What was done is made to stay.
    let ends = |one: Node<'_>| file.text(one).trim_end().ends_with(".commit()");
    body.iter().any(|it| drops(*it)) && body.iter().all(|it| drops(*it) || ends(*it))
}

/// How much of a statement says what it does.
const NEAR: usize = 120;

/// Whether a file brings a database to its next version, by its name and folders.
pub(crate) fn is_of_migration(file: &FileContext<'_>) -> bool {
    const FOLDERS: [&str; 4] = ["migrations", "dbupdate", "dbupdates", "db_updates"];
    const NAMES: [&str; 4] = ["dbupdate", "db_update", "dbupdates", "dbupgrade"];
    let path = file.path_inside();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut folders = folders.split('/');
    // <https://alembic.sqlalchemy.org/en/latest/tutorial.html#create-a-migration-script>
    let of_alembic = || file.source.text().contains("down_revision");
    folders.any(|it| FOLDERS.contains(&it) || it == "versions" && of_alembic())
        || NAMES.contains(&name.strip_suffix(".py").unwrap_or(name))
}
