//! Runs rules on a piece of code: for the examples in rule files, for tests and for fuzzing. Knows no
//! folder.

use std::collections::BTreeMap;

use roadworthy_parser::{Parser, SourceFile};
use roadworthy_project::{Component, File, Project, Role, RoleReason};

use crate::lint_file::{FileLint, Linter};
use crate::{Catalog, Finding, ParseMode, RuleId, RunOptions, Settings, SiteCount, Strictness};

/// A finding in an example, with the text that it points at.
#[derive(Debug)]
pub struct ExampleFinding {
    /// The finding.
    pub finding: Finding,
    /// The text of its span.
    pub text: String,
}

/// Rules that are ready for any number of examples.
pub struct ExampleLinter<'c> {
    linter: Linter<'c>,
    settings: &'c Settings,
    component: Component,
}

impl<'c> ExampleLinter<'c> {
    /// Has all rules count what they judge.
    #[must_use]
    pub fn counting_sites(mut self) -> Self {
        self.linter.counts_sites = true;
        self
    }

    /// Gets the rules of the settings ready.
    pub fn new(
        catalog: &'c Catalog,
        settings: &'c Settings,
        mode: ParseMode,
        strictness: Strictness,
    ) -> Self {
        let linter = Linter::new(catalog, &settings.rules, mode, strictness);
        Self { linter, settings, component: Component::in_memory() }
    }

    /// Lints `code` as a file `path` of role `role`.
    pub fn lint(&self, code: &str, path: &str, role: Role) -> Vec<ExampleFinding> {
        let source = SourceFile::from_text(code);
        let lint = self.judge(&source, path, role);
        let shown = |finding: Finding| {
            let text = source.slice(finding.span).to_owned();
            ExampleFinding { finding, text }
        };
        lint.findings.into_iter().map(shown).collect()
    }

    /// What the rules judged in `code` as a file `path` of role `role`, clean or not; rules that judged nothing are left
    /// out.
    pub fn sites(&self, code: &str, path: &str, role: Role) -> Vec<(RuleId, SiteCount)> {
        self.judge(&SourceFile::from_text(code), path, role).sites
    }

    fn judge(&self, source: &SourceFile, path: &str, role: Role) -> FileLint {
        let file = File::in_memory(path);
        let role = Some(RoleReason { role, reason: "said by the example".into() });
        let mut parser = Parser::new();
        self.linter.lint(&mut parser, &file, &self.component, source, self.settings, role)
    }
}

/// Lints `code` as a file `path` of role `role`, once.
pub fn lint_example(
    catalog: &Catalog,
    settings: &Settings,
    code: &str,
    path: &str,
    role: Role,
    mode: ParseMode,
    strictness: Strictness,
) -> Vec<ExampleFinding> {
    ExampleLinter::new(catalog, settings, mode, strictness).lint(code, path, role)
}

/// Lints the files of a project of their own, in which each has the role that its place gives it. A finding's text has
/// the path of its file before it: `Dockerfile: python`.
pub fn lint_project_example(
    catalog: &Catalog,
    settings: &Settings,
    files: &BTreeMap<String, String>,
    options: RunOptions,
) -> Vec<ExampleFinding> {
    let project = Project::in_memory(files.iter().map(|(path, text)| (path, text.as_str())));
    let mut outcome = crate::lint(&project, catalog, settings, options);
    outcome.drop_only_folded();
    let shown = |finding: Finding| {
        let text = files.get(finding.path.as_str()).map_or("", String::as_str);
        let text = format!("{}: {}", finding.path, finding.span.of_text(text));
        ExampleFinding { finding, text }
    };
    outcome.findings.into_iter().map(shown).collect()
}
