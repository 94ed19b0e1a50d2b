//! The one mean of all sums. Knows numbers alone, neither sites nor rules nor areas.
//!
//! What is there only because of findings never lifts a mean: it joins where it lowers it, and is left out elsewhere.
//! Without that, a lesser finding would make a worse one look rare, and adding it would raise the score.

/// One, in the parts in which grades are kept: whole numbers, so that equal things are equal on every machine.
pub(crate) const ONE: u128 = 1_000_000_000_000_000;

/// A weighted mean, kept as its two sums.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mean {
    sum: u128,
    weight: u128,
}

impl Mean {
    /// Takes a value in.
    pub(crate) fn add(&mut self, value: u128, weight: u128) {
        self.sum += value * weight;
        self.weight += weight;
    }

    /// Takes in what lowers the mean, and gives the greatest value that did. Where there is nothing yet, the
    /// lowest value does.
    pub(crate) fn lower(&mut self, mut values: Vec<(u128, u128)>) -> Option<u128> {
        values.retain(|(_, weight)| *weight > 0);
        values.sort_unstable();
        let mut last = None;
        for (value, weight) in values {
            if self.weight == 0 || value * self.weight < self.sum || last == Some(value) {
                self.add(value, weight);
                last = Some(value);
            }
        }
        last
    }

    /// The mean times `factor`, rounded up to whole parts, so that sums of thirds stay whole; `None` of nothing.
    pub(crate) const fn times(self, factor: u128) -> Option<u128> {
        if self.weight == 0 {
            return None;
        }
        Some((self.sum * factor).div_ceil(self.weight))
    }
}
