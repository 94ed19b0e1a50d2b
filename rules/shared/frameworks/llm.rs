//! Calls that ask a language model, the clients that make them, and what comes from their answers. Knows one file and a table
//! of SDKs (`llm.toml`), no rule.

use std::sync::LazyLock;

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Span};
use serde::Deserialize;

use crate::shared::code::{calls, words};

/// Longer chains of names that stand for each other are given up.
const DEEPEST: u32 = 6;

/// An SDK.
#[derive(Deserialize)]
pub(crate) struct Sdk {
    modules: Vec<String>,
    calls: Vec<String>,
    #[serde(default)]
    unmistakable: Vec<String>,
    forms: Vec<String>,
}

/// A kind of client.
#[derive(Deserialize)]
pub(crate) struct Client {
    names: Vec<String>,
    /// The arguments that limit the time it waits.
    pub(crate) limits: Vec<String>,
    /// What holds without them.
    pub(crate) default: String,
}

/// What runs an agent.
#[derive(Deserialize)]
pub(crate) struct Agent {
    names: Vec<String>,
    /// Methods of the class that make one, too.
    #[serde(default)]
    methods: Vec<String>,
    /// The arguments that limit it.
    pub(crate) limits: Vec<String>,
    /// The methods that run what was made; none where making it is enough.
    #[serde(default)]
    pub(crate) run: Vec<String>,
    /// Names in a file that say that the limit is given at another place.
    #[serde(default)]
    pub(crate) elsewhere: Vec<String>,
    /// What holds without a limit.
    pub(crate) default: String,
    /// What limits it.
    pub(crate) add: String,
}

#[derive(Deserialize)]
struct Floating {
    names: Vec<String>,
    #[serde(default)]
    suffixes: Vec<String>,
}

#[derive(Deserialize)]
struct Table {
    sdk: Vec<Sdk>,
    client: Vec<Client>,
    agent: Vec<Agent>,
    floating: Vec<Floating>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("llm.toml")).expect("a test reads the table"));

/// The SDK by which a call asks a model; `None` where it does not, or nobody can tell.
pub(crate) fn asked_by(file: &FileContext<'_>, call: &Call) -> Option<&'static Sdk> {
    let written = calls::written(file, call);
    let last = words::last_part(&written);
    let plausible = |sdk: &&Sdk| sdk.calls.iter().any(|it| words::last_part(it) == last);
    let mut sdks = TABLE.sdk.iter().filter(plausible).peekable();
    sdks.peek()?;
    let ends = |name: &str, tail: &str| {
        name.strip_suffix(tail).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let callee = file.called(call);
    sdks.find(|sdk| {
        let by_origin = callee.as_deref().is_some_and(|callee| {
            sdk.modules.iter().any(|module| {
                callee.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with('.'))
            }) && sdk.calls.iter().any(|it| ends(callee, it))
        });
        by_origin || sdk.unmistakable.iter().any(|it| ends(&written, it))
    })
}

/// Whether a call gives the answer a form: a schema, tools, or arguments that nobody can see.
pub(crate) fn has_form(file: &FileContext<'_>, call: &Call, sdk: &Sdk) -> bool {
    calls::arguments(file, call).iter().any(|argument| {
        argument.value.starts_with("**")
            || argument.keyword.is_some_and(|it| sdk.forms.iter().any(|form| form == it))
    })
}

/// The kind of client that a call makes.
pub(crate) fn client(file: &FileContext<'_>, call: &Call) -> Option<&'static Client> {
    let written = calls::written(file, call);
    let last = words::last_part(&written);
    let known = |it: &&Client| it.names.iter().any(|name| words::last_part(name) == last);
    if call.attached {
        return None;
    }
    TABLE.client.iter().find(known)?;
    let callee = calls::callee(file, call)?;
    TABLE.client.iter().find(|client| client.names.contains(&callee))
}

/// The kind of agent that a call makes.
pub(crate) fn agent(file: &FileContext<'_>, call: &Call) -> Option<&'static Agent> {
    let written = calls::written(file, call);
    let last = words::last_part(&written);
    let mut agents = TABLE.agent.iter().filter(|agent| {
        agent.methods.iter().any(|it| it == last)
            || agent.names.iter().any(|it| words::last_part(it) == last)
    });
    agents.clone().next()?;
    let callee = calls::callee(file, call)?;
    agents.find(|agent| {
        let class = callee.rsplit_once('.').filter(|(_, it)| agent.methods.iter().any(|m| m == it));
        let made = class.map_or(callee.as_str(), |(class, _)| class);
        agent.names.iter().any(|it| it == made)
    })
}

/// Whether a provider moves the name of a model to another version.
pub(crate) fn is_floating(model: &str) -> bool {
    // `openai/gpt-4o`, `openai:gpt-4o`: the provider stands before it.
    let bare = model.rsplit('/').next().unwrap_or(model);
    let bare = bare.strip_prefix("openai:").unwrap_or(bare);
    TABLE.floating.iter().any(|row| {
        row.names.iter().any(|it| it == bare)
            || row.suffixes.iter().any(|it| bare.ends_with(it.as_str()))
    })
}

/// The call of a model whose answer, or a part of it, an expression is: through names bound in the same function, attributes,
/// subscripts and methods.
pub(crate) fn answer_of<'o>(
    file: &FileContext<'o>,
    expression: Span,
) -> Option<(&'o Call, &'static Sdk)> {
    let scope = file.outline.line_at(expression.start)?.scope;
    let mut expression = expression;
    for _ in 0..DEEPEST {
        let text = file.slice(expression);
        let bare = text.trim_start_matches(['(', ' ', '\n', '\t']);
        let bare = bare.strip_prefix("await ").unwrap_or(bare).trim_start();
        let start = expression.end - bare.len() as u32;
        if let Some(asked) = call_that_begins(file, Span::new(start, expression.end)) {
            return Some(asked);
        }
        let length =
            bare.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
        let (name, rest) = bare.split_at(length);
        // A function's result is something else; so is what operators make of it.
        if name.is_empty() || !is_part(rest) {
            return None;
        }
        let mut bindings = file.values().bindings(name).iter();
        let binding = bindings.rfind(|it| it.scope == scope && it.at < start)?;
        expression = binding.value?;
    }
    None
}

/// Whether what follows a name only takes parts of it: `.choices[0].message.content.strip()`.
fn is_part(rest: &str) -> bool {
    let mut depth = 0_u32;
    let mut previous = b' ';
    for byte in rest.trim_end().bytes() {
        match byte {
            b'(' | b'[' => {
                // A call of the name itself.
                if byte == b'(' && depth == 0 && previous == b' ' {
                    return false;
                }
                depth += 1;
            }
            b')' | b']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            b'.' | b'_' => {}
            _ if byte.is_ascii_alphanumeric() => {}
            _ => return false,
        }
        previous = byte;
    }
    true
}

/// The call of a model with which an expression begins.
fn call_that_begins<'o>(
    file: &FileContext<'o>,
    expression: Span,
) -> Option<(&'o Call, &'static Sdk)> {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|call| call.name.start < expression.start);
    let mut inside = calls[first..].iter().take_while(|call| call.name.start < expression.end);
    inside
        .find(|call| {
            let mut outermost = *call;
            while let Some(receiver) = file.values().receiver(outermost) {
                outermost = receiver;
            }
            outermost.name.start == expression.start && asked_by(file, call).is_some()
        })
        .and_then(|call| Some((call, asked_by(file, call)?)))
}

