//! Commands that install what a project depends on, and which lists images and pipelines name. Knows pip, uv, Poetry, PDM and Pipenv.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::facts::containers::Instruction;
use roadworthy_project::facts::shell::Command;
use roadworthy_project::{Facts, resolved};

/// A command that installs the dependencies of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Install<'c> {
    /// From the files that `-r` names.
    Requirements(Vec<&'c str>),
    /// What a tool's own manifest and lock say.
    Sync {
        /// `uv`, `poetry`, `pdm`, `pipenv`.
        tool: &'static str,
        /// Whether it is bound to the lock, by an option or as the tool always is.
        locked: bool,
    },
    /// A project from its folder, whose manifest says what it needs: `pip install .`.
    Project,
}

/// What a command installs, where that is the dependencies of a project.
pub(crate) fn install(command: &Command) -> Option<Install<'_>> {
    let words: Vec<&str> = command.texts().collect();
    let program = words.iter().position(|word| {
        let name = word.rsplit('/').next().unwrap_or_default();
        name == "uv" || name == "poetry" || name == "pdm" || name == "pipenv" || is_pip(name)
    })?;
    // Before the program there is nothing but what starts it: `python -m pip`, `sudo -E pip`.
    let starts = words[..program].iter().all(|word| word.starts_with('-') || is_starter(word));
    let name = words[program].rsplit('/').next().unwrap_or_default();
    let rest = &words[program + 1..];
    match name {
        _ if !starts => None,
        "uv" => of_uv(rest),
        "poetry" => sync("poetry", rest, &["install", "sync"], |_| true),
        "pdm" => sync("pdm", rest, &["install", "sync"], |words| {
            words.first() == Some(&"sync")
                || words.contains(&"--frozen-lockfile")
                || words.contains(&"--check")
        }),
        "pipenv" => sync("pipenv", rest, &["install", "sync"], |words| {
            words.first() == Some(&"sync")
                || words.contains(&"--deploy")
                || words.contains(&"--ignore-pipfile")
        }),
        _ => of_pip(rest),
    }
}

/// Whether an instruction takes what another stage has installed.
pub(crate) fn takes_installed(instruction: &Instruction) -> bool {
    let is_environment = |path: &str| {
        ["venv", "site-packages", "dist-packages", "virtualenv"].iter().any(|it| path.contains(it))
            || matches!(path, "/usr/local" | "/usr/local/lib" | "/root/.local" | "/install")
    };
    let sources = instruction.copied.iter().flat_map(|copied| &copied.sources);
    instruction.flag("from").is_some()
        && sources.into_iter().any(|source| is_environment(source.value.trim_end_matches('/')))
}

fn is_pip(name: &str) -> bool {
    name.strip_prefix("pip")
        .is_some_and(|version| version.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

fn is_starter(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or_default();
    name.starts_with("python") || matches!(name, "sudo" | "env" | "exec" | "time" | "uv" | "run")
}

fn of_uv<'c>(words: &[&'c str]) -> Option<Install<'c>> {
    if words.first() == Some(&"pip") {
        return of_pip(&words[1..]);
    }
    sync("uv", words, &["sync"], |words| words.contains(&"--locked") || words.contains(&"--frozen"))
}

fn sync(
    tool: &'static str,
    words: &[&str],
    commands: &[&str],
    locked: fn(&[&str]) -> bool,
) -> Option<Install<'static>> {
    let at = words.iter().position(|word| commands.contains(word))?;
    // Global options may stand before it; names of packages behind it install something else.
    let before = words[..at].iter().all(|word| word.starts_with('-'));
    before.then(|| Install::Sync { tool, locked: locked(&words[at..]) })
}

/// Options of pip whose value is the next word.
const WITH_VALUE: [&str; 16] = [
    "-c",
    "--constraint",
    "--index-url",
    "-i",
    "--extra-index-url",
    "--find-links",
    "-f",
    "--target",
    "-t",
    "--prefix",
    "--root",
    "--timeout",
    "--retries",
    "--trusted-host",
    "--cache-dir",
    "--python",
];

