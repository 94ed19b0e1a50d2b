//! Tasks that manifests name: hatch, PDM, Poe the Poet, taskipy, pixi, Pipenv, Rye, go-task, npm. Knows where each keeps
//! them and the few forms a task has.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Span;
use std::sync::Arc;

use super::super::Command;
use super::super::follow::{Follower, Invocation, moved};
use super::option_values;
use crate::facts::Document;
use crate::facts::value::{Data, Value};

/// Where one kind of runner keeps its tasks: file, and the keys that lead to the table.
type Home = (&'static str, &'static [&'static str]);

const POE: [Home; 2] =
    [("pyproject.toml", &["tool", "poe", "tasks"]), ("poe_tasks.toml", &["tasks"])];
const TASKIPY: [Home; 1] = [("pyproject.toml", &["tool", "taskipy", "tasks"])];
const PDM: [Home; 1] = [("pyproject.toml", &["tool", "pdm", "scripts"])];
const RYE: [Home; 1] = [("pyproject.toml", &["tool", "rye", "scripts"])];
const PIPENV: [Home; 1] = [("Pipfile", &["scripts"])];
const PIXI: [Home; 2] = [("pixi.toml", &["tasks"]), ("pyproject.toml", &["tool", "pixi", "tasks"])];
const NPM: [Home; 1] = [("package.json", &["scripts"])];
const GO_TASK: [Home; 4] = [
    ("Taskfile.yml", &["tasks"]),
    ("Taskfile.yaml", &["tasks"]),
    ("Taskfile.dist.yml", &["tasks"]),
    ("taskfile.yml", &["tasks"]),
];

/// A task, and the file that names it.
struct Task<'t> {
    document: &'t Document,
    table: &'t Value,
    value: Value,
}

/// Adds what a program that runs tasks comes to; `false` where it is asked for something else.
pub(super) fn follow(
    follower: &mut Follower<'_, '_>,
    program: &str,
    it: &Invocation,
    out: &mut Vec<Command>,
) -> bool {
    let words = it.arguments();
    let first = words.iter().position(|it| !it.starts_with('-'));
    let Some(first) = first else { return false };
    match (program, words[first].as_str()) {
        ("hatch", _) => hatch(follower, it, out),
        // `poetry poe lint` is a plug-in; `pdm lint` is short for `pdm run lint`.
        ("poetry", "poe") | ("npm" | "pnpm" | "yarn" | "bun", "run") => {
            let homes: &[Home] = if program == "poetry" { &POE } else { &NPM };
            named(follower, homes, (it, &words[first + 1..]), out)
        }
        ("npm" | "pnpm", "test") | ("yarn", _) => named(follower, &NPM, (it, &words[first..]), out),
        ("pdm", _) => named(follower, &PDM, (it, &words[first..]), out),
        ("poe", _) => {
            let root = option_values(words, "-C", &["--directory", "--root"]);
            let folder = root.first().map(|to| moved(&it.folder, to, &follower.root));
            let is_task = |word: &String| !word.starts_with('-') && !root.contains(&word.as_str());
            let at = words.iter().position(is_task).unwrap_or(first);
            let moved = Invocation {
                words: it.words.clone(),
                runners: it.runners.clone(),
                folder: folder.unwrap_or_else(|| it.folder.clone()),
                through: it.through.clone(),
                variables: it.variables.clone(),
                place: it.place.clone(),
            };
            or_unknown(follower, &POE, (&moved, &words[at..]), out)
        }
        ("task", _) => {
            named(follower, &TASKIPY, (it, &words[first..]), out)
                || or_unknown(follower, &GO_TASK, (it, &words[first..]), out)
        }
        _ => false,
    }
}

/// Adds the task that a wrapper such as `pdm run` means by its word; `false` where that is a program.
pub(in super::super) fn follow_wrapped(
    follower: &mut Follower<'_, '_>,
    runner: &str,
    it: &Invocation,
    out: &mut Vec<Command>,
) -> bool {
    let homes: &[Home] = match runner {
        "pdm run" => &PDM,
        "rye run" => &RYE,
        "pipenv run" => &PIPENV,
        "pixi run" => &PIXI,
        _ => return false,
    };
    let found = named(follower, homes, (it, &it.words), out);
    found || runner == "pixi run" && pixi_feature(follower, it, out)
}

fn or_unknown(
    follower: &mut Follower<'_, '_>,
    homes: &[Home],
    (it, words): (&Invocation, &[String]),
    out: &mut Vec<Command>,
) -> bool {
    if !named(follower, homes, (it, words), out) {
        follower.unknown(format!("what `{}` runs is not found", it.words.join(" ")));
    }
    true
}

/// Adds the task that the first word names.
fn named(
    follower: &mut Follower<'_, '_>,
    homes: &[Home],
    (it, words): (&Invocation, &[String]),
    out: &mut Vec<Command>,
) -> bool {
    let Some(name) = words.first() else { return false };
    let above = it.folder.ancestors().take_while(|it| it.starts_with(&follower.root));
    for folder in above {
        for (file, keys) in homes {
            let Some(document) = open(follower, &folder.join(file)) else { continue };
            let Some(table) = document.value().and_then(|it| it.at(keys)) else { continue };
            let Some(value) = table.get(name) else { continue };
            let task = Task { document: &document, table, value: value.clone() };
            run(follower, &task, (it, folder, &words[1..]), out, 0);
            return true;
        }
    }
    false
}

fn open(follower: &Follower<'_, '_>, path: &Utf8Path) -> Option<Arc<Document>> {
    let facts = follower.facts;
    match path.extension() {
        Some("yml" | "yaml") => facts.yaml(path),
        Some("json") => facts.json(path),
        _ => facts.toml(path),
    }
    .whole()
}

fn pixi_feature(follower: &mut Follower<'_, '_>, it: &Invocation, out: &mut Vec<Command>) -> bool {
    let homes: [Home; 2] =
        [("pixi.toml", &["feature"]), ("pyproject.toml", &["tool", "pixi", "feature"])];
    for (file, keys) in homes {
        let Some(document) = open(follower, &it.folder.join(file)) else { continue };
        let Some(features) = document.value().and_then(|it| it.at(keys)) else { continue };
        for (_, feature) in features.entries() {
            let Some(table) = feature.get("tasks") else { continue };
            let Some(value) = it.words.first().and_then(|name| table.get(name)) else { continue };
            let task = Task { document: &document, table, value: value.clone() };
            run(follower, &task, (it, &it.folder, it.arguments()), out, 0);
            return true;
        }
    }
    false
}

/// Adds what a task comes to: a text, a list of tasks, or a table that says which of them it is.
fn run(
    follower: &mut Follower<'_, '_>,
    task: &Task<'_>,
    (it, folder, arguments): (&Invocation, &Utf8Path, &[String]),
    out: &mut Vec<Command>,
    depth: usize,
) {
    if depth > 6 {
        return;
    }
    let at = (it, folder, arguments);
    match &task.value.data {
        Data::Text(text) => script(follower, task, text, at, out),
        Data::List(items) => {
            for item in items {
                step(follower, task, item, at, out, depth);
            }
        }
        Data::Table(_) => {
            for key in ["deps", "depends-on", "depends_on", "pre"] {
                for item in task.value.get(key).into_iter().flat_map(Value::one_or_many) {
                    let name = item.text().or_else(|| item.get("task").and_then(Value::text));
                    reference(follower, task, name.unwrap_or_default(), at, out, depth);
                }
            }
            for key in ["cmd", "shell", "cmds", "composite", "sequence", "parallel", "ref", "task"]
            {
                let Some(value) = task.value.get(key) else { continue };
                let subfolder = task.value.get("cwd").or_else(|| task.value.get("dir"));
                let to =
                    subfolder.and_then(Value::text).map(|to| moved(folder, to, &follower.root));
                let at = (it, to.as_deref().unwrap_or(folder), arguments);
                if key == "ref" || key == "task" {
                    reference(follower, task, value.text().unwrap_or_default(), at, out, depth);
                } else if let (Data::List(items), "cmd") = (&value.data, key) {
                    let words: Vec<&str> = items.iter().filter_map(Value::scalar).collect();
                    script(follower, task, &words.join(" "), at, out);
                } else {
                    let inner = Task { value: value.clone(), ..*task };
                    match &value.data {
                        Data::Text(text) => script(follower, task, text, at, out),
                        _ => run(follower, &inner, at, out, depth + 1),
                    }
                }
            }
            for key in ["script", "call", "expr"] {
                if let Some(function) = task.value.get(key).and_then(Value::text) {
                    super::scripts::entry(follower, function);
                }
            }
        }
        _ => {}
    }
}

/// Adds one step of a task that has several: another task, or a command.
fn step(
    follower: &mut Follower<'_, '_>,
    task: &Task<'_>,
    item: &Value,
    at: (&Invocation, &Utf8Path, &[String]),
    out: &mut Vec<Command>,
    depth: usize,
) {
    if let Some(text) = item.text() {
        let first = text.split_whitespace().next().unwrap_or_default();
        if task.table.get(first).is_some() {
            reference(follower, task, first, at, out, depth);
        } else {
            script(follower, task, text, at, out);
        }
    } else {
        let inner = Task { value: item.clone(), ..*task };
        run(follower, &inner, at, out, depth + 1);
    }
}

fn reference(
    follower: &mut Follower<'_, '_>,
    task: &Task<'_>,
    name: &str,
    at: (&Invocation, &Utf8Path, &[String]),
    out: &mut Vec<Command>,
    depth: usize,
) {
    let name = name.split_whitespace().next().unwrap_or_default();
    if let Some(value) = task.table.get(name) {
        let inner = Task { value: value.clone(), ..*task };
        run(follower, &inner, at, out, depth + 1);
    }
}

fn script(
    follower: &mut Follower<'_, '_>,
    task: &Task<'_>,
    text: &str,
    (it, folder, arguments): (&Invocation, &Utf8Path, &[String]),
    out: &mut Vec<Command>,
) {
    let mut script = with_arguments(text, arguments);
    // npm's `run x -- a` and Poe's `x a` hand words on to the last command.
    if !arguments.is_empty() && !script.contains(&arguments.join(" ")) {
        script.push(' ');
        script.push_str(&arguments.join(" "));
    }
    let whole = task.document.text();
    // Values of JSON have no places.
    let span =
        if task.value.span.is_empty() { Span::new(0, whole.len() as u32) } else { task.value.span };
    let mut site = it.site(&task.document.path, whole, span);
    site.folder = folder.to_owned();
    let first = script.split_whitespace().next().unwrap_or_default();
    let names_itself = it.words.iter().any(|word| word == first) && site.through.len() > 1;
    if !names_itself && task.table.get(first).is_some_and(|it| *it != task.value) {
        return reference(follower, task, first, (it, folder, arguments), out, 1);
    }
    follower.script(&script, &site, out);
}

/// `{args:tests}` of hatch and PDM, `$@` of shells.
fn with_arguments(text: &str, arguments: &[String]) -> String {
    let Some((before, behind)) = text.split_once("{args") else { return text.to_owned() };
    let (default, behind) = behind.split_once('}').unwrap_or((behind, ""));
    let given = arguments.join(" ");
    let words = if given.is_empty() { default.trim_start_matches(':') } else { &given };
    format!("{before}{words}{behind}")
}

/// The scripts of an environment of hatch with those of the default one that it does not have itself.
/// Source: <https://hatch.pypa.io/latest/config/environment/overview/#inheritance>
fn inherited(own: Option<Value>, default: Option<Value>) -> Value {
    let entries = |table: Option<Value>| match table.map(|it| it.data) {
        Some(Data::Table(entries)) => entries,
        _ => Vec::new(),
    };
    let mut scripts = entries(own);
    let others = entries(default).into_iter();
    let others: Vec<_> =
        others.filter(|(key, _)| scripts.iter().all(|(own, _)| own.name != key.name)).collect();
    scripts.extend(others);
    Value { data: Data::Table(scripts), ..Value::default() }
}

/// `hatch run lint:check`, `hatch -e lint run check`, `hatch test`, `hatch fmt`.
fn hatch(follower: &mut Follower<'_, '_>, it: &Invocation, out: &mut Vec<Command>) -> bool {
    let words = it.arguments();
    let plain = |text: &str| {
        let words = text.split(' ').map(str::to_owned).collect();
        let Invocation { runners, folder, through, place, .. } = it;
        let (runners, folder, through, place) =
            (runners.clone(), folder.clone(), through.clone(), place.clone());
        Command { words, runners, through, folder, place }
    };
    let mut rest = words;
    let mut environment = option_values(words, "-e", &["--env"]).first().map(|it| (*it).to_owned());
    while let Some((first, behind)) = rest.split_first() {
        match first.as_str() {
            "-e" | "--env" | "-p" | "--project" => rest = behind.get(1..).unwrap_or_default(),
            "test" => {
                let positional = behind.iter().filter(|it| !it.starts_with('-')).cloned();
                let mut command = plain("pytest");
                command.words.extend(positional.filter(|it| it.contains('/')));
                out.push(command);
                return true;
            }
            "fmt" => {
                out.push(plain("ruff check"));
                return true;
            }
            "run" | "env" => {
                let behind =
                    if first == "env" { behind.get(1..).unwrap_or_default() } else { behind };
                let at = behind.iter().position(|it| !it.starts_with(['-', '+']));
                let Some(at) = at.filter(|_| first == "run" || words.contains(&"run".to_owned()))
                else {
                    return true;
                };
                rest = &behind[at..];
                break;
            }
            _ if first.starts_with('-') => rest = behind,
            _ => return false,
        }
    }
    let Some((task, arguments)) = rest.split_first() else { return false };
    let mut name = task.as_str();
    if let Some((before, behind)) = task.split_once(':')
        && !before.is_empty()
    {
        // `hatch run test.py3.12:unit`, `+py=3.12 test:unit`
        environment = Some(before.split('.').next().unwrap_or(before).to_owned());
        name = behind;
    }
    let environment = environment.unwrap_or_else(|| "default".to_owned());
    let homes: [(&str, Vec<&str>); 2] = [
        ("hatch.toml", vec!["envs", &environment, "scripts"]),
        ("pyproject.toml", vec!["tool", "hatch", "envs", &environment, "scripts"]),
    ];
    for (file, keys) in homes {
        let Some(document) = open(follower, &it.folder.join(file)) else { continue };
        let default = keys.iter().map(|it| if *it == environment { "default" } else { it });
        let default: Vec<&str> = default.collect();
        let table = |keys: &[&str]| document.value().and_then(|it| it.at(keys)).cloned();
        let table = inherited(table(&keys), table(&default));
        if let Some(value) = table.get(name) {
            let task = Task { document: &document, table: &table, value: value.clone() };
            let folder: Utf8PathBuf = it.folder.clone();
            run(follower, &task, (it, &folder, arguments), out, 0);
            return true;
        }
    }
    // No task, so a program: `hatch run pytest`.
    let mut words = vec![name.to_owned()];
    words.extend(arguments.iter().cloned());
    let state = (it.folder.clone(), it.through.clone(), it.variables.clone(), it.place.clone());
    follower.words(words, state, out);
    true
}
