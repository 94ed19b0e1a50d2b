//! See `subprocess-result-ignored.toml`. Knows calls, names and what stands behind them, not what programs do.

use roadworthy_engine::{FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Keyword, Span};
use roadworthy_project::Role;

use crate::shared::code::reach::ProgramOnly;
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{blocks, calls};
use crate::shared::errors::surroundings::{self, Purpose};
use crate::shared::fixes::arguments::set_keyword;
use crate::shared::resources::uses::mentions;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut program = None;
    for call in &file.outline.calls {
        if call.attached || !calls::written(file, call).ends_with("run") {
            continue;
        }
        out.judged_if(|| file.called(call).as_deref() == Some("subprocess.run"));
        if file.called(call).as_deref() != Some("subprocess.run") || !is_ignored(file, call) {
            continue;
        }
        let mut level = Severity::Warning;
        if !file.pedantic() {
            if is_answered(file, call) {
                continue;
            }
            let program = program.get_or_insert_with(|| ProgramOnly::new(file));
            let watched = matches!(file.role, Role::Cli | Role::Script)
                || file.outline.under_main_guard(call.name.start)
                || program.contains(call.name.start)
                || is_shown(file, call)
                || is_muted(file, call);
            if watched {
                level = Severity::Info;
            }
        }
        let message = match program_name(file, call) {
            Some(name) => format!("nobody sees whether `{name}` fails"),
            None => "nobody sees whether the program fails".to_owned(),
        };
        let report = Report::at(calls::span(call)).message(message).severity(level);
        out.report(match set_keyword(file, call, "check", "True") {
            Some(edit) => report.fix(Fix::to_look_at(vec![edit])),
            None => report,
        });
    }
}

/// Whether neither an argument nor what is done with the result tells a failure.
fn is_ignored(file: &FileContext<'_>, call: &Call) -> bool {
    let told = calls::arguments(file, call).iter().any(|it| {
        let starred = it.keyword.is_none() && it.value.starts_with('*');
        starred || it.keyword == Some("check") && it.value != "False"
    });
    if told {
        return false;
    }
    let Some(line) = file.outline.line_at(call.name.start) else { return false };
    let whole = calls::span(call);
    if line.span == whole {
        return true;
    }
    // `result = subprocess.run(...)`, and nobody asks the result.
    let before = file.slice(Span::new(line.span.start, whole.start)).trim_end();
    let Some(name) = before.strip_suffix('=').map(str::trim) else { return false };
    let is_name = !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    let Some(function) = line.scope.map(|id| file.outline.definition(id)) else { return false };
    if !is_name || line.span.end != whole.end || !function.is_function() {
        return false;
    }
    mentions(file, function.body, name).len() == 1
}

/// Whether failure is of no interest, or seen in another way.
fn is_answered(file: &FileContext<'_>, call: &Call) -> bool {
    let arguments = file.slice(call.arguments);
    // Whoever writes that it may fail has thought of it.
    if calls::keyword(file, call, "check").is_some() || arguments.contains("|| true") {
        return true;
    }
    if is_probe(file, call) {
        return true;
    }
    let unimportant = program_name(file, call).is_some_and(|name| UNIMPORTANT.contains(&name))
        || arguments.contains("\"kill\"")
        || surroundings::purpose(file, call.name.start) == Purpose::CleanUp;
    unimportant || is_said(file, call) || is_looked_at_behind(file, call)
}

/// Programs whose failure changes nothing: what shows something on a screen, and what ends something that may have ended.
const UNIMPORTANT: [&str; 27] = [
    "afplay",
    "aplay",
    "clear",
    "cls",
    "explorer",
    "kill",
    "killall",
    "less",
    "more",
    "mpv",
    "notify-send",
    "open",
    "osascript",
    "paplay",
    "play",
    "pkill",
    "reset",
    "say",
    "start",
    "stty",
    "taskkill",
    "tput",
    "true",
    "vlc",
    "xdg-open",
    "wl-copy",
    "xclip",
];

/// Whether a program is started to see whether it is there: alone, or asked for its version.
fn is_probe(file: &FileContext<'_>, call: &Call) -> bool {
    let arguments = calls::arguments(file, call);
    let Some(words) = arguments.first().and_then(|it| it.value.strip_prefix('[')) else {
        return false;
    };
    let mut words =
        words.trim_end_matches(']').split(',').map(|it| it.trim().trim_matches(['"', '\'']));
    let plain = words.next().is_some_and(|it| !it.is_empty());
    plain
        && words
            .filter(|it| !it.is_empty())
            .all(|it| matches!(it, "--version" | "-version" | "-V" | "--help" | "-h"))
        && blocks::headers_around(file, call.name.start).any(|it| it.keyword == Keyword::Try)
}

/// The program that is started, as far as it is written down.
fn program_name<'a>(file: &FileContext<'a>, call: &Call) -> Option<&'a str> {
    let arguments = file.slice(calls::inside(call)).trim_start().trim_start_matches("args=");
    let first = arguments.strip_prefix('[').map_or(arguments, str::trim_start);
    let quote = first.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let text = first[1..].split(quote).next()?;
    let name = text.split([' ', '\n']).next()?.rsplit('/').next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!name.is_empty() && name.len() <= 32 && name.chars().all(plain)).then_some(name)
}

/// Whether a person at a terminal sees what the program says.
fn is_shown(file: &FileContext<'_>, call: &Call) -> bool {
    calls::keyword(file, call, "stdout") == Some("sys.stdout")
        || file.path_inside().split('/').flat_map(words).any(|word| word == "cli")
        || calls::reads_command_line(file)
}

/// Whether nothing that the program says is wanted: its failure may not be, either.
fn is_muted(file: &FileContext<'_>, call: &Call) -> bool {
    let muted =
        |stream| calls::keyword(file, call, stream).is_some_and(|it| last_part(it) == "DEVNULL");
    muted("stdout") && muted("stderr")
}

/// Whether a comment at the call says that failure does not matter.
fn is_said(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(line) = file.outline.line_at(call.name.start) else { return false };
    let lines = &file.outline.lines;
    let index = lines.partition_point(|it| it.span.start < line.span.start);
    let before = index.checked_sub(1).map_or(0, |index| lines[index].span.end);
    let text = file.source.text();
    let rest = &text[line.span.end as usize..];
    let end = line.span.end + rest.find('\n').unwrap_or(rest.len()) as u32;
    file.comments_in(Span::new(before, end)).any(|comment| {
        let comment = comment.to_ascii_lowercase();
        [
            "best effort",
            "best-effort",
            "ignore",
            "may fail",
            "don't care",
            "fail silently",
            "optional",
        ]
        .iter()
        .any(|phrase| comment.contains(phrase))
    })
}

/// Whether the function asks behind the call for what it should have made.
fn is_looked_at_behind(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(function) = file.function_at(call.name.start) else { return false };
    blocks::own_lines(file, function).filter(|line| line.span.start > call.arguments.end).any(
        |line| {
            let text = file.slice(line.span);
            ["exists(", "is_file(", "isfile(", "is_dir(", "isdir(", "getsize(", ".stat("]
                .iter()
                .any(|question| text.contains(question))
        },
    )
}