/// Whether an answer is checked before it is used: a schema, or a list of what is allowed.
pub(crate) fn is_validated(file: &FileContext<'_>, function: Span) -> bool {
    const SIGNS: [&str; 12] = [
        "model_validate",
        "parse_obj",
        "parse_raw",
        "TypeAdapter",
        "jsonschema",
        "validate(",
        "validator",
        "from_dict(",
        "with_structured_output",
        "response_model",
        ".load(",
        "(**",
    ];
    let text = file.slice(function);
    SIGNS.iter().any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    fn origins(text: &str) -> Vec<String> {
        with_file("app/main.py", text, |file| {
            let calls = file.outline.calls.iter();
            let uses = calls.filter(|call| calls::written(file, call) == "use");
            let origin = |call: &Call| {
                answer_of(file, calls::inside(call))
                    .map_or("-".to_owned(), |(it, _)| calls::written(file, it).into_owned())
            };
            uses.map(origin).collect()
        })
    }

    #[test]
    fn answers_are_followed() {
        let text = "\
import anthropic
client = anthropic.Anthropic()

async def f(other):
    reply = await other.chat.completions.create(model='m', messages=[])
    use(reply.choices[0].message.content.strip())
    text = reply.choices[0].message.content
    use(text)
    use(clean(text))
    use(text + 'x')
    said = client.messages.create(model='m').content[0].text
    use(said)
    use(other.messages.create(body='b'))
    use(client.models.list())

def g():
    use(text)
";
        let said = ["other.chat.completions.create"; 2];
        let expected = [said[0], said[1], "-", "-", "client.messages.create", "-", "-", "-"];
        assert_eq!(origins(text), expected);
    }

    #[test]
    fn agents_are_known_by_what_makes_them() {
        let text = "\
from langchain.agents import AgentExecutor, create_react_agent
from langgraph.prebuilt import create_react_agent as graph
from app.agents import create_agent
AgentExecutor.from_agent_and_tools(agent=a, tools=t)
AgentExecutor(agent=a)
create_react_agent(m, t)
create_agent(m)
";
        with_file("app/main.py", text, |file| {
            let known: Vec<bool> =
                file.outline.calls.iter().map(|call| agent(file, call).is_some()).collect();
            assert_eq!(known, [true, true, false, false]);
        });
    }

    #[test]
    fn names_of_models_float() {
        assert!(is_floating("gpt-4o") && is_floating("openai/gpt-4") && is_floating("x-latest"));
        assert!(!is_floating("gpt-4o-2024-08-06") && !is_floating("llama-3-8b"));
    }
}
