//! All rules of a run. Knows their names, not what they do.

use rustc_hash::FxHashMap;

use crate::{Area, IdleCheck, Rule, RuleId};

/// The rules of a run, sorted by name; a rule's place is its [`RuleId`].
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The version of the set, which every score names.
    version: &'static str,
    rules: Vec<&'static Rule>,
    by_name: FxHashMap<&'static str, RuleId>,
    idle: Option<IdleCheck>,
}

impl Catalog {
    /// Takes rules in any order; of two with one name the later counts, so that a project can
    /// replace a built-in rule by its own.
    pub fn new(rules: impl IntoIterator<Item = &'static Rule>) -> Self {
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.reverse();
        rules.sort_by_key(|rule| rule.name);
        rules.dedup_by_key(|rule| rule.name);
        let by_name = rules.iter().enumerate().map(|(id, rule)| (rule.name, id)).collect();
        Self { version: "own", rules, by_name, idle: None }
    }

    /// This catalogue under a version: scores of different versions cannot be compared.
    #[must_use]
    pub fn versioned(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    /// This catalogue with a way to tell code that nothing runs, in which its rules only advise.
    #[must_use]
    pub fn with_idle_check(self, check: IdleCheck) -> Self {
        Self { idle: Some(check), ..self }
    }

    /// How code that nothing runs is told, where anybody said so.
    pub(crate) fn idle_check(&self) -> Option<IdleCheck> {
        self.idle
    }

    /// The version of the rule set; `own` where nobody gave it one.
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// This catalogue with more rules, such as a project's own.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = &'static Rule>) -> Self {
        let all = Self::new(self.rules.iter().copied().chain(more)).versioned(self.version);
        Self { idle: self.idle, ..all }
    }

    /// All rules, by name.
    pub fn rules(&self) -> &[&'static Rule] {
        &self.rules
    }

    /// A rule by its index.
    pub fn rule(&self, id: RuleId) -> &'static Rule {
        self.rules[id]
    }

    /// The index of a rule.
    pub fn id(&self, name: &str) -> Option<RuleId> {
        self.by_name.get(name).copied()
    }

    /// A rule by its name.
    pub fn get(&self, name: &str) -> Option<&'static Rule> {
        self.id(name).map(|id| self.rule(id))
    }

    /// The groups that have rules, each once, by name.
    pub fn groups(&self) -> Vec<&'static str> {
        let mut groups: Vec<_> = self.rules.iter().map(|rule| rule.group).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The areas that have rules, in the order of a report.
    pub(crate) fn areas(&self) -> impl Iterator<Item = Area> {
        let has_rules = |area: &Area| self.rules.iter().any(|rule| rule.area == *area);
        Area::ALL.into_iter().filter(has_rules)
    }

    /// Everything that a selection may name: rules, groups, areas with rules and `ALL`.
    pub fn selectors(&self) -> Vec<&'static str> {
        let mut all: Vec<_> = self.rules.iter().map(|rule| rule.name).collect();
        all.extend(self.groups());
        all.extend(self.areas().map(Area::name));
        all.push("ALL");
        all.sort_unstable();
        all.dedup();
        all
    }
}
