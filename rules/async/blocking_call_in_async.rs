//! See `blocking-call-in-async.toml`; what blocks is data: `blocking_call_in_async/blocking_calls.toml`.

#[path = "blocking_call_in_async/callers.rs"]
mod callers;
#[path = "blocking_call_in_async/served.rs"]
mod served;

use std::sync::LazyLock;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, DefinitionKind};
use roadworthy_project::Role;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use self::callers::KnownCallers;
use crate::shared::code::coroutines::{self, Loop};
use crate::shared::code::named;
use crate::shared::code::reach::{ProgramOnly, is_used_by_nobody, only_tests_use};
use crate::shared::code::{calls, words};
use crate::shared::frameworks::entry_points::{self, EntryPoint};
use crate::shared::frameworks::{loops, routers};
use crate::shared::resources::{desktop, programs};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut definitions = file.outline.definitions.iter();
    if !definitions.any(|it| it.kind == DefinitionKind::AsyncFunction) {
        return;
    }
    let table = &*TABLE;
    let of_clients: Vec<_> =
        table.clients.iter().filter(|it| file.names().imports_module(it.module)).collect();
    // Fixtures have their loop to themselves.
    if file.names().imports_module("pytest") && !file.pedantic() {
        return;
    }
    let (mut program, mut only_tested) = (None, None);
    let (mut reached, mut imported) = (None, None);
    let mut spoken = FxHashSet::default();
    let mut known_callers = KnownCallers::default();
    for call in &file.outline.calls {
        if call.awaited {
            continue;
        }
        let written = calls::written(file, call);
        let last = words::last_part(&written);
        let plausible = table.last.contains(last)
            || (!of_clients.is_empty() && (call.attached || written.contains('.')));
        if !plausible {
            continue;
        }
        let offset = call.name.start;
        let Some(function) = coroutines::coroutine_at(file, offset) else { continue };
        let Some(callee) = file.called(call) else { continue };
        let Some(row) = row_of(table, &of_clients, &callee) else { continue };
        let mut severity = row.level();
        if !file.pedantic() {
            let program = program.get_or_insert_with(|| ProgramOnly::new(file));
            let entry = entry_points::around(file, offset);
            let route = entry == Some(EntryPoint::Route);
            if program.contains(offset)
                || (row.route && (!route || is_slight(file, call, function, &callee)))
                || coroutines::shares_loop(file, function) == Loop::Alone
                || waits_for_nothing(file, call, &callee)
                || is_stand_in(file, offset)
                || ends_program(file, call, function)
                || opens_at_once(file, call, &callee)
                || is_known_to_block(file, function)
                || is_defined_again(file, function)
                || served::is_handed_over(file, function)
                || served::is_for_few(file, function)
                || !route && !others_wait(file, function)
                || entry.is_none() && known_callers.has_loop(file, function)
                || (row.once && !spoken.insert((function.header.start, row.instead.as_str())))
            {
                continue;
            }
            // What no framework calls may have the loop for itself, and that of a task or of a command may run it alone.
            let mut in_front = || {
                served::is_in_middleware(file, function)
                    || file.role == Role::Application
                        && (known_callers.has_handler(file, function)
                            || known_callers.has_route_elsewhere(file, function))
            };
            let is_handler = route || entry == Some(EntryPoint::Command) && loops::is_of_bot(file);
            let is_loud = is_handler
                || severity == Severity::Warning
                    && waits_for_network(file, call, &callee)
                    && in_front();
            if !is_loud || severity == Severity::Warning && hurts_nobody(file, call, &callee) {
                severity = Severity::Info;
            }
            let mut awaited =
                || in_front() || *reached.get_or_insert_with(|| served::is_reached(file));
            if entry.is_none()
                && (severity == Severity::Info
                    && (is_used_by_nobody(file)
                        || is_short(&callee, &mut awaited)
                        // Elsewhere it may be the loop of one chain: of a task, a thread, a command.
                        || file.in_facts().is_some()
                            && !awaited()
                            && !*imported.get_or_insert_with(|| {
                                served::is_imported_by_application(file)
                            }))
                    || known_callers.has_none(file, function))
            {
                continue;
            }
            if severity == Severity::Warning
                && *only_tested.get_or_insert_with(|| {
                    only_tests_use(file) || routers::is_idle(file) || named::is_unreached(file)
                })
            {
                if entry.is_none() {
                    continue;
                }
                severity = Severity::Info;
            }
        }
        let name = file.slice(function.name);
        let message =
            format!("`{callee}` stops the event loop in `async def {name}`: use {}", row.instead);
        let mut report = Report::at(calls::span(call)).message(message).severity(severity);
        if let Some(fix) = fix(file, call, &callee) {
            report = report.fix(fix);
        }
        out.report(report);
    }
}

