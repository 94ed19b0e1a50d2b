//! Whether an expression is a part of a request, which its sender writes. Knows names of frameworks and gateways.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::strings::assigned;

/// `event["queryStringParameters"]`, `event["query"]`: what Amazon's gateway hands the handler of a function of what a request
/// holds.
pub(super) fn is_of_gateway(file: &FileContext<'_>, node: Node<'_>) -> bool {
    const PARTS: [&str; 5] = [
        "multiValueQueryStringParameters",
        "pathParameters",
        "query",
        "queryStringParameters",
        "querystring",
    ];
    let key = file.text(node).strip_prefix("event").and_then(|it| {
        let behind = it.strip_prefix('[').or_else(|| it.strip_prefix(".get("))?;
        behind.strip_prefix(['"', '\''])?.split(['"', '\'']).next()
    });
    let Some(function) = file.function_at(node.start_byte() as u32) else { return false };
    let mut parameters = file.outline.signature(function).parameters.iter();
    key.is_some_and(|it| PARTS.contains(&it))
        && parameters.next().is_some_and(|it| file.slice(it.name) == "event")
        && parameters.next().is_some_and(|it| file.slice(it.name).ends_with("context"))
}

/// Whether a name stands for the parts of a request that its sender writes: `form = request.form`.
pub(super) fn is_input_of_request(file: &FileContext<'_>, node: Node<'_>) -> bool {
    const INPUTS: [&str; 12] = [
        "request.GET",
        "request.POST",
        "request.args",
        "request.data",
        "request.form",
        "request.get_json(",
        "request.json",
        "request.match_info",
        "request.params",
        "request.query",
        "request.query_params",
        "request.values",
    ];
    let values = assigned(file, node);
    node.kind() == "identifier"
        && !values.is_empty()
        && values.into_iter().all(|it| {
            let text = file.text(it);
            let text = text.strip_prefix("await ").unwrap_or(text);
            let text = text.strip_prefix("self.").unwrap_or(text);
            let begin = text.split(['[', ')']).next().unwrap_or(text);
            INPUTS.contains(&begin) || is_of_gateway(file, it)
        })
}

/// Whether a text begins with what frameworks call a request, or holds it as a member of something else: `self.request.GET`.
pub(super) fn is_of_request(text: &str) -> bool {
    text.starts_with("request.") || text.contains(".request.")
}
