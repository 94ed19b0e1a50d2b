//! See `shell-from-variable.toml`. Follows names through the bindings of one function and its module; knows no types but
//! annotations, and no callers.

use roadworthy_engine::{Binding, FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, Span};
use roadworthy_project::Role;

use crate::shared::code::arguments::{at, value_of};
use crate::shared::code::names::{Used, names_in};
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{blocks, calls, choice};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        let Some(command) = command_of(file, call) else { continue };
        out.judged();
        let Some((source, name)) = worst(file, call, command) else { continue };
        let by_hand = matches!(file.role, Role::Script | Role::Cli);
        let level = match source {
            _ if file.pedantic() => Severity::Warning,
            Source::Request => Severity::Warning,
            Source::Foreign if !by_hand => Severity::Info,
            // A function that is there to run a command, what the program has itself, and what the user of a script gives.
            _ => continue,
        };
        let message = match source {
            Source::Passed => format!("a shell runs `{name}` as the caller gives it"),
            Source::Request => {
                format!("a shell runs a command made of `{name}`, whatever a client sends")
            }
            _ => format!(
                "a shell runs a command made of `{name}`: a space or `;` in it changes what runs"
            ),
        };
        out.report(Report::at(command).message(message).severity(level));
    }
}

/// What a shell is given, where a call starts one.
fn command_of(file: &FileContext<'_>, call: &Call) -> Option<Span> {
    const WITH_SHELL: [&str; 5] = ["run", "call", "check_call", "check_output", "Popen"];
    let written = calls::written(file, call);
    let last = last_part(&written);
    let plausible = WITH_SHELL.contains(&last)
        || matches!(
            last,
            "system" | "popen" | "getoutput" | "getstatusoutput" | "create_subprocess_shell"
        );
    if !plausible {
        return None;
    }
    let arguments = calls::arguments(file, call);
    let asks = || arguments.iter().any(|it| it.keyword == Some("shell") && it.value == "True");
    if WITH_SHELL.contains(&last) && !asks() {
        return None;
    }
    let called = calls::callee(file, call)?;
    let known = match called.rsplit_once('.')? {
        ("subprocess", name) => {
            WITH_SHELL.contains(&name) || matches!(name, "getoutput" | "getstatusoutput")
        }
        ("os", name) => matches!(name, "system" | "popen"),
        ("asyncio" | "asyncio.subprocess", name) => name == "create_subprocess_shell",
        _ => false,
    };
    let command = value_of(&arguments, 0, &["args", "cmd", "command"])?;
    // Of a list, a shell runs the first item only: another fault.
    (known && !command.starts_with('[')).then(|| at(file, command))
}

/// Where a part of a command comes from, from harmless to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// The caller gives the whole command: the function is there for it.
    Passed,
    /// The program's own: an attribute, a setting, what a function gives.
    Own,
    /// A parameter of the function, or made of one.
    Foreign,
    /// What a client sends.
    Request,
}

/// The worst part of a command; `None` where all are constants, numbers or quoted.
fn worst<'a>(file: &FileContext<'a>, call: &Call, command: Span) -> Option<(Source, &'a str)> {
    let offset = call.name.start;
    let text = file.slice(command);
    if text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
        && parameter(file, text, offset).is_some()
        && !is_bound_before(file, text, offset)
    {
        return Some((Source::Passed, text));
    }
    let mut judge = Judge { file, steps: 0 };
    let found = judge.of_range(command, offset, 0)?;
    let quotes = || {
        let range = file.function_at(offset).map_or(command, |function| function.span);
        let text = file.slice(range);
        ["quote(", "shlex.join", "list2cmdline", "escape("].iter().any(|it| text.contains(it))
    };
    let quiet = found.0 == Source::Own && quotes() || choice::is_chosen(file, offset);
    (file.pedantic() || !quiet).then_some(found)
}

