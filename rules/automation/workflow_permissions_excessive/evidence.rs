//! What shows that the token of a job may write where nothing is said of it, or is worth having. Knows what workflows do with it;
//! the setting itself is nowhere in a repository, and new ones only read since February 2023:
//! <https://github.blog/changelog/2023-02-02-github-actions-updating-the-default-github_token-permissions-to-read-only/>.

use roadworthy_project::facts::shell::{Command, commands};
use roadworthy_project::facts::value::Value;
use rustc_hash::FxHashSet;

use super::{brings_others, is_installer, names_token};
use crate::shared::delivery::workflow::{Job, Step};
use crate::shared::delivery::workflow::{
    actions::is_platform, actions::is_vendor, actions::movable, actions::owner, actions::publishes,
    actions::releases,
};

/// Whether a job writes with its token, hands it to somebody, publishes what it has built, or lets strangers' code that may become
/// another get at it.
pub(super) fn shows_need(job: Job<'_>, own: &FxHashSet<String>) -> bool {
    let text = job.value.span.of_text(job.workflow.text());
    let text: String =
        text.lines().filter(|it| !it.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    let checks_out = takes_repository(job);
    let is_strange = |branch: bool, owner: &str, name: &str| {
        !is_platform(owner)
            && !own.contains(owner)
            && (branch || !is_vendor(owner) && !is_installer(name))
    };
    names_token(&text)
        || text.contains("git push")
        || releases(job).is_some()
        || publishes(job).is_some() && job.steps().any(runs_code)
        || brings_others(job.workflow) && checks_out
        || movable(job).iter().any(|it| {
            let is_branch = it.is_branch() || it.revision == "stable";
            is_strange(is_branch, &it.owner, it.name)
        })
}

/// Whether a step runs a program of the project, or installs packages, on the machine that has the token: what is built inside a
/// container never meets it.
fn runs_code(step: Step<'_>) -> bool {
    let run = step.run().and_then(Value::text).unwrap_or_default();
    commands(run).iter().any(starts_program)
}

/// Whether a command starts what the project brings or installs, behind what only prepares it: `sudo -E make`.
fn starts_program(command: &Command) -> bool {
    const PROGRAMS: [&str; 25] = [
        ".", "bash", "conda", "flit", "hatch", "just", "make", "node", "nox", "npm", "npx", "pdm",
        "pip", "pip3", "pipx", "pnpm", "poetry", "pytest", "sh", "source", "tox", "uv", "uvx",
        "xargs", "yarn",
    ];
    const PREPARING: [&str; 6] = ["command", "env", "exec", "nice", "sudo", "time"];
    let prepares = |it: &&str| PREPARING.contains(it) || it.starts_with('-') || it.contains('=');
    command.texts().find(|it| !prepares(it)).is_some_and(|program| {
        let version = program.strip_prefix("python");
        PROGRAMS.contains(&program)
            || program.starts_with("./")
            || version.is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit() || it == b'.'))
    })
}

/// Whether a job takes no copy of the repository, runs no command and names no token of the repository's: it hands an action what
/// that needs.
pub(super) fn is_without_code(job: Job<'_>) -> bool {
    let text = job.value.span.of_text(job.workflow.text());
    let mut steps = job.steps().peekable();
    steps.peek().is_some()
        && steps.all(|it| it.action().is_some_and(|it| !it.contains("checkout")))
        && text.contains("secrets.")
        && !names_token(text)
}

/// Whether all that a job runs are actions of GitHub's and of one maker of a platform, which build or take what is in the repository
/// elsewhere, and commands that only write texts: nothing of others runs where its token is, which it does not name.
pub(super) fn only_hands_over(job: Job<'_>) -> bool {
    let writes = |step: Step<'_>| {
        let run = step.run().and_then(Value::text).unwrap_or_default();
        run.lines().map(str::trim).filter(|it| !it.is_empty()).all(only_writes)
    };
    let text = job.value.span.of_text(job.workflow.text());
    let mut owners = FxHashSet::default();
    let known = job.steps().all(|step| match step.uses().and_then(Value::text) {
        Some(uses) => owner(uses).is_some_and(|owner| {
            let is_own = is_platform(&owner);
            let is_known = is_own || is_vendor(&owner);
            if !is_own {
                owners.insert(owner);
            }
            is_known
        }),
        None => writes(step),
    });
    known && owners.len() == 1 && !names_token(text)
}

/// Whether a line of a script only writes a text or sets a name: no other command begins in it.
fn only_writes(line: &str) -> bool {
    const COMMANDS: [&str; 8] =
        ["cat ", "cp ", "echo ", "export ", "if [", "mkdir ", "mv ", "printf "];
    const OTHERS: [&str; 5] = ["&&", " & ", "$(", "<(", ">("];
    if line.starts_with('#') {
        return true;
    }
    let line = line.strip_suffix("; then").unwrap_or(line);
    let sets = || {
        // `NAME=value make build` runs a command.
        line.split_once('=').is_some_and(|(name, value)| {
            name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') && is_one_word(value)
        })
    };
    !line.contains(['|', ';', '`'])
        && !OTHERS.iter().any(|it| line.contains(it))
        && (matches!(line, "done" | "else" | "fi")
            || COMMANDS.iter().any(|it| line.starts_with(it))
            || sets())
}

/// Whether a text of a shell has no white space outside of quotes.
fn is_one_word(text: &str) -> bool {
    let mut quote = None;
    text.chars().all(|it| {
        match quote {
            Some(open) if open == it => quote = None,
            None if matches!(it, '"' | '\'') => quote = Some(it),
            _ => {}
        }
        quote.is_some() || !it.is_whitespace()
    })
}

/// Whether a step of a job leaves the token in the copy of the repository.
fn takes_repository(job: Job<'_>) -> bool {
    let takes = |step: Step<'_>| {
        let kept = step.input("persist-credentials").and_then(Value::scalar);
        step.action() == Some("actions/checkout") && kept != Some("false")
    };
    job.steps().any(takes)
}

#[cfg(test)]
mod tests {
    use roadworthy_project::facts::shell::commands;

    use super::{only_writes, starts_program};

    #[test]
    fn a_program_is_what_a_command_starts() {
        for line in [
            "make build",
            "cd app && ./build.sh",
            "sudo -E sh build.sh",
            "FAST=1 pytest",
            "python3.12 -m build",
            "out=$(date); uvx build",
            "if pipx run build; then exit 0; fi",
            "source venv/bin/activate",
        ] {
            assert!(commands(line).iter().any(starts_program), "{line}");
        }
        for line in ["echo make", "docker build .", "git commit -m \"make it\"", "# make"] {
            assert!(!commands(line).iter().any(starts_program), "{line}");
        }
    }

    #[test]
    fn a_line_that_only_writes_runs_nothing_else() {
        for line in [
            "# make build | tee log",
            "echo \"KEY: '${{ secrets.KEY }}'\" >> app.yaml",
            "NAME=\"two words\"",
            "NAME=value",
            "if [ -f app.yaml ]; then",
            "fi",
        ] {
            assert!(only_writes(line), "{line}");
        }
        for line in [
            "NAME=1 make build",
            "find . -exec ./run",
            "firebase deploy",
            "cat install.sh | bash",
            "cat <(./run)",
            "echo a && curl -O https://shop.example/a",
            "echo a; ./run",
            "if make build",
            "export NAME=$(./run)",
            "NAME=`./run`",
        ] {
            assert!(!only_writes(line), "{line}");
        }
    }
}
