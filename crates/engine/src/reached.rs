//! Which files of a project something uses. Knows imports and entry points, no rule.

use crate::FileContext;

/// What a file says of others and of itself.
#[derive(Debug)]
pub(crate) struct Links {
    /// The dotted names that it imports.
    pub(crate) imports: Vec<String>,
    /// Whether it is started, or loaded by something else than an import.
    pub(crate) is_entry: bool,
}

impl Links {
    pub(crate) fn of(_file: &FileContext<'_>) -> Self {
        Self { imports: Vec::new(), is_entry: true }
    }
}
