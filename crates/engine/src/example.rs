//! Runs rules on a piece of code: for the examples in rule files and for tests. Knows no folder.

use roadworthy_parser::{Parser, SourceFile};
use roadworthy_project::{Component, File, Role, RoleReason};

use crate::lint_file::Linter;
use crate::{Catalog, Finding, ParseMode, RuleSet, Settings, Strictness};

/// A finding in an example, with the text that it points at.
#[derive(Debug)]
pub struct ExampleFinding {
    /// The finding.
    pub finding: Finding,
    /// The text of its span.
    pub text: String,
}

/// Lints `code` as a file `path` of role `role`.
pub fn lint_example(
    catalog: &Catalog,
    settings: &Settings,
    code: &str,
    path: &str,
    role: Role,
    mode: ParseMode,
    strictness: Strictness,
) -> Vec<ExampleFinding> {
    let rules: RuleSet = settings.rules.clone();
    let linter = Linter::new(catalog, &rules, mode, strictness);
    let source = SourceFile::from_text(code);
    let file = File::in_memory(path);
    let component = Component::in_memory();
    let role = RoleReason { role, reason: "said by the example".into() };
    let lint = linter.lint(&mut Parser::new(), &file, &component, &source, settings, Some(role));
    let text = |finding: &Finding| source.slice(finding.span).to_owned();
    lint.findings
        .into_iter()
        .map(|finding| ExampleFinding { text: text(&finding), finding })
        .collect()
}
