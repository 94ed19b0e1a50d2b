//! A job of a pipeline in a few lines: versions, actions, commands. Leaves out what every job does.

use super::lists::{cut, each_once, several, short_digest};
use crate::facts::model::{KnownCommand, KnownJob};

/// The longest command, and the longest line of commands.
const LONGEST: (usize, usize) = (80, 160);
/// So many ways to commands are shown of a job.
const MOST_WAYS: usize = 6;

/// Programs of which scripts are full, and that say nothing about what they are for.
const PLUMBING: [&str; 28] = [
    "[", "[[", ":", "break", "cat", "chmod", "chown", "cp", "curl", "cut", "echo", "exit", "grep",
    "hash", "ln", "local", "ls", "mkdir", "mv", "printf", "return", "rm", "sed", "set", "shift",
    "sleep", "test", "true",
];
/// Parts of the names of actions that prepare a job.
const PREPARING: [&str; 4] = ["/checkout@", "/setup-", "/cache@", "-artifact@"];

/// What is shown of a job: one line at least.
pub(super) fn lines(job: &KnownJob) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let versions = match &job.pythons {
        Some(versions) if versions.is_empty() => None,
        Some(versions) => Some(format!(
            "python {}",
            each_once(versions).into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
        )),
        None => Some("versions of Python not known".to_owned()),
    };
    let needs = (!job.needs.is_empty()).then(|| format!("after {}", job.needs.join(", ")));
    let head: Vec<String> = versions.into_iter().chain(needs).collect();
    if !head.is_empty() {
        lines.push(head.join(", "));
    }
    let prepares = |action: &&String| PREPARING.iter().any(|part| action.contains(part));
    let all_prepare = job.uses.iter().all(|action| prepares(&action));
    let actions = job
        .uses
        .iter()
        .filter(|action| !prepares(action) || all_prepare && job.commands.is_empty());
    let actions = each_once(actions.map(|action| short_digest(action)));
    if !actions.is_empty() {
        lines.push(format!("uses {}", several(actions)));
    }
    lines.extend(commands(&job.commands));
    if lines.is_empty() {
        lines.push("nothing".to_owned());
    }
    lines
}

/// The commands, a line for each way to them; ways to the same commands share one.
fn commands(commands: &[KnownCommand]) -> Vec<String> {
    let mut ways: Vec<(&[String], Vec<&str>)> = Vec::new();
    for command in commands.iter().filter(|it| !is_plumbing(&it.command)) {
        match ways.iter_mut().find(|(through, _)| *through == command.through) {
            Some((_, all)) if all.contains(&command.command.as_str()) => {}
            Some((_, all)) => all.push(&command.command),
            None => ways.push((&command.through, vec![&command.command])),
        }
    }
    let mut shared: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
    for (through, commands) in ways {
        let through = cut(&through.join(", "), LONGEST.0);
        match shared.iter_mut().find(|(_, other)| *other == commands) {
            Some((ways, _)) => ways.push(through),
            None => shared.push((vec![through], commands)),
        }
    }
    let mut lines: Vec<String> = shared
        .iter()
        .take(MOST_WAYS)
        .map(|(ways, commands)| {
            let commands = joined(commands);
            let ways = each_once(ways.iter().map(String::as_str).filter(|way| !way.is_empty()));
            if ways.is_empty() {
                format!("runs {commands}")
            } else {
                format!("runs {commands} (through {})", several(ways))
            }
        })
        .collect();
    if let Some(more @ 1..) = shared.len().checked_sub(MOST_WAYS) {
        lines.push(format!("and commands of {more} other scripts"));
    }
    lines
}

fn is_plumbing(command: &str) -> bool {
    let program = command.split(' ').next().unwrap_or_default();
    PLUMBING.contains(&program)
}

/// Commands in one line, as many as fit.
fn joined(commands: &[&str]) -> String {
    let mut line = String::new();
    for (index, command) in commands.iter().enumerate() {
        let command = cut(command, LONGEST.0);
        if index > 0 && line.chars().count() + command.chars().count() > LONGEST.1 {
            return format!("{line} and {} more", commands.len() - index);
        }
        if index > 0 {
            line.push_str(" · ");
        }
        line.push_str(&command);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(commands: &[(&str, &[&str])]) -> KnownJob {
        let commands = commands.iter().map(|(command, through)| KnownCommand {
            command: (*command).to_owned(),
            through: through.iter().map(|it| (*it).to_owned()).collect(),
        });
        KnownJob {
            id: "test".to_owned(),
            needs: vec!["lint".to_owned()],
            pythons: Some(vec!["3.12".to_owned(), "3.13".to_owned(), "3.12".to_owned()]),
            uses: vec!["actions/checkout@v4".to_owned(), "a/deploy@v1".to_owned()],
            commands: commands.collect(),
        }
    }

    #[test]
    fn a_job_is_told_in_few_lines() {
        let shown = lines(&job(&[
            ("echo x", &[]),
            ("pip install .", &[]),
            ("pytest -v", &["tox -e py312"]),
            ("pytest -v", &["tox -e py313"]),
            ("pytest -v", &["tox -e py313"]),
        ]));
        assert_eq!(
            shown,
            [
                "python 3.12, 3.13, after lint",
                "uses a/deploy@v1",
                "runs pip install .",
                "runs pytest -v (through tox -e py312, tox -e py313)"
            ]
        );
    }

    #[test]
    fn many_commands_are_cut() {
        let many: Vec<String> =
            (0..20).map(|it| format!("program-{it:02} with arguments")).collect();
        let all: Vec<(&str, &[&str])> = many.iter().map(|it| (it.as_str(), &[][..])).collect();
        let shown = lines(&job(&all));
        let line = shown.last().map(String::as_str).unwrap_or_default();
        assert!(line.ends_with("program-04 with arguments and 15 more"), "{line}");
    }
}
