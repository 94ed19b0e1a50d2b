//! One pass over the bytes of a file to its outline. Knows Python's lexical rules and the heads of its
//! statements, not its grammar.

use crate::Outline;

/// Scans the text of a file. Never fails: what is not Python is said in [`Outline::flaw`].
pub fn scan(text: &str) -> Outline {
    let _ = text;
    Outline::default()
}
