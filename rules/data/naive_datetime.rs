//! See `naive-datetime.toml`. Knows which calls make a time without a zone; what becomes of it is in the modules below, and
//! nothing is known of the zones of a database.

#[path = "naive_datetime/aware.rs"]
mod aware;
#[path = "naive_datetime/claimed.rs"]
mod claimed;
#[path = "naive_datetime/custom.rs"]
mod custom;
#[path = "naive_datetime/fate.rs"]
mod fate;
#[path = "naive_datetime/once.rs"]
mod once;
#[path = "naive_datetime/parameters.rs"]
mod parameters;
#[path = "naive_datetime/settled.rs"]
mod settled;
#[path = "naive_datetime/validated.rs"]
mod validated;

use camino::Utf8Path;
use roadworthy_engine::{FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, Node, Span};
use roadworthy_project::Role;

use crate::shared::code::handed::{Handed, handed};
use crate::shared::code::nodes::around;
use crate::shared::code::strings::{arguments, assigned};
use crate::shared::code::text::places_of;
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{blocks, calls, made, named, reach};
use crate::shared::frameworks::{django, routers};
use custom::Column;
use fate::Fate;

/// Whether the trigger is one of `datetime`'s.
pub(super) fn candidate(file: &FileContext<'_>, offset: u32) -> bool {
    if !file.names().imports_module("datetime") {
        return false;
    }
    let calls = &file.outline.calls;
    let after = calls.partition_point(|it| it.name.start <= offset);
    match calls[..after].last().filter(|it| it.name.end > offset) {
        Some(call) => naive(file, call).is_some(),
        None => file.outline.line_at(offset).is_some_and(|line| {
            let text = file.slice(line.span);
            text.contains("default") || text.contains("onupdate")
        }),
    }
}

/// How a time is without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naive {
    /// The clock of the place where the program runs.
    Local,
    /// UTC that does not say so.
    Utc,
}

fn naive(file: &FileContext<'_>, call: &Call) -> Option<Naive> {
    let kind = by_name(&calls::callee(file, call)?)?;
    let given = calls::arguments(file, call);
    // `tz=None` is somebody's word.
    let zone = given
        .iter()
        .any(|it| matches!(it.keyword, Some("tz" | "tzinfo")) || it.value.starts_with('*'));
    let most = usize::from(file.slice(call.name).ends_with("timestamp"));
    (!zone && given.iter().filter(|it| it.keyword.is_none()).count() <= most).then_some(kind)
}

fn by_name(canonical: &str) -> Option<Naive> {
    match canonical {
        "datetime.datetime.now" | "datetime.datetime.fromtimestamp" => Some(Naive::Local),
        "datetime.datetime.utcnow" | "datetime.datetime.utcfromtimestamp" => Some(Naive::Utc),
        _ => None,
    }
}

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    if node.kind() == "attribute" {
        of_reference(file, node, out);
        return;
    }
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.arguments.start < arguments.start_byte() as u32);
    let call = calls[first..].iter().take(1).find(|it| it.arguments == Span::of(arguments));
    let Some((call, kind)) = call.and_then(|it| Some((it, naive(file, it)?))) else { return };
    if let Some(once) = once::read_once(file, node) {
        of_default(file, node, once, out);
        return;
    }
    if fate::is_unread(file, node) || is_only_for_trying(file, node) || is_sentinel(file, node) {
        return;
    }
    if kind == Naive::Local && !file.pedantic() && comes_from_local_time(file, node) {
        return;
    }
    let (message, mends, level) = if let Some(claim) = claimed::wrongly(file, node, kind) {
        let is_right = || !file.pedantic() && is_at_utc(file);
        if is_left_alone(file, Fate::Sent) || runs_in_cloud(file) || is_right() {
            return;
        }
        // Who runs a command sees what it writes.
        let is_minor =
            file.role == Role::Cli || !file.pedantic() && claimed::is_day_alone(file, node);
        let level = if is_minor { Severity::Info } else { Severity::Warning };
        let worth = "it is off wherever the clock is not set to UTC";
        (format!("`{}` {}: {worth}", written(file, node), claim.said), claim.mends, level)
    } else if let Some(field) = validated::field(file, node) {
        let message = format!(
            "`{}` has no zone, and a caller may send {} with one: the comparison is a `TypeError` then, which is no answer of a validator",
            written(file, node),
            roadworthy_parser::quoted(field),
        );
        // What is sent without a zone would fail then.
        (message, false, Severity::Warning)
    } else if let Some(column) =
        parameters::column_at_utc(file, node).filter(|_| kind == Naive::Local)
    {
        // On a desktop, too, whose clock is seldom at UTC.
        if is_left_alone(file, Fate::InZonedColumn) || runs_in_cloud(file) {
            return;
        }
        let message = format!(
            "`{}` is the local time, and another statement gives {} the clock of SQLite, which is UTC",
            written(file, node),
            roadworthy_parser::quoted(column),
        );
        // In UTC its text would hold what SQLite's own does not: `+00:00`. Where the clock is at UTC, both are the same.
        (message, false, Severity::Info)
    } else {
        let Some((message, level)) = kept(file, node, fate::of(file, node, kind), kind) else {
            return;
        };
        (message, true, level)
    };
    let is_idle = level == Severity::Warning
        && !file.pedantic()
        && (fate::is_kept_for_nobody(file, node) || reach::is_run_by_hand(file));
    let level = if is_idle { Severity::Info } else { level };
    let mut report = Report::on(node).message(message).severity(level);
    if let Some(edits) = aware::edits(file, call).filter(|_| mends) {
        report = report.fix(Fix::to_look_at(edits));
    }
    out.report(report);
}

