//! Components and areas: their numbers, what to mend first, what is not assessed, and the sums behind it all.

use std::fmt::{self, Write as _};

use roadworthy_verdict::{AreaScore, AreaState, ComponentVerdict, RuleGrade};

use super::super::earlier::signed;
use super::super::{EarlierComponent, MOST_GAINS, VerdictReport, explained, words};
use super::findings::anchor;
use super::radar;
use super::text::{Code, Plain, Prose, capital, grade};

/// The most components that are shown with all their numbers.
const MOST_COMPONENTS: usize = 40;

/// What a component is called: its folder, and its name where that is the top.
fn called(component: &ComponentVerdict) -> String {
    match component.path.as_str() {
        "." => format!("{} <small>{} at the top</small>", Code("."), Plain(&component.name)),
        path => Code(path).to_string(),
    }
}

/// One line for each component, the lowest first.
pub(super) fn components(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    page.push_str(
        "<section id=\"components\" aria-labelledby=\"h-components\">\n<h2 id=\"h-components\">Components</h2>\n\
         <table class=\"areas\"><caption>A repository is worth what its lowest component is</caption>\n\
         <thead><tr><th scope=\"col\">Component</th><th scope=\"col\" class=\"n\">Score</th><td class=\"b\"></td>\
         <th scope=\"col\">Level</th><th scope=\"col\">Judged as</th></tr></thead>\n<tbody>",
    );
    let lead = report.lead().map(|lead| lead.path.as_str());
    for (at, component) in report.ranked().into_iter().enumerate() {
        let value = component.score.map(|score| score.value);
        let number = value.map_or("–".to_owned(), |value| value.to_string());
        let target = match lead == Some(component.path.as_str()) {
            true => "areas".to_owned(),
            false if at < MOST_COMPONENTS => format!("c{at}"),
            false => "components".to_owned(),
        };
        write!(
            page,
            "<tr><th scope=\"row\"><a href=\"#{target}\">{}</a></th><td class=\"n\">{number}</td><td class=\"b\">",
            called(component)
        )?;
        bar(page, value)?;
        let (level, profile) = (words::level_of(component), component.profile.name());
        writeln!(page, "</td><td>{level}</td><td>{profile}</td></tr>")?;
    }
    page.push_str("</tbody></table>\n</section>\n");
    Ok(())
}

/// The nine areas of the component that stands for the whole: picture and table.
pub(super) fn areas(
    page: &mut String,
    report: &VerdictReport<'_>,
    component: &ComponentVerdict,
) -> fmt::Result {
    page.push_str(
        "<section id=\"areas\" aria-labelledby=\"h-areas\">\n<h2 id=\"h-areas\">Nine areas</h2>\n",
    );
    let named = match report.verdict.components.len() {
        1 => String::new(),
        _ => format!("{}. ", called(component)),
    };
    write!(
        page,
        "<p>{named}Judged as {}: {}.</p>\n<div class=\"pair\">\n",
        component.profile.name(),
        Prose(&component.profile_reason)
    )?;
    radar::radar(page, component)?;
    let base = report.base.filter(|base| base.rule_set == report.verdict.rule_set);
    table(page, component, base.and_then(|base| base.component(&component.path)))?;
    page.push_str("</div>\n</section>\n");
    Ok(())
}

fn table(
    page: &mut String,
    component: &ComponentVerdict,
    base: Option<&EarlierComponent>,
) -> fmt::Result {
    let since = base.map_or("", |_| "<th scope=\"col\" class=\"n\">Since base</th>");
    write!(
        page,
        "<table class=\"areas\"><caption>Scores of 100, with caps applied</caption>\n<thead><tr><th scope=\"col\">Area</th>\
         <th scope=\"col\" class=\"n\">Score</th>{since}<td class=\"b\"></td><th scope=\"col\">Remarks</th></tr></thead>\n<tbody>"
    )?;
    for area in &component.areas {
        let value = words::value(area);
        let number = value.map_or("–".to_owned(), |value| value.to_string());
        write!(
            page,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{number}</td>",
            area.area.title()
        )?;
        if let Some(base) = base {
            let old = base.areas.get(&area.area);
            let change = old.zip(value).map(|(old, new)| signed(*old, new)).unwrap_or_default();
            write!(page, "<td class=\"n\">{change}</td>")?;
        }
        page.push_str("<td class=\"b\">");
        bar(page, value)?;
        writeln!(page, "</td><td>{}</td></tr>", Prose(&words::notes(area).join("; ")))?;
    }
    page.push_str("</tbody></table>\n");
    Ok(())
}