/// What the table says of a callee, by its name or by that of a client that the file imports.
fn row_of(table: &Table, of_clients: &[&Client], callee: &str) -> Option<&'static Row> {
    table.exact.get(callee).copied().or_else(|| {
        let mut clients = of_clients.iter();
        let (client, method) =
            clients.find_map(|it| Some((it, callee.strip_prefix(it.prefix.as_str())?)))?;
        client.row.takes(method).then_some(client.row)
    })
}

/// Whether a call holds the loop shortly: a store beside the service answers at once. How long a process takes is not known,
/// so it is told of where a framework waits for it.
fn is_short(callee: &str, awaited: impl FnOnce() -> bool) -> bool {
    callee.starts_with("redis.") || callee.starts_with("subprocess.") && !awaited()
}

/// Whether an instance serves one request at a time, or a call only asks a program about itself or sleeps for less than a second.
fn hurts_nobody(file: &FileContext<'_>, call: &Call, callee: &str) -> bool {
    let seconds = || file.slice(calls::inside(call)).trim().parse::<f64>();
    callee == "time.sleep" && seconds().is_ok_and(|it| it < 1.0)
        || loops::runs_on_lambda(file)
        || programs::are_over_soon(file, call)
}

/// Whether others are known to wait on the loop: not where the file runs one for the function alone, nor in an application
/// without a server. The loop of a library is that of whoever uses it, and may be one more where the function is public.
fn others_wait(file: &FileContext<'_>, function: &Definition) -> bool {
    if file.role != Role::Application {
        let is_offered = !file.slice(function.name).starts_with('_');
        return is_offered || !coroutines::has_own_loop(file, function);
    }
    !coroutines::has_own_loop(file, function)
        && loops::serves_many(file).is_none_or(|serves| serves)
}

/// Whether a call sleeps or waits for an answer of another machine, and not for a process or a disk of this one.
fn waits_for_network(file: &FileContext<'_>, call: &Call, callee: &str) -> bool {
    !["os.", "shutil.", "socket.", "subprocess."].iter().any(|it| callee.starts_with(it))
        || runs_network_command(file, call, callee)
}

/// Whether a process asks other machines: `git push`, `["curl", url]`.
fn runs_network_command(file: &FileContext<'_>, call: &Call, callee: &str) -> bool {
    const OF_GIT: [&str; 4] = ["clone", "fetch", "pull", "push"];
    const OF_DOCKER: [&str; 5] = ["build", "compose", "pull", "push", "run"];
    if !callee.starts_with("subprocess.") && callee != "os.system" {
        return false;
    }
    let arguments = calls::arguments(file, call);
    let Some(command) = arguments.first().filter(|it| it.keyword.is_none()) else { return false };
    let mut words = command
        .value
        .split(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | ',' | '[' | '(' | ']'))
        .filter(|it| !it.is_empty() && *it != "f");
    match words.next() {
        Some("curl" | "pip" | "rsync" | "scp" | "ssh" | "wget") => true,
        Some("docker") => words.next().is_some_and(|it| OF_DOCKER.contains(&it)),
        Some("git") => words.next().is_some_and(|it| OF_GIT.contains(&it)),
        _ => false,
    }
}

/// Whether the module defines a function anew further down, so that this one is never called.
fn is_defined_again(file: &FileContext<'_>, function: &Definition) -> bool {
    let is_plain = |it: &Definition| {
        let line = file.outline.line_at(it.name.start);
        it.parent.is_none() && line.is_some_and(|it| it.indent == 0)
    };
    let name = file.slice(function.name);
    is_plain(function)
        && file.outline.decorators(function).is_empty()
        && file.outline.definitions.iter().any(|it| {
            it.name.start > function.name.start && file.slice(it.name) == name && is_plain(it)
        })
}

/// Whether a call shows something on the desktop of its user, who is the only one to wait.
fn opens_at_once(file: &FileContext<'_>, call: &Call, callee: &str) -> bool {
    let starts = callee.starts_with("subprocess.") || callee == "os.system";
    starts && desktop::opener(file, call).is_some()
}

/// Whether nobody is served any more behind a call: a line behind it, in the same block, ends the program or puts another one
/// in its place.
fn ends_program(file: &FileContext<'_>, call: &Call, function: &Definition) -> bool {
    const ENDS: [&str; 4] = ["sys.exit(", "os._exit(", "os.exec", "exit("];
    let lines = &file.outline.lines;
    let own = lines.partition_point(|it| it.span.start <= call.name.start).saturating_sub(1);
    let Some(indent) = lines.get(own).map(|it| it.indent) else { return false };
    lines[own + 1..]
        .iter()
        .take_while(|it| it.indent >= indent && function.span.contains(it.span.start))
        .filter(|it| it.indent == indent)
        .any(|it| ENDS.iter().any(|end| file.slice(it.span).starts_with(end)))
}

