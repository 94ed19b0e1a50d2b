//! One automaton for many fixed texts, and its walk over a text; must not know what the texts mean.

use aho_corasick::automaton::Automaton as _;
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, StartKind};

/// How many parts of a text are walked side by side. Each step waits for the memory that the one before it named, so
/// four independent walks take two thirds of the time of one (measured; eight take no less).
const LANES: usize = 4;
/// Shorter texts are walked in one go.
const WORTH_LANES: usize = 1024;

/// Where a fixed text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Which of the texts, in the order they were given.
    pub(super) index: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A table of states; a dense one (a DFA), as the walk reads every byte of a project.
pub(super) struct Automaton(DFA);

impl Automaton {
    pub(super) fn new<T: AsRef<[u8]>>(texts: impl Iterator<Item = T>) -> Self {
        let dfa = DFA::builder()
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Unanchored)
            .prefilter(false)
            .build(texts)
            .expect("some thousand states fit every limit");
        Self(dfa)
    }

    /// Every place of every text, those that overlap included, in the order of their ends.
    pub(super) fn hits(&self, bytes: &[u8]) -> Vec<Hit> {
        if bytes.len() < WORTH_LANES { self.walk::<1>(bytes) } else { self.walk::<LANES>(bytes) }
    }

    /// Walks `N` parts of the text side by side.
    fn walk<const N: usize>(&self, bytes: &[u8]) -> Vec<Hit> {
        let dfa = &self.0;
        let Ok(root) = dfa.start_state(Anchored::No) else { return Vec::new() };
        let length = bytes.len() / N;
        // A state depends on no more bytes than the longest text has, so a walk may begin that far before its part.
        let overlap = dfa.max_pattern_len().saturating_sub(1);
        let mut states = std::array::from_fn::<_, N, _>(|lane| {
            let start = lane * length;
            let before = &bytes[start.saturating_sub(overlap)..start];
            before.iter().fold(root, |state, byte| dfa.next_state(Anchored::No, state, *byte))
        });
        let mut found = std::array::from_fn::<_, N, _>(|_| Vec::new());
        let mut step = |lane: usize, at: usize| {
            let state = dfa.next_state(Anchored::No, states[lane], bytes[at]);
            states[lane] = state;
            if dfa.is_special(state) && dfa.is_match(state) {
                let end = at + 1;
                found[lane].extend((0..dfa.match_len(state)).map(|it| {
                    let pattern = dfa.match_pattern(state, it);
                    Hit { index: pattern.as_usize(), start: end - dfa.pattern_len(pattern), end }
                }));
            }
        };
        for at in 0..length {
            for lane in 0..N {
                step(lane, lane * length + at);
            }
        }
        for at in N * length..bytes.len() {
            step(N - 1, at);
        }
        found.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_find_what_one_walk_finds() {
        let automaton = Automaton::new(["abcde", "bcd", "d", "ea"].iter());
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
}
