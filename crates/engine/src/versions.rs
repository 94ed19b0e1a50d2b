//! Many versions of files at once, as a history holds them: starts threads, as [`run`](crate::run()) does for a whole
//! project. Knows no rule and no repository.

use std::panic::{AssertUnwindSafe, catch_unwind};

use camino::Utf8Path;
use rayon::prelude::*;
use roadworthy_parser::{Parser, SourceFile, Span};
use roadworthy_project::{Component, File, Repositories};

use crate::lint_file::{FileLint, Linter};
use crate::project_rules::{self, ProjectReports};
use crate::{Catalog, Finding, Report, Rule, RuleId, RuleSet, RunOptions, Settings, Suppressed};

/// What the rules about a project find in it, before roles, comments and levels. What is said of a project as it was tells
/// what a change brought to files that did not change.
pub struct ProjectFindings {
    catalog: Catalog,
    reports: ProjectReports,
}

impl ProjectFindings {
    /// Runs these rules, and says what went wrong with them.
    pub fn new(
        facts: &Repositories<'_>,
        catalog: &Catalog,
        settings: &[Settings],
        settings_of: &(dyn Fn(&File) -> usize + Sync),
    ) -> (Self, Vec<String>) {
        let mut faults = Vec::new();
        let reports = project_rules::reports(facts, catalog, settings, settings_of, &mut faults);
        (Self { catalog: catalog.clone(), reports }, faults)
    }

    /// Whether it is found that a rule speaks of a place.
    pub fn has(&self, path: &Utf8Path, rule: &Rule, span: Span) -> bool {
        let is_it =
            |it: &(RuleId, Report)| it.1.span == span && self.catalog.rule(it.0).name == rule.name;
        self.reports.get(path).is_some_and(|reports| reports.iter().any(is_it))
    }

    /// Whether something is found in a file that `before` has not found there.
    pub fn is_new_in(&self, path: &Utf8Path, before: &Self) -> bool {
        let known = |it: &(RuleId, Report)| before.has(path, self.catalog.rule(it.0), it.1.span);
        self.reports.get(path).is_some_and(|reports| !reports.iter().all(known))
    }

    /// Takes what was found in a file for findings in another: it has a new name.
    pub fn rename(&mut self, from: &Utf8Path, to: &Utf8Path) {
        if let Some(reports) = self.reports.remove(from) {
            self.reports.insert(to.to_owned(), reports);
        }
    }
}

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
    pub fn in_light_of(mut self, facts: &'c Repositories<'c>) -> Self {
        self.linter = self.linter.with_facts(facts, ProjectReports::default(), &[]);
        self
    }

    /// Says what is found in a project of which the versions are, and what is known of it.
    #[must_use]
    pub fn within(mut self, facts: &'c Repositories<'c>, found: &ProjectFindings) -> Self {
        self.linter = self.linter.with_facts(facts, found.reports.clone(), &[]);
        self
    }

    /// The findings of each version, in the order of the versions; `None` where the program itself failed.
    pub fn lint(&self, versions: &[Version<'_>]) -> Vec<Option<Vec<Finding>>> {
        self.judge(versions, |lint| lint.findings)
    }

    /// What comments silence in each version, in the order of the versions; `None` where the program itself failed.
    pub fn suppressed(&self, versions: &[Version<'_>]) -> Vec<Option<Vec<Suppressed>>> {
        self.judge(versions, |lint| lint.suppressed)
    }

    fn judge<T: Send>(
        &self,
        versions: &[Version<'_>],
        take: impl Fn(FileLint) -> T + Sync,
    ) -> Vec<Option<T>> {
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
            lint.ok().map(&take)
        };
        versions.par_iter().map_init(Parser::new, judge).collect()
    }
}

/// The findings of one version, those of the rules about the project among them. The facts are to be of a project in which
/// the version stands for the file. `None` where the program itself failed.
pub fn lint_in_project(
    catalog: &Catalog,
    version: &Version<'_>,
    facts: &Repositories<'_>,
    options: RunOptions,
) -> Option<Vec<Finding>> {
    let Version { file, component, source, settings } = *version;
    let mut faults = Vec::new();
    let lint = || {
        let one = std::slice::from_ref(settings);
        let reports = project_rules::reports(facts, catalog, one, &|_| 0, &mut faults);
        Linter::new(catalog, &settings.all_rules(), options.mode, options.strictness)
            .with_facts(facts, reports, &[])
            .lint(&mut Parser::new(), file, component, source, settings, None)
    };
    let lint = catch_unwind(AssertUnwindSafe(lint)).ok()?;
    faults.is_empty().then_some(lint.findings)
}
