//! Scripts of the project: those of a shell are followed; those of Python are only remembered, as what they run is decided
//! in code.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Span;

use super::super::follow::{Follower, Invocation};
use super::super::{Command, join};

/// Words for what tests and linters do.
const JUDGES: [&str; 9] =
    ["test", "tests", "lint", "fmt", "format", "check", "mypy", "types", "ci"];

/// Adds what a script runs; `false` where the command is none.
pub(super) fn follow(
    follower: &mut Follower<'_, '_>,
    it: &Invocation,
    out: &mut Vec<Command>,
) -> bool {
    let Some(first) = it.words.first() else { return false };
    let first = if matches!(first.as_str(), "bash" | "source" | ".") {
        // `bash -ex script.sh`
        match it.arguments().iter().find(|it| !it.starts_with(['-', '+'])) {
            Some(script) => script,
            None => return false,
        }
    } else {
        first
    };
    let found = find(follower, &it.folder, first).or_else(|| handed_on(follower, it));
    let Some(path) = found else {
        entry_point(follower, first);
        if is_script(first) && JUDGES.iter().any(|it| first.contains(it)) {
            follower.unknown(format!("there is no {first} for `{}`", it.words.join(" ")));
        }
        return false;
    };
    match path.extension() {
        Some("py") => {
            // `tasks.py lint`: what that is stands in code.
            let judges = |word: &String| JUDGES.contains(&word.as_str());
            if path.file_name() != Some("manage.py") && it.arguments().iter().any(judges) {
                follower.unknown(format!("what `{}` runs is decided in code", it.words.join(" ")));
            }
            follower.sources.push(path);
            false
        }
        Some("sh" | "bash" | "zsh") | None => {
            let Some(document) = follower.facts.text(&path).whole() else { return false };
            let text = document.text();
            let shebang = text.lines().next().unwrap_or_default();
            if shebang.starts_with("#!") && shebang.contains("python")
                || path.extension().is_none() && !shebang.starts_with("#!")
            {
                follower.sources.push(path.clone());
                return false;
            }
            follower.sources.push(path.clone());
            // A script that calls itself, or one that calls it.
            if it.through.contains(&it.words.iter().take(4).cloned().collect::<Vec<_>>().join(" "))
            {
                return true;
            }
            let whole = Span::new(0, text.len() as u32);
            let mut site = it.site(&path, text, whole);
            // Where the script stands, as most begin with `cd "$(dirname "$0")"` or are started from the root.
            site.folder.clone_from(&it.folder);
            follower.script(text, &site, out);
            true
        }
        _ => false,
    }
}

/// The script that the entry point of a container is handed: `docker compose run app shell ./bin/lint.sh`.
fn handed_on(follower: &Follower<'_, '_>, it: &Invocation) -> Option<Utf8PathBuf> {
    let in_container = it.runners.iter().any(|it| it.starts_with("docker"));
    let words = it.arguments().iter().take(if in_container { 3 } else { 0 });
    let mut scripts = words.filter(|word| is_script(word));
    scripts.find_map(|word| find(follower, &it.folder, word))
}

fn is_script(word: &str) -> bool {
    Utf8Path::new(word).extension() == Some("sh")
}

/// The file of the project that a word names: below the folder, below the root, or by its end alone in a container.
fn find(follower: &Follower<'_, '_>, folder: &Utf8Path, word: &str) -> Option<Utf8PathBuf> {
    let path = Utf8Path::new(word);
    if !word.contains('/') && !matches!(path.extension(), Some("py" | "sh")) {
        return None;
    }
    let tree = follower.facts.tree();
    let plain = word.trim_start_matches(['/', '.']);
    // `$ROOT/scripts/x.sh`, `/app/scripts/x.sh`
    let tail =
        if word.starts_with(['/', '$']) { plain.split_once('/').map(|(_, it)| it) } else { None };
    let candidates = [join(folder, word), join(&follower.root, word), join(&follower.root, plain)];
    let tails = tail.and_then(|it| join(&follower.root, it));
    let found = candidates.into_iter().flatten().chain(tails).find(|path| tree.is_file(path));
    // In a container the folder around it has another name: the one file that ends alike.
    found.or_else(|| {
        let end = format!("/{}", tail?);
        let mut alike = tree.below(&follower.root).filter(|path| path.as_str().ends_with(&end));
        alike.next().filter(|_| alike.next().is_none()).map(Utf8Path::to_owned)
    })
}

/// A command that installing a component makes: what its function runs is decided in code.
fn entry_point(follower: &mut Follower<'_, '_>, program: &str) {
    let components = follower.facts.project().components.iter();
    let found = components.flat_map(|it| &it.entry_points).find(|it| it.name == program);
    if let Some(module) = found.map(|it| it.module.clone()) {
        source_of(follower, &module);
    }
}

/// A function that a task calls: `package.module:function`.
pub(super) fn entry(follower: &mut Follower<'_, '_>, function: &str) {
    source_of(follower, function.split(':').next().unwrap_or_default());
}

fn source_of(follower: &mut Follower<'_, '_>, module: &str) {
    let facts = follower.facts;
    let files = facts.modules().of_name(module).iter();
    follower.sources.extend(files.map(|index| facts.project().files[*index].path.clone()));
}