/// `default=datetime.utcnow()`: whatever the zone, the time is that of the start.
fn of_default(file: &FileContext<'_>, node: Node<'_>, once: once::Once, out: &mut Reporter<'_>) {
    if !file.pedantic() && (is_left_alone(file, Fate::Stored) || is_always_given(file, node)) {
        return;
    }
    let is_served = matches!(file.role, Role::Application | Role::Library);
    let is_of_none = is_column_of_none(file, node)
        || is_of_class_of_none(file, node)
        || is_column_set_by_maker(file, node);
    // Nothing is made of it.
    if is_of_none && !file.pedantic() {
        return;
    }
    // A program that soon ends is as old as its calls. This reads the project, so it is asked last.
    if once.is_of_call() && !file.pedantic() && !reach::runs_unattended(file) {
        return;
    }
    let harmless = !is_served
        || once.is_coarse
        || !file.pedantic()
            && (makes_data_for_trials(file) || once.is_of_object() && !is_of_requests(file, node));
    let message = format!(
        "`{}` is read once, when the module is loaded: {} gets the time of the start",
        written(file, node),
        once.who
    );
    let level = if harmless { Severity::Info } else { Severity::Warning };
    let report = Report::on(node).message(message).severity(level);
    out.report(match once.edit {
        Some(edit) => report.fix(Fix::to_look_at(vec![edit])),
        None => report,
    });
}

/// Whether a time is the default of a field of a class of which requests make objects: who leaves it out has it kept as it is.
fn is_of_requests(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let class = file.outline.enclosing(node.start_byte() as u32).next().filter(|it| it.is_class());
    class.is_some_and(|it| made::is_made_of_requests(file, file.slice(it.name)))
}

/// `default=datetime.utcnow`
fn of_reference(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    let Some(parent) = node.parent().filter(|it| it.kind() == "keyword_argument") else { return };
    let Some(kind) = file.qualified(node).and_then(|it| by_name(&it)) else { return };
    if kind == Naive::Local && claimed::is_described_as_utc(file, parent) {
        if runs_in_cloud(file) || !file.pedantic() && is_at_utc(file) {
            return;
        }
        let message =
            format!("`{}` is the local time, in a field that is described as UTC", file.text(node));
        out.report(Report::on(node).message(message).severity(Severity::Warning));
        return;
    }
    if let Some((message, level)) = kept(file, node, fate::of_default(file, parent), kind) {
        out.report(Report::on(node).message(message).severity(level));
    }
}

