//! See `agent-loop-unbounded.toml`.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Keyword, LogicalLine, Span};
use roadworthy_project::Role;

use crate::shared::code::{blocks, calls, words};
use crate::shared::frameworks::llm::{self, Agent};

/// Words that say that something else than the model ends a loop, or that each round is asked for.
const LIMITS: [&str; 43] = [
    "step",
    "steps",
    "iter",
    "iters",
    "iteration",
    "iterations",
    "turn",
    "turns",
    "round",
    "rounds",
    "count",
    "counter",
    "attempt",
    "attempts",
    "retry",
    "retries",
    "tries",
    "limit",
    "limits",
    "max",
    "budget",
    "deadline",
    "timeout",
    "elapsed",
    "remaining",
    "cost",
    "input",
    "receive",
    "received",
    "recv",
    "readline",
    "queue",
    "sleep",
    "listen",
    "poll",
    "next",
    "monotonic",
    "time",
    "stop",
    "should",
    "depth",
    "loops",
    "question",
];

/// Arguments that limit what one answer holds, not how often is asked.
const OF_ONE_ANSWER: [&str; 12] = [
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "max_tokens_to_sample",
    "stop",
    "stop_reason",
    "stop_sequence",
    "stop_sequences",
    "finish_reason",
    "input_tokens",
    "input_schema",
    "tool_input",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for line in file.outline.lines.iter().filter(|line| line.keyword == Keyword::While) {
        let header = file.slice(line.span);
        let condition = header.strip_prefix("while").unwrap_or_default().trim();
        if !condition.starts_with("True:") && !condition.starts_with("1:") {
            continue;
        }
        let block = blocks::block_of(file, line);
        let block = Span::new(block.start, block.end.min(file.source.text().len() as u32));
        let Some(asked) = asked_in(file, line, block) else { continue };
        out.judged();
        if is_limited(file, block) {
            continue;
        }
        let message = format!("nothing but the model's answers ends this loop around `{asked}`");
        let end = line.span.start + "while True:".len() as u32;
        let span = Span::new(line.span.start, end.min(line.span.end));
        out.report(Report::at(span).message(message));
    }
    report_agents(file, out);
    report_runs(file, out);
}

/// The call of a model in a loop, in the function of the loop itself.
fn asked_in(file: &FileContext<'_>, line: &LogicalLine, block: Span) -> Option<String> {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|call| call.name.start < block.start);
    let mut inside = calls[first..].iter().take_while(|call| call.name.start < block.end);
    let asked = inside.find(|call| {
        let own = file.outline.line_at(call.name.start).is_some_and(|it| it.scope == line.scope);
        own && llm::asked_by(file, call).is_some()
    })?;
    Some(calls::written(file, asked).into_owned())
}

/// Whether a loop counts, looks at the time, or waits for somebody.
fn is_limited(file: &FileContext<'_>, block: Span) -> bool {
    let text = file.slice(block);
    let mut names = text.split(|it: char| !it.is_alphanumeric() && it != '_');
    text.contains("+= 1")
        || text.contains("-= 1")
        || text.contains("yield")
        || names.any(|name| {
            let at = block.start + (name.as_ptr() as usize - text.as_ptr() as usize) as u32;
            !says_nothing(file, name, at)
                && words::words(name).iter().any(|it| LIMITS.contains(&it.as_str()))
        })
}

/// Whether a name with such a word limits nothing: it is of one answer, of an answer's parts, or stands in a text.
fn says_nothing(file: &FileContext<'_>, name: &str, at: u32) -> bool {
    if name.is_empty() || OF_ONE_ANSWER.contains(&name) {
        return true;
    }
    let text = file.source.text();
    let behind = text[at as usize + name.len()..].trim_start();
    let before = text[..at as usize].trim_end();
    // `next(...)` looks into an answer, `block.input` and `input=` are arguments of tools; `input()` asks somebody.
    (name == "next" && behind.starts_with('('))
        || (name == "input" && (before.ends_with('.') || !behind.starts_with('(')))
        || file.outline.string_at(at).is_some()
        || file.outline.comment_at(at).is_some()
}