/// Follows names to what they are made of.
struct Judge<'f, 'a> {
    file: &'f FileContext<'a>,
    /// How many names were looked at: a command of many parts is given up.
    steps: u32,
}

/// How many names, and how deep, are followed.
const MOST_STEPS: u32 = 200;
const DEEPEST: u32 = 8;

/// Methods of texts that give parts of them.
const PARTING: [&str; 7] =
    ["lstrip", "partition", "rpartition", "rsplit", "rstrip", "split", "splitlines"];

impl<'a> Judge<'_, 'a> {
    fn of_range(&mut self, range: Span, offset: u32, depth: u32) -> Option<(Source, &'a str)> {
        let used = names_in(self.file, range, is_transparent);
        let mut worst = None;
        for name in used {
            let found = self.of_name(name, offset, depth).map(|source| (source, name.name));
            if found.map(|it| it.0) > worst.map(|it: (Source, &str)| it.0) {
                worst = found;
            }
        }
        worst
    }

    fn of_name(&mut self, used: Used<'a>, offset: u32, depth: u32) -> Option<Source> {
        self.steps += 1;
        if self.steps > MOST_STEPS || depth > DEEPEST {
            return Some(Source::Own);
        }
        if used.called
            && let Some((object, "format" | "strip" | "replace" | "lower")) =
                used.name.rsplit_once('.')
        {
            return self.of_name(Used { name: object, called: false, ..used }, offset, depth);
        }
        // A part of what a client sends is what a client sends.
        if used.called
            && let Some((object, method)) = used.name.rsplit_once('.')
            && PARTING.contains(&method)
            && !object.contains('.')
            && self.of_name(Used { name: object, called: false, ..used }, offset, depth)
                == Some(Source::Request)
        {
            return Some(Source::Request);
        }
        // What was put there when the program started.
        if used.name == "request.app" || used.name.starts_with("request.app.") {
            return Some(Source::Own);
        }
        if used.name.starts_with("request.") {
            return Some(Source::Request);
        }
        if used.called {
            return (!is_transparent(used.name) && !is_harmless_call(used.name))
                .then_some(Source::Own);
        }
        if is_own_constant(used.name) {
            return None;
        }
        let (first, rest) = used.name.split_once('.').unwrap_or((used.name, ""));
        if matches!(first, "self" | "cls") {
            return (!self.is_class_constant(used.name, rest)).then_some(Source::Own);
        }
        let scope = self.file.outline.line_at(offset).and_then(|line| line.scope);
        let bindings = self.file.values().bindings(first);
        let local = |it: &&Binding| it.scope == scope && scope.is_some() && it.at < offset;
        let mut before = bindings.iter().filter(local).rev();
        if let Some(binding) = before.next() {
            let last = self.of_binding(binding, depth);
            // Where one branch binds something else, the others keep what a client sent.
            let in_branch = |it: &Binding| is_in_branch(self.file, it.at, offset);
            let keeps = in_branch(binding)
                && before
                    .find(|it| !in_branch(it))
                    .is_some_and(|it| self.of_binding(it, depth) == Some(Source::Request));
            return if keeps { Some(Source::Request) } else { last };
        }
        if let Some(annotation) = parameter(self.file, first, offset) {
            return if is_number(annotation) { None } else { Some(Source::Foreign) };
        }
        let of_module: Vec<Binding> =
            bindings.iter().filter(|it| it.scope.is_none()).copied().collect();
        if of_module.is_empty() || !rest.is_empty() {
            return Some(Source::Own);
        }
        let sources = of_module.iter().map(|it| self.of_binding(it, depth));
        sources.max().flatten()
    }

    /// Whether an attribute is a literal of the class that no method changes.
    fn is_class_constant(&self, name: &str, attribute: &str) -> bool {
        let values = self.file.values();
        let mut bindings = values.bindings(attribute).iter();
        let literal = |value: Span| names_in(self.file, value, is_transparent).is_empty();
        values.bindings(name).is_empty()
            && !values.bindings(attribute).is_empty()
            && bindings.all(|it| it.scope.is_some() && it.value.is_some_and(literal))
    }

    fn of_binding(&mut self, binding: &Binding, depth: u32) -> Option<Source> {
        if let Some(annotation) = binding.annotation
            && is_number(self.file.slice(annotation))
        {
            return None;
        }
        if let Some(value) = binding.value {
            if self.file.slice(value).contains("quote(") {
                return None;
            }
            return self.of_range(value, binding.at, depth + 1).map(|it| it.0);
        }
        // `for name in ("a", "b"):`
        let line = self.file.outline.line_at(binding.at)?;
        let text = self.file.slice(line.span);
        match text.find(" in ").filter(|_| text.starts_with("for ")) {
            Some(within) => {
                let range = Span::new(line.span.start + within as u32 + 4, line.span.end);
                self.of_range(range, binding.at, depth + 1).map(|it| it.0)
            }
            None => Some(Source::Own),
        }
    }
}

