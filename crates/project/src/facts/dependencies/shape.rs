//! Whether the keys of a `pyproject.toml` that are read hold what they must (PEP 621, PEP 735): an installer refuses a file
//! in which they do not. Knows one document, and not what is made of it.

use roadworthy_parser::Span;

use crate::facts::Document;
use crate::facts::syntax::SyntaxFault;
use crate::facts::value::{Data, Value};

/// What a key must hold.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Table,
    Texts,
    TableOfLists,
    Versions,
}

/// Outer keys before inner ones, so that the first fault is the cause.
const KEYS: [(&[&str], Shape); 7] = [
    (&["project"], Shape::Table),
    (&["project", "name"], Shape::Text),
    (&["project", "requires-python"], Shape::Versions),
    (&["project", "dependencies"], Shape::Texts),
    (&["project", "optional-dependencies"], Shape::TableOfLists),
    (&["build-system"], Shape::Table),
    (&["dependency-groups"], Shape::TableOfLists),
];

/// The first key that holds something else.
pub(super) fn fault(document: &Document) -> Option<SyntaxFault> {
    let root = document.value()?;
    KEYS.iter().find_map(|(path, shape)| {
        let value = root.at(path)?;
        let fits = match shape {
            Shape::Text => value.text().is_some(),
            Shape::Table => matches!(value.data, Data::Table(_)),
            Shape::Texts => is_list(value) && value.items().all(|item| item.text().is_some()),
            Shape::TableOfLists => {
                matches!(value.data, Data::Table(_)) && value.entries().all(|(_, it)| is_list(it))
            }
            // Which versions there are is for the installer to say; a word without any is none.
            Shape::Versions => {
                value.text().is_some_and(|it| it.contains(|c: char| c.is_ascii_digit() || c == '*'))
            }
        };
        let sentence = || format!("has `{}`, which is no {}", path.join("."), shape.name());
        (!fits).then(|| SyntaxFault { span: Span::empty(value.span.start), sentence: sentence() })
    })
}

fn is_list(value: &Value) -> bool {
    matches!(value.data, Data::List(_))
}

impl Shape {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Table => "table",
            Self::Texts => "list of texts",
            Self::TableOfLists => "table of lists",
            Self::Versions => "range of versions",
        }
    }
}
