//! Which functions run only beside the main thread, where no `KeyboardInterrupt` arrives and `SystemExit` stops no program. Knows
//! names, no handlers.

use roadworthy_engine::FileContext;
use roadworthy_parser::Call;
use roadworthy_project::facts::Mentions;

use crate::shared::code::calls;
use crate::shared::code::text::{has_name, places_of};
use crate::shared::code::words::last_part;

/// What runs a function in another thread.
const RUNNERS: [&str; 7] = [
    "Thread",
    "Timer",
    "run_in_executor",
    "run_in_threadpool",
    "start_new_thread",
    "submit",
    "to_thread",
];

/// Whether all that uses the function around a place hands it to a thread or an executor.
pub(super) fn runs_beside(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(function) = file.function_at(offset) else { return false };
    let (outline, text) = (file.outline, file.source.text());
    // A child process has a main thread of its own.
    if text.contains("ProcessPool") {
        return false;
    }
    let name = file.slice(function.name);
    let is_method = function.parent.is_some_and(|it| outline.definition(it).is_class());
    let mut uses = places_of(text, name)
        .filter(|&at| {
            let offset = at as u32;
            offset != function.name.start
                && outline.string_at(offset).is_none()
                && outline.comment_at(offset).is_none()
        })
        .peekable();
    let is_handed = |at: usize| {
        let is_called = text[at + name.len()..].trim_start().starts_with('(');
        let around = |call: &&Call| call.arguments.contains(at as u32);
        let innermost = outline.calls.iter().filter(around).min_by_key(|it| it.arguments.len());
        !is_called
            && innermost.is_some_and(|it| RUNNERS.contains(&last_part(&calls::written(file, it))))
    };
    uses.peek().is_some() && uses.all(is_handed) && !is_used_elsewhere(file, name, is_method)
}

/// Whether another module takes the function from this one; any that names a method may call it.
fn is_used_elsewhere(file: &FileContext<'_>, name: &str, is_method: bool) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    if facts.mentions().of(name) <= Mentions::in_text(file.source.text(), name) {
        return false;
    }
    let stem = known.path.file_stem().unwrap_or_default();
    let takes = |text: &str| {
        let imports = |line: &str| {
            let line = line.trim_start();
            let is_import = line.starts_with("from ") || line.starts_with("import ");
            let takes = has_name(line, name) || line.trim_end().ends_with(['(', '\\', '*']);
            is_import && has_name(line, stem) && takes
        };
        text.contains(&format!("{stem}.{name}"))
            || has_name(text, name) && text.lines().any(imports)
    };
    let project = facts.project();
    let mut others = project.files.iter().filter(|it| it.kind.is_python() && it.path != known.path);
    is_method || others.any(|it| facts.source(it).is_some_and(|it| takes(it.text())))
}
