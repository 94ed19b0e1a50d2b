//! See `generic-exception-raised.toml`. Knows names and handlers, no other rule.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Keyword, Node, Span};

use crate::shared::code::nodes::{around, bare_expression, walk};
use crate::shared::code::vocabulary::among;
use crate::shared::code::words::{last_part, words};
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
    // A type that was named is lost for certain; whether somebody misses one that nobody named, or that `from` keeps,
    // depends on callers.
    let kept = node.child_by_field_name("cause").is_some();
    let meant = handler.and_then(|clause| Handler::read(file, clause)).is_none_or(|handler| {
        kept || handler.is_broad()
            || handler.has_reason(file)
            || !is_from_elsewhere(&handler)
            || is_chosen(node)
            || has_broad_beside(file, node)
    });
    let level = if file.pedantic() || !meant && !nobody_handles(file, node, raised) {
        Severity::Warning
    } else {
        Severity::Info
    };
    let message = if caught {
        format!("`raise {name}` takes away the type of the error that was caught")
    } else {
        format!("`raise {name}` can only be caught by catching everything")
    };
    out.report(Report::on(raised).message(message).severity(level));
}

/// Whether a handler catches nothing but what a server or a database did, or that a row is not there: who calls may want
/// to wait and try again, or to answer "not found". What Python itself raises says less to them.
fn is_from_elsewhere(handler: &Handler<'_>) -> bool {
    const MODULES: &str = "aiohttp anthropic asyncpg boto3 botocore docker elasticsearch google grpc httpx kafka kubernetes \
        openai opensearchpy paramiko pika psycopg psycopg2 pymongo redis requests smtplib sqlalchemy sqlite3 stripe \
        urllib urllib3";
    const NAMES: &str = "ClientError ConnectionError DatabaseError DoesNotExist EndpointConnectionError HTTPError HTTPStatusError \
        IntegrityError NoCredentials OperationalError RequestException TimeoutError";
    // Several rows for one are a slip in the data.
    const SLIPS: &str = "MultipleResultsFound MultipleObjectsReturned";
    let is_theirs = |name: &String| {
        let (top, last) = (name.split('.').next().unwrap_or_default(), last_part(name));
        (among(MODULES, top) && name.contains('.') || among(NAMES, last)) && !among(SLIPS, last)
    };
    !handler.types.is_empty() && handler.types.iter().any(is_theirs)
}

/// Whether it hangs on a condition within its handler: then it says what was found out about the error.
fn is_chosen(node: Node<'_>) -> bool {
    around(node)
        .take_while(|outer| outer.kind() != "except_clause")
        .any(|outer| matches!(outer.kind(), "if_statement" | "match_statement"))
}

/// Whether a `try` around it in the same function has a handler for everything, too: its callers get an error without a
/// type of its own whatever happens.
fn has_broad_beside(file: &FileContext<'_>, node: Node<'_>) -> bool {
    around(node).filter(|outer| outer.kind() == "try_statement").any(|statement| {
        let mut cursor = statement.walk();
        let mut clauses = statement.named_children(&mut cursor);
        clauses.any(|clause| {
            clause.kind() == "except_clause"
                && Handler::read(file, clause).is_some_and(|handler| {
                    handler.is_broad() && file.text(handler.body).contains("raise Exception(")
                })
        })
    })
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

/// Whether it is not there to be handled: it tells developers or who runs the program what is set up
/// wrongly, or each caller catches everything.
fn nobody_handles(file: &FileContext<'_>, node: Node<'_>, raised: Node<'_>) -> bool {
    let offset = node.start_byte() as u32;
    let sets_up = file
        .outline
        .enclosing(offset)
        .filter(|definition| definition.is_function())
        .map(|definition| file.slice(definition.name))
        .any(|name| {
            name == "init"
                || (!name.ends_with("__") && words(name).iter().any(|word| among(SETTING_UP, word)))
        });
    sets_up
        || tells_of_setup(file, node, raised)
        || closes_dispatch(file, node)
        || is_sanity_check(file, node)
        || is_program(file)
        || file
            .function_at(offset)
            .is_some_and(|function| surroundings::callers_catch_everything(file, function))
}

/// Words of functions that run once, before there is anything to handle.
const SETTING_UP: &str =
    "setup configure bootstrap startup initialize initialise decorator decorate singleton";

/// Whether the text is about configuration or about how the code is written.
fn tells_of_setup(file: &FileContext<'_>, node: Node<'_>, raised: Node<'_>) -> bool {
    [Some(raised), text_before(file, node, raised)]
        .into_iter()
        .flatten()
        .any(|text| speaks_of_setup(file, text))
}

/// What the variable that is raised with was given directly before: `msg = "…"`, `raise Exception(msg)`.
fn text_before<'t>(file: &FileContext<'_>, node: Node<'t>, raised: Node<'_>) -> Option<Node<'t>> {
    let arguments = raised.child_by_field_name("arguments")?;
    let mut names = Vec::new();
    walk(arguments, |part| {
        if part.kind() == "identifier" {
            names.push(file.text(part));
        }
        true
    });
    let assignment = bare_expression(node.prev_named_sibling()?);
    let target = assignment.child_by_field_name("left")?;
    names.contains(&file.text(target)).then(|| assignment.child_by_field_name("right")).flatten()
}

