//! See `llm-call-unbounded.toml`.

use std::borrow::Cow;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Keyword};
use roadworthy_project::facts::dependencies::Group;

use crate::shared::code::handed::all_hand_over;
use crate::shared::code::reach::{ProgramOnly, is_left_over, is_of_many, runs_unattended};
use crate::shared::code::text::{is_of_name, places_of};
use crate::shared::code::words::{self, words};
use crate::shared::code::{blocks, calls, coroutines};
use crate::shared::frameworks::llm::{self, Client};

/// Frameworks of services and of queues, as they are required.
const FRAMEWORKS: [&str; 15] = [
    "celery",
    "chainlit",
    "django",
    "django-ninja",
    "djangorestframework",
    "dramatiq",
    "fastapi",
    "flask",
    "litestar",
    "quart",
    "rq",
    "sanic",
    "slack-bolt",
    "starlette",
    "tornado",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut limited = None;
    let mut told: Vec<(Cow<'_, str>, Option<u32>)> = Vec::new();
    for call in &file.outline.calls {
        let Some(client) = llm::client(file, call) else { continue };
        out.judged();
        if is_limited(file, call, client) {
            continue;
        }
        let mut severity = Severity::Info;
        if !file.pedantic() {
            if *limited.get_or_insert_with(|| limits_elsewhere(file))
                || file.outline.under_main_guard(call.name.start)
                || calls::reads_command_line(file)
                || ProgramOnly::new(file).contains(call.name.start)
                || is_of_many(file) && is_left_over(file)
            {
                continue;
            }
            if serves(file)
                && !is_aside(file, call)
                && is_asked_here(file, call)
                && !is_unread(file, call)
                && !only_transcribes(file)
                && !stands_in_for_missing(file, call)
                && !has_key_of_nobody(file, call)
                && !is_always_given(file, call)
                && !streams_in_chunks(file, call)
                && holds_worker(file, call)
                && runs_unattended(file)
            {
                severity = Severity::Warning;
            }
            // The same client in another branch is mended with it; where somebody waits, that of another function, too.
            let function = file.function_at(call.name.start).map_or(0, |it| it.header.start);
            let place = (severity == Severity::Info).then_some(function);
            let key = (calls::written(file, call), place);
            if told.contains(&key) {
                continue;
            }
            told.push(key);
        }
        let written = calls::written(file, call);
        let default = match calls::keyword(file, call, "max_retries") {
            Some(_) => client.default.split(", and tries").next().unwrap_or_default(),
            None => client.default.as_str(),
        };
        let message = format!("`{written}` gets no time limit: it waits {default}");
        let mut report = Report::at(calls::span(call)).message(message).severity(severity);
        if let Some(fix) = fix(file, call) {
            report = report.fix(fix);
        }
        out.report(report);
    }
}

/// Whether an argument limits the time, or may.
fn is_limited(file: &FileContext<'_>, call: &Call, client: &Client) -> bool {
    calls::arguments(file, call).iter().any(|argument| match argument.keyword {
        Some(name) => client.limits.iter().any(|it| it == name) && argument.value != "None",
        None => argument.value.starts_with("**"),
    })
}

/// Whether the file limits the time in another way: of the calls, around them, or of the client later.
fn limits_elsewhere(file: &FileContext<'_>) -> bool {
    let around = ["asyncio.timeout", "asyncio.wait_for", "asyncio.timeout_at", "anyio.fail_after"];
    let mut calls_of_file = file.outline.calls.iter();
    calls_of_file.any(|call| {
        let written = calls::written(file, call);
        let last = written.rsplit('.').next().unwrap_or_default();
        let limits = matches!(last, "timeout" | "wait_for" | "timeout_at" | "fail_after")
            && calls::callee(file, call).is_some_and(|it| around.contains(&it.as_str()));
        limits
            || (matches!(last, "with_options" | "create" | "stream" | "parse" | "bind" | "copy")
                && calls::keyword(file, call, "timeout").is_some())
    })
}

/// Whether somebody waits for what the component answers: it serves requests, or works off a queue.
fn serves(file: &FileContext<'_>) -> bool {
    let imported = |it: &&str| file.names().imports_module(&it.replace('-', "_"));
    if FRAMEWORKS.iter().any(imported) || file.names().imports_module("aiohttp.web") {
        return true;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    let of_component = facts.dependencies().components.get(known.component);
    let manifests = of_component.into_iter().flat_map(|component| &component.manifests);
    let names = manifests
        .flat_map(|manifest| &manifest.requirements)
        .filter(|requirement| is_for_serving(&requirement.group))
        .map(|requirement| requirement.name.as_str());
    // Where pipelines are, they are what runs; a framework may come along for their web pages.
    names.clone().any(|it| FRAMEWORKS.contains(&it))
        && names.clone().all(|it| it != "apache-airflow")
}

/// Whether a worker stands still while the client waits: not where it awaits, but for the request itself, and not where nobody
/// knows which provider it asks.
fn holds_worker(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    let name = words::last_part(&written);
    name != "init_chat_model" && (!name.starts_with("Async") || coroutines::has_routes(file))
}

/// Whether a client is made only where the module of another one is missing: what is installed decides, and that one is required.
fn stands_in_for_missing(file: &FileContext<'_>, call: &Call) -> bool {
    blocks::headers_around(file, call.name.start).any(|it| {
        let header = file.slice(it.span);
        it.keyword == Keyword::Except
            && ["ImportError", "ModuleNotFoundError"].iter().any(|name| header.contains(name))
    })
}

/// Whether the key that a client is given says that it is none: with `sk-mock-key-for-development` no provider answers.
fn has_key_of_nobody(file: &FileContext<'_>, call: &Call) -> bool {
    const WORDS: [&str; 6] = ["development", "dummy", "fake", "mock", "placeholder", "test"];
    let arguments = calls::arguments(file, call);
    // A server of one's own takes any key.
    let is_elsewhere = arguments.iter().any(|it| {
        it.keyword.is_some_and(|name| {
            name.ends_with("base") || name.contains("_url") || name.contains("endpoint")
        })
    });
    !is_elsewhere
        && arguments.iter().any(|it| {
            let is_key = it.keyword.is_some_and(|name| name.ends_with("api_key"));
            let inside = it.value.strip_prefix("SecretStr(").and_then(|it| it.strip_suffix(')'));
            let key = calls::literal(inside.unwrap_or(it.value));
            is_key
                && key.is_some_and(|it| words(it).iter().any(|word| WORDS.contains(&word.as_str())))
        })
}

/// Whether a client is made where a parameter has none, `llm or ChatOpenAI()`, and all that call the function hand one over.
fn is_always_given(file: &FileContext<'_>, call: &Call) -> bool {
    let text = file.source.text();
    let before = text[..call.name.start as usize].trim_end();
    let Some(before) = before.strip_suffix(" or") else { return false };
    let name = before.rsplit(|it| !is_of_name(it)).next().unwrap_or_default();
    file.function_at(call.name.start).is_some_and(|function| {
        let parameters = file.outline.signature(function).parameters;
        parameters.iter().any(|it| file.slice(it.name) == name)
            && all_hand_over(file, function, name, |value, _| value.trim() != "None")
    })
}

/// Whether all that is asked of a client of `LangChain` are streams that are awaited: since 1.2, langchain-openai ends those after two
/// minutes without a piece (<https://reference.langchain.com/python/langchain-openai/chat_models/base/BaseChatOpenAI/stream_chunk_timeout>).
fn streams_in_chunks(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    let mut streams = false;
    words::last_part(&written) == "ChatOpenAI"
        && calls::keyword(file, call, "stream_chunk_timeout").is_none()
        && file.outline.calls.iter().all(|it| {
            let written = calls::written(file, it);
            let method = words::last_part(&written);
            streams |= method == "astream";
            !matches!(method, "abatch" | "ainvoke" | "batch" | "invoke" | "predict" | "stream")
        })
        && streams
        && limits_chunks(file)
}

/// Whether the component asks for a langchain-openai that limits the wait for each piece.
fn limits_chunks(file: &FileContext<'_>) -> bool {
    const NAME: &str = "langchain-openai";
    const SINCE: [u64; 2] = [1, 2];
    let Some((facts, known)) = file.in_facts() else { return false };
    let Some(own) = facts.dependencies().components.get(known.component) else { return false };
    let mut required = own.manifests.iter().flat_map(|it| &it.requirements);
    required.any(|it| {
        // `==1.3.3`, `~=1.3` and `>=1.3` take nothing before.
        it.name == NAME
            && it.versions.iter().any(|it| {
                it.to_string().starts_with(['=', '~', '>']) && it.version().release() >= &SINCE[..]
            })
    }) || own
        .locks
        .iter()
        .flat_map(|it| it.of_name(NAME))
        .any(|it| it.version.as_ref().is_some_and(|it| it.release() >= &SINCE[..]))
}

/// Whether the file has nothing but speech turned into text, which takes minutes for a long recording.
fn only_transcribes(file: &FileContext<'_>) -> bool {
    let mut asked = file.outline.calls.iter().filter_map(|call| {
        let written = calls::written(file, call);
        let (object, method) = written.rsplit_once('.')?;
        matches!(method, "create" | "parse" | "stream" | "generate")
            .then(|| words::last_part(object).to_owned())
    });
    let mut some = false;
    asked.all(|it| {
        some = true;
        matches!(it.as_str(), "transcriptions" | "translations" | "speech")
    }) && some
}

/// Whether the file asks the model itself: where a client of an SDK is only made, those who ask may give a limit to each call.
fn is_asked_here(file: &FileContext<'_>, made: &Call) -> bool {
    let of_sdk = calls::callee(file, made)
        .is_some_and(|it| it.starts_with("openai.") || it.starts_with("anthropic."));
    !of_sdk
        || file.outline.calls.iter().any(|call| {
            let written = calls::written(file, call);
            let (object, method) = written.rsplit_once('.').unwrap_or_default();
            matches!(method, "create" | "parse" | "stream" | "generate")
                && matches!(
                    words::last_part(object),
                    "completions"
                        | "messages"
                        | "responses"
                        | "embeddings"
                        | "images"
                        | "transcriptions"
                        | "speech"
                        | "moderations"
                )
        })
}

/// Whether an object keeps the client, and nothing in the file reads it from there.
fn is_unread(file: &FileContext<'_>, made: &Call) -> bool {
    let Some(line) = file.outline.line_at(made.name.start) else { return false };
    let kept = file.slice(line.span).split('=').next().unwrap_or_default();
    let kept = kept.split(':').next().unwrap_or_default().trim();
    let Some(attribute) = kept.strip_prefix("self.") else { return false };
    let text = file.source.text();
    let mut read = places_of(text, attribute).filter(|&at| text[..at].ends_with('.'));
    attribute.chars().all(is_of_name)
        && !text.contains("getattr(")
        && read.all(|at| {
            let behind = text[at + attribute.len()..].trim_start();
            behind.starts_with('=') && !behind.starts_with("==") || behind.starts_with(": ")
        })
}

/// Whether what a group holds is there where the component runs, not only where its user wants a web page, too.
fn is_for_serving(group: &Group) -> bool {
    const PLACES: [&str; 9] =
        ["api", "app", "backend", "prod", "production", "serve", "server", "service", "web"];
    match group {
        Group::Main => true,
        Group::Extra(name) => words(name).iter().any(|it| PLACES.contains(&it.as_str())),
        Group::Development(_) | Group::Build => false,
    }
}

/// Whether nobody waits for a client though its component serves: it asks a machine of one's own, or its folder is for work
/// that is done beside the service.
fn is_aside(file: &FileContext<'_>, call: &Call) -> bool {
    const BESIDE: [&str; 34] = [
        "asr",
        "audio",
        "batch",
        "benchmark",
        "benchmarks",
        "cli",
        "commands",
        "dag",
        "dags",
        "eval",
        "evals",
        "evaluation",
        "evaluator",
        "experiments",
        "i18n",
        "importer",
        "ingest",
        "ingestion",
        "job",
        "jobs",
        "loader",
        "loaders",
        "offline",
        "podcast",
        "scheduler",
        "script",
        "scripts",
        "speech",
        "stt",
        "task",
        "tasks",
        "training",
        "transcription",
        "translator",
    ];
    let local = calls::arguments(file, call).iter().any(|it| {
        it.keyword.is_some_and(|name| name.ends_with("base_url") || name.ends_with("api_base"))
            && ["localhost", "127.0.0.1", "ollama"].iter().any(|host| it.value.contains(host))
            // What one serves oneself asks for no key.
            || it.keyword.is_some_and(|name| name.ends_with("api_key"))
                && ["EMPTY", "none", "not-needed", "dummy", "ollama", "lm-studio"]
                    .contains(&it.value.trim_matches(['"', '\'']))
    });
    let path = file.path_inside();
    // No package can lie in a folder whose name begins with a number: lessons do.
    let is_lesson = path.rsplit_once('/').is_some_and(|(folders, _)| {
        folders.split('/').any(|it| it.starts_with(|c: char| c.is_ascii_digit()))
    });
    local || is_lesson || words(path).iter().any(|word| BESIDE.contains(&word.as_str()))
}

/// A limit of a minute behind the last argument.
fn fix(file: &FileContext<'_>, call: &Call) -> Option<Fix> {
    let inside = calls::inside(call);
    let text = file.slice(inside);
    // A comment may be what ends it.
    if calls::keyword(file, call, "timeout").is_some() || text.contains('#') {
        return None;
    }
    let end = inside.start + text.trim_end().len() as u32;
    let line = file.outline.line_at(call.name.start)?;
    let edit = if text.trim().is_empty() {
        Edit::insert(inside.start, "timeout=60")
    } else if text.trim_end().ends_with(',') {
        let last = text.trim_end();
        let own_line = last.rfind('\n').map(|at| &last[at + 1..]);
        let indent = own_line.map(|it| &it[..it.len() - it.trim_start().len()]);
        match indent {
            Some(indent) => Edit::insert(end, format!("\n{indent}timeout=60,")),
            None => Edit::insert(end, " timeout=60"),
        }
    } else {
        Edit::insert(end, ", timeout=60")
    };
    let in_text = coroutines::holds_word(file, line.span, "lambda")
        || file.outline.string_at(call.name.start).is_some();
    (!in_text).then(|| Fix::to_look_at(vec![edit]))
}

#[cfg(test)]
mod tests {
    use roadworthy_engine::Edits;

    use super::*;
    use crate::shared::in_memory::with_file;

    fn fixed(text: &str) -> Option<String> {
        with_file("app/main.py", text, |file| {
            let call = file.outline.calls.iter().find(|it| calls::written(file, it) == "OpenAI")?;
            let mut edits = Edits::default();
            assert!(edits.take(&fix(file, call)?.edits));
            Some(edits.apply(text))
        })
    }

    #[test]
    fn a_limit_is_added_wherever_the_arguments_end() {
        assert_eq!(fixed("c = OpenAI()\n").as_deref(), Some("c = OpenAI(timeout=60)\n"));
        assert_eq!(fixed("c = OpenAI(a=b)\n").as_deref(), Some("c = OpenAI(a=b, timeout=60)\n"));
        assert_eq!(fixed("c = OpenAI(a=b,)\n").as_deref(), Some("c = OpenAI(a=b, timeout=60)\n"));
        assert_eq!(
            fixed("c = OpenAI(\n    a=b,\n)\n").as_deref(),
            Some("c = OpenAI(\n    a=b,\n    timeout=60,\n)\n")
        );
        assert_eq!(fixed("c = OpenAI(a=b, timeout=None)\n"), None);
    }
}
