//! Where in a file something may be wrong: one automaton over the triggers of all rules of a run.
//! Knows text and outline, no tree.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use roadworthy_parser::{Outline, StringLiteral};

use crate::{Catalog, Place, RuleId, RuleSet, Trigger};

/// A place where a rule may have something to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    pub(crate) rule: RuleId,
    pub(crate) offset: u32,
    /// Index in the rule's triggers.
    pub(crate) trigger: u32,
}

/// The triggers of the rules of a run.
pub(crate) struct TriggerIndex {
    automaton: Option<AhoCorasick>,
    /// By pattern of the automaton: the rules that wait for it, and how.
    waiting: Vec<Vec<(RuleId, u32, Trigger)>>,
}

impl TriggerIndex {
    pub(crate) fn new(catalog: &Catalog, rules: &RuleSet) -> Self {
        let mut patterns: Vec<String> = Vec::new();
        let mut waiting: Vec<Vec<(RuleId, u32, Trigger)>> = Vec::new();
        let mut ignore_case = false;
        for id in rules.iter() {
            for (index, &trigger) in catalog.rule(id).triggers.iter().enumerate() {
                ignore_case |= trigger.ignore_case;
                let pattern = patterns.iter().position(|pattern| pattern == trigger.text);
                let pattern = pattern.unwrap_or_else(|| {
                    patterns.push(trigger.text.to_owned());
                    waiting.push(Vec::new());
                    patterns.len() - 1
                });
                waiting[pattern].push((id, index as u32, trigger));
            }
        }
        // A DFA costs some tenths of a millisecond to build and reads twice as fast as the other kinds. A search for
        // rare bytes before it stops at every second word of code, and costs more than the DFA alone.
        let automaton = (!patterns.is_empty()).then(|| {
            AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::DFA))
                .prefilter(false)
                .match_kind(MatchKind::Standard)
                .ascii_case_insensitive(ignore_case)
                .build(&patterns)
                .expect("a few hundred short literals are within the automaton's limits")
        });
        Self { automaton, waiting }
    }

    /// The candidates of `active` rules in a text, by offset.
    pub(crate) fn candidates(
        &self,
        text: &str,
        outline: &Outline,
        active: &RuleSet,
    ) -> Vec<Candidate> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        for hit in automaton.find_overlapping_iter(bytes) {
            let mut place = None;
            for (rule, index, trigger) in &self.waiting[hit.pattern().as_usize()] {
                if active.contains(*rule)
                    && (trigger.ignore_case || &bytes[hit.range()] == trigger.text.as_bytes())
                    && (!trigger.word || is_word(bytes, hit.start(), hit.end()))
                {
                    let offset = hit.start() as u32;
                    let counts = |place| place == trigger.place || place == Place::Anywhere;
                    if trigger.place == Place::Anywhere
                        || place
                            .get_or_insert_with(|| place_of(outline, offset))
                            .is_some_and(counts)
                    {
                        found.push(Candidate { rule: *rule, offset, trigger: *index });
                    }
                }
            }
        }
        found.sort_unstable_by_key(|candidate| (candidate.offset, candidate.rule));
        found
    }
}

fn is_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let is_word_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let joined = |inside: u8, outside: Option<&u8>| {
        is_word_byte(inside) && outside.is_some_and(|&outside| is_word_byte(outside))
    };
    let before = start.checked_sub(1).and_then(|before| bytes.get(before));
    !joined(bytes[start], before) && !joined(bytes[end - 1], bytes.get(end))
}

/// Code or string; `None` in a comment.
fn place_of(outline: &Outline, offset: u32) -> Option<Place> {
    // The innermost literal decides, and of an interpolated one only what is between the fields is text.
    // Where fields lie is not known here, so all of it counts as code and as string alike.
    let after = outline.strings.partition_point(|string| string.span.start <= offset);
    let inside = |string: &&StringLiteral| string.span.contains(offset);
    let innermost = outline.strings[..after].iter().rev().take(MOST_NESTED).find(inside);
    match innermost {
        Some(string) if string.interpolated => Some(Place::Anywhere),
        Some(_) => Some(Place::Strings),
        None if outline.comment_at(offset).is_some() => None,
        None => Some(Place::Code),
    }
}

/// How many literals before an offset are asked whether they hold it: literals lie inside each other
/// only in replacement fields, where more than a handful side by side is not written.
const MOST_NESTED: usize = 16;
