//! Which file of a component is the first, by path, to need a distribution that is not declared for production. Knows what
//! the run has told of the files it has judged, and reads the others, each once.

use std::sync::{Mutex, PoisonError};

use camino::Utf8Path;
use memchr::{memchr, memmem, memrchr};
use rustc_hash::FxHashMap;

use super::model::{ImportModel, runs_in_production};
use super::needed;
use crate::facts::{Facts, PythonFile};
use crate::{Role, role_of};

/// The files of one component and what is known of their needs.
#[derive(Debug, Default)]
pub(super) struct Firsts {
    /// Indices of the project's files, in the order of their paths.
    files: Vec<usize>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// By position: whether the needs of a file have been taken.
    taken: Vec<bool>,
    /// All files before this position have been.
    all_before: usize,
    /// The first position among those taken.
    by_distribution: FxHashMap<&'static str, usize>,
}

impl Known {
    fn take(&mut self, position: usize, names: &[&'static str]) {
        self.taken[position] = true;
        for &name in names {
            let first = self.by_distribution.entry(name).or_insert(position);
            *first = position.min(*first);
        }
    }
}

impl Firsts {
    /// Those of files of one component.
    pub(super) fn new(facts: &Facts<'_>, mut files: Vec<usize>) -> Self {
        let all = &facts.project().files;
        files.sort_unstable_by(|&a, &b| all[a].path.cmp(&all[b].path));
        let known = Known { taken: vec![false; files.len()], ..Known::default() };
        Self { files, known: Mutex::new(known) }
    }

    fn position(&self, facts: &Facts<'_>, path: &Utf8Path) -> Option<usize> {
        let all = &facts.project().files;
        self.files.binary_search_by(|&index| all[index].path.as_path().cmp(path)).ok()
    }

    /// Takes what a file needs, which the run has judged.
    pub(super) fn take(&self, facts: &Facts<'_>, path: &Utf8Path, names: &[&'static str]) {
        if let Some(position) = self.position(facts, path) {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).take(position, names);
        }
    }

    /// Whether no file before this one needs a distribution.
    pub(super) fn is_first(
        &self,
        facts: &Facts<'_>,
        model: &ImportModel,
        component: usize,
        path: &Utf8Path,
        name: &'static str,
    ) -> bool {
        let Some(position) = self.position(facts, path) else { return true };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_before =
            |known: &Known| known.by_distribution.get(name).is_some_and(|&first| first < position);
        while !is_before(&known) && known.all_before < position {
            let next = known.all_before;
            if !known.taken[next] {
                let names = needs(facts, model, component, self.files[next]);
                known.take(next, &names);
            }
            known.all_before += 1;
        }
        !is_before(&known)
    }
}

/// The distributions that a file needs which runs in production, where they are not declared for it.
fn needs(
    facts: &Facts<'_>,
    model: &ImportModel,
    component: usize,
    index: usize,
) -> Vec<&'static str> {
    let file = &facts.project().files[index];
    // Whatever role its text gives it.
    if !runs_in_production(Role::Library, file) {
        return Vec::new();
    }
    let Ok(bytes) = (facts.read)(&file.path) else { return Vec::new() };
    if !tops(&bytes).any(|top| top.is_none_or(|top| model.may_be_open(facts, component, top))) {
        return Vec::new();
    }
    let Some(python) = PythonFile::of(&file.path, bytes) else { return Vec::new() };
    let of = &facts.project().components[component];
    let role = role_of(file, of, &python.source, &python.outline).role;
    if !runs_in_production(role, file) {
        return Vec::new();
    }
    let is_open = |top: &str| model.may_be_open(facts, component, top);
    let needed = needed(python.source.text(), &python.outline, is_open);
    needed.filter_map(|it| model.standing(facts, component, &it.module).name()).collect()
}

/// The names before the first dot that a text may import, found without reading it as Python; `None` where that cannot be
/// told so.
fn tops(bytes: &[u8]) -> impl Iterator<Item = Option<&str>> {
    memmem::find_iter(bytes, b"import").flat_map(move |at| {
        let start = memrchr(b'\n', &bytes[..at]).map_or(0, |it| it + 1);
        let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |it| at + it);
        let behind = &bytes[at + b"import".len()..end];
        let is_joined = start > 1 && bytes[..start - 1].trim_ascii_end().ends_with(b"\\");
        let before = bytes[start..at].trim_ascii();
        let before = before.rsplit(|it| matches!(it, b';' | b':')).next().unwrap_or_default();
        let before = before.trim_ascii();
        let (list, is_open) = match before.strip_prefix(b"from") {
            Some(module) => (module, module.is_empty()),
            None if before.is_empty() => (behind, is_joined || behind.contains(&b'\\')),
            None => (&b""[..], false),
        };
        let names = list.split(|it| *it == b',').map(top);
        names.filter(|it| !it.is_empty()).map(Some).chain(is_open.then_some(None))
    })
}

fn top(name: &[u8]) -> &str {
    let name = name.trim_ascii();
    let is_part = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_' || *it >= 0x80;
    let end = name.iter().position(|it| !is_part(it)).unwrap_or(name.len());
    std::str::from_utf8(&name[..end]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_without_a_scan() {
        let found = |text: &str| -> Vec<String> {
            tops(text.as_bytes()).map(|it| it.unwrap_or("?").to_owned()).collect()
        };
        assert_eq!(found("import a.b, c as d\nfrom e.f import g\n"), ["a", "c", "e"]);
        assert_eq!(found("if x: import a; import b\nfrom . import c\n"), ["a", "b"]);
        assert_eq!(found("import a, \\\n    b\n"), ["a", "?"]);
        assert_eq!(found("from a \\\n    import b\nfrom c import (\n  d,\n)\n"), ["b", "?", "c"]);
        assert_eq!(found("x = important\n# an important one"), [""; 0]);
    }
}
