//! See `signals-do-not-reach-app.toml`: shells that wait for what they start, and what there is to shut down behind them.

use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_project::facts::containers::processes::server_of;
use roadworthy_project::facts::containers::{Origin, Process};
use roadworthy_project::facts::{Facts, Place};

use crate::shared::delivery::processes::{is_overridden, names};

/// Words of code that has something to close or to finish.
const CLOSING: [&str; 14] = [
    "lifespan",
    "on_shutdown",
    "\"shutdown\"",
    "'shutdown'",
    "atexit",
    "signal.signal",
    "add_signal_handler",
    "create_pool",
    "ConnectionPool",
    "create_engine",
    "create_async_engine",
    "AsyncClient(",
    "ClientSession(",
    "KafkaConsumer",
];

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let processes = &facts.containers().processes;
    let mut known: Vec<Place> = Vec::new();
    for process in processes {
        let in_container =
            matches!(process.origin, Origin::Dockerfile | Origin::Compose | Origin::Kubernetes);
        let quiet = !process.in_shell || process.has_init || process.development.is_some();
        if !in_container || quiet || is_overridden(process, processes) {
            continue;
        }
        let Some(invocation) = process.invocation() else { continue };
        let server = server_of(&invocation);
        let is_consumer = server.is_some_and(|server| server.consumer);
        let closes = closing_file(facts, process);
        // Whatever else is started may have come to its end by itself.
        if server.is_none() && closes.is_none() {
            continue;
        }
        let program = invocation.program;
        let because = match closes {
            _ if is_consumer => "the tasks it works on are lost".to_owned(),
            Some(path) => format!("what `{path}` closes at its end stays open"),
            None => "it is killed instead of stopped".to_owned(),
        };
        let place = process.command_place.clone();
        if known.contains(&place) {
            continue;
        }
        let message =
            format!("a shell keeps SIGTERM from `{program}` in {}: {because}", names(process));
        out.report(&place.path, Report::at(place.span).message(message));
        known.push(place);
    }
}

/// The file that a process loads, where it has something to close.
fn closing_file(facts: &Facts<'_>, process: &Process) -> Option<String> {
    let target = process.target()?;
    let files = target.files(facts, process);
    let closes = |text: &str| CLOSING.iter().any(|word| text.contains(word));
    let found = files.iter().filter_map(|path| facts.python(path));
    found.into_iter().find(|file| closes(file.source.text())).map(|file| file.path.to_string())
}
