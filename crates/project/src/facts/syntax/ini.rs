//! INI as Python's `configparser` reads it, to values: a table of tables of texts.

use super::{SyntaxFault, span};
use crate::facts::value::{Data, Key, Value};

/// Parses a file. Lines of a value that goes on are joined by line feeds, without their indentation.
pub(crate) fn parse(text: &str) -> Result<Value, SyntaxFault> {
    let mut sections: Vec<(Key, Vec<(Key, Value)>)> = Vec::new();
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let start = at;
        at += whole.len();
        let line = whole.trim_start_matches('\u{feff}').trim_end();
        let start = start + (whole.trim_end().len() - line.len());
        let trimmed = line.trim_start();
        let inner = start + line.len() - trimmed.len();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t'])
            && let Some((_, entries)) = sections.last_mut()
            && let Some((_, value)) = entries.last_mut()
            && let Data::Text(text) = &mut value.data
        {
            text.push('\n');
            text.push_str(trimmed);
            if value.span.is_empty() {
                value.span = span(inner, inner);
            }
            value.span.end = (inner + trimmed.len()) as u32;
            continue;
        }
        let header = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        if let Some((name, _)) = header {
            let key = Key { span: span(inner + 1, inner + 1 + name.len()), name: name.to_owned() };
            sections.push((key, Vec::new()));
        } else if let (Some((_, entries)), Some(equals)) =
            (sections.last_mut(), trimmed.find(['=', ':']))
        {
            let name = trimmed[..equals].trim_end();
            let behind = &trimmed[equals + 1..];
            let value = behind.trim();
            let value_at = inner + trimmed.len() - behind.trim_start().len();
            let key =
                Key { span: span(inner, inner + name.len()), name: name.to_ascii_lowercase() };
            let data = Data::Text(value.to_owned());
            entries.push((key, Value::new(span(value_at, value_at + value.len()), data)));
        } else {
            let sentence = "has a line that is neither a section nor a setting";
            return Err(SyntaxFault::at(text, inner, sentence));
        }
    }
    let sections = sections.into_iter().map(|(key, entries)| {
        let end = entries.last().map_or(key.span.end, |(_, value)| value.span.end);
        let range = span(key.span.start as usize, end as usize);
        (key, Value::new(range, Data::Table(entries)))
    });
    Ok(Value::new(span(0, text.len()), Data::Table(sections.collect())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_on_and_know_their_places() {
        let text = "# x\n[tool:pytest]\ntestpaths =\n    tests\n    # no\n    it/é\n[z]\nK: v\n";
        let ini = parse(text).unwrap();
        let paths = ini.at(&["tool:pytest", "testpaths"]).unwrap();
        assert_eq!(paths.text(), Some("\ntests\nit/é"));
        assert_eq!(paths.span.of_text(text), "tests\n    # no\n    it/é");
        assert_eq!(ini.at(&["z", "k"]).unwrap().span.of_text(text), "v");
        assert_eq!(parse("[a]\nb = 1\nwhat\n").unwrap_err().span.start, 10);
    }
}
