//! Whether a project has its workflows judged by zizmor, which knows more of them. Knows where it is written, not what it
//! is told to leave alone.

use camino::Utf8Path;
use roadworthy_project::Facts;
use roadworthy_project::facts::value::Value;

use super::Workflow;

/// Whether a job or a hook runs zizmor.
pub(crate) fn runs_zizmor(facts: &Facts<'_>, workflows: &[Workflow]) -> bool {
    let in_job =
        workflows.iter().flat_map(Workflow::jobs).flat_map(super::Job::steps).any(|step| {
            let names = |value: Option<&Value>| {
                value.and_then(Value::text).is_some_and(|it| it.contains("zizmor"))
            };
            names(step.uses()) || names(step.run())
        });
    in_job || in_hook(facts)
}

fn in_hook(facts: &Facts<'_>) -> bool {
    let Some(document) = facts.yaml(Utf8Path::new(".pre-commit-config.yaml")).whole() else {
        return false;
    };
    let repositories = document.value().and_then(|it| it.get("repos"));
    let hooks = repositories.into_iter().flat_map(Value::items).filter_map(|it| it.get("hooks"));
    let mut ids = hooks.flat_map(Value::items).filter_map(|it| it.get("id")?.text());
    ids.any(|id| id == "zizmor")
}
