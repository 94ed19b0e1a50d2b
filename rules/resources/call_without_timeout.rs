//! See `call-without-timeout.toml`. Knows calls that wait and what their arguments say, not what answers.

#[path = "call_without_timeout/jobs.rs"]
mod jobs;
#[path = "call_without_timeout/never_waits.rs"]
mod never_waits;
#[path = "call_without_timeout/passed_on.rs"]
mod passed_on;

use std::cell::{OnceCell, RefCell};

use camino::Utf8Path;
use roadworthy_engine::{FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Keyword, Span};
use roadworthy_project::Role;

use crate::shared::code::blocks;
use crate::shared::code::calls::{self, CallArgument};
use crate::shared::code::coroutines::word_offsets;
use crate::shared::code::developing::is_of_developers;
use crate::shared::code::idle::is_hidden_by_package;
use crate::shared::code::named;
use crate::shared::code::reach::{
    ProgramOnly, is_of_many, is_run_by_hand, is_tool, is_used_by_nobody, runs_unattended,
};
use crate::shared::code::unused;
use crate::shared::code::vocabulary::among;
use crate::shared::code::words::{last_part, words};
use crate::shared::fixes::arguments::set_keyword;
use crate::shared::frameworks::entry_points::{self, EntryPoint};
use crate::shared::frameworks::{loops, routers};
use crate::shared::resources::timeouts::{self, Release, Waiting};
use crate::shared::resources::{desktop, programs};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut seen = None;
    let limits = Limits::default();
    for call in &file.outline.calls {
        out.judged_if(|| waits(file, call));
        let Some((row, said)) = endless(file, call, &limits) else { continue };
        if row.request && !file.pedantic() && !answers_request(file, call) {
            continue;
        }
        let written = calls::written(file, call);
        let message = match said {
            Said::Nothing if limits_connect(file, call) => {
                format!("`{written}()` limits only the connect: it may wait for an answer for ever")
            }
            Said::Nothing => format!("`{written}()` has no time-out: it may wait for ever"),
            Said::None => format!("`{written}()` takes its time-out away: it may wait for ever"),
        };
        let mut level = Severity::Warning;
        if !file.pedantic() {
            let seen = seen.get_or_insert_with(|| Seen::new(file));
            let by_somebody = seen.by_somebody(file, call);
            if row.neighbour && (by_somebody || is_of_others(file))
                || row.request && (desktop::opener(file, call).is_some() || is_quick(file, call))
                || is_on_this_machine(file, call)
                || is_of_tool(file)
                || is_commented_out(file, call)
                || shows_progress(file, call)
                || is_weighed(file, call)
                || seen.is_run_and_ends(file, call)
                || row.neighbour && is_watched_or_over(file, call)
                || is_of_developers(file, call.name.start)
                || is_dead(file, call)
            {
                continue;
            }
            // A store stands beside the service, and mostly falls with it.
            let is_softer = by_somebody
                || row.neighbour
                || seen.by_hand(file)
                || is_near_tools(file)
                || is_ended_by_airflow(file)
                || jobs::is_ended_by_rq(file)
                || jobs::is_ended_by_celery(file, call)
                || jobs::only_tools_call(file, call)
                || is_proxy_of_desk(file)
                || starts_in_background(file, call)
                || row.request && programs::are_over_soon(file, call)
                || never_waits::runs_own_program(file, call)
                || file.role != Role::Library && is_at_start(file, call)
                // It ends each run after a time that is always set
                // (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>).
                || loops::runs_on_lambda(file)
                || jobs::is_ended_by_platform(file);
            if is_softer && !is_asked_by_import(file, call) {
                level = Severity::Info;
            }
            if level == Severity::Warning && named::is_unreached(file) {
                continue;
            }
            // What others install runs where they like, and they mostly set what it may take.
            if level == Severity::Warning
                && (is_for_others(file) && !is_asked_by_import(file, call)
                    || !runs_unattended(file))
            {
                level = Severity::Info;
            }
        }
        if passed_on::is_left_to_callers(file, call) && !passed_on::is_given_by_none(file, call) {
            continue;
        }
        let report = Report::at(calls::span(call)).message(message).severity(level);
        let keyword = row.keywords.first();
        let edit = keyword.and_then(|keyword| set_keyword(file, call, keyword, "10"));
        out.report(match edit {
            Some(edit) => report.fix(Fix::to_look_at(vec![edit])),
            None => report,
        });
    }
}

