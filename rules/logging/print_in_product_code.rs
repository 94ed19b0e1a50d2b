//! See `print-in-product-code.toml`.

#[path = "print_in_product_code/circumstances.rs"]
mod circumstances;
#[path = "print_in_product_code/names.rs"]
mod names;
#[path = "print_in_product_code/progress.rs"]
mod progress;
#[path = "print_in_product_code/secrets.rs"]
mod secrets;

use std::cell::RefCell;

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, LogicalLine, Span};
use roadworthy_project::Role;
use rustc_hash::FxHashMap;

use crate::shared::code::developing::is_of_developers;
use crate::shared::code::reach::{
    ProgramOnly, asks_at_terminal, is_left_over, is_of_many, is_out_of_use, is_used_by_nobody,
    only_commands_import, runs_unattended,
};
use crate::shared::code::{blocks, calls, loggers, named, unused};
use crate::shared::errors::surroundings;
use crate::shared::fixes::prints::Hands;
use crate::shared::frameworks::routers;

use circumstances::{
    asks_again, handler_around, hands_on, is_answered_too, is_beside_dags, is_kept_beside,
    is_meant, is_of_airflow, is_of_command, is_of_service, is_of_tests, is_of_training, is_of_web,
    is_probe, is_stand_in, is_sum_of_job, lacks_module, lies_in_image_for_work, makes_application,
    says_log, serves,
};
use names::{hands_to_log, says_output, stands_in, words, writes_record};

/// Words of conditions that a person switches on to see more.
const SWITCHES: [&str; 22] = [
    "debug",
    "disp",
    "display",
    "dry_run",
    "dryrun",
    "echo",
    "in_ipython",
    "in_jupyter",
    "in_notebook",
    "interactive",
    "is_notebook",
    "isatty",
    "print",
    "progress",
    "quiet",
    "show",
    "silen",
    "stdout",
    "stream_output",
    "trace",
    "trial_run",
    "verb",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    // Prefect makes records of what its flows and tasks print: <https://docs.prefect.io/v3/how-to-guides/workflows/add-logging>.
    let text = file.source.text();
    if !file.pedantic() && ["log_prints=True", "log_stdout=True"].iter().any(|it| text.contains(it))
    {
        return;
    }
    let mut quiet = None;
    let hands = Hands::default();
    let rebound = is_rebound(file);
    for call in &file.outline.calls {
        let Some(way) = way_of_printing(file, call, rebound) else { continue };
        let mut report = Report::at(calls::span(call)).message(message(file, call, way));
        let mut logs = false;
        if !file.pedantic() {
            let quiet = quiet.get_or_insert_with(|| QuietFile::new(file, rebound));
            logs = quiet.handler_logs(file, call.name.start);
            match quiet.judge(file, call, way) {
                Some(Severity::Info) => report = report.severity(Severity::Info),
                Some(_) => {}
                None => continue,
            }
        }
        // What must not be printed belongs in no log, either.
        if way == Way::Print
            && secrets::shown(file, call).is_none()
            && let Some(fix) = hands.fix(file, call, caught(file, call).is_some(), logs)
        {
            report = report.fix(fix);
        }
        out.report(report);
    }
}

/// How a call reaches the standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Print,
    PrettyPrint,
    Stream,
}

/// `rebound` says that `print` is no longer what it was.
fn way_of_printing(file: &FileContext<'_>, call: &Call, rebound: bool) -> Option<Way> {
    let written = calls::written(file, call);
    let (object, name) = written.rsplit_once('.').unwrap_or(("", &written));
    let plausible =
        object.is_empty() || matches!(name, "print" | "pprint" | "pp" | "write" | "writelines");
    if !plausible {
        return None;
    }
    let callee = calls::callee(file, call)?;
    let way = match &*callee {
        "print" if rebound => return None,
        "print" | "builtins.print" => Way::Print,
        "pprint.pprint" | "pprint.pp" => Way::PrettyPrint,
        "sys.stdout.write" | "sys.stdout.writelines" => Way::Stream,
        _ => return None,
    };
    let stream = match way {
        Way::Print => calls::keyword(file, call, "file"),
        Way::PrettyPrint => calls::keyword(file, call, "stream"),
        Way::Stream => None,
    };
    let standard = stream.is_none_or(|stream| {
        matches!(stream, "sys.stdout" | "sys.stderr" | "stdout" | "stderr" | "None")
    });
    standard.then_some(way)
}

