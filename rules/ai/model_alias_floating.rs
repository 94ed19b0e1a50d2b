//! See `model-alias-floating.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Span};

use crate::shared::code::calls;
use crate::shared::frameworks::llm;

/// What else takes the name of a model and asks it later.
const CLIENTS: [&str; 9] = [
    "langchain_openai.ChatOpenAI",
    "langchain_anthropic.ChatAnthropic",
    "langchain_google_genai.ChatGoogleGenerativeAI",
    "langchain_google_vertexai.ChatVertexAI",
    "langchain_mistralai.ChatMistralAI",
    "langchain_community.chat_models.ChatOpenAI",
    "langchain.chat_models.ChatOpenAI",
    "google.generativeai.GenerativeModel",
    "vertexai.generative_models.GenerativeModel",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        if !asks(file, call) || (!file.pedantic() && file.outline.under_main_guard(call.name.start))
        {
            continue;
        }
        let arguments = calls::arguments(file, call);
        let named = arguments.iter().find(|it| matches!(it.keyword, Some("model" | "model_name")));
        let Some(model) =
            named.and_then(|it| calls::literal(it.value).map(|name| (it.value, name)))
        else {
            continue;
        };
        let (written, name) = model;
        out.judged();
        if llm::is_floating(name) {
            let start = (written.as_ptr() as usize - file.source.text().as_ptr() as usize) as u32;
            let span = Span::new(start, start + written.len() as u32);
            let message = format!("`{name}` is not one version of a model: the provider moves it");
            out.report(Report::at(span).message(message));
        }
    }
}

/// Whether a call asks a model, or makes what does.
fn asks(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    let last = written.rsplit('.').next().unwrap_or_default();
    let makes = CLIENTS.iter().any(|it| it.rsplit('.').next() == Some(last));
    if makes {
        return calls::callee(file, call).is_some_and(|it| CLIENTS.contains(&it.as_str()));
    }
    llm::asked_by(file, call).is_some()
}
