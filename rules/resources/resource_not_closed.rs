//! See `resource-not-closed.toml`. Knows what is opened into a local name and what the function does with it, not what
//! other functions do.

use std::borrow::Cow;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, LogicalLine, Span};

use crate::shared::code::words::last_part;
use crate::shared::code::{blocks, calls};
use crate::shared::fixes::indents::indented;
use crate::shared::resources::openers::{self, Opener};
use crate::shared::resources::uses::{Place, Use, innermost_call, uses};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        if !openers::is_plausible(last_part(&calls::written(file, call))) {
            continue;
        }
        out.judged_if(|| file.called(call).is_some_and(|it| openers::opener(&it).is_some()));
        if let Some(report) = dropped(file, call) {
            out.report(report);
            continue;
        }
        let Some(held) = Held::read(file, call) else { continue };
        let Some(judged) = held.judge(file) else { continue };
        let (name, what) = (held.name, &held.opener.what);
        let message: Cow<'static, str> = match judged {
            Judged::Never => format!("nothing closes the {what} `{name}`").into(),
            Judged::Returns => format!(
                "the {what} `{name}` stays open where the function returns before it is closed"
            )
            .into(),
            Judged::Fails => {
                format!("the {what} `{name}` stays open when what follows fails").into()
            }
        };
        let report = Report::at(calls::span(call)).message(message);
        out.report(match held.fix(file) {
            Some(fix) => report.fix(fix),
            None => report,
        });
    }
}

/// A file that has no name: `open(path, "w").write(text)`, `json.dump(data, open(path, "w"))`. `CPython` closes it at once,
/// unless an exception holds it, nobody else does. What is only read so loses nothing.
fn dropped(file: &FileContext<'_>, call: &Call) -> Option<Report> {
    if calls::written(file, call) != "open" || calls::callee(file, call)? != "open" {
        return None;
    }
    let function = file.function_at(call.name.start)?;
    if !function.body.contains(call.name.start) {
        return None;
    }
    let behind = &file.source.text()[call.arguments.end as usize..];
    let attached = |methods: &[&str]| {
        let behind = behind.trim_start().strip_prefix('.');
        methods.iter().any(|it| behind.is_some_and(|behind| behind.starts_with(it)))
    };
    let line = file.outline.line_at(call.name.start)?;
    let handed = |names: &[&str]| {
        innermost_call(file, line, call.name.start).is_some_and(|outer| {
            let whole = calls::argument_spans(file, outer).contains(&calls::span(call));
            let written = calls::written(file, outer);
            whole && names.contains(&last_part(&written))
        })
    };
    let written = attached(&["write(", "writelines("]) || handed(&WRITING);
    let read = || attached(&["read(", "readlines(", "readline("]) || handed(&READING);
    (written || file.pedantic() && read()).then(|| {
        let message = "nothing closes the file but the interpreter, when it comes to that";
        Report::at(calls::span(call)).message(message).severity(Severity::Info)
    })
}

/// Calls that write to a file that they are handed.
const WRITING: [&str; 2] = ["dump", "safe_dump"];

/// Calls that read all of one.
const READING: [&str; 5] = ["full_load", "len", "list", "load", "safe_load"];

/// Something open under a local name.
struct Held<'o> {
    opener: &'static Opener,
    call: &'o Call,
    name: &'o str,
    line: &'o LogicalLine,
    function: &'o Definition,
    places: Vec<Place>,
}

/// How something is left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    /// Nothing closes it.
    Never,
    /// One way out of the function does not.
    Returns,
    /// It is closed only where nothing fails.
    Fails,
}

impl<'o> Held<'o> {
    /// `name = open(...)` in a function, under a name that nothing else is bound to.
    fn read(file: &FileContext<'o>, call: &'o Call) -> Option<Self> {
        let outline = file.outline;
        let line = outline.line_at(call.name.start).filter(|it| it.keyword == Keyword::Other)?;
        if line.span.end != call.arguments.end {
            return None;
        }
        let before = file.slice(Span::new(line.span.start, call.name.start)).trim_end();
        let before = before.strip_suffix("await").unwrap_or(before).trim_end();
        let target = before.strip_suffix('=')?.split(':').next()?.trim();
        let is_name = !target.is_empty() && target.chars().all(|c| c.is_alphanumeric() || c == '_');
        let function = line.scope.map(|id| outline.definition(id)).filter(|it| it.is_function())?;
        if !is_name || is_shared(file, function, target) {
            return None;
        }
        let opener = openers::opener(&file.called(call)?)?;
        let bound = file.values().bindings(target).iter().filter(|it| it.scope == line.scope);
        let others = bound.filter(|it| it.at != line.span.start);
        let is_nothing = |it: &roadworthy_engine::Binding| {
            it.value.is_some_and(|value| file.slice(value) == "None")
        };
        if !others.into_iter().all(is_nothing) {
            return None;
        }
        if lies_in_memory(file, call) {
            return None;
        }
        let places = uses(file, function, target, line.span.end, opener)?;
        Some(Self { opener, call, name: target, line, function, places })
    }

