//! What a `try` statement attempts, and where it stands: clean-up, a probe, or work whose failure
//! matters. Knows the names of calls, not what handlers do.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Node, Span};

use crate::shared::handlers::always_raises;
use crate::shared::loggers;
use crate::shared::nodes::{around, bare_expression, block_of, is_deferred, statements, walk};
use crate::shared::vocabulary::{self, among};
use crate::shared::words::{last_part, words};

/// What is attempted, from what may fail unseen to what may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// Parsing, looking up an attribute: failure is an answer.
    Probe,
    /// An optional import.
    Import,
    /// Closing, stopping, removing: it is over anyway.
    CleanUp,
    /// Logs, metrics, progress: the program does not depend on it.
    Telemetry,
    /// Calls of which nothing is known.
    Unknown,
    /// Reading from a file, another process, another machine, where a default may do instead.
    Reading,
    /// A database, the network, writing, business.
    Work,
}

/// What a `try` body does.
#[expect(clippy::struct_excessive_bools, reason = "facts that hold or not, each by itself")]
pub(crate) struct Attempt<'a> {
    /// What may be lost.
    pub(crate) weight: Weight,
    /// The call that weighs most, as written.
    pub(crate) call: Option<&'a str>,
    /// Whether that call changes something elsewhere: its result is not used.
    pub(crate) effect: bool,
    /// Number of simple statements.
    pub(crate) steps: usize,
    /// Whether control leaves from within, by `return`, `break` or `continue`.
    pub(crate) leaves: bool,
    /// Whether it puts something into a collection.
    pub(crate) collects: bool,
    /// Whether it awaits.
    pub(crate) awaits: bool,
}

/// Reads what a `try` statement attempts.
pub(crate) fn attempt<'a>(file: &FileContext<'a>, statement: Node<'_>) -> Attempt<'a> {
    let mut found = Attempt {
        weight: Weight::Probe,
        call: None,
        effect: false,
        steps: 0,
        leaves: false,
        collects: false,
        awaits: false,
    };
    let Some(body) = statement.child_by_field_name("body") else { return found };
    let mut calls = 0;
    let mut imports = false;
    walk(body, |node| {
        match node.kind() {
            "import_statement" | "import_from_statement" => imports = true,
            "assignment" => {
                let left = node.child_by_field_name("left");
                found.collects |= left.is_some_and(|left| left.kind() == "subscript");
            }
            "await" | "async" => found.awaits = true,
            "return_statement" | "break_statement" | "continue_statement" => found.leaves = true,
            "call" => {
                calls += 1;
                let (weight, name) = weight_of(file, node);
                found.collects |= name.is_some_and(|name| {
                    name.contains('.') && among("append extend add", last_part(name))
                });
                // Of equals an effect counts more, then the first.
                let effect = is_effect(node);
                if found.call.is_none()
                    || weight > found.weight
                    || (weight == found.weight && effect && !found.effect)
                {
                    found.weight = weight;
                    found.effect = effect;
                    found.call = name;
                }
            }
            _ => {}
        }
        if node.kind().ends_with("_statement")
            && node.parent().is_some_and(|parent| parent.kind() == "block")
            && !matches!(
                node.kind(),
                "if_statement"
                    | "for_statement"
                    | "while_statement"
                    | "with_statement"
                    | "try_statement"
                    | "pass_statement"
            )
        {
            found.steps += 1;
        }
        !is_deferred(node)
    });
    if imports {
        // With real work behind it, an import on demand is no optional one.
        found.weight = if found.weight == Weight::Work { Weight::Unknown } else { Weight::Import };
        found.effect = false;
        return found;
    }
    if calls == 0 {
        found.weight = if found.awaits { awaited_alone(body) } else { Weight::Probe };
    }
    let first = statements(body).first().copied();
    // `task.cancel()`, `await task`: what is awaited in a tidying-up belongs to it.
    if found.weight < Weight::Reading
        && first.is_some_and(|first| begins_with_clean_up(file, first))
    {
        found.weight = Weight::CleanUp;
    }
    found
}

/// `await task`: waiting for something that was started, and mostly cancelled, elsewhere.
fn awaited_alone(body: Node<'_>) -> Weight {
    if statements(body).len() == 1 { Weight::CleanUp } else { Weight::Unknown }
}

fn begins_with_clean_up(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let value = bare_expression(statement);
    value.kind() == "call" && weight_of(file, value).0 == Weight::CleanUp
}

/// Whether a call stands for its effect: nothing takes its result.
fn is_effect(call: Node<'_>) -> bool {
    let mut node = call;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "await" | "parenthesized_expression" => node = parent,
            "expression_statement" => return true,
            _ => return false,
        }
    }
    false
}

