//! The imports of a file that must succeed for it to be of use. Knows syntax, no project.

use roadworthy_parser::{Import, Keyword, LogicalLine, Outline, dotted_text};

/// An import that nothing stands around which takes it for optional.
#[derive(Clone, Debug)]
pub struct Needed<'o> {
    /// The dotted name of the module; of `from a import b`, which may be one itself, `a.b`.
    pub module: String,
    /// The import.
    pub import: &'o Import,
    /// Whether it is carried out when the module is imported, and not first when a function is called.
    pub at_once: bool,
}

/// The absolute imports of a file that are not for type checkers only, and lie under no condition and in no attempt.
/// Most are of no interest, which the name before the first dot tells.
pub fn needed<'o, F: Fn(&str) -> bool>(
    text: &'o str,
    outline: &'o Outline,
    is_of_interest: F,
) -> impl Iterator<Item = Needed<'o>> + use<'o, F> {
    let mut last = None;
    outline.imports.iter().filter_map(move |import| {
        if import.level > 0 || import.type_checking || import.module.is_empty() {
            return None;
        }
        if !is_of_interest(top(import.module.of_text(text))) {
            return None;
        }
        let (statement, optional) = *last
            .take_if(|(statement, _)| *statement == import.statement)
            .get_or_insert((import.statement, is_optional(text, outline, import)));
        last = Some((statement, optional));
        let name = import.name.of_text(text);
        let module = dotted_text(text, import.module);
        let module = if name.is_empty() { module.into_owned() } else { format!("{module}.{name}") };
        let at_once = import.scope.is_none();
        (!optional).then_some(Needed { module, import, at_once })
    })
}

/// The name before the first dot, which white space may follow.
fn top(module: &str) -> &str {
    module.split('.').next().unwrap_or_default().trim()
}

/// Whether a program runs on without what an import brings: it stands in an attempt, a handler or a branch.
fn is_optional(text: &str, outline: &Outline, import: &Import) -> bool {
    let lines = &outline.lines;
    let own = lines.partition_point(|line| line.span.end <= import.statement.start);
    let Some(mut limit) = lines.get(own).map(|line| line.indent) else { return false };
    let on_its_line = lines.get(own).is_some_and(|line| opens(text, lines, own, line));
    if on_its_line {
        return true;
    }
    for (index, line) in lines[..own].iter().enumerate().rev() {
        if limit == 0 {
            break;
        }
        if line.indent < limit {
            limit = line.indent;
            if opens(text, lines, index, line) {
                return true;
            }
        }
    }
    false
}

/// Whether a line is the header of a block that may be left, or not entered, without harm.
fn opens(text: &str, lines: &[LogicalLine], index: usize, line: &LogicalLine) -> bool {
    match line.keyword {
        Keyword::If | Keyword::Elif | Keyword::Else | Keyword::Except => true,
        Keyword::With => line.span.of_text(text).contains("suppress"),
        Keyword::Try => lines[index + 1..]
            .iter()
            .find(|next| next.indent <= line.indent)
            .is_some_and(|next| next.indent == line.indent && next.keyword == Keyword::Except),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::scan;

    use super::*;

    #[test]
    fn what_may_fail_is_not_needed() {
        let text = "\
import a, b.c
from d import (e, f)
from . import g
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import h
try:
    import i
    if True:
        import j
except ImportError:
    import k
try:
    import l
finally:
    pass
with suppress(ImportError):
    import m
def later():
    import n
    if fast: import o
";
        let outline = scan(text);
        let found: Vec<_> =
            needed(text, &outline, |_| true).map(|it| (it.module, it.at_once)).collect();
        let found: Vec<_> = found.iter().map(|(name, at_once)| (name.as_str(), *at_once)).collect();
        assert_eq!(
            found,
            [
                ("a", true),
                ("b.c", true),
                ("d.e", true),
                ("d.f", true),
                ("typing.TYPE_CHECKING", true),
                ("l", true),
                ("n", false)
            ]
        );
    }
}
