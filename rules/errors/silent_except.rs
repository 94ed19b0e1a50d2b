//! See `silent-except.toml`. Knows handlers and attempts, no other rule.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Keyword, Node};
use roadworthy_project::Role;

use crate::shared::code::blocks;
use crate::shared::code::text::places_of;
use crate::shared::code::vocabulary::among;
use crate::shared::code::words::{last_part, words};
use crate::shared::errors::answers;
use crate::shared::errors::attempts::{self, Attempt, Weight};
use crate::shared::errors::handlers::{self, Breadth, Handler, Silence};
use crate::shared::errors::surroundings::{self, Purpose};
use crate::shared::errors::{passing, told};

/// Whether the handler at `offset` catches enough and begins with nothing.
pub(super) fn candidate(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(header) = handlers::header_at(file, offset) else { return false };
    let first = handlers::first_statement(file, offset).trim_end();
    // The body may stand on the line of the header.
    let ends = |word: &str| first.ends_with(word);
    let first_word =
        first.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
    let idle = matches!(first_word, "pass" | "continue" | "break" | "return")
        || first.starts_with(['.', '"', '\'', 'r', 'u', 'b', 'f'])
        || first.starts_with("except");
    if !idle {
        return false;
    }
    handlers::may_be_broad(file, offset)
        || (LOSING.iter().any(|name| header.contains(name)) && (ends("pass") || ends("...")))
}

/// Types whose silence loses something, though they are narrow.
const LOSING: &[&str] = &[
    "OSError",
    "IOError",
    "EnvironmentError",
    "ConnectionError",
    "TimeoutError",
    "RuntimeError",
    "RequestException",
    "HTTPError",
    "DatabaseError",
    "OperationalError",
    "SQLAlchemyError",
    "IntegrityError",
    "ClientError",
    "MemoryError",
    "SubprocessError",
    "CalledProcessError",
    "RequestError",
    "PermissionError",
    "SMTPException",
    "RedisError",
    "KafkaError",
    "BotoCoreError",
    "MySQLError",
];

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    let Some(handler) = Handler::read(file, node) else { return };
    if !candidate(file, node.start_byte() as u32) {
        return;
    }
    let Some(silence) = handler.silence() else { return };
    let Some(statement) = handler.attempt() else { return };
    let level = if handler.is_broad() {
        if file.pedantic() {
            Some(Severity::Warning)
        } else {
            broad_level(file, &handler, silence, statement)
        }
    } else {
        narrow_level(file, &handler, silence, statement)
    };
    let Some(level) = level else { return };
    let attempt = attempts::attempt(file, statement);
    let report = Report::at(handler.span())
        .message(message(file, &handler, silence, (statement, &attempt)))
        .severity(level)
        .extent(handler.extent(file));
    out.report(report);
}

fn narrow_level(
    file: &FileContext<'_>,
    handler: &Handler<'_>,
    silence: Silence<'_>,
    statement: Node<'_>,
) -> Option<Severity> {
    let loses = handler.types.iter().all(|name| LOSING.contains(&last_part(name)))
        && !handler.types.is_empty();
    if !loses || !matches!(silence, Silence::Pass) {
        return None;
    }
    if file.pedantic() {
        return Some(Severity::Info);
    }
    let attempt = attempts::attempt(file, statement);
    let work = attempt.weight == Weight::Work && attempt.effect && !attempt.leaves;
    let alone = !follows_up(statement)
        && !handler.has_reason(file)
        && !surroundings::says_best_effort(file, statement);
    let there = stands_for_nothing_else(file, statement);
    (work && alone && there).then_some(Severity::Info)
}

/// Whether neither the place nor the function around it makes silence the right answer.
fn stands_for_nothing_else(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let place = surroundings::place(file, statement);
    !place.on_the_way_out
        && !place.in_handler
        && surroundings::purpose(file, statement.start_byte() as u32) == Purpose::Other
}

/// Whether the statement has clauses that show it was thought through: `else`, or other handlers.
fn follows_up(statement: Node<'_>) -> bool {
    let mut cursor = statement.walk();
    statement.named_children(&mut cursor).any(|clause| clause.kind() == "else_clause")
}

