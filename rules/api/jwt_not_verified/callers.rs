//! What the callers of a function hand it, in all files of the project. Knows text, no library.

use roadworthy_engine::FileContext;
use roadworthy_parser::Definition;
use roadworthy_project::{Facts, Role};

use crate::shared::code::text::places_of;

/// Whether all that call a function hand it the `access_token` of something that was answered, as a sign-in is, and nothing of
/// a request.
pub(super) fn hand_over_answers(file: &FileContext<'_>, function: &Definition) -> bool {
    let Some((facts, known)) = file.in_facts().filter(|_| function.parent.is_none()) else {
        return false;
    };
    let name = file.slice(function.name);
    facts.answer(known.component, format!("{name} is handed answers"), || {
        is_handed_answers(facts, name)
    })
}

fn is_handed_answers(facts: &Facts<'_>, name: &str) -> bool {
    let project = facts.project();
    let product = project.files.iter().filter(|it| {
        it.kind.is_python() && it.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
    });
    let mut is_called = false;
    for read in product.filter_map(|it| facts.source(it)) {
        let text = read.text();
        for at in places_of(text, name) {
            let (before, rest) = (&text[..at], &text[at + name.len()..]);
            let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
            let is_only_named = ["def ", "from ", "import "].iter().any(|it| line.starts_with(it));
            if is_only_named || !rest.starts_with('(') && rest.starts_with([',', '\n', '\r']) {
                continue;
            }
            if !rest.strip_prefix('(').and_then(|it| it.lines().next()).is_some_and(is_answer) {
                return false;
            }
            is_called = true;
        }
    }
    is_called
}

/// Whether a call's arguments, to the end of the line, are the token of an answer: `session.access_token)`.
fn is_answer(arguments: &str) -> bool {
    const OF_REQUESTS: [&str; 7] =
        ["body", "cookie", "form", "header", "params", "payload", "request"];
    let lower = arguments.to_ascii_lowercase();
    let forms =
        [".access_token", "[\"access_token\"]", ".get(\"access_token\"", "\"access_token\""];
    forms.iter().any(|it| lower.contains(it)) && !OF_REQUESTS.iter().any(|it| lower.contains(it))
}
