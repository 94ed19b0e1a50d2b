//! What runs only where the program is developed: branches, and modules that stand in for something. Knows names and conditions, no
//! rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::Keyword;
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
    })
}

/// Whether a condition holds only where the program is developed.
fn says_so(header: &str) -> bool {
    const LOCAL: [&str; 5] = ["local", "localhost", "dev", "development", "127.0.0.1"];
    let text = header.split_once(char::is_whitespace).map_or("", |it| it.1);
    text.trim_end_matches(':').split(" and ").map(str::trim).any(|it| {
        let (negated, name) = it.strip_prefix("not ").map_or((false, it), |it| (true, it));
        if let Some((name, value)) = name.split_once("==") {
            let value = value.trim();
            let text = value.trim_matches(['"', '\'']);
            let name = last_part(name.trim()).to_ascii_lowercase();
            let is_place = words(&name).iter().any(|it| {
                matches!(
                    it.as_str(),
                    "env" | "environment" | "host" | "hostname" | "stage" | "mode"
                )
            });
            return !negated && is_place && text.len() + 2 == value.len() && LOCAL.contains(&text);
        }
        let name = name.trim().trim_end_matches("()");
        let name = last_part(name).to_ascii_uppercase();
        match name.as_str() {
            "PRODUCTION" | "IS_PRODUCTION" | "PROD" | "IS_PROD" => negated,
            "DEBUG" | "IS_DEBUG" | "DEVELOPMENT" | "IS_DEVELOPMENT" | "IS_DEV" | "LOCAL"
            | "IS_LOCAL" | "IS_LOCAL_HOST" | "IS_LOCALHOST" | "LOCAL_DEV" | "LOCAL_DEVELOPMENT" => {
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
    use super::{is_named_so, says_so};

    #[test]
    fn conditions_tell_where_a_program_is_developed() {
        for text in [
            "if settings.DEBUG:",
            "if not settings.PRODUCTION and ready:",
            "if is_local_host():",
            "elif HOST == \"local\":",
            "if config.environment == 'development':",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in
            ["if not DEBUG:", "if PRODUCTION:", "if name == \"local\":", "if is_local_user(it):"]
        {
            assert!(!says_so(text), "{text}");
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
