//! What frameworks and libraries call, expect and limit. Knows their names as data, no rule.

pub(crate) mod body_limits;
pub(crate) mod django;
pub(crate) mod entry_points;
pub(crate) mod llm;
pub(crate) mod loops;
pub(crate) mod metrics;
pub(crate) mod pytest;
pub(crate) mod routers;
pub(crate) mod views;
