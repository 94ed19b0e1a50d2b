//! Values that are cut out of a page of others. Knows one function and the names by which parsers of pages hand out text.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::text::places_of;

/// Names that stand for names are followed so far.
const DEEPEST: u32 = 4;

/// Whether a value is text of a page, or a part of such.
pub(super) fn is(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let Some(function) = file.function_at(value.start_byte() as u32) else { return false };
    // A default and a decorator stand before the body.
    let above = function.body.start as usize..value.start_byte();
    let Some(body) = file.source.text().get(above) else { return false };
    is_text_of_page(body, file.text(value), 0)
}

fn is_text_of_page(body: &str, expression: &str, depth: u32) -> bool {
    const TEXTS: [&str; 5] =
        [".text()", ".get_text(", ".text_content(", ".extract_first(", ".stripped_strings"];
    if TEXTS.iter().any(|it| expression.contains(it)) {
        return true;
    }
    let end = expression.find(|it: char| !(it.is_alphanumeric() || it == '_'));
    let name = &expression[..end.unwrap_or(expression.len())];
    let is_name = name.starts_with(|it: char| it.is_alphabetic() || it == '_');
    is_name
        && depth < DEEPEST
        && places_of(body, name).any(|at| {
            let line = &body[body[..at].rfind('\n').map_or(0, |it| it + 1)..];
            let line = line.lines().next().unwrap_or_default();
            line.split_once(" = ").is_some_and(|(left, right)| {
                left.split(',').any(|it| it.trim() == name)
                    && is_text_of_page(body, right.trim(), depth + 1)
            })
        })
}
