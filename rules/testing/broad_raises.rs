//! See `broad-raises.toml`. Knows which errors a test itself raises, not which the code under test does.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Definition, Keyword, Outline, Span};
use rustc_hash::FxHashMap;

use crate::shared::code::calls;
use crate::shared::code::text::{code_of, has_name, is_of_name, places_of};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut by_helpers: FxHashMap<&str, bool> = FxHashMap::default();
    for (offset, trigger) in out.candidates() {
        let end = offset + trigger.text.len() as u32;
        let Some(call) = calls::ending_at(file, end) else { continue };
        out.judged();
        let Some(error) = accepted(file, call) else { continue };
        let written = calls::written(file, call);
        let around = file.outline.enclosing(offset).filter(|it| it.is_function()).last();
        if is_looked_at(file, call)
            || file.outline.enclosing(offset).any(|it| is_skipped(file, it))
            || raises_at_once(file, call)
            || around.is_some_and(|it| raises(file, it, error) || raises_several(file, it))
            || *by_helpers.entry(error).or_insert_with(|| helpers_raise(file, error))
        {
            continue;
        }
        // Elsewhere it is shown what failed, or any error will do.
        let is_meant = || {
            is_checked_behind(file, call)
                || is_explained(file, call)
                || around.is_some_and(|it| takes_several_kinds(file, it))
        };
        if !file.pedantic() && is_meant() {
            continue;
        }
        let message =
            format!("`{written}({error})` accepts any error, also one of the test itself");
        out.report(Report::at(calls::span(call)).message(message));
    }
}

