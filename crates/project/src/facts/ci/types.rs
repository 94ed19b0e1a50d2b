//! Whether a project has its types checked: a job or a hook runs a type checker, or one is configured. Knows tools by their
//! table, not what they find.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Step, Tool, ToolKind, tools};
use crate::facts::Facts;

/// Whether anything in a project speaks of a type checker.
pub(crate) fn are_checked(facts: &Facts<'_>) -> bool {
    is_configured(facts) || is_run(facts)
}

fn is_run(facts: &Facts<'_>) -> bool {
    let ci = facts.ci();
    let checks = |found: Vec<&'static Tool>| found.iter().any(|it| it.is(ToolKind::Types));
    let mut steps = ci.pipelines.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    ci.hooks.iter().any(|it| checks(it.tools())) || steps.any(|it| checks(Step::tools(it)))
}

fn is_configured(facts: &Facts<'_>) -> bool {
    let components = facts.project().components.iter().map(|it| it.path.clone());
    let folders: Vec<Utf8PathBuf> = components.chain([Utf8PathBuf::new()]).collect();
    let checkers = || tools().iter().filter(|it| it.is(ToolKind::Types));
    folders.iter().any(|folder| checkers().any(|tool| has_settings(facts, folder, tool)))
}

/// Whether a folder holds a table, a section or a file of a tool.
fn has_settings(facts: &Facts<'_>, folder: &Utf8Path, tool: &Tool) -> bool {
    let in_manifest = || {
        let manifest = facts.toml(&folder.join("pyproject.toml")).whole()?;
        let value = manifest.value()?;
        let mut tables = tool.sections.iter();
        tables.any(|name| value.at(&name.split('.').collect::<Vec<_>>()).is_some()).then_some(())
    };
    let in_section = |name: &&str| {
        let document = facts.ini(&folder.join(name)).whole();
        let value = document.as_deref().and_then(|it| it.value());
        value.is_some_and(|it| tool.ini.iter().any(|section| it.key(section).is_some()))
    };
    tool.files.iter().any(|name| facts.tree().is_file(&folder.join(name)))
        || in_manifest().is_some()
        || ["setup.cfg", "tox.ini"].iter().any(in_section)
}
