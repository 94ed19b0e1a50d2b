//! What makes a failure an answer in itself: the outcome of a probe, the original of what was to be changed, a word that says
//! that a value is not known, the same asked again, a work-around that is called one. Knows syntax, names and comments, no levels.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Node, Span};

use crate::shared::code::nodes::{bare_expression, block_of, is_deferred, statements, walk};
use crate::shared::code::text::{has_name, places_of};
use crate::shared::code::vocabulary::among;
use crate::shared::code::words::{last_part, words};
use crate::shared::errors::attempts::{self, Attempt, Weight};
use crate::shared::errors::handlers::{self, Handler};

/// Whether a `try` only finds out whether something works, and the handler says that it does not, where the `try` says that it
/// does: `alive = True` and `alive = False`, `up.set(1)` and `up.set(0)`, or `True` and `False` as the answer of what connects.
pub(crate) fn is_outcome(
    file: &FileContext<'_>,
    statement: Node<'_>,
    handler: Node<'_>,
    attempt: &Attempt<'_>,
) -> bool {
    if attempt.changes || attempt.asks_by_post {
        return false;
    }
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let (went, failed) = (outcomes(file, body, true), outcomes(file, handler, false));
    let returns = |block: Node<'_>, value: &str| {
        let last = statements(block).last().copied();
        last.is_some_and(|it| file.text(it).strip_prefix("return ") == Some(value))
    };
    let connects = || {
        attempt.call.is_some_and(|it| {
            words(last_part(it)).iter().any(|word| among("connect login ping", word))
        })
    };
    failed.iter().any(|it| went.contains(it))
        || returns(body, "True") && returns(handler, "False") && connects()
}

/// The names and gauges that a block sets to yes, or to no.
fn outcomes<'a>(file: &FileContext<'a>, block: Node<'_>, yes: bool) -> Vec<&'a str> {
    let (word, number) = if yes { ("True", "(1)") } else { ("False", "(0)") };
    let named = statements(block).into_iter().map(bare_expression).filter_map(|it| {
        let (name, is_so) = match it.kind() {
            "assignment" => (it.child_by_field_name("left")?, {
                it.child_by_field_name("right").is_some_and(|it| file.text(it) == word)
            }),
            "call" => {
                let function = it.child_by_field_name("function")?;
                let given = it.child_by_field_name("arguments")?;
                let is_set = last_part(file.text(function)) == "set";
                (function, is_set && file.text(given) == number)
            }
            _ => return None,
        };
        is_so.then(|| file.text(name))
    });
    named.collect()
}

/// Whether a `try` changes a value, `image = resized(image)` at its end, and the handler leaves it as it was before: what follows
/// takes the one or the other.
pub(crate) fn keeps_original(
    file: &FileContext<'_>,
    statement: Node<'_>,
    handler: Node<'_>,
    attempt: &Attempt<'_>,
) -> bool {
    if attempt.changes || attempt.database {
        return false;
    }
    let start = statement.start_byte() as u32;
    let (Some(body), Some(function)) =
        (statement.child_by_field_name("body"), file.function_at(start))
    else {
        return false;
    };
    let goes_on = statements(handler).into_iter().all(|it| {
        it.kind() == "pass_statement"
            || it.kind() == "expression_statement" && bare_expression(it).kind() == "call"
    });
    let Some((name, bound)) = bound_last(file, body).filter(|_| goes_on) else { return false };
    let (end, bound) = (statement.end_byte() as u32, bound.end_byte() as u32);
    let is_read = |from: u32, to: u32| has_name(file.slice(Span::new(from, to)), name);
    let inside = Span::new(body.start_byte() as u32, bound);
    let is_changed = places_of(file.slice(inside), name).count() > 1;
    let is_given = || {
        let mut parameters = file.outline.signature(function).parameters.iter();
        // What was nothing before is no original.
        let empty = ["None", "[", "{", "\"\"", "''", "0", "False", "set(", "list(", "dict("];
        let mut before = file.values().bindings(name).iter();
        parameters.any(|it| file.slice(it.name) == name)
            || before.any(|it| {
                it.at >= function.body.start
                    && it.at < start
                    && it.value.is_some_and(|it| {
                        !empty.iter().any(|none| file.slice(it).starts_with(none))
                    })
            })
    };
    is_changed && is_read(end, function.span.end.max(end)) && is_given()
}

/// The name that a block binds at its end, and where; the end may be under a condition.
fn bound_last<'f, 't>(file: &FileContext<'f>, block: Node<'t>) -> Option<(&'f str, Node<'t>)> {
    let last = *statements(block).last()?;
    if last.kind() == "if_statement" {
        return bound_last(file, last.child_by_field_name("consequence")?);
    }
    let binds = Some(bare_expression(last)).filter(|it| it.kind() == "assignment")?;
    let name = binds.child_by_field_name("left").filter(|it| it.kind() == "identifier")?;
    Some((file.text(name), last))
}

