//! See `undeclared-dependency.toml`: which imports nothing declared brings.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_project::facts::imports::{Open, Standing, There, normalised};
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
        let Some(message) = judged(&open, file.component) else { continue };
        if imports.is_first(facts, file.file.component, &file.file.path, name) {
            let import = open.import.import;
            let report = Report::at(import.module).message(message);
            out.report(report.extent(import.statement));
        }
    }
}

/// What is to be said of an import whose distribution nobody declares.
fn judged(open: &Open<'_>, component: &Component) -> Option<String> {
    let Standing::Missing { there, .. } = &open.standing else { return None };
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
    match there {
        // It is never without the other one, or another part of the project answers for it.
        There::Companion(_) | There::Part(_) => None,
        There::Needed(bringer) => {
            Some(format!("{what}: it is installed only because {bringer} needs it"))
        }
        There::Locked(lock) => Some(format!("{what}, though {lock} has it")),
        There::Absent(lock) if !lazy => Some(format!("{what}, and not in {lock}")),
        There::Absent(_) | There::Unknown => Some(what),
    }
}
