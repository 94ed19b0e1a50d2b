//! See `unpinned-model-download.toml`.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::Call;

use crate::shared::code::{calls, words};
use crate::shared::secrets::guards;

/// Libraries whose classes load from the hub by `from_pretrained`.
const LIBRARIES: [&str; 7] = [
    "transformers",
    "diffusers",
    "peft",
    "optimum",
    "sentence_transformers",
    "open_clip",
    "setfit",
];

/// Organisations of the hub that publish a new version of a model under a new name: <https://huggingface.co/models>.
const ESTABLISHED: [&str; 24] = [
    "BAAI",
    "CompVis",
    "EleutherAI",
    "Qwen",
    "Salesforce",
    "allenai",
    "bigscience",
    "cross-encoder",
    "deepseek-ai",
    "distilbert",
    "facebook",
    "google",
    "google-bert",
    "ibm-granite",
    "intfloat",
    "laion",
    "meta-llama",
    "microsoft",
    "mistralai",
    "nvidia",
    "openai",
    "sentence-transformers",
    "stabilityai",
    "tiiuae",
];

/// What else loads a model by its first argument, or by one of that name.
const LOADERS: [(&str, &str); 4] = [
    ("huggingface_hub.hf_hub_download", "repo_id"),
    ("huggingface_hub.snapshot_download", "repo_id"),
    ("sentence_transformers.SentenceTransformer", "model_name_or_path"),
    ("sentence_transformers.CrossEncoder", "model_name"),
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut told: Vec<(&str, bool)> = Vec::new();
    for call in &file.outline.calls {
        let Some(parameter) = loads(file, call) else { continue };
        out.judged();
        let arguments = calls::arguments(file, call);
        let keyword =
            |name| arguments.iter().find(|it| it.keyword == Some(name)).map(|it| it.value);
        if arguments.iter().any(|it| it.value.starts_with("**"))
            || keyword("local_files_only") == Some("True")
            || keyword("repo_type").is_some_and(|it| calls::literal(it) != Some("model"))
            || keyword("revision").is_some_and(|it| !is_branch(it))
        {
            continue;
        }
        let first = arguments.first().filter(|it| it.keyword.is_none()).map(|it| it.value);
        let Some(model) = first.or(keyword(parameter)).and_then(|it| literal(file, call, it))
        else {
            continue;
        };
        if !is_of_hub(model) || is_trusted(model, out.strings("trusted-organisations")) {
            continue;
        }
        let code = keyword("trust_remote_code") == Some("True");
        if !file.pedantic() && (is_settled(file, call, model) || told.contains(&(model, code))) {
            continue;
        }
        told.push((model, code));
        let (severity, what) = if code {
            // What shows how something is used is tried out by who looks on.
            let lies_aside =
                || file.in_facts().is_some_and(|(_, it)| guards::is_local_path(it.path.as_str()));
            let is_shown = !file.pedantic() && (guards::is_local_module(file) || lies_aside());
            let severity = if is_shown { Severity::Info } else { Severity::Warning };
            (severity, "is loaded with its code, in whatever version the hub holds")
        } else {
            (Severity::Info, "is loaded in whatever version the hub holds")
        };
        let report = Report::at(calls::span(call)).severity(severity);
        out.report(report.message(format!("`{model}` {what}: no `revision` is named")));
    }
}

/// The parameter that names the model, of a call that loads one.
fn loads(file: &FileContext<'_>, call: &Call) -> Option<&'static str> {
    let written = calls::written(file, call);
    let last = words::last_part(&written);
    if last == "from_pretrained" {
        let callee = calls::callee(file, call)?;
        let library = callee.split('.').next()?;
        return LIBRARIES.contains(&library).then_some("pretrained_model_name_or_path");
    }
    let (_, parameter) = LOADERS.iter().find(|(name, _)| words::last_part(name) == last)?;
    let callee = calls::callee(file, call)?;
    LOADERS.iter().any(|(name, _)| *name == callee).then_some(parameter)
}

/// A text, or a name of the module or function that stands for one, whichever branch was taken.
fn literal<'a>(file: &FileContext<'a>, call: &Call, value: &'a str) -> Option<&'a str> {
    let of_module = || {
        let constant = file.values().constant(value)?;
        calls::literal(file.slice(constant))
    };
    let of_function = || {
        let scope = file.outline.line_at(call.name.start)?.scope?;
        let bindings = file.values().bindings(value).iter();
        let own = bindings.filter(|it| it.scope == Some(scope));
        let names: Option<Vec<_>> =
            own.map(|it| it.value.and_then(|value| calls::literal(file.slice(value)))).collect();
        names?.pop()
    };
    calls::literal(value).or_else(of_function).or_else(of_module)
}

/// Names of branches move.
fn is_branch(revision: &str) -> bool {
    matches!(calls::literal(revision), Some("main" | "master")) || revision == "None"
}

/// Whether a name is one of the hub's: `model` or `organisation/model`.
fn is_of_hub(model: &str) -> bool {
    let path = model.starts_with(['.', '/', '~'])
        || model.ends_with('/')
        || model.contains(['\\', ':', '{']);
    !path && !model.is_empty() && model.matches('/').count() <= 1 && !model.contains(' ')
}

/// Whether what is loaded hardly moves: names without an organisation are those of the first days, or of the library's own
/// organisation, which hold no code and stay as they are; tokenizers follow the weights that they belong to; and companies and
/// institutes publish a new version under a new name.
fn is_settled(file: &FileContext<'_>, call: &Call, model: &str) -> bool {
    const PARTS: [&str; 6] =
        ["Tokenizer", "TokenizerFast", "Config", "Processor", "FeatureExtractor", "ImageProcessor"];
    let written = calls::written(file, call);
    let code = calls::keyword(file, call, "trust_remote_code") == Some("True");
    let publisher = model.split_once('/').map(|(organisation, _)| organisation);
    if !code && publisher.is_some_and(|it| ESTABLISHED.contains(&it)) {
        return true;
    }
    let class = written.strip_suffix(".from_pretrained").unwrap_or_default();
    let part = PARTS.iter().any(|it| class.ends_with(it));
    publisher.is_none() || (part && !code)
}

fn is_trusted(model: &str, organisations: &[String]) -> bool {
    model
        .split_once('/')
        .is_some_and(|(organisation, _)| organisations.iter().any(|it| it == organisation))
}
