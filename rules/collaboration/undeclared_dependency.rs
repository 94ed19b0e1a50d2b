//! See `undeclared-dependency.toml`: which imports nothing declared brings, and how sure that is.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_project::facts::imports::{
    Needed, Standing, needed, normalised, runs_in_production,
};
use roadworthy_project::{Component, Distribution};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let Some(facts) = file.facts() else { return };
    if !runs_in_production(file.role, file.file) {
        return;
    }
    let (imports, component) = (facts.imports(), file.file.component);
    let ignored = out.strings("ignore");
    let mut seen = Vec::new();
    for import in needed(file.source.text(), file.outline) {
        let standing = imports.standing(facts, component, &import.module);
        let Standing::Missing { name, .. } = &standing else { continue };
        if seen.contains(name) || ignored.iter().any(|it| normalised(it) == normalised(name)) {
            continue;
        }
        seen.push(*name);
        let Some((message, severity)) = judged(&standing, &import, file.component) else {
            continue;
        };
        if imports.is_first(facts, component, &file.file.path, name) {
            let report = Report::at(import.import.module).severity(severity).message(message);
            out.report(report.extent(import.import.statement));
        }
    }
}

/// What is to be said of an import whose distribution nobody declares.
fn judged(
    standing: &Standing,
    import: &Needed<'_>,
    component: &Component,
) -> Option<(String, Severity)> {
    let Standing::Missing { name, bringer, companions, absent_from } = standing else {
        return None;
    };
    let name = normalised(name);
    // A library that imports something only when asked for it leaves it to its user.
    let lazy = !import.at_once;
    if lazy && component.distribution == Distribution::Library {
        return None;
    }
    let top = import.module.split('.').next().unwrap_or_default();
    let what = if normalised(top) == name {
        format!("`{name}` is imported and not declared")
    } else {
        format!("`{top}` of {name} is imported and {name} not declared")
    };
    let (message, severity) = match (bringer, absent_from) {
        (Some(bringer), _) if *companions => {
            (format!("{what}: it comes with {bringer}"), Severity::Info)
        }
        (Some(bringer), _) => {
            (format!("{what}: it is installed only because {bringer} needs it"), Severity::Warning)
        }
        (None, Some(lock)) if !lazy => (
            format!("{what}, and not in {}", lock.file_name().unwrap_or_default()),
            Severity::Error,
        ),
        (None, _) => (what, Severity::Warning),
    };
    Some((message, severity))
}
