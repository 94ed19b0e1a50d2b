//! `report`: how ready a project is to go live. The order of the stations, no sum and no format.

mod aside;
mod demand;
mod earlier;
mod floors;
mod outputs;
mod run;
mod suppressions;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Catalog, Severity};
use roadworthy_report::{Earlier, SetAside, VerdictReport, score_explained};
use roadworthy_verdict::{Brought, NewError, Place, Verdict, judge};

use crate::args::{ColorChoice, ReportArguments};
use crate::check::{tell_faults, tell_left_out, tell_problems, working_directory};
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::{self, Kind, say};
use outputs::Outputs;
use run::{Run, unconfigured};

/// What the formats show.
pub(crate) struct Told {
    title: String,
    as_of: Option<String>,
    commit: Option<String>,
    verdict: Verdict,
    set_aside: Vec<SetAside>,
}

/// What a verdict is compared with.
#[derive(Clone, Copy, Default)]
pub(crate) struct Compared<'c> {
    /// An earlier report.
    base: Option<&'c Earlier>,
    /// Whether a later report may be compared with this one.
    later: bool,
}

/// Judges the project at a path and says what that comes to.
pub(crate) fn report(
    arguments: &ReportArguments,
    color: ColorChoice,
    catalog: &Catalog,
) -> Result<Exit, Error> {
    let working_directory = working_directory()?;
    let outputs = Outputs::new(arguments, &working_directory)?;
    let (history, base) = earlier::read(arguments)?;
    let compared = Compared { base: base.as_ref(), later: outputs.are_compared() };
    let (run, told) = verdict(arguments, compared, color, catalog, &working_directory)?;
    let report = VerdictReport { history: &history, base: base.as_ref(), ..told.report(&run) };
    let complete = outputs.show(&report, &run, color);
    Ok(if !complete || !run.outcome.faults.is_empty() {
        Exit::Refused
    } else if told.verdict.gate.reasons.is_empty() || arguments.exit_zero {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

/// Shows how the score of a project comes about.
pub(crate) fn explain_score(
    path: Option<&Utf8Path>,
    color: ColorChoice,
    catalog: &Catalog,
) -> Result<Exit, Error> {
    let arguments = ReportArguments::of_folder(path);
    let compared = Compared::default();
    let (run, told) = verdict(&arguments, compared, color, catalog, &working_directory()?)?;
    let styles = terminal::styles(color);
    terminal::print(styles, |out| {
        let report = told.report(&run);
        Ok(score_explained(out, &report, styles, terminal::width())?)
    })?;
    Ok(if run.outcome.faults.is_empty() { Exit::Clean } else { Exit::Refused })
}

impl Told {
    fn report<'r>(&'r self, run: &'r Run) -> VerdictReport<'r> {
        VerdictReport {
            verdict: &self.verdict,
            title: &self.title,
            as_of: self.as_of.as_deref(),
            commit: self.commit.as_deref(),
            findings: &run.outcome.findings,
            files: &run.outcome.files,
            set_aside: &self.set_aside,
            history: &[],
            base: None,
        }
    }
}

/// Judges the project at a path.
///
/// # Errors
/// When the path or the configuration is wrong, or a file of floors.
pub(crate) fn verdict(
    arguments: &ReportArguments,
    compared: Compared<'_>,
    color: ColorChoice,
    catalog: &Catalog,
    working_directory: &Utf8Path,
) -> Result<(Run, Told), Error> {
    let folder = folder(arguments, working_directory)?;
    let (arguments, seen_from) = &seen_from(arguments, &folder, working_directory);
    let working_directory = seen_from.as_path();
    let head = roadworthy_project::git::head(&folder);
    let as_of = arguments.as_of.or(head.as_ref().map(|(_, day)| *day));
    let mut run = Run::new(arguments, as_of, catalog, working_directory, color)?;
    tell_problems(&run.plan.project, &[], color);
    tell_faults(&run.outcome, color);
    tell_left_out(&run.outcome, color);
    if run.is_configured() {
        let wide = unconfigured(arguments, as_of, catalog, working_directory, color)?;
        run.add_hidden(wide);
    }
    if run.evidence.is_empty() {
        let sentence = format!(
            "there is no Python code of a product in `{}`: a verdict needs some; give the folder of a project",
            arguments.path
        );
        say(color, Kind::Warning, &sentence);
    }
    let mut set_aside = aside::all(&run);
    if compared.later || compared.base.is_some() {
        aside::mark(&mut set_aside, &run, working_directory);
    }
    let most_suppressions = demand::most_suppressions(&run.plan);
    let suppressions = match compared.base {
        Some(base) => suppressions::since_report(&set_aside, base, catalog.version(), color),
        None => suppressions::since_branch(&run, &folder, most_suppressions, color)?,
    };
    let errors = if run.has_baseline { new_errors(&run) } else { Vec::new() };
    let brought = Brought { errors, suppressions, most_suppressions };
    let floors = floors::open(arguments, &run.plan, working_directory)?;
    let demand = demand::demand(arguments, &run.plan, catalog, floors.as_ref())?;
    let evidence = std::mem::take(&mut run.evidence);
    let verdict = judge(catalog.version(), evidence, &demand, brought);
    if let Some(floors) = floors {
        floors.keep(arguments, &verdict, color)?;
    }
    let title = folder.file_name().unwrap_or("project").to_owned();
    let title =
        verdict.components.iter().find(|it| it.path == ".").map_or(title, |it| it.name.clone());
    let told = Told {
        title,
        as_of: as_of.map(|day| day.to_string()),
        commit: head.map(|(name, _)| name),
        verdict,
        set_aside,
    };
    Ok((run, told))
}

/// The folder that the verdict is about.
fn folder(arguments: &ReportArguments, working_directory: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    let absolute = working_directory.join(&arguments.path);
    let absolute = absolute.canonicalize_utf8().unwrap_or(absolute);
    if absolute.is_file() {
        return Err(Error::Usage(format!(
            "`{}` is a file: a verdict is about a project; give its folder, or judge the file by `roadworthy check`",
            arguments.path
        )));
    }
    Ok(absolute)
}

/// The folder that paths are relative to, and the arguments as they are meant there: where this runs, or the folder that the
/// verdict is about, where that lies elsewhere. So a report from elsewhere names what one from inside names.
fn seen_from(
    arguments: &ReportArguments,
    folder: &Utf8Path,
    working_directory: &Utf8Path,
) -> (ReportArguments, Utf8PathBuf) {
    let mut arguments = arguments.clone();
    let real = working_directory.canonicalize_utf8();
    if folder.starts_with(real.as_deref().unwrap_or(working_directory)) {
        return (arguments, working_directory.to_owned());
    }
    folder.clone_into(&mut arguments.path);
    for file in [&mut arguments.config, &mut arguments.baseline, &mut arguments.floors] {
        *file = file.take().map(|file| working_directory.join(file));
    }
    (arguments, folder.to_owned())
}

/// The errors that the baseline does not know.
fn new_errors(run: &Run) -> Vec<NewError> {
    let errors = run.outcome.findings.iter().filter(|it| it.severity == Severity::Error);
    let error = |finding: &roadworthy_engine::Finding| NewError {
        rule: finding.rule.name,
        place: Place { path: finding.path.to_string(), line: finding.start.line },
    };
    errors.map(error).collect()
}
