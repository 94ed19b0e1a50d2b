//! Many findings of one component to one: a rule that fails at many places says something about the
//! component, not about each place. Knows counts and folders, not what the rule judges.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::{Position, Span};
use roadworthy_project::{Component, Project};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::flaws::CONFLICT;
use crate::{Finding, Outcome, Rule, Severity, SiteCount};

/// When the findings of a rule become one finding about the component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Folded where at least this share of the judged sites fails, in per cent.
    pub share: u32,
    /// Fewer sites than this are never folded.
    pub sites: u32,
    /// From this share on they are advice, in per cent: a component that does something nearly nowhere has
    /// decided so. Where this is set, sites that are too few to fold are advice as well: slips, no habit.
    pub advice: Option<u32>,
    /// What a site is, in the plural: "public functions".
    pub noun: &'static str,
}

impl SiteCount {
    fn of(counts: &[(&Utf8Path, Self)]) -> Self {
        let mut total = Self::default();
        for &(_, count) in counts {
            total.add(count);
        }
        total
    }

    fn reaches(self, share: u32) -> bool {
        self.failed > 0 && self.failed * 100 >= self.judged * share
    }
}

/// Fewer failing sites than this are told one by one: their places say more than a share does.
const FEW: u32 = 10;

/// How many of the worst folders a folded finding names.
const WORST_FOLDERS: usize = 3;

/// A rule and the root of a component.
type Key<'f> = (&'static str, &'f str);
/// The sites of each file of a component.
type Counts<'f> = Vec<(&'f Utf8Path, SiteCount)>;

impl Outcome {
    /// The components that have findings of rules that fold.
    pub fn foldable<'p>(&self, project: &'p Project) -> Vec<&'p Component> {
        let mut folds =
            self.findings.iter().filter(|finding| finding.rule.fold.is_some()).peekable();
        if folds.peek().is_none() {
            return Vec::new();
        }
        let owners = owners(&[project]);
        let roots = folds.filter_map(|finding| owners.get(finding.path.as_str()));
        let found: BTreeMap<&str, &Component> =
            roots.map(|component| (component.root.as_str(), *component)).collect();
        found.into_values().collect()
    }

    /// Leaves out what is told only as a part of what many places say about their component.
    pub fn drop_only_folded(&mut self) {
        self.findings.retain(|it| !it.only_folded);
    }

    /// Makes one finding of those of a rule that fails at many places of a component, and advice of those
    /// that are no habit of it, or its decision.
    ///
    /// `around` is what was found in the files of these components that the run was not asked for: it
    /// counts, so that a file given by name is judged as in a whole run, and is not reported.
    pub fn fold(&mut self, project: &Project, around: Option<(&Project, Self)>) {
        let mut projects = vec![project];
        let mut findings = std::mem::take(&mut self.findings);
        let sites = std::mem::take(&mut self.sites);
        let mut others = Vec::new();
        let beside = std::mem::take(&mut self.beside);
        let asked = project.files.iter().chain(&beside);
        let asked: FxHashSet<&str> = asked.map(|file| file.path.as_str()).collect();
        if let Some((project, outcome)) = around {
            projects.push(project);
            findings.extend(outcome.findings);
            others = outcome.sites;
        }
        let owners = owners(&projects);
        let key = |path: &Utf8Path, rule: &Rule| -> Option<(&'static str, &str)> {
            owners.get(path.as_str()).map(|component| (rule.name, component.root.as_str()))
        };
        let mut counts: BTreeMap<Key<'_>, (Fold, Counts<'_>)> = BTreeMap::new();
        for file in sites.iter().chain(&others) {
            for &(rule, count) in &file.folds {
                if let Some((fold, key)) = rule.fold.zip(key(&file.path, rule)) {
                    let counts = &mut counts.entry(key).or_insert_with(|| (fold, Vec::new())).1;
                    counts.push((&file.path, count));
                }
            }
        }
        let advised: FxHashSet<Key<'_>> = counts
            .iter()
            .filter(|(_, (fold, counts))| fold.is_advice(counts))
            .map(|(key, _)| *key)
            .collect();
        counts.retain(|_, (fold, counts)| fold.applies(counts));
        let mut folded: BTreeMap<Key<'_>, Vec<Finding>> = BTreeMap::new();
        for mut finding in findings {
            let key = key(&finding.path, finding.rule);
            // Another level than the rule's own is what somebody configured.
            if finding.severity == finding.rule.severity
                && key.is_some_and(|key| advised.contains(&key))
            {
                finding.severity = Severity::Info;
            }
            match key.filter(|key| counts.contains_key(key)) {
                Some(key) => folded.entry(key).or_default().push(finding),
                None if asked.contains(finding.path.as_str()) => self.findings.push(finding),
                None => {}
            }
        }
        for (key, findings) in folded {
            let (findings, louder) = apart(findings, counts[&key].0);
            self.findings.extend(louder.into_iter().filter(|it| asked.contains(it.path.as_str())));
            if findings.iter().any(|finding| asked.contains(finding.path.as_str())) {
                let component = owners[findings[0].path.as_str()];
                self.findings.push(fold_component(component, &findings, &counts[&key].1));
            }
        }
        self.findings = conflicts_once(std::mem::take(&mut self.findings), &owners);
        self.drop_only_folded();
        self.findings.sort_by(Finding::order);
        self.sites = sites;
        self.beside = beside;
    }
}

