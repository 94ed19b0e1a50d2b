//! Services that only listen to the machine they run on: tools of one person with a page for a face. Knows how uvicorn is told
//! where to listen, and what brings a service elsewhere.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::Call;
use roadworthy_project::Facts;
use roadworthy_project::facts::PythonFile;

use crate::shared::code::text::places_of;
use crate::shared::code::words::last_part;

/// Whether the code starts its server on the loopback interface wherever it starts one, unless somebody says otherwise, and nothing
/// of the project brings it to another machine or tells it to listen to others. Reads the files of the project, so it is asked
/// for last.
pub(crate) fn serves_it_alone(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    facts.answer(known.component, "the server is for its own machine".to_owned(), || {
        let containers = facts.containers();
        containers.images.is_empty()
            && containers.processes.is_empty()
            && listens_to_itself(facts)
            && !facts.tree().files().any(|path| is_told_otherwise(facts, path))
    })
}

/// Whether there is a start of a server, and all of them name the loopback interface or a setting that has it for default.
fn listens_to_itself(facts: &Facts<'_>) -> bool {
    let python = || {
        let files = facts.project().files.iter().filter(|it| it.kind.is_python());
        files.filter_map(|it| facts.python(&it.path))
    };
    let mut hosts = Vec::new();
    for file in python().filter(|it| it.source.text().contains("uvicorn")) {
        let starts = file.outline.calls.iter().filter(|it| is_start(&file, it));
        hosts.extend(starts.map(|it| host(&file, it).map(str::to_owned)));
    }
    let is_default = |name: &str| {
        python().any(|it| {
            let mut lines = it.source.text().lines();
            lines.any(|line| {
                places_of(line, name).any(|at| {
                    let behind = line[at + name.len()..].trim_start();
                    behind.starts_with([':', '=', '"', '\'']) && is_loopback(behind)
                })
            })
        })
    };
    let is_own = |host: &Option<String>| {
        host.as_deref().is_some_and(|it| is_loopback(it) || is_default(last_part(it)))
    };
    !hosts.is_empty() && hosts.iter().all(is_own)
}

fn is_start(file: &PythonFile, call: &Call) -> bool {
    matches!(call.name.of_text(file.source.text()), "uvicorn.run" | "uvicorn.Config")
}

/// What a start of a server is given for a host.
fn host<'f>(file: &'f PythonFile, call: &Call) -> Option<&'f str> {
    let arguments = call.arguments.of_text(file.source.text());
    let at = places_of(arguments, "host")
        .find(|at| arguments[at + "host".len()..].trim_start().starts_with('='))?;
    let value = arguments[at + "host".len()..].trim_start().trim_start_matches('=');
    value.split([',', '\n', ')']).next().map(str::trim)
}

fn is_loopback(text: &str) -> bool {
    ["\"127.0.0.1\"", "'127.0.0.1'", "\"localhost\"", "'localhost'"]
        .iter()
        .any(|it| text.contains(it))
}

/// Whether a text for people, a script or a configuration lets a server listen to others, or puts one in front of it. What hands
/// requests on to `https` stands before somebody else's.
fn is_told_otherwise(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    const TEXTS: [&str; 14] = [
        "bat", "cfg", "conf", "env", "example", "ini", "md", "ps1", "service", "sh", "toml", "txt",
        "yaml", "yml",
    ];
    let hands_on = |line: &str| {
        ["proxy_pass", "reverse_proxy"].iter().any(|word| {
            line.split_once(word).is_some_and(|(_, it)| !it.trim_start().starts_with("https://"))
        })
    };
    path.extension().is_none_or(|it| TEXTS.contains(&it))
        && facts
            .text(path)
            .whole()
            .is_some_and(|it| it.text().contains("0.0.0.0") || it.text().lines().any(hands_on))
}
