//! The text of a configuration file to a [`Table`], by the kinds of its keys. By hand, so that a wrong
//! word is refused with its place and what was probably meant. Knows TOML, no single key.

use std::sync::Arc;

use roadworthy_engine::nearest;
use roadworthy_parser::{quoted, without_values};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::keys::{KEYS, Key, Kind, Names, REQUIRED_VERSION, ROLES_AND_PRODUCT, Text};
use crate::config::value::{At, Data, Located, Table, Value, Written};
use crate::config::version;
use crate::error::{ConfigError, Place};

type Item<'t> = (&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>);

/// The file that is read.
struct Reader<'t> {
    file: &'t Arc<Written>,
    text: &'t str,
}

/// Reads a configuration file. `pyproject` says that it is the table `[tool.roadworthy]` that counts;
/// `None` when a `pyproject.toml` has none.
pub(super) fn read(
    file: &Arc<Written>,
    text: &str,
    pyproject: bool,
) -> Result<Option<Table>, ConfigError> {
    let reader = Reader { file, text };
    let parsed = DeTable::parse(text).map_err(|error| {
        let message = without_values(&error.message().trim().replace('\n', ", "));
        let offset = error.span().map_or(0, |span| span.start);
        reader.at(offset).error(format!("this is not valid TOML: {message}"))
    })?;
    let mut table = parsed.get_ref();
    if pyproject {
        let tool = table.get("tool").and_then(|tool| tool.get_ref().as_table());
        match tool.and_then(|tool| tool.get("roadworthy")) {
            None => return Ok(None),
            Some(own) => table = reader.table(own, "tool.roadworthy")?,
        }
    }
    // A file for another version may hold keys that this one does not know.
    if let Some(value) = table.get(REQUIRED_VERSION.name) {
        reader.value(value, REQUIRED_VERSION.name, &REQUIRED_VERSION.kind)?;
    }
    reader.fields(table, "", &KEYS).map(Some)
}