/// What is said of a time that is kept, and at which level.
fn kept(
    file: &FileContext<'_>,
    node: Node<'_>,
    fate: Option<Fate>,
    kind: Naive,
) -> Option<(String, Severity)> {
    let fate = fate?;
    judge(file, node, fate, kind)?;
    let column = match fate {
        Fate::Stored | Fate::Compared => custom::column(file, node),
        _ => None,
    };
    let fate = if file.pedantic() { fate } else { of_column(fate, column, kind)? };
    let is_kept_plain =
        fate == Fate::InZonedColumn && !file.pedantic() && custom::is_in_sqlite(file);
    let fate = if is_kept_plain { Fate::Stored } else { fate };
    // Each of these reads the files of the component, the one that leaves most alone first.
    let is_sure = matches!(fate, Fate::InZonedColumn | Fate::Answered)
        || fate == Fate::InDjango && uses_zones(file) == Some(true)
        || fate == Fate::Compared && column == Some(Column::Zoned);
    if !file.pedantic() && !is_sure && !custom::is_utc(file)
        || is_left_alone(file, fate)
        || !file.pedantic() && kind == Naive::Local && custom::is_converted(file, node)
        || !file.pedantic()
            && (settled::is_of_command(file, fate) || is_column_always_given(file, node))
        || settled::is(file, node, fate, kind)
    {
        return None;
    }
    let is_at_utc = fate != Fate::Answered && runs_in_cloud(file);
    if is_at_utc && !file.pedantic() {
        return None;
    }
    let level = if is_at_utc { Severity::Info } else { level(file, fate, kind) };
    if fate == Fate::Stored && kind == Naive::Local && !is_at_utc && settled::is_in_mongo(file) {
        let said = format!(
            "`{}` is the local time, and MongoDB's driver takes it for UTC: it is off wherever the clock is not set to UTC",
            written(file, node)
        );
        return Some((said, Severity::Info));
    }
    if fate == Fate::Stored
        && kind == Naive::Local
        && !is_at_utc
        && custom::is_of_utc(file, node)
        && let Some(zone) = custom::zone_of_clock(file)
    {
        let said = format!(
            "`{}` is the time in {zone}, to which a container sets its clock, and the column gets UTC elsewhere",
            written(file, node)
        );
        return Some((said, Severity::Warning));
    }
    if !file.pedantic() && !meets_another_zone(file, node, fate, kind, column) {
        return None;
    }
    let of_row = level == Severity::Warning && fate == Fate::InZonedColumn;
    let level = if of_row && is_column_of_none(file, node) { Severity::Info } else { level };
    let message = match judge(file, node, fate, kind)? {
        _ if fate == Fate::InZonedColumn && settled::works_through_asyncpg(file) => format!(
            "`{}` has no zone, and the column keeps one: asyncpg takes the time for local time of the process",
            written(file, node)
        ),
        message => message,
    };
    Some((message, level))
}

/// Whether the project itself shows another zone that a time will meet: that of its column, of other times around it, of the
/// same field elsewhere, or of a container's clock. Else who reads the time, and where, decides what it is worth, and neither is
/// seen.
fn meets_another_zone(
    file: &FileContext<'_>,
    node: Node<'_>,
    fate: Fate,
    kind: Naive,
    column: Option<Column>,
) -> bool {
    let offset = node.start_byte() as u32;
    let is_beside_other = || match kind {
        Naive::Local => is_beside_utc(file, offset),
        Naive::Utc => is_beside_aware(file, offset),
    };
    match fate {
        Fate::InZonedColumn => true,
        Fate::InDjango => uses_zones(file) == Some(true),
        Fate::Compared => column == Some(Column::Zoned) || custom::is_given_utc(file, node),
        Fate::Stored => is_beside_other() || custom::is_given_utc(file, node),
        Fate::Sent | Fate::Answered => {
            is_beside_other() || kind == Naive::Local && custom::zone_of_clock(file).is_some()
        }
    }
}

