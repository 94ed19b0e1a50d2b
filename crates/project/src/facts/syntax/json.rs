//! JSON to values. Their places are not known: no parser that is kept tells them.

use roadworthy_parser::Span;

use super::SyntaxFault;
use crate::facts::value::{Data, Key, Value};

/// Parses a file.
pub(crate) fn parse(text: &str) -> Result<Value, SyntaxFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map(value).map_err(|error| {
        let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let offset = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        SyntaxFault::at(text, offset, "is not valid JSON")
    })
}

fn value(json: serde_json::Value) -> Value {
    let data = match json {
        serde_json::Value::Null => Data::Null,
        serde_json::Value::Bool(flag) => Data::Flag(flag),
        serde_json::Value::Number(number) => Data::Number(number.to_string()),
        serde_json::Value::String(text) => Data::Text(text),
        serde_json::Value::Array(items) => Data::List(items.into_iter().map(value).collect()),
        serde_json::Value::Object(entries) => {
            let entry = |(name, inner)| (Key { span: Span::default(), name }, value(inner));
            Data::Table(entries.into_iter().map(entry).collect())
        }
    };
    Value::new(Span::default(), data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_faults() {
        let value = parse("{\"a\": [1, true, null, \"x\"]}").unwrap();
        assert_eq!(value.get("a").unwrap().items().count(), 4);
        assert_eq!(parse("{\n \"a\": é}").unwrap_err().span, Span::empty(8));
    }
}
