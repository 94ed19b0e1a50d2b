//! What `try`, `except` and `raise` are there for. Knows syntax and names, no rule.

pub(crate) mod answers;
pub(crate) mod attempts;
pub(crate) mod handlers;
pub(crate) mod passing;
pub(crate) mod surroundings;
pub(crate) mod told;
