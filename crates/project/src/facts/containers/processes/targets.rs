//! The modules, attributes and scripts that a process names: `app.main:app`, `python -m app`. Knows where programs look for
//! modules and how each is told; whether they exist is `lookup`'s question.

use super::super::{Origin, Process};
use super::files::inside;
use super::invocation::{Invocation, has_extension, is_python};
use super::servers::{Server, server_of};
use crate::facts::{Facts, Place};
use roadworthy_parser::Span;

/// What a process wants to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The dotted module; empty for a script.
    pub module: String,
    /// What is taken from it, without what stands behind a dot or parenthesis.
    pub attribute: Option<String>,
    /// Whether the module is run, so that a package needs a `__main__`.
    pub runs: bool,
    /// The path of a script, as written.
    pub script: Option<String>,
    /// The word of the command that says so.
    pub written: String,
    /// Folders of the container in which it is looked for.
    pub folders: Vec<String>,
}

impl Process {
    /// Where a word of its command is written: the whole command, where the word does not stand there as such.
    pub fn place_of(&self, facts: &Facts<'_>, word: &str) -> Place {
        let whole = &self.command_place;
        let Some(document) = facts.text(&whole.path).whole() else { return whole.clone() };
        let (start, end) = (whole.span.start as usize, whole.span.end as usize);
        let text = document.text().get(start..end).unwrap_or_default();
        let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.' | '/');
        let found = text.match_indices(word).find(|(at, _)| {
            !text[..*at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
        });
        match found {
            Some((at, _)) if !word.is_empty() => {
                let start = whole.span.start + at as u32;
                Place::new(whole.path.clone(), Span::new(start, start + word.len() as u32))
            }
            _ => whole.clone(),
        }
    }

    /// What it wants to load, where that can be told.
    pub fn target(&self) -> Option<Target> {
        let words = self.command.known()?;
        if self.origin == Origin::Serverless {
            return handler(words.first()?);
        }
        let invocation = self.invocation()?;
        // These start elsewhere.
        if words
            .iter()
            .any(|word| matches!(word.as_str(), "--directory" | "-C" | "--cwd" | "--project"))
        {
            return None;
        }
        let mut target = match server_of(&invocation) {
            Some(server) => of_server(server, &invocation)?,
            None => of_python(words, &invocation)?,
        };
        target.folders = self.folders(&invocation)?;
        Some(target)
    }

    /// Where modules are looked for; `None` where that is not known.
    fn folders(&self, invocation: &Invocation<'_>) -> Option<Vec<String>> {
        let start = self.working_directory.clone()?;
        let option = |names: &[&str]| {
            let words = invocation.arguments;
            words.iter().enumerate().find_map(|(at, word)| match word.split_once('=') {
                Some((name, value)) if names.contains(&name) => Some(value.to_owned()),
                _ if names.contains(&word.as_str()) => words.get(at + 1).cloned(),
                _ => None,
            })
        };
        let mut folders = vec![start.clone()];
        for option in
            [option(&["--app-dir", "--chdir", "--working-dir"]), option(&["--pythonpath"])]
        {
            let Some(paths) = option else { continue };
            if paths.contains('$') {
                return None;
            }
            folders.extend(paths.split(',').filter_map(|path| inside(Some(&start), path)));
        }
        for (_, value) in self.environment.iter().filter(|(name, _)| name == "PYTHONPATH") {
            let paths = value.as_deref()?;
            let paths = paths.split(':').filter(|path| !path.is_empty());
            folders.extend(paths.filter_map(|path| inside(Some(&start), path)));
        }
        Some(folders)
    }
}

/// `handlers/create.handler`: a path, a dot, a function.
fn handler(written: &str) -> Option<Target> {
    let (path, attribute) = written.rsplit_once('.')?;
    let module = path.trim_start_matches("./").replace('/', ".");
    (is_dotted(&module) && is_dotted(attribute)).then(|| Target {
        module,
        attribute: Some(attribute.to_owned()),
        runs: false,
        script: None,
        written: written.to_owned(),
        folders: vec!["/".to_owned()],
    })
}

/// Options whose value looks like a target and is none.
const OTHER: [&str; 9] = [
    "-k",
    "--worker-class",
    "--logger-class",
    "--loop",
    "--http",
    "--ws",
    "--log-config",
    "--statsd-host",
    "--loader",
];

fn of_server(server: &Server, invocation: &Invocation<'_>) -> Option<Target> {
    let is = |name: &str| server.programs.iter().any(|it| it == name);
    let loads = ["uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve"];
    if !loads.iter().any(|name| is(name)) {
        return None;
    }
    let mut before = "";
    for word in invocation.arguments {
        let behind = std::mem::replace(&mut before, word);
        let is_value = OTHER.contains(&behind)
            || server.address.iter().chain(&server.elsewhere).any(|it| it == behind);
        if is_value || word.starts_with('-') {
            continue;
        }
        if let Some((module, attribute)) = word.split_once(':') {
            let name = attribute.split(['.', '(']).next().unwrap_or_default();
            let is_scheme = matches!(
                module,
                "unix" | "fd" | "tcp" | "ssl" | "egg" | "file" | "python" | "asgi" | "wsgi"
            );
            if is_dotted(module) && is_dotted(name) && !is_scheme {
                return Some(target(module, Some(name), word));
            }
        } else if is("gunicorn") && is_dotted(word) && word.rsplit('.').next() == Some("wsgi") {
            return Some(target(word, Some("application"), word));
        }
    }
    None
}

/// `python -m app`, `python app.py`.
fn of_python(words: &[String], invocation: &Invocation<'_>) -> Option<Target> {
    if invocation.is_module {
        let module = invocation.program;
        return is_dotted(module).then(|| Target { runs: true, ..target(module, None, module) });
    }
    // `uv run app.py`, `./app.py`
    let script = if is_python(invocation.program) {
        invocation.arguments.iter().find(|word| !word.starts_with('-'))?
    } else {
        words.get(words.len().checked_sub(invocation.arguments.len() + 1)?)?
    };
    let is_path = has_extension(script, "py") && !script.contains(['$', '*', ' ', '`']);
    // What stands behind `-c` is code.
    let is_first =
        !invocation.arguments.iter().any(|word| matches!(word.as_str(), "-c" | "-X" | "-W"));
    (is_path && is_first)
        .then(|| Target { script: Some(script.clone()), ..target("", None, script) })
}

fn target(module: &str, attribute: Option<&str>, written: &str) -> Target {
    Target {
        module: module.to_owned(),
        attribute: attribute.map(str::to_owned),
        runs: false,
        script: None,
        written: written.to_owned(),
        folders: Vec::new(),
    }
}

/// Whether a text is names with dots between them.
pub(super) fn is_dotted(text: &str) -> bool {
    let is_name = |part: &str| {
        part.chars().all(|it| it.is_alphanumeric() || it == '_')
            && part.chars().next().is_some_and(|it| !it.is_numeric())
    };
    text.split('.').all(is_name)
}
