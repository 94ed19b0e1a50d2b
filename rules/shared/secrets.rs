//! What literals are bound to, and what makes them harmless. Knows no format of a secret and no rule.

pub(crate) mod binding;
pub(crate) mod browsers;
pub(crate) mod circumstances;
pub(crate) mod documents;
pub(crate) mod guards;
pub(crate) mod hosts;
pub(crate) mod invented;
pub(crate) mod lifetimes;
pub(crate) mod literals;
pub(crate) mod trials;
