//! See `undeclared-dependency.toml`: which imports nothing declared brings, and how sure that is.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_project::facts::imports::{Open, Standing, normalised};
use roadworthy_project::{Component, Distribution};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let Some(facts) = file.facts() else { return };
    let imports = facts.imports();
    let ignored = out.strings("ignore");
    let text = file.source.text();
    for open in imports.open(facts, file.file, file.role, text, file.outline) {
        let name = open.name;
        if ignored.iter().any(|it| normalised(it) == normalised(name)) {
            continue;
        }
        let Some((message, severity)) = judged(&open, file.component) else { continue };
        if imports.is_first(facts, file.file.component, &file.file.path, name) {
            let import = open.import.import;
            let report = Report::at(import.module).severity(severity).message(message);
            out.report(report.extent(import.statement));
        }
    }
}

/// What is to be said of an import whose distribution nobody declares.
fn judged(open: &Open<'_>, component: &Component) -> Option<(String, Severity)> {
    let Standing::Missing { bringer, companions, within, absent_from, .. } = &open.standing else {
        return None;
    };
    let name = normalised(open.name);
    // A library that imports something only when asked for it leaves it to its user.
    let lazy = !open.import.at_once;
    if lazy && component.distribution == Distribution::Library {
        return None;
    }
    let top = open.import.module.split('.').next().unwrap_or_default();
    let what = if normalised(top) == name {
        format!("`{name}` is imported and not declared")
    } else {
        format!("`{top}` of {name} is imported and {name} not declared")
    };
    let (message, severity) = match (bringer, absent_from) {
        (Some(bringer), _) if *companions => {
            (format!("{what}: it comes with {bringer}"), Severity::Info)
        }
        (Some(bringer), _) if *within => {
            (format!("{what}: {bringer}, a part of this project, needs it"), Severity::Info)
        }
        (Some(bringer), _) => {
            (format!("{what}: it is installed only because {bringer} needs it"), Severity::Warning)
        }
        (None, Some(lock)) if !lazy => {
            (format!("{what}, and not in {}", lock.file_name().unwrap_or_default()), Severity::Error)
        }
        (None, _) => (what, Severity::Warning),
    };
    Some((message, severity))
}
