//! See `needless-class.toml`. Knows how the file uses the class; other files may use it otherwise, so that only what the file
//! itself makes and drops at once counts.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Definition, Keyword, ParameterKind, Span};

use crate::shared::code::calls;
use crate::shared::code::first_party::methods;
use crate::shared::code::text::{code_of, is_of_name, places_of};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for class in file.outline.definitions.iter().filter(|it| it.is_class()) {
        let is_plain = file.outline.decorators(class).is_empty()
            && file.outline.arguments(class).iter().all(|it| file.slice(it.value) == "object");
        if !is_plain || class.parent.is_some() {
            continue;
        }
        let methods: Vec<_> = methods(file.outline, class).collect();
        let Some(init) = methods.iter().find(|it| file.slice(it.name) == "__init__") else {
            continue;
        };
        let name = file.slice(class.name);
        let message = match methods.as_slice() {
            [_] if only_carries(file, class, init) => {
                format!("`{name}` only carries values and could be a dataclass")
            }
            [_, _] => match asked_at_once(file, class, &methods) {
                Some(method) => format!(
                    "`{name}(...).{method}(...)` could be one function: nothing keeps the object"
                ),
                None => continue,
            },
            _ => continue,
        };
        out.report(Report::at(class.name).message(message));
    }
}

/// Whether a class has nothing but an `__init__` that stores each of two or more arguments under its own name.
fn only_carries(file: &FileContext<'_>, class: &Definition, init: &Definition) -> bool {
    let parameters = &file.outline.signature(init).parameters;
    let is_plain = |kind| matches!(kind, ParameterKind::Positional | ParameterKind::KeywordOnly);
    // A call as a default, or `Annotated`, tells a framework what to hand over.
    let is_told = parameters.iter().any(|it| {
        let text = |span: Option<Span>| span.map_or("", |it| file.slice(it));
        text(it.default).contains('(') || text(it.annotation).contains("Annotated")
    });
    if is_told || parameters.len() < 3 || !parameters.iter().all(|it| is_plain(it.kind)) {
        return false;
    }
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < class.body.start);
    let inside = lines[first..].iter().take_while(|it| it.span.start < class.body.end);
    let mut stored = 0;
    for line in inside {
        let text = file.slice(line.span);
        let is_text = [class.docstring, init.docstring].contains(&Some(line.span));
        if is_text || line.keyword == Keyword::Def {
            continue;
        }
        let Some((target, value)) = text.split_once('=') else { return false };
        let target = target.split(':').next().unwrap_or_default().trim();
        let value = value.trim();
        let is_parameter = parameters.iter().any(|it| file.slice(it.name) == value);
        if target.strip_prefix("self.") != Some(value) || !is_parameter {
            return false;
        }
        stored += 1;
    }
    stored == parameters.len() - 1 && !is_used_as_base(file, class)
}

fn is_used_as_base(file: &FileContext<'_>, class: &Definition) -> bool {
    let name = file.slice(class.name);
    let mut arguments = file.outline.arguments.iter();
    arguments.any(|it| file.slice(it.value) == name)
}

/// The one public method beside `__init__`, where each mention of the class in the file makes an object, calls that, and lets
/// the object go.
fn asked_at_once<'a>(
    file: &FileContext<'a>,
    class: &Definition,
    methods: &[&Definition],
) -> Option<&'a str> {
    let method = methods.iter().map(|it| file.slice(it.name)).find(|it| !it.starts_with('_'))?;
    let name = file.slice(class.name);
    let all = Span::new(0, file.source.text().len() as u32);
    let code = code_of(file.source, file.outline, all);
    let outside = places_of(&code, name).filter(|&at| !class.span.contains(at as u32));
    let mut count = 0;
    for at in outside {
        let end = at as u32 + name.len() as u32;
        let call = calls::ending_at(file, end)?;
        let behind = code[call.arguments.end as usize..].trim_start().strip_prefix('.')?;
        let asked = behind.split(|it| !is_of_name(it)).next().unwrap_or_default();
        if asked != method || !behind[asked.len()..].starts_with('(') {
            return None;
        }
        count += 1;
    }
    let is_exported = file.source.text().contains("__all__");
    (count > 0 && !is_exported).then_some(method)
}
