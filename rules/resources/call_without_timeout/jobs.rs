//! Jobs that a queue ends after a time, be it one that is always set. Knows where modules of jobs lie, what the project imports and
//! names of functions, not who puts them into the queue.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Definition, Outline};
use roadworthy_project::{Facts, File, Role};

use crate::shared::code::named::tells_all;
use crate::shared::code::text::has_name;
use crate::shared::code::words::{last_part, words};

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
            let texts = || code(facts).filter_map(|it| facts.source(it));
            texts().any(|it| uses_rq(it.text())) && !texts().any(|it| gives_long(it.text()))
        })
}

/// Whether the settings give tasks of Celery a limit (<https://docs.celeryq.dev/en/stable/userguide/configuration.html#task-time-limit>),
/// and only tasks lead to the function around a call, as far as names tell.
pub(super) fn is_ended_by_celery(file: &FileContext<'_>, call: &Call) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(function) = file.function_at(call.name.start) else { return false };
    if !tells_all(file) {
        return false;
    }
    let limits = facts.answer(known.component, "Celery ends tasks".to_owned(), || {
        code(facts).filter_map(|it| facts.source(it)).any(|it| gives_limit(it.text()))
    });
    limits
        && (is_task(file.outline, file.source.text(), function)
            || only_such_call(facts, known, file.slice(function.name), Callers::Tasks, 0))
}

/// Whether only commands of Django that nothing starts by itself, and what lies where developers keep their tools, call the function
/// around a call, as far as names tell: somebody sits before it.
pub(super) fn only_tools_call(file: &FileContext<'_>, call: &Call) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(function) = file.function_at(call.name.start) else { return false };
    // What a decorator hands over, others may call.
    tells_all(file)
        && file.outline.decorators(function).is_empty()
        && only_such_call(facts, known, file.slice(function.name), Callers::Tools, 0)
}

/// Who calls a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Callers {
    Tasks,
    Tools,
}

/// Whether somebody at a desk starts what lies at a path: a command that no schedule, settings or code names, or a check.
fn is_of_tools(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    const WORDS: [&str; 6] = ["eval", "evals", "evaluation", "test", "testing", "tests"];
    /// More files than these are not read: one of them may start it.
    const MOST: usize = 300;
    let stem = path.file_stem().unwrap_or_default();
    if !path.as_str().contains("management/commands/") {
        return words(stem).iter().any(|it| WORDS.contains(&it.as_str()));
    }
    let tells = |it: &&Utf8Path| {
        let name = it.file_name().unwrap_or_default();
        it.extension() != Some("py")
            && (name.contains("cron")
                || name.contains("ockerfile")
                || it.extension().is_some_and(|it| {
                    matches!(it, "json" | "service" | "tf" | "timer" | "toml" | "yaml" | "yml")
                }))
    };
    !facts.answer(0, format!("something starts the command {path}"), || {
        // In code a name alone is mostly something else.
        let quoted = ['"', '\''].map(|it| format!("{it}{stem}{it}"));
        let names = |it: &File| {
            let source = facts.source(it);
            source.is_some_and(|it| quoted.iter().any(|quoted| it.text().contains(quoted)))
        };
        let mut modules = facts.project().files.iter().filter(|it| it.kind.is_python());
        modules.any(|it| it.path != *path && names(it)) || {
            let others: Vec<_> = facts.tree().files().filter(tells).take(MOST + 1).collect();
            let names =
                |it: &&Utf8Path| facts.text(it).whole().is_some_and(|it| has_name(it.text(), stem));
            others.len() > MOST || others.iter().any(names)
        }
    })
}

/// Whether all that calls a function, by its name, are such callers, or functions that only those call.
fn only_such_call(
    facts: &Facts<'_>,
    known: &File,
    name: &str,
    callers: Callers,
    depth: u32,
) -> bool {
    /// Functions that call functions are followed so far.
    const DEEPEST: u32 = 3;
    /// A name that stands more often is a common one.
    const MOST: usize = 20;
    if depth > DEEPEST || facts.mentions().of(name) > MOST {
        return false;
    }
    let question = format!("only {callers:?} call {name} at {depth}");
    facts.answer(known.component, question, || {
        let mut called = false;
        let only = code(facts).all(|it| {
            let Some(source) = facts.source(it) else { return true };
            if !has_name(source.text(), name) {
                return true;
            }
            if callers == Callers::Tools && is_of_tools(facts, &it.path) {
                called = true;
                return true;
            }
            let Some(read) = facts.python(&it.path) else { return false };
            let (outline, text) = (&read.outline, read.source.text());
            let calls = outline.calls.iter().filter(|it| last_part(it.name.of_text(text)) == name);
            calls.into_iter().all(|call| {
                let around =
                    outline.enclosing(call.name.start).filter(|it| it.is_function()).last();
                around.is_some_and(|around| {
                    let outer = around.name.of_text(text);
                    // What calls itself again is called by others first.
                    outer == name || {
                        called = true;
                        match callers {
                            Callers::Tasks if is_task(outline, text, around) => return true,
                            Callers::Tools if !outline.decorators(around).is_empty() => {
                                return false;
                            }
                            _ => only_such_call(facts, known, outer, callers, depth + 1),
                        }
                    }
                })
            })
        });
        called && only
    })
}

