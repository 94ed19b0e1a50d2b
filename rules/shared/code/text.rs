//! The text of code with what is no code blanked out, and names in it. Knows strings and comments, no syntax.

use std::borrow::Cow;

use memchr::memmem;
use roadworthy_parser::{Outline, SourceFile, Span};

/// The text of a range in which each string and comment is blank; every offset stays what it was. What is worked out
/// inside f-strings stays where it stands.
pub(crate) fn code_of<'a>(source: &'a SourceFile, outline: &Outline, span: Span) -> Cow<'a, str> {
    code_in(source.text(), outline, span)
}

/// The same of a text and its outline.
pub(crate) fn code_in<'a>(text: &'a str, outline: &Outline, span: Span) -> Cow<'a, str> {
    let text = span.of_text(text);
    let mut blanks = Vec::new();
    let first = outline.comments.partition_point(|it| it.end <= span.start);
    blanks.extend(outline.comments[first..].iter().take_while(|it| it.start < span.end).copied());
    let first = outline.strings.partition_point(|it| it.span.start < span.start);
    let strings = outline.strings[first..].iter().take_while(|it| it.span.start < span.end);
    blanks.extend(strings.filter(|it| !it.interpolated).map(|it| it.span));
    if blanks.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for blank in blanks {
        let start = blank.start.saturating_sub(span.start) as usize;
        let end = (blank.end.saturating_sub(span.start) as usize).min(bytes.len());
        for byte in &mut bytes[start.min(end)..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Where a name stands as a whole word.
pub(crate) fn places_of<'t>(code: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    memmem::find_iter(code.as_bytes(), name).filter(move |&at| {
        // An empty name stands between any two bytes.
        code.is_char_boundary(at)
            && !code[..at].ends_with(is_of_name)
            && !code[at + name.len()..].starts_with(is_of_name)
    })
}

/// Whether a logical line in which strings are blank may give a name another value.
pub(crate) fn binds(line: &str, name: &str) -> bool {
    let end = end_of_targets(line);
    let line_start = line.trim_start();
    let line_start = line_start.strip_prefix("async ").unwrap_or(line_start).trim_start();
    let first = line_start.split(|it| !is_of_name(it)).next().unwrap_or_default();
    places_of(line, name).any(|at| {
        let (before, behind) = (line[..at].trim_end(), line[at + name.len()..].trim_start());
        let is_part = before.ends_with('.') || behind.starts_with(['.', '[']);
        let is_target = at < end
            || behind.starts_with(":=")
            || before.ends_with(" for")
            || match first {
                "for" => line.find(" in ").is_some_and(|it| at < it),
                "with" | "except" => line[..at].contains(" as "),
                "def" | "class" => before.ends_with(first),
                "case" | "del" | "global" | "nonlocal" => true,
                _ => false,
            };
        !is_part && is_target
    })
}

/// Where the targets of an assignment end: at its last `=` outside of brackets, or at the beginning where there is none.
fn end_of_targets(line: &str) -> usize {
    let bytes = line.as_bytes();
    let (mut depth, mut end) = (0_u32, 0);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'=' if depth == 0 => {
                let before = at.checked_sub(1).map(|it| bytes[it]);
                let compares = matches!(before, Some(b'=' | b'!' | b'<' | b'>' | b':'))
                    || bytes.get(at + 1) == Some(&b'=');
                end = if compares { end } else { at };
            }
            _ => {}
        }
    }
    end
}

/// So many bytes of the beginning of a text, or hardly fewer.
pub(crate) fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// What the last line of a text ends with: so many bytes at most, or hardly fewer.
pub(crate) fn last_part_of_line(text: &str, most: usize) -> &str {
    let mut start = text.len().saturating_sub(most);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let end = &text[start..];
    end.rsplit('\n').next().unwrap_or(end)
}

/// Whether a name stands somewhere as a whole word.
pub(crate) fn has_name(code: &str, name: &str) -> bool {
    places_of(code, name).next().is_some()
}

/// Whether a letter may stand in a name.
pub(crate) fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn lines_give_names_another_value() {
        for line in [
            "method = 'GET'",
            "url, method = split(method)",
            "method, rest = parts",
            "(method, [rest]) = parts",
            "method: str = choose()",
            "method += 'X'",
            "for verb, method in pairs:",
            "async for method in pairs:",
            "if (method := choose()):",
            "with choose() as method:",
            "with choose() as (verb, method):",
            "case [method, _]:",
            "def method():",
        ] {
            assert!(binds(line, "method"), "{line}");
        }
        for line in [
            "call(method=method)",
            "verb = method",
            "call(\n    method=method,\n)",
            "self.method = method",
            "method.verb = 1",
            "if method == other:",
            "verb = method == other",
            "for verb in method:",
            "def call(self):",
        ] {
            assert!(!binds(line, "method"), "{line}");
        }
    }

    #[test]
    fn strings_and_comments_are_blank_and_offsets_stay() {
        let text = "a = 'x'  # x\nb = f'{x}é'\n";
        with_file("a.py", text, |file| {
            let all = Span::new(0, text.len() as u32);
            let code = code_of(file.source, file.outline, all);
            assert_eq!(code.len(), text.len());
            assert_eq!(places_of(&code, "x").collect::<Vec<_>>(), [text.find("{x").unwrap() + 1]);
        });
    }
}
