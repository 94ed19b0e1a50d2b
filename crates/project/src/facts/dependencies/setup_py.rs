//! Reads what a `setup.py` hands to `setup` as literals, or by the name of a literal of the module. What is computed is not
//! known. <https://setuptools.pypa.io/en/latest/references/keywords.html>

use roadworthy_parser::{Outline, Span, dotted_text};

use super::requirement::{parse, specifiers};
use super::{Group, Manifest, ManifestKind, development};
use crate::facts::{Located, Place, PythonFile};

/// What a `setup.py` says.
pub(super) struct Read {
    pub(super) manifest: Manifest,
    /// Whether it computes its requirements.
    pub(super) computed: bool,
}

/// No `setup.py` that people write is longer; each byte of the call is looked at more than once.
const LONGEST: usize = 300_000;

/// Reads a file, where it builds a package.
pub(super) fn read(file: &PythonFile) -> Option<Read> {
    let text = file.source.text();
    let calls = &file.outline.calls;
    let setup = calls.iter().find(|call| {
        let name = dotted_text(text, call.name);
        !call.attached && matches!(&*name, "setup" | "setuptools.setup" | "core.setup")
    })?;
    let reader = Reader { text, outline: &file.outline };
    let computed = text.len() > LONGEST;
    let mut read = Read { manifest: Manifest::new(&file.path, ManifestKind::SetupPy), computed };
    if computed {
        return Some(read);
    }
    let inside = Span::new(setup.arguments.start + 1, setup.arguments.end.saturating_sub(1));
    for (keyword, value) in reader.keywords(inside) {
        let group = match keyword {
            "install_requires" | "requires" => Group::Main,
            "setup_requires" => Group::Build,
            "tests_require" => development("test"),
            "extras_require" => {
                for (extra, list) in reader.extras(value) {
                    take(&mut read.manifest, file, &reader, list, &Group::Extra(extra.to_owned()));
                }
                continue;
            }
            "python_requires" => {
                if let Some([literal]) = reader.literals(value).as_deref() {
                    let place = Place::new(&file.path, *literal);
                    let value = specifiers(literal.of_text(text));
                    read.manifest.requires_python = Some(Located { value, place });
                }
                continue;
            }
            // `setup(**options)` may say anything.
            "" if value.of_text(text).trim_start().starts_with("**") => {
                read.computed = true;
                continue;
            }
            _ => continue,
        };
        let known = take(&mut read.manifest, file, &reader, value, &group);
        read.computed |= !known && group == Group::Main;
    }
    Some(read)
}

/// Takes the literals of a list; whether there is nothing else in it.
fn take(
    manifest: &mut Manifest,
    file: &PythonFile,
    reader: &Reader<'_>,
    value: Span,
    group: &Group,
) -> bool {
    let Some(literals) = reader.literals(value) else { return false };
    for literal in literals {
        // One literal may hold several, a line each.
        let mut at = literal.start as usize;
        for line in literal.of_text(reader.text).split_inclusive('\n') {
            let start = at + line.len() - line.trim_start().len();
            at += line.len();
            if let Some(parsed) = parse(line) {
                let span = crate::facts::syntax::span(start, start + line.trim().len());
                manifest.requirements.push(parsed.at(Place::new(&file.path, span), group.clone()));
            }
        }
    }
    true
}

struct Reader<'f> {
    text: &'f str,
    outline: &'f Outline,
}

impl<'f> Reader<'f> {
    /// The arguments inside of a call, with their keywords.
    fn keywords(&self, inside: Span) -> Vec<(&'f str, Span)> {
        let arguments = self.parts(inside, b',').into_iter();
        arguments
            .map(|argument| match self.parts(argument, b'=').as_slice() {
                [keyword, value] => (self.code(*keyword), *value),
                _ => ("", argument),
            })
            .collect()
    }

    /// The keys and values of a dictionary whose keys are literals.
    fn extras(&self, value: Span) -> Vec<(&'f str, Span)> {
        let value = self.followed(value);
        let Some(inside) = self.between(value, b'{', b'}') else { return Vec::new() };
        let entries = self.parts(inside, b',').into_iter();
        entries
            .filter_map(|entry| match self.parts(entry, b':').as_slice() {
                [key, value] => {
                    let key = self.outline.string_at(self.first(*key)?)?;
                    Some((key.content().of_text(self.text), *value))
                }
                _ => None,
            })
            .collect()
    }

    /// The contents of the literals in a list, tuple or set, or of a literal by itself; `None` where anything else is among
    /// them.
    fn literals(&self, value: Span) -> Option<Vec<Span>> {
        let value = self.followed(value);
        let inside = [(b'[', b']'), (b'(', b')'), (b'{', b'}')]
            .iter()
            .find_map(|&(open, close)| self.between(value, open, close))
            .unwrap_or(value);
        let parts = self.parts(inside, b',').into_iter();
        let literals = parts.filter_map(|part| Some((part, self.first(part)?)));
        literals
            .map(|(part, first)| {
                let literal = self.outline.string_at(first).filter(|it| it.span.start == first)?;
                let alone = self.first(Span::new(literal.span.end, part.end)).is_none();
                (alone && !literal.interpolated).then(|| literal.content())
            })
            .collect()
    }

