//! The whole: from the areas to one number. Knows no rule.

use crate::Profile;
use crate::area::{AreaSum, floor};
use crate::mean::{Mean, ONE};
use roadworthy_engine::Area;

/// The overall score, and which areas it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    /// With all digits, times [`ONE`].
    pub(crate) value: u128,
    /// Whether each area counts.
    pub(crate) counts: Vec<bool>,
}

impl Whole {
    /// The number.
    pub(crate) const fn score(&self) -> u32 {
        floor(self.value)
    }
}

/// Adds up the areas as they are shown, rounded down.
pub(crate) fn shown(profile: Profile, areas: &[AreaSum]) -> Option<Whole> {
    add_up(profile, areas, |area| area.score().map(|score| u128::from(score) * ONE))
}

/// Adds up the areas with all digits: what differences are taken of.
pub(crate) fn exact(profile: Profile, areas: &[AreaSum]) -> Option<Whole> {
    add_up(profile, areas, AreaSum::value)
}

/// Half of it the weighted mean, half the lowest area.
fn add_up(
    profile: Profile,
    areas: &[AreaSum],
    value: impl Fn(&AreaSum) -> Option<u128>,
) -> Option<Whole> {
    let weighed: Vec<Option<(u128, u128)>> = Area::ALL
        .into_iter()
        .zip(areas)
        .map(|(area, sum)| {
            let weight = u128::from(profile.weight(area));
            value(sum).filter(|_| weight > 0).map(|value| (value, weight))
        })
        .collect();
    let mut mean = Mean::default();
    let mut others = Vec::new();
    for (entry, sum) in weighed.iter().zip(areas) {
        match entry {
            Some((value, weight)) if sum.may_lift() => mean.add(*value, *weight),
            Some(other) => others.push(*other),
            None => {}
        }
    }
    let joined = mean.lower(others);
    let counts: Vec<bool> = weighed
        .iter()
        .zip(areas)
        .map(|(entry, sum)| entry.is_some_and(|(value, _)| sum.may_lift() || Some(value) <= joined))
        .collect();
    let counted = weighed.iter().zip(&counts).filter(|(_, counts)| **counts);
    let lowest = counted.filter_map(|(entry, _)| entry.map(|(value, _)| value)).min()?;
    let value = mean.times(1)?.midpoint(lowest);
    Some(Whole { value, counts })
}
