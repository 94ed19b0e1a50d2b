//! `make`: rules with their prerequisites and recipes, variables that are set once. Knows neither conditions nor functions of
//! make: both branches count.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::follow::{Follower, Invocation, Site, moved};
use super::super::{Command, join};
use crate::facts::Reading;

/// How deep files may include one another.
const DEEPEST: usize = 4;

#[derive(Default)]
struct Makefile {
    rules: Vec<Rule>,
    variables: FxHashMap<String, String>,
    /// Whether a file is included that is not read.
    open: bool,
}

struct Rule {
    path: Utf8PathBuf,
    targets: Vec<String>,
    prerequisites: Vec<String>,
    /// The lines of the recipe, those that go on joined, and where each stands.
    recipe: Vec<(String, Span)>,
}

pub(super) fn follow(follower: &mut Follower<'_, '_>, it: &Invocation, out: &mut Vec<Command>) {
    let mut folder = it.folder.clone();
    let mut file = None;
    let mut targets = Vec::new();
    let mut set = Vec::new();
    let mut words = it.arguments().iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-C" | "--directory" => {
                folder = moved(&folder, words.next().map_or("", String::as_str), &follower.root);
            }
            "-f" | "--file" | "--makefile" => file = words.next().cloned(),
            "-j" => {
                let number = |it: &&String| it.bytes().all(|it| it.is_ascii_digit());
                words = match words.clone().next().filter(number) {
                    Some(_) => words.as_slice()[1..].iter(),
                    None => words,
                };
            }
            _ if word.starts_with("--directory=") => {
                folder = moved(&folder, &word["--directory=".len()..], &follower.root);
            }
            _ if word.starts_with("-C") => folder = moved(&folder, &word[2..], &follower.root),
            _ if word.starts_with('-') => {}
            _ => match word.split_once('=') {
                Some((name, value)) => set.push((name.to_owned(), value.to_owned())),
                None => targets.push(word.clone()),
            },
        }
    }
    let names = file.map_or_else(
        || ["GNUmakefile", "makefile", "Makefile"].map(str::to_owned).to_vec(),
        |file| vec![file],
    );
    let mut make = Makefile::default();
    let mut paths = names.iter().filter_map(|name| join(&folder, name));
    let found = paths.find(|path| follower.facts.tree().is_file(path));
    let Some(path) = found else {
        // Sources that an earlier step fetches are built by their own.
        let judges = ["test", "lint", "check", "ci", "all", "cov"];
        if !targets.iter().any(|target| judges.iter().any(|it| target.contains(it))) {
            return;
        }
        return follower.unknown(format!(
            "there is no {} for `{}`",
            names[names.len() - 1],
            it.words.join(" ")
        ));
    };
    make.read(follower, &path, 0);
    make.variables.extend(it.variables.iter().cloned());
    make.variables.extend(set);
    if targets.is_empty() {
        let first =
            make.rules.iter().flat_map(|rule| &rule.targets).find(|it| !it.starts_with('.'));
        targets.extend(make.variables.get(".DEFAULT_GOAL").or(first).cloned());
    }
    let mut seen = FxHashSet::default();
    for target in targets {
        if !make.run(&target, follower, (it, &folder), &mut seen, out) {
            follower.unknown(format!("`{target}` is not a target of {path}"));
        }
    }
}

impl Makefile {
    fn read(&mut self, follower: &mut Follower<'_, '_>, path: &Utf8Path, depth: usize) {
        let Reading::Whole(document) = follower.facts.text(path) else {
            self.open = true;
            return;
        };
        let text = document.text();
        let mut included = Vec::new();
        let mut at = 0;
        let mut open_rule = false;
        // Source: <https://www.gnu.org/software/make/manual/html_node/Special-Variables.html#index-_002eRECIPEPREFIX>
        let mut prefix = '\t';
        while at < text.len() {
            let (line, length) = logical_line(&text[at..]);
            let span = Span::new(at as u32, (at + length) as u32);
            at += length;
            if line.starts_with(prefix) {
                if open_rule && let Some(rule) = self.rules.last_mut() {
                    let line = line.trim_start_matches([prefix, '\t', ' ', '@', '-', '+']);
                    rule.recipe.push((line.to_owned(), span));
                }
                continue;
            }
            let line = line.split(" #").next().unwrap_or_default().trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(files) =
                line.strip_prefix("include ").or_else(|| line.strip_prefix("-include "))
            {
                included.extend(files.split_whitespace().map(str::to_owned));
            } else if self.assign(line) {
                let set = self.variables.get(".RECIPEPREFIX").and_then(|it| it.chars().next());
                prefix = set.unwrap_or('\t');
            } else if let Some(rule) = self.rule(line, path) {
                open_rule = true;
                self.rules.push(rule);
            }
        }
        for file in included {
            let file = self.expand(&file, "", 0);
            let beside = path.parent().unwrap_or(Utf8Path::new(""));
            match join(beside, &file).filter(|it| follower.facts.tree().is_file(it)) {
                Some(file) if depth < DEEPEST => self.read(follower, &file, depth + 1),
                // A file for one machine, such as `.env`, has no targets.
                _ => self.open |= !file.contains(".env") && !file.contains("local"),
            }
        }
    }

