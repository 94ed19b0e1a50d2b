//! Rules as SARIF describes them. Knows no finding.

use std::fmt::Write as _;

use roadworthy_engine::{Rule, RuleFile, Severity};
use serde::Serialize;

use super::level;
use crate::{redacted, rule_url};

/// The longest full description that GitHub takes, in characters.
const LONGEST_DESCRIPTION: usize = 1024;
/// The most tags that GitHub takes of one rule.
const MOST_TAGS: usize = 20;

/// The weaknesses that are about security, with the severity that GitHub's own queries give them (`CodeQL`'s
/// `security-severity`, the 75th percentile of the CVSS scores of what was published under the weakness). A rule that
/// names one of them is a security rule. What stands in a committed file is scored as what stands in a log (CWE-532,
/// which is a kind of CWE-538).
const SECURITY: [(&str, &str); 4] =
    [("CWE-259", "9.8"), ("CWE-321", "9.8"), ("CWE-798", "9.8"), ("CWE-538", "7.5")];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportingDescriptor {
    id: String,
    name: String,
    short_description: Text,
    full_description: Text,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<String>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<&'static str>,
}

/// A rule in SARIF's words. What a rule of the project leaves empty its summary fills: GitHub takes an empty text for
/// none.
pub(super) fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let summary = redacted(if rule.summary.is_empty() { rule.name } else { rule.summary });
    let why = why(rule).unwrap_or_else(|| summary.to_string());
    let fix = Some(redacted(rule.fix)).filter(|fix| !fix.is_empty());
    let url = rule_url(rule);
    let mut help = Help { text: why.clone(), markdown: why.clone() };
    let Help { text, markdown } = &mut help;
    // Writing to a string does not fail.
    if let Some(fix) = fix {
        let _ = write!(text, "\n\nWhat to do: {fix}.");
        let _ = write!(markdown, "\n\n**What to do:** {fix}.");
    }
    let silence = format!("# roadworthy: ignore[{}] and the reason", rule.name);
    let _ = write!(text, "\n\nWhere it is right as it is, say so on the line: {silence}");
    let _ = write!(markdown, "\n\nWhere it is right as it is, say so on the line: `{silence}`");
    if let Some(url) = &url {
        let _ = write!(markdown, "\n\n[More about `{}`]({url})", rule.name);
    }
    let score = SECURITY.iter().filter(|(weakness, _)| rule.tags.contains(weakness));
    let score = score.map(|(_, score)| *score).max();
    ReportingDescriptor {
        id: rule.name.to_owned(),
        name: pascal_case(rule.name),
        short_description: Text { text: summary.into_owned() },
        full_description: Text { text: why.chars().take(LONGEST_DESCRIPTION).collect() },
        help,
        help_uri: url,
        default_configuration: Configuration { level: level(rule.severity) },
        properties: Properties {
            tags: tags(rule, score.is_some()),
            // A rule has no precision of its own: what is sure enough to fail a run is highly precise.
            precision: if rule.severity == Severity::Info { "medium" } else { "high" },
            problem_severity: match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
            security_severity: score,
        },
    }
}

/// Why the rule speaks, as its file says it, in one paragraph.
fn why(rule: &Rule) -> Option<String> {
    // Examples are most of the file and are not shown.
    let head = rule.source.split("\n[[").next().unwrap_or(rule.source);
    let why = RuleFile::parse(head).ok()?.why;
    let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(redacted(&why).into_owned()).filter(|why| !why.is_empty())
}

fn tags(rule: &Rule, security: bool) -> Vec<String> {
    let mut tags = vec![rule.area.name().to_owned(), rule.group.to_owned()];
    if security {
        tags.push("security".to_owned());
    }
    tags.extend(rule.tags.iter().map(|tag| match tag.strip_prefix("CWE-") {
        Some(number) => format!("external/cwe/cwe-{number}"),
        None => redacted(tag).into_owned(),
    }));
    let mut seen = std::collections::BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags.truncate(MOST_TAGS);
    tags
}

fn pascal_case(name: &str) -> String {
    let upper = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(upper).collect()
}
