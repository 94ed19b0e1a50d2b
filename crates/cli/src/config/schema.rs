//! The JSON schema of the configuration, from the table of keys and the catalogue. Knows no file.
//!
//! It is draft 07, which editors read. Names of rules are closed lists, except where a
//! project has rules of its own or takes settings that may bring some: then any name may be one.

use roadworthy_engine::{Catalog, OptionDefault, OptionSpec, Rule};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::exit::Exit;
use crate::terminal;

use crate::config::keys::{
    Default, EXTEND, KEYS, Key, Kind, Names, ROLES_AND_PRODUCT, RULE_PATHS, Text,
};

/// Prints the schema.
///
/// # Errors
/// When that cannot be written.
pub(crate) fn print(catalog: &Catalog) -> Result<Exit, Error> {
    let text = serde_json::to_string_pretty(&schema(catalog));
    let text = text.expect("it is made of names and texts only") + "\n";
    terminal::print(roadworthy_report::Styles::plain(), |out| Ok(out.write_all(text.as_bytes())?))?;
    Ok(Exit::Clean)
}

fn schema(catalog: &Catalog) -> Value {
    let (open, closed) = (Schema { closed: false }, Schema { closed: true });
    let names_rules = |key: &&&Key| key.kind.names_rules();
    let constraints = KEYS.iter().filter(names_rules).map(|key| closed.property(key));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/docs/roadworthy.schema.json"),
        "title": "Roadworthy",
        "description": "The configuration of roadworthy: `roadworthy.toml`, or `[tool.roadworthy]` in `pyproject.toml`.",
        "type": "object",
        "additionalProperties": false,
        "properties": KEYS.iter().map(|key| open.documented(key)).collect::<Map<_, _>>(),
        "if": { "anyOf": [{ "required": [RULE_PATHS.name] }, { "required": [EXTEND.name] }] },
        "else": { "properties": constraints.collect::<Map<_, _>>() },
        "definitions": {
            "selector": { "enum": catalog.selectors() },
            "rule": { "enum": names(catalog) },
            "own-selector": { "anyOf": [{ "$ref": "#/definitions/selector" }, own()] },
            "own-rule": { "anyOf": [{ "$ref": "#/definitions/rule" }, own()] },
            "options": options(catalog),
        },
    })
}

fn names(catalog: &Catalog) -> Vec<&'static str> {
    catalog.rules().iter().map(|rule| rule.name).collect()
}

/// A rule of a project's own, or a folder of them.
fn own() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" })
}

/// The options of each rule.
fn options(catalog: &Catalog) -> Value {
    let rule = |rule: &&Rule| {
        let options = rule.options.iter().map(|option| (option.name.to_owned(), of_option(option)));
        let schema = json!({
            "type": "object",
            "description": format!("{}.", capitalised(rule.summary)),
            "additionalProperties": false,
            "properties": options.collect::<Map<_, _>>(),
        });
        (rule.name.to_owned(), schema)
    };
    json!({ "properties": catalog.rules().iter().map(rule).collect::<Map<_, _>>() })
}

fn of_option(option: &OptionSpec) -> Value {
    let (kind, default) = match option.default {
        OptionDefault::Boolean(default) => (json!({ "type": "boolean" }), json!(default)),
        OptionDefault::Integer(default) => (json!({ "type": "integer" }), json!(default)),
        OptionDefault::Strings(default) => {
            (json!({ "type": "array", "items": { "type": "string" } }), json!(default))
        }
    };
    with(
        kind,
        [("default", default), ("description", json!(format!("{}.", capitalised(option.help))))],
    )
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next()
        .map(|first| first.to_uppercase().collect::<String>() + rest.as_str())
        .unwrap_or_default()
}

fn with<const N: usize>(mut schema: Value, more: [(&str, Value); N]) -> Value {
    for (name, value) in more {
        schema[name] = value;
    }
    schema
}