/// Whether a function is a task of Celery, by its decorator.
fn is_task(outline: &Outline, text: &str, function: &Definition) -> bool {
    outline.decorators(function).iter().any(|it| {
        let name = it.of_text(text).split('(').next().unwrap_or_default().trim();
        name == "shared_task" || last_part(name) == "task"
    })
}

/// `CELERY_TASK_TIME_LIMIT = 1800`, `task_soft_time_limit=300`, `"task_time_limit": 60`: a limit for all tasks, of half an hour at
/// most. Longer ones hold up as good as for ever.
fn gives_limit(text: &str) -> bool {
    const NAMES: [&str; 2] = ["task_time_limit", "task_soft_time_limit"];
    const LONGEST: u32 = 1800;
    text.lines().filter(|it| !it.trim_start().starts_with('#')).any(|line| {
        let lower = line.to_ascii_lowercase().replace("celeryd_task", "task");
        NAMES.iter().any(|name| {
            let behind = lower.split_once(name).map_or("", |it| it.1);
            let behind = behind.trim_start_matches(['"', '\'', ']', ' ']);
            let value = behind.strip_prefix([':', '=']).unwrap_or_default();
            let value = value.split(['#', ',', ')', '}']).next().unwrap_or_default();
            let factors: Option<Vec<u32>> =
                value.split('*').map(|it| it.trim().parse().ok()).collect();
            factors.is_some_and(|it| it.into_iter().fold(1, u32::saturating_mul) <= LONGEST)
        })
    })
}

/// The code of the project that is no test.
fn code<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = &'f File> {
    let is_test = |it: &File| it.path_role.as_ref().is_some_and(|role| role.role == Role::Test);
    facts.project().files.iter().filter(move |it| it.kind.is_python() && !is_test(it))
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

/// Whether a file beside a module, or above it, tells the platform when to end what runs it: Chalice's for AWS Lambda, which always
/// has a limit (<https://aws.github.io/chalice/topics/configfile.html>), the description of a function with its `timeout`, or Dagster's longest
/// time of a run (<https://docs.dagster.io/deployment/execution/run-monitoring>).
pub(super) fn is_ended_by_platform(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let is_around = |folder: &Utf8Path| known.path.starts_with(folder);
    let ends = |path: &Utf8Path| {
        let Some(folder) = path.parent() else { return false };
        match path.file_name() {
            Some("config.json") if folder.file_name() == Some(".chalice") => {
                folder.parent().is_some_and(is_around)
            }
            Some("function_config.json") => {
                is_around(folder)
                    && facts.text(path).whole().is_some_and(|it| it.text().contains("\"timeout\""))
            }
            Some("dagster.yaml") => {
                let limits = |line: &str| line.trim_start().starts_with("max_runtime_seconds:");
                is_around(folder)
                    && facts.text(path).whole().is_some_and(|it| it.text().lines().any(limits))
            }
            _ => false,
        }
    };
    // Many calls of a file ask.
    facts.answer(known.component, format!("a platform ends what runs {}", known.path), || {
        facts.tree().files().any(ends)
    })
}

#[cfg(test)]
mod tests {
    use super::{gives_limit, gives_long, uses_rq};

    #[test]
    fn limits_of_tasks_are_numbers() {
        for text in [
            "CELERY_TASK_TIME_LIMIT = 30 * 60",
            "CELERYD_TASK_SOFT_TIME_LIMIT=300",
            "app.conf.update(task_time_limit=60)",
            "{\"task_soft_time_limit\": 900}",
        ] {
            assert!(gives_limit(text), "{text}");
        }
        for text in
            ["# CELERY_TASK_TIME_LIMIT = 60", "task_time_limit = None", "task_time_limit == 3"]
        {
            assert!(!gives_limit(text), "{text}");
        }
    }

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
