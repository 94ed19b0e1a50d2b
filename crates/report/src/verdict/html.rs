//! The verdict as one page for people: a file that needs nothing beside itself, neither a network nor a script, to be read
//! on a screen, a phone or paper. Knows the order of the parts; each part is a file of its own.

mod areas;
mod filters;
mod findings;
mod frames;
mod head;
mod radar;
mod security;
mod text;
mod tree;
mod trend;

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use camino::Utf8Path;

use super::VerdictReport;
use crate::ShownFile;
use text::Plain;

/// What a page is made with.
#[derive(Clone, Copy)]
pub struct HtmlOptions<'o> {
    /// Gives the text of a file by its path; `None` where there is none any more.
    pub load: &'o dyn Fn(&Utf8Path) -> Option<ShownFile>,
    /// The page that shows the files of this commit: `https://github.com/owner/name/blob/SHA`.
    pub blob: Option<&'o str>,
}

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// Writes the page.
pub fn verdict_html(
    out: &mut dyn Write,
    report: &VerdictReport<'_>,
    options: HtmlOptions<'_>,
) -> io::Result<()> {
    let mut page = String::new();
    // Writing to a string does not fail.
    write_page(&mut page, report, options).map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}

fn write_page(
    page: &mut String,
    report: &VerdictReport<'_>,
    options: HtmlOptions<'_>,
) -> fmt::Result {
    let folders = filters::Folders::of(report);
    let style = format!("{}{}", STYLE.trim(), folders.style());
    let script = SCRIPT.trim();
    let policy = security::policy(&style, script);
    write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"roadworthy\">\n\
         <title>{}: readiness report</title>\n<style>{style}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n",
        Plain(report.title)
    )?;
    head::header(page, report)?;
    head::navigation(page, report)?;
    page.push_str("<main id=\"main\">\n");
    head::verdict(page, report)?;
    let aside_first = report.aside_first();
    if aside_first {
        head::set_aside(page, report)?;
    }
    if report.verdict.components.len() > 1 {
        areas::components(page, report)?;
    }
    if let Some(lead) = report.lead() {
        areas::areas(page, report, lead)?;
        areas::gains(page, report, lead)?;
        areas::not_assessed(page, lead)?;
    }
    trend::trend(page, report)?;
    tree::tree(page, report)?;
    findings::findings(page, report, options, &folders)?;
    areas::others(page, report)?;
    if let Some(lead) = report.lead() {
        areas::sums(page, lead)?;
    }
    if !aside_first {
        head::set_aside(page, report)?;
    }
    page.push_str("</main>\n");
    head::footer(page, report)?;
    write!(page, "<script>{script}</script>\n</body>\n</html>\n")
}

#[cfg(test)]
mod tests;
