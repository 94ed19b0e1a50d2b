//! What makes a literal harmless: it is for development or for show only, or the program refuses to start with it.
//! Knows no rule.

use roadworthy_engine::{FileContext, Strictness};
use roadworthy_parser::{Keyword, LogicalLine};

use crate::shared::code::developing::is_of_developers;
use crate::shared::secrets::circumstances::{says_harmless, says_unimportant};
use crate::shared::secrets::literals::Literal;

/// Words for places that production does not use.
const LOCAL: &[&str] = &[
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "ci",
    "conftest",
    "debug",
    "demo",
    "dev",
    "devel",
    "develop",
    "development",
    "dummy",
    "e2e",
    "e2etests",
    "example",
    "examples",
    "fake",
    "fixture",
    "fixtures",
    "local",
    "localdev",
    "localhost",
    "mock",
    "mocks",
    "placeholder",
    "placeholders",
    "pgbench",
    "playground",
    "pytest",
    "sample",
    "samples",
    "sandbox",
    "seed",
    "seeds",
    "sysbench",
    "test",
    "testbed",
    "testdata",
    "testing",
    "tests",
    "tmp",
    "tutorial",
    "tutorials",
    "unittest",
    "unittests",
];

/// How many lines before a value a comment on it may begin.
const PARAGRAPH: u32 = 6;

/// How many lines after a mention of the setting a refusal may stand.
const REFUSAL: usize = 6;

/// Whether every place is to be judged like one that runs in production.
fn all_is_live(file: &FileContext<'_>) -> bool {
    file.strictness > Strictness::Normal
}

/// Whether a module is only for development, by its path.
pub(crate) fn is_local_module(file: &FileContext<'_>) -> bool {
    if all_is_live(file) {
        return false;
    }
    let path = file.path_inside();
    if is_of_site(file) {
        let mut parts = path.rsplitn(3, '/');
        let (name, _package) = (parts.next(), parts.next());
        return name.into_iter().chain(parts.next()).any(is_local_path);
    }
    is_local_path(path)
}

/// Whether a module lies in the package of a site of Django's, which is served whatever it is called: `demo_shop/wsgi.py`.
fn is_of_site(file: &FileContext<'_>) -> bool {
    file.file.path.file_name() == Some("settings.py")
        && file.in_facts().is_some_and(|(facts, known)| {
            let beside = |name| facts.tree().is_file(&known.path.with_file_name(name));
            beside("wsgi.py") || beside("asgi.py")
        })
}

/// Whether a path says that what lies there is only for development.
pub(crate) fn is_local_path(path: &str) -> bool {
    path.trim_end_matches(".py").split(['/', '_', '-', '.']).any(|it| LOCAL.contains(&it))
}

/// Whether a file that is not Python is only for development, by its path; a workflow's name says nothing of what it
/// logs in to.
pub(crate) fn is_local_document(file: &FileContext<'_>) -> bool {
    is_local_module(file) && !file.file.path.as_str().contains(".github/")
}

/// Whether the default in `literal` does no harm.
pub(crate) fn holds(
    file: &FileContext<'_>,
    literal: &Literal<'_>,
    name: &str,
    value: &str,
) -> bool {
    let offset = literal.content.start;
    !all_is_live(file) && is_local_name(name)
        || is_for_show(file, offset)
        || file.outline.under_main_guard(offset)
        || under_debug(file, offset)
        || is_behind_demanded(file, literal.joined.span.start)
        || is_refused(file, literal, name, value)
}

/// Whether an `else` holds only where a setting is missing that the module reads as a required one: `if KEY_FILE:` … `else:`, with
/// `KEY_FILE = config("KEY_FILE", required=[PROD])`. Where the setting is required, the program does not get there.
pub(crate) fn is_where_required_is_missing(file: &FileContext<'_>, offset: u32) -> bool {
    let lines = &file.outline.lines;
    let after = lines.partition_point(|line| line.span.start <= offset);
    let Some((own, above)) = lines[..after].split_last() else { return false };
    let mut limit = own.indent;
    let mut is_else = false;
    for line in above.iter().rev() {
        if is_else && line.indent == limit {
            if line.keyword == Keyword::If {
                let name = file.slice(line.span).trim_start_matches("if").trim_matches([' ', ':']);
                let mut bound = file.values().bindings(name).iter().filter_map(|it| it.value);
                return bound.any(|it| {
                    let value = file.slice(it).replace(' ', "");
                    value.contains("required=") && !value.contains("required=False")
                });
            }
        } else if line.indent < limit {
            limit = line.indent;
            is_else = line.keyword == Keyword::Else;
        }
    }
    false
}

