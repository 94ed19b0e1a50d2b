//! What several rules need to know about Python. Knows syntax and names, no rule.

pub(crate) mod attempts;
pub(crate) mod blocks;
pub(crate) mod calls;
pub(crate) mod classes;
pub(crate) mod code_text;
pub(crate) mod default_guards;
pub(crate) mod dockerfile;
pub(crate) mod entry_points;
pub(crate) mod first_party;
pub(crate) mod handlers;
#[cfg(test)]
pub(crate) mod in_memory;
pub(crate) mod installs;
pub(crate) mod literal_binding;
pub(crate) mod loggers;
pub(crate) mod manifest_places;
pub(crate) mod mutations;
pub(crate) mod nodes;
pub(crate) mod pipelines;
pub(crate) mod processes;
pub(crate) mod pytest;
pub(crate) mod python_versions;
pub(crate) mod reach;
pub(crate) mod secret_documents;
pub(crate) mod secret_literals;
pub(crate) mod surroundings;
pub(crate) mod test_runs;
pub(crate) mod updates;
pub(crate) mod vocabulary;
pub(crate) mod words;
pub(crate) mod workflow;
