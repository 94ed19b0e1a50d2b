//! What is known of a project, for people and for programs. Knows facts, no rule. Values of variables are never shown, and
//! commands only without what looks like a secret.

mod conceal;
mod model;
mod text;

use std::io::{self, Write};

use roadworthy_engine::FileSummary;
use roadworthy_project::Facts;

use crate::Styles;
use crate::json::write;
use model::Known;

/// Writes an object with all facts.
pub fn facts_json(out: &mut dyn Write, facts: &Facts<'_>, files: &[FileSummary]) -> io::Result<()> {
    write(out, &Known::new(facts, files))
}

/// Writes the facts for people: a block for each component, then what they share.
pub fn facts_text(
    out: &mut dyn Write,
    facts: &Facts<'_>,
    files: &[FileSummary],
    styles: Styles,
) -> io::Result<()> {
    text::write(out, &Known::new(facts, files), styles)
}
