//! Programs that run what a file of the project says: one module each. Knows their names; each module knows its format.

pub(super) mod compose;
mod invoke;
mod just;
mod make;
mod nox;
mod scripts;
pub(super) mod tasks;
mod tox;

use super::Command;
use super::follow::{Follower, Invocation};

/// Adds what a command comes to, where it is one that runs what a file says; `false` where it is none.
pub(super) fn follow(
    follower: &mut Follower<'_, '_>,
    program: &str,
    it: &Invocation,
    out: &mut Vec<Command>,
) -> bool {
    match program {
        "make" => make::follow(follower, it, out),
        "tox" => tox::follow(follower, it, out),
        "nox" => nox::follow(follower, it, out),
        "just" => just::follow(follower, it, out),
        "inv" | "invoke" => invoke::follow(follower, it, out),
        // <https://github.com/vishnubob/wait-for-it>: `wait-for-it db:5432 -- pytest`.
        "wait-for-it" | "wait-for-it.sh" | "wait-for" | "wait-for.sh" => {
            let words = behind_dashes(&it.words).to_vec();
            if words.is_empty() {
                return scripts::follow(follower, it, out);
            }
            let around = (it.folder.clone(), it.led(), it.variables.clone(), it.place.clone());
            follower.words(words, around, out);
        }
        "docker compose" | "docker" => return compose::follow(follower, program, it, out),
        "hatch" | "poe" | "task" | "npm" | "pnpm" | "yarn" | "bun" | "poetry" | "pdm" => {
            return tasks::follow(follower, program, it, out);
        }
        // What these run is written in files of their own, or on a server.
        "bazel" | "bazelisk" | "pants" | "buck2" | "earthly" | "dagger" | "nix" | "nix-build"
        | "turbo" | "nx" | "moon" | "lerna" | "doit" | "mage" | "rake" | "gradle" | "gradlew"
        | "mvn" | "ant" | "cmake" | "ctest" | "meson" | "ninja" | "spin" | "act" | "mise"
        | "devenv" | "devbox" | "trunk" | "molecule" | "asv" | "scons" | "waf" | "please"
        | "ansible-playbook" | "vagrant" | "packer" | "kubectl" | "ssh" => {
            const JUDGES: [&str; 8] =
                ["test", "lint", "check", "ci", "verify", "coverage", "exec", "run"];
            let judges = |word: &String| JUDGES.iter().any(|it| word.contains(it));
            if it.words.iter().take(4).any(judges) || it.words.len() == 1 {
                let command = it.words.iter().take(3).cloned().collect::<Vec<_>>().join(" ");
                follower.unknown(format!("what `{command}` runs is not followed"));
            }
            return false;
        }
        _ => return scripts::follow(follower, it, out),
    }
    true
}

/// The values of an option in all its forms: `-e a`, `-ea`, `--env=a`, `--env a`.
pub(super) fn option_values<'w>(words: &'w [String], short: &str, long: &[&str]) -> Vec<&'w str> {
    let mut values = Vec::new();
    let mut words = words.iter().take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        if word == short || long.contains(&word.as_str()) {
            values.extend(words.next().map(String::as_str));
        } else if let Some((_, value)) =
            word.split_once('=').filter(|(name, _)| long.contains(name))
        {
            values.push(value);
        } else if !short.is_empty()
            && !word.starts_with("--")
            && let Some(value) = word.strip_prefix(short)
        {
            values.push(value.trim_start_matches('='));
        }
    }
    values
}

/// The words behind `--`.
fn behind_dashes(words: &[String]) -> &[String] {
    words.iter().position(|it| it == "--").map_or(&[], |at| &words[at + 1..])
}
