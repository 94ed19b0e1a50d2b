//! Fields of pydantic's settings classes, each a variable of its own
//! (<https://docs.pydantic.dev/latest/concepts/pydantic_settings/>). Knows prefixes and aliases that are literals; of a
//! class with anything else nothing is known.

use roadworthy_parser::{Definition, Span};

use super::python::{argument, is_name, slice};
use super::{Environment, Read};
use crate::facts::{Located, Place, PythonFile};

/// Takes the fields of the settings classes of a file.
pub(super) fn read(file: &PythonFile, environment: &mut Environment) {
    let mut classes: Vec<(&str, Option<&str>)> = Vec::new();
    for (id, definition) in file.outline.definitions.iter().enumerate() {
        if !definition.is_class() {
            continue;
        }
        let bases = file.outline.arguments(definition).iter().map(|it| slice(file, it.value));
        let mut last = bases.map(|it| it.rsplit('.').next().unwrap_or_default());
        // The first base that is one: its prefix holds where the class sets none itself.
        let inherited = last.find_map(|base| {
            let known = || classes.iter().find(|(name, _)| *name == base).map(|(_, it)| *it);
            if base == "BaseSettings" { Some(Some("")) } else { known() }
        });
        let Some(inherited) = inherited else { continue };
        let prefix = prefix(file, definition.body, inherited);
        classes.push((slice(file, definition.name), prefix));
        read_class(file, (id as u32, definition), prefix, environment);
    }
}

fn read_class(
    file: &PythonFile,
    (id, class): (u32, &Definition),
    prefix: Option<&str>,
    environment: &mut Environment,
) {
    let body = slice(file, class.body);
    let Some(prefix) = prefix else {
        environment.unknown.push(format!("{} computes its prefix", slice(file, class.name)));
        return;
    };
    // Values may come from a store of secrets, or names from a function.
    let elsewhere =
        ["settings_customise_sources", "customise_sources", "secrets_dir", "alias_generator"];
    let elsewhere = elsewhere.iter().any(|it| body.contains(it));
    if elsewhere || body.contains("env_nested_delimiter") {
        let name = slice(file, class.name);
        environment.unknown.push(format!("{name} does not only read variables of its own names"));
    }
    // Values may be handed over where the settings are made; `_env_file` is none.
    let name = slice(file, class.name);
    let made_with_values = file.outline.calls.iter().any(|it| {
        let arguments = slice(file, it.arguments).trim_start_matches('(').trim_start();
        slice(file, it.name) == name && !arguments.starts_with(')') && has_values(arguments)
    });
    let lines = file.outline.lines.iter().filter(|it| it.scope == Some(id));
    for line in lines {
        let Some(field) = field(file, line.span) else { continue };
        let names = match field.aliases {
            Some(aliases) => aliases,
            None => vec![(format!("{prefix}{}", field.name).to_ascii_uppercase(), field.span)],
        };
        // Of several aliases each will do.
        let required = field.required && names.len() == 1 && !elsewhere && !made_with_values;
        for (name, span) in names {
            let place = Place::new(file.path.clone(), span);
            environment.reads.push(Read { name: Located { value: name, place }, required });
        }
    }
}

/// Whether arguments hold anything but the keywords that tell where variables come from.
fn has_values(arguments: &str) -> bool {
    let arguments = arguments.trim_end_matches(')').split(',').map(str::trim);
    arguments.filter(|it| !it.is_empty()).any(|it| !it.starts_with('_'))
}

/// The prefix of a class: that of its base where it sets none, `None` where it is not a literal.
fn prefix<'f>(file: &'f PythonFile, body: Span, inherited: Option<&'f str>) -> Option<&'f str> {
    let text = slice(file, body);
    let Some(at) = text.find("env_prefix") else { return inherited };
    let behind = &text[at + "env_prefix".len()..];
    let equals = behind.find(['=', ':'])?;
    if !behind[..equals].trim_matches(['"', '\'', ' ']).is_empty() {
        return None;
    }
    let from = body.start as usize + at + "env_prefix".len() + equals + 1;
    argument(file, from as u32).map(|it| slice(file, it.content()))
}

struct Field<'f> {
    name: &'f str,
    span: Span,
    required: bool,
    /// Names given in place of the field's own.
    aliases: Option<Vec<(String, Span)>>,
}

