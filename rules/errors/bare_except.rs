//! See `bare-except.toml`. Knows handlers, no other rule.

#[path = "bare_except/grave.rs"]
mod grave;
#[path = "bare_except/threads.rs"]
mod threads;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Node, Span};
use roadworthy_project::Role;

use crate::shared::code::nodes::{around, bare_expression, is_constant, statements, walk};
use crate::shared::code::reach;
use crate::shared::code::text::places_of;
use crate::shared::code::words::words;
use crate::shared::errors::answers;
use crate::shared::errors::attempts::{self, Attempt, Weight};
use crate::shared::errors::handlers::{self, Breadth, Handler, Silence};
use crate::shared::errors::surroundings::{self, Purpose};
use crate::shared::errors::told;

/// Whether the handler at `offset` catches what stops a program.
pub(super) fn candidate(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(header) = handlers::header_at(file, offset) else { return false };
    let bare = header.is_empty()
        || header.contains("BaseException")
        || (!header.contains("Exception") && handlers::may_be_broad(file, offset));
    bare && (file.pedantic() || !begins_by_raise(file, offset, header.is_empty()))
}

/// Whether a handler raises first of all; one for everything raises the same again.
fn begins_by_raise(file: &FileContext<'_>, offset: u32, everything: bool) -> bool {
    let first = handlers::first_statement(file, offset);
    let Some((_, rest)) = first
        .split_once("raise")
        .filter(|(before, _)| before.is_empty() || before.starts_with("except"))
    else {
        return false;
    };
    let is_raise = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    is_raise && (!everything || rest.trim().is_empty())
}

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    let Some(handler) = Handler::read(file, node) else { return };
    if !candidate(file, node.start_byte() as u32) {
        return;
    }
    if handler.breadth < Breadth::Base {
        return;
    }
    let Some(statement) = handler.attempt() else { return };
    if !file.pedantic() && handlers::always_raises(file, handler.body) {
        if raises_another(file, &handler, statement) {
            tell(
                file,
                &handler,
                Severity::Info,
                "turns the cancellation of the task into another error",
                out,
            );
        }
        return;
    }
    let attempt = attempts::attempt(file, statement);
    let awaits = attempt.awaits;
    let beside =
        !file.pedantic() && !awaits && threads::runs_beside(file, handler.node.start_byte() as u32);
    let mut level = Severity::Warning;
    if !file.pedantic() {
        if handler.silence().is_some() {
            if is_round_of_clean_up(file, &handler, statement, &attempt) {
                let what = "swallows the cancellation of the task, and the loop goes on";
                tell(file, &handler, Severity::Info, what, out);
            }
            return;
        }
        if is_answered(file, &handler, statement) || answers::only_stops(file, handler.body) {
            return;
        }
        let place = surroundings::place(file, statement);
        if place.on_the_way_out || matches!(attempt.weight, Weight::Import | Weight::CleanUp) {
            return;
        }
        let is_grave = !beside
            && is_product(file)
            && grave::is_lost(file, &handler, statement, &attempt)
            && !is_foreseen(file, &handler, statement, &attempt)
            && !is_of_no_service(file, &handler, statement);
        if !is_grave {
            level = Severity::Info;
        }
    }
    let what = swallowed(awaits, beside);
    match lost(file, &handler, statement) {
        Some(call) => {
            let what = format!("loses any error of `{call}`, and {what}");
            tell(file, &handler, level, &what, out);
        }
        None if level > Severity::Info => {
            let what = format!("loses the cause of any failure, and {what}");
            tell(file, &handler, level, &what, out);
        }
        None => tell(file, &handler, level, what, out),
    }
}

/// Whether what stands around says that a failure is no news, or the handler does what there is to be done.
fn is_foreseen(
    file: &FileContext<'_>,
    handler: &Handler<'_>,
    statement: Node<'_>,
    attempt: &Attempt<'_>,
) -> bool {
    surroundings::purpose(file, statement.start_byte() as u32) == Purpose::CleanUp
        || handler.has_reason(file)
        || surroundings::says_best_effort(file, statement)
        || surroundings::stands_aside(file)
        || surroundings::does_otherwise(file, statement, handler.body)
        || is_step_of_batch(file)
        || is_question(file, handler, statement)
        || asks_for_health(file, handler, statement, attempt)
        || surroundings::only_describes_query(file, statement)
        || !attempt.awaits && surroundings::stores_instead(file, statement, handler.body)
        || tells_caller(file, handler, statement)
        || attempts::handles_one_file(file, statement)
        || ends_loop(handler)
        || answers::is_outcome(file, statement, handler.body, attempt)
        || answers::asks_again(file, statement, handler.body)
        || answers::works_around(file, statement)
        || told::is_logged_by_callee(file, statement)
}

