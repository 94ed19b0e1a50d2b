//! See `root-logger-used.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Span};

use crate::shared::calls::{self, LOG_METHODS};
use crate::shared::reach::ProgramOnly;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut program = None;
    for call in &file.outline.calls {
        let written = calls::written(file, call);
        let (object, method) = written.rsplit_once('.').unwrap_or(("", &written));
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
        out.report(Report::at(span).message(format!("`{name}` writes to the root logger")));
    }
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
