//! How one rule did: from its sites to a grade. Knows no other rule.

use roadworthy_engine::Severity;

use crate::mean::{Mean, ONE};
use crate::{Applies, Foundation, GradeState, RuleEvidence, RuleGrade, Tally};

/// What a failed foundation takes from its area at most, in hundredths: without it little else is worth anything.
const FOUNDATION: u128 = 80;

/// For each site that comments call wrong, so many must be clean before it leaves the count.
const CLEAN_FOR_ONE_DISPUTE: u64 = 9;

/// Whether what people set aside is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Belief {
    /// Suppressions, baselines, exclusions and rules that are switched off count for something.
    Given,
    /// They count for nothing.
    Withheld,
}

/// How a rule did.
#[derive(Clone, Debug)]
pub(crate) struct Grade {
    /// Its name.
    pub(crate) rule: &'static str,
    /// What it weighs.
    pub(crate) weight: u32,
    /// From 0 to [`ONE`]; `None` where there are no sites.
    pub(crate) value: Option<u128>,
    /// What it takes from its area, of [`ONE`].
    pub(crate) takes: u128,
    /// Whether a site is clean.
    pub(crate) solid: bool,
    /// Whether something could not be understood.
    pub(crate) unknown: bool,
    /// What stands open.
    pub(crate) open: Tally,
    /// What counts as accepted, hidden sites among it.
    pub(crate) accepted: Tally,
    /// Sites called wrong that leave the count.
    pub(crate) disputed: u32,
    /// How it ended.
    pub(crate) state: GradeState,
}

impl Grade {
    /// Whether it had sites, and they were understood.
    pub(crate) const fn is_judged(&self) -> bool {
        self.value.is_some() && !matches!(self.state, GradeState::Unknown(_))
    }
}

/// What a rule of this level weighs.
pub(crate) const fn weight(severity: Severity) -> u32 {
    match severity {
        Severity::Error => 8,
        Severity::Warning => 3,
        Severity::Info => 1,
    }
}

/// What a failed rule takes from its area at most, in hundredths.
const fn stake(rule: &RuleEvidence) -> u128 {
    match rule.severity {
        _ if !matches!(rule.foundation, Foundation::No) => FOUNDATION,
        Severity::Error => 60,
        Severity::Warning => 25,
        Severity::Info => 8,
    }
}

/// Grades a rule: the square of its share of clean sites, half of that where an error is open.
///
/// A site loses the weight of what is found at it out of the weight of the rule, all of it at a whole foundation, and half of
/// that where it is accepted. Lesser findings never make worse ones look rare: see [`Mean::lower`].
pub(crate) fn grade(rule: &RuleEvidence, belief: Belief) -> Grade {
    let Standing { clean, open, accepted, disputed } = stand(rule, belief);
    let whole = 2 * weight(rule.severity);
    let loss = |level| match rule.foundation {
        Foundation::Whole => whole / 2,
        Foundation::No | Foundation::InPart => weight(level).min(whole / 2),
    };
    let kept = |level, loses: u32| u128::from(whole - loss(level) * loses);
    let dirty = Severity::ALL
        .into_iter()
        .flat_map(|level| [(kept(level, 2), open.at(level)), (kept(level, 1), accepted.at(level))])
        .map(|(kept, sites)| (kept, u128::from(sites)))
        .collect();
    let mut mean = Mean::default();
    mean.add(u128::from(whole), u128::from(clean));
    mean.lower(dirty);
    let halved = if open.errors > 0 { 2 } else { 1 };
    let share = mean.times(ONE).map(|share| share.div_ceil(u128::from(whole)));
    let value = share.map(|share| (share * share).div_ceil(halved * ONE));
    let state = match &rule.applies {
        _ if rule.disabled => GradeState::Disabled,
        _ if open.total() > 0 => GradeState::Fail,
        Applies::Unknown(reason) => GradeState::Unknown(reason.clone()),
        _ if value.is_none() => GradeState::NotApplicable,
        _ => GradeState::Pass,
    };
    let unknown = matches!(rule.applies, Applies::Unknown(_));
    let judged = value.filter(|_| !matches!(state, GradeState::Unknown(_)));
    let takes = judged.map_or(0, |value| stake(rule) * (ONE - value) / 100);
    Grade {
        rule: rule.rule,
        weight: weight(rule.severity),
        value,
        takes,
        solid: clean > 0 && !unknown,
        unknown,
        open,
        accepted,
        disputed,
        state,
    }
}

/// The evidence with all open sites mended.
pub(crate) fn mended(rule: &RuleEvidence) -> RuleEvidence {
    let mut after = rule.clone();
    after.sites.judged = judged(rule);
    after.sites.open = Tally::default();
    after
}

/// All sites that were judged: at least those with findings.
pub(crate) fn judged(rule: &RuleEvidence) -> u32 {
    let sites = &rule.sites;
    sites.judged.max(sites.open.plus(sites.accepted).plus(sites.disputed).total())
}

/// How a rule's grade is told.
pub(crate) fn told(rule: &RuleEvidence, grade: &Grade) -> RuleGrade {
    RuleGrade {
        rule: rule.rule,
        severity: rule.severity,
        weight: grade.weight,
        state: grade.state.clone(),
        grade: as_fraction(grade.value.unwrap_or_default()),
        takes: as_fraction(grade.takes),
        counts: grade.is_judged(),
        judged: judged(rule),
        open: grade.open.total(),
        open_levels: grade.open,
        accepted: grade.accepted.total().saturating_sub(rule.sites.hidden.total()),
        disputed: grade.disputed,
        hidden: rule.sites.hidden.total(),
        noun: rule.noun,
    }
}

/// Parts of [`ONE`] as people read them.
#[expect(clippy::cast_precision_loss, reason = "both are below 2^53")]
pub(crate) fn as_fraction(parts: u128) -> f64 {
    parts as f64 / ONE as f64
}

/// The sites of a rule as they count.
struct Standing {
    clean: u64,
    open: Tally,
    accepted: Tally,
    /// Out of the count.
    disputed: u32,
}

fn stand(rule: &RuleEvidence, belief: Belief) -> Standing {
    let sites = &rule.sites;
    let found = sites.open.plus(sites.accepted).plus(sites.disputed);
    let all = found.plus(sites.hidden);
    // Where a rule is switched off, all that it found is hidden.
    let among = if rule.disabled { all } else { found };
    let clean =
        u64::from(sites.judged.saturating_sub(among.total())) + u64::from(sites.hidden_clean);
    let (open, accepted, disputed) = match belief {
        Belief::Withheld => (all, Tally::default(), 0),
        Belief::Given if rule.disabled => (Tally::default(), all, 0),
        Belief::Given => {
            let accepted = sites.accepted.plus(sites.hidden);
            let disputed = sites.disputed.total();
            if CLEAN_FOR_ONE_DISPUTE * u64::from(disputed) <= clean {
                (sites.open, accepted, disputed)
            } else {
                (sites.open, accepted.plus(sites.disputed), 0)
            }
        }
    };
    Standing { clean, open, accepted, disputed }
}
