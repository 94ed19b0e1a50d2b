//! See `agent-loop-unbounded.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Keyword, LogicalLine, Span};

use crate::shared::code::{blocks, calls, words};
use crate::shared::frameworks::llm;

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
const OF_ONE_ANSWER: [&str; 5] =
    ["max_tokens", "max_completion_tokens", "max_output_tokens", "max_tokens_to_sample", "stop"];

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
        if is_limited(file, block) {
            continue;
        }
        let message = format!("nothing but the model's answers ends this loop around `{asked}`");
        let end = line.span.start + "while True:".len() as u32;
        let span = Span::new(line.span.start, end.min(line.span.end));
        out.report(Report::at(span).message(message));
    }
    report_executors(file, out);
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
            !OF_ONE_ANSWER.contains(&name)
                && words::words(name).iter().any(|it| LIMITS.contains(&it.as_str()))
        })
}

/// Frameworks whose limit is set to none.
fn report_executors(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        let written = calls::written(file, call);
        let last = words::last_part(&written);
        let limits = match last {
            "AgentExecutor" | "from_agent_and_tools" | "initialize_agent" => "max_iterations",
            "run" | "run_sync" | "run_streamed" => "max_turns",
            _ => continue,
        };
        let none = calls::keyword(file, call, limits) == Some("None")
            && calls::keyword(file, call, "max_execution_time").is_none_or(|it| it == "None");
        if !none {
            continue;
        }
        let of_framework = calls::callee(file, call).is_some_and(|callee| {
            ["langchain.", "langchain_classic.", "agents.Runner."]
                .iter()
                .any(|it| callee.starts_with(it))
        });
        if of_framework {
            let message =
                format!("`{last}` runs without end: `{limits}=None` takes its limit away");
            out.report(Report::at(calls::span(call)).message(message));
        }
    }
}
