//! The metrics of Prometheus' client. Knows their names and how files bind them, no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::Call;

use crate::shared::code::calls;
use crate::shared::code::words::last_part;

/// The classes of metrics (<https://prometheus.github.io/client_python/instrumenting/>).
const KINDS: [&str; 6] = ["Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"];

/// The class of the metric that a call makes.
pub(crate) fn constructor(file: &FileContext<'_>, call: &Call) -> Option<&'static str> {
    let written = calls::written(file, call);
    // Most calls end here: names are resolved for few.
    if written.len() > 60 {
        return None;
    }
    let callee = calls::callee(file, call)?;
    let kind = KINDS.into_iter().find(|it| *it == last_part(&callee))?;
    callee.starts_with("prometheus_client.").then_some(kind)
}

/// Whether a call of `labels` is one of a metric: of one that the file makes, or of a constant that it imports.
pub(crate) fn is_labelled(file: &FileContext<'_>, call: &Call) -> bool {
    let written = calls::written(file, call);
    let Some(metric) = written.strip_suffix(".labels") else { return false };
    if let Some(called) = file.called(call)
        && called.starts_with("prometheus_client.")
    {
        return true;
    }
    // `METRICS.orders.labels(...)`, `from .metrics import ORDERS`.
    let origin = file.origin(metric, call.name.start);
    let says = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["metric", "prometheus", "prom_"].iter().any(|it| name.contains(it))
    };
    says(metric) || origin.is_some_and(|it| says(&it))
}
