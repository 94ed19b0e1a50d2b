//! The verdict on a terminal: the line that says it all, nine bars, the ten things to mend first, what could not be
//! assessed, and the gate. Knows a width and colours, no terminal.

use std::io::{self, Write};

use anstyle::Style;
use roadworthy_engine::Severity;
use roadworthy_verdict::{AreaScore, ComponentVerdict, Level, Reason, Score};

use super::earlier::{changed_areas, changed_level, comparable, from_to, new_blockers};
use super::{MOST_GAINS, VerdictReport, words};
use crate::summary::counted;
use crate::wrap::wrapped;
use crate::{Styles, clean};

/// The most reasons of a gate, and the most things not assessed, that are shown one by one.
const MOST_LINES: usize = 10;
/// The room of the title of an area.
const TITLE: usize = 30;

/// Writes the verdict: of several components a line each, the lowest first, then all about that one.
pub fn verdict_terminal(
    out: &mut dyn Write,
    report: &VerdictReport<'_>,
    styles: Styles,
    width: usize,
) -> io::Result<()> {
    let mut page = Page { out, styles, width: width.max(30) };
    page.head(report)?;
    page.trend(report)?;
    page.since(report)?;
    let ranked = report.ranked();
    if ranked.len() > 1 {
        page.components(&ranked)?;
    }
    if let Some(lead) = report.lead() {
        page.areas(lead)?;
        page.gains(lead)?;
        page.not_assessed(lead)?;
    }
    if !report.aside_first() {
        page.set_aside(report)?;
    }
    page.gate(report)
}

struct Page<'p> {
    out: &'p mut dyn Write,
    styles: Styles,
    width: usize,
}