/// A number of a hundred as a bar; nothing where there is none, which is not the same as zero.
fn bar(page: &mut String, value: Option<u32>) -> fmt::Result {
    let Some(value) = value else { return Ok(()) };
    write!(
        page,
        "<svg class=\"bar {}\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"rail\" width=\"100\" height=\"8\"/><rect width=\"{value}\" height=\"8\"/></svg>",
        grade(value)
    )
}

/// The ten things to mend first.
pub(super) fn gains(
    page: &mut String,
    report: &VerdictReport<'_>,
    component: &ComponentVerdict,
) -> fmt::Result {
    if component.gains.is_empty() {
        return Ok(());
    }
    page.push_str(
        "<section id=\"first\" aria-labelledby=\"h-first\">\n<h2 id=\"h-first\">Mend first</h2>\n",
    );
    gain_list(page, report, component)?;
    page.push_str("</section>\n");
    Ok(())
}

fn gain_list(
    page: &mut String,
    report: &VerdictReport<'_>,
    component: &ComponentVerdict,
) -> fmt::Result {
    page.push_str("<ol class=\"gains\">\n");
    for gain in component.gains.iter().take(MOST_GAINS) {
        let level = gain.severity.name();
        let word = if gain.blocker { "blocker" } else { level };
        let rule = Code(gain.rule);
        page.push_str("<li><p>");
        if report.findings.iter().any(|finding| finding.rule.name == gain.rule) {
            write!(page, "<a href=\"#{}\">{rule}</a>", anchor(gain.rule))?;
        } else {
            write!(page, "{rule}")?;
        }
        write!(page, " <span class=\"level {level}\">{word}</span>")?;
        if let Some(first) = &gain.first {
            write!(page, " <span class=\"at\">{}</span>", Code(&words::place(first)))?;
        }
        write!(page, "</p><p>{}.</p><p class=\"about\">", Prose(&capital(gain.fix)))?;
        let mut about = vec![words::sites(component, gain), words::effort(gain.minutes)];
        if gain.fixable > 0 {
            about.push(format!("`--fix` mends {}", gain.fixable));
        }
        write!(page, "{}</p><p class=\"plus\">", Prose(&about.join(" · ")))?;
        let points = words::points(component, gain);
        match points.split_once(' ').filter(|(number, _)| number.starts_with('+')) {
            Some((number, unit)) => write!(page, "<b>{number}</b> {unit}")?,
            None => write!(page, "{}", Prose(&points))?,
        }
        page.push_str("</p></li>\n");
    }
    page.push_str("</ol>\n");
    Ok(())
}

pub(super) fn not_assessed(page: &mut String, component: &ComponentVerdict) -> fmt::Result {
    if component.not_assessed.is_empty() {
        return Ok(());
    }
    page.push_str("<section id=\"unknown\" aria-labelledby=\"h-unknown\">\n<h2 id=\"h-unknown\">Not assessed</h2>\n\
                   <p>What could not be understood has no number: it is neither good nor bad.</p>\n");
    unknown_list(page, component)?;
    page.push_str("</section>\n");
    Ok(())
}

fn unknown_list(page: &mut String, component: &ComponentVerdict) -> fmt::Result {
    page.push_str("<dl class=\"lines\">");
    for unknown in component.not_assessed.iter().take(200) {
        write!(page, "<dt>{}</dt><dd>{}</dd>", Prose(&unknown.what), Prose(&unknown.reason))?;
    }
    page.push_str("</dl>\n");
    Ok(())
}

