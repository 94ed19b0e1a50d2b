//! One automaton for many fixed texts, and its walk over a text. Must not know what the texts mean.
//!
//! ```
//! use roadworthy_search::Automaton;
//!
//! let automaton = Automaton::new(["open(", "pen"].iter(), false);
//! let hits = automaton.hits(b"x = open(path)");
//! let found: Vec<_> = hits.iter().map(|hit| (hit.index, hit.start, hit.end)).collect();
//! assert_eq!(found, [(1, 5, 8), (0, 4, 9)]);
//! ```

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, StartKind};

/// How many parts of a text are walked side by side. Each step waits for the memory that the one before it named, so
/// four independent walks take less than half the time of one (measured).
const LANES: usize = 4;
/// Shorter texts are walked in one go.
const WORTH_LANES: usize = 1024;

/// Where a fixed text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which of the texts, in the order they were given.
    pub index: usize,
    /// The offset of its first byte.
    pub start: usize,
    /// The offset behind its last byte.
    pub end: usize,
}

/// A table of states; a dense one (a DFA), as the walk reads every byte of a project.
#[derive(Clone, Debug)]
pub struct Automaton(DFA);

impl Automaton {
    /// Gets ready to look for texts, of which none may be empty, where asked for without regard to the case of ASCII.
    ///
    /// # Panics
    /// When there are millions of states: built-in texts and those of a configuration are far from it.
    pub fn new<T: AsRef<[u8]>>(texts: impl Iterator<Item = T>, ignore_case: bool) -> Self {
        let dfa = DFA::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(ignore_case)
            .start_kind(StartKind::Unanchored)
            .prefilter(false)
            .build(texts)
            .expect("some thousand states fit every limit");
        Self(dfa)
    }

    /// Every place of every text, those that overlap included, in the order of their ends.
    pub fn hits(&self, bytes: &[u8]) -> Vec<Hit> {
        if bytes.len() < WORTH_LANES { self.walk::<1>(bytes) } else { self.walk::<LANES>(bytes) }
    }

    /// Walks `N` parts of the text side by side.
    fn walk<const N: usize>(&self, bytes: &[u8]) -> Vec<Hit> {
        let dfa = &self.0;
        let Ok(root) = dfa.start_state(Anchored::No) else { return Vec::new() };
        let length = bytes.len() / N;
        // A state depends on no more bytes than the longest text has, so a walk may begin that far before its part.
        let overlap = dfa.max_pattern_len().saturating_sub(1);
        let next = |state, byte: &u8| dfa.next_state(Anchored::No, state, *byte);
        let mut states: [StateID; N] = std::array::from_fn(|lane| {
            let start = lane * length;
            bytes[start.saturating_sub(overlap)..start].iter().fold(root, next)
        });
        let parts: [&[u8]; N] = std::array::from_fn(|lane| &bytes[lane * length..][..length]);
        let mut found: [Vec<Hit>; N] = std::array::from_fn(|_| Vec::new());
        #[expect(clippy::needless_range_loop, reason = "an offset within each of the parts")]
        for at in 0..length {
            for lane in 0..N {
                states[lane] = next(states[lane], &parts[lane][at]);
            }
            for lane in 0..N {
                if dfa.is_special(states[lane]) {
                    self.note(states[lane], lane * length + at + 1, &mut found[lane]);
                }
            }
        }
        let mut state = states[N - 1];
        for (at, byte) in bytes.iter().enumerate().skip(N * length) {
            state = next(state, byte);
            if dfa.is_special(state) {
                self.note(state, at + 1, &mut found[N - 1]);
            }
        }
        found.into_iter().flatten().collect()
    }

    /// Adds the texts that end where a state was reached. Kept out of the walk, whose loop it would slow by half.
    #[cold]
    #[inline(never)]
    fn note(&self, state: StateID, end: usize, found: &mut Vec<Hit>) {
        let dfa = &self.0;
        if dfa.is_match(state) {
            found.extend((0..dfa.match_len(state)).map(|it| {
                let pattern = dfa.match_pattern(state, it);
                Hit { index: pattern.as_usize(), start: end - dfa.pattern_len(pattern), end }
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_find_what_one_walk_finds() {
        let automaton = Automaton::new(["abcde", "bcd", "d", "ea"].iter(), false);
        // Every length, so that texts lie across the ends of the parts at every offset.
        for length in 0..200 {
            let text: Vec<u8> = b"abcdeabcdxea".iter().copied().cycle().take(length).collect();
            let expected = automaton.walk::<1>(&text);
            assert_eq!(automaton.walk::<LANES>(&text), expected, "{length}");
            let count = |it: &[u8]| text.windows(it.len()).filter(|window| *window == it).count();
            let total = count(b"abcde") + count(b"bcd") + count(b"d") + count(b"ea");
            assert_eq!(expected.len(), total, "{length}");
        }
    }

    #[test]
    fn case_counts_where_it_was_asked_for() {
        let hits = |ignore_case| Automaton::new(["token"].iter(), ignore_case).hits(b"TOKEN token");
        assert_eq!(hits(false).len(), 1);
        assert_eq!(hits(true).len(), 2);
    }
}
