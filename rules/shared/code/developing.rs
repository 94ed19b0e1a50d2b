//! What runs only where the program is developed: branches, and modules that stand in for something. Knows names and conditions, no
//! rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Keyword, LogicalLine};
use roadworthy_project::Role;

use crate::shared::code::blocks;
use crate::shared::code::words::{last_part, words};

/// Whether the branch around runs only where the program is developed: `if settings.DEBUG:`, `if not settings.PRODUCTION:`,
/// `if is_local_host():`, `if HOST == "local":`.
pub(crate) fn is_of_developers(file: &FileContext<'_>, offset: u32) -> bool {
    blocks::headers_around(file, offset).any(|it| {
        matches!(it.keyword, Keyword::If | Keyword::Elif)
            && blocks::block_of(file, it).contains(offset)
            && says_so(file.slice(it.span))
    }) || is_behind_guard(file, offset)
}

/// Whether a branch above leaves the function wherever the program is not developed: `if not settings.DEBUG: raise Refused`.
fn is_behind_guard(file: &FileContext<'_>, offset: u32) -> bool {
    let lines = &file.outline.lines;
    let after = lines.partition_point(|line| line.span.start <= offset);
    let Some((own, above)) = lines[..after].split_last() else { return false };
    let leaves = |header: &LogicalLine| {
        let block = blocks::block_of(file, header);
        let is_inside =
            |it: &&LogicalLine| block.contains(it.span.start) && it.span.start > header.span.start;
        let mut inside = above.iter().filter(is_inside).peekable();
        let depth = inside.peek().map(|it| it.indent);
        inside.any(|it| {
            Some(it.indent) == depth && matches!(it.keyword, Keyword::Raise | Keyword::Return)
        })
    };
    let mut limit = own.indent;
    let mut around = above.iter().rev().take_while(|line| line.scope >= own.scope);
    own.scope.is_some()
        && around.any(|line| {
            if line.scope != own.scope || line.indent > limit {
                return false;
            }
            limit = line.indent;
            line.keyword == Keyword::If
                && refuses_elsewhere(file.slice(line.span))
                && !blocks::block_of(file, line).contains(offset)
                && leaves(line)
        })
}

/// Whether a condition is that the program is not developed: `if not settings.DEBUG:`.
fn refuses_elsewhere(header: &str) -> bool {
    let text = header.split_once(char::is_whitespace).map_or("", |it| it.1);
    text.trim_end_matches(':').split(" or ").map(str::trim).any(|it| {
        let name = it.strip_prefix("not ").map(str::trim);
        name.is_some_and(|it| !it.contains(' ') && says_so(&format!("if {it}:")))
    })
}

/// Whether the branch around is taken only for those who ask from the same machine: `if request.META["REMOTE_ADDR"] ==
/// "127.0.0.1":`. Behind a proxy that may be everybody.
pub(crate) fn is_for_local_callers(file: &FileContext<'_>, offset: u32) -> bool {
    blocks::headers_around(file, offset).any(|it| {
        matches!(it.keyword, Keyword::If | Keyword::Elif)
            && blocks::block_of(file, it).contains(offset)
            && asks_for_local(file.slice(it.span))
    })
}

/// Whether a condition compares the address of somebody with that of the same machine.
fn asks_for_local(header: &str) -> bool {
    let text = header.split_once(char::is_whitespace).map_or("", |it| it.1);
    let Some((name, value)) = text.trim_end_matches(':').split_once(" == ") else { return false };
    let value = value.trim().trim_matches(['"', '\'']);
    let is_address = |it: &String| matches!(it.as_str(), "addr" | "address" | "ip" | "remote");
    let is_plain = !name.trim_start().starts_with("not ") && !name.contains(" or ");
    is_plain
        && matches!(value, "127.0.0.1" | "::1")
        && words(&name.to_ascii_lowercase()).iter().any(is_address)
}

/// Whether a condition holds only where the program is developed.
fn says_so(header: &str) -> bool {
    const LOCAL: [&str; 5] = ["local", "localhost", "dev", "development", "127.0.0.1"];
    let text = header.split_once(char::is_whitespace).map_or("", |it| it.1);
    text.trim_end_matches(':').split(" and ").map(str::trim).any(|it| {
        let (negated, name) = it.strip_prefix("not ").map_or((false, it), |it| (true, it));
        let is_place = |name: &str| {
            let name = last_part(name.trim().trim_end_matches(".lower()")).to_ascii_lowercase();
            words(&name).iter().any(|it| {
                matches!(
                    it.as_str(),
                    "env" | "environment" | "host" | "hostname" | "stage" | "mode"
                )
            })
        };
        let is_local = |value: &str, more: &[&str]| {
            let text = value.trim_matches(['"', '\'']);
            text.len() + 2 == value.len() && (LOCAL.contains(&text) || more.contains(&text))
        };
        if let Some((name, value)) = name.split_once("==") {
            return !negated && is_place(name) && is_local(value.trim(), &[]);
        }
        if let Some((name, values)) = name.split_once(" in ") {
            let inside = values.trim().trim_start_matches(['(', '[', '{']);
            let inside = inside.trim_end_matches([')', ']', '}']).trim_end_matches(',');
            let mut values = inside.split(',').map(str::trim);
            let is_tried = |it| is_local(it, &["ci", "test", "testing", "tests"]);
            let is_left_out = name.trim_end().ends_with(" not");
            return !negated && !is_left_out && is_place(name) && values.all(is_tried);
        }
        let name = name.trim().trim_end_matches("()");
        let name = last_part(name).to_ascii_uppercase();
        match name.as_str() {
            "PRODUCTION" | "IS_PRODUCTION" | "PROD" | "IS_PROD" => negated,
            "DEBUG" | "IS_DEBUG" | "DEVELOPMENT" | "IS_DEVELOPMENT" | "IS_DEV" | "LOCAL"
            | "IS_LOCAL" | "IS_LOCAL_HOST" | "IS_LOCALHOST" | "LOCAL_DEV" | "LOCAL_DEVELOPMENT"
            | "IS_TESTING" | "RUNNING_FTEST" | "RUNNING_TESTS" | "TESTING" | "UNDER_TEST" => {
                !negated
            }
            _ => false,
        }
    })
}

