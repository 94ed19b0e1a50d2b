//! See `broad-except-loses-traceback.toml`. Knows handlers and attempts, no other rule.

#[path = "broad_except_loses_traceback/steps.rs"]
mod steps;
#[path = "broad_except_loses_traceback/weighty.rs"]
mod weighty;

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::Node;
use roadworthy_project::Role;

use crate::shared::code::loggers::{self, Level};
use crate::shared::code::named;
use crate::shared::code::nodes::{
    bare_expression, block_of, is_constant, is_deferred, statements, walk,
};
use crate::shared::code::reach::{self, ProgramOnly};
use crate::shared::code::vocabulary::{self, among};
use crate::shared::code::words::{last_part, words};
use crate::shared::errors::answers;
use crate::shared::errors::attempts::{self, Attempt, Weight};
use crate::shared::errors::handlers::{self, Breadth, Conduct, Handler};
use crate::shared::errors::surroundings::{self, Purpose};
use crate::shared::fixes;

use steps::{are_different, are_several, tells};
use weighty::{is_kept_from_logs, is_weighty};

/// Whether the handler at `offset` catches everything and does not begin by raising.
pub(super) fn candidate(file: &FileContext<'_>, offset: u32) -> bool {
    if file.pedantic() {
        return handlers::header_at(file, offset).is_some();
    }
    if !handlers::may_be_broad(file, offset) {
        return false;
    }
    // Silence is another rule's matter, and so are bare handlers.
    if handlers::header_at(file, offset).is_none_or(str::is_empty) {
        return false;
    }
    let first = handlers::first_statement(file, offset);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    let keeps = first
        .split_once('(')
        .is_some_and(|(callee, _)| callee.ends_with(".exception") && callee.bytes().all(is_name));
    let word = first.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
    !keeps && !matches!(word, "raise" | "pass" | "continue")
}

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    let Some(handler) = Handler::read(file, node) else { return };
    if file.pedantic() {
        every_candidate(file, &handler, out);
        return;
    }
    // Bare handlers and silent ones are other rules' matter.
    if !candidate(file, node.start_byte() as u32)
        || handler.breadth != Breadth::Exception
        || handler.silence().is_some()
    {
        return;
    }
    let conduct = handlers::conduct(file, &handler);
    if conduct.raises || conduct.traceback || conduct.hands_on {
        return;
    }
    let Some(statement) = handler.attempt() else { return };
    let Some((level, what)) = loss(file, &handler, statement, conduct) else { return };
    let report = Report::at(handler.span())
        .message(format!("{} {what}", handler.shown()))
        .severity(level)
        .extent(handler.suppression_extent(file));
    let fix = conduct.logged.and_then(|_| fixes::tracebacks::keep(file, &handler));
    out.report(match fix {
        Some(fix) => report.fix(fix),
        None => report,
    });
}

/// Every broad handler, and in all handlers every loud logging call without a traceback.
fn every_candidate(file: &FileContext<'_>, handler: &Handler<'_>, out: &mut Reporter<'_>) {
    if handler.is_broad() {
        out.report(Report::at(handler.span()).extent(handler.suppression_extent(file)));
    }
    walk(handler.body, |node| {
        if node.kind() == "call"
            && loggers::log_call(file, node)
                .is_some_and(|voice| voice.level == Level::Error && !voice.traceback)
        {
            out.report(Report::on(node));
        }
        !is_deferred(node) && node.kind() != "except_clause"
    });
}

/// Whether what is told names the type of the error, too: `type(error)`, `repr(error)`, `%r`.
fn names_type(file: &FileContext<'_>, handler: &Handler<'_>) -> bool {
    let text = file.text(handler.body);
    ["type(", "__class__", "repr(", "!r}", "%r"].iter().any(|sign| text.contains(sign))
}

/// Whether what is told says that something else is done instead.
fn tells_of_second_way(file: &FileContext<'_>, handler: &Handler<'_>) -> bool {
    let text = file.text(handler.body).to_ascii_lowercase();
    ["falling back", "fall back", "fallback", "instead"].iter().any(|phrase| text.contains(phrase))
}

/// Whether a handler says or keeps anything of the error. What it is an instance of, it only decides by.
fn mentions_error(file: &FileContext<'_>, handler: &Handler<'_>) -> bool {
    let Some(alias) = handler.alias.map(|it| file.text(it)) else { return false };
    let mut mentions = false;
    walk(handler.body, |node| {
        let called = |name: &str| {
            node.kind() == "call"
                && node.child_by_field_name("function").is_some_and(|it| file.text(it) == name)
        };
        let compared = || node.parent().is_some_and(|it| it.kind() == "comparison_operator");
        mentions |= node.kind() == "identifier" && file.text(node) == alias;
        !(called("isinstance") || called("type") && compared())
    });
    mentions
}

