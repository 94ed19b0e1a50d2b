//! `None` as the default of a parameter, and the object built in the body. Knows signatures and the lines of a body.

use roadworthy_engine::{Edit, FileContext, Fix};
use roadworthy_parser::{Definition, Parameter, Span};

/// Builds the default anew in each call that gives none.
pub(super) fn none_then_build(
    file: &FileContext<'_>,
    function: &Definition,
    parameter: &Parameter,
    default: Span,
) -> Option<Fix> {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < function.body.start);
    let first = lines.get(first + usize::from(function.docstring.is_some()))?;
    let text = file.source.text();
    let line_start = text[..first.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line_start..first.span.start as usize];
    let is_own_line = indent.bytes().all(|it| it == b' ' || it == b'\t');
    if !is_own_line || first.span.start >= function.body.end || file.slice(default).contains('\n') {
        return None;
    }
    let step = if indent.contains('\t') { "\t" } else { "    " };
    let name = file.slice(parameter.name);
    let built =
        format!("if {name} is None:\n{indent}{step}{name} = {}\n{indent}", file.slice(default));
    let mut edits = vec![
        Edit { span: default, text: "None".to_owned() },
        Edit::insert(first.span.start, built),
    ];
    edits.extend(parameter.annotation.and_then(|it| optional(file, it)));
    edits.sort();
    Some(Fix::to_look_at(edits))
}

/// Lets an annotation take `None`.
fn optional(file: &FileContext<'_>, annotation: Span) -> Option<Edit> {
    let text = file.slice(annotation);
    if ["None", "Optional", "Any"].iter().any(|it| text.contains(it)) {
        return None;
    }
    let end = annotation.end - u32::from(text.ends_with(['"', '\'']));
    Some(Edit::insert(end, " | None"))
}

#[cfg(test)]
mod tests {
    use roadworthy_engine::Edits;

    use super::*;
    use crate::shared::in_memory::with_file;

    fn mended(text: &str) -> Option<String> {
        with_file("a.py", text, |file| {
            let function = &file.outline.definitions[0];
            let parameter = &file.outline.signature(function).parameters[0];
            let fix = none_then_build(file, function, parameter, parameter.default?)?;
            let mut edits = Edits::default();
            edits.take(&fix.edits).then(|| edits.apply(text))
        })
    }

    #[test]
    fn the_object_is_built_behind_the_docstring() {
        assert_eq!(
            mended("def f(a: list[str] = []):\n    \"\"\"Doc.\"\"\"\n    # why\n    a.append(1)\n")
                .as_deref(),
            Some(
                "def f(a: list[str] | None = None):\n    \"\"\"Doc.\"\"\"\n    # why\n    if a is None:\n        a = []\n    a.append(1)\n"
            )
        );
        assert_eq!(
            mended("def f(a: \"dict\" = {}):\n\treturn a\n").as_deref(),
            Some("def f(a: \"dict | None\" = None):\n\tif a is None:\n\t\ta = {}\n\treturn a\n")
        );
    }

    #[test]
    fn what_has_no_place_for_it_stays() {
        assert_eq!(mended("def f(a=[]): a.append(1)\n"), None);
        assert_eq!(mended("def f(a=[]):\n    \"\"\"Doc.\"\"\"\n"), None);
    }
}
