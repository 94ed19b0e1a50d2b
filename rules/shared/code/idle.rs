//! Whether nothing runs the code at some place of an application: the catalogue's word for what is advice there. Knows where files
//! lie, names and blocks; no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::Keyword;
use roadworthy_project::{FileKind, Role};

use crate::shared::code::broken::is_unloadable;
use crate::shared::code::chosen::is_never_chosen;
use crate::shared::code::developing::{is_for_local_callers, is_of_developers, stands_in};
use crate::shared::code::kept::{is_for_reading, is_retired};
use crate::shared::code::named::{is_of_packaged_service, is_published, is_unreached};
use crate::shared::code::overridden::is_overridden;
use crate::shared::code::unused::{is_class_used_nowhere, is_used_nowhere};
use crate::shared::code::words::last_part;
use crate::shared::delivery::unbuilt::{is_unbuilt, lies_unbuilt};
use crate::shared::frameworks::{routers, views};

/// Whether nothing runs what stands at an offset: no import leads to its module, nothing includes its router or names its view,
/// nobody names the function around or asks for the branch around, another method is put in its place, or the block around has
/// ended before, or its module cannot be loaded. So it is where only those who develop are met: in a branch for them, and in what
/// stands in for something, and in folders that are kept to be read, that say they are retired, or of an image that nobody builds
/// any more. Of Dockerfiles it is those.
pub(crate) fn is_idle(file: &FileContext<'_>, offset: u32) -> bool {
    let known = file.in_facts();
    if file.file.kind == FileKind::Dockerfile {
        return known.is_some_and(|(facts, known)| {
            is_unbuilt(facts, &known.path) || is_retired(facts, &known.path)
        });
    }
    let function = || file.outline.enclosing(offset).filter(|it| it.is_function()).last();
    let is_in_idle_class = || {
        let mut around = file.outline.enclosing(offset);
        around.next().is_some_and(|it| it.is_class() && is_class_used_nowhere(file, it))
    };
    let is_own = file.role == Role::Application
        || file.role == Role::Library && !is_published(file)
        || file.role == Role::Library && is_of_packaged_service(file);
    stands_in(file)
        || is_own && (is_of_developers(file, offset) || is_for_local_callers(file, offset))
        || is_own
            && (is_behind_the_end(file, offset)
                || is_unreached(file)
                || is_hidden_by_package(file)
                || says_out_of_use(file, offset)
                || routers::is_idle(file)
                || views::is_idle(file, offset)
                || is_never_chosen(file, offset)
                || is_overridden(file, offset)
                || function().is_some_and(|it| is_used_nowhere(file, it))
                || is_in_idle_class()
                || known.is_some_and(|(facts, known)| lies_unbuilt(facts, &known.path)))
        || is_for_reading(file)
        || known.is_some_and(|(facts, known)| is_retired(facts, &known.path))
        || is_own && is_unloadable(file)
}

/// Whether a package of the same name lies beside a module: imports lead there
/// (<https://docs.python.org/3/reference/import.html#the-path-based-finder>).
pub(crate) fn is_hidden_by_package(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        // Who starts the file does not import it.
        let may_be_started =
            !file.outline.main_guards.is_empty() || !file.path_inside().contains('/');
        !may_be_started && facts.tree().is_file(&known.path.with_extension("").join("__init__.py"))
    })
}

/// Whether a function or a class around a place says that nobody is to use it any more: by `@deprecated`, or in the first line of
/// its docstring.
fn says_out_of_use(file: &FileContext<'_>, offset: u32) -> bool {
    let is_deprecated = |decorator: &str| {
        last_part(decorator.split('(').next().unwrap_or_default()) == "deprecated"
    };
    file.outline.enclosing(offset).any(|it| {
        file.outline.decorators(it).iter().any(|it| is_deprecated(file.slice(*it)))
            || it.docstring.is_some_and(|it| is_out_of_use(file.slice(it)))
    })
}

/// Whether the first line of a docstring says so: `"""DEPRECATED: use load_all."""`, `"""Loads orders. (unused)"""`.
fn is_out_of_use(docstring: &str) -> bool {
    const WORDS: [&str; 4] = ["deprecated", "no longer used", "not used anymore", "unused"];
    let inside = docstring.trim_start_matches(['r', 'R', 'u', 'U', '"', '\'']).trim_start();
    let first = inside.lines().next().unwrap_or_default().to_lowercase();
    let first = first.trim_end_matches(['"', '\'']);
    let head = first.trim_start_matches(['(', '[', '*', '.', ' ', '!', '_']);
    WORDS.iter().any(|word| {
        // `Deprecated settings are mended` is about something else.
        head.strip_prefix(word).is_some_and(|it| !it.starts_with(' ') || is_end_of(it))
            || first.contains(&format!("({word})"))
            || first.contains(&format!("[{word}]"))
    })
}

/// Whether what stands behind such a word ends what is said, or tells since when or what to use: `since 2.0`, `- use load`.
fn is_end_of(behind: &str) -> bool {
    let next = behind.split_whitespace().next().unwrap_or_default();
    matches!(next, "" | "-" | "and" | "as" | "in" | "since" | "use" | "–" | "—")
}

/// Whether a statement above in the same block, or in one around it, leaves the block whatever happens.
fn is_behind_the_end(file: &FileContext<'_>, offset: u32) -> bool {
    let lines = &file.outline.lines;
    let after = lines.partition_point(|line| line.span.start <= offset);
    let Some((own, above)) = lines[..after].split_last() else { return false };
    let mut limit = own.indent;
    for line in above.iter().rev().take_while(|line| line.scope >= own.scope) {
        if line.scope != own.scope || line.indent > limit {
            continue;
        }
        if line.indent == limit
            && matches!(
                line.keyword,
                Keyword::Return | Keyword::Raise | Keyword::Continue | Keyword::Break
            )
        {
            return true;
        }
        limit = line.indent;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{is_behind_the_end, is_out_of_use};
    use crate::shared::in_memory::with_file;

    #[test]
    fn docstrings_tell_that_nobody_is_to_use_it() {
        for text in [
            "'Deprecated.'",
            "'\n    DEPRECATED: use load_all\n    '",
            "'.. deprecated:: 2.0\n'",
            "'Deprecated since 2.0'",
            "'(unused)(deprecated) Loads.'",
            "'Loads orders. (unused)\n\n    More.'",
        ] {
            assert!(is_out_of_use(text), "{text}");
        }
        for text in [
            "'Deprecated settings are mended.'",
            "'Removes unused orders.'",
            "'Unused orders are removed.'",
            "'Loads.\n\n    `old` is (deprecated).'",
        ] {
            assert!(!is_out_of_use(text), "{text}");
        }
    }

    #[test]
    fn what_stands_behind_a_return_of_its_block_never_runs() {
        let code = "def load(path):\n    if path:\n        return 1\n    here(path)\n    for part in path:\n        \
            raise Gone\n        if part:\n            gone(part)\n    else:\n        there(path)\n    return 2\n    \
            match path:\n        case 1:\n            over()\n\ndef next():\n    first()\n";
        with_file("shop/load.py", code, |file| {
            let is_over = |name: &str| is_behind_the_end(file, code.find(name).unwrap() as u32);
            for name in ["gone(", "over("] {
                assert!(is_over(name), "{name}");
            }
            for name in ["here(", "there(", "first("] {
                assert!(!is_over(name), "{name}");
            }
        });
    }
}
