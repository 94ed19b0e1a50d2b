//! All rules, as a table by area and group or as JSON. Knows no finding.

use std::io::{self, Write};

use roadworthy_engine::{Area, Catalog, OptionDefault, Rule};
use roadworthy_project::Role;
use serde::Serialize;

use crate::clean::printable;
use crate::json::{VERSION, write};
use crate::summary::counted;
use crate::{Styles, rule_url};

/// Writes the table of all rules.
pub fn rules(out: &mut dyn Write, catalog: &Catalog, styles: Styles) -> io::Result<()> {
    let width = catalog.rules().iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let (strong, faint) = (styles.strong(), styles.faint());
    for area in Area::ALL {
        let of_area: Vec<_> = catalog.rules().iter().filter(|rule| rule.area == area).collect();
        if of_area.is_empty() {
            continue;
        }
        writeln!(out, "{strong}{}{strong:#} {faint}{}{faint:#}", area.title(), area.name())?;
        let mut groups: Vec<_> = of_area.iter().map(|rule| rule.group).collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            writeln!(out, "  {}", printable(group))?;
            for rule in of_area.iter().filter(|rule| rule.group == group) {
                let level = styles.severity(rule.severity);
                let summary = printable(rule.summary);
                let severity = rule.severity;
                let name = printable(rule.name);
                let preview = if rule.preview { " (in preview)" } else { "" };
                writeln!(
                    out,
                    "    {level}{severity:7}{level:#}  {name:width$}  {summary}{faint}{preview}{faint:#}"
                )?;
            }
        }
        writeln!(out)?;
    }
    let count = counted(catalog.rules().len(), "rule");
    writeln!(out, "{count}; `roadworthy explain RULE` tells more about one")
}

#[derive(Serialize)]
struct JsonRules<'r> {
    version: u32,
    rules: Vec<JsonRule<'r>>,
}

#[derive(Serialize)]
struct JsonRule<'r> {
    name: &'r str,
    area: &'r str,
    group: &'r str,
    severity: &'r str,
    preview: bool,
    summary: &'r str,
    fix: &'r str,
    roles: Vec<&'r str>,
    site: &'r str,
    folds: bool,
    equivalents: Vec<JsonEquivalent<'r>>,
    tags: &'r [&'r str],
    options: Vec<JsonOption<'r>>,
    url: Option<String>,
}

#[derive(Serialize)]
struct JsonEquivalent<'r> {
    tool: &'r str,
    code: &'r str,
    same: bool,
}

#[derive(Serialize)]
struct JsonOption<'r> {
    name: &'r str,
    default: JsonDefault,
    help: &'r str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonDefault {
    Boolean(bool),
    Integer(i64),
    Strings(&'static [&'static str]),
}

/// Writes `{"version", "rules"}`.
pub fn rules_json(out: &mut dyn Write, catalog: &Catalog) -> io::Result<()> {
    let rules = catalog.rules().iter().map(|rule| json(rule)).collect();
    write(out, &JsonRules { version: VERSION, rules })
}

fn json(rule: &Rule) -> JsonRule<'_> {
    let equivalents = rule.equivalents.iter().map(|other| JsonEquivalent {
        tool: other.tool,
        code: other.code,
        same: other.same,
    });
    let options = rule.options.iter().map(|option| JsonOption {
        name: option.name,
        default: match option.default {
            OptionDefault::Boolean(value) => JsonDefault::Boolean(value),
            OptionDefault::Integer(value) => JsonDefault::Integer(value),
            OptionDefault::Strings(values) => JsonDefault::Strings(values),
        },
        help: option.help,
    });
    JsonRule {
        name: rule.name,
        area: rule.area.name(),
        group: rule.group,
        severity: rule.severity.name(),
        preview: rule.preview,
        summary: rule.summary,
        fix: rule.fix,
        roles: rule.roles.iter().map(Role::name).collect(),
        site: rule.site.name(),
        folds: rule.fold.is_some(),
        equivalents: equivalents.collect(),
        tags: rule.tags,
        options: options.collect(),
        url: rule_url(rule),
    }
}
