//! How an area did: from the grades of its rules to a number. Knows no other area.

use crate::GradeState;
use crate::grade::Grade;
use crate::mean::{Mean, ONE};

/// What an area's rules come to, with suppressions believed or not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AreaSum {
    /// Its mean from 0 to 100 times [`ONE`], before the cap; `None` where no rule had anything to judge.
    pub(crate) mean: Option<u128>,
    /// The most that it can have.
    pub(crate) cap: u32,
    /// The best grade that counts among those of rules without a clean site.
    joined: Option<u128>,
    /// What weighs: rules with a clean site, rules with any, rules that could not be understood.
    solid: u32,
    known: u32,
    unknown: u32,
}

/// The cap by the number of rules with open errors.
const CAPS: [u32; 4] = [100, 69, 59, 49];

/// Adds up an area.
pub(crate) fn add_up<'a>(grades: impl IntoIterator<Item = &'a Grade>) -> AreaSum {
    let (mut solid, mut known, mut unknown, mut failing) = (0, 0, 0, 0_usize);
    let mut mean = Mean::default();
    let mut others = Vec::new();
    for grade in grades {
        failing += usize::from(grade.open.errors > 0);
        if grade.unknown {
            unknown += grade.weight;
        }
        let Some(value) = grade.counted() else { continue };
        if !grade.unknown {
            known += grade.weight;
        }
        if grade.solid {
            solid += grade.weight;
            mean.add(value, u128::from(grade.weight));
        } else {
            others.push((value, u128::from(grade.weight)));
        }
    }
    let joined = mean.lower(others);
    let cap = CAPS[failing.min(CAPS.len() - 1)];
    AreaSum { mean: mean.times(100), cap, joined, solid, known, unknown }
}

impl Grade {
    /// What it brings to its area, if anything.
    fn counted(&self) -> Option<u128> {
        self.value.filter(|_| !matches!(self.state, GradeState::Unknown(_)))
    }
}

impl AreaSum {
    /// Whether any of its rules had anything to judge, or should have had.
    pub(crate) const fn applies(&self) -> bool {
        self.mean.is_some() || self.unknown > 0
    }

    /// Whether enough of it was understood for a number: no more than a third is unknown. It does not ask what was
    /// found, so that no finding and no suppression makes a number come or go.
    pub(crate) const fn is_assessed(&self) -> bool {
        self.mean.is_some() && 2 * self.unknown <= self.known
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
        self.mean.filter(|_| self.is_assessed()).map(|mean| mean.min(u128::from(self.cap) * ONE))
    }

    /// Its number before the cap.
    pub(crate) fn uncapped(&self) -> u32 {
        self.mean.map_or(0, floor)
    }

    /// Its number.
    pub(crate) fn score(&self) -> Option<u32> {
        self.value().map(floor)
    }

    /// Whether a rule of this grade enters the mean.
    pub(crate) fn counts(&self, grade: &Grade) -> bool {
        grade.counted().is_some_and(|value| grade.solid || Some(value) <= self.joined)
    }
}

/// A number with all digits, rounded down.
pub(crate) const fn floor(value: u128) -> u32 {
    (value / ONE) as u32
}
