//! Whether a hint for what a function returns says something to those who see its body or know what it calls: there are several
//! values, or none at the end of some way. Knows lines and their words, no types.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Keyword, LogicalLine};

use super::values::{first_statement, is_answer, is_literal, outside_brackets};
use super::{body, has_decorator};
use crate::shared::code::blocks;
use crate::shared::code::text::has_name;

/// Statements of a property that are read as fast as a hint.
const OF_PROPERTIES: usize = 3;

/// Whether the hint for what is returned, where it alone is missing, tells something.
pub(super) fn tell(file: &FileContext<'_>, function: &Definition) -> bool {
    let lines = blocks::own_lines(file, function).filter(|it| !body::is_filler(file, function, it));
    let lines: Vec<&LogicalLine> = lines.collect();
    let values = values_of(file, &lines);
    let several = values.iter().any(|it| is_several(it));
    // What is done in one statement is handed through.
    if lines.len() < 2 {
        return several;
    }
    let is_property = ["cached_property", "hybrid_property", "property"]
        .iter()
        .any(|it| has_decorator(file, function, it));
    if is_property && lines.len() <= OF_PROPERTIES {
        return false;
    }
    let yields = lines.iter().any(|it| has_name(file.slice(it.span), "yield"));
    several || !yields && (is_mixed(&values) || is_left_open(file, function, &lines, &values))
}

/// What stands behind each `return`.
fn values_of<'a>(file: &FileContext<'a>, lines: &[&LogicalLine]) -> Vec<&'a str> {
    let text = file.source.text();
    let behind = |line: &&LogicalLine| {
        let span = line.span;
        let code = &text[span.start as usize..span.end as usize];
        let at = match line.keyword {
            Keyword::Return => Some(0),
            // `if not found: return None`
            _ => code.rfind(": return").map(|it| it + 2),
        };
        at.map(|it| first_statement(&code[it + "return".len()..]))
    };
    lines.iter().filter_map(behind).collect()
}

/// `matched, left, right`: whether a value is several ones of which the signature says nothing.
fn is_several(value: &str) -> bool {
    let inner = value.strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(value);
    outside_brackets(inner).trim_end().trim_end_matches(',').contains(',')
        && !outside_brackets(inner).contains("lambda")
        && !outside_brackets(inner).contains(" for ")
        && !is_answer(value)
}

/// Whether values are of different kinds, of which nothing may be one.
fn is_mixed(values: &[&str]) -> bool {
    let is_nothing = |it: &&str| matches!(*it, "" | "None");
    let mut kinds: Vec<char> = values.iter().filter_map(|it| kind(it)).collect();
    kinds.dedup();
    values.iter().any(&is_nothing) && !values.iter().all(is_nothing) || kinds.len() > 1
}

/// A letter for each kind of literal or display.
fn kind(value: &str) -> Option<char> {
    let first = value.chars().next()?;
    match first {
        '[' | '{' => outside_brackets(value).chars().count().eq(&2).then_some(first),
        _ if matches!(value, "True" | "False") => Some('b'),
        _ if !is_literal(value) => None,
        '0'..='9' | '-' | '.' => Some('n'),
        _ => Some('t'),
    }
}

/// Whether a function that returns a value also ends without one, as far as the headers around its last line tell.
fn is_left_open(
    file: &FileContext<'_>,
    function: &Definition,
    lines: &[&LogicalLine],
    values: &[&str],
) -> bool {
    const LEAVES: [&str; 6] = ["abort(", "exit(", "fail(", "os._exit(", "sys.exit(", "throw("];
    let Some(last) = lines.last() else { return false };
    if values.iter().all(|it| it.is_empty()) {
        return false;
    }
    let text = file.slice(last.span);
    let text = text.strip_prefix("self.").unwrap_or(text);
    let ends = matches!(last.keyword, Keyword::Return | Keyword::Raise | Keyword::Continue);
    let mut other_branch = None;
    let headers = blocks::headers_around(file, last.span.start)
        .take_while(|it| it.span.start > function.header.start);
    let mut is_endless = false;
    let mut may_pass = false;
    for header in headers {
        let code = file.slice(header.span);
        match header.keyword {
            Keyword::While if code.contains("True") || code.contains("while 1") => {
                is_endless = true;
            }
            Keyword::If | Keyword::Elif | Keyword::For | Keyword::While => {
                may_pass |= other_branch != Some(header.indent);
            }
            Keyword::Else | Keyword::Except => other_branch = Some(header.indent),
            _ => {}
        }
    }
    let leaves = LEAVES.iter().any(|it| text.starts_with(it));
    !is_endless && !leaves && (may_pass || !ends)
}

#[cfg(test)]
mod tests {
    use super::tell;
    use crate::shared::in_memory::with_file;

    fn tells(code: &str) -> bool {
        with_file("shop/load.py", code, |file| {
            tell(file, file.outline.definitions.iter().find(|it| it.is_function()).unwrap())
        })
    }

    #[test]
    fn several_values_and_none_at_some_end_are_told() {
        for code in [
            "def f(a):\n    b = get(a)\n    return b, a\n",
            "def f(a):\n    b = get(a)\n    if not b: return None\n    return b\n",
            "def f(a):\n    for b in a:\n        if b.fine:\n            return b\n",
            "def f(a):\n    try:\n        return get(a)\n    except Gone:\n        log(a)\n",
            "def f(a):\n    if a:\n        return 1\n    return 'a'\n",
            "def f(a):\n    return one(a), two(a)\n",
        ] {
            assert!(tells(code), "{code}");
        }
    }

    #[test]
    fn one_value_at_each_end_is_read() {
        for code in [
            "def f(a):\n    return get(a)\n",
            "def f(a):\n    b = get(a)\n    return b\n",
            "def f(a):\n    if a:\n        return get(a)\n    else:\n        return put(a)\n",
            "def f(a):\n    try:\n        return get(a)\n    except Gone:\n        raise\n",
            "def f(a):\n    while True:\n        if a:\n            return get(a)\n",
            "def f(a):\n    for b in a:\n        yield b\n",
            "@property\ndef f(self):\n    if self.a:\n        return None\n    return get(self)\n",
        ] {
            assert!(!tells(code), "{code}");
        }
    }
}