/// Whether what an offset is part of is called an example, a test, a placeholder: the definitions around it, what its
/// statement assigns to, or a comment beside it.
pub(crate) fn is_for_show(file: &FileContext<'_>, offset: u32) -> bool {
    if all_is_live(file) {
        return false;
    }
    let target = file.outline.line_at(offset).is_some_and(|line| {
        let text = file.slice(line.span);
        let end = text.find(['=', '(', '"', '\'']).unwrap_or(text.len());
        is_local_name(&text[..end])
    });
    target
        || is_called_dummy(file, offset)
        || file.outline.enclosing(offset).any(|it| is_local_name(file.slice(it.name)))
}

/// Whether a comment on the same line says that the value is none.
fn is_called_dummy(file: &FileContext<'_>, offset: u32) -> bool {
    const WORDS: [&str; 7] =
        ["dummy", "example", "fake", "mock", "mocked", "placeholder", "sample"];
    let lines = file.source.lines();
    let line = lines.line(offset);
    let comments = &file.outline.comments;
    let next = comments.partition_point(|comment| comment.start < offset);
    comments.get(next).is_some_and(|&comment| {
        lines.line(comment.start) == line
            && file
                .comment(comment)
                .split(|c: char| !c.is_ascii_alphabetic())
                .any(|word| WORDS.iter().any(|it| it.eq_ignore_ascii_case(word)))
    })
}

/// Whether a comment on the same line, or alone on the line above, says that the value is public.
pub(crate) fn is_called_public(file: &FileContext<'_>, offset: u32) -> bool {
    let lines = file.source.lines();
    let line = lines.line(offset);
    let comments = &file.outline.comments;
    let next = comments.partition_point(|comment| comment.start < offset);
    let beside = comments.get(next).filter(|comment| lines.line(comment.start) == line);
    let above = next.checked_sub(1).map(|before| &comments[before]);
    let above = above.filter(|comment| lines.line(comment.start) + 1 == line);
    // A paragraph above says more than a word.
    let first = comments.partition_point(|it| lines.line(it.start) + PARAGRAPH < line);
    let paragraph: Vec<&str> = comments[first..next]
        .iter()
        .map(|&comment| file.comment(comment).trim_matches(['#', ' ']))
        .collect();
    if says_harmless(&paragraph.join(" "))
        || beside.is_some_and(|&it| says_harmless(file.comment(it)))
    {
        return true;
    }
    beside.into_iter().chain(above).any(|&comment| {
        file.comment(comment)
            .split(|c: char| !c.is_ascii_alphabetic())
            .any(|word| word.eq_ignore_ascii_case("public"))
    })
}

/// Whether a comment on the line of a value, or within three lines above, says that it matters to nobody.
pub(crate) fn is_called_unimportant(file: &FileContext<'_>, offset: u32) -> bool {
    const REACH: u32 = 3;
    let lines = file.source.lines();
    let line = lines.line(offset);
    let comments = &file.outline.comments;
    let first = comments.partition_point(|it| lines.line(it.start) + REACH < line);
    let near = comments[first..].iter().take_while(|it| lines.line(it.start) <= line);
    let near: Vec<&str> =
        near.map(|&comment| file.comment(comment).trim_matches(['#', ' '])).collect();
    says_unimportant(&near.join(" "))
}

/// Whether one of the lines around a literal gives the same program a host of its own machine for default.
pub(crate) fn is_beside_local_host(file: &FileContext<'_>, offset: u32) -> bool {
    const REACH: usize = 4;
    let lines = &file.outline.lines;
    let own = lines.partition_point(|line| line.span.start <= offset).saturating_sub(1);
    let near = own.saturating_sub(REACH)..(own + REACH + 1).min(lines.len());
    let scope = lines.get(own).map(|line| line.scope);
    lines[near].iter().filter(|line| Some(line.scope) == scope).any(|line| {
        let text = file.slice(line.span).to_ascii_lowercase();
        text.split(['\n', ',', ';']).any(|part| part.contains("host") && is_local_address(part))
    })
}

fn is_local_address(text: &str) -> bool {
    let quoted = |host: &str| {
        text.match_indices(host).any(|(at, _)| {
            text[..at].ends_with(['"', '\'']) && text[at + host.len()..].starts_with(['"', '\''])
        })
    };
    quoted("localhost") || quoted("127.0.0.1")
}

