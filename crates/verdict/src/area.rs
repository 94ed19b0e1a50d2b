//! How an area did: from the grades of its rules to a number. Knows no other area.

use crate::grade::Grade;
use crate::mean::ONE;

/// What an area's rules come to, with suppressions believed or not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AreaSum {
    /// From 0 to 100 times [`ONE`], before the cap; `None` where no rule had anything to judge.
    pub(crate) uncapped: Option<u128>,
    /// The most that it can have.
    pub(crate) cap: u32,
    /// What weighs: rules with a clean site, rules with any, rules that could not be understood.
    solid: u32,
    known: u32,
    unknown: u32,
}

/// The cap by the number of rules with open errors.
const CAPS: [u32; 4] = [100, 69, 59, 49];

/// Adds up an area: each rule takes its share of what the others leave, in the order of their names, so that the last
/// digit does not depend on any other.
pub(crate) fn add_up<'a>(grades: impl IntoIterator<Item = &'a Grade>) -> AreaSum {
    let mut grades: Vec<&Grade> = grades.into_iter().collect();
    grades.sort_by_key(|grade| grade.rule);
    let weight = |of: fn(&Grade) -> bool| -> u32 {
        grades.iter().filter(|grade| of(grade)).map(|grade| grade.weight).sum()
    };
    let left = grades.iter().fold(ONE, |left, grade| (left * (ONE - grade.takes)).div_ceil(ONE));
    let failing = grades.iter().filter(|grade| grade.open.errors > 0).count();
    AreaSum {
        uncapped: grades.iter().any(|grade| grade.is_judged()).then_some(100 * left),
        cap: CAPS[failing.min(CAPS.len() - 1)],
        solid: weight(|grade| grade.solid),
        known: weight(|grade| grade.is_judged() && !grade.unknown),
        unknown: weight(|grade| grade.unknown),
    }
}

impl AreaSum {
    /// Whether any of its rules had anything to judge, or should have had.
    pub(crate) const fn applies(&self) -> bool {
        self.uncapped.is_some() || self.unknown > 0
    }

    /// Whether enough of it was understood for a number: no more than a third is unknown. It does not ask what was
    /// found, so that no finding and no suppression makes a number come or go.
    pub(crate) const fn is_assessed(&self) -> bool {
        self.uncapped.is_some() && 2 * self.unknown <= self.known
    }

    /// Whether as much would be understood without any finding.
    pub(crate) const fn is_solid(&self) -> bool {
        2 * self.unknown <= self.solid
    }

    /// Whether it may lift the whole.
    pub(crate) const fn may_lift(&self) -> bool {
        self.solid > 0 && self.is_solid()
    }

    /// Its number with all digits, the cap applied, times [`ONE`]; `None` where it is not assessed.
    pub(crate) fn value(&self) -> Option<u128> {
        self.uncapped
            .filter(|_| self.is_assessed())
            .map(|value| value.min(u128::from(self.cap) * ONE))
    }

    /// Its number.
    pub(crate) fn score(&self) -> Option<u32> {
        self.value().map(floor)
    }
}

/// A number with all digits, rounded down.
pub(crate) const fn floor(value: u128) -> u32 {
    (value / ONE) as u32
}