/// Agents of frameworks to which nobody gives a limit.
fn report_agents(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        let Some(agent) = llm::agent(file, call) else { continue };
        out.judged();
        let arguments = calls::arguments(file, call);
        let of = |name: &str| arguments.iter().find(|it| it.keyword == Some(name));
        let given: Vec<_> = agent.limits.iter().filter_map(|it| of(it)).collect();
        let limited = given.iter().any(|it| it.value != "None");
        if limited || arguments.iter().any(|it| it.value.starts_with("**")) {
            continue;
        }
        // An agent without tools asks once.
        let second = arguments.get(1).filter(|it| it.keyword.is_none());
        let tools = second.or(of("tools")).map_or("[]", |it| it.value);
        if !agent.run.is_empty() && matches!(tools, "[]" | "None") {
            continue;
        }
        let what = last_of(file, call);
        let taken = !given.is_empty();
        let (severity, message) = if taken && agent.run.is_empty() {
            let names: Vec<_> = given.iter().filter_map(|it| it.keyword).collect();
            let taken = format!("`{}=None`", names.join("=None` and `"));
            (Severity::Warning, format!("`{what}` runs without end: {taken} takes its limit away"))
        } else if file.role != Role::Script
            && (agent.run.is_empty() || is_run_without_limit(file, call, agent))
        {
            let Agent { default, add, .. } = agent;
            (Severity::Info, format!("`{what}` {default}: nothing here limits it by {add}"))
        } else {
            continue;
        };
        out.report(Report::at(calls::span(call)).message(message).severity(severity));
    }
}

fn last_of(file: &FileContext<'_>, call: &Call) -> String {
    words::last_part(&calls::written(file, call)).to_owned()
}

/// Whether the file runs an agent that it makes, with a configuration that can be seen to hold no limit.
fn is_run_without_limit(file: &FileContext<'_>, made: &Call, agent: &Agent) -> bool {
    let text = file.source.text();
    if agent.elsewhere.iter().any(|it| text.contains(it.as_str())) {
        return false;
    }
    let Some(maker) = calls::callee(file, made) else { return false };
    file.outline.calls.iter().any(|call| {
        let run = last_of(file, call);
        if !agent.run.contains(&run) {
            return false;
        }
        let is_of_it = file.called(call).is_some_and(|callee| {
            callee
                .strip_prefix(maker.as_str())
                .is_some_and(|rest| rest.strip_prefix('.') == Some(&run))
        });
        is_of_it && shows_its_configuration(file, call)
    })
}

/// Whether a run has no configuration, or one that is written in this file.
fn shows_its_configuration(file: &FileContext<'_>, run: &Call) -> bool {
    let arguments = calls::arguments(file, run);
    let second = arguments.get(1).filter(|it| it.keyword.is_none());
    let configuration = second.or(arguments.iter().find(|it| it.keyword == Some("config")));
    let seen = |text: &str| text.starts_with('{') && !text.contains("**");
    if arguments.iter().any(|it| it.value.starts_with('*')) {
        return false;
    }
    configuration.is_none_or(|it| {
        let mut bindings = file.values().bindings(it.value).iter();
        seen(it.value)
            || bindings
                .rfind(|binding| binding.at < run.name.start)
                .and_then(|binding| binding.value)
                .is_some_and(|value| seen(file.slice(value)))
    })
}

/// Runs of agents whose limit is set to none.
fn report_runs(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        let run = last_of(file, call);
        if !matches!(run.as_str(), "run" | "run_sync" | "run_streamed")
            || calls::keyword(file, call, "max_turns") != Some("None")
        {
            continue;
        }
        if calls::callee(file, call).is_some_and(|it| it.starts_with("agents.Runner.")) {
            let message =
                format!("`{run}` runs without end: `max_turns=None` takes its limit away");
            let report = Report::at(calls::span(call)).message(message);
            out.report(report.severity(Severity::Warning));
        }
    }
}
