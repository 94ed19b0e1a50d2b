//! See `debug-enabled.toml`. Knows the frameworks' switches; how the application is served comes from the facts.

use camino::Utf8PathBuf;
use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, LogicalLine, Span};
use roadworthy_project::facts::containers::Image;
use roadworthy_project::facts::containers::processes::server_of;
use roadworthy_project::{Facts, File};

use crate::shared::code::calls::{self, CallArgument};
use crate::shared::code::settings::{self, Setting, Value};
use crate::shared::code::words::last_part;
use crate::shared::delivery::builds::{is_for_work, lies_left_over};
use crate::shared::delivery::supplied::given;
use crate::shared::frameworks::django;
use crate::shared::secrets::guards;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if !file.pedantic() && guards::is_local_module(file) {
        return;
    }
    for call in &file.outline.calls {
        out.judged_if(|| switch(file, call).is_some());
        check_call(file, call, out);
    }
    check_django(file, out);
}

/// What a call switches on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    /// An application that answers with tracebacks, whatever serves it.
    Application,
    /// A server for development that runs what a visitor types.
    Debugger,
    /// A server that restarts whenever a file changes.
    Reloader,
}

/// Applications with the keyword `debug`: <https://www.starlette.io/applications/>,
/// <https://docs.litestar.dev/latest/reference/app.html>, <https://www.tornadoweb.org/en/stable/guide/running.html#debug-mode>.
const APPLICATIONS: [&str; 5] = [
    "fastapi.FastAPI",
    "fastapi.applications.FastAPI",
    "starlette.applications.Starlette",
    "litestar.Litestar",
    "tornado.web.Application",
];

/// Methods that start a server with a debugger: <https://flask.palletsprojects.com/en/stable/debugging/>,
/// <https://quart.palletsprojects.com/en/latest/reference/source/quart.app.html>, <https://dash.plotly.com/devtools>.
const SERVERS: [&str; 6] = [
    "flask.Flask.run",
    "quart.Quart.run",
    "dash.Dash.run",
    "dash.Dash.run_server",
    "flask_socketio.SocketIO.run",
    "sanic.Sanic.run",
];

fn switch(file: &FileContext<'_>, call: &Call) -> Option<(Switch, &'static str)> {
    let written = calls::written(file, call);
    match last_part(&written) {
        "FastAPI" | "Starlette" | "Litestar" | "Application" => {
            let callee = calls::callee(file, call)?;
            APPLICATIONS.contains(&&*callee).then_some((Switch::Application, "debug"))
        }
        "run" | "run_server" => {
            let called = file.called(call);
            if called.as_deref() == Some("uvicorn.run") {
                return Some((Switch::Reloader, "reload"));
            }
            let known = called.as_deref().is_some_and(|it| SERVERS.contains(&it));
            // What a factory of the project makes.
            let made = || {
                let object = written.split('.').next().unwrap_or_default();
                let web =
                    ["flask", "quart", "dash"].iter().any(|it| file.names().imports_module(it));
                let root = matches!(object, "app" | "application");
                let sole = matches!(
                    file.file.path.file_name(),
                    Some("app.py" | "run.py" | "wsgi.py" | "main.py" | "server.py")
                );
                root && (web || sole && has_only_server_keywords(file, call))
            };
            (known || made()).then_some((Switch::Debugger, "debug"))
        }
        _ => None,
    }
}

/// `app.run(debug=True, host=..., port=...)`: nothing else takes these.
fn has_only_server_keywords(file: &FileContext<'_>, call: &Call) -> bool {
    let keywords = ["debug", "host", "port", "use_reloader", "threaded", "ssl_context"];
    calls::arguments(file, call)
        .iter()
        .all(|it| it.keyword.is_some_and(|name| keywords.contains(&name)))
}

fn check_call(file: &FileContext<'_>, call: &Call, out: &mut Reporter<'_>) {
    let Some((switch, keyword)) = switch(file, call) else { return };
    let arguments = calls::arguments(file, call);
    let Some(argument) = arguments.iter().find(|it| it.keyword == Some(keyword)) else { return };
    let Some(setting) = settings::setting(file, argument.value, call.name.start) else { return };
    if !is_on(&setting) {
        return;
    }
    let place = span_of(file, argument);
    let quiet =
        guards::under_debug(file, place.start) || guards::is_for_show(file, call.name.start);
    if quiet && !file.pedantic() {
        return;
    }
    let Some(severity) = level(file, switch, &arguments) else { return };
    let message = match switch {
        Switch::Application => "a failing request answers with its traceback",
        Switch::Debugger => "the debugger of the development server runs what a visitor types",
        Switch::Reloader => "the server restarts whenever a file changes",
    };
    let message = if setting.is_default {
        format!("{message}, unless a setting says otherwise")
    } else {
        message.to_owned()
    };
    out.report(Report::at(place).message(message).severity(severity));
}

