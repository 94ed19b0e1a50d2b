//! Prints that are worth little in a log as well: lines that only tell how far the work is, and errors of a value that was
//! expected to be wrong. Knows what a print shows and what a handler catches, nothing of other prints.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Span};

use super::circumstances::handler_around;
use super::words;
use crate::shared::code::calls;
use crate::shared::code::text::{code_of, is_of_name};
use crate::shared::code::words::last_part;

/// Whether a print shows no value but how many there are, or begins by telling what begins: `print("done")`,
/// `print(f"Sending {mail}")`. What a handler prints tells of a failure.
pub(super) fn tells_progress(file: &FileContext<'_>, call: &Call) -> bool {
    if handler_around(file, call.name.start).is_some() {
        return false;
    }
    let text = file.slice(calls::inside(call));
    let mut values = values(file, call);
    begins_to_do(text) || !values.any(|it| is_value(&it))
}

/// Whether a text begins with the form of a verb for what goes on now: `Sending mail`. Words for what went wrong tell more.
fn begins_to_do(text: &str) -> bool {
    /// Words of that form which tell of something else.
    const OTHERS: [&str; 17] = [
        "being",
        "booking",
        "during",
        "existing",
        "failing",
        "following",
        "incoming",
        "missing",
        "nothing",
        "outgoing",
        "pending",
        "rating",
        "remaining",
        "setting",
        "something",
        "string",
        "warning",
    ];
    const WRONG: [&str; 6] = ["error", "fail", "invalid", "mismatch", "not found", "unable"];
    let quoted = text.trim_start_matches(|it: char| it.is_ascii_alphabetic());
    let Some(quoted) = quoted.strip_prefix(['"', '\'']) else { return false };
    let shown = quoted.trim_start_matches(|it: char| !it.is_alphanumeric() && it != '{');
    let end = shown.find(|it| !is_of_name(it)).unwrap_or(shown.len());
    let (first, rest) = shown.split_at(end);
    let first = first.to_ascii_lowercase();
    let lower = text.to_ascii_lowercase();
    first.len() > 4
        && first.ends_with("ing")
        && first.bytes().all(|it| it.is_ascii_lowercase())
        // A name before its value is no verb: `print("pricing:", pricing)`.
        && !rest.starts_with([':', '='])
        && !OTHERS.contains(&first.as_str())
        && !WRONG.iter().any(|it| lower.contains(it))
}

/// The code among the arguments of a call: what stands outside of texts, and in the fields of those with a prefix `f`.
fn values(file: &FileContext<'_>, call: &Call) -> impl Iterator<Item = String> {
    let mut all = Vec::new();
    let strings = &file.outline.strings;
    for part in calls::argument_spans(file, call) {
        let text = file.slice(part);
        if ["end", "sep", "flush", "file"]
            .iter()
            .any(|it| text.strip_prefix(it).is_some_and(|rest| rest.trim_start().starts_with('=')))
        {
            continue;
        }
        let mut outside = code_of(file.source, file.outline, part).into_owned();
        let first = strings.partition_point(|it| it.span.start < part.start);
        let inside = strings[first..].iter().take_while(|it| it.span.start < part.end);
        for string in inside.filter(|it| it.interpolated) {
            let written = file.slice(string.span);
            all.extend(fields(written));
            let at = (string.span.start - part.start) as usize;
            if outside.is_char_boundary(at) && outside.is_char_boundary(at + written.len()) {
                outside.replace_range(at..at + written.len(), &" ".repeat(written.len()));
            }
        }
        all.push(outside);
    }
    all.into_iter()
}

/// The expressions in the fields of an f-string: `{order.id:>{width}}` holds `order.id`.
fn fields(string: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0, 0);
    let mut letters = string.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            // Twice, it stands for itself.
            '{' | '}' if depth == 0 && letters.peek().is_some_and(|it| it.1 == letter) => {
                letters.next();
            }
            '{' => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            '}' if depth == 1 => {
                let field = &string[start..at];
                let end = field.find([':', '!']).unwrap_or(field.len());
                found.push(field[..end].to_owned());
                depth = 0;
            }
            '}' if depth > 1 => depth -= 1,
            _ => {}
        }
    }
    found
}

