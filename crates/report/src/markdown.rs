//! A report in GitHub's Markdown, for the summary of a step and for pull requests: the verdict, the table by rule, then
//! the findings. Holds no source text; what comes from outside is nothing but text there.

use std::fmt::Write as _;
use std::io::{self, Write};

use roadworthy_engine::{Finding, Severity};

use crate::place::{escaped, last_line};
use crate::summary::{Summary, counted, files, levels, size};
use crate::{Report, Root, clean, rule_url, table};

/// What a report in Markdown is made with.
#[derive(Clone, Copy, Debug)]
pub struct MarkdownOptions<'o> {
    /// Where paths begin.
    pub root: &'o Root,
    /// The page that shows the files of this commit: `https://github.com/owner/name/blob/SHA`.
    pub blob: Option<&'o str>,
    /// The most bytes to write.
    pub limit: usize,
    /// Whether findings are listed, below their counts.
    pub findings: bool,
}

/// The end of the list of findings.
const CLOSING: &str = "\n</details>\n";
/// Room for that and for the line that says how many are left out.
const RESERVE: usize = 200;

/// Writes the report; nothing where the limit leaves no room for the table by rule.
pub fn markdown(
    out: &mut dyn Write,
    report: &Report<'_>,
    options: MarkdownOptions<'_>,
) -> io::Result<()> {
    let mut text = head(report)?;
    if text.len() > options.limit {
        return Ok(());
    }
    let opening = "<details>\n<summary>Findings, the worst first</summary>\n\n\
                   | level | place | rule | message |\n| --- | --- | --- | --- |\n";
    let room = options.limit.saturating_sub(RESERVE + opening.len());
    if options.findings && !report.findings.is_empty() && text.len() < room {
        text.push_str(opening);
        let mut findings: Vec<&Finding> = report.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let mut rows = 0;
        for finding in &findings {
            let row = row(finding, options);
            if text.len() + row.len() > room {
                break;
            }
            text.push_str(&row);
            rows += 1;
        }
        if rows < findings.len() {
            let more = counted(findings.len() - rows, "more finding");
            // Writing to a string does not fail.
            let _ =
                writeln!(text, "\n{more}: `roadworthy check --output-format concise` lists all");
        }
        text.push_str(CLOSING);
    }
    out.write_all(text.as_bytes())
}

/// The verdict, the counts and the table by rule.
fn head(report: &Report<'_>) -> io::Result<String> {
    let summary = Summary::of(report);
    let judged = report.files.len() - summary.unread;
    let verdict = if !report.findings.is_empty() {
        let mut verdict = Vec::new();
        table::verdict(&mut verdict, &summary, report.fail_on, crate::Styles::plain())?;
        format!(" {}", String::from_utf8_lossy(&verdict).trim_end())
    } else if judged == 0 {
        ": no file was judged".to_owned()
    } else {
        ": nothing found".to_owned()
    };
    let mut text = format!("## Roadworthy{verdict}\n\n");
    let found = match levels(&summary.by_severity) {
        none if none.is_empty() => "Nothing found".to_owned(),
        some => format!("Found {some}"),
    };
    let asides = match report.aside.told() {
        none if none.is_empty() => none,
        some => format!(" ({some})"),
    };
    let looked_at = format!("{} ({})", files(&summary), size(summary.bytes));
    let _ = writeln!(text, "{found} in {looked_at}{asides}.\n");
    if !summary.by_rule.is_empty() {
        text.push_str("| count | level | rule | summary | what to do |\n");
        text.push_str("| ---: | --- | --- | --- | --- |\n");
    }
    for row in &summary.by_rule {
        let rule = row.rule;
        let name = linked(&code(rule.name), rule_url(rule).as_deref());
        let (what, fix) = (prose(rule.summary), prose(rule.fix));
        let level = level(row.severity);
        let _ = writeln!(text, "| {} | {level} | {name} | {what} | {fix} |", row.count);
    }
    if !summary.by_rule.is_empty() {
        text.push('\n');
    }
    Ok(text)
}

/// One finding as a row of the table.
fn row(finding: &Finding, options: MarkdownOptions<'_>) -> String {
    let path = options.root.path(&finding.path);
    let (line, last) = (finding.start.line, last_line(finding));
    let page = options.blob.map(|blob| {
        let end = if last > line { format!("-L{last}") } else { String::new() };
        format!("{blob}/{}#L{line}{end}", escaped(&path))
    });
    let place = linked(&code(&format!("{path}:{line}")), page.as_deref());
    let name = linked(&code(finding.rule.name), rule_url(finding.rule).as_deref());
    let level = level(finding.severity);
    format!("| {level} | {place} | {name} | {} |\n", prose(&finding.message))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "🔴 error",
        Severity::Warning => "🟡 warning",
        Severity::Info => "🔵 info",
    }
}

/// A link, where there is somewhere to go.
pub(crate) fn linked(html: &str, page: Option<&str>) -> String {
    page.map_or_else(|| html.to_owned(), |page| format!("<a href=\"{page}\">{html}</a>"))
}

/// A text in the type of code. HTML, as backticks in backticks and bars in tables are read differently by different
/// readers.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", literal(&clean(text)))
}

/// A sentence in which backticks set off code. Where they do not come in pairs they are text as well.
pub(crate) fn prose(text: &str) -> String {
    let text = clean(text);
    if text.matches('`').count() % 2 == 1 {
        return literal(&text);
    }
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { literal(part) }).collect()
}

/// A text of which nothing is markup: all that could be stands as a character reference, which is never more than the
/// character. An `@` would call people wherever it is text, but not in code.
fn literal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        match character {
            '@' => shown.push_str("<code>&#64;</code>"),
            // `www.` makes a link of what follows.
            '.' if matches!(before, 'w' | 'W') => shown.push_str("&#46;"),
            ' ' | '/' | '-' | ',' | '.' => shown.push(character),
            other if other.is_ascii_punctuation() => {
                let _ = write!(shown, "&#{};", u32::from(other));
            }
            other => shown.push(other),
        }
        before = character;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_comes_from_outside_is_markup() {
        assert_eq!(literal("a|b`c"), "a&#124;b&#96;c");
        assert_eq!(code("<b>\n| x |"), "<code>&#60;b&#62;␊&#124; x &#124;</code>");
        assert_eq!(
            prose("`assert` of www.x, @you"),
            "<code>assert</code> of www&#46;x, <code>&#64;</code>you"
        );
        assert_eq!(prose("a `b"), "a &#96;b");
    }
}
