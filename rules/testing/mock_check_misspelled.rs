//! See `mock-check-misspelled.toml`: attributes of mocks that look like checks. Knows which objects a file shows to be mocks,
//! not what other files make.

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Keyword, LogicalLine, Span};

use crate::shared::code::calls;
use crate::shared::code::text::{code_of, has_name, is_of_name, places_of};
use crate::shared::delivery::python_versions::requirement;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for (offset, trigger) in out.candidates() {
        if let Some(report) = judge(file, offset, trigger.text) {
            out.report(report);
        }
    }
}

/// How what looks like a check is made to count for one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// It is a statement by itself.
    Statement,
    /// It stands behind `assert`.
    Assert,
    /// It is all that `assertTrue` is given.
    AssertTrue,
}

fn judge(file: &FileContext<'_>, offset: u32, name: &str) -> Option<Report> {
    let end = offset + name.len() as u32;
    let text = file.source.text();
    let line = file.outline.line_at(offset)?;
    let called = calls::ending_at(file, end);
    let has_prefix = name.starts_with("assert_");
    if has_prefix && called.is_some() || !text[..offset as usize].ends_with('.') {
        return None;
    }
    let expression_end = called.map_or(end, |call| call.arguments.end);
    let (form, start) = form(file, line, offset, expression_end)?;
    let receiver = file.slice(Span::new(start, offset - 1));
    if !is_plain(receiver) || !(has_prefix || is_mock(file, receiver, offset, name)) {
        return None;
    }
    let span = Span::new(start, expression_end);
    let real = if has_prefix { name.to_owned() } else { format!("assert_{name}") };
    let message = match (has_prefix, called.is_some()) {
        (true, _) => format!("`{name}` is not called, so that it checks nothing"),
        (false, true) => format!(
            "`{name}(...)` is no check of a mock: it is always true, and from Python 3.12 on an `AttributeError`; `{real}(...)` checks"
        ),
        (false, false) => format!(
            "`{name}` is no check of a mock: it is always true, and from Python 3.12 on an `AttributeError`; `{real}()` checks"
        ),
    };
    let mut report = Report::at(span).message(message);
    let is_checked = is_checked_below(file, line, receiver, &real);
    if !file.pedantic() && (is_checked || !has_prefix && fails_by_itself(file)) {
        // The check runs below, or the test would fail if it ran and the object were a mock.
        report = report.severity(Severity::Info);
    } else if !file.pedantic() && !is_made_here(file, receiver, offset) {
        // Objects of other libraries have such names themselves.
        report = report.severity(Severity::Warning);
    }
    if let Some(outside) = replaced(file, line, form, span)
        && (called.is_some() || !needs_arguments(name))
    {
        let arguments = called.map_or("()", |call| file.slice(call.arguments));
        let text = format!("{receiver}.{real}{arguments}");
        let edits = vec![Edit { span: outside, text }];
        report = report.fix(Fix::to_look_at(edits));
    }
    Some(report)
}

/// Whether a later statement of the test calls the check itself: what looks like one was left over.
fn is_checked_below(
    file: &FileContext<'_>,
    line: &LogicalLine,
    receiver: &str,
    real: &str,
) -> bool {
    let Some(function) = file.function_at(line.span.start) else { return false };
    let end = function.span.end.max(line.span.end);
    let behind = code_of(file.source, file.outline, Span::new(line.span.end, end));
    behind.contains(&format!("{receiver}.{real}("))
}

/// Whether all versions of Python that the component allows refuse such names:
/// <https://docs.python.org/3/whatsnew/3.12.html#unittest>.
fn fails_by_itself(file: &FileContext<'_>) -> bool {
    let Some((facts, own)) = file.in_facts() else { return false };
    let versions = facts.pythons().get(own.component);
    versions.and_then(requirement).is_some_and(|it| {
        !it.versions.is_empty() && it.versions.iter().all(|it| (it.major, it.minor) >= (3, 12))
    })
}

fn needs_arguments(name: &str) -> bool {
    name.ends_with("_with") || name.contains("has_") || name.contains("any_")
}

