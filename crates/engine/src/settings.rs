//! What a run was asked for, resolved: rules, levels, options. Knows no file format.

use camino::Utf8Path;
use globset::GlobMatcher;
use roadworthy_parser::quoted;

use crate::{Catalog, OptionDefault, RuleId, RuleSet, Severity};

/// How much of its knowledge a run uses to stay quiet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strictness {
    /// Roles, quiet conditions and folding hold.
    #[default]
    Normal,
    /// Rules speak in files of every role.
    EveryRole,
    /// Rules speak at every syntactic candidate.
    Pedantic,
}

/// The value of a rule's option.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is the TOML type of its name")]
pub enum OptionValue {
    Boolean(bool),
    Integer(i64),
    Strings(Vec<String>),
}

impl From<OptionDefault> for OptionValue {
    fn from(default: OptionDefault) -> Self {
        match default {
            OptionDefault::Boolean(value) => Self::Boolean(value),
            OptionDefault::Integer(value) => Self::Integer(value),
            OptionDefault::Strings(values) => {
                Self::Strings(values.iter().map(|&value| value.to_owned()).collect())
            }
        }
    }
}

/// The settings that hold for a part of a project's files.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The rules that run.
    pub rules: RuleSet,
    /// Levels that replace a rule's own, by [`RuleId`].
    pub severities: Vec<Option<Severity>>,
    /// Options of each rule in the order of its specification, by [`RuleId`].
    pub options: Vec<Vec<OptionValue>>,
    /// Rules that are silent in files whose path matches.
    pub per_file_ignores: Vec<(GlobMatcher, RuleSet)>,
}

impl Settings {
    /// The given rules with their own levels and options.
    pub fn new(catalog: &Catalog, rules: RuleSet) -> Self {
        let defaults = |options: &[crate::OptionSpec]| {
            options.iter().map(|option| option.default.into()).collect()
        };
        Self {
            rules,
            severities: vec![None; catalog.rules().len()],
            options: catalog.rules().iter().map(|rule| defaults(rule.options)).collect(),
            per_file_ignores: Vec::new(),
        }
    }

    /// Sets an option of a rule.
    ///
    /// # Errors
    /// With a sentence when the rule has no such option, or one of another type.
    pub fn set_option(
        &mut self,
        catalog: &Catalog,
        id: RuleId,
        name: &str,
        value: OptionValue,
    ) -> Result<(), String> {
        let rule = catalog.rule(id);
        let Some(index) = rule.options.iter().position(|option| option.name == name) else {
            let names: Vec<_> = rule.options.iter().map(|option| option.name).collect();
            return Err(match crate::selection::nearest(name, &names) {
                Some(nearest) => format!(
                    "rule `{}` has no option {}; did you mean `{nearest}`?",
                    rule.name,
                    quoted(name)
                ),
                None if names.is_empty() => format!("rule `{}` has no options", rule.name),
                None => format!(
                    "rule `{}` has no option {}; its options are {}",
                    rule.name,
                    quoted(name),
                    names.join(", ")
                ),
            });
        };
        if std::mem::discriminant(&self.options[id][index]) != std::mem::discriminant(&value) {
            let expected = match rule.options[index].default {
                OptionDefault::Boolean(_) => "true or false",
                OptionDefault::Integer(_) => "a whole number",
                OptionDefault::Strings(_) => "a list of strings",
            };
            return Err(format!("option `{name}` of rule `{}` takes {expected}", rule.name));
        }
        self.options[id][index] = value;
        Ok(())
    }

    /// The rules that run in a file, by its path.
    pub fn rules_for(&self, path: &Utf8Path) -> RuleSet {
        let mut rules = self.rules.clone();
        for (glob, ignored) in &self.per_file_ignores {
            if glob.is_match(path) {
                ignored.iter().for_each(|id| rules.remove(id));
            }
        }
        rules
    }
}
