//! Keywords that a fix gives to a call. Knows calls as the outline shows them, no rule.

use roadworthy_engine::{Edit, FileContext};
use roadworthy_parser::{Call, Span};

use crate::shared::code::calls;

/// Gives a keyword to a call: replaces its value where it is written, or else puts it behind the other arguments, laid out
/// as they are.
pub(crate) fn set_keyword(
    file: &FileContext<'_>,
    call: &Call,
    name: &str,
    value: &str,
) -> Option<Edit> {
    let parts = calls::argument_spans(file, call);
    let written = parts.iter().find_map(|&part| {
        let text = file.slice(part);
        let (keyword, _) = text.split_once('=')?;
        (keyword.trim() == name).then(|| {
            let behind = &text[keyword.len() + 1..];
            let start = part.start + (text.len() - behind.trim_start().len()) as u32;
            Span::new(start, part.end)
        })
    });
    if let Some(span) = written {
        return Some(Edit { span, text: value.to_owned() });
    }
    let keyword = format!("{name}={value}");
    let inside = calls::inside(call);
    let Some(&last) = parts.last() else {
        let empty = file.slice(inside).trim().is_empty();
        return empty.then_some(Edit { span: inside, text: keyword });
    };
    // The parentheses of `f(x for x in rows)` are those of the generator.
    if parts.len() == 1 && file.slice(last).contains(" for ") {
        return None;
    }
    let text = file.source.text();
    let before = &text[..last.start as usize];
    let line = &before[before.rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
    let own_line = line.trim().is_empty() && before.len() > line.len();
    let space = if own_line {
        let before = &before[..before.len() - line.len()];
        let ends = ["\r\n", "\n", "\r"].into_iter().find(|end| before.ends_with(end));
        format!("{}{line}", ends.unwrap_or("\n"))
    } else {
        " ".to_owned()
    };
    let rest = file.slice(Span::new(last.end, inside.end));
    let Some(comma) = comma_in(rest) else {
        return Some(Edit::insert(last.end, format!(",{space}{keyword}")));
    };
    let behind_comma = last.end + comma as u32 + 1;
    if !own_line {
        return Some(Edit::insert(behind_comma, format!("{space}{keyword}")));
    }
    let tail = file.slice(Span::new(behind_comma, inside.end));
    let line = &tail[..tail.find(['\n', '\r']).unwrap_or(tail.len())];
    let alone = line.trim().is_empty() || line.trim_start().starts_with('#');
    let behind = behind_comma + if alone { line.trim_end().len() as u32 } else { 0 };
    Some(Edit::insert(behind, format!("{space}{keyword},")))
}

/// Where a comma stands outside comments.
fn comma_in(text: &str) -> Option<usize> {
    let mut comment = false;
    text.char_indices().find_map(|(at, c)| {
        comment = (comment || c == '#') && c != '\n';
        (c == ',' && !comment).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use roadworthy_engine::Edits;

    use super::*;
    use crate::shared::in_memory::with_file;

    fn given(text: &str) -> String {
        with_file("app/a.py", text, |file| {
            let mut edits = Edits::default();
            let call = &file.outline.calls[0];
            edits.take(&[set_keyword(file, call, "timeout", "10").expect("can be given")]);
            edits.apply(file.source.text())
        })
    }

    #[test]
    fn keywords_are_laid_out_as_the_others() {
        assert_eq!(given("f(a)\n"), "f(a, timeout=10)\n");
        assert_eq!(given("f()\n"), "f(timeout=10)\n");
        assert_eq!(given("f(a, timeout=None, b=1)\n"), "f(a, timeout=10, b=1)\n");
        assert_eq!(given("f(a,)\n"), "f(a, timeout=10)\n");
        assert_eq!(given("f(\n    a,  # one\n)\n"), "f(\n    a,  # one\n    timeout=10,\n)\n");
        assert_eq!(given("f(\n    a\n)\n"), "f(\n    a,\n    timeout=10\n)\n");
    }
}
