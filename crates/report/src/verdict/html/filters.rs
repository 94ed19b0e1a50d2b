//! What findings can be narrowed to, without a script: radio buttons, and a style that hides what does not fit. Knows
//! classes: `a-` and the area, `s-` and the level, `f` and the number of the folder.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use roadworthy_engine::{Area, Finding, Severity};

use super::super::{VerdictReport, words};
use super::text::{Code, grouped};

/// The most folders to choose from.
const MOST_FOLDERS: usize = 12;
/// How deep a folder may lie that all findings are shared out to.
const DEEPEST: usize = 3;

/// The folders that findings can be narrowed to: the components of a repository, or the folders at the top of a project.
pub(super) struct Folders {
    /// By the number of their findings.
    names: Vec<(String, usize)>,
    components: bool,
    depth: usize,
}

impl Folders {
    pub(super) fn of(report: &VerdictReport<'_>) -> Self {
        let paths: Vec<&str> =
            report.verdict.components.iter().map(|it| it.path.as_str()).collect();
        let mut folders = Self { names: Vec::new(), components: paths.len() > 1, depth: 1 };
        if folders.components {
            folders.names = paths.iter().map(|path| ((*path).to_owned(), 0)).collect();
        }
        loop {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for finding in report.findings {
                *counts.entry(folders.key(finding.path.as_str())).or_default() += 1;
            }
            let one = counts.len() == 1 && !folders.components && folders.depth < DEEPEST;
            if !one {
                folders.names = counts.into_iter().collect();
                break;
            }
            folders.depth += 1;
        }
        folders.names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        folders.names.truncate(MOST_FOLDERS);
        folders
    }

    /// The folder that a path lies in.
    fn key(&self, path: &str) -> String {
        if self.components {
            let holds = |folder: &&str| {
                *folder == "."
                    || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
            };
            let names = self.names.iter().map(|(name, _)| name.as_str());
            let longest = names.filter(holds).max_by_key(|folder| folder.len());
            return longest.unwrap_or("elsewhere").to_owned();
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let parts: Vec<_> = folder.split('/').take(self.depth).collect();
        let folder = parts.join("/");
        if folder.is_empty() { "(top)".to_owned() } else { folder }
    }

    /// The number of the folder that a path lies in; one for all that cannot be chosen.
    pub(super) fn number(&self, path: &str) -> usize {
        let key = self.key(path);
        self.names.iter().position(|(name, _)| *name == key).unwrap_or(MOST_FOLDERS)
    }

    /// What hides all that is not chosen.
    pub(super) fn style(&self) -> String {
        let mut rules = Vec::new();
        let mut hide = |button: &str, what: &str| {
            rules.push(format!("#findings:has(#{button}:checked) {what}"));
        };
        for area in Area::ALL {
            let name = area.name();
            hide(&format!("by-{name}"), &format!(".r:not(.a-{name})"));
        }
        for severity in Severity::ALL {
            hide(&format!("by-{severity}"), &format!(".r:not(.s-{severity})"));
        }
        for at in 0..self.names.len() {
            hide(&format!("by-f{at}"), &format!(".r:not(.f{at})"));
            hide(&format!("by-f{at}"), &format!(".p:not(.f{at})"));
        }
        format!("\n{}{{display:none}}", rules.join(",\n"))
    }

    /// The buttons; none where there is little to choose from.
    pub(super) fn buttons(&self, page: &mut String, findings: &[Finding]) -> fmt::Result {
        let count = |is: &dyn Fn(&&Finding) -> bool| findings.iter().filter(is).count();
        let areas: Vec<_> = Area::ALL
            .into_iter()
            .map(|area| {
                let count = count(&|finding| finding.rule.area == area);
                (area.name().to_owned(), words::short(area).to_owned(), count)
            })
            .collect();
        let levels: Vec<_> = Severity::ALL
            .into_iter()
            .map(|severity| {
                let count = count(&|finding| finding.severity == severity);
                (severity.name().to_owned(), severity.name().to_owned(), count)
            })
            .collect();
        let folders = self.names.iter().enumerate();
        let folders =
            folders.map(|(at, (name, count))| (format!("f{at}"), Code(name).to_string(), *count));
        page.push_str("<div class=\"filters\">\n");
        choice(page, "Area", "area", &areas)?;
        choice(page, "Level", "level", &levels)?;
        choice(page, "Folder", "folder", &folders.collect::<Vec<_>>())?;
        page.push_str("</div>\n");
        Ok(())
    }
}

/// One group of buttons: the end of an identifier, what it says in HTML, and how many findings that are.
fn choice(
    page: &mut String,
    title: &str,
    name: &str,
    all: &[(String, String, usize)],
) -> fmt::Result {
    let some: Vec<_> = all.iter().filter(|it| it.2 > 0).collect();
    if some.len() < 2 {
        return Ok(());
    }
    write!(
        page,
        "<fieldset><legend>{title}</legend><span><input type=\"radio\" name=\"{name}\" id=\"by-{name}-all\" checked><label for=\"by-{name}-all\">all</label></span>"
    )?;
    for (id, html, count) in some {
        let count = grouped(*count);
        write!(
            page,
            "<span><input type=\"radio\" name=\"{name}\" id=\"by-{id}\"><label for=\"by-{id}\">{html} <small>{count}</small></label></span>"
        )?;
    }
    page.push_str("</fieldset>\n");
    Ok(())
}
