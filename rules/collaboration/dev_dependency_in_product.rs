//! See `dev-dependency-in-product.toml`: which imports only a group for development brings.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_project::facts::imports::{Standing, normalised};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let Some(facts) = file.facts() else { return };
    let imports = facts.imports();
    let text = file.source.text();
    for open in imports.open(facts, file.file, file.role, text, file.outline) {
        let (import, name) = (open.import, open.name);
        let Standing::Development { group, bringer, .. } = open.standing else { continue };
        // What is imported when it is called for may be a command for those who work on the project.
        if !import.at_once || !imports.is_first(facts, file.file.component, &file.file.path, name) {
            continue;
        }
        let name = normalised(name);
        if is_plug_in(&name, file.path_inside()) {
            continue;
        }
        let what = format!("`{name}` is imported and declared in the group `{group}` only");
        let (message, severity) = match bringer {
            Some(bringer) => {
                (format!("{what}: it is installed because {bringer} needs it"), Severity::Info)
            }
            None => (what, Severity::Warning),
        };
        let report = Report::at(import.import.module).severity(severity).message(message);
        out.report(report.extent(import.import.statement));
    }
}

/// Whether a file is by its name for a tool that runs tests or judges code: that tool is there whenever the file is.
fn is_plug_in(distribution: &str, path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let tool = distribution.split('-').next().unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|it| path.contains(it));
    says(&[tool, "test", "fixture"])
        || TOOLS.contains(&tool) && says(&["plugin"])
        || MAKERS.contains(&tool) && says(&["fake", "dummy", "seed", "generat", "factor", "sample"])
}

const TOOLS: [&str; 6] = ["pytest", "mypy", "hypothesis", "pylint", "flake8", "sphinx"];

/// What makes data for trying out.
const MAKERS: [&str; 4] = ["faker", "factory", "mimesis", "polyfactory"];