impl Reader<'_> {
    fn at(&self, offset: usize) -> At {
        At { file: Arc::clone(self.file), place: Some(Place::of(self.text, offset)) }
    }

    /// The keys of a table, `within` another where that has a name.
    fn fields(
        &self,
        table: &DeTable<'_>,
        within: &str,
        keys: &[&Key],
    ) -> Result<Table, ConfigError> {
        self.entries(table, |name, value| {
            let key = keys.iter().find(|key| key.name == name.text);
            let names = || keys.iter().map(|key| key.name).collect();
            let key = key.ok_or_else(|| unknown("key", name, within, names()))?;
            self.value(value, key.name, &key.kind)
        })
    }

    fn wrong_type(&self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) -> ConfigError {
        let found = match value.get_ref().type_str() {
            "string" => "a string",
            "integer" => "a whole number",
            "float" => "a number",
            "boolean" => "true or false",
            "datetime" => "a date or time",
            "array" => "a list",
            _ => "a table",
        };
        self.at(value.span().start).error(format!("{} takes {wanted}, not {found}", quoted(key)))
    }

    fn table<'v>(
        &self,
        value: &'v Spanned<DeValue<'_>>,
        key: &str,
    ) -> Result<&'v DeTable<'v>, ConfigError> {
        value.get_ref().as_table().ok_or_else(|| self.wrong_type(value, key, "a table"))
    }

    /// The entries of a table, in the order of the file.
    fn entries(
        &self,
        table: &DeTable<'_>,
        read: impl Fn(&Located, &Spanned<DeValue<'_>>) -> Result<Value, ConfigError>,
    ) -> Result<Table, ConfigError> {
        let mut items: Vec<Item<'_>> = table.iter().collect();
        items.sort_by_key(|(name, _)| name.span().start);
        let entries = items.into_iter().map(|(name, value)| {
            let at = self.at(name.span().start);
            let name = Located { text: name.get_ref().to_string(), at };
            let value = read(&name, value)?;
            Ok((name, value))
        });
        Ok(Table { entries: entries.collect::<Result<_, ConfigError>>()? })
    }

    fn value(
        &self,
        value: &Spanned<DeValue<'_>>,
        key: &str,
        kind: &Kind,
    ) -> Result<Value, ConfigError> {
        let data = match *kind {
            Kind::Flag => {
                let flag = value.get_ref().as_bool();
                Data::Flag(flag.ok_or_else(|| self.wrong_type(value, key, "true or false"))?)
            }
            Kind::Number => Data::Number(self.number(value, key)?),
            Kind::Text(text) => {
                let read = self.string(value, key, "a string")?;
                if text == Text::Requirement {
                    version::check(read)
                        .map_err(|sentence| self.at(value.span().start).error(sentence))?;
                }
                Data::Text(read.to_owned())
            }
            Kind::Word(words) => Data::Text(self.word(value, key, words)?.to_owned()),
            Kind::List(_) => Data::List(self.strings(value, key)?),
            Kind::Table(names, kind) => {
                let table = self.table(value, key)?;
                Data::Table(self.entries(table, |name, value| {
                    if names == Names::Role && !ROLES_AND_PRODUCT.contains(&&*name.text) {
                        return Err(unknown("role", name, key, ROLES_AND_PRODUCT.to_vec()));
                    }
                    let of_role = || format!("{key}.{}", name.text);
                    let within = if names == Names::Role { of_role() } else { name.text.clone() };
                    self.value(value, &within, kind)
                })?)
            }
            Kind::Fields(keys) => Data::Table(self.fields(self.table(value, key)?, key, keys)?),
            Kind::Option => self.option(value, key)?,
        };
        Ok(Value { at: self.at(value.span().start), data })
    }

    fn string<'v>(
        &self,
        value: &'v Spanned<DeValue<'_>>,
        key: &str,
        wanted: &str,
    ) -> Result<&'v str, ConfigError> {
        value.get_ref().as_str().ok_or_else(|| self.wrong_type(value, key, wanted))
    }

    fn strings(
        &self,
        value: &Spanned<DeValue<'_>>,
        key: &str,
    ) -> Result<Vec<Located>, ConfigError> {
        let wanted = "a list of strings";
        let list = value.get_ref().as_array().ok_or_else(|| self.wrong_type(value, key, wanted))?;
        list.iter()
            .map(|item| {
                let text = self.string(item, key, wanted)?.to_owned();
                Ok(Located { text, at: self.at(item.span().start) })
            })
            .collect()
    }

    /// One word of a few.
    fn word<'v>(
        &self,
        value: &'v Spanned<DeValue<'_>>,
        key: &str,
        words: &[&'static str],
    ) -> Result<&'v str, ConfigError> {
        let wanted = format!("one of {}", words.join(", "));
        let word = self.string(value, key, &wanted)?;
        if words.contains(&word) {
            return Ok(word);
        }
        let meant = nearest(word, words);
        let meant = meant.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
        let (key, word) = (quoted(key), quoted(word));
        let sentence = format!("{key} takes {wanted}, not {word}{meant}");
        Err(self.at(value.span().start).error(sentence))
    }

    fn number(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<i64, ConfigError> {
        let number = value.get_ref().as_integer().and_then(|number| {
            let digits = number.as_str().replace('_', "");
            i64::from_str_radix(&digits, number.radix()).ok().filter(|it| *it >= 0)
        });
        number.ok_or_else(|| match value.get_ref() {
            DeValue::Integer(_) => {
                let sentence = format!("{} takes a whole number from 0 on", quoted(key));
                self.at(value.span().start).error(sentence)
            }
            _ => self.wrong_type(value, key, "a whole number"),
        })
    }

    fn option(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<Data, ConfigError> {
        let wanted = "true or false, a whole number or a list of strings";
        Ok(match value.get_ref() {
            DeValue::Boolean(flag) => Data::Flag(*flag),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                let number = i64::from_str_radix(&digits, number.radix());
                Data::Number(number.map_err(|_| self.wrong_type(value, key, wanted))?)
            }
            DeValue::Array(_) => Data::List(self.strings(value, key)?),
            _ => return Err(self.wrong_type(value, key, wanted)),
        })
    }
}

/// The error of a name that is none of `names`.
fn unknown(what: &str, name: &Located, within: &str, mut names: Vec<&'static str>) -> ConfigError {
    names.sort_unstable();
    // `select` and `ignore` have an `extend-` elsewhere that they have not here, or the other way round.
    let bare = |name: &str| name.trim_start_matches("extend-").to_owned();
    let kin = names.iter().copied().find(|known| bare(known) == bare(&name.text));
    let way_out = match kin.or_else(|| nearest(&name.text, &names)) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("the {what}s are {}", names.join(", ")),
    };
    let place = if within.is_empty() { String::new() } else { format!(" in {}", quoted(within)) };
    name.error(format!("there is no {what} {}{place}; {way_out}", quoted(&name.text)))
}