/// Whether code shows more than a number of things: a name outside of `len(..)`.
fn is_value(code: &str) -> bool {
    const MAKERS: [&str; 3] = ["format", "len", "str"];
    let mut rest = code.to_owned();
    while let Some(at) = rest.find("len(") {
        let end = rest[at..].find(')').map_or(rest.len(), |it| at + it + 1);
        rest.replace_range(at..end, " ");
    }
    let mut names = rest.split(|it| !is_of_name(it)).filter(|it| !it.is_empty());
    names.any(|it| !it.starts_with(|it: char| it.is_ascii_digit()) && !MAKERS.contains(&it))
}

/// Whether all that the handler around a print catches is what a wrong value or a missing entry leads to, or a wait that was limited:
/// of those the text of the error says all.
pub(super) fn catches_expected(file: &FileContext<'_>, offset: u32) -> bool {
    const EXPECTED: [&str; 10] = [
        "DoesNotExist",
        "IndexError",
        "InvalidOperation",
        "JSONDecodeError",
        "KeyError",
        "NoResultFound",
        "TimeoutError",
        "TypeError",
        "UnicodeDecodeError",
        "ValueError",
    ];
    let Some(handler) = handler_around(file, offset) else { return false };
    let header = file.slice(handler.span).trim_start_matches("except").trim_end_matches(':');
    let caught = header.split(" as ").next().unwrap_or_default();
    let caught = caught.trim().trim_start_matches('(').trim_end_matches(')');
    let mut types = caught.split(',').map(str::trim).filter(|it| !it.is_empty()).peekable();
    types.peek().is_some() && types.all(|it| EXPECTED.contains(&last_part(it)))
}

/// Whether a handler stands behind an attempt to do nothing but log: what it prints is what is left.
pub(super) fn is_left_of_log(file: &FileContext<'_>, attempt: Span) -> bool {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start <= attempt.start);
    let mut inside = lines[first..].iter().take_while(|it| it.span.end <= attempt.end).peekable();
    let logs = |text: &str| {
        let callee = text.split('(').next().unwrap_or_default();
        callee.rsplit_once('.').is_some_and(|(object, _)| {
            words(last_part(object)).any(|it| matches!(it.as_str(), "log" | "logger" | "logging"))
        })
    };
    inside.peek().is_some()
        && inside.all(|it| {
            let text = file.slice(it.span);
            text.starts_with("from ") || text.starts_with("import ") || logs(text)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn progress_shows_no_value_or_begins_with_what_begins() {
        let is_progress = |printed: &str| {
            with_file("shop/users.py", &format!("{printed}\n"), |file| {
                let call = file.outline.calls.iter().find(|it| file.slice(it.name) == "print");
                tells_progress(file, call.unwrap())
            })
        };
        for printed in [
            "print('here')",
            "print(f'Sending {mail} to {user!r}')",
            "print('rows:', len(rows))",
            "print(f'{{rows}}')",
            "print(f'Received {len(rows)} rows', flush=True)",
            "print('📬 Forwarding', thread)",
        ] {
            assert!(is_progress(printed), "{printed}");
        }
        for printed in [
            "print(order)",
            "print('order', order.id)",
            "print(f'{order=}')",
            "print(f'pricing: {order.pricing}')",
            "print('Ordering failed: {}'.format(code))",
            "print(f'Missing {name}')",
            "print(f'{len(rows)} rows of {user:>5}')",
            "print(f'{user:>{width}}')",
            "print('Incoming payload:', payload)",
        ] {
            assert!(!is_progress(printed), "{printed}");
        }
    }

    #[test]
    fn handlers_expect_what_values_lead_to() {
        let code = |caught: &str| {
            format!("try:\n    load()\nexcept {caught} as error:\n    print(error)\n")
        };
        let expects = |caught: &str| {
            let code = code(caught);
            with_file("shop/users.py", &code, |file| {
                catches_expected(file, code.find("print").unwrap() as u32)
            })
        };
        assert!(expects("ValueError") && expects("(KeyError, json.JSONDecodeError)"));
        assert!(!expects("Exception") && !expects("(ValueError, OSError)"));
    }
}
