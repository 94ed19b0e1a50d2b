//! How often names and signatures stand in the files of a project that are no tests. Knows words, no syntax: what stands once
//! may be a definition that nobody uses, and a signature that stands often is one that somebody else asks for.

use std::hash::Hasher;
use std::panic::resume_unwind;
use std::thread;

use memchr::memmem;
use rustc_hash::FxHasher;

use super::Facts;
use crate::{File, FileKind, Role};

/// Cells for the words, and as many for the definitions; two that share one are taken for more frequent than they are.
const CELLS: usize = 1 << 20;

/// More files than these are not read once more: that would cost more than the answers are worth.
const MOST: usize = 2500;

/// What is longer, in bytes, is data.
const LARGEST: usize = 1_000_000;

/// So many files tell which signatures are common in a project that is too large for its words to be counted.
const SAMPLE: usize = 600;

/// How often each word stands in the code and the settings of a project, and how often functions are defined alike.
#[derive(Debug)]
pub struct Mentions {
    /// `None` where the project is too large.
    words: Option<Vec<u8>>,
    /// Names behind `def`, and these names with their parameters.
    defined: Vec<u8>,
}

impl Mentions {
    pub(super) fn read(facts: &Facts<'_>) -> Self {
        let project = facts.project();
        let all = project.files.iter().chain(&project.unasked);
        let files: Vec<&File> = all.filter(|it| !is_test(it) && Self::may_be_in(it)).collect();
        let texts = |files: &[&File], count: &mut dyn FnMut(&str)| {
            let texts = files.iter().filter_map(|it| facts.source(it));
            texts.filter(|it| it.text().len() <= LARGEST).for_each(|it| count(it.text()));
        };
        if files.len() > MOST {
            let code: Vec<&File> = files.into_iter().filter(|it| it.kind.is_python()).collect();
            let step = code.len().div_ceil(SAMPLE).max(1);
            // Those that are read lie all over the project.
            let some: Vec<&File> = code.into_iter().step_by(step).collect();
            let mut defined = vec![0; CELLS];
            texts(&some, &mut |text| count_definitions(text, &mut defined));
            return Self { words: None, defined };
        }
        let count_in = |files: &[&File]| {
            let (mut words, mut defined) = (vec![0; CELLS], vec![0; CELLS]);
            texts(files, &mut |text| {
                count(text, &mut words);
                count_definitions(text, &mut defined);
            });
            (words, defined)
        };
        // Whoever asks is one of several, and the others soon wait for the answer: theirs are threads of their own, as those of
        // a pool might take up work that asks again.
        let (first, second) = files.split_at(files.len() / 2);
        thread::scope(|scope| {
            let other = scope.spawn(|| count_in(second));
            let (mut words, mut defined) = count_in(first);
            let others = other.join().unwrap_or_else(|panic| resume_unwind(panic));
            add(&mut words, &others.0);
            add(&mut defined, &others.1);
            Self { words: Some(words), defined }
        })
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

    /// How often a name stands in one text, as it is counted here.
    pub fn in_text(text: &str, name: &str) -> usize {
        Self::places(text, name).count()
    }

    /// Whether a text that is no Python names what is called so: a word with a hyphen, as in `login-action`, is another one.
    pub fn is_named_in(text: &str, name: &str) -> bool {
        Self::places(text, name)
            .any(|at| !text[..at].ends_with('-') && !text[at + name.len()..].starts_with('-'))
    }

    fn places<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + use<'t> {
        let is_counted = move |at: &usize| {
            // What stands before it on the line is looked at last: lines of data are long.
            !name.is_empty()
                && !text[..*at].ends_with(is_of_word)
                && !text[at + name.len()..].starts_with(is_of_word)
                && !is_comment(&text[text[..*at].rfind('\n').map_or(0, |it| it + 1)..])
        };
        memmem::find_iter(text.as_bytes(), name.as_bytes()).filter(is_counted)
    }

    /// How often a name stands there, or more: [`usize::MAX`] where that is very often, or the project is too large to tell.
    pub fn of(&self, name: &str) -> usize {
        match self.words.as_ref().map(|it| it[cell(name)]) {
            None | Some(u8::MAX) => usize::MAX,
            Some(count) => usize::from(count),
        }
    }

