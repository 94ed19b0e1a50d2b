//! What several rules need to know. Knows Python, its libraries and what brings it out; no rule.

pub(crate) mod code;
pub(crate) mod delivery;
pub(crate) mod errors;
pub(crate) mod fixes;
pub(crate) mod frameworks;
#[cfg(test)]
pub(crate) mod in_memory;
pub(crate) mod resources;
pub(crate) mod secrets;
