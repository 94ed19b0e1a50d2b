//! The top of the page, which says it all: the number, the level, what stands in the way, the gate; and its foot.

use std::fmt::{self, Write as _};

use roadworthy_verdict::Level;

use super::super::{VerdictReport, words};
use super::text::{Code, Plain, Prose, capital, grade};

/// The most reasons and things set aside that are shown one by one.
const MOST_LINES: usize = 200;

const LEVELS: [Level; 4] =
    [Level::NotRoadworthy, Level::Drivable, Level::Roadworthy, Level::RaceReady];

pub(super) fn header(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    write!(
        page,
        "<header>\n<p class=\"eyebrow\">Roadworthy readiness report</p>\n<h1>{}</h1>\n<dl class=\"facts\">",
        Plain(report.title)
    )?;
    let mut fact = |name: &str, value: Option<&str>| match value {
        Some(value) => write!(page, "<div><dt>{name}</dt><dd>{}</dd></div>", Plain(value)),
        None => Ok(()),
    };
    fact("As of", report.as_of)?;
    let commit = report.commit.map(|commit| commit.get(..12).unwrap_or(commit));
    fact("Commit", commit)?;
    fact("Rules", Some(&report.verdict.rule_set))?;
    match report.verdict.components.as_slice() {
        [one] => fact("Judged as", Some(one.profile.name()))?,
        several => fact("Components", Some(&several.len().to_string()))?,
    }
    page.push_str("</dl>\n</header>\n");
    Ok(())
}

pub(super) fn navigation(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    let lead = report.lead();
    let parts = [
        ("components", "Components", report.verdict.components.len() > 1),
        ("areas", "Areas", lead.is_some()),
        ("first", "Mend first", lead.is_some_and(|it| !it.gains.is_empty())),
        ("unknown", "Not assessed", lead.is_some_and(|it| !it.not_assessed.is_empty())),
        ("trend", "Trend", !report.history.is_empty()),
        ("tree", "Source tree", !report.files.is_empty()),
        ("findings", "Findings", true),
        ("sums", "Sums", lead.is_some()),
        ("aside", "Set aside", !report.set_aside.is_empty()),
    ];
    page.push_str("<nav aria-label=\"Parts of this report\"><ul>");
    for (id, name, _) in parts.into_iter().filter(|part| part.2) {
        write!(page, "<li><a href=\"#{id}\">{name}</a></li>")?;
    }
    page.push_str("</ul></nav>\n");
    Ok(())
}

/// Number, level, what stands in the way, gate.
pub(super) fn verdict(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    page.push_str("<section id=\"verdict\" aria-labelledby=\"h-verdict\">\n<h2 id=\"h-verdict\" class=\"unseen\">Verdict</h2>\n");
    let lead = report.lead();
    page.push_str("<div class=\"verdict\">\n");
    match lead.and_then(|lead| lead.score) {
        Some(score) => writeln!(
            page,
            "<p class=\"score {}\"><b>{}</b> <span>of 100</span></p>",
            grade(score.value),
            score.value
        )?,
        None => page.push_str("<p class=\"score\"><b>–</b> <span>no score</span></p>\n"),
    }
    page.push_str("<div>\n");
    if let Some(lead) = lead {
        if let Some(score) = lead.score {
            let sentence = if score.value == score.unbelieved {
                "The same if no suppression is believed".to_owned()
            } else {
                format!("<strong>{}</strong> if no suppression is believed", score.unbelieved)
            };
            let whole = match report.verdict.components.len() {
                1 => String::new(),
                some => format!("; {} is the lowest of {some} components", Code(&lead.path)),
            };
            writeln!(page, "<p class=\"second\">{sentence}{whole}.</p>")?;
        }
        ladder(page, lead.level)?;
        let way = words::in_the_way(lead);
        match (&lead.in_the_way, lead.level) {
            (Some(way), _) => {
                writeln!(
                    page,
                    "<p class=\"way\">In the way of the next level: {}.</p>",
                    Prose(way)
                )?;
            }
            _ => writeln!(page, "<p class=\"way\">{}.</p>", Prose(&capital(&way)))?,
        }
    } else {
        page.push_str("<p class=\"way\">There was nothing to judge.</p>\n");
    }
    page.push_str("</div>\n</div>\n");
    gate(page, report)?;
    page.push_str("</section>\n");
    Ok(())
}

/// The four levels with the one that is reached.
fn ladder(page: &mut String, reached: Option<Level>) -> fmt::Result {
    page.push_str("<ol class=\"ladder\" aria-label=\"Levels\">");
    for level in LEVELS {
        let name = words::level(level);
        let class = match reached {
            Some(has) if has == level => " class=\"here\" aria-current=\"step\"",
            Some(has) if level < has && level > Level::NotRoadworthy => " class=\"past\"",
            _ => "",
        };
        write!(page, "<li{class}>{name}</li>")?;
    }
    page.push_str("</ol>\n");
    Ok(())
}

fn gate(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    let reasons = &report.verdict.gate.reasons;
    if reasons.is_empty() && report.verdict.components.is_empty() {
        page.push_str("<div class=\"gate\"><p><strong>There is no gate</strong>, as nothing was judged.</p></div>\n");
        return Ok(());
    }
    if reasons.is_empty() {
        page.push_str("<div class=\"gate open\"><p><strong>The gate is open.</strong> No blocker, no new error, and all that is demanded holds.</p></div>\n");
        return Ok(());
    }
    page.push_str("<div class=\"gate closed\"><p><strong>The gate is closed.</strong> In the order in which it must be opened:</p>\n<ol>");
    for reason in reasons.iter().take(MOST_LINES) {
        write!(page, "<li>{}</li>", Prose(&words::reason(reason)))?;
    }
    page.push_str("</ol>");
    more(page, reasons.len())?;
    page.push_str("</div>\n");
    Ok(())
}

/// What does not count, and why.
pub(super) fn set_aside(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    if report.set_aside.is_empty() {
        return Ok(());
    }
    let told = capital(&words::set_aside(report).join(", "));
    write!(
        page,
        "<section id=\"aside\" aria-labelledby=\"h-aside\">\n<h2 id=\"h-aside\">Set aside</h2>\n\
         <p>{}. The second number believes none of it.</p>\n\
         <details><summary>Each of them, with its reason</summary><ul class=\"lines\">",
        Prose(&told)
    )?;
    for aside in report.set_aside.iter().take(MOST_LINES) {
        write!(page, "<li>{}</li>", Prose(&words::aside(aside)))?;
    }
    page.push_str("</ul>");
    more(page, report.set_aside.len())?;
    page.push_str("</details>\n</section>\n");
    Ok(())
}

fn more(page: &mut String, count: usize) -> fmt::Result {
    match count.saturating_sub(MOST_LINES) {
        0 => Ok(()),
        more => write!(page, "<p>And {more} more.</p>"),
    }
}

pub(super) fn footer(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    writeln!(
        page,
        "<footer><p>Judged by rules {} of roadworthy, from the files of the repository alone. Numbers of other rules cannot be compared with these.</p></footer>",
        Plain(&report.verdict.rule_set)
    )
}
