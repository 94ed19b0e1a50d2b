//! Scripts to the commands they come to: wrappers taken away, indirections followed. Knows shells as far as
//! [`shell::commands`] does; each runner is a module of `runners`.

use camino::{Utf8Path, Utf8PathBuf};

use super::runners;
use super::wrappers::{open, program_of, unwrap};
use super::{Command, Place, join};
use crate::facts::{Facts, Located, shell};
use roadworthy_parser::Span;

/// How many indirections lie in one another: a job calls make, that tox, that a script.
const DEEPEST: usize = 6;
/// How many commands one step comes to at most.
const MOST_COMMANDS: usize = 1_000;

/// Follows the scripts of one project.
pub(super) struct Follower<'f, 'p> {
    /// The files of the project.
    pub(super) facts: &'f Facts<'p>,
    /// Where the repository begins.
    pub(super) root: Utf8PathBuf,
    /// What may run something that is not seen.
    pub(super) unknown: Vec<String>,
    /// Files that decide what is run and are not wholly understood.
    pub(super) sources: Vec<Utf8PathBuf>,
    /// Versions of Python that the commands of the step ask for.
    pub(super) pythons: Vec<Located<String>>,
    commands: usize,
}

/// Where a script stands, and what is known around it.
#[derive(Clone, Debug)]
pub(super) struct Site<'s> {
    /// The file it stands in.
    pub(super) path: &'s Utf8Path,
    /// The text of that.
    pub(super) text: &'s str,
    /// Its place there.
    pub(super) span: Span,
    /// The folder it begins in.
    pub(super) folder: Utf8PathBuf,
    /// What led to it.
    pub(super) through: Vec<String>,
    /// Variables of its environment whose values are known.
    pub(super) variables: Vec<(String, String)>,
}

impl Site<'_> {
    /// The place of a part of the script, as well as it can be found again. `from` is where it stands in the script, which
    /// is the text but for quotes and what YAML takes away at the beginning of lines: there it stands no earlier.
    pub(super) fn place(&self, part: &str, from: usize) -> Place {
        let whole = self.span.of_text(self.text);
        let rest = whole.get(from..).unwrap_or_default();
        // A variable that is written out may have moved it.
        let find = |part: &str| rest.find(part).map(|at| from + at).or_else(|| whole.find(part));
        let line = part.lines().next().unwrap_or_default().trim_end_matches('\\').trim();
        let word = line.split_whitespace().next().unwrap_or_default();
        let found = [line, word].into_iter().filter(|it| !it.is_empty());
        let mut found = found;
        let found = found.find_map(|it| Some((find(it)?, it.len())));
        let (at, length) = found.unwrap_or((0, whole.lines().next().map_or(0, str::len)));
        let start = self.span.start + at as u32;
        Place::new(self.path, Span::new(start, start + length as u32))
    }
}

/// A command that is followed.
pub(super) struct Invocation {
    /// Its words, wrappers taken away.
    pub(super) words: Vec<String>,
    /// The wrappers.
    pub(super) runners: Vec<String>,
    /// Where it runs.
    pub(super) folder: Utf8PathBuf,
    /// What led to it, itself not included.
    pub(super) through: Vec<String>,
    /// Variables of its environment whose values are known.
    pub(super) variables: Vec<(String, String)>,
    /// Where it stands.
    pub(super) place: Place,
}

impl Invocation {
    /// What led to what it runs: itself included.
    pub(super) fn led(&self) -> Vec<String> {
        let mut led = self.through.clone();
        led.push(self.words.iter().take(4).map(String::as_str).collect::<Vec<_>>().join(" "));
        led
    }

    /// The words behind the program.
    pub(super) fn arguments(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The value of a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().rev().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A place in a file for what this runs.
    pub(super) fn site<'t>(&self, path: &'t Utf8Path, text: &'t str, span: Span) -> Site<'t> {
        let (folder, variables) = (self.folder.clone(), self.variables.clone());
        Site { path, text, span, folder, through: self.led(), variables }
    }
}

impl<'f, 'p> Follower<'f, 'p> {
    pub(super) fn new(facts: &'f Facts<'p>) -> Self {
        let (root, unknown, sources) = (Utf8PathBuf::new(), Vec::new(), Vec::new());
        Self { facts, root, unknown, sources, pythons: Vec::new(), commands: 0 }
    }