/// The form of the check around an expression that ends at `end`, and where the expression begins.
fn form(file: &FileContext<'_>, line: &LogicalLine, offset: u32, end: u32) -> Option<(Form, u32)> {
    let behind = file.slice(Span::new(end, line.span.end.max(end))).trim_start();
    let start = line.span.start;
    match line.keyword {
        Keyword::Assert if behind.is_empty() || behind.starts_with([',', ';']) => {
            let text = file.slice(line.span);
            let blanks = text["assert".len()..].len() - text["assert".len()..].trim_start().len();
            Some((Form::Assert, start + ("assert".len() + blanks) as u32))
        }
        Keyword::Other if behind.is_empty() || behind.starts_with(';') => {
            Some((Form::Statement, start))
        }
        Keyword::Other if behind == ")" => {
            let around = file.outline.calls.iter().find(|call| call.name.start == start)?;
            let first = around.arguments.start + 1;
            (file.slice(around.name).ends_with("assertTrue") && first < offset)
                .then_some((Form::AssertTrue, first))
        }
        _ => None,
    }
}

/// What a fix puts the real check in the place of; `None` where something else would be lost.
fn replaced(file: &FileContext<'_>, line: &LogicalLine, form: Form, span: Span) -> Option<Span> {
    let whole = Span::new(line.span.start, span.end);
    match form {
        Form::Statement => Some(span),
        Form::Assert => (whole == line.span).then_some(whole),
        Form::AssertTrue => {
            let behind = file.slice(Span::new(span.end, line.span.end));
            (behind == ")").then_some(line.span)
        }
    }
}

/// Whether a receiver is names, dots, subscripts and calls, and nothing that joins or compares.
fn is_plain(receiver: &str) -> bool {
    !receiver.is_empty()
        && receiver.starts_with(is_of_name)
        && !receiver.contains(['\n', ';', '#'])
        && !receiver.contains(" and ")
        && !receiver.contains(" or ")
        && !receiver.contains(" = ")
        && !receiver.starts_with("not ")
        && !receiver.starts_with("await ")
        && ["==", "!=", "<", ">", " in ", " is ", "+", "lambda"]
            .iter()
            .all(|it| !receiver.contains(it))
}

/// Functions whose answers have checks of these names themselves, as in `expect(mock).to.be.called_once()`:
/// <https://github.com/EastAgile/robber.py#calledonce>.
const EXPECTATIONS: [&str; 5] = ["assert_that", "ensure", "expect", "expects", "that"];

/// Whether the file shows that a receiver is a mock, and gives it nothing of that name.
fn is_mock(file: &FileContext<'_>, receiver: &str, offset: u32, name: &str) -> bool {
    let text = file.source.text();
    // What `requests_mock` registers has an attribute of this name.
    let is_of_requests = name == "called_once" && text.contains("requests_mock");
    let is_given = is_of_requests
        || text.contains(&format!(".{name} ="))
        || file.outline.definitions.iter().any(|it| file.slice(it.name) == name);
    if is_given {
        return false;
    }
    let root = receiver.split(['.', '(', '[']).next().unwrap_or_default();
    if EXPECTATIONS.contains(&root) && receiver[root.len()..].starts_with('(') {
        return false;
    }
    let lower = outside_parentheses(receiver).to_ascii_lowercase();
    if lower.contains("mock") || lower.contains("patch") {
        return true;
    }
    let names_mock =
        |text: &str| text.contains("Mock") || text.contains("mock") || text.contains("patch");
    let object = match root {
        "self" | "cls" => receiver.split('(').next().unwrap_or_default(),
        root => root,
    };
    let attribute = object.split('.').take(2).collect::<Vec<_>>().join(".");
    let bindings = file.values().bindings(&attribute).iter();
    let is_bound = bindings.filter_map(|it| it.value).any(|it| names_mock(file.slice(it)));
    is_bound || is_patched(file, root, offset) || is_used_as_mock(file, object)
}

/// Whether the file shows who makes the object that a receiver begins with: `unittest.mock`, or the fixture that stands for it.
fn is_made_here(file: &FileContext<'_>, receiver: &str, offset: u32) -> bool {
    const MAKERS: [&str; 4] = ["Mock(", "create_autospec(", "mocker.", "monkeypatch"];
    let makes = |text: &str| MAKERS.iter().any(|it| text.contains(it)) || patches(text);
    let root = receiver.split(['.', '(', '[']).next().unwrap_or_default();
    let object = match root {
        "self" | "cls" => {
            let name = receiver.split(['(', '[']).next().unwrap_or_default();
            name.match_indices('.').nth(1).map_or(name, |(at, _)| &name[..at])
        }
        root => root,
    };
    let binds = |text: &str| {
        text.split(" as ")
            .skip(1)
            .any(|it| it.split(|it: char| !is_of_name(it)).next() == Some(root))
            || text.contains(&format!("({root} :="))
            || is_bound_by(text, object)
    };
    let mut lines = file.outline.lines.iter().map(|it| file.slice(it.span));
    let is_fixture = || {
        let mut own = file.outline.definitions.iter().filter(|it| file.slice(it.name) == root);
        own.any(|it| makes(file.slice(it.span)))
    };
    makes(receiver)
        || lines.any(|line| makes(line) && binds(line))
        || is_patched(file, root, offset)
        || is_fixture()
        || is_reached_through_mock(file, receiver)
}

