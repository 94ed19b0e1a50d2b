//! See `llm-output-executed.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Span};

use crate::shared::code::{calls, words};
use crate::shared::frameworks::llm;

/// What runs its first argument.
const SINKS: [&str; 13] = [
    "eval",
    "exec",
    "builtins.eval",
    "builtins.exec",
    "os.system",
    "os.popen",
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.getoutput",
    "subprocess.Popen",
    "pickle.loads",
];

/// Names of what a database runs statements on.
const DATABASES: [&str; 10] =
    ["cursor", "cur", "conn", "connection", "db", "session", "engine", "database", "con", "c"];

/// Words that say that somebody looks at an answer before it is run.
const CAREFUL: [&str; 14] = [
    "input",
    "confirm",
    "allowed",
    "allowlist",
    "whitelist",
    "sandbox",
    "validate",
    "validated",
    "safe",
    "sanitize",
    "approve",
    "approved",
    "restricted",
    "readonly",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        let Some(sink) = sink(file, call) else { continue };
        let Some(argument) = first_argument(file, call) else { continue };
        let Some((asked, _)) = llm::answer_of(file, argument) else { continue };
        out.judged();
        let between = Span::new(asked.arguments.end, call.arguments.end.max(asked.arguments.end));
        if is_careful(file, between) {
            continue;
        }
        let message = format!(
            "what `{}` answers reaches `{sink}`: whoever writes into the prompt runs it",
            calls::written(file, asked)
        );
        out.report(Report::at(calls::span(call)).message(message));
    }
}

/// What a call runs its first argument by.
fn sink(file: &FileContext<'_>, call: &Call) -> Option<String> {
    let written = calls::written(file, call);
    let (object, last) = written.rsplit_once('.').unwrap_or(("", &written));
    if SINKS.iter().any(|it| words::last_part(it) == last) {
        return calls::callee(file, call).filter(|callee| SINKS.contains(&callee.as_str()));
    }
    if last == "read_sql" || last == "read_sql_query" {
        return calls::callee(file, call).filter(|it| it.starts_with("pandas."));
    }
    let database = words::last_part(object).trim_start_matches('_');
    let executes = matches!(last, "execute" | "executescript") && DATABASES.contains(&database);
    executes.then(|| written.into_owned())
}

/// The range of the first argument; of a statement of SQL what stands in `text(…)`.
fn first_argument(file: &FileContext<'_>, call: &Call) -> Option<Span> {
    let arguments = calls::arguments(file, call);
    let first = arguments.first().filter(|it| it.keyword.is_none())?;
    let mut value = first.value;
    if let Some(inner) = value.strip_prefix("text(").or_else(|| value.strip_prefix("sa.text(")) {
        value = inner.strip_suffix(')')?;
    }
    let start = value.as_ptr() as usize - file.source.text().as_ptr() as usize;
    Some(Span::new(start as u32, (start + value.len()) as u32))
}

/// Whether words between the question and the place say that the answer is looked at.
fn is_careful(file: &FileContext<'_>, between: Span) -> bool {
    let text = file.slice(between);
    let mut names = text.split(|it: char| !it.is_alphanumeric() && it != '_');
    text.contains(" in ")
        || names.any(|name| words::words(name).iter().any(|it| CAREFUL.contains(&it.as_str())))
}
