//! TOML to values.

use roadworthy_parser::without_values;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{SyntaxFault, span};
use crate::facts::value::{Data, Key, Value};

/// Parses a file.
///
/// # Errors
/// When it is not TOML.
pub fn parse(text: &str) -> Result<Value, SyntaxFault> {
    let table = DeTable::parse(text).map_err(|error| {
        let message = without_values(error.message().lines().next().unwrap_or_default());
        let offset = error.span().map_or(0, |span| span.start);
        SyntaxFault::at(text, offset, format!("is not valid TOML: {message}"))
    })?;
    let range = table.span();
    Ok(Value::new(span(range.start, range.end), self::table(table.get_ref())))
}

fn table(table: &DeTable<'_>) -> Data {
    let mut entries: Vec<(Key, Value)> = table
        .iter()
        .map(|(key, inner)| {
            let range = key.span();
            let name = key.get_ref().to_string();
            (Key { span: span(range.start, range.end), name }, value(inner))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    Data::Table(entries)
}

fn value(spanned: &Spanned<DeValue<'_>>) -> Value {
    let range = spanned.span();
    let data = match spanned.get_ref() {
        DeValue::String(text) => Data::Text(text.to_string()),
        DeValue::Integer(number) => Data::Number(number.to_string()),
        DeValue::Float(number) => Data::Number(number.as_str().to_owned()),
        DeValue::Datetime(date) => Data::Number(date.to_string()),
        DeValue::Boolean(flag) => Data::Flag(*flag),
        DeValue::Array(items) => Data::List(items.iter().map(value).collect()),
        DeValue::Table(inner) => table(inner),
    };
    Value::new(span(range.start, range.end), data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_place() {
        let text = "[tool.uv]\ndev = ['a>=1', \"b\"]\n\n[tool.x]\nn = 3.10\n";
        let value = parse(text).unwrap();
        let dev = value.at(&["tool", "uv", "dev"]).unwrap();
        let texts: Vec<_> = dev.items().map(|item| item.span.of_text(text)).collect();
        assert_eq!(texts, ["'a>=1'", "\"b\""]);
        assert_eq!(value.at(&["tool", "x", "n"]).unwrap().scalar(), Some("3.10"));
        assert_eq!(
            value.at(&["tool", "uv"]).unwrap().key("dev").unwrap().span.of_text(text),
            "dev"
        );
    }

    #[test]
    fn what_is_wrong_has_its_place_and_no_value() {
        let fault = parse("a = 1\nb = 'q8Zt4mWx7RkP2vLs\n").unwrap_err();
        assert!(fault.span.start >= 6 && fault.sentence.starts_with("is not valid TOML"));
        assert!(!fault.sentence.contains("q8Zt"));
    }
}
