//! The text of a configuration file to a [`Config`]. By hand, so that a wrong word is refused with its
//! place and what was probably meant.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{OptionValue, Severity, nearest};
use roadworthy_parser::{quoted, without_values};
use roadworthy_project::Role;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::args::FailOn;
use crate::config::{Config, Located};
use crate::error::{ConfigError, Place};

/// All keys of the configuration.
const KEYS: [&str; 13] = [
    "exclude",
    "extend-exclude",
    "extend-select",
    "fail-on",
    "ignore",
    "min-severity",
    "per-file-ignores",
    "respect-gitignore",
    "roles",
    "rule-paths",
    "rules",
    "select",
    "severity",
];

type Item<'t> = (&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>);

/// The file that is read.
struct Reader<'t> {
    path: &'t Utf8Path,
    text: &'t str,
}

/// Reads a configuration file. `pyproject` says that it is the table `[tool.roadworthy]` that counts;
/// `None` when a `pyproject.toml` has none.
pub(super) fn read(
    path: &Utf8Path,
    root: &Utf8Path,
    text: &str,
    pyproject: bool,
) -> Result<Option<Config>, ConfigError> {
    let reader = Reader { path, text };
    let parsed = DeTable::parse(text).map_err(|error| {
        let message = without_values(&error.message().trim().replace('\n', ", "));
        let offset = error.span().map_or(0, |span| span.start);
        reader.error(offset, format!("this is not valid TOML: {message}"))
    })?;
    let mut table = parsed.get_ref();
    if pyproject {
        let tool = table.get("tool").and_then(|tool| tool.get_ref().as_table());
        match tool.and_then(|tool| tool.get("roadworthy")) {
            None => return Ok(None),
            Some(own) => table = reader.table(own, "tool.roadworthy")?,
        }
    }
    reader.config(table, root).map(Some)
}

impl Reader<'_> {
    fn error(&self, offset: usize, sentence: impl Into<String>) -> ConfigError {
        ConfigError {
            path: self.path.to_owned(),
            place: Some(Place::of(self.text, offset)),
            sentence: sentence.into(),
        }
    }

    fn config(&self, table: &DeTable<'_>, root: &Utf8Path) -> Result<Config, ConfigError> {
        let file: Utf8PathBuf = self.path.to_owned();
        let mut config = Config { file, root: root.to_owned(), ..Config::default() };
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "select" => config.select = Some(self.strings(value, name)?),
                "extend-select" => config.extend_select = self.strings(value, name)?,
                "ignore" => config.ignore = self.strings(value, name)?,
                "exclude" => config.exclude = Some(self.strings(value, name)?),
                "extend-exclude" => config.extend_exclude = self.strings(value, name)?,
                "rule-paths" => config.rule_paths = self.strings(value, name)?,
                "respect-gitignore" => {
                    let flag = value.get_ref().as_bool();
                    config.respect_gitignore =
                        Some(flag.ok_or_else(|| self.wrong_type(value, name, "true or false"))?);
                }
                "fail-on" => config.fail_on = Some(self.fail_on(value, name)?),
                "min-severity" => config.min_severity = Some(self.severity(value, name)?),
                "per-file-ignores" => {
                    config.per_file_ignores =
                        self.entries(value, name, |value, name| self.strings(value, name))?;
                }
                "severity" => {
                    config.severity =
                        self.entries(value, name, |value, name| self.severity(value, name))?;
                }
                "roles" => {
                    config.roles =
                        self.entries(value, name, |value, name| self.role(value, name))?;
                }
                "rules" => {
                    config.rules = self.entries(value, name, |value, name| {
                        self.entries(value, name, |value, name| self.option(value, name))
                    })?;
                }
                _ => return Err(self.unknown_key(key.span().start, name)),
            }
        }
        Ok(config)
    }

    fn unknown_key(&self, offset: usize, name: &str) -> ConfigError {
        let way_out = match nearest(name, &KEYS) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("the keys are {}", KEYS.join(", ")),
        };
        self.error(offset, format!("there is no key {}; {way_out}", quoted(name)))
    }

    fn wrong_type(&self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) -> ConfigError {
        let found = value.get_ref().type_str();
        self.error(
            value.span().start,
            format!("{} takes {wanted}, not a value of type {found}", quoted(key)),
        )
    }

    fn table<'v>(
        &self,
        value: &'v Spanned<DeValue<'_>>,
        key: &str,
    ) -> Result<&'v DeTable<'v>, ConfigError> {
        value.get_ref().as_table().ok_or_else(|| self.wrong_type(value, key, "a table"))
    }

    /// The entries of a table, in the order of the file.
    fn entries<T>(
        &self,
        value: &Spanned<DeValue<'_>>,
        key: &str,
        read: impl Fn(&Spanned<DeValue<'_>>, &str) -> Result<T, ConfigError>,
    ) -> Result<Vec<(Located, T)>, ConfigError> {
        let mut items: Vec<Item<'_>> = self.table(value, key)?.iter().collect();
        items.sort_by_key(|(name, _)| name.span().start);
        items
            .into_iter()
            .map(|(name, value)| {
                let place = Place::of(self.text, name.span().start);
                let text = name.get_ref().to_string();
                let read = read(value, &text)?;
                Ok((Located { text, place }, read))
            })
            .collect()
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
                Ok(Located { text, place: Place::of(self.text, item.span().start) })
            })
            .collect()
    }

    /// One word of a few.
    fn word<T>(
        &self,
        value: &Spanned<DeValue<'_>>,
        key: &str,
        words: &[&'static str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfigError> {
        let wanted = format!("one of {}", words.join(", "));
        let word = self.string(value, key, &wanted)?;
        read(word).ok_or_else(|| {
            let meant = nearest(word, words);
            let meant = meant.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
            let (key, word) = (quoted(key), quoted(word));
            self.error(value.span().start, format!("{key} takes {wanted}, not {word}{meant}"))
        })
    }

    fn severity(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<Severity, ConfigError> {
        self.word(value, key, &Severity::ALL.map(Severity::name), Severity::from_name)
    }

    fn role(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<Role, ConfigError> {
        self.word(value, key, &Role::ALL.map(Role::name), Role::from_name)
    }

    fn fail_on(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<FailOn, ConfigError> {
        let words = ["error", "warning", "info", "never"];
        self.word(value, key, &words, |word| {
            <FailOn as clap::ValueEnum>::from_str(word, false).ok()
        })
    }

    fn option(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<OptionValue, ConfigError> {
        let wanted = "true or false, a whole number or a list of strings";
        Ok(match value.get_ref() {
            DeValue::Boolean(flag) => OptionValue::Boolean(*flag),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                let number = i64::from_str_radix(&digits, number.radix());
                let number = number.map_err(|_| self.wrong_type(value, key, wanted))?;
                OptionValue::Integer(number)
            }
            DeValue::Array(_) => {
                let strings = self.strings(value, key)?;
                OptionValue::Strings(strings.into_iter().map(|item| item.text).collect())
            }
            _ => return Err(self.wrong_type(value, key, wanted)),
        })
    }
}
