//! `invoke`: tasks in `tasks.py` or the package `tasks`, by the names of their functions. Knows what `c.run` is handed as
//! literals.

use std::sync::Arc;

use camino::Utf8PathBuf;
use roadworthy_parser::Span;

use super::super::Command;
use super::super::arguments::{Argument, of_call};
use super::super::follow::{Follower, Invocation, Site};
use super::option_values;
use crate::facts::PythonFile;

pub(super) fn follow(follower: &mut Follower<'_, '_>, it: &Invocation, out: &mut Vec<Command>) {
    let files = files(follower, it);
    let words = it.arguments();
    let skipped = option_values(words, "-c", &["--collection", "-r", "--search-root"]);
    let mut found = false;
    for word in
        words.iter().filter(|word| !word.starts_with('-') && !skipped.contains(&word.as_str()))
    {
        let name = word.rsplit('.').next().unwrap_or_default().replace('-', "_");
        for file in &files {
            found |= run(file, &name, follower, it, out, 0);
        }
    }
    if !found {
        follower.unknown(format!("what `{}` runs is not found", it.words.join(" ")));
    }
}

fn files(follower: &Follower<'_, '_>, it: &Invocation) -> Vec<Arc<PythonFile>> {
    let facts = follower.facts;
    let single = it.folder.join("tasks.py");
    let package = it.folder.join("tasks");
    let inside = facts.tree().inside(&package).filter(|path| path.extension() == Some("py"));
    let paths: Vec<Utf8PathBuf> = inside.map(camino::Utf8Path::to_owned).collect();
    let paths = if facts.tree().is_file(&single) { vec![single] } else { paths };
    paths.iter().filter_map(|path| facts.python(path)).collect()
}

/// Adds what a function runs, and the tasks it asks for first; `false` where there is none of this name.
fn run(
    file: &PythonFile,
    name: &str,
    follower: &mut Follower<'_, '_>,
    it: &Invocation,
    out: &mut Vec<Command>,
    depth: usize,
) -> bool {
    let text = file.source.text();
    let mut definitions = file.outline.definitions.iter();
    let found = definitions.find(|it| it.name.of_text(text) == name && !it.is_class());
    let Some(definition) = found.filter(|_| depth < 5) else { return false };
    follower.sources.push(file.path.clone());
    let inside =
        |span: Span| span.start >= definition.span.start && span.end <= definition.span.end;
    for call in file.outline.calls.iter().filter(|it| inside(it.arguments)) {
        let callee = call.name.of_text(text);
        let arguments = of_call(file, call.arguments);
        let Some((_, method)) = callee.rsplit_once('.') else {
            // `@task(lint, pre=[types])`, or a helper.
            for argument in &arguments {
                if let (Argument::Other(value) | Argument::Keyword(_, value), true) =
                    (argument, callee == "task")
                {
                    for name in value.split(['[', ']', ',', ' ']).filter(|it| !it.is_empty()) {
                        run(file, name, follower, it, out, depth + 1);
                    }
                }
            }
            if callee != name {
                run(file, callee, follower, it, out, depth + 1);
            }
            continue;
        };
        if let ("run" | "sudo", Some(argument)) = (method, arguments.first()) {
            match argument {
                Argument::Text(script) => {
                    let site: Site<'_> = it.site(&file.path, text, call.arguments);
                    follower.script(script, &site, out);
                }
                _ => follower.unknown(format!(
                    "what `{name}` of {} runs is put together when it runs",
                    file.path
                )),
            }
        }
    }
    true
}
