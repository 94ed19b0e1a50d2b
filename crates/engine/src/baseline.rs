//! The findings that a project lives with for now: which of a run's are among them, and which of them are gone. Knows
//! hashes and counts, no text and no file system.

mod format;
mod mark;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use roadworthy_secrets::{Fingerprint, Salt};

pub use format::BaselineFlaw;
pub use mark::{Mark, Marker};

/// What a project lives with: a multiset, so that one more of the same is new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// As a rule one, or none where nothing needs it; two where two branches each made one.
    salts: Vec<Salt>,
    entries: BTreeMap<Key, Known>,
}

/// What findings have in common that cannot be told apart but by their place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    path: String,
    alike: Alike,
}

/// The part of a key that stays when a file is renamed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Alike {
    rule: String,
    line: u64,
    value: Option<Fingerprint>,
}

/// How many findings of a key there are, and what the lines around them were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    count: u32,
    /// Sorted. A hint: it says which of equal findings are the known ones, never how many.
    near: Vec<u64>,
}

/// A finding as a baseline sees it.
#[derive(Clone, Debug)]
pub struct Sighting<'s> {
    /// Relative to the baseline's folder, with forward slashes, without credentials.
    pub path: &'s str,
    /// The rule that speaks.
    pub rule: &'s str,
    /// What it is known by.
    pub mark: Mark,
}

/// What a run can say of the entries of a file and a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The rule judged the file: what was not found is gone.
    Judged,
    /// It did not: nothing can be said.
    Unjudged,
    /// There is no such file any more.
    Gone {
        /// Whether the run looked everywhere where the file was, so that it would have seen it under another name.
        searched: bool,
    },
}

/// A run beside a baseline.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// For each sighting whether it is known.
    pub known: Vec<bool>,
    /// Number of known findings that are gone.
    pub stale: usize,
    /// Number of known findings of which this run can say nothing.
    pub unjudged: usize,
    salts: Vec<Salt>,
    /// Those of which it can say nothing.
    rest: BTreeMap<Key, Known>,
}

impl Baseline {
    /// The salts under which values are looked for; the first is that of what is written.
    pub fn salts(&self) -> &[Salt] {
        &self.salts
    }

    /// Number of findings.
    pub fn count(&self) -> usize {
        self.entries.values().map(|known| known.count as usize).sum()
    }

    /// The paths that it names, in order, each once.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let mut last = None;
        let paths = self.entries.keys().map(|key| key.path.as_str());
        paths.filter(move |path| last.replace(*path) != Some(*path))
    }

    /// Finds the sightings, which are in the order of a report, among what is known.
    pub fn compare(
        &self,
        sightings: &[Sighting<'_>],
        reach: &dyn Fn(&str, &str) -> Reach,
    ) -> Comparison {
        let mut left: BTreeMap<&Key, Known> =
            self.entries.iter().map(|(key, known)| (key, known.clone())).collect();
        let mut known = vec![false; sightings.len()];

        let mut groups: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (index, sighting) in sightings.iter().enumerate() {
            for alike in sighting.alike() {
                let key = Key { path: sighting.path.to_owned(), alike };
                groups.entry(key).or_default().push(index);
            }
        }
        for (key, group) in &groups {
            if let Some(left) = left.get_mut(key) {
                left.claim(group, sightings, &mut known);
            }
        }

        // What is left of a file that is gone may be found in one that is new. Never more than there was.
        let own: BTreeSet<&str> = self.entries.keys().map(|key| key.path.as_str()).collect();
        let mut moved: BTreeMap<&Alike, Vec<usize>> = BTreeMap::new();
        for (key, group) in groups.iter().filter(|(key, _)| !own.contains(key.path.as_str())) {
            moved.entry(&key.alike).or_default().extend(group);
        }
        let mut stale = 0;
        let mut rest = BTreeMap::new();
        for (key, mut left) in left.into_iter().filter(|(_, left)| left.count > 0) {
            let reach = reach(&key.path, &key.alike.rule);
            if let (Reach::Gone { .. }, Some(group)) = (reach, moved.get(&key.alike)) {
                left.claim(group, sightings, &mut known);
            }
            match reach {
                Reach::Judged | Reach::Gone { searched: true } => stale += left.count as usize,
                Reach::Unjudged | Reach::Gone { searched: false } => {
                    if left.count > 0 {
                        rest.insert(key.clone(), left);
                    }
                }
            }
        }
        let unjudged = rest.values().map(|known| known.count as usize).sum();
        Comparison { known, stale, unjudged, salts: self.salts.clone(), rest }
    }
}

impl Comparison {
    /// The baseline of some of the sightings, and of what this run can say nothing about. `salt` is that of a new
    /// baseline.
    pub fn baseline<'s, 't: 's>(
        &self,
        sightings: impl IntoIterator<Item = &'s Sighting<'t>>,
        salt: Option<Salt>,
    ) -> Baseline {
        let mut entries = self.rest.clone();
        let old_values = entries.keys().any(|key| key.alike.value.is_some());
        for sighting in sightings {
            // Under the first salt; a value that has none is never recorded without it.
            if let Some(alike) = sighting.alike().next() {
                let known = entries.entry(Key { path: sighting.path.to_owned(), alike });
                let known = known.or_default();
                known.count = known.count.saturating_add(1);
                known.near.push(sighting.mark.near);
            }
        }
        for known in entries.values_mut() {
            known.near.sort_unstable();
        }
        let mut salts = self.salts.clone();
        salts.extend(if salts.is_empty() { salt } else { None });
        if !old_values {
            salts.truncate(usize::from(entries.keys().any(|key| key.alike.value.is_some())));
        }
        Baseline { salts, entries }
    }
}

impl Sighting<'_> {
    /// What it may be known by: as many as there are salts where it has a value that may be hashed.
    fn alike(&self) -> impl Iterator<Item = Alike> + '_ {
        let Mark { line, values, .. } = &self.mark;
        values.iter().map(|&value| Alike { rule: self.rule.to_owned(), line: *line, value })
    }
}

impl Known {
    /// Takes equal sightings for known, as many as there are: those in the same surroundings before others, then those
    /// with the same lines around them, then those in the same function, and the first before the last.
    fn claim(&mut self, group: &[usize], sightings: &[Sighting<'_>], known: &mut [bool]) {
        let hints: [fn(u64) -> u64; 3] = [|near| near, mark::lines_around, mark::headers_around];
        for hint in hints {
            let mut left: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
            for near in std::mem::take(&mut self.near) {
                left.entry(hint(near)).or_default().push(near);
            }
            for &index in group {
                let same = left.get_mut(&hint(sightings[index].mark.near));
                if self.count > 0 && !known[index] && same.and_then(Vec::pop).is_some() {
                    known[index] = true;
                    self.count -= 1;
                }
            }
            self.near = left.into_values().flatten().collect();
        }
        for &index in group {
            if self.count > 0 && !known[index] {
                known[index] = true;
                self.count -= 1;
            }
        }
        self.near.sort_unstable();
    }

    /// One entry that stands twice, as two branches were merged: the higher count.
    fn merge(&mut self, other: Self) {
        self.count = self.count.max(other.count);
        if self.near != other.near {
            self.near.extend(other.near);
            self.near.sort_unstable();
        }
    }
}