    /// How it is left open; `None` where it is closed, or somebody else may do that.
    fn judge(&self, file: &FileContext<'_>) -> Option<Judged> {
        if self.places.iter().any(|it| it.used == Use::Elsewhere) {
            return None;
        }
        let closes: Vec<u32> =
            self.places.iter().filter(|it| it.used == Use::Close).map(|it| it.offset).collect();
        let Some(&first) = closes.first() else { return Some(Judged::Never) };
        let stands_in = |keyword: Keyword| {
            closes.iter().any(|&close| {
                blocks::headers_around(file, close).any(|header| header.keyword == keyword)
            })
        };
        // A handler that closes stands for all that may fail.
        if stands_in(Keyword::Finally) || closes.len() > 1 && stands_in(Keyword::Except) {
            return None;
        }
        if self.returns_before(file, first) {
            return Some(Judged::Returns);
        }
        let between = Span::new(self.line.span.end, first);
        let calls = file.outline.calls.iter().filter(|it| between.contains(it.name.start));
        (calls.count() > 0).then_some(Judged::Fails)
    }

    /// Whether the function returns between opening and the first closing, but for where there is nothing to close.
    fn returns_before(&self, file: &FileContext<'_>, close: u32) -> bool {
        blocks::own_lines(file, self.function).any(|line| {
            let between = line.span.start > self.line.span.end && line.span.start < close;
            if !between || line.keyword != Keyword::Return {
                return false;
            }
            // A branch beside the one that closes, or a handler of the opening itself, or one that asks for it.
            let mut headers = blocks::headers_around(file, line.span.start);
            headers.all(|header| {
                header.span.start < self.line.span.start
                    || !(matches!(header.keyword, Keyword::Except | Keyword::Else)
                        || asks_for(file.slice(header.span), self.name))
            }) && line.indent >= self.line.indent
        })
    }

    /// The statement that closes it, around what uses it.
    fn fix(&self, file: &FileContext<'_>) -> Option<Fix> {
        if self.opener.statement.is_empty() {
            return None;
        }
        let last = self.places.last()?.offset;
        let lines = &file.outline.lines;
        let first = lines.partition_point(|it| it.span.start <= self.line.span.start);
        let behind = &lines[first..];
        let used = behind.partition_point(|it| it.span.start <= last);
        let rest = behind[used..].iter().position(|it| {
            it.indent <= self.line.indent
                && !(it.keyword.continues_statement() && it.indent == self.line.indent)
        });
        let body = &behind[..rest.map_or(behind.len(), |rest| used + rest)];
        let within = |it: &LogicalLine| {
            it.indent >= self.line.indent && it.span.end <= self.function.body.end
        };
        if body.is_empty() || !body.iter().all(within) {
            return None;
        }
        let closing = |it: &LogicalLine| {
            let text = file.slice(it.span);
            let text = text.strip_prefix("await ").unwrap_or(text);
            self.opener.closers.iter().any(|closer| {
                text.strip_prefix(self.name).and_then(|it| it.strip_prefix('.'))
                    == Some(&*format!("{closer}()"))
            })
        };
        let (closes, others): (Vec<&LogicalLine>, Vec<&LogicalLine>) =
            body.iter().partition(|it| closing(it));
        if others.is_empty() || closes.iter().any(|it| it.indent != self.line.indent) {
            return None;
        }
        let text = file.source.text();
        let line_start = |at: u32| text[..at as usize].rfind('\n').map_or(0, |at| at as u32 + 1);
        let line_end = |at: u32| {
            text[at as usize..].find('\n').map_or(text.len() as u32, |n| at + n as u32 + 1)
        };
        let start = line_end(self.line.span.end);
        let mut edits = indented(file, Span::new(start, body.last()?.span.end))?;
        for close in closes {
            let gone = Span::new(line_start(close.span.start), line_end(close.span.end));
            if !text[close.span.end as usize..gone.end as usize].trim().is_empty() {
                return None;
            }
            edits.retain(|edit| !gone.contains(edit.span.start));
            edits.push(Edit::delete(gone));
        }
        let opened = file.slice(calls::span(self.call));
        let (name, statement) = (self.name, &self.opener.statement);
        edits.push(Edit { span: self.line.span, text: format!("{statement} {opened} as {name}:") });
        Some(Fix::to_look_at(edits))
    }
}

/// `ZipFile(BytesIO(data))`: it holds memory, which goes with the name.
fn lies_in_memory(file: &FileContext<'_>, call: &Call) -> bool {
    calls::arguments(file, call).iter().any(|it| {
        let name = it.value.split('(').next().unwrap_or_default();
        matches!(last_part(name), "BytesIO" | "StringIO")
            || file
                .origin(name, call.name.start)
                .is_some_and(|it| matches!(&*it, "io.BytesIO" | "io.StringIO"))
    })
}

/// `if not name:`, `if name is None:`
fn asks_for(header: &str, name: &str) -> bool {
    header.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name)
}

/// Whether a function says `global` or `nonlocal` of a name.
fn is_shared(file: &FileContext<'_>, function: &Definition, name: &str) -> bool {
    blocks::own_lines(file, function).any(|line| {
        matches!(line.keyword, Keyword::Global | Keyword::Nonlocal)
            && asks_for(file.slice(line.span), name)
    })
}
