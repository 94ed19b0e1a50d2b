//! How fixes write: imports, loggers, keywords, indents. Knows the shape of a file, no rule.

pub(crate) mod arguments;
pub(crate) mod imports;
pub(crate) mod indents;
pub(crate) mod loggers;
pub(crate) mod messages;
pub(crate) mod prints;
pub(crate) mod tracebacks;
