//! See `dev-dependency-in-product.toml`: which imports only a group for development brings.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_project::facts::imports::{Standing, needed, normalised};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let Some(facts) = file.facts() else { return };
    let (imports, component) = (facts.imports(), file.file.component);
    let mut seen = Vec::new();
    for import in needed(file.source.text(), file.outline) {
        let standing = imports.standing(facts, component, &import.module);
        let Standing::Development { name, group, bringer, alone } = standing else { continue };
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        // What is imported when it is called for may be a command for those who work on the project.
        if !import.at_once || !imports.is_first(facts, component, &file.file.path, name) {
            continue;
        }
        let name = normalised(name);
        let what = format!("`{name}` is imported and declared in the group `{group}` only");
        let (message, severity) = match bringer {
            Some(bringer) => {
                (format!("{what}: it is installed because {bringer} needs it"), Severity::Info)
            }
            None if alone => (what, Severity::Error),
            None => (what, Severity::Warning),
        };
        let report = Report::at(import.import.module).severity(severity).message(message);
        out.report(report.extent(import.import.statement));
    }
}