/// Whether a module is brought out for others to use, and its project runs no service itself.
fn is_for_others(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some() && named::is_published(file) && !named::is_of_packaged_service(file)
}

/// Whether a call waits for others, with a time-out or without.
fn waits(file: &FileContext<'_>, call: &Call) -> bool {
    timeouts::is_plausible(last_part(&calls::written(file, call)))
        && file.called(call).is_some_and(|it| timeouts::waiting(&it).is_some())
}

/// What a call says of how long it may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    None,
}

/// Whether a call has a limit for the connect, which is none for what is asked then.
fn limits_connect(file: &FileContext<'_>, call: &Call) -> bool {
    let arguments = calls::arguments(file, call);
    arguments.iter().any(|it| it.keyword == Some("socket_connect_timeout") && it.value != "None")
}

/// A call that may wait for ever.
fn endless(
    file: &FileContext<'_>,
    call: &Call,
    limits: &Limits,
) -> Option<(&'static Waiting, Said)> {
    if !timeouts::is_plausible(last_part(&calls::written(file, call))) {
        return None;
    }
    let called = file.called(call)?;
    let row = timeouts::waiting(&called)?;
    let arguments = calls::arguments(file, call);
    let is_set = |it: &CallArgument<'_>| {
        it.keyword.is_some_and(|keyword| row.keywords.iter().any(|known| known == keyword))
    };
    let said = match arguments.iter().find(|it| is_set(it)) {
        Some(limit) if limit.value == "None" => Said::None,
        Some(_) => return None,
        None if row.explicit => return None,
        None => Said::Nothing,
    };
    let positional = arguments.iter().filter(|it| it.keyword.is_none());
    let is_known = passed_on::is_left_to_callers(file, call);
    let handed = arguments.iter().any(|it| {
        passed_on::is_starred(it) && !is_known
            || it.keyword.is_some_and(|keyword| row.unless.iter().any(|it| it == keyword))
    });
    if handed || row.position.is_some_and(|position| positional.count() >= position) {
        return None;
    }
    let elsewhere = limits.are_set(file, row)
        || called == "socket.create_connection" && is_only_tried(file, call)
        || called.contains("ession.") && limits.are_set_for_sessions(file)
        || never_waits::opens_no_connection(&arguments)
        || !file.pedantic() && never_waits::fails_at_once(file, &called, &arguments)
        || row.limited_since.as_ref().is_some_and(|it| !file.pedantic() && !is_older(file, it));
    (!elsewhere).then_some((row, said))
}

/// What a file says of limits apart from its calls, each looked for once: a file may hold thousands of calls.
#[derive(Default)]
struct Limits {
    rows: RefCell<Vec<(&'static [String], bool)>>,
    sessions: OnceCell<bool>,
}

impl Limits {
    /// Whether words of the file say that the limit of a row is set otherwise.
    fn are_set(&self, file: &FileContext<'_>, row: &'static Waiting) -> bool {
        if row.settings.is_empty() {
            return false;
        }
        let mut rows = self.rows.borrow_mut();
        if let Some((_, set)) = rows.iter().find(|(words, _)| *words == row.settings.as_slice()) {
            return *set;
        }
        let text = file.source.text();
        let set = row.settings.iter().any(|word| text.contains(word.as_str()));
        rows.push((&row.settings, set));
        set
    }

