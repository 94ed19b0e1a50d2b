//! How often names stand in the files of a project that are no tests. Knows words, no syntax: what stands once may be a
//! definition that nobody uses.

use std::hash::Hasher;
use std::panic::resume_unwind;
use std::thread;

use rustc_hash::FxHasher;

use super::Facts;
use crate::{File, FileKind, Role};

/// Cells for the words; two that share one are taken for more frequent than they are.
const CELLS: usize = 1 << 20;

/// More files than these are not read once more: that would cost more than the answers are worth.
const MOST: usize = 1500;

/// What is longer, in bytes, is data.
const LARGEST: usize = 1_000_000;

/// How often each word stands in the code and the settings of a project.
#[derive(Debug)]
pub struct Mentions {
    /// `None` where the project is too large.
    counts: Option<Vec<u8>>,
}

impl Mentions {
    pub(super) fn read(facts: &Facts<'_>) -> Self {
        let project = facts.project();
        let all = project.files.iter().chain(&project.unasked);
        let files: Vec<&File> = all.filter(|it| !is_test(it) && Self::may_be_in(it)).collect();
        if files.len() > MOST {
            return Self { counts: None };
        }
        let count_in = |files: &[&File]| {
            let mut counts = vec![0; CELLS];
            let texts = files.iter().filter_map(|it| facts.source(it));
            for source in texts.filter(|it| it.text().len() <= LARGEST) {
                count(source.text(), &mut counts);
            }
            counts
        };
        // Whoever asks is one of several, and the others soon wait for the answer: theirs are threads of their own, as those of
        // a pool might take up work that asks again.
        let (first, second) = files.split_at(files.len() / 2);
        let counts = thread::scope(|scope| {
            let other = scope.spawn(|| count_in(second));
            let mut counts = count_in(first);
            let others = other.join().unwrap_or_else(|panic| resume_unwind(panic));
            counts.iter_mut().zip(others).for_each(|(all, more)| *all = all.saturating_add(more));
            counts
        });
        Self { counts: Some(counts) }
    }

    /// Whether a file may use or start what others define, by its kind.
    pub fn may_be_in(file: &File) -> bool {
        match file.kind {
            FileKind::Python
            | FileKind::Notebook
            | FileKind::Yaml
            | FileKind::Toml
            | FileKind::Json
            | FileKind::Ini
            | FileKind::Dockerfile
            | FileKind::Shell => true,
            FileKind::Text => file.path.extension().is_some_and(|it| TEXTS.contains(&it)),
            _ => false,
        }
    }

    /// How often a name stands there, or more: [`usize::MAX`] where that is very often, or the project is too large to tell.
    pub fn of(&self, name: &str) -> usize {
        match self.counts.as_ref().map(|it| it[cell(name)]) {
            None | Some(u8::MAX) => usize::MAX,
            Some(count) => usize::from(count),
        }
    }
}

/// Endings of texts that may name what Python defines: templates, what starts programs, and code that calls it.
const TEXTS: [&str; 20] = [
    "bat", "cmd", "config", "fish", "hcl", "htm", "html", "j2", "jinja", "jinja2", "mk", "nix",
    "plist", "ps1", "pxd", "pyx", "service", "tf", "tmpl", "xml",
];

fn is_test(file: &File) -> bool {
    file.path_role.as_ref().is_some_and(|it| it.role == Role::Test)
}

fn count(text: &str, counts: &mut [u8]) {
    let is_of_word = |it: char| it.is_alphanumeric() || it == '_';
    for word in text.split(|it| !is_of_word(it)).filter(|it| !it.is_empty()) {
        let cell = &mut counts[cell(word)];
        *cell = cell.saturating_add(1);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the remainder is the number of a cell")]
fn cell(word: &str) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    (hasher.finish() % CELLS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::{CELLS, Mentions, count};

    #[test]
    fn whole_words_are_counted() {
        let mut counts = vec![0; CELLS];
        count("def load(order): return reload(order)", &mut counts);
        let mentions = Mentions { counts: Some(counts) };
        assert_eq!([1, 1, 2, 0], ["load", "reload", "order", "orders"].map(|it| mentions.of(it)));
    }

    #[test]
    fn what_stands_very_often_is_not_counted_to_the_end() {
        let mut counts = vec![0; CELLS];
        count(&"order\u{2014}".repeat(300), &mut counts);
        assert_eq!(Mentions { counts: Some(counts) }.of("order"), usize::MAX);
    }
}
