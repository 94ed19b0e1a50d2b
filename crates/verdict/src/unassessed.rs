//! What could not be assessed, and why: areas, then rules, then files. Silence would look like praise.

use crate::{AreaScore, AreaState, Evidence, GradeState, NotAssessed};

/// As many files are named one by one.
const NAMED: usize = 5;

/// Lists it.
pub(crate) fn list(evidence: &Evidence, areas: &[AreaScore]) -> Vec<NotAssessed> {
    let mut all: Vec<NotAssessed> = Vec::new();
    for area in areas {
        if let AreaState::NotAssessed { reason } = &area.state {
            all.push(NotAssessed { what: area.area.title().to_owned(), reason: reason.clone() });
        }
    }
    let rules = areas.iter().filter(|area| area.weight > 0).flat_map(|area| &area.rules);
    let unknown = rules.filter_map(|grade| match &grade.state {
        GradeState::Unknown(reason) => Some((grade.rule, reason.as_str())),
        _ => None,
    });
    all.extend(
        by_reason(unknown).into_iter().map(|(reason, rules)| NotAssessed {
            what: rules.join(", "),
            reason: reason.to_owned(),
        }),
    );
    let files = evidence.unjudged.iter().map(|(path, reason)| (path.as_str(), reason.as_str()));
    for (reason, files) in by_reason(files) {
        if files.len() > NAMED {
            let what = format!("{} files", files.len());
            all.push(NotAssessed { what, reason: reason.to_owned() });
        } else {
            all.extend(
                files
                    .into_iter()
                    .map(|file| NotAssessed { what: file.to_owned(), reason: reason.to_owned() }),
            );
        }
    }
    all
}

/// What shares a reason, in the order of the first of each.
fn by_reason<'a>(
    entries: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (what, reason) in entries {
        match groups.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, group)) => group.push(what),
            None => groups.push((reason, vec![what])),
        }
    }
    groups
}