/// Whether the statement of a literal speaks of examples before it: `Field(examples=["…"])`.
pub(crate) fn is_example(file: &FileContext<'_>, offset: u32) -> bool {
    const REACH: usize = 1000;
    !all_is_live(file)
        && file.outline.line_at(offset).is_some_and(|line| {
            let start = line.span.start.min(offset) as usize;
            let text = &file.source.text().as_bytes()[start..offset as usize];
            let near = &text[text.len().saturating_sub(REACH)..];
            // `example.com` is a host.
            near.windows(8)
                .any(|it| it[..7].eq_ignore_ascii_case(b"example") && !b".-/".contains(&it[7]))
        })
}

/// Whether a name has one of the words, in snake case or camel case.
fn is_local_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut start = 0;
    let mut found = false;
    for end in 1..=bytes.len() {
        let new = end == bytes.len()
            || !bytes[end].is_ascii_alphanumeric()
            || bytes[end - 1].is_ascii_lowercase() && bytes[end].is_ascii_uppercase();
        if new {
            let word = name.get(start..end).unwrap_or("").trim_matches('_');
            found |= LOCAL.iter().any(|it| it.eq_ignore_ascii_case(word));
            start = end;
        }
    }
    found
}

fn mentions_development(condition: &str) -> bool {
    let lower = condition.to_ascii_lowercase();
    lower
        .split(|it: char| !it.is_ascii_alphanumeric())
        .any(|it| LOCAL.contains(&it) || matches!(it, "testing" | "isdev" | "islocal" | "istest"))
}

/// Whether one of the conditions around an offset is about development.
pub(crate) fn under_debug(file: &FileContext<'_>, offset: u32) -> bool {
    let lines = &file.outline.lines;
    let index = lines.partition_point(|it| it.span.start <= offset).saturating_sub(1);
    let Some(line) = lines.get(index) else { return false };
    let text = file.slice(line.span);
    if text.contains(" if ") && mentions_development(text.split(" if ").nth(1).unwrap_or("")) {
        return true;
    }
    let mut indent = line.indent;
    let mut otherwise = line.keyword == Keyword::Else;
    for above in lines[..index].iter().rev() {
        let branch = otherwise
            && above.indent == indent
            && matches!(above.keyword, Keyword::If | Keyword::Elif);
        if above.indent < indent || branch {
            indent = above.indent;
            match above.keyword {
                Keyword::If | Keyword::Elif => {
                    let condition = file.slice(above.span);
                    let production = otherwise && condition.to_ascii_lowercase().contains("prod");
                    if mentions_development(condition) || production {
                        return true;
                    }
                    otherwise &= above.keyword == Keyword::Elif;
                }
                Keyword::Else => otherwise = true,
                Keyword::Def | Keyword::AsyncDef | Keyword::Class => return false,
                _ => {}
            }
        }
        if indent == 0 && !otherwise {
            return false;
        }
    }
    false
}

/// Whether a literal only stands in for a name without which production does not get there: `given or "..."` below
/// `if not given and not DEBUG: raise ...`.
fn is_behind_demanded(file: &FileContext<'_>, start: u32) -> bool {
    let Some(before) = file.source.text()[..start as usize].trim_end().strip_suffix(" or") else {
        return false;
    };
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
    let given = before.rsplit(|it| !is_part(it)).next().filter(|it| !it.is_empty());
    let demands = |line: &LogicalLine| {
        line.keyword == Keyword::If && {
            let condition = file.slice(line.span).trim_start_matches("if").trim_matches([' ', ':']);
            let mut parts = condition.split(" and ").map(|it| it.trim().strip_prefix("not "));
            // Where something else has to hold, too, production may get there.
            let is_debug = |it: &str| it.to_ascii_lowercase().contains("debug");
            parts.clone().any(|it| it == given)
                && parts.all(|it| it == given || it.is_some_and(is_debug))
        }
    };
    let scope = file.outline.line_at(start).and_then(|it| it.scope);
    let above = file.outline.lines.iter().take_while(|it| it.span.start < start);
    let above: Vec<_> = above.filter(|it| it.scope == scope).collect();
    given.is_some() && above.windows(2).any(|it| demands(it[0]) && it[1].keyword == Keyword::Raise)
}

