//! See `generic-exception-raised.toml`. Knows names and handlers, no other rule.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Keyword, Node, Span};

use crate::shared::code::nodes::around;
use crate::shared::errors::handlers::{Handler, always_raises};
use crate::shared::errors::surroundings;

/// Whether `raise` stands before the name at `offset`.
pub(super) fn candidate(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(line) = file.outline.line_at(offset) else { return false };
    let before = file.slice(Span::new(line.span.start, offset));
    line.keyword == Keyword::Raise || before.contains("raise")
}

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    let Some(raised) = node.named_child(0).filter(|child| child.kind() != "comment") else {
        return;
    };
    let class = match raised.kind() {
        "call" => raised.child_by_field_name("function").unwrap_or(raised),
        _ => raised,
    };
    let Some(name) = file.qualified(class) else { return };
    let name = name.strip_prefix("builtins.").unwrap_or(&name);
    if !matches!(name, "Exception" | "BaseException") {
        return;
    }
    if !file.pedantic() && is_answered(file, node, raised) {
        return;
    }
    out.judged();
    let handler = around(node).find(|outer| outer.kind() == "except_clause");
    if !file.pedantic() && handler.is_some_and(|clause| is_told_before(file, clause, node)) {
        return;
    }
    let caught = handler.is_some();
    let message = if caught {
        format!("`raise {name}` takes away the type of the error that was caught")
    } else {
        format!("`raise {name}` can only be caught by catching everything")
    };
    out.report(Report::on(raised).message(message));
}

/// Whether an earlier line of the same `try` statement's handlers raises one, too.
fn is_told_before(file: &FileContext<'_>, clause: Node<'_>, node: Node<'_>) -> bool {
    let Some(statement) = clause.parent() else { return false };
    let mut cursor = statement.walk();
    let before = Span::new(statement.start_byte() as u32, node.start_byte() as u32);
    statement
        .named_children(&mut cursor)
        .filter(|other| other.kind() == "except_clause")
        .filter(|other| other.start_byte() < before.end as usize)
        .any(|other| {
            let end = (other.end_byte() as u32).min(before.end);
            file.slice(Span::new(other.start_byte() as u32, end)).contains("raise Exception(")
        })
}

/// Whether nobody else has to catch it.
fn is_answered(file: &FileContext<'_>, node: Node<'_>, raised: Node<'_>) -> bool {
    let offset = node.start_byte() as u32;
    let Some(function) = file.function_at(offset) else { return true };
    if file.outline.under_main_guard(offset)
        || surroundings::stands_aside(file)
        || is_entry(file, file.slice(function.name))
    {
        return true;
    }
    says_impossible(file.text(raised)) || is_caught_here(file, node)
}

/// The function that a program begins with: what it raises reaches only the user.
fn is_entry(file: &FileContext<'_>, name: &str) -> bool {
    name == "main" && !file.outline.main_guards.is_empty()
}

fn says_impossible(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [
        "unreachable",
        "should never",
        "should not happen",
        "shouldn't happen",
        "impossible",
        "never happen",
        "never be reached",
        "not be reached",
        "can't happen",
        "cannot happen",
        "not reach",
    ]
    .iter()
    .any(|phrase| text.contains(phrase))
}

/// Whether the body of a `try` around it, in the same function, has a handler for it.
fn is_caught_here(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let mut below = node;
    for around in around(node) {
        if around.kind() == "try_statement"
            && around.child_by_field_name("body").is_some_and(|body| body.id() == below.id())
        {
            let mut cursor = around.walk();
            let mut handlers = around
                .named_children(&mut cursor)
                .filter(|clause| clause.kind() == "except_clause");
            // A handler that raises lets it out again.
            let answers =
                |handler: Handler<'_>| handler.is_broad() && !always_raises(file, handler.body);
            if handlers.any(|clause| Handler::read(file, clause).is_some_and(answers)) {
                return true;
            }
        }
        below = around;
    }
    false
}
