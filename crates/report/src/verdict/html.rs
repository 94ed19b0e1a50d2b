//! The verdict as one page for people: a file that needs nothing beside itself.

use std::io::{self, Write};

use camino::Utf8Path;

use super::VerdictReport;
use crate::ShownFile;

/// What a page is made with.
#[derive(Clone, Copy)]
pub struct HtmlOptions<'o> {
    /// Gives the text of a file by its path; `None` where there is none any more.
    pub load: &'o dyn Fn(&Utf8Path) -> Option<ShownFile>,
    /// The page that shows the files of this commit: `https://github.com/owner/name/blob/SHA`.
    pub blob: Option<&'o str>,
}

/// Writes the page.
pub fn verdict_html(
    out: &mut dyn Write,
    report: &VerdictReport<'_>,
    _options: HtmlOptions<'_>,
) -> io::Result<()> {
    writeln!(out, "<!doctype html><title>{}</title>", report.verdict.rule_set.len())
}
