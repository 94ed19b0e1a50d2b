//! Jobs that a queue ends after a time that is always set. Knows where modules of jobs lie and what the project imports, not who
//! puts them into the queue.

use roadworthy_engine::FileContext;
use roadworthy_project::{File, Role};

use crate::shared::code::words::words;

/// Whether a module of jobs runs in workers of RQ, which end each job after three minutes where nobody says so
/// (<https://python-rq.org/docs/jobs/>), and nobody gives them more than an hour.
pub(super) fn is_ended_by_rq(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let mut parts = known.path.components();
    let is_of_jobs = parts.any(|it| {
        let name = it.as_str().trim_end_matches(".py");
        words(name).last().is_some_and(|it| matches!(it.as_str(), "job" | "jobs"))
    });
    is_of_jobs
        && facts.answer(known.component, "RQ ends jobs within an hour".to_owned(), || {
            let is_test =
                |it: &File| it.path_role.as_ref().is_some_and(|role| role.role == Role::Test);
            let project = facts.project();
            let code = || project.files.iter().filter(|it| it.kind.is_python() && !is_test(it));
            let texts = || code().filter_map(|it| facts.source(it));
            texts().any(|it| uses_rq(it.text())) && !texts().any(|it| gives_long(it.text()))
        })
}

fn uses_rq(text: &str) -> bool {
    text.lines().any(|line| {
        ["from rq import", "from rq.", "import rq", "import django_rq", "from django_rq"]
            .iter()
            .any(|it| line.strip_prefix(it).is_some_and(|it| !it.starts_with('_')))
    })
}

/// `job_timeout=18000`: whether a job may run for more than an hour, or for as long as it likes.
fn gives_long(text: &str) -> bool {
    const HOUR: u32 = 3600;
    text.match_indices("job_timeout").any(|(at, word)| {
        let behind = text[at + word.len()..].trim_start_matches(['"', '\'', ' ']);
        let value = behind.strip_prefix(['=', ':']).map(str::trim_start);
        value.is_some_and(|value| {
            let end = value.find(|it: char| !it.is_ascii_digit()).unwrap_or(value.len());
            value.starts_with("-1")
                || value.starts_with(['"', '\''])
                || value[..end].parse::<u32>().is_ok_and(|it| it > HOUR)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{gives_long, uses_rq};

    #[test]
    fn limits_of_more_than_an_hour_are_none() {
        for text in [
            "enqueue(run, job_timeout=18000)",
            "job_timeout = -1",
            "{'job_timeout': 18000}",
            "job_timeout=\"12h\"",
        ] {
            assert!(gives_long(text), "{text}");
        }
        for text in ["enqueue(run, job_timeout=600)", "job_timeout=limit", "timeout=9000"] {
            assert!(!gives_long(text), "{text}");
        }
        assert!(uses_rq("import redis\nfrom rq import Queue\n"));
        assert!(!uses_rq("from rqlite import connect\nimport rq_tools\n"));
    }
}
