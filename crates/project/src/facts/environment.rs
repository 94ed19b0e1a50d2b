//! Environment variables: which the code reads, and which example files, containers and scripts name. Knows how Python and
//! those files name them, no rule.

use super::{Facts, Located};

/// The environment of all components.
#[derive(Clone, Debug, Default)]
pub struct EnvironmentModel {
    /// By the index of the component.
    pub components: Vec<Environment>,
}

/// The environment of one component.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Each place where its code reads one.
    pub reads: Vec<Read>,
    /// What its example files name, commented lines included.
    pub examples: Vec<Located<String>>,
    /// What else reads them by name: Compose, shell scripts, front ends.
    pub named_elsewhere: Vec<String>,
    /// Why not every read is known: "names are put together at run time".
    pub unknown: Vec<String>,
}

/// A place where code reads a variable.
#[derive(Clone, Debug)]
pub struct Read {
    /// The variable.
    pub name: Located<String>,
    /// Whether nothing stands in for it: `os.environ["X"]`, a field without default.
    pub required: bool,
}

/// Reads the environment of all components.
pub(super) fn read(facts: &Facts<'_>) -> EnvironmentModel {
    let components = facts.project().components.iter().map(|_| Environment::default());
    EnvironmentModel { components: components.collect() }
}