/// Whether a time is the default of a column of a model of which nothing but tests makes rows.
fn is_column_of_none(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let offset = node.start_byte() as u32;
    let class = file.outline.enclosing(offset).next().filter(|it| it.is_class());
    class.is_some_and(|it| {
        let name = file.slice(it.name);
        let mut bases = file.outline.arguments(it).iter();
        let is_of_texts = bases.any(|it| last_part(file.slice(it.value)).ends_with("BaseModel"));
        made::is_made_nowhere(file, name) && !(is_of_texts && made::is_made_of_requests(file, name))
    })
}

/// Whether a time is the default of a column of which no row is made without it: nothing makes rows of the model, or all that does
/// says the time itself.
fn is_column_always_given(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let class = file.outline.enclosing(node.start_byte() as u32).next().filter(|it| it.is_class());
    let line = file.outline.line_at(node.start_byte() as u32);
    let (Some(class), Some(line)) = (class, line) else { return false };
    let field = file.slice(line.span).split([':', '=', ' ']).next().unwrap_or_default();
    let is_set = is_set_by_maker(file, class, field);
    let class = file.slice(class.name);
    is_set
        || made::is_made_nowhere(file, class)
        || made::is_given_wherever_made(file, class, field, |it| {
            // What is handed over may be none, or without a zone itself.
            let value = it.split(['\n', ',']).next().unwrap_or_default();
            value.contains("now(")
                && !value.contains("utcnow(")
                && (!value.contains("now()") || value.contains("timezone.now()"))
        })
}

/// Whether a time is the default of a field that the `__init__` of its class sets.
fn is_column_set_by_maker(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let class = file.outline.enclosing(node.start_byte() as u32).next().filter(|it| it.is_class());
    let line = file.outline.line_at(node.start_byte() as u32);
    let (Some(class), Some(line)) = (class, line) else { return false };
    let field = file.slice(line.span).split([':', '=', ' ']).next().unwrap_or_default();
    is_set_by_maker(file, class, field)
}

/// Whether the `__init__` of a class sets a field, whatever else it does.
fn is_set_by_maker(file: &FileContext<'_>, class: &Definition, field: &str) -> bool {
    let inside = |it: &&Definition| {
        class.body.contains(it.header.start) && file.slice(it.name) == "__init__"
    };
    let mut makers = file.outline.definitions.iter().filter(inside);
    makers.any(|maker| {
        let mut lines = blocks::own_lines(file, maker).peekable();
        let depth = lines.peek().map(|it| it.indent);
        lines.any(|line| {
            let rest = file.slice(line.span).strip_prefix("self.");
            let rest = rest.and_then(|it| it.strip_prefix(field)).unwrap_or_default().trim_start();
            Some(line.indent) == depth && rest.starts_with('=') && !rest.starts_with("==")
        })
    })
}

/// Whether a time is the default of a parameter for which all calls of the project hand a value over.
fn is_always_given(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let offset = node.start_byte() as u32;
    let mut functions = file.outline.definitions.iter().filter(|it| it.is_function());
    functions.any(|function| {
        let mut parameters = file.outline.signature(function).parameters.iter();
        let own = parameters.find(|it| it.default.is_some_and(|it| it.contains(offset)));
        own.is_some_and(|it| handed(file, function, file.slice(it.name)) == Handed::Always)
    })
}

/// Whether a time is the default of a field of a class that its own file names once, and no other file takes out of this one: a
/// namesake in another module is another class.
fn is_of_class_of_none(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let offset = node.start_byte() as u32;
    let class = file.outline.enclosing(offset).next().filter(|it| it.is_class());
    class.is_some_and(|class| {
        let name = file.slice(class.name);
        places_of(file.source.text(), name).count() == 1
            && named::tells_all(file)
            && file.in_facts().is_some_and(|(facts, known)| !facts.taken().holds(known, name))
    })
}

/// Whether a module makes data to try the program with, by its name: `generator.py`, `seed_orders.py`.
fn makes_data_for_trials(file: &FileContext<'_>) -> bool {
    const WORDS: [&str; 10] = [
        "demo",
        "dummy",
        "fake",
        "faker",
        "fixtures",
        "generator",
        "mock",
        "populate",
        "sample",
        "seed",
    ];
    let stem = file.file.path.file_stem().unwrap_or_default();
    words(stem).iter().any(|it| WORDS.contains(&it.as_str()))
}