/// Whether a setting is on; a text is another rule's concern.
fn is_on(setting: &Setting) -> bool {
    matches!(setting.value, Value::Flag(true) | Value::Number(1))
}

fn level(
    file: &FileContext<'_>,
    switch: Switch,
    arguments: &[CallArgument<'_>],
) -> Option<Severity> {
    if switch == Switch::Application {
        let severity = if is_deployed(file) { Severity::Warning } else { Severity::Info };
        return Some(severity);
    }
    let host = arguments.iter().find(|it| it.keyword == Some("host"));
    let host = host.and_then(|it| calls::literal(it.value));
    // Nobody but the machine itself reaches it.
    if matches!(host, Some("127.0.0.1" | "localhost")) && !file.pedantic() {
        return None;
    }
    let served = served(file);
    match served {
        Served::ByItself if is_left(file) => Some(Severity::Info),
        Served::ByItself => Some(Severity::Warning),
        Served::ByOthers if !file.pedantic() => None,
        // It may be a way to try the application out, as far as nothing shows that production takes it.
        _ => Some(Severity::Info),
    }
}

/// How production starts what a file makes.
enum Served {
    /// The file itself is run.
    ByItself,
    /// The file itself is, for those who work on it: Compose mounts the code.
    AtDesks,
    /// Something else is.
    ByOthers,
    Unknown,
}

fn served(file: &FileContext<'_>) -> Served {
    let Some((facts, known)) = file.in_facts() else { return Served::Unknown };
    let processes = &facts.containers().processes;
    let (mut others, mut by_server, mut own) = (false, false, None);
    for process in processes {
        let files: Vec<Utf8PathBuf> =
            process.target().map(|it| it.files(facts, process)).unwrap_or_default();
        let is_own = files.contains(&known.path);
        let server = process.invocation().and_then(|it| server_of(&it));
        // From which folder a server starts a module is not always seen.
        let is_named = || {
            let is_near = process.component == Some(known.component)
                && process.image.is_none_or(|it| {
                    facts.containers().images.get(it).is_none_or(|it| is_around(it, known))
                });
            let module = process.target().map(|it| it.module).unwrap_or_default();
            is_near && module.rsplit('.').next() == known.path.file_stem()
        };
        // Even what is for show starts the file by a real server.
        if process.development.is_some() {
            others |= is_own && server.is_some();
            continue;
        }
        if server.is_none() && is_own {
            // A debugger and a reloader are for whoever writes the code, too.
            let at_desks = process.worked_on.is_some()
                || process.development_server().is_some()
                || process.image.is_some_and(|image| is_for_work(facts, image));
            own.get_or_insert(at_desks);
            continue;
        }
        by_server |= server.is_some() && (is_own || is_named());
        let beside = |path: &Utf8PathBuf| facts.component_of(path) == Some(known.component);
        let same = process.component == Some(known.component) || files.iter().any(beside);
        // A database beside it serves something else.
        let answers = server.is_some_and(|it| !it.consumer) || process.target().is_some();
        others |= same && answers;
    }
    by_server |= own.is_some() && is_written_for_server(facts, known);
    // Where a real server starts it as well, running the file is for those who work on it.
    match own {
        Some(at_desks) if at_desks || by_server => return Served::AtDesks,
        Some(_) => return Served::ByItself,
        None => {}
    }
    // App Engine starts gunicorn: <https://cloud.google.com/appengine/docs/standard/python3/runtime>.
    let beside = known.path.parent().map(|it| it.join("app.yaml"));
    others |= beside.is_some_and(|it| facts.tree().is_file(&it));
    if others { Served::ByOthers } else { Served::Unknown }
}

/// Whether the command of an image hands a module to a real server, though variables may keep the rest of it open: `app:app`.
fn is_written_for_server(facts: &Facts<'_>, known: &File) -> bool {
    const SERVERS: [&str; 5] = ["gunicorn", "hypercorn", "uvicorn", "uwsgi", "waitress-serve"];
    let module = format!("{}:", known.path.file_stem().unwrap_or_default());
    let mut own = facts.containers().images.iter().filter(|it| is_around(it, known));
    own.any(|image| {
        let starts = image.shipped_instructions();
        let mut starts = starts.filter(|it| matches!(it.keyword.as_str(), "CMD" | "ENTRYPOINT"));
        starts.any(|it| {
            let text = &it.arguments.value;
            SERVERS.iter().any(|server| text.contains(server))
                && text.split([' ', '"', '\'', '.']).any(|word| word.starts_with(&module))
        })
    })
}

/// Whether an image is one of the component of a file, and made of what holds the file.
fn is_around(image: &Image, known: &File) -> bool {
    image.component == Some(known.component) && known.path.starts_with(&image.context)
}

/// Whether a line is the switch of Django's settings.
fn is_django(file: &FileContext<'_>, line: &LogicalLine) -> bool {
    let rest = file.slice(line.span).strip_prefix("DEBUG");
    line.scope.is_none() && rest.is_some_and(|it| it.trim_start().starts_with(['=', ':']))
}

fn check_django(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    out.judged_if(|| file.outline.lines.iter().any(|it| is_django(file, it)));
    // What deployments say is read only where it could be on.
    let may_be_on = file.outline.lines.iter().any(|line| {
        let text = file.slice(line.span);
        let rest = text.strip_prefix("DEBUG").filter(|_| line.scope.is_none());
        let value = rest.filter(|it| it.trim_start().starts_with(['=', ':']));
        value.and_then(|it| it.split_once('=')).is_some_and(|(_, value)| {
            settings::setting(file, value, line.span.start).is_some_and(|it| is_on(&it))
        })
    });
    let Some((facts, known)) = file.in_facts().filter(|_| may_be_on) else { return };
    for settings in django::production(facts, known.component) {
        let Some(found) = settings.effective("DEBUG") else { continue };
        let Some(setting) = found.setting.filter(is_on) else { continue };
        if found.path != known.path {
            continue;
        }
        let module = &settings.module;
        let known = is_started(file);
        let message = match (setting.is_default, known) {
            (true, _) => {
                format!("`{module}` runs with debugging on, unless a setting says otherwise")
            }
            (false, true) => format!("production runs `{module}` with debugging on"),
            (false, false) => format!("`{module}` has debugging on, whoever runs it"),
        };
        let is_harmless = || {
            is_left(file)
                || answers_none(&settings)
                || setting.is_default && is_switched_off(file, file.slice(found.span))
        };
        let severity = if known && !is_harmless() { Severity::Warning } else { Severity::Info };
        out.report(Report::at(found.span).message(message).severity(severity));
        return;
    }
}

/// Whether settings name no host that may be asked for: with debugging on Django then answers its own machine alone
/// (<https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts>).
fn answers_none(settings: &django::Settings<'_>) -> bool {
    let hosts = settings.effective("ALLOWED_HOSTS").and_then(|it| it.setting);
    hosts.is_some_and(|it| !it.is_default && it.value == Value::List(Vec::new()))
}

/// Whether an image of the component, or what describes its deployment, gives the variable that a line reads a value that is plainly
/// off, and nothing one that is on, so that its default does not hold there. A sample counts where none of them gives it one.
fn is_switched_off(file: &FileContext<'_>, line: &str) -> bool {
    let mut names = line.split(['"', '\'']).skip(1).step_by(2).filter(|it| is_variable(it));
    names.any(|name| {
        let found = given(file, name);
        let values = if found.deployed.is_empty() { found.sampled } else { found.deployed };
        !values.is_empty() && values.iter().all(|it| is_off(name, it))
    })
}

fn is_variable(text: &str) -> bool {
    text.contains("DEBUG") && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// Whether a value of a variable plainly says no to debugging: `DEBUG=0`, `DISABLE_DEBUG=1`.
fn is_off(name: &str, value: &str) -> bool {
    let turned = name.split('_').any(|it| matches!(it, "DISABLE" | "DISABLED" | "NO" | "OFF"));
    match value.trim_matches(['"', '\'']).to_ascii_lowercase().as_str() {
        "0" | "false" | "no" | "off" => !turned,
        "1" | "true" | "yes" | "on" => turned,
        _ => false,
    }
}

/// Whether a file lies where everything was superseded.
fn is_left(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| lies_left_over(facts, &known.path))
}

/// Whether a container or a platform runs something of the component, and not for those who work on it.
fn is_deployed(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    !is_left(file)
        && facts.containers().processes.iter().any(|it| {
            it.development.is_none()
                && it.worked_on.is_none()
                && it.component == Some(known.component)
        })
}

/// Whether a process is known that serves the component, and is not for those who work on it.
fn is_started(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    facts.containers().processes.iter().any(|process| {
        process.development.is_none()
            && process.worked_on.is_none()
            && process.component == Some(known.component)
            && process.invocation().and_then(|it| server_of(&it)).is_some()
    })
}

/// A keyword argument with its name.
fn span_of(file: &FileContext<'_>, argument: &CallArgument<'_>) -> Span {
    let text = file.source.text();
    let value = argument.value.as_ptr() as usize - text.as_ptr() as usize;
    let name = argument.keyword.unwrap_or_default();
    let start = text[..value].rfind(name).unwrap_or(value);
    Span::new(start as u32, (value + argument.value.len()) as u32)
}