/// Whether the file looks at the setting, or at its default, in order to refuse.
fn is_refused(file: &FileContext<'_>, literal: &Literal<'_>, name: &str, value: &str) -> bool {
    let text = file.source.text();
    let own = literal.joined.span;
    let quoted = [format!("\"{value}\""), format!("'{value}'")];
    // A table of what each setting must not be.
    let is_listed = ['"', '\''].iter().any(|quote| {
        let entry = format!("{quote}{name}{quote}: [{quote}{value}{quote}");
        text.contains(&entry)
    });
    if is_listed && file.outline.lines.iter().any(|it| it.keyword == Keyword::Raise) {
        return true;
    }
    let again = quoted.iter().flat_map(|it| text.match_indices(it.as_str()));
    let names = text.match_indices(name).filter(|(at, _)| is_whole_word(text, *at, name.len()));
    again.chain(names).any(|(at, _)| {
        let at = at as u32;
        let line = file.outline.line_at(at).filter(|it| !it.span.contains(own.start));
        line.is_some_and(|line| {
            let judged = matches!(line.keyword, Keyword::If | Keyword::Elif | Keyword::Assert)
                || in_validator(file, at)
                || file.slice(line.span).contains(" in ");
            let compared = line.keyword == Keyword::If
                && quoted.iter().any(|it| file.slice(line.span).contains(it.as_str()))
                && file.slice(line.span).contains(name);
            judged && is_refusal(file, line.span.start) || compared && ends_in_refusal(file, at)
        })
    })
}

/// Whether a function is one that pydantic or attrs calls to validate.
fn in_validator(file: &FileContext<'_>, offset: u32) -> bool {
    file.function_at(offset).is_some_and(|function| {
        let name = file.slice(function.name);
        ["__post_init__", "model_post_init", "validate", "check"].iter().any(|it| name.contains(it))
            || file
                .outline
                .decorators(function)
                .iter()
                .any(|&it| file.slice(it).contains("validator"))
    })
}

/// Whether the function around an offset raises something behind it.
fn ends_in_refusal(file: &FileContext<'_>, offset: u32) -> bool {
    file.function_at(offset).is_some_and(|function| {
        let mut lines = file.outline.lines.iter();
        lines.any(|it| {
            it.keyword == Keyword::Raise
                && it.span.start > offset
                && function.span.contains(it.span.start)
        })
    })
}

/// Whether a literal is compared with in order to refuse what equals it: `if key == "changeme": raise …`.
pub(crate) fn is_what_is_refused(file: &FileContext<'_>, start: u32) -> bool {
    let before = file.source.text()[..start as usize].trim_end_matches(['"', '\'']).trim_end();
    let lines = &file.outline.lines;
    let behind = lines.partition_point(|it| it.span.start <= start);
    let is_raised = || lines.get(behind).is_some_and(|it| it.keyword == Keyword::Raise);
    let condition = behind.checked_sub(1).and_then(|at| lines.get(at));
    ["==", "!=", " in", "(", "{", ","].iter().any(|sign| before.ends_with(sign))
        && condition.is_some_and(|it| {
            matches!(it.keyword, Keyword::If | Keyword::Elif) && it.span.contains(start)
        })
        && is_raised()
}

/// Whether within a few lines from an offset something is raised, ended or warned of.
fn is_refusal(file: &FileContext<'_>, offset: u32) -> bool {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < offset);
    lines[first..].iter().take(REFUSAL).any(|line| {
        let text = file.slice(line.span);
        matches!(line.keyword, Keyword::Raise | Keyword::Assert)
            // By their names helpers end the program: `fatal_error("…")`, `abort("…")`.
            || ["abort(", "die(", "fatal(", "fatal_error("].iter().any(|it| text.starts_with(it))
            || ["sys.exit(", "warnings.warn(", "raise ", ".critical(", ".warning(", ".error("]
                .iter()
                .any(|it| text.contains(it))
    })
}

fn is_whole_word(text: &str, at: usize, length: usize) -> bool {
    let word = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
    let bytes = text.as_bytes();
    let before = at > 0 && word(bytes[at - 1]);
    let after = bytes.get(at + length).is_some_and(|&it| word(it));
    !before && !after
}
/// Whether what stands at a place holds for nobody who runs the program: in a branch for those who develop it, or in a line of INI
/// that is commented out, as such files are handed out.
pub(crate) fn is_not_in_force(file: &FileContext<'_>, offset: u32) -> bool {
    if file.file.kind.is_python() {
        return is_of_developers(file, offset);
    }
    let before = file.source.text().get(..offset as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    matches!(file.file.path.extension(), Some("cfg" | "conf" | "ini"))
        && line.trim_start().starts_with(';')
}