    /// How often a name stands there and is not defined as a function: what two classes define alike is used by neither.
    pub fn of_uses(&self, name: &str) -> usize {
        match self.of(name) {
            usize::MAX => usize::MAX,
            all => all.saturating_sub(usize::from(self.defined[cell(name)])),
        }
    }

    /// How often a function is defined with this name and these parameters, which the text begins with: `load(self, path)`. Of a
    /// project that is too large a part tells.
    pub fn of_signature(&self, text: &str) -> usize {
        usize::from(self.defined[signature_cell(text)])
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

/// What is commented out names nothing.
fn count(text: &str, words: &mut [u8]) {
    let lines = text.lines().filter(|it| !is_comment(it));
    for word in lines.flat_map(|it| it.split(|it| !is_of_word(it))).filter(|it| !it.is_empty()) {
        increase(&mut words[cell(word)]);
    }
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

fn count_definitions(text: &str, defined: &mut [u8]) {
    const BEGIN: &str = "def ";
    for at in memmem::find_iter(text.as_bytes(), BEGIN) {
        let named = &text[at + BEGIN.len()..];
        let name = named.split(|it| !is_of_word(it)).next().unwrap_or_default();
        let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
        let is_definition = !text[..at].ends_with(is_of_word) && !is_comment(&text[start..]);
        if !name.is_empty() && is_definition {
            increase(&mut defined[cell(name)]);
            increase(&mut defined[signature_cell(named)]);
        }
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn add(all: &mut [u8], more: &[u8]) {
    all.iter_mut().zip(more).for_each(|(all, more)| *all = all.saturating_add(*more));
}

fn increase(count: &mut u8) {
    *count = count.saturating_add(1);
}

fn cell(word: &str) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    cell_of(&hasher)
}

/// The cell of a signature that stands at the beginning of a text, however it is laid out.
fn signature_cell(text: &str) -> usize {
    /// A longer list of parameters is told by its beginning.
    const LONGEST: usize = 400;
    let mut hasher = FxHasher::default();
    let letters = text.bytes().take(LONGEST).take_while(|it| *it != b')');
    letters.filter(|it| !it.is_ascii_whitespace()).for_each(|it| hasher.write_u8(it));
    cell_of(&hasher)
}

#[expect(clippy::cast_possible_truncation, reason = "the remainder is the number of a cell")]
fn cell_of(hasher: &FxHasher) -> usize {
    (hasher.finish() % CELLS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::{CELLS, Mentions, count, count_definitions};

    fn mentions(text: &str) -> Mentions {
        let (mut words, mut defined) = (vec![0; CELLS], vec![0; CELLS]);
        count(text, &mut words);
        count_definitions(text, &mut defined);
        Mentions { words: Some(words), defined }
    }

    #[test]
    fn whole_words_are_counted() {
        let mentions = mentions("def load(order): return reload(order)");
        assert_eq!([1, 1, 2, 0], ["load", "reload", "order", "orders"].map(|it| mentions.of(it)));
    }

    #[test]
    fn what_is_commented_out_is_not_counted() {
        let text = "load(order)  # load\n    # load(order)\n#load\nreload()\n";
        assert_eq!(mentions(text).of("load"), 2);
        assert_eq!(Mentions::in_text(text, "load"), 2);
        assert!(Mentions::is_named_in("entry: shop.users:login", "login"));
        assert!(!Mentions::is_named_in("uses: docker/login-action@v2", "login"));
    }

    #[test]
    fn what_stands_very_often_is_not_counted_to_the_end() {
        let mentions = mentions(&"order\u{2014}".repeat(300));
        assert_eq!(mentions.of("order"), usize::MAX);
        assert_eq!(mentions.of_uses("order"), usize::MAX);
    }

    #[test]
    fn definitions_are_no_uses_and_signatures_are_told_by_their_parameters() {
        let mentions = mentions("def load(a, b): x\ndef load(\n    a, b\n): load\ndef load(a): x");
        assert_eq!((mentions.of("load"), mentions.of_uses("load")), (4, 1));
        assert_eq!(mentions.of_signature("load(a, b) -> int"), 2);
        assert_eq!(mentions.of_signature("load(b)"), 0);
    }
}
