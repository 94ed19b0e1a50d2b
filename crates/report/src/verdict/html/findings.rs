//! The findings, rule by rule, the worst first: why it matters and how to mend it once, then the places. Of many places
//! some are shown with their lines, the others as a list, so that a page stays one that opens at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use camino::Utf8Path;
use roadworthy_engine::{Applicability, Finding, Rule, RuleFile, Severity};

use super::super::VerdictReport;
use super::HtmlOptions;
use super::filters::Folders;
use super::frames;
use super::text::{Code, Plain, Prose, capital, grouped};
use crate::place::escaped;
use crate::summary::{counted, levels};
use crate::{ShownFile, rule_url};

/// The places of one rule that are shown with their lines: of errors, and of others.
const MOST_FRAMES: [usize; 2] = [50, 25];
/// The size in bytes beyond which no lines are shown, and beyond which places are not listed either.
const MOST_BYTES: [usize; 2] = [3_000_000, 4_200_000];

/// Where the findings of a rule stand on the page.
pub(super) fn anchor(rule: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
    format!("rule-{}", rule.replace(|character| !plain(character), "-"))
}

struct Findings<'p> {
    page: &'p mut String,
    options: HtmlOptions<'p>,
    folders: &'p Folders,
    loaded: BTreeMap<&'p Utf8Path, Option<ShownFile>>,
    told: BTreeSet<&'static str>,
}

