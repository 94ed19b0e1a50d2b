//! Whether code is meant for Python 2, which knows no hints: by what the component says of itself, and by what only Python 2
//! understands. Knows words, not what is missing in signatures.

use roadworthy_engine::FileContext;
use roadworthy_project::facts::Facts;
use roadworthy_project::facts::pythons::NamedBy;
use roadworthy_project::{File, Role};

use crate::shared::code::text::has_name;

/// As many files of a component tell in what all of it is written.
const ENOUGH: usize = 60;

/// Whether a file, or the component that it is part of, is written in Python 2.
pub(super) fn is_of_python_2(file: &FileContext<'_>) -> bool {
    if file.names().imports_module("urllib2") && !may_be_both(file.source.text())
        || is_old(file.source.text())
    {
        return true;
    }
    file.in_facts().is_some_and(|(facts, known)| {
        is_declared(facts, known.component)
            || needs_python_2(facts, known.component)
            || facts.answer(known.component, "is written in Python 2".to_owned(), || {
                is_mostly_old(facts, known.component)
            })
    })
}

/// Whether all that a component says of Python is that it runs on Python 2.
fn is_declared(facts: &Facts<'_>, component: usize) -> bool {
    let Some(versions) = facts.pythons().get(component) else { return false };
    let mut told = versions.named.iter();
    // A classifier may name a major version alone, which is no minor one.
    let claims_3 = || {
        let mut claims = versions.by(NamedBy::Classifier);
        claims.any(|it| {
            let manifest = facts.text(&it.place.path).whole();
            manifest.is_some_and(|it| it.text().contains("Python :: 3"))
        })
    };
    told.len() > 0 && told.all(|it| it.versions.iter().all(|it| it.major < 3)) && !claims_3()
}

/// Whether a component declares a Django that knows no Python 3: one before version 1.5
/// (<https://docs.djangoproject.com/en/1.8/releases/1.5/>).
fn needs_python_2(facts: &Facts<'_>, component: usize) -> bool {
    let Some(own) = facts.dependencies().components.get(component) else { return false };
    let mut declared = own.declared().filter(|it| it.name == "django").peekable();
    declared.peek().is_some() && declared.all(|it| !it.may_reach("1.5"))
}

/// Whether one file in ten or more is of Python 2, and hardly any of Python 3.
fn is_mostly_old(facts: &Facts<'_>, component: usize) -> bool {
    let project = facts.project();
    let is_judged = |it: &&File| {
        let role = it.path_role.as_ref().map(|it| it.role);
        it.kind.is_python() && it.component == component && role != Some(Role::Vendored)
    };
    let files: Vec<&File> = project.files.iter().filter(is_judged).collect();
    // Those that are read lie all over the component.
    let step = files.len().div_ceil(ENOUGH).max(1);
    let (mut all, mut old, mut new) = (0, 0, 0);
    for read in files.into_iter().step_by(step).filter_map(|it| facts.source(it)) {
        all += 1;
        old += usize::from(is_old(read.text()));
        new += usize::from(is_new(read.text()));
    }
    old >= 2 && old * 10 >= all && new * 20 <= all
}

/// Whether a text holds what Python 3 does not know.
fn is_old(text: &str) -> bool {
    const SIGNS: [&str; 6] = [
        ".has_key(",
        ".iteritems()",
        ".itervalues()",
        ", unicode)",
        "import urlparse\n",
        "import StringIO\n",
    ];
    let signs = SIGNS.iter().any(|it| text.contains(it));
    let names = ["basestring", "cPickle", "raw_input", "unichr", "xrange"]
        .iter()
        .any(|it| has_name(text, it));
    !may_be_both(text) && !is_new(text) && (signs || names || text.lines().any(is_old_statement))
}

/// `print "…"`, `print >>file`, `except Error, error:`
fn is_old_statement(line: &str) -> bool {
    let line = line.trim_start();
    let prints = ["print \"", "print '", "print u'", "print u\"", "print >>"];
    // What is raised takes its words in brackets now.
    let thrown = line.strip_prefix("raise ").and_then(|it| it.split_once(", "));
    let raises = thrown.is_some_and(|(class, words)| {
        let is_name =
            class.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'));
        is_name && words.starts_with(['"', '\''])
    });
    let caught = line.strip_prefix("except ").and_then(|it| it.trim_end().strip_suffix(':'));
    // Newer versions of Python take `except KeyError, ValueError:` for two classes (PEP 758).
    let is_bound = |name: &str| name.starts_with(|it: char| it.is_ascii_lowercase());
    prints.iter().any(|it| line.starts_with(it))
        || raises
        || caught.and_then(|it| it.split_once(", ")).is_some_and(|(class, name)| {
            is_bound(name)
                && !class.contains('(')
                && name.bytes().all(|it| it.is_ascii_alphanumeric())
        })
}

/// Whether a text serves both, by a library or by names of its own for what differs.
fn may_be_both(text: &str) -> bool {
    ["six", "from __future__", "future.utils", "except NameError"]
        .iter()
        .any(|it| text.contains(it))
}

/// Whether a text holds what Python 2 does not know.
fn is_new(text: &str) -> bool {
    const SIGNS: [&str; 6] = [" -> ", "async def ", "nonlocal ", "yield from ", "(f\"", "= f\""];
    SIGNS.iter().any(|it| text.contains(it))
}

#[cfg(test)]
mod tests {
    use super::{is_new, is_old};

    #[test]
    fn statements_of_python_2_tell_it() {
        for old in [
            "print \"a\"",
            "    print >>out, a",
            "except KeyError, error:",
            "a.has_key(b)",
            "raise ValueError, \"a\"",
            "isinstance(a, basestring)",
        ] {
            assert!(is_old(old), "{old}");
        }
        for other in
            ["print(\"a\")", "except KeyError, ValueError:", "a in b", "import six\nxrange(3)"]
        {
            assert!(!is_old(other), "{other}");
        }
        assert!(is_new("def f() -> int: ...") && !is_new("def f(): ..."));
    }
}
