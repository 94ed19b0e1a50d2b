//! What is opened, held, waited for and kept. Knows names of libraries as data, no rule.

pub(crate) mod caches;
pub(crate) mod desktop;
pub(crate) mod openers;
pub(crate) mod programs;
pub(crate) mod timeouts;
pub(crate) mod uses;