fn broad_level(
    file: &FileContext<'_>,
    handler: &Handler<'_>,
    silence: Silence<'_>,
    statement: Node<'_>,
) -> Option<Severity> {
    if only_extends_path(file, statement) {
        return None;
    }
    let attempt = attempts::attempt(file, statement);
    let place = surroundings::place(file, statement);
    let purpose = surroundings::purpose(file, statement.start_byte() as u32);
    if matches!(attempt.weight, Weight::CleanUp | Weight::Import | Weight::Telemetry)
        || place.on_the_way_out
        || purpose == Purpose::CleanUp
    {
        return None;
    }
    let returns = matches!(silence, Silence::Return(_) | Silence::Leave)
        || surroundings::has_default(file, statement);
    let bare = handler.breadth >= Breadth::Base;
    let doubt = handler.has_reason(file)
        || surroundings::says_best_effort(file, statement)
        || attempt.weight == Weight::Probe
        || purpose == Purpose::Question
        || place.in_handler
        || follows_up(statement)
        || surroundings::stands_aside(file)
        || ends_with_connection(silence, &attempt)
        || surroundings::probes_connection(file, statement)
        // What follows the statement is the second choice.
        || (attempt.leaves && !returns)
        || (matches!(silence, Silence::Pass) && surroundings::is_tried_and_checked(file, statement));
    if doubt {
        let pure = attempt.weight == Weight::Probe && attempt.steps <= 2 && !makes_folder(&attempt);
        return (bare || !(pure || (returns && purpose == Purpose::Question)))
            .then_some(Severity::Info);
    }
    // A `try` around what cannot fail loses nothing.
    if attempts::only_builds(file, statement) || surroundings::only_describes_query(file, statement)
    {
        return Some(Severity::Info);
    }
    let is_beside = || {
        tells_caller(file, silence, statement)
            || only_handlers_call(file, statement)
            || is_only_decoration(file, statement)
            || told::is_of_migration(file)
            || told::only_drops(file, statement)
            || passing::only_adds_to_schema(file, statement)
            || passing::only_marks_progress(file, statement)
            || answers::works_around(file, statement)
            || told::is_logged_by_callee(file, statement)
            || told::only_keeps_in_memory(file, statement)
    };
    let is_lost = loses_data(file, &attempt) && !is_beside();
    Some(if is_lost { Severity::Warning } else { Severity::Info })
}

/// Whether a `try` makes a folder: that it is there is what `exist_ok=True` says, and a full disk or a missing right is something
/// else.
fn makes_folder(attempt: &attempts::Attempt<'_>) -> bool {
    attempt.call.is_some_and(|it| matches!(last_part(it), "makedirs" | "mkdir"))
}

/// Whether a function that promises to say whether it worked, `-> bool`, says that it did not, though not why.
fn tells_caller(file: &FileContext<'_>, silence: Silence<'_>, statement: Node<'_>) -> bool {
    let is_false = matches!(silence, Silence::Return(value) if file.text(value) == "False");
    let function = file.function_at(statement.start_byte() as u32).filter(|_| is_false);
    function
        .and_then(|it| file.outline.signature(it).returns)
        .is_some_and(|it| file.slice(it) == "bool")
}

/// Whether a function that hands nothing back fetches a picture of somebody: what it is for goes on without.
fn is_only_decoration(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    const PICTURES: [&str; 6] =
        ["avatar", "avatars", "favicon", "gravatar", "thumbnail", "thumbnails"];
    let names = words(file.text(statement));
    let function = file.function_at(statement.start_byte() as u32);
    names.iter().any(|it| PICTURES.contains(&it.as_str()))
        && function.is_some_and(|it| {
            let lines = blocks::own_lines(file, it).filter(|it| it.keyword == Keyword::Return);
            lines.into_iter().all(|it| matches!(file.slice(it.span), "return" | "return None"))
        })
}

