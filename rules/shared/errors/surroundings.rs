//! What stands around a `try` or `raise` statement, and what that says of it: a loop, a handler, the
//! purpose of the function, comments, the folders of the file, callers. Knows words and the outline, not
//! what is attempted.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, Node, Span};

use crate::shared::code::blocks::own_lines;
use crate::shared::code::nodes::{
    around, bare_expression, block_of, is_constant, is_deferred, statements, walk,
};
use crate::shared::code::text::has_name;
use crate::shared::code::vocabulary::{self, among};
use crate::shared::code::words::{last_part, words};
use crate::shared::errors::handlers::always_raises;
use crate::shared::frameworks::entry_points::{EntryPoint, entry_point};

/// Where a `try` statement stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// In a `finally` clause, or in a handler that raises afterwards.
    pub(crate) on_the_way_out: bool,
    /// In a handler that does not raise: the second choice after a failure.
    pub(crate) in_handler: bool,
    /// In a loop of the same function.
    pub(crate) in_loop: bool,
}

/// Reads where a `try` statement stands.
pub(crate) fn place(file: &FileContext<'_>, statement: Node<'_>) -> Place {
    let mut place = Place::default();
    for node in around(statement) {
        match node.kind() {
            "finally_clause" => place.on_the_way_out = true,
            "except_clause" => {
                place.in_handler = true;
                place.on_the_way_out |=
                    block_of(node).is_some_and(|block| ends_by_raise(file, block));
            }
            "for_statement" | "while_statement" => place.in_loop = true,
            _ => {}
        }
    }
    place
}

fn ends_by_raise(file: &FileContext<'_>, block: Node<'_>) -> bool {
    always_raises(file, block)
        || statements(block).last().is_some_and(|last| last.kind() == "raise_statement")
}

/// What the function around a place is for, as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Tidying up: a failure there has nobody to tell.
    CleanUp,
    /// Asking whether something is so: failure is an answer.
    Question,
    /// Anything else.
    Other,
}

/// The purpose of the functions around an offset.
pub(crate) fn purpose(file: &FileContext<'_>, offset: u32) -> Purpose {
    let mut purpose = Purpose::Other;
    for definition in file.outline.enclosing(offset).filter(|definition| definition.is_function()) {
        let name = file.slice(definition.name);
        if is_clean_up(name) || is_telemetry(file, definition) || runs_at_exit(file, definition) {
            return Purpose::CleanUp;
        }
        if asks(name) {
            purpose = Purpose::Question;
        }
    }
    purpose
}

fn is_clean_up(name: &str) -> bool {
    const MAGIC: &str = "__del__ __exit__ __aexit__ __repr__ __str__ __format__ __hash__";
    among(MAGIC, name) || words(name).iter().any(|word| among(vocabulary::CLEAN_UP_FUNCTIONS, word))
}

/// Whether a function only tells about the work: nothing hangs on it. A route that shows the metrics of a shop is the work;
/// what is called `progress` and no more is shown.
fn is_telemetry(file: &FileContext<'_>, function: &Definition) -> bool {
    let words = words(file.slice(function.name));
    let holds = |list: &str| words.iter().any(|word| among(list, word));
    let first = words.first().map_or("", String::as_str);
    let tells = || among(vocabulary::TELLING, first) || among(vocabulary::TELEMETRY_NOUNS, first);
    let named = holds(vocabulary::TELEMETRY_FUNCTIONS)
        || holds(vocabulary::TELEMETRY_NOUNS)
            && tells()
            && (words.len() == 1 || !answers(file, function));
    let is_called_for = || {
        matches!(
            entry_point(file, function),
            Some(EntryPoint::Route | EntryPoint::Task | EntryPoint::Command)
        )
    };
    named && !is_called_for()
}

/// Whether a function returns more than whether it went well, or a function made in it.
fn answers(file: &FileContext<'_>, function: &Definition) -> bool {
    let inside = file
        .outline
        .definitions
        .iter()
        .filter(|it| it.span.start > function.span.start && it.span.end <= function.span.end);
    let made: Vec<&str> = inside.map(|it| file.slice(it.name)).collect();
    own_lines(file, function).filter(|line| line.keyword == Keyword::Return).any(|line| {
        let value = file.slice(line.span).trim_start_matches("return").trim();
        !matches!(value, "" | "None" | "True" | "False") && !made.contains(&value)
    })
}