/// Whether the module gives the name `print` to something else.
fn is_rebound(file: &FileContext<'_>) -> bool {
    file.outline.lines.iter().any(|line| {
        line.keyword == Keyword::Other
            && file.slice(line.span).strip_prefix("print").is_some_and(|rest| {
                let rest = rest.trim_start();
                rest.starts_with('=') && !rest.starts_with("==")
            })
    })
}

fn message(file: &FileContext<'_>, call: &Call, way: Way) -> String {
    if let Some(secret) = secrets::shown(file, call) {
        return format!("printing `{secret}` shows a secret to whoever sees the output");
    }
    if let Some(error) = caught(file, call) {
        return format!("printing `{error}` loses its traceback, and the message is in no log");
    }
    match way {
        Way::Print => "product code prints instead of logging".to_owned(),
        Way::PrettyPrint => "product code pretty-prints instead of logging".to_owned(),
        Way::Stream => "product code writes to the standard output instead of logging".to_owned(),
    }
}

/// The name of the exception that a print in its handler shows.
fn caught<'a>(file: &FileContext<'a>, call: &Call) -> Option<&'a str> {
    let handler = blocks::headers_around(file, call.name.start)
        .find(|line| line.keyword == Keyword::Except)?;
    // Whoever raises again loses nothing.
    if blocks::raises(file, handler) {
        return None;
    }
    // The traceback in it is shown as an address only.
    let inside = file.slice(calls::inside(call)).trim();
    if inside == "sys.exc_info()" && !is_kept_beside(file, handler) {
        return Some(inside);
    }
    let (_, name) = file.slice(handler.span).split_once(" as ")?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    let name = &name[..end];
    let shown = file.slice(call.arguments);
    if loggers::tells_traceback(shown) || is_kept_beside(file, handler) {
        return None;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    shown.split(|c| !is_word(c)).any(|word| word == name).then_some(name)
}

/// What a whole file says about its prints.
struct QuietFile {
    program: ProgramOnly,
    /// Nobody but a person runs it.
    by_hand: bool,
    /// It makes an application and tells of it while it is loaded.
    greets: bool,
    /// Where it prints.
    prints: Places,
    /// Where it calls a logger.
    records: Places,
    /// Where it calls a logger or something of the project's own that does.
    logs: Places,
    /// Where it speaks with a person or a program over its standard streams.
    talks: Places,
    /// Where it ends the program.
    exits: Places,
    /// By the beginning of a function: behind which place a switch lets nothing print.
    switches: RefCell<FxHashMap<u32, Option<u32>>>,
}

/// Offsets in order. A file may hold thousands of prints: asking for each of them must not read the whole file again.
struct Places(Vec<u32>);

impl Places {
    fn of(file: &FileContext<'_>, mut is: impl FnMut(&Call) -> bool) -> Self {
        let calls = file.outline.calls.iter().filter(|call| is(call));
        let mut places: Vec<u32> = calls.map(|call| call.name.start).collect();
        places.sort_unstable();
        Self(places)
    }

    /// Those within a range.
    fn within(&self, range: Span) -> &[u32] {
        let first = self.0.partition_point(|&place| place < range.start);
        let end = self.0.partition_point(|&place| place < range.end);
        &self.0[first..end.max(first)]
    }
}

impl QuietFile {
    /// Whether the statement right before or right behind a print, in the same block, goes to a log: the print says it twice.
    fn is_logged_beside(&self, file: &FileContext<'_>, offset: u32) -> bool {
        let lines = &file.outline.lines;
        let index = lines.partition_point(|line| line.span.end <= offset);
        let Some(own) = lines.get(index) else { return false };
        let beside = [index.checked_sub(1), Some(index + 1)];
        beside.into_iter().flatten().filter_map(|it| lines.get(it)).any(|line| {
            line.indent == own.indent
                && line.scope == own.scope
                && !self.records.within(line.span).is_empty()
        })
    }