    fn are_set_for_sessions(&self, file: &FileContext<'_>) -> bool {
        *self.sessions.get_or_init(|| is_set_for_session(file))
    }
}

/// `create_connection(address).close()`: whether somebody listens, for which the system waits two minutes and no more.
fn is_only_tried(file: &FileContext<'_>, call: &Call) -> bool {
    file.source.text()[call.arguments.end as usize..].starts_with(".close()")
}

/// Whether the project keeps a distribution older than a release: by what it locks, else by what it declares.
fn is_older(file: &FileContext<'_>, release: &Release) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(own) = facts.dependencies().components.get(known.component) else { return false };
    let mut locked = own.locks.iter().flat_map(|it| it.of_name(&release.distribution)).peekable();
    let mut declared = own.declared().filter(|it| it.name == release.distribution).peekable();
    if locked.peek().is_some() {
        return locked.all(|it| {
            it.version.as_ref().is_some_and(|it| is_below(it.release(), &release.version))
        });
    }
    declared.peek().is_some() && declared.all(|it| !it.may_reach(&release.version))
}

/// Whether the numbers of a version come before those of another one.
fn is_below(numbers: &[u64], version: &str) -> bool {
    let others = version.split('.').map(|it| it.parse().unwrap_or(0));
    numbers.iter().copied().lt(others)
}

/// Whether an adapter or a wrapper of the file gives its sessions a limit.
fn is_set_for_session(file: &FileContext<'_>) -> bool {
    let text = file.source.text();
    let adapter = file.outline.calls.iter().any(|call| {
        last_part(&calls::written(file, call)) == "mount"
            && calls::arguments(file, call).last().is_some_and(|it| {
                let own = it.value.split('(').next().unwrap_or_default();
                it.value.contains("imeout") || last_part(own) != "HTTPAdapter"
            })
    });
    adapter || text.contains(".request = ") || text.contains(".send = ")
}

fn answers_request(file: &FileContext<'_>, call: &Call) -> bool {
    entry_points::around(file, call.name.start) == Some(EntryPoint::Route)
}

/// Whether somebody sits before it and sees that it hangs.
struct Seen {
    always: bool,
    program: ProgramOnly,
    by_hand: OnceCell<bool>,
}

impl Seen {
    fn new(file: &FileContext<'_>) -> Self {
        let by_role = matches!(file.role, Role::Cli | Role::Script);
        let path = file.path_inside();
        let is_command = path.contains("management/commands/") || is_beside_commands(file);
        let is_command = is_command || is_tool(file);
        let always = by_role || is_command || calls::reads_command_line(file);
        Self { always, program: ProgramOnly::new(file), by_hand: OnceCell::new() }
    }

    /// Whether nothing in the project uses or starts the module but what somebody runs by hand, be it the module itself.
    fn by_hand(&self, file: &FileContext<'_>) -> bool {
        *self.by_hand.get_or_init(|| {
            named::is_ignored_by_airflow(file)
                || is_run_by_hand(file)
                || is_of_many(file) && is_used_by_nobody(file)
                || named::is_used_by_hand(file)
        })
    }

    /// Whether somebody runs the module, or nobody does, and nothing in it goes on until he ends it.
    fn is_run_and_ends(&self, file: &FileContext<'_>, call: &Call) -> bool {
        !goes_on(file)
            && (file.role == Role::Script || asks_while_loaded(file, call) || self.by_hand(file))
    }

