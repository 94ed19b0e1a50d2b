//! The kinds of nodes in the grammar. Knows their names and numbers, not what they mean.

use tree_sitter::Language;

/// The grammar of Python.
pub fn language() -> Language {
    tree_sitter_python::LANGUAGE.into()
}

/// The number of a named node kind; `None` where the grammar has none of that name.
pub fn kind_id(kind: &str) -> Option<u16> {
    let id = language().id_for_node_kind(kind, true);
    (id != 0).then_some(id)
}
