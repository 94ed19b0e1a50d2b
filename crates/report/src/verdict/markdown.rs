//! The verdict in GitHub's Markdown, for a comment on a pull request or the summary of a job: what it is, what has changed,
//! nine areas, ten things to mend first. Holds no source text, and never more than a limit.

use std::fmt::Write as _;
use std::io::{self, Write};

use roadworthy_verdict::{ComponentVerdict, Gain};

use super::earlier::{changed_level, changed_rules, comparable, signed};
use super::{Earlier, MOST_GAINS, VerdictReport, words};
use crate::MarkdownOptions;
use crate::markdown::{code, linked, prose};
use crate::place::escaped;

/// The most rows of a table whose length is that of the project.
const MOST_ROWS: usize = 30;
/// What says that something was left out.
const CUT: &str = "\n_More than fits here was left out._\n";

/// Writes the report: whole parts only, as many as the limit leaves room for.
pub fn verdict_markdown(
    out: &mut dyn Write,
    report: &VerdictReport<'_>,
    options: MarkdownOptions<'_>,
) -> io::Result<()> {
    let mut parts = vec![head(report)];
    if report.aside_first() {
        parts.push(set_aside(report));
    }
    parts.push(gate(report));
    parts.extend(report.base.map(|base| changes(report, base)));
    if report.verdict.components.len() > 1 {
        parts.push(components(report));
    }
    if let Some(lead) = report.lead() {
        parts.push(areas(report, lead));
        parts.push(gains(lead, options));
        parts.push(not_assessed(lead));
    }
    if !report.aside_first() {
        parts.push(set_aside(report));
    }
    let mut text = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let gap = usize::from(!text.is_empty());
        if text.len() + gap + part.len() + CUT.len() > options.limit {
            if text.len() + CUT.len() <= options.limit {
                text.push_str(CUT);
            }
            break;
        }
        if gap > 0 {
            text.push('\n');
        }
        text.push_str(part);
    }
    out.write_all(text.as_bytes())
}

/// Writing to a string does not fail.
macro_rules! line {
    ($text:expr, $($argument:tt)*) => {{
        let _ = writeln!($text, $($argument)*);
    }};
}

fn head(report: &VerdictReport<'_>) -> String {
    let mut text = String::new();
    let rules = prose(&report.verdict.rule_set);
    let Some(lead) = report.lead() else {
        line!(text, "## Roadworthy: nothing to judge\n\nRules {rules}.");
        return text;
    };
    let before = report.base.filter(|base| comparable(report, base)).and_then(Earlier::score);
    match lead.score {
        Some(score) => {
            let change = before.map(|before| format!(" ({})", signed(before.value, score.value)));
            let (change, level) = (change.unwrap_or_default(), words::level_of(lead));
            line!(text, "## Roadworthy: {}{change} · {level}\n", score.value);
        }
        None => line!(text, "## Roadworthy: no score\n"),
    }
    let score = lead.score.map(|score| format!("**{}** · ", words::score(score)));
    let score = score.unwrap_or_default();
    let kind = match report.verdict.components.len() {
        1 => lead.profile.name().to_owned(),
        some => format!("the lowest of {some} components, {}", code(&lead.path)),
    };
    line!(text, "{score}rules {rules} · {kind}\n");
    if lead.level.is_some() {
        line!(text, "In the way of the next level: {}.", prose(&words::in_the_way(lead)));
    } else {
        line!(text, "No area could be assessed.");
    }
    text
}

fn gate(report: &VerdictReport<'_>) -> String {
    let reasons = &report.verdict.gate.reasons;
    if reasons.is_empty() && report.verdict.components.is_empty() {
        return "**No gate**, as nothing was judged\n".to_owned();
    }
    if reasons.is_empty() {
        return "✅ **Gate open**\n".to_owned();
    }
    let mut text = "⛔ **Gate closed**\n\n".to_owned();
    for reason in reasons.iter().take(MOST_ROWS) {
        line!(text, "- {}", prose(&words::reason(reason)));
    }
    more(&mut text, reasons.len());
    text
}

fn set_aside(report: &VerdictReport<'_>) -> String {
    let told = words::set_aside(report);
    if told.is_empty() {
        return String::new();
    }
    let mut text =
        format!("<details>\n<summary>Set aside: {}</summary>\n\n", prose(&told.join(", ")));
    for aside in report.set_aside.iter().take(MOST_ROWS) {
        line!(text, "- {}", prose(&words::aside(aside)));
    }
    more(&mut text, report.set_aside.len());
    text.push_str("\n</details>\n");
    text
}