fn runs_at_exit(file: &FileContext<'_>, definition: &Definition) -> bool {
    let name = file.slice(definition.name);
    let text = file.source.text();
    let registered = text.contains("atexit") && text.contains(&format!("atexit.register({name}"));
    registered
        || file.outline.decorators(definition).iter().any(|&decorator| {
            let text = file.slice(decorator);
            text.contains("atexit")
                || text.contains("shutdown")
                || text.contains("teardown")
                || text.contains("finalizer")
        })
}

fn asks(name: &str) -> bool {
    let words = words(name);
    // `check_server_is_running`
    words.iter().any(|word| among("is has", word))
        || words.first().is_some_and(|first| among(vocabulary::QUESTION_BEGINS, first))
        || words.iter().any(|word| among(vocabulary::QUESTION, word))
}

/// Whether the folders and the name of a file say that it stands beside the product: its telemetry, its
/// tools, its seed data.
pub(crate) fn stands_aside(file: &FileContext<'_>) -> bool {
    let path = path_inside(file);
    let path = path.strip_suffix(".py").unwrap_or(path);
    path.split('/').flat_map(words).any(|word| among(vocabulary::ASIDE, &word))
        || file.in_facts().is_some_and(|(_, known)| {
            known.path.components().any(|part| part.as_str() == "diagnostics")
        })
}

/// Whether words near a statement say that failure is meant to be ignored: in it, directly above it,
/// in the docstring of the function around it, or at the head of a module that is about that alone.
pub(crate) fn says_best_effort(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let says = |text: &str| {
        let text = text.to_lowercase().replace('\n', " ");
        vocabulary::BEST_EFFORT.split(';').any(|phrase| text.contains(phrase))
    };
    let start = statement.start_byte() as u32;
    let inside = Span::new(start, statement.end_byte() as u32);
    if file.comments_in(inside).any(says) {
        return true;
    }
    let lines = &file.outline.lines;
    let before = lines
        .partition_point(|line| line.span.start < start)
        .checked_sub(1)
        .map_or(0, |index| lines[index].span.end);
    let above = file.comments_in(Span::new(before, start)).any(says);
    above
        || file
            .function_at(start)
            .and_then(|function| function.docstring)
            .is_some_and(|doc| says(file.slice(doc)))
        || head_says_best_effort(file)
}

/// Whether the short text at the head of a module says that its failures stay with it.
fn head_says_best_effort(file: &FileContext<'_>) -> bool {
    const LONGEST: usize = 500;
    const PHRASES: [&str; 6] = [
        "best effort",
        "best-effort",
        "failure-tolerant",
        "fire-and-forget",
        "never break",
        "never fail",
    ];
    let first = file.outline.lines.first().map_or("", |it| file.slice(it.span));
    let is_text = first.starts_with("\"\"\"") || first.starts_with("'''");
    is_text && first.len() <= LONGEST && {
        let text = first.to_lowercase().replace('\n', " ");
        PHRASES.iter().any(|phrase| text.contains(phrase))
    }
}

/// Whether a handler does in another way what its `try` set out to do: it does the same work on the same thing, makes what was
/// missing, or binds the same name by the same call or from the same thing. If the cause is the machine or the network, that
/// fails as well, and is seen.
pub(crate) fn does_otherwise(
    file: &FileContext<'_>,
    statement: Node<'_>,
    handler: Node<'_>,
) -> bool {
    const WORK: &str = "download execute executemany fetch json load open read request urlopen";
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let (tried, done) = (deeds(file, body), deeds(file, handler));
    done.iter().any(|done| {
        let makes = done.about.to_ascii_lowercase().contains("create table");
        tried.iter().any(|tried| {
            let same = tried.name == done.name;
            let of_same = !done.about.is_empty() && tried.about == done.about;
            let binds = done.bound.is_some() && tried.bound == done.bound;
            // What is made of a class may stand for what was not to be had.
            let is_made = done.name.starts_with(char::is_uppercase);
            same && among(WORK, done.name) && (of_same || makes)
                || binds && !is_made && (same || of_same)
        })
    })
}

