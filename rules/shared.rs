//! What several rules need to know about Python. Knows syntax and names, no rule.

pub(crate) mod default_guards;
pub(crate) mod literal_binding;
pub(crate) mod secret_literals;
