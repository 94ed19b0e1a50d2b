//! The run that a verdict rests on: the files judged with all their sites, what a baseline knows taken out, put together by
//! component. Knows stations of `check`, no sum.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Catalog, Date, Finding, Outcome, RuleSet, RunOptions};
use roadworthy_project::{Repositories, Role, RoleReason};
use roadworthy_report::counted;
use roadworthy_verdict::{Evidence, Judged, Surroundings, add_hidden, gather};

use crate::args::{CheckArguments, ColorChoice, ReportArguments};
use crate::baseline;
use crate::check::{fold, judge_by, run_options};
use crate::config::keys;
use crate::error::Error;
use crate::input::Input;
use crate::plan::{Plan, plan};
use crate::terminal::{Kind, say};
use crate::whole::whole;

/// What was judged, and what it comes to.
pub(crate) struct Run {
    /// The run as `check` would be asked for it.
    pub(crate) check: CheckArguments,
    pub(crate) plan: Plan,
    pub(crate) input: Input,
    pub(crate) outcome: Outcome,
    /// What a baseline knows.
    pub(crate) known: Vec<Finding>,
    /// Whether there is one.
    pub(crate) has_baseline: bool,
    pub(crate) evidence: Vec<Evidence>,
    /// What was found where no configuration was believed, and is not found by it.
    pub(crate) hidden: Vec<Finding>,
}

impl Run {
    /// Judges.
    ///
    /// # Errors
    /// When the path, the configuration or the baseline is wrong.
    pub(crate) fn new(
        arguments: &ReportArguments,
        as_of: Option<Date>,
        catalog: &Catalog,
        working_directory: &Utf8Path,
        color: ColorChoice,
    ) -> Result<Self, Error> {
        let mut check = CheckArguments::of_report(arguments);
        // No clock: where neither git nor an argument names a day, nothing runs out.
        check.suppressions.as_of = Some(as_of.unwrap_or(Date::MIN));
        let input = Input::disk();
        let discover = |options: &_| input.discover(&check, options);
        let mut plan = plan(&check, catalog, working_directory, &discover)?;
        let whole = whole(&plan, &check, false, working_directory)?;
        let mut baseline = baseline::open(&check, &plan, working_directory)?;
        if let Some(baseline) = &mut baseline {
            let grown = baseline.go_by_merge_base();
            if grown > 0 {
                let sentence = format!(
                    "{} knows {} more than where this branch began: they are not believed",
                    baseline.shown(),
                    counted(grown, "finding")
                );
                say(color, Kind::Warning, &sentence);
            }
        }
        plan.leave_out_unasked();
        let (mut outcome, surroundings) = loop {
            let around = whole.as_ref().unwrap_or(&plan.project);
            let read_bytes = |path: &Utf8Path| input.read_bytes(around, path);
            let facts = Repositories::new(around, &read_bytes, as_of);
            let options = RunOptions { sites: true, ..run_options(&check) };
            let outcome = judge_by(options, &plan, &input, &check, &plan.settings, Some(&facts))?;
            let surroundings = Surroundings::of(&facts);
            drop(facts);
            if unmask(&mut plan, &outcome.disguised) {
                continue;
            }
            break (outcome, surroundings);
        };
        plan.take_in(std::mem::take(&mut outcome.beside));
        let has_baseline = baseline.is_some();
        let known = match baseline {
            Some(baseline) => baseline.pass(&mut outcome, &plan, &input, &check, color)?.known,
            None => Vec::new(),
        };
        let of_whole = whole.as_ref().unwrap_or(&plan.project);
        fold(&mut outcome, &plan, Some(of_whole), &input, &check, working_directory)?;
        let mut selected = RuleSet::empty();
        for settings in &plan.settings {
            selected.extend(&settings.all_rules());
        }
        let evidence = gather(&Judged {
            project: &plan.project,
            surroundings: &surroundings,
            catalog: &plan.catalog,
            selected: &selected,
            outcome: &outcome,
            known: &known,
        });
        let hidden = Vec::new();
        Ok(Self { check, plan, input, outcome, known, has_baseline, evidence, hidden })
    }

    /// Whether any configuration may hide findings, or change them.
    pub(crate) fn is_configured(&self) -> bool {
        // What the command line gives is no configuration of the project.
        let own = |config: &crate::config::Config| {
            let mut entries = config.settings.entries.iter();
            entries.any(|(name, _)| !name.at.is_argument() && keys::changes_findings(&name.text))
        };
        self.plan.configs.iter().any(own)
    }

    /// Adds what only a run without any configuration finds.
    pub(crate) fn add_hidden(&mut self, wide: Self) {
        add_hidden(&mut self.evidence, &wide.evidence);
        let key = |finding: &Finding| (finding.path.clone(), finding.span, finding.rule.name);
        let own: std::collections::BTreeSet<_> =
            self.outcome.findings.iter().chain(&self.known).map(key).collect();
        let hidden = wide.outcome.findings.into_iter().filter(|it| !own.contains(&key(it)));
        self.hidden = hidden.collect();
    }
}

/// Takes files that lie where tests lie, and that product code imports, for what they are. Returns whether that changes
/// anything.
fn unmask(plan: &mut Plan, disguised: &[Utf8PathBuf]) -> bool {
    let files = plan.project.files.iter_mut();
    let masked = files.filter(|file| !file.configured && disguised.contains(&file.path));
    masked.fold(false, |_, file| {
        file.path_role = Some(RoleReason::new(Role::Application, "product code imports it"));
        file.configured = true;
        true
    })
}

/// The run of the same folder that believes no configuration.
///
/// # Errors
/// When the path is wrong.
pub(crate) fn unconfigured(
    arguments: &ReportArguments,
    as_of: Option<Date>,
    catalog: &Catalog,
    working_directory: &Utf8Path,
    color: ColorChoice,
) -> Result<Run, Error> {
    let arguments = ReportArguments {
        isolated: true,
        config: None,
        baseline: None,
        no_baseline: true,
        ..arguments.clone()
    };
    Run::new(&arguments, as_of, catalog, working_directory, color)
}
