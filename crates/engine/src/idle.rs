//! Code that nothing runs, and projects that nobody keeps up: what is wrong there is advice, as it hurts nobody, or nobody mends it.
//! Knows levels; what is idle the catalogue tells.

use roadworthy_project::FileKind;

use crate::lint_file::Linter;
use crate::{Check, FileContext, Report, RuleId, Settings, Severity};

/// Whether nothing runs what stands at an offset of a file, or builds it. It may read other files, so it is asked for what is found alone.
pub type IdleCheck = fn(&FileContext<'_>, u32) -> bool;

impl Linter<'_> {
    /// Takes the level from what is found in idle code, and from all that is said of a Dockerfile that nobody builds. A secret is lost
    /// wherever it stands, what rules about the project say of code holds whether or not a file is used, and what the configuration
    /// sets stays as it is.
    pub(crate) fn advise_of_idle(
        &self,
        context: &FileContext<'_>,
        settings: &Settings,
        reports: &mut [(RuleId, Report)],
    ) {
        let Some(is_idle) = self.catalog.idle_check().filter(|_| !context.pedantic()) else {
            return;
        };
        let is_image = context.file.kind == FileKind::Dockerfile;
        for (id, report) in reports {
            let rule = self.catalog.rule(*id);
            let level = report.severity.unwrap_or(rule.severity);
            let runs = if is_image {
                !rule.hides_text || level != Severity::Error
            } else {
                !rule.hides_text && !matches!(rule.check, Check::Engine | Check::Project(_))
            };
            let is_configured = || settings.severity(*id, Some(context.role)).is_some();
            if runs
                && level > Severity::Info
                && !is_configured()
                && is_idle(context, report.span.start)
            {
                report.severity = Some(Severity::Info);
            }
        }
    }

    /// Makes advice of what is found in a project that nobody keeps up, as its guide says at its head: nobody is going to mend it.
    /// What a secret opens is open all the same, where that is sure.
    pub(crate) fn advise_of_given_up(
        &self,
        context: &FileContext<'_>,
        settings: &Settings,
        reports: &mut [(RuleId, Report)],
    ) {
        for (id, report) in reports {
            let rule = self.catalog.rule(*id);
            let level = report.severity.unwrap_or(rule.severity);
            let stays = level == Severity::Info || rule.hides_text && level == Severity::Error;
            if !stays
                && !context.pedantic()
                && settings.severity(*id, Some(context.role)).is_none()
                && context.is_of_given_up()
            {
                report.severity = Some(Severity::Info);
            }
        }
    }
}
