//! Workflows of GitHub Actions, and of those that read the same files: jobs with their matrix, steps, workflows and actions
//! of the same repository. What those of other repositories do is not known.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Span;

use super::expressions::{Context, combinations};
use super::follow::{Follower, Invocation, Site, moved};
use super::runners::compose;
use super::tools::{action_name, is_harmless, may_judge};
use super::{Command, Job, Located, Pipeline, Place, Step, System, join};
use crate::facts::syntax::SyntaxFault;
use crate::facts::value::{Data, Key, Value};
use crate::facts::{Document, Reading};

/// The folders of workflows. Source: <https://docs.github.com/en/actions/concepts/workflows-and-actions/workflows>,
/// <https://forgejo.org/docs/latest/user/actions/reference/>, <https://docs.gitea.com/usage/actions/overview>
const FOLDERS: [&str; 3] = [".github/workflows", ".forgejo/workflows", ".gitea/workflows"];
/// How deep workflows and actions may call one another.
const DEEPEST: usize = 4;

pub(super) fn read(follower: &mut Follower<'_, '_>, out: &mut Vec<Pipeline>) {
    for folder in FOLDERS {
        let folder = follower.root.join(folder);
        let facts = follower.facts;
        let files = facts.tree().inside(&folder);
        let files = files.filter(|path| matches!(path.extension(), Some("yml" | "yaml")));
        for path in files {
            match facts.yaml(path) {
                Reading::Whole(document) => out.extend(workflow(follower, &document)),
                _ => follower.unknown(format!("{path} cannot be read")),
            }
        }
    }
}

/// What lies around a step.
struct Around<'a> {
    document: &'a Document,
    contexts: Vec<Context>,
    folder: Option<String>,
    depth: usize,
    through: Vec<String>,
}

fn workflow(follower: &mut Follower<'_, '_>, document: &Arc<Document>) -> Option<Pipeline> {
    let path = &document.path;
    // A file of comments is one that is switched off.
    let value = document.value().filter(|it| it.data != Data::Null)?;
    let Some(jobs) = value.get("jobs").filter(|it| it.is_table()) else {
        let sentence = "is no workflow: it has no table `jobs`";
        let fault = SyntaxFault { span: Span::empty(value.span.start), sentence: sentence.into() };
        follower.facts.refuse(path, fault);
        follower.unknown(format!("{path} is no workflow"));
        return None;
    };
    follower.sources.push(path.clone());
    let triggers = triggers(value, path);
    // What it is called with is only known where it is called.
    let only_called = !triggers.is_empty() && triggers.iter().all(|it| it.value == "workflow_call");
    let unknown = follower.unknown.clone();
    let mut context = Context::default();
    let inputs = value
        .at(&["on", "workflow_call", "inputs"])
        .or_else(|| value.at(&["on", "workflow_dispatch", "inputs"]));
    defaults(&mut context, inputs, path);
    let jobs = jobs.entries().filter(|(_, it)| !is_off(it));
    let jobs =
        jobs.map(|(key, it)| job(follower, (document, value), (key, it), &context, 0)).collect();
    if only_called {
        follower.unknown = unknown;
    }
    Some(Pipeline { path: path.clone(), system: System::GitHub, triggers, jobs })
}

/// `if: false`
fn is_off(value: &Value) -> bool {
    let condition = value.get("if").and_then(Value::scalar).unwrap_or_default();
    let condition = condition.trim().trim_start_matches("${{").trim_end_matches("}}").trim();
    condition == "false"
}

fn triggers(value: &Value, path: &Utf8Path) -> Vec<Located<String>> {
    let located =
        |value: &str, span| Located { value: value.to_owned(), place: Place::new(path, span) };
    // YAML 1.1 would take `on` for true.
    let Some(on) = value.get("on").or_else(|| value.get("true")) else { return Vec::new() };
    match &on.data {
        Data::Table(entries) => {
            entries.iter().map(|(key, _)| located(&key.name, key.span)).collect()
        }
        _ => on.one_or_many().filter_map(|it| Some(located(it.text()?, it.span))).collect(),
    }
}

