//! Answers to questions about the files of a component, each looked for once. Knows no question.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

/// What was answered, by component and question.
#[derive(Debug, Default)]
pub(super) struct Answers {
    found: Mutex<FxHashMap<(usize, String), bool>>,
}

impl Answers {
    /// The answer, looked for unless it is known. Two threads may look at once: they find the same.
    pub(super) fn get(
        &self,
        component: usize,
        question: String,
        find: impl FnOnce() -> bool,
    ) -> bool {
        let key = (component, question);
        if let Some(&known) = self.found().get(&key) {
            return known;
        }
        let answer = find();
        self.found().insert(key, answer);
        answer
    }

    fn found(&self) -> MutexGuard<'_, FxHashMap<(usize, String), bool>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Answers;

    #[test]
    fn a_question_is_answered_once() {
        let answers = Answers::default();
        assert!(answers.get(0, "a".to_owned(), || true));
        assert!(answers.get(0, "a".to_owned(), || false));
        assert!(!answers.get(1, "a".to_owned(), || false));
    }
}