fn speaks_of_setup(file: &FileContext<'_>, text: Node<'_>) -> bool {
    let mut tells = false;
    walk(text, |part| {
        if part.kind() == "string_content" {
            let text = file.text(part);
            let lower = text.to_ascii_lowercase();
            tells |= [
                "config",
                "environment variable",
                "env var",
                "singleton",
                "one instance",
                "docstring",
            ]
            .iter()
            .any(|phrase| lower.contains(phrase))
                || text
                    .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
                    .any(is_setting);
        }
        !tells
    });
    tells
}

/// Whether it stands in the last branch of a choice between members of the program's own: a value that
/// is none of them is a slip in the code.
fn closes_dispatch(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let Some(branch) =
        node.parent().filter(|block| block.kind() == "block").and_then(|it| it.parent())
    else {
        return false;
    };
    let Some(choice) = branch.parent() else { return false };
    match branch.kind() {
        "else_clause" if choice.kind() == "if_statement" => {
            let mut cursor = choice.walk();
            let mut conditions = 0;
            choice.child_by_field_name("condition").is_some_and(|first| is_member_test(file, first))
                && choice
                    .children_by_field_name("alternative", &mut cursor)
                    .filter_map(|clause| clause.child_by_field_name("condition"))
                    .inspect(|_| conditions += 1)
                    .all(|condition| is_member_test(file, condition))
                && conditions > 0
        }
        "case_clause" => {
            let mut cursor = choice.walk();
            let others: Vec<_> = choice
                .named_children(&mut cursor)
                .filter(|clause| clause.kind() == "case_clause" && clause.id() != branch.id())
                .collect();
            others.len() > 1
                && pattern_of(file, branch) == "_"
                && others.into_iter().all(|clause| is_member(pattern_of(file, clause)))
        }
        _ => false,
    }
}

/// The pattern of a `case`, as written.
fn pattern_of<'a>(file: &FileContext<'a>, clause: Node<'_>) -> &'a str {
    let mut cursor = clause.walk();
    clause
        .named_children(&mut cursor)
        .find(|child| child.kind() == "case_pattern")
        .map_or("", |pattern| file.text(pattern))
}

/// `self.side == Side.BUY`
fn is_member_test(file: &FileContext<'_>, condition: Node<'_>) -> bool {
    condition.kind() == "comparison_operator"
        && condition.named_child_count() == 2
        && condition.named_child(1).is_some_and(|member| is_member(file.text(member)))
        && condition
            .child_by_field_name("operators")
            .is_some_and(|sign| matches!(file.text(sign), "==" | "is"))
}

/// `Side.BUY`, `models.Side.BUY`
fn is_member(text: &str) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
    let Some((class, member)) = text.rsplit_once('.') else { return false };
    let class = class.rsplit('.').next().unwrap_or_default();
    // What is compared with the text or number behind a member comes from outside.
    !matches!(member, "value" | "name")
        && text.chars().all(is_name)
        && class.starts_with(|letter: char| letter.is_ascii_uppercase())
}

/// Whether a comment above it, in the same condition or above that, calls it a check of the code's own sanity.
fn is_sanity_check(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let outermost = around(node).filter(|outer| outer.kind() == "if_statement").last();
    let Some(outermost) = outermost else { return false };
    let start = outermost.start_byte() as u32;
    let lines = &file.outline.lines;
    let before = lines
        .partition_point(|line| line.span.start < start)
        .checked_sub(1)
        .map_or(0, |index| lines[index].span.end);
    file.comments_in(Span::new(before, node.start_byte() as u32)).any(|comment| {
        let comment = comment.to_ascii_lowercase();
        comment.contains("sanity check") || comment.contains("should never")
    })
}

/// `REMEMBER_DURATION`
fn is_setting(word: &str) -> bool {
    word.len() >= 6
        && word.trim_matches('_').contains('_')
        && word
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether the file is run by itself: what it raises ends it.
fn is_program(file: &FileContext<'_>) -> bool {
    file.outline.main_guards.iter().any(|&guard| {
        let text = file.slice(guard);
        text.contains("main(") || text.contains("argv") || text.contains("argparse")
    })
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
