//! What several rules need to know about Python. Knows syntax and names, no rule.

pub(crate) mod attempts;
pub(crate) mod handlers;
pub(crate) mod loggers;
pub(crate) mod nodes;
pub(crate) mod vocabulary;
pub(crate) mod words;
