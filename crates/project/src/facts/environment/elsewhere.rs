//! Who else names the variables of example files: other code of the project, containers, scripts, front ends,
//! documentation. Knows which files are worth a look, no syntax.

use camino::Utf8Path;
use rustc_hash::FxHashSet;

use super::Environment;
use super::python::is_name;
use crate::facts::Facts;

/// So many files are searched, and so long ones, before it is said that not everything is known.
const MOST_FILES: usize = 4_000;
const LONGEST: usize = 400_000;

/// Takes what containers set, and which names of example files anything names.
pub(super) fn read(facts: &Facts<'_>, components: &mut [Environment]) {
    read_set(facts, components);
    let wanted: FxHashSet<String> = components
        .iter()
        .flat_map(|it| {
            let is_read = |name: &str| it.reads.iter().any(|read| read.name.value == name);
            let examples = it.examples.iter().map(|it| it.name.value.as_str());
            examples.filter(move |name| !is_read(name)).map(str::to_ascii_uppercase)
        })
        .collect();
    if wanted.is_empty() {
        return;
    }
    let examples: FxHashSet<&Utf8Path> = components
        .iter()
        .flat_map(|it| it.examples.iter().map(|it| it.name.place.path.as_path()))
        .collect();
    let mut found = FxHashSet::default();
    let mut files = 0;
    for path in facts.tree().files() {
        if examples.contains(path) || !is_worth_a_look(path) {
            continue;
        }
        files += 1;
        if files > MOST_FILES {
            break;
        }
        let Ok(bytes) = (facts.read)(path) else { continue };
        if bytes.len() <= LONGEST {
            search(&bytes, &wanted, &mut found);
        }
    }
    let everything = files <= MOST_FILES;
    let mut found: Vec<String> = found.into_iter().collect();
    found.sort_unstable();
    for environment in components.iter_mut().filter(|it| !it.examples.is_empty()) {
        environment.named_elsewhere.clone_from(&found);
        if !everything {
            environment.unknown.push("not every file of the project was searched".to_owned());
        }
    }
}

/// Which of the names stand in a text, in upper or lower case: a field is written in lower case.
fn search(bytes: &[u8], wanted: &FxHashSet<String>, found: &mut FxHashSet<String>) {
    let is_word = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_';
    for word in bytes.split(|it| !is_word(it)).filter(|it| it.len() > 1 && it.len() < 80) {
        let Ok(word) = std::str::from_utf8(word) else { continue };
        let word = word.to_ascii_uppercase();
        if wanted.contains(&word) {
            found.insert(word);
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
