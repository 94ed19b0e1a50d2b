//! See `lock-held-across-await.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Definition, DefinitionKind, Keyword, LogicalLine, Span};

use crate::shared::code::coroutines::{self, Loop};
use crate::shared::code::first_party::methods;
use crate::shared::code::{blocks, calls};

/// What a lock does to the tasks of one loop, which are one thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The second task blocks the thread that the first one needs.
    Excludes,
    /// The second task gets it as well: the thread has it already.
    Reentrant,
    /// As the first, but it may be told not to wait, or for how long.
    Limited,
    /// Only other processes are kept out, and waited for.
    BetweenProcesses,
}

/// Locks that block the thread that asks for them. Those of files: <https://py-filelock.readthedocs.io/en/latest/concepts.html>,
/// <https://portalocker.readthedocs.io/en/latest/portalocker.utils.html> (waits for five seconds at most),
/// <https://fasteners.readthedocs.io/en/latest/guide/inter_process/> (`fcntl.lockf`, which a process never refuses itself).
const LOCKS: [(&str, Kind); 17] = [
    ("threading.Lock", Kind::Excludes),
    ("threading.RLock", Kind::Reentrant),
    ("threading.Condition", Kind::Reentrant),
    ("threading.Semaphore", Kind::Excludes),
    ("threading.BoundedSemaphore", Kind::Excludes),
    ("multiprocessing.Lock", Kind::Excludes),
    ("multiprocessing.RLock", Kind::Reentrant),
    ("multiprocessing.Condition", Kind::Reentrant),
    ("multiprocessing.Semaphore", Kind::Excludes),
    ("multiprocessing.BoundedSemaphore", Kind::Excludes),
    ("filelock.FileLock", Kind::Limited),
    ("filelock.SoftFileLock", Kind::Limited),
    ("filelock.UnixFileLock", Kind::Limited),
    ("fasteners.InterProcessLock", Kind::BetweenProcesses),
    ("portalocker.Lock", Kind::BetweenProcesses),
    ("portalocker.RLock", Kind::Reentrant),
    ("oslo_concurrency.lockutils.lock", Kind::Excludes),
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for line in &file.outline.lines {
        if line.keyword != Keyword::With || !file.slice(line.span).starts_with("with") {
            continue;
        }
        let Some(function) = coroutines::coroutine_at(file, line.span.start) else { continue };
        let Some(held) = held(file, line) else { continue };
        let Some(awaits) = first_await(file, line) else { continue };
        let at = file.source.lines().line(awaits);
        let limit = if held.kind == Kind::Excludes { Limit::None } else { held.limit(file) };
        if limit == Limit::Never && !file.pedantic() {
            continue;
        }
        let harm = match (held.kind, limit) {
            (Kind::Reentrant, _) => {
                "it keeps no other task out, as all tasks of a loop are one thread".to_owned()
            }
            (Kind::BetweenProcesses, _) => {
                "another process that wants it stops its loop meanwhile".to_owned()
            }
            (_, Limit::Seconds(limit)) => {
                format!("whoever else wants it stops the loop for `{limit}` seconds, in vain")
            }
            _ if !file.pedantic() && is_alone(file, function) => {
                "another thread that wants it waits as long".to_owned()
            }
            _ => "the loop can deadlock".to_owned(),
        };
        let (written, lock) = (held.written, held.lock);
        let message = format!("`{written}`, a `{lock}`, is held while line {at} awaits: {harm}");
        out.report(Report::at(header(file, line)).message(message));
    }
}

/// Whether no second task can come: the loop runs this one coroutine, or it runs once when all begins.
fn is_alone(file: &FileContext<'_>, function: &Definition) -> bool {
    let begins = matches!(file.slice(function.name), "init" | "setup" | "start" | "startup");
    let is_only = coroutines::has_own_loop(file, function) && !coroutines::starts_tasks(file);
    is_only || begins || coroutines::shares_loop(file, function) == Loop::Alone
}

/// The lock that a `with` holds, and how it is written.
struct Held<'a> {
    written: &'a str,
    lock: &'static str,
    kind: Kind,
    /// The call that makes it, where it stands in the header.
    call: Option<&'a Call>,
}

/// How long a lock is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Limit<'a> {
    None,
    Never,
    Seconds(&'a str),
}