/// All components but the one that stands for the whole, each in a fold.
pub(super) fn others(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    let ranked = report.ranked();
    if ranked.len() < 2 {
        return Ok(());
    }
    page.push_str(
        "<section aria-labelledby=\"h-others\">\n<h2 id=\"h-others\">The other components</h2>\n",
    );
    for (at, component) in ranked.iter().enumerate().skip(1).take(MOST_COMPONENTS - 1) {
        let score = component.score.map_or("no score".to_owned(), |score| score.value.to_string());
        write!(
            page,
            "<details id=\"c{at}\"><summary>{}: {score}, {}</summary>\n<p>Judged as {}: {}.</p>\n",
            called(component),
            words::level_of(component),
            component.profile.name(),
            Prose(&component.profile_reason)
        )?;
        if let Some(way) = &component.in_the_way {
            writeln!(page, "<p>In the way of the next level: {}.</p>", Prose(way))?;
        }
        if component.areas.iter().any(|area| !matches!(area.state, AreaState::NotApplicable)) {
            table(page, component, None)?;
        }
        if !component.gains.is_empty() {
            page.push_str("<h3>Mend first</h3>\n");
            gain_list(page, report, component)?;
        }
        if !component.not_assessed.is_empty() {
            page.push_str("<h3>Not assessed</h3>\n");
            unknown_list(page, component)?;
        }
        page.push_str("</details>\n");
    }
    if ranked.len() > MOST_COMPONENTS {
        let more = ranked.len() - MOST_COMPONENTS;
        writeln!(page, "<p>And {more} more: <code>--format json</code> has them all.</p>")?;
    }
    page.push_str("</section>\n");
    Ok(())
}

/// Where every number comes from.
pub(super) fn sums(page: &mut String, component: &ComponentVerdict) -> fmt::Result {
    page.push_str("<section id=\"sums\" aria-labelledby=\"h-sums\">\n<h2 id=\"h-sums\">How the score comes about</h2>\n");
    if let Some(sum) = words::overall(component) {
        writeln!(page, "<p>{}.</p>", Plain(&sum))?;
    }
    for area in &component.areas {
        sum(page, area)?;
    }
    page.push_str("</section>\n");
    Ok(())
}

fn sum(page: &mut String, area: &AreaScore) -> fmt::Result {
    let title = area.area.title();
    let number = match words::value(area) {
        Some(value) => value.to_string(),
        None => words::notes(area).join("; "),
    };
    writeln!(page, "<details><summary>{title}: {}</summary>", Prose(&number))?;
    writeln!(page, "<p>Weight {}. {}.</p>", area.weight, Plain(&capital(&explained::rules(area))))?;
    if let Some(sum) = explained::sum(area) {
        writeln!(page, "<p>{}.</p>", Plain(&capital(&sum)))?;
    }
    let judged = |rule: &&RuleGrade| rule.counts;
    if area.rules.iter().any(|rule| judged(&rule)) {
        write!(
            page,
            "<table class=\"sums\"><caption>What each rule takes from {title}</caption><thead><tr><th scope=\"col\">Rule</th>\
             <th scope=\"col\">Level</th><th scope=\"col\" class=\"n\">Grade</th>\
             <th scope=\"col\" class=\"n\">Takes</th><th scope=\"col\">Sites</th></tr></thead>\n<tbody>"
        )?;
        let mut rules: Vec<_> = area.rules.iter().filter(judged).collect();
        rules.sort_by_key(|rule| !explained::costs(rule));
        for rule in rules {
            let sites = explained::tally(rule);
            let takes = if explained::costs(rule) {
                format!("{:.1} %", 100.0 * rule.takes)
            } else {
                "–".to_owned()
            };
            let class = if explained::costs(rule) { " class=\"costs\"" } else { "" };
            writeln!(
                page,
                "<tr{class}><th scope=\"row\">{}</th><td>{}</td><td class=\"n\">{:.2}</td><td class=\"n\">{takes}</td><td>{}</td></tr>",
                Code(rule.rule),
                rule.severity.name(),
                rule.grade,
                Plain(&sites)
            )?;
        }
        page.push_str("</tbody></table>\n");
    }
    let others: Vec<_> = area.rules.iter().filter(|rule| !judged(rule)).collect();
    if !others.is_empty() {
        page.push_str("<ul class=\"lines\">");
        for rule in others {
            write!(page, "<li>{} {}</li>", Code(rule.rule), Prose(&words::ended(&rule.state)))?;
        }
        page.push_str("</ul>\n");
    }
    page.push_str("</details>\n");
    Ok(())
}
