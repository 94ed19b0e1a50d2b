//! `just`: recipes with the recipes they ask for first. Knows neither modules nor functions of just.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Command;
use super::super::follow::{Follower, Invocation, Site};
use super::option_values;
use crate::facts::Document;

const NAMES: [&str; 3] = ["justfile", "Justfile", ".justfile"];

struct Recipe {
    name: String,
    parameters: Vec<(String, Option<String>)>,
    dependencies: Vec<String>,
    body: Vec<(String, Span)>,
}

#[derive(Default)]
struct Justfile {
    recipes: Vec<Recipe>,
    aliases: FxHashMap<String, String>,
    variables: FxHashMap<String, String>,
}

pub(super) fn follow(follower: &mut Follower<'_, '_>, it: &Invocation, out: &mut Vec<Command>) {
    let given = option_values(it.arguments(), "-f", &["--justfile"]);
    let Some(path) = find(follower, &it.folder, given.first().copied()) else {
        return follower.unknown(format!("there is no justfile for `{}`", it.words.join(" ")));
    };
    let Some(document) = follower.facts.text(&path).whole() else {
        return follower.unknown(format!("{path} cannot be read"));
    };
    let file = Justfile::read(&document);
    let is_name = |word: &&String| {
        !word.starts_with('-') && !word.contains('=') && given.first() != Some(&word.as_str())
    };
    let rest: Vec<String> = it.arguments().iter().filter(is_name).cloned().collect();
    let mut targets: Vec<String> = Vec::new();
    if let Some(first) = rest.first() {
        targets.push(first.clone());
        // `just lint test`: what is a recipe too is one; anything else is an argument.
        targets.extend(rest[1..].iter().filter(|it| file.find(it).is_some()).cloned());
    } else {
        targets.extend(file.recipes.first().map(|it| it.name.clone()));
    }
    let mut seen = FxHashSet::default();
    let arguments = rest.get(1..).unwrap_or_default();
    for target in targets {
        if !file.run(&target, follower, (it, &document, arguments), &mut seen, out) {
            follower.unknown(format!("`{target}` is not a recipe of {path}"));
        }
    }
}

fn find(
    follower: &Follower<'_, '_>,
    folder: &Utf8Path,
    given: Option<&str>,
) -> Option<Utf8PathBuf> {
    let tree = follower.facts.tree();
    if let Some(given) = given {
        return super::super::join(folder, given).filter(|it| tree.is_file(it));
    }
    let above = folder.ancestors().take_while(|it| it.starts_with(&follower.root));
    let mut paths = above.flat_map(|folder| NAMES.map(|name| folder.join(name)));
    paths.find(|path| tree.is_file(path))
}

impl Justfile {
    fn read(document: &Document) -> Self {
        let text = document.text();
        let mut file = Self::default();
        let mut at = 0;
        let mut in_recipe = false;
        for line in text.split_inclusive('\n') {
            let span = Span::new(at as u32, (at + line.trim_end().len()) as u32);
            at += line.len();
            let line = line.trim_end();
            if line.starts_with([' ', '\t']) {
                if in_recipe && let Some(recipe) = file.recipes.last_mut() {
                    let body = line.trim_start().trim_start_matches(['@', '-']);
                    recipe.body.push((body.to_owned(), span));
                }
            } else if let Some(alias) = line.strip_prefix("alias ") {
                if let Some((name, target)) = alias.split_once(":=") {
                    file.aliases.insert(name.trim().to_owned(), target.trim().to_owned());
                }
            } else if let Some((name, value)) = line.split_once(":=") {
                let name = name.trim_start_matches("export ").trim().to_owned();
                let value = value.trim();
                let literal = value.trim_matches(['"', '\'']);
                if literal.len() + 2 == value.len() {
                    file.variables.insert(name, literal.to_owned());
                }
            } else if !line.is_empty() && !line.starts_with(['#', '[']) {
                in_recipe = false;
                if let Some(recipe) = recipe(line) {
                    in_recipe = true;
                    file.recipes.push(recipe);
                }
            }
        }
        file
    }

    fn find(&self, name: &str) -> Option<&Recipe> {
        let name = self.aliases.get(name).map_or(name, String::as_str);
        self.recipes.iter().find(|it| it.name == name)
    }

    fn run(
        &self,
        target: &str,
        follower: &mut Follower<'_, '_>,
        (it, document, arguments): (&Invocation, &Document, &[String]),
        seen: &mut FxHashSet<String>,
        out: &mut Vec<Command>,
    ) -> bool {
        let Some(recipe) = self.find(target) else { return false };
        if !seen.insert(recipe.name.clone()) {
            return true;
        }
        for dependency in &recipe.dependencies {
            self.run(dependency, follower, (it, document, &[]), seen, out);
        }
        let mut known = self.variables.clone();
        for (at, (name, default)) in recipe.parameters.iter().enumerate() {
            let value = if name.starts_with(['*', '+']) {
                arguments.get(at..).filter(|it| !it.is_empty()).map(|it| it.join(" "))
            } else {
                arguments.get(at).cloned()
            };
            let value = value.or_else(|| default.clone()).unwrap_or_default();
            known.insert(name.trim_start_matches(['*', '+', '$']).to_owned(), value);
        }
        let folder = document.path.parent().unwrap_or(Utf8Path::new("")).to_owned();
        for (line, span) in &recipe.body {
            let site =
                Site { folder: folder.clone(), ..it.site(&document.path, document.text(), *span) };
            follower.script(&expanded(line, &known), &site, out);
        }
        true
    }
}

/// `name parameter default='x' *rest: first second`
fn recipe(line: &str) -> Option<Recipe> {
    let (head, dependencies) = line.split_once(':')?;
    let mut words = head.trim_start_matches('@').split_whitespace();
    let name = words.next()?.to_owned();
    let parameters = words.map(|word| match word.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.trim_matches(['"', '\'']).to_owned())),
        None => (word.to_owned(), None),
    });
    let parameters = parameters.collect();
    let dependencies = dependencies.split('#').next().unwrap_or_default();
    let dependencies = dependencies.replace("&&", " ");
    let dependencies =
        dependencies.split_whitespace().map(|it| it.trim_matches(['(', ')']).to_owned());
    Some(Recipe { name, parameters, dependencies: dependencies.collect(), body: Vec::new() })
}

fn expanded(line: &str, known: &FxHashMap<String, String>) -> String {
    let mut result = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("{{") {
        result.push_str(before);
        let (name, behind) = behind.split_once("}}").unwrap_or((behind, ""));
        match known.get(name.trim()) {
            Some(value) => result.push_str(value),
            None => result.extend(["{{", name, "}}"]),
        }
        rest = behind;
    }
    result.push_str(rest);
    result
}