pub(super) fn findings(
    page: &mut String,
    report: &VerdictReport<'_>,
    options: HtmlOptions<'_>,
    folders: &Folders,
) -> fmt::Result {
    page.push_str("<section id=\"findings\" aria-labelledby=\"h-findings\">\n<h2 id=\"h-findings\">Findings</h2>\n");
    if report.findings.is_empty() {
        page.push_str("<p>Nothing was found.</p>\n</section>\n");
        return Ok(());
    }
    let mut groups: BTreeMap<(&'static str, Severity), Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        groups.entry((finding.rule.name, finding.severity)).or_default().push(finding);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    // Of one level those first that few share: what is found everywhere would hide them.
    groups.sort_by_key(|group| (std::cmp::Reverse(group[0].severity), group.len()));
    let rules = groups.iter().map(|group| group[0].rule.name).collect::<BTreeSet<_>>().len();
    let count = |severity| report.findings.iter().filter(|it| it.severity == severity).count();
    let counts = Severity::ALL.map(|severity| (severity, count(severity)));
    writeln!(
        page,
        "<p class=\"count\">{} of {}: {}. The worst first.</p>",
        counted(report.findings.len(), "finding"),
        counted(rules, "rule"),
        levels(&counts)
    )?;
    folders.buttons(page, report.findings)?;
    let mut writer =
        Findings { page, options, folders, loaded: BTreeMap::new(), told: BTreeSet::new() };
    for group in &groups {
        writer.rule(group)?;
    }
    page.push_str("</section>\n");
    Ok(())
}

impl<'p> Findings<'p> {
    /// All findings of one rule at one level.
    fn rule(&mut self, group: &[&'p Finding]) -> fmt::Result {
        let (rule, severity) = (group[0].rule, group[0].severity);
        let folder = |finding: &&Finding| self.folders.number(finding.path.as_str());
        let numbers: BTreeSet<usize> = group.iter().map(folder).collect();
        let area = rule.area.name();
        write!(self.page, "<article class=\"r a-{area} s-{severity}")?;
        for number in numbers {
            write!(self.page, " f{number}")?;
        }
        self.page.push('"');
        let first = self.told.insert(rule.name);
        if first {
            write!(self.page, " id=\"{}\"", anchor(rule.name))?;
        }
        write!(
            self.page,
            ">\n<h3>{} <span class=\"level {severity}\">{severity}</span> <small>{} {}</small></h3>\n",
            Code(rule.name),
            grouped(group.len()),
            if group.len() == 1 { "place" } else { "places" }
        )?;
        if first {
            self.about(rule, group)?;
        } else {
            writeln!(
                self.page,
                "<p><a href=\"#{}\">What it is about</a> stands above.</p>",
                anchor(rule.name)
            )?;
        }
        self.places(rule, group)?;
        self.page.push_str("</article>\n");
        Ok(())
    }

    /// What the rule says: what is wrong, why it matters, how to mend it.
    fn about(&mut self, rule: &'static Rule, group: &[&Finding]) -> fmt::Result {
        writeln!(self.page, "<p class=\"sum\">{}.</p>", Prose(&capital(rule.summary)))?;
        let why = RuleFile::parse(rule.source).map(|file| file.why).unwrap_or_default();
        for part in why.split("\n\n").filter(|part| !part.trim().is_empty()) {
            let text = part.split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(self.page, "<p>{}</p>", Prose(&text))?;
        }
        write!(self.page, "<p class=\"mend\"><b>How to mend it:</b> {}.", Prose(rule.fix))?;
        for (wanted, option) in
            [(Applicability::Safe, "--fix"), (Applicability::Unsafe, "--fix --unsafe-fixes")]
        {
            let has = |finding: &&&Finding| {
                finding.fix.as_ref().is_some_and(|fix| fix.applicability == wanted)
            };
            let count = group.iter().filter(has).count();
            if count > 0 {
                write!(self.page, " <code>{option}</code> mends {count} of them.")?;
            }
        }
        if let Some(url) = rule_url(rule) {
            write!(self.page, " <a href=\"{}\">More about this rule</a>", Plain(&url))?;
        }
        self.page.push_str("</p>\n");
        Ok(())
    }

    fn places(&mut self, rule: &'static Rule, group: &[&'p Finding]) -> fmt::Result {
        let most = MOST_FRAMES[usize::from(group[0].severity != Severity::Error)];
        let mut shown = 0;
        self.page.push_str("<ol class=\"places\">\n");
        for finding in group.iter().take(most) {
            if self.page.len() > MOST_BYTES[0] {
                break;
            }
            self.place(rule, finding)?;
            shown += 1;
        }
        self.page.push_str("</ol>\n");
        let rest = &group[shown..];
        if rest.is_empty() {
            return Ok(());
        }
        let more = counted(rest.len(), "more place");
        writeln!(self.page, "<details><summary>{more}</summary><ul class=\"more\">")?;
        let mut by_path: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for finding in rest {
            by_path.entry(finding.path.as_str()).or_default().push(finding.start.line);
        }
        let mut unlisted = rest.len();
        for (path, lines) in by_path {
            if self.page.len() > MOST_BYTES[1] {
                break;
            }
            let number = self.folders.number(path);
            write!(self.page, "<li class=\"p f{number}\">{}:", Code(path))?;
            for (at, line) in lines.iter().enumerate() {
                write!(self.page, "{}{line}", if at > 0 { ", " } else { "" })?;
            }
            self.page.push_str("</li>\n");
            unlisted -= lines.len();
        }
        self.page.push_str("</ul>");
        if unlisted > 0 {
            write!(
                self.page,
                "<p>And {unlisted} that are not listed here: <code>roadworthy check --output-format concise</code> has them all.</p>"
            )?;
        }
        self.page.push_str("</details>\n");
        Ok(())
    }

    /// One place with its lines.
    fn place(&mut self, rule: &Rule, finding: &'p Finding) -> fmt::Result {
        let path = finding.path.as_path();
        let number = self.folders.number(path.as_str());
        // A finding about a whole file or folder has no place in it.
        let whole = finding.role.is_none() && finding.span.is_empty();
        let text = if whole {
            path.to_string()
        } else {
            format!("{path}:{}:{}", finding.start.line, finding.start.column)
        };
        write!(self.page, "<li class=\"p f{number}\"><p>")?;
        match self.options.blob {
            Some(blob) => {
                let page = format!("{blob}/{}#L{}", escaped(path.as_str()), finding.start.line);
                write!(self.page, "<a href=\"{}\">{}</a>", Plain(&page), Code(&text))?;
            }
            None => write!(self.page, "{}", Code(&text))?,
        }
        if finding.message != rule.summary {
            write!(self.page, " {}", Prose(&finding.message))?;
        }
        self.page.push_str("</p>");
        if !whole {
            let load = self.options.load;
            let file = self.loaded.entry(path).or_insert_with(|| load(path));
            frames::lines(self.page, finding, file.as_ref())?;
        }
        self.page.push_str("</li>\n");
        Ok(())
    }
}