/// Whether a statement binds a name, or a part of it: `send = …`, `send.answer = …`, `self.get, self.send = …`.
fn is_bound_by(text: &str, name: &str) -> bool {
    let head = text.split('(').next().unwrap_or_default();
    let Some((targets, _)) = head.rsplit_once('=').filter(|_| !head.contains("==")) else {
        return false;
    };
    targets.split(['=', ',']).any(|it| {
        it.trim_start().strip_prefix(name).is_some_and(|rest| !rest.starts_with(is_of_name))
    })
}

/// Whether a text calls `patch` of `unittest.mock`, and not what only ends so, or a method for the verb of HTTP: `client.patch(…)`.
fn patches(text: &str) -> bool {
    const OWNERS: [&str; 2] = ["mock.", "mocker."];
    places_of(text, "patch").any(|at| {
        let (before, behind) = (&text[..at], &text[at + "patch".len()..]);
        behind.starts_with(['(', '.'])
            && (!before.ends_with('.') || OWNERS.iter().any(|it| before.ends_with(it)))
    })
}

/// Whether a line of the file replaces what a receiver is, by its name or by that of a part of it: `api.load = Mock()`,
/// `@patch("shop.api.load")`.
fn is_reached_through_mock(file: &FileContext<'_>, receiver: &str) -> bool {
    let name = receiver.split(['(', '[']).next().unwrap_or_default();
    let parts = name.split('.').filter(|it| it.len() > 3 && *it != "self");
    let parts: Vec<&str> = parts.collect();
    file.source.text().lines().any(|line| {
        (patches(line) || ["Mock(", "mocker.", "monkeypatch."].iter().any(|it| line.contains(it)))
            && parts.iter().any(|it| has_name(line, it))
    })
}

/// A receiver without what it hands to calls: `wrapped(mock)` is whatever `wrapped` makes of it.
fn outside_parentheses(receiver: &str) -> String {
    let mut depth = 0_i32;
    let is_outside = |it: &char| {
        depth += i32::from(*it == '(') - i32::from(*it == ')');
        depth == 0
    };
    receiver.chars().filter(is_outside).collect()
}

/// Whether a name is a parameter of a function that `patch` decorates.
fn is_patched(file: &FileContext<'_>, name: &str, offset: u32) -> bool {
    let Some(function) = file.function_at(offset) else { return false };
    let is_parameter =
        || file.outline.signature(function).parameters.iter().any(|it| file.slice(it.name) == name);
    let decorators = file.outline.decorators(function);
    decorators.iter().any(|it| file.slice(*it).contains("patch"))
        && name != "self"
        && is_parameter()
}

/// Whether something that only mocks have is asked of an object elsewhere.
fn is_used_as_mock(file: &FileContext<'_>, object: &str) -> bool {
    const OF_MOCKS: [&str; 6] = [
        "return_value",
        "side_effect",
        "call_args",
        "call_count",
        "assert_called_once",
        "reset_mock",
    ];
    object != "self"
        && OF_MOCKS.iter().any(|it| has_name(file.source.text(), &format!("{object}.{it}")))
}

#[cfg(test)]
mod tests {
    use super::{is_bound_by, patches};

    #[test]
    fn a_name_is_bound_as_a_whole() {
        for (text, name) in [
            ("m = Mock()", "m"),
            ("m.answer = Mock()", "m"),
            ("m: Mock = Mock()", "m"),
            ("self.get, self.send = Mock(), Mock()", "self.send"),
        ] {
            assert!(is_bound_by(text, name), "{text}");
        }
        for (text, name) in [
            ("my_api = Mock()", "m"),
            ("self.other = Mock()", "self.send"),
            ("self.sender = Mock()", "self.send"),
            ("run(m, send=Mock())", "m"),
        ] {
            assert!(!is_bound_by(text, name), "{text}");
        }
    }

    #[test]
    fn only_mocks_are_patched_in() {
        for text in ["patch(\"shop.send\")", "@mock.patch.object(shop, \"send\")", "with patch(x):"]
        {
            assert!(patches(text), "{text}");
        }
        for text in ["dispatch(send)", "client.patch(\"/send\")", "from unittest.mock import patch"]
        {
            assert!(!patches(text), "{text}");
        }
    }
}
