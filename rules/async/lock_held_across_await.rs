//! See `lock-held-across-await.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Keyword, LogicalLine, Span};

use crate::shared::code::{blocks, coroutines};

/// Locks that block the thread that asks for them.
const LOCKS: [&str; 17] = [
    "threading.Lock",
    "threading.RLock",
    "threading.Condition",
    "threading.Semaphore",
    "threading.BoundedSemaphore",
    "multiprocessing.Lock",
    "multiprocessing.RLock",
    "multiprocessing.Condition",
    "multiprocessing.Semaphore",
    "multiprocessing.BoundedSemaphore",
    "filelock.FileLock",
    "filelock.SoftFileLock",
    "filelock.UnixFileLock",
    "fasteners.InterProcessLock",
    "portalocker.Lock",
    "portalocker.RLock",
    "oslo_concurrency.lockutils.lock",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for line in &file.outline.lines {
        if line.keyword != Keyword::With || !file.slice(line.span).starts_with("with") {
            continue;
        }
        if coroutines::coroutine_at(file, line.span.start).is_none() {
            continue;
        }
        let Some((written, lock)) = held(file, line) else { continue };
        let Some(awaits) = first_await(file, line) else { continue };
        let at = file.source.lines().line(awaits);
        let message = format!(
            "`{written}`, a `{lock}`, is held while line {at} awaits: the loop can deadlock"
        );
        out.report(Report::at(header(file, line)).message(message));
    }
}

/// The header alone, without what may follow its colon.
fn header(file: &FileContext<'_>, line: &LogicalLine) -> Span {
    let text = file.slice(line.span);
    let end = text.find(":\n").map_or(text.len(), |at| at + 1);
    Span::new(line.span.start, line.span.start + end as u32)
}

/// What a `with` holds, as written, and the lock that it is.
fn held<'a>(file: &FileContext<'a>, line: &LogicalLine) -> Option<(&'a str, &'static str)> {
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
        let origin = if is_called {
            let calls = &file.outline.calls;
            let index = calls.binary_search_by_key(&at, |call| call.name.start).ok();
            index.and_then(|index| file.called(&calls[index]))
        } else if name.is_empty() || item.trim().len() != name.len() {
            None
        } else {
            file.origin(name, at)
        };
        let lock = origin.and_then(|origin| LOCKS.into_iter().find(|it| *it == origin));
        if let Some(lock) = lock {
            return Some((name, lock));
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
        .find(|line| coroutines::awaits(file, line))
        .map(|line| line.span.start)
}