    fn new(file: &FileContext<'_>, rebound: bool) -> Self {
        // The application of a service stands in `main.py`, too.
        let is_for_output =
            |part: &str| says_output(part) && !(part == "main" && is_of_service(file));
        let by_name =
            file.file.path.components().rev().take(2).any(|part| {
                is_for_output(part.as_str().strip_suffix(".py").unwrap_or(part.as_str()))
            });
        let by_name = by_name || file.file.path.as_str().contains("management/commands/");
        let prints = Places::of(file, |call| way_of_printing(file, call, rebound).is_some());
        let by_hand = by_name
            || is_of_tests(file)
            || calls::reads_command_line(file)
            || prints_at_top(file, &prints) && !makes_application(file);
        let greets = !by_hand && prints_at_top(file, &prints);
        let callee = |call: &Call, names: &[&str]| {
            calls::callee(file, call).is_some_and(|callee| names.contains(&&*callee))
        };
        Self {
            program: ProgramOnly::new(file),
            by_hand,
            greets,
            prints,
            records: Places::of(file, |call| writes_record(file, call)),
            logs: Places::of(file, |call| writes_record(file, call) || hands_to_log(file, call)),
            talks: Places::of(file, |call| callee(call, &TALKING) || asks(file, call)),
            exits: Places::of(file, |call| callee(call, &EXITING)),
            switches: RefCell::default(),
        }
    }

    /// Whether a function prints so often, and more often than it logs.
    fn converses(&self, function: &Definition, prints: usize) -> bool {
        let printed = self.prints.within(function.span).len();
        printed >= prints && printed > self.records.within(function.span).len()
    }

    /// Whether the handler around a print logs as well.
    fn handler_logs(&self, file: &FileContext<'_>, offset: u32) -> bool {
        handler_around(file, offset)
            .is_some_and(|it| !self.logs.within(blocks::block_of(file, it)).is_empty())
    }

    /// Whether the function asks a person something, ends the program behind the print, or speaks a protocol.
    fn talks_or_exits(
        &self,
        file: &FileContext<'_>,
        block: Span,
        function: bool,
        offset: u32,
    ) -> bool {
        if function && !self.talks.within(block).is_empty() {
            return true;
        }
        // In the same block, behind the print.
        let indent = |offset| file.outline.line_at(offset).map(|line| line.indent);
        let behind = Span::new((offset + 1).max(block.start), block.end);
        self.exits.within(behind).iter().any(|&exit| indent(exit) <= indent(offset))
    }

    /// Whether the statement behind a print leaves the program by a function of the project: `stop_bazaar(2)`.
    fn ends_next(&self, file: &FileContext<'_>, offset: u32) -> bool {
        const ENDING: [&str; 9] =
            ["abort", "bail", "die", "exit", "fatal", "halt", "quit", "stop", "terminate"];
        let lines = &file.outline.lines;
        let next = lines.partition_point(|line| line.span.start <= offset);
        let Some((line, own)) = lines.get(next).zip(file.outline.line_at(offset)) else {
            return false;
        };
        let text = file.slice(line.span);
        line.indent == own.indent
            && text.split_once('(').is_some_and(|(callee, _)| {
                words(callee.rsplit('.').next().unwrap_or_default())
                    .next()
                    .is_some_and(|word| ENDING.contains(&word.as_str()))
            })
            // In a file that speaks with a person elsewhere, a print is for that one, too.
            || !self.talks.0.is_empty()
    }

    /// Whether `if not verbose: return` stands above in the function: it speaks for the rest of it.
    fn is_switched_off(&self, file: &FileContext<'_>, offset: u32) -> bool {
        let Some(function) = file.function_at(offset) else { return false };
        let mut switches = self.switches.borrow_mut();
        let switch = switches
            .entry(function.span.start)
            .or_insert_with(|| first_switch(blocks::own_lines(file, function), file));
        switch.is_some_and(|switch| switch < offset)
    }

