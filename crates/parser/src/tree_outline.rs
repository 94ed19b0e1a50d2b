//! The outline taken from a whole tree: the second opinion that judges the scanner.

use crate::{Outline, SyntaxTree};

/// Makes the outline of a file from its tree, which must be of the whole file and without errors.
pub fn outline_from_tree(text: &str, tree: &SyntaxTree) -> Outline {
    let _ = (text, tree);
    Outline::default()
}