/// Whether a handler stores what its `try` asked the same model or database for, with nothing around that would catch an error of
/// that: where the database is away, or the code is wrong, it raises as well. `db.orders.insert(..)`, and then
/// `db(known).update(..)`; `Order.objects.get(..)`, and then `Order(..).save()`.
pub(crate) fn stores_instead(
    file: &FileContext<'_>,
    statement: Node<'_>,
    handler: Node<'_>,
) -> bool {
    const ASKING: &str = "get insert update create first one save add";
    const CHANGING: &str = "insert insert_one update update_one save create add bulk_create merge";
    let calls = |block: Node<'_>| {
        let mut found = Vec::new();
        walk(block, |node| {
            if let Some(function) =
                node.child_by_field_name("function").filter(|_| node.kind() == "call")
            {
                let shown = file.text(function);
                let root = shown.split(['.', '(']).next().unwrap_or_default();
                found.push((root, last_part(shown)));
            }
            !is_deferred(node) && node.kind() != "try_statement"
        });
        found
    };
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let (tried, done) = (calls(body), calls(handler));
    let asked = tried.iter().filter(|(_, name)| among(ASKING, name));
    // `user.userprofile.save()`, and then `UserProfile.objects.create(..)`
    let text = file.text(body);
    let is_same = |root: &str, other: &str| {
        root == other
            || other.starts_with(char::is_uppercase)
                && text.contains(&format!(".{}.", other.to_ascii_lowercase()))
    };
    let of_same = asked.clone().any(|(root, _)| {
        !matches!(*root, "self" | "request") && done.iter().any(|(other, _)| is_same(root, other))
    });
    let steps = statements(body).len();
    of_same && steps <= 3 && done.iter().any(|(_, name)| among(CHANGING, name))
}

/// Whether all that a `try` does is to describe what Django's database is to be asked for: `rows = Order.objects.filter(..)` asks
/// nothing yet, and its errors come where the rows are read.
pub(crate) fn only_describes_query(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    const LAZY: &str = "filter exclude all order_by select_related prefetch_related annotate values values_list distinct only \
        defer reverse using none Q F Count Sum Avg Max Min";
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let (mut describes, mut others) = (false, false);
    walk(body, |node| {
        match node.kind() {
            "call" => {
                let function = node.child_by_field_name("function").map_or("", |it| file.text(it));
                describes |= function.contains(".objects.");
                others |= !among(LAZY, last_part(function));
            }
            "await"
            | "for_statement"
            | "for_in_clause"
            | "return_statement"
            | "subscript"
            | "if_statement"
            | "comparison_operator" => others = true,
            _ => {}
        }
        !others
    });
    describes && !others
}

/// Whether a statement asks first of all whether the connection of a database is still there, `db.commit()` or `conn.ping()` before
/// anything was changed: what follows tells if it is not.
pub(crate) fn probes_connection(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let &[only] = statements(body).as_slice() else { return false };
    let call = bare_expression(only);
    let Some(function) = call.child_by_field_name("function") else { return false };
    let (shown, name) = (file.text(function), last_part(file.text(function)));
    if call.kind() != "call" || !matches!(name, "commit" | "ping" | "is_usable" | "reconnect") {
        return false;
    }
    let object = shown.split('.').next().unwrap_or_default();
    let earlier = std::iter::successors(statement.prev_named_sibling(), Node::prev_named_sibling)
        .any(|it| it.kind() != "comment" && bare_expression(it).kind() != "string");
    let inside = Span::new(statement.start_byte() as u32, statement.end_byte() as u32);
    let says = file.comments_in(inside).any(|it| it.to_ascii_lowercase().contains("reconnect"));
    let used_later =
        std::iter::successors(statement.next_named_sibling(), Node::next_named_sibling)
            .any(|it| it.kind() != "comment" && has_name(file.text(it), object));
    let begins = statement
        .parent()
        .and_then(|it| it.parent())
        .is_some_and(|it| it.kind() == "function_definition");
    says || begins && !earlier && used_later
}

/// A call: what it is called, the first thing that it is handed, and the name that its value is bound to.
struct Deed<'a> {
    name: &'a str,
    about: &'a str,
    bound: Option<&'a str>,
}

/// The calls of a block that may fail.
fn deeds<'a>(file: &FileContext<'a>, block: Node<'_>) -> Vec<Deed<'a>> {
    let mut deeds = Vec::new();
    walk(block, |node| {
        if node.kind() == "call"
            && let Some(function) = node.child_by_field_name("function")
            && let Some(arguments) = node.child_by_field_name("arguments")
            && let Some(about) = arguments.named_child(0)
            && !among(vocabulary::PURE, last_part(file.text(function)))
        {
            let above =
                node.parent().filter(|it| it.kind() != "await").or_else(|| node.parent()?.parent());
            let bound = above.filter(|it| it.kind() == "assignment");
            deeds.push(Deed {
                name: last_part(file.text(function)),
                about: file.text(about),
                bound: bound.and_then(|it| it.child_by_field_name("left")).map(|it| file.text(it)),
            });
        }
        !is_deferred(node)
    });
    deeds
}