    /// Whether a function hands the same arguments to the log.
    fn is_logged(&self, file: &FileContext<'_>, function: &Definition, arguments: &str) -> bool {
        let lines = self.logs.within(function.span).iter();
        lines
            .filter_map(|&place| file.outline.line_at(place))
            .any(|line| file.slice(line.span).contains(arguments))
    }

    /// The level of a print; `None` where it is right to print.
    fn judge(&self, file: &FileContext<'_>, call: &Call, way: Way) -> Option<Severity> {
        let offset = call.name.start;
        if self.by_hand || file.outline.under_main_guard(offset) || self.program.contains(offset) {
            return None;
        }
        let around: Vec<&Definition> = file.outline.enclosing(offset).collect();
        if around.iter().any(|definition| is_for_output(file, definition))
            || is_switched(file, offset)
            || is_of_developers(file, offset)
            || self.is_switched_off(file, offset)
            || is_choice_of_switch(file, call)
        {
            return None;
        }
        let function = around.iter().find(|definition| definition.is_function());
        if function.is_none() && self.greets {
            return None;
        }
        let block = function
            .map_or(Span::new(0, file.source.text().len() as u32), |function| function.span);
        if is_explained(file, offset)
            || asks_again(file, offset)
            || self.talks_or_exits(file, block, function.is_some(), offset)
        {
            return None;
        }
        if let Some(secret) = secrets::shown(file, call).filter(|_| !is_of_command(file)) {
            // The accounts that a seed makes are for trying, and their passwords are made up.
            let is_new =
                secrets::is_drawn_here(file, call, secret) || surroundings::stands_aside(file);
            return Some(if is_new { Severity::Info } else { Severity::Warning });
        }
        // Whoever names the stream, or draws a line, means a terminal; settings are read before anything can log.
        let text = file.slice(call.arguments);
        let drawn = DRAWN.iter().any(|sign| text.contains(sign)) || is_indented(text);
        let stream =
            calls::keyword(file, call, "file").is_some_and(|stream| stream.ends_with("stderr"));
        let unimportable = lacks_module(file, offset);
        // No log says "Done!".
        let exclaims = text.contains("!\"") || text.contains("!'");
        // A translated text is for a person, and so is what the log gets as well.
        let translated = text.starts_with("(_(") || text.starts_with("(gettext(");
        let twice = function.is_some_and(|function| {
            !text.contains(['"', '\'']) && self.is_logged(file, function, text)
        });
        let twice = twice || self.is_logged_beside(file, offset);
        let shown = drawn || stream || exclaims || translated || twice;
        if way == Way::Stream || shown || unimportable || file.role == Role::Settings {
            return Some(Severity::Info);
        }
        let own_log = function.is_some_and(|function| says_log(file, function));
        let talks = |prints| function.is_some_and(|function| self.converses(function, prints));
        let (prints, records) = (self.prints.0.len(), self.records.0.len());
        let talkative = prints >= TALKATIVE && prints > records;
        if own_log || talkative || talks(CONVERSATION) || self.handler_logs(file, offset) {
            return Some(Severity::Info);
        }
        if handler_around(file, offset).is_some_and(|it| is_kept_beside(file, it)) {
            return Some(Severity::Info);
        }
        // What runs at import comes before the set-up of the log; Airflow logs what its tasks print.
        let early = function.is_none() || is_meant(file, offset) || self.ends_next(file, offset);
        let aside = is_of_airflow(file)
            || is_beside_dags(file)
            || is_of_command(file)
            || is_of_training(file)
            || is_answered_too(file, call)
            || is_sum_of_job(file, call);
        let aside = aside || surroundings::stands_aside(file) || is_probe(file);
        if early || aside || is_stand_in(file) {
            return Some(Severity::Info);
        }
        // Where the rest of the file goes to the logger, or nobody can see it, a print is a slip.
        // A library may show a text to who uses it at a terminal, but hardly a bare value.
        let service =
            if file.role == Role::Library { is_of_web(file) } else { is_of_service(file) };
        let shared = file.role == Role::Library && (!service || text.contains(['"', '\'']));
        let slip = records > 0 && records >= 2 * prints && !talks(2) && !shared;
        let lost = caught(file, call).is_some_and(|error| !hands_on(file, offset, error))
            && (service || (records > 0 && file.role != Role::Library));
        let raises = handler_around(file, offset).is_some_and(|it| blocks::raises(file, it));
        let slip = slip && !raises;
        // Who chose from a menu sits before what the work says.
        let slip = slip && (is_of_web(file) || !asks_at_terminal(file));
        let sure = slip || lost || function.is_some_and(|function| serves(file, function));
        let mild = match caught(file, call) {
            Some(_) => progress::catches_expected(file, offset),
            None => progress::tells_progress(file, call),
        };
        let left = || {
            is_out_of_use(file, offset)
                || is_of_many(file) && is_left_over(file)
                || function.is_some_and(|function| unused::is_used_nowhere(file, function))
                || named::is_used_by_hand(file)
                || routers::is_idle(file)
                || named::is_unreached(file)
                || only_commands_import(file)
                || lies_in_image_for_work(file)
        };
        let told = sure && !mild && runs_unattended(file);
        Some(if told && !left() { Severity::Warning } else { Severity::Info })
    }
}