/// Whether the person who is asked something in the same function gets the text of the error.
fn is_told_to_person(file: &FileContext<'_>, statement: Node<'_>, conduct: Conduct) -> bool {
    conduct.prints
        && file
            .function_at(statement.start_byte() as u32)
            .is_some_and(|it| file.slice(it.body).contains("= input("))
}

/// Whether a handler does something about the failure, beyond telling of it and tidying up.
fn acts(file: &FileContext<'_>, handler: &Handler<'_>) -> bool {
    statements(handler.body)
        .into_iter()
        .filter(|statement| statement.kind() == "expression_statement")
        .map(bare_expression)
        .filter(|call| call.kind() == "call" && !tells(file, *call))
        .filter_map(|call| call.child_by_field_name("function"))
        .any(|callee| {
            let words = words(last_part(file.text(callee)));
            !words.first().is_some_and(|word| among(vocabulary::CLEAN_UP, word))
        })
}

/// Whether a handler goes on with the next round.
fn passes_over(handler: &Handler<'_>) -> bool {
    statements(handler.body).last().is_some_and(|last| last.kind() == "continue_statement")
}

/// Whether a handler answers a request with the status of a fault of the program's own.
fn answers_500(file: &FileContext<'_>, handler: &Handler<'_>) -> bool {
    statements(handler.body).into_iter().any(|statement| {
        let text = file.text(statement);
        statement.kind() == "return_statement"
            && text
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .any(|word| matches!(word, "500" | "INTERNAL"))
    })
}

/// Whether the code around a statement only keeps a cache: what is not in it is worked out again.
fn is_of_cache(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let stem = file.file.path.file_stem().unwrap_or_default();
    let function =
        file.function_at(statement.start_byte() as u32).map_or("", |it| file.slice(it.name));
    [stem, function]
        .iter()
        .any(|it| words(it).iter().any(|word| among("cache cached caching", word)))
}

/// Whether another handler of the same statement answers with the same call: the second way holds for failures that are
/// foreseen, too.
fn does_as_others(file: &FileContext<'_>, handler: &Handler<'_>, statement: Node<'_>) -> bool {
    let answer = |body: Node<'_>| {
        let last = statements(body).last().copied()?;
        let calls = bare_expression(last.named_child(0)?).kind() == "call";
        (last.kind() == "return_statement" && calls).then(|| file.text(last).to_owned())
    };
    let Some(own) = answer(handler.body) else { return false };
    let mut cursor = statement.walk();
    statement
        .named_children(&mut cursor)
        .filter(|it| it.kind() == "except_clause" && it.id() != handler.node.id())
        .filter_map(block_of)
        .any(|it| answer(it).is_some_and(|it| it == own))
}

/// Whether a `try` asks or changes a database, another machine, another process or a file, or waits for who does.
fn reaches_outside(attempt: &Attempt<'_>) -> bool {
    attempt.weight >= Weight::Reading || attempt.database || attempt.changes || attempt.awaits
}

/// Libraries that draw windows: who uses those sees what failed.
const DRAWING: [&str; 9] =
    ["PyQt5", "PyQt6", "PySide2", "PySide6", "customtkinter", "kivy", "textual", "tkinter", "wx"];

/// Whether somebody sits before the code and can look, or nothing of the project runs it. Reads other files, so it is asked
/// last.
fn is_run_by_a_person(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let offset = statement.start_byte() as u32;
    ProgramOnly::new(file).contains(offset)
        || reach::is_out_of_use(file, offset)
        || reach::is_tool(file)
        || file.source.text().contains("= input(")
        || DRAWING.iter().any(|it| file.names().imports_module(it))
        || reach::is_run_by_hand(file)
        || reach::is_of_many(file) && reach::is_left_over(file)
        || named::is_unreached(file)
        || is_migration_of_command(file)
}

/// Whether a module is about moving data over, by its name, and only commands that somebody runs in a shell lead to it.
fn is_migration_of_command(file: &FileContext<'_>) -> bool {
    let stem = file.file.path.file_stem().unwrap_or_default();
    words(stem).iter().any(|it| among("migrate migration migrator", it))
        && reach::only_commands_import(file)
}

/// Whether a handler also prints, and ends with the number of a failed command, `return 1`: somebody has run it, and reads that.
fn answers_by_exit_code(file: &FileContext<'_>, handler: &Handler<'_>, conduct: Conduct) -> bool {
    conduct.prints
        && statements(handler.body).last().is_some_and(|it| {
            it.kind() == "return_statement"
                && it.named_child(0).is_some_and(|it| file.text(it) == "1" || file.text(it) == "2")
        })
}