/// Whether a comment in the function says that it blocks, and that this is meant.
fn is_known_to_block(file: &FileContext<'_>, function: &Definition) -> bool {
    file.comments_in(function.span).any(|it| {
        let lower = it.to_ascii_lowercase();
        ["can block", "may block", "blocking is", "block here", "blocks the"]
            .iter()
            .any(|said| lower.contains(said))
            && !lower.contains("todo")
            && !lower.contains("fixme")
    })
}

/// Calls that come back at once: `time.sleep(0)` gives way to other threads, the machine knows its own address, and a mocked
/// answer is at hand.
fn waits_for_nothing(file: &FileContext<'_>, call: &Call, callee: &str) -> bool {
    let arguments = file.slice(calls::inside(call)).trim();
    match callee {
        "time.sleep" => arguments.parse::<f64>().is_ok_and(|it| it < 0.01),
        // Without a host it does not connect.
        "smtplib.SMTP" | "smtplib.SMTP_SSL" => arguments.is_empty(),
        "litellm.completion" | "litellm.embedding" => {
            calls::keyword(file, call, "mock_response").is_some()
        }
        // Who was told to go is gone soon.
        "subprocess.Popen.wait" => follows_kill(file, call),
        _ if asks_itself(file, call) => true,
        _ if callee.starts_with("socket.gethostby") => is_own_name(file, arguments, call),
        _ => false,
    }
}

/// `urlopen("http://127.0.0.1:9222/json", timeout=2)`: the own machine answers, or refuses, at once.
fn asks_itself(file: &FileContext<'_>, call: &Call) -> bool {
    const SELF: [&str; 3] = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    /// Seconds that nobody waits for long.
    const SHORT: f64 = 5.0;
    let arguments = calls::arguments(file, call);
    let Some(url) = arguments.first().map(|it| it.value.trim_start_matches('f')) else {
        return false;
    };
    let url = url.trim_start_matches(['"', '\'']);
    let is_own = SELF
        .iter()
        .any(|it| url.strip_prefix(it).is_some_and(|rest| rest.starts_with([':', '/', '"', '\''])));
    is_own
        && calls::keyword(file, call, "timeout")
            .is_some_and(|it| it.parse::<f64>().is_ok_and(|it| it <= SHORT))
}

/// `process.kill()` or `process.terminate()` on a line shortly before `process.wait()`.
fn follows_kill(file: &FileContext<'_>, call: &Call) -> bool {
    let lines = &file.outline.lines;
    let own = lines.partition_point(|it| it.span.start <= call.name.start).saturating_sub(1);
    let written = calls::written(file, call);
    let object = written.rsplit_once('.').map_or("", |(object, _)| object);
    !object.is_empty()
        && lines[own.saturating_sub(3)..own].iter().any(|it| {
            let line = file.slice(it.span);
            matches!(line.strip_prefix(object), Some(".kill()" | ".terminate()"))
        })
}

/// Whether a file is small as far as one sees, being text, always the same one or a passing one that is read again, or is opened
/// for threads to read and write, or for its end.
fn is_slight(file: &FileContext<'_>, call: &Call, function: &Definition, callee: &str) -> bool {
    let is_open = callee.ends_with("open");
    let is_fixed =
        calls::arguments(file, call).first().is_some_and(|it| calls::literal(it.value).is_some());
    let is_text = || {
        let arguments = calls::arguments(file, call);
        let second = arguments.get(1).filter(|it| it.keyword.is_none());
        let mode = second.or_else(|| arguments.iter().find(|it| it.keyword == Some("mode")));
        let mode = mode.map_or(Some("r"), |it| calls::literal(it.value));
        mode.is_some_and(|it| !it.contains('b'))
    };
    let in_threads = || {
        let hands = ["to_thread", "run_in_executor", "run_in_threadpool", "run_sync"];
        hands.iter().any(|it| coroutines::holds_word(file, function.body, it))
    };
    // What lies in memory already is written at once.
    let writes_once = || {
        let body = file.slice(function.body);
        let is_copied = ["copyfileobj", "while ", "async for "].iter().any(|it| body.contains(it));
        body.matches(".write(").count() == 1 && !is_copied
    };
    // A passing file was written just before, and lies in memory; who looks for the end of one reads little.
    let is_passing = || {
        let arguments = calls::arguments(file, call);
        let mode = arguments.get(1).and_then(|it| calls::literal(it.value));
        let named = arguments.first().map(|it| words::words(it.value)).unwrap_or_default();
        mode == Some("rb") && named.iter().any(|it| matches!(it.as_str(), "temp" | "tmp"))
    };
    let is_of_end = || {
        let body = file.slice(function.body);
        body.contains(".seek(0, 2)") || body.contains("SEEK_END")
    };
    let is_archive =
        ["shutil.copytree", "archive", "extractall"].iter().any(|it| callee.contains(it));
    // Beside a database in a file, one file more is not what others wait for.
    let works_on_files = || coroutines::holds_word(file, function.body, "sqlite3");
    is_archive
        || callee.ends_with("write_text")
        || is_open
            && (is_fixed
                || is_text()
                || in_threads()
                || works_on_files()
                || writes_once()
                || is_passing()
                || is_of_end())
}

