//! What a `try` statement attempts: clean-up, a probe, or work whose failure matters. Knows the names of
//! calls, neither what handlers do nor what stands around.

mod effects;

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use effects::sends;
pub(crate) use effects::{saves, talks_to_other_end};

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
    /// Whether any call asks or changes a database.
    pub(crate) database: bool,
    /// Whether any call changes something in a database, stores what is nowhere else, or pays.
    pub(crate) saves: bool,
    /// Whether any call changes something in a database or behind a network, or sends something.
    pub(crate) changes: bool,
    /// Whether any call posts something and takes the answer.
    pub(crate) asks_by_post: bool,
    /// Whether it speaks of a cache: what is not in it is worked out again.
    pub(crate) caches: bool,
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
        database: false,
        saves: false,
        changes: false,
        asks_by_post: false,
        caches: false,
        steps: 0,
        leaves: false,
        collects: false,
        awaits: false,
    };
    let Some(body) = statement.child_by_field_name("body") else { return found };
    let mut calls = 0;
    let mut imports = false;
    let text = file.text(body);
    found.caches = [text, comment_above(file, statement)]
        .iter()
        .any(|it| ["cache", "Cache", "CACHE"].iter().any(|word| it.contains(word)));
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
            "call" if marks_last_use(file, node) => {
                calls += 1;
                found.weight = found.weight.max(Weight::Telemetry);
                return false;
            }
            "call" => {
                calls += 1;
                let (mut weight, name) = weight_of(file, node);
                if in_memory && name.is_some_and(|name| among("save write dump", last_part(name))) {
                    weight = Weight::Probe;
                }
                found.collects |= name.is_some_and(|name| {
                    name.contains('.') && among("append extend add", last_part(name))
                });
                if weight == Weight::Work {
                    let posts = posts(file, node);
                    let asks = posts == Some("post") && !is_effect(node);
                    let saves = posts.is_none() && saves(file, node);
                    found.asks_by_post |= asks;
                    found.saves |= saves;
                    found.changes |= saves || posts.is_some() && !asks || sends(file, node);
                }
                found.database |= weight == Weight::Work && asks_database(file, node);
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

/// What the failure of a call weighs.
pub(crate) fn weight(file: &FileContext<'_>, call: Node<'_>) -> Weight {
    weight_of(file, call).0
}

/// The call of a block that weighs most, without what `skip` leaves out: of equals an effect counts more, then the first.
pub(crate) fn heaviest_call<'a>(
    file: &FileContext<'a>,
    block: Node<'_>,
    skip: impl Fn(Node<'_>) -> bool,
) -> Option<&'a str> {
    let mut found: Option<((Weight, bool), &str)> = None;
    walk(block, |node| {
        if node.kind() == "call"
            && let (weight, Some(name)) = weight_of(file, node)
        {
            let rank = (weight, is_effect(node));
            if weight >= Weight::Unknown && found.is_none_or(|(other, _)| rank > other) {
                found = Some((rank, name));
            }
        }
        !(is_deferred(node) || node.kind() == "block" && skip(node))
    });
    found.map(|(_, name)| name)
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

/// Whether all that a `try` body does is to read one text or value as something else, and to answer with it: what is
/// wrong is the input.
pub(crate) fn only_parses(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    const PARSERS: &str = "loads int float Decimal strptime fromisoformat fromtimestamp parse_date UUID literal_eval \
        b64decode unhexlify from_string safe_load astimezone";
    const ANSWERS: &str = "jsonify JsonResponse JSONResponse Response str dict list strip lower gettz tzlocal ZoneInfo";
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let (mut parses, mut others) = (0, false);
    walk(body, |node| {
        if node.kind() == "call"
            && loggers::log_call(file, node).is_none()
            && let Some(function) = node.child_by_field_name("function")
        {
            let name = last_part(file.text(function));
            parses += usize::from(among(PARSERS, name));
            others |= !(among(PARSERS, name) || among(ANSWERS, name));
        }
        others |= matches!(node.kind(), "await" | "yield" | "for_statement" | "while_statement");
        !is_deferred(node)
    });
    parses == 1 && !others
}

/// Whether a `try` body reads tables or documents from files that others wrote: `pd.read_excel(path)`.
pub(crate) fn reads_one_file(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let (mut reads, mut others) = (false, false);
    walk(body, |node| {
        if node.kind() == "call"
            && loggers::log_call(file, node).is_none()
            && let Some(function) = node.child_by_field_name("function")
        {
            let name = last_part(file.text(function));
            let reading = name.starts_with("read_") || matches!(name, "open" | "read" | "readline");
            reads |= reading;
            others |= !reading && weight_of(file, node).0 >= Weight::Work;
        }
        !is_deferred(node)
    });
    reads && !others
}

/// Whether all that a `try` body calls makes objects, and puts them into lists and dictionaries of the program's own.
pub(crate) fn only_builds(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    const METHODS: &str = "insert append extend update setdefault";
    const VALUES: &str = "str len int float bool list dict tuple set escape join format strip lower upper items keys values get \
        t _ gettext gettext_lazy ngettext translate";
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let mut builds = false;
    let mut others = false;
    walk(body, |node| {
        match node.kind() {
            "await" | "yield" | "with_statement" => others = true,
            "call" => {
                let function = node.child_by_field_name("function").map_or("", |it| file.text(it));
                let name = last_part(function);
                let collects = function.contains('.') && among(METHODS, name);
                builds |= collects;
                others |= !(collects || among(VALUES, name) || is_camel(name))
                    || function.contains('.') && asks_database(file, node)
                    || name == "get" && weight_of(file, node).0 >= Weight::Reading;
            }
            _ => {}
        }
        !is_deferred(node)
    });
    builds && !others
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
    let arguments = call.child_by_field_name("arguments").filter(|it| it.named_child_count() > 0);
    let arguments = arguments.map_or("", |it| first_words(file.text(it)));
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    let weight = if loggers::log_call(file, call).is_some()
        // Measures how much of the code its tests run.
        || matches!(object, "cov" | "coverage")
        || words.iter().any(|word| among(vocabulary::TELEMETRY, word))
        || told(arguments)
    {
        Weight::Telemetry
    } else if first == "import" || name == "find_spec" {
        Weight::Import
    } else if among(vocabulary::CLEAN_UP, first)
        || words
            .iter()
            .any(|word| matches!(word.as_str(), "cleanup" | "close" | "aclose" | "teardown"))
        || (name.starts_with("put") && arguments == "(None)")
    {
        Weight::CleanUp
    } else if name == "send_signal" || name == "insert" && begins_with_number(call) {
        // A process that is over needs none; a list is no database.
        Weight::Unknown
    } else if among(ON_PAGES, name) || name == "put_nowait" || asks_for_nothing(arguments) {
        // What is not there, or has no room, is an answer.
        Weight::Probe
    } else if looks_up_a_row(shown, name)
        || asks_a_cache(shown, name)
        || is_passing(arguments)
        || changes_schema(name, arguments)
    {
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
        // A file or a buffer that only marks or keeps something; a constructor, mostly of a value; a text that is parsed.
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

/// `parts.insert(0, text)`: only a list is told a place by its number.
fn begins_with_number(call: Node<'_>) -> bool {
    let first = call.child_by_field_name("arguments").and_then(|it| it.named_child(0));
    first.is_some_and(|it| matches!(it.kind(), "integer" | "unary_operator"))
}

/// `execute("SELECT 1")`: it asks whether the database is there.
fn asks_for_nothing(arguments: &str) -> bool {
    let text = arguments.trim_start_matches(|c: char| !c.is_alphanumeric());
    let text =
        text.strip_prefix("text(").unwrap_or(text).trim_matches(|c: char| !c.is_alphanumeric());
    text.eq_ignore_ascii_case("select 1")
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).flat_map(words)
}

/// The beginning of a call's arguments, which names what is handed over.
fn first_words(arguments: &str) -> &str {
    let end = arguments.char_indices().nth(160).map_or(arguments.len(), |(at, _)| at);
    &arguments[..end]
}

/// `self._lock_file.write_text("")`, `CACHE.write_text(text)`: what is there only for a while.
fn marks(shown: &str) -> bool {
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    words(object)
        .iter()
        .any(|word| among("lock lockfile marker sentinel stamp cache buf buffer", word))
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

/// `update(last_used_at=now)`: a mark of when something was used, or how often.
fn marks_last_use(file: &FileContext<'_>, call: Node<'_>) -> bool {
    const COUNTS: [&str; 4] = ["times_applied", "times_used", "usage_count", "view_count"];
    const NAMES: [&str; 5] =
        ["last_used", "last_seen", "last_read", "last_access", "last_activity"];
    let arguments = call.child_by_field_name("arguments").map_or("", |it| file.text(it));
    NAMES.iter().any(|it| arguments.contains(it))
        || arguments.contains("=[\"updated_at\"]")
        || arguments.contains("+ 1") && COUNTS.iter().any(|it| arguments.contains(it))
}

/// `driver.execute_script(..)`, `button.click()`: what is not on a page now may be there later, or never.
const ON_PAGES: &str = "click dblclick send_keys execute_script execute_async_script find_element find_elements \
    query_selector query_selector_all is_displayed is_enabled is_visible inner_text text_content get_attribute \
    scroll_into_view_if_needed wait_for_selector wait_for_load_state wait_for_timeout move_to_element move_by_offset \
    perform";

/// `execute("SET search_path = ..")`, `save(result, tempdir)`: what is lost holds for one session or one run.
fn is_passing(arguments: &str) -> bool {
    let text = arguments.trim_start_matches(['(', 'f', '"', '\'']);
    text.starts_with("SET ")
        || ["tempdir", "temp_dir", "tmp_dir", "tmpdir"].iter().any(|it| arguments.contains(it))
}

/// `create_index(..)`, `execute("ALTER TABLE ..")`: it may have been done before.
fn changes_schema(name: &str, arguments: &str) -> bool {
    matches!(name, "create_index" | "drop_index")
        || ["ALTER TABLE", "CREATE ", "DROP "].iter().any(|it| arguments.contains(it))
}

/// `redis_client.get(key)`, `cache.get(key)`: what is not there is worked out again.
fn asks_a_cache(shown: &str, name: &str) -> bool {
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    matches!(name, "get" | "mget" | "hget" | "hgetall" | "get_json")
        && words(object).iter().any(|word| among("redis cache memcache memcached", word))
}

/// `Model.objects.get(..)`: that there is no such row is an answer.
fn looks_up_a_row(shown: &str, name: &str) -> bool {
    shown.contains(".objects.") && (name == "get" || name.starts_with("get_by_"))
}

/// Whether a call asks or changes a database.
fn asks_database(file: &FileContext<'_>, call: Node<'_>) -> bool {
    let Some(function) = call.child_by_field_name("function") else { return false };
    let shown = file.text(function);
    let name = last_part(shown);
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    let behind = call.parent().and_then(|it| it.child_by_field_name("attribute"));
    let chained = behind.map_or("", |it| file.text(it));
    // One number is mostly asked for to see whether there is anything.
    ![name, chained].iter().any(|it| among("scalar cursor is_usable", it))
        && (works_on_database(shown, name)
            || (object.ends_with("session") && among("execute commit merge flush", name)))
}

/// The comment that ends on the line above a statement.
fn comment_above<'a>(file: &FileContext<'a>, statement: Node<'_>) -> &'a str {
    let before = file.source.text()[..statement.start_byte()].trim_end();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    if line.starts_with('#') { line } else { "" }
}

/// The method by which a call hands something to another machine: `client.post(..)`.
fn posts<'a>(file: &FileContext<'a>, call: Node<'_>) -> Option<&'a str> {
    let function = call.child_by_field_name("function")?;
    let name = last_part(file.text(function));
    let changes = matches!(name, "post" | "put" | "patch");
    (changes && talks_to_network(file, function, file.dotted(function).as_deref())).then_some(name)
}

/// `Model.objects.create(..)`, `session.add(..)`, `db.query(..)`, `cursor.fetchall()`
fn works_on_database(shown: &str, name: &str) -> bool {
    const OF_TEXTS: &str = "encode decode strip split format lower upper replace startswith endswith join \
        read_text read_bytes exists get_bind";
    const METHODS: &str = "bulk_create get_or_create update_or_create fetchall fetchone fetchrow executemany executescript sendall sendmail apply_async";
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    // `connection.Queue(..)` makes something, and does nothing yet; the cursor of a page is a text, a file may be called `db`.
    if is_camel(name) || among(OF_TEXTS, name) {
        return false;
    }
    shown.contains(".objects.")
        || among(METHODS, name)
        || (object.ends_with("session") && among("add query exec scalar first", name))
        || words(object)
            .last()
            .is_some_and(|last| among("db dbh cursor conn dao repo repository database", last))
}
