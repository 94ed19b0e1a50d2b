//! Decorators of the project that only put something around what they stand on: nothing is told of it, so that nobody is found to
//! call it by them. Knows names within a function, no types. Where there is doubt, a decorator tells somebody.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Outline, Span};

use crate::shared::code::first_party::find;
use crate::shared::code::text::{code_in, places_of};
use crate::shared::code::words::last_part;

/// Whether a decorator is a function of the project that calls what it is put on, and does nothing else with it.
pub(crate) fn only_wraps(file: &FileContext<'_>, decorator: Span) -> bool {
    let written = file.slice(decorator);
    let name = written.split('(').next().unwrap_or_default().trim_end();
    let text = file.source.text();
    let mut own = file.outline.definitions.iter().filter(|it| it.parent.is_none());
    if let Some(function) = own.find(|it| it.is_function() && it.name.of_text(text) == name) {
        return wraps(file.outline, text, function);
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    file.names().resolve(name, decorator.start).is_some_and(|canonical| {
        find(facts, known, &canonical)
            .is_some_and(|it| wraps(&it.python.outline, it.python.source.text(), it.definition()))
    })
}

/// Whether a function hands a function of its own back, in which what is handed in is called, and lets go of neither otherwise.
fn wraps(outline: &Outline, text: &str, decorator: &Definition) -> bool {
    let code = code_in(text, outline, decorator.span);
    let inner = |around: &Definition| {
        let span = around.body;
        let header = around.header.start;
        outline.definitions.iter().filter(move |it| {
            let parent = it.parent.map(|id| outline.definition(id).header.start);
            it.is_function() && span.contains(it.header.start) && parent == Some(header)
        })
    };
    // `@wrap` takes the function itself, `@wrap(…)` hands back what takes it.
    let mut takers: Vec<&Definition> =
        inner(decorator).filter(|it| inner(it).next().is_some()).collect();
    if takers.is_empty() {
        takers.push(decorator);
    }
    takers.into_iter().all(|taker| {
        let parameters = outline.signature(taker).parameters;
        let taken = parameters.iter().find(|it| !matches!(it.name.of_text(text), "self" | "cls"));
        let given: Vec<&Definition> = inner(taker).collect();
        taken.is_some_and(|it| is_only_called(&code, it.name.of_text(text)))
            && !given.is_empty()
            && given.iter().all(|it| {
                let mut decorators = outline.decorators(it).iter().map(|it| it.of_text(text));
                decorators.all(|it| last_part(it.split('(').next().unwrap_or_default()) == "wraps")
                    && is_only_given_back(&code, it.name.of_text(text))
            })
    })
}

/// Whether code calls what a name stands for, reads what it is called, or wraps it, and does nothing else with it.
fn is_only_called(code: &str, name: &str) -> bool {
    const ASKS: [&str; 5] =
        ["wraps(", "iscoroutinefunction(", "signature(", "isgeneratorfunction(", "update_wrapper("];
    let mut called = false;
    let mut declared = false;
    places_of(code, name).all(|at| {
        let (before, behind) = (code[..at].trim_end(), &code[at + name.len()..]);
        // The first place is that of the parameter.
        let is_parameter = !std::mem::replace(&mut declared, true);
        let is_call = behind.starts_with('(') && !before.ends_with('.');
        called |= is_call && !is_parameter;
        is_parameter
            || is_call
            || behind.starts_with(".__")
            || ASKS.iter().any(|it| before.ends_with(it))
    }) && called
}

/// Whether code defines a function and gives it back, and at most sets what Python itself keeps of it.
fn is_only_given_back(code: &str, name: &str) -> bool {
    const BEFORE: [&str; 2] = ["def", "return"];
    places_of(code, name).all(|at| {
        let before = code[..at].trim_end();
        let line = code[at + name.len()..].lines().next().unwrap_or_default().trim();
        BEFORE.iter().any(|it| before.ends_with(it)) && !line.starts_with(',')
            || line.starts_with(".__") && line.contains(" = ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn what_is_only_called_is_told_to_nobody() {
        for (text, expected) in [
            ("def timed(f):\n    def inner(*a):\n        return f(*a)\n    return inner\n", true),
            (
                "def timed(f):\n    @functools.wraps(f)\n    def inner(*a):\n        log(f.__name__)\n        return f(*a)\n    return inner\n",
                true,
            ),
            (
                "def timed(limit):\n    def outer(f):\n        def inner(*a):\n            return f(*a)\n        return inner\n    return outer\n",
                true,
            ),
            (
                "def timed(f):\n    ALL.append(f)\n    def inner(*a):\n        return f(*a)\n    return inner\n",
                false,
            ),
            (
                "def timed(f):\n    def inner(*a):\n        return f(*a)\n    ALL['x'] = inner\n    return inner\n",
                false,
            ),
            (
                "def timed(name):\n    def outer(f):\n        def inner(*a):\n            return f(*a)\n        ALL[name] = f\n        return inner\n    return outer\n",
                false,
            ),
            ("def timed(f):\n    ALL.append(f)\n    return f\n", false),
            (
                "def timed(f):\n    def inner(*a):\n        return f(*a)\n    inner.__doc__ = f.__doc__\n    return inner\n",
                true,
            ),
            (
                "def timed(f):\n    def inner(*a):\n        return f(*a)\n    inner.is_tool = True\n    return inner\n",
                false,
            ),
            (
                "def timed(f):\n    @celery.task\n    def inner(*a):\n        return f(*a)\n    return inner\n",
                false,
            ),
            ("def timed(f):\n    return app.task(f)\n", false),
        ] {
            with_file("shop.py", &format!("{text}\n\n@timed\ndef load():\n    pass\n"), |file| {
                let load = file.outline.definitions.last().expect("a function");
                let decorator = file.outline.decorators(load)[0];
                assert_eq!(only_wraps(file, decorator), expected, "{text}");
            });
        }
    }
}