/// What differs from the base: level, gate, rules.
fn changes(report: &VerdictReport<'_>, base: &Earlier) -> String {
    let mut text = "### Since the base\n\n".to_owned();
    if !comparable(report, base) {
        line!(
            text,
            "The base was judged by rules {}: its numbers cannot be compared with these.",
            prose(&base.rule_set)
        );
        return text;
    }
    let start = text.len();
    let open = report.verdict.gate.reasons.is_empty();
    if open != base.gate_open {
        line!(text, "- the gate is {} now", if open { "open" } else { "closed" });
    }
    for component in report.verdict.components.iter().take(MOST_ROWS) {
        let path = code(&component.path);
        match base.component(&component.path) {
            None => line!(text, "- {path} is new"),
            Some(before) => {
                if let Some(level) = changed_level(component, before) {
                    line!(text, "- {path}: {level}");
                }
            }
        }
    }
    let known = |path: &str| report.verdict.components.iter().any(|it| it.path == path);
    for gone in base.components.iter().filter(|it| !known(&it.path)).take(MOST_ROWS) {
        line!(text, "- {} is gone", code(&gone.path));
    }
    let rules = changed_rules(report, base);
    if rules.is_empty() {
        if text.len() == start {
            line!(text, "Nothing has changed.");
        }
        return text;
    }
    line!(text, "\n| rule | before | now | |\n| --- | ---: | ---: | ---: |");
    for (rule, before, now) in rules.iter().take(MOST_ROWS) {
        line!(text, "| {} | {before} | {now} | {} |", code(rule), signed(*before, *now));
    }
    more(&mut text, rules.len());
    text
}

fn components(report: &VerdictReport<'_>) -> String {
    let mut text = "### Components, the lowest first\n\n".to_owned();
    line!(text, "| component | score | | level | profile |\n| --- | ---: | ---: | --- | --- |");
    let base = report.base.filter(|base| comparable(report, base));
    let ranked = report.ranked();
    for component in ranked.iter().take(MOST_ROWS) {
        let score = component.score.map_or("–".to_owned(), |score| score.value.to_string());
        let before = base.and_then(|base| base.component(&component.path)?.score);
        let change = before.zip(component.score).map(|(old, new)| signed(old.value, new.value));
        let (level, profile) = (words::level_of(component), component.profile.name());
        let (path, change) = (code(&component.path), change.unwrap_or_default());
        line!(text, "| {path} | {score} | {change} | {level} | {profile} |");
    }
    more(&mut text, ranked.len());
    text
}

fn areas(report: &VerdictReport<'_>, component: &ComponentVerdict) -> String {
    let base = report.base.filter(|base| comparable(report, base));
    let before = base.and_then(|base| base.component(&component.path));
    let mut text = String::new();
    line!(text, "### Nine areas\n");
    let (head, rule) = if before.is_some() { (" since the base |", " ---: |") } else { ("", "") };
    line!(text, "| area | score |{head} |\n| --- | ---: |{rule} --- |");
    for area in &component.areas {
        let value = words::value(area);
        let number = value.map_or("–".to_owned(), |value| value.to_string());
        let change = before.map(|before| {
            let old = before.areas.get(&area.area);
            let change = old.zip(value).map(|(old, new)| signed(*old, new)).unwrap_or_default();
            format!(" {change} |")
        });
        let (title, change) = (area.area.title(), change.unwrap_or_default());
        let notes = prose(&words::notes(area).join("; "));
        line!(text, "| {title} | {number} |{change} {notes} |");
    }
    text
}

fn gains(component: &ComponentVerdict, options: MarkdownOptions<'_>) -> String {
    if component.gains.is_empty() {
        return String::new();
    }
    let mut text = "### Mend first\n\n".to_owned();
    for (index, gain) in component.gains.iter().take(MOST_GAINS).enumerate() {
        let rule = code(gain.rule);
        let word = if gain.blocker { "**blocker** " } else { "" };
        let place = place(gain, options);
        let about = prose(&words::gain(component, gain).join(" · "));
        line!(text, "{}. {word}{rule}{place}: {}<br />{about}", index + 1, prose(gain.fix));
    }
    text
}

fn place(gain: &Gain, options: MarkdownOptions<'_>) -> String {
    let Some(first) = &gain.first else { return String::new() };
    let path = options.root.path(first.path.as_str().into());
    let line = first.line;
    let page = options.blob.map(|blob| format!("{blob}/{}#L{line}", escaped(&path)));
    format!(" at {}", linked(&code(&format!("{path}:{line}")), page.as_deref()))
}

fn not_assessed(component: &ComponentVerdict) -> String {
    if component.not_assessed.is_empty() {
        return String::new();
    }
    let mut text = "### Not assessed\n\n".to_owned();
    for unknown in component.not_assessed.iter().take(MOST_ROWS) {
        line!(text, "- {}: {}", prose(&unknown.what), prose(&unknown.reason));
    }
    more(&mut text, component.not_assessed.len());
    text
}

fn more(text: &mut String, count: usize) {
    if count > MOST_ROWS {
        line!(text, "\nand {} more", count - MOST_ROWS);
    }
}
