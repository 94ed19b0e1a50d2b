//! `nox`: the sessions that are asked for, from the text of `noxfile.py`. Knows what `session.run` is handed as literals;
//! of what a session decides while it runs nothing.

use std::sync::Arc;

use camino::Utf8Path;
use roadworthy_parser::{Definition, Span};
use rustc_hash::FxHashSet;

use super::super::arguments::{Argument, of_call, texts};
use super::super::follow::{Follower, Invocation};
use super::super::{Command, Located, Place, join};
use super::{behind_dashes, option_values};
use crate::facts::PythonFile;

struct Noxfile {
    file: Arc<PythonFile>,
    sessions: Vec<Session>,
}

struct Session {
    name: String,
    body: Span,
    pythons: Vec<String>,
    tags: Vec<String>,
}

pub(super) fn follow(follower: &mut Follower<'_, '_>, it: &Invocation, out: &mut Vec<Command>) {
    let words = it.arguments();
    if words.iter().any(|it| matches!(it.as_str(), "-l" | "--list" | "--install-only")) {
        return;
    }
    let given = option_values(words, "-f", &["--noxfile"]);
    let path = join(&it.folder, given.first().copied().unwrap_or("noxfile.py"));
    let Some(file) = path.and_then(|path| follower.facts.python(&path)) else {
        return follower.unknown(format!("there is no noxfile.py for `{}`", it.words.join(" ")));
    };
    follower.sources.push(file.path.clone());
    let nox = Noxfile { sessions: sessions(&file), file };
    let mut names = many(words, &["-s", "-e", "--session", "--sessions"]);
    let tags = many(words, &["-t", "--tags"]);
    if names.is_empty() && tags.is_empty() {
        names = it
            .variable("NOXSESSION")
            .map(|it| it.split([',', ' ']).map(str::to_owned).collect())
            .unwrap_or_default();
    }
    if words.iter().any(|it| it == "-k" || it == "--keywords") {
        follower.unknown(format!("which sessions `{}` means is not followed", it.words.join(" ")));
    }
    if names.is_empty() && tags.is_empty() {
        names = nox.usual();
    }
    names.extend(
        nox.sessions
            .iter()
            .filter(|it| it.tags.iter().any(|tag| tags.contains(tag)))
            .map(|it| it.name.clone()),
    );
    let mut seen = FxHashSet::default();
    for name in names {
        let (plain, version) = match name.split_once(['-', '(']) {
            Some((plain, version)) if nox.find(&name).is_none() => {
                (plain.to_owned(), Some(version.to_owned()))
            }
            _ => (name.clone(), None),
        };
        let Some(session) = nox.find(&plain) else {
            follower.unknown(format!("`{name}` is not a session of {}", nox.file.path));
            continue;
        };
        let asked = option_values(words, "-p", &["--python", "--pythons"]);
        let pythons = match (&version, asked.is_empty()) {
            (Some(version), _) => vec![version.trim_end_matches(')').to_owned()],
            (None, true) => session.pythons.clone(),
            (None, false) => asked.iter().map(|it| (*it).to_owned()).collect(),
        };
        for value in pythons.into_iter().filter(|it| it.starts_with("3.")) {
            follower.pythons.push(Located { value, place: it.place.clone() });
        }
        nox.run(session, follower, it, &mut seen, out);
    }
}

/// Values of options that take several words.
fn many(words: &[String], names: &[&str]) -> Vec<String> {
    let mut values = Vec::new();
    let mut taking = false;
    for word in words.iter().take_while(|it| *it != "--") {
        if let Some((name, value)) = word.split_once('=').filter(|(name, _)| names.contains(name)) {
            let _ = name;
            values.push(value.to_owned());
        } else if word.starts_with('-') {
            taking = names.contains(&word.as_str());
            let joined = names.iter().filter(|it| it.len() == 2 && !word.starts_with("--"));
            values.extend(
                joined
                    .filter_map(|it| word.strip_prefix(*it))
                    .filter(|it| !it.is_empty())
                    .map(str::to_owned),
            );
        } else if taking {
            values.push(word.clone());
        }
    }
    values
}

fn sessions(file: &PythonFile) -> Vec<Session> {
    let text = file.source.text();
    let session = |definition: &Definition| {
        let decorators = file.outline.decorators(definition);
        let decorator = decorators.iter().find(|it| {
            let name = it.of_text(text).split('(').next().unwrap_or_default();
            name.ends_with("session") || name.ends_with("nox_session")
        })?;
        let mut session = Session {
            name: definition.name.of_text(text).to_owned(),
            body: definition.body,
            pythons: Vec::new(),
            tags: Vec::new(),
        };
        let call = file.outline.calls.iter().find(|it| it.name.start == decorator.start);
        for argument in call.map(|it| of_call(file, it.arguments)).unwrap_or_default() {
            match argument {
                Argument::Keyword(name, value) if name == "name" => {
                    value.trim_matches(['"', '\'']).clone_into(&mut session.name);
                }
                Argument::Keyword(name, value) if name == "python" => {
                    session.pythons = literals(file, &value);
                }
                Argument::Keyword(name, value) if name == "tags" => {
                    session.tags = literals(file, &value);
                }
                Argument::Other(value) => session.pythons = literals(file, &value),
                Argument::Text(value) => session.pythons = vec![value],
                Argument::Keyword(..) => {}
            }
        }
        Some(session)
    };
    file.outline.definitions.iter().filter_map(session).collect()
}