/// Whether an expression is the name of the machine: `socket.gethostname()`, or a name for it.
fn is_own_name(file: &FileContext<'_>, expression: &str, call: &Call) -> bool {
    expression.ends_with("gethostname()")
        || matches!(expression, "\"localhost\"" | "'localhost'")
        || file.origin(expression, call.name.start).as_deref() == Some("socket.gethostname")
}

/// What stands in for a service in tests and demonstrations sleeps on purpose.
fn is_stand_in(file: &FileContext<'_>, offset: u32) -> bool {
    let mut around = file.outline.enclosing(offset).map(|it| file.slice(it.name));
    let says = |name: &str| {
        let mut words = words::words(name).into_iter();
        words.any(|word| matches!(&*word, "mock" | "fake" | "dummy" | "simulated" | "demo"))
    };
    around.any(says) || says(file.file.path.file_stem().unwrap_or_default())
}

/// Sleeping as asyncio does it, where the module is at hand.
fn fix(file: &FileContext<'_>, call: &Call, callee: &str) -> Option<Fix> {
    let at_hand =
        file.names().resolve("asyncio.sleep", call.name.start).as_deref() == Some("asyncio.sleep");
    let sleeps = callee == "time.sleep" && coroutines::is_statement(file, call) && at_hand;
    let edit = Edit { span: call.name, text: "await asyncio.sleep".to_owned() };
    sleeps.then(|| Fix::to_look_at(vec![edit]))
}

#[derive(Deserialize)]
struct Written {
    blocking: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    names: Vec<String>,
    #[serde(default, rename = "except")]
    harmless: Vec<String>,
    #[serde(default)]
    only: Vec<String>,
    instead: String,
    level: String,
    #[serde(default)]
    route: bool,
    /// One finding for all such calls of a function: they are mended together.
    #[serde(default)]
    once: bool,
}

impl Row {
    fn level(&self) -> Severity {
        if self.level == "warning" { Severity::Warning } else { Severity::Info }
    }

    /// Whether a method of one of its clients waits: `get`, or, where `only` says how they end, `chat.completions.create`.
    fn takes(&self, method: &str) -> bool {
        if self.only.is_empty() {
            // What the method returns has methods, too.
            return !method.contains('.') && !self.harmless.iter().any(|it| it == method);
        }
        self.only.iter().any(|it| it == words::last_part(method))
    }
}

/// All methods of a client.
struct Client {
    prefix: String,
    module: &'static str,
    row: &'static Row,
}

struct Table {
    exact: FxHashMap<&'static str, &'static Row>,
    clients: Vec<Client>,
    /// The last parts of what is in `exact`: whatever ends otherwise need not be resolved.
    last: FxHashSet<&'static str>,
}

static ROWS: LazyLock<Written> = LazyLock::new(|| {
    toml::from_str(include_str!("blocking_call_in_async/blocking_calls.toml"))
        .expect("a test reads the table")
});

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table =
        Table { exact: FxHashMap::default(), clients: Vec::new(), last: FxHashSet::default() };
    for row in &ROWS.blocking {
        for name in &row.names {
            if let Some(prefix) = name.strip_suffix('*') {
                let module = name.split('.').next().unwrap_or_default();
                table.clients.push(Client { prefix: prefix.to_owned(), module, row });
            } else {
                table.exact.insert(name, row);
                table.last.insert(words::last_part(name));
            }
        }
    }
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert!(TABLE.exact.contains_key("time.sleep"));
        assert!(TABLE.clients.iter().any(|it| it.prefix == "boto3.client."));
        assert!(ROWS.blocking.iter().all(|it| matches!(&*it.level, "error" | "warning" | "info")));
    }
}
