//! Which secrets are the same, without keeping them. Knows bytes only.
//!
//! Those of a baseline are another thing: they are written down, so that weak values have none, and differ by rule.

use std::hash::{BuildHasher, RandomState};

/// What stands for a value, in this run only.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint(u64, u64);

/// The keys of a run, made at random and never written down: without them a fingerprint tells nothing of its value.
pub(super) struct Fingerprints(RandomState, RandomState);

impl Fingerprints {
    pub(super) fn new() -> Self {
        Self(RandomState::new(), RandomState::new())
    }

    pub(super) fn of(&self, value: &str) -> Fingerprint {
        Fingerprint(self.0.hash_one(value), self.1.hash_one(value))
    }
}