    fn by_somebody(&self, file: &FileContext<'_>, call: &Call) -> bool {
        let offset = call.name.start;
        self.always
            || file.outline.under_main_guard(offset)
            || self.program.contains(offset)
            || entry_points::around(file, offset) == Some(EntryPoint::Command)
    }
}

/// Whether a module lies in the package of Django that holds the commands of an application: they share it.
fn is_beside_commands(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let folder = known.path.parent().filter(|it| it.file_name() == Some("management"));
    folder.is_some_and(|folder| {
        let commands = folder.join("commands");
        facts.project().files.iter().any(|it| it.path.starts_with(&commands))
    })
}

/// Names of folders and files, and words in them, for the tools of those who develop.
const TOOLS: [&str; 16] = [
    "bench",
    "benchmark",
    "benchmarks",
    "demo",
    "demos",
    "dev",
    "development",
    "devtools",
    "profiling",
    "sandbox",
    "scripts",
    "smoke",
    "telemetry",
    "test",
    "testing",
    "tests",
];

/// Words in paths for what somebody starts and looks at: bringing out, measuring, preparing data.
const WATCHED: [&str; 8] = [
    "deploy",
    "eval",
    "evals",
    "evaluation",
    "experiment",
    "experiments",
    "preparation",
    "prepare",
];

/// Whether a file is a tool of those who develop.
fn is_of_tool(file: &FileContext<'_>) -> bool {
    let path = file.in_facts().map_or(file.path_inside(), |(_, known)| known.path.as_str());
    let mut parts = path.trim_end_matches(".py").split('/');
    // What is judged though its folder is called so is imported by the product.
    let is_of_tests = |it: &str| matches!(it, "test" | "testing" | "tests");
    let is_certain = parts.clone().any(|it| {
        TOOLS.contains(&it) && !is_of_tests(it) && !is_of_product(it) || it.contains("benchmark")
    });
    // What tests a contract asks the service under test.
    is_certain
        || file.names().imports_module("dredd_hooks")
        || (is_in_tools(file) || parts.any(is_of_product)) && is_used_by_nobody(file)
}

/// Whether words of the path speak of tests, of developing, or of what somebody looks at while it runs, be it in the name of a
/// product.
fn is_near_tools(file: &FileContext<'_>) -> bool {
    let path = file.in_facts().map_or(file.path_inside(), |(_, known)| known.path.as_str());
    let says = |it: &String| TOOLS.contains(&it.as_str()) || WATCHED.contains(&it.as_str());
    is_in_tools(file) || words(path).iter().any(says)
}

/// Whether the first folder is called that of tools, in which some products lie.
fn is_in_tools(file: &FileContext<'_>) -> bool {
    let first = file.path_inside().split_once('/').map_or("", |it| it.0);
    words(first).iter().any(|it| it == "tools")
}

/// Whether a folder of that name may as well hold what the product does for its users.
fn is_of_product(name: &str) -> bool {
    matches!(name, "demo" | "demos" | "development" | "sandbox" | "telemetry")
}

/// Whether a store is asked for those who use a library, or by a pipeline that is begun anew.
fn is_of_others(file: &FileContext<'_>) -> bool {
    file.role == Role::Library
        || file.names().imports_module("airflow")
        || file.path_inside().starts_with("dags/")
}

/// Whether a module asks again and again while it is loaded: a program that somebody runs by hand.
fn asks_while_loaded(file: &FileContext<'_>, call: &Call) -> bool {
    calls::runs_at_import(file, call.name.start)
        && blocks::headers_around(file, call.name.start)
            .any(|it| matches!(it.keyword, Keyword::For | Keyword::While))
}

/// Whether it runs once, while the program starts.
fn is_at_start(file: &FileContext<'_>, call: &Call) -> bool {
    // What makes a client while a module is imported waits later.
    let makes_client =
        || last_part(&calls::written(file, call)).starts_with(|it: char| it.is_uppercase());
    calls::runs_at_import(file, call.name.start) && !makes_client()
        || entry_points::around(file, call.name.start) == Some(EntryPoint::Start)
}

/// Whether all who import a package of a library wait: what its `__init__.py` does, or a function that it calls there.
fn is_asked_by_import(file: &FileContext<'_>, call: &Call) -> bool {
    let is_package =
        file.role == Role::Library && file.file.path.file_name() == Some("__init__.py");
    is_package
        && file.function_at(call.name.start).is_none_or(|function| {
            let name = file.slice(function.name);
            file.outline.calls.iter().any(|it| {
                calls::written(file, it) == name && calls::runs_at_import(file, it.name.start)
            })
        })
}

/// Whether a file holds what runs until somebody ends it: whoever starts it by hand goes away.
fn goes_on(file: &FileContext<'_>) -> bool {
    const SIGNS: [&str; 5] =
        ["while True", "run_forever", "serve_forever", "schedule.every", "start_consuming"];
    SIGNS.iter().any(|it| file.source.text().contains(it))
}

/// Whether nothing uses the function around, so that it does not run.
fn is_dead(file: &FileContext<'_>, call: &Call) -> bool {
    let outer = file.outline.enclosing(call.name.start).filter(|it| it.is_function()).last();
    outer.is_some_and(|it| named::is_named_nowhere(file, it) || unused::is_used_nowhere(file, it))
        || routers::is_idle(file)
        || is_hidden_by_package(file)
}

/// Whether a program that is started by a fixed name only looks at this machine, or tells it something: it is over at once.
fn is_quick(file: &FileContext<'_>, call: &Call) -> bool {
    const QUICK: &str = "cat date df du free grep head hostname kill ls pgrep pkill ps tail taskkill uname \
        uptime wc which whoami";
    let arguments = calls::arguments(file, call);
    let command = arguments.first().map_or("", |it| it.value);
    let command = command.trim_start_matches(['[', '(', ' ', '\n']);
    let word = command.strip_prefix(['"', '\'']).and_then(|it| it.split([' ', '"', '\'']).next());
    let is_quick = |it: &str| match it {
        // Without `-l` it asks for what to write, or opens an editor.
        "crontab" => command.contains("-l"),
        _ => !it.is_empty() && among(QUICK, it),
    };
    // Another command may follow, and one of these goes on for ever if it is told to.
    !command.contains(['|', ';', '&']) && !command.contains("-f") && word.is_some_and(is_quick)
}

/// Whether what is started is a script of the project that leaves all it does to the background, by its last line, or a command that
/// does so by its end: the call is over at once, unless it reads what those write, which hold the pipe open until they end.
fn starts_in_background(file: &FileContext<'_>, call: &Call) -> bool {
    let leaves = |it: &str| it.trim_end().ends_with('&') && !it.trim_end().ends_with("&&");
    let Some(first) = calls::arguments(file, call).into_iter().next() else { return false };
    let written = calls::written(file, call);
    let arguments = file.slice(call.arguments);
    if !written.starts_with("subprocess.")
        || written.ends_with("output")
        || ["capture_output", "PIPE"].iter().any(|it| arguments.contains(it))
    {
        return false;
    }
    let mut words = first
        .value
        .split(['"', '\'', ' ', '/', '}'])
        .filter(|it| Utf8Path::new(it).extension() == Some("sh"));
    let is_script = |name: &str| {
        file.in_facts().is_some_and(|(facts, _)| {
            facts.answer(0, format!("a script {name} leaves all to the background"), || {
                let mut scripts = facts.tree().files().filter(|it| it.file_name() == Some(name));
                scripts.any(|it| {
                    facts.text(it).whole().is_some_and(|it| {
                        let mut lines = it.text().lines().filter(|it| !it.trim().is_empty());
                        lines.next_back().is_some_and(leaves)
                    })
                })
            })
        })
    };
    leaves(first.value.trim_end_matches(['"', '\''])) || words.any(is_script)
}

/// Whether a module is a server on Python's own, for one desk (<https://docs.python.org/3/library/http.server.html>), which is
/// started as a program and which nothing else names as a file or imports.
fn is_proxy_of_desk(file: &FileContext<'_>) -> bool {
    if file.outline.main_guards.is_empty()
        || !file.names().imports_module("http.server")
        || !file.source.text().contains("serve_forever")
    {
        return false;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    let stem = known.path.file_stem().unwrap_or_default();
    let names = [
        format!("{stem}.py"),
        format!("-m {stem}"),
        format!("import {stem}"),
        format!("from {stem} "),
        format!(".{stem} import"),
    ];
    let is_prose = |it: &Utf8Path| matches!(it.extension(), Some("md" | "rst"));
    !facts.answer(known.component, format!("something starts {}", known.path), || {
        facts.project().files.iter().filter(|it| it.path != known.path && !is_prose(&it.path)).any(
            |it| {
                facts.source(it).is_some_and(|it| names.iter().any(|name| it.text().contains(name)))
            },
        )
    })
}

/// Whether a store is asked by a page of Streamlit, before which somebody sits, or by a program while it starts.
fn is_watched_or_over(file: &FileContext<'_>, call: &Call) -> bool {
    file.names().imports_module("streamlit") || is_at_start(file, call)
}

/// Whether somebody watches a bar while what is asked for streams in, and sees that it stands still.
fn shows_progress(file: &FileContext<'_>, call: &Call) -> bool {
    calls::keyword(file, call, "stream") == Some("True")
        && file.function_at(call.name.start).is_some_and(|function| {
            let is_inside = |it: &&Call| function.span.contains(it.name.start);
            let mut inside = file.outline.calls.iter().filter(is_inside);
            inside.any(|it| last_part(&calls::written(file, it)) == "tqdm")
        })
}

/// Whether a comment at the call speaks of its time-out: its author has thought of one, and says why there is none.
fn is_weighed(file: &FileContext<'_>, call: &Call) -> bool {
    /// Lines above a call in which one looks for a comment on it.
    const ABOVE: usize = 3;
    let text = file.source.text();
    let before = &text[..call.name.start as usize];
    let start = before.rmatch_indices('\n').nth(ABOVE).map_or(0, |(at, _)| at);
    let behind = text[call.arguments.end as usize..].find('\n').unwrap_or_default();
    file.comments_in(Span::new(start as u32, call.arguments.end + behind as u32)).any(|it| {
        let lower = it.to_ascii_lowercase();
        ["timeout", "time-out", "time out"].iter().any(|word| lower.contains(word))
            && !["todo", "fixme", "xxx", "retry"].iter().any(|word| lower.contains(word))
    })
}

/// Whether Airflow ends the tasks of a file after a time that it sets.
fn is_ended_by_airflow(file: &FileContext<'_>) -> bool {
    file.names().imports_module("airflow") && file.source.text().contains("execution_timeout")
}

/// Whether a comment of the file is all that calls the function around.
fn is_commented_out(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(function) = file.function_at(call.name.start) else { return false };
    let name = file.slice(function.name);
    let called = format!("{name}(");
    let whole = Span::new(0, file.source.text().len() as u32);
    file.source.text().matches(called.as_str()).count() > 1
        && file.comments_in(whole).any(|it| it.contains(&called))
        && word_offsets(file, whole, name).all(|at| at == function.name.start)
}

/// What stands in an address on the same machine, or of what a cloud tells each of its own.
const NEAR: [&str; 9] = [
    "localhost",
    "127.0.0.1",
    "//0.0.0.0",
    "//[::",
    "unix_socket",
    "169.254.",
    "_METADATA_URI",
    "host.docker.internal",
    "metadata.google.internal",
];

/// Whether what answers runs on the same machine, by the arguments or by what a name among them stands for.
fn is_on_this_machine(file: &FileContext<'_>, call: &Call) -> bool {
    let near = |text: &str| NEAR.iter().any(|it| text.contains(it));
    if near(file.slice(call.arguments)) {
        return true;
    }
    let Some(first) = calls::arguments(file, call).into_iter().next() else { return false };
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let mut names = first.value.split(|c| !of_name(c)).filter(|it| !it.is_empty());
    // A default that a deployment replaces says nothing: only a text that is always there does.
    let is_text_near = |value: Span| {
        let value = file.slice(value);
        value.trim_start_matches('f').starts_with(['"', '\'']) && near(value)
    };
    let class = file.function_at(call.name.start).and_then(|it| it.parent);
    names.any(|name| {
        let mut bindings = file.values().bindings(name).iter();
        let of_class = name.strip_prefix("self.").filter(|_| class.is_some());
        let mut of_class = of_class
            .into_iter()
            .flat_map(|it| file.values().bindings(it))
            .filter(|it| it.scope == class);
        bindings.any(|it| it.value.is_some_and(is_text_near))
            || of_class.any(|it| it.value.is_some_and(is_text_near))
    })
}