fn weight_of<'a>(file: &FileContext<'a>, call: Node<'_>) -> (Weight, Option<&'a str>) {
    let Some(function) = call.child_by_field_name("function") else {
        return (Weight::Unknown, None);
    };
    let shown = file.text(function);
    let name = match function.kind() {
        "identifier" => shown,
        "attribute" => function.child_by_field_name("attribute").map_or("", |name| file.text(name)),
        _ => return (Weight::Unknown, None),
    };
    let named = (shown.len() <= 48 && !shown.contains(['\n', '`'])).then_some(shown).or(Some(name));
    let dotted = file.dotted(function);
    let words = words(name);
    let first = words.first().map(String::as_str).unwrap_or_default();
    let is = |list: &str| among(list, name) || among(list, first);
    let told = |text: &str| {
        words_of(text).any(|word| {
            matches!(
                word.as_str(),
                "logging" | "logger" | "log" | "hook" | "callback" | "callbacks" | "telemetry"
            )
        })
    };
    let weight = if loggers::log_call(file, call).is_some()
        || words.iter().any(|word| among(vocabulary::TELEMETRY, word))
        || call.child_by_field_name("arguments").is_some_and(|arguments| {
            arguments.named_child_count() > 0 && told(first_words(file.text(arguments)))
        }) {
        Weight::Telemetry
    } else if first == "import" || name == "find_spec" {
        Weight::Import
    } else if among(vocabulary::CLEAN_UP, first)
        || words
            .iter()
            .any(|word| matches!(word.as_str(), "cleanup" | "close" | "aclose" | "teardown"))
    {
        Weight::CleanUp
    } else if talks_to_network(file, function, dotted.as_deref()) || works_on_database(shown, name)
    {
        Weight::Work
    } else if among(vocabulary::PURE, name) {
        Weight::Probe
    } else if marks(shown)
        || is_camel(name)
        || words.iter().any(|word| matches!(word.as_str(), "json" | "yaml" | "toml"))
    {
        // A file that only marks something; a constructor, mostly of a value; a text that is parsed.
        Weight::Probe
    } else if is(vocabulary::WORK) {
        Weight::Work
    } else if is(vocabulary::READING) {
        Weight::Reading
    } else {
        Weight::Unknown
    };
    (weight, named)
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).flat_map(words)
}

/// The beginning of a call's arguments, which names what is handed over.
fn first_words(arguments: &str) -> &str {
    let end = arguments.char_indices().nth(160).map_or(arguments.len(), |(at, _)| at);
    &arguments[..end]
}

/// `self._lock_file.write_text("")`
fn marks(shown: &str) -> bool {
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    words(object).iter().any(|word| among("lock lockfile marker sentinel stamp", word))
}

fn is_camel(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.contains(|letter: char| letter.is_ascii_lowercase())
}

fn talks_to_network(file: &FileContext<'_>, function: Node<'_>, dotted: Option<&str>) -> bool {
    const METHODS: &[&str] =
        &["get", "post", "put", "patch", "delete", "head", "request", "options"];
    let canonical = file.qualified(function);
    let name = canonical.as_deref().or(dotted).unwrap_or_default();
    let Some((object, method)) = name.rsplit_once('.') else { return false };
    if object == "flask.session" || object.ends_with("request.session") {
        return false;
    }
    METHODS.contains(&method)
        && (matches!(object, "requests" | "httpx" | "aiohttp")
            || words(last_part(object))
                .iter()
                .any(|word| matches!(word.as_str(), "session" | "client" | "http")))
}

/// `Model.objects.get(..)`, `session.add(..)`, `db.query(..)`, `cursor.fetchall()`
fn works_on_database(shown: &str, name: &str) -> bool {
    const METHODS: &str = "bulk_create get_or_create update_or_create fetchall fetchone fetchrow executemany executescript sendall sendmail apply_async";
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    shown.contains(".objects.")
        || among(METHODS, name)
        || (object.ends_with("session") && among("add query exec scalar first", name))
        || words(object)
            .last()
            .is_some_and(|last| among("db dbh cursor conn dao repo repository database", last))
}

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
        if is_clean_up(name) || runs_at_exit(file, definition) {
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
    among(MAGIC, name)
        || words(name).iter().any(|word| {
            among(vocabulary::CLEAN_UP_FUNCTIONS, word)
                || among(vocabulary::TELEMETRY_FUNCTIONS, word)
        })
}

fn runs_at_exit(file: &FileContext<'_>, definition: &Definition) -> bool {
    file.outline.decorators(definition).iter().any(|&decorator| {
        let text = file.slice(decorator);
        text.contains("atexit")
            || text.contains("shutdown")
            || text.contains("teardown")
            || text.contains("finalizer")
    })
}

fn asks(name: &str) -> bool {
    let words = words(name);
    words.first().is_some_and(|first| among(vocabulary::QUESTION_BEGINS, first))
        || words.iter().any(|word| among(vocabulary::QUESTION, word))
}

/// Whether the folders and the name of a file say that it stands beside the product: its telemetry, its
/// tools, its seed data.
pub(crate) fn stands_aside(file: &FileContext<'_>) -> bool {
    let path = path_inside(file);
    let path = path.strip_suffix(".py").unwrap_or(path);
    path.split('/').flat_map(words).any(|word| among(vocabulary::ASIDE, &word))
}

/// Whether words near a statement say that failure is meant to be ignored: in it, directly above it,
/// or in the docstring of the function around it.
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
}

/// The path of a file inside its component: the folders above say nothing of it.
pub(crate) fn path_inside<'a>(file: &FileContext<'a>) -> &'a str {
    let inside = file.file.absolute.strip_prefix(&file.component.root);
    inside.unwrap_or(&file.file.path).as_str()
}