/// `name: annotation = default`
fn field(file: &PythonFile, line: Span) -> Option<Field<'_>> {
    let text = slice(file, line);
    let (name, rest) = text.split_once(':')?;
    let name = name.trim_end();
    if !is_name(name) || name.starts_with('_') || name == "model_config" {
        return None;
    }
    let (annotation, default) = split_default(rest);
    let annotation = annotation.trim();
    if annotation.starts_with("ClassVar") || !is_plain(annotation) {
        return None;
    }
    let default = default.map(str::trim);
    let optional = annotation.contains("None") || annotation.contains("Optional[");
    let required = !optional
        && match default {
            None => !annotation.contains("default"),
            Some("...") => true,
            Some(call) if call.starts_with("Field(") => !gives_default(call),
            Some(_) => false,
        };
    let span = Span::new(line.start, line.start + name.len() as u32);
    Some(Field { name, span, required, aliases: aliases(file, line) })
}

/// The equals sign outside of all brackets and quotes.
fn split_default(text: &str) -> (&str, Option<&str>) {
    let mut depth = 0_i32;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '[' | '(' | '{') => depth += 1,
            (None, ']' | ')' | '}') => depth -= 1,
            (None, '=') if depth == 0 => return (&text[..at], Some(&text[at + 1..])),
            _ => {}
        }
    }
    (text, None)
}

/// `Field("x")`, `Field(default=…)`, `Field(default_factory=…)`; `Field(...)` gives none.
fn gives_default(call: &str) -> bool {
    let inner = call["Field(".len()..].trim_start();
    if inner.starts_with("...") {
        return false;
    }
    if call.contains("default=...") || call.contains("default = ...") {
        return false;
    }
    let word = inner.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(0);
    let is_keyword = word > 0 && inner[word..].trim_start().starts_with('=');
    call.contains("default") || !is_keyword && !inner.starts_with(')') && !inner.starts_with("**")
}

/// Whether a field of this type is one variable: other models are put together of several.
fn is_plain(annotation: &str) -> bool {
    const PLAIN: [&str; 24] = [
        "str",
        "int",
        "float",
        "bool",
        "bytes",
        "Path",
        "list",
        "List",
        "set",
        "Set",
        "tuple",
        "dict",
        "Dict",
        "Literal",
        "Decimal",
        "SecretStr",
        "EmailStr",
        "Optional",
        "Union",
        "Annotated",
        "timedelta",
        "PositiveInt",
        "FilePath",
        "DirectoryPath",
    ];
    let annotation = annotation.trim_start_matches(['"', '\'']);
    let end = annotation.find(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '_' | '.'));
    let name = &annotation[..end.unwrap_or(annotation.len())];
    let name = name.rsplit('.').next().unwrap_or_default();
    PLAIN.contains(&name) || name.ends_with("Url") || name.ends_with("Dsn")
}

/// The literals behind `alias=`, `validation_alias=`, `env=` and in `AliasChoices(…)`.
fn aliases(file: &PythonFile, line: Span) -> Option<Vec<(String, Span)>> {
    let text = slice(file, line);
    let keys = ["validation_alias", "alias", "env"];
    let at = keys.iter().find_map(|key| {
        text.match_indices(key).find_map(|(at, _)| {
            let before = text[..at].ends_with(|it: char| it.is_ascii_alphanumeric() || it == '_');
            let behind = text[at + key.len()..].trim_start();
            let is_key = !before && behind.starts_with('=') && !behind.starts_with("==");
            is_key.then(|| text.len() - behind.len() + 1)
        })
    })?;
    let from = line.start + at as u32;
    let value = text[at..].trim_start();
    let choices = value.strip_prefix("AliasChoices(").or_else(|| value.strip_prefix('['));
    let literals = match choices {
        Some(inner) => {
            let start = line.end - inner.len() as u32;
            let length = inner.find([')', ']']).unwrap_or(inner.len()) as u32;
            let within = Span::new(start, start + length);
            let strings = file.outline.strings.iter();
            strings.filter(|it| within.contains(it.span.start)).collect()
        }
        None => argument(file, from).into_iter().collect::<Vec<_>>(),
    };
    let names = literals
        .into_iter()
        .map(|it| (slice(file, it.content()).to_ascii_uppercase(), it.content()));
    Some(names.filter(|(name, _)| is_name(name)).collect())
}