/// What becomes of a time in the light of the models: nothing where none has the column.
fn of_column(fate: Fate, column: Option<Column>, kind: Naive) -> Option<Fate> {
    match (column, fate, kind) {
        (Some(Column::Zoned), Fate::Stored, Naive::Local) => Some(Fate::InZonedColumn),
        // No row has it, or both sides are UTC without a zone.
        (Some(Column::Missing), Fate::Stored, _)
        | (Some(Column::Other), Fate::Compared, Naive::Utc) => None,
        _ => Some(fate),
    }
}

/// What is sure to be taken for another time is more than advice; the rest is right where all clocks are alike, as those of most
/// containers are.
fn level(file: &FileContext<'_>, fate: Fate, kind: Naive) -> Severity {
    let is_off = match fate {
        Fate::InZonedColumn => custom::zone_of_clock(file).is_some(),
        // The process's clock is at `TIME_ZONE`, as Django sets it.
        Fate::InDjango => kind == Naive::Utc && uses_zones(file) == Some(true) && !is_at_utc(file),
        _ => false,
    };
    if is_off { Severity::Warning } else { Severity::Info }
}

/// Whether the component is made of functions that a cloud calls, or the file lies in a layer for them: their clock is at UTC,
/// always.
fn runs_in_cloud(file: &FileContext<'_>) -> bool {
    let of_layer = file.in_facts().is_some_and(|(_, known)| {
        let mut folders = known.path.ancestors().skip(1).filter_map(Utf8Path::file_name);
        folders.any(|it| it.split(['_', '-']).any(|it| matches!(it, "lambda" | "lambdas")))
    });
    of_layer
        || says(file, &["def lambda_handler(", "def handler(event, context", "def handler(event: "])
}

/// Whether a file of the component that is no test holds one of some texts. Reads them all, so it is asked for last.
fn says(file: &FileContext<'_>, texts: &[&str]) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    facts.answer(known.component, format!("its product says {}", texts.join(" or ")), || {
        let mut files = project.files.iter().filter(|it| {
            it.kind.is_python() && it.component == known.component && it.path_role.is_none()
        });
        files.any(|it| {
            facts.source(it).is_some_and(|it| texts.iter().any(|text| it.text().contains(text)))
        })
    })
}

/// Whether the code around runs only where the program is tried out.
fn is_only_for_trying(file: &FileContext<'_>, node: Node<'_>) -> bool {
    blocks::headers_around(file, node.start_byte() as u32).any(|it| {
        let header = file.slice(it.span);
        matches!(it.keyword, Keyword::If | Keyword::Elif)
            && ["DEBUG", "debug", "mock", "MOCK"].iter().any(|word| header.contains(word))
            && !header.contains("not ")
    })
}

/// Whether a time stands for none: the beginning of all stamps, or what is taken where the true one is missing.
fn is_sentinel(file: &FileContext<'_>, node: Node<'_>) -> bool {
    let given = node.child_by_field_name("arguments").map_or("", |it| file.text(it));
    let given = given.trim_matches(['(', ')', ' ']);
    let is_number = !given.is_empty() && given.bytes().all(|it| it.is_ascii_digit());
    let choice = around(node).find(|it| it.kind() == "conditional_expression");
    is_number
        || choice.and_then(|it| it.named_child(0)).is_some_and(|it| {
            file.text(it).ends_with(".isoformat()") && it.end_byte() < node.start_byte()
        })
}

/// Whether a module makes no rows or messages of the product: a frozen migration, a scaffold of tests, one that nothing imports
/// and nobody starts, a program that somebody runs by hand and whose texts stay with him, or on his own desktop.
fn is_left_alone(file: &FileContext<'_>, fate: Fate) -> bool {
    let is_aside = |part: &str| part.ends_with("migrations") || part.starts_with("test_");
    // A server may open a browser, too, but what it keeps is shown where it runs.
    let is_kept = matches!(fate, Fate::Stored | Fate::Compared);
    if file.file.path.components().any(|it| is_aside(it.as_str()))
        || is_kept && says(file, &["webbrowser.open"])
    {
        return true;
    }
    let is_started = !file.outline.main_guards.is_empty();
    let stays = matches!(fate, Fate::Sent | Fate::Answered);
    (stays || !is_started) && reach::is_used_by_nobody(file) || routers::is_idle(file)
}

