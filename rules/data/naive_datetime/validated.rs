//! Times without a zone that a validator of pydantic compares with what a caller sent. Knows decorators and annotations of one
//! file, no level.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::nodes::around;
use crate::shared::code::words::last_part;

/// The field whose value is compared by order with a time: pydantic takes text with and without a zone for a `datetime`
/// (<https://docs.pydantic.dev/latest/api/standard_library_types/#datetimedatetime>), and Python orders no such pair.
pub(super) fn field<'f>(file: &FileContext<'f>, time: Node<'_>) -> Option<&'f str> {
    let comparison = around(time)
        .take_while(|it| !it.kind().ends_with("_statement"))
        .find(|it| it.kind() == "comparison_operator")?;
    let mut cursor = comparison.walk();
    let is_ordered =
        comparison.children(&mut cursor).any(|it| matches!(it.kind(), "<" | ">" | "<=" | ">="));
    let mut cursor = comparison.walk();
    let other = comparison
        .named_children(&mut cursor)
        .find(|it| it.kind() == "identifier")
        .filter(|_| is_ordered)?;
    let function = file.function_at(time.start_byte() as u32)?;
    let value = file.outline.signature(function).parameters.get(1)?;
    // What cares about zones, or about the error, is not surprised.
    let body = file.slice(function.body);
    let is_cared_for = ["tzinfo", "astimezone", "TypeError"].iter().any(|it| body.contains(it));
    if file.slice(value.name) != file.text(other) || is_cared_for {
        return None;
    }
    file.outline.decorators(function).iter().find_map(|decorator| {
        let text = file.slice(*decorator);
        let (name, arguments) = text.split_once('(')?;
        // A validator of the first version, whose every `TypeError` is a fault of the input, is another thing:
        // <https://docs.pydantic.dev/1.10/usage/validators/>.
        let is_validator = last_part(name.trim()) == "field_validator";
        // What comes before pydantic's own reading sees the text.
        let is_after = !arguments.contains("mode") || arguments.contains("after");
        let mut fields = arguments.split(['"', '\'']).skip(1).step_by(2);
        fields.find(|it| is_validator && is_after && is_date_and_time(file, it))
    })
}

/// Whether a class of the file says that a field is a `datetime`, which may have a zone or none.
fn is_date_and_time(file: &FileContext<'_>, field: &str) -> bool {
    let mut lines = file.source.text().lines().map(str::trim_start);
    lines.any(|line| {
        let annotation = line.strip_prefix(field).and_then(|it| it.trim_start().strip_prefix(':'));
        annotation.is_some_and(|it| {
            let written = it.split('=').next().unwrap_or_default();
            let mut names = written.split(|it: char| !(it.is_alphanumeric() || "_.".contains(it)));
            names.any(|it| last_part(it) == "datetime")
        })
    })
}