/// Whether a `try` only adds to where modules are looked for, by the calls in it: none of that fails.
fn only_extends_path(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let range = body.byte_range();
    let inside = |it: &&Call| range.contains(&(it.name.start as usize));
    let mut names =
        file.outline.calls.iter().filter(inside).map(|it| file.slice(it.name)).peekable();
    names.peek().is_some()
        && file.text(body).contains("sys.path.")
        && !file.text(body).contains("import ")
        && names.all(|it| {
            it.starts_with("sys.path.") || it.starts_with("os.path.") || it == "os.getcwd"
        })
}

/// Whether all that names the private function around a statement are handlers that raise again at their end: the first error
/// goes on, and this one came of it.
fn only_handlers_call(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(function) = file.function_at(statement.start_byte() as u32) else { return false };
    let name = file.slice(function.name);
    // Others may call what is public, from where this file does not show.
    if !name.starts_with('_') {
        return false;
    }
    let raises_again = |offset: u32| {
        let mut headers = blocks::headers_around(file, offset);
        headers.find(|it| it.keyword == Keyword::Except).is_some_and(|handler| {
            let block = blocks::block_of(file, handler);
            let lines = &file.outline.lines;
            // The block begins with the header.
            let first = 1 + lines.partition_point(|it| it.span.start < block.start);
            let inside = lines.get(first..).unwrap_or_default();
            let own = inside.iter().take_while(|it| it.span.start < block.end);
            let last = own.filter(|it| it.indent <= inside[0].indent).last();
            last.is_some_and(|it| file.slice(it.span) == "raise")
        })
    };
    let outline = file.outline;
    let places = places_of(file.source.text(), name)
        .map(|at| at as u32)
        .filter(|&at| outline.string_at(at).is_none() && outline.comment_at(at).is_none());
    let mut uses = places.filter(|&at| at != function.name.start).peekable();
    uses.peek().is_some() && uses.all(raises_again)
}

/// Whether what the product was to save is lost: what was to be changed is as it was, and nobody knows. Who sends a message, or asks,
/// mostly does so as well as it goes.
fn loses_data(file: &FileContext<'_>, attempt: &Attempt<'_>) -> bool {
    let is_product = matches!(file.role, Role::Application | Role::Library);
    // What only tells of other work is missed by nobody but those who look back.
    let is_record = attempt.call.is_some_and(|it| {
        words(it.rsplit('.').nth(1).unwrap_or_default()).iter().any(|word| among(RECORDS, word))
    });
    is_product && attempt.weight == Weight::Work && attempt.saves && !attempt.caches && !is_record
}

/// Words for what only tells of other work: `audit_logs().insert_one(entry)`.
const RECORDS: &str = "analytics audit audits log logs metric metrics stats telemetry";

/// Whether a loop that talks to somebody ends because they are gone: `except: break` around `ws.send`.
fn ends_with_connection(silence: Silence<'_>, attempt: &Attempt<'_>) -> bool {
    matches!(silence, Silence::Break | Silence::Leave)
        && attempt.call.is_some_and(attempts::talks_to_other_end)
}

fn message<'a>(
    file: &FileContext<'a>,
    handler: &Handler<'_>,
    silence: Silence<'_>,
    (statement, attempt): (Node<'_>, &Attempt<'a>),
) -> String {
    let what = match answers::named_call(file, statement, attempt) {
        Some(call) => format!("any error of `{call}`"),
        None => "the error".to_owned(),
    };
    let shown = handler.shown();
    match silence {
        Silence::Pass => format!("{shown} discards {what}"),
        Silence::Continue => format!("{shown} drops the item and discards {what}"),
        Silence::Break => format!("{shown} ends the loop and discards {what}"),
        Silence::Leave => format!("{shown} returns and discards {what}"),
        Silence::Return(value) => {
            let value = file.text(value);
            // A text may be a secret.
            let is_text = value.contains(['"', '\'']) && !matches!(value, "\"\"" | "''");
            let value = if value.len() <= 24 && !value.contains(['\n', '`']) && !is_text {
                format!("`{value}`")
            } else {
                "a constant".to_owned()
            };
            format!("{shown} returns {value} and discards {what}")
        }
    }
}