    fn assign(&mut self, line: &str) -> bool {
        let Some(equals) = line.find('=') else { return false };
        let name = line[..equals].trim_end_matches([':', '?', '+', '!', ' ', '\t']);
        let name = name.strip_prefix("export ").unwrap_or(name).trim();
        let is_name = |it: char| it.is_ascii_alphanumeric() || "_.-".contains(it);
        if name.is_empty() || !name.chars().all(is_name) {
            return false;
        }
        let value = line[equals + 1..].trim().to_owned();
        if line[..equals].ends_with('+') {
            let known = self.variables.entry(name.to_owned()).or_default();
            known.push(' ');
            known.push_str(&value);
        } else {
            self.variables.insert(name.to_owned(), value);
        }
        true
    }

    fn rule(&self, line: &str, path: &Utf8Path) -> Option<Rule> {
        let (targets, behind) = line.split_once(':')?;
        let behind = behind.trim_start_matches(':');
        let (prerequisites, command) = behind.split_once(';').unwrap_or((behind, ""));
        // A variable for one target.
        if prerequisites.contains('=') {
            return None;
        }
        let words = |text: &str| {
            let expanded = self.expand(text, "", 0);
            expanded.split_whitespace().filter(|it| *it != "|").map(str::to_owned).collect()
        };
        let mut rule = Rule {
            path: path.to_owned(),
            targets: words(targets),
            prerequisites: words(prerequisites),
            recipe: Vec::new(),
        };
        if !command.trim().is_empty() {
            rule.recipe.push((command.trim().to_owned(), Span::default()));
        }
        Some(rule)
    }

    /// Adds what a target comes to; `false` where it is none.
    fn run(
        &self,
        target: &str,
        follower: &mut Follower<'_, '_>,
        (it, folder): (&Invocation, &Utf8Path),
        seen: &mut FxHashSet<String>,
        out: &mut Vec<Command>,
    ) -> bool {
        if !seen.insert(target.to_owned()) {
            return true;
        }
        let rules = self.rules.iter().filter(|rule| rule.targets.iter().any(|it| it == target));
        let mut found = false;
        for rule in rules {
            found = true;
            // What a function of make makes of names is not followed.
            if rule.prerequisites.iter().any(|it| it.contains("${")) {
                follower.sources.push(rule.path.clone());
            }
            for prerequisite in &rule.prerequisites {
                self.run(prerequisite, follower, (it, folder), seen, out);
            }
            let Some(document) = follower.facts.text(&rule.path).whole() else { continue };
            for (line, span) in &rule.recipe {
                let script = self.expand(line, target, 0);
                let site = Site {
                    folder: folder.to_owned(),
                    ..it.site(&rule.path, document.text(), *span)
                };
                follower.script(&script, &site, out);
            }
        }
        if !found && self.open {
            follower.unknown(format!("`{target}` may stand in a file that a Makefile includes"));
            return true;
        }
        // What patterns make is a file.
        found
            || target.contains('/')
            || self.rules.iter().any(|it| it.targets.iter().any(|it| it.contains('%')))
    }

    /// A text with its variables written out, as far as they are known.
    fn expand(&self, text: &str, target: &str, depth: usize) -> String {
        if !text.contains('$') || depth > 8 || text.len() > 20_000 {
            return text.to_owned();
        }
        let mut result = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            result.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let (name, behind) = match rest.chars().next() {
                Some('(') => inside(rest, '(', ')'),
                Some('{') => inside(rest, '{', '}'),
                Some(one) => rest.split_at(one.len_utf8()),
                None => break,
            };
            rest = behind;
            match name {
                "$" => result.push('$'),
                "@" => result.push_str(target),
                "MAKE" => result.push_str("make"),
                "CURDIR" => result.push('.'),
                _ => match self.variables.get(name) {
                    Some(value) => result.push_str(&self.expand(value, target, depth + 1)),
                    // A variable that nobody sets is empty; a function is anything.
                    None if name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_') => {}
                    None => result.extend(["${", name, "}"]),
                },
            }
        }
        result.push_str(rest);
        result
    }
}

/// What stands between brackets at the beginning of a text, and what behind them.
fn inside(text: &str, open: char, close: char) -> (&str, &str) {
    let mut depth = 0_i32;
    for (at, it) in text.char_indices() {
        depth += i32::from(it == open) - i32::from(it == close);
        if depth == 0 {
            return (&text[1..at], &text[at + 1..]);
        }
    }
    (&text[1..], "")
}

/// A line with those that go on, joined, and their length with the line end.
fn logical_line(text: &str) -> (String, usize) {
    let mut line = String::new();
    let mut length = 0;
    for part in text.split_inclusive('\n') {
        length += part.len();
        let part = part.trim_end_matches(['\n', '\r']);
        if let Some(part) = part.strip_suffix('\\') {
            line.push_str(part);
            line.push(' ');
        } else {
            line.push_str(part);
            break;
        }
    }
    (line, length)
}