impl<'a> Held<'a> {
    /// What the call that makes the lock says of waiting: `timeout=5`, `blocking=False`, or the second argument.
    fn limit(&self, file: &FileContext<'a>) -> Limit<'a> {
        let values = file.values();
        let made = || values.bindings(self.written).iter().find_map(|it| values.call_at(it.value?));
        let Some(call) = self.call.or_else(made) else { return Limit::None };
        let arguments = calls::arguments(file, call);
        let named = |name: &str| arguments.iter().find(|it| it.keyword == Some(name));
        let second = arguments.get(1).filter(|it| it.keyword.is_none());
        match named("timeout").or(second).map(|it| it.value) {
            _ if named("blocking").is_some_and(|it| it.value == "False") => Limit::Never,
            Some("0" | "0.0") => Limit::Never,
            None | Some("-1" | "None") => Limit::None,
            Some(other) => Limit::Seconds(other),
        }
    }
}

/// The header alone, without what may follow its colon.
fn header(file: &FileContext<'_>, line: &LogicalLine) -> Span {
    let text = file.slice(line.span);
    let end = text.find(":\n").map_or(text.len(), |at| at + 1);
    Span::new(line.span.start, line.span.start + end as u32)
}

/// The first lock among what a `with` holds.
fn held<'a>(file: &FileContext<'a>, line: &LogicalLine) -> Option<Held<'a>> {
    let text = file.slice(line.span).strip_prefix("with")?;
    let text = text.trim_start_matches([' ', '\t', '(', '\n']);
    let base = line.span.end - text.len() as u32;
    let mut start = 0;
    for part in text.split([',', ':']) {
        let item = part.split(" as ").next().unwrap_or_default();
        let begin = item.len() - item.trim_start().len();
        let name: &str = item.trim();
        let name = &name[..name
            .find(|it: char| !it.is_alphanumeric() && !matches!(it, '_' | '.'))
            .unwrap_or(name.len())];
        let is_called = item.trim()[name.len()..].trim_start().starts_with('(');
        let at = base + (start + begin) as u32;
        let calls = &file.outline.calls;
        let index = calls.binary_search_by_key(&at, |call| call.name.start).ok();
        let call = index.map(|index| &calls[index]).filter(|_| is_called);
        let origin = if is_called {
            call.and_then(|call| file.called(call))
        } else if name.is_empty() || item.trim().len() != name.len() {
            None
        } else {
            file.origin(name, at)
        };
        let lock = origin.and_then(|origin| LOCKS.into_iter().find(|it| it.0 == origin));
        if let Some((lock, kind)) = lock {
            return Some(Held { written: name, lock, kind, call });
        }
        start += part.len() + 1;
    }
    None
}

/// Where the block of a `with` first gives the loop away.
fn first_await(file: &FileContext<'_>, with: &LogicalLine) -> Option<u32> {
    let block = blocks::block_of(file, with);
    let lines = &file.outline.lines;
    let first = lines.partition_point(|line| line.span.start <= with.span.start);
    let inside = lines[first..].iter().take_while(|line| block.contains(line.span.start));
    inside
        .filter(|line| line.scope == with.scope)
        .find(|line| coroutines::awaits(file, line) && !returns_at_once(file, line))
        .map(|line| line.span.start)
}

/// Whether all that a line awaits is coroutines of the same file that await nothing themselves: those give no loop away.
fn returns_at_once(file: &FileContext<'_>, line: &LogicalLine) -> bool {
    line.keyword != Keyword::With
        && line.keyword != Keyword::For
        && coroutines::word_offsets(file, line.span, "await").all(|at| {
            let awaited = file.source.text()[at as usize + "await".len()..].trim_start();
            let end = awaited.find(|it: char| !it.is_alphanumeric() && !matches!(it, '_' | '.'));
            let name = &awaited[..end.unwrap_or(awaited.len())];
            let class = file.outline.enclosing(at).find(|it| it.is_class());
            let own = match (name.strip_prefix("self."), class) {
                (Some(name), Some(class)) => {
                    methods(file.outline, class).find(|it| file.slice(it.name) == name)
                }
                _ => file
                    .outline
                    .definitions
                    .iter()
                    .find(|it| it.parent.is_none() && file.slice(it.name) == name),
            };
            own.is_some_and(|own| own.kind == DefinitionKind::AsyncFunction && !waits(file, own))
        })
}

/// Whether a line in the body of a coroutine may give the loop away.
fn waits(file: &FileContext<'_>, coroutine: &Definition) -> bool {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|line| line.span.start < coroutine.body.start);
    let mut body =
        lines[first..].iter().take_while(|line| coroutine.body.contains(line.span.start));
    body.any(|line| coroutines::awaits(file, line))
}
