//! See `secret-in-repr.toml`. Knows classes whose text Python or pydantic makes of all fields.

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter};
use roadworthy_parser::{Definition, DefinitionId, ImportKind, Keyword, Span};
use roadworthy_secrets::name_class;

use crate::shared::code::words::{last_part, words};
use crate::shared::secrets::guards;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if !file.pedantic() && guards::is_local_module(file) {
        return;
    }
    let mut settings: Vec<&str> = Vec::new();
    let mut told = false;
    for (id, class) in file.outline.definitions.iter().enumerate() {
        if !class.is_class() {
            continue;
        }
        let Some(kind) = kind(file, class, &settings) else { continue };
        out.judged();
        if kind == Kind::Settings {
            settings.push(file.slice(class.name));
        }
        let fields = fields(file, id as DefinitionId);
        if fields.is_empty() || has_own_text(file, id as DefinitionId) {
            continue;
        }
        let name = file.slice(class.name);
        let what = listed(&fields);
        let message =
            format!("the text of `{name}` shows {what}: in logs, and in tracebacks with locals");
        // Who mends one class of a file sees the others.
        if told && kind == Kind::Settings && !file.pedantic() {
            continue;
        }
        told |= kind == Kind::Settings;
        let mut report = Report::at(class.name).extent(class.header).message(message);
        if let Some(fix) = fix(file, kind, &fields) {
            report = report.fix(fix);
        }
        out.report(report);
    }
}

/// What makes the text of a class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Pydantic, for settings.
    Settings,
    Dataclass,
    Attrs,
}

/// Words in which the names of classes end that hold settings.
const NAMES: [&str; 8] = [
    "account",
    "auth",
    "config",
    "configuration",
    "connection",
    "credential",
    "credentials",
    "settings",
];

fn kind(file: &FileContext<'_>, class: &Definition, settings: &[&str]) -> Option<Kind> {
    let mut bases = file.outline.arguments(class).iter().filter(|it| it.keyword.is_none());
    let is_settings = bases.any(|it| {
        let base = last_part(file.slice(it.value).trim());
        base == "BaseSettings" || settings.contains(&base)
    });
    if is_settings {
        return Some(Kind::Settings);
    }
    let kind = file.outline.decorators(class).iter().find_map(|&it| {
        let text = file.slice(it);
        let (name, arguments) = text.split_once('(').unwrap_or((text, ""));
        let arguments: String = arguments.split_whitespace().collect();
        let canonical = file.names().resolve(name.trim(), it.start)?;
        let kind = match canonical.as_ref() {
            "dataclasses.dataclass" => Kind::Dataclass,
            "attr.s"
            | "attr.define"
            | "attr.frozen"
            | "attr.mutable"
            | "attrs.define"
            | "attrs.frozen"
            | "attrs.mutable"
            | "pydantic.dataclasses.dataclass" => Kind::Attrs,
            _ => return None,
        };
        (!arguments.contains("repr=False")).then_some(kind)
    })?;
    let named = words(file.slice(class.name)).last().is_some_and(|it| NAMES.contains(&it.as_str()));
    named.then_some(kind)
}

/// A field whose value the text shows.
struct Field<'a> {
    name: &'a str,
    line: Span,
    /// What stands behind the equals sign.
    value: Option<Span>,
}

fn fields<'a>(file: &FileContext<'a>, class: DefinitionId) -> Vec<Field<'a>> {
    let definition = file.outline.definition(class);
    let first = file.outline.lines.partition_point(|it| it.span.start < definition.body.start);
    let lines = file.outline.lines[first..].iter();
    lines
        .take_while(|line| line.span.start < definition.body.end)
        .filter(|line| line.scope == Some(class) && line.keyword == Keyword::Other)
        .filter_map(|line| field(file, line.span))
        .collect()
}