/// The path of a file inside its component: the folders above say nothing of it.
pub(crate) fn path_inside<'a>(file: &FileContext<'a>) -> &'a str {
    let inside = file.file.absolute.strip_prefix(&file.component.root);
    inside.unwrap_or(&file.file.path).as_str()
}

/// Whether a name that a `try` body assigns is given a constant before, with nothing but assignments between: the answer
/// that holds if it fails.
pub(crate) fn has_default(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    // Outside functions a statement may be all that is seen.
    if file.function_at(statement.start_byte() as u32).is_none() {
        return false;
    }
    let Some(body) = statement.child_by_field_name("body") else { return false };
    std::iter::successors(statement.prev_named_sibling(), Node::prev_named_sibling)
        .filter(|sibling| sibling.kind() != "comment")
        .map(bare_expression)
        .take_while(|before| before.kind() == "assignment")
        .take(MOST_DEFAULTS)
        .filter(|before| before.child_by_field_name("right").is_some_and(is_constant))
        .filter_map(|before| before.child_by_field_name("left"))
        .filter(|left| left.kind() == "identifier")
        .any(|name| assigns(file, body, file.text(name)))
}

/// How many assignments before a statement are looked at.
const MOST_DEFAULTS: usize = 8;

/// Whether code assigns a name.
fn assigns(file: &FileContext<'_>, code: Node<'_>, name: &str) -> bool {
    let mut assigned = false;
    walk(code, |node| {
        assigned |= node.kind() == "assignment"
            && node.child_by_field_name("left").is_some_and(|left| file.text(left) == name);
        !assigned
    });
    assigned
}

/// Whether a loop tries one candidate after the other, and asks right behind the statement whether this
/// one will do: `if fits(candidate): return candidate`. What failed is seen there.
pub(crate) fn is_tried_and_checked(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(round) = statement
        .parent()
        .and_then(|block| block.parent())
        .filter(|round| round.kind() == "for_statement")
    else {
        return false;
    };
    let candidate = round
        .child_by_field_name("left")
        .filter(|left| left.kind() == "identifier")
        .map(|left| file.text(left));
    let check = std::iter::successors(statement.next_named_sibling(), Node::next_named_sibling)
        .find(|sibling| sibling.kind() != "comment")
        .filter(|sibling| sibling.kind() == "if_statement");
    let (Some(candidate), Some(check)) = (candidate, check) else { return false };
    let takes = check.child_by_field_name("consequence").is_some_and(|block| {
        statements(block)
            .last()
            .is_some_and(|last| matches!(last.kind(), "return_statement" | "break_statement"))
    });
    let (mut asks, mut mentions) = (false, false);
    if let Some(condition) = check.child_by_field_name("condition") {
        walk(condition, |node| {
            asks |= node.kind() == "call";
            mentions |= node.kind() == "identifier" && file.text(node) == candidate;
            true
        });
    }
    takes && asks && mentions
}

/// Whether code waits before it goes on.
pub(crate) fn pauses(file: &FileContext<'_>, code: Node<'_>) -> bool {
    let mut found = false;
    walk(code, |node| {
        found |= node.kind() == "call"
            && node
                .child_by_field_name("function")
                .is_some_and(|function| last_part(file.text(function)) == "sleep");
        !is_deferred(node)
    });
    found
}

/// Whether a `while` loop around a statement waits behind it, before the next round.
pub(crate) fn pauses_behind(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let mut below = statement;
    for node in around(statement) {
        match node.kind() {
            "block" => {
                let mut cursor = node.walk();
                let mut later = node
                    .named_children(&mut cursor)
                    .filter(|other| other.start_byte() >= below.end_byte());
                if later.any(|other| pauses(file, other)) {
                    return around(node)
                        .find(|outer| matches!(outer.kind(), "while_statement" | "for_statement"))
                        .is_some_and(|nearest| nearest.kind() == "while_statement");
                }
            }
            "while_statement" | "for_statement" => return false,
            _ => {}
        }
        below = node;
    }
    false
}

/// Whether the nearest loop around a statement counts attempts: `for attempt in range(3)`, `while retries < 5`.
pub(crate) fn is_attempt_of_several(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(round) =
        around(statement).find(|it| matches!(it.kind(), "for_statement" | "while_statement"))
    else {
        return false;
    };
    let header =
        ["left", "right", "condition"].iter().filter_map(|it| round.child_by_field_name(it));
    header
        .flat_map(|it| words_of_text(file.text(it)))
        .any(|word| among("attempt attempts retry retries try tries trial trials tried", &word))
}

/// The words of the names in a text.
fn words_of_text(text: &str) -> Vec<String> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .flat_map(words)
        .collect()
}