/// Whether a place stands under an `if` that has no other branch and does not hold `offset`.
fn is_in_branch(file: &FileContext<'_>, place: u32, offset: u32) -> bool {
    let Some(header) = blocks::headers_around(file, place).next() else { return false };
    let block = blocks::block_of(file, header);
    let lines = &file.outline.lines;
    let behind = lines.partition_point(|it| it.span.start < block.end);
    let other = lines.get(behind).is_some_and(|it| {
        it.indent == header.indent && matches!(it.keyword, Keyword::Elif | Keyword::Else)
    });
    header.keyword == Keyword::If && !other && offset >= block.end
}

/// Calls whose result is what they are given.
fn is_transparent(name: &str) -> bool {
    matches!(
        name,
        "str"
            | "format"
            | "os.path.join"
            | "os.path.abspath"
            | "os.fspath"
            | "Path"
            | "list"
            | "sorted"
            | "tuple"
            | "map"
            | "pathlib.Path"
    ) || matches!(last_part(name), "format" | "replace")
}

/// Calls whose result a shell takes for one word: quoted, or a number.
fn is_harmless_call(name: &str) -> bool {
    let last = last_part(name);
    matches!(
        last,
        "int" | "len" | "round" | "float" | "getpid" | "time" | "uuid4" | "range" | "bool"
    ) || words(last).iter().any(|word| {
        matches!(word.as_str(), "quote" | "quoted" | "escape" | "escaped" | "list2cmdline")
    }) || name == "shlex.join"
}

/// What names things of the interpreter or of the machine.
fn is_own_constant(name: &str) -> bool {
    matches!(
        name,
        "sys.executable" | "os.sep" | "os.pathsep" | "os.linesep" | "__file__" | "__name__"
    ) || matches!(last_part(name), "pid" | "port" | "returncode")
}

fn is_number(annotation: &str) -> bool {
    annotation.split('|').all(|part| {
        matches!(
            part.trim(),
            "int" | "float" | "bool" | "None" | "Optional[int]" | "UUID" | "uuid.UUID"
        ) || part.trim().starts_with("Literal[")
    })
}

/// The annotation of a parameter of the functions around an offset, empty without one.
fn parameter<'a>(file: &FileContext<'a>, name: &str, offset: u32) -> Option<&'a str> {
    let functions = file.outline.enclosing(offset).filter(|it| it.is_function());
    let mut parameters =
        functions.flat_map(|it: &Definition| file.outline.signature(it).parameters);
    let found = parameters.find(|it| file.slice(it.name) == name)?;
    Some(found.annotation.map_or("", |annotation| file.slice(annotation).trim()))
}

fn is_bound_before(file: &FileContext<'_>, name: &str, offset: u32) -> bool {
    let scope = file.outline.line_at(offset).and_then(|line| line.scope);
    file.values().bindings(name).iter().any(|it| it.scope == scope && it.at < offset)
}
