//! See `exit-in-library-code.toml`. Knows calls, roles and names, not who calls a function.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition};

use crate::shared::code::calls;
use crate::shared::code::reach::{ProgramOnly, is_tool};
use crate::shared::code::words::{last_part, words};
use crate::shared::frameworks::entry_points::{self, EntryPoint};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut quiet = None;
    for call in &file.outline.calls {
        let written = calls::written(file, call);
        if !matches!(last_part(&written), "exit" | "_exit" | "quit") || !ends_program(file, call) {
            continue;
        }
        let mut level = Severity::Warning;
        if !file.pedantic() {
            let quiet = quiet.get_or_insert_with(|| Quiet::new(file));
            match quiet.judge(file, call) {
                Some(judged) => level = judged,
                None => continue,
            }
        }
        let function = file.function_at(call.name.start).map(|it| file.slice(it.name));
        let message = match function {
            Some(name) => format!("`{written}` in `{name}` ends the program of whoever calls it"),
            None => format!("`{written}` ends the program of whoever imports this"),
        };
        out.report(Report::at(calls::span(call)).message(message).severity(level));
    }
}

fn ends_program(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(callee) = calls::callee(file, call) else { return false };
    match &*callee {
        "sys.exit" | "os._exit" => true,
        "exit" | "quit" => file.values().bindings(&callee).is_empty(),
        _ => false,
    }
}

/// What a file says about its exits.
struct Quiet {
    program: ProgramOnly,
    by_hand: bool,
}

impl Quiet {
    fn new(file: &FileContext<'_>) -> Self {
        let stem = file.file.path.file_stem().unwrap_or_default();
        let path = file.path_inside();
        let named = path.split('/').flat_map(words).any(|word| AT_A_SHELL.contains(&&*word));
        let by_hand = named
            || stem == "__main__"
            || calls::reads_command_line(file)
            || file.source.text().contains("os.fork(")
            || file.source.text().contains("sys.argv")
            || is_tool(file);
        Self { program: ProgramOnly::new(file), by_hand }
    }

    /// The level of an exit; `None` where it is right to end the program, or may be.
    fn judge(&self, file: &FileContext<'_>, call: &Call) -> Option<Severity> {
        let offset = call.name.start;
        let function = file.function_at(offset)?;
        let entry = entry_points::around(file, offset);
        // Whoever waits for an answer gets none, whatever else the file is for.
        if matches!(entry, Some(EntryPoint::Route | EntryPoint::Task)) {
            return Some(Severity::Warning);
        }
        if self.by_hand
            || entry.is_some()
            || file.outline.under_main_guard(offset)
            || self.program.contains(offset)
            || file.outline.enclosing(offset).any(|it| ends_on_purpose(file, it))
            || handles_signal(file, function)
        {
            return None;
        }
        // Whether it runs only at the start, where nothing else can be done, is for those who know its callers.
        Some(Severity::Info)
    }
}

/// Words of files and folders for people at a shell.
const AT_A_SHELL: [&str; 16] = [
    "bin",
    "cli",
    "cmd",
    "command",
    "commands",
    "console",
    "daemon",
    "install",
    "installer",
    "launcher",
    "main",
    "manage",
    "runner",
    "script",
    "scripts",
    "tools",
];

/// Whether the name of a definition says that the program ends or begins there.
fn ends_on_purpose(file: &FileContext<'_>, definition: &Definition) -> bool {
    words(file.slice(definition.name)).iter().any(|word| {
        matches!(
            word.as_str(),
            "abort"
                | "cli"
                | "cmd"
                | "command"
                | "console"
                | "daemon"
                | "daemonize"
                | "die"
                | "error"
                | "exit"
                | "fail"
                | "fatal"
                | "fork"
                | "halt"
                | "kill"
                | "launch"
                | "launcher"
                | "main"
                | "parse"
                | "quit"
                | "reload"
                | "restart"
                | "runner"
                | "shutdown"
                | "signal"
                | "sigterm"
                | "stop"
                | "terminate"
                | "usage"
                | "version"
        )
    })
}

/// `def stop(signum, frame)`
fn handles_signal(file: &FileContext<'_>, function: &Definition) -> bool {
    let parameters = file.outline.signature(function).parameters;
    parameters.iter().any(|it| {
        matches!(
            file.slice(it.name),
            "signum" | "sig" | "signal_number" | "frame" | "signo" | "_frame"
        )
    })
}