/// The texts of a list, or of the constant that has this name.
fn literals(file: &PythonFile, value: &str) -> Vec<String> {
    let text = file.source.text();
    let is_name = !value.is_empty() && value.chars().all(|it| it.is_alphanumeric() || it == '_');
    if is_name {
        let line = file.outline.lines.iter().find(|line| {
            let line = line.span.of_text(text);
            let behind = line.strip_prefix(value).map(str::trim_start);
            behind.is_some_and(|it| it.starts_with('=') || it.starts_with(':'))
        });
        return line.map(|it| texts(file, it.span)).unwrap_or_default();
    }
    let quoted = value.split(['[', ']', '(', ')', ',', '{', '}']).map(str::trim);
    let quoted = quoted.filter(|it| it.starts_with(['"', '\'']));
    quoted.map(|it| it.trim_matches(['"', '\'']).to_owned()).collect()
}

impl Noxfile {
    fn find(&self, name: &str) -> Option<&Session> {
        self.sessions.iter().find(|it| it.name == name)
    }

    /// What runs when none is named: `nox.options.sessions`, else all.
    fn usual(&self) -> Vec<String> {
        let text = self.file.source.text();
        let set = self
            .file
            .outline
            .lines
            .iter()
            .find(|line| line.span.of_text(text).starts_with("nox.options.sessions"));
        let named: Vec<_> =
            set.map(|line| texts(&self.file, line.span)).into_iter().flatten().collect();
        if named.is_empty() {
            self.sessions.iter().map(|it| it.name.clone()).collect()
        } else {
            named
        }
    }

    fn run(
        &self,
        session: &Session,
        follower: &mut Follower<'_, '_>,
        it: &Invocation,
        seen: &mut FxHashSet<String>,
        out: &mut Vec<Command>,
    ) {
        if !seen.insert(session.name.clone()) {
            return;
        }
        let text = self.file.source.text();
        let mut led = it.through.clone();
        led.push(format!("nox -s {}", session.name));
        let folder = self.file.path.parent().unwrap_or(Utf8Path::new(""));
        let calls = self.file.outline.calls.iter();
        let inside = calls.filter(|it| {
            it.name.start >= session.body.start && it.arguments.end <= session.body.end
        });
        for call in inside {
            let name = call.name.of_text(text);
            let Some(method) = name.rsplit('.').next().filter(|_| name.contains('.')) else {
                // A helper of the file runs in the name of the session.
                self.helper(name, follower, it, seen, out);
                continue;
            };
            let arguments = of_call(&self.file, call.arguments);
            let mut words: Vec<String> = Vec::new();
            for argument in &arguments {
                match argument {
                    Argument::Text(text) => words.push(text.clone()),
                    Argument::Other(value) if value.contains("posargs") => {
                        words.extend(posargs(self, value, behind_dashes(it.arguments())));
                    }
                    Argument::Other(value) => {
                        words.push(format!("${{{}}}", value.trim_start_matches('*')));
                    }
                    Argument::Keyword(..) => {}
                }
            }
            let place =
                Place::new(self.file.path.clone(), Span::new(call.name.start, call.arguments.end));
            match method {
                "run" | "run_always" | "run_install" if !words.is_empty() => {
                    // A list that is put together elsewhere.
                    if arguments.first().is_some_and(
                        |it| matches!(it, Argument::Other(value) if value.starts_with('*')),
                    ) {
                        follower.unknown(format!(
                            "what session {} of {} runs is put together when it runs",
                            session.name, self.file.path
                        ));
                        continue;
                    }
                    let variables = it.variables.clone();
                    follower.words(words, (folder.to_owned(), led.clone(), variables, place), out);
                }
                "install" => {
                    let words =
                        ["pip", "install"].map(str::to_owned).into_iter().chain(words).collect();
                    follower.words(words, (folder.to_owned(), led.clone(), Vec::new(), place), out);
                }
                "notify" => {
                    if let Some(next) = words.first().and_then(|it| self.find(it)) {
                        self.run(next, follower, it, seen, out);
                    }
                }
                _ => {}
            }
        }
    }

    fn helper(
        &self,
        name: &str,
        follower: &mut Follower<'_, '_>,
        it: &Invocation,
        seen: &mut FxHashSet<String>,
        out: &mut Vec<Command>,
    ) {
        let text = self.file.source.text();
        let mut definitions = self.file.outline.definitions.iter();
        let found = definitions.find(|it| it.name.of_text(text) == name && !it.is_class());
        if let Some(definition) = found {
            let (pythons, tags) = (Vec::new(), Vec::new());
            let helper = Session { name: name.to_owned(), body: definition.body, pythons, tags };
            self.run(&helper, follower, it, seen, out);
        }
    }
}

/// `*session.posargs`, and what stands in for it: `*(session.posargs or ["tests"])`.
fn posargs(nox: &Noxfile, value: &str, given: &[String]) -> Vec<String> {
    if given.is_empty() { literals(&nox.file, value) } else { given.to_vec() }
}
