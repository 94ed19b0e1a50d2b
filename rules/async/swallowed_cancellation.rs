//! See `swallowed-cancellation.toml`.

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Definition, Node, Span};

use crate::shared::code::nodes::{around, block_of, is_constant, is_deferred, statements, walk};
use crate::shared::code::{blocks, coroutines};
use crate::shared::errors::handlers::Handler;

const CANCELLATIONS: [&str; 4] = [
    "asyncio.CancelledError",
    "asyncio.exceptions.CancelledError",
    "anyio.get_cancelled_exc_class",
    "trio.Cancelled",
];

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    let Some(handler) = Handler::read(file, node) else { return };
    if !handler.types.iter().any(|name| CANCELLATIONS.contains(&name.as_str())) {
        return;
    }
    let offset = node.start_byte() as u32;
    let Some(function) = coroutines::coroutine_at(file, offset) else { return };
    let Some(statement) = handler.attempt() else { return };
    if holds(handler.body, |it| it.kind() == "raise_statement") {
        return;
    }
    let Some((severity, what)) = what_goes_on(file, &handler, statement, function) else { return };
    let quiet = || {
        !can_be_cancelled(statement)
            || is_of_another(file, statement, function)
            || is_kept(file, &handler, statement)
    };
    if !file.pedantic() && quiet() {
        return;
    }
    let name = file.slice(function.name);
    let message = format!("a cancellation of `{name}` is swallowed: {what}");
    let mut report = Report::at(handler.span())
        .message(message)
        .severity(severity)
        .extent(handler.suppression_extent(file));
    if let Some(fix) = fix(file, &handler) {
        report = report.fix(fix);
    }
    out.report(report);
}

/// What the coroutine does after the handler; `None` where the handler is its end. A loop cannot be stopped for certain;
/// elsewhere the harm depends on who cancels.
fn what_goes_on(
    file: &FileContext<'_>,
    handler: &Handler<'_>,
    statement: Node<'_>,
    function: &Definition,
) -> Option<(Severity, &'static str)> {
    let last = statements(handler.body).into_iter().last()?;
    match last.kind() {
        "return_statement" => {
            let value = last.named_child(0)?;
            // A plain yes or no tells the caller to stop.
            return (!matches!(value.kind(), "none" | "true" | "false" | "comment"))
                .then_some((Severity::Info, "the caller gets a value and goes on"));
        }
        "break_statement" => return None,
        _ => {}
    }
    // `if stopped: return` may end it.
    let may_leave =
        holds(handler.body, |it| matches!(it.kind(), "return_statement" | "break_statement"));
    if may_leave {
        return None;
    }
    if around(statement).any(|it| is_endless(file, it)) {
        return Some((Severity::Info, "the loop goes on"));
    }
    let end = statement.end_byte() as u32;
    let mut behind = blocks::own_lines(file, function).filter(|line| line.span.start >= end);
    let outside = |line: &&roadworthy_parser::LogicalLine| {
        // What follows in another branch of what stands around does not run.
        file.outline
            .line_at(statement.start_byte() as u32)
            .is_some_and(|own| line.indent <= own.indent && !line.keyword.continues_statement())
    };
    behind
        .by_ref()
        .filter(outside)
        .any(|line| coroutines::awaits(file, line))
        .then_some((Severity::Info, "it goes on and awaits again"))
}

/// A loop that ends by an exception or a jump only, or when something else says so.
fn is_endless(file: &FileContext<'_>, node: Node<'_>) -> bool {
    node.kind() == "while_statement"
        && node
            .child_by_field_name("condition")
            .is_some_and(|it| is_constant(it) || !file.text(it).contains("cancel"))
}

