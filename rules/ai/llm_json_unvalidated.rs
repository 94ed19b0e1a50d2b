//! See `llm-json-unvalidated.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::Keyword;

use crate::shared::code::{blocks, calls};
use crate::shared::frameworks::llm;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        let written = calls::written(file, call);
        if !matches!(&*written, "loads") && !written.ends_with(".loads") {
            continue;
        }
        let parses = calls::callee(file, call)
            .is_some_and(|it| matches!(&*it, "json.loads" | "orjson.loads" | "ujson.loads"));
        if !parses {
            continue;
        }
        let offset = call.name.start;
        let Some(function) = file.function_at(offset) else { continue };
        let Some((asked, sdk)) = llm::answer_of(file, calls::inside(call)) else { continue };
        out.judged();
        let handled = blocks::headers_around(file, offset).any(|line| line.keyword == Keyword::Try);
        if handled || llm::has_form(file, asked, sdk) || llm::is_validated(file, function.span) {
            continue;
        }
        let model = calls::written(file, asked);
        let message =
            format!("what `{model}` answers is text: nothing here sees to it that it is JSON");
        out.report(Report::at(calls::span(call)).message(message));
    }
}
