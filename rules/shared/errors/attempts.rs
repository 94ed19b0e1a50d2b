//! What a `try` statement attempts: clean-up, a probe, or work whose failure matters. Knows the names of
//! calls, neither what handlers do nor what stands around.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::loggers;
use crate::shared::code::nodes::{bare_expression, is_deferred, statements, walk};
use crate::shared::code::vocabulary::{self, among};
use crate::shared::code::words::{last_part, words};

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
    let text = file.text(body);
    let in_memory = text.contains("BytesIO(") || text.contains("StringIO(");
    walk(body, |node| {
        match node.kind() {
            "import_statement" | "import_from_statement" => imports = true,
            "assignment" => {
                let left = node.child_by_field_name("left");
                found.collects |= left.is_some_and(is_item);
            }
            "await" | "async" => found.awaits = true,
            "return_statement" | "break_statement" | "continue_statement" => found.leaves = true,
            "call" => {
                calls += 1;
                let (mut weight, name) = weight_of(file, node);
                if in_memory && name.is_some_and(|name| among("save write dump", last_part(name))) {
                    weight = Weight::Probe;
                }
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

/// `rows[key]`, whose key is no fixed word: an item of a collection, not a field of one record.
fn is_item(target: Node<'_>) -> bool {
    target.kind() == "subscript"
        && target.child_by_field_name("subscript").is_none_or(|key| key.kind() != "string")
}

/// Whether all that a `try` body does is a step with one file: the text of such an error names it.
pub(crate) fn handles_one_file(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    const STEPS: &str =
        "open write writelines write_text write_bytes dump dumps Path mkdir str chmod";
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let mut touches = false;
    let mut others = false;
    walk(body, |node| {
        if node.kind() == "call"
            && loggers::log_call(file, node).is_none()
            && let Some(function) = node.child_by_field_name("function")
        {
            let name = file.qualified(function).unwrap_or_default();
            let system = name.starts_with("os.") || name.starts_with("shutil.");
            let step = among(STEPS, last_part(file.text(function)));
            touches |= system || step;
            others |= !(system || step || name.starts_with("json."));
        }
        !is_deferred(node)
    });
    touches && !others
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
    } else if looks_up_a_row(shown, name) {
        Weight::Reading
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

/// `Model.objects.get(..)`: that there is no such row is an answer.
fn looks_up_a_row(shown: &str, name: &str) -> bool {
    shown.contains(".objects.get") && (name == "get" || name.starts_with("get_by_"))
}

/// `Model.objects.create(..)`, `session.add(..)`, `db.query(..)`, `cursor.fetchall()`
fn works_on_database(shown: &str, name: &str) -> bool {
    const METHODS: &str = "bulk_create get_or_create update_or_create fetchall fetchone fetchrow executemany executescript sendall sendmail apply_async";
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    // `connection.Queue(..)` makes something, and does nothing yet.
    if is_camel(name) {
        return false;
    }
    shown.contains(".objects.")
        || among(METHODS, name)
        || (object.ends_with("session") && among("add query exec scalar first", name))
        || words(object)
            .last()
            .is_some_and(|last| among("db dbh cursor conn dao repo repository database", last))
}