fn loss(
    file: &FileContext<'_>,
    handler: &Handler<'_>,
    statement: Node<'_>,
    conduct: Conduct,
) -> Option<(Severity, &'static str)> {
    let place = surroundings::place(file, statement);
    let attempt = attempts::attempt(file, statement);
    let purpose = surroundings::purpose(file, statement.start_byte() as u32);
    let told = handler.alias.is_some();
    let tidying = place.on_the_way_out
        || purpose == Purpose::CleanUp
        || matches!(attempt.weight, Weight::CleanUp | Weight::Import | Weight::Telemetry);
    if tidying
        || matches!(file.role, Role::Cli | Role::Script)
        || file.text(handler.body).contains("exc_info=False")
        || is_kept_from_logs(file, statement.start_byte() as u32)
    {
        return None;
    }
    // The text of an error does not say which of several steps failed.
    let several = are_several(file, statement);
    let asks = purpose == Purpose::Question;
    if let Some(level) = conduct.logged {
        let what = if mentions_error(file, handler) {
            "logs only the text of the error"
        } else {
            "logs nothing of the error itself"
        };
        if level < Level::Error {
            // The failure is expected. Where the place is plain, or the caller is told, its text will do.
            let plain = !several || conduct.hands_text || asks || handler.has_reason(file);
            let passed = told && (level < Level::Warning || plain);
            return (!passed).then_some((Severity::Info, what));
        }
        // Whatever is logged so loudly gets its traceback from the set-up of logging.
        if file.in_facts().is_some_and(|(facts, _)| facts.logging_adds_errors()) {
            return None;
        }
        let expected = attempt.weight == Weight::Probe
            || tells_of_second_way(file, handler)
            || surroundings::stands_aside(file)
            || conduct.hands_text
            || handler.has_reason(file)
            || surroundings::says_best_effort(file, statement)
            || attempts::handles_one_file(file, statement)
            || attempts::only_parses(file, statement)
            || names_type(file, handler)
            || is_told_to_person(file, statement, conduct)
            || is_of_cache(file, statement)
            || does_as_others(file, handler, statement)
            || surroundings::does_otherwise(file, statement, handler.body)
            || answers::is_outcome(file, statement, handler.body, &attempt)
            || answers::is_said_unknown(file, handler.body)
            || answers::asks_again(file, statement, handler.body)
            || answers::keeps_original(file, statement, handler.body, &attempt)
            || answers::works_around(file, statement)
            // What is done for a failure already told of is done as well as it goes.
            || place.in_handler
            || (place.in_loop && passes_over(handler) && attempts::reads_one_file(file, statement))
            || (place.in_loop && surroundings::is_attempt_of_several(file, statement))
            // Without the text: of a conversion there is little more to know.
            || (!told && attempt.weight < Weight::Unknown)
            // The failure is told in each round.
            || (place.in_loop
                && (surroundings::pauses(file, handler.body)
                    || surroundings::pauses_behind(file, statement)));
        // Who does more than tell has foreseen the failure.
        let clear = asks || acts(file, handler);
        let hides = several && are_different(file, statement)
            || !mentions_error(file, handler) && attempt.weight == Weight::Work;
        let grave = !expected
            && !clear
            && hides
            && reaches_outside(&attempt)
            && is_weighty(file, statement, &attempt)
            && !answers_by_exit_code(file, handler, conduct)
            && !is_run_by_a_person(file, statement);
        return Some((if grave { Severity::Warning } else { Severity::Info }, what));
    }
    if conduct.hands_text {
        // Who calls is told; whoever has to mend it is not.
        return (!conduct.prints && answers_500(file, handler))
            .then_some((Severity::Info, "answers with the text of the error and logs nothing"));
    }
    if conduct.prints {
        // What is printed is the matter of another rule.
        return None;
    }
    let doubt = handler.has_reason(file)
        || surroundings::says_best_effort(file, statement)
        || asks
        || place.in_handler
        || conduct.calls
        || attempt.weight != Weight::Work;
    if doubt {
        return None;
    }
    // The default may be what is meant: the next round may bring the value, or the caller tells of it.
    only_defaults(handler).then_some((Severity::Info, "goes on with a default and says nothing"))
}

/// Whether the handler only returns or assigns a default.
fn only_defaults(handler: &Handler<'_>) -> bool {
    statements(handler.body).into_iter().all(|statement| match statement.kind() {
        "return_statement" => statement.named_child(0).is_none_or(is_constant),
        "expression_statement" => {
            let value = bare_expression(statement);
            value.kind() == "assignment"
                && value.child_by_field_name("left").is_some_and(|left| left.kind() == "identifier")
                && value.child_by_field_name("right").is_some_and(is_constant)
        }
        "pass_statement" | "continue_statement" | "break_statement" => true,
        _ => false,
    })
}
