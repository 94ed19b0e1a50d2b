//! What containers and platforms start: Compose, Kubernetes, Procfiles and the images' own commands. Knows their formats,
//! no rule.

use super::{Image, Process};
use crate::facts::Facts;

/// Reads what is started, and why not everything is known.
pub(super) fn read(_facts: &Facts<'_>, _images: &[Image]) -> (Vec<Process>, Vec<String>) {
    (Vec::new(), Vec::new())
}