impl Page<'_> {
    fn head(&mut self, report: &VerdictReport<'_>) -> io::Result<()> {
        let strong = self.styles.strong();
        let rules = format!("rules {}", report.verdict.rule_set);
        let Some(lead) = report.lead() else {
            let text = format!("no score, as there is nothing to judge · {rules}");
            return self.paragraph(&format!("{strong}Roadworthy:{strong:#} "), 12, &text);
        };
        let kind = match report.verdict.components.len() {
            1 => lead.profile.name().to_owned(),
            some => format!("the lowest of {some} components, {}", lead.path),
        };
        if let Some(score) = lead.score {
            let colour = self.of_value(score.value);
            let number = format!("{colour}{}{colour:#}", score.value);
            let label = format!("{strong}Roadworthy:{strong:#} {number} ");
            let indent = 13 + score.value.to_string().len();
            let second = format!("({} if no suppression is believed)", score.unbelieved);
            self.paragraph(&label, indent, &format!("{second} · {rules} · {kind}"))?;
        } else {
            let text = format!("no score, as no area could be assessed · {rules} · {kind}");
            self.paragraph(&format!("{strong}Roadworthy:{strong:#} "), 12, &text)?;
        }
        self.level(lead)?;
        if report.aside_first() {
            self.set_aside(report)?;
        }
        Ok(())
    }

    fn level(&mut self, component: &ComponentVerdict) -> io::Result<()> {
        let Some(level) = component.level else { return Ok(()) };
        let colour = match level {
            Level::NotRoadworthy => self.styles.severity(Severity::Error),
            Level::Drivable => self.styles.severity(Severity::Warning),
            Level::Roadworthy | Level::RaceReady => self.styles.good(),
        };
        let name = words::level(level);
        let label = format!("{colour}{name}{colour:#}: ");
        self.paragraph(&label, name.len() + 2, &words::in_the_way(component))
    }

    /// Where it came from: the first of the earlier reports, and now.
    fn trend(&mut self, report: &VerdictReport<'_>) -> io::Result<()> {
        if report.history.is_empty() {
            return Ok(());
        }
        let mut text = counted(report.history.len(), "earlier report");
        let others = report.history.iter().filter(|it| !comparable(report, it)).count();
        if others > 0 {
            text = format!("{text}, {others} of them by other rules");
        }
        if let Some(first) = report.history.iter().find(|it| comparable(report, it)) {
            let value = |score: Option<Score>| score.map(|score| score.value);
            let now = value(report.lead().and_then(|lead| lead.score));
            let day = first.as_of.as_deref().unwrap_or("an unknown day");
            text = format!("{} since {day}, {text}", from_to(value(first.score()), now));
        }
        self.paragraph("trend: ", 7, &text)
    }

    /// What differs from the base: the whole, areas, blockers.
    fn since(&mut self, report: &VerdictReport<'_>) -> io::Result<()> {
        let Some(base) = report.base else { return Ok(()) };
        self.heading("Since the base")?;
        if !comparable(report, base) {
            let rules = &base.rule_set;
            let text = format!("it was judged by rules {rules}: its numbers cannot be compared");
            return self.paragraph("  ", 2, &text);
        }
        let lead = report.lead();
        let value = |score: Option<Score>| score.map(|score| score.value);
        let (before, now) = (value(base.score()), value(lead.and_then(|lead| lead.score)));
        self.paragraph(&format!("  {:TITLE$} ", "The whole"), TITLE + 3, &from_to(before, now))?;
        let Some((lead, before)) = lead.and_then(|it| Some((it, base.component(&it.path)?))) else {
            return Ok(());
        };
        for (area, before, now) in changed_areas(lead, before) {
            let label = format!("  {:TITLE$} ", area.title());
            self.paragraph(&label, TITLE + 3, &from_to(before, now))?;
        }
        if let Some(level) = changed_level(lead, before) {
            self.paragraph(&format!("  {:TITLE$} ", "Level"), TITLE + 3, &level)?;
        }
        let bad = self.styles.severity(Severity::Error);
        for component in &report.verdict.components {
            let Some(before) = base.component(&component.path) else { continue };
            let new = new_blockers(component, before);
            for blocker in new.iter().take(MOST_LINES) {
                let text = format!("`{}` at `{}`", blocker.rule, words::place(&blocker.place));
                self.paragraph(&format!("  {bad}new blocker{bad:#} "), 14, &text)?;
            }
            self.more(new.len())?;
        }
        Ok(())
    }

    /// A line for each component.
    fn components(&mut self, ranked: &[&ComponentVerdict]) -> io::Result<()> {
        self.heading("Components, the lowest first")?;
        let length = |component: &&ComponentVerdict| clean(&component.path).chars().count();
        let paths = ranked.iter().map(length).max().unwrap_or(0).min(self.width.saturating_sub(40));
        for component in ranked {
            let path = clean(&component.path);
            let (number, colour) = match component.score {
                Some(score) => (score.value.to_string(), self.of_value(score.value)),
                None => ("–".to_owned(), self.styles.faint()),
            };
            let level = words::level_of(component);
            let profile = component.profile.name();
            writeln!(
                self.out,
                "  {colour}{number:>3}{colour:#}  {path:paths$}  {level}, {profile}"
            )?;
        }
        Ok(())
    }

    fn areas(&mut self, component: &ComponentVerdict) -> io::Result<()> {
        let named = if component.path == "." { &component.name } else { &component.path };
        self.heading(&format!("{named}, {}", component.profile.name()))?;
        for area in &component.areas {
            self.area(area)?;
        }
        Ok(())
    }

    fn area(&mut self, area: &AreaScore) -> io::Result<()> {
        let bar = match self.width {
            ..56 => 0,
            56..90 => 10,
            _ => 20,
        };
        let title = area.area.title();
        let faint = self.styles.faint();
        let (label, mut indent) = match words::value(area) {
            Some(value) => {
                let colour = self.of_value(value);
                let filled =
                    (value as usize * bar / 100).clamp(usize::from(bar > 0 && value > 0), bar);
                let (full, rest) = ("█".repeat(filled), "░".repeat(bar - filled));
                let bar = format!("{colour}{full}{colour:#}{faint}{rest}{faint:#}");
                (format!("  {title:TITLE$} {colour}{value:>3}{colour:#} {bar}"), TITLE + 7)
            }
            None => (format!("  {title:TITLE$} {faint}  –{faint:#} {:bar$}", ""), TITLE + 7),
        };
        indent += bar;
        let notes = words::notes(area).join("; ");
        if notes.is_empty() {
            return writeln!(self.out, "{}", label.trim_end());
        }
        if indent + 24 > self.width {
            writeln!(self.out, "{}", label.trim_end())?;
            return self.paragraph("      ", 6, &notes);
        }
        self.paragraph(&format!("{label} "), indent + 1, &notes)
    }

    fn gains(&mut self, component: &ComponentVerdict) -> io::Result<()> {
        if component.gains.is_empty() {
            return Ok(());
        }
        self.heading("Mend first")?;
        let strong = self.styles.strong();
        for (index, gain) in component.gains.iter().take(MOST_GAINS).enumerate() {
            let level = self.styles.severity(gain.severity);
            let word = if gain.blocker { "blocker" } else { gain.severity.name() };
            let label = format!(
                "  {:>2}  {strong}{}{strong:#}  {level}{word}{level:#}  ",
                index + 1,
                gain.rule
            );
            let indent = 10 + gain.rule.len() + word.len();
            let place = gain.first.as_ref().map(words::place).unwrap_or_default();
            if indent + place.chars().count() > self.width {
                writeln!(self.out, "{}", label.trim_end())?;
                self.paragraph("      ", 6, &place)?;
            } else {
                self.paragraph(&label, indent, &place)?;
            }
            self.paragraph("      ", 6, gain.fix)?;
            self.paragraph("      ", 6, &words::gain(component, gain).join(" · "))?;
        }
        Ok(())
    }

    fn not_assessed(&mut self, component: &ComponentVerdict) -> io::Result<()> {
        if component.not_assessed.is_empty() {
            return Ok(());
        }
        self.heading("Not assessed")?;
        for unknown in component.not_assessed.iter().take(MOST_LINES) {
            self.paragraph("  ", 2, &format!("{}: {}", unknown.what, unknown.reason))?;
        }
        self.more(component.not_assessed.len())
    }

    fn set_aside(&mut self, report: &VerdictReport<'_>) -> io::Result<()> {
        let told = words::set_aside(report);
        if told.is_empty() {
            return Ok(());
        }
        if !report.aside_first() {
            writeln!(self.out)?;
        }
        let faint = self.styles.faint();
        self.paragraph(&format!("{faint}set aside:{faint:#} "), 11, &told.join(", "))
    }

    fn gate(&mut self, report: &VerdictReport<'_>) -> io::Result<()> {
        writeln!(self.out)?;
        let reasons: &[Reason] = &report.verdict.gate.reasons;
        if reasons.is_empty() && report.verdict.components.is_empty() {
            return writeln!(self.out, "no gate, as nothing was judged");
        }
        if reasons.is_empty() {
            let good = self.styles.good();
            return writeln!(self.out, "{good}gate open{good:#}");
        }
        let bad = self.styles.severity(Severity::Error);
        writeln!(self.out, "{bad}gate closed{bad:#}")?;
        for reason in reasons.iter().take(MOST_LINES) {
            self.paragraph("  ", 2, &words::reason(reason))?;
        }
        self.more(reasons.len())
    }

    fn more(&mut self, count: usize) -> io::Result<()> {
        match count.saturating_sub(MOST_LINES) {
            0 => Ok(()),
            more => writeln!(self.out, "  and {more} more"),
        }
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        let strong = self.styles.strong();
        writeln!(self.out, "\n{strong}{}{strong:#}", clean(text))
    }

    fn paragraph(&mut self, label: &str, indent: usize, text: &str) -> io::Result<()> {
        let mut lines = Vec::new();
        wrapped(&mut lines, (label, indent), &clean(text), self.width)?;
        let text = String::from_utf8_lossy(&lines);
        writeln!(self.out, "{}", text.trim_end())
    }

    fn of_value(&self, value: u32) -> Style {
        match value {
            85.. => self.styles.good(),
            60..85 => self.styles.severity(Severity::Warning),
            ..60 => self.styles.severity(Severity::Error),
        }
    }
}
