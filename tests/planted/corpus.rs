//! Puts snippets into files, and remembers which lines hold what.

use std::path::Path;

use super::random::Random;
use super::template::{Filled, Given, fill};

/// One planted credential, or one text that only looks like one.
pub(crate) struct Item {
    /// The kind of credential or of text.
    pub(crate) kind: &'static str,
    /// How it is written.
    pub(crate) form: &'static str,
    pub(crate) planted: bool,
    pub(crate) path: String,
    /// First and last line of the snippet, from 1.
    pub(crate) lines: (usize, usize),
    /// First and last line of the value.
    pub(crate) value: (usize, usize),
    pub(crate) text: String,
}

/// A snippet before it has a place.
pub(crate) struct Snippet {
    pub(crate) kind: &'static str,
    pub(crate) form: &'static str,
    pub(crate) planted: bool,
    pub(crate) filled: Filled,
}

impl Snippet {
    pub(crate) fn new(
        (kind, form, planted): (&'static str, &'static str, bool),
        template: &str,
        given: &Given,
        random: &mut Random,
    ) -> Self {
        Self { kind, form, planted, filled: fill(template, given, random) }
    }
}

/// A folder of files, written at the end.
#[derive(Default)]
pub(crate) struct Corpus {
    pub(crate) items: Vec<Item>,
    pub(crate) files: Vec<(String, String)>,
}

impl Corpus {
    /// A file of snippets between `head` and `tail`.
    pub(crate) fn file(
        &mut self,
        path: String,
        head: &str,
        snippets: Vec<Snippet>,
        between: &str,
        tail: &str,
    ) {
        let mut text = head.to_owned();
        let last = snippets.len();
        for (at, snippet) in snippets.into_iter().enumerate() {
            let start = 1 + text.matches('\n').count();
            let end = start + snippet.filled.text.matches('\n').count();
            let value =
                snippet.filled.lines.map_or((start, end), |it| (start + it.0, start + it.1));
            text.push_str(&snippet.filled.text);
            if at + 1 < last {
                text.push_str(between);
            }
            if !snippet.kind.is_empty() {
                self.items.push(Item {
                    kind: snippet.kind,
                    form: snippet.form,
                    planted: snippet.planted,
                    path: path.clone(),
                    lines: (start, end),
                    value,
                    text: snippet.filled.text,
                });
            }
        }
        text.push_str(tail);
        self.files.push((path, text));
    }

    pub(crate) fn write(&self, folder: &Path) {
        for (path, text) in &self.files {
            let path = folder.join(path);
            let parent = path.parent().expect("a file has a folder");
            std::fs::create_dir_all(parent).expect("the folder can be made");
            std::fs::write(path, text).expect("the file can be written");
        }
    }
}
