//! Which suppressions a change added. Compares two lists; knows neither where they come from nor how many may be added.

use std::collections::{BTreeMap, HashMap};

/// Something that is set aside, as far as two states of a project are compared by it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Suppression {
    /// The rule that it silences.
    pub rule: String,
    /// The file; `None` where the configuration silences the rule.
    pub path: Option<String>,
    /// The line of what is silenced, from 1.
    pub line: Option<u32>,
    /// What tells the text of that line from others, where that is known.
    #[serde(skip)]
    pub text: Option<u64>,
}

/// What one file holds of one rule.
#[derive(Default)]
struct Group<'s> {
    now: Vec<&'s Suppression>,
    before: Vec<&'s Suppression>,
}

/// The suppressions of `now` that are new, in their order.
///
/// They are counted by rule and file: who takes some out of one file may not put as many into another. One that was
/// moved, out of a file that lost one with the same rule and the same line, is not new. So there are never fewer new
/// ones than the whole has grown by.
pub fn added<'s>(now: &'s [Suppression], before: &'s [Suppression]) -> Vec<&'s Suppression> {
    let mut groups: BTreeMap<(&str, Option<&str>), Group<'s>> = BTreeMap::new();
    let key = |it: &'s Suppression| (it.rule.as_str(), it.path.as_deref());
    for it in now {
        groups.entry(key(it)).or_default().now.push(it);
    }
    for it in before {
        groups.entry(key(it)).or_default().before.push(it);
    }
    let mut new = Vec::new();
    let mut lost: HashMap<(&str, u64), usize> = HashMap::new();
    for ((rule, _), group) in &groups {
        let (now, before) = (&group.now, &group.before);
        new.extend(unmatched(now, before).take(now.len().saturating_sub(before.len())));
        let gone = unmatched(before, now).take(before.len().saturating_sub(now.len()));
        for text in gone.filter_map(|it| it.text) {
            *lost.entry((rule, text)).or_default() += 1;
        }
    }
    new.retain(|it| {
        let left = it.text.and_then(|text| lost.get_mut(&(it.rule.as_str(), text)));
        left.filter(|left| **left > 0).map(|left| *left -= 1).is_none()
    });
    new.sort_by_key(|it| (&it.path, it.line, &it.rule));
    new
}

/// Those for which the others hold none with the same line; what has no known line matches nothing.
fn unmatched<'g, 's>(
    these: &'g [&'s Suppression],
    others: &'g [&'s Suppression],
) -> impl Iterator<Item = &'s Suppression> + 'g {
    let mut left: HashMap<u64, usize> = HashMap::new();
    for text in others.iter().filter_map(|it| it.text) {
        *left.entry(text).or_default() += 1;
    }
    these.iter().copied().filter(move |it| {
        let same = it.text.and_then(|text| left.get_mut(&text));
        same.filter(|left| **left > 0).map(|left| *left -= 1).is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One for each `rule path text`; lines are counted.
    fn all(told: &[&str]) -> Vec<Suppression> {
        let each = told.iter().zip(1..).map(|(told, line)| {
            let mut words = told.split(' ');
            let mut next = || words.next().unwrap_or_default().to_owned();
            let (rule, path) = (next(), next());
            Suppression { rule, path: Some(path), line: Some(line), text: next().parse().ok() }
        });
        each.collect()
    }

    fn new(now: &[&str], before: &[&str]) -> Vec<u32> {
        added(&all(now), &all(before)).iter().filter_map(|it| it.line).collect()
    }

    #[test]
    fn what_was_there_is_not_new() {
        assert_eq!(new(&["r a 1", "r a 2"], &["r a 1", "r a 2"]), [0; 0]);
        // Its reason was mended, and with it its line.
        assert_eq!(new(&["r a 1", "r a 3"], &["r a 1", "r a 2"]), [0; 0]);
        assert_eq!(new(&["r a 3", "r a 1"], &["r a 1"]), [1]);
        assert_eq!(new(&["r a 1", "r a 1"], &["r a 1"]), [2]);
        assert_eq!(new(&["s a 1"], &["r a 1"]), [1]);
    }

    #[test]
    fn what_was_moved_is_not_new() {
        assert_eq!(new(&["r b 1"], &["r a 1"]), [0; 0]);
        assert_eq!(new(&["r b 1", "r b 1"], &["r a 1"]), [2]);
    }

    #[test]
    fn what_is_taken_out_elsewhere_pays_for_nothing() {
        assert_eq!(new(&["r b 2"], &["r a 1"]), [1]);
        assert_eq!(new(&["r b x"], &["r a x"]), [1]);
        // The one that seems to come from `a` was replaced there.
        assert_eq!(new(&["r a 2", "r b 1"], &["r a 1"]), [2]);
    }
}