/// A file that prints this often, and more often than it logs, shows something to a person.
const TALKATIVE: usize = 10;

/// Signs of output that is drawn for an eye: no line end, a line written over, colours, rulers.
const DRAWN: [&str; 11] = [
    "Fore.", "Style.", "end=", "flush=", "\\r", "\\033", "\\x1b", "\"=\" *", "\"-\" *", "'=' *",
    "'-' *",
];

/// A function that prints this often without logging shows something to a person.
const CONVERSATION: usize = 4;

/// Calls that ask a person something or speak a protocol over the standard streams.
const TALKING: [&str; 5] =
    ["input", "getpass.getpass", "sys.stdin.readline", "sys.stdin.read", "sys.stdout.flush"];

/// `input_options(..)`, `ui.input_yn(..)`, `prompt_user(..)`, `confirm(..)`: helpers that ask a person.
fn asks(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    let name = written.rsplit('.').next().unwrap_or_default();
    name == "confirm" || ["input_", "prompt_", "ask_"].iter().any(|it| name.starts_with(it))
}

/// Calls that end the program.
const EXITING: [&str; 5] = ["sys.exit", "exit", "quit", "os._exit", "SystemExit"];

/// Whether a comment beside or right above a print says that it is meant for the terminal.
fn is_explained(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(line) = file.outline.line_at(offset) else { return false };
    let lines = &file.outline.lines;
    let index = lines.partition_point(|other| other.span.start < line.span.start);
    // A header between the comment and the print belongs to both.
    let above = index.checked_sub(1).map(|above| lines[above]);
    let header = above.is_some_and(|above| above.indent < line.indent);
    let first =
        index.checked_sub(if header { 2 } else { 1 }).map_or(0, |before| lines[before].span.end);
    // What is behind the end of the last line it stands on belongs to the next statement.
    let own = file.source.lines().line(line.span.end);
    let on_own_line = |comment: Span| file.source.lines().line(comment.start) <= own;
    let comments = &file.outline.comments;
    let end = comments.partition_point(|&comment| on_own_line(comment)).checked_sub(1);
    let end = end.map_or(first, |last| comments[last].end).max(first);
    file.comments_in(Span::new(first, end)).any(|comment| {
        let lower = comment.to_ascii_lowercase();
        let is_code = lower.contains('(');
        !is_code
            && ["print", "stdout", "console", "terminal"].iter().any(|word| lower.contains(word))
    })
}

/// Whether importing the module prints whatever happens, or it holds nothing to import and nobody does: then it is a script.
fn prints_at_top(file: &FileContext<'_>, prints: &Places) -> bool {
    let holds_nothing = file.outline.definitions.is_empty() && file.role != Role::Settings;
    if holds_nothing && !prints.0.is_empty() && is_used_by_nobody(file) {
        return true;
    }
    prints.0.iter().any(|&place| {
        file.outline.line_at(place).is_some_and(|line| {
            line.scope.is_none()
                && line.indent == 0
                && line.keyword == Keyword::Other
                && line.span.start == place
        })
    })
}