/// Whether all that a handler does, beyond calls, is to take a text that says that a value is not known.
pub(crate) fn is_said_unknown(file: &FileContext<'_>, handler: Node<'_>) -> bool {
    let says = |value: Option<Node<'_>>| {
        value.filter(|it| it.kind() == "string").is_some_and(|it| {
            let text = file.text(it).trim_matches(['"', '\'']);
            ["unknown", "n/a", "not available"].iter().any(|word| text.eq_ignore_ascii_case(word))
        })
    };
    let taken = statements(handler).into_iter().filter(|it| bare_expression(*it).kind() != "call");
    let mut taken = taken.peekable();
    taken.peek().is_some()
        && taken.all(|it| match it.kind() {
            "return_statement" => says(it.named_child(0)),
            _ => says(bare_expression(it).child_by_field_name("right")),
        })
}

/// Whether a handler asks once more, with nothing around that would catch an error of that: by the very call of its `try`, or,
/// where each returns what one call gives, by the same method of the same object.
pub(crate) fn asks_again(file: &FileContext<'_>, statement: Node<'_>, handler: Node<'_>) -> bool {
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let of_weight = |it: Node<'_>| attempts::weight(file, it) >= Weight::Reading;
    let (tried, done) = (asked(file, body), asked(file, handler));
    let is_same = done.iter().any(|done| {
        of_weight(*done) && tried.iter().any(|tried| file.text(*tried) == file.text(*done))
    });
    let returned = |block: Node<'_>| match statements(block).as_slice() {
        &[one] if one.kind() == "return_statement" => one
            .named_child(0)
            .map(bare_expression)
            .and_then(|it| it.child_by_field_name("function"))
            .map(|it| file.text(it))
            .filter(|it| it.contains('.') && among(ASKING, last_part(it))),
        _ => None,
    };
    is_same || returned(body).is_some_and(|it| returned(handler) == Some(it))
}

/// Methods by which something is asked for.
const ASKING: &str =
    "all execute fetch filter find find_one first get load open query read request select";

/// The calls that ask for what a block binds or returns.
fn asked<'t>(file: &FileContext<'_>, block: Node<'t>) -> Vec<Node<'t>> {
    let mut found = Vec::new();
    let takes = |it: &Node<'_>| {
        it.kind() == "return_statement" || bare_expression(*it).kind() == "assignment"
    };
    for one in statements(block).into_iter().filter(takes) {
        walk(one, |node| {
            let function = node.child_by_field_name("function").filter(|_| node.kind() == "call");
            if let Some(shown) = function.map(|it| file.text(it))
                && among(ASKING, last_part(shown))
                && shown.contains('.')
            {
                found.push(node);
            }
            !is_deferred(node)
        });
    }
    found
}

/// Whether a comment above a statement, or above the first of several such statements that follow each other, says that they get
/// around a fault of something else.
pub(crate) fn works_around(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    const PHRASES: [&str; 5] = ["workaround", "work-around", "work around", "fix for", "hack for"];
    let lines = &file.outline.lines;
    let mut first = statement;
    loop {
        let start = first.start_byte() as u32;
        let above = lines.partition_point(|line| line.span.start < start).checked_sub(1);
        let above = above.map_or(0, |index| lines[index].span.end);
        let mut comments = file.comments_in(Span::new(above.min(start), start)).peekable();
        if comments.peek().is_some() {
            return comments.any(|it| {
                let text = it.to_ascii_lowercase();
                PHRASES.iter().any(|phrase| text.contains(phrase))
            });
        }
        match first.prev_named_sibling().filter(|it| it.kind() == "try_statement") {
            Some(before) => first = before,
            None => return false,
        }
    }
}

/// Whether all that a handler does is to stop in a debugger, where the error can be looked at: that it is there is the fault.
pub(crate) fn only_stops(file: &FileContext<'_>, handler: Node<'_>) -> bool {
    let (mut stops, mut others) = (false, false);
    for one in statements(handler) {
        let call = bare_expression(one).child_by_field_name("function").map(|it| file.text(it));
        match call {
            Some("breakpoint" | "pdb.set_trace" | "ipdb.set_trace" | "pudb.set_trace") => {
                stops = true;
            }
            _ => others |= one.kind() != "import_statement",
        }
    }
    stops && !others
}

/// The call whose error a handler may meet first of all: none that a `try` inside catches, whatever it is.
pub(crate) fn named_call<'a>(
    file: &FileContext<'a>,
    statement: Node<'_>,
    attempt: &Attempt<'a>,
) -> Option<&'a str> {
    let known = attempt.call.filter(|_| attempt.weight >= Weight::Unknown)?;
    let body = statement.child_by_field_name("body")?;
    if !file.text(body).contains("try:") {
        return Some(known);
    }
    attempts::heaviest_call(file, body, |block| {
        block.parent().is_some_and(|it| {
            it.kind() == "try_statement"
                && it.id() != statement.id()
                && it.child_by_field_name("body").is_some_and(|it| it.id() == block.id())
                && catches_all(file, it)
        })
    })
}

/// Whether a handler of a statement catches every error and raises none.
fn catches_all(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let mut cursor = statement.walk();
    statement.named_children(&mut cursor).filter(|it| it.kind() == "except_clause").any(|it| {
        Handler::read(file, it).is_some_and(|it| it.is_broad())
            && block_of(it).is_some_and(|it| !handlers::always_raises(file, it))
    })
}
