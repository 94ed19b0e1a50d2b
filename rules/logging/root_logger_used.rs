//! See `root-logger-used.toml`.

use std::cell::OnceCell;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter};
use roadworthy_parser::{Call, Span};

use crate::shared::code::calls::{self, LOG_METHODS};
use crate::shared::code::reach::ProgramOnly;
use crate::shared::code::words::split_last;
use crate::shared::fixes::loggers::{LoggerKind, ModuleLogger};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut program = None;
    let own = OnceCell::new();
    for call in &file.outline.calls {
        let written = calls::written(file, call);
        let (object, method) = split_last(&written);
        let on_root = root_call(file, call, &written);
        // Calls on other loggers are sites, too: the share of them decides whether findings fold.
        let on_logger =
            LOG_METHODS.contains(&method) && object.to_ascii_lowercase().contains("log");
        if on_root.is_none() && !on_logger {
            continue;
        }
        out.judged();
        let Some((span, name)) = on_root else { continue };
        if !file.pedantic() {
            let offset = call.name.start;
            let program = program.get_or_insert_with(|| ProgramOnly::new(file));
            let by_hand = file.outline.under_main_guard(offset) || program.contains(offset);
            if by_hand || calls::reads_command_line(file) {
                continue;
            }
        }
        let report = Report::at(span).message(format!("`{name}` writes to the root logger"));
        let own = own.get_or_init(|| ModuleLogger::of_module(file)).as_ref();
        out.report(match own.and_then(|own| redirected(file, call, span, own)) {
            Some(fix) => report.fix(fix),
            None => report,
        });
    }
}

/// The same call on the module's own logger, which is safe where the file gives that neither a level nor handlers.
fn redirected(file: &FileContext<'_>, call: &Call, span: Span, own: &ModuleLogger) -> Option<Fix> {
    if own.kind != LoggerKind::Standard || !own.is_known_at(file, call.name.start) {
        return None;
    }
    let written = calls::written(file, call);
    let method = written.rsplit('.').next().unwrap_or_default();
    let callee = Span::new(span.start, call.name.end);
    let edits = vec![Edit { span: callee, text: format!("{}.{}", own.name, method) }];
    Some(if own.plain { Fix::safe(edits) } else { Fix::to_look_at(edits) })
}

/// The range and the name of a call that writes to the root logger.
fn root_call(file: &FileContext<'_>, call: &Call, written: &str) -> Option<(Span, String)> {
    let method = written.rsplit('.').next().unwrap_or_default();
    if call.attached {
        let logger = calls::receiver(file, call).filter(|_| LOG_METHODS.contains(&written))?;
        let on_root = calls::callee(file, logger)? == "logging.getLogger"
            && calls::asks_for_root(file, logger);
        let span = Span::new(logger.name.start, call.arguments.end);
        return on_root.then(|| (span, format!("logging.getLogger().{method}")));
    }
    if written.contains('.') && !LOG_METHODS.contains(&method) {
        return None;
    }
    let callee = calls::callee(file, call)?;
    let rest = callee.strip_prefix("logging.")?;
    let rest = rest.strip_prefix("root.").unwrap_or(rest);
    LOG_METHODS.contains(&rest).then(|| (calls::span(call), callee.clone()))
}
