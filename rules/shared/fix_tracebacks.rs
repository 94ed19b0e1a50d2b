//! The traceback for a record that a handler writes without it. Knows handlers and kinds of loggers, no rule.

use roadworthy_engine::{Applicability, Edit, FileContext, Fix};
use roadworthy_parser::{Node, Span};

use crate::shared::fix_loggers::{LoggerKind, kind_of_call};
use crate::shared::handlers::{Handler, speaks_of_another};
use crate::shared::loggers::{self, Level};
use crate::shared::nodes::{is_deferred, walk};

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
    let edit = match kind {
        Some(LoggerKind::Loguru) => {
            let object = function.child_by_field_name("object")?;
            Edit::insert(object.end_byte() as u32, ".opt(exception=True)")
        }
        _ => keyword(file, call.child_by_field_name("arguments")?, "exc_info=True")?,
    };
    let known = kind.is_some_and(|kind| kind != LoggerKind::Unknown);
    let applicability = if known { Applicability::Safe } else { Applicability::Unsafe };
    Some(Fix { edits: vec![edit], applicability })
}

/// A keyword behind the arguments of a call, laid out as they are.
pub(crate) fn keyword(file: &FileContext<'_>, arguments: Node<'_>, keyword: &str) -> Option<Edit> {
    let mut cursor = arguments.walk();
    let named = arguments.named_children(&mut cursor).filter(|node| node.kind() != "comment");
    let last = named.last().filter(|_| arguments.kind() == "argument_list")?;
    let end = last.end_byte() as u32;
    let text = file.source.text();
    let before = &text[..last.start_byte()];
    let line = &before[before.rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
    let own_line = line.trim().is_empty() && before.len() > line.len();
    let space = if own_line {
        let before = &before[..before.len() - line.len()];
        let ends = ["\r\n", "\n", "\r"].into_iter().find(|end| before.ends_with(end));
        format!("{}{line}", ends.unwrap_or("\n"))
    } else {
        " ".to_owned()
    };
    let mut cursor = arguments.walk();
    let comma = arguments
        .children(&mut cursor)
        .find(|node| node.kind() == "," && node.start_byte() as u32 >= end);
    Some(match comma {
        Some(comma) if own_line => {
            let rest = &text[comma.end_byte()..];
            let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
            let alone = line.trim().is_empty() || line.trim_start().starts_with('#');
            let behind = comma.end_byte() + if alone { line.trim_end().len() } else { 0 };
            Edit::insert(behind as u32, format!("{space}{keyword},"))
        }
        Some(comma) => Edit::insert(comma.end_byte() as u32, format!("{space}{keyword}")),
        None => Edit::insert(end, format!(",{space}{keyword}")),
    })
}
