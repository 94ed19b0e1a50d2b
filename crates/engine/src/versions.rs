//! Many versions of files at once, as a history holds them: starts threads, as [`run`](crate::run()) does for a whole
//! project. Knows no rule and no repository.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use roadworthy_parser::{Parser, SourceFile};
use roadworthy_project::{Component, Facts, File};

use crate::lint_file::Linter;
use crate::project_rules::{self, ProjectReports};
use crate::{Catalog, Finding, RuleSet, RunOptions, Settings};

/// One version of a file.
pub struct Version<'v> {
    /// Where the file lies, or lay.
    pub file: &'v File,
    /// The component that owns it.
    pub component: &'v Component,
    /// What it held.
    pub source: &'v SourceFile,
    /// The settings that hold for it.
    pub settings: &'v Settings,
}

/// The rules of a run, ready for any number of versions.
pub struct VersionLinter<'c> {
    linter: Linter<'c>,
}

impl<'c> VersionLinter<'c> {
    /// Gets the rules of all settings ready.
    pub fn new(catalog: &'c Catalog, settings: &[Settings], options: RunOptions) -> Self {
        let mut rules = RuleSet::empty();
        for settings in settings {
            rules.extend(&settings.all_rules());
        }
        Self { linter: Linter::new(catalog, &rules, options.mode, options.strictness) }
    }

    /// Says what is known of the project around the versions, as far as rules ask that about single files.
    #[must_use]
    pub fn in_light_of(mut self, facts: &'c Facts<'c>) -> Self {
        self.linter = self.linter.with_facts(facts, ProjectReports::default());
        self
    }

    /// The findings of each version, in the order of the versions; `None` where the program itself failed.
    pub fn lint(&self, versions: &[Version<'_>]) -> Vec<Option<Vec<Finding>>> {
        let judge = |parser: &mut Parser, version: &Version<'_>| {
            let Version { file, component, source, settings } = *version;
            // A fault in one version must not lose the findings of the others.
            let lint = || {
                let unread = self.linter.unread(file, component, settings);
                unread.unwrap_or_else(|| {
                    self.linter.lint(parser, file, component, source, settings, None)
                })
            };
            let lint = catch_unwind(AssertUnwindSafe(lint));
            if lint.is_err() {
                *parser = Parser::new();
            }
            lint.ok().map(|lint| lint.findings)
        };
        versions.par_iter().map_init(Parser::new, judge).collect()
    }
}

/// The findings of one version, those of the rules about the project among them. The facts are to be of a project in which
/// the version stands for the file. `None` where the program itself failed.
pub fn lint_in_project(
    catalog: &Catalog,
    version: &Version<'_>,
    facts: &Facts<'_>,
    options: RunOptions,
) -> Option<Vec<Finding>> {
    let Version { file, component, source, settings } = *version;
    let mut faults = Vec::new();
    let lint = || {
        let one = std::slice::from_ref(settings);
        let reports = project_rules::reports(facts, catalog, one, &|_| 0, &mut faults);
        Linter::new(catalog, &settings.all_rules(), options.mode, options.strictness)
            .with_facts(facts, reports)
            .lint(&mut Parser::new(), file, component, source, settings, None)
    };
    let lint = catch_unwind(AssertUnwindSafe(lint)).ok()?;
    faults.is_empty().then_some(lint.findings)
}
