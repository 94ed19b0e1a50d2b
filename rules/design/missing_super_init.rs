//! See `missing-super-init.toml`. Knows what the `__init__` of a base in the project sets and who uses it, and libraries by a
//! table; not what is set from outside.

use std::sync::LazyLock;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter};
use roadworthy_parser::{Definition, Outline, ParameterKind, SourceFile, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::shared::code::first_party::{Base, bases_of, methods};
use crate::shared::code::text::{code_of, has_name, is_of_name, places_of};
use crate::shared::code::words::last_part;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for init in file.outline.definitions.iter().filter(|it| is_init(file.source, it)) {
        let class = init.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
        let Some(class) = class.filter(|it| !file.outline.arguments(it).is_empty()) else {
            continue;
        };
        if stands_alone(file, init) || !file.outline.decorators(init).is_empty() {
            continue;
        }
        let missed =
            bases_of(file, class).into_iter().find_map(|base| missed(file, class, init, base));
        if let Some(Missed { base, attribute, can_call }) = missed {
            let own = file.slice(class.name);
            let base = last_part(&base).to_owned();
            let message = match attribute {
                Some(it) => format!(
                    "`{own}.__init__` does not call `{base}.__init__`, so that `self.{it}` is never set"
                ),
                None => format!("`{own}.__init__` does not call `{base}.__init__`"),
            };
            let mut report = Report::at(init.name).message(message);
            if let Some(fix) = can_call.then(|| call_first(file, init)).flatten() {
                report = report.fix(fix);
            }
            out.report(report);
        }
    }
}

fn is_init(source: &SourceFile, definition: &Definition) -> bool {
    definition.is_function() && definition.name.of_text(source.text()) == "__init__"
}

/// Whether an `__init__` calls that of another class, or sets attributes whose names it does not show, or nothing at all.
fn stands_alone(file: &FileContext<'_>, init: &Definition) -> bool {
    let code = code_of(file.source, file.outline, init.body);
    ["super(", ".__init__", "__dict__", "setattr(", "__setstate__", "NotImplemented"]
        .iter()
        .any(|it| code.contains(it))
        || !code.contains("self.")
}

/// An `__init__` that is not called.
struct Missed {
    /// The base.
    base: String,
    /// What stays missing.
    attribute: Option<String>,
    /// Whether it takes no arguments.
    can_call: bool,
}

fn missed(
    file: &FileContext<'_>,
    class: &Definition,
    init: &Definition,
    base: Base<'_>,
) -> Option<Missed> {
    match base {
        Base::Here(index) => {
            let base = &file.outline.definitions[index];
            of_project(file, class, (file.source, file.outline), base)
        }
        Base::There(found) => {
            let python = &found.python;
            of_project(file, class, (&python.source, &python.outline), found.definition())
        }
        Base::Other(canonical) => {
            let base = canonical?;
            let sets = TABLE.get(&base)?;
            // What the base would make may be made here, or worked out.
            let is_made = !sets.is_empty() && has_name(file.slice(class.body), sets);
            let is_plain = !file.slice(init.body).trim_start().starts_with("raise");
            (is_plain && !is_made).then_some(Missed { base, attribute: None, can_call: true })
        }
    }
}

