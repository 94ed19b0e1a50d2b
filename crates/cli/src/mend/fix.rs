//! The fixes of one file, round by round: those that overlap wait for each other. Knows changes and findings, no rule.

use roadworthy_engine::{Applicability, Edits, Finding, Severity};
use roadworthy_parser::SourceFile;
use roadworthy_project::File;

use super::{After, move_all};
use crate::change::{Changing, Judge, is_same, place};

/// More rounds of fixes that wait for each other are a circle.
const MOST_ROUNDS: usize = 10;

/// Makes the fixes of a file's findings that need no more trust than `most`, also of those at or above the level `least`
/// that they bring about. `known` are all findings of the file as it is.
pub(super) fn fix<'f>(
    file: &File,
    changing: Changing<'f>,
    mut known: Vec<Finding>,
    judge: &Judge<'_>,
    findings: &[Finding],
    (most, least): (Applicability, Severity),
) -> Result<After<'f>, String> {
    let mut text = changing.source.text().to_owned();
    let mut found = known.clone();
    let mut stay = findings.to_vec();
    let mut taken: Vec<Finding> = Vec::new();
    let mut left: Vec<(Finding, &'static str)> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let refused = |finding: &Finding| left.iter().any(|(it, _)| is_same(it, finding));
        let mut edits = Edits::default();
        let mut made = Vec::new();
        stay.retain_mut(|finding| {
            // What it takes is known of the text as it is now.
            let now = found.iter().find(|now| is_same(now, finding));
            finding.fix = now.and_then(|now| now.fix.clone());
            let fix = finding.fix_within(most).filter(|_| !refused(finding));
            let fits = fix.is_some_and(|fix| edits.take(&fix.edits));
            if fits {
                made.push(finding.clone());
            }
            !fits
        });
        if edits.is_empty() {
            stay.append(&mut made);
            break;
        }
        let changed = edits.apply(&text);
        if changing.breaks(&changed) {
            let breaks = |finding: &Finding| {
                let mut alone = Edits::default();
                finding.fix.as_ref().is_some_and(|fix| alone.take(&fix.edits))
                    && changing.breaks(&alone.apply(&text))
            };
            let culprits: Vec<_> = made.iter().filter(|finding| breaks(finding)).cloned().collect();
            if culprits.is_empty() {
                return Err("would be no Python any more with its fixes; please report this".into());
            }
            let why = "with its fix the file would be no Python any more; please report this";
            left.extend(culprits.into_iter().map(|finding| (finding, why)));
            stay.append(&mut made);
            continue;
        }
        text = changed;
        for moved in [&mut stay, &mut known, &mut taken, &mut made] {
            move_all(moved, &edits);
        }
        for (finding, _) in &mut left {
            finding.span = edits.moved(finding.span);
        }
        taken.append(&mut made);
        found = judge.findings(file, &SourceFile::from_text(&*text))?;
        // What the fixes themselves brought about is mended or told, too.
        for fresh in found.iter().filter(|now| now.severity >= least) {
            if !known.iter().any(|it| is_same(it, fresh)) {
                known.push(fresh.clone());
                stay.push(fresh.clone());
            }
        }
    }
    // What is found again is not mended.
    let (again, gone): (Vec<_>, Vec<_>) =
        taken.into_iter().partition(|it| found.iter().any(|now| is_same(now, it)));
    stay.extend(again);
    for finding in &mut stay {
        if let Some(now) = found.iter().find(|now| is_same(now, finding)) {
            finding.message.clone_from(&now.message);
            finding.severity = now.severity;
        }
    }
    place(&mut stay, &text);
    let change = (text != changing.source.text()).then_some((changing, text));
    Ok(After { findings: stay, gone: gone.len(), left, change })
}