fn field<'a>(file: &FileContext<'a>, line: Span) -> Option<Field<'a>> {
    let text = file.slice(line);
    let (name, rest) = text.split_once(':')?;
    let name = name.trim();
    if !name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
        return None;
    }
    let (annotation, value) = match rest.split_once('=') {
        Some((annotation, value)) => (annotation, Some(value)),
        None => (rest, None),
    };
    let annotation: String = annotation.split_whitespace().collect();
    let is_text = ["str", "str|None", "None|str", "Optional[str]", "typing.Optional[str]"];
    if !is_text.contains(&annotation.as_str()) {
        return None;
    }
    let shown: String = value.unwrap_or_default().split_whitespace().collect();
    // `SecretField(…)`: a library's own way to keep a secret, of which the class holds a reference.
    let kept = shown.split('(').next().is_some_and(|it| last_part(it).contains("Secret"));
    let is_left_out = shown.contains("repr=False") || shown.contains("init=False");
    if kept || is_left_out || name_class(name).is_none() {
        return None;
    }
    let value = value.map(|it| {
        let blank = it.len() - it.trim_start().len();
        Span::new(line.end - it.len() as u32 + blank as u32, line.end)
    });
    Some(Field { name, line, value })
}

/// Whether the class says itself what its text is.
fn has_own_text(file: &FileContext<'_>, class: DefinitionId) -> bool {
    const METHODS: [&str; 3] = ["__repr__", "__repr_args__", "__rich_repr__"];
    file.outline
        .definitions
        .iter()
        .any(|it| it.parent == Some(class) && METHODS.contains(&file.slice(it.name)))
}

fn listed(fields: &[Field<'_>]) -> String {
    match fields {
        [one] => format!("`{}`", one.name),
        [first, second] => format!("`{}` and `{}`", first.name, second.name),
        [first, second, rest @ ..] => {
            format!("`{}`, `{}` and {} more", first.name, second.name, rest.len())
        }
        [] => String::new(),
    }
}

/// Leaves the fields out of the text.
fn fix(file: &FileContext<'_>, kind: Kind, fields: &[Field<'_>]) -> Option<Fix> {
    let (function, module) = match kind {
        Kind::Settings => ("Field", "pydantic.Field"),
        Kind::Dataclass => ("field", "dataclasses.field"),
        Kind::Attrs => return None,
    };
    let mut edits = Vec::new();
    let bound = file.names().resolve(function, fields.first()?.line.start);
    if bound.as_deref() != Some(module) {
        if kind == Kind::Settings || !file.values().bindings(function).is_empty() {
            return None;
        }
        edits.push(import(file)?);
    }
    for field in fields {
        let edit = match field.value {
            None => Edit::insert(field.line.end, format!(" = {function}(repr=False)")),
            Some(value) => {
                let text = file.slice(value);
                let inner = text.strip_prefix(function).and_then(|it| it.strip_prefix('('));
                match inner {
                    Some(inner) if inner.trim_start().starts_with(')') => return None,
                    Some(_) => {
                        let end = value.start + text.rfind(')')? as u32;
                        let before = file.slice(Span::new(value.start, end)).trim_end();
                        let comma = if before.ends_with(',') { " " } else { ", " };
                        Edit::insert(
                            value.start + before.len() as u32,
                            format!("{comma}repr=False"),
                        )
                    }
                    None if text.contains('\n') => return None,
                    None => Edit {
                        span: value,
                        text: format!("{function}(default={text}, repr=False)"),
                    },
                }
            }
        };
        edits.push(edit);
    }
    if kind == Kind::Dataclass {
        return Some(Fix::safe(edits));
    }
    // What a settings class takes depends on the version of pydantic.
    edits.sort();
    Some(Fix::to_look_at(edits))
}

/// Imports `field` where `dataclass` is imported.
fn import(file: &FileContext<'_>) -> Option<Edit> {
    let imported = file.outline.imports.iter().find(|it| {
        it.kind == ImportKind::From
            && it.scope.is_none()
            && it.alias.is_none()
            && file.slice(it.module) == "dataclasses"
            && file.slice(it.name) == "dataclass"
    })?;
    Some(Edit::insert(imported.name.end, ", field"))
}