struct Schema {
    /// Whether there are no rules but those of the catalogue.
    closed: bool,
}

impl Schema {
    fn property(&self, key: &Key) -> (String, Value) {
        (key.name.to_owned(), self.of(&key.kind))
    }

    fn documented(&self, key: &Key) -> (String, Value) {
        let schema = with(self.of(&key.kind), [("description", json!(key.help))]);
        let default = match key.default {
            Default::Is(value) => serde_json::from_str(value).ok(),
            Default::Words(_) => None,
        };
        let schema = match default {
            Some(default) => with(schema, [("default", default)]),
            None => schema,
        };
        let example = toml::from_str::<Map<String, Value>>(&key.example()).ok();
        let schema = match example.and_then(|mut table| table.remove(key.name)) {
            Some(example) => with(schema, [("examples", json!([example]))]),
            None => schema,
        };
        (key.name.to_owned(), schema)
    }

    /// A definition of names, open or closed.
    fn reference(&self, definition: &str) -> Value {
        let own = if self.closed { "" } else { "own-" };
        json!({ "$ref": format!("#/definitions/{own}{definition}") })
    }

    fn of(&self, kind: &Kind) -> Value {
        match *kind {
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Number => json!({ "type": "integer", "minimum": 0 }),
            Kind::Text(Text::Reference | Text::File) => json!({ "type": "string", "minLength": 1 }),
            Kind::Text(Text::Requirement) => {
                let version = r"v?[0-9]+(\.[0-9]+)*([-._]?(a|b|c|rc|alpha|beta|pre|preview|post|rev|r|dev)[-._]?[0-9]*)*(\.\*)?";
                let one = format!(r"\s*(===?|!=|~=|<=?|>=?)\s*{version}\s*");
                json!({ "type": "string", "pattern": format!(r"^(\s*{version}\s*|{one}(,{one})*)$") })
            }
            Kind::Word(words) => json!({ "enum": words }),
            Kind::List(names) => json!({ "type": "array", "items": self.name(names) }),
            Kind::Table(Names::Role, value) => {
                let value = self.of(value);
                let roles = ROLES_AND_PRODUCT.iter().map(|role| (role.to_string(), value.clone()));
                json!({
                    "type": "object",
                    "additionalProperties": false,
                    "properties": roles.collect::<Map<_, _>>(),
                })
            }
            Kind::Table(Names::Rule, Kind::Table(Names::Option, _)) => json!({
                "type": "object",
                "additionalProperties": { "type": "object" },
                "propertyNames": self.reference("rule"),
                "allOf": [{ "$ref": "#/definitions/options" }],
            }),
            Kind::Table(names, value) => json!({
                "type": "object",
                "propertyNames": self.name(names),
                "additionalProperties": self.of(value),
            }),
            Kind::Fields(keys) => json!({
                "type": "object",
                "additionalProperties": false,
                "properties": keys.iter().map(|key| self.property(key)).collect::<Map<_, _>>(),
            }),
            Kind::Option => json!({ "type": ["boolean", "integer", "array"] }),
        }
    }

    fn name(&self, names: Names) -> Value {
        match names {
            Names::Selector => self.reference("selector"),
            Names::Rule => self.reference("rule"),
            Names::Role => json!({ "enum": ROLES_AND_PRODUCT }),
            Names::Pattern | Names::Folder | Names::Option => json!({ "type": "string" }),
        }
    }
}

impl Kind {
    /// Whether rules are named somewhere in it.
    fn names_rules(&self) -> bool {
        let names_rules = |names: Names| matches!(names, Names::Selector | Names::Rule);
        match *self {
            Self::List(names) => names_rules(names),
            Self::Table(names, value) => names_rules(names) || value.names_rules(),
            Self::Fields(keys) => keys.iter().any(|key| key.kind.names_rules()),
            Self::Flag | Self::Number | Self::Text(_) | Self::Word(_) | Self::Option => false,
        }
    }
}