/// The inputs that stand in where nobody gives one.
fn defaults(context: &mut Context, inputs: Option<&Value>, path: &Utf8Path) {
    for (key, input) in inputs.into_iter().flat_map(Value::entries) {
        if let Some(default) = input.get("default").and_then(Value::scalar) {
            let place = Place::new(path, input.span);
            context.set(format!("inputs.{}", key.name), default.to_owned(), place);
        }
    }
}

fn job(
    follower: &mut Follower<'_, '_>,
    (document, workflow): (&Arc<Document>, &Value),
    (key, value): (&Key, &Value),
    base: &Context,
    depth: usize,
) -> Job {
    let path = &document.path;
    let mut base = base.clone();
    for table in [workflow.get("env"), value.get("env")].into_iter().flatten() {
        base.take("env", table, path);
    }
    let mut contexts = combinations(value.at(&["strategy", "matrix"]), &base, path);
    // Its own environment may use the matrix.
    if let Some(table) = value.get("env") {
        for context in &mut contexts {
            context.take("env", table, path);
        }
    }
    let mut result = Job {
        id: key.name.clone(),
        place: Place::new(path.clone(), key.span),
        needs: value
            .get("needs")
            .into_iter()
            .flat_map(Value::one_or_many)
            .filter_map(Value::text)
            .map(str::to_owned)
            .collect(),
        pythons: Some(Vec::new()),
        ..Job::default()
    };
    let folder = |it: &Value| {
        it.at(&["defaults", "run", "working-directory"]).and_then(Value::scalar).map(str::to_owned)
    };
    let around = Around {
        document,
        folder: folder(value).or_else(|| folder(workflow)),
        contexts,
        depth,
        through: Vec::new(),
    };
    let image = value
        .get("container")
        .and_then(|it| it.get("image").or(Some(it)))
        .filter(|it| it.scalar().is_some());
    if let Some(image) = image {
        for context in &around.contexts {
            let name = context.resolved(image.scalar().unwrap_or_default());
            let place = origin(context, image, path);
            add_python(&mut result.pythons, image_version(&name), &place);
        }
    }
    if let Some(called) = value.get("uses").and_then(Value::text) {
        let place =
            value.get("uses").map_or_else(Place::default, |it| Place::new(path.clone(), it.span));
        result.calls = Some(Located { value: called.to_owned(), place });
        call(follower, called, value.get("with"), &around, &mut result);
    }
    for value in value.get("steps").into_iter().flat_map(Value::items).filter(|it| !is_off(it)) {
        let step = step(follower, value, &around, &mut result.pythons);
        result.steps.push(step);
    }
    result
}

/// Adds the jobs of a workflow that a job calls to its steps.
fn call(
    follower: &mut Follower<'_, '_>,
    called: &str,
    with: Option<&Value>,
    around: &Around<'_>,
    result: &mut Job,
) {
    let local = called.strip_prefix("./").and_then(|path| join(&follower.root, path));
    let Some(path) = local.filter(|_| around.depth < DEEPEST) else {
        if !is_harmless(called) {
            follower.unknown(format!("`{called}` is a workflow of another repository"));
        }
        return;
    };
    let Some(document) = follower.facts.yaml(&path).whole() else {
        return follower.unknown(format!("{path} cannot be read"));
    };
    let Some(value) = document.value() else { return };
    for outer in distinct(&around.contexts, with) {
        let mut context = Context::default();
        defaults(&mut context, value.at(&["on", "workflow_call", "inputs"]), &path);
        give(&mut context, with, &outer, &around.document.path);
        for (key, inner) in
            value.get("jobs").into_iter().flat_map(Value::entries).filter(|(_, it)| !is_off(it))
        {
            let inner = job(follower, (&document, value), (key, inner), &context, around.depth + 1);
            result.steps.extend(inner.steps);
            match inner.pythons {
                Some(pythons) => pythons
                    .into_iter()
                    .for_each(|it| add_python(&mut result.pythons, Ok(Some(it.value)), &it.place)),
                None => result.pythons = None,
            }
        }
    }
}

/// Of the combinations those that hand different words on.
fn distinct(contexts: &[Context], with: Option<&Value>) -> Vec<Context> {
    let mut seen: Vec<Vec<String>> = Vec::new();
    let words = |context: &Context| -> Vec<String> {
        let values = with.into_iter().flat_map(Value::entries).filter_map(|(_, it)| it.scalar());
        values.map(|it| context.resolved(it)).collect()
    };
    let is_new = |context: &&Context| {
        let words = words(context);
        let new = !seen.contains(&words);
        if new {
            seen.push(words);
        }
        new
    };
    contexts.iter().filter(is_new).cloned().collect()
}

