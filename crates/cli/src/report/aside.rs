//! What does not count in the first number of a verdict, for people to see. Knows findings, no sum.

use std::collections::BTreeMap;

use roadworthy_engine::RuleSet;
use roadworthy_report::{AsideKind, SetAside};

use super::run::Run;

/// All that is set aside: what hides most comes first.
pub(crate) fn all(run: &Run) -> Vec<SetAside> {
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
        reason: None,
        findings,
    }));
    all.extend(by_file.into_iter().map(|(path, findings)| SetAside {
        kind: AsideKind::Excluded,
        rule: None,
        path: Some(path.to_owned()),
        line: None,
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
        reason: it.reason.clone(),
        findings: 1,
    }));
    all.extend(run.known.iter().map(|finding| SetAside {
        kind: AsideKind::Baselined,
        rule: Some(finding.rule.name.to_owned()),
        path: Some(finding.path.to_string()),
        line: Some(finding.start.line),
        reason: None,
        findings: 1,
    }));
    all.sort_by_key(|aside| aside.kind);
    all
}
