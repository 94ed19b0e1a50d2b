//! What code does with the object that a name stands for: changes it, binds the name anew, gives the object away. Knows the
//! containers of the standard library, not what called functions do.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Keyword, Span};

use crate::shared::code::text::{code_of, is_of_name, places_of};

/// What a place does with what its name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Changes it; the code that does, for people: `items.append(...)`.
    Changes(String),
    /// Binds the name to something else.
    Rebinds,
    /// Keeps it as this attribute, `self.items`.
    Keeps(String),
    /// Gives it to the caller.
    Returns,
    /// Anything else.
    Reads,
}

impl Use {
    /// Whether it could change an object with nothing in it.
    pub(crate) fn changes_empty(&self) -> bool {
        const REMOVING: [&str; 9] = [
            "clear", "discard", "pop", "popitem", "popleft", "remove", "reverse", "rotate", "sort",
        ];
        let Self::Changes(how) = self else { return false };
        !REMOVING.iter().any(|it| how.ends_with(&format!(".{it}(...)")))
    }
}

/// Methods of lists, dictionaries, sets and their like that change them.
const CHANGING: [&str; 22] = [
    "add",
    "append",
    "appendleft",
    "clear",
    "difference_update",
    "discard",
    "extend",
    "extendleft",
    "insert",
    "intersection_update",
    "move_to_end",
    "pop",
    "popitem",
    "popleft",
    "remove",
    "reverse",
    "rotate",
    "setdefault",
    "sort",
    "subtract",
    "symmetric_difference_update",
    "update",
];

/// The uses of a name, or of a dotted name such as `self.items`, in a range of the file, with their offsets.
pub(crate) fn uses_of(file: &FileContext<'_>, span: Span, name: &str) -> Vec<(u32, Use)> {
    if !file.slice(span).contains(name) {
        return Vec::new();
    }
    let code = code_of(file.source, file.outline, span);
    let places = places_of(&code, name).filter(|&at| !code[..at].trim_end().ends_with('.'));
    let used =
        places.map(|at| (span.start + at as u32, use_at(file, &code, (span.start, at), name)));
    used.collect()
}

fn use_at(file: &FileContext<'_>, code: &str, (start, at): (u32, usize), name: &str) -> Use {
    let offset = start + at as u32;
    let behind = code[at + name.len()..].trim_start_matches([' ', '\t']);
    let before = code[..at].trim_end_matches([' ', '\t']);
    let Some(line) = file.outline.line_at(offset) else { return Use::Reads };
    let begins = line.span.start == offset;
    if let Some(how) = change(behind, begins, before) {
        return Use::Changes(format!("{name}{how}"));
    }
    let is_target = begins && (is_assigned(behind) || behind.starts_with([',', ':']));
    let is_bound = before.ends_with(" as") || behind.starts_with(":=") || before.ends_with("for");
    if is_target || is_bound {
        return Use::Rebinds;
    }
    let text = file.slice(line.span);
    match line.keyword {
        Keyword::Return if text["return".len()..].trim() == name => Use::Returns,
        Keyword::Other if text.strip_prefix("yield").is_some_and(|it| it.trim() == name) => {
            Use::Returns
        }
        Keyword::Other => kept(text, name).map_or(Use::Reads, |it| Use::Keeps(it.to_owned())),
        _ => Use::Reads,
    }
}

/// How the code behind a name changes what it stands for, for people.
fn change(behind: &str, begins: bool, before: &str) -> Option<String> {
    if let Some(rest) = behind.strip_prefix('.') {
        let method = rest.split(|it| !is_of_name(it)).next().unwrap_or_default();
        let is_called = rest[method.len()..].trim_start().starts_with('(');
        return (is_called && CHANGING.contains(&method)).then(|| format!(".{method}(...)"));
    }
    if behind.starts_with('[') {
        let rest = behind[closing(behind)?..].trim_start_matches([' ', '\t']);
        let is_deleted = before.ends_with("del") && !rest.starts_with(['.', '[']);
        return (is_deleted || is_assigned(rest) || operator(rest).is_some())
            .then(|| "[...] = ...".to_owned());
    }
    operator(behind).filter(|_| begins).map(|it| format!(" {it} ..."))
}

/// The operator that changes a container in place, if a text begins with one.
fn operator(text: &str) -> Option<&'static str> {
    ["+=", "|=", "-=", "&=", "^=", "*="].into_iter().find(|it| text.starts_with(it))
}

fn is_assigned(text: &str) -> bool {
    text.starts_with('=') && !text.starts_with("==")
}

/// The offset behind the bracket that closes the first one.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'(' | b'{' => depth += 1,
            b']' | b')' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The attribute of `self` that a statement binds to a name and nothing else.
fn kept<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (target, value) = text.split_once('=')?;
    let target = target.split(':').next().unwrap_or_default().trim();
    let attribute = target.strip_prefix("self.")?;
    (value.trim() == name && attribute.chars().all(is_of_name)).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn uses_are_told_apart() {
        let text = "x.append(1)\nx[a[0]] = 2\nx += [3]\ny = x[0] == 1\nself.x = x\ndel x[0]\nf(x=x)\nx = []\na.x.append(1)\nx.copy()\n";
        with_file("a.py", text, |file| {
            let uses = uses_of(file, Span::new(0, text.len() as u32), "x");
            let changes = uses.iter().filter(|it| matches!(it.1, Use::Changes(_))).count();
            assert_eq!(changes, 4, "{uses:?}");
            assert!(uses.iter().any(|it| it.1 == Use::Keeps("self.x".to_owned())));
            assert_eq!(uses.iter().filter(|it| it.1 == Use::Rebinds).count(), 1);
        });
    }
}