fn of_pip<'c>(words: &[&'c str]) -> Option<Install<'c>> {
    let at = words.iter().position(|word| matches!(*word, "install" | "sync"))?;
    let mut files = Vec::new();
    let mut project = false;
    let mut rest = words[at + 1..].iter();
    while let Some(&word) = rest.next() {
        if matches!(word, "-r" | "--requirement" | "--requirements") {
            files.extend(rest.next());
        } else if let Some(file) =
            word.strip_prefix("--requirement=").or_else(|| word.strip_prefix("-r"))
        {
            files.push(file);
        } else if WITH_VALUE.contains(&word) {
            rest.next();
        } else if words[at] == "sync" && camino::Utf8Path::new(word).extension() == Some("txt") {
            files.push(word);
        } else {
            project |= is_folder(word);
        }
    }
    if files.is_empty() {
        project.then_some(Install::Project)
    } else {
        Some(Install::Requirements(files))
    }
}

/// `.`, `./api`, `.[extra]`, `/app`.
fn is_folder(word: &str) -> bool {
    let path = word.split('[').next().unwrap_or_default();
    let is_archive = [".whl", ".gz", ".zip"].iter().any(|ending| path.ends_with(ending));
    (path == "." || path.starts_with("./") || path.starts_with("../") || path.starts_with('/'))
        && !is_archive
}

/// Whether a line of a pipeline names a file to see whether it changed, and installs nothing of it: the key of a cache, a path
/// that starts the pipeline, which is an item `in_lists`, a remark.
fn only_looks_at(line: &str, in_lists: bool) -> bool {
    let line = line.trim();
    let item = line.strip_prefix("- ").map_or("", str::trim);
    line.starts_with('#')
        || ["hashFiles", "cache-dependency-path", "paths:"].iter().any(|it| line.contains(it))
        || in_lists && !item.is_empty() && !item.contains([' ', ':'])
}

/// The lists of a name that images and pipelines name, as seen from their own folder or from the top.
pub(crate) fn named(facts: &Facts<'_>, is_same: impl Fn(&str) -> bool) -> Vec<Utf8PathBuf> {
    let images = facts.containers().images.iter().map(|it| &it.path);
    let mut found = Vec::new();
    for path in images.chain(&facts.ci().sources) {
        let Some(document) = facts.text(path).whole() else { continue };
        let folders = [path.parent().unwrap_or(Utf8Path::new("")), Utf8Path::new("")];
        // Cloud Build is told arguments one by one.
        let in_lists = path.starts_with(".github") || path == ".gitlab-ci.yml";
        let told = document.text().lines().filter(|it| !only_looks_at(it, in_lists));
        let words =
            told.flat_map(|it| it.split(|it: char| it.is_whitespace() || "\"',[]=".contains(it)));
        for word in words.filter(|it| it.rsplit('/').next().is_some_and(&is_same)) {
            let mut places = folders.iter().filter_map(|it| resolved(it, word));
            found.extend(places.find(|it| facts.tree().is_file(it)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use roadworthy_project::facts::shell::commands;

    fn kind(line: &str) -> String {
        let commands = commands(line);
        format!("{:?}", commands.first().and_then(install))
    }

    #[test]
    fn installing_commands_are_told_apart() {
        assert_eq!(
            kind("python -m pip install --no-cache-dir -r a.txt -rb.txt"),
            r#"Some(Requirements(["a.txt", "b.txt"]))"#
        );
        assert_eq!(kind("uv pip install --system -r a.txt"), r#"Some(Requirements(["a.txt"]))"#);
        assert_eq!(kind("uv sync --frozen --no-dev"), r#"Some(Sync { tool: "uv", locked: true })"#);
        assert_eq!(kind("uv sync"), r#"Some(Sync { tool: "uv", locked: false })"#);
        assert_eq!(
            kind("/opt/poetry/bin/poetry --no-ansi install --only main"),
            r#"Some(Sync { tool: "poetry", locked: true })"#
        );
        assert_eq!(
            kind("pipenv install --system"),
            r#"Some(Sync { tool: "pipenv", locked: false })"#
        );
        assert_eq!(kind("pip3 install -c c.txt '.[web]'"), "Some(Project)");
        for none in [
            "pip install flask",
            "apt-get install pip",
            "pip install poetry",
            "echo pip install .",
            "uv run x",
        ] {
            assert_eq!(kind(none), "None", "{none}");
        }
    }
}