/// What a handler for everything keeps from whom it is meant for: around what waits for a task, or `beside` the main thread.
fn swallowed(awaits: bool, beside: bool) -> &'static str {
    if awaits {
        "swallows the cancellation of the task"
    } else if beside {
        "hides any error of the thread, also one that is a slip in the code"
    } else {
        "swallows `KeyboardInterrupt` and `SystemExit`"
    }
}

/// The call whose error a handler hides, whatever it is: that is more than what else a handler for everything does.
fn lost<'a>(file: &FileContext<'a>, handler: &Handler<'_>, statement: Node<'_>) -> Option<&'a str> {
    let is_lost = handler.breadth == Breadth::Bare && !handlers::conduct(file, handler).traceback;
    let attempt = attempts::attempt(file, statement);
    answers::named_call(file, statement, &attempt).filter(|_| is_lost)
}

fn tell(
    file: &FileContext<'_>,
    handler: &Handler<'_>,
    level: Severity,
    what: &str,
    out: &mut Reporter<'_>,
) {
    let report = Report::at(handler.span())
        .message(format!("{} {what}", handler.shown()))
        .severity(level)
        .extent(handler.suppression_extent(file));
    out.report(match narrowed(file, handler) {
        Some(edit) => report.fix(Fix::to_look_at(vec![edit])),
        None => report,
    });
}

/// Whether a handler for everything raises another error, whatever befell what is awaited: a task that is cancelled, and a
/// database that is down, look like that.
fn raises_another(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let mut same = false;
    walk(handler.body, |node| {
        same |= node.kind() == "raise_statement" && node.named_child(0).is_none();
        true
    });
    handler.breadth == Breadth::Bare
        && is_product(file)
        && attempts::attempt(file, statement).awaits
        && !has_own_loop(file)
        && !same
        && !is_let_through(file, handler, statement)
        && !keeps_error(file, handler)
}

/// Whether each round of a loop awaits that something is tidied up and drops all errors: a task that is cancelled goes on.
/// Errors of clean-up are of no interest elsewhere; cancellation is.
fn is_round_of_clean_up(
    file: &FileContext<'_>,
    handler: &Handler<'_>,
    statement: Node<'_>,
    attempt: &Attempt<'_>,
) -> bool {
    let place = surroundings::place(file, statement);
    let stays = matches!(handler.silence(), Some(Silence::Pass | Silence::Continue));
    // Waiting for what was cancelled ends by its cancellation.
    let cancels = || {
        file.function_at(statement.start_byte() as u32)
            .is_some_and(|function| file.slice(function.body).contains(".cancel("))
    };
    handler.breadth == Breadth::Bare
        && attempt.weight == Weight::CleanUp
        && attempt.awaits
        && stays
        && place.in_loop
        && !place.on_the_way_out
        && is_product(file)
        && !has_own_loop(file)
        && !handler.has_reason(file)
        && surroundings::purpose(file, statement.start_byte() as u32) != Purpose::CleanUp
        && !is_let_through(file, handler, statement)
        && !cancels()
}

/// Whether a handler shows somebody what their own code did, or nothing of the project runs the code. Reads other files, so it
/// is asked last.
fn is_of_no_service(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let offset = statement.start_byte() as u32;
    let function = file.function_at(offset).map_or("", |it| file.slice(it.body));
    let runs_text = ["exec", "eval"].iter().any(|it| {
        places_of(function, it)
            .any(|at| function[at + it.len()..].starts_with('(') && !function[..at].ends_with('.'))
    });
    let shows = file.text(handler.body).contains("format_exc(");
    runs_text && shows
        || reach::is_out_of_use(file, offset)
        || reach::is_run_by_hand(file)
        || reach::is_of_many(file) && reach::is_left_over(file)
}

/// Whether a handler around one statement does nothing but return a table that says what went wrong: `{"error": …}`.
fn tells_caller(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let is_one = statement.child_by_field_name("body").is_some_and(|it| statements(it).len() == 1);
    let says = |one: Node<'_>| {
        let text = file.text(one);
        let key = text.strip_prefix("return").map(|it| it.trim_start().trim_start_matches('{'));
        key.map(str::trim_start).is_some_and(|it| {
            text.contains('{') && ["\"error\"", "'error'"].iter().any(|key| it.starts_with(key))
        })
    };
    is_one && matches!(statements(handler.body).as_slice(), &[one] if says(one))
}

/// Whether a function asks whether something is there, `is_ready()`, and takes it for absent where that cannot be told: it does
/// nothing else.
fn is_question(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let Some(function) = file.function_at(statement.start_byte() as u32) else { return false };
    let name = file.slice(function.name);
    let beside = statement.parent().map(statements).unwrap_or_default();
    let is_beside = |it: &Node<'_>| {
        it.id() == statement.id()
            || it.kind() == "return_statement"
            || bare_expression(*it).kind() == "string"
    };
    let answers = matches!(statements(handler.body).as_slice(), &[one]
        if given(one).is_some_and(is_constant));
    ["is_", "has_"].iter().any(|it| name.starts_with(it))
        && answers
        && statement
            .parent()
            .and_then(|it| it.parent())
            .is_some_and(|it| it.kind() == "function_definition")
        && beside.iter().all(is_beside)
}

