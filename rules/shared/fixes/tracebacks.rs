//! The traceback for a record that a handler writes without it. Knows handlers and kinds of loggers, no rule.

use roadworthy_engine::{Edit, FileContext, Fix};
use roadworthy_parser::{Node, Span};

use crate::shared::code::loggers::{self, Level};
use crate::shared::code::nodes::{is_deferred, walk};
use crate::shared::errors::handlers::{Handler, speaks_of_another};
use crate::shared::fixes::arguments::set_keyword;
use crate::shared::fixes::loggers::{LoggerKind, kind_of_call};

/// Hands the error to the loudest logging call of a handler. Safe where the file shows what kind of logger it is.
pub(crate) fn keep(file: &FileContext<'_>, handler: &Handler<'_>) -> Option<Fix> {
    let mut loudest: Option<(Level, Node<'_>)> = None;
    walk(handler.body, |node| {
        let voice = (node.kind() == "call").then(|| loggers::log_call(file, node)).flatten();
        if let Some(voice) = voice.filter(|voice| !voice.traceback)
            && !speaks_of_another(file, node, handler)
            && loudest.is_none_or(|(level, _)| voice.level > level)
        {
            loudest = Some((voice.level, node));
        }
        !is_deferred(node)
    });
    let (_, call) = loudest?;
    let function = call.child_by_field_name("function")?;
    let method = function.child_by_field_name("attribute").unwrap_or(function);
    let kind =
        kind_of_call(file, Span::of(function)).or_else(|| kind_of_call(file, Span::of(method)));
    let edit = if kind == Some(LoggerKind::Loguru) {
        let object = function.child_by_field_name("object")?;
        Edit::insert(object.end_byte() as u32, ".opt(exception=True)")
    } else {
        let arguments = Span::of(call.child_by_field_name("arguments")?);
        let call = file.outline.calls.iter().find(|it| it.arguments == arguments)?;
        set_keyword(file, call, "exc_info", "True")?
    };
    let known = kind.is_some_and(|kind| kind != LoggerKind::Unknown);
    Some(if known { Fix::safe(vec![edit]) } else { Fix::to_look_at(vec![edit]) })
}
