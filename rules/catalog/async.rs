//! GENERATED from `rules/async/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../async/blocking_call_in_async.rs"]
mod blocking_call_in_async;
#[path = "../async/dangling_task.rs"]
mod dangling_task;
#[path = "../async/event_loop_re_entered.rs"]
mod event_loop_re_entered;
#[path = "../async/lock_held_across_await.rs"]
mod lock_held_across_await;
#[path = "../async/swallowed_cancellation.rs"]
mod swallowed_cancellation;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, SiteKind, Trigger};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static BLOCKING_CALL_IN_ASYNC: Rule = Rule {
    name: "blocking-call-in-async",
    group: "async",
    area: Area::Code,
    summary: "blocking call stops the event loop",
    fix: "await an asynchronous counterpart, or hand the call to a thread with `asyncio.to_thread`",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Coroutine,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library]),
    triggers: &[Trigger { text: "async", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(blocking_call_in_async::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "ASYNC210", same: true },
        Equivalent { tool: "ruff", code: "ASYNC212", same: true },
        Equivalent { tool: "ruff", code: "ASYNC221", same: true },
        Equivalent { tool: "ruff", code: "ASYNC222", same: true },
        Equivalent { tool: "ruff", code: "ASYNC251", same: true },
        Equivalent { tool: "flake8", code: "ASYNC210", same: true },
        Equivalent { tool: "flake8", code: "ASYNC212", same: true },
        Equivalent { tool: "flake8", code: "ASYNC221", same: true },
        Equivalent { tool: "flake8", code: "ASYNC222", same: true },
        Equivalent { tool: "flake8", code: "ASYNC251", same: true },
        Equivalent { tool: "sonar", code: "S7487", same: true },
        Equivalent { tool: "sonar", code: "S7488", same: true },
        Equivalent { tool: "sonar", code: "S7499", same: true },
        Equivalent { tool: "ruff", code: "ASYNC220", same: false },
        Equivalent { tool: "ruff", code: "ASYNC230", same: false },
        Equivalent { tool: "ruff", code: "ASYNC240", same: false },
        Equivalent { tool: "flake8", code: "ASYNC230", same: false },
        Equivalent { tool: "flake8", code: "ASYNC240", same: false },
        Equivalent { tool: "sonar", code: "S7493", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../async/blocking-call-in-async.toml"),
};

pub(super) static DANGLING_TASK: Rule = Rule {
    name: "dangling-task",
    group: "async",
    area: Area::Code,
    summary: "nothing keeps the task",
    fix: "keep the task in a set until it is done, await it, or start it in an `asyncio.TaskGroup`",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library]),
    triggers: &[
        Trigger { text: "create_task", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "ensure_future", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "async", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(dangling_task::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "RUF006", same: true },
        Equivalent { tool: "sonar", code: "S7502", same: true },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../async/dangling-task.toml"),
};

pub(super) static EVENT_LOOP_RE_ENTERED: Rule = Rule {
    name: "event-loop-re-entered",
    group: "async",
    area: Area::Code,
    summary: "an event loop is started inside of one that runs",
    fix: "await the coroutine; where a synchronous interface must remain, run it in a thread of its own",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Coroutine,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Script]),
    triggers: &[
        Trigger { text: "asyncio", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "anyio", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "trio", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "uvloop", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(event_loop_re_entered::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../async/event-loop-re-entered.toml"),
};

pub(super) static LOCK_HELD_ACROSS_AWAIT: Rule = Rule {
    name: "lock-held-across-await",
    group: "async",
    area: Area::Code,
    summary: "a lock of threads is held across `await`",
    fix: "use `asyncio.Lock` with `async with`, or release the lock before awaiting",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Coroutine,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Test,
        Role::Migration,
        Role::Settings,
    ]),
    triggers: &[
        Trigger { text: "Lock", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "RLock", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "Semaphore", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "BoundedSemaphore", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "Condition", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "FileLock", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "SoftFileLock", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "InterProcessLock", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "lockutils", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(lock_held_across_await::check),
    equivalents: &[],
    tags: &["CWE-833"],
    options: &[],
    source: include_str!("../async/lock-held-across-await.toml"),
};

pub(super) static SWALLOWED_CANCELLATION: Rule = Rule {
    name: "swallowed-cancellation",
    group: "async",
    area: Area::Code,
    summary: "the handler swallows a cancellation, and the task goes on",
    fix: "end the handler with `raise`; clean up in `finally`",
    severity: Severity::Info,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Statement,
    site: SiteKind::Coroutine,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library]),
    triggers: &[
        Trigger { text: "CancelledError", place: Place::Code, word: true, ignore_case: false },
        Trigger {
            text: "get_cancelled_exc_class",
            place: Place::Code,
            word: true,
            ignore_case: false,
        },
    ],
    check: Check::Nodes {
        kinds: &["except_clause"],
        check: swallowed_cancellation::check,
        prefilter: None,
    },
    equivalents: &[
        Equivalent { tool: "sonar", code: "S7497", same: true },
        Equivalent { tool: "flake8", code: "ASYNC103", same: true },
        Equivalent { tool: "flake8", code: "ASYNC104", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../async/swallowed-cancellation.toml"),
};
