//! Configuration and arguments to the engine's settings. Knows rules by their names only.

use camino::Utf8Path;
use roadworthy_engine::{Catalog, RuleSet, Selection, Settings, UnknownRule};
use roadworthy_parser::quoted;

use crate::args::CheckArguments;
use crate::config::{Config, Located};
use crate::error::Error;
use crate::patterns;

/// The rules that the arguments name; they stand above every configuration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    select: Option<Vec<String>>,
    extend_select: Vec<String>,
    ignore: Vec<String>,
}

impl Asked {
    /// Takes the arguments.
    ///
    /// # Errors
    /// When one names a rule that does not exist.
    pub(crate) fn new(catalog: &Catalog, arguments: &CheckArguments) -> Result<Self, Error> {
        let trimmed = |names: &[String]| -> Vec<String> {
            let names = names.iter().map(|name| name.trim().to_owned());
            names.filter(|name| !name.is_empty()).collect()
        };
        let asked = Self {
            select: arguments.select.as_deref().map(trimmed),
            extend_select: trimmed(&arguments.extend_select),
            ignore: trimmed(&arguments.ignore),
        };
        for (origin, names) in [
            ("--select", asked.select.as_deref().unwrap_or_default()),
            ("--extend-select", &asked.extend_select),
            ("--ignore", &asked.ignore),
        ] {
            Selection::all_named(catalog, names)
                .map_err(|unknown| Error::UnknownRule { origin, unknown })?;
        }
        Ok(asked)
    }
}

/// The settings for the files of one configuration. `foreign` are the rules of other configurations.
///
/// # Errors
/// When the configuration names a rule or an option that does not exist, or a pattern is none.
pub(crate) fn resolve(
    catalog: &Catalog,
    config: &Config,
    asked: &Asked,
    foreign: &RuleSet,
    working_directory: &Utf8Path,
) -> Result<Settings, Error> {
    let names =
        |list: &[Located]| -> Vec<String> { list.iter().map(|item| item.text.clone()).collect() };
    for list in
        [config.select.as_deref().unwrap_or_default(), &config.extend_select, &config.ignore]
    {
        list.iter().try_for_each(|item| named(catalog, config, item).map(drop))?;
    }
    // Who selects on the command line starts anew; who adds or takes away goes on from the file.
    let mut selection = match &asked.select {
        Some(select) => Selection { select: Some(select.clone()), ..Selection::default() },
        None => Selection {
            select: config.select.as_deref().map(names),
            extend_select: names(&config.extend_select),
            ignore: names(&config.ignore),
        },
    };
    selection.extend_select.extend(asked.extend_select.iter().cloned());
    selection.ignore.extend(asked.ignore.iter().cloned());
    let mut rules = selection
        .resolve(catalog)
        .map_err(|unknown| Error::UnknownRule { origin: "selection", unknown })?;
    foreign.iter().for_each(|id| rules.remove(id));

    let mut settings = Settings::new(catalog, rules);
    // The more exact name wins: a rule stands above its group, that above its area, that above `ALL`.
    let exactness = |item: &Located| match item.text.as_str() {
        name if catalog.id(name).is_some() => 3,
        name if catalog.groups().contains(&name) => 2,
        name => u8::from(name != "ALL"),
    };
    let mut levels: Vec<_> = config.severity.iter().collect();
    levels.sort_by_key(|(item, _)| exactness(item));
    for (item, severity) in levels {
        for id in named(catalog, config, item)?.iter() {
            settings.severities[id] = Some(*severity);
        }
    }
    for (rule, options) in &config.rules {
        let Some(id) = catalog.id(&rule.text) else {
            return Err(unknown_rule(catalog, config, rule));
        };
        for (option, value) in options {
            settings
                .set_option(catalog, id, &option.text, value.clone())
                .map_err(|sentence| config.error(option.place, sentence))?;
        }
    }
    for (pattern, selectors) in &config.per_file_ignores {
        let mut ignored = RuleSet::empty();
        for selector in selectors {
            ignored.extend(&named(catalog, config, selector)?);
        }
        let matchers = patterns::matchers(&pattern.text, &config.root, working_directory);
        let matchers = matchers.map_err(|reason| not_a_pattern(config, pattern, &reason))?;
        let pairs = matchers.into_iter().map(|matcher| (matcher, ignored.clone()));
        settings.per_file_ignores.extend(pairs);
    }
    Ok(settings)
}

/// The error of a pattern that is none.
pub(crate) fn not_a_pattern(config: &Config, pattern: &Located, reason: &str) -> Error {
    let sentence = format!("{} is not a valid path pattern: {reason}", quoted(&pattern.text));
    config.error(pattern.place, sentence).into()
}

fn named(catalog: &Catalog, config: &Config, item: &Located) -> Result<RuleSet, Error> {
    Selection::all_named(catalog, std::slice::from_ref(&item.text))
        .map_err(|unknown: UnknownRule| config.error(item.place, unknown.to_string()).into())
}

/// The error of a name that is no rule, though perhaps a group.
fn unknown_rule(catalog: &Catalog, config: &Config, rule: &Located) -> Error {
    named(catalog, config, rule).err().unwrap_or_else(|| {
        let sentence = format!("{} is no single rule, so it has no options", quoted(&rule.text));
        config.error(rule.place, sentence).into()
    })
}
