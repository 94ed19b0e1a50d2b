//! Files and modules that a command names: whether the repository has them anywhere. Knows paths, no program.

use camino::Utf8Path;
use roadworthy_project::facts::imports::{Givers, givers};
use roadworthy_project::facts::readme::Instruction;
use roadworthy_project::facts::shell::Word;
use roadworthy_project::{Distribution, Facts, resolved};

use super::{has_ending, is_literal};

/// What guides call a script where they mean any: `python script.py`.
const ANY: [&str; 8] = [
    "file",
    "filename",
    "my_file",
    "my_script",
    "myscript",
    "script",
    "script_name",
    "some_script",
];

/// What is to be said of a file that is nowhere.
pub(super) fn missing_file(facts: &Facts<'_>, at: &Instruction, word: &Word) -> Option<String> {
    let path = word.text.trim_start_matches("./");
    if !is_literal(word)
        || path.starts_with(['/', '~', '-'])
        || path.contains("..")
        || path.contains(':')
    {
        return None;
    }
    let tree = facts.tree();
    let there = |path: &Utf8Path| tree.is_file(path) || tree.is_folder(path);
    let here = at.folders.iter().filter_map(|folder| resolved(folder, path)).any(|it| there(&it));
    // Below another folder it is found by whoever stands there.
    let suffix = format!("/{path}");
    if here || tree.files().any(|it| it.as_str().ends_with(&suffix)) {
        return None;
    }
    let name = Utf8Path::new(path).file_name()?;
    if is_made(facts, at, name, path) || is_ignored(facts, path) {
        return None;
    }
    // Parts for other people's sites have no `manage.py`, and tell what to do with that of the reader.
    if name == "manage.py" {
        return None;
    }
    // A script of no folder is often one that the reader is to write, or a word for any.
    let bare = !path.contains('/');
    if bare && ANY.contains(&Utf8Path::new(path).file_stem()?) {
        return None;
    }
    let written_by_reader = bare && has_ending(path, &[".py"]) && in_library(facts, at);
    let folder = Utf8Path::new(path).parent()?;
    let folder_known = at
        .folders
        .iter()
        .filter_map(|it| resolved(it, folder.as_str()))
        .any(|it| tree.is_folder(&it));
    (folder_known && !written_by_reader).then(|| format!("there is no file `{path}`"))
}

fn in_library(facts: &Facts<'_>, at: &Instruction) -> bool {
    facts.component_of(&at.place.path).is_some_and(|component| {
        facts.project().components[component].distribution == Distribution::Library
    })
}

/// Whether another command or the text speaks of the file: it may say where it comes from.
fn is_made(facts: &Facts<'_>, at: &Instruction, name: &str, path: &str) -> bool {
    let Some(document) = facts.text(&at.place.path).whole() else { return true };
    let text = document.text();
    let span = at.place.span;
    let elsewhere = |text: &str| text.match_indices(name).count();
    let own = elsewhere(span.of_text(text));
    let all = elsewhere(text);
    // The same command again is no other word of it.
    let repeated = text.matches(span.of_text(text)).count().max(1);
    all > own * repeated && !has_ending(path, &[".txt"])
}

/// Whether the project's git ignores files of such a name: each makes its own.
fn is_ignored(facts: &Facts<'_>, path: &str) -> bool {
    let Some(document) = facts.text(Utf8Path::new(".gitignore")).whole() else { return false };
    document.text().lines().map(str::trim).filter(|line| !line.starts_with('#')).any(|line| {
        let pattern = line.trim_matches('/');
        let plain = !pattern.is_empty() && !pattern.contains('*');
        let part = |part: &str| part == pattern;
        let by_end =
            pattern.strip_prefix('*').is_some_and(|end| !end.is_empty() && path.ends_with(end));
        plain
            && (path == pattern
                || path.starts_with(&format!("{pattern}/"))
                || path.split('/').any(part))
            || by_end
    })
}

/// What is to be said of `python -m` and a module of the project that is not there, or cannot be run.
pub(super) fn missing_module(facts: &Facts<'_>, at: &Instruction, word: &Word) -> Option<String> {
    let name = word.text.as_str();
    let top = name.split('.').next()?;
    let modules = facts.modules();
    if !is_literal(word) || !modules.is_first_party(top) {
        return None;
    }
    if !matches!(givers(name, |_| false), Givers::Unknown) {
        return None;
    }
    let path = name.replace('.', "/");
    let (file, package) = (format!("{path}.py"), format!("{path}/__main__.py"));
    let ends = |it: &Utf8Path, end: &str| {
        it.as_str()
            .strip_suffix(end)
            .is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    let tree = facts.tree();
    if !modules.of_name(&format!("{name}.__main__")).is_empty()
        || tree.files().any(|it| ends(it, &file) || ends(it, &package))
    {
        return None;
    }
    let init = format!("{path}/__init__.py");
    if tree.files().any(|it| ends(it, &init)) {
        return Some(format!("package `{name}` has no module `__main__`"));
    }
    // A name space, or what a build makes.
    let known = modules.of_name(top).iter().any(|&index| {
        facts
            .project()
            .files
            .get(index)
            .is_some_and(|file| file.path.file_stem() == Some("__init__"))
    });
    (known && name.contains('.') && !is_ignored(facts, &file) && !at.folders.is_empty())
        .then(|| format!("there is no module `{name}`"))
}