/// Whether the name of a function or class, or a decorator or base of it, says that it is there to show
/// something to a person.
fn is_for_output(file: &FileContext<'_>, definition: &Definition) -> bool {
    let name = file.slice(definition.name);
    if says_output(name) || stands_in(name) || documents_output(file, definition) {
        return true;
    }
    let marks = |span: Span| {
        let text = file.slice(span);
        let name = text.split('(').next().unwrap_or_default();
        name.rsplit('.').next().is_some_and(says_output)
    };
    file.outline.decorators(definition).iter().any(|&decorator| marks(decorator))
        || file.outline.arguments(definition).iter().any(|argument| marks(argument.value))
        // What writes the log cannot log that it failed to.
        || matches!(file.slice(definition.name), "emit" | "handleError" | "setup_module")
}

/// Whether a text begins with blanks, to stand in a column under other output.
fn is_indented(arguments: &str) -> bool {
    let text = arguments.trim_start_matches('(').trim_start_matches(['f', 'F']);
    text.strip_prefix(['"', '\''])
        .is_some_and(|text| text.trim_start_matches("\\n").starts_with("  "))
}

/// Whether the documentation of a function begins by saying that it shows something, or says
/// anywhere that it prints.
fn documents_output(file: &FileContext<'_>, definition: &Definition) -> bool {
    let Some(docstring) = definition.docstring else { return false };
    let text = file.slice(docstring).trim_start_matches(|c: char| !c.is_alphabetic());
    let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let verbs =
        ["print", "prints", "display", "displays", "show", "shows", "dump", "dumps", "pretty"];
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    verbs.iter().any(|verb| first.eq_ignore_ascii_case(verb))
        || words.any(|word| ["prints", "stdout"].iter().any(|it| word.eq_ignore_ascii_case(it)))
}

/// Whether the condition of a header is one that a person sets.
fn is_switch(header: &str) -> bool {
    // What follows the colon on the same line is no condition.
    let head = header.split_once(':').map_or(header, |(head, _)| head).to_ascii_lowercase();
    SWITCHES.iter().any(|word| head.contains(word))
}

/// Whether the print hangs on a condition that a person sets to see it.
fn is_switched(file: &FileContext<'_>, offset: u32) -> bool {
    let conditional = |keyword| matches!(keyword, Keyword::If | Keyword::Elif | Keyword::While);
    let around = file.outline.enclosing(offset).map(|definition| definition.span.start);
    std::iter::once(offset).chain(around).any(|place| {
        blocks::headers_around(file, place).any(|line| {
            let text = file.slice(line.span);
            conditional(line.keyword) && is_switch(text)
                || line.keyword == Keyword::With && text.contains("redirect_stdout")
        })
    })
}

/// Where the first `if not verbose: return` among the lines of a function stands.
fn first_switch<'o>(
    lines: impl Iterator<Item = &'o LogicalLine>,
    file: &FileContext<'_>,
) -> Option<u32> {
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        let text = file.slice(line.span);
        let returns = text.ends_with("return")
            || lines
                .peek()
                .is_some_and(|next| next.keyword == Keyword::Return && next.indent > line.indent);
        if line.keyword == Keyword::If && returns && is_switch(text) {
            return Some(line.span.start);
        }
    }
    None
}

/// `print(..) if settings.DEBUG else ..`
fn is_choice_of_switch(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(line) = file.outline.line_at(call.name.start) else { return false };
    if line.span.end <= call.arguments.end {
        return false;
    }
    let behind = file.slice(Span::new(call.arguments.end, line.span.end)).trim_start();
    behind.strip_prefix("if ").and_then(|rest| rest.split_once(" else ")).is_some_and(
        |(condition, _)| {
            let lower = condition.to_ascii_lowercase();
            SWITCHES.iter().any(|word| lower.contains(word))
        },
    )
}
