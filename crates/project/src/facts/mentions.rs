//! How often names stand in the files of a project that are no tests. Knows words, no syntax: what stands once may be a
//! definition that nobody uses.

use rustc_hash::FxHasher;
use std::hash::Hasher;

use super::Facts;
use crate::{File, FileKind, Role};

/// Cells for the words; two that share one are taken for more frequent than they are.
const CELLS: usize = 1 << 22;

/// How often each word stands in the code and the settings of a project.
pub struct Mentions {
    counts: Vec<u8>,
}

impl Mentions {
    pub(super) fn read(facts: &Facts<'_>) -> Self {
        let mut counts = vec![0; CELLS];
        let project = facts.project();
        for file in project.files.iter().chain(&project.unasked).filter(|it| is_counted(it)) {
            if let Ok(source) = project.read(file) {
                count(source.text(), &mut counts);
            }
        }
        Self { counts }
    }

    /// How often a name stands there, or more.
    pub fn of(&self, name: &str) -> usize {
        usize::from(self.counts[cell(name.as_bytes())])
    }
}

/// Whether a file may use or start what others define.
fn is_counted(file: &File) -> bool {
    let is_test = file.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
    !is_test
        && matches!(
            file.kind,
            FileKind::Python
                | FileKind::Notebook
                | FileKind::Yaml
                | FileKind::Toml
                | FileKind::Ini
                | FileKind::Dockerfile
                | FileKind::Shell
        )
}

fn count(text: &str, counts: &mut [u8]) {
    let is_of_word = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_' || *it >= 0x80;
    let words = text.as_bytes().split(|it| !is_of_word(it)).filter(|it| !it.is_empty());
    for word in words {
        let cell = &mut counts[cell(word)];
        *cell = cell.saturating_add(1);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the remainder is the number of a cell")]
fn cell(word: &[u8]) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    (hasher.finish() % CELLS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::{CELLS, Mentions, count};

    #[test]
    fn whole_words_are_counted() {
        let mut counts = vec![0; CELLS];
        count("def load(order): return reload(order)", &mut counts);
        let mentions = Mentions { counts };
        assert_eq!([1, 1, 2, 0], ["load", "reload", "order", "orders"].map(|it| mentions.of(it)));
    }
}
