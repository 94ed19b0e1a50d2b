//! What rules report of a file, to findings: levels, suppressions, what the engine itself has to say, and how many sites were
//! judged. Knows no rule by its content.

use roadworthy_parser::Positions;

use crate::context::Told;
use crate::flaws;
use crate::lint_file::Linter;
use crate::sites::{FileUnits, Found, places};
use crate::suppression::Suppressions;
use crate::{
    FileContext, Finding, Report, RuleId, RuleSet, Settings, Severity, SiteCount, Suppressed,
};

/// What rules judged, by rule.
type Counts = Vec<(RuleId, SiteCount)>;

/// What becomes of the reports of one file.
#[derive(Default)]
pub(crate) struct Concluded {
    pub(crate) findings: Vec<Finding>,
    pub(crate) suppressed: Vec<Suppressed>,
    pub(crate) sites: Counts,
    pub(crate) folds: Counts,
}

impl Linter<'_> {
    /// Reports to findings: levels, suppressions, what the engine itself has to say.
    pub(crate) fn conclude(
        &self,
        context: &FileContext<'_>,
        settings: &Settings,
        active: &RuleSet,
        mut reports: Vec<(RuleId, Report)>,
        told: &[(RuleId, Told)],
        flaw: Option<(u32, &'static str)>,
    ) -> Concluded {
        let own = memchr::memmem::find(context.source.text().as_bytes(), b"roadworthy:").is_some();
        let mut suppressed = Vec::new();
        let mut silenced = Vec::new();
        let mut comments = 0;
        if own || !reports.is_empty() {
            let FileContext { source, outline, file, .. } = *context;
            let suppressions =
                Suppressions::new(self.catalog, source, outline, file.kind, settings.today);
            reports.retain(|(id, report)| {
                let Some(silence) = suppressions.silences(*id, report) else { return true };
                silenced.push(Found { rule: *id, span: report.span, silenced: true });
                suppressed.push(Suppressed {
                    rule: self.catalog.rule(*id).name,
                    severity: self.severity(context, settings, *id, report),
                    path: file.path.clone(),
                    line: source.lines().line(report.span.start),
                    reason: silence.reason.map(str::to_owned),
                    until: silence.until,
                    own: silence.own,
                });
                false
            });
            let id_of = |fault| self.engine_rules.of(fault).filter(|&id| active.contains(id));
            let require_reason = settings.require_reason;
            let complaints = suppressions.complaints(self.catalog, active, require_reason, &id_of);
            let complaints = complaints.into_iter();
            comments = suppressions.own_comments();
            reports.extend(complaints.filter_map(|it| Some((id_of(it.fault)?, it.report))));
        }
        if let Some((offset, message)) = flaw
            && let Some(id) = self.engine_rules.unparsable_file.filter(|&id| active.contains(id))
        {
            reports.push((id, flaws::report(context, offset, message)));
        }
        self.advise_of_given_up(context, settings, &mut reports);
        reports.sort_by_key(|(id, report)| (report.span, self.catalog.rule(*id).name));
        // Where indentation is not Python's, regions may overlap.
        reports.dedup_by(|(id, report), (other, before)| {
            (*id, report.span, &report.message) == (*other, before.span, &before.message)
        });
        let open =
            reports.iter().map(|(id, it)| Found { rule: *id, span: it.span, silenced: false });
        let found = silenced.into_iter().chain(open);
        let (sites, folds) = self.sites(context, active, told, found, comments);
        let mut starts = Positions::new(context.source);
        let mut ends = Positions::new(context.source);
        let findings = reports.into_iter().map(|(id, report)| {
            let rule = self.catalog.rule(id);
            Finding {
                rule,
                severity: self.severity(context, settings, id, &report),
                message: report.message.unwrap_or(rule.summary.into()).into_owned(),
                path: context.file.path.clone(),
                span: report.span,
                start: starts.at(report.span.start),
                end: ends.at(report.span.end),
                kind: Some(context.file.kind),
                role: Some(context.role),
                fix: report.fix.map(|fix| fix.with_line_ends_of(context.source.text())),
                only_folded: report.only_folded,
            }
        });
        Concluded { findings: findings.collect(), suppressed, sites, folds }
    }

    /// The level of a finding, unless a comment silences it.
    fn severity(
        &self,
        context: &FileContext<'_>,
        settings: &Settings,
        id: RuleId,
        report: &Report,
    ) -> Severity {
        let configured = settings.severity(id, Some(context.role));
        configured.or(report.severity).unwrap_or(self.catalog.rule(id).severity)
    }

    /// What the rules judged: all that speak in the file, where somebody asks for that, and those that fold by their own count.
    /// `told` is what they counted themselves.
    fn sites(
        &self,
        context: &FileContext<'_>,
        active: &RuleSet,
        told: &[(RuleId, Told)],
        found: impl Iterator<Item = Found>,
        comments: u32,
    ) -> (Counts, Counts) {
        if !self.counts_sites && told.is_empty() {
            return Default::default();
        }
        let mut found: Vec<_> = found.collect();
        found.sort_unstable_by_key(|it| it.rule);
        let of_rule = |id: RuleId| {
            let first = found.partition_point(|it| it.rule < id);
            let last = found.partition_point(|it| it.rule <= id);
            &found[first..last]
        };
        let folding = told.iter().filter(|(id, _)| self.catalog.rule(*id).fold.is_some());
        let folds = folding.map(|&(id, told)| (id, places(told.judged, of_rule(id))));
        let folds = folds.filter(|(_, count)| count.judged > 0).collect();
        if !self.counts_sites {
            return (Vec::new(), folds);
        }
        let mut rules = active.clone();
        rules.extend(&found.iter().map(|it| it.rule).collect());
        let mut told: Vec<_> =
            told.iter().map(|(id, told)| (*id, told.judged.max(told.looked_for))).collect();
        told.sort_unstable();
        let told_by = |id| told.binary_search_by_key(&id, |it| it.0).map_or(0, |at| told[at].1);
        let mut units = FileUnits::new(context, comments);
        let counts = rules
            .iter()
            .map(|id| (id, units.count(self.catalog.rule(id), told_by(id), of_rule(id))));
        (counts.filter(|(_, count)| count.judged > 0).collect(), folds)
    }
}
