//! What a run was asked for, resolved: rules, levels, options. Knows no file format.

use camino::Utf8Path;
use globset::GlobMatcher;
use jiff::civil::Date;
use roadworthy_parser::quoted;
use roadworthy_project::Role;

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
    /// What differs in files of some roles; of one role there is one entry.
    pub per_role: Vec<(Role, RoleSettings)>,
    /// Whether a comment that silences a finding must say why.
    pub require_reason: bool,
    /// The day that comments with a last day are compared with; without one none of them has expired.
    pub today: Option<Date>,
    /// The day for which the facts of a project hold; without one, what depends on a day is not known.
    pub as_of: Option<Date>,
}

/// What differs in files of a role.
#[derive(Clone, Debug, Default)]
pub struct RoleSettings {
    /// Rules that speak, whether or not they run elsewhere or would speak in that role.
    pub speaking: RuleSet,
    /// Rules that are silent.
    pub silent: RuleSet,
    /// Levels that replace those of other files.
    pub severities: Vec<(RuleId, Severity)>,
}

/// A day written `2027-03-31`, as comments, arguments and examples write it.
pub fn day(text: &str) -> Option<Date> {
    crate::suppression::own::day(text)
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
            per_role: Vec::new(),
            require_reason: false,
            today: None,
            as_of: None,
        }
    }

    /// What differs in files of a role.
    pub fn of_role(&self, role: Role) -> Option<&RoleSettings> {
        self.per_role.iter().find(|(other, _)| *other == role).map(|(_, settings)| settings)
    }

    /// All rules that run in any file.
    pub fn all_rules(&self) -> RuleSet {
        let mut rules = self.rules.clone();
        self.per_role.iter().for_each(|(_, settings)| rules.extend(&settings.speaking));
        rules
    }

    /// The level that replaces a rule's own in files of a role.
    pub fn severity(&self, id: RuleId, role: Option<Role>) -> Option<Severity> {
        let of_role = role.and_then(|role| self.of_role(role)).and_then(|settings| {
            settings
                .severities
                .iter()
                .find(|(other, _)| *other == id)
                .map(|&(_, severity)| severity)
        });
        of_role.or(self.severities[id])
    }

    /// These settings where no other rules run than some.
    #[must_use]
    pub fn narrowed(&self, keep: impl Fn(RuleId) -> bool) -> Self {
        let narrowed = |rules: &RuleSet| rules.iter().filter(|&id| keep(id)).collect();
        let mut settings = Self { rules: narrowed(&self.rules), ..self.clone() };
        for (_, of_role) in &mut settings.per_role {
            of_role.speaking = narrowed(&of_role.speaking);
        }
        settings
    }

    /// What holds where nothing is configured: all rules but those in preview, with their own levels and options.
    pub fn of_all(catalog: &Catalog) -> Self {
        let rules = catalog.rules().iter().enumerate();
        Self::new(catalog, rules.filter(|(_, rule)| !rule.preview).map(|(id, _)| id).collect())
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
        self.but_ignored(self.rules.clone(), path)
    }

    /// The rules that run in a file of a role, and those of them that speak there whatever they say of
    /// roles.
    pub(crate) fn rules_in(&self, path: &Utf8Path, role: Role) -> (RuleSet, Option<&RuleSet>) {
        let Some(of_role) = self.of_role(role) else { return (self.rules_for(path), None) };
        let mut rules = self.rules.clone();
        rules.extend(&of_role.speaking);
        (self.but_ignored(rules, path), Some(&of_role.speaking))
    }

    fn but_ignored(&self, mut rules: RuleSet, path: &Utf8Path) -> RuleSet {
        for (glob, ignored) in &self.per_file_ignores {
            if glob.is_match(path) {
                ignored.iter().for_each(|id| rules.remove(id));
            }
        }
        rules
    }
}
