//! Which rules run. Knows names, groups and areas, nothing of where a selection was written.

use roadworthy_parser::quoted;

use crate::{Catalog, Rule, RuleId};

/// A set of rules of one catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSet {
    words: Vec<u64>,
}

impl RuleSet {
    /// A set that holds no rule.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Puts a rule in.
    pub fn insert(&mut self, id: RuleId) {
        if self.words.len() <= id / 64 {
            self.words.resize(id / 64 + 1, 0);
        }
        self.words[id / 64] |= 1 << (id % 64);
    }

    /// Takes a rule out.
    pub fn remove(&mut self, id: RuleId) {
        if let Some(word) = self.words.get_mut(id / 64) {
            *word &= !(1 << (id % 64));
        }
    }

    /// Whether a rule is in.
    #[inline]
    pub fn contains(&self, id: RuleId) -> bool {
        self.words.get(id / 64).is_some_and(|word| word & (1 << (id % 64)) != 0)
    }

    /// Whether no rule is in.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// The rules of the set, in order.
    pub fn iter(&self) -> impl Iterator<Item = RuleId> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let rest = |word: &u64| Some(word & word.wrapping_sub(1));
            let words = std::iter::successors(Some(word), rest).take_while(|word| *word != 0);
            words.map(move |word| index * 64 + word.trailing_zeros() as usize)
        })
    }

    /// Puts all rules of another set in.
    pub fn extend(&mut self, other: &Self) {
        other.iter().for_each(|id| self.insert(id));
    }
}

impl FromIterator<RuleId> for RuleSet {
    fn from_iter<T: IntoIterator<Item = RuleId>>(ids: T) -> Self {
        let mut set = Self::empty();
        ids.into_iter().for_each(|id| set.insert(id));
        set
    }
}

/// A selector that names nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// What was written.
    pub name: String,
    /// The nearest thing that exists, where one is near.
    pub nearest: Option<&'static str>,
}

impl std::fmt::Display for UnknownRule {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "there is no rule, group or area {}", quoted(&self.name))?;
        match self.nearest {
            Some(nearest) => write!(out, "; did you mean `{nearest}`?"),
            None => write!(out, "; `roadworthy rules` lists them"),
        }
    }
}

/// What to select and to ignore: names of rules, groups or areas, or `ALL`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Replaces the default, which is all rules.
    pub select: Option<Vec<String>>,
    /// Added to what is selected.
    pub extend_select: Vec<String>,
    /// Taken away.
    pub ignore: Vec<String>,
}

impl Selection {
    /// The rules that are selected. The more exact name wins, whatever the list it stands in: a rule
    /// before its group, a group before its area, an area before `ALL`; among equals `ignore` wins.
    ///
    /// # Errors
    /// With the first selector that names nothing.
    pub fn resolve(&self, catalog: &Catalog) -> Result<RuleSet, UnknownRule> {
        let all = ["ALL".to_owned()];
        let select = self.select.as_deref().unwrap_or(&all);
        for selector in select.iter().chain(&self.extend_select).chain(&self.ignore) {
            check(catalog, selector)?;
        }
        let (mut set, _) = self.sides(catalog);
        // The engine's own findings say that something was not judged: only their own name ignores them.
        let engine_rules = catalog.rules().iter().enumerate().filter(|(_, rule)| is_engine(rule));
        for (id, _) in engine_rules.filter(|(_, rule)| !self.ignores(rule)) {
            set.insert(id);
        }
        Ok(set)
    }

    /// The rules that it selects and those that it takes away; names that do not exist name none. The
    /// engine's own rules are taken away by their own names only.
    pub fn sides(&self, catalog: &Catalog) -> (RuleSet, RuleSet) {
        let all = ["ALL".to_owned()];
        let select = self.select.as_deref().unwrap_or(&all);
        let (mut selected, mut ignored) = (RuleSet::empty(), RuleSet::empty());
        for level in Level::ALL {
            for (id, rule) in catalog.rules().iter().enumerate() {
                let names = |list: &[String]| list.iter().any(|name| level.names(name, rule));
                // What is not trusted yet must be asked for by its own name.
                let asked = !rule.preview || matches!(level, Level::Rule);
                if asked && (names(select) || names(&self.extend_select)) {
                    selected.insert(id);
                    ignored.remove(id);
                }
                if names(&self.ignore) {
                    selected.remove(id);
                    if !is_engine(rule) || self.ignores(rule) {
                        ignored.insert(id);
                    }
                }
            }
        }
        (selected, ignored)
    }

    /// Whether a rule is taken away by its own name.
    fn ignores(&self, rule: &Rule) -> bool {
        self.ignore.iter().any(|name| name == rule.name)
    }

    /// All rules that any of the selectors names.
    ///
    /// # Errors
    /// With the first selector that names nothing.
    pub fn all_named(catalog: &Catalog, selectors: &[String]) -> Result<RuleSet, UnknownRule> {
        selectors.iter().try_for_each(|selector| check(catalog, selector))?;
        let named = |rule: &Rule| {
            selectors.iter().any(|name| Level::ALL.iter().any(|level| level.names(name, rule)))
        };
        let rules = catalog.rules().iter().enumerate();
        Ok(rules.filter(|(_, rule)| named(rule)).map(|(id, _)| id).collect())
    }
}

#[derive(Clone, Copy)]
enum Level {
    All,
    Area,
    Group,
    Rule,
}

impl Level {
    const ALL: [Self; 4] = [Self::All, Self::Area, Self::Group, Self::Rule];

    fn names(self, selector: &str, rule: &Rule) -> bool {
        match self {
            Self::All => selector == "ALL",
            Self::Area => selector == rule.area.name(),
            Self::Group => selector == rule.group,
            Self::Rule => selector == rule.name,
        }
    }
}

fn is_engine(rule: &Rule) -> bool {
    matches!(rule.check, crate::Check::Engine)
}

fn check(catalog: &Catalog, selector: &str) -> Result<(), UnknownRule> {
    if selector == "ALL"
        || catalog.id(selector).is_some()
        || catalog.areas().any(|area| area.name() == selector)
        || catalog.groups().contains(&selector)
    {
        return Ok(());
    }
    Err(UnknownRule { name: selector.to_owned(), nearest: nearest(selector, &catalog.selectors()) })
}

/// The candidate most like `name`, where it is like it at all.
pub fn nearest(name: &str, candidates: &[&'static str]) -> Option<&'static str> {
    let similarity = |candidate: &&'static str| strsim::jaro_winkler(name, candidate);
    let best = candidates.iter().max_by(|a, b| similarity(a).total_cmp(&similarity(b)))?;
    (similarity(best) > 0.75).then_some(best)
}