/// Whether the coroutine itself may be cancelled in what is tried: where it awaits, or where its caller throws into it.
/// Elsewhere the exception is the result of another task.
fn can_be_cancelled(statement: Node<'_>) -> bool {
    let gives_way = |it: Node<'_>| {
        matches!(it.kind(), "await" | "yield")
            || matches!(it.kind(), "with_statement" | "for_statement" | "for_in_clause")
                && it.child(0).is_some_and(|first| first.kind() == "async")
    };
    statement.child_by_field_name("body").is_some_and(|body| holds(body, gives_way))
}

/// Whether the cancellation, or the exception that it came upon, is raised behind the handler, or kept to be.
fn is_kept(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let alias = handler.alias.map(|it| file.text(it));
    let kept = holds(handler.body, |it| {
        let side = |name| it.child_by_field_name(name).map(|it| file.text(it));
        it.kind() == "assignment"
            && (alias.is_some() && side("right") == alias
                || side("left").is_some_and(|it| it.contains("cancel")))
    });
    let mut clauses = around(statement).filter(|it| it.kind() == "except_clause");
    let raises = |clause: Node<'_>| {
        let last = block_of(clause).and_then(|block| statements(block).into_iter().last());
        last.is_some_and(|it| it.kind() == "raise_statement")
    };
    kept || clauses.any(raises)
}

/// Whether what was cancelled may be what the function waits for, and not the function.
fn is_of_another(file: &FileContext<'_>, statement: Node<'_>, function: &Definition) -> bool {
    let before = Span::new(function.body.start, statement.end_byte() as u32);
    let cancels =
        file.slice(before).contains(".cancel(") || file.slice(before).contains(".aclose(");
    let body = statement.child_by_field_name("body");
    let waits_only = body.is_some_and(|body| {
        let mut awaited = 0;
        let mut called = false;
        walk(body, |it| {
            if it.kind() == "await" {
                awaited += 1;
                called |=
                    it.named_child(0).is_some_and(|it| it.kind() == "call" && !waits(file, it));
            }
            !is_deferred(it)
        });
        awaited > 0 && !called
    });
    cancels || waits_only
}

/// Calls that only wait for tasks that run already.
fn waits(file: &FileContext<'_>, call: Node<'_>) -> bool {
    const WAITING: [&str; 3] = ["asyncio.gather", "asyncio.wait", "asyncio.wait_for"];
    let callee = file.callee(call);
    let over_calls = call.child_by_field_name("arguments").is_some_and(|arguments| {
        holds(arguments, |it| it.kind() == "call" && !waits_shallow(file, it))
    });
    // Whoever shields what it calls knows that it may be cancelled meanwhile.
    let shields = callee.as_deref() == Some("asyncio.shield");
    shields || callee.is_some_and(|it| WAITING.contains(&it.as_str())) && !over_calls
}

fn waits_shallow(file: &FileContext<'_>, call: Node<'_>) -> bool {
    file.callee(call).is_some_and(|it| it.starts_with("asyncio."))
}

/// Whether something of the kind lies in a node, in code that runs with it.
fn holds(root: Node<'_>, is: impl Fn(Node<'_>) -> bool) -> bool {
    let mut found = false;
    walk(root, |node| {
        found |= is(node);
        !found && !is_deferred(node)
    });
    found
}

/// `raise` at the end of the handler, or in place of `pass`.
fn fix(file: &FileContext<'_>, handler: &Handler<'_>) -> Option<Fix> {
    let statements = statements(handler.body);
    let last = *statements.last()?;
    let span = Span::of(last);
    let edit = match last.kind() {
        "pass_statement" | "continue_statement" => Edit { span, text: "raise".to_owned() },
        "return_statement" => return None,
        _ => {
            let line = file.outline.line_at(handler.body.start_byte() as u32)?;
            // The body may stand on the line of the header.
            if line.span.start != handler.body.start_byte() as u32 {
                return None;
            }
            let text = file.source.text();
            let start = text[..line.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
            let indent = &text[start..line.span.start as usize];
            Edit::insert(span.end, format!("\n{indent}raise"))
        }
    };
    Some(Fix::to_look_at(vec![edit]))
}