    /// Records why something may run that is not seen.
    pub(super) fn unknown(&mut self, reason: impl Into<String>) {
        let reason = reason.into();
        if !self.unknown.contains(&reason) {
            self.unknown.push(reason);
        }
    }

    /// Begins a step.
    pub(super) fn begin_step(&mut self) {
        self.commands = 0;
    }

    /// The commands that a script comes to.
    pub(super) fn script(&mut self, script: &str, site: &Site<'_>, out: &mut Vec<Command>) {
        let mut folder = site.folder.clone();
        for command in shell::commands(script) {
            let raw = command.span.of_text(script);
            let mut variables = site.variables.clone();
            variables.extend(command.assignments.iter().cloned());
            let words: Vec<_> = command
                .words
                .iter()
                .flat_map(|word| match substituted(&word.text, &variables) {
                    // A variable may hold several words.
                    text if word.expands && word.text.starts_with('$') && !open(&text) => {
                        text.split_whitespace().map(str::to_owned).collect()
                    }
                    text => vec![text],
                })
                .collect();
            match words.first().map(String::as_str) {
                None | Some("export") => {}
                Some("cd" | "pushd") => {
                    let to = words.get(1).map_or("", String::as_str);
                    folder = moved(&folder, to, &self.root);
                }
                Some("popd") => folder.clone_from(&site.folder),
                Some(_) => {
                    let (folder, through) = (folder.clone(), site.through.clone());
                    let place = site.place(raw, command.span.start as usize);
                    self.words(words, (folder, through, variables, place), out);
                }
            }
        }
    }

    /// The commands that a list of words comes to.
    pub(super) fn words(
        &mut self,
        words: Vec<String>,
        (folder, through, variables, place): (
            Utf8PathBuf,
            Vec<String>,
            Vec<(String, String)>,
            Place,
        ),
        out: &mut Vec<Command>,
    ) {
        let runners = Vec::new();
        let invocation = Invocation { words, runners, folder, through, variables, place };
        self.invocation(invocation, out);
    }

    fn invocation(&mut self, mut it: Invocation, out: &mut Vec<Command>) {
        self.commands += 1;
        if self.commands > MOST_COMMANDS {
            return self
                .unknown(format!("{} runs more commands than can be followed", it.place.path));
        }
        if it.through.len() > DEEPEST {
            return self.unknown(format!("{} leads too far", it.through.join(", ")));
        }
        while let Some(inner) = unwrap(&it.words) {
            if let Some(folder) = &inner.folder {
                it.folder = moved(&it.folder, folder, &self.root);
            }
            if let Some(python) = inner.python {
                self.pythons.push(Located { value: python, place: it.place.clone() });
            }
            it.runners.push(inner.runner.clone());
            if let Some(script) = inner.script {
                return self.inline(&script, &it, out);
            }
            // `docker compose run --entrypoint "pytest tests" web`: what else starts there does not.
            if let Some(start) = runners::option_values(&it.words, "", &["--entrypoint"]).first()
                && inner.runner.starts_with("docker")
                && !start.is_empty()
            {
                let script = format!("{start} {}", inner.words.join(" "));
                return self.inline(&script, &it, out);
            }
            if let Some(service) = inner.skipped.first()
                && inner.runner.starts_with("docker compose")
                && inner.words.is_empty()
            {
                return runners::compose::service(self, service, &it, out);
            }
            it.words = inner.words;
            // `uv run lint`: the task of this name, not the program.
            if runners::tasks::follow_wrapped(self, &inner.runner, &it, out) {
                return;
            }
        }
        let (program, length) = program_of(&it.words);
        if length == 2 {
            it.words.remove(0);
        }
        if let Some(first) = it.words.first_mut()
            && !first.contains('/')
            && !program.is_empty()
        {
            first.clone_from(&program);
        }
        if !runners::follow(self, &program, &it, out) {
            if decides(&it.words) {
                let file = it.place.path.clone();
                self.unknown(format!("what `{program}` is in {file} is known only when it runs"));
            }
            let Invocation { words, runners, through, folder, place, .. } = it;
            out.push(Command { words, runners, through, folder, place });
        }
    }