/// The class that stands for all errors, where a call accepts it and asks for nothing else.
fn accepted(file: &FileContext<'_>, call: &Call) -> Option<&'static str> {
    let written = calls::written(file, call);
    let is_unittest = written.ends_with(".assertRaises") && !call.attached;
    if !is_unittest && calls::callee(file, call).as_deref() != Some("pytest.raises") {
        return None;
    }
    let arguments = calls::arguments(file, call);
    if arguments.iter().any(|it| matches!(it.keyword, Some("match" | "check"))) {
        return None;
    }
    let expected = arguments
        .iter()
        .find(|it| it.keyword.is_none() || it.keyword == Some("expected_exception"))?;
    let parts = expected.value.trim_matches(['(', ')']).split(',').map(str::trim);
    let resolved = parts.filter_map(|it| file.names().resolve(it, call.name.start));
    resolved.into_iter().find_map(|it| match &*it {
        "Exception" | "builtins.Exception" => Some("Exception"),
        "BaseException" | "builtins.BaseException" => Some("BaseException"),
        _ => None,
    })
}

/// Whether what is caught gets a name that is used later, or is used where it is caught.
fn is_looked_at(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(line) = file.outline.line_at(call.name.start) else { return false };
    let before = file.slice(Span::new(line.span.start, call.name.start));
    let behind = file.slice(Span::new(call.arguments.end, line.span.end.max(call.arguments.end)));
    let (name, from) = if let Some(rest) = behind.trim_start().strip_prefix("as ") {
        (rest.trim_start(), line.span.end)
    } else if let Some((name, _)) = before.split_once('=') {
        (name, line.span.end)
    } else {
        return behind.trim_start().starts_with('.') || before.trim_end().ends_with("return");
    };
    let name = name.split(|it| !is_of_name(it)).next().unwrap_or_default();
    let end = file.function_at(call.name.start).map_or(from, |function| function.span.end);
    let later = code_of(file.source, file.outline, Span::new(from, end.max(from)));
    !name.is_empty() && has_name(&later, name)
}

/// Whether the first statement of the block raises: the test is about the error's class itself.
fn raises_at_once(file: &FileContext<'_>, call: &Call) -> bool {
    let lines = &file.outline.lines;
    let behind = lines.partition_point(|it| it.span.start <= call.name.start);
    lines.get(behind).is_some_and(|it| it.keyword == Keyword::Raise)
        && lines[behind - 1].keyword == Keyword::With
        && lines[behind].indent > lines[behind - 1].indent
}

/// Whether the statement behind the block asserts what the failure left behind: a log, an unchanged row.
fn is_checked_behind(file: &FileContext<'_>, call: &Call) -> bool {
    let lines = &file.outline.lines;
    let behind = lines.partition_point(|it| it.span.start <= call.name.start);
    let Some(own) = behind.checked_sub(1).map(|it| &lines[it]) else { return false };
    let mut after = lines[behind..].iter().skip_while(|it| it.indent > own.indent);
    let next = after.next();
    // What is asserted may get a name first.
    let bound = next.and_then(|it| file.slice(it.span).split_once(" = ")).map(|it| it.0);
    let next = match bound.filter(|it| it.chars().all(is_of_name)) {
        Some(name) => after.next().filter(|it| has_name(file.slice(it.span), name)),
        None => next,
    };
    own.keyword == Keyword::With
        && next.is_some_and(|next| {
            let statement = file.slice(next.span);
            let called = statement.split('(').next().unwrap_or_default();
            let same = file.function_at(next.span.start).map(|it| it.span.start)
                == file.function_at(own.span.start).map(|it| it.span.start);
            same && (next.keyword == Keyword::Assert
                || next.keyword == Keyword::Other && called.contains(".assert"))
        })
}

/// How comments begin that tools read.
const FOR_TOOLS: [&str; 11] = [
    "fmt:", "isort:", "mypy:", "noqa", "nosec", "pragma:", "pylint:", "pyright:", "ruff:", "type:",
    "yapf:",
];

/// Whether a comment on the line of the call says why any error will do.
fn is_explained(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(line) = file.outline.line_at(call.name.start) else { return false };
    let behind = &file.source.text()[line.span.end as usize..];
    let length = behind.find('\n').unwrap_or(behind.len()) as u32;
    let mut comments = file.comments_in(Span::new(line.span.end, line.span.end + length));
    comments.any(|it| {
        let lower = it.to_ascii_lowercase();
        !FOR_TOOLS.iter().any(|mark| lower.starts_with(mark))
            && it.split_whitespace().count() > 2
            && !names_one_error(it)
    })
}

/// Whether a comment says which error it is that should be raised: `should raise ValidationError`.
fn names_one_error(comment: &str) -> bool {
    let mut words = comment.split(|it: char| !it.is_alphanumeric());
    let is_error = |it: &&str| {
        it.starts_with(char::is_uppercase) && it.len() > "Exception".len() && {
            it.ends_with("Error") || it.ends_with("Exception")
        }
    };
    comment.to_ascii_lowercase().contains("should raise")
        && words.clone().filter(is_error).count() == 1
        && !words.any(|it| matches!(it, "or" | "any"))
}

/// Whether a test is handed an object of several kinds, each of which raises errors of its own: by a fixture with `params`.
fn takes_several_kinds(file: &FileContext<'_>, test: &Definition) -> bool {
    let parameters = file.outline.signature(test).parameters;
    let is_such = |text: &str, outline: &Outline| {
        outline.definitions.iter().filter(|it| it.is_function()).any(|it| {
            let mut marks = outline.decorators(it).iter().map(|it| it.of_text(text));
            let name = it.name.of_text(text);
            parameters.iter().any(|it| file.slice(it.name) == name)
                && marks.any(|it| it.contains("fixture(") && it.contains("params"))
        })
    };
    if parameters.is_empty() {
        return false;
    }
    let in_shared = || {
        let (facts, known) = file.in_facts()?;
        let mut shared = facts.project().files.iter().filter(|it| {
            let stem = it.path.file_stem().unwrap_or_default();
            (stem == "conftest" || stem.contains("fixture"))
                && it.path.parent().is_some_and(|it| known.path.starts_with(it))
        });
        Some(shared.any(|it| {
            facts.python(&it.path).is_some_and(|it| is_such(it.source.text(), &it.outline))
        }))
    };
    is_such(file.source.text(), file.outline) || in_shared() == Some(true)
}

/// Whether a test or a class of tests never runs, whatever the circumstances.
fn is_skipped(file: &FileContext<'_>, definition: &Definition) -> bool {
    file.outline.decorators(definition).iter().any(|it| {
        let name = file.slice(*it).split('(').next().unwrap_or_default();
        matches!(name.trim(), "pytest.mark.skip" | "mark.skip" | "skip" | "unittest.skip")
    })
}

/// Whether what is no test in the file raises the very class.
fn helpers_raise(file: &FileContext<'_>, error: &str) -> bool {
    let mut helpers =
        file.outline.definitions.iter().filter(|it| it.is_function() && !is_test(file, it));
    helpers.any(|it| raises(file, it, error))
}

/// Whether a function, or what its decorators hand to it, raises a class.
fn raises(file: &FileContext<'_>, function: &Definition, error: &str) -> bool {
    let code = code_of(file.source, file.outline, function.span);
    places_of(&code, error).any(|at| is_raised(&code, at))
}

/// Whether a test makes errors of several kinds itself, and says that any of them will do.
fn raises_several(file: &FileContext<'_>, function: &Definition) -> bool {
    let lines = file.outline.lines.iter().filter(|it| {
        it.keyword == Keyword::Raise
            && it.span.start >= function.span.start
            && it.span.end <= function.span.end
    });
    lines.count() > 1
}

/// Whether a name in code stands where an error is raised, made or handed over to be raised.
fn is_raised(code: &str, at: usize) -> bool {
    let line = code[..at].lines().last().unwrap_or_default();
    let before = line.trim_end();
    before.ends_with("raise")
        || ["side_effect", "set_exception(", "throw("].iter().any(|it| before.contains(it))
        || code[at..].trim_start_matches(is_of_name).starts_with('(')
}

fn is_test(file: &FileContext<'_>, function: &Definition) -> bool {
    file.slice(function.name).starts_with("test")
}
