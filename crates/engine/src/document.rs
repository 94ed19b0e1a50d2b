//! A file that is not Python, from its text to its findings. Knows kinds, no syntax: rules bring their own.

use std::time::Instant;

use roadworthy_parser::{Notebook, Outline, SourceFile, Span, scan, without_escapes};
use roadworthy_project::{Component, File, FileKind, RoleReason, role_of_document};

use crate::conclude::Concluded;
use crate::context::Told;
use crate::lint_file::{FileLint, Linter, StationTimes, Work};
use crate::{Check, FileContext, Report, RuleId, RuleSet, Settings};

/// What the rules report of a file, and how many sites each judged.
type Judged = (Vec<(RuleId, Report)>, Vec<(RuleId, Told)>);

/// Configuration is shorter than this, in bytes: of what is longer only that is looked for which needs no name.
const LONGEST: usize = 3_000_000;

impl Linter<'_> {
    /// What is said of a file that need not be read, since no rule speaks in it.
    pub(crate) fn unread(
        &self,
        file: &File,
        component: &Component,
        settings: &Settings,
    ) -> Option<FileLint> {
        if file.kind.is_python() {
            return None;
        }
        let role = role_of_document(file, component);
        let active = self.active(settings, file, role.role);
        let spoken_of = self.project_reports.contains_key(&file.path);
        (!self.judges(&active) && !spoken_of).then(|| lint(role, 0, Concluded::default()))
    }

    /// Whether there is more among the rules than those that speak of the run itself.
    fn judges(&self, rules: &RuleSet) -> bool {
        let judges = |id| !matches!(self.catalog.rule(id).check, Check::Engine);
        rules.iter().any(judges)
    }

    /// Judges a file that is not Python.
    pub(crate) fn lint_document(
        &self,
        file: &File,
        component: &Component,
        source: &SourceFile,
        settings: &Settings,
        forced_role: Option<RoleReason>,
    ) -> FileLint {
        let role = forced_role.unwrap_or_else(|| role_of_document(file, component));
        let active = self.active(settings, file, role.role);
        let clock = Instant::now();
        let (mut reports, sites) = self.judged(file, component, source, settings, &active, &role);
        reports.extend(self.reports_of_project(settings, file, role.role));
        let outline = Outline::default();
        let context = self.context(source, &outline, file, component, role.role);
        if file.kind == FileKind::Dockerfile {
            self.advise_of_idle(&context, settings, &mut reports);
        }
        let concluded = self.conclude(&context, settings, &active, reports, &sites, None);
        let mut lint = lint(role, source.text().len(), concluded);
        lint.time.rules = clock.elapsed();
        lint
    }

    /// The ranges that the rules point at in a file that is not Python.
    pub(crate) fn reported_in_document(
        &self,
        file: &File,
        component: &Component,
        source: &SourceFile,
        settings: &Settings,
    ) -> Vec<Span> {
        let role = role_of_document(file, component);
        let active = self.active(settings, file, role.role);
        let (reports, _) = self.judged(file, component, source, settings, &active, &role);
        let mut spans: Vec<_> = reports.iter().map(|(_, report)| report.span).collect();
        spans.sort_unstable();
        spans
    }

    fn judged(
        &self,
        file: &File,
        component: &Component,
        source: &SourceFile,
        settings: &Settings,
        active: &RuleSet,
        role: &RoleReason,
    ) -> Judged {
        let outline = Outline::default();
        let context = self.context(source, &outline, file, component, role.role);
        if file.kind == FileKind::Notebook {
            return self.judged_notebook(&context, settings, active);
        }
        let is_data = source.text().len() > LONGEST;
        let kind = if is_data { FileKind::Text } else { file.kind };
        let context = context.with(kind, self.names(active));
        let mut work = Work::new(self, &context, settings);
        work.check_outline(active, &[]);
        (work.reports, work.sites)
    }

    /// Judges the code of a notebook as Python, cell by cell so that a broken one hides no other, and what surrounds
    /// it as text.
    fn judged_notebook(
        &self,
        whole: &FileContext<'_>,
        settings: &Settings,
        active: &RuleSet,
    ) -> Judged {
        let notebook = Notebook::read(whole.source.text());
        let FileContext { file, component, role, .. } = *whole;
        let mut reports = Vec::new();
        for cell in notebook.cells() {
            let source = SourceFile::from_text(cell.code());
            let outline = scan(source.text());
            let context = self
                .context(&source, &outline, file, component, role)
                .with(FileKind::Notebook, self.names(active));
            let mut work = Work::new(self, &context, settings);
            work.check_outline(active, &self.candidates(&context, active));
            reports.extend(work.reports.into_iter().map(|(id, mut report)| {
                report.span = cell.in_file(report.span);
                report.extent = report.extent.map(|extent| cell.in_file(extent));
                // It changes code, which a notebook holds as strings of JSON.
                report.fix = None;
                (id, report)
            }));
        }
        let text = SourceFile::from_text(without_escapes(whole.source.text()));
        let outline = Outline::default();
        let context = self
            .context(&text, &outline, file, component, role)
            .with(FileKind::Text, self.names(active));
        let mut work = Work::new(self, &context, settings);
        work.check_outline(active, &[]);
        work.reports.retain(|(_, report)| !notebook.is_code(report.span));
        reports.append(&mut work.reports);
        (reports, work.sites)
    }

    fn names(&self, rules: &RuleSet) -> Vec<&'static str> {
        rules.iter().map(|id| self.catalog.rule(id).name).collect()
    }
}

fn lint(role: RoleReason, bytes: usize, concluded: Concluded) -> FileLint {
    let Concluded { findings, suppressed, sites, folds } = concluded;
    let time = StationTimes::default();
    FileLint {
        role,
        findings,
        sites,
        folds,
        links: None,
        suppressed,
        bytes: bytes as u64,
        parsed: 0,
        time,
    }
}