/// What an attribute-wise comparison of a class with a base of the project shows to be missing.
fn of_project(
    file: &FileContext<'_>,
    class: &Definition,
    (source, outline): (&SourceFile, &Outline),
    base: &Definition,
) -> Option<Missed> {
    let init = methods(outline, base).find(|it| is_init(source, it))?;
    let own = code_of(file.source, file.outline, class.body);
    let body = code_of(source, outline, base.body);
    if ["__getattr__", "__getattribute__", "__slots__", "setattr("]
        .iter()
        .any(|it| own.contains(it) || body.contains(it))
    {
        return None;
    }
    let own_methods: FxHashSet<&str> =
        methods(file.outline, class).map(|it| file.slice(it.name)).collect();
    let kept = methods(outline, base).filter(|it| {
        let name = it.name.of_text(source.text());
        name != "__init__" && !own_methods.contains(name) && !name.starts_with("__")
    });
    let kept: Vec<_> = kept.map(|it| code_of(source, outline, it.body)).collect();
    let attribute = set_in(&code_of(source, outline, init.body)).into_iter().find(|name| {
        let read = format!("self.{name}");
        let is_set =
            sets(&own, &read) || own_methods.contains(name.as_str()) || is_class_level(&own, name);
        let set_elsewhere = is_class_level(&body, name) || kept.iter().any(|it| sets(it, &read));
        let is_used = kept.iter().any(|it| has_name(it, &read)) || has_name(&own, &read);
        !is_set && !set_elsewhere && is_used
    })?;
    let mut needed = outline.signature(init).parameters.iter().skip(1);
    let can_call = needed.all(|it| {
        it.default.is_some()
            || matches!(it.kind, ParameterKind::VarKeyword | ParameterKind::VarPositional)
    });
    let base = base.name.of_text(source.text()).to_owned();
    Some(Missed { base, attribute: Some(attribute), can_call })
}

/// The attributes that statements of a body bind.
fn set_in(code: &str) -> Vec<String> {
    let lines = code.lines().map(str::trim_start);
    let targets = lines.filter_map(|line| {
        let rest = line.strip_prefix("self.")?;
        let name = rest.split(|it| !is_of_name(it)).next()?;
        let behind = rest[name.len()..].trim_start();
        let is_bound = behind.starts_with('=') && !behind.starts_with("==")
            || behind.starts_with(':') && behind.contains('=');
        is_bound.then(|| name.to_owned())
    });
    targets.collect()
}

/// Whether code binds an attribute anywhere, also as one of several targets.
fn sets(code: &str, attribute: &str) -> bool {
    places_of(code, attribute).any(|at| {
        let behind = code[at + attribute.len()..].trim_start();
        (behind.starts_with('=') && !behind.starts_with("=="))
            || behind.starts_with([':', ','])
            || code[..at].trim_end().ends_with(" as")
            || (behind.starts_with(')')
                && code[at..].lines().next().is_some_and(|it| it.contains(" = ")))
    })
}

/// Whether a class binds or defines a name in its body.
fn is_class_level(body: &str, name: &str) -> bool {
    places_of(body, name).any(|at| {
        let line = body[..at].rsplit('\n').next().unwrap_or_default();
        let behind = body[at + name.len()..].trim_start();
        let is_bound =
            line.trim().is_empty() && behind.starts_with(['=', ':']) && !behind.starts_with("==");
        is_bound || line.trim_end().ends_with("def")
    })
}

/// Calls the base before anything else.
fn call_first(file: &FileContext<'_>, init: &Definition) -> Option<Fix> {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < init.body.start);
    let first = lines.get(first + usize::from(init.docstring.is_some()))?.span.start;
    let text = file.source.text();
    let line = text[..first as usize].rfind('\n').map_or(0, |at| at + 1) as u32;
    let indent = file.slice(Span::new(line, first));
    let is_own_line = indent.bytes().all(|it| it == b' ' || it == b'\t');
    (is_own_line && first < init.body.end).then(|| {
        Fix::to_look_at(vec![Edit::insert(first, format!("super().__init__()\n{indent}"))])
    })
}

#[derive(Deserialize)]
struct Table {
    base: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    names: Vec<String>,
    /// The one attribute that the base makes.
    #[serde(default)]
    sets: String,
}

/// The classes of libraries that need their `__init__`, with what they set where that is one thing.
static TABLE: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    // A test reads it: it is part of the program.
    let table: Option<Table> = toml::from_str(include_str!("missing_super_init/bases.toml")).ok();
    let rows = table.into_iter().flat_map(|it| it.base);
    rows.flat_map(|row| row.names.into_iter().map(move |it| (it, row.sets.clone()))).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert!(TABLE.contains_key("threading.Thread") && !TABLE.contains_key("abc.ABC"));
        assert_eq!(TABLE["collections.UserDict"], "data");
    }
}
