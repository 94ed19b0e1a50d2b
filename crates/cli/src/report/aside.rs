//! What does not count in the first number of a verdict, for people to see. Knows findings, no sum.

use std::collections::BTreeMap;

use camino::Utf8Path;
use rayon::prelude::*;
use roadworthy_engine::{Marker, RuleSet};
use roadworthy_report::{AsideKind, Root, SetAside};

use super::run::Run;
use crate::output::places::Places;

/// All that is set aside: what hides most comes first.
pub(super) fn all(run: &Run) -> Vec<SetAside> {
    let mut all = Vec::new();
    let judged: std::collections::BTreeSet<&str> =
        run.plan.project.files.iter().map(|file| file.path.as_str()).collect();
    let mut selected = RuleSet::empty();
    for settings in &run.plan.settings {
        selected.extend(&settings.all_rules());
    }
    let (mut by_rule, mut by_file) = (BTreeMap::new(), BTreeMap::new());
    for finding in &run.hidden {
        let is_off = run.plan.catalog.id(finding.rule.name).is_none_or(|id| !selected.contains(id));
        if is_off || judged.contains(finding.path.as_str()) {
            *by_rule.entry(finding.rule.name).or_insert(0) += 1;
        } else {
            *by_file.entry(finding.path.as_str()).or_insert(0) += 1;
        }
    }
    all.extend(by_rule.into_iter().map(|(rule, findings)| SetAside {
        kind: AsideKind::Disabled,
        rule: Some(rule.to_owned()),
        path: None,
        line: None,
        text: None,
        reason: None,
        findings,
    }));
    all.extend(by_file.into_iter().map(|(path, findings)| SetAside {
        kind: AsideKind::Excluded,
        rule: None,
        path: Some(path.to_owned()),
        line: None,
        text: None,
        reason: None,
        findings,
    }));
    all.extend(run.outcome.suppressed.iter().map(|it| SetAside {
        kind: if roadworthy_verdict::is_disputed(it) {
            AsideKind::Disputed
        } else {
            AsideKind::Accepted
        },
        rule: Some(it.rule.to_owned()),
        path: Some(it.path.to_string()),
        line: Some(it.line),
        text: None,
        reason: it.reason.clone(),
        findings: 1,
    }));
    all.extend(run.known.iter().map(|finding| SetAside {
        kind: AsideKind::Baselined,
        rule: Some(finding.rule.name.to_owned()),
        path: Some(finding.path.to_string()),
        line: Some(finding.start.line),
        text: None,
        reason: None,
        findings: 1,
    }));
    all.sort_by_key(|aside| aside.kind);
    all
}

/// Adds what tells the lines of findings from others, so that reports can be compared. What may not be shown of a line is
/// not hashed either.
pub(super) fn mark(all: &mut [SetAside], run: &Run, working_directory: &Utf8Path) {
    let root = Root::new(working_directory.to_owned(), working_directory.to_owned());
    let places = Places::new(&run.plan, &run.input, root);
    let mut by_file: BTreeMap<String, Vec<&mut SetAside>> = BTreeMap::new();
    for aside in all.iter_mut().filter(|it| it.kind.is_of_findings()) {
        by_file.entry(aside.path.clone().unwrap_or_default()).or_default().push(aside);
    }
    let of_file = |(path, asides): (String, Vec<&mut SetAside>)| {
        let Some(shown) = places.load(path.as_str().into()) else { return };
        let mut marker = Marker::new(&shown.source, shown.hidden);
        for aside in asides {
            aside.text = aside.line.map(|line| marker.line(line));
        }
    };
    by_file.into_par_iter().for_each(of_file);
}