/// Makes one finding of the conflicts of one merge in each component: whoever finishes it mends all of them.
fn conflicts_once(findings: Vec<Finding>, owners: &FxHashMap<&str, &Component>) -> Vec<Finding> {
    let (conflicts, mut others): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|it| it.message == CONFLICT);
    let mut components: BTreeMap<Option<&Utf8Path>, Vec<Finding>> = BTreeMap::new();
    for finding in conflicts {
        let component = owners.get(finding.path.as_str()).map(|it| it.path.as_path());
        components.entry(component).or_default().push(finding);
    }
    for mut conflicts in components.into_values() {
        if conflicts.len() >= FEW as usize {
            conflicts.sort_by(Finding::order);
            let rest = conflicts.split_off(1);
            let named = rest.iter().take(WORST_FOLDERS).map(|it| it.path.as_str());
            let named: Vec<&str> = named.collect();
            let _ = write!(
                conflicts[0].message,
                ", and so do {} others, as {}",
                rest.len(),
                named.join(", ")
            );
        }
        others.append(&mut conflicts);
    }
    others
}

/// The component of each file, by the file's path.
fn owners<'p>(projects: &[&'p Project]) -> FxHashMap<&'p str, &'p Component> {
    let files = projects.iter().flat_map(|project| {
        project.files.iter().map(|file| (file.path.as_str(), project.component(file)))
    });
    files.collect()
}

impl Fold {
    /// Whether so many of a component's sites fail that they are one finding.
    fn applies(self, counts: &[(&Utf8Path, SiteCount)]) -> bool {
        let total = SiteCount::of(counts);
        total.judged >= self.sites && total.failed >= FEW && total.reaches(self.share)
    }

    /// Whether so many, or so few, of a component's sites fail that they are no more than advice.
    fn is_advice(self, counts: &[(&Utf8Path, SiteCount)]) -> bool {
        self.advice
            .is_some_and(|share| !self.applies(counts) || SiteCount::of(counts).reaches(share))
    }
}

/// The findings that become one, and those that are told one by one beside it, as they are louder.
/// Where single sites are no more than advice, these are, too.
fn apart(findings: Vec<Finding>, fold: Fold) -> (Vec<Finding>, Vec<Finding>) {
    let is_loud = |finding: &Finding| finding.severity > Severity::Info;
    let loud = findings.iter().filter(|it| is_loud(it)).count();
    if loud == findings.len() {
        return (findings, Vec::new());
    }
    let (mut quiet, mut louder) = (findings, Vec::new());
    if fold.advice.is_some() {
        for finding in &mut quiet {
            finding.severity = Severity::Info;
        }
    } else {
        (louder, quiet) = quiet.into_iter().partition(is_loud);
    }
    (quiet, louder)
}

/// The one finding that stands for those of one rule in one component. `counts` holds the sites of each
/// file of the component.
///
/// # Panics
/// When there is no finding.
fn fold_component(
    component: &Component,
    findings: &[Finding],
    counts: &[(&Utf8Path, SiteCount)],
) -> Finding {
    let total = SiteCount::of(counts);
    let mut folders: BTreeMap<&str, SiteCount> = BTreeMap::new();
    for &(path, count) in counts {
        let folder = path.parent().map_or("", Utf8Path::as_str);
        folders.entry(folder).or_default().add(count);
    }
    let rule = findings.first().expect("a fold has findings").rule;
    let noun = rule.fold.map_or("sites", |fold| fold.noun);
    let mut worst: Vec<_> = folders.into_iter().filter(|(_, count)| count.failed > 0).collect();
    worst.sort_by(|a, b| b.1.failed.cmp(&a.1.failed).then(a.0.cmp(b.0)));
    let mut message = format!(
        "{}: {} of {} {noun} in this component ({} %), worst in",
        rule.summary,
        total.failed,
        total.judged,
        total.failed * 100 / total.judged,
    );
    for (place, (folder, count)) in worst.iter().take(WORST_FOLDERS).enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let shown = if folder.is_empty() { "." } else { folder };
        // Writing to a string does not fail.
        let _ = write!(message, "{comma} {shown} ({} of {})", count.failed, count.judged);
    }
    let (path, span, start, end) = place(component, findings);
    let severity = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
    Finding {
        rule,
        severity,
        message,
        path,
        span,
        start,
        end,
        kind: None,
        role: None,
        fix: None,
        only_folded: false,
    }
}

/// A component is spoken of at the top of its manifest, else of the first file that fails.
fn place(component: &Component, findings: &[Finding]) -> (Utf8PathBuf, Span, Position, Position) {
    let top = Position { line: 1, column: 1 };
    let path = component.manifest.clone().or_else(|| findings.iter().map(|f| f.path.clone()).min());
    (path.unwrap_or_default(), Span::empty(0), top, top)
}
