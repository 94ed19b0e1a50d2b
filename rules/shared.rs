//! What several rules need to know about Python. Knows syntax and names, no rule.

pub(crate) mod blocks;
pub(crate) mod calls;
pub(crate) mod classes;
pub(crate) mod reach;
