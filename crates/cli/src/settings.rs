//! Configuration and arguments to the engine's settings. Knows rules by their names only.

use camino::Utf8Path;
use roadworthy_engine::{
    Catalog, RoleSettings, RuleId, RuleSet, Selection, Settings, Severity, UnknownRule,
};
use roadworthy_parser::quoted;
use roadworthy_project::{Role, RoleSet};

use crate::config::keys;
use crate::config::{Config, Data, Located, Table, Value};
use crate::error::Error;
use crate::patterns;

/// The settings for the files of one configuration. `foreign` are the rules of other configurations.
///
/// # Errors
/// When the configuration names a rule or an option that does not exist, or a pattern is none.
pub(crate) fn resolve(
    catalog: &Catalog,
    config: &Config,
    foreign: &RuleSet,
    working_directory: &Utf8Path,
) -> Result<Settings, Error> {
    let written = &config.settings;
    let select = written.get(&keys::SELECT).map(Value::list);
    let (extend_select, ignore) = (written.list(&keys::EXTEND_SELECT), written.list(&keys::IGNORE));
    for list in [select.unwrap_or_default(), extend_select, ignore] {
        list.iter().try_for_each(|item| named(catalog, item).map(drop))?;
    }
    let selection = Selection {
        select: select.map(names),
        extend_select: names(extend_select),
        ignore: names(ignore),
    };
    let mut rules = selection
        .resolve(catalog)
        .map_err(|unknown| Error::UnknownRule { origin: "selection", unknown })?;
    foreign.iter().for_each(|id| rules.remove(id));

    let mut settings = Settings::new(catalog, rules);
    settings.require_reason = written.flag(&keys::REQUIRE_REASON).unwrap_or(false);
    settings.per_role = per_role(catalog, written, foreign, &settings.rules)?;
    for (id, severity) in levels(catalog, written)? {
        settings.severities[id] = Some(severity);
    }
    for (rule, options) in written.table(&keys::RULES) {
        let Some(id) = catalog.id(&rule.text) else {
            return Err(unknown_rule(catalog, rule));
        };
        for (option, value) in options.table() {
            let set = |value| settings.set_option(catalog, id, &option.text, value);
            value.option().map_or(Ok(()), set).map_err(|sentence| option.error(sentence))?;
        }
    }
    for (pattern, selectors) in written.table(&keys::PER_FILE_IGNORES) {
        let mut ignored = RuleSet::empty();
        for selector in selectors.list() {
            ignored.extend(&named(catalog, selector)?);
        }
        let matchers = patterns::matchers(&pattern.text, &pattern.at.file.root, working_directory);
        let matchers = matchers.map_err(|reason| not_a_pattern(pattern, &reason))?;
        let pairs = matchers.into_iter().map(|matcher| (matcher, ignored.clone()));
        settings.per_file_ignores.extend(pairs);
    }
    Ok(settings)
}

/// What differs in files of each role: what is said of it by its own name stands above what is said of
/// `product`.
fn per_role(
    catalog: &Catalog,
    written: &Table,
    foreign: &RuleSet,
    selected: &RuleSet,
) -> Result<Vec<(Role, RoleSettings)>, Error> {
    // What the command line selects or takes away, no file changes; it still says where that speaks.
    let closed = written.get(&keys::SELECT).is_some_and(|select| select.at.is_argument());
    let refused = written.list(&keys::IGNORE).iter().filter(|item| item.at.is_argument());
    let refused: Vec<_> = refused.map(|item| item.text.clone()).collect();
    let refused = Selection::all_named(catalog, &refused).unwrap_or_default();
    let may_speak = |id: &RuleId| {
        let addable = !closed && !refused.contains(*id) && !foreign.contains(*id);
        selected.contains(*id) || addable
    };
    let mut written: Vec<_> = written.table(&keys::PER_ROLE).iter().collect();
    written.sort_by_key(|(name, _)| name.text != RoleSet::PRODUCT_NAME);
    let mut settings: Vec<(Role, RoleSettings)> = Vec::new();
    for (name, value) in written {
        let Data::Table(table) = &value.data else { continue };
        let (speaking, ignored) = (table.list(&keys::EXTEND_SELECT), table.list(&keys::IGNORE));
        for item in speaking.iter().chain(ignored) {
            named(catalog, item)?;
        }
        let selection = Selection {
            select: Some(Vec::new()),
            extend_select: names(speaking),
            ignore: names(ignored),
        };
        let (speaking, silent) = selection.sides(catalog);
        let levels = levels(catalog, table)?;
        for role in RoleSet::from_names([name.text.as_str()]).unwrap_or_default().iter() {
            let index = settings.iter().position(|(other, _)| *other == role);
            let index = index.unwrap_or_else(|| {
                settings.push((role, RoleSettings::default()));
                settings.len() - 1
            });
            let of_role = &mut settings[index].1;
            silent.iter().for_each(|id| of_role.speaking.remove(id));
            speaking.iter().for_each(|id| of_role.silent.remove(id));
            of_role.silent.extend(&silent);
            of_role.speaking.extend(&speaking.iter().filter(may_speak).collect());
            for &(id, severity) in &levels {
                of_role.severities.retain(|(other, _)| *other != id);
                of_role.severities.push((id, severity));
            }
        }
    }
    Ok(settings)
}

fn names(list: &[Located]) -> Vec<String> {
    list.iter().map(|item| item.text.clone()).collect()
}

/// The levels that a table gives to rules. The more exact name wins: a rule stands above its group, that
/// above its area, that above `ALL`.
fn levels(catalog: &Catalog, table: &Table) -> Result<Vec<(RuleId, Severity)>, Error> {
    let exactness = |item: &Located| match item.text.as_str() {
        name if catalog.id(name).is_some() => 3,
        name if catalog.groups().contains(&name) => 2,
        name => u8::from(name != "ALL"),
    };
    let mut written: Vec<_> = table.table(&keys::LEVEL_OF).iter().collect();
    written.sort_by_key(|(item, _)| exactness(item));
    let mut levels = Vec::new();
    for (item, level) in written {
        let severity = level.text().and_then(Severity::from_name);
        let rules = named(catalog, item)?;
        levels.extend(
            severity
                .into_iter()
                .flat_map(|it| rules.iter().map(move |id| (id, it)).collect::<Vec<_>>()),
        );
    }
    Ok(levels)
}

/// The error of a pattern that is none.
pub(crate) fn not_a_pattern(pattern: &Located, reason: &str) -> Error {
    let sentence = format!("{} is not a valid path pattern: {reason}", quoted(&pattern.text));
    pattern.error(sentence).into()
}

fn named(catalog: &Catalog, item: &Located) -> Result<RuleSet, Error> {
    Selection::all_named(catalog, std::slice::from_ref(&item.text))
        .map_err(|unknown: UnknownRule| item.error(unknown.to_string()).into())
}

/// The error of a name that is no rule, though perhaps a group.
fn unknown_rule(catalog: &Catalog, rule: &Located) -> Error {
    named(catalog, rule).err().unwrap_or_else(|| {
        rule.error(format!("{} is no single rule, so it has no options", quoted(&rule.text))).into()
    })
}