/// Hands the inputs of `with` on.
fn give(context: &mut Context, with: Option<&Value>, outer: &Context, path: &Utf8Path) {
    for (key, value) in with.into_iter().flat_map(Value::entries) {
        if let Some(text) = value.scalar() {
            let place = outer.origin(text).cloned().unwrap_or_else(|| Place::new(path, value.span));
            context.set(format!("inputs.{}", key.name), outer.resolved(text), place);
        }
    }
}

fn step(
    follower: &mut Follower<'_, '_>,
    value: &Value,
    around: &Around<'_>,
    pythons: &mut Option<Vec<Located<String>>>,
) -> Step {
    let document = around.document;
    let path = &document.path;
    let located = |key: &str| {
        let value = value.get(key)?;
        Some(Located {
            value: value.scalar()?.to_owned(),
            place: Place::new(path.clone(), value.span),
        })
    };
    let mut result = Step {
        place: Place::new(path.clone(), value.span),
        uses: located("uses"),
        run: located("run"),
        commands: Vec::new(),
    };
    follower.begin_step();
    let mut seen = Vec::new();
    for context in &around.contexts {
        let mut context = context.clone();
        if let Some(table) = value.get("env") {
            context.take("env", table, path);
        }
        if let Some(uses) = &result.uses {
            let context = &context;
            versions(follower, &uses.value, value, (context, path), pythons);
            let key = format!(
                "{:?}",
                value
                    .get("with")
                    .into_iter()
                    .flat_map(Value::entries)
                    .filter_map(|(_, it)| it.scalar())
                    .map(|it| context.resolved(it))
                    .collect::<Vec<_>>()
            );
            if !seen.contains(&key) {
                seen.push(key);
                action(
                    follower,
                    &uses.value,
                    value,
                    context,
                    around,
                    (pythons, &mut result.commands),
                );
            }
        }
        if let Some(run) = &result.run {
            let script = context.resolved(&run.value);
            let to =
                value.get("working-directory").and_then(Value::scalar).or(around.folder.as_deref());
            let to = context.resolved(to.unwrap_or(""));
            let variables = context.variables();
            let key = format!(
                "{to}\n{script}\n{}",
                variables
                    .iter()
                    .filter(|(name, _)| name == "TOXENV" || script.contains(name.as_str()))
                    .map(|(_, it)| it.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            );
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let shell = value.get("shell").and_then(Value::scalar).unwrap_or_default();
            // Python in a workflow is read as a text, in which names may stand.
            if shell.starts_with("python") {
                continue;
            }
            let folder = moved(&follower.root, &to, &follower.root);
            let site = Site {
                path,
                text: document.text(),
                span: run.place.span,
                folder,
                through: around.through.clone(),
                variables,
            };
            follower.script(&script, &site, &mut result.commands);
        }
    }
    for python in std::mem::take(&mut follower.pythons) {
        add_python(pythons, version(&python.value), &python.place);
    }
    let commands = std::mem::take(&mut result.commands);
    for command in commands {
        if !result.commands.contains(&command) {
            result.commands.push(command);
        }
    }
    result
}

/// Follows an action of the same repository, and takes what those of others are told.
fn action(
    follower: &mut Follower<'_, '_>,
    uses: &str,
    value: &Value,
    context: &Context,
    around: &Around<'_>,
    (pythons, out): (&mut Option<Vec<Located<String>>>, &mut Vec<Command>),
) {
    let path = &around.document.path;
    let with = value.get("with");
    let input = |key: &str| {
        with.and_then(|it| it.get(key)).and_then(Value::scalar).map(|it| context.resolved(it))
    };
    if let Some(local) = uses.strip_prefix("./") {
        return local_action(follower, local, value, context, around, (pythons, out));
    }
    let name = action_name(uses);
    let site = |folder: Utf8PathBuf| Site {
        path,
        text: around.document.text(),
        span: with.map_or(value.span, |it| it.span),
        folder,
        through: vec![name.clone()],
        variables: context.variables(),
    };
    match name.as_str() {
        "docker/build-push-action" => {
            let folder =
                moved(&follower.root, &input("context").unwrap_or_default(), &follower.root);
            let file = input("file")
                .and_then(|it| join(&follower.root, &it))
                .unwrap_or_else(|| folder.join("Dockerfile"));
            let it = Invocation {
                words: vec![name.clone()],
                runners: Vec::new(),
                folder,
                through: Vec::new(),
                variables: Vec::new(),
                place: Place::new(path.clone(), value.span),
            };
            compose::image(follower, &file, &it, out);
        }
        "pypa/cibuildwheel" => {
            let set = context.variables().into_iter().find(|(name, _)| name == "CIBW_TEST_COMMAND");
            let site = site(follower.root.clone());
            if let Some((_, script)) = set {
                follower.script(&script, &site, out);
            }
            wheel_tests(follower, &site, out);
        }
        "nick-fields/retry"
        | "nick-invision/retry"
        | "coactions/setup-xvfb"
        | "gabrielbb/xvfb-action"
        | "wandalen/wretry.action"
        | "cypress-io/github-action"
        | "addnab/docker-run-action"
        | "uraimo/run-on-arch-action"
        | "vmactions/freebsd-vm" => {
            let site = site(follower.root.clone());
            for key in ["command", "run", "start"] {
                if let Some(script) = input(key) {
                    follower.script(&script, &site, out);
                }
            }
        }
        _ => {
            if may_judge(uses) {
                follower.unknown(format!("what `{uses}` runs is not known"));
            }
            let site = site(follower.root.clone());
            for (key, value) in with.into_iter().flat_map(Value::entries) {
                if takes_command(&key.name)
                    && let Some(script) = value.scalar()
                {
                    out.extend(tests_of(follower, &context.resolved(script), &site));
                }
            }
        }
    }
}

/// Whether an input of an action takes a command, by its name: `coverageCommand`, `test_cmd`, `run`.
fn takes_command(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["command", "cmd", "script"].iter().any(|it| name.ends_with(it)) || name == "run"
}

/// The commands that an input of an unknown action comes to, where tests are among them: any other input may be no command
/// at all, and says nothing.
fn tests_of(follower: &mut Follower<'_, '_>, script: &str, site: &Site<'_>) -> Vec<Command> {
    let unknown = follower.unknown.clone();
    let before = (follower.pythons.len(), follower.sources.len());
    let mut commands = Vec::new();
    follower.script(script, site, &mut commands);
    if !commands.iter().any(Command::runs_tests) {
        follower.unknown = unknown;
        follower.pythons.truncate(before.0);
        follower.sources.truncate(before.1);
        commands.clear();
    }
    commands
}

/// The tests that cibuildwheel runs against each wheel.
/// Source: <https://cibuildwheel.pypa.io/en/stable/options/#test-command>
fn wheel_tests(follower: &mut Follower<'_, '_>, site: &Site<'_>, out: &mut Vec<Command>) {
    let manifest = follower.root.join("pyproject.toml");
    let Some(document) = follower.facts.toml(&manifest).whole() else { return };
    let command = document.value().and_then(|it| it.at(&["tool", "cibuildwheel", "test-command"]));
    for command in command.into_iter().flat_map(Value::one_or_many) {
        let script =
            command.text().unwrap_or_default().replace("{project}", ".").replace("{package}", ".");
        let site =
            Site { path: &manifest, text: document.text(), span: command.span, ..site.clone() };
        follower.script(&script, &site, out);
    }
}

fn local_action(
    follower: &mut Follower<'_, '_>,
    local: &str,
    value: &Value,
    outer: &Context,
    around: &Around<'_>,
    (pythons, out): (&mut Option<Vec<Located<String>>>, &mut Vec<Command>),
) {
    let Some(folder) = join(&follower.root, local).filter(|_| around.depth < DEEPEST) else {
        return;
    };
    let names = ["action.yml", "action.yaml"].map(|name| folder.join(name));
    let Some(document) = names.iter().find_map(|path| follower.facts.yaml(path).whole()) else {
        return follower.unknown(format!("`./{local}` is no action of this repository"));
    };
    follower.sources.push(document.path.clone());
    let Some(value_of) = document.value() else { return };
    let mut context = Context::default();
    defaults(&mut context, value_of.get("inputs"), &document.path);
    for (name, value) in outer.variables() {
        context.set(format!("env.{name}"), value, Place::default());
    }
    give(&mut context, value.get("with"), outer, &around.document.path);
    let mut through = around.through.clone();
    through.push(format!("./{local}"));
    let inner = Around {
        document: &document,
        contexts: vec![context],
        folder: None,
        depth: around.depth + 1,
        through,
    };
    let steps = value_of.at(&["runs", "steps"]);
    for value in steps.into_iter().flat_map(Value::items).filter(|it| !is_off(it)) {
        out.extend(step(follower, value, &inner, pythons).commands);
    }
}

/// The versions of Python that an action sets up.
fn versions(
    follower: &Follower<'_, '_>,
    uses: &str,
    value: &Value,
    (context, path): (&Context, &Utf8Path),
    pythons: &mut Option<Vec<Located<String>>>,
) {
    let Some(with) = value.get("with") else { return };
    if let Some(given) = with.get("python-version") {
        for item in given.one_or_many() {
            let Some(text) = item.scalar() else { continue };
            let place = origin(context, item, path);
            for line in context.resolved(text).lines().map(str::trim).filter(|it| !it.is_empty()) {
                add_python(pythons, version(line), &place);
            }
        }
    } else if let Some(file) = with.get("python-version-file")
        && action_name(uses) == "actions/setup-python"
    {
        let name = context.resolved(file.scalar().unwrap_or_default());
        let file =
            join(&follower.root, &name).filter(|it| it.file_name() == Some(".python-version"));
        let document = file.and_then(|it| follower.facts.text(&it).whole());
        match document {
            Some(document) => {
                let lines = document
                    .text()
                    .lines()
                    .map(str::trim)
                    .filter(|it| !it.is_empty() && !it.starts_with('#'));
                lines.for_each(|line| {
                    add_python(pythons, version(line), &origin(context, file_value(with), path));
                });
            }
            None => *pythons = None,
        }
    }
}

fn file_value(with: &Value) -> &Value {
    with.get("python-version-file").unwrap_or(with)
}

fn origin(context: &Context, value: &Value, path: &Utf8Path) -> Place {
    let found = context.origin(value.scalar().unwrap_or_default());
    found.cloned().unwrap_or_else(|| Place::new(path, value.span))
}

/// A version of Python: `3.12`, `3.12.4`, `>=3.9`; nothing where it is another interpreter, an error where it is not known.
pub(super) fn version(text: &str) -> Result<Option<String>, ()> {
    let text = text.trim().trim_matches(['"', '\'']);
    if super::wrappers::open(text) || text == "3.x" || text == "3" || text == "3.*" {
        return Err(());
    }
    let plain =
        text.trim_start_matches("python").trim_start_matches("cpython-").trim_start_matches("cp");
    let plain = plain.trim_end_matches('t');
    let starts = plain.starts_with("3.") || plain.starts_with("2.");
    if starts {
        Ok(Some(plain.to_owned()))
    } else if text.starts_with(['>', '<', '~', '^']) {
        Err(())
    } else {
        Ok(None)
    }
}

/// The version of Python in the name of an image: `python:3.12-slim`.
pub(super) fn image_version(image: &str) -> Result<Option<String>, ()> {
    let name = image.split('@').next().unwrap_or_default();
    let (repository, tag) = name.rsplit_once(':').unwrap_or((name, ""));
    let last = repository.rsplit('/').next().unwrap_or_default();
    if last != "python" && last != "circleci-python" {
        // `ghcr.io/astral-sh/uv:python3.12-bookworm`
        let Some(tag) = tag.strip_prefix("python") else { return Ok(None) };
        return version(tag.split('-').next().unwrap_or_default());
    }
    version(tag.split('-').next().unwrap_or_default())
}

pub(super) fn add_python(
    pythons: &mut Option<Vec<Located<String>>>,
    version: Result<Option<String>, ()>,
    place: &Place,
) {
    match (version, pythons) {
        (Ok(Some(value)), Some(pythons)) => {
            let found = Located { value, place: place.clone() };
            if !pythons.contains(&found) {
                pythons.push(found);
            }
        }
        (Ok(None), _) | (Ok(Some(_)), None) => {}
        (Err(()), pythons) => *pythons = None,
    }
}
