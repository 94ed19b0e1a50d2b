//! Whether the cause of a failure that matters is lost in a handler for everything. Knows handlers and attempts, no messages.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::nodes::{bare_expression, is_constant, is_deferred, statements, walk};
use crate::shared::code::words::words;
use crate::shared::errors::attempts::{Attempt, Weight};
use crate::shared::errors::handlers::{self, Breadth, Handler};
use crate::shared::frameworks::entry_points::{self, EntryPoint};

/// Whether nobody learns why work failed whose failure matters: what was to be saved is not, or a request ends with it.
pub(super) fn is_lost(
    file: &FileContext<'_>,
    handler: &Handler<'_>,
    statement: Node<'_>,
    attempt: &Attempt<'_>,
) -> bool {
    loses_cause(file, handler)
        && attempt.weight == Weight::Work
        && (attempt.saves || ends_request(file, handler, statement))
        && !tells_of_failure(file, handler, statement)
        && !(!attempt.changes && !attempt.awaits && is_worked_out(file, handler, statement))
}

/// Whether neither a log nor a function that reports gets anything of the error, and no log says that there was one.
pub(super) fn loses_cause(file: &FileContext<'_>, handler: &Handler<'_>) -> bool {
    let conduct = handlers::conduct(file, handler);
    handler.breadth == Breadth::Bare
        && !conduct.traceback
        && !conduct.hands_on
        && conduct.logged.is_none()
}

/// Whether a request waits for the function around a statement, and the handler answers it.
fn ends_request(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let last = statements(handler.body).last().copied();
    last.is_some_and(|it| it.kind() == "return_statement") && is_of_request(file, statement)
}

/// Whether a request waits for the function around a statement.
fn is_of_request(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let offset = statement.start_byte() as u32;
    let takes_request = |function| {
        let mut parameters = file.outline.signature(function).parameters.iter().take(2);
        parameters.any(|it| file.slice(it.name) == "request")
    };
    entry_points::around(file, offset) == Some(EntryPoint::Route)
        || file.function_at(offset).is_some_and(takes_request)
}

/// Whether whoever called is told that it failed: a handler returns, or puts on a list, what is called a failure. Who waits for an
/// answer to a request cannot look into the program.
fn tells_of_failure(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let says = |text: &str| {
        words(text).iter().any(|word| {
            matches!(
                word.as_str(),
                "error" | "errors" | "failed" | "failure" | "failures" | "invalid"
            )
        })
    };
    let tells = |one: Node<'_>| {
        if one.kind() == "return_statement" {
            // The class of an error is no more than any other object: `return DatabaseError`.
            return one.named_child(0).is_some_and(|it| {
                let is_class = it.kind() == "identifier"
                    && file.text(it).starts_with(|letter: char| letter.is_uppercase());
                !is_class && says(file.text(it))
            });
        }
        // `failed.append(row)`
        let value = bare_expression(one);
        let list = value
            .child_by_field_name("function")
            .filter(|it| value.kind() == "call" && file.text(*it).ends_with(".append"))
            .and_then(|it| it.child_by_field_name("object"));
        list.is_some_and(|it| says(file.text(it)))
    };
    !is_of_request(file, statement) && statements(handler.body).into_iter().any(tells)
}

/// Whether one value is looked up, and a handler works out what it would have been: `nodes = kept(key)`, and without it all of
/// them are gone through.
fn is_worked_out(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let body = statement.child_by_field_name("body").map(statements).unwrap_or_default();
    let &[one] = body.as_slice() else { return false };
    let value = bare_expression(one);
    let Some(name) = value
        .child_by_field_name("left")
        .filter(|it| value.kind() == "assignment" && it.kind() == "identifier")
        .map(|it| file.text(it))
    else {
        return false;
    };
    let mut works_out = false;
    walk(handler.body, |node| {
        match node.kind() {
            "assignment" => {
                let of_same =
                    node.child_by_field_name("left").is_some_and(|it| file.text(it) == name);
                let value = node.child_by_field_name("right");
                works_out |= of_same && value.is_some_and(|it| !is_constant(it));
            }
            "call" => {
                let object = node
                    .child_by_field_name("function")
                    .and_then(|it| it.child_by_field_name("object"));
                works_out |= object.is_some_and(|it| file.text(it) == name);
            }
            _ => {}
        }
        !is_deferred(node)
    });
    works_out
}