/// Whether a function asks whether something else is well, `get_health()`, and that it cannot be told is one of its answers: nothing
/// goes round again.
fn asks_for_health(
    file: &FileContext<'_>,
    handler: &Handler<'_>,
    statement: Node<'_>,
    attempt: &Attempt<'_>,
) -> bool {
    let Some(function) = file.function_at(statement.start_byte() as u32) else { return false };
    let asks = words(file.slice(function.name)).iter().any(|it| {
        matches!(it.as_str(), "health" | "healthy" | "alive" | "reachable" | "readiness")
    });
    let answers = matches!(statements(handler.body).as_slice(), &[one]
        if given(one).is_some_and(is_constant));
    asks && answers
        && !attempt.changes
        && !around(statement).any(|it| it.kind() == "while_statement")
}

/// What a statement returns or binds a name to.
fn given(statement: Node<'_>) -> Option<Node<'_>> {
    if statement.kind() == "return_statement" {
        return statement.named_child(0);
    }
    bare_expression(statement).child_by_field_name("right")
}

/// Whether the loop ends with the handler: what stops the program ends it, too.
fn ends_loop(handler: &Handler<'_>) -> bool {
    statements(handler.body).last().is_some_and(|last| last.kind() == "break_statement")
}

/// Whether a file is a step of a batch that Snakemake runs, which stops its steps by ending them.
fn is_step_of_batch(file: &FileContext<'_>) -> bool {
    file.path_inside().contains("snakefiles/") || file.source.text().contains("snakemake.")
}

/// Whether the file makes a loop for itself: mostly nobody cancels what runs on that.
fn has_own_loop(file: &FileContext<'_>) -> bool {
    file.source.text().contains("new_event_loop()")
}

fn is_product(file: &FileContext<'_>) -> bool {
    matches!(file.role, Role::Application | Role::Library)
}

/// The handler for all but what stops a program.
fn narrowed(file: &FileContext<'_>, handler: &Handler<'_>) -> Option<Edit> {
    let start = handler.node.start_byte() as u32;
    let header = handlers::header_at(file, start)?;
    // `Exception` may be something else here.
    if file.names().resolve("Exception", start).as_deref() != Some("Exception") {
        return None;
    }
    if header.is_empty() {
        let behind = start + "except".len() as u32;
        let word = file.slice(Span::new(start, behind)) == "except";
        let colon = file.slice(Span::new(behind, behind + 1));
        let space = if matches!(colon, ":" | " ") { " Exception" } else { return None };
        return word.then(|| Edit::insert(behind, space));
    }
    let text = file.slice(handler.span());
    let at = text.find("BaseException").filter(|_| header.starts_with("BaseException"))? as u32;
    let end = start + at + "BaseException".len() as u32;
    let more = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let whole = !file.slice(Span::new(end, handler.span().end)).starts_with(more);
    whole.then(|| Edit { span: Span::new(start + at, end), text: "Exception".to_owned() })
}

/// Whether an earlier handler lets through what stops a program, or this one hands the error on.
fn is_answered(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    if is_let_through(file, handler, statement) {
        return true;
    }
    let conduct = handlers::conduct(file, handler);
    conduct.hands_on || conduct.raises || keeps_error(file, handler)
}

/// Whether an earlier handler catches what stops a program.
fn is_let_through(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let mut cursor = statement.walk();
    let mut earlier = statement
        .named_children(&mut cursor)
        .filter(|clause| {
            clause.kind() == "except_clause" && clause.start_byte() < handler.node.start_byte()
        })
        .filter_map(|clause| Handler::read(file, clause));
    earlier.any(|other| {
        other.is_broad()
            || other.types.iter().any(|name| {
                matches!(
                    name.as_str(),
                    "KeyboardInterrupt" | "SystemExit" | "asyncio.CancelledError"
                )
            })
    })
}

/// Whether a handler keeps the error, whatever it is.
fn keeps_error(file: &FileContext<'_>, handler: &Handler<'_>) -> bool {
    const KEEPING: [&str; 6] = [
        "set_exception",
        "_exception(",
        "handle_error",
        "handleError",
        "= traceback.format_exc()",
        "excepthook",
    ];
    let body = file.text(handler.body);
    KEEPING.iter().any(|word| body.contains(word))
        || body.contains("exc_info()") && !only_whispers(body)
}

/// Whether a handler says what happened to nobody but those who ask for every detail.
fn only_whispers(body: &str) -> bool {
    const LOUD: [&str; 8] =
        [".critical(", ".error(", ".exception(", ".warn", "append(", "put(", "raise", "return"];
    let whispers = body.contains(".info(") || body.contains(".debug(");
    whispers && !LOUD.iter().any(|it| body.contains(it))
}
