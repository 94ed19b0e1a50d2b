//! SARIF 2.1.0, as GitHub's code scanning wants it. Holds no source text but that of fixes.

mod rules;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use roadworthy_engine::{Finding, Rule, Severity};
use serde::Serialize;

use crate::mending::Replacement;
use crate::{Mending, Report, Root, Trace, redacted};
use rules::{ReportingDescriptor, descriptor};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name of the folder that paths begin at.
const ROOT: &str = "ROOT";
/// The most runs that GitHub takes of one file.
const MOST_RUNS: usize = 20;
/// The most results that GitHub takes of one run.
const MOST_RESULTS: usize = 25_000;

/// A part of a repository whose alerts stand on their own: what one analysis finds anew or no more says nothing of the
/// alerts of another.
#[derive(Clone, Debug)]
pub struct SarifProject {
    /// Its folder, relative to the root of the repository; `.` for the root.
    pub folder: String,
    /// The rules that judged it.
    pub rules: Vec<&'static Rule>,
}

/// What a report in SARIF is made with.
#[derive(Clone, Copy, Debug)]
pub struct SarifOptions<'o> {
    /// Where paths begin.
    pub root: &'o Root,
    /// What is known of each finding's place.
    pub traces: &'o [Trace],
    /// What mends each finding.
    pub mendings: &'o [Option<Mending>],
    /// The projects of the run, those without findings too.
    pub projects: &'o [SarifProject],
    /// The index of each finding's project.
    pub project_of: &'o [usize],
}

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool<'r>,
    automation_details: AutomationDetails,
    column_kind: &'static str,
    original_uri_base_ids: BTreeMap<&'static str, UriBase>,
    results: Vec<SarifResult<'r>>,
}

#[derive(Serialize)]
struct AutomationDetails {
    id: String,
}

#[derive(Serialize)]
struct Tool<'r> {
    driver: Driver<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'r> {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<&'r ReportingDescriptor>,
}

#[derive(Serialize)]
struct UriBase {
    description: Message<'static>,
}

#[derive(Serialize)]
struct Message<'r> {
    text: Cow<'r, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'r> {
    rule_id: &'r str,
    rule_index: usize,
    level: &'static str,
    message: Message<'r>,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'r> {
    description: Message<'r>,
    artifact_changes: [ArtifactChange<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'r> {
    artifact_location: ArtifactLocation,
    replacements: Vec<SarifReplacement<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifReplacement<'r> {
    deleted_region: Region,
    inserted_content: Message<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints<'r> {
    primary_location_line_hash: &'r str,
}

/// Writes the log: a run for each project, or one for all where there are more than GitHub takes. Returns how many
/// findings it takes no more; those are the least severe ones.
pub fn sarif(
    out: &mut dyn Write,
    report: &Report<'_>,
    options: SarifOptions<'_>,
) -> io::Result<usize> {
    let together = options.projects.len() > MOST_RUNS;
    let whole = SarifProject {
        folder: ".".to_owned(),
        rules: options.projects.iter().flat_map(|project| project.rules.clone()).collect(),
    };
    let projects = if together { std::slice::from_ref(&whole) } else { options.projects };
    let mut known = BTreeMap::new();
    let used = report.findings.iter().map(|finding| finding.rule);
    for rule in projects.iter().flat_map(|project| &project.rules).copied().chain(used) {
        known.entry(rule.name).or_insert_with(|| descriptor(rule));
    }
    let mut left_out = 0;
    let mut runs = Vec::with_capacity(projects.len());
    for (index, project) in projects.iter().enumerate() {
        let of_project = |at: &usize| together || options.project_of[*at] == index;
        let mut chosen: Vec<usize> = (0..report.findings.len()).filter(of_project).collect();
        if chosen.len() > MOST_RESULTS {
            chosen.sort_by_key(|&at| std::cmp::Reverse(report.findings[at].severity));
            left_out += chosen.len() - MOST_RESULTS;
            chosen.truncate(MOST_RESULTS);
            chosen.sort_unstable();
        }
        runs.push(run(project, &chosen, report.findings, options, &known));
    }
    let log = Log { schema: SCHEMA, version: "2.1.0", runs };
    serde_json::to_writer(&mut *out, &log)?;
    writeln!(out)?;
    Ok(left_out)
}

fn run<'r>(
    project: &SarifProject,
    chosen: &[usize],
    findings: &'r [Finding],
    options: SarifOptions<'r>,
    known: &'r BTreeMap<&str, ReportingDescriptor>,
) -> Run<'r> {
    // Rules that ran and found nothing are among them: so an alert that is gone is known to be mended.
    let mut names: Vec<&str> = project.rules.iter().map(|rule| rule.name).collect();
    names.extend(chosen.iter().map(|&at| findings[at].rule.name));
    names.sort_unstable();
    names.dedup();
    let result = |&at: &usize| {
        let (finding, trace) = (&findings[at], &options.traces[at]);
        let uri = options.root.uri(&finding.path);
        SarifResult {
            rule_id: finding.rule.name,
            rule_index: names.binary_search(&finding.rule.name).unwrap_or_default(),
            level: level(finding.severity),
            message: Message { text: redacted(&finding.message) },
            locations: [Location {
                physical_location: PhysicalLocation {
                    artifact_location: ArtifactLocation {
                        uri: uri.text,
                        uri_base_id: uri.relative.then_some(ROOT),
                    },
                    region: Region {
                        start_line: finding.start.line,
                        start_column: finding.start.column,
                        end_line: finding.end.line,
                        end_column: finding.end.column,
                    },
                },
            }],
            partial_fingerprints: Fingerprints { primary_location_line_hash: &trace.line_hash },
            fixes: options.mendings[at]
                .iter()
                .map(|mending| fix(finding, mending, options.root))
                .collect(),
        }
    };
    let results = chosen.iter().map(result).collect();
    // Where the root lies on disk is left to the reader: it is another place everywhere.
    let description = Message { text: "the root of the repository".into() };
    Run {
        tool: Tool {
            driver: Driver {
                name: "Roadworthy",
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                rules: names.iter().filter_map(|name| known.get(name)).collect(),
            },
        },
        automation_details: AutomationDetails {
            id: match redacted(&project.folder) {
                root if root == "." => "roadworthy/".to_owned(),
                folder => format!("roadworthy/{folder}/"),
            },
        },
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: BTreeMap::from([(ROOT, UriBase { description })]),
        results,
    }
}

fn fix<'r>(finding: &'r Finding, mending: &'r Mending, root: &Root) -> Fix<'r> {
    let uri = root.uri(&finding.path);
    let replacement = |change: &'r Replacement| SarifReplacement {
        deleted_region: Region {
            start_line: change.start.line,
            start_column: change.start.column,
            end_line: change.end.line,
            end_column: change.end.column,
        },
        inserted_content: Message { text: change.text.as_str().into() },
    };
    Fix {
        description: Message { text: redacted(finding.rule.fix) },
        artifact_changes: [ArtifactChange {
            artifact_location: ArtifactLocation {
                uri: uri.text,
                uri_base_id: uri.relative.then_some(ROOT),
            },
            replacements: mending.changes.iter().map(replacement).collect(),
        }],
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}
