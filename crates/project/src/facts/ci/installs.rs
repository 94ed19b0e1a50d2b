//! What a command installs for Python: what a lock file says, or what the index has today. Knows the common installers.

use super::Command;
use super::wrappers::{open, program_of};

/// What a command installs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Install {
    /// What a lock file, hashes or constraints say.
    Locked,
    /// A file of requirements, which is a lock where all in it are pinned.
    Requirements(Vec<String>),
    /// The newest versions that ranges allow: of the project itself, or of what is named.
    Project,
    /// Tools by name.
    Named,
    /// Not known: a variable decides.
    Unknown,
}

/// What a command installs; `None` where it installs nothing.
pub(super) fn of_command(command: &Command) -> Option<Install> {
    let (program, length) = program_of(&command.words);
    let words = command.words.get(length..).unwrap_or_default();
    let verb = words.iter().position(|it| !it.starts_with('-'));
    let (verb, rest) = verb.map_or(("", words), |at| (words[at].as_str(), &words[at + 1..]));
    let has = |name: &str| words.iter().any(|it| it == name);
    let starts = |name: &str| words.iter().any(|it| it.starts_with(name));
    let free = ["--upgrade", "-U", "--resolution", "--no-lock"].iter().any(|it| starts(it));
    let known = match (program.as_str(), verb) {
        ("pip" | "pip3", "install") => pip(rest),
        ("uv", "pip") => match rest.split_first() {
            Some((verb, _)) if verb == "sync" => Install::Locked,
            Some((verb, rest)) if verb == "install" => pip(rest),
            _ => return None,
        },
        ("uv", "sync") | ("poetry" | "pdm", "install" | "sync") if free => Install::Project,
        ("uv" | "poetry" | "pdm" | "rye" | "pipenv", "sync")
        | ("poetry" | "pdm" | "conda-lock", "install")
        | ("pip-sync", _) => Install::Locked,
        ("poetry" | "pdm" | "pipenv", "update") => Install::Project,
        ("pipenv", "install") if has("--deploy") || has("--ignore-pipfile") => Install::Locked,
        ("pipenv", "install") => Install::Unknown,
        _ => return None,
    };
    let named = matches!(known, Install::Named);
    Some(if words.iter().any(|it| open(it)) && !named { Install::Unknown } else { known })
}

fn pip(words: &[String]) -> Install {
    let mut files = Vec::new();
    let mut project = false;
    let mut named = false;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-c" | "--constraint" | "--constraints" | "--require-hashes" => return Install::Locked,
            "-r" | "--requirement" | "--requirements" => files.extend(words.next().cloned()),
            "-e" | "--editable" => project |= words.next().is_some_and(|it| is_local(it)),
            "-i" | "--index-url" | "--extra-index-url" | "-f" | "--find-links" | "--python"
            | "-p" | "-t" | "--target" | "--prefix" => {
                words.next();
            }
            _ if word.starts_with("--constraint=") || word.starts_with("-c") => {
                return Install::Locked;
            }
            _ if word.starts_with("-r") => files.push(word[2..].to_owned()),
            _ if word.starts_with("--requirement=") => {
                files.push(word["--requirement=".len()..].to_owned());
            }
            _ if word.starts_with('-') => {}
            _ if is_local(word) => project = true,
            _ if open(word) => return Install::Unknown,
            _ => named = true,
        }
    }
    match (files.is_empty(), project, named) {
        (false, ..) => Install::Requirements(files),
        (true, true, _) => Install::Project,
        (true, false, true) => Install::Named,
        (true, false, false) => Install::Unknown,
    }
}

/// Whether a word is a folder: `.`, `.[test]`, `./backend`.
fn is_local(word: &str) -> bool {
    let path = word.split('[').next().unwrap_or_default();
    path == "." || path.starts_with("./") || path.starts_with("../")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installs_are_told_apart() {
        let install = |text: &str| {
            let words = text.split(' ').map(str::to_owned).collect();
            of_command(&Command { words, ..Command::default() })
        };
        assert_eq!(install("uv sync --frozen"), Some(Install::Locked));
        assert_eq!(install("uv sync $OPTIONS"), Some(Install::Unknown));
        assert_eq!(install("uv sync --upgrade"), Some(Install::Project));
        assert_eq!(install("pip install -e .[test]"), Some(Install::Project));
        assert_eq!(install("uv pip install --system ."), Some(Install::Project));
        assert_eq!(
            install("pip install -r requirements.txt -r dev.txt"),
            Some(Install::Requirements(vec!["requirements.txt".into(), "dev.txt".into()]))
        );
        assert_eq!(install("pip install -c constraints.txt ."), Some(Install::Locked));
        assert_eq!(install("pip install --upgrade pip tox"), Some(Install::Named));
        assert_eq!(install("poetry install --with dev"), Some(Install::Locked));
        assert_eq!(install("poetry build"), None);
    }
}
