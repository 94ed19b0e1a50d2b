//! The words that a call in Python hands over, as far as they are literal: `session.run("pytest", "-x")`. Knows no library.

use roadworthy_parser::{Outline, Span};

use crate::facts::PythonFile;

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    /// A literal text; what an f-string puts in stands as `${…}`.
    Text(String),
    /// `name=…`: the name, and the text of the value.
    Keyword(String, String),
    /// Anything else, as written.
    Other(String),
}

/// The arguments between the parentheses of a call, in order.
pub(super) fn of_call(file: &PythonFile, parentheses: Span) -> Vec<Argument> {
    let text = file.source.text();
    let inner = Span::new(
        parentheses.start + 1,
        parentheses.end.saturating_sub(1).max(parentheses.start + 1),
    );
    parts(text, &file.outline, inner)
        .into_iter()
        .map(|it| argument(text, &file.outline, it))
        .collect()
}

/// The literal texts of a list, a tuple or a set, or the one text that stands there.
pub(super) fn texts(file: &PythonFile, value: Span) -> Vec<String> {
    let strings = file.outline.strings.iter();
    let inside = strings.filter(|it| it.span.start >= value.start && it.span.end <= value.end);
    inside.map(|it| it.content().of_text(file.source.text()).to_owned()).collect()
}

/// What commas of the outermost level separate.
fn parts(text: &str, outline: &Outline, inner: Span) -> Vec<Span> {
    let bytes = text.as_bytes();
    let (mut parts, mut depth, mut start, mut at) = (Vec::new(), 0_i32, inner.start, inner.start);
    let first = outline.strings.partition_point(|it| it.span.start < inner.start);
    let mut strings = outline.strings[first..].iter().peekable();
    while at < inner.end {
        while strings.next_if(|it| it.span.start < at).is_some() {}
        if let Some(string) = strings.next_if(|it| it.span.start == at) {
            at = string.span.end.max(at + 1);
            continue;
        }
        match bytes.get(at as usize) {
            Some(b'(' | b'[' | b'{') => depth += 1,
            Some(b')' | b']' | b'}') => depth -= 1,
            Some(b',') if depth == 0 => {
                parts.push(Span::new(start, at));
                start = at + 1;
            }
            Some(b'#') => {
                let rest = text.get(at as usize..).unwrap_or_default();
                at += rest.find('\n').unwrap_or(rest.len()) as u32;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(Span::new(start, inner.end));
    parts.retain(|it| !it.of_text(text).trim().is_empty());
    parts
}

fn argument(text: &str, outline: &Outline, part: Span) -> Argument {
    let whole = part.of_text(text);
    let first = outline.strings.partition_point(|it| it.span.start < part.start);
    let mut literal = String::new();
    let mut rest = String::new();
    let mut at = part.start;
    for string in outline.strings[first..].iter().take_while(|it| it.span.end <= part.end) {
        if string.span.start < at {
            continue;
        }
        rest.push_str(Span::new(at, string.span.start).of_text(text));
        let content = string.content().of_text(text);
        if string.interpolated {
            literal.push_str(&content.replace('{', "${"));
        } else {
            literal.push_str(content);
        }
        at = string.span.end;
    }
    rest.push_str(Span::new(at, part.end).of_text(text));
    let is_blank =
        rest.lines().all(|line| line.split('#').next().is_none_or(|it| it.trim().is_empty()));
    if is_blank && at > part.start {
        return Argument::Text(literal.replace("\\n", "\n"));
    }
    let whole = whole.trim();
    let name = whole.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(whole.len());
    let behind = whole[name..].trim_start();
    if name > 0 && behind.starts_with('=') && !behind.starts_with("==") {
        return Argument::Keyword(whole[..name].to_owned(), behind[1..].trim().to_owned());
    }
    Argument::Other(whole.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use roadworthy_parser::{SourceFile, scan};

    #[test]
    fn literals_keywords_and_the_rest() {
        let text = "session.run('pytest', \"-k a, b\", *args, f'--cov={x}', env={'a': 'b'}, # no, no\n 'x' 'y', z[1, 2])\n";
        let source = SourceFile::decode(text.as_bytes().to_vec()).unwrap();
        let outline = scan(source.text());
        let file = PythonFile { path: "noxfile.py".into(), source, outline };
        let parentheses = file.outline.calls[0].arguments;
        let word = |it: &str| Argument::Text(it.to_owned());
        assert_eq!(
            of_call(&file, parentheses),
            [
                word("pytest"),
                word("-k a, b"),
                Argument::Other("*args".into()),
                word("--cov=${x}"),
                Argument::Keyword("env".into(), "{'a': 'b'}".into()),
                word("xy"),
                Argument::Other("z[1, 2]".into()),
            ]
        );
    }
}
