//! What makes silence about an error no loss: the function that is called logs its failures itself or keeps what it is handed in
//! memory, or something is taken away that may not be there. Knows names, lines of functions and folders, no levels.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, LogicalLine, Node, Outline};
use roadworthy_project::Role;

use crate::shared::code::nodes::{bare_expression, is_deferred, statements, walk};
use crate::shared::code::vocabulary::among;
use crate::shared::code::words::{last_part, words};
use crate::shared::errors::attempts::saves;

/// Beyond so many functions of one name nobody knows which is called.
const MOST_NAMESAKES: usize = 3;

/// Whether all that a `try` does is to call functions of the project that log every failure themselves.
pub(crate) fn is_logged_by_callee(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let calls = only_calls(statement);
    let logs = |call: &Node<'_>| {
        called(file, *call).is_some_and(|it| are_all(file, it, "log their failures", logs_failures))
    };
    !calls.is_empty() && calls.iter().all(logs)
}

/// Whether all that a `try` saves, it saves by functions of the project that only put it into a collection in memory. What
/// databases call alike has a name of one word.
pub(crate) fn only_keeps_in_memory(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let mut names = Vec::new();
    walk(body, |node| {
        if node.kind() == "call" && saves(file, node) {
            names.push(called(file, node).unwrap_or_default());
        }
        !is_deferred(node)
    });
    let keeps = |shown: &&str| {
        last_part(shown).trim_matches('_').contains('_')
            && are_all(file, shown, "keep it in memory", keeps_in_memory)
    };
    !names.is_empty() && names.iter().all(keeps)
}

/// What a call calls, as it is written.
fn called<'a>(file: &FileContext<'a>, call: Node<'_>) -> Option<&'a str> {
    call.child_by_field_name("function").map(|it| file.text(it))
}

/// Whether the functions of the project that a call may mean are all of a kind: those of the file where it means one of them, else
/// all of that name.
fn are_all(
    file: &FileContext<'_>,
    shown: &str,
    kind: &str,
    is_so: impl Fn(&Outline, &str, &Definition) -> bool,
) -> bool {
    let name = last_part(shown);
    let own: Vec<bool> = functions(file.outline, file.source.text(), name)
        .map(|it| is_so(file.outline, file.source.text(), it))
        .collect();
    if !own.is_empty() && (!shown.contains('.') || shown.starts_with("self.")) {
        return own.iter().all(|it| *it);
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    facts.answer(known.component, format!("functions called {name} {kind}"), || {
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
                    functions(outline, text, name).all(|it| is_so(outline, text, it))
                })
            })
    })
}

/// Whether a function adds to a collection, and calls nothing that reaches beyond memory.
fn keeps_in_memory(outline: &Outline, text: &str, function: &Definition) -> bool {
    const ADDS: &str = "append appendleft add extend";
    const OTHERS: &str = "clear copy dict get items join keys len list min max pop popleft setdefault str strip tuple \
        update values";
    let inside = outline.calls.iter().filter(|it| function.body.contains(it.name.start));
    let mut adds = false;
    let all = inside.map(|it| last_part(it.name.of_text(text))).all(|name| {
        adds |= among(ADDS, name);
        // A class is made.
        among(ADDS, name) || among(OTHERS, name) || name.starts_with(|it: char| it.is_uppercase())
    });
    // A session, a table and a client have such methods, too.
    let reaches_out = || {
        const FAR: &str = "cache client collection conn connection cursor db redis repo repository requests session \
            store table";
        let body = function.body.of_text(text);
        words(body).iter().any(|it| among(FAR, it)) || body.contains("await ")
    };
    all && adds && !reaches_out()
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

/// The calls that are all a `try` does, none where it does something else.
fn only_calls(statement: Node<'_>) -> Vec<Node<'_>> {
    let body = statement.child_by_field_name("body").map(statements).unwrap_or_default();
    body.into_iter().map(lone_call).collect::<Option<_>>().unwrap_or_default()
}

/// The call, awaited or not, that is all of a statement.
fn lone_call(statement: Node<'_>) -> Option<Node<'_>> {
    let mut value = bare_expression(statement);
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