    /// What a name of the module stands for, where it is bound once; anything else itself.
    fn followed(&self, value: Span) -> Span {
        let name = self.code(value);
        let is_name = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if !is_name(name) {
            return value;
        }
        let mut bound = self.outline.lines.iter().filter_map(|line| {
            let rest = line.span.of_text(self.text).strip_prefix(name)?;
            let behind = rest.trim_start();
            let changes =
                behind.starts_with('=') || behind.starts_with("+=") || behind.starts_with('.');
            changes.then_some((line.span, behind))
        });
        match (bound.next(), bound.next()) {
            (Some((line, behind)), None) if behind.starts_with('=') => {
                Span::new(line.end - (behind.len() as u32 - 1), line.end)
            }
            _ => value,
        }
    }

    /// What stands between brackets, where they are all there is.
    fn between(&self, value: Span, open: u8, close: u8) -> Option<Span> {
        let first = self.first(value)?;
        let last = self.codes(value).last()?;
        let bytes = self.text.as_bytes();
        let whole = bytes[first as usize] == open && bytes[last as usize] == close;
        // `["a"] + more + ["b"]` begins and ends alike.
        let mut depth = 0;
        let closed = whole.then(|| {
            self.codes(value).find(|&at| {
                depth += depth_of(bytes[at as usize]);
                depth == 0
            })
        })?;
        (closed == Some(last)).then(|| Span::new(first + 1, last))
    }

    /// The parts of a range between separators that stand in no bracket.
    fn parts(&self, range: Span, separator: u8) -> Vec<Span> {
        let bytes = self.text.as_bytes();
        let mut parts = Vec::new();
        let (mut depth, mut start) = (0, range.start);
        for at in self.codes(range) {
            let byte = bytes[at as usize];
            depth += depth_of(byte);
            if byte == separator && depth == 0 {
                parts.push(Span::new(start, at));
                start = at + 1;
            }
        }
        parts.push(Span::new(start, range.end));
        parts
    }

    /// The offset of the first letter of code.
    fn first(&self, range: Span) -> Option<u32> {
        let first = range.of_text(self.text).bytes().zip(range.start..);
        let blank = |byte: u8| byte.is_ascii_whitespace() || byte == b'\\';
        first
            .filter(|&(byte, _)| !blank(byte))
            .map(|(_, at)| at)
            .find(|&at| self.outline.comment_at(at).is_none())
    }

    /// Offsets of what is neither blank nor inside a literal or comment.
    fn codes(&self, range: Span) -> impl Iterator<Item = u32> {
        let bytes = range.of_text(self.text).bytes().zip(range.start..);
        bytes.filter(|(byte, _)| !byte.is_ascii_whitespace()).map(|(_, at)| at).filter(|&at| {
            self.outline.string_at(at).is_none() && self.outline.comment_at(at).is_none()
        })
    }

    /// A word of code without what surrounds it.
    fn code(&self, range: Span) -> &'f str {
        let Some(start) = self.first(range) else { return "" };
        Span::new(start, range.end).of_text(self.text).trim()
    }
}

fn depth_of(byte: u8) -> i32 {
    match byte {
        b'(' | b'[' | b'{' => 1,
        b')' | b']' | b'}' => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::{SourceFile, scan};

    use super::*;

    fn read_text(text: &str) -> Read {
        let source = SourceFile::from_text(text);
        read(&PythonFile { path: "setup.py".into(), outline: scan(text), source }).unwrap()
    }

    fn found<'t>(read: &Read, text: &'t str) -> Vec<(&'t str, Group)> {
        let all = read.manifest.requirements.iter();
        all.map(|it| (it.place.span.of_text(text), it.group.clone())).collect()
    }

    #[test]
    fn literals_are_read() {
        let text = "from setuptools import setup\nDOCS = ['f']\nsetup(\n  name='a',  # x, y\n  install_requires=[\n    'b>=1',  # 'no'\n    \"c; python_version<'3.9'\",\n  ],\n  extras_require={'x': ['d', 'e'], 'docs': DOCS, **more},\n  python_requires='>=3.8',\n)\n";
        let read = read_text(text);
        assert_eq!(
            found(&read, text),
            [
                ("b>=1", Group::Main),
                ("c; python_version<'3.9'", Group::Main),
                ("d", Group::Extra("x".into())),
                ("e", Group::Extra("x".into())),
                ("f", Group::Extra("docs".into())),
            ]
        );
        assert!(!read.computed && read.manifest.requires_python.is_some());
    }

    #[test]
    fn a_name_of_the_module_is_followed_once() {
        let text = "import setuptools\nneeds = ['b']\nsetuptools.setup(install_requires=needs)\n";
        assert_eq!(found(&read_text(text), text), [("b", Group::Main)]);
        let more = "needs = ['b']\nneeds += ['c']\nsetup(install_requires=needs)\n";
        assert!(read_text(more).computed);
    }

    #[test]
    fn what_is_computed_is_not_known() {
        for value in ["read('requirements.txt')", "['a'] + more", "[f'a=={v}']", "['a', *more]"] {
            assert!(read_text(&format!("setup(install_requires={value})\n")).computed, "{value}");
        }
        assert!(read_text("setup(**config)\n").computed);
        assert!(!read_text("setup(name='a')\n").computed);
    }
}