    /// A script that stands within a word of a command.
    fn inline(&mut self, script: &str, it: &Invocation, out: &mut Vec<Command>) {
        let mut commands = Vec::new();
        let site = Site {
            path: &it.place.path,
            text: "",
            span: Span::default(),
            folder: it.folder.clone(),
            through: it.through.clone(),
            variables: it.variables.clone(),
        };
        self.script(script, &site, &mut commands);
        // What came through a file of its own keeps its place there.
        for mut command in commands {
            if command.place.path == it.place.path && command.place.span.is_empty() {
                command.place = it.place.clone();
            }
            out.push(command);
        }
    }
}

/// Whether a variable decides which program runs: `$RUNNER tests`. What a shell compares or sets, and the words that a
/// function is called with, only look like it.
fn decides(words: &[String]) -> bool {
    const OPERATORS: [&str; 9] = ["==", "=", "!=", "=~", "+=", "in", "-eq", "-ne", "]]"];
    let first = words.first().map_or("", String::as_str);
    let name = first.trim_start_matches('$').trim_matches(['{', '}', '"']).trim();
    let is_variable = first.starts_with('$')
        && (first.starts_with("${{")
            || name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_'));
    let is_parameter = name.bytes().all(|it| it.is_ascii_digit());
    let compares = words.get(1).is_some_and(|it| OPERATORS.contains(&it.as_str()));
    is_variable && !is_parameter && !compares && words.len() > 1
}

/// Hands the text of a file on that is none of those whose language matters.
pub(super) fn text_of(facts: &Facts<'_>, path: &Utf8Path, ask: impl Fn(&str) -> bool) -> bool {
    match path.extension() {
        Some("py") => facts.python(path).is_some_and(|file| ask(file.source.text())),
        Some("yml" | "yaml") => facts.yaml(path).whole().is_some_and(|file| ask(file.text())),
        Some("toml") => facts.toml(path).whole().is_some_and(|file| ask(file.text())),
        Some("json") => facts.json(path).whole().is_some_and(|file| ask(file.text())),
        _ => facts.text(path).whole().is_some_and(|file| ask(file.text())),
    }
}

/// The folder that `cd` leads to; what is not known or lies outside leads to where the repository begins.
pub(super) fn moved(folder: &Utf8Path, to: &str, root: &Utf8Path) -> Utf8PathBuf {
    let to = to.strip_prefix("${{ github.workspace }}").unwrap_or(to);
    let (from, to) = match ["$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "$CI_PROJECT_DIR"]
        .iter()
        .find_map(|name| to.strip_prefix(name))
    {
        Some(rest) => (root, rest.trim_start_matches('/')),
        None => (folder, to),
    };
    if open(to) || to.starts_with(['/', '~', '-']) {
        return root.to_owned();
    }
    join(from, to).filter(|it| it.starts_with(root)).unwrap_or_else(|| root.to_owned())
}

/// A word with the variables replaced whose values are known.
fn substituted(word: &str, variables: &[(String, String)]) -> String {
    if !word.contains('$') {
        return word.to_owned();
    }
    let mut result = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        let (name, length) = name_of(rest);
        let value = variables.iter().rev().find(|(other, _)| other == name);
        match value {
            Some((_, value)) if !name.is_empty() && !open(value) => result.push_str(value),
            _ => result.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    result.push_str(rest);
    result
}

/// The variable at the beginning of a text, and how long that is.
fn name_of(text: &str) -> (&str, usize) {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
    if let Some(braced) = text.strip_prefix("${")
        && let Some(end) = braced.find('}')
    {
        let name = &braced[..end];
        return if name.chars().all(is_part) { (name, end + 3) } else { ("", end + 3) };
    }
    let length = text[1..].find(|it| !is_part(it)).unwrap_or(text.len() - 1);
    (&text[1..=length], length + 1)
}