/// What is said of a time without a zone; `None` where nobody takes it for another one. UTC that does not say so is kept by
/// many programs, everywhere: that hurts where something takes it for another time.
fn judge(file: &FileContext<'_>, node: Node<'_>, fate: Fate, kind: Naive) -> Option<String> {
    let written = written(file, node);
    let offset = node.start_byte() as u32;
    let is_uniform = kind == Naive::Utc && !is_beside_aware(file, offset);
    let zone = format!("`{written}` has no zone, and");
    let info = |what: &str| Some(format!("{zone} its value is {what}"));
    match fate {
        Fate::InZonedColumn => Some(format!(
            "{zone} the column keeps one: the database takes the time for that of its session"
        )),
        Fate::InDjango => match uses_zones(file) {
            // Which zone a name stands for, nobody knows.
            Some(true) if !is_zone_written(file) => None,
            Some(true) => Some(format!(
                "{zone} with `USE_TZ` Django takes the time for that of `TIME_ZONE`, and warns"
            )),
            Some(false) => None,
            None => info("stored"),
        },
        // A browser reads a text without a zone as its own time; another program and a database know better.
        Fate::Stored | Fate::Sent if kind == Naive::Utc => None,
        Fate::Compared if is_uniform => None,
        Fate::Stored => info("stored"),
        Fate::Compared => info("compared with a stored one"),
        Fate::Answered => info("written as text into what a request is answered with"),
        Fate::Sent => info("written as text for others to read"),
    }
}

/// How a message names a call, or the function that another calls.
fn written(file: &FileContext<'_>, node: Node<'_>) -> String {
    match node.child_by_field_name("function") {
        Some(function) => format!("{}()", last_part(file.text(function))),
        None => file.text(node).to_owned(),
    }
}

/// Whether Django's settings ask for times with a zone; `None` where nobody knows.
fn uses_zones(file: &FileContext<'_>) -> Option<bool> {
    let (facts, known) = file.in_facts()?;
    django::agreed_switch(facts, known.component, "USE_TZ")
}

/// Whether the settings name `TIME_ZONE` by a literal.
fn is_zone_written(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        django::agreed(facts, known.component, "TIME_ZONE")
            .is_some_and(|it| it.starts_with(['"', '\'']))
    })
}

/// Whether the seconds of `fromtimestamp()` come from `time.mktime()`: it reads local time, and what it read comes back, in any
/// zone.
fn comes_from_local_time(file: &FileContext<'_>, call: Node<'_>) -> bool {
    let Some(&seconds) = arguments(call).first() else { return false };
    let made = match seconds.kind() {
        "identifier" => assigned(file, seconds).last().copied(),
        _ => Some(seconds),
    };
    made.is_some_and(|it| it.kind() == "call" && file.callee(it).as_deref() == Some("time.mktime"))
}

/// Whether the settings set the clock to UTC.
fn is_at_utc(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        django::agreed(facts, known.component, "TIME_ZONE")
            .is_some_and(|it| matches!(it.trim_matches(['"', '\'']), "UTC" | "Etc/UTC" | "GMT"))
    })
}

/// Whether the function or class around an offset works with UTC, too, with or without a zone.
fn is_beside_utc(file: &FileContext<'_>, offset: u32) -> bool {
    let around = file.outline.enclosing(offset).last();
    around.is_some_and(|it| file.slice(it.span).contains("utcnow")) || is_beside_aware(file, offset)
}

/// Whether the function or class around an offset works with times that have a zone, too.
fn is_beside_aware(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(around) = file.outline.enclosing(offset).last() else { return false };
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.name.start < around.span.start);
    calls[first..].iter().take_while(|it| it.name.start < around.span.end).any(|call| {
        matches!(last_part(file.slice(call.name)), "now" | "fromtimestamp")
            && calls::callee(file, call).is_some_and(|callee| {
                callee == "django.utils.timezone.now"
                    || by_name(&callee).is_some() && naive(file, call).is_none()
            })
    })
}
