//! See `inference-mode-missing.toml`.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::Call;

use crate::shared::code::calls;
use crate::shared::frameworks::entry_points::{self, EntryPoint};

/// Words of files that keep no gradients, or need them.
const AWARE: [&str; 9] = [
    "no_grad",
    "inference_mode",
    "set_grad_enabled",
    "requires_grad",
    "optim",
    "optimizer",
    "backward",
    "onnxruntime",
    "pipeline",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let text = file.source.text();
    if AWARE.iter().any(|word| text.contains(word)) {
        return;
    }
    for call in &file.outline.calls {
        let offset = call.name.start;
        let served = matches!(
            entry_points::around(file, offset),
            Some(EntryPoint::Route | EntryPoint::Task)
        );
        if !served || call.attached || !is_model(file, call) {
            continue;
        }
        out.judged();
        let written = calls::written(file, call);
        let message = format!(
            "`{written}` keeps gradients for each request: memory grows until the process ends"
        );
        out.report(Report::at(calls::span(call)).message(message));
    }
}

/// Whether what is called is a model of torch that the file loads.
fn is_model(file: &FileContext<'_>, call: &Call) -> bool {
    let Some(callee) = file.called(call) else { return false };
    let loaded = matches!(callee.as_str(), "torch.load" | "torch.jit.load" | "torch.hub.load");
    let pretrained = callee
        .strip_prefix("transformers.Auto")
        .is_some_and(|rest| rest.starts_with("Model") && rest.ends_with(".from_pretrained"));
    // The call that loads it is none of the model.
    let written = calls::written(file, call);
    (loaded || pretrained) && !written.ends_with("load") && !written.ends_with("from_pretrained")
}
