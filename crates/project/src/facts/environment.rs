//! Environment variables: which the code reads, and which example files, containers and scripts name. Knows how Python and
//! those files name them, no rule.

mod elsewhere;
mod examples;
mod python;
mod settings;

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::syntax;
use super::value::Value;
use super::{Facts, Located, PythonFile};
use crate::{Role, role_of};

/// The environment of all components.
#[derive(Clone, Debug, Default)]
pub struct EnvironmentModel {
    /// By the index of the component. Only components with an example file are looked into.
    pub components: Vec<Environment>,
}

/// The environment of one component.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Each place where its code reads one, in the order of the places.
    pub reads: Vec<Read>,
    /// What its example files name, commented lines included.
    pub examples: Vec<Example>,
    /// Of the names in example files, in upper case, those that anything else names: tests and tools of the project,
    /// Compose, scripts, front ends, documentation. Sorted. Not looked for where not every read is known.
    pub named_elsewhere: Vec<String>,
    /// What images and services set themselves. Sorted.
    pub set: Vec<String>,
    /// Why not every read is known: "names are put together at run time".
    pub unknown: Vec<String>,
}

/// A variable that an example file names.
#[derive(Clone, Debug)]
pub struct Example {
    /// The variable.
    pub name: Located<String>,
    /// Whether its line is commented out.
    pub commented: bool,
}

/// A place where code reads a variable.
#[derive(Clone, Debug)]
pub struct Read {
    /// The variable; the place is that of the name in quotes, or of the field.
    pub name: Located<String>,
    /// Whether nothing stands in for it: `os.environ["X"]`, a field without default.
    pub required: bool,
}

static NAMES: LazyLock<Value> = LazyLock::new(|| {
    syntax::toml::parse(include_str!("environment/names.toml")).unwrap_or_default()
});

fn is_among(list: &str, name: &str) -> bool {
    let rows = NAMES.get(list).into_iter().flat_map(Value::items);
    rows.flat_map(|it| it.get("names").into_iter().flat_map(Value::items)).any(|it| {
        let pattern = it.text().unwrap_or_default();
        match pattern.strip_suffix('*') {
            Some(prefix) => name.starts_with(prefix),
            None => name == pattern,
        }
    })
}

/// Whether platforms, shells or tools set a variable, so that nobody has to.
pub fn is_injected(name: &str) -> bool {
    is_among("injected", name)
}

/// Whether libraries or programs read a variable by themselves, so that no code of the project need.
pub fn is_read_by_others(name: &str) -> bool {
    is_among("read_by_others", name)
}

/// Reads the environment of all components.
pub(super) fn read(facts: &Facts<'_>) -> EnvironmentModel {
    let examples = examples::read(facts);
    let mut components: Vec<Environment> = examples
        .into_iter()
        .map(|examples| Environment { examples, ..Environment::default() })
        .collect();
    if components.iter().all(|it| it.examples.is_empty()) {
        return EnvironmentModel { components };
    }
    // Each file is read once, for what it reads and for what it names.
    let mut search = elsewhere::Search::new(&components);
    let mut known = FxHashSet::default();
    for file in facts.project().files.iter().filter(|it| it.kind.is_python()) {
        let Ok(bytes) = (facts.read)(&file.path) else { continue };
        known.insert(file.path.as_path());
        search.look(&bytes);
        let environment = &mut components[file.component];
        if !environment.examples.is_empty() {
            read_python(facts, file, bytes, environment);
        }
    }
    elsewhere::read(facts, &mut components, search, |path| known.contains(path));
    EnvironmentModel { components }
}

/// What the code of every component reads, whether anything names it or not: for those who show it. Reads each file that
/// may read a variable, every time.
pub fn every_read(facts: &Facts<'_>) -> Vec<Environment> {
    let components = &facts.project().components;
    let mut environments = vec![Environment::default(); components.len()];
    for file in facts.project().files.iter().filter(|it| it.kind.is_python()) {
        if let Ok(bytes) = (facts.read)(&file.path) {
            read_python(facts, file, bytes, &mut environments[file.component]);
        }
    }
    environments
}

/// Takes what a file of the product reads.
fn read_python(
    facts: &Facts<'_>,
    file: &crate::File,
    bytes: Vec<u8>,
    environment: &mut Environment,
) {
    let aside = [Role::Test, Role::Example, Role::Vendored, Role::Generated, Role::Stub];
    if file.path_role.as_ref().is_some_and(|it| aside.contains(&it.role))
        || !python::may_read(&bytes)
    {
        return;
    }
    let Some(source) = PythonFile::of(&file.path, bytes) else { return };
    let component = facts.project().component(file);
    let role = role_of(file, component, &source.source, &source.outline).role;
    if role.is_product() || role == Role::Cli {
        python::read(&source, environment);
        settings::read(&source, environment);
    }
}

#[cfg(test)]
mod tests;