/// Whether a module stands in for a device, a service or those who use one, while somebody tries the rest: by the begin of its
/// name, by a word of its path for simulators, or by the title of its application.
pub(crate) fn stands_in(file: &FileContext<'_>) -> bool {
    matches!(file.role, Role::Application | Role::Library)
        && (is_named_so(file.path_inside()) || has_title(file.source.text()))
}

fn is_named_so(path: &str) -> bool {
    const BEGINS: [&str; 6] = ["mock", "mocks", "fake", "fakes", "dummy", "dummies"];
    /// What is tried or faked there is what the product is about.
    const SUBJECTS: [&str; 13] = [
        "account",
        "accounts",
        "detection",
        "detector",
        "exam",
        "exams",
        "generator",
        "interview",
        "interviews",
        "news",
        "quiz",
        "review",
        "trading",
    ];
    let path = path.trim_end_matches(".py");
    let (folders, stem) = path.rsplit_once('/').unwrap_or(("", path));
    let all = words(stem);
    let is_subject = all.iter().any(|it| SUBJECTS.contains(&it.as_str()));
    let begins = all.len() > 1 && BEGINS.contains(&all[0].as_str());
    let holds = all.iter().skip(1).any(|it| matches!(it.as_str(), "mock" | "mocks"));
    let is_simulator = |it: &str| {
        let all = words(it);
        let ends = all.len() > 1 && all.last().is_some_and(|it| it == "sim");
        ends || all.len() > 1 && all.iter().any(|it| it == "simulator")
            || it.contains("_sim_standalone")
    };
    !is_subject && (begins || holds) || folders.split('/').chain([stem]).any(is_simulator)
}

/// `FastAPI(title="Dummy Consumer")`
fn has_title(text: &str) -> bool {
    const TITLES: [&str; 4] = ["title=\"Dummy ", "title='Dummy ", "title=\"Mock ", "title='Mock "];
    TITLES.iter().any(|it| text.contains(it))
}

#[cfg(test)]
mod tests {
    use super::{asks_for_local, is_named_so, is_of_developers, says_so};
    use crate::shared::in_memory::with_file;

    #[test]
    fn conditions_tell_where_a_program_is_developed() {
        for text in [
            "if settings.DEBUG:",
            "if not settings.PRODUCTION and ready:",
            "if is_local_host():",
            "elif HOST == \"local\":",
            "if config.environment == 'development':",
            "if settings.ENVIRONMENT.lower() in ('development', 'testing') and not key:",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in [
            "if not DEBUG:",
            "if PRODUCTION:",
            "if name == \"local\":",
            "if is_local_user(it):",
            "if env in ('development', 'production'):",
            "if env not in ('development',):",
        ] {
            assert!(!says_so(text), "{text}");
        }
    }

    #[test]
    fn what_stands_behind_a_guard_is_of_developers() {
        let code = "def purge(rows):\n    before(rows)\n    if not settings.DEBUG:\n        raise Refused\n    \
            for row in rows:\n        gone(row)\n\ndef show(rows):\n    if not settings.DEBUG:\n        \
            hide(rows)\n    shown(rows)\n";
        with_file("shop/rows.py", code, |file| {
            let is_theirs = |name: &str| is_of_developers(file, code.find(name).unwrap() as u32);
            assert!(is_theirs("gone("));
            for name in ["before(", "hide(", "shown("] {
                assert!(!is_theirs(name), "{name}");
            }
        });
    }

    #[test]
    fn conditions_tell_who_asks_from_the_same_machine() {
        for text in ["if remote_ip == '127.0.0.1':", "if request.META[\"REMOTE_ADDR\"] == \"::1\":"]
        {
            assert!(asks_for_local(text), "{text}");
        }
        for text in ["if ip != '127.0.0.1':", "if host == '127.0.0.1':", "if ip == own:"] {
            assert!(!asks_for_local(text), "{text}");
        }
    }

    #[test]
    fn names_tell_what_stands_in() {
        for path in [
            "flows/mock_flows.py",
            "api/s3_mock.py",
            "fake_camera.py",
            "dome/dome_sim/run.py",
            "door_simulator_server.py",
        ] {
            assert!(is_named_so(path), "{path}");
        }
        for path in [
            "exams/mock_exams.py",
            "mock.py",
            "sim/cards.py",
            "simulator.py",
            "fake_news.py",
            "shop/similar.py",
        ] {
            assert!(!is_named_so(path), "{path}");
        }
    }
}
