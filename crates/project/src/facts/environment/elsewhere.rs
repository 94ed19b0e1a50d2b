//! Who else names the variables of example files: other code of the project, containers, scripts, front ends,
//! documentation. Knows which files are worth a look, no syntax.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use camino::Utf8Path;

use super::examples::is_example;
use super::python::is_name;
use super::{Environment, is_injected, is_read_by_others};
use crate::facts::Facts;

/// So many files are searched, and so long ones, before it is said that not everything is known.
const MOST_FILES: usize = 4_000;
const LONGEST: usize = 400_000;

/// The names of example files that something else is to name, and those that something does.
pub(super) struct Search {
    names: Vec<String>,
    /// Finds them in upper and lower case: a field is written in lower case. `None` where there are none.
    automaton: Option<AhoCorasick>,
    found: Vec<bool>,
    /// How many are not found yet.
    missing: usize,
}

impl Search {
    /// For the names that stand uncommented in example files and that no platform or library reads.
    pub(super) fn new(components: &[Environment]) -> Self {
        let examples = components.iter().flat_map(|it| &it.examples);
        let names = examples.filter(|it| !it.commented).map(|it| it.name.value.as_str());
        let names = names.filter(|it| !is_injected(it) && !is_read_by_others(it));
        let mut names: Vec<_> = names.map(str::to_ascii_uppercase).collect();
        names.sort_unstable();
        names.dedup();
        let automaton = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&names);
        let automaton = automaton.ok().filter(|_| !names.is_empty());
        Self { automaton, found: vec![false; names.len()], missing: names.len(), names }
    }

    /// Looks for the names in a text.
    pub(super) fn look(&mut self, bytes: &[u8]) {
        let Some(automaton) = self.automaton.as_ref().filter(|_| self.missing > 0) else { return };
        if bytes.len() > LONGEST {
            return;
        }
        let is_part = |at: Option<usize>| {
            let byte = at.and_then(|at| bytes.get(at));
            byte.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_')
        };
        for hit in automaton.find_overlapping_iter(bytes) {
            let index = hit.pattern().as_usize();
            if !self.found[index]
                && !is_part(hit.start().checked_sub(1))
                && !is_part(Some(hit.end()))
            {
                self.found[index] = true;
                self.missing -= 1;
            }
        }
    }

    /// The names that something names, in order.
    fn found(self) -> Vec<String> {
        let found = self.names.into_iter().zip(self.found);
        found.filter(|(_, found)| *found).map(|(name, _)| name).collect()
    }
}

/// Takes what containers set, and which names of example files anything names. `is_known` tells of files that have been
/// looked into.
pub(super) fn read(
    facts: &Facts<'_>,
    components: &mut [Environment],
    mut search: Search,
    is_known: impl Fn(&Utf8Path) -> bool,
) {
    read_set(facts, components);
    let asks = |it: &&mut Environment| !it.examples.is_empty() && it.unknown.is_empty();
    // What is not known of anybody need not be looked for.
    let is_asked = components.iter_mut().any(|it| asks(&it));
    let mut files = 0;
    for path in facts.tree().files().filter(|_| is_asked) {
        if search.missing == 0 || files > MOST_FILES {
            break;
        }
        if !is_worth_a_look(path) || is_known(path) || is_example(path) {
            continue;
        }
        files += 1;
        if let Ok(bytes) = facts.bytes(path) {
            search.look(&bytes);
        }
    }
    let found = search.found();
    for environment in components.iter_mut().filter(asks) {
        environment.named_elsewhere.clone_from(&found);
        if files > MOST_FILES {
            environment.unknown.push("not every file of the project was searched".to_owned());
        }
    }
}

fn is_worth_a_look(path: &Utf8Path) -> bool {
    const EXTENSIONS: [&str; 26] = [
        "py", "yml", "yaml", "toml", "ini", "cfg", "conf", "sh", "bash", "js", "jsx", "ts", "tsx",
        "mjs", "cjs", "vue", "svelte", "md", "rst", "tf", "mk", "template", "tpl", "j2", "go",
        "rb",
    ];
    let name = path.file_name().unwrap_or_default();
    match path.extension() {
        Some("json") => name == "package.json" || name == "app.json" || name == "vercel.json",
        Some(extension) => EXTENSIONS.contains(&extension) || name.contains("Dockerfile"),
        None => !name.starts_with('.') || name == ".envrc",
    }
}

/// What images and services set themselves, to something or to a default.
fn read_set(facts: &Facts<'_>, components: &mut [Environment]) {
    let containers = facts.containers();
    let mut set: Vec<(Option<usize>, String)> = Vec::new();
    for image in &containers.images {
        let instructions = image.stages.iter().flat_map(|it| &it.instructions);
        for instruction in instructions.filter(|it| it.keyword == "ENV") {
            let words = instruction.arguments.value.split_whitespace();
            let names = words.filter_map(|it| it.split_once('=')).map(|(name, _)| name);
            set.extend(names.filter(|it| is_name(it)).map(|it| (image.component, it.to_owned())));
        }
    }
    for process in &containers.processes {
        let given = process.environment.iter().filter(|(_, value)| {
            let value = value.as_deref();
            value.is_some_and(|it| !it.contains('$') || it.contains(":-"))
        });
        set.extend(given.map(|(name, _)| (process.component, name.clone())));
    }
    for (index, environment) in components.iter_mut().enumerate() {
        let own = set.iter().filter(|(component, _)| component.is_none_or(|it| it == index));
        environment.set = own.map(|(_, name)| name.clone()).collect();
        environment.set.sort_unstable();
        environment.set.dedup();
    }
}
